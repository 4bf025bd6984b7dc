//! What is wrong with bytes, and where. A defect says what was seen and which clause speaks of it; what to do about it is for the caller.

use std::collections::BTreeMap;
use std::fmt;

/// How bad a defect is for who reads the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gravity {
    /// Allowed or harmless, and worth knowing.
    Notice,
    /// No sender may do this, and a lenient recipient can still read the message.
    Wrong,
    /// A careful recipient gives the message up: where it ends or what it says cannot be trusted.
    Fatal,
}

/// One row a defect: variant, code, clause, gravity, text.
macro_rules! defects {
    ($($kind:ident $code:literal $clause:literal $gravity:ident $text:literal;)*) => {
        /// Everything that can be wrong with a message. The codes never change their meaning; where the linter has a rule for the same thing, they are its name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum DefectKind {
            $(#[doc = concat!("`", $code, "` (", $clause, "): ", $text, ".")] $kind,)*
        }

        impl DefectKind {
            /// All of them, in the order in which a message can have them.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            const fn row(self) -> (&'static str, &'static str, Gravity, &'static str) {
                match self {
                    $(Self::$kind => ($code, $clause, Gravity::$gravity, $text),)*
                }
            }
        }
    };
}

defects! {
    // Instead of a message.
    NotHttp "not-http" "RFC 9112 §2.1" Fatal "what came does not begin like an HTTP/1 message";
    TlsRecord "tls-record" "RFC 8446 §5.1" Fatal "what came is a TLS record";
    Http2Frame "http2-frame" "RFC 9113 §3.4" Fatal "what came is an HTTP/2 SETTINGS frame";
    FinalResponseMissing "final-response-missing" "RFC 9110 §15" Fatal "the connection ended without a final response";
    TooManyInterim "too-many-interim" "RFC 9110 §15.2" Fatal "more interim responses than the limit allows";
    InterimWithContent "interim-with-content" "RFC 9110 §15.2" Fatal "an interim response is followed by something that is no response";
    InterimToHttp10 "interim-to-http10" "RFC 9110 §15.2" Wrong "a 1xx in answer to an HTTP/1.0 request";
    UnexpectedUpgrade "unexpected-upgrade" "RFC 9110 §7.8" Fatal "101 although the request asked for no other protocol";
    // The first line.
    LeadingEmptyLine "leading-empty-line" "RFC 9112 §2.2" Wrong "an empty line before the message";
    VersionBad "http-version-bad" "RFC 9112 §2.3" Wrong "the version is not `HTTP/`, a digit, a dot and a digit";
    VersionUnexpected "http-version-unexpected" "RFC 9112 §2.3" Wrong "the major version is not 1, and this is the syntax of HTTP/1";
    StatusLineSpace "status-line-space" "RFC 9112 §4" Wrong "version and status code are not parted by exactly one space";
    StatusNotThreeDigits "status-not-three-digits" "RFC 9112 §4" Fatal "the status code is not three digits";
    StatusOutOfRange "status-out-of-range" "RFC 9110 §15" Wrong "the status code is outside 100 to 599";
    NoSpaceAfterStatus "no-space-after-status" "RFC 9112 §4" Wrong "no space after the status code";
    ReasonControl "reason-control" "RFC 9112 §4" Wrong "a control byte in the reason phrase";
    RequestLineSpace "request-line-space" "RFC 9112 §3" Wrong "the parts of the request line are not parted by exactly one space each";
    MethodBad "method-bad" "RFC 9112 §3.1" Fatal "the method is not a token";
    TargetBad "request-target-bad" "RFC 9112 §3.2" Fatal "the request target is empty, or has whitespace or a control byte in it";
    TargetCharacters "request-target-characters" "RFC 3986 §2" Wrong "the request target has bytes that no URI has";
    StartLineTooLong "start-line-too-long" "RFC 9110 §2.3" Fatal "the first line is longer than the limit";
    // Lines and fields.
    BareLf "bare-lf" "RFC 9112 §2.2" Wrong "a line ends in LF alone";
    BareCr "bare-cr" "RFC 9112 §2.2" Wrong "a CR without LF";
    SpaceBeforeFirstField "space-before-first-field" "RFC 9112 §2.2" Wrong "a line that begins with whitespace before the first field line";
    ObsFold "obs-fold" "RFC 9112 §5.2" Wrong "a field line folded into the next line";
    FieldMalformed "field-malformed" "RFC 9112 §5" Wrong "a field line without a colon";
    FieldNameSpace "field-name-space" "RFC 9112 §5.1" Wrong "whitespace between field name and colon";
    FieldNameBad "field-name-bad" "RFC 9110 §5.1" Wrong "the field name is not a token";
    FieldValueNul "field-value-nul" "RFC 9110 §5.5" Wrong "a NUL byte in a field line";
    FieldValueControl "field-value-control" "RFC 9110 §5.5" Wrong "a control byte in a field value";
    FieldLineTooLong "field-line-too-long" "RFC 9110 §5.4" Fatal "a field line is longer than the limit";
    TooManyFields "too-many-fields" "RFC 9110 §5.4" Fatal "more field lines than the limit allows";
    HeadTooLarge "head-too-large" "RFC 9110 §5.4" Fatal "the head is larger than the limit";
    EndInHead "end-in-head" "RFC 9112 §8" Fatal "the connection ended inside the head";
    HostMissing "host-missing" "RFC 9112 §3.2" Fatal "an HTTP/1.1 request without Host";
    HostMultiple "host-multiple" "RFC 9112 §3.2" Fatal "more than one Host";
    HostBad "host-bad" "RFC 9110 §7.2" Fatal "Host is no host with an optional port";
    // Framing.
    ContentLengthBad "content-length-bad" "RFC 9110 §8.6" Fatal "Content-Length is not a row of digits";
    ContentLengthMultiple "content-length-multiple" "RFC 9110 §8.6" Wrong "the same Content-Length more than once";
    ContentLengthDiffers "content-length-differs" "RFC 9112 §6.3" Fatal "Content-Length has more than one value";
    ContentLengthForbidden "content-length-forbidden" "RFC 9110 §8.6" Wrong "Content-Length in a 1xx, a 204 or a 2xx to CONNECT";
    TransferCodingForbidden "transfer-coding-forbidden" "RFC 9112 §6.1" Wrong "Transfer-Encoding in a 1xx, a 204 or a 2xx to CONNECT";
    LengthAndChunked "length-and-chunked" "RFC 9112 §6.3" Fatal "Content-Length with Transfer-Encoding";
    TransferCodingBad "transfer-coding-bad" "RFC 9112 §6.1" Fatal "Transfer-Encoding is not a list of codings";
    TransferCodingUnknown "transfer-coding-unknown" "RFC 9112 §7" Fatal "a transfer coding that does not exist";
    TransferCodingIdentity "transfer-coding-identity" "RFC 9112 §12.3" Wrong "the transfer coding identity, which no longer exists";
    TransferCodingChunkedTwice "transfer-coding-chunked-twice" "RFC 9112 §6.1" Fatal "chunked more than once";
    TransferCodingChunkedNotLast "transfer-coding-chunked-not-last" "RFC 9112 §6.3" Fatal "another coding after chunked";
    TransferCodingParameters "transfer-coding-parameters" "RFC 9112 §7.1" Wrong "chunked with parameters";
    TransferCodingInHttp10 "transfer-coding-in-http10" "RFC 9112 §6.1" Fatal "Transfer-Encoding in an HTTP/1.0 message";
    TransferCodingToHttp10 "transfer-coding-to-http10" "RFC 9112 §6.1" Wrong "Transfer-Encoding in answer to an HTTP/1.0 request";
    RequestLengthOpen "request-length-open" "RFC 9112 §6.3" Fatal "a request whose last transfer coding is not chunked";
    // Chunks.
    ChunkSizeBad "chunk-size-bad" "RFC 9112 §7.1" Fatal "a chunk size that is no hexadecimal number";
    ChunkSizeTooLong "chunk-size-too-long" "RFC 9112 §7.1" Fatal "a chunk size of more digits than the limit allows";
    ChunkSizeSpace "chunk-size-space" "RFC 9112 §7.1" Wrong "whitespace after a chunk size";
    ChunkLineTooLong "chunk-line-too-long" "RFC 9112 §7.1.1" Fatal "the line of a chunk size is longer than the limit";
    ChunkExtension "chunk-extension" "RFC 9112 §7.1.1" Notice "a chunk extension";
    ChunkExtensionBad "chunk-extension-bad" "RFC 9112 §7.1.1" Wrong "a control byte in a chunk extension";
    ChunkDataEndMissing "chunk-data-end-missing" "RFC 9112 §7.1" Fatal "no CRLF after the data of a chunk";
    LastChunkMissing "last-chunk-missing" "RFC 9112 §8" Fatal "the connection ended before the chunk of size zero";
    TrailerEndMissing "trailer-end-missing" "RFC 9112 §7.1" Wrong "the connection ended before the empty line after the last chunk";
    TrailerForbidden "trailer-forbidden" "RFC 9110 §6.5.1" Wrong "a field that cannot be a trailer";
    TrailersTooLarge "trailers-too-large" "RFC 9110 §5.4" Fatal "the trailer section is larger than the limit";
    // Content.
    ContentShort "content-short" "RFC 9112 §8" Fatal "the connection ended before as much content came as Content-Length says";
    ContentCut "content-cut" "RFC 9112 §8" Fatal "content that lasts until the connection closes, and the connection broke";
    HeadWithContent "head-with-content" "RFC 9110 §9.3.2" Wrong "bytes after the head of an answer to HEAD";
    NoContentWithContent "204-with-content" "RFC 9110 §15.3.5" Wrong "bytes after the head of a 204";
    NotModifiedWithContent "304-with-content" "RFC 9110 §15.4.5" Wrong "bytes after the head of a 304";
    ExtraData "extra-data" "RFC 9112 §9.2" Wrong "bytes after the end of the message";
}

impl DefectKind {
    /// The name that never changes, in kebab case.
    pub const fn code(self) -> &'static str {
        self.row().0
    }

    /// The section that says so, such as `RFC 9112 §6.3`. For limits it is the section that lets a recipient have them.
    pub const fn clause(self) -> &'static str {
        self.row().1
    }

    /// What a recipient should make of it.
    pub const fn gravity(self) -> Gravity {
        self.row().2
    }

    /// What is wrong, in half a sentence.
    pub const fn text(self) -> &'static str {
        self.row().3
    }
}

/// One thing that is wrong, at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Defect {
    /// What it is.
    pub kind: DefectKind,
    /// The byte at which it is seen, counted from the first one given to the reader. What is missing is seen where it should have been.
    pub offset: u64,
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, offset } = self;
        write!(f, "{}, at byte {offset} ({})", kind.text(), kind.clause())
    }
}

/// The defects of a message, in the order in which they were found.
///
/// Of each kind only the first few are kept with their places, so that a hostile message cannot make this grow; all are counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Defects {
    kept: Vec<Defect>,
    times: BTreeMap<DefectKind, u64>,
}

impl Defects {
    /// So many defects of one kind keep their places: enough to point at, in a page or a report.
    pub const KEPT_PER_KIND: u64 = 8;

    pub(crate) fn note(&mut self, kind: DefectKind, offset: u64) {
        let times = self.times.entry(kind).or_default();
        if *times < Self::KEPT_PER_KIND {
            self.kept.push(Defect { kind, offset });
        }
        *times = times.saturating_add(1);
    }

    /// Those whose places are kept.
    pub fn iter(&self) -> std::slice::Iter<'_, Defect> {
        self.kept.iter()
    }

    /// How often a kind was found, whether the places are kept or not.
    pub fn times(&self, kind: DefectKind) -> u64 {
        self.times.get(&kind).copied().unwrap_or_default()
    }

    /// Whether a kind was found.
    pub fn has(&self, kind: DefectKind) -> bool {
        self.times.contains_key(&kind)
    }

    /// The gravity of the worst; none if nothing is wrong.
    pub fn worst(&self) -> Option<Gravity> {
        self.times.keys().map(|kind| kind.gravity()).max()
    }

    /// The first of the worst: what to say when there is room for one.
    pub fn gravest(&self) -> Option<Defect> {
        let worst = self.worst()?;
        self.kept
            .iter()
            .find(|defect| defect.kind.gravity() == worst)
            .copied()
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }
}

impl<'a> IntoIterator for &'a Defects {
    type Item = &'a Defect;
    type IntoIter = std::slice::Iter<'a, Defect>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

//! What went wrong at a target, as data. A broken site is a successful check: nothing here is an error of ours.

mod advice;

use std::fmt;

/// One row a kind: variant, name, meaning.
macro_rules! kinds {
    ($($kind:ident $name:literal $text:literal;)*) => {
        /// What went wrong. The names never change their meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Kind {
            $(#[doc = concat!("`", $name, "`: ", $text, ".")] $kind,)*
        }

        impl Kind {
            /// All of them, in the order in which a check can meet them.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// The name, in kebab case.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }

            /// What it means, in half a sentence.
            pub const fn text(self) -> &'static str {
                match self {
                    $(Self::$kind => $text,)*
                }
            }
        }
    };
}

kinds! {
    InvalidUrl "invalid-url" "the input is not a URL that can be used";
    Blocked "blocked" "a rule of the guard forbids to go there";
    DnsNotFound "dns-not-found" "there is no such name, or it has no address";
    DnsFailure "dns-failure" "the resolver failed";
    ConnectRefused "connect-refused" "the connection was refused";
    ConnectUnreachable "connect-unreachable" "no route leads to the address";
    ConnectionReset "connection-reset" "the connection was reset";
    EmptyResponse "empty-response" "the connection was closed before the first byte";
    ConnectionClosed "connection-closed" "the connection was closed inside the head";
    Timeout "timeout" "it took too long";
    TlsHandshake "tls-handshake" "the TLS handshake failed";
    TlsExpired "tls-expired" "the certificate has expired";
    TlsNotYetValid "tls-not-yet-valid" "the certificate is not valid yet";
    TlsNameMismatch "tls-name-mismatch" "the certificate is for other names";
    TlsSelfSigned "tls-self-signed" "the certificate signed itself";
    TlsUntrusted "tls-untrusted" "no path leads from the certificate to a trusted root";
    TlsBadCertificate "tls-bad-certificate" "the certificate cannot be used";
    BadStatusLine "bad-status-line" "what came is no status line";
    BadHeader "bad-header" "a header line cannot be read safely";
    HeadersTooLarge "headers-too-large" "the header section is over the limit";
    TooManyInterim "too-many-interim" "more interim responses than the limit allows";
    UnexpectedUpgrade "unexpected-upgrade" "101 although nobody asked for another protocol";
    BadFraming "bad-framing" "Content-Length or Transfer-Encoding leave the end of the message open";
    BadChunk "bad-chunk" "the chunked coding is broken";
    BodyTruncated "body-truncated" "the body ended before its announced end";
    DecodeFailed "decode-failed" "Content-Encoding and bytes do not fit";
    DecompressionBomb "decompression-bomb" "the decoded content is over the limit";
    TooManyCodings "too-many-codings" "more content codings than the limit allows";
    RedirectLoop "redirect-loop" "a request that this chain has made before";
    TooManyRedirects "too-many-redirects" "more redirects than the limit allows";
    RedirectInvalid "redirect-invalid" "Location is no URL that can be used";
    RedirectScheme "redirect-scheme" "Location has a scheme other than http and https";
    RedirectUrlTooLong "redirect-url-too-long" "Location is longer than the limit";
    H2Protocol "h2-protocol" "the HTTP/2 peer broke off or broke the rules";
}

impl Kind {
    /// Whether the same request may work a moment later, so that trying again makes sense.
    pub const fn is_transient(self) -> bool {
        matches!(
            self,
            Self::DnsFailure
                | Self::ConnectRefused
                | Self::ConnectUnreachable
                | Self::ConnectionReset
                | Self::EmptyResponse
                | Self::ConnectionClosed
                | Self::Timeout
                | Self::BodyTruncated
                | Self::H2Protocol
        )
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What was going on when it went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// The name was asked for.
    Dns,
    /// The connection was made.
    Connect,
    /// The TLS handshake was made.
    Tls,
    /// The request was sent, and nothing came yet.
    FirstByte,
    /// The head came.
    Headers,
    /// The body came, or was decoded.
    Body,
    /// Anything: the time for the whole check was over.
    Total,
}

impl Phase {
    /// The name, in kebab case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::FirstByte => "first-byte",
            Self::Headers => "headers",
            Self::Body => "body",
            Self::Total => "total",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What ended a check before it had all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What it was.
    pub kind: Kind,
    /// What was going on; none where nothing was, as with a URL that was refused.
    pub phase: Option<Phase>,
    /// At which hop; 0 is the first URL.
    pub hop: usize,
    /// The rule of the guard that decided, such as `S7`.
    pub rule: Option<String>,
    /// What happened, for people.
    pub text: String,
}

/// A failure of one hop, which does not know its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) kind: Kind,
    pub(crate) phase: Option<Phase>,
    pub(crate) rule: Option<String>,
    pub(crate) text: String,
}

impl Fault {
    pub(crate) fn new(kind: Kind, phase: Phase, text: impl Into<String>) -> Self {
        Self {
            kind,
            phase: Some(phase),
            rule: None,
            text: text.into(),
        }
    }

    /// With the words of its kind.
    pub(crate) fn of(kind: Kind, phase: Phase) -> Self {
        Self::new(kind, phase, kind.text())
    }

    pub(crate) fn timeout(phase: Phase) -> Self {
        let text = match phase {
            Phase::Dns => "no answer to the lookup in time",
            Phase::Connect => "no connection in time",
            Phase::Tls => "the TLS handshake did not end in time",
            Phase::FirstByte => "no byte of an answer in time",
            Phase::Headers => "the head did not end in time",
            Phase::Body => "the body did not go on in time",
            Phase::Total => "the check was not done in time",
        };
        Self::new(Kind::Timeout, phase, text)
    }

    pub(crate) fn at(self, hop: usize) -> Failure {
        Failure {
            kind: self.kind,
            phase: self.phase,
            hop,
            rule: self.rule,
            text: self.text,
        }
    }
}

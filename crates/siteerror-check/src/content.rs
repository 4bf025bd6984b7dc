//! What a body is: decoded within limits, hashed, and looked at. Decoded bytes are counted and thrown away; only the beginning is kept, to see what it is.

mod decode;
mod sniff;

use sha2::{Digest, Sha256};
use siteerror_wire::field::list;
use siteerror_wire::{End, Received};

use crate::failure::{Fault, Kind, Phase};
use crate::limits::Decoding;
use decode::{Coding, Decoded};

/// What a body is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// Bytes as sent, without the framing of chunks.
    pub bytes: u64,
    /// Bytes after all content codings were taken off; the same as `bytes` where there are none, or unknown ones.
    pub decoded_bytes: u64,
    /// Whether reading stopped at the limit.
    pub truncated: bool,
    /// SHA-256 of the decoded content; none if it is empty, or not all there.
    pub sha256: Option<[u8; 32]>,
    /// The codings that were taken off, in the order in which they came off.
    pub codings: Vec<&'static str>,
    /// Whether `deflate` came without the zlib wrapper that RFC 9110 §8.4.1.2 wants.
    pub deflate_raw: bool,
    /// The type that the bytes look like; none if they look like nothing in particular.
    pub sniffed: Option<&'static str>,
    /// The title of an HTML page.
    pub title: Option<String>,
    /// The first decoded bytes, for rules that look into pages; empty where nothing was taken off, since the body is there as it is.
    pub beginning: Vec<u8>,
}

/// How much is looked at: the MIME sniffing standard reads 1,445 bytes, and titles stand within the first few KiB.
const BEGINNING_BYTES: usize = 16 * 1024;

/// Whether hashes are wanted: they cost more than all the rest where bodies are large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// Hash what comes.
    Sha256,
    /// Leave it.
    None,
}

/// Looks at the body of a final response. What does not decode is a fault, and what was found before it is told too.
pub(crate) fn look(received: &Received, limits: &Decoding, hash: Hash) -> (Content, Option<Fault>) {
    let Some(response) = &received.response else {
        return (Content::default(), None);
    };
    let body = response.body.content();
    let truncated = matches!(
        received.end,
        End::Limit(siteerror_wire::framing::Limit::Body)
    );
    let mut content = Content {
        bytes: u64::try_from(body.len()).unwrap_or(u64::MAX),
        truncated,
        ..Content::default()
    };
    if body.is_empty() {
        return (content, None);
    }
    let whole = received.end == End::Complete;
    let (codings, fault) = codings(received, limits);
    let mut eye = Eye {
        hash: (hash == Hash::Sha256 && whole).then(Sha256::new),
        content: &mut content,
    };
    let fault = match fault {
        Some(fault) => {
            eye.take(&body);
            Some(fault)
        }
        None => eye.decode(&body, &codings, limits, whole),
    };
    if fault.is_some() {
        eye.hash = None;
    }
    let sha256 = eye.hash.take().map(|hash| hash.finalize().into());
    content.sha256 = sha256;
    let beginning = if content.codings.is_empty() {
        body.get(..BEGINNING_BYTES).unwrap_or(&body)
    } else {
        &content.beginning
    };
    content.sniffed = sniff::sniff(beginning);
    let kind = response.head.fields().combined("content-type");
    let said = kind.as_deref().unwrap_or_default().to_ascii_lowercase();
    if content.sniffed == Some("text/html")
        || said.starts_with(b"text/html")
        || said.starts_with(b"application/xhtml")
    {
        content.title = sniff::title(beginning, limits.title_characters);
    }
    (content, fault)
}

/// The codings to take off, the last one first, as far as they are known.
fn codings(received: &Received, limits: &Decoding) -> (Vec<Coding>, Option<Fault>) {
    let Some(response) = &received.response else {
        return (Vec::new(), None);
    };
    let mut known = Vec::new();
    let mut count = 0_usize;
    let mut unknown = false;
    for line in response.head.fields().named("content-encoding") {
        for name in list(&line.value()) {
            if name.eq_ignore_ascii_case(b"identity") {
                continue;
            }
            count = count.saturating_add(1);
            match Coding::named(name) {
                Some(coding) if known.len() < limits.codings => known.push(coding),
                Some(_) => {}
                None => unknown = true,
            }
        }
    }
    if count > limits.codings {
        let text = format!(
            "{count} content codings, more than the limit of {}",
            limits.codings
        );
        return (
            Vec::new(),
            Some(Fault::new(Kind::TooManyCodings, Phase::Body, text)),
        );
    }
    if unknown {
        // Nothing is taken off: what is beneath an unknown coding cannot be seen.
        return (Vec::new(), None);
    }
    known.reverse();
    (known, None)
}

/// Where decoded bytes go.
struct Eye<'a> {
    hash: Option<Sha256>,
    content: &'a mut Content,
}

impl Eye<'_> {
    fn take(&mut self, bytes: &[u8]) {
        if !self.content.codings.is_empty() {
            let room = BEGINNING_BYTES.saturating_sub(self.content.beginning.len());
            self.content
                .beginning
                .extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        }
        if let Some(hash) = &mut self.hash {
            hash.update(bytes);
        }
        let count = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.content.decoded_bytes = self.content.decoded_bytes.saturating_add(count);
    }

    fn decode(
        &mut self,
        body: &[u8],
        codings: &[Coding],
        limits: &Decoding,
        whole: bool,
    ) -> Option<Fault> {
        if codings.is_empty() {
            self.take(body);
            return None;
        }
        self.content.codings = codings.iter().map(|coding| coding.name()).collect();
        let Decoded { end, deflate_raw } =
            decode::decode(body, codings, limits, &mut |bytes| self.take(bytes));
        self.content.deflate_raw = deflate_raw;
        match end {
            decode::End::Whole => None,
            // Of a body that is cut the coding is cut as well, which is no second failure.
            decode::End::Broken(_) if !whole => None,
            decode::End::Broken(why) => {
                let names = self.content.codings.join(", ");
                let text = format!("the content is not {names}: {why}");
                Some(Fault::new(Kind::DecodeFailed, Phase::Body, text))
            }
            decode::End::Bomb => Some(Fault::of(Kind::DecompressionBomb, Phase::Body)),
        }
    }
}

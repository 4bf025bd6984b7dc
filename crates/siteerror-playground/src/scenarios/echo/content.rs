//! The content of a request, read: its codings undone, its forms and files taken apart. A form that is broken is shown as far as it goes.

use std::convert::Infallible;
use std::io::Read;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::HeaderValue;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE};

use super::exact::Exact;
use crate::call::Call;
use crate::limits;
use crate::refusal::{Refusal, shown};

/// What is undone, as a 415 lists it.
const CODINGS: HeaderValue = HeaderValue::from_static("gzip, deflate, br, zstd");

/// So many codings on top of each other are undone.
const MOST_CODINGS: usize = 4;

/// The window that a decoder of Zstandard should support (RFC 8878 §3.1.1.1.2), and the most that one may ask for here.
const ZSTD_WINDOW: u64 = 8 * 1024 * 1024;

/// Content as it is shown.
#[derive(Debug, Default)]
pub(in crate::scenarios) struct Content {
    /// The content as text, or as a `data:` URL where it is none; empty for a form.
    pub(super) data: String,
    pub(super) form: Vec<(String, String)>,
    pub(super) files: Vec<(String, String)>,
    /// Why its codings were not undone, if they could not be.
    pub(super) coding_error: Option<String>,
    is_text: bool,
}

impl Content {
    /// Reads that of a request.
    ///
    /// # Errors
    ///
    /// If it does not arrive, is larger than the limits, or has a coding that is not known here.
    pub(in crate::scenarios) async fn read(call: &mut Call) -> Result<Self, Refusal> {
        let content = call.content().await?;
        if content.is_empty() {
            return Ok(Self::default());
        }
        let (content, coding_error) = decoded(call, content)?;
        let read = Self::parsed(call, content).await;
        Ok(Self {
            coding_error,
            ..read
        })
    }

    async fn parsed(call: &Call, content: Bytes) -> Self {
        let media_type = call.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Self {
                form: form_urlencoded::parse(&content).into_owned().collect(),
                ..Self::default()
            };
        }
        if essence.eq_ignore_ascii_case("multipart/form-data")
            && let Ok(boundary) = multer::parse_boundary(media_type)
        {
            return Self::multipart(content, boundary).await;
        }
        let (data, is_text) = match String::from_utf8(content.into()) {
            Ok(text) => (text, true),
            Err(error) => (
                data_url("application/octet-stream", error.as_bytes()),
                false,
            ),
        };
        Self {
            data,
            is_text,
            ..Self::default()
        }
    }

    /// RFC 7578. The fields with a file name are files.
    async fn multipart(content: Bytes, boundary: String) -> Self {
        let mut read = Self::default();
        let stream = futures_util::stream::iter([Ok::<_, Infallible>(content)]);
        let mut multipart = multer::Multipart::new(stream, boundary);
        while let Ok(Some(part)) = multipart.next_field().await {
            let name = part.name().unwrap_or_default().to_owned();
            let is_file = part.file_name().is_some();
            let media_type = part
                .content_type()
                .map_or("application/octet-stream", |media_type| {
                    media_type.essence_str()
                })
                .to_owned();
            let Ok(bytes) = part.bytes().await else { break };
            if is_file {
                let file = match str::from_utf8(&bytes) {
                    Ok(text) => text.to_owned(),
                    Err(_) => data_url(&media_type, &bytes),
                };
                read.files.push((name, file));
            } else {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                read.form.push((name, text));
            }
        }
        read
    }

    /// Whether there is nothing to show.
    pub(in crate::scenarios) fn is_empty(&self) -> bool {
        self.data.is_empty() && self.form.is_empty() && self.files.is_empty()
    }

    /// The content as JSON, if it is that, whatever its type says.
    pub(super) fn json(&self) -> Option<Exact<'_>> {
        self.is_text.then(|| Exact::parse(&self.data)).flatten()
    }
}

/// RFC 2397.
fn data_url(media_type: &str, bytes: &[u8]) -> String {
    let mut url = format!("data:{media_type};base64,");
    BASE64_STANDARD.encode_string(bytes, &mut url);
    url
}

/// What a coding hid.
enum Undone {
    Content(Bytes),
    /// The content is not coded so, and why one can tell.
    Broken(String),
}

/// The content without its codings, of which the last was applied last (RFC 9110 §8.4). Content that is not coded as it says stays as it came, with the
/// reason beside it: whoever looks at a broken request wants to see it.
fn decoded(call: &Call, content: Bytes) -> Result<(Bytes, Option<String>), Refusal> {
    let fields = call.parts.headers.get_all(CONTENT_ENCODING);
    let codings: Vec<&str> = fields
        .iter()
        .flat_map(|value| value.to_str().unwrap_or("?").split(','))
        .map(str::trim)
        .filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"))
        .collect();
    if codings.len() > MOST_CODINGS {
        return Err(unsupported(format!(
            "the content is coded {} times; at most {MOST_CODINGS} codings are undone",
            codings.len()
        )));
    }
    let mut inner = content.clone();
    for coding in codings.into_iter().rev() {
        match undone(coding, &inner)? {
            Undone::Content(content) => inner = content,
            Undone::Broken(why) => return Ok((content, Some(why))),
        }
    }
    Ok((inner, None))
}

/// RFC 9110 §15.5.16: a 415 because of the coding should say which ones would do.
fn unsupported(detail: String) -> Refusal {
    Refusal::new("unsupported-coding", 415, detail)
        .hint("Accept-Encoding lists the codings that are undone here")
        .field(ACCEPT_ENCODING, CODINGS)
}

fn undone(coding: &str, content: &[u8]) -> Result<Undone, Refusal> {
    match coding.to_ascii_lowercase().as_str() {
        // RFC 9110 §8.4.1.3: `x-gzip` is the same.
        "gzip" | "x-gzip" => all("gzip", flate2::read::MultiGzDecoder::new(content)),
        // RFC 9110 §8.4.1.2: the zlib format, not the bare one.
        "deflate" => all(
            "deflate, which means the zlib format of RFC 1950,",
            flate2::read::ZlibDecoder::new(content),
        ),
        "br" => all("br", brotli::Decompressor::new(content, 4096)),
        "zstd" => {
            let decoder =
                ruzstd::decoding::StreamingDecoder::new_with_max_window_size(content, ZSTD_WINDOW);
            match decoder {
                Ok(decoder) => all("zstd", decoder),
                Err(error) => Ok(broken("zstd", &error)),
            }
        }
        _ => Err(unsupported(format!(
            "the coding `{}` is not known here",
            shown(coding)
        ))),
    }
}

fn broken(coding: &str, error: &dyn std::fmt::Display) -> Undone {
    Undone::Broken(format!("the content is not {coding} as it says: {error}"))
}

/// Everything that a decoder gives, up to the limit.
fn all(coding: &str, decoder: impl Read) -> Result<Undone, Refusal> {
    let mut content = Vec::new();
    let read = decoder
        .take(limits::DECODED.max + 1)
        .read_to_end(&mut content);
    if content.len() as u64 > limits::DECODED.max {
        return Err(Refusal::limit(limits::DECODED, "more"));
    }
    Ok(match read {
        Ok(_) => Undone::Content(content.into()),
        Err(error) => broken(coding, &error),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compressed by hand, since there is no encoder here: magic number, single segment of 3 bytes, one raw last block (RFC 8878 §3.1.1).
    const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd\x20\x03\x19\x00\x00abc";

    proptest::proptest! {
        #[test]
        fn decoders_never_panic_and_keep_the_limit(
            bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200),
            at in 0..ZSTD.len(),
            with in proptest::prelude::any::<u8>(),
        ) {
            for coding in ["gzip", "deflate", "br", "zstd"] {
                if let Ok(Undone::Content(content)) = undone(coding, &bytes) {
                    proptest::prop_assert!(content.len() as u64 <= limits::DECODED.max);
                }
            }
            let mut changed = ZSTD.to_vec();
            changed[at] = with;
            let _ = undone("zstd", &changed);
        }
    }
}

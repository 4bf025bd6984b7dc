//! Base64 in paths, both ways. RFC 4648 §4 and §5.

use ::base64::Engine as _;
use ::base64::alphabet::{Alphabet, STANDARD, URL_SAFE};
use ::base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use ::base64::prelude::BASE64_URL_SAFE;
use http::header::CONTENT_TYPE;

use crate::call::Call;
use crate::refusal::Refusal;
use crate::reply::{self, Reply, TEXT};
use crate::scenario::Outcome;

pub(super) fn decode(call: &mut Call) -> Outcome {
    let value = call.path("value");
    let decoder = |alphabet: &Alphabet| {
        let lenient = GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true);
        GeneralPurpose::new(alphabet, lenient)
    };
    let bytes = decoder(&URL_SAFE)
        .decode(value)
        .or_else(|_| decoder(&STANDARD).decode(value));
    match bytes {
        Ok(bytes) => sent(call, bytes),
        Err(error) => Err(Refusal::parameter(
            "value",
            value,
            format!("it is no base64: {error}"),
        )),
    }
}

pub(super) fn either(call: &mut Call) -> Outcome {
    if call.path("operation") == "encode" {
        sent(
            call,
            BASE64_URL_SAFE.encode(call.path("value")).into_bytes(),
        )
    } else {
        decode(call)
    }
}

/// The bytes as they are, in the type that was asked for.
fn sent(call: &Call, bytes: Vec<u8>) -> Outcome {
    let plain = if std::str::from_utf8(&bytes).is_ok() {
        TEXT
    } else {
        "text/plain"
    };
    let reply = Reply::ok(plain, bytes);
    match call.query("content-type") {
        None | Some("") => Ok(reply),
        Some(media_type) => {
            let media_type = reply::media_type("content-type", media_type)?;
            Ok(reply.field(CONTENT_TYPE, media_type))
        }
    }
}

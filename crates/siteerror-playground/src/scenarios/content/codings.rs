//! The request as JSON, in a content coding. RFC 9110 §8.4.1.

use std::io::{self, Write as _};

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use http::header::CONTENT_ENCODING;
use ruzstd::encoding::CompressionLevel;

use crate::call::Call;
use crate::refusal::Refusal;
use crate::reply::{JSON, Reply};
use crate::scenario::Outcome;
use crate::scenarios::echo::Seen;

pub(super) fn gzip(call: &mut Call) -> Outcome {
    coded(call, "gzipped", "gzip", |json| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(json)?;
        encoder.finish()
    })
}

pub(super) fn deflate(call: &mut Call) -> Outcome {
    coded(call, "deflated", "deflate", |json| {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(json)?;
        encoder.finish()
    })
}

pub(super) fn brotli(call: &mut Call) -> Outcome {
    coded(call, "brotli", "br", |mut json| {
        let mut coded = Vec::new();
        // Smaller windows and less searching than usual: the content is small, and it is coded anew for each request.
        let parameters = ::brotli::enc::BrotliEncoderParams {
            quality: 5,
            lgwin: 18,
            size_hint: json.len(),
            ..Default::default()
        };
        ::brotli::BrotliCompress(&mut json, &mut coded, &parameters)?;
        Ok(coded)
    })
}

pub(super) fn zstd(call: &mut Call) -> Outcome {
    coded(call, "zstd", "zstd", |json| {
        Ok(ruzstd::encoding::compress_to_vec(
            json,
            CompressionLevel::Fastest,
        ))
    })
}

fn coded(
    call: &Call,
    flag: &'static str,
    coding: &'static str,
    encode: impl FnOnce(&[u8]) -> io::Result<Vec<u8>>,
) -> Outcome {
    let content = encode(&Seen::of(call).with(flag, true).json()).map_err(|error| {
        Refusal::new(
            "internal-error",
            500,
            format!("the coding {coding} broke: {error}"),
        )
    })?;
    Ok(Reply::ok(JSON, content)
        .fixed(CONTENT_ENCODING, coding)
        .because("This path always codes its content, whatever Accept-Encoding says."))
}

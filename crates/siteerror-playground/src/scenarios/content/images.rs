//! One small picture in several formats: a bar for each class of status codes.

use bytes::Bytes;
use http::StatusCode;
use http::header::VARY;

use crate::accept;
use crate::call::Call;
use crate::refusal::{Refusal, shown};
use crate::reply::Reply;
use crate::scenario::Outcome;

/// Names in paths, media types and files, the preferred first.
static PICTURES: [(&str, &str, &[u8]); 5] = [
    (
        "png",
        "image/png",
        include_bytes!("../../../assets/shelves.png"),
    ),
    (
        "webp",
        "image/webp",
        include_bytes!("../../../assets/shelves.webp"),
    ),
    (
        "avif",
        "image/avif",
        include_bytes!("../../../assets/shelves.avif"),
    ),
    (
        "svg",
        "image/svg+xml",
        include_bytes!("../../../assets/shelves.svg"),
    ),
    (
        "jpeg",
        "image/jpeg",
        include_bytes!("../../../assets/shelves.jpeg"),
    ),
];

pub(super) fn by_accept(call: &mut Call) -> Outcome {
    let offered = PICTURES.map(|(_, media_type, _)| media_type);
    let Some(index) = accept::choose(&call.parts.headers, &offered) else {
        return Err(Refusal::new(
            "not-acceptable",
            StatusCode::NOT_ACCEPTABLE.as_u16(),
            "the picture is there in other types than the Accept field lists",
        )
        .hint(format!("there are {}", offered.join(", "))));
    };
    let (_, media_type, content) = PICTURES[index];
    Ok(Reply::ok(media_type, Bytes::from_static(content))
        .fixed(VARY, "Accept")
        .because("Of the types on offer, this one fits your Accept field best."))
}

pub(super) fn by_name(call: &mut Call) -> Outcome {
    let asked = call.path("type");
    match PICTURES.iter().find(|(name, ..)| *name == asked) {
        Some((_, media_type, content)) => Ok(Reply::ok(media_type, Bytes::from_static(content))),
        None => Err(Refusal::new(
            "not-found",
            404,
            format!("there is no picture of the type `{}`", shown(asked)),
        )
        .hint(format!(
            "there are {}",
            PICTURES.map(|(name, ..)| name).join(", ")
        ))),
    }
}

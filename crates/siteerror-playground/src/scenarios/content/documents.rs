//! Documents that are always the same, and small ones made on the spot.

#![expect(
    clippy::unnecessary_wraps,
    reason = "the table holds functions of one type"
)]

use askama::Template;
use http::StatusCode;
use http::header::LOCATION;
use rand_chacha::rand_core::Rng as _;
use serde_json::json;

use crate::call::Call;
use crate::reply::{HTML, Reply, TEXT};
use crate::scenario::Outcome;

pub(super) fn html(_: &mut Call) -> Outcome {
    Ok(Reply::ok(HTML, include_str!("../../../assets/story.html")))
}

pub(super) fn utf8(_: &mut Call) -> Outcome {
    Ok(Reply::ok(HTML, include_str!("../../../assets/utf8.html")))
}

pub(super) fn xml(_: &mut Call) -> Outcome {
    let document = include_str!("../../../assets/slideshow.xml");
    Ok(Reply::ok("application/xml", document))
}

pub(super) fn json(_: &mut Call) -> Outcome {
    Ok(Reply::json(&json!({
        "slideshow": {
            "author": "Yours Truly",
            "date": "date of publication",
            "slides": [
                { "title": "Three digits, five shelves", "type": "all" },
                {
                    "items": ["Why <em>404</em> is not the end", "Who <em>retries</em> a 503"],
                    "title": "Overview",
                    "type": "all",
                },
            ],
            "title": "Sample Slide Show",
        },
    })))
}

pub(super) fn robots(call: &mut Call) -> Outcome {
    let rules = format!("User-agent: *\nDisallow: {}\n", call.here("/deny"));
    Ok(Reply::ok(TEXT, rules))
}

pub(super) fn deny(_: &mut Call) -> Outcome {
    let sign = "          (o_o)\n         /|   |\\\n ---------\"---\"---------\n YOU SHOULDN'T BE HERE\n -----------------------\n";
    Ok(Reply::ok(TEXT, sign))
}

/// RFC 9457 §3.1 has the five members, §3.2 those of a type's own. The type is this very page.
pub(super) fn problem(call: &mut Call) -> Outcome {
    let problem = json!({
        "detail": "Kettle 3 was switched on by somebody else. Wait until it has boiled, or take one of the others.",
        "free_kettles": [1, 2],
        "instance": call.here("/problem#kettle-3"),
        "status": StatusCode::CONFLICT.as_u16(),
        "title": "The kettle is on already",
        "type": call.here("/problem"),
    });
    let mut reply = Reply::status(StatusCode::CONFLICT).with_json(&problem);
    reply = reply.fixed(http::header::CONTENT_TYPE, "application/problem+json");
    Ok(reply.because("This path always answers with the same problem."))
}

pub(super) fn uuid(call: &mut Call) -> Outcome {
    let mut bytes = [0; 16];
    call.random().fill_bytes(&mut bytes);
    let uuid = uuid::Builder::from_random_bytes(bytes).into_uuid();
    Ok(Reply::json(&json!({ "uuid": uuid.to_string() })))
}

pub(super) fn links(call: &mut Call) -> Outcome {
    let first = call.here(&format!("/links/{}/0", call.count("n").unwrap_or(0)));
    Reply::status(StatusCode::FOUND)
        .because("The pages of links are counted from 0, and this is the first.")
        .chosen(LOCATION, &first)
}

#[derive(Template)]
#[template(path = "links.html")]
struct LinkPage {
    links: Vec<Link>,
}

struct Link {
    index: usize,
    /// Nothing for the page itself.
    target: Option<String>,
}

pub(super) fn link_page(call: &mut Call) -> Outcome {
    let count = call.count("n").unwrap_or(0);
    let offset = call.count("offset");
    let links = (0..count)
        .map(|index| Link {
            index,
            target: (Some(index) != offset).then(|| call.here(&format!("/links/{count}/{index}"))),
        })
        .collect();
    let page = LinkPage { links }.render().unwrap_or_default();
    Ok(Reply::ok(HTML, page))
}

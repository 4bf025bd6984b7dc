//! Documents to fetch: pages, pictures, codings, and small things made on the spot.

mod base64;
mod codings;
mod documents;
mod images;

use crate::limits;
use crate::scenario::{Family, Kind, Methods, Parameter, Play, Scenario};

const OFFSET: Parameter = Parameter::path(
    "offset",
    Kind::Integer {
        min: 0,
        max: i64::MAX,
        limit: None,
    },
    "Which entry is no link, counted from 0.",
);
const LINKS: Parameter = Parameter::path(
    "n",
    Kind::Integer {
        min: 0,
        max: 0,
        limit: Some(limits::LINKS),
    },
    "How many entries.",
);
const MEDIA_TYPE: Parameter = Parameter::query(
    "content-type",
    Kind::Text,
    "The media type of the answer, plain text unless given.",
);

/// A scenario of this shelf.
const fn row(
    id: &'static str,
    path: &'static str,
    media_type: &'static str,
    words: (&'static str, &'static str),
    play: Play,
) -> Scenario {
    Scenario {
        id,
        path,
        methods: Methods::Registered,
        family: Family::Content,
        title: words.0,
        about: words.1,
        parameters: &[],
        example: path,
        answers: &[200],
        media_type,
        source: "httpbin, go-httpbin",
        play,
    }
}

pub(crate) static SCENARIOS: &[Scenario] = &[
    row(
        "gzip",
        "/gzip",
        "application/json",
        (
            "Coded with gzip",
            "Shows the request as JSON in the gzip coding, whatever Accept-Encoding says (RFC 9110 §8.4.1.3).",
        ),
        Play::Now(codings::gzip),
    ),
    row(
        "deflate",
        "/deflate",
        "application/json",
        (
            "Coded with deflate",
            "Shows the request as JSON in the deflate coding, which is the zlib format and not bare deflate data (RFC 9110 §8.4.1.2).",
        ),
        Play::Now(codings::deflate),
    ),
    row(
        "brotli",
        "/brotli",
        "application/json",
        (
            "Coded with Brotli",
            "Shows the request as JSON in the br coding, whatever Accept-Encoding says (RFC 7932).",
        ),
        Play::Now(codings::brotli),
    ),
    Scenario {
        source: "siteerror; RFC 8878",
        ..row(
            "zstd",
            "/zstd",
            "application/json",
            (
                "Coded with Zstandard",
                "Shows the request as JSON in the zstd coding, whatever Accept-Encoding says (RFC 8878).",
            ),
            Play::Now(codings::zstd),
        )
    },
    Scenario {
        methods: Methods::Only(&["GET"]),
        ..row(
            "utf8",
            "/encoding/utf8",
            "text/html",
            (
                "UTF-8 of every length",
                "A page with characters of one to four bytes, from many scripts. What comes out garbled shows what a client took it for.",
            ),
            Play::Now(documents::utf8),
        )
    },
    row(
        "html",
        "/html",
        "text/html",
        (
            "A page",
            "A small HTML document with one heading and some paragraphs, always the same.",
        ),
        Play::Now(documents::html),
    ),
    row(
        "json",
        "/json",
        "application/json",
        (
            "A JSON document",
            "A small object with a list inside, always the same. Its keys are the ones that clients' tests know.",
        ),
        Play::Now(documents::json),
    ),
    row(
        "xml",
        "/xml",
        "application/xml",
        (
            "An XML document",
            "A small document with attributes, an empty element and mixed content, always the same.",
        ),
        Play::Now(documents::xml),
    ),
    row(
        "robots",
        "/robots.txt",
        "text/plain",
        (
            "Rules for robots",
            "Asks robots to stay away from /deny, in the format of RFC 9309. It is for trying out whether yours listens.",
        ),
        Play::Now(documents::robots),
    ),
    row(
        "deny",
        "/deny",
        "text/plain",
        (
            "Where robots do not go",
            "The page that /robots.txt asks robots not to fetch. It answers with 200 all the same: those rules are a request, and no lock.",
        ),
        Play::Now(documents::deny),
    ),
    Scenario {
        answers: &[409],
        source: "siteerror; RFC 9457",
        ..row(
            "problem",
            "/problem",
            "application/problem+json",
            (
                "A problem document",
                "An error as RFC 9457 writes it, with the five members that it defines and one of its own.",
            ),
            Play::Now(documents::problem),
        )
    },
    row(
        "image",
        "/image",
        "image/png",
        (
            "A picture of the type you accept",
            "The same small picture as PNG, WebP, AVIF, SVG or JPEG, chosen by Accept and its weights. Where none fits, the answer is 406.",
        ),
        Play::Now(images::by_accept),
    ),
    Scenario {
        parameters: &[Parameter::path(
            "type",
            Kind::Text,
            "One of png, webp, avif, svg and jpeg.",
        )],
        example: "/image/png",
        ..row(
            "image-type",
            "/image/{type}",
            "",
            (
                "A picture of one type",
                "A small picture in the format that the path names, whatever Accept says.",
            ),
            Play::Now(images::by_name),
        )
    },
    Scenario {
        parameters: &[
            Parameter::path("value", Kind::Text, "What to decode."),
            MEDIA_TYPE,
        ],
        example: "/base64/NDA0IGlzIG5vdCB0aGUgZW5k",
        ..row(
            "base64",
            "/base64/{value}",
            "",
            (
                "Base64, decoded",
                "Sends the bytes that the path spells, in either alphabet of RFC 4648, padded or not: a way to have content of your own in a URL.",
            ),
            Play::Now(base64::decode),
        )
    },
    Scenario {
        parameters: &[
            Parameter::path(
                "operation",
                Kind::OneOf(&["decode", "encode"]),
                "Which way.",
            ),
            Parameter::path("value", Kind::Text, "What to decode or encode."),
            MEDIA_TYPE,
        ],
        example: "/base64/encode/teapot",
        ..row(
            "base64-operation",
            "/base64/{operation}/{value}",
            "",
            (
                "Base64, both ways",
                "Decodes as /base64 does, or encodes into the alphabet that is safe in URLs, with padding.",
            ),
            Play::Now(base64::either),
        )
    },
    Scenario {
        parameters: &[Parameter::query(
            "seed",
            Kind::Text,
            "Makes it the same every time.",
        )],
        ..row(
            "uuid",
            "/uuid",
            "application/json",
            (
                "A random UUID",
                "A UUID of version 4 (RFC 9562 §5.4), a new one every time unless there is a seed.",
            ),
            Play::Now(documents::uuid),
        )
    },
    Scenario {
        parameters: &[LINKS],
        example: "/links/10",
        answers: &[302],
        ..row(
            "links",
            "/links/{n}",
            "",
            (
                "To a page of links",
                "Leads to the page of links whose first entry is no link: a place for crawlers to begin.",
            ),
            Play::Now(documents::links),
        )
    },
    Scenario {
        parameters: &[LINKS, OFFSET],
        example: "/links/10/0",
        ..row(
            "links-page",
            "/links/{n}/{offset}",
            "text/html",
            (
                "A page of links",
                "A page that links to its sisters, which differ in the entry that is no link. A crawler that remembers where it was fetches each of them once.",
            ),
            Play::Now(documents::link_page),
        )
    },
];

//! What both sides can read, and negotiations that go wrong. RFC 9110 §12, RFC 2295, RFC 2774.

use http::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_ENCODING, CONTENT_LOCATION, VARY,
};
use http::{HeaderName, Method, StatusCode};
use serde_json::json;

use crate::accept;
use crate::call::Call;
use crate::causes::items::value;
use crate::causes::{Cause, Deed, Rule, Seen, ask, parts, send};
use crate::reply::{Reply, TEXT};
use crate::scenario::{Methods, Outcome};

const GET: Methods = Methods::Only(&["GET"]);

pub(super) static CAUSES: &[Cause] = &[
    Cause {
        code: 406,
        rule: "Accept nothing but a picture, of something that is there as text and as JSON: the answer lists what could be had.",
        source: "RFC 9110 §12.5.1, §15.5.7",
        note: "A server may also send what was not asked for, and many do. Without Accept, anything goes.",
        seen: Seen::Final,
        methods: GET,
        play: Rule::Now(acceptable),
        provocations: &[
            Deed::of(406, &[ask("GET {try}", &["Accept: image/png"])]),
            Deed::of(
                406,
                &[ask(
                    "GET {try}",
                    &["Accept: text/plain;q=0, application/json;q=0"],
                )],
            )
            .about("A weight of 0 means: not this."),
        ],
        twin: Deed::of(200, &[ask("GET {try}", &["Accept: text/plain"])]),
    },
    Cause {
        code: 415,
        rule: "POST a table in CSV to a path that takes JSON alone: Accept in the answer says what it takes.",
        source: "RFC 9110 §8.3, §8.4, §15.5.16",
        note: "Where it is the coding that is strange and not the type, it is Accept-Encoding that says so.",
        seen: Seen::Final,
        methods: Methods::Only(&["GET", "POST"]),
        play: Rule::Wait(|call, rest| Box::pin(supported(call, rest))),
        provocations: &[
            Deed::of(
                415,
                &[send(
                    "POST {try}",
                    &["Content-Type: text/csv"],
                    "a,b\n1,2\n",
                )],
            ),
            Deed::of(
                415,
                &[send(
                    "POST {try}",
                    &[
                        "Content-Type: application/json",
                        "Content-Encoding: compress",
                    ],
                    "{\"a\": 1}",
                )],
            )
            .about("The right type, in a coding that is not undone here."),
        ],
        twin: Deed::of(
            200,
            &[send(
                "POST {try}",
                &["Content-Type: application/json"],
                "{\"a\": 1}",
            )],
        ),
    },
    Cause {
        code: 506,
        rule: "Let the server negotiate for a text in French: the variant that it finds wants to negotiate itself, which can never end, and is a mistake in its set-up.",
        source: "RFC 2295 §8.1",
        note: "`Negotiate: *` lets the server choose. The French variant is really set up to lead back to this path; the English one is just a text.",
        seen: Seen::Final,
        methods: GET,
        play: Rule::Now(negotiated),
        provocations: &[Deed::of(
            506,
            &[ask("GET {try}", &["Negotiate: *", "Accept-Language: fr"])],
        )],
        twin: Deed::of(
            200,
            &[ask("GET {try}", &["Negotiate: *", "Accept-Language: en"])],
        ),
    },
    Cause {
        code: 510,
        rule: "Ask without the extension that this path demands: it takes only requests that declare, with Man, that they mean to be bound by it.",
        source: "RFC 2774 §7",
        note: "The method of such a request begins with M-. The framework was an experiment that is historic by now, and the registry marks the code as obsoleted.",
        seen: Seen::Final,
        methods: Methods::Only(&["GET", "M-GET"]),
        play: Rule::Now(extended),
        provocations: &[Deed::of(510, &[ask("GET {try}", &[])])],
        twin: Deed::of(
            200,
            &[ask(
                "M-GET {try}",
                &["Man: \"{origin}{try}/politeness\"; ns=16", "16-Please: yes"],
            )],
        ),
    },
];

fn acceptable(call: &mut Call, rest: &str) -> Outcome {
    const OFFERED: [&str; 2] = ["text/plain", "application/json"];
    if !rest.is_empty() {
        return Err(super::missing(call));
    }
    let reply = match accept::choose(&call.parts.headers, &OFFERED) {
        Some(0) => Reply::ok(TEXT, "As text.\n").because("Text is among what you accept."),
        Some(_) => Reply::json(&json!({ "as": "JSON" })).because("JSON is among what you accept."),
        None => Reply::status(StatusCode::NOT_ACCEPTABLE)
            .with_json(&json!({
                "detail": "Nothing of what there is fits your Accept.",
                "available": OFFERED,
            }))
            .because(format!(
                "Your Accept was `{}`, and there is text/plain and application/json.",
                crate::refusal::shown(call.header(ACCEPT.as_str()).unwrap_or_default())
            )),
    };
    Ok(reply.fixed(VARY, "Accept"))
}

async fn supported(call: &mut Call, rest: &str) -> Outcome {
    if let Some(reply) = parts::is_counter(call, rest)? {
        return Ok(reply);
    }
    if let Some(coding) = call
        .header(CONTENT_ENCODING.as_str())
        .filter(|coding| !coding.trim().eq_ignore_ascii_case("identity"))
    {
        return Ok(Reply::status(StatusCode::UNSUPPORTED_MEDIA_TYPE)
            .fixed(ACCEPT_ENCODING, "identity")
            .because(format!(
                "Your content is coded as `{}`, and no coding is undone here.",
                crate::refusal::shown(coding)
            )));
    }
    parts::read_json(call).await?;
    Ok(Reply::ok(TEXT, "That is a type that works.\n")
        .because("It said that it is JSON, and it is."))
}

/// What there is behind the negotiable path. RFC 2295 §5.
const VARIANTS: [(&str, &str); 2] = [("en", "text.en"), ("fr", "text.fr")];

fn negotiated(call: &mut Call, rest: &str) -> Outcome {
    let alternates: Vec<String> = VARIANTS
        .iter()
        .map(|(language, name)| format!("{{\"try/{name}\" 1.0 {{language {language}}}}}"))
        .collect();
    let alternates = value(&alternates.join(", "))?;
    let name = match rest {
        "" => {
            let wanted = call.header(ACCEPT_LANGUAGE.as_str()).unwrap_or("en");
            VARIANTS
                .iter()
                .find(|(language, _)| {
                    wanted.split(',').next().is_some_and(|first| {
                        first.trim().to_ascii_lowercase().starts_with(language)
                    })
                })
                .map_or("text.en", |(_, name)| name)
        }
        name => name,
    };
    let tcn = HeaderName::from_static("tcn");
    match name {
        "text.en" => Ok(Reply::ok(TEXT, "A text.\n")
            .field(HeaderName::from_static("alternates"), alternates)
            .field(
                CONTENT_LOCATION,
                value(&call.here("/cause/506/try/text.en"))?,
            )
            .fixed(tcn, "choice")
            .fixed(VARY, "negotiate, accept-language")
            .because("The English variant is an end of the negotiation: a text.")),
        "text.fr" => Ok(Reply::status(StatusCode::VARIANT_ALSO_NEGOTIATES)
            .field(HeaderName::from_static("alternates"), alternates)
            .because(format!(
                "The French variant, {}, is set up to negotiate among the variants of {}, of which it is one.",
                call.here("/cause/506/try/text.fr"),
                call.here("/cause/506/try")
            ))),
        _ => Err(super::missing(call)),
    }
}

fn extended(call: &mut Call, rest: &str) -> Outcome {
    let path = call.here("/cause/510/try/politeness");
    match rest {
        "" => {}
        "politeness" => {
            return Ok(Reply::ok(
                TEXT,
                "The extension: say please, in the field that your ns names.\n",
            )
            .because("This describes the extension."));
        }
        _ => return Err(super::missing(call)),
    }
    let identifier = call.header("man").and_then(|declaration| {
        let (uri, rest) = declaration.trim().strip_prefix('"')?.split_once('"')?;
        let prefix = rest
            .split(';')
            .find_map(|part| part.trim().strip_prefix("ns="))?;
        (uri.ends_with(&path) && call.parts.method != Method::GET).then_some(prefix)
    });
    let polite = identifier.is_some_and(|prefix| {
        call.header(&format!("{prefix}-please"))
            .is_some_and(|word| word.eq_ignore_ascii_case("yes"))
    });
    if polite {
        // RFC 2774 §4.3: the extension was heeded, and Ext says so.
        return Ok(Reply::ok(TEXT, "With pleasure.\n")
            .fixed(HeaderName::from_static("ext"), "")
            .fixed(http::header::CACHE_CONTROL, "no-store")
            .because("You declared the extension, and said please."));
    }
    Ok(Reply::status(StatusCode::NOT_EXTENDED)
        .because(format!(
            "This path demands the extension {path}: send M-GET with `Man: \"{}{path}\"; ns=16` and `16-Please: yes`.",
            call.origin()
        )))
}

//! Codes of vendors, as their servers behave.

use std::time::Duration;

use askama::Template;
use http::header::{CONNECTION, VARY};
use http::{HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::json;
use siteerror_serve::Ending;

use crate::accept;
use crate::call::Call;
use crate::gateway::{self, Met, Upstream};
use crate::limits;
use crate::refusal::{Refusal, shown};
use crate::reply::{HTML, Reply, TEXT};
use crate::scenario::{Family, Kind, Later, Methods, Outcome, Parameter, Play, Scenario};
use crate::vendors::{Deed, Vendor, VendorCode, Verdict};

/// The field that names the vendor's code, which is often not the status.
const VENDOR_CODE: HeaderName = HeaderName::from_static("playground-vendor-code");

/// How long content may take that is expected at once.
const CONTENT_WAIT: Duration = Duration::from_secs(2);

pub(crate) static SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "vendors",
        path: "/vendors",
        methods: Methods::Only(&["GET"]),
        family: Family::Vendors,
        title: "All codes of vendors",
        about: "What nginx, Cloudflare and the load balancers of AWS answer where no RFC says so: what a client sees, what it means, where that is written, and what causes it here.",
        parameters: &[],
        example: "/vendors",
        answers: &[200],
        media_type: "application/json, text/html, text/plain",
        source: "siteerror",
        play: Play::Now(list),
    },
    Scenario {
        id: "vendor",
        path: "/vendor/{vendor}/{code}",
        methods: Methods::Any,
        family: Family::Vendors,
        title: "A code of a vendor, caused for real",
        about: "Answers as the vendor's server does: through a gateway in front of an upstream that really refuses, stalls or speaks bad TLS, or because of a mistake in your request. \
                Playground-Upstream says what the upstream did. Codes that a vendor only logs are not sent. The good twin is the code 200.",
        parameters: &[
            Parameter::path("vendor", Kind::OneOf(Vendor::WORDS), "Whose code it is."),
            Parameter::path(
                "code",
                Kind::Text,
                "One of the vendor's codes, as /vendors lists them.",
            ),
            Parameter::query(
                "cause",
                Kind::Text,
                "What brings the code about, where there are several ways; /vendors lists them. Without it, the first.",
            ),
            Parameter::query(
                "anyway",
                Kind::Flag,
                "Answers as if your request had the mistake that causes the code, for clients that cannot make it.",
            ),
            Parameter::query(
                "reset",
                Kind::Flag,
                "Where the connection closes without a byte: resets it instead.",
            ),
            Parameter::query(
                "id",
                Kind::Name,
                "Who counts for a rate limit: a name of your own.",
            ),
        ],
        example: "/vendor/cloudflare/521",
        answers: &[],
        media_type: "",
        source: "documentation and source code of the vendors",
        play: Play::Wait(vendor),
    },
];

fn vendor(call: &mut Call) -> Later<'_> {
    Box::pin(async move {
        let (vendor, code) = asked(call)?;
        let name = call.query("cause").map(str::to_owned);
        let Some(cause) = code.cause(name.as_deref()) else {
            let causes: Vec<&str> = code.causes().collect();
            return Err(Refusal::parameter(
                "cause",
                name.as_deref().unwrap_or_default(),
                format!("it is one of {}", causes.join(", ")),
            ));
        };
        let reply = match &cause.deed {
            Deed::Through(upstream) => through(call, vendor, *upstream).await?,
            Deed::Close => close(call).await?,
            Deed::CloseUnlessContent => match content_missing(call).await? {
                Some(_) => close(call).await?,
                None => {
                    uncaused(
                        call,
                        vendor,
                        "announce content in Content-Length, and do not send all of it",
                    )
                    .await?
                }
            },
            Deed::AnswerUnlessContent(status) => match content_missing(call).await? {
                Some(because) => {
                    let mut reply = Reply::number(*status)?.because(because);
                    if !call.is_http2() {
                        reply = reply.field(CONNECTION, HeaderValue::from_static("close"));
                    }
                    reply
                }
                None => {
                    uncaused(
                        call,
                        vendor,
                        "announce content in Content-Length, and do not send all of it",
                    )
                    .await?
                }
            },
            Deed::Rule(rule, status) => match rule.broken_by(call) {
                Some(because) => Reply::number(*status)?.because(because),
                None if call.flag("anyway") => Reply::number(*status)?
                    .because("You asked for it anyway: nothing in your request causes it."),
                None => uncaused(call, vendor, rule.how()).await?,
            },
            Deed::Wait => wait(call).await?,
            Deed::Answer(status, because) => Reply::number(*status)?.because(*because),
            Deed::GoAway => go_away(call).await?,
        };
        let label = HeaderValue::from_str(&format!("{}/{}", vendor.word(), code.code))
            .expect("words of the table");
        Ok(reply.field(VENDOR_CODE, label))
    })
}

fn asked(call: &Call) -> Result<(Vendor, &'static VendorCode), Refusal> {
    let word = call.path("vendor");
    let vendor = Vendor::find(word)
        .ok_or_else(|| Refusal::parameter("vendor", word, "it is one of /vendors"))?;
    let wanted = call.path("code");
    let code = vendor
        .codes()
        .iter()
        .find(|code| code.code == wanted)
        .ok_or_else(|| {
            Refusal::new(
                "not-found",
                404,
                format!(
                    "`{}` is no code of {} that can be played",
                    shown(wanted),
                    vendor.title()
                ),
            )
            .hint(format!("{} lists those that can", call.here("/vendors")))
        })?;
    Ok((vendor, code))
}

/// Asks an upstream, and answers as the vendor's server does to what it met.
async fn through(call: &mut Call, vendor: Vendor, upstream: Upstream) -> Outcome {
    let met = gateway::meet(call, upstream, vendor.limits()).await?;
    let reply = match (vendor.verdict(&met), &met) {
        (Verdict::Answer(status), _) => Reply::number(status)?,
        (Verdict::Bare, Met::Failure(failure)) => {
            impossible_in_http2(call)?;
            call.wire
                .raw(&failure.bytes)
                .await
                .map_err(|error| gone(&error))?;
            return end(call, Ending::Fin).await;
        }
        (_, Met::Answer(answer)) => gateway::passed_on(answer),
        (_, Met::Failure(_)) => Reply::number(502)?,
    };
    Ok(gateway::told(reply, upstream, &met))
}

/// The answer to a request without the mistake: it goes to the upstream like any other.
async fn uncaused(call: &mut Call, vendor: Vendor, how: &str) -> Outcome {
    let reply = through(call, vendor, Upstream::Good).await?;
    Ok(reply
        .with(TEXT, format!("Nothing in this request causes the code. To cause it, {how}; or add anyway=1 to the query.\n"))
        .because(format!("Nothing in your request causes the code: to cause it, {how}.")))
}

/// Whether announced content did not come in time, and why that counts.
async fn content_missing(call: &mut Call) -> Result<Option<String>, Refusal> {
    if call.flag("anyway") {
        return Ok(Some(
            "You asked for it anyway: nothing in your request causes it.".to_owned(),
        ));
    }
    let _hold = call.hold()?;
    match tokio::time::timeout(CONTENT_WAIT, call.content()).await {
        Ok(content) => content.map(|_| None),
        Err(_) => Ok(Some(
            "The content that your request announces did not arrive within two seconds.".to_owned(),
        )),
    }
}

async fn close(call: &mut Call) -> Outcome {
    let ending = if call.flag("reset") {
        Ending::Reset
    } else {
        Ending::Fin
    };
    end(call, ending).await
}

/// Ends the connection, on HTTP/2 the stream, in place of an answer.
async fn end(call: &mut Call, ending: Ending) -> Outcome {
    call.wire
        .close(ending)
        .await
        .map_err(|error| gone(&error))?;
    // Nothing of this leaves: the connection has ended in its place.
    Ok(Reply::status(http::StatusCode::OK))
}

/// Waits for the client to leave.
async fn wait(call: &mut Call) -> Outcome {
    let _hold = call.hold()?;
    let left =
        tokio::time::timeout(Duration::from_secs(limits::DELAY.max), call.wire.hung_up()).await;
    if left.is_ok() {
        return end(call, Ending::Fin).await;
    }
    Ok(Reply::ok(TEXT, "You waited to the end, so there is nothing for the log to complain about. Leave earlier.\n")
        .because("Your client waited until the answer came; the code is logged for one that leaves before."))
}

async fn go_away(call: &mut Call) -> Outcome {
    if !call.is_http2() {
        return Err(Refusal::new(
            "version-not-possible",
            400,
            "GOAWAY is a frame of HTTP/2, and this request came in HTTP/1.1",
        )
        .hint("ask in HTTP/2, for example with curl --http2-prior-knowledge"));
    }
    call.wire.go_away(0).await.map_err(|error| gone(&error))?;
    end(call, Ending::Fin).await
}

fn impossible_in_http2(call: &Call) -> Result<(), Refusal> {
    if call.is_http2() {
        return Err(Refusal::new(
            "version-not-possible",
            400,
            "an answer without status line and fields exists on HTTP/1.1 connections only",
        ));
    }
    Ok(())
}

fn gone(error: &dyn std::error::Error) -> Refusal {
    Refusal::new("version-not-possible", 400, error.to_string())
}

/// A vendor with its codes, for JSON.
#[derive(Serialize)]
struct Listed {
    vendor: Vendor,
    name: &'static str,
    codes: Vec<ListedCode>,
}

#[derive(Serialize)]
struct ListedCode {
    #[serde(flatten)]
    code: &'static VendorCode,
    /// The first is the one without `?cause=`.
    causes: Vec<&'static str>,
    url: String,
}

#[derive(Template)]
#[template(path = "vendors.html")]
struct Page<'a> {
    vendors: &'a [Listed],
    upstreams: Vec<(&'static str, &'static str)>,
}

fn list(call: &mut Call) -> Outcome {
    let vendors: Vec<Listed> = Vendor::ALL
        .iter()
        .map(|vendor| Listed {
            vendor: *vendor,
            name: vendor.title(),
            codes: vendor
                .codes()
                .iter()
                .map(|code| ListedCode {
                    code,
                    causes: code.causes().collect(),
                    url: call.here(&format!("/vendor/{}/{}", vendor.word(), code.code)),
                })
                .collect(),
        })
        .collect();
    let upstreams: Vec<(&str, &str)> = Upstream::ALL
        .iter()
        .map(|upstream| (upstream.name(), upstream.about()))
        .collect();
    let offered = ["application/json", "text/html", "text/plain"];
    let reply = match accept::choose(&call.parts.headers, &offered) {
        Some(1) => {
            let page = Page {
                vendors: &vendors,
                upstreams,
            };
            let page = page
                .render()
                .map_err(|error| Refusal::new("internal-error", 500, error.to_string()))?;
            Reply::ok(HTML, page)
        }
        Some(2) => Reply::ok(TEXT, text(&vendors)),
        _ => Reply::json(&json!({
            "vendors": vendors,
            "upstreams": upstreams.iter().map(|(name, about)| json!({ "name": name, "about": about })).collect::<Vec<_>>(),
        })),
    };
    Ok(reply.fixed(VARY, "Accept"))
}

fn text(vendors: &[Listed]) -> String {
    let mut text = String::new();
    for vendor in vendors {
        for line in vendor.lines() {
            text.push_str(&line);
            text.push('\n');
        }
        text.push('\n');
    }
    text
}

impl Listed {
    /// For a terminal.
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.name.to_owned()];
        for ListedCode { code, causes, url } in &self.codes {
            lines.push(format!("  {url}"));
            lines.push(format!("    {}: {}", code.name, code.about));
            lines.push(format!("    On the wire: {}", code.on_the_wire));
            if causes.len() > 1 {
                lines.push(format!("    Causes: {}", causes.join(", ")));
            }
            lines.push(format!("    Source: {}", code.source));
        }
        lines
    }
}

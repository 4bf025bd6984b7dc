//! Codes of vendors, as their servers behave.

mod list;

use std::time::Duration;

use http::header::CONNECTION;
use http::{HeaderName, HeaderValue};
use siteerror_serve::Ending;

use crate::call::Call;
use crate::gateway::{self, Met, Upstream};
use crate::limits;
use crate::refusal::{Refusal, shown};
use crate::reply::{Reply, TEXT};
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
        play: Play::Now(list::list),
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
        Ok(named(reply, vendor, code).field(VENDOR_CODE, label))
    })
}

/// An error names the vendor's code, which is often not the status.
fn named(mut reply: Reply, vendor: Vendor, code: &VendorCode) -> Reply {
    if reply.status.as_u16() >= 400
        && let Some(because) = reply.because.take()
    {
        let comma = if code.name.starts_with('(') { "" } else { "," };
        reply = reply.because(format!(
            "{} {}{comma} {}: {because}",
            vendor.title(),
            code.code,
            code.name
        ));
    }
    reply
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

//! Where TLS goes wrong: the listeners, the authority to trust, and a certificate to show.

use askama::Template;
use http::header::{CACHE_CONTROL, VARY};
use http::uri::Authority;
use serde_json::{Value, json};

use crate::accept;
use crate::call::Call;
use crate::refusal::Refusal;
use crate::reply::{Reply, TEXT};
use crate::scenario::{Family, Methods, Outcome, Play, Scenario};
use crate::tls_faults::{Listing, NOT_OFFERED, TLS_FAULTS, TlsFault, TlsListener};

/// The media type of PEM (RFC 8555 §9.1 registered it for chains).
const PEM: &str = "application/pem-certificate-chain";

/// How they are switched on.
const HOW: &str = "start the server with `--tls-faults`, or with `--tls-faults ADDR:PORT` for the first of the ports";

pub(crate) static SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "tls",
        path: "/tls",
        methods: Methods::Only(&["GET"]),
        family: Family::Faults,
        title: "TLS that goes wrong",
        about: "Certificates that are expired, for another host, or signed by nobody; handshakes that break; old versions; client certificates. \
                Each has a port of its own, and this lists them with what a right client does, or says how to switch them on: as JSON or as a page.",
        parameters: &[],
        example: "/tls",
        answers: &[200],
        media_type: "application/json, text/html",
        source: "RFC 8446, RFC 5280, RFC 9525",
        play: Play::Now(list),
    },
    Scenario {
        id: "tls-authority",
        path: "/tls/ca.pem",
        methods: Methods::Only(&["GET"]),
        family: Family::Faults,
        title: "The authority to trust",
        about: "The certificate of the authority that made those of /tls, for clients under test. It was made when the server started, and nobody else should trust it.",
        parameters: &[],
        example: "/tls/ca.pem",
        answers: &[200, 404],
        media_type: PEM,
        source: "siteerror",
        play: Play::Now(|call| pem(call, PEM, |listing| &listing.authority_pem)),
    },
    Scenario {
        id: "tls-client",
        path: "/tls/client.pem",
        methods: Methods::Only(&["GET"]),
        family: Family::Faults,
        title: "A client certificate to show",
        about: "A certificate that the listeners of /tls take from a client, with its key. Everybody can fetch it, so it proves nothing to anybody else.",
        parameters: &[],
        example: "/tls/client.pem",
        answers: &[200, 404],
        media_type: "text/plain",
        source: "siteerror",
        play: Play::Now(|call| pem(call, TEXT, |listing| &listing.client_pem)),
    },
];

/// The listeners as a page.
#[derive(Template)]
#[template(path = "tls.html")]
struct Page<'a> {
    prefix: &'a str,
    is_on: bool,
    how: &'static str,
    rows: Vec<Row>,
    not_offered: &'static [(&'static str, &'static str)],
}

/// A fault, and where it is done.
struct Row {
    fault: &'static TlsFault,
    url: Option<String>,
}

fn list(call: &mut Call) -> Outcome {
    let reply = match accept::choose(&call.parts.headers, &["application/json", "text/html"]) {
        Some(1) => page(call)?,
        _ => listed(call),
    };
    Ok(reply.fixed(VARY, "Accept"))
}

fn page(call: &Call) -> Result<Reply, Refusal> {
    let listing = call.shared.tls.get();
    let rows = match listing {
        Some(listing) => listing
            .listeners
            .iter()
            .map(|listener| Row {
                fault: listener.fault,
                url: Some(url(call, listener)),
            })
            .collect(),
        None => TLS_FAULTS
            .iter()
            .map(|fault| Row { fault, url: None })
            .collect(),
    };
    Reply::page(&Page {
        prefix: &call.shared.options.prefix,
        is_on: listing.is_some(),
        how: HOW,
        rows,
        not_offered: NOT_OFFERED,
    })
}

fn listed(call: &Call) -> Reply {
    let Some(listing) = call.shared.tls.get() else {
        return Reply::json(&json!({
            "on": false,
            "how": HOW,
            "faults": TLS_FAULTS,
            "not_offered": not_offered(),
        }));
    };
    let faults: Vec<Value> = listing
        .listeners
        .iter()
        .map(|listener| {
            let mut shown = json!(listener);
            shown["url"] = json!(url(call, listener));
            shown
        })
        .collect();
    Reply::json(&json!({
        "on": true,
        "authority": call.here("/tls/ca.pem"),
        "client_certificate": call.here("/tls/client.pem"),
        "faults": faults,
        "not_offered": not_offered(),
    }))
}

fn not_offered() -> Vec<Value> {
    NOT_OFFERED
        .iter()
        .map(|(name, why)| json!({ "name": name, "why": why }))
        .collect()
}

/// Where a client finds a listener: by its address, or by whatever name led here where it listens on all addresses.
fn url(call: &Call, listener: &TlsListener) -> String {
    let address = listener.address;
    if !address.ip().is_unspecified() {
        return format!("https://{address}/");
    }
    let origin = call.origin();
    let host = origin
        .split_once("://")
        .and_then(|(_, authority)| authority.parse::<Authority>().ok())
        .map_or_else(
            || "localhost".to_owned(),
            |authority| authority.host().to_owned(),
        );
    format!("https://{host}:{}/", address.port())
}

fn pem(call: &mut Call, media_type: &'static str, which: fn(&Listing) -> &String) -> Outcome {
    match call.shared.tls.get() {
        Some(listing) => {
            Ok(Reply::ok(media_type, which(listing).clone()).fixed(CACHE_CONTROL, "no-store"))
        }
        None => Err(Refusal::new(
            "not-found",
            404,
            "the listeners with faults of TLS are not on, so there is no authority",
        )
        .hint(HOW)),
    }
}

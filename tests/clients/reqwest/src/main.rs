//! Asks each URL of standard input with reqwest and prints what a caller of it gets, one JSON object a line.

use std::{
    error::Error,
    io::{BufRead as _, Write as _},
    time::Duration,
};

use futures_util::StreamExt as _;
use reqwest::{Client, Method, header::CONTENT_ENCODING, redirect::Policy};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// The version that `Cargo.toml` pins.
const VERSION: &str = "0.13.5";
const LIMIT: Duration = Duration::from_secs(5);

#[derive(Deserialize)]
struct Job {
    name: String,
    url: String,
    method: String,
    #[serde(default)]
    http2: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    if std::env::args().nth(1).as_deref() == Some("--version") {
        writeln!(out, "{VERSION}")?;
        return Ok(());
    }
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_| "a provider is installed already")?;
    for line in std::io::stdin().lock().lines() {
        let job: Job = serde_json::from_str(&line?)?;
        let mut answer = match tokio::time::timeout(LIMIT, ask(&job)).await {
            Ok(answer) => answer?,
            Err(_) => json!({ "outcome": "timeout" }),
        };
        answer["name"] = json!(job.name);
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

/// One exchange on a connection of its own: the client, and its pool with it, lives as long as the exchange.
async fn ask(job: &Job) -> Result<Value, Box<dyn Error>> {
    let mut builder = Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .tls_danger_accept_invalid_certs(true);
    if job.http2 {
        builder = builder.http2_prior_knowledge();
    }
    let client = builder.build()?;
    let response = match client
        .request(Method::from_bytes(job.method.as_bytes())?, &job.url)
        .send()
        .await
    {
        Ok(response) => response,
        Err(error) => return Ok(failed(&error)),
    };
    let status = response.status().as_u16();
    // What reqwest decodes it also takes out of the fields.
    let coded = response.headers().contains_key(CONTENT_ENCODING);
    let (mut bytes, mut hash) = (0, Sha256::new());
    let mut content = response.bytes_stream();
    while let Some(part) = content.next().await {
        match part {
            Ok(part) => {
                bytes += part.len();
                hash.update(&part);
            }
            Err(error) => {
                let mut answer = failed(&error);
                answer["status"] = json!(status);
                return Ok(answer);
            }
        }
    }
    let sha256 = hash
        .finalize()
        .iter()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    Ok(
        json!({ "outcome": "response", "status": status, "content_bytes": bytes, "content_sha256": sha256, "coded": coded }),
    )
}

/// What kind of error reqwest calls it, and the innermost words, which say most.
fn failed(error: &reqwest::Error) -> Value {
    let kind = if error.is_decode() {
        "decode"
    } else if error.is_body() {
        "body"
    } else if error.is_connect() {
        "connect"
    } else if error.is_request() {
        "request"
    } else {
        "other"
    };
    let mut text = error.to_string();
    let mut inner: Option<&dyn Error> = error.source();
    while let Some(source) = inner {
        text = source.to_string();
        inner = source.source();
    }
    json!({ "outcome": "error", "error_kind": kind, "error_text": text })
}

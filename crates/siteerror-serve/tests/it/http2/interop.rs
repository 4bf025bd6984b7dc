//! HTTP/2 without TLS, as curl sees it.

use super::handler::Shared;
use super::start;
use crate::curl::curl;

const OPTIONS: &[&str] = &["--http2-prior-knowledge"];

/// Whether curl exits with a code, and what it says begins and ends with these.
async fn check(path: &str, options: &'static [&str], code: i32, begins: &str, ends: &str) {
    let address = start(Shared::default()).await;
    let url = format!("http://{address}{path}");
    let Some(output) = curl(options, vec![url]).await else {
        return;
    };
    let said = String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n");
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{error}");
    assert!(said.starts_with(begins) && said.ends_with(ends), "{said}");
}

#[tokio::test]
async fn curl_sends_content_and_reads_content() {
    let options = &["--http2-prior-knowledge", "--data", "content"];
    check("/echo", options, 0, "HTTP/2 200 \n", "\n\ncontent").await;
}

#[tokio::test]
async fn curl_reads_interim_responses() {
    let begins = "HTTP/2 102 \n\nHTTP/2 103 \nlink: </a.css>; rel=preload\nlink: </b.js>; rel=preload\n\nHTTP/2 199 \nx-step: 3\n\nHTTP/2 200 \n";
    check("/interims", OPTIONS, 0, begins, "\n\nplain").await;
}

#[tokio::test]
async fn curl_hears_of_a_reset() {
    // Exit code 92: an error of a stream.
    check("/reset", OPTIONS, 92, "", "").await;
    // How much of the content it shows is up to it.
    check("/truncate", OPTIONS, 92, "", "").await;
}

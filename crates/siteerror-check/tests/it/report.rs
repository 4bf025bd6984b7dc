//! The JSON: its keys and types, as they are promised.

use serde_json::{Value, json};
use siteerror_check::Options;

use super::support::{answering, check, checker};

/// Times and ports vary; everything else is said.
fn settle(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if let Some(Value::Object(timings)) = map.get_mut("timing_ms") {
                for (_, value) in timings.iter_mut().filter(|(_, value)| !value.is_null()) {
                    assert!(value.is_f64());
                    *value = json!(1.5);
                }
            }
            map.values_mut().for_each(settle);
        }
        Value::Array(list) => list.iter_mut().for_each(settle),
        _ => {}
    }
}

#[tokio::test]
async fn the_shape_is_the_one_that_is_promised() {
    let address = answering(
        "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 404 Not  Here\r\nX-A: caf\u{e9} \x00\r\nSet-Cookie: id=secret\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\nhi"
            .replace('\0', ""),
    )
    .await;
    let report = check(&format!("http://a.test:{}/", address.port())).await;
    let mut found: Value = serde_json::from_str(
        &report
            .to_json()
            .replace(&address.port().to_string(), "8080"),
    )
    .expect("JSON");
    settle(&mut found);
    found.as_object_mut().expect("an object").remove("findings");
    let text = found["explanation"]
        .as_object_mut()
        .expect("an explanation")
        .remove("text");
    assert!(text.is_some_and(|text| text.is_string()));
    assert_eq!(
        found,
        json!({
            "url": "http://a.test:8080/",
            "final_url": "http://a.test:8080/",
            "status": 404,
            "ok": false,
            "attempts": 1,
            "requests": 1,
            "explanation": {"code": 404, "title": "Not Found", "href": "/404"},
            "hops": [{
                "url": "http://a.test:8080/",
                "method": "GET",
                "status": 404,
                "reason": "Not  Here",
                "version": "1.1",
                "location": null,
                "interim": [{"status": 103, "headers": [["link", "</a>"]]}],
                "headers": [["X-A", "café"], ["Set-Cookie", "id=***"], ["Retry-After", "7"], ["Content-Length", "2"]],
                "address": "127.0.0.1:8080",
                "timing_ms": {"dns": 1.5, "connect": 1.5, "tls": null, "ttfb": 1.5, "total": 1.5},
                // `printf hi | sha256sum`
                "body": {"bytes": 2, "decoded_bytes": 2, "truncated": false,
                         "sha256": "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4", "sniffed": "text/plain"},
                "tls": null,
            }],
            "error": null,
            "retry_after_s": 7,
        })
    );
}

#[tokio::test]
async fn bytes_that_are_no_text_are_shown_as_such() {
    let address =
        answering(b"HTTP/1.1 200 OK\r\nA: \xE9\xFF\r\nContent-Length: 0\r\n\r\n".to_vec()).await;
    let report = check(&format!("http://{address}/")).await;
    let json: Value = serde_json::from_str(&report.to_json()).expect("JSON");
    assert_eq!(json["hops"][0]["headers"][0], json!(["A", "\\xE9\\xFF"]));
    assert_eq!(json["hops"][0]["body"]["sha256"], Value::Null);
}

#[tokio::test]
async fn a_hop_that_failed_has_no_status_and_the_error_says_where() {
    let address = answering(
        "HTTP/1.1 302 Found\r\nLocation: http://nobody.test/\r\nContent-Length: 0\r\n\r\n",
    )
    .await;
    let report = checker()
        .check(&format!("http://{address}/"), &Options::default(), &mut ())
        .await;
    let json: Value = serde_json::from_str(&report.to_json()).expect("JSON");
    assert_eq!(json["status"], Value::Null);
    assert_eq!(json["hops"][0]["location"], "http://nobody.test/");
    assert_eq!(json["hops"][1]["status"], Value::Null);
    assert_eq!(json["hops"][1]["body"], Value::Null);
    assert_eq!(json["error"]["kind"], "dns-not-found");
    assert_eq!(json["error"]["hop"], 1);
    assert_eq!(json["error"]["phase"], "dns");
}

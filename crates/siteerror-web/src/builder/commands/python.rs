//! Python with Requests; with httpx where only HTTP/2 will do, which Requests does not speak.

use std::fmt::Write as _;

use super::{Request, joined, quoted};

pub(super) fn write(request: &Request) -> String {
    let start = if request.is_http2 {
        "import httpx  # with its extra: pip install 'httpx[http2]'\n\nresponse = httpx.Client(http1=False, http2=True).request("
    } else {
        "import requests\n\nresponse = requests.request("
    };
    let mut text = format!(
        "{start}\n    {},\n    {},\n",
        quoted(&request.method),
        quoted(&request.url())
    );
    if !request.fields.is_empty() {
        text.push_str("    headers={\n");
        for (name, value) in joined(request) {
            let _ = writeln!(text, "        {}: {},", quoted(name), quoted(&value));
        }
        text.push_str("    },\n");
    }
    if !request.content.is_empty() {
        let name = if request.is_http2 { "content" } else { "data" };
        let _ = writeln!(
            text,
            "    {name}={}.encode(\"utf-8\"),",
            quoted(&request.content)
        );
    }
    // HTTP/2 has no reason phrase.
    let seen = if request.is_http2 {
        "response.http_version"
    } else {
        "response.reason"
    };
    let _ = write!(
        text,
        "    timeout=30,\n)\nprint(response.status_code, {seen})\nprint(response.text)\n"
    );
    text
}

//! Python with Requests.

use std::fmt::Write as _;

use super::{Request, joined, quoted};

pub(super) fn write(request: &Request) -> String {
    let mut text = format!(
        "import requests\n\nresponse = requests.request(\n    {},\n    {},\n",
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
        let _ = writeln!(
            text,
            "    data={}.encode(\"utf-8\"),",
            quoted(&request.content)
        );
    }
    text.push_str(
        "    timeout=30,\n)\nprint(response.status_code, response.reason)\nprint(response.text)\n",
    );
    text
}

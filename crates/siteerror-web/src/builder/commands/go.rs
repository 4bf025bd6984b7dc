//! Go with `net/http`, as `gofmt` would write it.

use std::fmt::Write as _;

use super::{Request, quoted};

pub(super) fn write(request: &Request) -> String {
    let has_content = !request.content.is_empty();
    let mut text = String::from("package main\n\nimport (\n\t\"fmt\"\n\t\"io\"\n\t\"net/http\"\n");
    if has_content {
        text.push_str("\t\"strings\"\n");
    }
    let content = if has_content {
        format!("strings.NewReader({})", quoted(&request.content))
    } else {
        "nil".to_owned()
    };
    let _ = write!(
        text,
        ")\n\nfunc main() {{\n\trequest, err := http.NewRequest({}, {}, {content})\n\tif err != nil {{\n\t\tpanic(err)\n\t}}\n",
        quoted(&request.method),
        quoted(&request.url())
    );
    for (name, value) in &request.fields {
        if name.eq_ignore_ascii_case("host") {
            let _ = writeln!(text, "\trequest.Host = {}", quoted(value));
        } else {
            let _ = writeln!(
                text,
                "\trequest.Header.Add({}, {})",
                quoted(name),
                quoted(value)
            );
        }
    }
    if request.is_http2 && request.is_cleartext() {
        // Go 1.24 and newer.
        text.push_str("\tprotocols := new(http.Protocols)\n\tprotocols.SetUnencryptedHTTP2(true)\n\tclient := &http.Client{Transport: &http.Transport{Protocols: protocols}}\n");
    } else {
        text.push_str("\tclient := http.DefaultClient\n");
    }
    text.push_str(
        "\tresponse, err := client.Do(request)\n\tif err != nil {\n\t\tpanic(err)\n\t}\n\tdefer response.Body.Close()\n\tbody, err := io.ReadAll(response.Body)\n\tfmt.Println(response.Status)\n\tfmt.Println(string(body), err)\n}\n",
    );
    text
}

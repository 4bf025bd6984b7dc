//! Writes a request for every scenario of the playground into a folder, for the fuzzer to start from: `cargo run --bin seeds -- FOLDER`.

use siteerror_playground::{Methods, scenarios};

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "corpus/playground".to_owned());
    std::fs::create_dir_all(&folder)?;
    for scenario in scenarios() {
        let methods: &[&str] = match scenario.methods {
            Methods::Only(methods) => methods,
            _ => &["GET", "POST"],
        };
        for method in methods {
            let (fields, content) = match *method {
                "POST" | "PUT" | "PATCH" => ("Content-Type: application/json\r\nContent-Length: 15\r\n", "{\"status\": 503}"),
                _ => ("", ""),
            };
            let request = format!("{method} {} HTTP/1.1\r\nHost: a\r\n{fields}\r\n{content}", scenario.example);
            std::fs::write(format!("{folder}/{}-{}", scenario.id, method.to_ascii_lowercase()), request)?;
        }
    }
    Ok(())
}

//! `siteerror config`.

use std::fmt::Write as _;

use crate::args::ConfigArgs;
use crate::config::{Process, load};
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(args: &ConfigArgs) -> Exit {
    let config = match load(&args.settings, &Process) {
        Ok(config) => config,
        Err(mistakes) => return output::mistakes(&mistakes),
    };
    if args.json {
        let mut json =
            serde_json::to_string_pretty(&config.values).expect("settings are plain data");
        json.push('\n');
        return output::result(&json);
    }
    let mut text = String::new();
    for value in &config.values {
        let shown = toml::Value::String(value.value.clone()).to_string();
        let _ = writeln!(text, "# {}\n{} = {shown}", value.origin, value.key);
    }
    output::result(&text)
}

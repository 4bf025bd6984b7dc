//! The table `[check]` of a settings file: the same names as the flags.

use std::path::Path;

use serde::Deserialize;

use crate::args::CheckArgs;
use crate::config::{Outside, SETTINGS};

/// The name of the table.
pub(crate) const TABLE: &str = "check";

/// What the settings file says, if there is one. The named file must be there, the usual one may be missing.
///
/// # Errors
///
/// What is wrong with it, in one line.
pub(super) fn read(named: Option<&str>, outside: &impl Outside) -> Result<CheckArgs, String> {
    let variable = match outside.variable("SITEERROR_CONFIG") {
        Some(Err(what)) => {
            return Err(format!(
                "cannot use `SITEERROR_CONFIG` for the setting `config`: {what}"
            ));
        }
        variable => variable.and_then(Result::ok),
    };
    let named = named.map(str::to_owned).or(variable);
    let path = Path::new(named.as_deref().unwrap_or("siteerror.toml"));
    let text = match outside.read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => {
            return Ok(CheckArgs::default());
        }
        Err(error) => {
            return Err(format!(
                "cannot read `{}` (setting `config`): {error}",
                path.display()
            ));
        }
    };
    parse(&text)
        .map_err(|(line, what)| format!("cannot read `{}`: line {line}: {what}", path.display()))
}

/// A settings file; those of the server are not looked at here.
#[derive(Deserialize)]
struct File {
    #[serde(default)]
    check: CheckArgs,
}

/// The table, or the line that is wrong and what about it.
pub(crate) fn parse(text: &str) -> Result<CheckArgs, (usize, String)> {
    let line = |offset: usize| {
        let before = text.bytes().take(offset);
        before.filter(|byte| *byte == b'\n').count() + 1
    };
    let at = |error: &toml::de::Error| {
        let place = error.span().map_or(1, |span| line(span.start));
        (place, error.message().replace('\n', ", "))
    };
    let table: toml::Table = toml::from_str(text).map_err(|error| at(&error))?;
    if let Some(unknown) = table
        .keys()
        .find(|key| *key != TABLE && SETTINGS.iter().all(|setting| setting.key != *key))
    {
        return Err((1, format!("unknown setting `{unknown}`")));
    }
    let document = toml::Deserializer::parse(text).map_err(|error| at(&error))?;
    let file = File::deserialize(document).map_err(|error| at(&error))?;
    Ok(file.check)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::parse;
    use crate::args::command;

    /// Flags that are about one run only.
    const NOT_IN_THE_FILE: &[&str] = &["from_file", "config", "json", "jsonl", "color", "help"];

    #[test]
    fn the_example_file_has_a_key_for_every_flag() {
        let example = include_str!("../../../../../siteerror.example.toml");
        let part = example
            .split_once("#[check]")
            .expect("the example has the table")
            .1;
        let keys: BTreeSet<String> = part
            .lines()
            .filter(|line| !line.starts_with("# "))
            .filter_map(|line| line.trim_start_matches('#').split_once(" = "))
            .map(|(key, _)| key.trim_matches('"').to_owned())
            .collect();
        let command = command();
        let check = command.find_subcommand("check").expect("there is `check`");
        let flags: BTreeSet<String> = check
            .get_arguments()
            .filter_map(|arg| arg.get_long())
            .map(|long| long.replace('-', "_"))
            .filter(|key| !NOT_IN_THE_FILE.contains(&key.as_str()))
            .collect();
        assert_eq!(keys, flags);
        let bare: Vec<&str> = part
            .lines()
            .filter(|line| !line.starts_with("# "))
            .map(|line| line.trim_start_matches('#'))
            .collect();
        let table = parse(&format!("[check]\n{}", bare.join("\n"))).expect("it can be read");
        assert_eq!(table.concurrency, Some(64));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let check = |text: &str, line: usize, part: &str| {
            let (at, what) = parse(text).expect_err("it is wrong");
            assert!(at == line && what.contains(part), "line {at}: {what}");
        };
        check(
            "listen = \"x\"\n[check]\nretires = 1\n",
            3,
            "unknown field `retires`",
        );
        check("[check]\n\nretries = \"many\"\n", 3, "invalid type");
        check("[check]\nformat = \"xml\"\n", 2, "unknown variant `xml`");
        check("[chek]\n", 1, "unknown setting `chek`");
    }
}

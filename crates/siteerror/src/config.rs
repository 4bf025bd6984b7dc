//! Settings: flags, then `SITEERROR_…` variables, then the file, then defaults. Nothing else reads the environment.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use serde::Serialize;
use siteerror_guard::Range;
use siteerror_web::terminal::shown;

use crate::args::SettingArgs;
use crate::commands::check::settings as check;

/// A setting: its name in the file. The flag and the variable follow from it.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) key: &'static str,
    pub(crate) default: &'static str,
    /// Says what is wrong with a value.
    check: fn(&str) -> Result<(), String>,
}

/// All settings.
pub(crate) static SETTINGS: &[Setting] = &[
    Setting {
        key: "listen",
        default: "127.0.0.1:4040",
        check: |text| address(text).map(drop),
    },
    Setting {
        key: "site_name",
        default: "siteerror",
        check: |text| words(text, 60),
    },
    Setting {
        key: "tagline",
        default: "Every number a server can say, and what to do about it.",
        check: |text| words(text, 160),
    },
    Setting {
        key: "base_url",
        default: "",
        check: base_url,
    },
    Setting {
        key: "playground",
        default: "on",
        check: |text| one_of(text, &["on", "off"]),
    },
    Setting {
        key: "playground_listen",
        default: "",
        check: |text| {
            if text.is_empty() {
                Ok(())
            } else {
                address(text).map(drop)
            }
        },
    },
    Setting {
        key: "prefix",
        default: "",
        check: prefix,
    },
    Setting {
        key: "redirect_origins",
        default: "",
        check: |text| {
            text.split_terminator(',')
                .try_for_each(|origin| origin_of(origin.trim()))
        },
    },
    Setting {
        key: "tls_faults",
        default: "",
        check: |text| {
            if text.is_empty() {
                Ok(())
            } else {
                address(text).map(drop)
            }
        },
    },
    Setting {
        key: "check",
        default: "on",
        check: |text| one_of(text, &["on", "off"]),
    },
    Setting {
        key: "check_allow_range",
        default: "",
        check: |text| {
            text.split_terminator(',')
                .try_for_each(|range| range_of(range.trim()).map(drop))
        },
    },
    Setting {
        key: "check_ports",
        default: "",
        check: |text| {
            text.split_terminator(',')
                .try_for_each(|port| port_of(port.trim()).map(drop))
        },
    },
    Setting {
        key: "check_user_agent_url",
        default: "",
        check: explaining,
    },
    Setting {
        key: "trusted_proxies",
        default: "",
        check: |text| {
            text.split_terminator(',')
                .try_for_each(|range| range_of(range.trim()).map(drop))
        },
    },
    Setting {
        key: "data",
        default: "",
        check: |text| {
            if text.chars().any(char::is_control) {
                Err("it must not hold control characters".to_owned())
            } else {
                Ok(())
            }
        },
    },
    Setting {
        key: "log",
        default: "info",
        check: log_filter,
    },
    Setting {
        key: "log_format",
        default: "text",
        check: |text| one_of(text, &["text", "json"]),
    },
];

impl Setting {
    pub(crate) fn variable(&self) -> String {
        format!("SITEERROR_{}", self.key.to_ascii_uppercase())
    }

    pub(crate) fn flag(&self) -> String {
        format!("--{}", self.key.replace('_', "-"))
    }
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    Default,
    File(PathBuf, usize),
    Variable(String),
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path, line) => write!(f, "{}:{line}", path.display()),
            Self::Variable(name) | Self::Flag(name) => f.write_str(name),
        }
    }
}

/// A value in force.
#[derive(Debug, Serialize)]
pub(crate) struct InForce {
    pub(crate) key: &'static str,
    pub(crate) value: String,
    #[serde(serialize_with = "as_text")]
    pub(crate) origin: Origin,
}

fn as_text<S: serde::Serializer>(origin: &Origin, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(origin)
}

/// Settings that were all checked.
#[derive(Debug)]
pub(crate) struct Config {
    /// In the order of [`SETTINGS`].
    pub(crate) values: Vec<InForce>,
}

impl Config {
    pub(crate) fn value(&self, key: &str) -> &InForce {
        self.values
            .iter()
            .find(|value| value.key == key)
            .expect("only keys of the table are asked for")
    }

    pub(crate) fn text(&self, key: &str) -> &str {
        &self.value(key).value
    }

    pub(crate) fn listen(&self) -> SocketAddr {
        address(self.text("listen")).expect("the value was checked")
    }

    /// An address for the playground alone, if there is one.
    pub(crate) fn playground_listen(&self) -> Option<SocketAddr> {
        address(self.text("playground_listen")).ok()
    }

    /// Where the first listener for TLS faults goes, if they are wanted.
    pub(crate) fn tls_faults(&self) -> Option<SocketAddr> {
        address(self.text("tls_faults")).ok()
    }

    /// The folder of the database, if there is one.
    pub(crate) fn data(&self) -> Option<&Path> {
        Some(self.text("data"))
            .filter(|folder| !folder.is_empty())
            .map(Path::new)
    }

    pub(crate) fn redirect_origins(&self) -> Vec<String> {
        self.text("redirect_origins")
            .split_terminator(',')
            .map(|origin| origin.trim().to_owned())
            .collect()
    }

    /// Addresses that strangers may check although they have a special purpose.
    pub(crate) fn check_ranges(&self) -> Vec<Range> {
        self.text("check_allow_range")
            .split_terminator(',')
            .filter_map(|range| range_of(range.trim()).ok())
            .collect()
    }

    /// Ports that may be checked besides those of web servers.
    pub(crate) fn check_ports(&self) -> Vec<u16> {
        self.text("check_ports")
            .split_terminator(',')
            .filter_map(|port| port_of(port.trim()).ok())
            .collect()
    }

    /// The page that explains the visits of the checker, if there is one.
    pub(crate) fn check_page(&self) -> Option<String> {
        let said = self.text("check_user_agent_url");
        let base = self.text("base_url").trim_end_matches('/');
        match (said, base) {
            ("", "") => None,
            ("", base) => Some(format!("{base}{}", siteerror_web::routes::CHECK)),
            (said, _) => Some(said.to_owned()),
        }
    }

    /// Whose word about who asks is taken.
    pub(crate) fn trusted_proxies(&self) -> Vec<Range> {
        self.text("trusted_proxies")
            .split_terminator(',')
            .filter_map(|range| range_of(range.trim()).ok())
            .collect()
    }

    pub(crate) fn site(&self) -> siteerror_web::Settings {
        let base = self.text("base_url").trim_end_matches('/');
        siteerror_web::Settings {
            site_name: self.text("site_name").to_owned(),
            tagline: self.text("tagline").to_owned(),
            base_url: (!base.is_empty()).then(|| base.to_owned()),
            trusted_proxies: self.trusted_proxies(),
        }
    }
}

/// The outside: variables and files. Tests put their own in its place.
pub(crate) trait Outside {
    /// The names of all variables that begin with `SITEERROR_`.
    fn names(&self) -> Vec<String>;
    fn variable(&self, name: &str) -> Option<Result<String, String>>;
    fn read(&self, path: &Path) -> std::io::Result<String>;
}

/// The environment of the process.
pub(crate) struct Process;

impl Outside for Process {
    fn names(&self) -> Vec<String> {
        std::env::vars_os()
            .filter_map(|(name, _)| name.into_string().ok())
            .filter(|name| name.starts_with("SITEERROR_"))
            .collect()
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    fn variable(&self, name: &str) -> Option<Result<String, String>> {
        match std::env::var(name) {
            Ok(value) => Some(Ok(value)),
            Err(std::env::VarError::NotPresent) => None,
            Err(std::env::VarError::NotUnicode(_)) => Some(Err("it is not UTF-8".to_owned())),
        }
    }

    fn read(&self, path: &Path) -> std::io::Result<String> {
        std::fs::read_to_string(path)
    }
}

/// Joins and checks all sources.
///
/// # Errors
///
/// All mistakes, a line each.
pub(crate) fn load(args: &SettingArgs, outside: &impl Outside) -> Result<Config, Vec<String>> {
    let mut mistakes = Vec::new();
    let file = file(args, outside, &mut mistakes);
    for name in outside.names() {
        let is_known =
            name == "SITEERROR_CONFIG" || SETTINGS.iter().any(|setting| setting.variable() == name);
        // Variables for tests and tools of ours are no settings.
        if !is_known && !name.starts_with("SITEERROR_TEST_") {
            mistakes.push(format!(
                "the variable `{name}` sets nothing: there is no such setting"
            ));
        }
    }
    let mut values = Vec::new();
    for setting in SETTINGS {
        let (value, origin) = if let Some(value) = args.get(setting.key) {
            (value.to_owned(), Origin::Flag(setting.flag()))
        } else if let Some(value) = outside.variable(&setting.variable()) {
            match value {
                Ok(value) => (value, Origin::Variable(setting.variable())),
                Err(what) => {
                    mistakes.push(format!(
                        "cannot use `{}` for the setting `{}`: {what}",
                        setting.variable(),
                        setting.key
                    ));
                    continue;
                }
            }
        } else if let Some((value, origin)) = file.get(setting.key) {
            (value.clone(), origin.clone())
        } else {
            (setting.default.to_owned(), Origin::Default)
        };
        if let Err(what) = (setting.check)(&value) {
            mistakes.push(format!(
                "the setting `{}` cannot be `{}` ({origin}): {what}",
                setting.key,
                value.escape_debug()
            ));
        }
        values.push(InForce {
            key: setting.key,
            value,
            origin,
        });
    }
    if mistakes.is_empty() {
        Ok(Config { values })
    } else {
        Err(mistakes.iter().map(|mistake| shown(mistake)).collect())
    }
}

/// The settings of the file: the named one must be there, the usual one may be missing.
fn file(
    args: &SettingArgs,
    outside: &impl Outside,
    mistakes: &mut Vec<String>,
) -> BTreeMap<String, (String, Origin)> {
    let named = match (args.config.clone(), outside.variable("SITEERROR_CONFIG")) {
        (Some(path), _) => Some(path),
        (None, Some(Err(what))) => {
            mistakes.push(format!(
                "cannot use `SITEERROR_CONFIG` for the setting `config`: {what}"
            ));
            return BTreeMap::new();
        }
        (None, variable) => variable.and_then(Result::ok),
    };
    let path = PathBuf::from(named.as_deref().unwrap_or("siteerror.toml"));
    let text = match outside.read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => {
            return BTreeMap::new();
        }
        Err(error) => {
            mistakes.push(format!(
                "cannot read `{}` (setting `config`): {error}",
                path.display()
            ));
            return BTreeMap::new();
        }
    };
    let line = |offset: usize| {
        text.bytes()
            .take(offset)
            .filter(|byte| *byte == b'\n')
            .count()
            + 1
    };
    let table: BTreeMap<toml::Spanned<String>, toml::Spanned<toml::Value>> =
        match toml::from_str(&text) {
            Ok(table) => table,
            Err(error) => {
                let at = error.span().map_or(1, |span| line(span.start));
                mistakes.push(format!(
                    "cannot read `{}`: line {at}: {}",
                    path.display(),
                    error.message()
                ));
                return BTreeMap::new();
            }
        };
    let mut found = BTreeMap::new();
    for (key, value) in table {
        let at = line(key.span().start);
        let name = key.into_inner();
        if name == check::TABLE {
            // It is for `siteerror check`, and must be right wherever it is read.
            if let Err((line, what)) = check::parse(&text) {
                mistakes.push(format!(
                    "cannot read `{}`: line {line}: {what}",
                    path.display()
                ));
            }
            continue;
        }
        let Some(setting) = SETTINGS.iter().find(|setting| setting.key == name) else {
            let close = SETTINGS
                .iter()
                .map(|setting| setting.key)
                .max_by(|a, b| strsim::jaro(&name, a).total_cmp(&strsim::jaro(&name, b)));
            let hint = close
                .filter(|close| strsim::jaro(&name, close) > 0.7)
                .map(|close| format!("; did you mean `{close}`?"))
                .unwrap_or_default();
            mistakes.push(format!(
                "cannot read `{}`: line {at}: unknown setting `{name}`{hint}",
                path.display()
            ));
            continue;
        };
        match value.into_inner() {
            toml::Value::String(value) => {
                found.insert(
                    setting.key.to_owned(),
                    (value, Origin::File(path.clone(), at)),
                );
            }
            other => mistakes.push(format!(
                "cannot read `{}`: line {at}: the setting `{name}` must be text in quotes, found {}",
                path.display(),
                other.type_str()
            )),
        }
    }
    found
}

/// `ADDR:PORT`, or `localhost:PORT`. Names are not looked up: what a server listens on should not depend on a name server.
fn address(text: &str) -> Result<SocketAddr, String> {
    let spelled = text
        .strip_prefix("localhost:")
        .map(|port| format!("127.0.0.1:{port}"));
    spelled
        .as_deref()
        .unwrap_or(text)
        .parse()
        .map_err(|_| "an IP address and a port are needed, such as `127.0.0.1:4040`, `[::1]:4040` or `0.0.0.0:80`".to_owned())
}

fn one_of(text: &str, words: &[&str]) -> Result<(), String> {
    if words.contains(&text) {
        Ok(())
    } else {
        Err(format!("it is `{}`", words.join("` or `")))
    }
}

/// A path in front of all others: a slash, and segments of plain characters.
fn prefix(text: &str) -> Result<(), String> {
    let is_segment = |segment: &str| {
        !segment.is_empty()
            && segment
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
    };
    let is_path = text
        .strip_prefix('/')
        .is_some_and(|rest| rest.split('/').all(is_segment));
    if text.is_empty() || (is_path && text.len() <= 200) {
        Ok(())
    } else {
        Err("a path such as `/httpbin` is needed: a slash in front, none at the end, plain characters".to_owned())
    }
}

/// An origin: an address of a site without a path.
fn origin_of(text: &str) -> Result<(), String> {
    if text.is_empty() || text.ends_with('/') {
        return Err(
            "origins such as `https://example.com` are needed, with commas between them".to_owned(),
        );
    }
    base_url(text)
}

/// A range of addresses: RFC 4632 §3.1, and RFC 4291 §2.3. A bare address is a range of one.
fn range_of(text: &str) -> Result<Range, String> {
    let (base, bits) = text.split_once('/').unwrap_or((text, ""));
    let address: Option<IpAddr> = base.parse().ok();
    let most = if address.is_some_and(|address| address.is_ipv4()) {
        32
    } else {
        128
    };
    let bits = if bits.is_empty() && !text.contains('/') {
        Some(most)
    } else {
        bits.parse().ok().filter(|bits| *bits <= most)
    };
    match (address, bits) {
        (Some(address), Some(bits)) => Ok(Range::new(address, bits)),
        _ => Err(
            "ranges such as `10.1.0.0/16` or `fd00:1::/32` are needed, with commas between them"
                .to_owned(),
        ),
    }
}

fn port_of(text: &str) -> Result<u16, String> {
    let port = text.parse().ok().filter(|port| *port > 0);
    port.ok_or_else(|| "ports such as `3000, 8000` are needed".to_owned())
}

fn words(text: &str, most: usize) -> Result<(), String> {
    if text.trim().is_empty() {
        Err("it must not be empty".to_owned())
    } else if text.chars().any(char::is_control) {
        Err("it must not hold control characters".to_owned())
    } else if text.chars().count() > most {
        Err(format!("it has more than {most} characters"))
    } else {
        Ok(())
    }
}

/// A level for everything, or `target=level` for a part; a bare word that is no level would silence us.
fn log_filter(text: &str) -> Result<(), String> {
    let is_level = |word: &str| ["off", "error", "warn", "info", "debug", "trace"].contains(&word);
    let is_part = |part: &str| match part.split_once('=') {
        Some((target, level)) => !target.is_empty() && is_level(level),
        None => is_level(part),
    };
    if text.split(',').all(is_part) && text.parse::<tracing_subscriber::filter::Targets>().is_ok() {
        Ok(())
    } else {
        Err("a level (off, error, warn, info, debug, trace) or a filter such as `siteerror_web=debug` is needed".to_owned())
    }
}

/// A page for the User-Agent of the checker, or nothing.
pub(crate) fn explaining(text: &str) -> Result<(), String> {
    if text.is_empty() || siteerror_check::introduction(text).is_some() {
        return Ok(());
    }
    Err("a URL such as `https://example.com/checks` is needed, of up to 200 bytes, without parentheses and user name".to_owned())
}

fn base_url(text: &str) -> Result<(), String> {
    let wrong = || {
        Err("an address such as `https://status.example.com` is needed, without a query".to_owned())
    };
    if text.is_empty() {
        return Ok(());
    }
    let Ok(uri) = text.parse::<http::Uri>() else {
        return wrong();
    };
    let host = uri.host().unwrap_or_default();
    let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
    let has_port = uri
        .authority()
        .is_some_and(|authority| authority.as_str() == host || uri.port_u16().is_some());
    let is_plain = !text.contains(['?', '#', '@', '<', '>', '"', '\'', '\\']) && uri.path() == "/";
    if is_web && !host.is_empty() && has_port && is_plain {
        Ok(())
    } else {
        wrong()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Given {
        variables: Vec<(&'static str, &'static str)>,
        file: Option<&'static str>,
    }

    impl Outside for Given {
        fn names(&self) -> Vec<String> {
            self.variables
                .iter()
                .map(|(name, _)| (*name).to_owned())
                .collect()
        }

        fn variable(&self, name: &str) -> Option<Result<String, String>> {
            self.variables
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| Ok((*value).to_owned()))
        }

        fn read(&self, _: &Path) -> std::io::Result<String> {
            self.file
                .map(str::to_owned)
                .ok_or_else(|| std::io::ErrorKind::NotFound.into())
        }
    }

    fn listen(
        flag: Option<&str>,
        variable: Option<&'static str>,
        file: Option<&'static str>,
    ) -> (String, String) {
        let args = SettingArgs {
            listen: flag.map(str::to_owned),
            ..SettingArgs::default()
        };
        let given = Given {
            variables: variable
                .map(|value| ("SITEERROR_LISTEN", value))
                .into_iter()
                .collect(),
            file,
        };
        let config = load(&args, &given).expect("the settings are right");
        (
            config.text("listen").to_owned(),
            config.value("listen").origin.to_string(),
        )
    }

    #[test]
    fn the_nearest_source_wins() {
        let check = |found: (String, String), value: &str, origin: &str| {
            assert_eq!(found, (value.to_owned(), origin.to_owned()));
        };
        let file = Some("# ours\nlisten = \"127.0.0.1:3\"\n");
        check(
            listen(Some("127.0.0.1:1"), Some("127.0.0.1:2"), file),
            "127.0.0.1:1",
            "--listen",
        );
        check(
            listen(None, Some("127.0.0.1:2"), file),
            "127.0.0.1:2",
            "SITEERROR_LISTEN",
        );
        check(listen(None, None, file), "127.0.0.1:3", "siteerror.toml:2");
        check(listen(None, None, None), "127.0.0.1:4040", "default");
    }

    #[test]
    fn all_mistakes_are_told_at_once_with_their_place() {
        let given = Given {
            variables: vec![("SITEERROR_BASE_URL", "ftp://x")],
            file: Some("lisen = \"x\"\nlog_format = \"xml\"\ntagline = 7\n"),
        };
        let mistakes = load(&SettingArgs::default(), &given).expect_err("four mistakes");
        assert_eq!(mistakes.len(), 4, "{mistakes:?}");
        let text = mistakes.join("\n");
        for part in [
            "line 1: unknown setting `lisen`; did you mean `listen`?",
            "siteerror.toml:2",
            "line 3",
            "SITEERROR_BASE_URL",
        ] {
            assert!(text.contains(part), "`{part}` in {text}");
        }
    }

    #[test]
    fn a_named_file_must_be_there() {
        let args = SettingArgs {
            config: Some("gone.toml".to_owned()),
            ..SettingArgs::default()
        };
        let mistakes = load(
            &args,
            &Given {
                variables: vec![],
                file: None,
            },
        )
        .expect_err("there is no file");
        assert!(mistakes[0].contains("`gone.toml`"), "{mistakes:?}");
    }

    #[test]
    fn every_default_is_right_and_every_setting_has_its_flag() {
        let command = crate::args::command();
        let serve = command.find_subcommand("serve").expect("there is `serve`");
        for setting in SETTINGS {
            assert_eq!((setting.check)(setting.default), Ok(()), "{}", setting.key);
            assert!(
                serve
                    .get_arguments()
                    .any(|arg| arg.get_long().map(|long| format!("--{long}"))
                        == Some(setting.flag())),
                "{}",
                setting.key
            );
        }
        assert_eq!(
            serve
                .get_arguments()
                .filter(|arg| arg
                    .get_long()
                    .is_some_and(|long| !["config", "color", "help"].contains(&long)))
                .count(),
            SETTINGS.len()
        );
    }

    #[test]
    fn the_example_file_shows_every_default() {
        let example = include_str!("../../../siteerror.example.toml");
        let bare = example
            .split("#[check]")
            .next()
            .unwrap_or_default()
            .lines()
            .filter(|line| !line.starts_with("# "))
            .map(|line| line.trim_start_matches('#'))
            .collect::<Vec<_>>()
            .join(
                "
",
            );
        let table: BTreeMap<String, String> = toml::from_str(&bare).expect("the example is TOML");
        let defaults: BTreeMap<String, String> = SETTINGS
            .iter()
            .map(|setting| (setting.key.to_owned(), setting.default.to_owned()))
            .collect();
        assert_eq!(table, defaults);
    }

    #[test]
    fn wrong_values_are_told() {
        for wrong in ["inof", "", "loud", "x=", "=info", "info,loud"] {
            assert!(log_filter(wrong).is_err(), "{wrong}");
        }
        for right in ["off", "debug", "siteerror_web=debug", "info,hyper=warn"] {
            assert_eq!(log_filter(right), Ok(()), "{right}");
        }
        for wrong in [
            "https://:99999",
            "https://[::1",
            "https://a'b",
            "ftp://x",
            "x",
            "https://x/?q",
            "https://x:99999",
            "https://u@x",
            "https://x/path",
        ] {
            assert!(base_url(wrong).is_err(), "{wrong}");
        }
        for right in [
            "",
            "https://x",
            "https://x/",
            "HTTPS://example.com:8443",
            "http://[::1]:80",
        ] {
            assert_eq!(base_url(right), Ok(()), "{right}");
        }
        let given = Given {
            variables: vec![("SITEERROR_LISTEM", "x")],
            file: None,
        };
        assert!(
            load(&SettingArgs::default(), &given).expect_err("a typing slip")[0]
                .contains("SITEERROR_LISTEM")
        );
    }

    #[test]
    fn ranges_and_ports_are_checked() {
        for right in ["10.0.0.0/8", "127.0.0.1", "fd00::/8", "::1", "0.0.0.0/0"] {
            assert!(range_of(right).is_ok(), "{right}");
        }
        for wrong in [
            "",
            "10.0.0.0/33",
            "10.0.0.0/",
            "localhost",
            "::/129",
            "10/8",
            "/8",
        ] {
            assert!(range_of(wrong).is_err(), "{wrong}");
        }
        assert_eq!(port_of("3000"), Ok(3000));
        for wrong in ["", "0", "65536", "http", "-1"] {
            assert!(port_of(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn addresses_are_checked() {
        for right in ["127.0.0.1:0", "[::1]:4040", "0.0.0.0:80", "localhost:99"] {
            assert!(address(right).is_ok(), "{right}");
        }
        for wrong in [
            "",
            "4040",
            "127.0.0.1",
            "127.0.0.1:99999",
            "example.com:80",
            "localhost",
        ] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }
}

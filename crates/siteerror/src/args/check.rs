//! The flags of `siteerror check`, which are also the keys of the table `[check]` in a settings file.

use clap::{Args as ClapArgs, ValueEnum};
use serde::Deserialize;

use super::PolicyArg;

const EXAMPLES: &str = "\
Examples:
  siteerror check https://example.com/
  siteerror check --json https://example.com/ | jq '.[0].hops'
  siteerror check --from-file urls.txt --format junit --output report.xml
  siteerror check --from-file https://example.com/sitemap.xml --fail-on failure,5xx
  siteerror check --from-file README.md --format github --baseline known.jsonl

Lists (--from-file) are plain text with a URL a line, JSON lines, sitemaps, Markdown, HTML or CSV, also
compressed with gzip. An index of sitemaps stands for the URLs of all sitemaps in it, which are got first.

What --fail-on takes, with commas: a status (404), a class (5xx), `failure` for anything that ended a
check early or one kind of it (timeout), `error`, `warn` or `info` for findings that grave or graver
(and failures), a rule (hsts-bad), `default` (failure,4xx,5xx), `never`.

Exit status:
  0  nothing of what --fail-on lists
  1  something
  2  wrong usage or configuration
  3  stopped by a signal, with partial results written";

/// What was typed; the settings file fills what was not.
#[derive(Debug, Default, ClapArgs, Deserialize)]
#[command(after_help = EXAMPLES)]
#[serde(default, deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch on the command line"
)]
pub(crate) struct CheckArgs {
    /// What to check
    #[arg(value_name = "URL")]
    #[serde(skip)]
    pub(crate) urls: Vec<String>,
    /// Check the URLs of a list too: a file, `-` for standard input, or the URL of a list
    #[arg(long, value_name = "FILE")]
    #[serde(skip)]
    pub(crate) from_file: Option<String>,
    /// Write results to a file, which is there all at once or not at all
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<String>,
    /// How results look [default: text]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// The same as --format json
    #[arg(long, conflicts_with_all = ["format", "jsonl"])]
    #[serde(skip)]
    pub(crate) json: bool,
    /// The same as --format jsonl
    #[arg(long, conflicts_with = "format")]
    #[serde(skip)]
    pub(crate) jsonl: bool,
    /// Results in the order of the URLs, not as they come
    #[arg(long)]
    pub(crate) ordered: bool,
    /// What must not be: statuses, classes, severities, rules, kinds of failure; see below [default: default]
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub(crate) fail_on: Option<Vec<String>>,
    /// Problems that are known: only new ones count. Without the file, it is written
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<String>,
    /// Remember good results here, and do not ask again within a day
    #[arg(long, value_name = "FILE")]
    pub(crate) cache: Option<String>,
    /// Method of the first request [default: GET]
    #[arg(long, value_name = "NAME", help_heading = "Requests")]
    pub(crate) method: Option<String>,
    /// Send a field, in place of ours of that name
    #[arg(
        long,
        short = 'H',
        value_name = "NAME: VALUE",
        help_heading = "Requests"
    )]
    pub(crate) header: Option<Vec<String>>,
    /// Page that explains these visits, for our User-Agent
    #[arg(long, value_name = "URL", help_heading = "Requests")]
    pub(crate) user_agent_url: Option<String>,
    /// Keep cookies along a chain of redirects
    #[arg(long, help_heading = "Requests")]
    pub(crate) cookies: bool,
    /// Redirects to follow, up to 20 [default: 10]
    #[arg(long, value_name = "N", help_heading = "Requests")]
    pub(crate) max_redirects: Option<usize>,
    /// Try again what may work a moment later [default: 0]
    #[arg(long, value_name = "N", help_heading = "Requests")]
    pub(crate) retries: Option<u32>,
    /// Seconds for one URL with all its redirects [default: 30]
    #[arg(
        long,
        value_name = "S",
        allow_negative_numbers = true,
        help_heading = "Requests"
    )]
    pub(crate) timeout: Option<f64>,
    /// Make up to 8 more requests, to see what the server does with conditions, ranges and codings
    #[arg(long, help_heading = "Requests")]
    pub(crate) probe: bool,
    /// Checks at a time [default: 64]
    #[arg(long, value_name = "N", help_heading = "Manners")]
    pub(crate) concurrency: Option<usize>,
    /// Checks at a time at one host [default: 8]
    #[arg(long, value_name = "N", help_heading = "Manners")]
    pub(crate) per_host: Option<usize>,
    /// Checks a second at one host [default: 20]
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        help_heading = "Manners"
    )]
    pub(crate) rate: Option<f64>,
    /// As fast as it goes: for servers of your own
    #[arg(long, conflicts_with = "rate", help_heading = "Manners")]
    pub(crate) no_rate_limit: bool,
    /// Ask robots.txt first, and leave alone what it closes
    #[arg(long, help_heading = "Manners")]
    pub(crate) robots: bool,
    /// Where checks may go: `local` means anywhere, `public` only where strangers may send us [default: local]
    #[arg(long, value_name = "POLICY", help_heading = "Connections")]
    pub(crate) policy: Option<PolicyArg>,
    /// Go on behind a certificate that does not hold; nothing secret is sent then
    #[arg(long, help_heading = "Connections")]
    pub(crate) insecure: bool,
    /// Trust the certificates of a PEM file as well
    #[arg(long, value_name = "FILE", help_heading = "Connections")]
    pub(crate) cacert: Option<String>,
    /// Speak HTTP/1.1 only
    #[arg(
        long = "http1.1",
        conflicts_with = "http2",
        help_heading = "Connections"
    )]
    #[serde(rename = "http1.1")]
    pub(crate) http1: bool,
    /// Speak HTTP/2 only
    #[arg(long, help_heading = "Connections")]
    pub(crate) http2: bool,
    /// Go through a proxy, such as `http://127.0.0.1:3128`
    #[arg(long, value_name = "URL", help_heading = "Connections")]
    pub(crate) proxy: Option<String>,
    /// Settings file; the default is `siteerror.toml` in the current folder, if there is one
    #[arg(long, value_name = "FILE")]
    #[serde(skip)]
    pub(crate) config: Option<String>,
    /// Show fields too, and what is only worth knowing
    #[arg(long, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
    /// Show only what --fail-on lists, and no progress
    #[arg(long)]
    pub(crate) quiet: bool,
}

/// How results look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    Text,
    Json,
    Jsonl,
    Csv,
    Junit,
    Sarif,
    Markdown,
    Github,
    Html,
}

impl CheckArgs {
    /// What was typed, and from the file what was not.
    pub(crate) fn over(self, file: Self) -> Self {
        // A version, a rate or a loudness that was typed leaves no room for another one.
        let (http1, http2) = if self.http1 || self.http2 {
            (self.http1, self.http2)
        } else {
            (file.http1, file.http2)
        };
        let no_rate_limit = self.no_rate_limit || (self.rate.is_none() && file.no_rate_limit);
        let (verbose, quiet) = if self.verbose || self.quiet {
            (self.verbose, self.quiet)
        } else {
            (file.verbose, file.quiet)
        };
        let format = match (self.json, self.jsonl) {
            (true, _) => Some(Format::Json),
            (_, true) => Some(Format::Jsonl),
            _ => self.format,
        };
        Self {
            urls: self.urls,
            from_file: self.from_file,
            output: self.output.or(file.output),
            format: format.or(file.format),
            json: false,
            jsonl: false,
            ordered: self.ordered || file.ordered,
            fail_on: self.fail_on.or(file.fail_on),
            baseline: self.baseline.or(file.baseline),
            cache: self.cache.or(file.cache),
            method: self.method.or(file.method),
            header: self.header.or(file.header),
            user_agent_url: self.user_agent_url.or(file.user_agent_url),
            cookies: self.cookies || file.cookies,
            max_redirects: self.max_redirects.or(file.max_redirects),
            retries: self.retries.or(file.retries),
            timeout: self.timeout.or(file.timeout),
            probe: self.probe || file.probe,
            concurrency: self.concurrency.or(file.concurrency),
            per_host: self.per_host.or(file.per_host),
            rate: self.rate.or(file.rate),
            no_rate_limit,
            robots: self.robots || file.robots,
            policy: self.policy.or(file.policy),
            insecure: self.insecure || file.insecure,
            cacert: self.cacert.or(file.cacert),
            http1,
            http2,
            proxy: self.proxy.or(file.proxy),
            config: self.config,
            verbose,
            quiet,
        }
    }
}

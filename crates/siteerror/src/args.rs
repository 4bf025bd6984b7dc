//! The command line as typed.

mod check;

use clap::{Args as ClapArgs, CommandFactory as _, Parser, Subcommand, ValueEnum};
use serde::Deserialize;

pub(crate) use check::{CheckArgs, Format};

pub(crate) const EXAMPLES: &str = "\
Examples:
  siteerror 404                   what it means and what to do, on one card
  siteerror show 429 --json       everything about it, for a program
  siteerror list --field Location the codes that come with a field
  siteerror search rate limited   in your own words
  siteerror lint response.http    what the RFCs say about a response in a file
  siteerror check https://x.org   where it leads, what came, and what is wrong with it
  siteerror serve                 the site, on http://127.0.0.1:4040
  siteerror playground            every code and fault for testing clients, in place of httpbin

Exit status:
  0  fine
  1  nothing was found, or what was checked is not fine
  2  wrong usage or configuration
  3  stopped early, with partial results written";

const GUARD_EXAMPLES: &str = "\
Reads lines from standard input, and writes a line for each:
  {\"id\": \"1\", \"url\": \"http://0x7f.1/\"}
  {\"id\":\"1\",\"verdict\":\"blocked\",\"rule\":\"S7\",\"reason\":\"loopback\"}

Optional keys:
  method     GET if there is none
  headers    [[name, value], …]
  locations  what each hop answers in Location: [\"/a\", …]; hops count from 0
  dns        {name: [answers of the 1st query, of the 2nd, …]}, answers as [\"93.184.216.34\", …]

A name without answers is judged as a name alone: \"reason\":\"dns-not-found\". Nothing is looked up or
connected to. A line that cannot be read is answered with an error, and the exit status is 2.";
/// What `siteerror lint --help` shows at its end.
const LINT_EXAMPLES: &str = "\
Examples:
  curl -si http://www.example.com/ | siteerror lint - --url http://www.example.com/
  siteerror lint saved/*.http --fail-on warn
  siteerror lint pasted.txt --text        its lines may end in LF alone
  siteerror lint - --fail-on error,etag-bad --json <response.http

Lines that begin with HTTP/2, as tools print it, are read as fields, not as bytes.

Exit status:
  0  nothing that --fail-on names was found
  1  something was
  2  wrong usage, or no response in a file";

/// What `siteerror playground --help` shows at its end.
const PLAYGROUND_EXAMPLES: &str = "\
Once it runs:
  curl -i http://127.0.0.1:4040/status/503        any code
  curl -v http://127.0.0.1:4040/interim/103/200   an interim response before it
  curl -v http://127.0.0.1:4040/fault/obs-fold    an answer that is wrong
  curl http://127.0.0.1:4040/ -H Accept:text/plain everything that there is";

/// The guide to HTTP status codes that you run yourself.
#[derive(Debug, Parser)]
#[command(name = "siteerror", version, after_help = EXAMPLES, args_conflicts_with_subcommands = true, subcommand_help_heading = "Commands")]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// A status code, or its name: `404`, `not found`
    #[arg(value_name = "CODE")]
    pub(crate) code: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Colours: `auto` means on a terminal, and never against `NO_COLOR`
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show everything about a code
    Show(ShowArgs),
    /// List the codes, all or those that a filter leaves
    List(ListArgs),
    /// Find codes by name, field, or in your own words
    Search(SearchArgs),
    /// Say what the RFCs say about raw responses
    Lint(LintArgs),
    /// Check URLs: redirects, status, timings, certificate, and what is wrong there
    Check(Box<CheckArgs>),
    /// Serve the site
    Serve(SettingArgs),
    /// Serve the playground alone, at the root: every code and fault, for testing clients
    // Settings of the site are taken, since a settings file may be for both, and change nothing here.
    #[command(
        after_help = PLAYGROUND_EXAMPLES,
        mut_arg("site_name", |arg| arg.hide(true)),
        mut_arg("tagline", |arg| arg.hide(true)),
        mut_arg("base_url", |arg| arg.hide(true)),
        mut_arg("playground", |arg| arg.hide(true)),
        mut_arg("playground_listen", |arg| arg.hide(true)),
        mut_arg("check", |arg| arg.hide(true)),
        mut_arg("check_allow_range", |arg| arg.hide(true)),
        mut_arg("check_ports", |arg| arg.hide(true)),
        mut_arg("check_user_agent_url", |arg| arg.hide(true)),
        mut_arg("trusted_proxies", |arg| arg.hide(true)),
    )]
    Playground(SettingArgs),
    /// Say whether URLs may be visited, without visiting them: JSON lines in, JSON lines out
    Guard(GuardArgs),
    /// Print the settings in force, and where each came from
    Config(ConfigArgs),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, of the program or of a command: `siteerror man | man -l -`
    Man {
        /// A command, such as `serve`
        command: Option<String>,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ShowArgs {
    /// A status code, its name, or a word of a log: `404`, `not-found`, `nginx/499`, `404.13`, `haproxy/sC`
    #[arg(value_name = "CODE")]
    pub(crate) code: String,
    /// Print JSON, the same bytes as `/CODE.json` of the site
    #[arg(long, conflicts_with = "markdown")]
    pub(crate) json: bool,
    /// Print Markdown, the same bytes as `/CODE.md` of the site
    #[arg(long)]
    pub(crate) markdown: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ListArgs {
    /// Only this class: 1xx to 5xx
    #[arg(long, value_name = "CLASS")]
    pub(crate) class: Option<String>,
    /// Only this standing: registered, temporary, deprecated, unused, obsoleted, vendor
    #[arg(long, value_name = "STANDING")]
    pub(crate) standing: Option<String>,
    /// Only codes that caches may keep by their own judgement (yes), or only the others (no)
    #[arg(long, value_name = "YES|NO")]
    pub(crate) cacheable: Option<String>,
    /// Only codes whose responses have content forbidden, optional or expected
    #[arg(long, value_name = "CONTENT")]
    pub(crate) content: Option<String>,
    /// Only codes that must, should or may come with a field, such as Retry-After
    #[arg(long, value_name = "FIELD")]
    pub(crate) field: Option<String>,
    /// Only the codes of this shelf: nginx, cloudflare, aws-elb, iis, other; or none, for the registry alone
    #[arg(long, value_name = "SHELF")]
    pub(crate) vendor: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// With --json: everything about each code
    #[arg(long, requires = "json")]
    pub(crate) full: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct SearchArgs {
    /// What to look for
    #[arg(required = true, value_name = "TEXT")]
    pub(crate) text: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = LINT_EXAMPLES)]
pub(crate) struct LintArgs {
    /// Files with a raw response each, perhaps with interim responses before it; `-` is standard input
    #[arg(required_unless_present = "rules", value_name = "FILE")]
    pub(crate) file: Vec<String>,
    /// The raw request that was answered
    #[arg(long, value_name = "FILE")]
    pub(crate) request: Option<String>,
    /// The URL that was asked for
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// When the response came, as in a Date field
    #[arg(long, value_name = "DATE")]
    pub(crate) received_at: Option<String>,
    /// The response is text, as copied from a screen: LF ends lines, and the content may be missing
    #[arg(long)]
    pub(crate) text: bool,
    /// What makes the exit status 1: error, warn, info (each with what is worse), names of rules, or never
    #[arg(long, value_name = "LIST", default_value = "error")]
    pub(crate) fail_on: String,
    /// Print JSON: an object, or an array where there are several files
    #[arg(long)]
    pub(crate) json: bool,
    /// List all rules instead
    #[arg(long, conflicts_with_all = ["file", "request", "url", "received_at", "text"])]
    pub(crate) rules: bool,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = GUARD_EXAMPLES)]
pub(crate) struct GuardArgs {
    /// Whose URLs they are: those of strangers, or those of the person at the terminal, who is only warned
    #[arg(long, value_name = "POLICY", default_value = "public")]
    pub(crate) policy: PolicyArg,
    /// What names resolve to, as `{"NAME": [ANSWERS OF THE 1ST QUERY, OF THE 2ND, …]}`; the `dns` of a line comes first
    #[arg(long, value_name = "FILE")]
    pub(crate) resolver: Option<String>,
}

/// Who chooses the URLs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PolicyArg {
    Public,
    Local,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ConfigArgs {
    #[command(flatten)]
    pub(crate) settings: SettingArgs,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Settings as flags; each is a row of `config::SETTINGS`.
#[derive(Debug, Default, ClapArgs)]
pub(crate) struct SettingArgs {
    /// Settings file; the default is `siteerror.toml` in the current folder, if there is one
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<String>,
    /// Address and port to listen on; port 0 picks a free one
    #[arg(long, value_name = "ADDR:PORT")]
    pub(crate) listen: Option<String>,
    /// Name of the site, in its head, titles and foot
    #[arg(long, value_name = "NAME")]
    pub(crate) site_name: Option<String>,
    /// One sentence for the home page and the foot
    #[arg(long, value_name = "TEXT")]
    pub(crate) tagline: Option<String>,
    /// Public address of the site, for canonical links
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Whether `serve` has the playground under /play: on or off
    #[arg(long, value_name = "ON|OFF")]
    pub(crate) playground: Option<String>,
    /// Address and port where `serve` puts the playground too, so that it shares no origin with the site
    #[arg(long, value_name = "ADDR:PORT")]
    pub(crate) playground_listen: Option<String>,
    /// Path below which `playground` answers, such as /httpbin
    #[arg(long, value_name = "PATH")]
    pub(crate) prefix: Option<String>,
    /// Origins outside of this server that redirects of the playground may lead to, with commas between them
    #[arg(long, value_name = "ORIGINS")]
    pub(crate) redirect_origins: Option<String>,
    /// Open ports with TLS that is wrong in a way each, from this port on, or on free ones; /tls of the playground lists them
    #[arg(long, value_name = "ADDR:PORT", num_args = 0..=1, default_missing_value = "127.0.0.1:0")]
    pub(crate) tls_faults: Option<String>,
    /// Whether `serve` checks URLs for whoever can reach it, under /check: on or off
    #[arg(long, value_name = "ON|OFF")]
    pub(crate) check: Option<String>,
    /// Ranges of addresses that may be checked although they are private, with commas between them: 10.1.0.0/16
    #[arg(long, value_name = "RANGES")]
    pub(crate) check_allow_range: Option<String>,
    /// Ports that may be checked besides 80, 443, 8080 and 8443, with commas between them
    #[arg(long, value_name = "PORTS")]
    pub(crate) check_ports: Option<String>,
    /// Page that explains the visits of the checker, for its User-Agent; without one that is /check of the public address, if that is known
    #[arg(long, value_name = "URL")]
    pub(crate) check_user_agent_url: Option<String>,
    /// Addresses of reverse proxies whose Forwarded and X-Forwarded-For say who asks, with commas between them: 10.0.0.0/8
    #[arg(long, value_name = "RANGES")]
    pub(crate) trusted_proxies: Option<String>,
    /// Folder for what should survive a restart: the bins and mocks of the playground; without one they stay in memory
    #[arg(long, value_name = "FOLDER")]
    pub(crate) data: Option<String>,
    /// What to log: off, error, warn, info, debug, or a filter such as `siteerror_web=debug`
    #[arg(long, value_name = "FILTER")]
    pub(crate) log: Option<String>,
    /// How log lines look: text or json
    #[arg(long, value_name = "FORMAT")]
    pub(crate) log_format: Option<String>,
}

impl SettingArgs {
    /// The flag of a setting, if it was typed.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        match key {
            "listen" => self.listen.as_deref(),
            "site_name" => self.site_name.as_deref(),
            "tagline" => self.tagline.as_deref(),
            "base_url" => self.base_url.as_deref(),
            "playground" => self.playground.as_deref(),
            "playground_listen" => self.playground_listen.as_deref(),
            "prefix" => self.prefix.as_deref(),
            "redirect_origins" => self.redirect_origins.as_deref(),
            "tls_faults" => self.tls_faults.as_deref(),
            "check" => self.check.as_deref(),
            "check_allow_range" => self.check_allow_range.as_deref(),
            "check_ports" => self.check_ports.as_deref(),
            "check_user_agent_url" => self.check_user_agent_url.as_deref(),
            "trusted_proxies" => self.trusted_proxies.as_deref(),
            "data" => self.data.as_deref(),
            "log" => self.log.as_deref(),
            "log_format" => self.log_format.as_deref(),
            _ => None,
        }
    }
}

/// Reads the command line; help, version and wrong usage end the program here.
///
/// # Errors
///
/// What was wrong, in one line.
pub(crate) fn parse() -> Result<Args, String> {
    use clap::error::ErrorKind;
    match Args::try_parse() {
        Ok(args) => Ok(args),
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
            ) =>
        {
            error.exit()
        }
        Err(error) => Err(one_line(&error)),
    }
}

/// The parts of a usage error as one line: what is wrong, and the tips.
fn one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let kept = text
        .lines()
        .map(str::trim)
        .take_while(|line| !line.starts_with("Usage:"));
    let parts: Vec<&str> = kept
        .filter(|line| !line.is_empty())
        .map(|line| line.trim_start_matches("error: "))
        .collect();
    parts.join(" ")
}

/// The command line as a description, for completions and manual pages.
pub(crate) fn command() -> clap::Command {
    Args::command()
}

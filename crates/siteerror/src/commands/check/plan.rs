//! Flags and settings, checked: what is made of them before anything is connected to.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use siteerror_check::bulk::{Baseline, Cache, Manners};
use siteerror_check::check::Clock;
use siteerror_check::{
    Checker, Fixed, HttpVersion, Limits, Options, Reach, Resolver, Roots, Settings, System,
    introduction,
};
use siteerror_guard::show::mask_url;
use siteerror_guard::{Guard, Policy, Rules};

use super::fail_on::FailOn;
use crate::args::{CheckArgs, Format, PolicyArg};
use crate::config::explaining;

/// More redirects than these are never followed.
const MOST_REDIRECTS: usize = siteerror_guard::chain::MOST_REDIRECTS;
/// A good result is not asked for again within a day.
const CACHE_AGE_S: i64 = 24 * 60 * 60;
/// Checks a second at one host that nobody minds.
const RATE: f64 = 20.0;
/// So many checks at a time are more than one machine has sockets for.
const MOST_AT_A_TIME: usize = 10_000;
const LONGEST_S: f64 = 24.0 * 60.0 * 60.0;

/// What is wrong, and what to do.
pub(super) type Mistake = (String, Option<String>);

/// All that a run goes by.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) urls: Vec<String>,
    pub(super) list: Option<String>,
    pub(super) output: Option<PathBuf>,
    pub(super) format: Format,
    pub(super) verbose: bool,
    pub(super) quiet: bool,
    pub(super) options: Options,
    pub(super) manners: Manners,
    pub(super) fail_on: FailOn,
    /// The file, and what is in it if it is there.
    pub(super) baseline: Option<(PathBuf, Option<Baseline>)>,
    pub(super) cache: Option<(PathBuf, Cache)>,
    policy: Policy,
    limits: Limits,
    roots: Roots,
    proxy: Option<String>,
}

impl Plan {
    /// Checks what was asked for.
    pub(super) fn new(args: CheckArgs, now_unix_s: i64) -> Result<Self, Mistake> {
        if args.urls.is_empty() && args.from_file.is_none() {
            return Err((
                "there is nothing to check".to_owned(),
                Some("give a URL, or a list with --from-file".to_owned()),
            ));
        }
        for url in &args.urls {
            with_scheme(url)?;
        }
        let policy = match args.policy {
            Some(PolicyArg::Public) => Policy::Public,
            Some(PolicyArg::Local) | None => Policy::Local,
        };
        let mut limits = Limits::default();
        if let Some(seconds) = args.timeout {
            time(&mut limits, seconds)?;
        }
        let fail_on = args.fail_on.as_deref().map(FailOn::parse).transpose();
        let fail_on = fail_on.map_err(|(what, hint)| (what, Some(hint)))?;
        let roots = match file(args.cacert.as_ref()) {
            None => Roots::System,
            Some(path) => Roots::EmbeddedAnd(std::fs::read(&path).map_err(|error| {
                let what = format!("cannot read `{}` (--cacert): {error}", path.display());
                (
                    what,
                    Some("give a file with certificates in PEM form".to_owned()),
                )
            })?),
        };
        let proxy = args.proxy.clone().filter(|proxy| !proxy.is_empty());
        Ok(Self {
            options: options(&args, policy, &limits)?,
            manners: manners(&args)?,
            fail_on: fail_on.unwrap_or_default(),
            baseline: file(args.baseline.as_ref()).map(baseline).transpose()?,
            cache: file(args.cache.as_ref())
                .map(|path| cache(path, now_unix_s))
                .transpose()?,
            list: args.from_file,
            urls: args.urls,
            output: file(args.output.as_ref()),
            format: args.format.unwrap_or(Format::Text),
            verbose: args.verbose,
            quiet: args.quiet,
            policy,
            limits,
            roots,
            proxy,
        })
    }

    /// Whether there is one URL, which is told about in full.
    pub(super) fn is_one(&self) -> bool {
        self.urls.len() == 1 && self.list.is_none()
    }

    /// Makes the checker. It belongs into a runtime, since the resolver does.
    pub(super) fn checker(&self, clock: Clock) -> Result<Checker, Mistake> {
        let guard = Guard::new(Rules {
            policy: self.policy,
            ..Rules::default()
        });
        let proxy = match &self.proxy {
            None => None,
            Some(url) => Some(guard.url(url).map_err(|refusal| {
                let what = format!("`{}` is no proxy: {}", mask_url(url), refusal.reason.text());
                (
                    what,
                    Some("give one such as http://127.0.0.1:3128".to_owned()),
                )
            })?),
        };
        let settings = Settings {
            guard,
            resolver: self.resolver(),
            limits: self.limits,
            roots: self.roots.clone(),
            proxy,
            clock,
        };
        Checker::new(settings).map_err(|error| {
            let mut what = error.to_string();
            let mut source = std::error::Error::source(&error);
            while let Some(error) = source {
                what = format!("{what}: {error}");
                source = error.source();
            }
            (what, None)
        })
    }

    /// The resolver of the system.
    fn resolver(&self) -> Resolver {
        let reach = match self.policy {
            Policy::Public => Reach::Public,
            Policy::Local => Reach::Local,
        };
        let names = self.limits.names;
        match System::new(reach, &names) {
            Ok(system) => Resolver::new(Arc::new(system), names),
            // Without a resolver, addresses can still be visited; names are told as not found.
            Err(_) => Resolver::new(Arc::new(Fixed::default()), names),
        }
    }
}

/// Refuses a URL as people say it, with the one that they mean.
fn with_scheme(url: &str) -> Result<(), Mistake> {
    if url.contains("://") {
        return Ok(());
    }
    let authority = url.split(['/', '?', '#']).next().unwrap_or_default();
    let (userinfo, host) = match authority.rsplit_once('@') {
        Some((userinfo, host)) => (Some(userinfo), host),
        None => (None, authority),
    };
    let port = host.rsplit_once(':').map(|(_, port)| port);
    let has_port = port.is_some_and(|port| port.parse::<u16>().is_ok());
    // `mailto:` and the like are schemes, and are told what they are by the guard.
    let is_bare = match userinfo {
        Some(userinfo) => !userinfo.starts_with("mailto:"),
        None => port.is_none() || has_port || host.starts_with('['),
    };
    if !is_bare {
        return Ok(());
    }
    let here = ["localhost", "127.", "[", "0.0.0.0", "10.", "192.168."];
    let scheme = if has_port || here.iter().any(|name| host.starts_with(name)) {
        "http"
    } else {
        "https"
    };
    let shown = mask_url(url);
    let hint = (!host.is_empty()).then(|| format!("did you mean {scheme}://{shown}?"));
    Err((format!("`{shown}` has no scheme"), hint))
}

/// A path, unless it is empty, which in a settings file means none.
fn file(text: Option<&String>) -> Option<PathBuf> {
    text.filter(|text| !text.is_empty()).map(PathBuf::from)
}

/// The whole check has so long, and so has the server to answer: whoever says a number means to wait.
fn time(limits: &mut Limits, seconds: f64) -> Result<(), Mistake> {
    if !(seconds > 0.0 && seconds <= LONGEST_S) {
        let what = format!("`--timeout` cannot be {seconds}");
        return Err((
            what,
            Some("give seconds, above 0 and up to a day".to_owned()),
        ));
    }
    let total = Duration::from_secs_f64(seconds);
    let time = &mut limits.time;
    time.total = total;
    time.dns = time.dns.min(total);
    time.connect = time.connect.min(total);
    time.tls = time.tls.min(total);
    time.first_byte = total;
    time.head = total;
    time.between_reads = total;
    Ok(())
}

fn options(args: &CheckArgs, policy: Policy, limits: &Limits) -> Result<Options, Mistake> {
    let max_redirects = args.max_redirects.unwrap_or(limits.redirects.hops);
    if max_redirects > MOST_REDIRECTS {
        let what = format!("`--max-redirects` cannot be {max_redirects}");
        return Err((what, Some(format!("{MOST_REDIRECTS} is the most"))));
    }
    let mut fields = Vec::new();
    for line in args.header.iter().flatten() {
        let Some((name, value)) = line.split_once(':') else {
            return Err((
                "`--header` needs a colon".to_owned(),
                Some("write it as 'Name: value'".to_owned()),
            ));
        };
        fields.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    if let Some(page) = args.user_agent_url.as_ref().filter(|page| !page.is_empty()) {
        explaining(page)
            .map_err(|what| (format!("`--user-agent-url` cannot be this: {what}"), None))?;
        let is_given = fields
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("user-agent"));
        fields.extend(
            introduction(page)
                .filter(|_| !is_given)
                .map(|words| ("User-Agent".to_owned(), words)),
        );
    }
    let method = args.method.clone().unwrap_or_else(|| "GET".to_owned());
    // Asked here, a mistake ends the run at once, and not once for each URL.
    let guard = Guard::new(Rules {
        policy,
        ..Rules::default()
    });
    if let Err(refusal) = guard.request(&method, &fields) {
        let what = format!("this request cannot be sent: {}", refusal.reason.text());
        return Err((what, Some("see --method and --header".to_owned())));
    }
    Ok(Options {
        method,
        fields,
        max_redirects,
        cookies: args.cookies,
        insecure: args.insecure,
        version: match (args.http1, args.http2) {
            (true, _) => HttpVersion::Http1,
            (_, true) => HttpVersion::Http2,
            _ => HttpVersion::Any,
        },
        probes: args.probe,
        retries: args.retries.unwrap_or_default(),
        ..Options::default()
    })
}

fn manners(args: &CheckArgs) -> Result<Manners, Mistake> {
    let usual = Manners::default();
    let within = |flag: &str, number: Option<usize>, usual: usize| match number {
        Some(number) if number == 0 || number > MOST_AT_A_TIME => {
            let what = format!("`{flag}` cannot be {number}");
            Err((
                what,
                Some(format!("give a number from 1 to {MOST_AT_A_TIME}")),
            ))
        }
        number => Ok(number.unwrap_or(usual)),
    };
    let rate = args.rate.unwrap_or(RATE);
    if !(rate > 0.0 && rate.is_finite()) {
        let what = format!("`--rate` cannot be {rate}");
        let hint = "give checks a second, such as 0.5 or 20; --no-rate-limit means any number";
        return Err((what, Some(hint.to_owned())));
    }
    Ok(Manners {
        concurrency: within("--concurrency", args.concurrency, usual.concurrency)?,
        per_host: within("--per-host", args.per_host, usual.per_host)?,
        per_host_a_second: (!args.no_rate_limit).then_some(rate),
        ordered: args.ordered,
        robots: args.robots,
        ..usual
    })
}

fn baseline(path: PathBuf) -> Result<(PathBuf, Option<Baseline>), Mistake> {
    let file = match std::fs::File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok((path, None)),
        Err(error) => return Err(unreadable(&path, &error)),
    };
    match Baseline::read(std::io::BufReader::new(file)) {
        Ok(baseline) => Ok((path, Some(baseline))),
        Err(error) => Err(unreadable(&path, &error)),
    }
}

fn cache(path: PathBuf, now_unix_s: i64) -> Result<(PathBuf, Cache), Mistake> {
    let file = match std::fs::File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok((path, Cache::new(CACHE_AGE_S)));
        }
        Err(error) => return Err(unreadable(&path, &error)),
    };
    match Cache::read(std::io::BufReader::new(file), CACHE_AGE_S, now_unix_s) {
        Ok(cache) => Ok((path, cache)),
        Err(error) => Err(unreadable(&path, &error)),
    }
}

fn unreadable(path: &std::path::Path, error: &dyn std::error::Error) -> Mistake {
    let what = format!("cannot use `{}`: {error}", path.display());
    (
        what,
        Some("name another file, or remove it to begin anew".to_owned()),
    )
}

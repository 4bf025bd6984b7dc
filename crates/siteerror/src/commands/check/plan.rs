//! Flags and settings, checked: what is made of them before anything is connected to.

mod kept;
mod request;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use siteerror_check::bulk::{Baseline, Cache, Manners};
use siteerror_check::check::Clock;
use siteerror_check::{Checker, Fixed, Limits, Options, Reach, Resolver, Roots, Settings, System};
use siteerror_guard::show::mask_url;
use siteerror_guard::{Guard, Policy, Rules};

use self::kept::{baseline, cache, file};
use self::request::{options, with_scheme};
use super::fail_on::FailOn;
use crate::args::{CheckArgs, Format, PolicyArg};

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

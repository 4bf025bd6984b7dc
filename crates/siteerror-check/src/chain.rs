//! From a URL to the end of its redirects, hop by hop. Every hop is judged like a first URL; what may not cross an origin stays behind.

mod cookies;
mod step;
mod visit;

use std::ops::ControlFlow;

use siteerror_guard::{Origin, Refusal, Stop, Target, Trail, Verdict};
use tokio::time::Instant;

use crate::check::{Inner, Options};
use crate::failure::{Failure, Fault, Kind, Phase};
use crate::hop::{Hop, Scratch};
use crate::hosts::House;
use crate::observe::{Observer, Progress};
use crate::pool::Pool;
use cookies::Jar;
use step::Step;
pub(crate) use step::shown;
pub(crate) use visit::{Visit, visit};

/// What a check goes by.
#[derive(Clone, Copy)]
pub(crate) struct Job<'a> {
    pub(crate) checker: &'a Inner,
    pub(crate) options: &'a Options,
    pub(crate) pool: &'a Pool,
    /// When all of it ends.
    pub(crate) end: Instant,
    /// How hosts are treated, where many are visited.
    pub(crate) house: Option<House<'a>>,
}

/// A chain as far as it went.
#[derive(Debug)]
pub(crate) struct Chain {
    pub(crate) hops: Vec<Hop>,
    pub(crate) failure: Option<Failure>,
    pub(crate) requests: u32,
    /// The last target, for probes, and whether what stays with an origin may be sent there.
    pub(crate) last: Option<(Target, bool)>,
    /// The host at which it ended, and where its manners count; none if it was on its way to another.
    pub(crate) host: Option<String>,
    /// The hop that it came back to, if it goes round.
    pub(crate) loops_to: Option<usize>,
    /// What is worth knowing about the URLs, with their hops.
    pub(crate) warnings: Vec<(usize, siteerror_guard::Warning)>,
}

/// Where a chain starts.
#[derive(Debug)]
pub(crate) struct Start<'a> {
    /// As it was given.
    pub(crate) url: &'a str,
    /// As it was judged.
    pub(crate) target: Result<Target, Refusal>,
}

/// Follows a URL to its end.
pub(crate) async fn follow(
    job: Job<'_>,
    start: Start<'_>,
    scratch: &mut Scratch,
    observer: &mut impl Observer,
) -> Chain {
    let guard = &job.checker.guard;
    let mut chain = Chain {
        hops: Vec::new(),
        failure: None,
        requests: 0,
        last: None,
        loops_to: None,
        host: Some(
            start
                .target
                .as_ref()
                .map_or("", Target::host_text)
                .to_owned(),
        ),
        warnings: Vec::new(),
    };
    let judged = start.target.and_then(|target| {
        guard.request(&job.options.method, &job.options.fields)?;
        Ok(target)
    });
    let target = match judged {
        Ok(target) => target,
        Err(refusal) => {
            chain.failure = Some(refused(refusal).at(0));
            return chain;
        }
    };
    let mut walk = Walk {
        first: target.origin(),
        target,
        method: job.options.method.clone(),
        trail: Trail::new(job.options.max_redirects),
        jar: job
            .options
            .cookies
            .then(|| Jar::new(job.checker.limits.cookies)),
        secrets: true,
    };
    while walk
        .one(job, &mut chain, scratch, observer)
        .await
        .is_continue()
    {}
    chain
}

/// Where a chain is.
struct Walk {
    target: Target,
    method: String,
    trail: Trail,
    jar: Option<Jar>,
    first: Origin,
    /// Whether what stays with an origin may still be sent.
    secrets: bool,
}

impl Walk {
    /// One hop, and where it leads.
    async fn one(
        &mut self,
        job: Job<'_>,
        chain: &mut Chain,
        scratch: &mut Scratch,
        observer: &mut impl Observer,
    ) -> ControlFlow<()> {
        let target = &self.target;
        // What was left behind is not taken up again when a chain comes back.
        self.secrets = self.secrets && target.origin() == self.first;
        let now = job.checker.now_unix_s();
        let cookie = self.jar.as_ref().and_then(|jar| jar.field(target, now));
        let sent = cookie.as_deref().unwrap_or_default();
        let index = match self.trail.visit(&self.method, target, sent) {
            Ok(index) => index,
            Err(stop) => {
                let last = chain.hops.len().saturating_sub(1);
                chain.failure = Some(stopped(stop).at(last));
                chain.loops_to = stop.first();
                return ControlFlow::Break(());
            }
        };
        let shown = step::shown(target.url().as_str());
        observer.see(Progress::HopStarted {
            hop: index,
            url: &shown,
        });
        let ask = Visit {
            target,
            method: &self.method,
            secrets: self.secrets,
            cookie: cookie.as_deref(),
            extra: &[],
            index,
        };
        let mut hop = Hop::new(shown, &self.method);
        let fault = visit(job, &ask, &mut hop, &mut chain.requests, scratch, observer).await;
        let warnings = target.warnings().iter();
        chain
            .warnings
            .extend(warnings.map(|warning| (index, *warning)));
        if let (Some(jar), Some(head)) = (&mut self.jar, hop.head()) {
            jar.take(target, head.fields(), now);
        }
        let leads = step::next(&job.checker.guard, target, &hop, fault.as_ref());
        hop.leads_on = matches!(leads, Step::Go(_) | Step::Refused { .. });
        hop.location = match &leads {
            Step::Go(next) => Some(step::shown(next.url().as_str())),
            Step::Refused { url, .. } => Some(url.clone()),
            Step::Stay | Step::Bad(_) => step::said(&hop),
        };
        observer.see(Progress::HopDone {
            hop: index,
            result: &hop,
        });
        let status = hop.status().unwrap_or_default();
        chain.hops.push(hop);
        let end = match leads {
            Step::Go(next) => match self.trail.may_go_on() {
                Ok(()) => return self.go(job, status, *next, chain, scratch).await,
                Err(stop) => Some(stopped(stop).at(index)),
            },
            Step::Stay => fault.map(|fault| fault.at(index)),
            Step::Bad(bad) => Some(bad.at(index)),
            Step::Refused { refusal, url } => {
                chain.hops.push(Hop::new(url, &self.method));
                Some(refused(refusal).at(index.saturating_add(1)))
            }
        };
        chain.failure = end;
        if job.options.probes {
            chain.last = Some((self.target.clone(), self.secrets));
        }
        ControlFlow::Break(())
    }

    /// Goes on to the next target, if its host has room and robots.txt lets us.
    async fn go(
        &mut self,
        job: Job<'_>,
        status: u16,
        next: Target,
        chain: &mut Chain,
        scratch: &mut Scratch,
    ) -> ControlFlow<()> {
        step::change_method(status, &mut self.method);
        self.target = next;
        let Some(house) = job.house else {
            return ControlFlow::Continue(());
        };
        match cross(job, house, &self.target, &mut chain.host, scratch).await {
            Ok(()) => ControlFlow::Continue(()),
            Err(fault) => {
                let url = step::shown(self.target.url().as_str());
                chain.failure = Some(fault.at(chain.hops.len()));
                chain.hops.push(Hop::new(url, &self.method));
                ControlFlow::Break(())
            }
        }
    }
}

/// Goes on to another host with the manners that the first one got.
async fn cross(
    job: Job<'_>,
    house: House<'_>,
    next: &Target,
    host: &mut Option<String>,
    scratch: &mut Scratch,
) -> Result<(), Fault> {
    if host.as_deref() == Some(next.host_text()) {
        house.again();
    } else {
        let from = host.take().unwrap_or_default();
        let crossing = house.cross(&from, next.host_text());
        let crossed = scratch.timer.until(job.end, crossing).await;
        crossed.map_err(|_| Fault::timeout(Phase::Total))?;
        *host = Some(next.host_text().to_owned());
    }
    if house.allows(next, job.end, scratch).await {
        return Ok(());
    }
    Err(forbidden())
}

/// What robots.txt says no to.
pub(crate) fn forbidden() -> Fault {
    Fault {
        kind: Kind::Blocked,
        phase: None,
        rule: Some("robots".to_owned()),
        text: "robots.txt asks programs like this one not to come here".to_owned(),
    }
}

/// A refusal of the guard as a fault.
pub(crate) fn refused(refusal: Refusal) -> Fault {
    let kind = match refusal.verdict {
        Verdict::Invalid => Kind::InvalidUrl,
        _ => Kind::Blocked,
    };
    Fault {
        kind,
        phase: None,
        rule: Some(refusal.rule.id().to_owned()),
        text: refusal.reason.text().to_owned(),
    }
}

fn stopped(stop: Stop) -> Fault {
    let (kind, text) = match stop {
        Stop::Loop { first } => (
            Kind::RedirectLoop,
            format!("the redirect leads back to hop {first}"),
        ),
        Stop::TooMany => (
            Kind::TooManyRedirects,
            Kind::TooManyRedirects.text().to_owned(),
        ),
    };
    Fault {
        kind,
        phase: None,
        rule: None,
        text,
    }
}

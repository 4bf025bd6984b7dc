//! Redirects are ours (S9): what was asked before is remembered, so that loops end, and a whole chain can be judged without anybody being asked.

use std::net::IpAddr;

use crate::guard::Guard;
use crate::target::Target;
use crate::verdict::{Reason, Refusal, Rule, Warning};

/// So many redirects are followed unless somebody chooses.
pub const REDIRECTS: usize = 10;
/// So many redirects can be chosen at most.
pub const MOST_REDIRECTS: usize = 20;

/// The requests of a chain so far.
#[derive(Debug, Clone)]
pub struct Trail {
    limit: usize,
    seen: Vec<Request>,
}

/// What makes two requests the same.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Request {
    method: String,
    url: String,
    cookies: String,
}

/// Why a chain goes no further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The request was made before, at this hop.
    Loop {
        /// The hop that the chain has come back to.
        first: usize,
    },
    /// It would be one redirect too many.
    TooMany,
}

impl Stop {
    /// The same as a refusal.
    pub const fn refusal(self) -> Refusal {
        Refusal::blocked(
            Rule::S9,
            match self {
                Self::Loop { .. } => Reason::RedirectLoop,
                Self::TooMany => Reason::TooManyRedirects,
            },
        )
    }

    /// The hop that a loop leads back to.
    pub const fn first(self) -> Option<usize> {
        match self {
            Self::Loop { first } => Some(first),
            Self::TooMany => None,
        }
    }
}

impl Default for Trail {
    fn default() -> Self {
        Self::new(REDIRECTS)
    }
}

impl Trail {
    /// A chain of at most so many redirects, and never more than [`MOST_REDIRECTS`].
    pub fn new(redirects: usize) -> Self {
        Self {
            limit: redirects.min(MOST_REDIRECTS),
            seen: Vec::new(),
        }
    }

    /// Whether another redirect may be followed.
    ///
    /// # Errors
    ///
    /// [`Stop::TooMany`] if not.
    pub const fn may_go_on(&self) -> Result<(), Stop> {
        if self.seen.len() > self.limit {
            return Err(Stop::TooMany);
        }
        Ok(())
    }

    /// Notes the next request and gives its hop, from 0. `cookies` is the Cookie field that will be sent, or nothing.
    ///
    /// # Errors
    ///
    /// [`Stop::Loop`] for a request that was made before: same method, same URL apart from its fragment, same cookies. [`Stop::TooMany`] past the limit.
    pub fn visit(&mut self, method: &str, target: &Target, cookies: &str) -> Result<usize, Stop> {
        self.may_go_on()?;
        let mut url = target.url().clone();
        url.set_fragment(None);
        let request = Request {
            method: method.to_owned(),
            url: url.into(),
            cookies: cookies.to_owned(),
        };
        if let Some(first) = self.seen.iter().position(|seen| *seen == request) {
            return Err(Stop::Loop { first });
        }
        self.seen.push(request);
        Ok(self.seen.len().saturating_sub(1))
    }
}

/// A chain to judge: a request, and what each hop answers in Location.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The first URL.
    pub url: &'a [u8],
    /// The method of every hop.
    pub method: &'a str,
    /// The fields that somebody chose.
    pub fields: &'a [(String, String)],
    /// Location of hop 0, of hop 1, and so on.
    pub locations: &'a [&'a [u8]],
    /// How many redirects are followed.
    pub redirects: usize,
}

/// How a chain was judged.
#[derive(Debug, Clone, Default)]
pub struct Walk {
    /// The hops that are allowed, in order.
    pub targets: Vec<Target>,
    /// Where it ended, and why.
    pub refusal: Option<(usize, Refusal)>,
    /// The hop that a loop leads back to.
    pub first: Option<usize>,
    /// What is worth knowing, with its hop.
    pub warnings: Vec<(usize, Warning)>,
    /// Hops whose names had no answer, so that no address of theirs was judged.
    pub not_found: Vec<usize>,
}

/// Judges a chain hop by hop, as a check would. `ask` gives the answers to each lookup in turn: every hop to a name asks anew.
///
/// A name without answers does not end the walk: where the chain would lead is judged all the same.
pub fn walk(guard: &Guard, asked: Asked<'_>, mut ask: impl FnMut(&str) -> Vec<IpAddr>) -> Walk {
    let mut walk = Walk::default();
    let mut trail = Trail::new(asked.redirects);
    let mut next = guard.url(asked.url).and_then(|target| {
        guard.request(asked.method, asked.fields)?;
        Ok(target)
    });
    let mut locations = asked.locations.iter();
    loop {
        let hop = walk.targets.len();
        let judged = next.and_then(|target| {
            trail.visit(asked.method, &target, "").map_err(|stop| {
                walk.first = stop.first();
                stop.refusal()
            })?;
            let answers = target.name().map(&mut ask);
            let addresses = guard.answers(&target, answers.as_deref().unwrap_or_default())?;
            if answers.is_some_and(|answers| answers.is_empty()) {
                walk.not_found.push(hop);
            }
            let of_addresses = addresses
                .iter()
                .filter_map(super::answers::JudgedAddr::warning);
            let warnings = target.warnings().iter().copied().chain(of_addresses);
            for warning in warnings.map(|warning| (hop, warning)) {
                if !walk.warnings.contains(&warning) {
                    walk.warnings.push(warning);
                }
            }
            Ok(target)
        });
        let target = match judged {
            Ok(target) => target,
            Err(refusal) => {
                walk.refusal = Some((hop, refusal));
                return walk;
            }
        };
        let Some(location) = locations.next() else {
            walk.targets.push(target);
            return walk;
        };
        next = match trail.may_go_on() {
            Ok(()) => guard.location(&target, location),
            Err(stop) => Err(stop.refusal()),
        };
        walk.targets.push(target);
    }
}

//! A file from a URL, such as a sitemap: fetched like anything else that is checked, and kept whole. It is for the person who named it: what a stranger asks for is
//! measured and never shown.

use std::sync::Arc;

use tokio::time::{Instant, sleep};

use crate::chain::{Job, Start};
use crate::check::{Checker, Inner, KEPT_BY_ONE, Options, look, wait};
use crate::content::Hash;
use crate::failure::Failure;
use crate::hop::Scratch;
use crate::pool::Pool;
use crate::report::Report;

/// Bytes that a compressed byte may become: more than any gzip member has, so that only the limit of the whole ends it.
const RATIO: u64 = 1100;

/// What came.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// Where it stands: the URL behind all redirects, its secrets masked.
    pub url: String,
    /// The status of the last response; none if there was none.
    pub status: Option<u16>,
    /// What ended it early.
    pub failure: Option<Failure>,
    /// The content as it was sent: what Content-Encoding says was not undone.
    pub content: Vec<u8>,
    /// The content codings that it came with and that are known here, in the order in which they would come off.
    pub codings: Vec<&'static str>,
    /// Whether there was more of it than wanted.
    pub truncated: bool,
}

impl Checker {
    /// Gets a file by GET, up to `most` bytes, through the same guard, names, trust and proxy as every check. Options that make no sense for it, as the method
    /// and probes, do not count; it asks for gzip at most.
    pub async fn fetch(&self, url: &str, options: &Options, most: u64) -> Fetched {
        let mut limits = self.0.limits;
        limits.wire.body_bytes = most;
        limits.decoding.bytes = most;
        limits.decoding.ratio = RATIO;
        let roomy = Inner {
            guard: self.0.guard.clone(),
            resolver: Arc::clone(&self.0.resolver),
            limits,
            tls: Arc::clone(&self.0.tls),
            proxy: self.0.proxy.clone(),
            clock: self.0.clock.clone(),
        };
        let mut options = Options {
            method: "GET".to_owned(),
            probes: false,
            hash: Hash::None,
            ..options.clone()
        };
        let codings = "Accept-Encoding";
        let fields = &mut options.fields;
        fields.retain(|(name, _)| !name.eq_ignore_ascii_case(codings));
        fields.push((codings.to_owned(), "gzip".to_owned()));
        let pool = Pool::new(KEPT_BY_ONE);
        let end = Instant::now() + limits.time.total;
        let mut scratch = Scratch::new();
        let mut attempts = 1_u32;
        loop {
            let start = Start {
                url,
                target: roomy.guard.url(url).and_then(|target| {
                    roomy.guard.request(&options.method, &options.fields)?;
                    Ok(target)
                }),
            };
            let job = Job {
                checker: &roomy,
                options: &options,
                pool: &pool,
                end,
                house: None,
            };
            let report = look(job, start, &mut scratch).await;
            let wait = wait(&report, attempts);
            if attempts > options.retries || !report.may_pass() || Instant::now() + wait >= end {
                return fetched(report);
            }
            attempts = attempts.saturating_add(1);
            sleep(wait).await;
        }
    }
}

fn fetched(mut report: Report) -> Fetched {
    let (url, status) = (report.final_url().to_owned(), report.status());
    let last = report.hops.pop();
    let looked = last.as_ref().and_then(|hop| hop.content.clone());
    let looked = looked.unwrap_or_default();
    let response = last
        .and_then(|hop| hop.exchange)
        .and_then(|exchange| exchange.received.response);
    Fetched {
        url,
        status,
        failure: report.failure,
        content: response.map_or_else(Vec::new, |response| response.body.content().into_owned()),
        codings: looked.codings,
        truncated: looked.truncated,
    }
}

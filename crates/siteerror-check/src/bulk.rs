//! Many URLs: they stream in, reports stream out, and only a window of them is in memory, however many there are. Hosts are treated with manners.
//!
//! Tasks take work from a board, use connections of one pool over and over again, and hand reports to the caller through a channel with a bound.

mod baseline;
mod board;
mod cache;
mod robots;

use std::collections::BTreeMap;
use std::future::Future;
use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

pub use baseline::{Baseline, BaselineError};
use board::{Board, Task};
pub use cache::{Cache, CacheError};
use robots::Robots;

use siteerror_guard::Target;

use crate::chain::{self, Start};
use crate::check::{Checker, Options, attempt, wait};
use crate::hop::Scratch;
use crate::hosts::House;
use crate::pool::Pool;
use crate::report::Report;

/// How hosts are treated, and how much is done at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Manners {
    /// Checks at a time.
    pub concurrency: usize,
    /// Checks at a time that begin at one host.
    pub per_host: usize,
    /// Checks a second that begin at one host; none is as fast as it goes.
    pub per_host_a_second: Option<f64>,
    /// Whether reports come in the order of the URLs.
    pub ordered: bool,
    /// Whether robots.txt is asked first (RFC 9309). What it forbids is reported as blocked.
    pub robots: bool,
    /// The longest that a host is left alone after a 429 or a 503, whatever its Retry-After says.
    pub longest_pause: Duration,
    /// When all of it ends, done or not.
    pub deadline: Option<Duration>,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            concurrency: 64,
            per_host: 8,
            per_host_a_second: None,
            ordered: false,
            robots: false,
            longest_pause: Duration::from_mins(1),
            deadline: None,
        }
    }
}

/// A URL that is done.
#[derive(Debug)]
pub struct Done {
    /// Its place among the URLs, from 0.
    pub index: u64,
    /// What was found out.
    pub report: Report,
}

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// All URLs are done.
    Complete,
    /// It was stopped, by its deadline, by its caller or by whoever takes the reports: some URLs are not done.
    Stopped,
}

/// URLs that wait for their turn. Many, so that a slow host at the head of a list does not hold up the others.
const WINDOW: usize = 8192;

/// URLs that are read before others get their turn.
const READ_AT_A_TIME: u64 = 16;

/// Reports that wait to be taken.
const REPORTS: usize = 256;

/// Checks URLs until there are no more, or until `stop` is ready.
///
/// `take` gets the reports, one by one; [`ControlFlow::Break`] ends the job. Where a cache is given, what it remembers is not asked again.
pub async fn bulk(
    checker: &Checker,
    options: &Options,
    manners: Manners,
    urls: impl Stream<Item = String>,
    mut cache: Option<&mut Cache>,
    stop: impl Future<Output = ()>,
    mut take: impl FnMut(Done) -> ControlFlow<()>,
) -> Ended {
    let manners = Manners {
        concurrency: manners.concurrency.max(1),
        per_host: manners.per_host.max(1),
        ..manners
    };
    let (send, mut receive) = mpsc::channel(REPORTS);
    let job = Arc::new(Job {
        checker: checker.clone(),
        options: options.clone(),
        manners,
        pool: Pool::new(manners.concurrency.saturating_mul(2)),
        board: Board::new(manners),
        robots: Robots::default(),
        send,
    });
    // Dropping the set ends its tasks, also when this future is dropped.
    let mut workers = JoinSet::new();
    // A deadline that no clock can show is none.
    let until = manners
        .deadline
        .and_then(|deadline| Instant::now().checked_add(deadline));
    let mut stop = pin!(stop);
    let mut urls = pin!(urls.fuse());
    let mut more = true;
    let mut read = 0_u64;
    let mut out = Outlet {
        next: manners.ordered.then_some(0),
        held: BTreeMap::new(),
        given: 0,
    };
    loop {
        if !more && out.given == read {
            return Ended::Complete;
        }
        let held_up = manners.ordered && read.saturating_sub(out.given) >= WINDOW as u64;
        let room = job.board.has_room() && !held_up;
        tokio::select! {
            biased;
            () = &mut stop => return Ended::Stopped,
            () = sleep_until(until.unwrap_or_else(Instant::now)), if until.is_some() => return Ended::Stopped,
            Some(done) = receive.recv() => {
                let mut next = Some(done);
                while let Some(done) = next {
                    if let Some(cache) = cache.as_deref_mut() {
                        cache.remember(&done);
                    }
                    if out.give(done.done, &mut take).is_break() {
                        return Ended::Stopped;
                    }
                    next = receive.try_recv().ok();
                }
            }
            () = job.board.hungry(), if more && !room => {}
            // A task ends when there is nothing left to do. One that panicked has lost its URL: the job says that it is not complete, and does not wait for ever.
            Some(ended) = workers.join_next(), if !workers.is_empty() => {
                if ended.is_err() {
                    return Ended::Stopped;
                }
            }
            next = urls.next(), if more && room => match next {
                None => {
                    more = false;
                    job.board.close();
                }
                Some(url) => {
                    let index = read;
                    read = read.saturating_add(1);
                    if read.is_multiple_of(READ_AT_A_TIME) {
                        // A list that never makes us wait must not keep the tasks from their work.
                        tokio::task::yield_now().await;
                    }
                    let known = cache.as_deref().and_then(|cache| cache.recall(&url, checker.0.now_unix_s()));
                    if let Some(report) = known {
                        if out.give(Done { index, report }, &mut take).is_break() {
                            return Ended::Stopped;
                        }
                        continue;
                    }
                    let target = checker.0.guard.url(&url);
                    job.board.put(Task { index, url, target, attempts: 0 });
                    if workers.len() < manners.concurrency && job.board.wants_worker() {
                        workers.spawn(work(Arc::clone(&job)));
                    }
                }
            },
        }
    }
}

/// A report on its way out, with the URL as it was given.
struct Outgoing {
    done: Done,
    url: String,
}

/// Gives reports out, in order if that is wanted.
struct Outlet {
    next: Option<u64>,
    held: BTreeMap<u64, Done>,
    given: u64,
}

impl Outlet {
    fn give(
        &mut self,
        done: Done,
        take: &mut impl FnMut(Done) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let Some(next) = &mut self.next else {
            self.given = self.given.saturating_add(1);
            return take(done);
        };
        self.held.insert(done.index, done);
        while let Some(done) = self.held.remove(next) {
            *next = next.saturating_add(1);
            self.given = self.given.saturating_add(1);
            take(done)?;
        }
        ControlFlow::Continue(())
    }
}

/// What the tasks share.
struct Job {
    checker: Checker,
    options: Options,
    manners: Manners,
    pool: Pool,
    board: Board,
    robots: Robots,
    send: mpsc::Sender<Outgoing>,
}

impl Job {
    fn job<'a>(&'a self, end: Instant, house: Option<House<'a>>) -> chain::Job<'a> {
        chain::Job {
            checker: &self.checker.0,
            options: &self.options,
            pool: &self.pool,
            end,
            house,
        }
    }
}

/// What a chain that leaves its host must ask for.
#[derive(Clone, Copy)]
pub(crate) struct Crowd<'a>(&'a Job);

impl Crowd<'_> {
    /// Leaves a host, and waits until there is room at another.
    pub(crate) async fn cross(self, from: &str, to: &str) {
        self.0.board.cross(from, to).await;
    }

    /// Whether robots.txt lets a target be asked for, if that matters.
    pub(crate) async fn allows(self, target: &Target, end: Instant, scratch: &mut Scratch) -> bool {
        let job = self.0;
        !job.manners.robots || job.robots.allow(target, job.job(end, None), scratch).await
    }
}

/// Takes work until there is none.
async fn work(job: Arc<Job>) {
    let mut scratch = Scratch::new();
    let mut next = job.board.next().await;
    while let Some(task) = next {
        if let Some(done) = one(&job, task, &mut scratch).await
            && job.send.send(done).await.is_err()
        {
            return;
        }
        next = job.board.next().await;
    }
}

/// One attempt at one URL. None if it goes back to wait for another.
async fn one(job: &Job, mut task: Task, scratch: &mut Scratch) -> Option<Outgoing> {
    let end = Instant::now() + job.checker.0.limits.time.total;
    let house = House::Crowd(Crowd(job));
    let allowed = match &task.target {
        Ok(target) => house.allows(target, end, scratch).await,
        Err(_) => true,
    };
    let (mut report, host) = if allowed {
        let start = Start {
            url: &task.url,
            target: task.target.clone(),
        };
        attempt(job.job(end, Some(house)), start, scratch, &mut ()).await
    } else {
        let report = robots::forbidden(&task.url, job.checker.0.now_unix_s());
        (report, Some(task.host().to_owned()))
    };
    task.attempts = task.attempts.saturating_add(1);
    report.attempts = task.attempts;
    let asked_to_wait = matches!(report.status(), Some(429 | 503));
    let again = report.may_pass() && task.attempts <= job.options.retries;
    let pause =
        (asked_to_wait || again).then(|| pause(&report, task.attempts, job.manners.longest_pause));
    if again {
        job.board
            .again(task, host.as_deref(), pause.unwrap_or_default());
        return None;
    }
    let pause = pause.filter(|_| asked_to_wait && report.retry_after_s.is_some());
    job.board.done(host.as_deref(), pause);
    Some(Outgoing {
        done: Done {
            index: task.index,
            report,
        },
        url: task.url,
    })
}

/// How long a host is left alone: as long as it says, within reason.
fn pause(report: &Report, attempts: u32, longest: Duration) -> Duration {
    let said = report.retry_after_s.map(Duration::from_secs);
    said.unwrap_or_else(|| wait(report, attempts)).min(longest)
}

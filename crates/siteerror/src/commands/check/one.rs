//! One URL: told in full, as soon as it is known.

use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use siteerror_check::{Checker, Progress, Watch};
use siteerror_guard::show::Plain;

use super::many::{self, Job};
use super::plan::{Mistake, Plan};
use super::stop;
use crate::args::Color;
use crate::exit::Exit;
use crate::output;
use crate::output::report::named;

pub(super) async fn run(plan: Plan, checker: &Checker, color: Color) -> Result<Exit, Mistake> {
    // What earlier runs found is looked up where many are checked.
    if plan.cache.is_some() || plan.manners.robots {
        return many::run(plan, checker, color).await;
    }
    let mut job = Job::new(&plan, color, true)?;
    let url = plan.urls.first().map_or("", String::as_str);
    let last = Arc::new(Mutex::new(None));
    let seen = Arc::clone(&last);
    let mut watch = Watch(move |progress: Progress<'_>| {
        if let Progress::HopDone { result, .. } = progress {
            let status = result
                .status()
                .map_or_else(|| "no answer".to_owned(), named);
            let words = format!("{}: {status}", Plain(&result.url));
            *seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(words);
        }
    });
    let report = tokio::select! {
        biased;
        report = checker.check(url, &plan.options, &mut watch) => Some(report),
        () = stop::asked() => None,
    };
    let is_stopped = report.is_none();
    if let Some(report) = report {
        job.take(&report, None);
    } else {
        let last = last.lock().unwrap_or_else(PoisonError::into_inner).take();
        let so_far = last
            .map(|last| format!("; so far {last}"))
            .unwrap_or_default();
        // There is nobody left to tell if even this fails.
        let _ = writeln!(std::io::stderr(), "stopped before the end{so_far}");
    }
    Ok(output::written(job.finish(&plan, is_stopped)))
}

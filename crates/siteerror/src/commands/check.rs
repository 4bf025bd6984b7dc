//! `siteerror check`: one URL on a card, or many in a list, in the format that was asked for.

mod fail_on;
mod input;
mod many;
mod one;
mod plan;
mod progress;
pub(crate) mod settings;
mod sink;
mod stop;

use std::time::SystemTime;

use siteerror_check::check::Clock;

use self::plan::Plan;
use crate::args::{CheckArgs, Color};
use crate::config::Process;
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(args: CheckArgs, color: Color) -> Exit {
    let file = match settings::read(args.config.as_deref(), &Process) {
        Ok(file) => file,
        Err(what) => return output::mistake(&what, None),
    };
    let clock = Clock::new(now);
    let plan = match Plan::new(args.over(file), now()) {
        Ok(plan) => plan,
        Err((what, hint)) => return output::mistake(&what, hint.as_deref()),
    };
    // A check is waiting, for the most part: one thread does tens of thousands a second, and a second one would mostly wake it.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return output::mistake(&format!("cannot begin: {error}"), None),
    };
    let exit = runtime.block_on(async {
        let checker = plan.checker(clock)?;
        if plan.is_one() {
            one::run(plan, &checker, color).await
        } else {
            many::run(plan, &checker, color).await
        }
    });
    // Whoever still waits for standard input is not waited for.
    runtime.shutdown_background();
    exit.unwrap_or_else(|(what, hint)| output::mistake(&what, hint.as_deref()))
}

/// Seconds since 1970.
#[expect(
    clippy::disallowed_methods,
    reason = "certificates and dates are judged by the clock of the machine"
)]
fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}

//! What a bulk job costs: `cargo bench -p siteerror-check --bench bulk -- check --from-file FILE --output FILE --concurrency 64 --per-host 64` takes the options
//! that the command of the same name has, and runs the engine alone. Without arguments it does nothing. Processor time is for the system to tell: run it under
//! `time`, or let `tests/bulk/run` do so.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::ops::ControlFlow;
use std::sync::Arc;

use siteerror_check::bulk::{Manners, bulk};
use siteerror_check::check::Clock;
use siteerror_check::{Checker, Fixed, Limits, Options, Resolver, Roots, Settings};
use siteerror_guard::{Guard, Policy, Rules};

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| {
        let place = arguments.iter().position(|argument| argument == name)?;
        arguments.get(place + 1)
    };
    let number = |name: &str| value(name).and_then(|text| text.parse().ok()).unwrap_or(64);
    let (Some(list), Some(output)) = (value("--from-file"), value("--output")) else {
        return Ok(());
    };
    let list: Box<dyn BufRead> = match list.as_str() {
        "-" => Box::new(io::stdin().lock()),
        path => Box::new(BufReader::new(File::open(path)?)),
    };
    let roots = match value("--cacert") {
        Some(path) => Roots::Only(std::fs::read(path)?),
        None => Roots::Embedded,
    };
    let manners = Manners {
        concurrency: number("--concurrency"),
        per_host: number("--per-host"),
        ..Manners::default()
    };
    let mut out = BufWriter::with_capacity(64 * 1024, File::create(output)?);
    let mut line = Vec::new();
    let limits = Limits::default();
    let settings = Settings {
        guard: Guard::new(Rules {
            policy: Policy::Local,
            ..Rules::default()
        }),
        resolver: Resolver::new(Arc::new(Fixed::default()), limits.names),
        limits,
        roots,
        proxy: None,
        clock: clock(),
    };
    let checker = Checker::new(settings).map_err(io::Error::other)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(bulk(
        &checker,
        &Options::default(),
        manners,
        futures_util::stream::iter(list.lines().map_while(Result::ok)),
        None,
        std::future::pending(),
        |done| {
            line.clear();
            done.report.append_json(&mut line);
            line.push(b'\n');
            match out.write_all(&line) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            }
        },
    ));
    out.flush()
}

#[expect(
    clippy::disallowed_methods,
    reason = "a bench is a program, and whether a certificate holds depends on the day"
)]
fn clock() -> Clock {
    Clock::new(|| {
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |time| i64::try_from(time.as_secs()).unwrap_or(i64::MAX))
    })
}

//! What a bulk job costs: `cargo bench -p siteerror-check --bench bulk -- URL COUNT CONCURRENCY` asks for a URL so many times and writes one JSON line each into
//! nothing. Without arguments it does nothing. Processor time is for the system to tell: run it under `time`.

use std::ops::ControlFlow;
use std::sync::Arc;

use siteerror_check::bulk::{Manners, bulk};
use siteerror_check::check::Clock;
use siteerror_check::{Checker, Fixed, Limits, Options, Resolver, Roots, Settings};
use siteerror_guard::{Guard, Policy, Rules};

fn main() {
    let mut arguments = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench");
    let Some(url) = arguments.next() else {
        return;
    };
    let mut number = |default: usize| {
        arguments
            .next()
            .and_then(|text| text.parse().ok())
            .unwrap_or(default)
    };
    let (count, concurrency) = (number(20_000), number(64));
    let limits = Limits::default();
    let settings = Settings {
        guard: Guard::new(Rules {
            policy: Policy::Local,
            ..Rules::default()
        }),
        resolver: Resolver::new(Arc::new(Fixed::default()), limits.names),
        limits,
        roots: Roots::Embedded,
        proxy: None,
        clock: Clock::fixed(1_795_521_600),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let checker = Checker::new(settings).expect("the roots are built in");
        let manners = Manners {
            concurrency,
            per_host: concurrency,
            ..Manners::default()
        };
        let urls = futures_util::stream::iter((0..count).map(|index| format!("{url}?{index}")));
        let mut line = Vec::new();
        let (mut bytes, mut good) = (0_usize, 0_usize);
        let began = std::time::Instant::now();
        bulk(
            &checker,
            &Options::default(),
            manners,
            urls,
            None,
            std::future::pending(),
            |done| {
                line.clear();
                let _ = done.report.write_json(&mut line);
                bytes += line.len();
                good += usize::from(done.report.is_ok());
                ControlFlow::Continue(())
            },
        )
        .await;
        let elapsed = began.elapsed();
        #[expect(clippy::print_stdout, reason = "the result of a bench")]
        {
            println!("{good} of {count} fine, {bytes} bytes of JSON, {elapsed:?}");
        }
    });
}

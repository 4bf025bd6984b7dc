//! `siteerror serve`.

use std::thread;
use std::time::{Duration, SystemTime};

use siteerror_web::{Site, server};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};

use crate::args::SettingArgs;
use crate::config::{Config, Process, load};
use crate::exit::Exit;
use crate::output;

/// The pages are compressed at their best once the first visitors had their answer.
const WARM_AFTER: Duration = Duration::from_millis(500);

pub(crate) fn run(settings: &SettingArgs) -> Exit {
    let config = match load(settings, &Process) {
        Ok(config) => config,
        Err(mistakes) => return output::mistakes(&mistakes),
    };
    let _flush_at_the_end = log(&config);
    match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime.block_on(serve(&config)),
        Err(error) => output::mistake(&format!("cannot start threads: {error}"), None),
    }
}

async fn serve(config: &Config) -> Exit {
    let wanted = config.value("listen");
    let listener = match TcpListener::bind(config.listen()).await {
        Ok(listener) => listener,
        Err(error) => {
            let what = format!(
                "cannot listen on {} (setting `listen`, from {}): {error}",
                wanted.value, wanted.origin
            );
            return output::mistake(
                &what,
                Some("choose another with --listen ADDR:PORT; port 0 picks a free one"),
            );
        }
    };
    let (Ok(address), Ok(mut terminate), Ok(mut interrupt)) = (
        listener.local_addr(),
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    ) else {
        return output::mistake("the operating system gives no signals or addresses", None);
    };
    #[expect(clippy::disallowed_methods, reason = "the clock is read once, here")]
    let started = SystemTime::now();
    let site = Site::new(config.site(), started);
    let warmed = site.clone();
    thread::spawn(move || {
        thread::sleep(WARM_AFTER);
        warmed.warm();
        tracing::debug!("all pages are compressed");
    });
    if output::result(&format!(
        "{} listens on http://{address}\n",
        config.text("site_name")
    )) != Exit::Fine
    {
        return Exit::Usage;
    }
    tracing::info!(listen.address = %address, "listening on http://{address}");
    let told = Notify::new();
    let mut signalled = async || {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    let signals = async {
        signalled().await;
        tracing::info!("stopping");
        told.notify_one();
        // Who asks again does not want to wait for requests under way.
        signalled().await;
    };
    tokio::select! {
        () = server::serve(listener, site, told.notified()) => {}
        () = signals => {}
    }
    Exit::Fine
}

/// Lines that wait for a slow reader of standard error; the next ones are dropped. A request never waits for a log.
const MOST_LINES: usize = 16_384;

/// Log lines go to standard error, written by a thread of their own.
fn log(config: &Config) -> WorkerGuard {
    use tracing_subscriber::layer::SubscriberExt as _;
    use tracing_subscriber::util::SubscriberInitExt as _;

    let targets: tracing_subscriber::filter::Targets =
        config.text("log").parse().expect("the value was checked");
    let (writer, guard) = NonBlockingBuilder::default()
        .buffered_lines_limit(MOST_LINES)
        .lossy(true)
        .finish(std::io::stderr());
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    if config.text("log_format") == "json" {
        tracing_subscriber::registry()
            .with(targets)
            .with(lines.json())
            .init();
    } else {
        let color =
            anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
        tracing_subscriber::registry()
            .with(targets)
            .with(lines.with_ansi(color))
            .init();
    }
    guard
}

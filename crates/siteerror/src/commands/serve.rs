//! `siteerror serve` and `siteerror playground`.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

use siteerror_playground::{Options, Pages, Playground, tls_faults};
use siteerror_web::server::{self, Server};
use siteerror_web::{Site, routes};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};

use crate::args::SettingArgs;
use crate::config::{Config, Process, load};
use crate::exit::Exit;
use crate::keep::Database;
use crate::output;

/// The pages are compressed at their best once the first visitors had their answer.
const WARM_AFTER: Duration = Duration::from_millis(500);

/// Expired bins are invisible at once; this is when their room is freed.
const SWEEP_EVERY: Duration = Duration::from_hours(1);

/// What is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    /// The site, with the playground under `/play`.
    Site,
    /// The playground alone.
    Playground,
}

pub(crate) fn run(settings: &SettingArgs, face: Face) -> Exit {
    let config = match load(settings, &Process) {
        Ok(config) => config,
        Err(mistakes) => return output::mistakes(&mistakes),
    };
    let _flush_at_the_end = log(&config);
    match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime.block_on(serve(&config, face)),
        Err(error) => output::mistake(&format!("cannot start threads: {error}"), None),
    }
}

async fn serve(config: &Config, face: Face) -> Exit {
    let (Ok(mut terminate), Ok(mut interrupt)) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    ) else {
        return output::mistake("the operating system gives no signals", None);
    };
    let database = match config.data() {
        None => None,
        Some(folder) => match Database::open(folder).await {
            Ok(database) => Some(database),
            Err(error) => {
                let wanted = config.value("data");
                let what = format!(
                    "cannot keep data in `{}` (from {}): {error}",
                    wanted.value, wanted.origin
                );
                return output::mistake(&what, error.hint());
            }
        },
    };
    let playground = |prefix: &str, pages| playground(config, prefix, pages, database.clone());
    let mut servers = Vec::new();
    let main = match face {
        Face::Site => {
            let playground = (config.text("playground") == "on")
                .then(|| playground(routes::PLAY, Pages::Site(String::new())));
            Server {
                site: Some(site(config, playground.clone())),
                playground,
            }
        }
        Face::Playground => Server {
            site: None,
            playground: Some(playground(config.text("prefix"), Pages::Own)),
        },
    };
    servers.push(("listen", config.listen(), main));
    if let (Face::Site, Some(address)) = (face, config.playground_listen()) {
        let alone = Server {
            site: None,
            playground: Some(playground("", Pages::Own)),
        };
        servers.push(("playground_listen", address, alone));
    }
    let mut bound = Vec::new();
    for (setting, address, server) in servers {
        match TcpListener::bind(address)
            .await
            .and_then(|listener| Ok((listener.local_addr()?, listener)))
        {
            Ok((address, listener)) => bound.push((address, listener, server)),
            Err(error) => {
                let wanted = config.value(setting);
                let what = format!(
                    "cannot listen on {} (setting `{setting}`, from {}): {error}",
                    wanted.value, wanted.origin
                );
                let flag = setting.replace('_', "-");
                return output::mistake(
                    &what,
                    Some(&format!(
                        "choose another with --{flag} ADDR:PORT; port 0 picks a free one"
                    )),
                );
            }
        }
    }
    for (address, _, server) in &bound {
        let line = match (&server.site, &server.playground) {
            (None, Some(playground)) => format!(
                "playground listens on http://{address}{}\n",
                playground.prefix()
            ),
            _ => format!("{} listens on http://{address}\n", config.text("site_name")),
        };
        if output::result(&line) != Exit::Fine {
            return Exit::Usage;
        }
        tracing::info!(listen.address = %address, "listening on http://{address}");
    }
    let (stop, stopping) = watch::channel(false);
    // The one on a port of its own knows no site; where there are two, the faults belong to the first.
    let playground = bound
        .iter()
        .find_map(|(_, _, server)| server.playground.clone());
    let _faults_until_the_end = match (config.tls_faults(), playground) {
        (Some(first), Some(playground)) => {
            match tls_faults(first, &playground, std::future::pending()).await {
                Ok(faults) => {
                    let list = format!("{}/tls", playground.prefix());
                    let first = faults.listeners().first().map(|listener| listener.address);
                    let line = format!(
                        "{} kinds of TLS listen from {} on; {list} lists them\n",
                        faults.listeners().len(),
                        first.map(|first| first.to_string()).unwrap_or_default()
                    );
                    if output::result(&line) != Exit::Fine {
                        return Exit::Usage;
                    }
                    Some(faults)
                }
                Err(error) => {
                    let wanted = config.value("tls_faults");
                    let what = format!(
                        "cannot listen with TLS faults on {} (setting `tls_faults`, from {}): {error}",
                        wanted.value, wanted.origin
                    );
                    return output::mistake(&what, Some("--tls-faults alone picks free ports"));
                }
            }
        }
        _ => None,
    };
    let serving = futures_util::future::join_all(bound.into_iter().map(|(_, listener, server)| {
        let mut stopping = stopping.clone();
        server::serve(listener, server, async move {
            // The sender lives as long as this function, so the wait cannot fail.
            let _ = stopping.wait_for(|stop| *stop).await;
        })
    }));
    let mut signalled = async || {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    let signals = async {
        signalled().await;
        tracing::info!("stopping");
        stop.send_replace(true);
        // Who asks again does not want to wait for requests under way.
        signalled().await;
    };
    tokio::select! {
        _ = serving => {}
        () = signals => {}
    }
    Exit::Fine
}

fn site(config: &Config, playground: Option<Playground>) -> Site {
    #[expect(clippy::disallowed_methods, reason = "the clock is read once, here")]
    let started = SystemTime::now();
    let site = Site::new(config.site(), started, playground);
    let warmed = site.clone();
    thread::spawn(move || {
        thread::sleep(WARM_AFTER);
        warmed.warm();
        tracing::debug!("all pages are compressed");
    });
    site
}

fn playground(
    config: &Config,
    prefix: &str,
    pages: Pages,
    database: Option<Database>,
) -> Playground {
    let mut options = Options::system();
    if let Some(database) = database {
        let (swept, clock) = (database.clone(), options.clock);
        tokio::spawn(async move {
            loop {
                swept.sweep(clock()).await;
                tokio::time::sleep(SWEEP_EVERY).await;
            }
        });
        options.keep = Arc::new(database);
    }
    prefix.clone_into(&mut options.prefix);
    options.pages = pages;
    options.redirect_origins = config.redirect_origins();
    Playground::new(options)
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

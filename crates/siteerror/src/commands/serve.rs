//! `siteerror serve` and `siteerror playground`.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

use siteerror_check::check::Clock;
use siteerror_check::{Checker, Limits, Reach, Resolver, Roots, Settings, System};
use siteerror_guard::{Guard, Policy, Rules};
use siteerror_playground::{Options, Pages, Playground, TlsFaults, tls_faults};
use siteerror_web::server::{self, Server};
use siteerror_web::{Checks, Site, routes};
use tokio::net::{TcpListener, TcpSocket};
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
    let (bound, _faults_until_the_end) = match listen(config, face).await {
        Ok(listening) => listening,
        Err(exit) => return exit,
    };
    let (stop, stopping) = watch::channel(false);
    let serving = futures_util::future::join_all(bound.into_iter().map(|(listener, server)| {
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

/// Binds every address that the settings ask for, and says so.
///
/// # Errors
///
/// How the program ends where one cannot be had.
/// Connections that the system takes for us before we do: a burst of clients must not wait for their second SYN, a second later.
const BACKLOG: u32 = 1024;

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // A restart finds the port free, although connections of before are still fading.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

async fn listen(
    config: &Config,
    face: Face,
) -> Result<(Vec<(TcpListener, Server)>, Option<TlsFaults>), Exit> {
    let database = database(config).await?;
    let checks = if face == Face::Site && config.text("check") == "on" {
        Some(checks(config)?)
    } else {
        None
    };
    let mut bound = Vec::new();
    for (setting, address, server) in servers(config, face, database.as_ref(), checks) {
        let listener = bind(address).and_then(|listener| {
            let address = listener.local_addr()?;
            Ok((address, listener))
        });
        let (address, listener) = listener.map_err(|error| {
            let wanted = config.value(setting);
            let what = format!(
                "cannot listen on {} (setting `{setting}`, from {}): {error}",
                wanted.value, wanted.origin
            );
            let flag = setting.replace('_', "-");
            let hint = format!("choose another with --{flag} ADDR:PORT; port 0 picks a free one");
            output::mistake(&what, Some(&hint))
        })?;
        bound.push((address, listener, server));
    }
    for (address, _, server) in &bound {
        say(&match (&server.site, &server.playground) {
            (None, Some(playground)) => format!(
                "playground listens on http://{address}{}\n",
                playground.prefix()
            ),
            _ => format!("{} listens on http://{address}\n", config.text("site_name")),
        })?;
        tracing::info!(listen.address = %address, "listening on http://{address}");
    }
    // Where there are two playgrounds, the faults belong to the first.
    let playground = bound
        .iter()
        .find_map(|(_, _, server)| server.playground.clone());
    let faults = match (config.tls_faults(), playground) {
        (Some(first), Some(playground)) => Some(listen_wrongly(config, first, &playground).await?),
        _ => None,
    };
    let bound = bound
        .into_iter()
        .map(|(_, listener, server)| (listener, server))
        .collect();
    Ok((bound, faults))
}

/// Opens the ports on which TLS is wrong, and says so.
async fn listen_wrongly(
    config: &Config,
    first: SocketAddr,
    playground: &Playground,
) -> Result<TlsFaults, Exit> {
    let faults = tls_faults(first, playground, std::future::pending())
        .await
        .map_err(|error| {
            let wanted = config.value("tls_faults");
            let what = format!(
                "cannot listen with TLS faults on {} (setting `tls_faults`, from {}): {error}",
                wanted.value, wanted.origin
            );
            output::mistake(&what, Some("--tls-faults alone picks free ports"))
        })?;
    let from = faults
        .listeners()
        .first()
        .map_or_else(String::new, |first| first.address.to_string());
    say(&format!(
        "{} kinds of TLS listen from {from} on; {}/tls lists them\n",
        faults.listeners().len(),
        playground.prefix()
    ))?;
    Ok(faults)
}

/// A line on standard output. The program ends where nobody can read it.
fn say(line: &str) -> Result<(), Exit> {
    match output::result(line) {
        Exit::Fine => Ok(()),
        _ => Err(Exit::Usage),
    }
}

/// The database of the data folder, if there is one; what has expired in it goes now and then.
async fn database(config: &Config) -> Result<Option<Database>, Exit> {
    let Some(folder) = config.data() else {
        return Ok(None);
    };
    let database = Database::open(folder).await.map_err(|error| {
        let wanted = config.value("data");
        let what = format!(
            "cannot keep data in `{}` (from {}): {error}",
            wanted.value, wanted.origin
        );
        output::mistake(&what, error.hint())
    })?;
    let (swept, clock) = (database.clone(), Options::system().clock);
    tokio::spawn(async move {
        loop {
            swept.sweep(clock()).await;
            tokio::time::sleep(SWEEP_EVERY).await;
        }
    });
    Ok(Some(database))
}

/// What answers where, with the setting that says so.
fn servers(
    config: &Config,
    face: Face,
    database: Option<&Database>,
    checks: Option<Checks>,
) -> Vec<(&'static str, SocketAddr, Server)> {
    let playground = |prefix: &str, pages| playground(config, prefix, pages, database);
    let alone = |prefix: &str| Server {
        site: None,
        playground: Some(playground(prefix, Pages::Own)),
    };
    if face == Face::Playground {
        return vec![("listen", config.listen(), alone(config.text("prefix")))];
    }
    let play = (config.text("playground") == "on")
        .then(|| playground(routes::PLAY, Pages::Site(String::new())));
    let main = Server {
        site: Some(site(config, play.clone(), checks)),
        playground: play,
    };
    let mut servers = vec![("listen", config.listen(), main)];
    if let Some(address) = config.playground_listen() {
        servers.push(("playground_listen", address, alone("")));
    }
    servers
}

/// What checks URLs for strangers. The policy is theirs, whatever a request says; only the settings open a range.
///
/// # Errors
///
/// How the program ends where there is no way to look up names.
fn checks(config: &Config) -> Result<Checks, Exit> {
    let limits = Limits::default();
    let off = Some("--check off leaves it out");
    let system = System::new(Reach::Public, &limits.names).map_err(|error| {
        let what = format!("cannot read how this system looks up names (setting `check`): {error}");
        output::mistake(&what, off)
    })?;
    let clock = Options::system().clock;
    let listens = [Some(config.listen()), config.playground_listen()];
    let settings = Settings {
        guard: Guard::new(Rules {
            policy: Policy::Public,
            ports: config.check_ports(),
            allow: config.check_ranges(),
            own_addresses: own_addresses(),
            own_sockets: listens.into_iter().flatten().collect(),
            ..Rules::default()
        }),
        resolver: Resolver::new(Arc::new(system), limits.names),
        limits,
        roots: Roots::Embedded,
        proxy: None,
        clock: Clock::new(move || {
            let since = clock().duration_since(SystemTime::UNIX_EPOCH);
            since.map_or(0, |since| {
                i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
            })
        }),
    };
    let checker = Checker::new(settings).map_err(|error| {
        output::mistake(
            &format!("cannot check URLs (setting `check`): {error}"),
            off,
        )
    })?;
    Ok(Checks::new(checker, config.check_page().as_deref()))
}

/// The addresses from which this machine reaches the world, where they are public: a stranger must not get behind them from inside. A socket for datagrams sends
/// nothing when it is connected; the system only chooses the way (RFC 5737 §3 and RFC 3849 §2 have the addresses that nobody has).
fn own_addresses() -> Vec<IpAddr> {
    let way = |from: IpAddr, to: IpAddr| {
        let socket = UdpSocket::bind((from, 0)).ok()?;
        socket.connect((to, 443)).ok()?;
        Some(socket.local_addr().ok()?.ip())
    };
    let v4 = way(
        Ipv4Addr::UNSPECIFIED.into(),
        Ipv4Addr::new(192, 0, 2, 1).into(),
    );
    let v6 = way(
        Ipv6Addr::UNSPECIFIED.into(),
        Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into(),
    );
    v4.into_iter().chain(v6).collect()
}

fn site(config: &Config, playground: Option<Playground>, checks: Option<Checks>) -> Site {
    #[expect(clippy::disallowed_methods, reason = "the clock is read once, here")]
    let started = SystemTime::now();
    let site = Site::with_checks(config.site(), started, playground, checks);
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
    database: Option<&Database>,
) -> Playground {
    let mut options = Options::system();
    if let Some(database) = database {
        options.keep = Arc::new(database.clone());
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

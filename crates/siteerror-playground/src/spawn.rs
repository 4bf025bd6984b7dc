//! A playground for tests: on a free port, gone when dropped.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::playground::{Options, Playground};

/// A playground that listens until this is dropped.
#[derive(Debug)]
pub struct Spawned {
    address: SocketAddr,
    prefix: String,
    task: JoinHandle<()>,
}

impl Spawned {
    /// Where it listens: loopback, and a port of its own.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of a path: `url("/status/503")`.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{}{path}", self.address, self.prefix)
    }
}

impl Drop for Spawned {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts a playground on a free port of the loopback address. It needs a Tokio runtime.
///
/// # Errors
///
/// If no port can be had.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let playground = siteerror_playground::spawn().await?;
/// let retry_me = playground.url("/seq/my-test/503*2,200");
/// assert!(retry_me.starts_with("http://127.0.0.1:"));
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn spawn() -> io::Result<Spawned> {
    spawn_with(Options::system()).await
}

/// The same, with options of one's own: begin with [`Options::new`].
///
/// # Errors
///
/// If no port can be had.
pub async fn spawn_with(options: Options) -> io::Result<Spawned> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let prefix = options.prefix.clone();
    let playground = Playground::new(options);
    let serve_options = playground.serve_options();
    let handler = move |request| {
        let playground = playground.clone();
        async move { playground.respond(request).await }
    };
    let task = tokio::spawn(siteerror_serve::serve(
        listener,
        handler,
        serve_options,
        std::future::pending(),
    ));
    Ok(Spawned {
        address,
        prefix,
        task,
    })
}

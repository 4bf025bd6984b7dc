//! Names become addresses here and nowhere else. Answers are kept as long as they say, and many who ask for one name at a time ask once.
//!
//! What the addresses are is not judged here: that is for the guard, each time they are used.

mod system;

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use foldhash::fast::RandomState;
use tokio::sync::OnceCell;
use tokio::time::Instant;

pub use system::{Reach, System};

use crate::limits::Names as Limits;

/// What a name led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    /// The addresses, in the order of the answer.
    pub addresses: Vec<IpAddr>,
    /// How long they may be used.
    pub ttl: Duration,
}

/// Why a name led to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LookupError {
    /// There is no such name, or it has no address.
    #[error("there is no such name")]
    NotFound,
    /// The name exists and has no address.
    #[error("the name has no address")]
    NoAddress,
    /// The resolver failed, or its answer is of no use.
    #[error("{0}")]
    Failed(String),
    /// No answer came in time.
    #[error("no answer came in time")]
    Timeout,
}

/// A lookup under way.
pub type Looking<'a> = Pin<Box<dyn Future<Output = Result<Answers, LookupError>> + Send + 'a>>;

/// Who knows addresses: for tests, and for whoever has a resolver of their own.
pub trait Source: fmt::Debug + Send + Sync {
    /// Asks for the addresses of a name, given without its final dot.
    fn look_up<'a>(&'a self, name: &'a str) -> Looking<'a>;
}

/// The names that are known beforehand, and nothing else.
#[derive(Debug, Clone, Default)]
pub struct Fixed(pub HashMap<String, Vec<IpAddr>>);

impl Source for Fixed {
    fn look_up<'a>(&'a self, name: &'a str) -> Looking<'a> {
        let found = self.0.get(name).cloned();
        Box::pin(async move {
            let addresses = found.ok_or(LookupError::NotFound)?;
            let ttl = Duration::from_mins(1);
            Ok(Answers { addresses, ttl })
        })
    }
}

/// Asks, and keeps answers.
pub struct Resolver {
    source: Arc<dyn Source>,
    limits: Limits,
    known: Mutex<HashMap<Box<str>, Arc<Slot>, RandomState>>,
}

/// An answer, or the wait for it.
#[derive(Debug, Default)]
struct Slot(OnceCell<(Known, Instant)>);

type Known = Result<Arc<[IpAddr]>, LookupError>;

/// A failure is kept for a moment: a hundred URLs of a host that does not exist are one question.
const FAILURE_KEPT: Duration = Duration::from_secs(5);

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resolver").finish_non_exhaustive()
    }
}

impl Resolver {
    /// Asks a source.
    pub fn new(source: Arc<dyn Source>, limits: Limits) -> Self {
        Self {
            source,
            limits,
            known: Mutex::default(),
        }
    }

    /// The addresses of a name, given without its final dot.
    ///
    /// # Errors
    ///
    /// If the name leads to no address, or to more than the limits allow.
    pub async fn look_up(&self, name: &str) -> Result<Arc<[IpAddr]>, LookupError> {
        let slot = self.slot(name);
        let ask = async {
            let answers = self.source.look_up(name).await;
            let now = Instant::now();
            match answers {
                Ok(answers) if answers.addresses.is_empty() => {
                    (Err(LookupError::NoAddress), now + FAILURE_KEPT)
                }
                Ok(answers) if answers.addresses.len() > self.limits.addresses => {
                    let text = format!("more than {} addresses", self.limits.addresses);
                    (Err(LookupError::Failed(text)), now + FAILURE_KEPT)
                }
                Ok(answers) => {
                    let until = now + answers.ttl.min(self.limits.longest_ttl);
                    (Ok(answers.addresses.into()), until)
                }
                Err(error) => (Err(error), now + FAILURE_KEPT),
            }
        };
        slot.0.get_or_init(|| ask).await.0.clone()
    }

    /// The slot of a name: the one that others wait at, or a new one if its answer is out of date.
    fn slot(&self, name: &str) -> Arc<Slot> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let fresh = |slot: &Slot| slot.0.get().is_none_or(|(_, until)| now < *until);
        if let Some(slot) = known.get(name).filter(|slot| fresh(slot)) {
            return Arc::clone(slot);
        }
        if known.len() >= self.limits.cached {
            known.retain(|_, slot| slot.0.get().is_some_and(|(_, until)| now < *until));
            if known.len() >= self.limits.cached {
                known.clear();
            }
        }
        let slot = Arc::<Slot>::default();
        known.insert(name.into(), Arc::clone(&slot));
        slot
    }
}

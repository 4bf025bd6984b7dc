//! Names become addresses here and nowhere else. Answers are kept as long as they say, and many who ask for one name at a time ask once.
//!
//! What the addresses are is not judged here: that is for the guard, each time they are used.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use foldhash::fast::RandomState;
use hickory_resolver::config::{LookupIpStrategy, ResolveHosts, ResolverConfig, ResolverOpts};
use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::{Resolver as Hickory, TokioResolver};
use tokio::sync::OnceCell;
use tokio::time::Instant;

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

/// How far a lookup looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The DNS alone, by the whole name: no search list, no hosts file. What strangers ask for is looked up so.
    Public,
    /// Also the hosts file, and the search list for names without a dot, as other programs on this machine do.
    Local,
}

/// The resolver that the system is set to.
pub struct System {
    inner: TokioResolver,
    reach: Reach,
    aliases: usize,
}

impl fmt::Debug for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("System").finish_non_exhaustive()
    }
}

impl System {
    /// Reads the settings of the system: its name servers, and in reach of [`Reach::Local`] its hosts file.
    ///
    /// # Errors
    ///
    /// If the settings cannot be read.
    pub fn new(reach: Reach, limits: &Limits) -> Result<Self, LookupError> {
        let builder = TokioResolver::builder_tokio().map_err(|error| failed(&error))?;
        Self::build(builder, reach, limits)
    }

    /// Asks the name servers of a configuration.
    ///
    /// # Errors
    ///
    /// If it cannot be used.
    pub fn with_config(
        config: ResolverConfig,
        reach: Reach,
        limits: &Limits,
    ) -> Result<Self, LookupError> {
        let provider = TokioRuntimeProvider::default();
        Self::build(
            Hickory::builder_with_config(config, provider),
            reach,
            limits,
        )
    }

    fn build(
        mut builder: hickory_resolver::ResolverBuilder<TokioRuntimeProvider>,
        reach: Reach,
        limits: &Limits,
    ) -> Result<Self, LookupError> {
        let options: &mut ResolverOpts = builder.options_mut();
        // Answers are kept by `Resolver`, which knows the clock of tests.
        options.cache_size = 0;
        options.preserve_intermediates = true;
        options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
        options.timeout = Duration::from_secs(2);
        options.attempts = 2;
        options.use_hosts_file = match reach {
            Reach::Public => ResolveHosts::Never,
            Reach::Local => ResolveHosts::Always,
        };
        let inner = builder.build().map_err(|error| failed(&error))?;
        Ok(Self {
            inner,
            reach,
            aliases: limits.aliases,
        })
    }

    fn name(&self, text: &str) -> Result<Name, LookupError> {
        let mut name = Name::from_ascii(text).map_err(|_| LookupError::NotFound)?;
        // An absolute name: nothing is put behind it.
        if self.reach == Reach::Public || text.contains('.') {
            name.set_fqdn(true);
        }
        Ok(name)
    }
}

impl Source for System {
    fn look_up<'a>(&'a self, name: &'a str) -> Looking<'a> {
        Box::pin(async move {
            let name = self.name(name)?;
            let (v6, v4) = futures_util::future::join(
                self.inner.lookup(name.clone(), RecordType::AAAA),
                self.inner.lookup(name, RecordType::A),
            )
            .await;
            merge(v6, v4, self.aliases)
        })
    }
}

/// Both families in one. One that failed does not matter as long as the other has addresses.
fn merge(
    v6: Result<Lookup, NetError>,
    v4: Result<Lookup, NetError>,
    aliases: usize,
) -> Result<Answers, LookupError> {
    let mut answers = Answers {
        addresses: Vec::new(),
        ttl: Duration::MAX,
    };
    let mut error = LookupError::NoAddress;
    for family in [v6, v4] {
        match family {
            Ok(lookup) => {
                let records = lookup.answers();
                let cnames = records
                    .iter()
                    .filter(|record| matches!(record.data, RData::CNAME(_)));
                if cnames.count() > aliases {
                    return Err(LookupError::Failed(format!("more than {aliases} aliases")));
                }
                for record in records {
                    answers.ttl = answers.ttl.min(Duration::from_secs(record.ttl.into()));
                    if let Some(address) = record.data.ip_addr() {
                        answers.addresses.push(address);
                    }
                }
            }
            Err(found) => {
                let found = failed(&found);
                // The worst of both is told: a failure, then a name that does not exist, then one without addresses.
                if error == LookupError::NoAddress || matches!(found, LookupError::Failed(_)) {
                    error = found;
                }
            }
        }
    }
    if answers.addresses.is_empty() {
        return Err(error);
    }
    Ok(answers)
}

fn failed(error: &NetError) -> LookupError {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(none)) => match none.response_code {
            ResponseCode::NXDomain => LookupError::NotFound,
            _ => LookupError::NoAddress,
        },
        NetError::Dns(DnsError::ResponseCode(ResponseCode::NXDomain)) => LookupError::NotFound,
        NetError::Dns(DnsError::ResponseCode(code)) => {
            LookupError::Failed(format!("the resolver answered {code}"))
        }
        NetError::Timeout => LookupError::Timeout,
        NetError::NoConnections => LookupError::Failed("no resolver can be reached".to_owned()),
        error => LookupError::Failed(error.to_string()),
    }
}

//! The resolver that the system is set to, asked by the hickory library.

use std::fmt;
use std::time::Duration;

use hickory_resolver::config::{LookupIpStrategy, ResolveHosts, ResolverConfig, ResolverOpts};
use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::{Resolver as Hickory, TokioResolver};

use super::{Answers, Looking, LookupError, Source};
use crate::limits::Names as Limits;

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

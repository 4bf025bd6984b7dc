//! The checker against servers that misbehave.

mod bulk;
mod chain;
mod dns;
mod faults;
mod findings;
mod hostile;
mod http2;
mod names;
mod probes;
mod proxy;
mod report;
mod support;
mod tls;

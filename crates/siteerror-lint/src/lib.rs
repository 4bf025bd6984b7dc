#![doc = include_str!("../README.md")]

mod chain;
mod example;
mod finding;
mod freshness;
mod json;
mod linter;
mod page;
mod quoted;
mod rule;
mod rules;
mod subject;
mod text;
mod values;

pub use chain::{Chain, Hop, Probe, Probed, Probes};
pub use example::run;
pub use finding::{Finding, Place, Severity};
pub use freshness::{By, Freshness, Reuse, Why, freshness};
pub use linter::{lint, lint_chain, lint_probes, rule, rules};
pub use page::{Context, Group, Level, Need, Page, Remedy, Source, Step};
pub use rule::Rule;
pub use subject::{Given, Subject};
pub use text::{Text, read};

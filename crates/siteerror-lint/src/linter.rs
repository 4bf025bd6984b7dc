//! Asks the rules that can have something to say.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use foldhash::fast::RandomState;
use siteerror_wire::DefectKind;

use crate::chain::{Chain, Probes};
use crate::finding::{Finding, Findings};
use crate::page::{PAGES, Page};
use crate::rule::{Look, Rule};
use crate::rules::TABLES;
use crate::subject::{Given, Subject};

/// All rules, and which of them are asked when.
struct Table {
    rules: &'static [Rule],
    /// By name and by alias.
    by_name: BTreeMap<&'static str, &'static Rule>,
    always: Vec<&'static Rule>,
    interim: Vec<&'static Rule>,
    tls: Vec<&'static Rule>,
    chain: Vec<&'static Rule>,
    probes: Vec<&'static Rule>,
    /// Numbers of rules, so that one that waits for several fields is asked once.
    fields: HashMap<&'static [u8], Vec<usize>, RandomState>,
    codes: HashMap<u16, Vec<&'static Rule>, RandomState>,
    defects: HashMap<DefectKind, Vec<usize>, RandomState>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let page = |id: &str| -> &'static Page {
        PAGES
            .iter()
            .find(|page| page.id == id)
            .expect("every row has a page: a test holds it")
    };
    let rows = TABLES.iter().copied().flatten();
    let rules: Vec<Rule> = rows
        .map(|row| Rule {
            page: page(row.id),
            look: row.look,
        })
        .collect();
    let rules: &'static [Rule] = Vec::leak(rules);
    let mut table = Table {
        rules,
        by_name: BTreeMap::new(),
        always: Vec::new(),
        interim: Vec::new(),
        tls: Vec::new(),
        chain: Vec::new(),
        probes: Vec::new(),
        fields: HashMap::default(),
        codes: HashMap::default(),
        defects: HashMap::default(),
    };
    for (index, rule) in rules.iter().enumerate() {
        table.by_name.insert(rule.id, rule);
        for alias in rule.aliases {
            table.by_name.insert(alias, rule);
        }
        match rule.look {
            Look::Always(_) => table.always.push(rule),
            Look::Interim(_) => table.interim.push(rule),
            Look::Tls(_) => table.tls.push(rule),
            Look::Chain(_) => table.chain.push(rule),
            Look::Probes(_) => table.probes.push(rule),
            Look::Field(names, _) => {
                for name in names {
                    table.fields.entry(name.as_bytes()).or_default().push(index);
                }
            }
            Look::Code(codes, _) => {
                for code in codes {
                    table.codes.entry(*code).or_default().push(rule);
                }
            }
            Look::Defect(kinds, _) => {
                for kind in kinds {
                    table.defects.entry(*kind).or_default().push(index);
                }
            }
        }
    }
    table
});

/// All rules, group by group.
pub fn rules() -> &'static [Rule] {
    TABLE.rules
}

/// A rule by its name, or by an alias.
pub fn rule(name: &str) -> Option<&'static Rule> {
    TABLE.by_name.get(name).copied()
}

/// What the rules find in one exchange, the worst first. `hop` is written into the findings.
pub fn lint(given: Given<'_>, hop: usize) -> Vec<Finding> {
    let Some(first) = TABLE.rules.first() else {
        return Vec::new();
    };
    let mut findings = Findings::new(first);
    let Some(subject) = Subject::new(given) else {
        return Vec::new();
    };
    let mut asked = vec![false; TABLE.rules.len()];
    for line in subject.fields().lines() {
        let Some(name) = line.name() else { continue };
        let mut lower = [0_u8; 64];
        let Some(lower) = lower.get_mut(..name.len()) else {
            continue;
        };
        lower.copy_from_slice(name);
        lower.make_ascii_lowercase();
        for index in TABLE.fields.get(&*lower).into_iter().flatten() {
            ask_once(*index, &subject, hop, &mut asked, &mut findings);
        }
    }
    for defect in &given.received.defects {
        for index in TABLE.defects.get(&defect.kind).into_iter().flatten() {
            ask_once(*index, &subject, hop, &mut asked, &mut findings);
        }
    }
    for rule in TABLE.codes.get(&subject.code()).into_iter().flatten() {
        ask(rule, &subject, hop, &mut findings);
    }
    for rule in &TABLE.always {
        ask(rule, &subject, hop, &mut findings);
    }
    if !given.received.interims.is_empty() {
        for rule in &TABLE.interim {
            ask(rule, &subject, hop, &mut findings);
        }
    }
    if given
        .connection
        .is_some_and(|connection| connection.tls.is_some())
    {
        for rule in &TABLE.tls {
            ask(rule, &subject, hop, &mut findings);
        }
    }
    in_order(findings)
}

/// What the rules find in a chain as a whole; what is in its hops is for [`lint`].
pub fn lint_chain(chain: &Chain<'_>) -> Vec<Finding> {
    let Some(first) = TABLE.chain.first() else {
        return Vec::new();
    };
    let mut findings = Findings::new(first);
    for rule in &TABLE.chain {
        findings.turn_to(rule, 0);
        if let Look::Chain(look) = rule.look {
            look(chain, &mut findings);
        }
    }
    in_order(findings)
}

/// What the rules find in the answers to probes. `hop` is the one that was probed.
pub fn lint_probes(probes: &Probes<'_>, hop: usize) -> Vec<Finding> {
    let Some(first) = TABLE.probes.first() else {
        return Vec::new();
    };
    let mut findings = Findings::new(first);
    for rule in &TABLE.probes {
        findings.turn_to(rule, hop);
        if let Look::Probes(look) = rule.look {
            look(probes, &mut findings);
        }
    }
    in_order(findings)
}

fn ask_once(
    index: usize,
    subject: &Subject<'_>,
    hop: usize,
    asked: &mut [bool],
    findings: &mut Findings,
) {
    let (Some(asked), Some(rule)) = (asked.get_mut(index), TABLE.rules.get(index)) else {
        return;
    };
    if !*asked {
        *asked = true;
        ask(rule, subject, hop, findings);
    }
}

fn ask(rule: &'static Rule, subject: &Subject<'_>, hop: usize, findings: &mut Findings) {
    findings.turn_to(rule, hop);
    match rule.look {
        Look::Always(look)
        | Look::Field(_, look)
        | Look::Code(_, look)
        | Look::Defect(_, look)
        | Look::Interim(look)
        | Look::Tls(look) => look(subject, findings),
        Look::Chain(_) | Look::Probes(_) => {}
    }
}

/// The worst first, then by place in the message; stable, so that a response always reads the same.
fn in_order(findings: Findings) -> Vec<Finding> {
    let mut found = findings.into_found();
    found.sort_by_key(|finding| {
        let start = finding.place.bytes.as_ref().map(|bytes| bytes.start);
        (std::cmp::Reverse(finding.rule.severity), finding.hop, start)
    });
    found
}

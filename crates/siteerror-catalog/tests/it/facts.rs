//! Every fact equals the table of facts.

use serde_json::{Value, json};
use siteerror_catalog::{Code, FieldRule, catalog};

const TABLE: &str = include_str!("../data/facts.json");

/// A code in the shape of the table's rows.
fn row(code: &Code) -> Value {
    let facts = &code.facts;
    let rules = |rules: &[FieldRule]| -> Value {
        rules
            .iter()
            .map(|rule| json!([rule.field, rule.level, rule.source, rule.when.is_some()]))
            .collect()
    };
    let former: Vec<String> = code
        .former_names
        .iter()
        .map(|former| format!("{} ({})", former.name, former.used_in))
        .collect();
    json!({
        "code": code.id.number(),
        "name": code.name,
        "former_names": former,
        "class": code.class(),
        "document": code.rfc.document,
        "section": code.rfc.section,
        "url": code.rfc.url,
        "heuristically_cacheable": facts.heuristically_cacheable,
        "cache": facts.cache,
        "cache_source": facts.cache_source,
        "content": facts.content,
        "content_source": facts.content_source,
        "redirect_method": facts.redirect_method,
        "redirect_method_source": facts.redirect_method_source,
        "has_methods": facts.methods.is_some(),
        "methods_source": facts.methods_source,
        "retry_source": facts.retry_source,
        "standing": code.standing,
        "since": [facts.since.year, facts.since.rfc],
        "required": rules(facts.required_fields),
        "forbidden": rules(facts.forbidden_fields),
    })
}

#[test]
fn every_fact_equals_the_table() {
    let table: Vec<Value> = serde_json::from_str(TABLE).expect("the table is JSON");
    let ours: Vec<Value> = catalog().codes().iter().map(row).collect();
    assert_eq!(ours.len(), table.len());
    for (ours, theirs) in ours.iter().zip(&table) {
        assert_eq!(ours, theirs, "{}", theirs["code"]);
    }
}

//! The JSON of a code is a promise, written down as a schema.

use serde_json::Value;
use siteerror_catalog::{CODE_SCHEMA, catalog};

fn validator() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(CODE_SCHEMA).expect("the schema is JSON");
    jsonschema::meta::validate(&schema).expect("the schema is a schema");
    jsonschema::validator_for(&schema).expect("the schema can be used")
}

fn check(validator: &jsonschema::Validator, name: &str, json: &Value) {
    let errors: Vec<String> = validator
        .iter_errors(json)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{name}: {errors:#?}");
}

#[test]
fn every_code_fits_the_schema() {
    let validator = validator();
    for code in catalog().codes() {
        check(
            &validator,
            &code.id.to_string(),
            &serde_json::to_value(code).expect("a code serializes"),
        );
    }
    for code in catalog().vendor_codes() {
        check(
            &validator,
            &code.id.to_string(),
            &serde_json::to_value(code).expect("a code serializes"),
        );
    }
    for entry in catalog().substatus_codes() {
        check(
            &validator,
            &entry.id.to_string(),
            &serde_json::to_value(entry).expect("an entry serializes"),
        );
    }
    for number in (100..=999).filter_map(|number| catalog().vendor_number(number)) {
        check(
            &validator,
            &number.unassigned().id().to_string(),
            &serde_json::to_value(number).expect("a number serializes"),
        );
    }
    for number in [104 + 1, 227, 418 + 1, 599, 600, 999] {
        let code = catalog().unassigned(number).expect("it is free");
        check(
            &validator,
            &number.to_string(),
            &serde_json::to_value(code).expect("it serializes"),
        );
    }
}

#[test]
fn the_schema_refuses_what_is_no_code() {
    let validator = validator();
    let code = serde_json::to_value(catalog().number(404)).expect("a code serializes");
    assert!(validator.is_valid(&code));
    for key in ["id", "name", "facts", "causes", "updated"] {
        let mut without = code.clone();
        without.as_object_mut().expect("an object").remove(key);
        assert!(!validator.is_valid(&without), "without `{key}`");
    }
    let mut strange = code.clone();
    strange["facts"]["cache"] = Value::from("perhaps");
    assert!(!validator.is_valid(&strange));
}

#[test]
fn the_fixed_words_are_there() {
    let code = serde_json::to_value(catalog().number(413)).expect("a code serializes");
    assert_eq!(code["id"], "413");
    assert_eq!(code["class"], "4xx");
    assert_eq!(code["name"], "Content Too Large");
    assert_eq!(code["former_names"][0]["name"], "Request Entity Too Large");
    assert_eq!(code["rfc"]["number"], 9110);
    assert_eq!(code["previous"], "412");
    assert!(
        code["example"]["response"]
            .as_str()
            .is_some_and(|text| text.starts_with("HTTP/1.1 413 Content Too Large\r\n"))
    );
    let teapot = serde_json::to_value(catalog().number(418)).expect("a code serializes");
    assert_eq!(
        (teapot["name"].as_str(), teapot["known_as"].as_str()),
        (Some("(Unused)"), Some("I'm a teapot"))
    );
    assert_eq!(teapot["standing"], "unused");
    let found = serde_json::to_value(catalog().number(302)).expect("a code serializes");
    assert_eq!(found["facts"]["redirect_method"], "may-change-to-get");
}

#[test]
fn a_vendors_code_has_the_keys_of_a_registered_one() {
    let keys = |value: &Value| -> Vec<String> {
        value
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect()
    };
    let registered = serde_json::to_value(catalog().number(404)).expect("a code serializes");
    let vendor = catalog().vendor_code("nginx/499".parse().expect("an identity"));
    let vendor = serde_json::to_value(vendor).expect("a code serializes");
    assert_eq!(keys(&vendor), keys(&registered));
    assert_eq!(vendor["id"], "nginx/499");
    assert_eq!(vendor["vendor"], "nginx");
    assert_eq!(vendor["wire"], "log-only");
    assert_eq!(vendor["standing"], "vendor");
    assert_eq!(vendor["class"], "4xx");
    assert_eq!(vendor["registered"], false);
    assert!(vendor["rfc"].is_null() && vendor["facts"].is_null());
    assert!(vendor["playground"].is_null(), "nobody can receive it");
    assert_eq!(vendor["owners"][0]["wire"], "log-only");
    let entry = catalog().substatus("iis/404.13".parse().expect("an identity"));
    let entry = serde_json::to_value(entry).expect("an entry serializes");
    assert_eq!(
        (&entry["code"], &entry["substatus"]),
        (&Value::from(404), &Value::from(13))
    );
}

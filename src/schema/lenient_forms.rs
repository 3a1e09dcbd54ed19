//! Forms that the decoder accepts besides the plain form of a field: a number for text, `x-` keys,
//! a second spelling.
//!
//! Also removes what editors cannot use: formats of integers, and defaults of `null`.

use crate::document::notation::{ALSO, PRESET};
use schemars::Schema;
use schemars::transform::transform_subschemas;
use serde_json::{Value, json};

pub(super) fn allow_lenient_forms(schema: &mut Schema) {
    strip_uninformative(schema);
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    // Only closed maps are structs. A map with free keys admits `x-` already.
    if object.get("additionalProperties") == Some(&Value::Bool(false)) {
        object.insert("patternProperties".to_owned(), json!({ "^x-": true }));
    }
    // A number cannot match a fixed word, and a preset's name gets its own schema later.
    let fixed = ["enum", "const", "pattern", "if", PRESET];
    if !fixed.iter().any(|keyword| object.contains_key(*keyword)) {
        // An editor reads `version: 1.2` as a number, where the decoder takes the text.
        let numbers_too = match object.get("type") {
            Some(Value::String(name)) if name == "string" => Some(json!(["string", "number"])),
            Some(Value::Array(names)) if *names == ["string", "null"] => {
                Some(json!(["string", "number", "null"]))
            }
            _ => None,
        };
        if let Some(types) = numbers_too {
            object.insert("type".to_owned(), types);
        }
    }
    add_other_spellings(schema);
    transform_subschemas(&mut allow_lenient_forms, schema);
}

fn strip_uninformative(schema: &mut Schema) {
    // `uint32` and the like are formats of schemars and not of JSON Schema, so editors cannot use
    // them.
    schema.remove("format");
    if schema.get("default").is_some_and(Value::is_null) {
        schema.remove("default");
    }
}

/// Adds the other spellings of an enum's variants after the variants.
fn add_other_spellings(schema: &mut Schema) {
    let Some(Value::Array(variants)) = schema.get_mut("oneOf") else {
        return;
    };
    let mut more = Vec::new();
    for variant in variants.iter_mut().filter_map(Value::as_object_mut) {
        let Some(Value::Array(spellings)) = variant.remove(ALSO) else {
            continue;
        };
        let name = variant
            .get("const")
            .and_then(Value::as_str)
            .unwrap_or_default();
        // A spelling is a `const` of its own, so that editors offer it with a description.
        let description = format!("The same as `{name}`.");
        more.extend(
            spellings
                .into_iter()
                .map(|spelling| json!({ "const": spelling, "description": description })),
        );
    }
    variants.extend(more);
}

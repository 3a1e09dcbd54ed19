//! Variables: text with `${name}` is accepted wherever a number, a boolean, a fixed word or a
//! notation is.

use super::preset_names::add_definition;
use schemars::Schema;
use schemars::transform::transform_subschemas;
use serde_json::{Map, Value, json};

/// Keywords that restrict values. The others describe them and stay outside the choice.
const ASSERTIONS: [&str; 6] = ["type", "minimum", "maximum", "enum", "const", "pattern"];

/// Accepts a variable in place of every scalar that is not free text.
pub(super) fn allow_variables(schema: &mut Schema) {
    // Free text accepts `${name}` already. Everything else is restricted by type, words or pattern.
    admit_variables(schema);
    let definition = json!({
        "description": "Text with a variable, whose value takes its place.",
        "type": "string",
        "pattern": r"\$\{",
        "examples": ["${name}"],
    });
    add_definition(schema, "variable", definition);
}

fn admit_variables(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    if is_constrained(object) {
        return wrap_with_variable(object);
    }
    // One branch for the whole choice. A branch in each of its alternatives would repeat the
    // variable in the editor's list.
    for keyword in ["anyOf", "oneOf"] {
        if let Some(Value::Array(branches)) = object.get_mut(keyword) {
            return admit_in_branches(branches);
        }
    }
    transform_subschemas(&mut admit_variables, schema);
}

/// Adds one branch for variables to a choice, and descends into the branches that are lists and
/// maps.
fn admit_in_branches(branches: &mut Vec<Value>) {
    let closed = |branch: &Value| branch.as_object().is_some_and(is_constrained);
    let wanted = branches.iter().any(closed) && !branches.iter().any(is_free_text);
    for branch in branches.iter_mut().filter(|branch| !closed(branch)) {
        if let Ok(inner) = <&mut Schema>::try_from(branch) {
            admit_variables(inner);
        }
    }
    if wanted {
        branches.push(variable_reference());
    }
}

/// Returns whether the schema accepts only some scalars: numbers, booleans, fixed words, a
/// notation.
fn is_constrained(object: &Map<String, Value>) -> bool {
    let typed = |name: &str| match object.get("type") {
        Some(Value::String(only)) => only == name,
        Some(Value::Array(names)) => names.iter().any(|other| other == name),
        _ => false,
    };
    let limited = ["enum", "const", "pattern"]
        .iter()
        .any(|keyword| object.contains_key(*keyword));
    limited
        || !typed("string")
            && ["number", "integer", "boolean"]
                .iter()
                .any(|name| typed(name))
}

fn is_free_text(branch: &Value) -> bool {
    let names_text = match &branch["type"] {
        Value::String(only) => only == "string",
        Value::Array(names) => names.iter().any(|name| name == "string"),
        _ => false,
    };
    names_text && !branch.as_object().is_some_and(is_constrained)
}

/// Moves the restrictions of a value into a choice with a variable.
fn wrap_with_variable(object: &mut Map<String, Value>) {
    let mut assertions = Map::new();
    for keyword in ASSERTIONS {
        // `shift_remove` keeps the order of the other keywords, so that the schema's text is
        // stable.
        if let Some(value) = object.shift_remove(keyword) {
            assertions.insert(keyword.to_owned(), value);
        }
    }
    object.insert(
        "anyOf".to_owned(),
        json!([assertions, variable_reference()]),
    );
}

fn variable_reference() -> Value {
    json!({ "$ref": "#/$defs/variable" })
}

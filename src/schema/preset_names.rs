//! Names of presets: each marked field accepts the names of the library, and other names too.

use crate::base::SourceMap;
use crate::document::notation::PRESET;
use crate::library::{Library, PresetInfo};
use schemars::Schema;
use schemars::transform::transform_subschemas;
use serde_json::{Value, json};

/// Adds the names of each kind to the definitions, and a reference to them at each marked field.
pub(super) fn add_preset_names(schema: &mut Schema, library: &Library, sources: &SourceMap) {
    let mut used = Vec::new();
    replace_preset_marks(schema, &mut used);
    for (kind, infos) in library.kinds() {
        // Only kinds that this schema refers to. The names of the others would never be used.
        if used.iter().any(|other| other == kind) {
            add_definition(
                schema,
                &definition_name(kind),
                preset_names_schema(kind, &infos, sources),
            );
        }
    }
}

/// Adds a definition to the root schema, under `$defs`.
pub(super) fn add_definition(schema: &mut Schema, name: &str, definition: Value) {
    let definitions = schema
        .ensure_object()
        .entry("$defs")
        .or_insert_with(|| json!({}));
    if let Some(definitions) = definitions.as_object_mut() {
        definitions.insert(name.to_owned(), definition);
    }
}

fn definition_name(kind: &str) -> String {
    format!("{kind}_preset")
}

fn preset_names_schema(kind: &str, infos: &[&PresetInfo], sources: &SourceMap) -> Value {
    let names: Vec<&str> = infos.iter().map(|info| info.name.value.as_str()).collect();
    let about: Vec<String> = infos
        .iter()
        .map(|info| info.summary_line(sources))
        .collect();
    // An `enum` beside free text: editors offer the names of the library, and a preset that the
    // schema does not know, such as one added later, is no mistake.
    json!({
        "description": format!("A preset of `production library {kind}`, or one of `presets/{kind}.yaml`."),
        "anyOf": [
            { "enum": names, "enumDescriptions": about },
            { "type": "string" },
        ],
    })
}

/// Replaces every mark with a reference to the names of its kind.
fn replace_preset_marks(schema: &mut Schema, used: &mut Vec<String>) {
    if let Some(Value::String(kind)) = schema.remove(PRESET) {
        let names = json!({ "$ref": format!("#/$defs/{}", definition_name(&kind)) });
        insert_name_reference(schema, names);
        used.push(kind);
    }
    transform_subschemas(
        &mut |inner: &mut Schema| replace_preset_marks(inner, used),
        schema,
    );
}

/// Puts `names` where the schema accepts text: in place of its type, or of its branch for text.
fn insert_name_reference(schema: &mut Schema, names: Value) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    match (object.remove("type"), object.get_mut("anyOf")) {
        // The type is a list of text and null, so null must stay allowed.
        (Some(Value::Array(_)), None) => {
            object.insert("anyOf".to_owned(), json!([names, { "type": "null" }]));
        }
        (Some(_), None) => {
            object.insert("$ref".to_owned(), names["$ref"].clone());
        }
        (_, Some(Value::Array(branches))) => replace_text_branches(branches, &names),
        _ => {}
    }
}

fn replace_text_branches(branches: &mut [Value], names: &Value) {
    for branch in branches {
        let is_text = branch["type"] == "string" || branch["type"] == json!(["string", "number"]);
        if is_text {
            *branch = names.clone();
        } else if let Some(Value::Array(inner)) = branch.get_mut("anyOf") {
            replace_text_branches(inner, names);
        }
    }
}

//! The JSON Schema (2020-12) of the document and its parts, for editors and for checks without this
//! program.
//!
//! The structs that decode give the fields, their words and their ranges. The library gives the
//! names of presets. Owns the additions to both, each kind in one place: names in `preset_names`,
//! lenient forms in `lenient_forms`, variables in `variables`. The schema accepts everything that
//! the decoder accepts. It does not check what only `validate` can know: names that refer to each
//! other, files, time.

mod lenient_forms;
mod preset_names;
mod variables;

use crate::base::SourceMap;
use crate::document::OrderedMap;
use crate::document::beat_draft::{ArchetypeDraft, BeatDraft, ProductKindDraft};
use crate::document::draft::{
    EnvironmentDraft, GradeDraft, IconDraft, LensDraft, LocationDraft, MoveDraft, OutputDraft,
    PaletteDraft, ProductionDocument, ProductionDraft, ProfileDraft, ProviderDraft, QualityDraft,
    RetroDraft, SensorDraft, ShotDraft, StyleDraft,
};
use crate::document::farm_draft::FarmDraft;
use crate::library::{Library, PresetKind};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// The kind of file that a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaSubject {
    /// A whole document, with the key `production`.
    Document,
    /// A file that a document includes, or a section in a file of its own.
    Part,
    /// A preset file of this kind.
    Presets(PresetKind),
}

/// Returns the schema. It contains the names of the library's presets.
#[must_use]
pub fn generate_schema(subject: SchemaSubject, library: &Library, sources: &SourceMap) -> Schema {
    let mut schema = match subject {
        SchemaSubject::Document => root_schema::<ProductionDocument>(),
        SchemaSubject::Part => root_schema::<DocumentPart>(),
        SchemaSubject::Presets(kind) => preset_schema(kind),
    };
    // This order: preset names replace types that the lenient forms have widened, and variables
    // must see every constraint that is left.
    lenient_forms::allow_lenient_forms(&mut schema);
    preset_names::add_preset_names(&mut schema, library, sources);
    variables::allow_variables(&mut schema);
    schema
}

fn root_schema<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<T>()
}

fn preset_schema(kind: PresetKind) -> Schema {
    match kind {
        "shots" => root_schema::<OrderedMap<ShotDraft>>(),
        "styles" => root_schema::<OrderedMap<StyleDraft>>(),
        "grades" | "eras" | "moods" => root_schema::<OrderedMap<GradeDraft>>(),
        "moves" => root_schema::<OrderedMap<MoveDraft>>(),
        "lenses" => root_schema::<OrderedMap<LensDraft>>(),
        "sensors" => root_schema::<OrderedMap<SensorDraft>>(),
        "quality" => root_schema::<OrderedMap<QualityDraft>>(),
        "environments" => root_schema::<OrderedMap<EnvironmentDraft>>(),
        "locations" => root_schema::<OrderedMap<LocationDraft>>(),
        "outputs" => root_schema::<OrderedMap<OutputDraft>>(),
        "providers" => root_schema::<OrderedMap<ProviderDraft>>(),
        "palettes" => root_schema::<OrderedMap<PaletteDraft>>(),
        "beats" => root_schema::<OrderedMap<BeatDraft>>(),
        "archetypes" => root_schema::<OrderedMap<ArchetypeDraft>>(),
        "products" => root_schema::<OrderedMap<ProductKindDraft>>(),
        "farms" => root_schema::<OrderedMap<FarmDraft>>(),
        "profiles" => root_schema::<OrderedMap<ProfileDraft>>(),
        "icons" => root_schema::<OrderedMap<IconDraft>>(),
        _ => root_schema::<OrderedMap<RetroDraft>>(),
    }
}

/// A file that is a part of a document: with the key `production`, with its fields alone, or a bare
/// list of one section.
struct DocumentPart;

impl JsonSchema for DocumentPart {
    fn schema_name() -> Cow<'static, str> {
        "part of a production document".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let document = generator.subschema_for::<ProductionDocument>();
        let fields = generator.subschema_for::<ProductionDraft>();
        // `if` and `then`, not `anyOf`: a mistake is then shown at its field, and not as a failed
        // choice of three forms.
        json_schema!({
            "if": { "type": "object", "required": ["production"] },
            "then": document,
            "else": { "if": { "type": "array" }, "then": { "items": { "type": ["object", "string", "null"] } }, "else": fields },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Diagnostics;
    use serde_json::Value;
    use std::path::Path;

    fn document() -> Value {
        let mut sources = SourceMap::default();
        let mut found = Diagnostics::default();
        let library = Library::read(Path::new("no-such-folder"), &mut sources, &mut found);
        generate_schema(SchemaSubject::Document, &library, &sources).into()
    }

    fn field<'a>(schema: &'a Value, of: &str, name: &str) -> &'a Value {
        &schema["$defs"][of]["properties"][name]
    }

    #[test]
    fn every_field_has_a_description() {
        let schema = document();
        for (name, definition) in schema["$defs"].as_object().unwrap() {
            for (field, about) in definition["properties"].as_object().into_iter().flatten() {
                assert!(about["description"].is_string(), "{name}.{field}");
            }
        }
    }

    #[test]
    fn a_preset_is_a_name_of_the_library_or_any_other() {
        let schema = document();
        let names = &schema["$defs"]["shots_preset"]["anyOf"];
        let built_in = names[0]["enum"].as_array().unwrap();
        assert!(built_in.contains(&"hero_cu".into()));
        assert_eq!(
            names[0]["enumDescriptions"].as_array().unwrap().len(),
            built_in.len()
        );
        assert_eq!(names[1]["type"], "string");
        let reference = &field(&schema, "ShotDraft", "template")["anyOf"][0]["$ref"];
        assert_eq!(reference, "#/$defs/shots_preset");
    }

    #[test]
    fn nothing_of_our_own_marks_is_left() {
        let text = document().to_string();
        assert!(
            !text.contains("x-preset") && !text.contains("x-also"),
            "{text}"
        );
    }

    #[test]
    fn a_number_may_be_a_variable() {
        let exposure = &document()["$defs"]["ShotDraft"]["properties"]["exposure"];
        assert_eq!(exposure["anyOf"][0]["minimum"], -8.0);
        assert_eq!(exposure["anyOf"][1]["$ref"], "#/$defs/variable");
    }
}

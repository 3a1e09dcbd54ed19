//! The production as written: what it is, and what it consists of.

use super::cast_draft::{CharacterDraft, PropDraft};
use super::location_draft::LocationDraft;
use super::look_draft::StyleDraft;
use super::output_draft::{OutputDraft, RetroDraft};
use super::render_draft::RenderDraft;
use super::run_draft::{BudgetDraft, LimitsDraft, WorkersDraft};
use super::shot_draft::ShotDraft;
use crate::base::Spanned;
use crate::document::beat_draft::{AdDraft, BeatUseDraft};
use crate::document::captions_draft::CaptionsDraft;
use crate::document::edit_draft::EditDraft;
use crate::document::field_types::{NamedList, OneOrMany, OrderedMap, RawScalar};
use crate::document::graphics_draft::GraphicDraft;
use crate::document::notation;
use crate::document::sound_draft::{MusicDraft, SoundDraft};
use crate::document::text_or::TextOr;
use crate::document::titles_draft::{CreditsDraft, TitleDraft};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A whole document: the production under its one top key.
#[derive(Debug, Clone, Default, JsonSchema)]
#[schemars(deny_unknown_fields, title = "production document")]
#[schemars(rename = "Document")]
pub struct ProductionDocument {
    /// The production.
    pub production: ProductionDraft,
    /// Other files of this production, as patterns relative to this file.
    #[schemars(extend("examples" = [["scenes/*.yaml"]]))]
    pub include: Option<OneOrMany<Spanned<String>>>,
}

/// The production: its name, its sources and its outputs.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProductionDraft {
    /// Name of the production.
    #[schemars(extend("examples" = ["Last Light"]))]
    pub title: Option<Spanned<String>>,
    /// Version of the document, free text such as `1.0`.
    #[schemars(extend("examples" = ["1.0"]))]
    pub version: Option<Spanned<String>>,
    /// Author of the production.
    pub author: Option<Spanned<String>>,
    /// What the production is about.
    pub description: Option<Spanned<String>>,
    /// When the document was created: a date such as `2026-01-31`, or with a time as in RFC 3339.
    #[schemars(extend("examples" = ["2026-01-31"]))]
    pub created: Option<Spanned<String>>,
    /// When the document was last changed, written like `created`.
    pub modified: Option<Spanned<String>>,
    /// The screenplay, a file of Fountain or Final Draft (.fdx) relative to this file.
    #[schemars(extend("examples" = ["script.fountain"]))]
    pub script: Option<Spanned<String>>,
    /// The look of the whole production.
    #[schemars(extend("x-preset" = "styles"))]
    pub style: Option<TextOr<StyleDraft>>,
    /// The characters: who is in the production. A character that is text is its model.
    #[schemars(with = "Option<NamedList<TextOr<CharacterDraft>>>")]
    pub characters: Option<NamedList<CharacterDraft>>,
    /// The locations: where scenes play. A location that is text is a preset by name.
    #[schemars(with = "Option<NamedList<TextOr<LocationDraft>>>")]
    pub locations: Option<NamedList<LocationDraft>>,
    /// The props: things that shots can show. A prop that is text is its model.
    #[schemars(with = "Option<NamedList<TextOr<PropDraft>>>")]
    pub props: Option<NamedList<PropDraft>>,
    /// The shots in order, or `auto` to derive them from the script.
    #[schemars(schema_with = "notation::auto_or_list_schema::<ShotDraft>")]
    pub shots: Option<TextOr<Vec<ShotDraft>>>,
    /// The shots as beats of an ad, in order: names of beats, or entries. `shots` beside them change
    /// the shots that they become, by name.
    pub beats: Option<Vec<TextOr<BeatUseDraft>>>,
    /// What the beats are about: the product, its name, who and where.
    pub ad: Option<AdDraft>,
    /// A file with the shots, instead of `shots`: YAML, or a table in `.csv` or `.tsv`. Or a
    /// timeline of another program, in `.otio`, `.edl` or `.fcpxml`, with another cut of the shots.
    #[schemars(extend("examples" = ["shots.yaml", "shots.csv", "recut.otio"]))]
    pub shot_list: Option<Spanned<String>>,
    /// Whether a table in `shot_list` takes the place of the shots of an extended document. Only
    /// its text tells a table of shots from a cut list, which is another cut of those shots.
    #[serde(skip)]
    pub list_replaces_shots: Option<Spanned<bool>>,
    /// The sound of the production: `on`, `off`, or its fields. It is silent if left out, unless
    /// another field asks for sound.
    #[schemars(schema_with = "notation::sound_schema")]
    pub sound: Option<TextOr<SoundDraft>>,
    /// Music, as in `sound`: a mood, `off`, one cue, or a list of them.
    pub music: Option<OneOrMany<TextOr<MusicDraft>>>,
    /// Titles over the pictures, or between them: texts, or with look, place and time.
    pub titles: Option<OneOrMany<TextOr<TitleDraft>>>,
    /// Graphics over the pictures: charts, tables, numbers, lists, quotes and code.
    pub graphics: Option<Vec<GraphicDraft>>,
    /// Credits behind the last shot.
    pub credits: Option<TextOr<CreditsDraft>>,
    /// Fonts of every text that names none, in the order of preference.
    #[schemars(extend("default" = ["Noto Sans"]))]
    pub fonts: Option<OneOrMany<Spanned<String>>>,
    /// How frames are rendered.
    pub render_settings: Option<RenderDraft>,
    /// What is delivered. An output that is text is a format by name.
    #[schemars(with = "Option<NamedList<TextOr<OutputDraft>>>")]
    pub outputs: Option<NamedList<OutputDraft>>,
    /// How the shots follow each other: transitions, and timecode.
    pub edit: Option<EditDraft>,
    /// How captions are made: a style guide by name, or their fields.
    #[schemars(extend("examples" = ["netflix", "bbc"]))]
    pub captions: Option<TextOr<CaptionsDraft>>,
    /// A retro treatment for every output that has none of its own.
    pub retro: Option<RetroDraft>,
    /// Fields for every shot that does not set them; in an included file, for the shots of that
    /// file.
    pub defaults: Option<ShotDraft>,
    /// Limits for the time and the disk space of a run. A rough estimate above them is a warning.
    pub budget: Option<BudgetDraft>,
    /// Other files of this production, as patterns relative to this file.
    #[schemars(extend("examples" = [["scenes/*.yaml"]]))]
    pub include: Option<OneOrMany<Spanned<String>>>,
    /// Limits and resources of jobs, by kind of work such as `render.shot`.
    #[schemars(extend("examples" = [{ "render.shot": { "retries": 3, "time": "2h", "memory": "16GB" } }]))]
    pub limits: Option<OrderedMap<LimitsDraft>>,
    /// How many jobs run at a time, and how.
    pub workers: Option<WorkersDraft>,
    /// Severities of findings, by code: `off`, `info`, `warning` or `error`. Errors stay errors.
    pub rules: Option<OrderedMap<Spanned<LevelDraft>>>,
    /// The production that this one is a version of: a file relative to this one.
    pub extends: Option<Spanned<String>>,
    /// What this production leaves out of the one that it extends, by name.
    pub drop: Option<Spanned<DropDraft>>,
    /// Named values: `${name}` is replaced by one wherever you write a value.
    #[schemars(schema_with = "variables_schema")]
    pub variables: Option<Spanned<OrderedMap<TextOr<VariableDraft>>>>,
}

/// A variable may be any scalar, not only text.
fn variables_schema(generator: &mut SchemaGenerator) -> Schema {
    let full = generator.subschema_for::<VariableDraft>();
    let scalar = json_schema!({ "type": ["string", "number", "boolean", "null"] });
    json_schema!({ "type": ["object", "null"], "additionalProperties": { "anyOf": [scalar, full] } })
}

/// One variable; text or a number alone is its default.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct VariableDraft {
    /// Value if neither the command line nor the environment sets one.
    pub default: Option<RawScalar>,
    /// Environment variable that may set the value.
    pub env: Option<Spanned<String>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// What a production leaves out of the one that it extends, by name.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DropDraft {
    /// Characters.
    pub characters: OneOrMany<Spanned<String>>,
    /// Locations.
    pub locations: OneOrMany<Spanned<String>>,
    /// Props.
    pub props: OneOrMany<Spanned<String>>,
    /// Shots.
    pub shots: OneOrMany<Spanned<String>>,
    /// Outputs.
    pub outputs: OneOrMany<Spanned<String>>,
}

/// Severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LevelDraft {
    /// It is not reported.
    Off,
    /// A note.
    Info,
    /// A warning: the production can run, but probably not as meant.
    Warning,
    /// An error: the production cannot run.
    Error,
}

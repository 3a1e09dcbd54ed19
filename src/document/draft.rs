//! The document as written: every field optional where a preset may give it, each with its byte
//! range.
//!
//! One set of structs derives the decoder and the JSON Schema. Nothing here is looked up, defaulted
//! or checked; that is for `resolve` and `validate`. Library presets are written in the same
//! structs, so anything a preset can say, an entry beside it can override.

use super::edit_draft::{EditDraft, TransitionDraft};
use super::field_types::{NamedList, OneOrMany, OrderedMap, RawScalar, ScalarOrList};
use super::notation;
use super::sound_draft::{
    AmbienceDraft, EffectDraft, MusicDraft, OutputSoundDraft, RetroSoundDraft, SoundDraft,
    VoiceDraft,
};
use super::text_or::TextOr;
use crate::base::Spanned;
use crate::model::camera::{CameraAngle, Easing, MoveKind, ShotSize};
use crate::model::codec::Codec;
use crate::model::costume_condition::CostumeCondition;
use crate::model::price::PriceUnit;
use crate::model::provider::CallFrequency;
use crate::model::retro_treatment::{DitherMethod, FitMode};
use crate::model::sound::RoomKind;
use crate::model::{Engine, RenderPass, defaults, value_ranges};
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
    /// The screenplay, a Fountain file relative to this file.
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
    /// A file with the shots, instead of `shots`: YAML, or a table in `.csv` or `.tsv`.
    #[schemars(extend("examples" = ["shots.yaml", "shots.csv"]))]
    pub shot_list: Option<Spanned<String>>,
    /// The sound of the production: `on`, `off`, or its fields. It is silent if left out, unless
    /// another field asks for sound.
    #[schemars(schema_with = "notation::sound_schema")]
    pub sound: Option<TextOr<SoundDraft>>,
    /// Music, as in `sound`: a mood, `off`, one cue, or a list of them.
    pub music: Option<OneOrMany<TextOr<MusicDraft>>>,
    /// How frames are rendered.
    pub render_settings: Option<RenderDraft>,
    /// What is delivered. An output that is text is a format by name.
    #[schemars(with = "Option<NamedList<TextOr<OutputDraft>>>")]
    pub outputs: Option<NamedList<OutputDraft>>,
    /// How the shots follow each other: transitions, and timecode.
    pub edit: Option<EditDraft>,
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

/// Limits and resources of jobs.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsDraft {
    /// How often a failed job is tried again, 0 to 100.
    #[schemars(range(min = value_ranges::RETRIES.low, max = value_ranges::RETRIES.high))]
    pub retries: Option<Spanned<u32>>,
    /// How long one attempt may take: `90s`, `30m`, `2h`.
    #[schemars(extend("examples" = ["30m", "2h"]))]
    pub time: Option<RawScalar>,
    /// Memory that a job reserves: `800MB`, `16GB`.
    #[schemars(extend("examples" = ["16GB"]))]
    pub memory: Option<RawScalar>,
    /// Cores that a job reserves, 0.01 to 1024.
    #[schemars(range(min = value_ranges::CORES.lowest(), max = value_ranges::CORES.highest()))]
    pub cores: Option<Spanned<f32>>,
}

/// How many jobs run at a time, and how.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WorkersDraft {
    /// How many jobs run at a time, if neither `--parallel` nor the machine's profile says; 4 if
    /// left out.
    #[schemars(range(min = value_ranges::WORKERS.low, max = value_ranges::WORKERS.high), extend("default" = 4))]
    pub count: Option<Spanned<u32>>,
    /// What a worker is.
    #[schemars(extend("default" = "thread"))]
    pub backend: Option<Spanned<WorkerBackend>>,
}

/// What a worker is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WorkerBackend {
    /// A thread. Renderers and ffmpeg are processes of their own in any case.
    Thread,
    /// A process of its own. Only farms have it.
    Process,
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

/// The look of the whole production: a style preset, and the values that override it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StyleDraft {
    /// A style preset by name, such as `cinematic_teal_orange`.
    #[schemars(extend("x-preset" = "styles"), extend("default" = defaults::STYLE))]
    pub preset: Option<Spanned<String>>,
    /// When it plays, such as `present`, `1980s`, `future`: changes the grade.
    #[schemars(extend("x-preset" = "eras"))]
    pub era: Option<Spanned<String>>,
    /// The mood, such as `dramatic` or `warm`: changes the grade, if it differs from the preset's.
    #[schemars(extend("x-preset" = "moods"))]
    pub mood: Option<Spanned<String>>,
    /// A colour grade preset by name, such as `teal_orange`.
    #[schemars(extend("x-preset" = "grades"))]
    pub color_grade: Option<Spanned<String>>,
    /// How far light and dark are apart.
    pub contrast: Option<Spanned<ContrastLevel>>,
    /// Single values of the grade that override the presets.
    pub grade: Option<GradeDraft>,
}

/// How far light and dark are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContrastLevel {
    /// Soft, like a documentary.
    VeryLow,
    /// Gentle.
    Low,
    /// Neutral.
    Medium,
    /// Strong.
    High,
    /// Harsh, like film noir.
    VeryHigh,
}

/// Values of a colour grade. `docs/document.md` has the order in which they are applied.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GradeDraft {
    /// Stops of exposure, -8 to 8.
    #[schemars(range(min = value_ranges::EXPOSURE.lowest(), max = value_ranges::EXPOSURE.highest()), extend("default" = 0))]
    pub exposure: Option<Spanned<f32>>,
    /// White balance from -1 (cool) to 1 (warm).
    #[schemars(range(min = value_ranges::BALANCE.lowest(), max = value_ranges::BALANCE.highest()), extend("default" = 0))]
    pub warmth: Option<Spanned<f32>>,
    /// White balance from -1 (green) to 1 (magenta).
    #[schemars(range(min = value_ranges::BALANCE.lowest(), max = value_ranges::BALANCE.highest()), extend("default" = 0))]
    pub tint: Option<Spanned<f32>>,
    /// Slope around middle grey, 0.2 to 3; 1 has no effect.
    #[schemars(range(min = value_ranges::CONTRAST.lowest(), max = value_ranges::CONTRAST.highest()), extend("default" = 1))]
    pub contrast: Option<Spanned<f32>>,
    /// Saturation, 0 (black and white) to 3; 1 has no effect.
    #[schemars(range(min = value_ranges::SATURATION.lowest(), max = value_ranges::SATURATION.highest()), extend("default" = 1))]
    pub saturation: Option<Spanned<f32>>,
    /// Added to the shadows: red, green, blue.
    #[schemars(inner(range(min = value_ranges::BALANCE.lowest(), max = value_ranges::BALANCE.highest())), extend("examples" = [[0.02, 0.01, 0.0]]))]
    pub lift: Option<Spanned<[f32; 3]>>,
    /// Power of the midtones: red, green, blue.
    #[schemars(inner(range(min = value_ranges::GAMMA.lowest(), max = value_ranges::GAMMA.highest())), extend("examples" = [[1.0, 1.0, 1.05]]))]
    pub gamma: Option<Spanned<[f32; 3]>>,
    /// Factor on the highlights: red, green, blue.
    #[schemars(inner(range(min = value_ranges::GAIN.lowest(), max = value_ranges::GAIN.highest())), extend("examples" = [[1.02, 1.0, 0.97]]))]
    pub gain: Option<Spanned<[f32; 3]>>,
    /// Colour towards which shadows are shifted, each channel 0 to 1.
    #[schemars(inner(range(min = value_ranges::SHARE.lowest(), max = value_ranges::SHARE.highest())))]
    pub shadow_tone: Option<Spanned<[f32; 3]>>,
    /// Colour towards which highlights are shifted, each channel 0 to 1.
    #[schemars(inner(range(min = value_ranges::SHARE.lowest(), max = value_ranges::SHARE.highest())))]
    pub highlight_tone: Option<Spanned<[f32; 3]>>,
    /// Strength of the two tones, 0 to 1.
    #[schemars(range(min = value_ranges::SHARE.lowest(), max = value_ranges::SHARE.highest()))]
    pub split: Option<Spanned<f32>>,
    /// Glow around highlights, 0 to 1.
    #[schemars(range(min = value_ranges::SHARE.lowest(), max = value_ranges::SHARE.highest()))]
    pub bloom: Option<Spanned<f32>>,
    /// Darkening of the corners, 0 to 1.
    #[schemars(range(min = value_ranges::SHARE.lowest(), max = value_ranges::SHARE.highest()))]
    pub vignette: Option<Spanned<f32>>,
    /// Film grain, 0 to 1.
    #[schemars(range(min = value_ranges::SHARE.lowest(), max = value_ranges::SHARE.highest()))]
    pub grain: Option<Spanned<f32>>,
}

/// One character.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CharacterDraft {
    /// Name of the character in the document.
    pub name: Option<Spanned<String>>,
    /// Name for people, if it differs from `name`; of a map, the `name` inside an entry.
    pub display_name: Option<Spanned<String>>,
    /// Name of the character in the script, if it is not the name in capitals.
    pub script_name: Option<Spanned<String>>,
    /// The model, a glTF, GLB or .blend file relative to this file.
    #[schemars(extend("examples" = ["models/mara.glb"]))]
    pub model: Option<Spanned<String>>,
    /// Costumes by scene range: `default`, `scenes_1_10`, `1-10` or `5A-7`.
    #[schemars(extend("examples" = [{ "scenes_1_10": "oilskin" }]))]
    pub wardrobe: Option<OrderedMap<TextOr<CostumeDraft>>>,
    /// Other models by name, such as `stunt_double`.
    #[schemars(extend("examples" = [{ "stunt_double": "models/stunt.glb" }]))]
    pub variants: Option<OrderedMap<Spanned<String>>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
    /// Free text for people.
    pub notes: Option<Spanned<String>>,
    /// Voice for speech: the name of a voice, or its fields. Other text is for people.
    pub voice: Option<TextOr<VoiceDraft>>,
}

/// One costume of a character.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CostumeDraft {
    /// Name of the costume.
    pub costume: Option<Spanned<String>>,
    /// The character's model in this costume.
    pub model: Option<Spanned<String>>,
    /// State of the costume, in one word or a list, such as `torn` or `[torn, wet]`.
    pub condition: Option<OneOrMany<Spanned<CostumeCondition>>>,
    /// Free text for people.
    pub notes: Option<Spanned<String>>,
}

/// One location: a preset, and the values that override it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LocationDraft {
    /// Name of the location in the document.
    pub name: Option<Spanned<String>>,
    /// Name for people, if it differs from `name`; of a map, the `name` inside an entry.
    pub display_name: Option<Spanned<String>>,
    /// A location preset by name, such as `industrial`.
    #[schemars(extend("x-preset" = "locations"))]
    pub preset: Option<Spanned<String>>,
    /// Light from all around: an HDR or EXR file relative to this file, or an environment preset by
    /// name.
    #[schemars(extend("x-preset" = "environments"), extend("default" = defaults::ENVIRONMENT))]
    pub hdri: Option<Spanned<String>>,
    /// The set's model, a glTF or GLB file relative to this file.
    #[schemars(extend("examples" = ["sets/pier.glb"]))]
    pub set: Option<Spanned<String>>,
    /// A .blend file with the whole place. Blender opens it as the scene and keeps its lights and
    /// its world.
    pub custom_setup: Option<Spanned<String>>,
    /// Scene headings that play here, such as `EXT. HARBOUR PIER - DUSK`. The name in words always
    /// matches.
    #[schemars(extend("examples" = [["EXT. HARBOUR PIER - DUSK"]]))]
    pub headings: Option<Vec<Spanned<String>>>,
    /// Scene numbers that play here, as the script writes them.
    #[schemars(schema_with = "notation::scene_list_schema")]
    pub scenes: Option<Vec<RawScalar>>,
    /// Light from all around, in values.
    pub environment: Option<EnvironmentDraft>,
    /// The sun or key light.
    pub key: Option<KeyDraft>,
    /// The ground, for a location without a set.
    pub ground: Option<GroundDraft>,
    /// Distance haze.
    pub haze: Option<HazeDraft>,
    /// Stops of exposure for shots here, -8 to 8.
    #[schemars(range(min = value_ranges::EXPOSURE.lowest(), max = value_ranges::EXPOSURE.highest()), extend("default" = 0))]
    pub exposure: Option<Spanned<f32>>,
    /// What is always heard here: an ambience by name, a file, `off`, or a list of layers.
    pub ambience: Option<OneOrMany<TextOr<AmbienceDraft>>>,
    /// The reverberation here.
    pub room: Option<Spanned<RoomKind>>,
    /// Free text for people.
    pub notes: Option<Spanned<String>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// Light and background from all around, in values: a sky if `zenith` is set, a studio if
/// `backdrop` is.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EnvironmentDraft {
    /// Sky colour overhead, linear red, green, blue.
    #[schemars(inner(range(min = value_ranges::LIGHT.lowest(), max = value_ranges::LIGHT.highest())))]
    pub zenith: Option<Spanned<[f32; 3]>>,
    /// Sky colour at the horizon.
    #[schemars(inner(range(min = value_ranges::LIGHT.lowest(), max = value_ranges::LIGHT.highest())))]
    pub horizon: Option<Spanned<[f32; 3]>>,
    /// Colour below the horizon.
    #[schemars(inner(range(min = value_ranges::LIGHT.lowest(), max = value_ranges::LIGHT.highest())))]
    pub ground: Option<Spanned<[f32; 3]>>,
    /// Glow around the sun, 0 to 4.
    #[schemars(range(min = value_ranges::GLOW.lowest(), max = value_ranges::GLOW.highest()))]
    pub glow: Option<Spanned<f32>>,
    /// Stars, 0 to 1.
    #[schemars(range(min = value_ranges::SHARE.lowest(), max = value_ranges::SHARE.highest()))]
    pub stars: Option<Spanned<f32>>,
    /// Clouds, 0 to 1.
    #[schemars(range(min = value_ranges::SHARE.lowest(), max = value_ranges::SHARE.highest()))]
    pub clouds: Option<Spanned<f32>>,
    /// Studio backdrop colour.
    #[schemars(inner(range(min = value_ranges::LIGHT.lowest(), max = value_ranges::LIGHT.highest())))]
    pub backdrop: Option<Spanned<[f32; 3]>>,
    /// Studio light from above.
    #[schemars(inner(range(min = value_ranges::LIGHT.lowest(), max = value_ranges::LIGHT.highest())))]
    pub top: Option<Spanned<[f32; 3]>>,
    /// Studio light from the sides.
    #[schemars(inner(range(min = value_ranges::LIGHT.lowest(), max = value_ranges::LIGHT.highest())))]
    pub side: Option<Spanned<[f32; 3]>>,
    /// Degrees by which the panorama is turned about the vertical.
    #[schemars(range(min = value_ranges::TURN.lowest(), max = value_ranges::TURN.highest()))]
    pub rotation: Option<Spanned<f32>>,
    /// Factor on the light of the panorama, 0 to 100.
    #[schemars(range(min = value_ranges::LIGHT.lowest(), max = value_ranges::LIGHT.highest()))]
    pub intensity: Option<Spanned<f32>>,
}

/// The sun or key light.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct KeyDraft {
    /// Degrees around the vertical from the default camera, counter-clockwise from above.
    #[schemars(range(min = value_ranges::TURN.lowest(), max = value_ranges::TURN.highest()))]
    pub azimuth: Option<Spanned<f32>>,
    /// Degrees above the horizon, 0 to 90.
    #[schemars(range(min = value_ranges::ELEVATION.lowest(), max = value_ranges::ELEVATION.highest()))]
    pub elevation: Option<Spanned<f32>>,
    /// Colour temperature in kelvin, 1500 to 15000.
    #[schemars(range(min = value_ranges::KELVIN.lowest(), max = value_ranges::KELVIN.highest()), extend("examples" = [3200, 5600]))]
    pub temperature: Option<Spanned<f32>>,
    /// Strength, 0 to 100; the sun at noon is about 4.
    #[schemars(range(min = value_ranges::LIGHT.lowest(), max = value_ranges::LIGHT.highest()))]
    pub intensity: Option<Spanned<f32>>,
    /// Apparent width in degrees, 0 to 45.
    #[schemars(range(min = value_ranges::SOFTNESS.lowest(), max = value_ranges::SOFTNESS.highest()))]
    pub softness: Option<Spanned<f32>>,
}

/// A ground plane.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GroundDraft {
    /// Linear red, green, blue, each 0 to 1.
    #[schemars(inner(range(min = value_ranges::SHARE.lowest(), max = value_ranges::SHARE.highest())))]
    pub colour: Option<Spanned<[f32; 3]>>,
    /// Roughness, 0 to 1.
    #[schemars(range(min = value_ranges::SHARE.lowest(), max = value_ranges::SHARE.highest()))]
    pub roughness: Option<Spanned<f32>>,
}

/// Distance haze.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HazeDraft {
    /// Linear red, green, blue.
    #[schemars(inner(range(min = value_ranges::LIGHT.lowest(), max = value_ranges::LIGHT.highest())))]
    pub colour: Option<Spanned<[f32; 3]>>,
    /// Metres at which about two thirds of the light is lost.
    #[schemars(range(min = value_ranges::HAZE.lowest(), max = value_ranges::HAZE.highest()))]
    pub distance: Option<Spanned<f32>>,
}

/// One prop.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PropDraft {
    /// Name of the prop in the document.
    pub name: Option<Spanned<String>>,
    /// Name for people, if it differs from `name`; of a map, the `name` inside an entry.
    pub display_name: Option<Spanned<String>>,
    /// The model, a glTF or GLB file relative to this file.
    #[schemars(extend("examples" = ["models/lantern.glb"]))]
    pub model: Option<Spanned<String>>,
    /// Free text for people.
    pub notes: Option<Spanned<String>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// One shot: a template, and the values that override it. Shot templates have the same fields.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ShotDraft {
    /// Name of the shot; `shot_001` and so on if left out.
    pub name: Option<Spanned<String>>,
    /// A shot template by name, such as `hero_cu`.
    #[schemars(extend("x-preset" = "shots"))]
    pub template: Option<Spanned<String>>,
    /// Number of its scene as the script writes it, such as `5` or `5A`; 1 if left out.
    #[schemars(schema_with = "notation::shot_scene_schema")]
    pub scene: Option<RawScalar>,
    /// The character in it.
    pub character: Option<Spanned<String>>,
    /// A second character.
    pub character2: Option<Spanned<String>>,
    /// All characters in the shot, by name, or with mark, action and facing. The first is the
    /// subject.
    pub characters: Option<Vec<TextOr<PerformerDraft>>>,
    /// The location; the scene's if left out.
    pub location: Option<Spanned<String>>,
    /// Props in view, by name or with a mark.
    pub props: Option<Vec<TextOr<PropUseDraft>>>,
    /// What the camera frames.
    pub subject: Option<Spanned<SubjectDraft>>,
    /// Animation clip that the first character plays, such as `walk`.
    #[schemars(extend("examples" = ["idle", "walk", "talk"]))]
    pub action: Option<Spanned<String>>,
    /// How much of the subject the frame holds.
    pub size: Option<Spanned<ShotSize>>,
    /// Height from which the camera looks.
    pub angle: Option<Spanned<CameraAngle>>,
    /// Degrees around the subject: 0 in front of it, positive to its left.
    #[schemars(range(min = value_ranges::TURN.lowest(), max = value_ranges::TURN.highest()), extend("default" = 0))]
    pub azimuth: Option<Spanned<f32>>,
    /// Focal length in millimetres, or a lens preset by name.
    #[schemars(schema_with = "notation::lens_schema")]
    pub lens: Option<RawScalar>,
    /// Aperture as an f-number; everything is sharp if left out.
    #[schemars(range(min = value_ranges::APERTURE.lowest(), max = value_ranges::APERTURE.highest()), extend("examples" = [1.4, 2.8]))]
    pub aperture: Option<Spanned<f32>>,
    /// What is sharp: `subject`, a character of the shot by name, or metres from the camera.
    #[schemars(schema_with = "notation::focus_schema")]
    pub focus: Option<RawScalar>,
    /// Camera move, by preset name or in values.
    #[serde(rename = "move")]
    #[schemars(rename = "move")]
    #[schemars(extend("x-preset" = "moves"))]
    pub travel: Option<TextOr<MoveDraft>>,
    /// Duration: frames such as `96`, or seconds such as `4s`.
    #[schemars(schema_with = "notation::duration_schema")]
    pub duration: Option<RawScalar>,
    /// Frames: `1001-1100`, `1-100x2`, or first and last as a list.
    #[schemars(schema_with = "notation::frame_range_schema")]
    pub frame_range: Option<ScalarOrList>,
    /// Pictures or a film that the shot shows, in place of drawn frames: a pattern such as
    /// `plates/sh010.%04d.exr`, a folder, a picture, or a film.
    #[schemars(extend("examples" = ["plates/sh010.%04d.exr", "plates/sh020.mov"]))]
    pub frames: Option<TextOr<FootageDraft>>,
    /// What is said in it: `mara: It went out.`, or who, text, when and how.
    #[schemars(schema_with = "notation::lines_schema")]
    pub lines: Option<OneOrMany<TextOr<OrderedMap<RawScalar>>>>,
    /// Effects that are heard in it: names, files, or with moment, gain and place.
    pub effects: Option<OneOrMany<TextOr<EffectDraft>>>,
    /// The transition with which it begins: `dissolve 12`, `fade_from_black`, or its fields.
    #[schemars(extend("examples" = ["dissolve 12", "wipe_left", "fade_from_black 24"]))]
    pub transition_in: Option<TextOr<TransitionDraft>>,
    /// The transition with which it ends: `dissolve 12`, `fade_to_black`, or its fields.
    #[schemars(extend("examples" = ["dissolve 12", "dip_to_white", "fade_to_black 24"]))]
    pub transition_out: Option<TextOr<TransitionDraft>>,
    /// Takes of the shot by name, each with the fields in which it differs.
    pub takes: Option<OrderedMap<Self>>,
    /// The take that is shown; the last of `takes` if left out.
    pub take: Option<RawScalar>,
    /// Limits and resources of the jobs that make its frames.
    pub limits: Option<LimitsDraft>,
    /// Exposure of this shot in stops, added to the location's.
    #[schemars(range(min = value_ranges::EXPOSURE.lowest(), max = value_ranges::EXPOSURE.highest()), extend("default" = 0))]
    pub exposure: Option<Spanned<f32>>,
    /// Renderer of this shot; the production's `engine` if left out.
    #[schemars(extend("examples" = Engine::NAMES))]
    pub engine: Option<Spanned<String>>,
    /// Further pictures of every frame; the production's `passes` if left out.
    #[schemars(extend("examples" = [["depth", "normal"]]))]
    pub passes: Option<OneOrMany<Spanned<RenderPass>>>,
    /// Free text for people.
    pub notes: Option<Spanned<String>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// What the camera frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubjectDraft {
    /// The first character.
    Character,
    /// All characters together.
    Everyone,
    /// The first prop.
    Prop,
    /// The location.
    Place,
}

/// Pictures or a film that a shot shows.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FootageDraft {
    /// A pattern such as `plates/sh010.%04d.exr`, a folder, a picture, or a film, relative to the
    /// production's folder.
    #[schemars(extend("examples" = ["plates/sh010.%04d.exr", "plates/sh020.mov"]))]
    pub path: Option<Spanned<String>>,
    /// Number of the picture that the first frame shows; of a film, whose first picture is 1.
    pub start: Option<Spanned<i32>>,
    /// Pictures a second, if they differ from the production's; a film has a rate of its own.
    #[schemars(schema_with = "notation::rate_schema")]
    pub frame_rate: Option<RawScalar>,
    /// Whether the pictures have their look already, so that the production's grade is left out.
    #[schemars(extend("default" = false))]
    pub graded: Option<Spanned<bool>>,
}

/// One character in a shot.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PerformerDraft {
    /// The character's name.
    pub name: Option<Spanned<String>>,
    /// Position: a mark of the set by name, or `[x, y, z]` in metres.
    #[schemars(schema_with = "notation::mark_schema")]
    pub mark: Option<ScalarOrList>,
    /// Animation clip of the model.
    #[schemars(extend("examples" = ["idle", "walk", "talk"]))]
    pub action: Option<Spanned<String>>,
    /// Facing: `front`, `partner`, or degrees.
    #[schemars(schema_with = "notation::facing_schema")]
    pub facing: Option<RawScalar>,
    /// Walking speed in metres a second; the character ends at the mark.
    #[schemars(range(min = value_ranges::SPEED.lowest(), max = value_ranges::SPEED.highest()), extend("default" = 0))]
    pub speed: Option<Spanned<f32>>,
}

/// One prop in a shot.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PropUseDraft {
    /// The prop's name.
    pub name: Option<Spanned<String>>,
    /// Position: a mark of the set by name, or `[x, y, z]` in metres.
    #[schemars(schema_with = "notation::mark_schema")]
    pub mark: Option<ScalarOrList>,
}

/// A camera move. Move presets have the same fields.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MoveDraft {
    /// A move preset by name.
    #[schemars(extend("x-preset" = "moves"))]
    pub preset: Option<Spanned<String>>,
    /// Kind of move.
    pub kind: Option<Spanned<MoveKind>>,
    /// Amount: degrees for orbit, pan and tilt; a fraction of the distance to the subject for
    /// dolly, push, truck and crane; a factor on the sway for handheld.
    #[schemars(range(min = value_ranges::AMOUNT.lowest(), max = value_ranges::AMOUNT.highest()))]
    pub amount: Option<Spanned<f32>>,
    /// How the move accelerates and slows down.
    pub easing: Option<Spanned<Easing>>,
}

/// A lens preset.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LensDraft {
    /// Focal length in millimetres.
    #[schemars(range(min = value_ranges::LENS.lowest(), max = value_ranges::LENS.highest()))]
    pub mm: Option<Spanned<f32>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// A sensor preset.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SensorDraft {
    /// Width in millimetres.
    #[schemars(range(min = value_ranges::SENSOR.lowest(), max = value_ranges::SENSOR.highest()))]
    pub width: Option<Spanned<f32>>,
    /// Height in millimetres, for people; the aspect ratio of the picture decides.
    pub height: Option<Spanned<f32>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// How frames are rendered.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RenderDraft {
    /// Renderer: `previz` (built in), `cycles`, `eevee` or `workbench` (Blender), or a command
    /// provider by name.
    #[schemars(extend("default" = defaults::ENGINE), extend("examples" = Engine::NAMES))]
    pub engine: Option<Spanned<String>>,
    /// Samples per pixel; the quality tier's if left out.
    #[schemars(range(min = value_ranges::SAMPLES.low, max = value_ranges::SAMPLES.high))]
    pub samples: Option<Spanned<u32>>,
    /// Size of rendered frames: `1920x1080`; derived from the outputs and the tier if left out.
    #[schemars(schema_with = "notation::size_schema")]
    pub resolution: Option<ScalarOrList>,
    /// Frames a second of the whole production; the first film output's if left out.
    #[schemars(schema_with = "notation::rate_schema")]
    pub frame_rate: Option<RawScalar>,
    /// The tier: `draft`, `preview`, `production` or `archive`.
    #[schemars(extend("x-preset" = "quality"), extend("default" = defaults::TIER))]
    pub quality_tier: Option<Spanned<String>>,
    /// A sensor preset by name, or a width in millimetres.
    #[schemars(schema_with = "notation::sensor_schema")]
    pub sensor: Option<RawScalar>,
    /// Whether Cycles removes noise, if its Blender has a denoiser.
    #[schemars(extend("default" = true))]
    pub denoise: Option<Spanned<bool>>,
    /// Frames in one render job.
    #[schemars(range(min = value_ranges::CHUNK.low, max = value_ranges::CHUNK.high), extend("default" = defaults::CHUNK))]
    pub chunk_size: Option<Spanned<u32>>,
    /// Further pictures of every frame, such as depth.
    #[schemars(extend("examples" = [["depth", "normal"]]))]
    pub passes: Option<OneOrMany<Spanned<RenderPass>>>,
    /// Folder that passes are delivered to, relative to the production's folder, with a folder for
    /// each shot.
    #[schemars(extend("default" = defaults::PASSES_PATH))]
    pub passes_path: Option<Spanned<String>>,
}

/// A renderer that is a command. In the words of the command, in `set` and in `writes`, names in
/// braces are replaced by values: `{frame}`, `{output}`, `{input.set}`; see `docs/renderers.md`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProviderDraft {
    /// The program and its arguments, one word each; not read by a shell.
    #[schemars(extend("examples" = [["povray", "+I{file.scene}", "+O{output}", "+W{width}", "+H{height}"]]))]
    pub command: Option<Vec<Spanned<String>>>,
    /// Whether to join the words and run them with `/bin/sh`.
    #[schemars(extend("default" = false))]
    pub shell: Option<Spanned<bool>>,
    /// Whether to call it once for a job or once for each frame.
    pub per: Option<Spanned<CallFrequency>>,
    /// Name of the pictures, with a token for the frame: `####`, `@@@@`, `%04d` or `$F4`.
    #[schemars(extend("examples" = ["frame.####.exr"]))]
    pub output: Option<Spanned<String>>,
    /// Files of the project that it reads, by the name in `{file.NAME}`.
    pub files: Option<OrderedMap<Spanned<String>>>,
    /// Small files to write before each call, by name; their text may contain placeholders.
    pub writes: Option<OrderedMap<Spanned<String>>>,
    /// Command that prints its version: the first line with a digit, or the line of `version_line`.
    pub version: Option<Vec<Spanned<String>>>,
    /// Regular expression of the line with the version; the first group, if there is one, is the
    /// version.
    pub version_line: Option<Spanned<String>>,
    /// Environment variables that it may see, besides `PATH`, `HOME`, `TMPDIR`, `LANG` and similar
    /// ones. Another value renders again.
    pub env: Option<Vec<Spanned<String>>>,
    /// Environment variables that it may see and on which no picture depends, such as that of a
    /// licence server. Another value renders nothing again.
    #[schemars(extend("examples" = [["foundry_LICENSE"]]))]
    pub env_ignored: Option<Vec<Spanned<String>>>,
    /// Environment variables to set for it.
    pub set: Option<OrderedMap<Spanned<String>>>,
    /// Exit codes and signals that mean success, such as `3` and `SIGSEGV`; 0 if left out. Pictures
    /// are checked in any case.
    #[schemars(extend("examples" = [[0, "SIGSEGV"]]))]
    pub success: Option<Vec<RawScalar>>,
    /// Regular expression of progress lines; the group `percent` is the finished part of the call.
    pub progress: Option<Spanned<String>>,
    /// Regular expressions of warning lines.
    pub warnings: Option<Vec<Spanned<String>>>,
    /// Regular expressions of lines that say why it failed, by class. Such a line fails the job,
    /// also if the exit code is 0.
    pub failures: Option<FailuresDraft>,
    /// Whether the exit code alone decides. Lines of `failures` are then warnings if it means
    /// success.
    #[schemars(extend("default" = false))]
    pub trust_exit_code: Option<Spanned<bool>>,
    /// Whether it also draws the reference sheets of characters and the plates of locations.
    #[schemars(extend("default" = false))]
    pub references: Option<Spanned<bool>>,
    /// Cores that each call claims.
    pub cores: Option<Spanned<f32>>,
    /// Tokens that each call claims, such as licences. The machine profile says how many there are.
    pub tokens: Option<OrderedMap<Spanned<f32>>>,
    /// Price of its work. Estimates, reports and metrics then show the cost of a run.
    #[schemars(extend("examples" = [{"amount": 0.04, "currency": "EUR", "per": "frame"}]))]
    pub price: Option<PriceDraft>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// Price of a provider's work.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PriceDraft {
    /// Amount per unit.
    #[schemars(range(min = value_ranges::PRICE.low, max = value_ranges::PRICE.high))]
    pub amount: Option<Spanned<f32>>,
    /// Currency, three capital letters of ISO 4217.
    #[schemars(extend("examples" = ["EUR"], "pattern" = "^[A-Z]{3}$"))]
    pub currency: Option<Spanned<String>>,
    /// Unit: a picture, or an hour that a job runs.
    #[schemars(extend("default" = "frame"))]
    pub per: Option<Spanned<PriceUnit>>,
}

/// Regular expressions of lines that say why a command failed.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FailuresDraft {
    /// Every licence is taken: the job waits and spends no attempt.
    pub licence: Option<Vec<Spanned<String>>>,
    /// Out of memory: the job is retried with more.
    pub out_of_memory: Option<Vec<Spanned<String>>>,
    /// An input is missing: the job is not retried.
    pub missing_input: Option<Vec<Spanned<String>>>,
    /// A plug-in or device is missing: the job is not retried.
    pub missing_tool: Option<Vec<Spanned<String>>>,
    /// The program crashed: the job is retried.
    pub crash: Option<Vec<Spanned<String>>>,
}

/// A quality tier preset.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct QualityDraft {
    /// Rendered size as a fraction of the largest output's, 0.05 to 1.
    #[schemars(range(min = value_ranges::SCALE.lowest(), max = value_ranges::SCALE.highest()))]
    pub scale: Option<Spanned<f32>>,
    /// Samples per pixel.
    #[schemars(range(min = value_ranges::SAMPLES.low, max = value_ranges::SAMPLES.high))]
    pub samples: Option<Spanned<u32>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// One deliverable. Output presets have the same fields.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OutputDraft {
    /// Name of the output; the format if left out.
    pub name: Option<Spanned<String>>,
    /// Name for people, if it differs from `name`; of a map, the `name` inside an entry.
    pub display_name: Option<Spanned<String>>,
    /// An output preset by name, such as `cinema_4k`, or a text deliverable such as `cut_list`.
    #[schemars(extend("x-preset" = "outputs"))]
    pub format: Option<Spanned<String>>,
    /// Path of the deliverable, relative to the production's folder: a file, or a folder for
    /// picture sequences. A film in a path that ends with `/` has the name of the output.
    #[schemars(extend("examples" = ["deliverables/film.mp4"]))]
    pub path: Option<Spanned<String>>,
    /// The output of which a text deliverable such as a cut list is the timeline; the first film if
    /// left out.
    pub of: Option<Spanned<String>>,
    /// Whether files at the path that no run put there may be replaced.
    #[schemars(extend("default" = false))]
    pub replace: Option<Spanned<bool>>,
    /// Codec of the deliverable.
    #[schemars(extend("default" = Codec::default()))]
    pub codec: Option<Spanned<Codec>>,
    /// Size: `1920x1080`.
    #[schemars(schema_with = "notation::size_schema")]
    pub resolution: Option<ScalarOrList>,
    /// Frames a second: `24`, `23.976`, `30000/1001`.
    #[schemars(schema_with = "notation::rate_schema")]
    pub frame_rate: Option<RawScalar>,
    /// The shots that it shows, in the order of the production: names, patterns such as `sh01*`,
    /// ranges such as `sh010..sh040`, and scenes such as `scenes_2_5`. All if left out.
    #[schemars(extend("examples" = ["sh010", ["sh010..sh040", "scene_7"]]))]
    pub shots: Option<OneOrMany<RawScalar>>,
    /// Whether every shot is a file of its own; so it is if `path` contains `${shot}`.
    #[schemars(extend("default" = false))]
    pub per_shot: Option<Spanned<bool>>,
    /// Constant rate factor of `h264` and `h265`, 1 (largest and best) to 51.
    #[schemars(range(min = 1, max = 51))]
    pub crf: Option<Spanned<u32>>,
    /// Bits a second of `h264` and `h265`, such as `8M` or `800k`.
    #[schemars(extend("examples" = ["8M", "800k"]))]
    pub bit_rate: Option<RawScalar>,
    /// Variant of the codec, such as `high422` or `proxy`.
    #[schemars(extend("examples" = ["main10", "high422", "proxy"]))]
    pub profile: Option<RawScalar>,
    /// Pixel format as ffmpeg names it, such as `yuv422p10le`.
    #[schemars(extend("examples" = ["yuv420p10le", "yuv422p10le"]))]
    pub pixel_format: Option<Spanned<String>>,
    /// Its sound: a codec, `on`, `off`, `wav`, or its fields.
    pub sound: Option<TextOr<OutputSoundDraft>>,
    /// Short for `stems` of `sound`: whether dialogue, music and effects are delivered as WAV files
    /// beside it.
    #[schemars(extend("default" = false))]
    pub stems: Option<Spanned<bool>>,
    /// How a picture with another aspect ratio is fitted.
    #[schemars(extend("default" = FitMode::default()))]
    pub fit: Option<Spanned<FitMode>>,
    /// A retro treatment.
    pub retro: Option<RetroDraft>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// A retro treatment. Console presets have the same fields.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RetroDraft {
    /// A console preset by name, such as `snes`.
    #[schemars(extend("x-preset" = "consoles"))]
    pub preset: Option<Spanned<String>>,
    /// Whether the treatment applies.
    #[schemars(extend("default" = true))]
    pub enabled: Option<Spanned<bool>>,
    /// A palette preset by name, such as `snes` or `gameboy`.
    #[schemars(extend("x-preset" = "palettes"))]
    pub palette: Option<Spanned<String>>,
    /// Dither: how patterns of available colours imitate missing ones.
    #[schemars(extend("default" = DitherMethod::default()))]
    pub dither: Option<Spanned<DitherMethod>>,
    /// Strength of the dither, 0 to 1.
    #[schemars(range(min = value_ranges::SHARE.lowest(), max = value_ranges::SHARE.highest()), extend("default" = 1))]
    pub strength: Option<Spanned<f32>>,
    /// Size of the small picture: `256x224`.
    #[schemars(schema_with = "notation::size_schema")]
    pub target_resolution: Option<ScalarOrList>,
    /// Largest number of colours, 2 to 256.
    #[schemars(range(min = value_ranges::COLOURS.low, max = value_ranges::COLOURS.high))]
    pub colors: Option<Spanned<u32>>,
    /// The sound of the console, for a mix that is delivered beside the output.
    pub sound: Option<RetroSoundDraft>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// Limits for a run.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BudgetDraft {
    /// How long a run may take: `90m`, `8h`, `2d`.
    pub time: Option<RawScalar>,
    /// How much disk space frames and films may take: `500MB`, `200GB`.
    pub disk: Option<RawScalar>,
}

/// A palette preset: fixed colours, or a lattice to choose them from.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PaletteDraft {
    /// Bits per channel of the lattice that colours are chosen from, 1 to 8.
    #[schemars(range(min = value_ranges::BITS.low, max = value_ranges::BITS.high))]
    pub bits: Option<Spanned<u32>>,
    /// Largest number of colours on screen, 2 to 256.
    #[schemars(range(min = value_ranges::COLOURS.low, max = value_ranges::COLOURS.high))]
    pub colors: Option<Spanned<u32>>,
    /// Fixed colours as `rrggbb`, or as web colour names such as `olive`.
    #[schemars(extend("examples" = [["9bbc0f", "olive"]]))]
    pub fixed: Option<Vec<Spanned<String>>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// A shot list in a file of its own.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ShotListDraft {
    /// Fields for every shot of this file that does not set them.
    pub defaults: Option<ShotDraft>,
    /// The shots in order.
    pub shots: Option<Vec<ShotDraft>>,
}

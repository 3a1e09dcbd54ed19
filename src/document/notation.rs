//! The JSON Schema of values with a notation of their own: durations, frame ranges, rates, sizes,
//! marks.
//!
//! Owns what an editor accepts. `resolve` parses the texts. A pattern accepts everything that
//! `resolve` accepts, and may accept a little more, such as a range that ends before it starts.

use super::sound_draft::SoundDraft;
use crate::model::frame_list::MAX_FRAMES;
use crate::model::sound::{
    DEFAULT_LOUDNESS, DEFAULT_SAMPLE_RATE, LOUDNESS_NAMES, NAMED_LANGUAGES, SAMPLE_RATES,
};
use crate::model::{defaults, value_ranges};
use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::json;

/// The schema keyword that marks the name of a preset. The schema of the whole document knows the
/// names.
pub const PRESET: &str = "x-preset";
/// The schema keyword with the other spellings of a variant.
pub const ALSO: &str = "x-also";

/// What the number of a scene is as text: `5A`, `A2`, `1-3`.
const SCENE_PATTERN: &str = r"^\s*[^\s#*/_.-][^\s#*/_]*\s*$";

/// The number of a shot's scene.
pub(super) fn shot_scene_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "anyOf": [
            { "type": "number", "minimum": 0 },
            { "type": "string", "pattern": SCENE_PATTERN },
            { "type": "null" },
        ],
        "default": defaults::SCENE,
        "examples": [5, "5A", "A2", "1-3"],
    })
}

/// Numbers of scenes.
pub(super) fn scene_list_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": ["array", "null"],
        "items": {
            "anyOf": [
                { "type": "number", "minimum": 0 },
                { "type": "string", "pattern": SCENE_PATTERN },
            ],
        },
        "examples": [[1, "5A"]],
    })
}

/// `96` frames, or `4s`.
pub(super) fn duration_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "anyOf": [
            { "type": "integer", "minimum": 1, "maximum": MAX_FRAMES },
            { "type": "string", "pattern": r"^\s*(\+?0*[1-9][0-9]*|\+?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*s)\s*$" },
            { "type": "null" },
        ],
        "default": defaults::FRAMES,
        "examples": [96, "4s", "1.5s"],
    })
}

/// The length of a beat: `5s`, `10s` or `15s`.
pub(super) fn beat_length_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "anyOf": [
            { "type": "integer", "enum": [5, 10, 15] },
            { "type": "string", "pattern": r"^\s*(5|10|15)\s*s?\s*$" },
            { "type": "null" },
        ],
        "examples": ["5s", "10s"],
    })
}

/// The length of an ad in seconds: `30s`.
pub(super) fn ad_length_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "anyOf": [
            // Beats last 5, 10 or 15 seconds, so their sums are multiples of five.
            { "type": "integer", "minimum": 5, "multipleOf": 5 },
            { "type": "string", "pattern": r"^\s*[0-9]*[05]\s*s?\s*$" },
            { "type": "null" },
        ],
        "examples": ["15s", "30s"],
    })
}

/// `1001-1100`, `1-100x2`, `1-10,20`, one frame, or first and last as a list.
pub(super) fn frame_range_schema(_: &mut SchemaGenerator) -> Schema {
    let number = r"\s*[+-]?[0-9]+\s*";
    let part = format!(r"{number}(-{number})?(x{number})?");
    json_schema!({
        "anyOf": [
            { "type": "string", "pattern": format!("^{part}(,{part})*$") },
            { "type": "integer" },
            { "type": "array", "items": { "type": "integer" }, "minItems": 2, "maxItems": 2 },
            { "type": "null" },
        ],
        "examples": ["1001-1100", "1-100x2", "1-10,20", [1, 120]],
    })
}

/// `subject`, a character's name, or metres such as `2.4`.
pub(super) fn focus_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "anyOf": [
            { "type": "number", "minimum": value_ranges::FOCUS.lowest(), "maximum": value_ranges::FOCUS.highest() },
            { "type": "string" },
            { "type": "null" },
        ],
        "default": "subject",
        "examples": ["subject", 2.4],
    })
}

/// `24`, `23.976`, `30000/1001`.
pub(super) fn rate_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "anyOf": [
            { "type": "number", "minimum": value_ranges::RATE.low, "maximum": value_ranges::RATE.high },
            { "type": "string", "pattern": r"^\s*[+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?(\s*/\s*[0-9]+)?\s*$" },
            { "type": "null" },
        ],
        "default": defaults::RATE.num,
        "examples": [24, 23.976, "30000/1001"],
    })
}

/// A language, as a tag or by name.
pub(super) fn language_schema(_: &mut SchemaGenerator) -> Schema {
    let languages = NAMED_LANGUAGES.iter();
    let tags: Vec<&str> = languages.clone().map(|(tag, _)| *tag).collect();
    let described: Vec<&str> = languages.clone().map(|(_, name)| *name).collect();
    let names: Vec<String> = languages.map(|(_, name)| name.to_lowercase()).collect();
    json_schema!({
        "anyOf": [
            // Editors offer these.
            { "enum": tags, "enumDescriptions": described },
            { "enum": names },
            // A pattern cannot ignore case, and names have any.
            { "type": "string", "pattern": r"^\s*([A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*|[A-Za-z]{4,}( [A-Za-z]+)*)\s*$" },
            { "type": "null" },
        ],
        "examples": ["en", "en-GB", "de-CH", "german"],
    })
}

/// `1920x1080`, or width and height as a list.
pub(super) fn size_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "anyOf": [
            { "type": "string", "pattern": r"^\s*\+?[0-9]+\s*[xX×]\s*\+?[0-9]+\s*$" },
            {
                "type": "array",
                "items": { "type": "integer", "minimum": value_ranges::SIDE.low, "maximum": value_ranges::SIDE.high },
                "minItems": 2,
                "maxItems": 2,
            },
            { "type": "null" },
        ],
        "examples": ["1920x1080", "3840x2160", [1080, 1080]],
    })
}

/// Millimetres, or a lens by name.
pub(super) fn lens_schema(_: &mut SchemaGenerator) -> Schema {
    millimetres_schema("lenses", value_ranges::LENS, defaults::LENS, "portrait")
}

/// Millimetres, or a sensor by name.
pub(super) fn sensor_schema(_: &mut SchemaGenerator) -> Schema {
    millimetres_schema(
        "sensors",
        value_ranges::SENSOR,
        defaults::SENSOR,
        "super_35",
    )
}

fn millimetres_schema(
    kind: &str,
    range: value_ranges::ValueRange<f32>,
    usual: f32,
    example: &str,
) -> Schema {
    // The nearest `f64` of an `f32` has many digits, which editors would show as the default.
    let usual = value_ranges::ValueRange::new(usual, usual).lowest();
    json_schema!({
        "anyOf": [
            { "type": "number", "minimum": range.lowest(), "maximum": range.highest() },
            { "type": "string", PRESET: kind },
            { "type": "null" },
        ],
        "default": usual,
        "examples": [usual, example],
    })
}

/// A mark of the set by name, or metres.
pub(super) fn mark_schema(_: &mut SchemaGenerator) -> Schema {
    let metres = value_ranges::METRES;
    json_schema!({
        "anyOf": [
            { "type": "string" },
            {
                "type": "array",
                "items": { "type": "number", "minimum": metres.lowest(), "maximum": metres.highest() },
                "minItems": 3,
                "maxItems": 3,
            },
            { "type": "null" },
        ],
        "examples": ["mark_a", [0.5, 0, -2]],
    })
}

/// `front`, `partner`, or degrees.
pub(super) fn facing_schema(_: &mut SchemaGenerator) -> Schema {
    let turn = value_ranges::TURN;
    json_schema!({
        "anyOf": [
            { "enum": ["front", "partner"] },
            { "type": "number", "minimum": turn.lowest(), "maximum": turn.highest() },
            { "type": "string", "pattern": r"^\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)\s*$" },
            { "type": "null" },
        ],
        "examples": ["front", "partner", 70],
    })
}

/// A target by name, or LUFS.
pub(super) fn loudness_schema(_: &mut SchemaGenerator) -> Schema {
    let names: Vec<&str> = LOUDNESS_NAMES.iter().map(|(name, _)| *name).collect();
    let range = value_ranges::LOUDNESS;
    json_schema!({
        "anyOf": [
            { "enum": names },
            { "type": "number", "minimum": range.lowest(), "maximum": range.highest() },
            { "type": "string", "pattern": r"^\s*-[0-9]+(\.[0-9]*)?\s*([Ll][Uu][Ff][Ss])?\s*$" },
            { "type": "null" },
        ],
        "default": DEFAULT_LOUDNESS,
        "examples": ["ebu_r128", "streaming", -16],
    })
}

/// One of a few numbers of samples a second.
pub(super) fn sample_rate_schema(_: &mut SchemaGenerator) -> Schema {
    let [low, usual, high] = SAMPLE_RATES;
    json_schema!({ "enum": [low, usual, high, null], "default": DEFAULT_SAMPLE_RATE })
}

/// A frame of a shot counted from 0, or seconds.
pub(super) fn moment_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "anyOf": [
            { "type": "integer", "minimum": 0, "maximum": MAX_FRAMES },
            { "type": "string", "pattern": r"^\s*(\+?[0-9]+|\+?([0-9]+\.?[0-9]*|\.[0-9]+)\s*s)\s*$" },
            { "type": "null" },
        ],
        "default": 0,
        "examples": [24, "1.5s"],
    })
}

/// The words `on` and `off`, or the fields of sound.
pub(super) fn sound_schema(generator: &mut SchemaGenerator) -> Schema {
    let fields = generator.subschema_for::<SoundDraft>();
    json_schema!({
        "anyOf": [{ "enum": ["on", "off"] }, { "type": ["boolean", "null"] }, fields],
        "examples": ["on"],
    })
}

/// Lines: texts such as `mara: It went out.`, or maps with `who`, `text` and more.
pub(super) fn lines_schema(_: &mut SchemaGenerator) -> Schema {
    let decibels = value_ranges::DECIBELS;
    let moment = || json!({ "type": ["integer", "string"] });
    let line = json!({
        "type": ["object", "string"],
        "properties": {
            "who": { "type": "string", "description": "The character who speaks, or `NARRATOR`; the only one in the shot if left out." },
            "text": { "type": "string", "description": "Words that are spoken." },
            "at": { "anyOf": [moment()], "description": "When it begins, from the start of the shot: a frame, counted from 0, or seconds as `1.5s`; after the line before it if left out." },
            "pause": { "anyOf": [moment()], "description": "Silence before it: frames, or seconds as `1.5s`." },
            "together": { "type": "boolean", "description": "Whether it begins with the line before it.", "default": false },
            "voice_over": { "type": "boolean", "description": "Whether the speaker is not there: close and dry.", "default": false },
            "off_screen": { "type": "boolean", "description": "Whether the speaker is there and out of view.", "default": false },
            "gain": { "type": "number", "minimum": decibels.lowest(), "maximum": decibels.highest(), "description": "Decibels on top of the voice's level.", "default": 0 },
        },
        // Any other key is a speaker, and its value the words that are spoken.
        "additionalProperties": { "type": ["string", "number"] },
    });
    json_schema!({
        "anyOf": [line, { "type": "array", "items": line }, { "type": "null" }],
        "examples": [["mara: It went out.", { "who": "ilya", "text": "Then light it.", "at": "2s" }]],
    })
}

/// The word `auto`, or a list.
pub(super) fn auto_or_list_schema<T: schemars::JsonSchema>(
    generator: &mut SchemaGenerator,
) -> Schema {
    let item = generator.subschema_for::<T>();
    json_schema!({
        "type": ["array", "string", "null"],
        "items": item,
        // `anyOf` would report a mistake in an entry at the whole list.
        "if": { "type": "string" },
        "then": { "enum": ["auto"] },
        "examples": ["auto"],
    })
}

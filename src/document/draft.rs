//! The document as written: every field optional where a preset may give it, each with its byte range.
//!
//! One set of structs derives the decoder and the JSON Schema. Nothing here is looked up, defaulted or checked; that is
//! for `resolve` and `validate`. Library presets are written in the same structs, so anything a preset can say, an entry
//! beside it can override.

use super::text_or::TextOr;
use super::values::{Entries, NamedList, OneOrMany, Scalar, ScalarOrList};
use crate::base::Spanned;
use crate::model::camera::{Angle, Easing, MoveKind, ShotSize};
use crate::model::output::Codec;
use crate::model::retro::{Dither, Fit};
use crate::model::wardrobe::Condition;
use schemars::JsonSchema;
use serde::Deserialize;

/// A whole file: the production under its one top key. The sections may also stand at the top of a file of their own.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "production document")]
pub struct Document {
    /// The production.
    pub production: Option<ProductionDraft>,
    /// Other files of this production, as patterns relative to this file.
    pub include: Option<OneOrMany<Spanned<String>>>,
    /// The characters, in a file of their own.
    pub characters: Option<NamedList<CharacterDraft>>,
    /// The locations, in a file of their own.
    pub locations: Option<NamedList<LocationDraft>>,
    /// The props, in a file of their own.
    pub props: Option<NamedList<PropDraft>>,
    /// The shots, in a file of their own.
    pub shots: Option<TextOr<Vec<ShotDraft>>>,
    /// The outputs, in a file of their own.
    pub outputs: Option<NamedList<OutputDraft>>,
}

/// The production: what it is called, what it is made from, and what it is to become.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProductionDraft {
    /// What the production is called.
    pub title: Option<Spanned<String>>,
    /// The document's own version, free text such as `1.0`.
    pub version: Option<Spanned<String>>,
    /// Who makes it.
    pub author: Option<Spanned<String>>,
    /// What it is about.
    pub description: Option<Spanned<String>>,
    /// When the document was begun, free text, best as `2026-01-31`.
    pub created: Option<Spanned<String>>,
    /// When the document was last changed, free text.
    pub modified: Option<Spanned<String>>,
    /// The screenplay, a Fountain file relative to this file.
    pub script: Option<Spanned<String>>,
    /// The look of the whole production.
    pub style: Option<TextOr<StyleDraft>>,
    /// Who is in it.
    pub characters: Option<NamedList<CharacterDraft>>,
    /// Where it plays.
    pub locations: Option<NamedList<LocationDraft>>,
    /// Things that shots can show.
    pub props: Option<NamedList<PropDraft>>,
    /// The shots in order, or `auto` to derive them from the script.
    pub shots: Option<TextOr<Vec<ShotDraft>>>,
    /// A file with the shots, instead of `shots`: YAML, or a table in `.csv` or `.tsv`.
    pub shot_list: Option<Spanned<String>>,
    /// How frames are rendered.
    pub render_settings: Option<RenderDraft>,
    /// What is delivered.
    pub outputs: Option<NamedList<OutputDraft>>,
    /// A retro treatment for every output that has none of its own.
    pub retro: Option<RetroDraft>,
    /// How long a run may take, and how much room it may use; a rough estimate above it is told.
    pub budget: Option<BudgetDraft>,
    /// Other files of this production, as patterns relative to this file.
    pub include: Option<OneOrMany<Spanned<String>>>,
    /// How much findings matter, by code: `off`, `info`, `warning` or `error`. Errors stay errors.
    pub rules: Option<Entries<Spanned<LevelDraft>>>,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LevelDraft {
    /// It is not told.
    Off,
    /// Worth knowing.
    Info,
    /// The production can run, but probably not as meant.
    Warning,
    /// The production cannot run.
    Error,
}

/// The look of the whole production: a style preset, and what differs from it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StyleDraft {
    /// A style preset by name, such as `cinematic_teal_orange`.
    pub preset: Option<Spanned<String>>,
    /// When it plays, such as `present`, `1980s`, `future`.
    pub era: Option<Spanned<String>>,
    /// The mood, such as `dramatic` or `warm`.
    pub mood: Option<Spanned<String>>,
    /// A colour grade preset by name, such as `teal_orange`.
    pub color_grade: Option<Spanned<String>>,
    /// How far light and dark lie apart.
    pub contrast: Option<Spanned<ContrastLevel>>,
    /// Single values of the grade that differ from the presets.
    pub grade: Option<GradeDraft>,
}

/// How far light and dark lie apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
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

/// Values of a colour grade; see `docs` for the order in which they apply.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GradeDraft {
    /// Stops of exposure, -8 to 8.
    pub exposure: Option<Spanned<f32>>,
    /// White balance from -1 (cool) to 1 (warm).
    pub warmth: Option<Spanned<f32>>,
    /// White balance from -1 (green) to 1 (magenta).
    pub tint: Option<Spanned<f32>>,
    /// Slope around middle grey, 0.2 to 3; 1 for none.
    pub contrast: Option<Spanned<f32>>,
    /// Colourfulness, 0 to 3; 1 for none.
    pub saturation: Option<Spanned<f32>>,
    /// Added to the shadows: red, green, blue.
    pub lift: Option<Spanned<[f32; 3]>>,
    /// Power of the midtones: red, green, blue.
    pub gamma: Option<Spanned<[f32; 3]>>,
    /// Factor on the highlights: red, green, blue.
    pub gain: Option<Spanned<[f32; 3]>>,
    /// Colour that shadows lean to, each channel 0 to 1.
    pub shadow_tone: Option<Spanned<[f32; 3]>>,
    /// Colour that highlights lean to, each channel 0 to 1.
    pub highlight_tone: Option<Spanned<[f32; 3]>>,
    /// Strength of the two tones, 0 to 1.
    pub split: Option<Spanned<f32>>,
    /// Glow around highlights, 0 to 1.
    pub bloom: Option<Spanned<f32>>,
    /// Darkening of the corners, 0 to 1.
    pub vignette: Option<Spanned<f32>>,
    /// Film grain, 0 to 1.
    pub grain: Option<Spanned<f32>>,
}

/// One character.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CharacterDraft {
    /// What the document calls the character.
    pub name: Option<Spanned<String>>,
    /// What the script calls the character, when that differs from the name in capitals.
    pub script_name: Option<Spanned<String>>,
    /// The model, a glTF, GLB or .blend file relative to this file.
    pub model: Option<Spanned<String>>,
    /// Costumes by scene range: `default`, `scenes_1_10` or `1-10`.
    pub wardrobe: Option<Entries<TextOr<CostumeDraft>>>,
    /// Alternative models by name, such as `stunt_double`.
    pub variants: Option<Entries<Spanned<String>>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
    /// Free text for people.
    pub notes: Option<Spanned<String>>,
    /// A voice for producers of speech, free text.
    pub voice: Option<Spanned<String>>,
}

/// One costume of a character.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CostumeDraft {
    /// What the costume is called.
    pub costume: Option<Spanned<String>>,
    /// The character's model in this costume.
    pub model: Option<Spanned<String>>,
    /// What state it is in, in one word or several, such as `torn` or `[torn, wet]`.
    pub condition: Option<OneOrMany<Spanned<Condition>>>,
    /// Free text for people.
    pub notes: Option<Spanned<String>>,
}

/// One location: a preset, and what differs from it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LocationDraft {
    /// What the document calls the location.
    pub name: Option<Spanned<String>>,
    /// A location preset by name, such as `industrial`.
    pub preset: Option<Spanned<String>>,
    /// The light all around: an HDR or EXR file relative to this file, or an environment preset by name.
    pub hdri: Option<Spanned<String>>,
    /// The set's model, a glTF or GLB file relative to this file.
    pub set: Option<Spanned<String>>,
    /// A .blend file with the whole place; needs the Blender provider.
    pub custom_setup: Option<Spanned<String>>,
    /// Scene headings that play here, such as `EXT. HARBOUR PIER - DUSK`; the name in words is always one.
    pub headings: Option<Vec<Spanned<String>>>,
    /// Scene numbers that play here.
    pub scenes: Option<Vec<Spanned<u32>>>,
    /// The light all around, in values.
    pub environment: Option<EnvironmentDraft>,
    /// The sun or key light.
    pub key: Option<KeyDraft>,
    /// The ground, for places without a set.
    pub ground: Option<GroundDraft>,
    /// Distance haze.
    pub haze: Option<HazeDraft>,
    /// Stops of exposure for shots here, -8 to 8.
    pub exposure: Option<Spanned<f32>>,
    /// Free text for people.
    pub notes: Option<Spanned<String>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// Light and background from all around, in values: a sky when `zenith` is given, a studio when `backdrop` is.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EnvironmentDraft {
    /// Sky colour overhead, linear red, green, blue.
    pub zenith: Option<Spanned<[f32; 3]>>,
    /// Sky colour at the horizon.
    pub horizon: Option<Spanned<[f32; 3]>>,
    /// Colour below the horizon.
    pub ground: Option<Spanned<[f32; 3]>>,
    /// Glow around the sun, 0 to 4.
    pub glow: Option<Spanned<f32>>,
    /// Stars, 0 to 1.
    pub stars: Option<Spanned<f32>>,
    /// Clouds, 0 to 1.
    pub clouds: Option<Spanned<f32>>,
    /// Studio backdrop colour.
    pub backdrop: Option<Spanned<[f32; 3]>>,
    /// Studio light from above.
    pub top: Option<Spanned<[f32; 3]>>,
    /// Studio light from the sides.
    pub side: Option<Spanned<[f32; 3]>>,
    /// Degrees by which a picture is turned about the vertical.
    pub rotation: Option<Spanned<f32>>,
    /// Factor on a picture's light, 0 to 100.
    pub intensity: Option<Spanned<f32>>,
}

/// The sun or key light.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct KeyDraft {
    /// Degrees around the vertical from the default camera, counter-clockwise from above.
    pub azimuth: Option<Spanned<f32>>,
    /// Degrees above the horizon, 0 to 90.
    pub elevation: Option<Spanned<f32>>,
    /// Colour temperature in kelvin, 1500 to 15000.
    pub temperature: Option<Spanned<f32>>,
    /// Strength, 0 to 100; the sun at noon is about 4.
    pub intensity: Option<Spanned<f32>>,
    /// Apparent width in degrees, 0 to 45.
    pub softness: Option<Spanned<f32>>,
}

/// A ground plane.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GroundDraft {
    /// Linear red, green, blue, each 0 to 1.
    pub colour: Option<Spanned<[f32; 3]>>,
    /// Roughness, 0 to 1.
    pub roughness: Option<Spanned<f32>>,
}

/// Distance haze.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HazeDraft {
    /// Linear red, green, blue.
    pub colour: Option<Spanned<[f32; 3]>>,
    /// Metres at which about two thirds of the light is lost.
    pub distance: Option<Spanned<f32>>,
}

/// A thing that shots can show.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PropDraft {
    /// What the document calls the prop.
    pub name: Option<Spanned<String>>,
    /// The model, a glTF or GLB file relative to this file.
    pub model: Option<Spanned<String>>,
    /// Free text for people.
    pub notes: Option<Spanned<String>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// One shot: a template, and what differs from it. Shot templates are written in the same fields.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ShotDraft {
    /// What the shot is called; numbered `shot_001` when left out.
    pub name: Option<Spanned<String>>,
    /// A shot template by name, such as `hero_cu`.
    pub template: Option<Spanned<String>>,
    /// The scene it belongs to; 1 when left out.
    pub scene: Option<Spanned<u32>>,
    /// The character in it.
    pub character: Option<Spanned<String>>,
    /// A second character.
    pub character2: Option<Spanned<String>>,
    /// All characters in it, by name or with mark, action and facing; the first is the subject.
    pub characters: Option<Vec<TextOr<PerformerDraft>>>,
    /// The location; the scene's when left out.
    pub location: Option<Spanned<String>>,
    /// Props in view, by name or with a mark.
    pub props: Option<Vec<TextOr<PropUseDraft>>>,
    /// What the camera frames.
    pub subject: Option<Spanned<SubjectDraft>>,
    /// What the character does: an animation clip of the model, such as `walk`.
    pub action: Option<Spanned<String>>,
    /// How much of the subject the frame holds.
    pub size: Option<Spanned<ShotSize>>,
    /// From which height.
    pub angle: Option<Spanned<Angle>>,
    /// Degrees around the subject, 0 faces it, positive towards the subject's left.
    pub azimuth: Option<Spanned<f32>>,
    /// Focal length in millimetres, or a lens preset by name.
    pub lens: Option<Scalar>,
    /// What the camera does, by preset name or in values.
    #[serde(rename = "move")]
    #[schemars(rename = "move")]
    pub travel: Option<TextOr<MoveDraft>>,
    /// How long: frames such as `96`, or seconds such as `4s`.
    pub duration: Option<Scalar>,
    /// Which frames: `1001-1100`, `1-100x2`, or first and last as a list.
    pub frame_range: Option<ScalarOrList>,
    /// Exposure of this shot in stops, added to the location's.
    pub exposure: Option<Spanned<f32>>,
    /// Free text for people.
    pub notes: Option<Spanned<String>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// What the camera frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
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

/// One character in a shot.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PerformerDraft {
    /// The character's name.
    pub name: Option<Spanned<String>>,
    /// Where to stand: a mark of the set by name, or `[x, y, z]` in metres.
    pub mark: Option<ScalarOrList>,
    /// What to do: an animation clip of the model.
    pub action: Option<Spanned<String>>,
    /// Where to look: `front`, `partner`, or degrees.
    pub facing: Option<Scalar>,
    /// Metres a second walked, ending at the mark.
    pub speed: Option<Spanned<f32>>,
}

/// One prop in a shot.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PropUseDraft {
    /// The prop's name.
    pub name: Option<Spanned<String>>,
    /// Where it stands: a mark of the set by name, or `[x, y, z]` in metres.
    pub mark: Option<ScalarOrList>,
}

/// A camera move. Move presets are written in the same fields.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MoveDraft {
    /// A move preset by name.
    pub preset: Option<Spanned<String>>,
    /// What the camera does.
    pub kind: Option<Spanned<MoveKind>>,
    /// How far: degrees for orbit, pan and tilt; a fraction of the distance for the rest.
    pub amount: Option<Spanned<f32>>,
    /// How it speeds up and slows down.
    pub easing: Option<Spanned<Easing>>,
}

/// A lens preset.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LensDraft {
    /// Focal length in millimetres.
    pub mm: Option<Spanned<f32>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// A sensor preset.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SensorDraft {
    /// Width in millimetres.
    pub width: Option<Spanned<f32>>,
    /// Height in millimetres, for people; the picture's aspect decides.
    pub height: Option<Spanned<f32>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// How frames are rendered.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RenderDraft {
    /// Who renders: `previz` (built in).
    pub engine: Option<Spanned<String>>,
    /// Samples a pixel; the quality tier's when left out.
    pub samples: Option<Spanned<u32>>,
    /// Size of rendered frames: `1920x1080`; derived from the outputs and the tier when left out.
    pub resolution: Option<ScalarOrList>,
    /// Frames a second of the whole production; the first film output's when left out.
    pub frame_rate: Option<Scalar>,
    /// The tier: `draft`, `preview`, `production` or `archive`.
    pub quality_tier: Option<Spanned<String>>,
    /// A sensor preset by name, or a width in millimetres.
    pub sensor: Option<Scalar>,
    /// Frames in one render job.
    pub chunk_size: Option<Spanned<u32>>,
}

/// A quality tier preset.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct QualityDraft {
    /// Rendered size as a fraction of the largest output's, 0.05 to 1.
    pub scale: Option<Spanned<f32>>,
    /// Samples a pixel.
    pub samples: Option<Spanned<u32>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// One deliverable. Output presets are written in the same fields.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OutputDraft {
    /// What the output is called; the format when left out.
    pub name: Option<Spanned<String>>,
    /// An output preset by name, such as `cinema_4k`.
    pub format: Option<Spanned<String>>,
    /// Where the deliverable goes, relative to the production's folder: a file, or a folder for picture sequences.
    pub path: Option<Spanned<String>>,
    /// How frames become files.
    pub codec: Option<Spanned<Codec>>,
    /// Size: `1920x1080`.
    pub resolution: Option<ScalarOrList>,
    /// Frames a second: `24`, `23.976`, `30000/1001`.
    pub frame_rate: Option<Scalar>,
    /// How a picture of another aspect is fitted.
    pub fit: Option<Spanned<Fit>>,
    /// A retro treatment.
    pub retro: Option<RetroDraft>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// A retro treatment. Console presets are written in the same fields.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RetroDraft {
    /// A console preset by name, such as `snes`.
    pub preset: Option<Spanned<String>>,
    /// Whether the treatment applies; yes when left out.
    pub enabled: Option<Spanned<bool>>,
    /// A palette preset by name, such as `snes` or `gameboy`.
    pub palette: Option<Spanned<String>>,
    /// How missing colours are suggested.
    pub dither: Option<Spanned<Dither>>,
    /// Strength of the dither, 0 to 1.
    pub strength: Option<Spanned<f32>>,
    /// The small picture's size: `256x224`.
    pub target_resolution: Option<ScalarOrList>,
    /// The most colours, 2 to 256.
    pub colors: Option<Spanned<u32>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// What a run may cost.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BudgetDraft {
    /// How long a run may take: `90m`, `8h`, `2d`.
    pub time: Option<Scalar>,
    /// How much room frames and films may take: `500MB`, `200GB`.
    pub disk: Option<Scalar>,
}

/// A palette preset: fixed colours, or a lattice to choose them from.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PaletteDraft {
    /// Bits a channel of the lattice that colours are chosen from, 1 to 8.
    pub bits: Option<Spanned<u32>>,
    /// The most colours on screen, 2 to 256.
    pub colors: Option<Spanned<u32>>,
    /// Fixed colours as `rrggbb`, or by a name of the web such as `olive`.
    pub fixed: Option<Vec<Spanned<String>>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// A shot list in a file of its own.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ShotListDraft {
    /// The shots in order.
    pub shots: Option<Vec<ShotDraft>>,
}

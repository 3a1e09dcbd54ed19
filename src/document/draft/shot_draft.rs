//! Shots as written, with who and what they show, and their camera.

use super::run_draft::LimitsDraft;
use crate::base::Spanned;
use crate::document::edit_draft::TransitionDraft;
use crate::document::field_types::{OneOrMany, OrderedMap, RawScalar, ScalarOrList};
use crate::document::line_draft::LineDraft;
use crate::document::notation;
use crate::document::sound_draft::EffectDraft;
use crate::document::text_or::TextOr;
use crate::model::camera::{CameraAngle, Easing, MoveKind, ShotSize};
use crate::model::{Engine, RenderPass, value_ranges};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    /// A camera of a model, in place of size, angle, azimuth, lens and move: its name in the set, or
    /// whose it is and its name.
    pub camera: Option<TextOr<ModelCameraDraft>>,
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
    /// Lines that are spoken in it: `mara: It went out.`, or who, text, when and how.
    #[schemars(schema_with = "notation::lines_schema")]
    pub lines: Option<OneOrMany<TextOr<LineDraft>>>,
    /// Sound effects in it: names, files, or with moment, gain and place.
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

/// A shot list in a file of its own.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ShotListDraft {
    /// Fields for every shot of this file that does not set them.
    pub defaults: Option<ShotDraft>,
    /// The shots in order.
    pub shots: Option<Vec<ShotDraft>>,
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
    /// Expression of the face: that of a VRM, or a morph target of the model, by name.
    #[schemars(extend("examples" = ["happy", "surprised"]))]
    pub expression: Option<Spanned<String>>,
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

/// A camera of a model in the shot.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ModelCameraDraft {
    /// The prop of the shot that has it; the set if left out.
    pub from: Option<Spanned<String>>,
    /// Its name in the glTF file.
    pub name: Option<Spanned<String>>,
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

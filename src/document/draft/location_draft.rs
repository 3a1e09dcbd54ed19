//! Locations as written, with their light, ground and haze.

use crate::base::Spanned;
use crate::document::field_types::{OneOrMany, RawScalar};
use crate::document::notation;
use crate::document::sound_draft::AmbienceDraft;
use crate::document::text_or::TextOr;
use crate::model::model_mend::{ForwardAxis, UpAxis};
use crate::model::sound::RoomKind;
use crate::model::{defaults, value_ranges};
use schemars::JsonSchema;
use serde::Deserialize;

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
    /// Factor on every length of the set, from its unit to metres, such as `0.01`.
    #[schemars(range(min = value_ranges::MODEL_SCALE.lowest(), max = value_ranges::MODEL_SCALE.highest()), extend("default" = 1))]
    pub scale: Option<Spanned<f32>>,
    /// The axis of the set's file that is upwards; as its format says if left out.
    pub up: Option<Spanned<UpAxis>>,
    /// The axis of the set's file that its front looks along; as its format says if left out.
    pub forward: Option<Spanned<ForwardAxis>>,
    /// A variant of the set's materials by name, of those in its glTF file.
    #[schemars(extend("examples" = ["midnight"]))]
    pub variant: Option<Spanned<String>>,
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
    /// Sound that never stops here: an ambience by name, a file, `off`, or a list of layers.
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

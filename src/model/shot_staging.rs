//! What a renderer is asked to draw: who stands where, in which place and light, before which camera.
//!
//! Plain data between `expand` and the render producers. Files are named by [`InputSlot`], never by path, so that a job's
//! identity follows the content of its inputs and not where they lie.

use super::camera::Camera;
use super::input_slot::InputSlot;
use serde::{Deserialize, Serialize};

/// Everything in front of and around the camera for one shot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShotStaging {
    /// The location's set model, if it has one; drawn at the origin as modelled.
    pub set: Option<InputSlot>,
    /// Whether the set is a whole Blender file, which Blender opens as the scene: its light and world stand.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub opened: bool,
    /// The characters in view, in order; the first is the subject unless `subject` says otherwise.
    pub cast: Vec<StagedPerformer>,
    /// Other models in view.
    pub props: Vec<StagedProp>,
    /// What the camera frames.
    pub subject: FramingSubject,
    /// Light and background from all around.
    pub environment: SceneEnvironment,
    /// The one sun or key light, if any; it casts shadows.
    pub key: Option<KeyLight>,
    /// A ground plane at height 0, for places without a set.
    pub ground: Option<GroundMaterial>,
    /// Distance haze, if any.
    pub haze: Option<DistanceHaze>,
    /// The camera.
    pub camera: Camera,
    /// Exposure in stops, added before tone mapping.
    pub exposure: f32,
}

/// What the camera frames.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FramingSubject {
    /// One performer, by index in `cast`.
    Performer(usize),
    /// All performers together.
    Everyone,
    /// One prop, by index in `props`.
    Prop(usize),
    /// The place itself.
    Place,
}

/// One character in a shot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StagedPerformer {
    /// The model to draw.
    pub model: InputSlot,
    /// Where it stands.
    pub mark: StageMark,
    /// Which way it looks.
    pub facing: FacingDirection,
    /// Animation clip by name; a model without it plays `idle`, else its first clip, else stands still.
    pub clip: String,
    /// Seconds into the clip at the shot's first frame.
    pub clip_start: f32,
    /// Metres a second travelled along the facing direction while the shot plays; it ends at the mark.
    pub travel_speed: f32,
}

/// One prop in a shot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StagedProp {
    /// The model to draw.
    pub model: InputSlot,
    /// Where it stands.
    pub mark: StageMark,
}

/// A place to stand: an empty node of the set by name, with coordinates for sets without it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageMark {
    /// Name of a node in the set model.
    pub node: Option<String>,
    /// Metres from the origin (x right, y up, z towards the default camera), used when the set has no such node.
    pub position: [f32; 3],
}

/// Which way a performer looks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FacingDirection {
    /// Towards +z, where the default camera stands.
    Front,
    /// Towards another performer, by index, opened a little to the front so that the face reads.
    Partner(usize),
    /// Degrees from +z, counter-clockwise from above.
    Degrees(f32),
}

/// Light and background from all around.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SceneEnvironment {
    /// An equirectangular HDR or EXR picture.
    Picture {
        /// The picture.
        slot: InputSlot,
        /// Degrees about the vertical.
        rotation: f32,
        /// Factor on its light.
        intensity: f32,
    },
    /// A sky from horizon to zenith, with a sun glow where the key light stands.
    Sky {
        /// Linear RGB overhead.
        zenith: [f32; 3],
        /// Linear RGB at the horizon.
        horizon: [f32; 3],
        /// Linear RGB below the horizon.
        ground: [f32; 3],
        /// Strength of the glow around the sun, 0 for none.
        glow: f32,
        /// Stars, 0 for none to 1.
        stars: f32,
        /// Cloud cover, 0 for clear to 1.
        clouds: f32,
    },
    /// A studio: a backdrop colour that the camera sees, and soft boxes that it does not.
    Studio {
        /// Linear RGB of the backdrop.
        backdrop: [f32; 3],
        /// Linear RGB of light from above.
        top: [f32; 3],
        /// Linear RGB of light from the sides.
        side: [f32; 3],
    },
}

/// The sun or key light.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct KeyLight {
    /// Degrees around the vertical from +z, counter-clockwise from above.
    pub azimuth: f32,
    /// Degrees above the horizon.
    pub elevation: f32,
    /// Colour temperature in kelvin, 1500 to 15000.
    pub temperature: f32,
    /// Strength: the irradiance it puts on a facing surface.
    pub intensity: f32,
    /// Apparent width in degrees: 0.5 for the sun, 10 for a large lamp. Widens shadows.
    pub softness: f32,
}

/// A ground plane.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GroundMaterial {
    /// Linear RGB base colour.
    pub colour: [f32; 3],
    /// Perceptual roughness, 0 to 1.
    pub roughness: f32,
}

/// Distance haze.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DistanceHaze {
    /// Linear RGB that far things fade to.
    pub colour: [f32; 3],
    /// Metres at which about two thirds (1 - 1/e) of the light is lost.
    pub distance: f32,
}

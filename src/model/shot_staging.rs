//! The staging of a shot: everything that a renderer draws, with its camera and light.
//!
//! Plain data from `expand` to the render producers. Files are named by [`InputSlot`] and never by
//! path, so that a job's identity follows the content of its inputs and not their place.

use super::camera::Camera;
use super::input_slot::InputSlot;
use serde::{Deserialize, Serialize};

/// Lamps that the built-in renderer draws in a shot: the strongest at its subject.
// The array in the uniforms has a fixed size, and each number of lamps compiles its own pipeline.
pub const MAX_LAMPS: usize = 8;

/// Everything in front of and around the camera for one shot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShotStaging {
    /// The location's set, if it has one. Drawn at the origin.
    pub set: Option<InputSlot>,
    /// Whether the set is a Blender file that is opened as the scene, with its own light and world.
    // Written only if set: the JSON of a staging is part of a job's identity, and older jobs have
    // no such field.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub opened: bool,
    /// The characters in view, in order.
    pub cast: Vec<StagedPerformer>,
    /// Other models in view.
    pub props: Vec<StagedProp>,
    /// What the camera frames.
    pub subject: FramingSubject,
    /// Light and background from all around.
    pub environment: SceneEnvironment,
    /// The sun or key light, if any. The only light that casts shadows.
    // One, so that every engine can draw it alike: the built-in renderer has one shadow map.
    pub key: Option<KeyLight>,
    /// A ground plane at height 0, for locations without a set.
    pub ground: Option<GroundMaterial>,
    /// Distance haze, if any.
    pub haze: Option<DistanceHaze>,
    /// The camera.
    pub camera: Camera,
    /// A camera of a model, which is used in place of `camera`.
    // Written only if set, as `opened` is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_camera: Option<ModelCamera>,
    /// Exposure in stops, applied before tone mapping.
    pub exposure: f32,
}

/// A camera of a model in view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelCamera {
    /// Index of the prop in `props`. `None`: it is the set's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prop: Option<usize>,
    /// Its name in the file.
    pub name: String,
}

/// What the camera frames.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FramingSubject {
    /// One character, by index in `cast`.
    Performer(usize),
    /// All characters together.
    Everyone,
    /// One prop, by index in `props`.
    // The JSON is part of a job's identity. Both names changed when the camera of such shots was
    // moved out of what it frames, so that their pictures are made again and those of people stay.
    #[serde(rename = "thing", alias = "prop")]
    Prop(usize),
    /// The location itself.
    #[serde(rename = "location", alias = "place")]
    Place,
}

/// One character in a shot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StagedPerformer {
    /// Slot of its model.
    pub model: InputSlot,
    /// Its mark.
    pub mark: StageMark,
    /// The direction that it faces.
    pub facing: FacingDirection,
    /// Name of its animation clip. A model without it plays `idle`, else its first clip, else
    /// rests.
    pub clip: String,
    /// Seconds into the clip at the first frame of the shot.
    // Figures with one clip would otherwise move in step.
    pub clip_start: f32,
    /// Speed in metres a second along the facing direction. The walk ends at the mark.
    pub travel_speed: f32,
}

/// One prop in a shot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StagedProp {
    /// Slot of its model.
    pub model: InputSlot,
    /// Its mark.
    pub mark: StageMark,
}

/// A place in the set: a named node, with coordinates for sets without it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageMark {
    /// Name of a node of the set.
    pub node: Option<String>,
    /// Metres from the origin (x right, y up, z towards the default camera). Used if the set has no
    /// such node.
    pub position: [f32; 3],
}

/// The direction that a character faces.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FacingDirection {
    /// Towards +z, where the default camera is.
    Front,
    /// Towards another character, by index in `cast`, turned a little to the front so that the face
    /// is visible.
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
    /// A sky from horizon to zenith, with a glow around the key light.
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
    /// A studio: a backdrop that the camera sees, and soft boxes that it does not see.
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
    /// Irradiance of a surface that faces the light.
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

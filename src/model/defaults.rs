//! Defaults of a production, for what neither the document nor a preset sets.
//!
//! `resolve` fills them in, and the JSON Schema shows them. The values are here; when they apply is
//! elsewhere.

use super::{FrameRate, PixelSize};

/// Name of the style.
pub const STYLE: &str = "cinematic";
/// Name of the quality tier.
pub const TIER: &str = "preview";
/// Name of the engine.
// The only engine that needs no other program.
pub const ENGINE: &str = "previz";
/// Name of the environment preset of a location.
pub const ENVIRONMENT: &str = "studio_soft";
/// Frames in one render job.
// A larger chunk saves starts of the renderer; a smaller one loses less when a worker dies, and
// spreads better over machines.
pub const CHUNK: usize = 24;
/// Number of the scene of a shot.
pub const SCENE: u32 = 1;
/// Focal length of a shot in millimetres: the normal lens.
pub const LENS: f32 = 50.0;
/// Width of the sensor in millimetres: Super 35, as for most films.
pub const SENSOR: f32 = 24.89;
/// Frames of a shot: four seconds at 24 a second.
pub const FRAMES: usize = 96;
/// Size of an output: DCI 4K.
pub const SIZE: PixelSize = PixelSize::new(4096, 2160);
/// Rate of an output.
pub const RATE: FrameRate = FrameRate::from_fps(24);
/// Folder of deliverables whose path is left out.
pub const DELIVERABLES_PATH: &str = "deliverables";
/// Folder that passes are delivered to.
pub const PASSES_PATH: &str = "deliverables/passes";
/// Strength of a retro treatment's dither.
pub const STRENGTH: f32 = 1.0;

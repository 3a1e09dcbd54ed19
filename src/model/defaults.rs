//! What a production gets where neither the document nor a preset says anything.
//!
//! `resolve` fills it in, and the JSON Schema shows it. Owns the values; does not know when they apply.

use super::{FrameRate, PixelSize};

/// The style.
pub const STYLE: &str = "cinematic";
/// The quality tier.
pub const TIER: &str = "preview";
/// The renderer.
pub const ENGINE: &str = "previz";
/// The environment of a location.
pub const ENVIRONMENT: &str = "studio_soft";
/// Frames in one render job.
pub const CHUNK: usize = 24;
/// The scene of a shot.
pub const SCENE: u32 = 1;
/// The focal length of a shot in millimetres: the normal lens.
pub const LENS: f32 = 50.0;
/// The width of the sensor in millimetres: Super 35, as for most films.
pub const SENSOR: f32 = 24.89;
/// Frames of a shot, at 24 a second.
pub const FRAMES: usize = 96;
/// Size of an output.
pub const SIZE: PixelSize = PixelSize::new(4096, 2160);
/// Rate of an output.
pub const RATE: FrameRate = FrameRate::from_fps(24);
/// Where passes are delivered.
pub const PASSES_PATH: &str = "deliverables/passes";
/// Strength of a retro treatment's dither.
pub const STRENGTH: f32 = 1.0;

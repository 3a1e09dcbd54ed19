//! The work of jobs that draw and pack sprites.

use super::sheet_dialect::SheetDialect;
use super::sprite_clip::SpriteClip;
use crate::model::engine::Engine;
use crate::model::frame_rate::PixelSize;
use crate::model::retro_treatment::RetroTreatment;
use crate::model::shot_staging::{KeyLight, SceneEnvironment};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Draw one clip from one direction, on a transparent background.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpriteWork {
    /// The renderer.
    pub engine: Engine,
    /// The clip.
    pub clip: SpriteClip,
    /// Degrees that the model is turned, counter-clockwise as seen from above.
    pub turn: f32,
    /// Degrees of the camera above the horizon.
    pub elevation: f32,
    /// Size of a frame.
    pub cell: PixelSize,
    /// How large the model is drawn.
    pub scale: SpriteScale,
    /// Light from all sides.
    pub environment: SceneEnvironment,
    /// The light that casts shadows. It stays in place when the model is turned.
    pub key: KeyLight,
    /// Samples a pixel.
    pub samples: u32,
}

/// How large a model is drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpriteScale {
    /// So large that all frames of these clips fit into the cell from every direction.
    // All clips of the sheet, so that each is drawn as large as the others.
    Fitted(Arc<[SpriteClip]>),
    /// In pixels a metre.
    PixelsPerMetre(f32),
    /// In pixels a metre, with the model's origin at a place of the cell.
    Placed {
        /// Pixels a metre.
        pixels_per_metre: f32,
        /// Pixels from the left and from the top.
        pivot: [u32; 2],
    },
}

/// What a job found out about the clip that it drew, as it is written beside the frames.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpriteClipFacts {
    /// Milliseconds of each frame.
    pub durations: Vec<u32>,
    /// The place of the model's origin in a frame: pixels from the left and from the top.
    pub pivot: [u32; 2],
    /// How large the model is drawn.
    pub pixels_per_metre: f32,
}

impl SpriteClipFacts {
    /// The name of its file among the outputs.
    pub const FILE_NAME: &'static str = "clip.json";
}

/// Pack the frames of all clips and directions into one picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpriteSheetWork {
    /// The name of the picture's file where it is delivered, which the data names.
    pub image: String,
    /// One tag for each input, in order.
    pub tags: Arc<[SpriteTag]>,
    /// Size of a frame before it is trimmed.
    pub cell: PixelSize,
    /// Whether frames are trimmed and packed. If not, they are in a grid of a row a tag.
    pub trim: bool,
    /// Pixels between two frames.
    pub padding: u32,
    /// The form of the data.
    pub dialect: SheetDialect,
    /// The palette of the whole sheet. `None`: all colours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub palette: Option<RetroTreatment>,
}

/// What one input of a sheet shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpriteTag {
    /// Its name, such as `walk_south_east`.
    pub name: String,
    /// Its clip.
    pub clip: String,
    /// Its direction.
    pub direction: String,
    /// Whether it repeats.
    pub repeats: bool,
}

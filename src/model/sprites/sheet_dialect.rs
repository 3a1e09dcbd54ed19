//! The forms in which the data of a sprite sheet is written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// For whom the data beside a sprite sheet is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SheetDialect {
    /// A list of frames with tags, as Aseprite writes it.
    #[default]
    Generic,
    /// An atlas and its animations for Phaser 3.
    Phaser,
    /// A list of frames, and sprites with their rectangles counted from below, for Unity.
    Unity,
    /// Textures with regions and margins, and animations, for Godot.
    Godot,
}

impl SheetDialect {
    /// Returns its name in documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Generic => "generic",
            Self::Phaser => "phaser",
            Self::Unity => "unity",
            Self::Godot => "godot",
        }
    }
}

//! A block of text: its lines, where it is, how it looks and how it comes and goes.

use crate::model::camera::Easing;
use crate::model::cut::ScreenColour;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A font as a job names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TypefaceSource {
    /// A font of the program, by its name and version.
    // The version makes the identity of a job another one when the font of the program changes.
    BuiltIn(String),
    /// A file that is an input of the job.
    File {
        /// The number of its slot, `font.N`.
        slot: usize,
        /// The family that is meant, if the file may have several. `None`: the first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        family: Option<String>,
        /// The number of the slot of a second file with its bold letters. `None`: there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bold: Option<usize>,
    },
}

/// Where a block is in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TextPlace {
    /// The upper left corner.
    TopLeft,
    /// The middle of the upper side.
    Top,
    /// The upper right corner.
    TopRight,
    /// The middle of the left side.
    Left,
    /// The middle of the picture.
    #[serde(alias = "center")]
    #[schemars(extend("x-also" = ["center"]))]
    Centre,
    /// The middle of the right side.
    Right,
    /// The lower left corner.
    BottomLeft,
    /// The middle of the lower side.
    Bottom,
    /// The lower right corner.
    BottomRight,
}

/// How the lines of a block are aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TextAlign {
    /// Along the left side.
    Left,
    /// On the middle.
    #[serde(alias = "center")]
    #[schemars(extend("x-also" = ["center"]))]
    Centre,
    /// Along the right side.
    Right,
}

impl TextPlace {
    /// Returns the share of the free width that is on the left of a block: 0, a half or 1.
    #[must_use]
    pub const fn across(self) -> f32 {
        match self.align() {
            TextAlign::Left => 0.0,
            TextAlign::Centre => 0.5,
            TextAlign::Right => 1.0,
        }
    }

    /// Returns the share of the free height that is above a block: 0, a half or 1.
    #[must_use]
    pub const fn down(self) -> f32 {
        match self {
            Self::TopLeft | Self::Top | Self::TopRight => 0.0,
            Self::Left | Self::Centre | Self::Right => 0.5,
            Self::BottomLeft | Self::Bottom | Self::BottomRight => 1.0,
        }
    }

    /// Returns how lines are aligned here if nothing says otherwise.
    #[must_use]
    pub const fn align(self) -> TextAlign {
        match self {
            Self::TopLeft | Self::Left | Self::BottomLeft => TextAlign::Left,
            Self::Top | Self::Centre | Self::Bottom => TextAlign::Centre,
            Self::TopRight | Self::Right | Self::BottomRight => TextAlign::Right,
        }
    }
}

/// One line of a block as it is written. It is wrapped where the picture is too narrow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BlockLine {
    /// The text.
    pub text: String,
    /// Text on the right of the middle, of which `text` is then on the left: a part and its actor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<String>,
    /// Size of the font as a share of the height of the picture.
    pub size: f32,
    /// Whether it is bold.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bold: bool,
    /// Its colour.
    pub colour: ScreenColour,
    /// Space between letters as a share of the size of the font.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tracking: f32,
    /// Space above it as a share of the height of the picture.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub space: f32,
}

fn is_zero(number: &f32) -> bool {
    *number == 0.0
}

/// A line around every letter.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TextEdge {
    /// Its width as a share of the height of the picture.
    pub width: f32,
    /// Its colour.
    pub colour: ScreenColour,
}

/// A rectangle behind a block.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TextPanel {
    /// Its colour.
    pub colour: ScreenColour,
    /// How much of the picture it hides, 0 to 1.
    pub opacity: f32,
}

/// How a block comes or goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MotionKind {
    /// At once.
    Cut,
    /// It appears out of the picture, or disappears into it.
    Fade,
    /// It moves up while it fades.
    Rise,
    /// It moves down while it fades.
    Sink,
    /// It moves to the right while it fades.
    SlideRight,
    /// It moves to the left while it fades.
    SlideLeft,
    /// It is uncovered, or covered, from its left side.
    Wipe,
}

/// How a block comes or goes, and how long that takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TitleMotion {
    /// What it does.
    pub kind: MotionKind,
    /// How many frames it takes, at the rate of the production.
    pub frames: usize,
    /// Its speed.
    pub easing: Easing,
}

/// The smallest size that letters shrink to, as a share of the shorter side of the picture: 27 pixels
/// of 1080. Smaller ones are read by nobody on a telephone.
pub const SMALLEST_TEXT: f32 = 0.025;

/// A block of text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TextBlock {
    /// Its lines.
    pub lines: Vec<BlockLine>,
    /// Its fonts. A character is drawn with the first that has it.
    pub fonts: Vec<TypefaceSource>,
    /// Where it is.
    pub place: TextPlace,
    /// How its lines are aligned.
    pub align: TextAlign,
    /// Space between it and the sides of the picture, as a share of width and height.
    pub margin: f32,
    /// A line around its letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edge: Option<TextEdge>,
    /// How dark the soft shadow behind its letters is, 0 to 1.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub shadow: f32,
    /// A rectangle behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub panel: Option<TextPanel>,
    /// How much it hides what is behind it, 0 to 1.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub opacity: f32,
    /// The smallest size that its letters shrink to where the picture is too narrow or too low for
    /// it, as a share of the shorter side of the picture. 0: they do not shrink.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub smallest: f32,
    /// Whether it moves once from below the picture to above it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rolls: bool,
    /// Whether it is shown page by page, each as long as its lines are of all.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub turns: bool,
    /// How it comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enter: Option<TitleMotion>,
    /// How it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leave: Option<TitleMotion>,
}

impl TextBlock {
    /// Returns a block in the middle of the picture, without anything behind its letters and without
    /// motion, that shrinks down to `smallest`.
    #[must_use]
    pub const fn centred(
        lines: Vec<BlockLine>,
        fonts: Vec<TypefaceSource>,
        margin: f32,
        smallest: f32,
    ) -> Self {
        Self {
            lines,
            fonts,
            place: TextPlace::Centre,
            align: TextAlign::Centre,
            margin,
            edge: None,
            shadow: 0.0,
            panel: None,
            opacity: 1.0,
            smallest,
            rolls: false,
            turns: false,
            enter: None,
            leave: None,
        }
    }
}

const fn one() -> f32 {
    1.0
}

fn is_one(number: &f32) -> bool {
    *number == 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_block_is_written_without_what_it_does_not_use() {
        let line = BlockLine {
            text: "LAST LIGHT".to_owned(),
            beside: None,
            size: 0.1,
            bold: false,
            colour: ScreenColour::WHITE,
            tracking: 0.0,
            space: 0.0,
        };
        let font = TypefaceSource::File {
            slot: 0,
            family: None,
            bold: None,
        };
        let block = TextBlock::centred(vec![line], vec![font], 0.05, 0.0);
        let json = serde_json::to_string(&block).unwrap();
        assert_eq!(
            json,
            "{\"lines\":[{\"text\":\"LAST LIGHT\",\"size\":0.1,\"colour\":\"#ffffff\"}],\
             \"fonts\":[{\"file\":{\"slot\":0}}],\"place\":\"centre\",\"align\":\"centre\",\"margin\":0.05}"
        );
        assert_eq!(serde_json::from_str::<TextBlock>(&json).unwrap(), block);
    }
}

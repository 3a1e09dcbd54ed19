//! The looks of titles by name.

use super::text_block::{MotionKind, TextEdge, TextPanel, TextPlace};
use crate::model::cut::ScreenColour;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a title is, which gives it its look and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TitleStyle {
    /// The title of the film, large in the middle.
    #[default]
    #[serde(alias = "title")]
    #[schemars(extend("x-also" = ["title"]))]
    Main,
    /// A name and what it is, on a panel in the lower left.
    LowerThird,
    /// A place and a time, small in the lower left.
    Place,
    /// A caption, in the middle of the lower side.
    Caption,
    /// A chapter or an intertitle, in the middle.
    Chapter,
    /// A small remark in the upper right.
    Note,
}

/// The look of a title.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TitleLook {
    /// Size of the first line as a share of the height of the picture.
    pub size: f32,
    /// Size of the other lines.
    pub small_size: f32,
    /// Whether the first line is bold.
    pub bold: bool,
    /// Space between letters of the first line as a share of its size.
    pub tracking: f32,
    /// Where it is.
    pub place: TextPlace,
    /// How dark its shadow is.
    pub shadow: f32,
    /// A line around its letters.
    pub edge: Option<TextEdge>,
    /// A rectangle behind it.
    pub panel: Option<TextPanel>,
    /// How it comes.
    pub enter: MotionKind,
    /// How long it is seen, in seconds.
    pub seconds: f64,
}

impl TitleLook {
    /// Returns how it goes: like it comes, but never by a wipe, which would draw the eye once more.
    #[must_use]
    pub const fn leave(&self) -> MotionKind {
        match self.enter {
            MotionKind::Cut => MotionKind::Cut,
            _ => MotionKind::Fade,
        }
    }
}

/// What a style has unless it says otherwise.
const PLAIN_LOOK: TitleLook = TitleLook {
    size: 0.045,
    small_size: 0.036,
    bold: false,
    tracking: 0.0,
    place: TextPlace::BottomLeft,
    shadow: 0.6,
    edge: None,
    panel: None,
    enter: MotionKind::Fade,
    seconds: 4.0,
};

impl TitleStyle {
    /// Returns its look.
    // Sizes follow common practice: captions of a twentieth of the height or a little less (EBU-TT-D
    // of 16 lines, Netflix and BBC guides), a lower third that is a little smaller than captions,
    // and a main title of a ninth.
    #[must_use]
    pub const fn usual_look(self) -> TitleLook {
        match self {
            Self::Main => TitleLook {
                size: 0.11,
                small_size: 0.04,
                bold: true,
                tracking: 0.08,
                place: TextPlace::Centre,
                ..PLAIN_LOOK
            },
            Self::Chapter => TitleLook {
                size: 0.07,
                place: TextPlace::Centre,
                ..PLAIN_LOOK
            },
            Self::LowerThird => TitleLook {
                bold: true,
                shadow: 0.0,
                panel: Some(TextPanel {
                    colour: ScreenColour::BLACK,
                    opacity: 0.6,
                }),
                enter: MotionKind::Wipe,
                ..PLAIN_LOOK
            },
            Self::Place => TitleLook {
                size: 0.04,
                tracking: 0.04,
                ..PLAIN_LOOK
            },
            Self::Caption => TitleLook {
                small_size: 0.045,
                place: TextPlace::Bottom,
                shadow: 0.0,
                edge: Some(TextEdge {
                    width: 0.003,
                    colour: ScreenColour::BLACK,
                }),
                enter: MotionKind::Cut,
                seconds: 3.0,
                ..PLAIN_LOOK
            },
            Self::Note => TitleLook {
                size: 0.03,
                small_size: 0.03,
                place: TextPlace::TopRight,
                ..PLAIN_LOOK
            },
        }
    }
}

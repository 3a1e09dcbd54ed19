//! What an output shows on top of its film: burn-ins, a watermark, guides, a slate.

use super::frame_overlay::GuideKind;
use super::text_block::{TextBlock, TextPlace, TypefaceSource};
use crate::base::Spanned;
use crate::model::production::{Output, ProductionMeta};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A fact that is burned into every frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BurnInField {
    /// The name of the shot.
    Shot,
    /// The number of the frame in its shot.
    Frame,
    /// Timecode of the film.
    Timecode,
    /// The title of the production.
    Title,
    /// The name of the output.
    Output,
    /// The `version` of the document.
    #[serde(alias = "version")]
    #[schemars(extend("x-also" = ["version"]))]
    Revision,
    /// The date of the document: `modified`, else `created`.
    Date,
}

impl BurnInField {
    /// Every field.
    pub const ALL: [Self; 7] = [
        Self::Shot,
        Self::Frame,
        Self::Timecode,
        Self::Title,
        Self::Output,
        Self::Revision,
        Self::Date,
    ];

    /// Returns its name in documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shot => "shot",
            Self::Frame => "frame",
            Self::Timecode => "timecode",
            Self::Title => "title",
            Self::Output => "output",
            Self::Revision => "revision",
            Self::Date => "date",
        }
    }

    /// Returns its text, if it is the same on all frames and the document has it.
    #[must_use]
    pub fn text<'a>(self, meta: &'a ProductionMeta, output: &'a Output) -> Option<&'a str> {
        let text = match self {
            Self::Shot | Self::Frame | Self::Timecode => None,
            Self::Title => meta.title.as_ref().map(|title| title.value.as_str()),
            Self::Output => Some(output.name.value.as_str()),
            Self::Revision => meta.version.as_deref(),
            Self::Date => meta.modified.as_deref().or(meta.created.as_deref()),
        };
        text.filter(|text| !text.trim().is_empty())
    }

    /// Returns where it is if nothing says otherwise: a corner or side of its own.
    #[must_use]
    pub const fn usual_place(self) -> TextPlace {
        match self {
            Self::Shot => TextPlace::BottomLeft,
            Self::Frame => TextPlace::BottomRight,
            Self::Timecode => TextPlace::Bottom,
            Self::Title => TextPlace::TopLeft,
            Self::Output => TextPlace::Left,
            Self::Revision => TextPlace::TopRight,
            Self::Date => TextPlace::Top,
        }
    }
}

/// A burn-in of an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BurnInMark {
    /// What is shown.
    pub field: Spanned<BurnInField>,
    /// Where it is.
    pub place: TextPlace,
}

impl BurnInMark {
    /// Returns which of its texts is over a shot: one for each shot, or one for all.
    #[must_use]
    pub const fn part(&self, shot: usize) -> usize {
        match self.field.value {
            BurnInField::Shot | BurnInField::Frame => shot,
            _ => 0,
        }
    }
}

/// A text on every frame.
#[derive(Debug, Clone, PartialEq)]
pub struct WatermarkText {
    /// The text as written.
    pub text: Spanned<String>,
    /// What is drawn.
    pub block: TextBlock,
    /// Indices of its fonts.
    pub fonts: Vec<usize>,
}

/// What an output shows on top of its film.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OutputMarks {
    /// Whether it is without the titles of the production and its credits.
    pub is_textless: bool,
    /// Facts on every frame.
    pub burn_in: Vec<BurnInMark>,
    /// A text on every frame.
    pub watermark: Option<WatermarkText>,
    /// Lines on every frame.
    pub guides: Vec<GuideKind>,
    /// Length of the slate before the film in frames, with its place in the document.
    pub slate: Option<Spanned<usize>>,
    /// The fonts of burn-ins and of the slate, as jobs name them.
    pub fonts: Vec<TypefaceSource>,
    /// Indices of these fonts.
    pub font_indices: Vec<usize>,
}

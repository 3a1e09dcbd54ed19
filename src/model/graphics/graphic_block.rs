//! What a graphic draws: its content, its look and how it builds.

use crate::model::camera::Easing;
use crate::model::cut::ScreenColour;
use crate::model::titles::{TextPanel, TextPlace, TypefaceSource};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A kind of graphic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GraphicKind {
    /// One bar for each value.
    Bar,
    /// A line through the values.
    Line,
    /// Parts of a whole, as a ring.
    Pie,
    /// Rows and columns of texts.
    Table,
    /// Numbers, large, each with what it means.
    Kpi,
    /// Points that appear one after the other.
    List,
    /// A quotation.
    Quote,
    /// Lines of code.
    Code,
}

impl GraphicKind {
    /// Returns its name in documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bar => "bar",
            Self::Line => "line",
            Self::Pie => "pie",
            Self::Table => "table",
            Self::Kpi => "kpi",
            Self::List => "list",
            Self::Quote => "quote",
            Self::Code => "code",
        }
    }

    /// Returns what messages call it.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Bar => "bar chart",
            Self::Line => "line chart",
            Self::Pie => "pie chart",
            Self::Table => "table",
            Self::Kpi => "kpi",
            Self::List => "list",
            Self::Quote => "quote",
            Self::Code => "code",
        }
    }

    /// Returns the field that has its content.
    #[must_use]
    pub const fn content_field(self) -> &'static str {
        match self {
            Self::Bar | Self::Line | Self::Pie | Self::Kpi => "data",
            Self::Table => "rows",
            Self::List => "points",
            Self::Quote | Self::Code => "text",
        }
    }
}

/// A value of a chart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GraphicValue {
    /// What it is of.
    pub label: String,
    /// The number that decides a length or an angle.
    pub value: f64,
    /// The number as it is shown, with its unit.
    pub shown: String,
    /// The glyph of its icon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
}

/// A point of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraphicPoint {
    /// Its text.
    pub text: String,
    /// The glyph of its icon. `None`: a dot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
}

/// What a graphic shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GraphicContent {
    /// One bar for each value.
    Bars(Vec<GraphicValue>),
    /// A line through the values.
    Line(Vec<GraphicValue>),
    /// Parts of a whole.
    Pie(Vec<GraphicValue>),
    /// Large numbers.
    Numbers(Vec<GraphicValue>),
    /// Rows of texts, as many in each as there are columns.
    Table {
        /// The names of the columns. Empty: no names are shown.
        columns: Vec<String>,
        /// The rows.
        rows: Vec<Vec<String>>,
    },
    /// Points.
    List(Vec<GraphicPoint>),
    /// A quotation.
    Quote {
        /// The words.
        text: String,
        /// Their source.
        by: Option<String>,
    },
    /// Lines of code.
    Code(Vec<String>),
}

/// How many parts of one kind a graphic has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartCount {
    /// As many.
    pub count: usize,
    /// The most that are read in a film.
    pub most: usize,
    /// What they are called, such as `rows`.
    pub noun: &'static str,
}

impl GraphicContent {
    /// Returns how many parts it has of each kind.
    #[must_use]
    pub fn part_counts(&self) -> Vec<PartCount> {
        let part = |count, most, noun| PartCount { count, most, noun };
        match self {
            Self::Bars(values) => vec![part(values.len(), 12, "bars")],
            Self::Line(values) => vec![part(values.len(), 60, "values")],
            Self::Pie(values) => vec![part(values.len(), 7, "slices")],
            Self::Numbers(values) => vec![part(values.len(), 4, "numbers")],
            Self::Table { rows, .. } => vec![
                part(rows.len(), 8, "rows"),
                part(rows.first().map_or(0, Vec::len), 5, "columns"),
            ],
            Self::List(points) => vec![part(points.len(), 7, "points")],
            Self::Quote { .. } => Vec::new(),
            Self::Code(lines) => vec![part(lines.len(), 16, "lines")],
        }
    }
}

/// The colours of a graphic.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GraphicColours {
    /// Of its texts.
    pub text: ScreenColour,
    /// Of bars, lines and large numbers.
    pub accent: ScreenColour,
    /// What is behind it. `None`: the picture alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub panel: Option<TextPanel>,
}

/// A graphic as a job draws it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GraphicBlock {
    /// What it shows.
    pub content: GraphicContent,
    /// The line above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The small line below it: where the numbers are from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Its fonts. A character is drawn with the first that has it.
    pub fonts: Vec<TypefaceSource>,
    /// The part of the picture that it may fill.
    pub place: TextPlace,
    /// The share of the height of the picture that it leaves free below, for captions.
    pub below: f32,
    /// Its colours.
    pub colours: GraphicColours,
    /// Frames until all of it is there.
    pub build: usize,
    /// The speed of bars, lines and slices while it builds.
    pub easing: Easing,
    /// Frames in which it comes before it builds, and goes at its end.
    pub fade: usize,
}

/// What a graphic leaves free below if no captions are drawn there.
pub const USUAL_BELOW: f32 = 0.06;
/// What it leaves free for captions of two rows.
const CAPTIONS_BELOW: f32 = 0.2;

impl GraphicBlock {
    /// Returns it as it is drawn in a picture with or without captions.
    #[must_use]
    pub fn above_captions(&self, has_captions: bool) -> Self {
        Self {
            below: if has_captions {
                CAPTIONS_BELOW
            } else {
                USUAL_BELOW
            },
            ..self.clone()
        }
    }
}

//! Graphics over pictures as written: charts, tables, numbers, lists, quotes and code.
//!
//! Like [`super::draft`], of which it is a part.

use super::field_types::{OneOrMany, RawScalar};
use super::notation;
use super::text_or::TextOr;
use crate::base::Spanned;
use crate::model::camera::Easing;
use crate::model::graphics::GraphicKind;
use crate::model::titles::TextPlace;
use schemars::JsonSchema;
use serde::Deserialize;

/// One graphic over the picture of a shot.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GraphicDraft {
    /// What it is.
    pub kind: Option<Spanned<GraphicKind>>,
    /// The line above it.
    #[schemars(extend("examples" = ["Losses by winter"]))]
    pub title: Option<Spanned<String>>,
    /// The shot in which it begins, by name; the first if left out.
    pub shot: Option<Spanned<String>>,
    /// When it begins, from the start of the shot: a frame, counted from 0, or seconds as `1.5s`.
    #[schemars(schema_with = "notation::moment_schema")]
    pub at: Option<RawScalar>,
    /// How long it is seen: frames, or seconds as `4s`; to the end of the shot if left out.
    #[serde(rename = "for")]
    #[schemars(rename = "for", extend("examples" = [96, "4s"]))]
    pub lasts: Option<RawScalar>,
    /// The last shot over which it may be seen, by name; its own if left out.
    pub until: Option<Spanned<String>>,
    /// The values of a chart, or the numbers of a `kpi`.
    #[schemars(extend("examples" = [[{"label": "2007", "value": 32}, {"label": "2012", "value": 22}]]))]
    pub data: Option<Vec<GraphicValueDraft>>,
    /// What the numbers count, behind each of them; before them if it is a currency.
    #[schemars(extend("examples" = ["%", "€", "km"]))]
    pub unit: Option<Spanned<String>>,
    /// The names of the columns of a table.
    #[schemars(extend("examples" = [["Winter", "Lost"]]))]
    pub columns: Option<Vec<Spanned<String>>>,
    /// The rows of a table: a list of cells each.
    #[schemars(extend("examples" = [[["2007", "32 %"], ["2012", "22 %"]]]))]
    pub rows: Option<Vec<Vec<RawScalar>>>,
    /// The points of a list: texts, or entries with an icon.
    #[schemars(extend("examples" = [["Plant wild flowers", {"text": "Skip the poison", "icon": "shield"}]]))]
    pub points: Option<Vec<TextOr<GraphicPointDraft>>>,
    /// The words of a quote, or the lines of code.
    #[schemars(extend("examples" = ["Simplicity is prerequisite for reliability."]))]
    pub text: Option<OneOrMany<Spanned<String>>>,
    /// Source of a quote.
    #[schemars(extend("examples" = ["Edsger Dijkstra"]))]
    pub by: Option<Spanned<String>>,
    /// Where the numbers are from, small below it.
    #[schemars(extend("examples" = ["Source: Eurostat, 2024"]))]
    pub source: Option<Spanned<String>>,
    /// The part of the picture that it may fill: all of it, a half or a quarter.
    #[schemars(extend("default" = "centre"))]
    pub place: Option<Spanned<TextPlace>>,
    /// The colour of bars, lines and large numbers.
    #[schemars(extend("default" = "2ec4b6"))]
    pub accent: Option<Spanned<String>>,
    /// The colour of its texts; white or black, whichever is read better, if left out.
    #[schemars(extend("examples" = ["white"]))]
    pub colour: Option<Spanned<String>>,
    /// The colour of the panel behind it, or `off`.
    #[schemars(extend("default" = "0c1822"), extend("examples" = ["black", "off"]))]
    pub panel: Option<Spanned<String>>,
    /// Its font, or several: a file relative to this file, or the name of an installed font.
    #[schemars(extend("examples" = ["fonts/Title.otf", ["Noto Serif", "Noto Serif CJK JP"]]))]
    pub font: Option<OneOrMany<Spanned<String>>>,
    /// How long it takes to build: frames, or seconds as `1.5s`. 0: it is there at once.
    #[schemars(extend("examples" = [36, "1.5s", 0]))]
    pub build: Option<RawScalar>,
    /// The speed of bars, lines and slices while it builds, as of camera moves.
    #[schemars(extend("default" = Easing::Out))]
    pub easing: Option<Spanned<Easing>>,
}

/// A value of a chart.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GraphicValueDraft {
    /// What it is of.
    #[schemars(extend("examples" = ["2007"]))]
    pub label: Option<RawScalar>,
    /// The number.
    pub value: Option<Spanned<f64>>,
    /// The number as it is shown, if that is not the number and the unit.
    #[schemars(extend("examples" = ["$3.5M"]))]
    pub shown: Option<RawScalar>,
    /// The name of an icon above a `kpi`.
    #[schemars(extend("x-preset" = "icons"))]
    pub icon: Option<Spanned<String>>,
}

/// A point of a list. Written as text, it is its text.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GraphicPointDraft {
    /// The text.
    pub text: Option<Spanned<String>>,
    /// The name of an icon before it; a dot if left out.
    #[schemars(extend("x-preset" = "icons"))]
    pub icon: Option<Spanned<String>>,
}

//! Titles, credits and marks of outputs as written.
//!
//! Like [`super::draft`], of which it is the part about text over pictures.

use super::field_types::{OneOrMany, OrderedMap, RawScalar};
use super::notation;
use super::text_or::TextOr;
use crate::base::Spanned;
use crate::model::camera::Easing;
use crate::model::titles::{
    BurnInField, CreditsKind, MotionKind, TextAlign, TextPlace, TitleStyle,
};
use crate::model::value_ranges;
use schemars::JsonSchema;
use serde::Deserialize;

/// One title. Written as text, it is the main title over the first shot.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TitleDraft {
    /// The text, or its lines; the first is the largest.
    #[schemars(extend("examples" = ["LAST LIGHT", ["Mara Lind", "keeper of the lighthouse"]]))]
    pub text: Option<Spanned<OneOrMany<Spanned<String>>>>,
    /// What it is, which gives it its look and its place.
    #[schemars(extend("default" = TitleStyle::default()))]
    pub style: Option<Spanned<TitleStyle>>,
    /// The shot in which it begins, by name; the first if left out.
    pub shot: Option<Spanned<String>>,
    /// When it begins, from the start of the shot: a frame, counted from 0, or seconds as `1.5s`.
    #[schemars(schema_with = "notation::moment_schema")]
    pub at: Option<RawScalar>,
    /// How long it is seen: frames, or seconds as `4s`. It ends with its shot at the latest, or
    /// with the one that `until` names.
    #[serde(rename = "for")]
    #[schemars(rename = "for", extend("examples" = [96, "4s"]))]
    pub lasts: Option<RawScalar>,
    /// The last shot over which it may be seen, by name; its own if left out.
    pub until: Option<Spanned<String>>,
    /// What is behind it: `picture`, or a colour as `rrggbb` or by its name. Over a colour it is a
    /// clip of its own before the shot, and the film is longer.
    #[schemars(extend("default" = "picture"), extend("examples" = ["picture", "black", "101820"]))]
    pub over: Option<Spanned<String>>,
    /// Where it is.
    pub place: Option<Spanned<TextPlace>>,
    /// How its lines are aligned; as its place if left out.
    pub align: Option<Spanned<TextAlign>>,
    /// Its font, or several: a file relative to this file, or the name of an installed font.
    #[schemars(extend("examples" = ["fonts/Title.otf", ["Noto Serif", "Noto Serif CJK JP"]]))]
    pub font: Option<OneOrMany<Spanned<String>>>,
    /// Size of its first line in percent of the height of the picture, 1 to 50.
    #[schemars(range(min = value_ranges::TEXT_SIZE.lowest(), max = value_ranges::TEXT_SIZE.highest()))]
    pub size: Option<Spanned<f32>>,
    /// Whether its first line is bold.
    pub bold: Option<Spanned<bool>>,
    /// Its colour, as `rrggbb` or by its name.
    #[schemars(extend("default" = "white"))]
    pub colour: Option<Spanned<String>>,
    /// Space between the letters of its first line in percent of their size, -10 to 100.
    #[schemars(range(min = value_ranges::TRACKING.lowest(), max = value_ranges::TRACKING.highest()))]
    pub tracking: Option<Spanned<f32>>,
    /// How dark its soft shadow is, 0 to 1.
    #[schemars(range(min = value_ranges::SHARE.lowest(), max = value_ranges::SHARE.highest()))]
    pub shadow: Option<Spanned<f32>>,
    /// Colour of a line around its letters, or `off`.
    #[schemars(extend("examples" = ["black", "off"]))]
    pub outline: Option<Spanned<String>>,
    /// Colour of a rectangle behind it, or `off`.
    #[schemars(extend("examples" = ["black", "off"]))]
    pub panel: Option<Spanned<String>>,
    /// How it comes: `cut`, `fade`, `rise`, `sink`, `slide_right`, `slide_left`, `wipe`, or how
    /// long and with which easing.
    #[schemars(extend("examples" = ["rise", {"kind": "fade", "for": "1s", "easing": "out"}]))]
    pub enter: Option<TextOr<TitleMotionDraft>>,
    /// How it goes, written as `enter`.
    pub leave: Option<TextOr<TitleMotionDraft>>,
}

/// How a title comes or goes. Written as text, it is its kind.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TitleMotionDraft {
    /// What it does.
    pub kind: Option<Spanned<MotionKind>>,
    /// How long it takes: frames, or seconds as `0.5s`.
    #[serde(rename = "for")]
    #[schemars(rename = "for", extend("default" = "0.5s"))]
    pub lasts: Option<RawScalar>,
    /// Its speed, as of camera moves.
    #[schemars(extend("default" = Easing::default()))]
    pub easing: Option<Spanned<Easing>>,
}

/// End credits, behind the last shot. Written as text, it is the first heading.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CreditsDraft {
    /// Whether they roll, or cut from page to page.
    #[schemars(extend("default" = CreditsKind::default()))]
    pub kind: Option<Spanned<CreditsKind>>,
    /// How long they last: frames, or seconds as `40s`; as long as they take to read if left out.
    #[serde(rename = "for")]
    #[schemars(rename = "for", extend("examples" = ["40s"]))]
    pub lasts: Option<RawScalar>,
    /// The colour behind them.
    #[schemars(extend("default" = "black"))]
    pub over: Option<Spanned<String>>,
    /// Their font, as of titles.
    pub font: Option<OneOrMany<Spanned<String>>>,
    /// Size of a name in percent of the height of the picture, 1 to 50.
    #[schemars(range(min = value_ranges::TEXT_SIZE.lowest(), max = value_ranges::TEXT_SIZE.highest()), extend("default" = 4.5))]
    pub size: Option<Spanned<f32>>,
    /// Their colour.
    #[schemars(extend("default" = "white"))]
    pub colour: Option<Spanned<String>>,
    /// Their parts, in order.
    pub sections: Option<Spanned<Vec<CreditSectionDraft>>>,
}

/// A part of the credits.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CreditSectionDraft {
    /// What the names did.
    #[schemars(extend("examples" = ["Written by"]))]
    pub heading: Option<Spanned<String>>,
    /// Whether the characters with their actors are named: those that have `played_by`.
    #[schemars(extend("default" = false))]
    pub cast: Option<Spanned<bool>>,
    /// Names, or parts with names.
    #[schemars(extend("examples" = [["Ada Berg", {"Gaffer": "Ole Dahl"}]]))]
    pub names: Option<OneOrMany<TextOr<OrderedMap<Spanned<String>>>>>,
}

/// A fact that is burned into every frame of an output. Written as text, it is its field.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BurnInDraft {
    /// What is shown.
    pub field: Option<Spanned<BurnInField>>,
    /// Where it is; a place of its own for each field if left out.
    pub place: Option<Spanned<TextPlace>>,
}

/// A text on every frame of an output. Written as text, it is its text.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WatermarkDraft {
    /// The text.
    #[schemars(extend("examples" = ["NOT FOR RELEASE"]))]
    pub text: Option<Spanned<String>>,
    /// Where it is.
    #[schemars(extend("default" = "centre"))]
    pub place: Option<Spanned<TextPlace>>,
    /// How much it hides of the picture, 0 to 1.
    #[schemars(range(min = value_ranges::SHARE.lowest(), max = value_ranges::SHARE.highest()), extend("default" = 0.25))]
    pub opacity: Option<Spanned<f32>>,
    /// Its size in percent of the height of the picture, 1 to 50.
    #[schemars(range(min = value_ranges::TEXT_SIZE.lowest(), max = value_ranges::TEXT_SIZE.highest()), extend("default" = 8))]
    pub size: Option<Spanned<f32>>,
    /// Its font, as of titles.
    pub font: Option<OneOrMany<Spanned<String>>>,
    /// Its colour.
    #[schemars(extend("default" = "white"))]
    pub colour: Option<Spanned<String>>,
}

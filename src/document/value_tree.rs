//! A draft as plain values with their places. `production info --resolved` prints the full document
//! from them.
//!
//! Owns the conversion of typed fields to scalars, rows, lists and maps. Does not know how they are
//! printed.

use super::captions_draft::SpeakerNamingDraft;
use super::draft::{ContrastLevel, DropDraft, LevelDraft, SubjectDraft, WorkerBackend};
use super::field_types::{NamedList, OneOrMany, OrderedMap, RawScalar, ScalarOrList};
use super::sound_draft::OutputSoundCodec;
use super::text_or::TextOr;
use super::variables::escape_references;
use crate::base::json::serialized_name;
use crate::base::{FileSpan, Spanned};
use crate::model::HdrTransfer;
use crate::model::RenderPass;
use crate::model::camera::{CameraAngle, Easing, MoveKind, ShotSize};
use crate::model::captions::CaptionAudience;
use crate::model::codec::{Codec, FilmContainer};
use crate::model::costume_condition::CostumeCondition;
use crate::model::graphics::GraphicKind;
use crate::model::model_mend::{ForwardAxis, UpAxis};
use crate::model::retro_treatment::{DitherMethod, FitMode};
use crate::model::sound::RoomKind;
use crate::model::sprites::{SheetDialect, TurnOrder};
use crate::model::titles::{
    BurnInField, CreditsKind, GuideKind, MotionKind, TextAlign, TextPlace, TitleStyle,
};

/// A scalar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScalarText {
    /// The text, with references escaped.
    pub text: String,
    /// Whether it is a number or a boolean, which is written without quotes.
    pub plain: bool,
}

/// A value and its place in the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueTree {
    /// One scalar.
    Scalar(ScalarText, FileSpan),
    /// A few scalars that belong together, such as a colour.
    Row(Vec<ScalarText>, FileSpan),
    /// Entries of a list.
    List(Vec<Self>),
    /// Fields of a map, in the order of the draft.
    Map(Vec<(String, Self)>),
}

/// A part of a draft that can be converted to values.
pub trait ToValueTree {
    /// Returns the value. None if it was left out.
    fn to_value_tree(&self) -> Option<ValueTree>;
}

/// The content of a [`Spanned`].
pub trait SpannedValue {
    /// Returns the value as written at `origin`.
    fn value_tree_at(&self, origin: FileSpan) -> ValueTree;
}

impl<T: ToValueTree> ToValueTree for Option<T> {
    fn to_value_tree(&self) -> Option<ValueTree> {
        self.as_ref().and_then(ToValueTree::to_value_tree)
    }
}

impl<T: SpannedValue> ToValueTree for Spanned<T> {
    fn to_value_tree(&self) -> Option<ValueTree> {
        Some(self.value.value_tree_at(self.origin))
    }
}

impl ToValueTree for RawScalar {
    fn to_value_tree(&self) -> Option<ValueTree> {
        Some(ValueTree::Scalar(numeric_or_text(&self.value), self.origin))
    }
}

impl ToValueTree for ScalarOrList {
    fn to_value_tree(&self) -> Option<ValueTree> {
        match self {
            Self::One(text) => text.to_value_tree(),
            // Printed as one row: numbers of a colour or a position belong on one line.
            Self::List(list) => Some(ValueTree::Row(
                list.value
                    .iter()
                    .map(|text| numeric_or_text(&text.value))
                    .collect(),
                list.origin,
            )),
        }
    }
}

impl<T: ToValueTree> ToValueTree for TextOr<T> {
    fn to_value_tree(&self) -> Option<ValueTree> {
        match self {
            Self::Text(text) => text.to_value_tree(),
            Self::Full(full) => full.to_value_tree(),
        }
    }
}

macro_rules! lists {
    ($($list:ident),*) => {$(
        impl<T: ToValueTree> ToValueTree for $list<T> {
            fn to_value_tree(&self) -> Option<ValueTree> {
                let values: Vec<ValueTree> = self.iter().filter_map(ToValueTree::to_value_tree).collect();
                // An empty list has the same meaning as none, and the printed document is meant to
                // be read.
                (!values.is_empty()).then_some(ValueTree::List(values))
            }
        }

        impl<T: ToValueTree> SpannedValue for $list<T> {
            fn value_tree_at(&self, _: FileSpan) -> ValueTree {
                ValueTree::List(self.iter().filter_map(ToValueTree::to_value_tree).collect())
            }
        }
    )*};
}

lists!(Vec, OneOrMany, NamedList);

impl<T: ToValueTree> ToValueTree for OrderedMap<T> {
    fn to_value_tree(&self) -> Option<ValueTree> {
        let values = self
            .iter()
            .filter_map(|(key, value)| Some((key.value.clone(), value.to_value_tree()?)));
        Some(ValueTree::Map(values.collect()))
    }
}

impl SpannedValue for String {
    fn value_tree_at(&self, origin: FileSpan) -> ValueTree {
        ValueTree::Scalar(
            ScalarText {
                // Variables are substituted by now. A `${` that is still in the text was escaped by
                // the user.
                text: escape_references(self),
                plain: false,
            },
            origin,
        )
    }
}

impl<T: ToValueTree> SpannedValue for OrderedMap<T> {
    fn value_tree_at(&self, _: FileSpan) -> ValueTree {
        self.to_value_tree()
            .unwrap_or_else(|| ValueTree::Map(Vec::new()))
    }
}

impl SpannedValue for DropDraft {
    fn value_tree_at(&self, _: FileSpan) -> ValueTree {
        self.to_value_tree()
            .unwrap_or_else(|| ValueTree::Map(Vec::new()))
    }
}

impl SpannedValue for [f32; 3] {
    fn value_tree_at(&self, origin: FileSpan) -> ValueTree {
        ValueTree::Row(self.iter().map(plain_scalar).collect(), origin)
    }
}

macro_rules! plain_scalar {
    ($($type:ty),*) => {$(
        impl SpannedValue for $type {
            fn value_tree_at(&self, origin: FileSpan) -> ValueTree {
                ValueTree::Scalar(plain_scalar(self), origin)
            }
        }
    )*};
}

plain_scalar!(u32, i32, f32, f64, bool);

macro_rules! named {
    ($($type:ty),*) => {$(
        impl SpannedValue for $type {
            fn value_tree_at(&self, origin: FileSpan) -> ValueTree {
                ValueTree::Scalar(ScalarText { text: serialized_name(self), plain: false }, origin)
            }
        }
    )*};
}

named!(
    SpeakerNamingDraft,
    CaptionAudience,
    WorkerBackend,
    CameraAngle,
    Codec,
    FilmContainer,
    HdrTransfer,
    ContrastLevel,
    DitherMethod,
    Easing,
    FitMode,
    MoveKind,
    ShotSize,
    SubjectDraft,
    CostumeCondition,
    RenderPass,
    LevelDraft,
    OutputSoundCodec,
    RoomKind,
    BurnInField,
    CreditsKind,
    GuideKind,
    GraphicKind,
    MotionKind,
    TextAlign,
    TextPlace,
    TitleStyle,
    SheetDialect,
    TurnOrder,
    UpAxis,
    ForwardAxis
);

fn plain_scalar(value: &impl ToString) -> ScalarText {
    ScalarText {
        text: value.to_string(),
        plain: true,
    }
}

/// Returns a text that may be a number, or a size such as `1920x1080`, both of which need no
/// quotes.
fn numeric_or_text(text: &str) -> ScalarText {
    // The first character is tested as well, because `inf` and `nan` parse as numbers in Rust.
    let number =
        text.starts_with(|c: char| c.is_ascii_digit() || c == '-') && text.parse::<f64>().is_ok();
    let size = text
        .split_once('x')
        .is_some_and(|(width, height)| is_count(width) && is_count(height));
    ScalarText {
        text: escape_references(text),
        plain: number || size,
    }
}

fn is_count(text: &str) -> bool {
    text.starts_with(|c| ('1'..='9').contains(&c)) && text.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::draft::{MoveDraft, ShotDraft};

    #[test]
    fn a_shot_is_written_in_document_syntax() {
        let place = FileSpan::default();
        let kind = Some(Spanned::new(MoveKind::PushIn, place));
        let shot = ShotDraft {
            name: Some(Spanned::new("a ${b}".to_owned(), place)),
            travel: Some(TextOr::Full(MoveDraft {
                kind,
                ..MoveDraft::default()
            })),
            exposure: Some(Spanned::new(0.3, place)),
            ..ShotDraft::default()
        };
        let word = |text: &str, plain| {
            ValueTree::Scalar(
                ScalarText {
                    text: text.to_owned(),
                    plain,
                },
                place,
            )
        };
        let Some(ValueTree::Map(fields)) = shot.to_value_tree() else {
            panic!("a map")
        };
        let fields: Vec<(&str, &ValueTree)> = fields
            .iter()
            .map(|(key, value)| (key.as_str(), value))
            .collect();
        let travel = ValueTree::Map(vec![("kind".to_owned(), word("push_in", false))]);
        assert_eq!(
            fields,
            [
                ("name", &word("a $${b}", false)),
                ("move", &travel),
                ("exposure", &word("0.3", true)),
            ]
        );
    }
}

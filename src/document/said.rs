//! A draft as plain values again, each with its place: what a document in full is printed from.
//!
//! Owns the turn from typed fields to words, rows, lists and maps. Does not know how they are printed.

use super::draft::{ContrastLevel, DropDraft, LevelDraft, SubjectDraft};
use super::text_or::TextOr;
use super::values::{Entries, NamedList, OneOrMany, Scalar, ScalarOrList};
use super::variables::escaped;
use crate::base::{FileSpan, Spanned};
use crate::model::RenderPass;
use crate::model::camera::{CameraAngle, Easing, MoveKind, ShotSize};
use crate::model::costume_condition::CostumeCondition;
use crate::model::output::Codec;
use crate::model::retro_treatment::{DitherMethod, FitMode};
use serde::Serialize;

/// A scalar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Its text.
    pub text: String,
    /// Whether it is a number or a boolean, to be written without quotes.
    pub plain: bool,
}

/// A value, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// One scalar.
    Word(Word, FileSpan),
    /// A few scalars that belong together, such as a colour.
    Row(Vec<Word>, FileSpan),
    /// Entries.
    List(Vec<Self>),
    /// Fields.
    Map(Vec<(String, Self)>),
}

/// Something that a document can say.
pub trait Tell {
    /// Returns what it says; nothing when it was left out.
    fn tell(&self) -> Option<Said>;
}

/// The value inside a [`Spanned`].
pub trait Value {
    /// Returns the value as said at `origin`.
    fn said(&self, origin: FileSpan) -> Said;
}

impl<T: Tell> Tell for Option<T> {
    fn tell(&self) -> Option<Said> {
        self.as_ref().and_then(Tell::tell)
    }
}

impl<T: Value> Tell for Spanned<T> {
    fn tell(&self) -> Option<Said> {
        Some(self.value.said(self.origin))
    }
}

impl Tell for Scalar {
    fn tell(&self) -> Option<Said> {
        Some(Said::Word(loose(&self.value), self.origin))
    }
}

impl Tell for ScalarOrList {
    fn tell(&self) -> Option<Said> {
        match self {
            Self::One(text) => text.tell(),
            Self::List(list) => Some(Said::Row(
                list.value.iter().map(|text| loose(&text.value)).collect(),
                list.origin,
            )),
        }
    }
}

impl<T: Tell> Tell for TextOr<T> {
    fn tell(&self) -> Option<Said> {
        match self {
            Self::Text(text) => text.tell(),
            Self::Full(full) => full.tell(),
        }
    }
}

macro_rules! lists {
    ($($list:ident),*) => {$(
        impl<T: Tell> Tell for $list<T> {
            fn tell(&self) -> Option<Said> {
                let said: Vec<Said> = self.iter().filter_map(Tell::tell).collect();
                (!said.is_empty()).then_some(Said::List(said))
            }
        }
    )*};
}

lists!(Vec, OneOrMany, NamedList);

impl<T: Tell> Tell for Entries<T> {
    fn tell(&self) -> Option<Said> {
        let said = self
            .iter()
            .filter_map(|(key, value)| Some((key.value.clone(), value.tell()?)));
        Some(Said::Map(said.collect()))
    }
}

impl Value for String {
    fn said(&self, origin: FileSpan) -> Said {
        Said::Word(
            Word {
                text: escaped(self),
                plain: false,
            },
            origin,
        )
    }
}

impl<T: Tell> Value for Entries<T> {
    fn said(&self, _: FileSpan) -> Said {
        self.tell().unwrap_or_else(|| Said::Map(Vec::new()))
    }
}

impl Value for DropDraft {
    fn said(&self, _: FileSpan) -> Said {
        self.tell().unwrap_or_else(|| Said::Map(Vec::new()))
    }
}

impl Value for [f32; 3] {
    fn said(&self, origin: FileSpan) -> Said {
        Said::Row(self.iter().map(plain).collect(), origin)
    }
}

macro_rules! plain {
    ($($type:ty),*) => {$(
        impl Value for $type {
            fn said(&self, origin: FileSpan) -> Said {
                Said::Word(plain(self), origin)
            }
        }
    )*};
}

plain!(u32, f32, bool);

macro_rules! named {
    ($($type:ty),*) => {$(
        impl Value for $type {
            fn said(&self, origin: FileSpan) -> Said {
                Said::Word(Word { text: name(self), plain: false }, origin)
            }
        }
    )*};
}

named!(
    CameraAngle,
    Codec,
    ContrastLevel,
    DitherMethod,
    Easing,
    FitMode,
    MoveKind,
    ShotSize,
    SubjectDraft,
    CostumeCondition,
    RenderPass,
    LevelDraft
);

fn plain(value: &impl ToString) -> Word {
    Word {
        text: value.to_string(),
        plain: true,
    }
}

/// Returns text that may be a number, or a size such as `1920x1080`, which needs no quotes either.
fn loose(text: &str) -> Word {
    let number =
        text.starts_with(|c: char| c.is_ascii_digit() || c == '-') && text.parse::<f64>().is_ok();
    let size = text
        .split_once('x')
        .is_some_and(|(width, height)| is_count(width) && is_count(height));
    Word {
        text: escaped(text),
        plain: number || size,
    }
}

fn is_count(text: &str) -> bool {
    text.starts_with(|c| ('1'..='9').contains(&c)) && text.chars().all(|c| c.is_ascii_digit())
}

/// Returns the word that the document has for a variant.
fn name(variant: &impl Serialize) -> String {
    match serde_json::to_value(variant) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::draft::{MoveDraft, ShotDraft};

    #[test]
    fn a_shot_is_told_in_the_words_of_the_document() {
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
            Said::Word(
                Word {
                    text: text.to_owned(),
                    plain,
                },
                place,
            )
        };
        let Some(Said::Map(fields)) = shot.tell() else {
            panic!("a map")
        };
        let fields: Vec<(&str, &Said)> = fields
            .iter()
            .map(|(key, said)| (key.as_str(), said))
            .collect();
        let travel = Said::Map(vec![("kind".to_owned(), word("push_in", false))]);
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

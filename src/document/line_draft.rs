//! A spoken line that is written as a map, such as `{who: mara, text: It went out.}`.
//!
//! Decoded by hand: a key that is none of its fields is a speaker, and its value the words, so
//! no derived struct can be it. As a map of plain texts, a number in quotes would be a number here
//! and a mistake everywhere else.

use super::field_types::{OrderedMap, RawScalar};
use super::value_tree::{ToValueTree, ValueTree};
use crate::base::{FileSpan, Spanned};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use std::fmt;

/// A line as a map.
#[derive(Debug, Clone, Default)]
pub struct LineDraft {
    /// Its texts by key: `who`, `text`, `at`, `pause`, and under any other key a speaker with what
    /// is said.
    pub texts: OrderedMap<RawScalar>,
    /// Whether the speaker is not there: close and dry.
    pub voice_over: Option<Spanned<bool>>,
    /// Whether the speaker is there and out of view.
    pub off_screen: Option<Spanned<bool>>,
    /// Whether it begins with the line before it.
    pub together: Option<Spanned<bool>>,
    /// Decibels on top of the voice's level.
    pub gain: Option<Spanned<f32>>,
    /// The place of its first key.
    pub origin: FileSpan,
}

struct LineVisitor;

impl<'de> Visitor<'de> for LineVisitor {
    type Value = LineDraft;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a line with `who` and `text`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<LineDraft, A::Error> {
        let mut line = LineDraft::default();
        let mut is_first = true;
        while let Some(key) = map.next_key::<Spanned<String>>()? {
            if std::mem::take(&mut is_first) {
                line.origin = key.origin;
            }
            match key.value.as_str() {
                "voice_over" => line.voice_over = map.next_value()?,
                "off_screen" => line.off_screen = map.next_value()?,
                "together" => line.together = map.next_value()?,
                "gain" => line.gain = map.next_value()?,
                _ => line.texts.0.push((key, map.next_value()?)),
            }
        }
        Ok(line)
    }
}

impl<'de> Deserialize<'de> for LineDraft {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(LineVisitor)
    }
}

impl ToValueTree for LineDraft {
    fn to_value_tree(&self) -> Option<ValueTree> {
        let mut fields: Vec<(String, ValueTree)> = Vec::new();
        let texts = self.texts.iter();
        fields.extend(
            texts.filter_map(|(key, text)| Some((key.value.clone(), text.to_value_tree()?))),
        );
        let others = [
            ("voice_over", self.voice_over.to_value_tree()),
            ("off_screen", self.off_screen.to_value_tree()),
            ("together", self.together.to_value_tree()),
            ("gain", self.gain.to_value_tree()),
        ];
        let others = others.into_iter();
        fields.extend(others.filter_map(|(key, value)| Some((key.to_owned(), value?))));
        Some(ValueTree::Map(fields))
    }
}

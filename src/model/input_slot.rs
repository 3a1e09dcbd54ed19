//! Slots: the names of a job's inputs. Only this module knows their form.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Prefix of the slot of a segment.
const SEGMENT: &str = "segment.";
/// Prefix of the slot of a provider's file.
const PROVIDER_FILE: &str = "file.";

/// Name of one input of a job, such as `set`, `cast.0` or `frames`. Part of the job's identity.
/// Sorted as text.
///
/// It is text and not an enum because records of tasks and provenance store it, and they outlive
/// the version that wrote them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InputSlot(String);

impl InputSlot {
    /// Returns the slot of this name. Prefer the constructors below, which know the forms.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The file that an import reads.
    #[must_use]
    pub fn file() -> Self {
        Self::new("file")
    }

    /// A file that the imported one refers to.
    #[must_use]
    pub fn beside(index: usize) -> Self {
        Self(format!("beside.{index}"))
    }

    /// The SoundFont that music is played with.
    #[must_use]
    pub fn sound_font() -> Self {
        Self::new("sound_font")
    }

    /// A font that text is drawn with, by number.
    #[must_use]
    pub fn font(index: usize) -> Self {
        Self(format!("font.{index}"))
    }

    /// The location's set.
    #[must_use]
    pub fn set() -> Self {
        Self::new("set")
    }

    /// The picture of the environment.
    #[must_use]
    pub fn hdri() -> Self {
        Self::new("hdri")
    }

    /// The model of a character, by index in the cast.
    #[must_use]
    pub fn cast(index: usize) -> Self {
        Self(format!("cast.{index}"))
    }

    /// The model of a prop, by index.
    #[must_use]
    pub fn prop(index: usize) -> Self {
        Self(format!("prop.{index}"))
    }

    /// A file that the provider names.
    #[must_use]
    pub fn provider_file(name: &str) -> Self {
        Self(format!("{PROVIDER_FILE}{name}"))
    }

    /// The frames of the shot that a transition leaves.
    #[must_use]
    pub fn from_shot() -> Self {
        Self::new("from")
    }

    /// The frames of the shot that a transition leads to.
    #[must_use]
    pub fn into_shot() -> Self {
        Self::new("into")
    }

    /// The frames that are graded or encoded.
    #[must_use]
    pub fn frames() -> Self {
        Self::new("frames")
    }

    /// A segment to join, by index in the output.
    #[must_use]
    pub fn segment(index: usize) -> Self {
        // Padded, because slots are sorted as text and segments are joined in that order.
        Self(format!("{SEGMENT}{index:06}"))
    }

    /// The words of a line of a film, by number.
    #[must_use]
    pub fn words(index: usize) -> Self {
        Self(format!("words.{index:06}"))
    }

    /// The captions of one language of a film, by number.
    #[must_use]
    pub fn captions(index: usize) -> Self {
        Self(format!("captions.{index:02}"))
    }

    /// The frames of one clip from one direction, by index in the sheet.
    #[must_use]
    pub fn sprites(index: usize) -> Self {
        // Padded, because slots are sorted as text.
        Self(format!("sprites.{index:06}"))
    }

    /// The mix that a film is joined with, and verified against.
    #[must_use]
    pub fn mix() -> Self {
        Self::new("mix")
    }

    /// The deliverable that is verified.
    #[must_use]
    pub fn deliverable() -> Self {
        Self::new("deliverable")
    }

    /// Returns its name.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Returns whether it is a segment to join.
    #[must_use]
    pub fn is_segment(&self) -> bool {
        self.0.starts_with(SEGMENT)
    }

    /// Returns whether it is a file that the provider names. Such a file keeps its own name.
    #[must_use]
    pub fn is_provider_file(&self) -> bool {
        self.0.starts_with(PROVIDER_FILE)
    }
}

impl fmt::Display for InputSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `pad` honours the width of a column in tables; `write_str` would not.
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_have_the_names_that_stores_have_them_under() {
        let slots = [
            InputSlot::file(),
            InputSlot::beside(2),
            InputSlot::set(),
            InputSlot::hdri(),
            InputSlot::cast(0),
            InputSlot::prop(1),
            InputSlot::provider_file("lut"),
            InputSlot::frames(),
            InputSlot::from_shot(),
            InputSlot::into_shot(),
            InputSlot::segment(12),
            InputSlot::mix(),
            InputSlot::deliverable(),
        ];
        let names = [
            "file",
            "beside.2",
            "set",
            "hdri",
            "cast.0",
            "prop.1",
            "file.lut",
            "frames",
            "from",
            "into",
            "segment.000012",
            "mix",
            "deliverable",
        ];
        assert_eq!(slots.map(|slot| slot.to_string()), names.map(str::to_owned));
    }

    #[test]
    fn segment_and_provider_file_slots_are_recognized() {
        assert!(InputSlot::segment(0).is_segment() && !InputSlot::frames().is_segment());
        assert!(InputSlot::provider_file("lut").is_provider_file());
        assert!(!InputSlot::file().is_provider_file());
    }

    #[test]
    fn segments_are_sorted_as_they_are_joined() {
        assert!((0..2000).map(InputSlot::segment).is_sorted());
    }
}

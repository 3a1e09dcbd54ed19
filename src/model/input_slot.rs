//! Slots: what a job calls its inputs. The only place that knows how the names of slots are written.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What stands before the number of a segment.
const SEGMENT: &str = "segment.";
/// What stands before the name of a renderer's file.
const PROVIDER_FILE: &str = "file.";

/// Name of one input of a job, such as `set`, `cast.0` or `frames`. Part of the job's identity; sorted as text.
///
/// It is text and no enum because it is stored: in records of tasks and in provenance, which outlive the version that wrote
/// them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InputSlot(String);

impl InputSlot {
    /// Returns the slot of this name. Producers use the constructors of the forms that they know.
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

    /// The location's set.
    #[must_use]
    pub fn set() -> Self {
        Self::new("set")
    }

    /// The picture of the light from all around.
    #[must_use]
    pub fn hdri() -> Self {
        Self::new("hdri")
    }

    /// The model of a performer, by place in the cast.
    #[must_use]
    pub fn cast(index: usize) -> Self {
        Self(format!("cast.{index}"))
    }

    /// The model of a prop, by place among the props.
    #[must_use]
    pub fn prop(index: usize) -> Self {
        Self(format!("prop.{index}"))
    }

    /// A file of the project that the provider names.
    #[must_use]
    pub fn provider_file(name: &str) -> Self {
        Self(format!("{PROVIDER_FILE}{name}"))
    }

    /// The frames that are graded or encoded.
    #[must_use]
    pub fn frames() -> Self {
        Self::new("frames")
    }

    /// One of the segments that are joined, by place in the output. Padded, because slots are sorted as text.
    #[must_use]
    pub fn segment(index: usize) -> Self {
        Self(format!("{SEGMENT}{index:06}"))
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

    /// Returns whether it is one of the segments that are joined.
    #[must_use]
    pub fn is_segment(&self) -> bool {
        self.0.starts_with(SEGMENT)
    }

    /// Returns whether it is a file that the provider names, which comes under its own name.
    #[must_use]
    pub fn is_provider_file(&self) -> bool {
        self.0.starts_with(PROVIDER_FILE)
    }
}

impl fmt::Display for InputSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
            InputSlot::segment(12),
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
            "segment.000012",
            "deliverable",
        ];
        assert_eq!(slots.map(|slot| slot.to_string()), names.map(str::to_owned));
    }

    #[test]
    fn segments_and_provider_files_are_told_from_the_rest() {
        assert!(InputSlot::segment(0).is_segment() && !InputSlot::frames().is_segment());
        assert!(InputSlot::provider_file("lut").is_provider_file());
        assert!(!InputSlot::file().is_provider_file());
    }

    #[test]
    fn segments_are_sorted_as_they_are_joined() {
        assert!((0..2000).map(InputSlot::segment).is_sorted());
    }
}

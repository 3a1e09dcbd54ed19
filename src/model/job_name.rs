//! Names of jobs: kind and subjects, such as `render.shot/sh010/1-24`.
//!
//! Only this module knows the form of a name. A shot, a character or a file may have slashes in its
//! own name, so the parts after the kind cannot be split again. The methods answer only what is
//! unambiguous.

use super::action_kind::{ActionKind, UnknownActionKind};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt::{self, Display, Write};
use std::str::FromStr;

/// The readable name of a job. Not part of its identity.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
// Journals, logs and provenance refer to jobs by name, so it is the same in the next run of the
// same document.
pub struct JobName {
    /// The whole name. The kind is the part before the first slash.
    text: Box<str>,
    // Parsed once, because callers read it for every job again and again.
    kind: ActionKind,
}

/// Why a text is not the name of a job.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JobNameError {
    /// The text has no slash.
    #[error("`{0}` is not the name of a job: it has no `/` after the kind of work")]
    NoSubject(String),
    /// The text before the slash is not a kind of work.
    #[error(transparent)]
    UnknownKind(#[from] UnknownActionKind),
}

impl JobName {
    /// Returns the name of a job of this kind for `subjects`, the widest first: output before shot,
    /// shot before frames.
    #[must_use]
    pub fn new(kind: ActionKind, subjects: &[&dyn Display]) -> Self {
        let mut text = kind.id().to_owned();
        for subject in subjects {
            // Writing to a `String` does not fail.
            let _ = write!(text, "/{subject}");
        }
        Self {
            text: text.into(),
            kind,
        }
    }

    /// Returns the name of another job whose subjects read the same: `f/dissolve/one` may be an
    /// output, and a transition of the output `f`.
    #[must_use]
    pub fn numbered(&self, number: usize) -> Self {
        Self {
            text: format!("{}#{number}", self.text).into(),
            kind: self.kind,
        }
    }

    /// Returns the whole name.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the kind of its action.
    #[must_use]
    pub const fn kind(&self) -> ActionKind {
        self.kind
    }

    /// Returns the kind of a job by its name in a journal. `None`: a kind of a later version.
    #[must_use]
    pub fn parse_kind(name: &str) -> Option<ActionKind> {
        let (kind, _) = name.split_once('/')?;
        kind.parse().ok()
    }

    /// Returns what a job by its name in a journal worked on, without the part that tells chunks
    /// of a shot apart: jobs with the same answer take about as long for each unit.
    #[must_use]
    pub fn content(kind: ActionKind, name: &str) -> &str {
        let subject = name.split_once('/').map_or("", |(_, subject)| subject);
        match kind {
            ActionKind::Render | ActionKind::Footage | ActionKind::Grade => {
                subject.rsplit_once('/').map_or(subject, |(shot, _)| shot)
            }
            _ => subject,
        }
    }

    /// Returns the name without the kind.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.text.split_once('/').map_or("", |(_, subject)| subject)
    }

    /// Returns whether `name` differs only in the last part: another chunk of the shot, another
    /// shot of the output.
    #[must_use]
    pub fn is_sibling(&self, name: &str) -> bool {
        name.rsplit_once('/').map(|(group, _)| group)
            == self.text.rsplit_once('/').map(|(group, _)| group)
    }

    /// Returns whether `prefix` is this name, or its beginning up to a slash.
    #[must_use]
    pub fn has_prefix(&self, prefix: &str) -> bool {
        // Up to a slash: `sh01` must not select the jobs of `sh010`.
        !prefix.is_empty()
            && self
                .text
                .strip_prefix(prefix)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Returns every beginning of the name up to a slash, the shortest first.
    pub fn prefixes(&self) -> impl Iterator<Item = &str> {
        self.text
            .match_indices('/')
            .map(|(index, _)| &self.text[..index])
    }
}

impl Display for JobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `pad` honours the width of a column in tables.
        f.pad(&self.text)
    }
}

impl FromStr for JobName {
    type Err = JobNameError;

    fn from_str(text: &str) -> Result<Self, JobNameError> {
        let (kind, _) = text
            .split_once('/')
            .ok_or_else(|| JobNameError::NoSubject(text.to_owned()))?;
        Ok(Self {
            kind: kind.parse()?,
            text: text.into(),
        })
    }
}

impl PartialEq<str> for JobName {
    fn eq(&self, other: &str) -> bool {
        &*self.text == other
    }
}

impl PartialEq<&str> for JobName {
    fn eq(&self, other: &&str) -> bool {
        &*self.text == *other
    }
}

impl Serialize for JobName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for JobName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chunk() -> JobName {
        JobName::new(ActionKind::Render, &[&"sh010", &"1-24"])
    }

    #[test]
    fn a_name_has_a_kind_and_a_subject() {
        assert_eq!(chunk(), "render.shot/sh010/1-24");
        assert_eq!(chunk().kind(), ActionKind::Render);
        assert_eq!(chunk().subject(), "sh010/1-24");
        assert_eq!(format!("{:>24}|", chunk()), "  render.shot/sh010/1-24|");
        assert_eq!(
            chunk().prefixes().collect::<Vec<_>>(),
            ["render.shot", "render.shot/sh010"]
        );
    }

    #[test]
    fn a_text_without_a_known_kind_is_no_name() {
        for text in ["", "render.shot", "shot.speech/sh010", "/sh010"] {
            assert!(text.parse::<JobName>().is_err(), "{text}");
        }
        assert_eq!(JobName::parse_kind("shot.speech/sh010"), None);
    }

    #[test]
    fn chunks_of_one_shot_are_siblings() {
        assert!(chunk().is_sibling("render.shot/sh010/25-48"));
        assert!(!chunk().is_sibling("render.shot/sh020/1-24"));
        assert!(!chunk().is_sibling("grade.frames/sh010/1-24"));
    }

    #[test]
    fn a_prefix_ends_at_a_slash() {
        assert!(chunk().has_prefix("render.shot/sh010") && chunk().has_prefix("render.shot"));
        assert!(!chunk().has_prefix("render.shot/sh01") && !chunk().has_prefix(""));
    }

    proptest! {
        #[test]
        fn every_name_is_read_as_it_was_written(
            kind in prop::sample::select(ActionKind::ALL),
            subjects in prop::collection::vec(".*", 1..4),
        ) {
            let subjects: Vec<&dyn Display> = subjects.iter().map(|part| part as &dyn Display).collect();
            let name = JobName::new(kind, &subjects);
            prop_assert_eq!(name.kind(), kind);
            prop_assert_eq!(name.to_string().parse(), Ok(name.clone()));
            prop_assert_eq!(JobName::parse_kind(name.as_str()), Some(kind));
            let json = serde_json::to_string(&name).unwrap();
            prop_assert_eq!(&json, &serde_json::to_string(name.as_str()).unwrap());
            prop_assert_eq!(serde_json::from_str::<JobName>(&json).unwrap(), name);
        }
    }
}

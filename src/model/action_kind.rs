//! The table of actions: one entry for each kind of work, with everything that is said of the kind as a whole.
//!
//! What depends on the parameters of one job is not here: [`JobAction`](super::JobAction) has its size in units, `expand`
//! what a renderer holds, `plan` how long a picture takes, and the kind's folder of `producers` how it is done.

use super::cost_model;
use super::phase::Phase;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// What is said of a kind of work as a whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ActionSpec {
    /// Its name in jobs' names, journals, machine profiles and metrics. Never changes: stores are read by it.
    pub id: &'static str,
    /// Raised when the same work would come out different. Part of every job's identity: raising it makes all jobs of the
    /// kind run again.
    pub version: u32,
    /// The phase that its jobs belong to.
    pub phase: Phase,
    /// What one unit of it is called; takes an `s` for several.
    pub unit_noun: &'static str,
    /// How many of its units people count.
    pub counted_units: CountedUnits,
    /// Thousandths of a GPU slot that it holds by default.
    pub gpu: u32,
    /// Mebibytes of memory that it holds by default; gives way to what was measured.
    pub memory: u32,
    /// How long it takes where nothing was measured.
    pub rough_duration: RoughDuration,
}

/// How many units of a job people count, for progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountedUnits {
    /// Every unit of its work.
    All,
    /// The job as one, however many frames it goes through.
    One,
    /// None: its frames were counted by the job before it.
    Nothing,
}

/// A guess at how long a job takes, from two cores and a software adapter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RoughDuration {
    /// Seconds before the first unit, and for each.
    PerUnit {
        /// Before the first unit.
        start: f64,
        /// For each unit.
        unit: f64,
    },
    /// As the renderer, the size and the samples say; see [`cost_model::render_seconds`].
    Drawn,
    /// As the size of the deliverable's frames says; see [`cost_model::encode_seconds`].
    Encoded,
}

/// Makes the enum, the list of all kinds and the way from a kind to its entry from one table, so that a kind cannot be in one
/// and not in another.
macro_rules! action_table {
    ($($(#[$doc:meta])* $kind:ident => $spec:expr;)+) => {
        /// A kind of work.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ActionKind {
            $($(#[$doc])* $kind,)+
        }

        impl ActionKind {
            /// All kinds, in the order of their phases.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// Returns its entry in the table.
            #[must_use]
            pub const fn spec(self) -> &'static ActionSpec {
                match self {
                    $(Self::$kind => const { &$spec },)+
                }
            }
        }
    };
}

action_table! {
    /// Bring an asset in.
    Import => ActionSpec {
        id: "asset.import",
        version: 1,
        phase: Phase::Prepare,
        unit_noun: "asset",
        counted_units: CountedUnits::All,
        gpu: 0,
        memory: 256,
        rough_duration: RoughDuration::PerUnit { start: 0.1, unit: 0.0 },
    };
    /// Draw the reference sheet of a character.
    Sheet => ActionSpec {
        id: "render.sheet",
        version: 2,
        phase: Phase::Characters,
        unit_noun: "view",
        counted_units: CountedUnits::All,
        gpu: 1000,
        memory: 1024,
        rough_duration: RoughDuration::Drawn,
    };
    /// Draw the plate of a location.
    Plate => ActionSpec {
        id: "render.plate",
        version: 2,
        phase: Phase::Locations,
        unit_noun: "plate",
        counted_units: CountedUnits::All,
        gpu: 1000,
        memory: 1024,
        rough_duration: RoughDuration::Drawn,
    };
    /// Render a chunk of a shot.
    Render => ActionSpec {
        id: "render.shot",
        version: 2,
        phase: Phase::Shots,
        unit_noun: "frame",
        counted_units: CountedUnits::All,
        gpu: 1000,
        memory: 1024,
        rough_duration: RoughDuration::Drawn,
    };
    /// Grade a chunk of a shot.
    Grade => ActionSpec {
        id: "grade.frames",
        version: 1,
        phase: Phase::PostProcess,
        unit_noun: "frame",
        counted_units: CountedUnits::All,
        gpu: 0,
        memory: 512,
        rough_duration: RoughDuration::PerUnit {
            start: 0.0,
            unit: cost_model::grade_seconds(),
        },
    };
    /// Encode a shot for an output.
    Encode => ActionSpec {
        id: "export.encode",
        version: 2,
        phase: Phase::Export,
        unit_noun: "frame",
        counted_units: CountedUnits::All,
        gpu: 0,
        memory: 768,
        rough_duration: RoughDuration::Encoded,
    };
    /// Join the shots of an output.
    Stitch => ActionSpec {
        id: "export.stitch",
        version: 1,
        phase: Phase::Export,
        unit_noun: "frame",
        // It moves frames that encoding counted already.
        counted_units: CountedUnits::Nothing,
        gpu: 0,
        memory: 768,
        rough_duration: RoughDuration::PerUnit { start: 0.2, unit: 0.001 },
    };
    /// Measure a deliverable.
    Verify => ActionSpec {
        id: "finalize.verify",
        version: 1,
        phase: Phase::Finalize,
        unit_noun: "deliverable",
        counted_units: CountedUnits::One,
        gpu: 0,
        memory: 768,
        rough_duration: RoughDuration::PerUnit { start: 0.2, unit: 0.01 },
    };
}

impl ActionKind {
    /// The names of all kinds, in the order of [`Self::ALL`].
    pub const IDS: &'static [&'static str] = &{
        let mut ids = [""; Self::ALL.len()];
        let mut index = 0;
        while index < ids.len() {
            ids[index] = Self::ALL[index].id();
            index += 1;
        }
        ids
    };

    /// Returns its name in jobs' names, journals, machine profiles and metrics.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.spec().id
    }

    /// Returns the key under which durations and memory of this kind's variant are kept, such as `render.shot/cycles`.
    #[must_use]
    pub fn sample_key(self, variant: Option<&str>) -> Cow<'static, str> {
        variant.map_or(Cow::Borrowed(self.id()), |variant| {
            Cow::Owned(format!("{self}/{variant}"))
        })
    }

    /// Returns the kind and the variant, empty where there is none, of a key made by [`Self::sample_key`]. `None` for a kind
    /// of a later version, whose samples say nothing of work that this one does.
    #[must_use]
    pub fn parse_sample_key(key: &str) -> Option<(Self, &str)> {
        let (id, variant) = key.split_once('/').unwrap_or((key, ""));
        Some((id.parse().ok()?, variant))
    }
}

impl fmt::Display for ActionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// A name that no kind of work has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no kind of work")]
pub struct UnknownActionKind(String);

impl FromStr for ActionKind {
    type Err = UnknownActionKind;

    fn from_str(text: &str) -> Result<Self, UnknownActionKind> {
        let kind = Self::ALL.iter().find(|kind| kind.id() == text);
        kind.copied()
            .ok_or_else(|| UnknownActionKind(text.to_owned()))
    }
}

/// By name and not by phase: the tasks of a farm and the lists of reports are sorted so, and both are compared between
/// versions.
impl Ord for ActionKind {
    fn cmp(&self, other: &Self) -> Ordering {
        self.id().cmp(other.id())
    }
}

impl PartialOrd for ActionKind {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for ActionKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl<'de> Deserialize<'de> for ActionKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_is_found_by_its_name_and_no_two_share_one() {
        for kind in ActionKind::ALL {
            assert_eq!(kind.id().parse(), Ok(*kind));
            assert!(
                !kind.id().contains('/'),
                "a slash ends the kind in a job's name"
            );
        }
        let ids: BTreeSet<&str> = ActionKind::IDS.iter().copied().collect();
        assert_eq!(ids.len(), ActionKind::ALL.len());
        assert!("render.shots".parse::<ActionKind>().is_err());
    }

    #[test]
    fn kinds_are_listed_in_the_order_of_their_phases() {
        let phases = ActionKind::ALL.iter().map(|kind| kind.spec().phase);
        assert!(phases.is_sorted());
    }

    #[test]
    fn a_sample_key_is_read_as_it_was_made() {
        for kind in ActionKind::ALL {
            let alone = kind.sample_key(None);
            assert_eq!(ActionKind::parse_sample_key(&alone), Some((*kind, "")));
            let key = kind.sample_key(Some("cycles"));
            assert_eq!(ActionKind::parse_sample_key(&key), Some((*kind, "cycles")));
        }
        assert_eq!(ActionKind::parse_sample_key("shot.speech/voice"), None);
    }
}

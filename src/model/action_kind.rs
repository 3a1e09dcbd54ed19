//! The table of actions: one entry for each kind, with everything that is the same for all jobs of
//! the kind.
//!
//! What depends on the parameters of a job is elsewhere. [`JobAction`](super::JobAction) has its
//! size in units, `expand` its claim, `plan` its duration, and the kind's folder in `producers` the
//! work.

use super::phase::Phase;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// The facts of a kind of action.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ActionSpec {
    /// Its id in names of jobs, journals, machine profiles and metrics. Never changes, because
    /// stores have it.
    pub id: &'static str,
    /// Version of the producer, a part of the identity of every job of the kind. Raised when the
    /// same action would make something different, so that all such jobs run again.
    pub version: u32,
    /// The phase of its jobs.
    pub phase: Phase,
    /// Noun for one unit. The plural has an `s`.
    pub unit_noun: &'static str,
    /// How many of its units progress counts.
    pub counted_units: CountedUnits,
    /// Default claim in thousandths of a GPU slot.
    pub gpu: u32,
    /// Default claim of memory in MiB. Measured peaks replace it.
    pub memory: u32,
    /// Its duration before any job of the kind was measured.
    pub rough_duration: RoughDuration,
}

/// How many units of a job progress counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountedUnits {
    /// Every unit.
    All,
    /// One, for any number of frames.
    One,
    /// None: another job has counted these frames.
    Nothing,
}

/// A rough duration, measured on two cores with a software adapter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RoughDuration {
    /// In seconds.
    PerUnit {
        /// Before the first unit.
        start: f64,
        /// For each unit.
        unit: f64,
        /// For each pixel of each unit.
        pixel: f64,
    },
    /// By engine, size and samples; see [`cost_model`](super::cost_model).
    Drawn,
}

/// Defines the enum, the list of all kinds and the lookup of specs.
// One table for all three, so that a kind cannot be in one and missing in another. These facts were
// in eight places before, and the compiler missed a kind that was left out in three of them.
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
                    // `const` gives the entry a static address without a `static` of its own.
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
        version: 2,
        phase: Phase::Prepare,
        unit_noun: "asset",
        counted_units: CountedUnits::All,
        gpu: 0,
        memory: 256,
        rough_duration: RoughDuration::PerUnit { start: 0.05, unit: 0.0, pixel: 0.0 },
    };
    /// Speak one line.
    Speech => ActionSpec {
        id: "audio.speech",
        version: 1,
        phase: Phase::Prepare,
        unit_noun: "line",
        counted_units: CountedUnits::All,
        gpu: 0,
        memory: 256,
        rough_duration: RoughDuration::PerUnit { start: 0.2, unit: 0.3, pixel: 0.0 },
    };
    /// Compose and play one cue.
    Music => ActionSpec {
        id: "audio.music",
        version: 1,
        phase: Phase::Prepare,
        unit_noun: "cue",
        counted_units: CountedUnits::One,
        gpu: 0,
        memory: 256,
        rough_duration: RoughDuration::PerUnit { start: 0.5, unit: 0.03, pixel: 0.0 },
    };
    /// Fit a music file to a cue.
    MusicFile => ActionSpec {
        id: "audio.music_file",
        version: 1,
        phase: Phase::Prepare,
        unit_noun: "cue",
        counted_units: CountedUnits::One,
        gpu: 0,
        memory: 256,
        rough_duration: RoughDuration::PerUnit { start: 0.1, unit: 0.005, pixel: 0.0 },
    };
    /// Draw the reference sheet of a character.
    Sheet => ActionSpec {
        id: "render.sheet",
        version: 3,
        phase: Phase::Characters,
        unit_noun: "view",
        counted_units: CountedUnits::All,
        // A whole GPU slot, since a renderer fills the adapter. A machine profile may lower it.
        gpu: 1000,
        memory: 1024,
        rough_duration: RoughDuration::Drawn,
    };
    /// Draw the plate of a location.
    Plate => ActionSpec {
        id: "render.plate",
        version: 3,
        phase: Phase::Locations,
        unit_noun: "plate",
        counted_units: CountedUnits::All,
        gpu: 1000,
        memory: 1024,
        rough_duration: RoughDuration::Drawn,
    };
    /// Make the ambience of a location.
    Ambience => ActionSpec {
        id: "audio.ambience",
        version: 1,
        phase: Phase::Locations,
        unit_noun: "ambience",
        counted_units: CountedUnits::One,
        gpu: 0,
        memory: 256,
        rough_duration: RoughDuration::PerUnit { start: 0.02, unit: 0.01, pixel: 0.0 },
    };
    /// Render a chunk of a shot.
    Render => ActionSpec {
        id: "render.shot",
        version: 3,
        phase: Phase::Shots,
        unit_noun: "frame",
        counted_units: CountedUnits::All,
        gpu: 1000,
        memory: 1024,
        rough_duration: RoughDuration::Drawn,
    };
    /// Bring a chunk of a shot's footage in.
    Footage => ActionSpec {
        id: "shot.footage",
        version: 1,
        phase: Phase::Shots,
        unit_noun: "frame",
        counted_units: CountedUnits::All,
        gpu: 0,
        memory: 512,
        rough_duration: RoughDuration::PerUnit { start: 0.2, unit: 0.02, pixel: 8e-8 },
    };
    /// Make the effects of one shot.
    Effects => ActionSpec {
        id: "audio.effects",
        version: 1,
        phase: Phase::Shots,
        unit_noun: "shot",
        counted_units: CountedUnits::Nothing,
        gpu: 0,
        memory: 512,
        rough_duration: RoughDuration::PerUnit { start: 0.05, unit: 0.02, pixel: 0.0 },
    };
    /// Draw one clip of a sprite sheet from one direction.
    Sprites => ActionSpec {
        id: "render.sprites",
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
        rough_duration: RoughDuration::PerUnit { start: 0.01, unit: 0.003, pixel: 9e-8 },
    };
    /// Mix all sounds of a film.
    Mix => ActionSpec {
        id: "audio.mix",
        // 2: peaks of stems beyond full scale are limited, and not cut off.
        // 3: a room or a wall makes no line louder.
        version: 3,
        phase: Phase::PostProcess,
        unit_noun: "film",
        counted_units: CountedUnits::Nothing,
        gpu: 0,
        // It mixes in blocks: a film of two hours takes no more than one of a minute.
        memory: 128,
        rough_duration: RoughDuration::PerUnit { start: 0.05, unit: 0.02, pixel: 0.0 },
    };
    /// Blend the frames of a transition.
    Transition => ActionSpec {
        id: "edit.transition",
        version: 1,
        phase: Phase::PostProcess,
        unit_noun: "frame",
        // Grading has counted the frames that it blends, and encoding counts what comes out.
        counted_units: CountedUnits::Nothing,
        gpu: 0,
        memory: 512,
        rough_duration: RoughDuration::PerUnit { start: 0.02, unit: 0.004, pixel: 1.2e-7 },
    };
    /// Write a deliverable that is text.
    TextExport => ActionSpec {
        id: "export.text",
        version: 3,
        phase: Phase::Export,
        unit_noun: "file",
        counted_units: CountedUnits::Nothing,
        gpu: 0,
        memory: 64,
        rough_duration: RoughDuration::PerUnit { start: 0.01, unit: 0.01, pixel: 0.0 },
    };
    /// Pack a sprite sheet.
    SpriteSheet => ActionSpec {
        id: "export.sprites",
        version: 1,
        phase: Phase::Export,
        unit_noun: "sheet",
        // Drawing has counted the frames.
        counted_units: CountedUnits::Nothing,
        gpu: 0,
        memory: 768,
        rough_duration: RoughDuration::PerUnit { start: 0.1, unit: 0.2, pixel: 0.0 },
    };
    /// Make a tile map.
    TileMap => ActionSpec {
        id: "export.tile_map",
        version: 1,
        phase: Phase::Export,
        unit_noun: "map",
        // Drawing has counted the tiles.
        counted_units: CountedUnits::Nothing,
        gpu: 0,
        memory: 768,
        rough_duration: RoughDuration::PerUnit { start: 0.1, unit: 0.1, pixel: 0.0 },
    };
    /// Encode a shot for an output.
    Encode => ActionSpec {
        id: "export.encode",
        // 3: frames are fed as planes, and their conversion rounds otherwise. 4: the facts of a
        // segment are beside it. 5: rows of titles and of cards are of nearly one width.
        version: 5,
        phase: Phase::Export,
        unit_noun: "frame",
        counted_units: CountedUnits::All,
        gpu: 0,
        memory: 768,
        rough_duration: RoughDuration::PerUnit { start: 0.25, unit: 0.004, pixel: 7e-8 },
    };
    /// Join the shots of an output.
    Stitch => ActionSpec {
        id: "export.stitch",
        // 3: the packets of segments stay as they are.
        version: 3,
        phase: Phase::Export,
        unit_noun: "frame",
        // Encoding has counted these frames.
        counted_units: CountedUnits::Nothing,
        gpu: 0,
        memory: 768,
        rough_duration: RoughDuration::PerUnit { start: 0.2, unit: 0.001, pixel: 4e-9 },
    };
    /// Measure a deliverable.
    Verify => ActionSpec {
        id: "finalize.verify",
        // 2: a film is compared with its segments.
        version: 2,
        phase: Phase::Finalize,
        unit_noun: "deliverable",
        counted_units: CountedUnits::One,
        gpu: 0,
        memory: 768,
        rough_duration: RoughDuration::PerUnit { start: 0.15, unit: 0.002, pixel: 6e-9 },
    };
}

impl ActionKind {
    /// The ids of all kinds, in the order of [`Self::ALL`].
    pub const IDS: &'static [&'static str] = &{
        let mut ids = [""; Self::ALL.len()];
        let mut index = 0;
        // `for` and iterators are not allowed in constants.
        while index < ids.len() {
            ids[index] = Self::ALL[index].id();
            index += 1;
        }
        ids
    };

    /// Returns its id in names of jobs, journals, machine profiles and metrics.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.spec().id
    }

    /// Returns the key of durations and memory of this kind and variant, such as
    /// `render.shot/cycles`.
    #[must_use]
    pub fn sample_key(self, variant: Option<&str>) -> Cow<'static, str> {
        variant.map_or(Cow::Borrowed(self.id()), |variant| {
            Cow::Owned(format!("{self}/{variant}"))
        })
    }

    /// Splits a key made by [`Self::sample_key`] into kind and variant, which is empty if there is
    /// none. `None`: a kind of a later version.
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

/// An id that no kind of action has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a kind of work")]
pub struct UnknownActionKind(String);

impl FromStr for ActionKind {
    type Err = UnknownActionKind;

    fn from_str(text: &str) -> Result<Self, UnknownActionKind> {
        // Nine kinds: a search is as fast as a map, and needs no second table.
        let kind = Self::ALL.iter().find(|kind| kind.id() == text);
        kind.copied()
            .ok_or_else(|| UnknownActionKind(text.to_owned()))
    }
}

/// Orders by id and not by phase.
impl Ord for ActionKind {
    fn cmp(&self, other: &Self) -> Ordering {
        // Tasks of a farm and lists in reports are sorted this way, and both are compared between
        // versions.
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
        // Written by id: the name of the variant may change, the id may not.
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

//! Coverage: derives shots for a scene that has none.
//!
//! The kind of a scene decides. Only who is in view counts for it: a voice over (`V.O.`) goes over
//! pictures of the scene, one from out of view (`O.S.`) over those who hear it. A conversation of
//! two opens wide, has a master of the first speech, and then the speaker: over the shoulder of
//! the other first, in close-up later, so that each has a close-up. A group has a master, singles,
//! and everyone again after a while. A scene without speech is action, which follows its
//! paragraphs; a montage, with a short shot for each of its pictures; or a passage of one shot.
//! Two consecutive shots never show the same character at the same size.
//!
//! All cameras are on the audience's side of the line between two who talk: the first looks to
//! screen right, the second to screen left, and nobody is seen from behind the line. Over-shoulders
//! keep it because the subject stands a little open to the front, so a camera in the direction of
//! the eyes is in front of the line too.
//!
//! Knows presets by name only.

mod action_coverage;
mod coverage_builder;
mod coverage_kind;
mod dialogue_coverage;
mod scene_contents;
mod scene_coverage;
mod scene_people;
mod script_transitions;
mod speech_lines;

#[cfg(test)]
mod tests;

pub use coverage_builder::LEAD_SECONDS;
pub use coverage_kind::CoverageKind;
pub(super) use scene_contents::named_in_action;
pub use scene_coverage::{CastLookup, CoverageContext, cover_scene};
pub(super) use scene_people::ScenePeople;
pub use script_transitions::ends_with_fade_in;
pub(super) use speech_lines::speech_delivery;

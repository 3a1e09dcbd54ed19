//! What a script contains, as production offices count it: scenes with their length in eighths of a
//! page, day and night, cast with speaking time, and a line about each scene.
//!
//! Counts only. How the counts are printed is not known here.

mod cast_member;
mod day_part;
mod page_layout;
mod scene_breakdown;
mod scene_summary;
mod script_breakdown;

#[cfg(test)]
mod tests;

pub use cast_member::CastMember;
pub use day_part::DayPart;
pub use page_layout::{PAGE_LINES, PageEighths};
pub use scene_breakdown::SceneBreakdown;
pub use script_breakdown::ScriptBreakdown;

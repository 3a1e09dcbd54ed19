//! Text that exists before there are shots: screenplays, and the coverage that derives shots from
//! their scenes.

pub mod fountain;
mod fountain_codes;
pub mod shot_coverage;

pub use fountain::Screenplay;
pub use fountain_codes::PAGES;

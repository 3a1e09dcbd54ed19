//! Text that people write before there are shots: screenplays, and the coverage that turns their scenes into shots.

pub mod fountain;
mod fountain_codes;
pub mod shot_coverage;

pub use fountain::Screenplay;
pub use fountain_codes::PAGES;

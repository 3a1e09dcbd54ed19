//! Text that people write before there are shots: screenplays, and the coverage that turns their scenes into shots.

pub mod coverage;
mod explain;
pub mod fountain;

pub use explain::PAGES;
pub use fountain::Screenplay;

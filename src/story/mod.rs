//! Text that people write before there are shots: screenplays, and the coverage that turns their scenes into shots.

pub mod coverage;
pub mod fountain;

pub use fountain::Screenplay;

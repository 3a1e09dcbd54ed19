//! Text that people write before there are shots: screenplays.

pub mod fountain;

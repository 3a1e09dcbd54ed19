//! What left out the sound of a production that asks for some.

use std::path::PathBuf;

/// What left out the sound of a production that asks for some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SilenceSource {
    /// The option `--no-sound`, or a caller of the library.
    Requested,
    /// A settings file. The text is its place, for people.
    Setting(String),
    /// A plan that the run follows, in this file.
    Plan(PathBuf),
    /// The last run in the store: its revision.
    LastRun(String),
}

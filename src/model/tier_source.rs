//! What chose the quality tier of a production.

use crate::base::FileSpan;
use std::path::PathBuf;

/// What chose the quality tier of a production.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum TierSource {
    /// The option `--quality`, or a caller of the library.
    #[default]
    Requested,
    /// A settings file. The text is its place, for people.
    Setting(String),
    /// A plan that the run follows, in this file.
    Plan(PathBuf),
    /// The last run in the store.
    LastRun {
        /// Its revision.
        revision: String,
        /// The tier of a run to which nobody names one, if settings have it. `None`: that of the
        /// document.
        settings_tier: Option<String>,
    },
    /// The document, at this place.
    Document(FileSpan),
    /// Nothing: the tier of every document that names none.
    Default,
}

impl TierSource {
    /// Returns whether the tier replaces that of the document. The document's own size and samples
    /// do not count then.
    #[must_use]
    pub const fn is_override(&self) -> bool {
        !matches!(self, Self::Document(_) | Self::Default)
    }
}

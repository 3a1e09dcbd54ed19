//! The phases of a run: ordered labels for people. The order of jobs comes from the graph.

use serde::{Deserialize, Serialize};

/// The eight phases, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Validate the document.
    // No action has this phase, because it is over before there are jobs. It exists because
    // `--phase` and `--up-to` accept it, and a run can end here.
    Validate,
    /// Import and hash assets.
    Prepare,
    /// Render reference sheets.
    Characters,
    /// Render plates.
    Locations,
    /// Render every frame.
    Shots,
    /// Grade frames.
    PostProcess,
    /// Encode and stitch.
    Export,
    /// Verify, write manifests and reports, publish.
    Finalize,
}

impl Phase {
    /// All phases in order.
    pub const ALL: [Self; 8] = [
        Self::Validate,
        Self::Prepare,
        Self::Characters,
        Self::Locations,
        Self::Shots,
        Self::PostProcess,
        Self::Export,
        Self::Finalize,
    ];

    /// Returns the name used in documents and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Validate => "validate",
            Self::Prepare => "prepare",
            Self::Characters => "characters",
            Self::Locations => "locations",
            Self::Shots => "shots",
            Self::PostProcess => "post_process",
            Self::Export => "export",
            Self::Finalize => "finalize",
        }
    }
}

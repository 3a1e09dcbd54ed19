//! The digest of a complete run. Runs of equal digest deliver equal files to equal places.

use crate::base::json::to_json_bytes;
use crate::base::{Digest, Fingerprint};
use crate::event::DeliveredOutput;
use crate::validate::CheckedProduction;

/// Returns the digest of a run from the digest of its jobs and its deliverables.
pub(super) fn run_digest(
    checked: &CheckedProduction,
    jobs: Digest,
    deliverables: &[DeliveredOutput],
) -> Digest {
    Fingerprint::new()
        .with_field("jobs", jobs.as_bytes())
        // The title is in the manifest and the report, so a new title is published although no job
        // changed.
        .with_field("title", checked.meta.display_title())
        .with_field("deliverables", to_json_bytes(deliverables))
        .digest()
}

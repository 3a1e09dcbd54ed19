//! The digest of a whole run: equal digests deliver equal files to equal places.

use crate::base::{Digest, Fingerprint};
use crate::event::DeliveredOutput;
use crate::validate::CheckedProduction;

/// Returns the digest of a whole run, from the digest of its jobs and what is delivered where.
pub(super) fn run_digest(
    checked: &CheckedProduction,
    jobs: Digest,
    deliverables: &[DeliveredOutput],
) -> Digest {
    Fingerprint::new()
        .with_field("jobs", jobs.as_bytes())
        .with_field("title", checked.meta.display_title())
        .with_field(
            "deliverables",
            serde_json::to_vec(deliverables).unwrap_or_default(),
        )
        .digest()
}

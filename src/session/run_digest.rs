//! The digest of a whole run: equal digests deliver equal files to equal places.

use crate::base::json::to_json_bytes;
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
        .with_field("deliverables", to_json_bytes(deliverables))
        .digest()
}

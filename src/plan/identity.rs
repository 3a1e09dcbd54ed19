//! The identity of a job: producer and its version, parameters, provider, and the content of
//! inputs. It contains no name and no path, so a renamed shot or a moved model costs nothing.

use crate::base::json::to_json_bytes;
use crate::base::{Digest, Fingerprint};
use crate::model::{InputSlot, InputSource, Job, JobAction, ShotStaging};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::marker::PhantomData;
use std::path::Path;
use std::sync::Arc;

/// Digests of stagings, computed once per shot and shared by its chunks.
#[derive(Debug, Default)]
pub(super) struct StagingDigests<'a> {
    /// By address. Comparing or hashing the content would cost what the cache is to save. The
    /// borrow of the actions keeps every staging at its address.
    by_address: HashMap<*const ShotStaging, Digest>,
    jobs: PhantomData<&'a JobAction>,
}

impl<'a> StagingDigests<'a> {
    /// Returns the identity of `work` done by `provider`.
    pub(super) fn action_identity(
        &mut self,
        work: &'a JobAction,
        provider: &str,
    ) -> ActionIdentity {
        // The version is in the identity, so that a producer whose result changes makes its jobs
        // again. Without it, a mended renderer would go on delivering the old pictures from the
        // store.
        let spec = work.kind().spec();
        let fingerprint = Fingerprint::new()
            .with_field("producer", spec.id)
            .with_field("version", spec.version.to_le_bytes())
            // With its version: another release of a renderer may draw other pictures.
            .with_field("provider", provider);
        let fingerprint = match work {
            // The staging is hashed apart, so the other fields are listed by hand. All fields are
            // named in the pattern, so that a new one does not compile until it is listed here.
            JobAction::Render {
                engine,
                staging,
                frames,
                shot_frames,
                rate,
                size,
                samples,
                noisy,
                passes,
            } => {
                let fingerprint = fingerprint
                    .with_field("scene", self.staging_digest(staging).as_bytes())
                    .with_field(
                        "parameters",
                        to_json_bytes(&(engine, frames, shot_frames, rate, size, samples)),
                    );
                // `noisy` and `passes` are left out at their defaults. Older versions of the
                // program did not have them, and the identities of all frames in existing stores
                // would change otherwise.
                let fingerprint = if *noisy {
                    fingerprint.with_field("noisy", [1])
                } else {
                    fingerprint
                };
                if passes.is_empty() {
                    fingerprint
                } else {
                    fingerprint.with_field("passes", to_json_bytes(passes))
                }
            }
            work => fingerprint.with_field("parameters", to_json_bytes(work)),
        };
        ActionIdentity(fingerprint.digest())
    }

    fn staging_digest(&mut self, staging: &'a Arc<ShotStaging>) -> Digest {
        *self
            .by_address
            .entry(Arc::as_ptr(staging))
            .or_insert_with(|| Digest::hash_bytes(&to_json_bytes(staging.as_ref())))
    }
}

/// A job's identity before its inputs are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ActionIdentity(Digest);

impl ActionIdentity {
    /// Returns the identity of `work` done by `provider`.
    #[must_use]
    pub fn new(work: &JobAction, provider: &str) -> Self {
        StagingDigests::default().action_identity(work, provider)
    }

    /// Returns the full identity. `inputs` has the digest of every input in the order of the job.
    #[must_use]
    pub fn with_inputs<'a>(
        self,
        inputs: impl IntoIterator<Item = (&'a InputSlot, Digest)>,
    ) -> Digest {
        // The two parts are apart, because the first is known when planning and the second often
        // only during the run. A farm also compares the first part alone.
        let start = Fingerprint::new().with_field("work", self.0.as_bytes());
        inputs
            .into_iter()
            .fold(start, |fingerprint, (slot, digest)| {
                // The slot is included: the same model as a prop and as a character makes different
                // pictures.
                fingerprint.with_field(slot.as_str(), digest.as_bytes())
            })
            .digest()
    }
}

/// Returns the digest of each input. `None` if one is not known.
pub fn input_digests(
    job: &Job,
    output_digest: impl Fn(crate::model::JobId) -> Option<Digest>,
    file: impl Fn(&Path) -> Option<Digest>,
) -> Option<Vec<(&InputSlot, Digest)>> {
    let source_digest = |source: &InputSource| match source {
        InputSource::Job(id) => output_digest(*id),
        InputSource::File(path) => file(path),
    };
    job.inputs
        .iter()
        .map(|input| Some((&input.slot, source_digest(&input.from)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::AssetKind;

    #[test]
    fn the_provider_is_part_of_the_identity() {
        let work = JobAction::Import {
            kind: AssetKind::Model,
            mend: Default::default(),
        };
        assert_ne!(
            ActionIdentity::new(&work, "a"),
            ActionIdentity::new(&work, "b")
        );
    }

    #[test]
    fn the_slot_an_input_fills_is_part_of_the_identity() {
        let identity = ActionIdentity::new(
            &JobAction::Import {
                kind: AssetKind::Model,
                mend: Default::default(),
            },
            "a",
        );
        let set = InputSlot::set();
        let cast = InputSlot::cast(0);
        let digest = Digest::hash_bytes(b"x");
        assert_ne!(
            identity.with_inputs([(&set, digest)]),
            identity.with_inputs([(&cast, digest)])
        );
    }
}

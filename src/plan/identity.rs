//! What makes two jobs the same job: producer and its version, parameters, provider, and the content of inputs.
//! Nothing else, and never a name or a path in place of content.

use crate::base::json::to_json_bytes;
use crate::base::{Digest, Fingerprint};
use crate::model::{Artefact, InputSlot, InputSource, Job, JobAction, ShotStaging};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::marker::PhantomData;
use std::path::Path;
use std::sync::Arc;

/// Digests of stagings, each taken once: all chunks of a shot share theirs, and it is most of what they are made of.
#[derive(Debug, Default)]
pub(super) struct StagingDigests<'a> {
    /// By address; the borrow keeps each staging where it is.
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
        let spec = work.kind().spec();
        let fingerprint = Fingerprint::new()
            .with_field("producer", spec.id)
            .with_field("version", spec.version.to_le_bytes())
            .with_field("provider", provider);
        let fingerprint = match work {
            // All fields are named, so that one that is added cannot be forgotten here.
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

    /// Returns the full identity, given the content of every input in order.
    #[must_use]
    pub fn with_inputs<'a>(
        self,
        inputs: impl IntoIterator<Item = (&'a InputSlot, Digest)>,
    ) -> Digest {
        let start = Fingerprint::new().with_field("work", self.0.as_bytes());
        inputs
            .into_iter()
            .fold(start, |fingerprint, (slot, digest)| {
                fingerprint.with_field(slot.as_str(), digest.as_bytes())
            })
            .digest()
    }
}

/// Returns the digest of what a job hands on, taken together: of its outputs without passes, which no job reads.
#[must_use]
pub fn outputs_digest(outputs: &[Artefact]) -> Digest {
    let add_artefact = |fingerprint: Fingerprint, artefact: &Artefact| {
        fingerprint.with_field(&artefact.name, artefact.digest.as_bytes())
    };
    outputs
        .iter()
        .filter(|artefact| artefact.is_handed_on())
        .fold(Fingerprint::new(), add_artefact)
        .digest()
}

/// Returns the content of each of the job's inputs, if all are known.
pub fn input_digests(
    job: &Job,
    output_digest: impl Fn(crate::model::JobId) -> Option<Digest>,
    file: impl Fn(&Path) -> Option<Digest>,
) -> Option<Vec<(&InputSlot, Digest)>> {
    let source_digest = |feed: &InputSource| match feed {
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
            },
            "a",
        );
        let (set, cast) = (InputSlot::set(), InputSlot::cast(0));
        let digest = Digest::hash_bytes(b"x");
        assert_ne!(
            identity.with_inputs([(&set, digest)]),
            identity.with_inputs([(&cast, digest)])
        );
    }
}

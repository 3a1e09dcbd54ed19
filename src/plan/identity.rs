//! What makes two jobs the same job: producer and its version, parameters, provider, and the content of inputs.
//! Nothing else, and never a name or a path in place of content.

use crate::base::{Digest, Fingerprint};
use crate::model::{Artefact, InputSlot, InputSource, Job, JobAction, ShotStaging};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::marker::PhantomData;
use std::path::Path;
use std::sync::Arc;

/// Versions of what producers make: raised when the same work would come out different.
pub(super) const fn version(work: &JobAction) -> u32 {
    match work {
        JobAction::Import { .. }
        | JobAction::Grade { .. }
        | JobAction::Stitch { .. }
        | JobAction::Verify { .. } => 1,
        JobAction::Sheet { .. }
        | JobAction::Plate { .. }
        | JobAction::Render { .. }
        | JobAction::Encode { .. } => 2,
    }
}

/// Digests of stagings, each taken once: all chunks of a shot share theirs, and it is most of what they are made of.
#[derive(Debug, Default)]
pub(super) struct Scenes<'a> {
    /// By address; the borrow keeps each staging where it is.
    known: HashMap<*const ShotStaging, Digest>,
    jobs: PhantomData<&'a JobAction>,
}

impl<'a> Scenes<'a> {
    /// Returns the identity of `work` done by `provider`.
    pub(super) fn identity(&mut self, work: &'a JobAction, provider: &str) -> Identity {
        let print = Fingerprint::new()
            .with_field("producer", work.producer())
            .with_field("version", version(work).to_le_bytes())
            .with_field("provider", provider);
        let print = match work {
            // All fields are named, so that one that is added cannot be forgotten here.
            JobAction::Render {
                engine,
                staging,
                frames,
                shot_frames: of,
                rate,
                size,
                samples,
                noisy,
                passes,
            } => {
                let print = print
                    .with_field("scene", self.digest(staging).as_bytes())
                    .with_field(
                        "parameters",
                        json(&(engine, frames, of, rate, size, samples)),
                    );
                let print = if *noisy {
                    print.with_field("noisy", [1])
                } else {
                    print
                };
                if passes.is_empty() {
                    print
                } else {
                    print.with_field("passes", json(passes))
                }
            }
            work => print.with_field("parameters", json(work)),
        };
        Identity(print.digest())
    }

    fn digest(&mut self, staging: &'a Arc<ShotStaging>) -> Digest {
        *self
            .known
            .entry(Arc::as_ptr(staging))
            .or_insert_with(|| Digest::hash_bytes(&json(staging.as_ref())))
    }
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

/// A job's identity before its inputs are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Identity(Digest);

impl Identity {
    /// Returns the identity of `work` done by `provider`.
    #[must_use]
    pub fn of(work: &JobAction, provider: &str) -> Self {
        Scenes::default().identity(work, provider)
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
            .fold(start, |print, (slot, digest)| {
                print.with_field(&slot.0, digest.as_bytes())
            })
            .digest()
    }
}

/// Returns the digest of what a job hands on, taken together: of its outputs without passes, which no job reads.
#[must_use]
pub fn content(outputs: &[Artefact]) -> Digest {
    let one = |print: Fingerprint, artefact: &Artefact| {
        print.with_field(&artefact.name, artefact.digest.as_bytes())
    };
    outputs
        .iter()
        .filter(|artefact| artefact.is_handed_on())
        .fold(Fingerprint::new(), one)
        .digest()
}

/// Returns the content of each of the job's inputs, if all are known.
pub fn inputs_of(
    job: &Job,
    made: impl Fn(crate::model::JobId) -> Option<Digest>,
    file: impl Fn(&Path) -> Option<Digest>,
) -> Option<Vec<(&InputSlot, Digest)>> {
    let known = |feed: &InputSource| match feed {
        InputSource::Job(id) => made(*id),
        InputSource::File(path) => file(path),
    };
    job.inputs
        .iter()
        .map(|input| Some((&input.slot, known(&input.from)?)))
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
        assert_ne!(Identity::of(&work, "a"), Identity::of(&work, "b"));
    }

    #[test]
    fn the_slot_an_input_fills_is_part_of_the_identity() {
        let identity = Identity::of(
            &JobAction::Import {
                kind: AssetKind::Model,
            },
            "a",
        );
        let (set, cast) = (InputSlot::new("set"), InputSlot::new("cast.0"));
        let digest = Digest::hash_bytes(b"x");
        assert_ne!(
            identity.with_inputs([(&set, digest)]),
            identity.with_inputs([(&cast, digest)])
        );
    }
}

//! Verification: a deliverable is decoded to its end, and its facts are compared with the output
//! that the document names. The pictures of a film whose packets are all those of its segments were
//! decoded there.

mod animation_facts;
mod deliverable_verifier;
mod expectations;
mod measured_facts;
mod sound_expectations;
mod sound_fidelity;
mod stream_verifier;
mod verify_producer;

pub(in crate::producers) use animation_facts::expect_animation;
pub use deliverable_verifier::DeliverableVerifier;
pub(in crate::producers) use expectations::{
    as_bad_output, expect_film, film_clock, mismatch_failure,
};
pub use expectations::{expect_pictures, expect_video};
pub use measured_facts::{MeasuredFacts, RetroFacts, SoundMeasures};
pub(super) use verify_producer::VerifyProducer;

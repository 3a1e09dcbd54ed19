//! Verification: a deliverable is decoded to its end and measured against what was asked for.

mod expect;
mod facts;
mod work;

pub(in crate::producers) use expect::mismatch;
pub use expect::{expect_pictures, expect_video};
pub use facts::{Facts, RetroFacts};
pub use work::Verify;

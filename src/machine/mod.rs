//! The machine that jobs run on: what it has by itself, and what a profile says of it. Knows nothing of jobs or plans.

mod amount;
mod detect;
mod profile;

pub use amount::parallel;
pub use detect::{Detected, detect};
pub use profile::read;

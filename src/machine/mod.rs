//! The machine that jobs run on: its detected resources, and its profile. Knows nothing of jobs or
//! plans.

mod amount;
mod detect;
mod profile_file;

pub use amount::parse_parallel;
pub use detect::{DetectedResources, detect_resources};
pub use profile_file::read_profile;

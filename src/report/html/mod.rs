//! The report as one HTML page that stands alone: styles inline, pictures inside, no scripts, nothing fetched.
//!
//! Drawn from [`ReportFacts`](super::ReportFacts) and from pictures given in as encoded bytes; decodes nothing, reads nothing.

mod comparison;
mod page;
mod picture;
mod shots;
mod tables;

pub use comparison::{Pair, comparison};
pub use page::page;
pub use picture::{Picture, Pictures, ShotPictures};

//! The report as one HTML page that stands alone: styles inline, pictures inside, no scripts, nothing fetched.
//!
//! Drawn from [`ReportFacts`](super::ReportFacts) and from pictures given in as encoded bytes; decodes nothing, reads nothing.

mod comparison;
mod embedded_image;
mod report_page;
mod report_tables;
mod shot_sections;

pub use comparison::{ImagePair, comparison_page};
pub use embedded_image::{EmbeddedImage, ReportImages, ShotImages};
pub use report_page::report_page;

//! The report as one self-contained HTML page: styles and pictures are inside, there are no
//! scripts, and nothing is fetched.
//!
//! Made from [`ReportFacts`](super::ReportFacts) and encoded pictures. It reads and decodes
//! nothing.

mod comparison;
mod embedded_image;
mod report_page;
mod report_tables;
mod shot_sections;
mod sound_section;

pub use comparison::{ImagePair, comparison_page};
pub use embedded_image::{EmbeddedImage, ReportImages, ShotImages};
pub use report_page::report_page;

//! Encoding: the graded pictures of one shot become a video segment, or numbered pictures.

mod pictures;
mod segment;
mod source;
mod work;

pub use pictures::picture_name;
pub use work::Encode;
pub(in crate::producers) use work::{final_size, require};

#[cfg(test)]
mod tests;

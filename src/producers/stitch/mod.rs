//! Stitching: all segments of one output, in order, become one film or one picture sequence.

mod joined_packets;
mod segment_stitcher;
mod stitch_producer;

pub use segment_stitcher::SegmentStitcher;
pub(super) use stitch_producer::StitchProducer;

#[cfg(test)]
mod sound_tests;

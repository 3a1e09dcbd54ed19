//! Stitching: all segments of one output, in order, become one film, one animation or one picture
//! sequence.

mod animation_joiner;
mod joined_packets;
mod picture_sheet;
mod segment_stitcher;
mod stitch_producer;
mod stream_joiner;

pub use segment_stitcher::SegmentStitcher;
pub(super) use stitch_producer::StitchProducer;

#[cfg(test)]
mod sound_tests;

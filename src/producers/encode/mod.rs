//! Encoding: the graded pictures of one shot become a video segment, or numbered pictures.

mod encode_producer;
mod frame_cache;
mod frame_source;
mod picture_sequence;
mod segment_facts;
mod shot_encoder;
mod video_segment;
mod webp_stills;

pub(super) use encode_producer::EncodeProducer;
pub(super) use frame_cache::FrameCache;
pub use picture_sequence::picture_name;
pub(in crate::producers) use segment_facts::{
    SEGMENT_FACTS_FILE, SegmentFacts, has_packets_of, have_one_setup, pictures_of_segments,
    segment_files,
};
pub use shot_encoder::ShotEncoder;
pub(in crate::producers) use shot_encoder::require_ffmpeg;

#[cfg(test)]
mod tests;

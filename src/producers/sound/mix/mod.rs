//! The producer of mixes.

mod mix_producer;

pub(in crate::producers) use mix_producer::MixProducer;

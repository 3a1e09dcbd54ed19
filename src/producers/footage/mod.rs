//! Footage: pictures and films that exist already become the frames of a shot.

mod footage_importer;
mod footage_producer;

pub(super) use footage_importer::FootageImporter;
pub(super) use footage_producer::FootageProducer;

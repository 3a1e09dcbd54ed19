//! Import: an asset of the project is read, checked, and made one self-contained file.

mod asset_importer;
mod import_producer;

pub use asset_importer::AssetImporter;
pub(super) use import_producer::ImportProducer;

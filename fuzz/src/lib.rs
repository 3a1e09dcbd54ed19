//! The modules that read input, as a crate of the program's name, for the fuzz targets.

#![expect(dead_code, reason = "the modules that use the rest are not part of this crate")]

#[path = "../../src/base/mod.rs"]
pub mod base;
#[path = "../../src/beats/mod.rs"]
pub mod beats;
#[path = "../../src/document/mod.rs"]
pub mod document;
#[path = "../../src/event.rs"]
pub mod event;
#[path = "../../src/interchange/mod.rs"]
pub mod interchange;
#[path = "../../src/library/mod.rs"]
pub mod library;
/// The readers of pictures and models, without ffmpeg and its processes.
#[path = "../../src/media"]
pub mod media {
    pub mod blend;
    pub mod exr_file;
    mod foreign_models;
    pub mod gltf;
    pub mod hdr_file;
    mod image_types;
    pub mod integrity;
    mod jpeg_file;
    pub mod picture;
    pub mod png_file;
    pub mod tiff_file;
    pub mod tone;

    pub use image_types::{DisplayImage, LinearImage, PictureError};
}
#[path = "../../src/model/mod.rs"]
pub mod model;
#[path = "../../src/resolve/mod.rs"]
pub mod resolve;
#[path = "../../src/store/mod.rs"]
pub mod store;
#[path = "../../src/story/mod.rs"]
pub mod story;
#[path = "../../src/timeline/mod.rs"]
pub mod timeline;
#[path = "../../src/treatment/mod.rs"]
pub mod treatment;
#[path = "../../src/validate/mod.rs"]
pub mod validate;

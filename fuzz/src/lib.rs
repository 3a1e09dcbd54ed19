//! The modules that read input, as a crate of the program's name, for the fuzz targets.

#![expect(dead_code, reason = "the modules that use the rest are not part of this crate")]

#[path = "../../src/base/mod.rs"]
pub mod base;
#[path = "../../src/document/mod.rs"]
pub mod document;
#[path = "../../src/event.rs"]
pub mod event;
#[path = "../../src/library/mod.rs"]
pub mod library;
/// The readers of pictures and models, without ffmpeg and its processes.
pub mod media {
    #[path = "../../../src/media/blend/mod.rs"]
    pub mod blend;
    #[path = "../../../src/media/exr_file.rs"]
    pub mod exr_file;
    #[path = "../../../src/media/gltf/mod.rs"]
    pub mod gltf;
    #[path = "../../../src/media/hdr_file.rs"]
    pub mod hdr_file;
    #[path = "../../../src/media/image_types.rs"]
    mod image_types;
    #[path = "../../../src/media/integrity/mod.rs"]
    pub mod integrity;
    #[path = "../../../src/media/picture.rs"]
    pub mod picture;
    #[path = "../../../src/media/png_file.rs"]
    pub mod png_file;
    #[path = "../../../src/media/tiff_file.rs"]
    pub mod tiff_file;
    #[path = "../../../src/media/tone.rs"]
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
#[path = "../../src/validate/mod.rs"]
pub mod validate;

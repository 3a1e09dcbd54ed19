//! Picture files, models, the tone curve, and ffmpeg: the only module that names the crates behind
//! them.
//!
//! It owns bytes on disk and pixels in memory. It does not know jobs, plans, or which deliverable
//! is made.

mod alpha_image;
pub mod animation;
pub mod blend;
pub mod exr_file;
pub mod exr_layers;
pub mod exr_pass;
pub mod ffmpeg;
pub mod film_memory;
pub mod film_probe;
pub mod film_source;
pub mod footage_files;
mod foreign_models;
pub mod gltf;
pub mod grey_film;
pub mod hdr_file;
pub mod hdr_tone;
pub mod hls_playlist;
mod image_types;
pub mod integrity;
pub mod jpeg_file;
pub mod picture;
pub mod piper_program;
pub mod png_file;
pub mod resample;
pub mod sound_probe;
pub mod speech_voices;
pub mod thumbnail;
pub mod tiff_file;
pub mod tone;
pub mod video_probe;
pub mod voice_model;

pub use alpha_image::AlphaImage;
pub use ffmpeg::FfmpegTools;
pub use image_types::{DisplayImage, LinearImage, PictureError};

//! Turns one declarative YAML document into finished films, clips and game assets.

pub mod base;
pub mod cli;
pub mod document;
pub mod event;
pub mod execute;
pub mod expand;
pub mod gpu;
pub mod library;
pub mod media;
pub mod model;
pub mod plan;
pub mod producers;
pub mod report;
pub mod resolve;
pub mod story;
pub mod store;
pub mod validate;

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

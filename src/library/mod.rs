//! Presets by kind and name: the built-in ones, embedded in the binary, and the user's own beside the document.
//!
//! A preset is written in the same fields as the entry it serves, so any field beside a preset overrides it. Owns finding
//! presets; does not know what they mean.

mod card;
mod explain;
mod shelf;
mod shelves;

pub use card::Card;
pub use explain::PAGES;
pub use shelf::{Kind, Shelf};
pub use shelves::Library;

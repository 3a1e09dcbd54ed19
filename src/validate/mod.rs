//! Proof that a production can run: rules over the resolved production and over what is known of the outside.
//!
//! Owns the rules, one a file, and [`Checked`], which only this room can make. A rule reads plain data: the outside is
//! asked once, in [`Facts`], so rules do no I/O and every rule can be shown in a test without a disk. A new rule is a
//! file under `rules/<area>/` named like the last part of its code, and a line in that area's table. Knows nothing of
//! YAML or of how a finding is drawn.

mod checked;
mod cuts;
mod facts;
mod findings;
mod inspect;
mod models;
mod names;
mod outputs;
mod paths;
mod pictures;
mod rule;
mod rules;
#[cfg(test)]
mod sample;
mod scenes;
mod script;
mod shots;
mod sources;
mod wardrobe;
mod words;

pub use checked::{Checked, validate};
pub use facts::{Facts, FileFact, Kind, Standing, Tools};
pub use findings::Findings;
pub use rule::Rule;
pub use rules::{RULES, rules};

//! The nouns of production as plain data. No I/O, no decisions.

pub mod artefact;
pub mod camera;
pub mod cost;
pub mod defaults;
pub mod engine;
pub mod farm;
pub mod frame_range;
mod frame_run;
pub mod frames;
pub mod job;
pub mod look;
pub mod machine;
pub mod optics;
pub mod output;
pub mod padding;
pub mod pass;
pub mod placeholder;
pub mod price;
pub mod production;
pub mod provider;
pub mod ranges;
pub mod rate;
pub mod retro;
pub mod staging;
pub mod wardrobe;

pub use artefact::{Artefact, FailureClass, Mode, Stamp};
pub use engine::Engine;
pub use frames::Frames;
pub use job::{
    AssetKind, Claim, Feed, Input, Job, JobId, Material, Materials, Peak, Phase, Work, kind,
};
pub use output::{Codec, Format};
pub use pass::Pass;
pub use price::{Cost, Costs, Price};
pub use production::Production;
pub use provider::Provider;
pub use rate::{FrameRate, Size};
pub use staging::{Slot, Staging};
pub use wardrobe::Condition;

//! The nouns of a production as plain data. No I/O, no decisions.

pub mod action_kind;
pub mod artefact;
pub mod camera;
pub mod codec;
pub mod colour_grade;
pub mod cost_model;
pub mod costume_condition;
mod decimal_rate;
pub mod defaults;
pub mod engine;
pub mod failure_class;
pub mod farm_profile;
pub mod file_kind;
pub mod frame_list;
pub mod frame_padding;
pub mod frame_range;
pub mod frame_rate;
mod frame_run;
pub mod input_slot;
pub mod job;
pub mod job_name;
pub mod job_sample;
pub mod lens_optics;
pub mod machine_profile;
pub mod office_format;
pub mod output;
pub mod pass;
pub mod phase;
pub mod place_problem;
pub mod placeholder;
pub mod price;
pub mod production;
pub mod provider;
pub mod retro_treatment;
pub mod scene_number;
pub mod shot_staging;
pub mod tier_source;
pub mod value_ranges;

pub use action_kind::ActionKind;
pub use artefact::{Artefact, ExecutionMode, FileStamp, outputs_digest};
pub use codec::{Codec, CodecDelivery, CodecSpec, FilmEncoding};
pub use costume_condition::CostumeCondition;
pub use engine::Engine;
pub use failure_class::FailureClass;
pub use frame_list::FrameList;
pub use frame_rate::{FrameRate, PixelSize, UnclearRate};
pub use input_slot::InputSlot;
pub use job::{
    AssetKind, Claim, InputFile, InputFiles, InputSource, Job, JobAction, JobId, JobInput,
    PeakMemory,
};
pub use job_name::JobName;
pub use job_sample::{JobSample, UnitLoad};
pub use output::OutputFormat;
pub use pass::RenderPass;
pub use phase::Phase;
pub use place_problem::{ForeignEntry, ForeignKind, PlaceProblem};
pub use price::{CostAmount, CostTotals, ProviderPrice};
pub use production::Production;
pub use provider::Provider;
pub use scene_number::{SceneNumber, SceneOrder, SceneRange};
pub use shot_staging::ShotStaging;
pub use tier_source::TierSource;

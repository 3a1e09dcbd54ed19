//! The document as written: every field optional where a preset may give it, each with its byte
//! range.
//!
//! One set of structs derives the decoder and the JSON Schema. Nothing here is looked up, defaulted
//! or checked; that is for `resolve` and `validate`. Library presets are written in the same
//! structs, so anything a preset can say, an entry beside it can override.

mod cast_draft;
mod icon_draft;
mod location_draft;
mod look_draft;
mod output_draft;
mod production_draft;
mod profile_draft;
mod render_draft;
mod run_draft;
mod shot_draft;

pub use cast_draft::{CharacterDraft, CostumeDraft, PropDraft};
pub use icon_draft::IconDraft;
pub use location_draft::{EnvironmentDraft, GroundDraft, HazeDraft, KeyDraft, LocationDraft};
pub use look_draft::{ContrastLevel, GradeDraft, StyleDraft};
pub use output_draft::{OutputDraft, PaletteDraft, RetroDraft};
pub use production_draft::{
    DropDraft, LevelDraft, ProductionDocument, ProductionDraft, VariableDraft,
};
pub use profile_draft::ProfileDraft;
pub use render_draft::{FailuresDraft, PriceDraft, ProviderDraft, QualityDraft, RenderDraft};
pub use run_draft::{BudgetDraft, LimitsDraft, WorkerBackend, WorkersDraft};
pub use shot_draft::{
    FootageDraft, LensDraft, ModelCameraDraft, MoveDraft, PerformerDraft, PropUseDraft,
    SensorDraft, ShotDraft, ShotListDraft, SubjectDraft,
};

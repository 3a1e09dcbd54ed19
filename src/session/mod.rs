//! Works on one production: opens it with its store, plans it, runs it here or on a farm, publishes
//! and explains it.
//!
//! The command line, a server and a user of the library call the same functions: plain values go in
//! ([`SessionOptions`], [`RunOptions`], [`SessionEnvironment`]), values or a [`SessionError`] come
//! out. Notices go to a [`SessionReporter`] as values, and the receiver chooses the words. This
//! module does not know the command line: it reads no environment, prints nothing and sets no exit
//! code.
//!
//! A run is four stages, each made by the one before it: [`PlannedRun`], [`ScheduledRun`],
//! [`StartedRun`], [`RunEnding`]. They are apart because their callers act between them: a caller
//! hooks signals when the run starts, and opens its event file only once nothing can keep the run
//! from starting. [`PlannedRun::run_to_end`] does all four.
//!
//! ```no_run
//! use production::project::{self, ProjectOptions};
//! use production::session::{
//!     NoopReporter, PlannedRun, RunEnding, RunOptions, RunOutputs, SessionContext,
//!     SessionEnvironment,
//! };
//! use std::path::Path;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let opened = project::open(Path::new("my_film"), &ProjectOptions::default())?;
//! let environment = SessionEnvironment {
//!     search_path: "/usr/bin:/bin".into(),
//!     ..SessionEnvironment::default()
//! };
//! let context = SessionContext { environment: &environment, reporter: &NoopReporter };
//! let options = RunOptions::default();
//! let run = PlannedRun::plan(&opened, &options, context)?;
//! if let RunEnding::Ended { summary, .. } = run.run_to_end(RunOutputs::default())? {
//!     for deliverable in &summary.facts.deliverables {
//!         println!("{}", deliverable.path.display());
//!     }
//! }
//! # Ok(())
//! # }
//! ```

mod beat_progress;
mod comparison_pictures;
mod control;
mod estimate_probe;
mod event_sinks;
mod explained_jobs;
mod export_run;
mod farm;
mod folder_programs;
mod followed_plan;
mod forecast;
mod graph_plan;
mod loaded_library;
mod machine_resources;
mod opened_store;
mod path_values;
mod place_check;
mod plan_preview;
mod planned_deliverables;
mod planned_run;
mod preset_changes;
mod production_session;
mod production_status;
mod program_access;
mod program_files;
mod publish_run;
mod report_pictures;
mod report_sounds;
mod reuse_counts;
mod revision_comparison;
mod run_digest;
mod run_facts;
mod run_hooks;
mod run_options;
mod run_stills;
mod saved_plan;
mod sequence_name;
mod session_context;
mod session_error;
mod session_notice;
mod speech_measurement;
mod started_run;
mod store_access;
mod trusted_folders;
mod up_to_date;

pub use beat_progress::{BeatJobs, BeatProgress, run_beats};
pub use control::{ControlReply, ControlRequest, RequestedUrgency, ask_run, last_run_snapshot};
pub use event_sinks::RunOutputs;
pub use explained_jobs::ExplainedPlan;
pub use export_run::{
    BUNDLE_FILES, ExportOptions, ExportedRun, export_run, measure_exported_speech,
};
pub use farm::{
    ActiveRunStatus, CancelledRun, FarmRunPreview, TaskSession, TaskSessionOptions,
    active_run_status, cancel_run,
};
pub use folder_programs::{FOLDER_SETTINGS, FolderProgram, FolderPrograms, ProgramSource};
pub use followed_plan::{FollowError, FollowedPlan};
pub use forecast::{ProbedRenderers, estimate_production};
pub use graph_plan::plan_graph;
pub use machine_resources::MachineResources;
pub use opened_store::OpenedStore;
pub use place_check::{StorePlaces, match_replace_paths};
pub use plan_preview::{PlanOptions, PlanPreview};
pub use planned_run::{PlannedRun, ScheduledRun};
pub use production_session::{ProductionSession, SessionSetup};
pub use production_status::{CheckpointFacts, ProductionStatus};
pub use program_access::ProgramUse;
pub use reuse_counts::ReuseCounts;
pub use run_facts::RunSummary;
pub use run_hooks::{EndedHooks, run_broken_hooks};
pub use run_options::RunOptions;
pub use session_context::{SessionContext, SessionEnvironment, SessionOptions};
pub use session_error::SessionError;
pub use session_notice::{
    NoopReporter, SessionNotice, SessionReporter, SpeechStart, SubmittedTasks,
};
pub use started_run::{RunEnding, StartedRun};
pub use store_access::{StoreAccess, StoreLocation};
pub use trusted_folders::{TrustedFolder, TrustedFolders};

pub(crate) use comparison_pictures::changed_pictures;
pub(crate) use loaded_library::LoadedLibrary;
pub(crate) use revision_comparison::revision_changes;

//! Runs on farms: reads the profile, submits and follows tasks, finds and cancels the farm run of a
//! store.

mod active_run_status;
mod farm_config;
mod farm_run;
mod farm_scheduler;
mod font_check;
mod manifest_spec;
mod run_preview;
mod shared_storage_check;
mod task_session;

pub use active_run_status::{ActiveRunStatus, CancelledRun, active_run_status, cancel_run};
pub use run_preview::FarmRunPreview;
pub use task_session::{TaskSession, TaskSessionOptions};

pub(super) use active_run_status::{require_idle, resumable_run};
pub(super) use farm_config::{farm_slots_config, find_farm};
pub(super) use farm_run::FarmRun;
pub(super) use farm_scheduler::remote_paths;
pub(super) use font_check::report_farm_font;
pub(super) use manifest_spec::{ManifestSpec, build_manifest, write_manifest};
pub(super) use run_preview::preview_farm_run;
pub(super) use shared_storage_check::check_shared_storage;

//! What commands do on farms: find the profile, send the tasks of a run, follow them, say where they stand, take them back.

mod farm_config;
mod farm_run;
mod farm_scheduler;
mod farm_status;
mod manifest_spec;
mod run_size;
mod shared_storage_check;

pub(super) use farm_config::{farm_slots_config, find_farm};
pub(super) use farm_run::{FarmRun, FarmTarget};
pub(super) use farm_scheduler::remote_paths;
pub(super) use farm_status::{active_run_status, require_idle, resumable_run, run_cancel};
pub(super) use manifest_spec::{ManifestSpec, build_manifest, write_manifest};
pub(super) use run_size::describe_size;
pub(super) use shared_storage_check::check_shared_storage;

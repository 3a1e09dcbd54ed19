//! Runs the jobs of a plan on the machines of a farm, through its scheduler.
//!
//! A [`TaskMap`] numbers the jobs of a plan as tasks, and a [`TaskManifest`] stores them: one file
//! of records and an index, never a file for each task. Under every scheduler, a machine runs one
//! command for one task, `production exec-task`. It calls [`run_task()`] with the producers, checks
//! and time limits of a local run, and leaves one [`TaskResult`] for each attempt in the shared
//! store. Results are the truth. What the scheduler reports only explains why there is no result
//! yet.
//!
//! A [`Scheduler`] is a folder here and a line of [`SCHEDULERS`]. No other code names one.

mod active_run;
mod array_submitter;
mod farm_status;
mod follow_context;
mod heartbeat;
mod manifest_header;
mod match_tasks;
pub mod openjd;
mod path_map;
mod pending_tasks;
mod poll_until;
mod profile_from_draft;
mod queue_snapshot;
mod reconciler;
mod remote_executor;
mod result_listing;
mod result_name;
mod run_folder;
mod run_on_farm;
mod run_recorder;
mod run_size;
mod scheduler;
mod scheduler_spec;
mod scheduler_table;
mod shared_storage;
pub mod slurm;
mod submission_log;
mod task_array;
mod task_manifest;
mod task_map;
mod task_record;
mod task_result;
mod task_runner;
mod task_state;
mod task_submitter;
mod watcher;

pub use active_run::ActiveRun;
pub use array_submitter::{ArraySubmitter, TaskResubmission};
pub use farm_status::{FarmStatus, unrecorded_events};
pub use follow_context::FollowContext;
pub use heartbeat::TaskHeartbeat;
pub use manifest_header::{TASK_MANIFEST_VERSION, TaskManifestHeader, TaskPolicy};
pub use match_tasks::match_tasks;
pub use path_map::{PathMap, PathMapRule};
pub use poll_until::PollUntil;
pub use profile_from_draft::farm_from_profile;
pub use queue_snapshot::{QueueSnapshot, TaskRange};
pub use run_folder::FarmRunFolder;
pub use run_on_farm::run_on_farm;
pub use run_size::{FarmRunSize, TaskKindSize};
pub use scheduler::{ExitReport, Scheduler, SubmitOutcome};
pub use scheduler_spec::{SchedulerSetup, SchedulerSpec};
pub use scheduler_table::{SCHEDULERS, build_scheduler, scheduler_spec};
pub use shared_storage::SharedStorage;
pub use submission_log::SubmissionLog;
pub use task_array::{ArrayDependency, TaskArray, build_arrays, parse_elements};
pub use task_manifest::{FarmError, TaskManifest};
pub use task_map::{TaskGroup, TaskId, TaskMap};
pub use task_record::{TaskInput, TaskInputSource, TaskRecord, TaskRecordBuilder};
pub use task_result::{TaskResult, TaskVerdict, UnreadableResult};
pub use task_runner::{TaskContext, TaskRunOutcome, run_task};
pub use task_state::TaskState;

//! Child processes: start, feed, read, stop and classify them. None may hang, deadlock or outlive a
//! run.
//!
//! [`ChildCommand`] is one run of a program. [`CallOptions`] holds its cancel token, observer and
//! [`ProcessReaper`]. [`ProcessExit`] is how it ended, and [`classify_failure()`] maps that to a
//! failure class. This module knows no producer and no particular program.

mod call_options;
mod child_command;
mod child_pipes;
mod classify;
mod cpu_time;
mod host;
mod niceness;
mod oom_kills;
pub mod openjd_messages;
mod process_exit;
mod process_group;
mod program_probe;
mod reaper;
mod reaper_process;
mod redact;

pub use call_options::{CallOptions, NoopObserver, ProcessObserver};
pub use child_command::{CallError, CapturedOutput, ChildCommand};
pub use classify::{classify_failure, machine_class};
pub use cpu_time::{ProcessCpu, machine_busy_seconds};
pub use host::host_name;
pub use niceness::set_niceness;
pub use process_exit::ProcessExit;
pub use program_probe::ask_program;
pub use reaper::ProcessReaper;
pub use reaper_process::{SecondReaper, run_reaper};
pub use redact::{SecretRedactor, is_secret_name};

//! Child processes: how one is started, fed, heard, stopped and judged, so that none hangs, deadlocks or is left behind.
//!
//! [`ChildCommand`] is one run of a program. [`CallOptions`] is what it is watched with: the request to stop, the ear that hears it, and
//! the [`ProcessReaper`] who outlives us. [`ProcessExit`] is how it ended, and [`classify_failure()`] says what kind of failure that is. The room
//! knows no producer and no particular program.

mod call_options;
mod child_command;
mod child_pipes;
mod classify;
mod host;
mod oom_kills;
pub mod openjd_messages;
mod process_exit;
mod process_group;
mod reaper;
mod redact;

pub use call_options::{CallOptions, NoopObserver, ProcessObserver};
pub use child_command::{CallError, CapturedOutput, ChildCommand};
pub use classify::classify_failure;
pub use host::host_name;
pub use process_exit::ProcessExit;
pub use reaper::{ProcessReaper, run_reaper};
pub use redact::SecretRedactor;

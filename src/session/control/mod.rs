//! Steers a run of this machine from another process: by a socket in the store, which only its
//! owner may use.
//!
//! The run listens while it works. Another process connects, writes one request as a line of JSON
//! and reads one reply. Nobody polls: the listening thread sleeps until somebody connects. A run
//! that is gone, however it ended, leaves at most the name of its socket, which refuses every
//! connection, so no process number is looked up and none can be mistaken for a later one. The next
//! run removes the name.

mod control_client;
mod control_message;
mod control_server;
#[cfg(unix)]
mod control_socket;

pub use control_client::{ask_run, last_run_snapshot};
pub use control_message::{ControlReply, ControlRequest, RequestedUrgency};

pub(super) use control_server::{ControlServer, SteeredRun};

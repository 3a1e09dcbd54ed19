//! Child processes: how one is started, fed, heard, stopped and judged, so that none hangs, deadlocks or is left behind.
//!
//! [`Call`] is one run of a program. [`Watch`] is what it is watched with: the request to stop, the ear that hears it, and
//! the [`Keeper`] who outlives us. [`Ending`] is how it ended, and [`classify()`] says what kind of failure that is. The room
//! knows no producer and no particular program.

mod call;
mod classify;
mod ending;
mod group;
mod host;
mod keeper;
mod memory;
pub mod openjd;
mod program;
mod redact;
mod streams;
mod watch;

pub use call::{Call, CallError, Ran};
pub use classify::classify;
pub use ending::Ending;
pub use host::host;
pub use keeper::{Keeper, keep};
pub use program::look_for;
pub use redact::Secrets;
pub use watch::{Deaf, Ear, Watch};

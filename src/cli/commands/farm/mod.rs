//! What commands do on farms: find the profile, send the tasks of a run, follow them, say where they stand, take them back.

mod engine;
mod ground;
mod load;
mod profile;
mod sent;
mod size;
mod standing;

pub(super) use engine::there;
pub(super) use ground::tread;
pub(super) use load::{Elsewhere, Load};
pub(super) use profile::{find, slots};
pub(super) use sent::{Sent, described, write};
pub(super) use size::sized;
pub(super) use standing::{cancel, going, idle, standing};

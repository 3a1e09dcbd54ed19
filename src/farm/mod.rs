//! Places the jobs of a plan elsewhere: on the machines of a farm, by an engine that exists.
//!
//! A plan becomes [`Tasks`], written down once as a [`TaskManifest`]: one file of records and an index, never a file per task.
//! Whatever the engine, every machine runs the same command for one task, `production exec-task`, which [`perform()`]s it
//! with the crew, the checks and the clocks of a local run, and leaves one [`TaskResult`] per attempt in the shared store.
//! Results are the truth; what the engine says of its jobs only explains why there is none yet.

mod array;
mod engine;
mod field;
mod folder;
mod follow;
mod going;
mod ground;
mod header;
mod judge;
mod listing;
mod manifest;
pub mod openjd;
mod path_map;
mod patience;
mod perform;
mod placements;
mod placer;
mod profile;
mod pulse;
mod record;
mod result;
mod shell;
mod sighting;
mod size;
pub mod slurm;
mod standing;
mod tasks;

pub use array::{After, Array, arrays, elements};
pub use engine::{Engine, LastWords, Stage, Submitted};
pub use folder::Folder;
pub use follow::{Following, follow, match_tasks};
pub use going::Going;
pub use ground::Ground;
pub use header::{Group, Header, Rules, VERSION};
pub use manifest::{FarmError, TaskManifest};
pub use path_map::{PathMap, Rule};
pub use patience::Patience;
pub use perform::{Performed, Station, perform};
pub use placements::Placements;
pub use placer::{Again, Placer};
pub use profile::farm;
pub use pulse::Pulse;
pub use record::{Clerk, Record, Source, TaskInput};
pub use result::{TaskResult, Verdict};
pub use sighting::{Run, Sighting};
pub use size::{Kind, Size};
pub use standing::{Standing, unrecorded};
pub use tasks::{TaskId, Tasks};

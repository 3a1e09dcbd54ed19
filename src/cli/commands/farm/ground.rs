//! Whether the farm's machines can see what is sent to them, told before it is.

use crate::cli::exit::CliError;
use crate::cli::settings::Settings;
use crate::farm::{SharedStorage, TaskManifestHeader};
use crate::model::InputSource;
use crate::plan::Plan;
use std::path::{Path, PathBuf};

/// Where the kernel says what is mounted where.
const MOUNTS: &str = "/proc/self/mountinfo";

/// Tells what may keep a farm's machines from seeing the run, and fails when the profile says that they cannot.
pub(in crate::cli::commands) fn tread(
    header: &TaskManifestHeader,
    plan: &Plan,
    settings: &Settings,
) -> Result<(), CliError> {
    let mounts = std::fs::read_to_string(MOUNTS).unwrap_or_default();
    let (root, store) = (real(&header.root), real(&header.store));
    let ground = SharedStorage {
        root: &root,
        store: &store,
        longest_input: longest(plan),
        mounts: &mounts,
    };
    for warning in ground.check_visibility(&header.farm)? {
        settings.say_error(&format!(
            "{} {warning}",
            settings.paint().warning("warning:")
        ));
    }
    Ok(())
}

/// Returns the path with links followed, as far as it is there: the store may be about to be made.
fn real(path: &Path) -> PathBuf {
    let there = path
        .ancestors()
        .find_map(|above| Some((above, above.canonicalize().ok()?)));
    let Some((above, real)) = there else {
        return path.to_owned();
    };
    let below = path.strip_prefix(above).unwrap_or(Path::new(""));
    if below.as_os_str().is_empty() {
        real
    } else {
        real.join(below)
    }
}

/// Returns the length of the longest path of an input.
fn longest(plan: &Plan) -> usize {
    let inputs = plan.jobs().flat_map(|(_, planned)| &planned.job.inputs);
    let lengths = inputs.filter_map(|input| match &input.from {
        InputSource::File(path) => Some(path.as_os_str().len()),
        InputSource::Job(_) => None,
    });
    lengths.max().unwrap_or_default()
}

//! Whether the farm's machines can see what is sent to them, told before it is.

use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::CliError;
use crate::farm::{SharedStorage, TaskManifestHeader};
use crate::model::InputSource;
use crate::plan::Plan;
use std::path::{Path, PathBuf};

/// Where the kernel says what is mounted where.
const MOUNT_INFO: &str = "/proc/self/mountinfo";

/// Tells what may keep a farm's machines from seeing the run, and fails when the profile says that they cannot.
pub(in crate::cli::commands) fn check_shared_storage(
    header: &TaskManifestHeader,
    plan: &Plan,
    settings: &CliSettings,
) -> Result<(), CliError> {
    let mounts = std::fs::read_to_string(MOUNT_INFO).unwrap_or_default();
    let (root, store) = (
        resolve_existing(&header.root),
        resolve_existing(&header.store),
    );
    let storage = SharedStorage {
        root: &root,
        store: &store,
        longest_input: longest_input_path(plan),
        mounts: &mounts,
    };
    for warning in storage.check_visibility(&header.farm)? {
        settings.print_stderr(&format!(
            "{} {warning}",
            settings.err_paint().warning("warning:")
        ));
    }
    Ok(())
}

/// Returns the path with links followed, as far as it is there: the store may be about to be made.
fn resolve_existing(path: &Path) -> PathBuf {
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
fn longest_input_path(plan: &Plan) -> usize {
    let inputs = plan.jobs().flat_map(|(_, planned)| &planned.job.inputs);
    let lengths = inputs.filter_map(|input| match &input.from {
        InputSource::File(path) => Some(path.as_os_str().len()),
        InputSource::Job(_) => None,
    });
    lengths.max().unwrap_or_default()
}

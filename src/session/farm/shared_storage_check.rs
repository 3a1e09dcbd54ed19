//! Checks before a submission whether the machines of the farm can see the store and the
//! production.

use crate::farm::{SharedStorage, TaskManifestHeader};
use crate::model::InputSource;
use crate::plan::Plan;
use crate::session::session_context::SessionContext;
use crate::session::session_error::SessionError;
use crate::session::session_notice::SessionNotice;
use std::path::{Path, PathBuf};

/// The list of mounts of the kernel.
const MOUNT_INFO: &str = "/proc/self/mountinfo";

/// Reports what may keep machines of the farm from seeing the run. Fails when the profile says that
/// they cannot.
pub(in crate::session) fn check_shared_storage(
    header: &TaskManifestHeader,
    plan: &Plan,
    context: SessionContext<'_>,
) -> Result<(), SessionError> {
    // Systems other than Linux have no such file. Only `shared_roots` of the profile is checked
    // there, since a guess would stop runs that work.
    let mounts = std::fs::read_to_string(MOUNT_INFO).unwrap_or_default();
    // Links are followed, since a mount holds the real path and not the one that was typed.
    let root = resolve_existing(&header.root);
    let store = resolve_existing(&header.store);
    let storage = SharedStorage {
        root: &root,
        store: &store,
        longest_input: longest_input_path(plan),
        mounts: &mounts,
    };
    for warning in storage.check_visibility(&header.farm)? {
        context.report(&SessionNotice::StorageWarning(&warning));
    }
    Ok(())
}

/// Returns the path with links followed in the part that exists: the store may not exist yet.
fn resolve_existing(path: &Path) -> PathBuf {
    let existing = path
        .ancestors()
        .find_map(|above| Some((above, above.canonicalize().ok()?)));
    let Some((above, real)) = existing else {
        return path.to_owned();
    };
    let below = path.strip_prefix(above).unwrap_or(Path::new(""));
    if below.as_os_str().is_empty() {
        real
    } else {
        real.join(below)
    }
}

/// Returns the length in bytes of the longest path of an input.
fn longest_input_path(plan: &Plan) -> usize {
    let inputs = plan.jobs().flat_map(|(_, planned)| &planned.job.inputs);
    let lengths = inputs.filter_map(|input| match &input.from {
        InputSource::File(path) => Some(path.as_os_str().len()),
        InputSource::Job(_) => None,
    });
    lengths.max().unwrap_or_default()
}

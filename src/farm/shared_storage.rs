//! Checks before submission that the farm's machines can see the production and the store. A task
//! on a machine that cannot see the store would report it only after waiting for the store to
//! appear.

use super::scheduler_table::scheduler_spec;
use super::task_manifest::FarmError;
use crate::model::farm_profile::FarmProfile;
use std::path::{Path, PathBuf};

/// Types of file systems that only one machine has.
const LOCAL_FILESYSTEMS: &[&str] = &["tmpfs", "ramfs", "overlay", "devtmpfs"];
/// The longest path, in characters, that programs on Windows can open. Their limit is 260 with what
/// they add themselves.
const MAX_WINDOWS_PATH: usize = 240;
/// The most characters that paths in the store add to its own, such as
/// `/runs/rev-0001/logs/phase/`, or a blob's folder and its 64 digits.
const STORE_PATH_OVERHEAD: usize = 80;

/// The folders of a farm run, with symbolic links resolved.
#[derive(Debug, Clone, Copy)]
pub struct SharedStorage<'a> {
    /// The production's folder.
    pub root: &'a Path,
    /// The store.
    pub store: &'a Path,
    /// The longest path of an input, relative to the production's folder.
    pub longest_input: usize,
    /// The content of `/proc/self/mountinfo`; empty if the system has none.
    pub mounts: &'a str,
}

impl SharedStorage<'_> {
    /// Returns warnings about what may keep the farm's machines from using the folders.
    ///
    /// # Errors
    /// Fails if the profile has `shared_roots` and a folder is in none of them.
    pub fn check_visibility(&self, farm: &FarmProfile) -> Result<Vec<String>, FarmError> {
        // Both, because `--store` may put the store on another disk than the production.
        let places = [("production", self.root), ("store", self.store)];
        // Paths are written into scripts and into lines that a scheduler reads to their end.
        if let Some((what, path)) = places
            .into_iter()
            .find(|(_, path)| path.to_string_lossy().contains(char::is_control))
        {
            return Err(FarmError::Usage(format!(
                "send the run to the farm `{}`: the path of the {what}, {path:?}, has a line break or another control \
                 character; rename the folder",
                farm.name
            )));
        }
        let shared = |path: &Path| farm.shared_roots.iter().any(|root| path.starts_with(root));
        if let Some((what, path)) = places
            .into_iter()
            .find(|(_, path)| !farm.shared_roots.is_empty() && !shared(path))
        {
            let fix = if what == "store" {
                "give it another place with `--store`"
            } else {
                "move or copy it there (`production create NAME --from FOLDER`)"
            };
            return Err(FarmError::Usage(format!(
                "send the run to the farm `{}`: the {what} is in {}, and its machines see only what is in {} \
                 (`shared_roots` in the farm's profile); {fix}",
                farm.name,
                path.display(),
                farm.shared_roots.join(", ")
            )));
        }
        // A profile with `shared_roots` states what the machines see, which counts more than a
        // guess by the type of the file system.
        let local_disk = farm
            .shared_roots
            .is_empty()
            .then(|| self.local_disk_warning(farm))
            .flatten();
        Ok(local_disk
            .into_iter()
            .chain(self.path_length_warning(farm))
            .collect())
    }

    /// Returns a warning if the store is on a disk that only this machine has. It is no error,
    /// because the type of a file system does not prove that the others cannot see it.
    fn local_disk_warning(&self, farm: &FarmProfile) -> Option<String> {
        if !scheduler_spec(farm.scheduler).needs_shared_disk {
            return None;
        }
        let kind = filesystem_type(self.mounts, self.store)
            .filter(|kind| LOCAL_FILESYSTEMS.contains(kind))?;
        Some(format!(
            "the store {} is on a disk of this machine alone ({kind}): machines of the farm will not see it. If they do, name its \
             folder under `shared_roots` in the farm's profile",
            self.store.display()
        ))
    }

    /// Returns a warning if paths are longer than machines with Windows can open.
    fn path_length_warning(&self, farm: &FarmProfile) -> Option<String> {
        let length = |path: &Path, extra: usize| path.as_os_str().len() + 1 + extra;
        let longest =
            length(self.root, self.longest_input).max(length(self.store, STORE_PATH_OVERHEAD));
        let may_run_windows = scheduler_spec(farm.scheduler).may_run_windows;
        (may_run_windows && longest > MAX_WINDOWS_PATH).then(|| {
            format!("paths of this run are up to {longest} characters long; machines with Windows open none longer than 259")
        })
    }
}

/// Returns the type of the file system of a path, by the text of `mountinfo`. `None` if no mount
/// point encloses it.
fn filesystem_type<'a>(mounts: &'a str, path: &Path) -> Option<&'a str> {
    let enclosing_mounts = mounts
        .lines()
        .filter_map(|line| {
            let (mount_point, system) = line.split_once(" - ")?;
            // The kernel writes a space in a path as an octal escape, since spaces separate its
            // fields.
            let folder = PathBuf::from(mount_point.split(' ').nth(4)?.replace("\\040", " "));
            Some((folder, system.split(' ').next()?))
        })
        .filter(|(folder, _)| path.starts_with(folder));
    // The longest mount point is the innermost. Of two at one place, `max_by_key` returns the last,
    // which is the one that hides the other.
    enclosing_mounts
        .max_by_key(|(folder, _)| folder.as_os_str().len())
        .map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
22 1 254:0 / / rw,relatime - overlay overlay rw
23 22 0:20 / /tmp rw - tmpfs tmpfs rw
24 22 0:21 / /mnt/our\\040films rw - nfs4 server:/films rw
";

    fn farm(engine: &str, shared: &[&str]) -> FarmProfile {
        serde_json::from_value(serde_json::json!({
            "name": "night", "engine": engine, "licences": {}, "slots": 1, "poll": { "secs": 1, "nanos": 0 },
            "lag": { "secs": 1, "nanos": 0 }, "mixed_hosts": false, "setup": [], "options": [], "path_map": [],
            "shared_roots": shared,
        }))
        .unwrap()
    }

    fn storage_warnings(
        root: &str,
        store: &str,
        farm: &FarmProfile,
    ) -> Result<Vec<String>, FarmError> {
        SharedStorage {
            root: Path::new(root),
            store: Path::new(store),
            longest_input: 10,
            mounts: MOUNTS,
        }
        .check_visibility(farm)
    }

    #[test]
    fn a_run_outside_the_shared_folders_is_refused_with_what_to_do() {
        let night = farm("slurm", &["/mnt/our films", "/scratch"]);
        assert!(
            storage_warnings("/mnt/our films/a", "/scratch/a", &night)
                .unwrap()
                .is_empty()
        );
        let root = storage_warnings("/home/me/a", "/scratch/a", &night)
            .unwrap_err()
            .to_string();
        assert!(
            root.contains("the production is in /home/me/a") && root.contains("--from"),
            "{root}"
        );
        let store = storage_warnings("/mnt/our films/a", "/scratching/a", &night)
            .unwrap_err()
            .to_string();
        assert!(
            store.contains("the store is in /scratching/a") && store.contains("`--store`"),
            "{store}"
        );
    }

    #[test]
    fn a_store_on_a_local_disk_is_reported_unless_the_profile_lists_it_as_shared() {
        let warnings = |store, shared: &[&str]| {
            storage_warnings("/mnt/our films/a", store, &farm("slurm", shared))
                .map(|warnings| warnings.concat())
        };
        assert!(warnings("/tmp/a", &[]).unwrap().contains("(tmpfs)"));
        assert!(warnings("/home/a", &[]).unwrap().contains("(overlay)"));
        assert_eq!(warnings("/mnt/our films/a/.production", &[]).unwrap(), "");
        assert_eq!(warnings("/tmp/a", &["/tmp", "/mnt"]).unwrap(), "");
        assert!(
            storage_warnings("/tmp/a", "/tmp/a", &farm("openjd", &[]))
                .unwrap()
                .is_empty(),
            "its tasks are done here"
        );
    }

    #[test]
    fn paths_that_windows_cannot_open_are_reported_if_machines_may_run_it() {
        let long = format!("/mnt/{}", "a".repeat(200));
        assert!(
            storage_warnings(&long, &long, &farm("openjd", &[])).unwrap()[0]
                .contains("286 characters")
        );
        assert!(
            storage_warnings(&long, &long, &farm("slurm", &["/mnt"]))
                .unwrap()
                .is_empty()
        );
    }
}

//! How large a store is: the files of blobs, runs and provenance, counted up to a limit.

use super::disk::DiskEntryKind;
use super::{StoreError, StoreLayout};

/// The size of a store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StoreSize {
    /// Files that were counted.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Whether these are all files.
    pub is_complete: bool,
}

/// Measures a store. It stops after `limit` files.
///
/// # Errors
/// Fails if a folder of the store cannot be read.
pub fn measure_store(layout: &StoreLayout, limit: usize) -> Result<StoreSize, StoreError> {
    let disk = layout.disk();
    let mut size = StoreSize {
        is_complete: true,
        ..StoreSize::default()
    };
    let mut open = vec![
        layout.blobs_folder(),
        layout.runs_folder(),
        layout.provenance_folder(),
    ];
    while let Some(folder) = open.pop() {
        let paths = disk.sorted_paths(&folder);
        for path in paths.map_err(|source| StoreError::io("list", &folder, source))? {
            if size.files >= limit {
                size.is_complete = false;
                return Ok(size);
            }
            // A run may remove a file between the list and this.
            let Ok(facts) = disk.symlink_metadata(&path) else {
                continue;
            };
            match facts.kind {
                DiskEntryKind::Folder => open.push(path),
                DiskEntryKind::File => {
                    size.files += 1;
                    size.bytes += facts.stamp.size;
                }
                DiskEntryKind::Other => {}
            }
        }
    }
    Ok(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_counted_in_every_folder_and_up_to_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        assert!(measure_store(&layout, 9).unwrap().is_complete);
        for name in ["blobs/ab/one", "runs/rev-0001/logs/two", "provenance/three"] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "1234").unwrap();
        }
        let whole = measure_store(&layout, 9).unwrap();
        assert_eq!((whole.files, whole.bytes, whole.is_complete), (3, 12, true));
        let cut = measure_store(&layout, 2).unwrap();
        assert_eq!((cut.files, cut.is_complete), (2, false));
    }
}

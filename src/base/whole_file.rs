//! Replaces a file in one step: readers see the old content or the new, and never half of one.

use std::io::Write;
use std::path::Path;

/// How the names of files begin that are not written to their end yet.
pub const PARTIAL_PREFIX: &str = ".partial-";

/// Replaces the file, and creates it and the folders above it if they are missing. A file that
/// exists keeps its permissions; a new one is readable by its owner alone.
///
/// # Errors
/// Fails if the folder cannot be written or the disk is full. The old file is then unchanged.
pub fn replace_whole_file(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    replace_by_partial(file, bytes, PARTIAL_PREFIX)
}

/// As [`replace_whole_file`], by a partial file whose name begins with this. A process that is
/// killed leaves it, and its name then says whose it is.
///
/// # Errors
/// As [`replace_whole_file`].
pub fn replace_by_partial(file: &Path, bytes: &[u8], prefix: &str) -> std::io::Result<()> {
    replace_through(tempfile::Builder::new().prefix(prefix), file, bytes)
}

/// As [`replace_by_partial`], but a new file is readable by those who may read the other new files
/// of this user.
///
/// # Errors
/// As [`replace_whole_file`].
pub fn replace_shared_file(file: &Path, bytes: &[u8], prefix: &str) -> std::io::Result<()> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    replace_through(builder.prefix(prefix), file, bytes)
}

fn replace_through(
    builder: &tempfile::Builder<'_, '_>,
    file: &Path,
    bytes: &[u8],
) -> std::io::Result<()> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder)?;
    // In the same folder, because a rename across file systems is a copy, and a copy can be cut off
    // halfway. Under a name of its own: another user who made the folder could have put a link
    // under a name that is known, and the bytes would go where it leads.
    let mut partial = builder.tempfile_in(folder)?;
    partial.write_all(bytes)?;
    if let Ok(metadata) = std::fs::metadata(file) {
        partial.as_file().set_permissions(metadata.permissions())?;
    }
    // Before the rename: after a power cut, the name must not lead to a file without content.
    partial.as_file().sync_all()?;
    partial.persist(file)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_created_and_replaced_and_nothing_stays_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a/b.txt");
        replace_whole_file(&file, b"one").unwrap();
        replace_whole_file(&file, b"two").unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), b"two");
        let beside = std::fs::read_dir(file.parent().unwrap()).unwrap();
        assert_eq!(beside.count(), 1);
    }
}

//! Reads facts from the disk: what is at a path, how a file begins, whether a program is installed.

use super::external_facts::{FileFact, FileKind};
use super::project_paths::escapes_root;
use std::ffi::OsStr;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::Path;

/// Bytes read from the start of a file to detect its kind.
const HEAD_BYTES: u64 = 64;
/// Most names of a folder that serve for suggestions.
// A folder of frames may have a million files; a suggestion is not worth listing them.
const MAX_NEIGHBOURS: usize = 1000;

/// Looks at one file of the project. Never follows a link out of `root`.
pub(super) fn inspect_file(root: &Path, path: &Path) -> FileFact {
    // A document from elsewhere must not make the program open files outside its folder.
    if escapes_root(root, path) {
        return FileFact::Outside;
    }
    let place = root.join(path);
    match fs::metadata(&place) {
        Ok(metadata) if metadata.is_dir() => FileFact::Folder,
        Ok(metadata) if metadata.is_file() && metadata.len() == 0 => FileFact::Empty,
        // Opening a pipe or a device could block for ever.
        Ok(metadata) if !metadata.is_file() => {
            FileFact::Refused("it is neither a file nor a folder".to_owned())
        }
        Ok(_) => read_head(&place).map_or_else(
            |error| FileFact::Refused(error.to_string()),
            |head| FileFact::Holds(detect_file_kind(&head)),
        ),
        // Every other error, such as a denied permission, says nothing about whether the file
        // exists.
        Err(error) if is_absence(&error) => FileFact::Missing {
            neighbours: place.parent().and_then(folder_names),
        },
        Err(error) => FileFact::Refused(error.to_string()),
    }
}

/// Returns whether a program of this name is on `search_path`, which is written like `PATH`.
pub(super) fn is_on_path(name: &str, search_path: &OsStr) -> bool {
    let file_name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let folders =
        std::env::split_paths(search_path).filter(|folder| !folder.as_os_str().is_empty());
    folders
        .map(|folder| folder.join(&file_name))
        .any(|path| fs::metadata(path).is_ok_and(|metadata| is_program(&metadata)))
}

// `NotADirectory`: a folder of the path is a file. For the author, the file is missing.
fn is_absence(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

#[cfg(unix)]
fn is_program(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.is_file() && metadata.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_program(found: &Metadata) -> bool {
    found.is_file()
}

fn read_head(path: &Path) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD_BYTES).read_to_end(&mut head)?;
    Ok(head)
}

fn folder_names(folder: &Path) -> Option<Vec<String>> {
    let entries = fs::read_dir(folder).ok()?.flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names
        // Hidden files are never what the author meant.
        .filter(|name| !name.starts_with('.'))
        .take(MAX_NEIGHBOURS)
        .collect();
    // Folder order differs between file systems; messages must not.
    names.sort();
    Some(names)
}

fn detect_file_kind(head: &[u8]) -> FileKind {
    // JSON may begin with a byte order mark and spaces. Binary kinds may not.
    let text = head
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(head)
        .trim_ascii_start();
    let known: [(&[u8], FileKind); 8] = [
        (b"glTF", FileKind::Glb),
        (b"#?RADIANCE", FileKind::Hdr),
        (b"#?RGBE", FileKind::Hdr),
        (b"\x76\x2f\x31\x01", FileKind::Exr),
        (b"BLENDER", FileKind::Blend),
        // Blender compresses files with zstd since 3.0, and with gzip before.
        (b"\x28\xb5\x2f\xfd", FileKind::Blend),
        (b"\x1f\x8b", FileKind::Blend),
        (b"version https://git-lfs.", FileKind::LfsPointer),
    ];
    let by_magic = known
        .into_iter()
        .find(|(magic, _)| head.starts_with(magic))
        .map(|(_, kind)| kind);
    by_magic.unwrap_or(if text.starts_with(b"{") {
        FileKind::Json
    } else {
        FileKind::Other
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_first_bytes() {
        let heads: [&[u8]; 6] = [
            b"glTF\x02",
            b"\n { \"asset\"",
            b"#?RADIANCE\n",
            b"\x76\x2f\x31\x01",
            b"\x28\xb5\x2f\xfd",
            b"PK\x03",
        ];
        let kinds = [
            FileKind::Glb,
            FileKind::Json,
            FileKind::Hdr,
            FileKind::Exr,
            FileKind::Blend,
            FileKind::Other,
        ];
        assert_eq!(heads.map(detect_file_kind), kinds);
        assert_eq!(
            detect_file_kind(b"version https://git-lfs.github.com/spec/v1\n"),
            FileKind::LfsPointer
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_program_is_an_executable_file_on_the_path() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("ffmpeg");
        fs::write(&path, "").unwrap();
        assert!(!is_on_path("ffmpeg", directory.path().as_os_str()));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        assert!(is_on_path("ffmpeg", directory.path().as_os_str()));
        assert!(!is_on_path("ffprobe", directory.path().as_os_str()));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_project_is_not_followed() {
        let (project, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(outside.path().join("secret.glb"), "glTF").unwrap();
        std::os::unix::fs::symlink(outside.path(), project.path().join("assets")).unwrap();
        assert_eq!(
            inspect_file(project.path(), Path::new("assets/secret.glb")),
            FileFact::Outside
        );
        assert_eq!(
            inspect_file(project.path(), Path::new("assets/absent.glb")),
            FileFact::Outside
        );
    }
}

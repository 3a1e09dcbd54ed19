//! A look at the disk: what a path leads to and how a file begins.

use super::external_facts::{FileFact, FileKind};
use super::project_paths::escapes_root;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// First bytes that tell a file's kind.
const HEAD_BYTES: u64 = 64;
/// Most names of a folder that are kept for suggestions.
const MAX_NEIGHBOURS: usize = 1000;

/// Looks at one file of the project without following it out of `root`.
pub(super) fn inspect_file(root: &Path, path: &Path) -> FileFact {
    if escapes_root(root, path) {
        return FileFact::Outside;
    }
    let place = root.join(path);
    match fs::metadata(&place) {
        Ok(metadata) if metadata.is_dir() => FileFact::Folder,
        Ok(metadata) if metadata.is_file() && metadata.len() == 0 => FileFact::Empty,
        Ok(metadata) if !metadata.is_file() => {
            FileFact::Refused("it is neither a file nor a folder".to_owned())
        }
        Ok(_) => read_head(&place).map_or_else(
            |error| FileFact::Refused(error.to_string()),
            |head| FileFact::Holds(detect_file_kind(&head)),
        ),
        Err(error) if is_absence(&error) => FileFact::Missing {
            neighbours: place.parent().and_then(folder_names),
        },
        Err(error) => FileFact::Refused(error.to_string()),
    }
}

fn is_absence(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
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
        .filter(|name| !name.starts_with('.'))
        .take(MAX_NEIGHBOURS)
        .collect();
    names.sort();
    Some(names)
}

fn detect_file_kind(head: &[u8]) -> FileKind {
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

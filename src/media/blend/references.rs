//! Follows the files that a Blender file names: pictures, libraries, and the files that libraries
//! name in turn.

use super::blend_reader::BlendReader;
use super::blocks::{BlendBlock, read_blocks};
use super::catalogue::{FieldRange, StructureCatalogue};
use std::collections::BTreeSet;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Codes of blocks that name a file: picture, library, font, volume, cache, film.
const REFERENCE_BLOCKS: [&[u8; 4]; 6] = [
    b"IM\0\0", b"LI\0\0", b"VF\0\0", b"VO\0\0", b"CF\0\0", b"MC\0\0",
];
/// Names of the field with the path, which Blender has renamed.
const PATH_FIELDS: [&str; 2] = ["filepath", "name"];
/// The most libraries that are followed.
// A cycle of libraries ends by itself, since each file is visited once. The limit is for generated
// trees of files.
const MAX_LIBRARIES: usize = 1000;

/// Returns the Blender file and every existing file that it or its libraries name, sorted.
///
/// # Errors
/// Fails if the file itself cannot be read. An unreadable library counts as a file without
/// references.
pub fn blend_file_references(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = BTreeSet::from([path.to_owned()]);
    let mut pending = named_files(path)?;
    let mut libraries = 0;
    while let Some((file, is_library)) = pending.pop() {
        // Missing files are no inputs. Blender renders without them and prints a warning.
        let is_new = file.is_file() && files.insert(file.clone());
        if is_new && is_library && libraries < MAX_LIBRARIES {
            libraries += 1;
            // A library that cannot be read is an input all the same, so a repaired one renders
            // again.
            pending.extend(named_files(&file).unwrap_or_default());
        }
    }
    Ok(files.into_iter().collect())
}

/// Returns the files that one Blender file names, each with whether it is a library.
fn named_files(path: &Path) -> io::Result<Vec<(PathBuf, bool)>> {
    let (layout, blocks) = read_blocks(&mut BlendReader::open(path)?, |code: [u8; 4]| {
        &code == b"DNA1" || REFERENCE_BLOCKS.contains(&&code)
    })?;
    let catalogue = blocks.iter().find(|block| &block.code == b"DNA1");
    let catalogue =
        catalogue.and_then(|block| StructureCatalogue::read(&block.bytes, layout.pointer_bytes));
    let catalogue = catalogue.ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            "it has no `DNA1` block, which describes its structures",
        )
    })?;
    // Paths start at the file that names them, as in Blender, and not at the production.
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut files = Vec::new();
    for block in blocks
        .iter()
        .filter(|block| REFERENCE_BLOCKS.contains(&&block.code))
    {
        let Some(text) = external_path(block, &catalogue) else {
            continue;
        };
        let is_library = &block.code == b"LI\0\0";
        files.extend(
            file_variants(&resolve_path(folder, &text))
                .into_iter()
                .map(|file| (file, is_library)),
        );
    }
    Ok(files)
}

/// Returns the path that a block names. `None`: the file is packed into the Blender file, or
/// generated.
fn external_path(block: &BlendBlock, catalogue: &StructureCatalogue) -> Option<String> {
    let field = |names: &[&str]| catalogue.find_field(block.structure, names);
    let bytes = |range: FieldRange| {
        block
            .bytes
            .get(range.start..range.start.checked_add(range.length)?)
    };
    // A packed picture keeps its old path. Blender ignores that file, so a change of it must not
    // render anything again.
    let packed = field(&["packedfile", "packedfiles"]).and_then(bytes);
    if packed.is_some_and(|pointer| pointer.iter().any(|byte| *byte != 0)) {
        return None;
    }
    let text = bytes(field(&PATH_FIELDS)?)?;
    let end = text
        .iter()
        .position(|byte| *byte == 0)
        .unwrap_or(text.len());
    // Files saved on Windows have backslashes.
    let text = String::from_utf8_lossy(&text[..end]).replace('\\', "/");
    // `<builtin>` and its like are not paths.
    (!text.is_empty() && !text.starts_with('<')).then_some(text)
}

/// Returns the path with `//` replaced by the folder of the Blender file, and `..` resolved.
fn resolve_path(folder: &Path, text: &str) -> PathBuf {
    let path = text
        .strip_prefix("//")
        .map_or_else(|| PathBuf::from(text), |rest| folder.join(rest));
    // Resolved as text, because `canonicalize` refuses a missing file.
    let mut plain = PathBuf::new();
    for part in path.components() {
        let is_below = matches!(plain.components().next_back(), Some(Component::Normal(_)));
        match part {
            Component::CurDir => {}
            Component::ParentDir if is_below => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

/// Returns the files behind a path: itself, or every tile of a UDIM picture, or every file of a
/// numbered sequence. Those differ from it only in digits.
fn file_variants(path: &Path) -> Vec<PathBuf> {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let pattern = name.replace("<UDIM>", "0").replace("<UVTILE>", "u0_v0");
    // A file that ends in a number may be one of a sequence. Blender numbers frames from it, so all
    // of them are inputs.
    if pattern == name && path.is_file() && !ends_in_number(path) {
        return vec![path.to_owned()];
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    // Comparing without digits finds a few files too many, such as another take. That costs a
    // needless render at worst; a file too few would show an old picture.
    names
        .filter(|other| without_digits(other) == without_digits(&pattern))
        .map(|name| folder.join(name))
        .collect()
}

fn ends_in_number(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| {
        stem.to_string_lossy()
            .ends_with(|last: char| last.is_ascii_digit())
    })
}

fn without_digits(name: &str) -> String {
    name.chars()
        .filter(|character| !character.is_ascii_digit())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_from_the_file_s_folder_keeps_no_dots() {
        let at = |text| resolve_path(Path::new("film/sets"), text);
        assert_eq!(
            at("//../textures/./wood.png"),
            Path::new("film/textures/wood.png")
        );
        assert_eq!(at("//../../../wood.png"), Path::new("../wood.png"));
        assert_eq!(at("/srv/wood.png"), Path::new("/srv/wood.png"));
    }

    #[test]
    fn tiles_and_numbered_files_are_found_by_what_is_no_digit() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "wood.1001.png",
            "wood.1002.png",
            "wood.png",
            "smoke_0001.png",
            "smoke_0002.png",
        ] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        let names = |name: &str| {
            let mut found: Vec<String> = file_variants(&folder.path().join(name))
                .iter()
                .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
                .collect();
            found.sort();
            found.join(" ")
        };
        assert_eq!(names("wood.<UDIM>.png"), "wood.1001.png wood.1002.png");
        assert_eq!(names("smoke_0001.png"), "smoke_0001.png smoke_0002.png");
        assert_eq!(names("wood.png"), "wood.png");
    }

    #[test]
    fn a_cut_or_foreign_blender_file_is_refused_at_any_length() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.blend");
        let mut bytes = b"BLENDER-v304DATA\x08\0\0\0".to_vec();
        bytes.extend([7; 40]);
        for length in 0..bytes.len() {
            std::fs::write(&path, &bytes[..length]).unwrap();
            assert!(blend_file_references(&path).is_err());
        }
        for start in [
            &[0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3][..],
            &[0x1f, 0x8b, 8, 0],
            b"glTF",
        ] {
            std::fs::write(&path, start).unwrap();
            assert!(blend_file_references(&path).is_err());
        }
    }
}

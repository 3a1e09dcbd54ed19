//! Which production a command means that names a folder or nothing: the one in the current folder,
//! and the revision of a command such as `show 3`.

use super::args::StoreArgs;
use super::exit_codes::CliError;
use crate::base::bounded_text::read_bounded;
use crate::base::folder_names::folder_names;
use crate::session::FOLDER_SETTINGS;
use std::path::{Path, PathBuf};

/// The document of a folder with several YAML files.
const MAIN_DOCUMENT: &str = "production.yaml";

/// Most files of a folder that are looked at, and bytes of each. A folder of shots may have a YAML
/// file for each.
const MAX_FILES: usize = 1000;
const MAX_BYTES: u64 = 1 << 20;

/// Most documents that an error names.
const MAX_NAMED: usize = 5;

/// Returns the document that `path` means. A folder means its `production.yaml`, or the one
/// document in it; a folder without documents is reported by the code that opens it, unless it is
/// the current one.
///
/// # Errors
/// Fails when a folder has several documents and no `production.yaml`, or the current folder has
/// none.
pub(super) fn find_document(path: &Path) -> Result<PathBuf, CliError> {
    // A dead link counts as the document: opening it names the link, and another document must not
    // be taken in its place.
    if !path.is_dir() || path.join(MAIN_DOCUMENT).symlink_metadata().is_ok() {
        return Ok(path.to_owned());
    }
    let documents = folder_documents(path);
    let is_here = path == Path::new(".");
    match documents.as_slice() {
        [document] if is_here => Ok(document.into()),
        [document] => Ok(path.join(document)),
        [] if is_here => Err(CliError::Usage(
            "find a production in this folder: it has no production.yaml and no other document. \
             `production list` finds those below it, `production create NAME` begins one, and every \
             command takes the path of another"
                .to_owned(),
        )),
        [] => Ok(path.to_owned()),
        several => {
            let named: Vec<&str> = several
                .iter()
                .take(MAX_NAMED)
                .map(String::as_str)
                .collect();
            let rest = several.len() - named.len();
            let more = if rest > 0 {
                format!(" and {rest} more")
            } else {
                String::new()
            };
            Err(CliError::Usage(format!(
                "choose a document in {}: it has no production.yaml, and {} documents ({}{more}). \
                 Name one of them",
                if is_here { "this folder".into() } else { path.display().to_string() },
                several.len(),
                named.join(", ")
            )))
        }
    }
}

/// Returns whether a folder has a document, or several.
pub(super) fn has_document(folder: &Path) -> bool {
    folder.join(MAIN_DOCUMENT).symlink_metadata().is_ok() || !folder_documents(folder).is_empty()
}

/// Like [`find_document`], for commands that read the store only. A folder whose document is gone
/// may still have a store.
///
/// # Errors
/// As for [`find_document`].
pub(super) fn find_store_document(store: &StoreArgs) -> Result<PathBuf, CliError> {
    let has_store = store.store.is_some() || store.path.join(".production").is_dir();
    match find_document(&store.path) {
        Err(_) if has_store && folder_documents(&store.path).is_empty() => Ok(store.path.clone()),
        found => found,
    }
}

/// Returns the names of the files of a folder that begin a production.
fn folder_documents(folder: &Path) -> Vec<String> {
    let is_yaml = |name: &str| {
        let has_extension = name.ends_with(".yaml") || name.ends_with(".yml");
        has_extension && !name.starts_with('.') && name != FOLDER_SETTINGS
    };
    // A folder that cannot be listed is reported by the code that opens it.
    let names = folder_names(folder, MAX_FILES, is_yaml).unwrap_or_default();
    let names = names.into_iter();
    names
        .filter(|name| is_document(&folder.join(name)))
        .collect()
}

/// Returns whether a file has the top key of a document. It is not parsed: a document with a
/// mistake is still the one that is meant.
fn is_document(path: &Path) -> bool {
    let bytes = read_bounded(path, MAX_BYTES).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    lines.any(|line| {
        let key = line.split_once(':').map_or("", |(key, _)| key.trim_end());
        matches!(key, "production" | "\"production\"" | "'production'")
    })
}

/// What the words of a command mean that takes a production and revisions.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RevisionWords {
    /// The production.
    pub(super) path: PathBuf,
    /// The revisions, in the order in which they were typed.
    pub(super) revisions: Vec<String>,
}

/// Separates the production from the revisions behind it. The first word is a revision if it is no
/// path and reads like one.
///
/// # Errors
/// Fails when there are more revisions than `most`.
pub(super) fn split_revisions(
    path: &Path,
    words: &[Option<&String>],
    most: usize,
) -> Result<RevisionWords, CliError> {
    let mut revisions: Vec<String> = words.iter().flatten().map(|word| (*word).clone()).collect();
    let first = path.to_string_lossy();
    if path.exists() || !is_revision_name(&first) {
        return Ok(RevisionWords {
            path: path.to_owned(),
            revisions,
        });
    }
    revisions.insert(0, first.into_owned());
    if revisions.len() > most {
        let message = format!(
            "find {}: there is no such file or directory",
            path.display()
        );
        return Err(CliError::Usage(message));
    }
    Ok(RevisionWords {
        path: PathBuf::from("."),
        revisions,
    })
}

fn is_revision_name(text: &str) -> bool {
    let number = text.strip_prefix("rev-").unwrap_or(text);
    matches!(text, "current" | "latest")
        || (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    #[test]
    fn a_folder_means_its_main_document_or_the_only_one() {
        let both = folder(&[("production.yaml", ""), ("other.yaml", "production:\n")]);
        assert_eq!(find_document(both.path()).unwrap(), both.path());
        let only = folder(&[
            (
                "film.yml",
                "# a film\nx-values: &a 1\nproduction:\n  title: A\n",
            ),
            ("shots.yaml", "- {name: production: one}\n"),
            ("production.settings.yaml", "production: 1\n"),
            (".hidden.yaml", "production:\n"),
        ]);
        assert_eq!(
            find_document(only.path()).unwrap(),
            only.path().join("film.yml")
        );
        let file = only.path().join("shots.yaml");
        assert_eq!(find_document(&file).unwrap(), file, "a file is itself");
    }

    #[test]
    fn several_documents_are_named_and_none_is_left_to_the_reader() {
        let several = folder(&[
            ("a.yaml", "production:\n"),
            ("b.yaml", "\"production\": {}\n"),
        ]);
        let error = find_document(several.path()).unwrap_err().to_string();
        assert!(
            error.ends_with("and 2 documents (a.yaml, b.yaml). Name one of them"),
            "{error}"
        );
        let none = folder(&[("notes.yaml", "a: 1\n")]);
        assert_eq!(find_document(none.path()).unwrap(), none.path());
    }

    #[test]
    fn the_first_word_is_a_revision_if_it_is_no_path() {
        let split = |path: &str, words: &[&str], most: usize| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            let words: Vec<Option<&String>> = words.iter().map(Some).collect();
            let split = split_revisions(Path::new(path), &words, most);
            split
                .map(|split| format!("{} {}", split.path.display(), split.revisions.join(" ")))
                .map_err(|error| error.to_string())
        };
        assert_eq!(split("3", &[], 1).unwrap(), ". 3");
        assert_eq!(
            split("rev-0001", &["latest"], 2).unwrap(),
            ". rev-0001 latest"
        );
        assert_eq!(
            split("src", &["3"], 1).unwrap(),
            "src 3",
            "a path that exists"
        );
        assert_eq!(split("film", &["3"], 1).unwrap(), "film 3");
        assert!(
            split("3", &["4"], 1)
                .unwrap_err()
                .starts_with("find 3: there is no")
        );
    }
}

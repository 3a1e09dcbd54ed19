//! What `create` remembers about a production that it made from words: in `.created/`, beside the
//! document. With it, the same command makes only what other words change.

use super::created_production::{CreatedFile, CreatedProduction};
use super::creation_lock::CREATE_PREFIX;
use crate::base::Digest;
use crate::base::json::to_json_bytes;
use crate::base::whole_file::replace_by_partial;
use crate::cli::args::CreateArgs;
use crate::cli::exit_codes::CliError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The folder in that of the production.
pub(super) const FOLDER: &str = ".created";
/// The document as it was generated.
const DOCUMENT: &str = "production.yaml";
/// The document as it was before the last renewal.
pub(super) const BEFORE: &str = "before.yaml";
/// What would have come of a renewal that was refused.
pub(super) const REFUSED: &str = "refused.yaml";
/// Where the digest of the words is while a renewal replaces their copy.
pub(super) const PENDING: &str = "pending";
/// The options, as JSON.
const OPTIONS: &str = "options.json";

/// What a production was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CreationKind {
    Ad,
    Treatment,
    Script,
}

impl CreationKind {
    /// Returns what it is in words, such as `the words of an ad`.
    pub(super) const fn description(self) -> &'static str {
        match self {
            Self::Ad => "the words of an ad",
            Self::Treatment => "a treatment",
            Self::Script => "a script",
        }
    }
}

/// The options of the command that made the production.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CreationOptions {
    pub(super) kind: CreationKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    author: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    duration: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    creativity: Option<f32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    /// Files of the user's in the place of built-in ones, by their paths in the production.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    product: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    logo: Option<String>,
    /// The copy of the treatment or of the script, and its digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) source: Option<RecordedSource>,
    /// The digests that the document as generated may have: its own, and while it is replaced also that
    /// of the next one. Records of before have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    documents: Vec<String>,
    /// The digests that each model or picture may have that `create` wrote, by its path. While one is
    /// replaced it may have two. Records of before have none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    files: BTreeMap<String, Vec<String>>,
}

/// The file of words that was copied into the production.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordedSource {
    pub(super) path: String,
    pub(super) digest: String,
}

/// Everything that is remembered.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CreationRecord {
    pub(super) options: CreationOptions,
    /// The document as it was generated.
    pub(super) document: String,
}

impl CreationOptions {
    pub(super) fn new(kind: CreationKind, args: &CreateArgs, made: &CreatedProduction) -> Self {
        let own = |given: Option<&PathBuf>, stem: &str| {
            given?;
            let path = format!("models/{stem}.glb");
            made.has_file(&path).then_some(path)
        };
        Self {
            kind,
            title: args.title.clone(),
            author: args.author.clone(),
            duration: args.duration.clone(),
            creativity: args.creativity,
            seed: args.seed,
            product: own(args.product.as_ref(), "product"),
            logo: own(args.logo.as_ref(), "logo"),
            source: made.source.as_ref().map(|file| RecordedSource {
                path: file.path.clone(),
                digest: Digest::hash_bytes(&file.bytes).hex_string(),
            }),
            documents: Vec::new(),
            files: BTreeMap::new(),
        }
    }

    /// Returns whether a file with these bytes is one that `create` wrote at this path. `None`: it is not
    /// known what it wrote there.
    pub(super) fn wrote_file(&self, path: &str, bytes: &[u8]) -> Option<bool> {
        let digest = Digest::hash_bytes(bytes).hex_string();
        Some(self.files.get(path)?.contains(&digest))
    }

    /// Notes that files with these bytes are what `create` wrote. Those that it noted before stay.
    pub(super) fn add_files<'f>(&mut self, files: impl Iterator<Item = &'f CreatedFile>) {
        for file in files {
            let known = self.files.entry(file.path.clone()).or_default();
            let digest = Digest::hash_bytes(&file.bytes).hex_string();
            if !known.contains(&digest) {
                known.push(digest);
            }
        }
    }

    /// Takes over what another record knows about the files of these paths.
    pub(super) fn keep_files<'f>(&mut self, other: &Self, paths: impl Iterator<Item = &'f str>) {
        for path in paths {
            if let Some(known) = other.files.get(path) {
                self.files.insert(path.to_owned(), known.clone());
            }
        }
    }

    /// Writes the options alone, before files are replaced: a command that is killed meanwhile must not
    /// take its own files for those of a person.
    ///
    /// # Errors
    /// Fails if the folder cannot be written.
    pub(super) fn write(&self, folder: &Path) -> Result<(), CliError> {
        write_options(folder, self)
    }

    fn with_documents(&self, documents: &[&str]) -> Self {
        Self {
            documents: documents.iter().copied().map(document_digest).collect(),
            ..self.clone()
        }
    }

    /// Returns the arguments with these options where they have none of their own.
    pub(super) fn fill_args(&self, folder: &Path, args: &CreateArgs) -> CreateArgs {
        let file = |path: &Option<String>| {
            let path = folder.join(path.as_ref()?);
            // Without the file, the built-in model is shown again.
            path.is_file().then_some(path)
        };
        let mut filled = args.clone();
        filled.title = filled.title.or_else(|| self.title.clone());
        filled.author = filled.author.or_else(|| self.author.clone());
        filled.duration = filled.duration.or_else(|| self.duration.clone());
        filled.creativity = filled.creativity.or(self.creativity);
        filled.seed = filled.seed.or(self.seed);
        filled.product = filled.product.or_else(|| file(&self.product));
        filled.logo = filled.logo.or_else(|| file(&self.logo));
        filled
    }
}

impl CreationRecord {
    /// The files of a record, in the order in which they are moved to their place.
    pub(super) const FILES: [&'static str; 2] = [DOCUMENT, OPTIONS];

    /// Returns whether a folder has a record.
    pub(super) fn is_in(folder: &Path) -> bool {
        folder.join(FOLDER).join(OPTIONS).is_file()
    }

    /// Returns what is wrong with a folder that has a part of a record, and what helps. `None`: it has
    /// none.
    pub(super) fn incomplete(folder: &Path) -> Option<CliError> {
        let folder = folder.join(FOLDER);
        let is_there = |name: &str| folder.join(name).symlink_metadata().is_ok();
        if folder.is_file() {
            return Some(damaged_record(&folder, "is a file and no folder"));
        }
        let options = folder.join(OPTIONS);
        if is_there(OPTIONS) {
            return Some(damaged_record(&options, "is no file"));
        }
        is_there(DOCUMENT).then(|| damaged_record(&options, "is missing"))
    }

    /// Reads the record of a folder. `None`: the folder was not made from words.
    ///
    /// # Errors
    /// Fails if the record is damaged.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>, CliError> {
        if !Self::is_in(folder) {
            return Ok(None);
        }
        let folder = folder.join(FOLDER);
        let options = folder.join(OPTIONS);
        let text = read_remembered(&options)?;
        let parsed = serde_json::from_str(&text)
            .map_err(|error| damaged_record(&options, &format!("cannot be read ({error})")))?;
        let options: CreationOptions = parsed;
        let path = folder.join(DOCUMENT);
        let document = read_remembered(&path)?;
        // A record of before has no digest. What was written whole ends with a line break.
        let is_ours = match options.documents.as_slice() {
            [] => document.ends_with('\n'),
            known => known.contains(&document_digest(&document)),
        };
        if !is_ours {
            return Err(damaged_record(&path, "is not as `create` wrote it"));
        }
        Ok(Some(Self { options, document }))
    }

    /// Writes the record in the place of the one before, if there was one. A command that is killed
    /// meanwhile leaves a record that is believed: the document is one of two that the options name.
    ///
    /// # Errors
    /// Fails if the folder cannot be written.
    pub(super) fn write(&self, folder: &Path, before: Option<&Self>) -> Result<(), CliError> {
        if let Some(before) = before {
            let both = [before.document.as_str(), self.document.as_str()];
            write_options(folder, &before.options.with_documents(&both))?;
        }
        write_remembered(folder, DOCUMENT, self.document.as_bytes())?;
        write_options(folder, &self.options.with_documents(&[&self.document]))
    }
}

fn write_options(folder: &Path, options: &CreationOptions) -> Result<(), CliError> {
    write_remembered(folder, OPTIONS, &to_json_bytes(options))
}

/// Returns the digest of a document. Git may have changed its line ends.
fn document_digest(document: &str) -> String {
    Digest::hash_bytes(document.replace("\r\n", "\n").as_bytes()).hex_string()
}

/// Reads a file of a record.
fn read_remembered(path: &Path) -> Result<String, CliError> {
    if path.symlink_metadata().is_err() {
        return Err(damaged_record(path, "is missing"));
    }
    if !path.is_file() {
        return Err(damaged_record(path, "is no file"));
    }
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text),
        // Other bytes than a text has are damage. What may not be read is another matter.
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            Err(damaged_record(path, "is no text"))
        }
        Err(source) => Err(CliError::InputFile {
            path: path.to_owned(),
            source,
        }),
    }
}

/// Returns what is wrong with a file of a record, and what helps.
fn damaged_record(path: &Path, what: &str) -> CliError {
    CliError::Usage(format!(
        "renew: {0} {what}, so what you edited since cannot be told from what `create` wrote; put it back, \
         such as with `git checkout {0}`, or type another name and take your edits over by hand",
        path.display()
    ))
}

/// Keeps a document beside the record under this name, and returns its path.
pub(super) fn keep_document(
    folder: &Path,
    name: &str,
    document: &str,
) -> Result<PathBuf, CliError> {
    write_remembered(folder, name, document.as_bytes())?;
    Ok(folder.join(FOLDER).join(name))
}

fn write_remembered(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), CliError> {
    let file = folder.join(FOLDER).join(name);
    replace_by_partial(&file, bytes, CREATE_PREFIX)
        .map_err(|source| CliError::io_error(format!("write {}", file.display()), source))
}

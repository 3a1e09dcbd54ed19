//! What `create` remembers about a production that it made from words: in `.created/`, beside the
//! document. With it, the same command makes only what other words change.

use super::created_production::CreatedProduction;
use super::creation_lock::CREATE_PREFIX;
use crate::base::Digest;
use crate::base::json::to_json_bytes;
use crate::base::whole_file::replace_by_partial;
use crate::cli::args::CreateArgs;
use crate::cli::exit_codes::CliError;
use serde::{Deserialize, Serialize};
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
        }
    }

    /// Returns the arguments with these options where they have none of their own.
    pub(super) fn fill_args(&self, folder: &Path, args: &CreateArgs) -> CreateArgs {
        let file = |path: &Option<String>| {
            let path = folder.join(path.as_ref()?);
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
    /// Returns whether a folder has a record.
    pub(super) fn is_in(folder: &Path) -> bool {
        folder.join(FOLDER).join(OPTIONS).is_file()
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
        let read = |path: &Path| {
            if !path.is_file() {
                let message = format!("read {}: it is no file", path.display());
                return Err(CliError::Usage(message));
            }
            std::fs::read_to_string(path)
                .map_err(|source| CliError::io_error(format!("read {}", path.display()), source))
        };
        let text = read(&options)?;
        let parsed = serde_json::from_str(&text).map_err(|error| {
            CliError::Usage(format!(
                "read {}: {error}; `create` wrote it and needs it as it was",
                options.display()
            ))
        })?;
        Ok(Some(Self {
            options: parsed,
            document: read(&folder.join(DOCUMENT))?,
        }))
    }

    /// Writes the record.
    ///
    /// # Errors
    /// Fails if the folder cannot be written.
    pub(super) fn write(&self, folder: &Path) -> Result<(), CliError> {
        write_remembered(folder, DOCUMENT, self.document.as_bytes())?;
        write_remembered(folder, OPTIONS, &to_json_bytes(&self.options))
    }
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

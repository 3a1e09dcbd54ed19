//! The folder of a production that is made from words: a new one is written, one that exists is
//! renewed. A renewal takes over what the words changed since, and leaves every edit.

use super::created_production::{CreatedFile, CreatedProduction};
use super::creation_record::{
    BEFORE, CreationKind, CreationOptions, CreationRecord, REFUSED, keep_document,
};
use super::{check_name, open_default};
use crate::base::Digest;
use crate::base::paths::escapes_root;
use crate::base::whole_file::replace_whole_file;
use crate::cli::args::CreateArgs;
use crate::cli::cli_settings::CliSettings;
use crate::cli::commands::schema;
use crate::cli::exit_codes::{CliError, INVALID_INPUT};
use crate::cli::production_template::write_file;
use crate::document::three_way_merge::{MergeSide, MergedDocument, merge_documents};
use crate::document::yaml_edit::{FieldStep, set_field};
use crate::report::diagnostic::render_diagnostics;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Where a production is written.
pub(super) struct CreationTarget {
    pub(super) folder: PathBuf,
    kind: CreationKind,
    /// What is there already. `None`: nothing.
    record: Option<CreationRecord>,
}

/// What was done.
pub(super) struct CreationOutcome {
    pub(super) exit_code: ExitCode,
    /// What changed in a production that was there.
    pub(super) renewal: Option<ProductionRenewal>,
}

/// What a renewal did.
pub(super) struct ProductionRenewal {
    pub(super) merged: MergedDocument,
    /// Files that were added or replaced.
    pub(super) files: Vec<String>,
    /// The document as it was. `None` if it did not change.
    pub(super) before: Option<PathBuf>,
}

impl CreationTarget {
    /// Finds the folder that the arguments name.
    ///
    /// # Errors
    /// Fails for a bad name, and for a folder that was not made from words of this kind.
    pub(super) fn find(args: &CreateArgs, kind: CreationKind) -> Result<Self, CliError> {
        let name = args.name.clone().unwrap_or_default();
        check_name(&name).map_err(CliError::Usage)?;
        let folder = args.output.join(&name);
        // `exists` follows links: for a link without a target it would say no, and the files would
        // be written wherever the link leads.
        let record = match folder.symlink_metadata() {
            Ok(metadata) if metadata.is_dir() => CreationRecord::read(&folder)?,
            Ok(_) => None,
            Err(_) => {
                return Ok(Self {
                    folder,
                    kind,
                    record: None,
                });
            }
        };
        let shown = folder.display();
        let refused = |why: &str| {
            Err(CliError::Usage(format!(
                "create {shown}: {why}; choose another name"
            )))
        };
        match record {
            None => refused(
                "it exists already, and has no `.created` folder by which it could be renewed",
            ),
            Some(record) if record.options.kind != kind => refused(&format!(
                "it exists already, and was made from {}",
                record.options.kind.description()
            )),
            record => Ok(Self {
                folder,
                kind,
                record,
            }),
        }
    }

    /// Returns the arguments with the options that the production was made with, where they have
    /// none of their own.
    pub(super) fn fill_args(&self, args: &CreateArgs) -> CreateArgs {
        let options = self.record.as_ref().map(|record| &record.options);
        options.map_or_else(
            || args.clone(),
            |options| options.fill_args(&self.folder, args),
        )
    }

    /// Writes the production, or renews the one that is there.
    ///
    /// # Errors
    /// Fails if a file cannot be written, or the new production would have errors. What was there
    /// is then unchanged.
    pub(super) fn write(
        &self,
        args: &CreateArgs,
        made: &CreatedProduction,
        settings: &CliSettings,
    ) -> Result<CreationOutcome, CliError> {
        let options = CreationOptions::new(self.kind, args, made);
        match &self.record {
            Some(record) => self.renew(record, options, made, settings),
            None => self.write_new(options, made, settings),
        }
    }

    fn write_new(
        &self,
        options: CreationOptions,
        made: &CreatedProduction,
        settings: &CliSettings,
    ) -> Result<CreationOutcome, CliError> {
        let written = self.write_files(options, made, settings);
        if written.is_err() {
            // Half a production would only stand in the way of the next try under this name.
            let _ = std::fs::remove_dir_all(&self.folder);
        }
        written?;
        Ok(CreationOutcome {
            exit_code: ExitCode::SUCCESS,
            renewal: None,
        })
    }

    fn write_files(
        &self,
        options: CreationOptions,
        made: &CreatedProduction,
        settings: &CliSettings,
    ) -> Result<(), CliError> {
        for file in made.files.iter().chain(&made.source) {
            self.write_new_file(&file.path, &file.bytes)?;
        }
        self.write_new_file("production.yaml", made.document.as_bytes())?;
        let schema = schema::document_schema(&self.folder);
        self.write_new_file("production.schema.json", schema.as_bytes())?;
        if !self.is_valid(settings)? {
            let folder = self.folder.display();
            let message = format!("create {folder}: the result would have errors");
            return Err(CliError::Usage(message));
        }
        let record = CreationRecord {
            options,
            document: made.document.clone(),
        };
        record.write(&self.folder)
    }

    fn write_new_file(&self, path: &str, bytes: &[u8]) -> Result<(), CliError> {
        let to = self.folder.join(path);
        write_file(&to, bytes)
            .map_err(|source| CliError::io_error(format!("write {}", to.display()), source))
    }

    /// Opens the production, and prints its errors.
    fn is_valid(&self, settings: &CliSettings) -> Result<bool, CliError> {
        let opened = open_default(&self.folder, settings)?;
        if opened.checked.is_none() {
            settings.print_stderr(&render_diagnostics(
                &opened.diagnostics.into_sorted(),
                &opened.sources,
                settings.diagnostic_style(),
            ));
            return Ok(false);
        }
        Ok(true)
    }

    fn renew(
        &self,
        record: &CreationRecord,
        options: CreationOptions,
        made: &CreatedProduction,
        settings: &CliSettings,
    ) -> Result<CreationOutcome, CliError> {
        let document = self.document_to_renew()?;
        let (edited, renewed, merged) = self.merge(&document, record, made)?;
        let files = self.files_to_write(record, made)?;
        for file in &files {
            self.check_inside(&file.path)?;
        }
        let was_valid = open_default(&self.folder, settings)?.checked.is_some();
        for file in &files {
            self.write_new_file(&file.path, &file.bytes)?;
        }
        let before = if merged.text == edited {
            None
        } else {
            let before = keep_document(&self.folder, BEFORE, &edited)?;
            replace_document(&document, &merged.text)?;
            Some(before)
        };
        let is_valid = self.is_valid(settings)?;
        if was_valid && !is_valid {
            let renewed = keep_document(&self.folder, REFUSED, &merged.text)?;
            replace_document(&document, &edited)?;
            return Err(CliError::Usage(format!(
                "renew {0}: the result would have these errors, so the document is as it was; what would have come of \
                 it is in {1}",
                self.folder.display(),
                renewed.display()
            )));
        }
        let record = CreationRecord {
            options,
            document: renewed,
        };
        record.write(&self.folder)?;
        let files = files.iter().map(|file| file.path.clone()).collect();
        Ok(CreationOutcome {
            exit_code: if is_valid {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(INVALID_INPUT)
            },
            renewal: Some(ProductionRenewal {
                merged,
                files,
                before,
            }),
        })
    }

    /// Returns the document that is renewed.
    ///
    /// # Errors
    /// Fails if it is no file of this folder: what a link leads to may be another's.
    fn document_to_renew(&self) -> Result<PathBuf, CliError> {
        let document = self.folder.join("production.yaml");
        let metadata = document.symlink_metadata();
        let metadata = metadata
            .map_err(|source| CliError::io_error(format!("read {}", document.display()), source))?;
        if metadata.is_file() {
            return Ok(document);
        }
        Err(CliError::Usage(format!(
            "renew {}: {} is no plain file; put the file itself there",
            self.folder.display(),
            document.display()
        )))
    }

    /// Fails if a link leads the path out of the folder.
    fn check_inside(&self, path: &str) -> Result<(), CliError> {
        if !escapes_root(&self.folder, Path::new(path)) {
            return Ok(());
        }
        Err(CliError::Usage(format!(
            "renew {0}: {0}/{path} leads out of the folder; replace the link by a folder",
            self.folder.display()
        )))
    }

    /// Returns the document as edited, as generated anew, and both in one.
    fn merge(
        &self,
        document: &Path,
        record: &CreationRecord,
        made: &CreatedProduction,
    ) -> Result<(String, String, MergedDocument), CliError> {
        let edited = std::fs::read_to_string(document)
            .map_err(|source| CliError::io_error(format!("read {}", document.display()), source))?;
        let renewed = with_same_day(&record.document, &made.document);
        let merged = merge_documents(&record.document, &edited, &renewed).map_err(|side| {
            let folder = self.folder.display();
            CliError::Usage(match side {
                MergeSide::Edited => format!(
                    "renew {folder}: its document has a mistake (see `production validate {folder}`), or its fields are \
                     not on lines of their own; write it so"
                ),
                MergeSide::Base | MergeSide::Renewed => format!(
                    "renew {folder}: `.created/production.yaml` is damaged; choose another name"
                ),
            })
        })?;
        Ok((edited, renewed, merged))
    }

    /// Returns the files that are missing, and the words if they changed.
    ///
    /// # Errors
    /// Fails if the copy of the words was edited: those edits would be lost.
    fn files_to_write<'m>(
        &self,
        record: &CreationRecord,
        made: &'m CreatedProduction,
    ) -> Result<Vec<&'m CreatedFile>, CliError> {
        let missing = |file: &&CreatedFile| !self.folder.join(&file.path).exists();
        let mut files: Vec<&CreatedFile> = made.files.iter().filter(missing).collect();
        let Some(source) = &made.source else {
            return Ok(files);
        };
        let copy = self.folder.join(&source.path);
        let Ok(present) = std::fs::read(&copy) else {
            files.push(source);
            return Ok(files);
        };
        if present == source.bytes {
            return Ok(files);
        }
        let known = record.options.source.as_ref();
        let is_ours = known.is_some_and(|known| {
            known.path == source.path && known.digest == Digest::hash_bytes(&present).hex_string()
        });
        if !is_ours {
            return Err(CliError::Usage(format!(
                "renew {0}: {1} was edited and differs; use it, `--from {1}`, or move it away",
                self.folder.display(),
                copy.display()
            )));
        }
        files.push(source);
        Ok(files)
    }
}

fn replace_document(document: &Path, text: &str) -> Result<(), CliError> {
    replace_whole_file(document, text.as_bytes())
        .map_err(|source| CliError::io_error(format!("write {}", document.display()), source))
}

/// Returns the renewed document with the day of its creation as it was.
fn with_same_day(base: &str, renewed: &str) -> String {
    let day = base
        .lines()
        .find_map(|line| line.trim().strip_prefix("created:"));
    let place = [FieldStep::Key("production"), FieldStep::Key("created")];
    day.and_then(|day| set_field(renewed, &place, day.trim()))
        .unwrap_or_else(|| renewed.to_owned())
}

//! The folder of a production that is made from words: a new one is written, one that exists is
//! renewed. A renewal takes over what the words changed since, and leaves every edit.

use super::created_production::{CreatedFile, CreatedProduction};
use super::creation_lock::{
    CREATE_PREFIX, CreationLock, remove_partial_files, remove_partial_productions,
};
use super::creation_record::{
    BEFORE, CreationKind, CreationOptions, CreationRecord, FOLDER, PENDING, REFUSED, keep_document,
};
use super::{check_name, open_default};
use crate::base::paths::escapes_root;
use crate::base::whole_file::replace_by_partial;
use crate::base::{Digest, Severity, SourceMap};
use crate::cli::args::CreateArgs;
use crate::cli::cli_settings::CliSettings;
use crate::cli::commands::schema;
use crate::cli::exit_codes::{CliError, INVALID_INPUT};
use crate::cli::production_template::write_file;
use crate::document::three_way_merge::{MergeSide, MergedDocument, merge_documents};
use crate::document::yaml_edit::{FieldStep, set_field};
use crate::project::OpenedProduction;
use crate::report::diagnostic::render_diagnostics;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const MISSING_CHARACTER: &str = "production::titles::missing_character";
/// The most characters that an error lists.
const MOST_CHARACTERS: usize = 12;

/// Where a production is written.
pub(super) struct CreationTarget {
    pub(super) folder: PathBuf,
    kind: CreationKind,
    /// What is there already. `None`: nothing.
    record: Option<CreationRecord>,
    /// Held while what is there is read, merged and replaced. `None`: nothing is there.
    _lock: Option<CreationLock>,
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
        if is_free(&folder) {
            return Ok(Self {
                folder,
                kind,
                record: None,
                _lock: None,
            });
        }
        if folder.join(FOLDER).is_symlink() {
            return Err(CliError::Usage(format!(
                "renew {0}: {0}/.created is a link; replace it by the folder that it leads to",
                folder.display()
            )));
        }
        // Before the record is read: another command may be about to replace it.
        let lock = CreationRecord::is_in(&folder).then(|| CreationLock::acquire(&folder));
        let lock = lock.transpose()?;
        let record = match &lock {
            Some(_) => CreationRecord::read(&folder)?,
            None => None,
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
                _lock: lock,
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

    /// Writes a production in a folder beside its own, which is then renamed: a command that is
    /// killed leaves no half of one under its name.
    fn write_new(
        &self,
        options: CreationOptions,
        made: &CreatedProduction,
        settings: &CliSettings,
    ) -> Result<CreationOutcome, CliError> {
        let output = self.folder.parent().unwrap_or(Path::new("."));
        remove_partial_productions(output);
        let name = self.folder.file_name().unwrap_or_default();
        let name = format!("{CREATE_PREFIX}{}", name.to_string_lossy());
        let partial = output.join(format!("{name}-{}", std::process::id()));
        let written = self.write_partial(&partial, options, made, settings);
        if written.is_err() {
            let _ = std::fs::remove_dir_all(&partial);
        }
        written?;
        Ok(CreationOutcome {
            exit_code: ExitCode::SUCCESS,
            renewal: None,
        })
    }

    fn write_partial(
        &self,
        partial: &Path,
        options: CreationOptions,
        made: &CreatedProduction,
        settings: &CliSettings,
    ) -> Result<(), CliError> {
        let _lock = CreationLock::acquire(partial)?;
        for file in made.files.iter().chain(&made.source) {
            write_into(partial, &file.path, &file.bytes)?;
        }
        write_into(partial, "production.yaml", made.document.as_bytes())?;
        let schema = schema::document_schema(partial);
        write_into(partial, "production.schema.json", schema.as_bytes())?;
        let opened = open_default(partial, settings)?;
        if opened.checked.is_none() {
            return Err(self.refusal(partial, opened, settings));
        }
        let record = CreationRecord {
            options,
            document: made.document.clone(),
        };
        record.write(partial)?;
        self.take_place(partial)
    }

    /// Moves the finished production to its folder.
    fn take_place(&self, partial: &Path) -> Result<(), CliError> {
        let io = |source| CliError::io_error(format!("create {}", self.folder.display()), source);
        if !self.folder.is_dir() {
            return std::fs::rename(partial, &self.folder).map_err(io);
        }
        // A folder that is there and empty stays the same one: somebody may be in it. Its record
        // comes last, because without it nobody takes the folder for a whole production.
        let entries = std::fs::read_dir(partial).map_err(io)?;
        let mut names: Vec<_> = entries
            .map(|entry| entry.map(|entry| entry.file_name()))
            .collect::<Result<_, _>>()
            .map_err(io)?;
        names.sort_by_key(|name| name == FOLDER);
        if !is_free(&self.folder) {
            let message = format!("create {}: it is no longer empty", self.folder.display());
            return Err(CliError::Usage(message));
        }
        for name in names {
            std::fs::rename(partial.join(&name), self.folder.join(&name)).map_err(io)?;
        }
        std::fs::remove_dir(partial).map_err(io)
    }

    /// Returns why a new production is not kept. Its document is gone with it, so what was typed is
    /// named where that is known, and its errors are shown as of where it would be.
    fn refusal(&self, place: &Path, opened: OpenedProduction, settings: &CliSettings) -> CliError {
        let folder = self.folder.display();
        if let Some(characters) = undrawn_characters(&opened) {
            return CliError::Usage(format!(
                "create {folder}: no font of the program has these characters of the words: {characters}. It has Latin, \
                 Greek and Cyrillic letters; write what is drawn on pictures with those, such as a name in quotes or a \
                 heading. A document of your own can name other fonts under `fonts`"
            ));
        }
        let mut sources = SourceMap::default();
        for (_, source) in opened.sources.iter() {
            let path = source.path.strip_prefix(place);
            let path = path.map_or_else(|_| source.path.clone(), |path| self.folder.join(path));
            sources.add_file(path, source.text.clone());
        }
        let found = opened.diagnostics.into_sorted();
        settings.print_stderr(&render_diagnostics(
            &found,
            &sources,
            settings.diagnostic_style(),
        ));
        let message =
            format!("create {folder}: the result would have these errors, so nothing was made");
        CliError::Usage(message)
    }

    /// Opens the production, and prints its errors.
    fn is_valid(&self, settings: &CliSettings) -> Result<bool, CliError> {
        let opened = open_default(&self.folder, settings)?;
        if opened.checked.is_some() {
            return Ok(true);
        }
        settings.print_stderr(&render_diagnostics(
            &opened.diagnostics.into_sorted(),
            &opened.sources,
            settings.diagnostic_style(),
        ));
        Ok(false)
    }

    fn renew(
        &self,
        record: &CreationRecord,
        options: CreationOptions,
        made: &CreatedProduction,
        settings: &CliSettings,
    ) -> Result<CreationOutcome, CliError> {
        let document = self.document_to_renew()?;
        self.remove_partial_files(made);
        let (edited, renewed, merged) = self.merge(&document, record, made)?;
        let files = self.files_to_write(record, made)?;
        for file in &files {
            self.check_inside(&file.path)?;
        }
        let was_valid = open_default(&self.folder, settings)?.checked.is_some();
        let words = self.replace_words(made)?;
        for file in &files {
            replace_plain_file(&self.folder.join(&file.path), &file.bytes)?;
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
            words.restore()?;
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
        words.finish();
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

    /// Notes that the copy of the words is about to be replaced, and remembers it.
    fn replace_words(&self, made: &CreatedProduction) -> Result<WordsReplacement, CliError> {
        let copy = made.source.as_ref().map(|file| {
            let path = self.folder.join(&file.path);
            let bytes = std::fs::read(&path).ok();
            (path, bytes)
        });
        if let Some(file) = &made.source {
            let digest = Digest::hash_bytes(&file.bytes).hex_string();
            keep_document(&self.folder, PENDING, &digest)?;
        }
        Ok(WordsReplacement {
            copy,
            pending: self.folder.join(FOLDER).join(PENDING),
        })
    }

    /// Removes what a command left that was killed while it wrote into this folder.
    fn remove_partial_files(&self, made: &CreatedProduction) {
        let files = made.files.iter().chain(&made.source);
        let mut folders: BTreeSet<&Path> = files
            .filter_map(|file| Path::new(&file.path).parent())
            .collect();
        folders.insert(Path::new(FOLDER));
        folders.insert(Path::new(""));
        folders.retain(|folder| !escapes_root(&self.folder, folder));
        for folder in folders {
            remove_partial_files(&self.folder.join(folder));
        }
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
            "renew {0}: {0}/{path} leads out of the folder; replace the link by what it leads to",
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
                    "renew {folder}: its document has a mistake (see `production validate {folder}`), or it is one map in \
                     brackets with comments in it; write each field on a line of its own"
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
        if copy.exists() && !copy.is_file() {
            return Err(CliError::Usage(format!(
                "renew {}: {} is no file; move it away",
                self.folder.display(),
                copy.display()
            )));
        }
        let Ok(present) = std::fs::read(&copy) else {
            files.push(source);
            return Ok(files);
        };
        if present == source.bytes {
            return Ok(files);
        }
        let known = record.options.source.as_ref();
        let digest = Digest::hash_bytes(&present).hex_string();
        let pending = || std::fs::read_to_string(self.folder.join(FOLDER).join(PENDING));
        let is_ours = known.is_some_and(|known| {
            let is_recorded = || known.digest == digest;
            // A renewal that was killed or refused may have replaced it and not the record.
            known.path == source.path && (is_recorded() || pending().is_ok_and(|own| own == digest))
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

/// The copy of the words while a renewal replaces it.
struct WordsReplacement {
    /// Its path, and what was there.
    copy: Option<(PathBuf, Option<Vec<u8>>)>,
    pending: PathBuf,
}

impl WordsReplacement {
    /// Puts back what was there.
    fn restore(self) -> Result<(), CliError> {
        if let Some((path, Some(bytes))) = &self.copy {
            replace_plain_file(path, bytes)?;
        }
        self.finish();
        Ok(())
    }

    /// Forgets what was there.
    fn finish(self) {
        // A note that stays names words that are recorded anyway.
        let _ = std::fs::remove_file(self.pending);
    }
}

fn replace_document(document: &Path, text: &str) -> Result<(), CliError> {
    replace_by_partial(document, text.as_bytes(), CREATE_PREFIX)
        .map_err(|source| CliError::io_error(format!("write {}", document.display()), source))
}

/// Returns the characters that no font has, if that is all that is wrong with a production.
fn undrawn_characters(opened: &OpenedProduction) -> Option<String> {
    let errors = opened.diagnostics.as_slice().iter();
    let errors = errors.filter(|found| found.severity == Severity::Error);
    let mut characters = BTreeSet::new();
    for error in errors {
        if error.code != MISSING_CHARACTER {
            return None;
        }
        characters.insert(named_character(&error.message)?);
    }
    let count = characters.len();
    let shown = characters.into_iter().take(MOST_CHARACTERS);
    let shown: Vec<String> = shown
        .map(|each| format!("`{each}` (U+{:04X})", u32::from(each)))
        .collect();
    let more = match count.saturating_sub(MOST_CHARACTERS) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (count > 0).then(|| shown.join(", ") + &more)
}

/// Returns the character that a message names as `(U+5B50)`. The place of the finding may be that of
/// a beat, in whose titles the character is.
fn named_character(message: &str) -> Option<char> {
    let (_, number) = message.rsplit_once("(U+")?;
    let number = number.trim_end_matches(')');
    char::from_u32(u32::from_str_radix(number, 16).ok()?)
}

/// Whether a folder can be filled: there is nothing, or it is empty.
fn is_free(folder: &Path) -> bool {
    // `exists` follows links: for a link without a target it would say no, and the files would be
    // written wherever the link leads.
    match folder.symlink_metadata() {
        Err(_) => true,
        Ok(metadata) if metadata.is_dir() => {
            std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
        }
        Ok(_) => false,
    }
}

fn write_into(folder: &Path, path: &str, bytes: &[u8]) -> Result<(), CliError> {
    let to = folder.join(path);
    write_file(&to, bytes)
        .map_err(|source| CliError::io_error(format!("write {}", to.display()), source))
}

/// Writes a file beside its place and renames it: a half of it would count as there already.
fn replace_plain_file(file: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let partial = file.with_file_name(format!("{CREATE_PREFIX}{name}"));
    // As a new file and not as a temporary one, which others could not read.
    write_file(&partial, bytes)
        .and_then(|()| std::fs::rename(&partial, file))
        .map_err(|source| CliError::io_error(format!("write {}", file.display()), source))
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

//! The folder of a production that is made from words: a new one is written, one that exists is
//! renewed. A renewal takes over what the words changed since, and leaves every edit.

use super::created_production::{CreatedFile, CreatedProduction};
use super::creation_lock::{
    CREATE_PREFIX, CreationLock, IGNORE_NAME, LOCK_NAME, remove_partial_files,
    remove_partial_productions,
};
use super::creation_record::{
    BEFORE, CreationKind, CreationOptions, CreationRecord, FOLDER, PENDING, REFUSED, keep_document,
};
use super::{check_name, open_default};
use crate::base::paths::escapes_root;
use crate::base::printable::character_label;
use crate::base::whole_file::{replace_by_partial, replace_shared_file};
use crate::base::{Digest, Severity, SourceMap};
use crate::cli::args::CreateArgs;
use crate::cli::cli_settings::CliSettings;
use crate::cli::commands::schema;
use crate::cli::exit_codes::{CliError, INVALID_INPUT};
use crate::cli::production_template::write_file;
use crate::document::three_way_merge::{
    MergeSide, MergedDocument, OutlineFault, UnmergeableText, merge_documents,
};
use crate::document::yaml_edit::{FieldStep, set_field};
use crate::project::OpenedProduction;
use crate::report::diagnostic::render_diagnostics;
use std::collections::BTreeSet;
use std::io::ErrorKind;
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
    /// Files that the words make otherwise now, and that stay.
    pub(super) kept_files: Vec<KeptFile>,
    /// The document as it was. `None` if it did not change.
    pub(super) before: Option<PathBuf>,
}

/// A file that stays though the words make another.
pub(super) struct KeptFile {
    pub(super) path: String,
    /// Whether somebody changed it. `None`: what `create` wrote is not known.
    pub(super) is_changed: Option<bool>,
}

/// Files that were replaced, with their bytes.
type ReplacedFiles = Vec<(PathBuf, Vec<u8>)>;

/// What a renewal does with the files of a production.
struct FileRenewal<'m> {
    written: Vec<&'m CreatedFile>,
    kept: Vec<KeptFile>,
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
        // Files would be written wherever the link leads.
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
        if record.is_none()
            && let Some(error) = CreationRecord::incomplete(&folder)
        {
            return Err(error);
        }
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
            // The options of another kind mean nothing here, and its document has another shape.
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

    /// Returns a target for a command that writes nothing, for
    /// [`check_production`](Self::check_production).
    pub(super) fn unwritten(args: &CreateArgs, kind: CreationKind) -> Self {
        let name = args.name.clone().unwrap_or_default();
        Self {
            folder: args.output.join(name),
            kind,
            record: None,
            _lock: None,
        }
    }

    /// Fails as [`write`](Self::write) does if the new production would have errors. Writes it into a
    /// folder that is removed again.
    pub(super) fn check_production(
        &self,
        made: &CreatedProduction,
        settings: &CliSettings,
    ) -> Result<(), CliError> {
        let io = |source| CliError::io_error("write a folder for the check", source);
        let place = tempfile::tempdir().map_err(io)?;
        for file in made.files.iter().chain(&made.source) {
            write_into(place.path(), &file.path, &file.bytes)?;
        }
        write_into(place.path(), "production.yaml", made.document.as_bytes())?;
        let opened = open_default(place.path(), settings)?;
        match opened.checked {
            Some(_) => Ok(()),
            None => Err(self.refusal(place.path(), opened, settings)),
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
        let _lock = CreationLock::begin(partial, &self.folder)?;
        for file in made.files.iter().chain(&made.source) {
            write_into(partial, &file.path, &file.bytes)?;
        }
        write_into(partial, "production.yaml", made.document.as_bytes())?;
        let schema = schema::document_schema(partial);
        write_into(partial, "production.schema.json", schema.as_bytes())?;
        // Opened as any production: what `create` writes must run, or nothing is left of it.
        let opened = open_default(partial, settings)?;
        if opened.checked.is_none() {
            return Err(self.refusal(partial, opened, settings));
        }
        let mut options = options;
        options.add_files(made.files.iter());
        let record = CreationRecord {
            options,
            document: made.document.clone(),
        };
        record.write(partial, None)?;
        self.take_place(partial)
    }

    /// Moves the finished production to its folder. Of two commands that make one name, one wins.
    fn take_place(&self, partial: &Path) -> Result<(), CliError> {
        let io = |source| CliError::io_error(format!("create {}", self.folder.display()), source);
        if !self.folder.is_dir() {
            // A folder that is there by now has files, so it is not replaced.
            return std::fs::rename(partial, &self.folder).map_err(|source| match source.kind() {
                ErrorKind::DirectoryNotEmpty
                | ErrorKind::AlreadyExists
                | ErrorKind::NotADirectory => self.taken(),
                _ => io(source),
            });
        }
        if !is_free(&self.folder) {
            return Err(self.taken());
        }
        // A folder that is there and empty stays the same one: somebody may be in it. Only who has
        // its lock fills it.
        let _lock = CreationLock::acquire(&self.folder)?;
        if !is_free(&self.folder) {
            return Err(self.taken());
        }
        self.fill_folder(partial).map_err(io)
    }

    /// Moves the files of the finished production into its folder, which is empty but for the lock.
    fn fill_folder(&self, partial: &Path) -> std::io::Result<()> {
        let entries = std::fs::read_dir(partial)?;
        let mut names = entries
            .map(|entry| entry.map(|entry| entry.file_name()))
            .collect::<Result<Vec<_>, _>>()?;
        names.retain(|name| name != FOLDER);
        for name in names {
            std::fs::rename(partial.join(&name), self.folder.join(&name))?;
        }
        // The record comes last, because without it nobody takes the folder for a whole production.
        for name in CreationRecord::FILES {
            let (from, to) = (partial.join(FOLDER), self.folder.join(FOLDER));
            std::fs::rename(from.join(name), to.join(name))?;
        }
        std::fs::remove_dir_all(partial)
    }

    fn taken(&self) -> CliError {
        CliError::Usage(format!(
            "create {}: another command has made it meanwhile; choose another name",
            self.folder.display()
        ))
    }

    /// Returns why a new production is removed again. Its document is gone with it, so what was
    /// typed is named where that is known, and its errors are shown as of where it would be.
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
        let FileRenewal { written, kept } = self.files_to_write(record, made)?;
        // Before the first file is replaced: a link among the last would leave half a renewal.
        for file in &written {
            self.check_inside(&file.path)?;
        }
        // A document that the edits made invalid is renewed all the same; only what was valid must
        // stay so.
        let was_valid = open_default(&self.folder, settings)?.checked.is_some();
        let words = self.replace_words(made)?;
        let noted = self.note_files(record, &written)?;
        let replaced = self.replace_files(&written)?;
        let before = self.write_merged(&document, &edited, &merged.text)?;
        let is_valid = self.is_valid(settings)?;
        if was_valid && !is_valid {
            let renewed = keep_document(&self.folder, REFUSED, &merged.text)?;
            replace_document(&document, &edited)?;
            for (path, bytes) in &replaced {
                replace_plain_file(path, bytes)?;
            }
            words.restore()?;
            return Err(self.refused_renewal(&document, &renewed));
        }
        let mut options = options;
        options.add_files(made.files.iter());
        // What somebody changed is still theirs, whatever the words make.
        options.keep_files(&record.options, kept.iter().map(|file| file.path.as_str()));
        let renewed = CreationRecord {
            options,
            document: renewed,
        };
        renewed.write(&self.folder, Some(&noted))?;
        // The record has the digest of the words by now, so the note is not needed any more.
        words.finish();
        let files = written.iter().map(|file| file.path.clone()).collect();
        Ok(CreationOutcome {
            exit_code: ExitCode::from(if is_valid { 0 } else { INVALID_INPUT }),
            renewal: Some(ProductionRenewal {
                merged,
                files,
                kept_files: kept,
                before,
            }),
        })
    }

    /// Returns why a renewal is refused, and what helps: the edits and the words do not fit together.
    fn refused_renewal(&self, document: &Path, renewed: &Path) -> CliError {
        let words = match self.kind {
            CreationKind::Ad => "say other words, such as the length that your beats have",
            CreationKind::Treatment => "change the treatment",
            CreationKind::Script => "change the script",
        };
        let (document, renewed) = (document.display(), renewed.display());
        CliError::Usage(format!(
            "renew {}: the result would have these errors, so the document is as it was; what would have come of it, \
             with the lines above, is in {renewed}. Change what you wrote there in {document}, or {words}, and type the \
             command again. To take over by hand what the words make, copy it from there into {document}",
            self.folder.display(),
        ))
    }

    /// Records files that are about to be written, and returns the record with them.
    fn note_files(
        &self,
        record: &CreationRecord,
        files: &[&CreatedFile],
    ) -> Result<CreationRecord, CliError> {
        let mut noted = record.clone();
        noted.options.add_files(files.iter().copied());
        // Before the files: the next renewal would take files that no record names for the user's.
        if noted != *record {
            noted.options.write(&self.folder)?;
        }
        Ok(noted)
    }

    /// Writes the merged document, and returns the copy of the edited one. `None`: they are the same.
    fn write_merged(
        &self,
        document: &Path,
        edited: &str,
        merged: &str,
    ) -> Result<Option<PathBuf>, CliError> {
        if merged == edited {
            return Ok(None);
        }
        let before = keep_document(&self.folder, BEFORE, edited)?;
        replace_document(document, merged)?;
        Ok(Some(before))
    }

    /// Writes files, and returns those that it replaced with their bytes.
    fn replace_files(&self, files: &[&CreatedFile]) -> Result<ReplacedFiles, CliError> {
        let mut replaced = Vec::new();
        for file in files {
            let path = self.folder.join(&file.path);
            if let Ok(bytes) = std::fs::read(&path) {
                replaced.push((path.clone(), bytes));
            }
            replace_plain_file(&path, &file.bytes)?;
        }
        Ok(replaced)
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
        let metadata = metadata.map_err(|source| CliError::InputFile {
            path: document.clone(),
            source,
        })?;
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
        // Like every document that cannot be read, also one of bytes that are no text.
        let edited = std::fs::read_to_string(document).map_err(|source| CliError::InputFile {
            path: document.to_owned(),
            source,
        })?;
        let renewed = with_same_day(&record.document, &made.document);
        let merged = merge_documents(&record.document, &edited, &renewed);
        let merged = merged.map_err(|error| self.unmergeable(document, &error))?;
        Ok((edited, renewed, merged))
    }

    fn unmergeable(&self, document: &Path, error: &UnmergeableText) -> CliError {
        let folder = self.folder.display();
        let OutlineFault { line, why } = &error.fault;
        CliError::Usage(match error.side {
            MergeSide::Edited => format!(
                "renew {folder}: line {line} of {}: {why}; correct it (see `production validate {folder}`), and type the \
                 command again",
                document.display()
            ),
            MergeSide::Base | MergeSide::Renewed => {
                format!(
                    "renew {folder}: line {line} of what `create` wrote: {why}; choose another name"
                )
            }
        })
    }

    /// Returns the files that are missing, those that the words make otherwise and nobody changed,
    /// and the words if they changed; and which files stay though the words make others.
    ///
    /// # Errors
    /// Fails if the copy of the words was edited: those edits would be lost.
    fn files_to_write<'m>(
        &self,
        record: &CreationRecord,
        made: &'m CreatedProduction,
    ) -> Result<FileRenewal<'m>, CliError> {
        let mut renewal = FileRenewal {
            written: Vec::new(),
            kept: Vec::new(),
        };
        for file in &made.files {
            self.add_file(record, file, &mut renewal);
        }
        renewal.written.extend(self.words_to_write(record, made)?);
        Ok(renewal)
    }

    fn add_file<'m>(
        &self,
        record: &CreationRecord,
        file: &'m CreatedFile,
        renewal: &mut FileRenewal<'m>,
    ) {
        let path = self.folder.join(&file.path);
        if !path.exists() {
            return renewal.written.push(file);
        }
        // What cannot be read is not ours to replace.
        let present = std::fs::read(&path).unwrap_or_default();
        if present == file.bytes {
            return;
        }
        match record.options.wrote_file(&file.path, &present) {
            Some(true) => renewal.written.push(file),
            is_ours => renewal.kept.push(KeptFile {
                path: file.path.clone(),
                is_changed: is_ours.map(|is_ours| !is_ours),
            }),
        }
    }

    /// Returns the copy of the words, if it is missing or they changed.
    fn words_to_write<'m>(
        &self,
        record: &CreationRecord,
        made: &'m CreatedProduction,
    ) -> Result<Option<&'m CreatedFile>, CliError> {
        let Some(source) = &made.source else {
            return Ok(None);
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
            return Ok(Some(source));
        };
        if present == source.bytes {
            return Ok(None);
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
        Ok(Some(source))
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
    let shown: Vec<String> = shown.map(character_label).collect();
    let more = match count.saturating_sub(MOST_CHARACTERS) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (count > 0).then(|| shown.join(", ") + &more)
}

/// Returns the character that a message names as `(U+5B50)`. The place of the finding may be that
/// of a beat, in whose titles the character is.
fn named_character(message: &str) -> Option<char> {
    let (_, number) = message.rsplit_once("(U+")?;
    let number = number.trim_end_matches(')');
    char::from_u32(u32::from_str_radix(number, 16).ok()?)
}

/// Whether a folder can be filled: there is nothing, or it is empty but for a lock.
fn is_free(folder: &Path) -> bool {
    // `exists` follows links: for a link without a target it would say no, and the files would be
    // written wherever the link leads.
    match folder.symlink_metadata() {
        Err(_) => true,
        Ok(metadata) if metadata.is_dir() => {
            has_only(folder, &[FOLDER]) && {
                let record = folder.join(FOLDER);
                // Not through a link.
                !record.is_symlink() && has_only(&record, &[LOCK_NAME, IGNORE_NAME])
            }
        }
        Ok(_) => false,
    }
}

/// Whether a folder has no other entries than these. One that is not there has none.
fn has_only(folder: &Path, names: &[&str]) -> bool {
    match std::fs::read_dir(folder) {
        Ok(mut entries) => entries.all(|entry| {
            entry.is_ok_and(|entry| names.iter().any(|name| entry.file_name() == *name))
        }),
        Err(error) => error.kind() == ErrorKind::NotFound,
    }
}

fn write_into(folder: &Path, path: &str, bytes: &[u8]) -> Result<(), CliError> {
    let to = folder.join(path);
    write_file(&to, bytes)
        .map_err(|source| CliError::io_error(format!("write {}", to.display()), source))
}

/// Writes a file beside its place and renames it: a half of it would count as there already.
fn replace_plain_file(file: &Path, bytes: &[u8]) -> Result<(), CliError> {
    // A shared one: others may read the words and pictures of a production.
    replace_shared_file(file, bytes, CREATE_PREFIX)
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

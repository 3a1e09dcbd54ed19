//! Runs the first four stages in order: read, resolve, gather facts about files and tools,
//! validate.

use super::caption_table_file::read_captions;
use super::code_catalogue;
use super::font_survey::survey_fonts;
use super::footage_paths::footage_paths;
use super::gap_finder::{GapContext, find_gaps};
use super::path_findings::without_path_values;
use super::script_file::read_script;
use super::severity::{SeverityOptions, apply_severities};
use super::shot_list_file::read_shot_list;
use super::text_fit::measure_texts;
use crate::base::{
    DiagnosticCode, Diagnostics, FileId, FileSpan, Severity, SourceMap, find_program,
};
use crate::document::allow_comments::{self, AllowComment, may_hold_allow_comment};
use crate::document::caption_table::CaptionTable;
use crate::document::draft::ProductionDraft;
use crate::document::{
    DocumentLoadError, InputLimits, LoadedDocument, SourceTrees, VariableOverrides, VariableTable,
    json_pointer, load_document, mark_extended_files,
};
use crate::library::Library;
use crate::media::{footage_files, gltf, integrity, picture, speech_voices, voice_model};
use crate::model::shot_staging::MAX_LAMPS;
use crate::music::{FontFacts, FontTableError};
use crate::resolve::{
    DraftSource, RecutSource, ResolveOverrides, SpeechFacts, explicit_draft, resolve_production,
};
use crate::sound::{SoundFileError, probe_sound_file};
use crate::story::Screenplay;
use crate::validate::{
    CheckedProduction, ContentFault, ExternalFacts, ModelFileFact, PlaceProbe, SoundFileFact,
    UncheckedRules, ValidationOutcome, all_rules, validate_production,
};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use tracing::info_span;

/// An opened production with all its diagnostics.
#[derive(Debug)]
pub struct OpenedProduction {
    /// Every file that was read.
    pub sources: SourceMap,
    /// Every diagnostic, sorted by file and position.
    pub diagnostics: Diagnostics,
    /// The rules that could not be checked everywhere, by the mistake that is in the way.
    pub unchecked: Vec<UncheckedRules>,
    /// The script. `None`: the document names none, or it could not be read.
    pub screenplay: Option<Screenplay>,
    /// The production. `None` if a diagnostic is an error.
    pub checked: Option<CheckedProduction>,
    /// The folder that paths in the document start from.
    pub root: PathBuf,
}

/// The options for opening a production.
#[derive(Debug, Clone, Default)]
pub struct ProjectOptions<'a> {
    /// Options of the command line that override the document.
    pub overrides: ResolveOverrides,
    /// Limits for bytes, values and depth of the input.
    pub limits: InputLimits,
    /// Folders that are searched for tools, in the syntax of `PATH`.
    pub search_path: &'a OsStr,
    /// Values of variables from outside of the document.
    pub variable_sources: VariableOverrides,
    /// Whether warnings are errors.
    pub strict: bool,
    /// Free memory in mebibytes that frames must fit into. `None` if it is unknown, or if another
    /// machine renders.
    pub memory: Option<u32>,
    /// Looks at what is at the paths of deliverables. `None`: nobody looks, because the command
    /// delivers nothing.
    pub places: Option<&'a dyn PlaceProbe>,
    /// What is known of speech: the lengths of lines that were spoken before. Whether `espeak-ng`
    /// is there is looked up here.
    pub speech: SpeechFacts,
    /// The folder of this program's caches. `None`: nothing is remembered between commands.
    pub cache_folder: Option<&'a Path>,
}

/// Why a production could not be opened. The text reads after "failed to".
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is nothing to read.
    #[error(transparent)]
    Load(#[from] DocumentLoadError),
    /// `--quality` names a tier that no preset has.
    #[error("use quality tier `{tier}`: known tiers are {known}")]
    UnknownTier {
        /// The name as it was typed.
        tier: String,
        /// The known tiers, separated by commas.
        known: String,
    },
}

/// A production with every value explicit, and the variables behind them.
#[derive(Debug)]
pub struct ResolvedDocument {
    /// The document with every value that presets, defaults and variables give.
    pub draft: ProductionDraft,
    /// The variables that values were made from, with their sources.
    pub variables: VariableTable,
}

/// Reads, resolves and validates the production at `path`.
///
/// # Errors
/// Fails when there is nothing to read, or when `--quality` names an unknown tier.
pub fn open(path: &Path, options: &ProjectOptions<'_>) -> Result<OpenedProduction, OpenError> {
    read_production(path, options, false).map(|(opened, _)| opened)
}

/// Like [`open()`], and also returns the explicit document if no diagnostic is an error.
///
/// # Errors
/// As for [`open()`].
pub fn open_resolved(
    path: &Path,
    options: &ProjectOptions<'_>,
) -> Result<(OpenedProduction, Option<ResolvedDocument>), OpenError> {
    read_production(path, options, true)
}

fn read_production(
    path: &Path,
    options: &ProjectOptions<'_>,
    with_document: bool,
) -> Result<(OpenedProduction, Option<ResolvedDocument>), OpenError> {
    let mut sources = SourceMap::default();
    let ProjectOptions {
        limits,
        variable_sources,
        ..
    } = options;
    let loaded: LoadedDocument<ProductionDraft> = info_span!("stage", name = "read")
        .in_scope(|| load_document(path, limits, variable_sources, &mut sources))?;
    let mut diagnostics = loaded.diagnostics;
    let root = loaded.directory;
    let (library, presets) = read_library(&root, &mut sources, &mut diagnostics);
    let main_file = loaded.files.first();
    let context = ReadingContext {
        variables: &loaded.variables,
        extended: &loaded.extended,
        presets: &presets,
        library: &library,
        origin: main_file.map_or_else(FileSpan::default, |file| FileSpan::new(*file, 0, 0)),
        is_complete: loaded.complete,
        options,
    };
    // An error of the command, and no diagnostic: `--quality` is not in any file that could be
    // shown. It comes after the library was read, since the project may have tiers of its own.
    check_overrides(&options.overrides, &library)?;
    let Some(draft) = loaded.draft else {
        let unchecked = all_unchecked(&diagnostics);
        let opened = OpenedProduction {
            diagnostics: context.finalize_findings(diagnostics, None, None, &sources),
            unchecked,
            sources,
            screenplay: None,
            checked: None,
            root,
        };
        return Ok((opened, None));
    };
    Ok(context.open_draft(draft, root, sources, diagnostics, with_document))
}

/// Reads the library and the project's presets. Returns it with the files that it added to
/// `sources`.
fn read_library(
    root: &Path,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> (Library, Vec<FileId>) {
    // The files of presets are those that the library adds to the map. They are files of their own,
    // so JSON pointers into them do not begin at `/production`.
    let documents = sources.iter().count();
    let library = Library::read(root, sources, diagnostics);
    let added = sources.iter().skip(documents);
    let presets = added.map(|(file, _)| file).collect();
    (library, presets)
}

/// Removes the findings about what may be in a file that could not be read.
fn without_guesses(diagnostics: Diagnostics) -> Diagnostics {
    let mut certain = Diagnostics::default();
    diagnostics
        .into_iter()
        .filter(|found| found.code != "production::shots::auto_without_script")
        .for_each(|found| certain.push(found));
    certain
}

/// Returns that no rule was checked, because of the first error.
fn all_unchecked(diagnostics: &Diagnostics) -> Vec<UncheckedRules> {
    let errors = diagnostics.as_slice().iter();
    let first = errors
        .filter(|found| found.severity == Severity::Error)
        .min_by_key(|found| found.origin);
    let unchecked = first.map(|found| UncheckedRules {
        code: found.code,
        origin: found.origin,
        is_entry_only: false,
        rules: all_rules().map(|rule| rule.code).collect(),
        relevant: all_rules().map(|rule| rule.code).collect(),
    });
    unchecked.into_iter().collect()
}

/// The files that a draft names and that are read as text. `None`: it names none, or it could not
/// be read, which is reported.
struct NamedFiles {
    recut: Option<RecutSource>,
    screenplay: Option<Screenplay>,
    captions: Option<CaptionTable>,
}

/// How the documents were read, for what is opened from them and for their findings.
struct ReadingContext<'a> {
    variables: &'a VariableTable,
    extended: &'a [(FileId, FileSpan)],
    /// The files of the project's presets.
    presets: &'a [FileId],
    library: &'a Library,
    /// The start of the main file.
    origin: FileSpan,
    /// Whether every file was read. If not, rules about what it may define are not checked.
    is_complete: bool,
    options: &'a ProjectOptions<'a>,
}

impl ReadingContext<'_> {
    /// Reads the files that the draft names, resolves it, and validates it.
    fn open_draft(
        &self,
        mut draft: ProductionDraft,
        root: PathBuf,
        mut sources: SourceMap,
        diagnostics: Diagnostics,
        with_document: bool,
    ) -> (OpenedProduction, Option<ResolvedDocument>) {
        let options = self.options;
        let mut diagnostics = without_path_values(diagnostics, &draft);
        let NamedFiles {
            recut,
            screenplay,
            captions,
        } = self.read_named_files(&mut draft, &root, &mut sources, &mut diagnostics);
        // Before resolving, since the length of a shot may be that of its footage.
        let paths = footage_paths(&draft);
        let source = DraftSource {
            footage: &footage_files::survey_footage(
                paths,
                &root,
                options.search_path,
                options.cache_folder,
            ),
            speech: &self.speech_facts(),
            fonts: &survey_fonts(&draft, self.library, &root),
            root: root.clone(),
            origin: top_key_origin(&sources, self.origin),
            screenplay: screenplay.as_ref(),
            recut: recut.as_ref(),
            caption_table: captions.as_ref(),
        };
        let ValidationOutcome {
            checked,
            findings: rule_findings,
            unchecked,
        } = self.resolve_and_check(&draft, source, &sources, &mut diagnostics);
        diagnostics.extend(rule_findings);
        let diagnostics =
            self.finalize_findings(diagnostics, Some(&draft), Some(&unchecked), &sources);
        // Again, because earlier stages and the severities of the document may have added errors
        // that no rule knows of.
        let checked = checked.filter(|_| !diagnostics.has_errors());
        let resolved = checked
            .as_ref()
            .filter(|_| with_document)
            .map(|checked| ResolvedDocument {
                draft: explicit_draft(&draft, checked, screenplay.as_ref(), self.library),
                variables: self.variables.clone(),
            });
        let opened = OpenedProduction {
            diagnostics,
            unchecked,
            sources,
            screenplay,
            checked,
            root,
        };
        (opened, resolved)
    }

    /// Reads the shot list, the script and the table of captions. The shots of a list become those
    /// of the draft, so that the later steps do not see which file they came from.
    fn read_named_files(
        &self,
        draft: &mut ProductionDraft,
        root: &Path,
        sources: &mut SourceMap,
        diagnostics: &mut Diagnostics,
    ) -> NamedFiles {
        let limits = &self.options.limits;
        let recut = read_shot_list(draft, root, self.variables, limits, sources, diagnostics);
        NamedFiles {
            recut,
            screenplay: read_script(draft, root, limits, sources, diagnostics),
            captions: read_captions(draft, root, limits, sources, diagnostics),
        }
    }

    fn speech_facts(&self) -> SpeechFacts {
        let options = self.options;
        SpeechFacts {
            has_espeak_ng: find_program("espeak-ng", options.search_path).is_some(),
            ..options.speech.clone()
        }
    }

    /// Resolves the draft, gathers facts about files, places and tools, and runs every rule. The
    /// findings of resolving are added to `diagnostics`, those of the rules are in the outcome.
    fn resolve_and_check(
        &self,
        draft: &ProductionDraft,
        source: DraftSource<'_>,
        sources: &SourceMap,
        diagnostics: &mut Diagnostics,
    ) -> ValidationOutcome {
        let options = self.options;
        let production = info_span!("stage", name = "resolve").in_scope(|| {
            resolve_production(draft, source, self.library, &options.overrides, diagnostics)
        });
        if !self.is_complete {
            *diagnostics = without_guesses(std::mem::take(diagnostics));
        }
        let _validating = info_span!("stage", name = "validate").entered();
        // The readers are passed in as functions: `validate` must not depend on the module that
        // reads media.
        let facts = ExternalFacts::gather(&production, options.search_path)
            .read_models(&production, model_file_fact)
            .read_file_ends(&production, integrity::check_file_complete)
            .read_light_pictures(&production, picture::check_light_picture)
            .read_sound_files(&production, sound_file_fact)
            .ask_espeak_voices(&production, || {
                speech_voices::espeak_voices(options.search_path)
            })
            .ask_piper_voices(&production, || {
                speech_voices::piper_voices(options.search_path)
            })
            .check_voice_files(&production, voice_model::check_voice_model)
            .check_sound_font(&production, check_font)
            .probe_places(&production, sources, options.places);
        let texts = measure_texts(&production, diagnostics);
        // Rules still run after an error, so that one pass reports as much as possible. Each is
        // silent where it would only repeat what is missing.
        let mut trees = SourceTrees::new(sources, &options.limits);
        let gap_context = GapContext {
            extended: self.extended,
            presets: self.presets,
            sources,
            is_complete: self.is_complete,
        };
        let facts = ExternalFacts {
            gaps: find_gaps(diagnostics, &gap_context, &mut trees),
            memory: options.memory,
            tight_texts: texts.tight,
            text_extents: texts.extents,
            ..facts
        };
        validate_production(production, &facts)
    }
    /// Returns the diagnostics with their final severities, sorted, each with its JSON pointer, the
    /// variables behind its value, and the place that extends its file.
    fn finalize_findings(
        &self,
        diagnostics: Diagnostics,
        draft: Option<&ProductionDraft>,
        unchecked: Option<&[UncheckedRules]>,
        sources: &SourceMap,
    ) -> Diagnostics {
        // Trees are parsed again, and only for files with findings or comments. Keeping every tree
        // from reading would hold the largest part of a document in memory for runs without a
        // finding.
        let mut trees = SourceTrees::new(sources, &self.options.limits);
        let allows = allow_comments(&mut trees, self.presets);
        let known: Vec<(DiagnosticCode, Severity)> = code_catalogue::code_pages()
            .iter()
            .map(|page| (page.code, page.severity))
            .collect();
        let options = SeverityOptions {
            draft,
            allows: &allows,
            known: &known,
            strict: self.options.strict,
            unchecked: unchecked.map(|unchecked| {
                let rules = unchecked.iter().flat_map(|unchecked| &unchecked.rules);
                rules.copied().collect()
            }),
        };
        // Severities first, so that only findings that remain are marked: the note about `extends`
        // is added to the first finding of a file.
        let adjusted = mark_extended_files(
            apply_severities(diagnostics, &options).into_sorted(),
            self.extended,
        );
        json_pointer::add_pointers(
            self.variables.explain_findings(adjusted, sources),
            &mut trees,
            self.presets,
        )
    }
}

/// Returns the comments of every file that allow findings.
fn allow_comments(trees: &mut SourceTrees<'_>, presets: &[FileId]) -> Vec<AllowComment> {
    let mut comments = Vec::new();
    for (file, source) in trees
        .sources()
        .iter()
        .filter(|(_, source)| may_hold_allow_comment(&source.text))
    {
        let Some(tree) = trees.get(file) else {
            continue;
        };
        // Preset files have no `production` key.
        let top = if presets.contains(&file) {
            String::new()
        } else {
            json_pointer::root_pointer(tree, source)
        };
        comments.extend(allow_comments::allow_comments(tree, source, &top));
    }
    comments
}

fn check_overrides(overrides: &ResolveOverrides, library: &Library) -> Result<(), OpenError> {
    // A tier that comes from the document is resolved with a diagnostic at its place; this is only
    // about the option.
    let Some(tier) = overrides
        .quality
        .as_ref()
        .filter(|tier| library.quality.get(tier).is_none())
    else {
        return Ok(());
    };
    // The document decides then.
    if overrides.is_from_last_run() {
        return Ok(());
    }
    let known: Vec<&str> = library.quality.preset_names().collect();
    Err(OpenError::UnknownTier {
        tier: tier.clone(),
        known: known.join(", "),
    })
}

/// Returns the place of the key `production`. Diagnostics about the whole production point there.
/// Without such a key, returns `origin`.
fn top_key_origin(sources: &SourceMap, origin: FileSpan) -> FileSpan {
    let offset = sources
        .get(origin.file)
        // A search in the text is enough, since this is only a place to show. The tree is not there
        // any more.
        .and_then(|source| source.text.find("production:"));
    let offset = offset.and_then(|offset| u32::try_from(offset).ok());
    offset.map_or(origin, |offset| {
        FileSpan::new(origin.file, offset, offset + 10)
    })
}

fn sound_file_fact(path: &Path) -> SoundFileFact {
    match probe_sound_file(path) {
        Ok(facts) => SoundFileFact::Readable {
            sample_rate: facts.sample_rate,
            length: facts.length,
        },
        Err(SoundFileError::Truncated(why)) => SoundFileFact::Truncated(why),
        // Rules on files say it better.
        Err(SoundFileError::Io(_) | SoundFileError::Empty) => SoundFileFact::Unknown,
        Err(error) => SoundFileFact::Unreadable(error.to_string()),
    }
}

fn check_font(path: &Path) -> Result<(), ContentFault> {
    match FontFacts::read(path) {
        // Rules on files say it better.
        Ok(_) | Err(FontTableError::Io(_)) => Ok(()),
        Err(FontTableError::Truncated) => {
            let why = "says that it has more than the file holds";
            Err(ContentFault::Truncated(why.to_owned()))
        }
        Err(error) => Err(ContentFault::Unreadable(error.to_string())),
    }
}

fn model_file_fact(path: &Path) -> Result<ModelFileFact, String> {
    let facts = gltf::model_facts(path).map_err(|error| error.fault.to_string())?;
    let mut left_out = facts.left_out;
    if facts.light_count > MAX_LAMPS {
        left_out.push(format!(
            "it has {} lights, of which a shot shows the {MAX_LAMPS} strongest",
            facts.light_count
        ));
    }
    Ok(ModelFileFact {
        clips: facts.clips,
        left_out,
        nothing_drawn: facts.nothing_drawn,
        variants: facts.variants,
        expressions: facts.expressions,
        cameras: facts.cameras,
        longest_side: facts.longest_side.map(to_micrometres),
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates"
)]
fn to_micrometres(metres: f32) -> u64 {
    (f64::from(metres) * 1e6) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Opens a production whose one field names a file beside its folder, and returns codes, and
    /// whether that was read.
    fn opened(field: &str) -> (Vec<&'static str>, bool) {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("film");
        std::fs::create_dir(&inner).unwrap();
        std::fs::write(folder.path().join("secret"), "shots: [{name: stolen}]\n").unwrap();
        std::fs::write(
            inner.join("production.yaml"),
            format!("production:\n  title: The Lamp\n  {field}: ../secret\n"),
        )
        .unwrap();
        let opened = open(&inner, &ProjectOptions::default()).unwrap();
        let errors = opened
            .diagnostics
            .as_slice()
            .iter()
            .filter(|found| found.severity == crate::base::Severity::Error);
        (
            errors.map(|found| found.code).collect(),
            opened
                .sources
                .iter()
                .any(|(_, source)| source.path.ends_with("secret")),
        )
    }

    #[test]
    fn scripts_and_shot_lists_outside_the_project_are_refused_and_not_read() {
        let outside = "production::files::outside_project";
        assert_eq!(opened("script"), (vec![outside], false));
        assert_eq!(opened("shot_list"), (vec![outside], false));
    }
}

//! Runs the first four stages in order: read, resolve, gather facts about files and tools,
//! validate.

use super::code_catalogue;
use super::script_file::read_script;
use super::severity::{SeverityOptions, apply_severities};
use super::shot_list_file::read_shot_list;
use crate::base::{DiagnosticCode, Diagnostics, FileId, FileSpan, Severity, SourceMap};
use crate::document::allow_comments::{self, AllowComment, may_hold_allow_comment};
use crate::document::draft::ProductionDraft;
use crate::document::{
    DocumentLoadError, InputLimits, LoadedDocument, SourceTrees, VariableOverrides, VariableTable,
    json_pointer, load_document, mark_extended_files,
};
use crate::library::Library;
use crate::media::{gltf, integrity};
use crate::resolve::{DraftSource, ResolveOverrides, explicit_draft, resolve_production};
use crate::validate::{CheckedProduction, ExternalFacts, validate_production};
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
    let limits = &options.limits;
    let loaded: LoadedDocument<ProductionDraft> = info_span!("stage", name = "read")
        .in_scope(|| load_document(path, limits, &options.variable_sources, &mut sources))?;
    let mut diagnostics = loaded.diagnostics;
    let root = loaded.directory;
    let variables = loaded.variables;
    let (library, presets) = read_library(&root, &mut sources, &mut diagnostics);
    let context = FindingsContext {
        variables: &variables,
        extended: &loaded.extended,
        presets: &presets,
        options,
    };
    // An error of the command, and no diagnostic: `--quality` is not in any file that could be
    // shown. It comes after the library was read, since the project may have tiers of its own.
    check_overrides(&options.overrides, &library)?;
    // If a file could not be read, nothing is resolved: every name that the file defines would be
    // reported as missing.
    let Some(draft) = loaded.draft.filter(|_| loaded.complete) else {
        let diagnostics = context.finalize_findings(diagnostics, None, true, &sources);
        let opened = OpenedProduction {
            diagnostics,
            sources,
            checked: None,
            root,
        };
        return Ok((opened, None));
    };
    let decoded = DecodedProduction {
        draft,
        main_file: loaded.files.first().copied(),
        root,
        sources,
        diagnostics,
    };
    Ok(decoded.resolve_and_check(&library, &context, with_document))
}

/// A production as written, with what was found while it was read.
struct DecodedProduction {
    draft: ProductionDraft,
    main_file: Option<FileId>,
    root: PathBuf,
    sources: SourceMap,
    diagnostics: Diagnostics,
}

impl DecodedProduction {
    /// Reads the shot list and the script, resolves the draft, and validates the result.
    fn resolve_and_check(
        self,
        library: &Library,
        context: &FindingsContext<'_>,
        with_document: bool,
    ) -> (OpenedProduction, Option<ResolvedDocument>) {
        let Self {
            mut draft,
            main_file,
            root,
            mut sources,
            mut diagnostics,
        } = self;
        let FindingsContext {
            variables, options, ..
        } = *context;
        let limits = &options.limits;
        // Before resolving, so that shots of a list and shots of the document are the same from
        // here on.
        read_shot_list(
            &mut draft,
            &root,
            variables,
            limits,
            &mut sources,
            &mut diagnostics,
        );
        let screenplay = read_script(&draft, &root, limits, &mut sources, &mut diagnostics);
        let source = DraftSource {
            root: root.clone(),
            origin: top_key_origin(&sources, main_file),
            screenplay: screenplay.as_ref(),
        };
        let (checked, partial) = check_draft(&draft, source, library, options, &mut diagnostics);
        let diagnostics = context.finalize_findings(diagnostics, Some(&draft), partial, &sources);
        // Again, because earlier stages and the severities of the document may have added errors
        // that no rule knows of.
        let checked = checked.filter(|_| !diagnostics.has_errors());
        let resolved = checked
            .as_ref()
            .filter(|_| with_document)
            .map(|checked| ResolvedDocument {
                draft: explicit_draft(
                    &draft,
                    checked,
                    screenplay.as_ref(),
                    library,
                    &options.overrides,
                ),
                variables: variables.clone(),
            });
        let opened = OpenedProduction {
            diagnostics,
            sources,
            checked,
            root,
        };
        (opened, resolved)
    }
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
    let presets = sources
        .iter()
        .skip(documents)
        .map(|(file, _)| file)
        .collect();
    (library, presets)
}

/// Resolves the draft, gathers facts about files and tools, and runs every rule. Returns the
/// production, and whether earlier stages had found errors.
fn check_draft(
    draft: &ProductionDraft,
    source: DraftSource<'_>,
    library: &Library,
    options: &ProjectOptions<'_>,
    diagnostics: &mut Diagnostics,
) -> (Option<CheckedProduction>, bool) {
    let production = info_span!("stage", name = "resolve")
        .in_scope(|| resolve_production(draft, source, library, &options.overrides, diagnostics));
    let _validating = info_span!("stage", name = "validate").entered();
    let partial = diagnostics.has_errors();
    // The readers are passed in as functions: `validate` must not depend on the module that reads
    // media.
    let facts = ExternalFacts::gather(&production, options.search_path)
        .read_model_clips(&production, clip_names)
        .read_file_ends(&production, integrity::check_file_complete);
    let facts = ExternalFacts {
        // Rules still run after an error, so that one pass reports as much as possible. Rules that
        // would only repeat what is missing are silent when `partial` is set.
        partial,
        ..facts
    };
    let (checked, findings) = validate_production(production, &facts);
    diagnostics.extend(findings);
    (checked, partial)
}

/// What findings are finalized with: how the documents were read.
#[derive(Clone, Copy)]
struct FindingsContext<'a> {
    variables: &'a VariableTable,
    extended: &'a [(FileId, FileSpan)],
    presets: &'a [FileId],
    options: &'a ProjectOptions<'a>,
}

impl FindingsContext<'_> {
    /// Returns the diagnostics with their final severities, sorted, each with its JSON pointer, the
    /// variables behind its value, and the place that extends its file.
    fn finalize_findings(
        &self,
        diagnostics: Diagnostics,
        draft: Option<&ProductionDraft>,
        partial: bool,
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
            partial,
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
    let known: Vec<&str> = library.quality.preset_names().collect();
    Err(OpenError::UnknownTier {
        tier: tier.clone(),
        known: known.join(", "),
    })
}

/// Returns the place of the key `production`. Diagnostics about the whole production point there.
/// Without such a key, returns the start of the file.
fn top_key_origin(sources: &SourceMap, main_file: Option<FileId>) -> FileSpan {
    let origin = main_file.map_or_else(FileSpan::default, |file| FileSpan::new(file, 0, 0));
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

fn clip_names(path: &Path) -> Result<Vec<String>, String> {
    gltf::clip_names(path).map_err(|error| error.fault.to_string())
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

//! The first four stages in their order: read, resolve, gather what is known of the outside, validate.

use super::catalogue;
use super::script::read_script;
use super::shot_list::read_shot_list;
use super::verdict::{Asked, judge};
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

/// A production that was read, with everything found on the way.
#[derive(Debug)]
pub struct Opened {
    /// Every file read.
    pub sources: SourceMap,
    /// Every finding, in order of file and place.
    pub found: Diagnostics,
    /// The production, if no finding is an error.
    pub checked: Option<CheckedProduction>,
    /// The folder that paths in the document start from.
    pub root: PathBuf,
}

/// How a production is to be opened.
#[derive(Debug, Clone, Default)]
pub struct Options<'a> {
    /// What the command line says that the document need not.
    pub wishes: ResolveOverrides,
    /// How much input is accepted.
    pub limits: InputLimits,
    /// Where tools are looked for, written like `PATH`.
    pub search_path: &'a OsStr,
    /// What gives variables their values besides the document.
    pub outside: VariableOverrides,
    /// Whether warnings are errors.
    pub strict: bool,
}

/// Why nothing could be opened; the text reads after "failed to".
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is nothing to read.
    #[error(transparent)]
    Load(#[from] DocumentLoadError),
    /// A wish names a tier that no preset has.
    #[error("use quality tier `{tier}`: known tiers are {known}")]
    UnknownTier {
        /// The tier asked for.
        tier: String,
        /// The tiers there are.
        known: String,
    },
}

/// A production with every value said, and what is needed to say where each comes from.
#[derive(Debug)]
pub struct InFull {
    /// The document that says everything which presets, defaults and variables give.
    pub draft: ProductionDraft,
    /// The variables that values were made from.
    pub variables: VariableTable,
}

/// Reads, resolves and validates the production at `path`.
///
/// # Errors
/// Fails when there is nothing to read, or a wish names something that does not exist.
pub fn open(path: &Path, options: &Options<'_>) -> Result<Opened, OpenError> {
    read(path, options, false).map(|(opened, _)| opened)
}

/// Like [`open()`], and says the production in full, if no finding is an error.
///
/// # Errors
/// As for [`open()`].
pub fn open_in_full(
    path: &Path,
    options: &Options<'_>,
) -> Result<(Opened, Option<InFull>), OpenError> {
    read(path, options, true)
}

fn read(
    path: &Path,
    options: &Options<'_>,
    full: bool,
) -> Result<(Opened, Option<InFull>), OpenError> {
    let mut sources = SourceMap::default();
    let Options {
        wishes,
        limits,
        search_path,
        outside,
        strict: _,
    } = options;
    let loaded: LoadedDocument<ProductionDraft> = info_span!("stage", name = "read")
        .in_scope(|| load_document(path, limits, outside, &mut sources))?;
    let (mut found, root) = (loaded.diagnostics, loaded.directory);
    let (variables, extended) = (loaded.variables, loaded.extended);
    let documents = sources.iter().count();
    let library = Library::read(&root, &mut sources, &mut found);
    let presets: Vec<FileId> = sources
        .iter()
        .skip(documents)
        .map(|(file, _)| file)
        .collect();
    let reading = Reading {
        variables: &variables,
        extended: &extended,
        presets: &presets,
        options,
    };
    check_wishes(wishes, &library)?;
    let origin = loaded
        .files
        .first()
        .map_or_else(FileSpan::default, |file| FileSpan::new(*file, 0, 0));
    let draft = loaded.draft.filter(|_| loaded.complete);
    let Some(mut draft) = draft else {
        let found = reading.settle(found, None, true, &sources);
        return Ok((
            Opened {
                found,
                sources,
                checked: None,
                root,
            },
            None,
        ));
    };
    read_shot_list(
        &mut draft,
        (&root, &variables),
        limits,
        &mut sources,
        &mut found,
    );
    let screenplay = read_script(&draft, &root, limits, &mut sources, &mut found);
    let source = DraftSource {
        root: root.clone(),
        origin: top(&sources, origin),
        screenplay: screenplay.as_ref(),
    };
    let production = info_span!("stage", name = "resolve")
        .in_scope(|| resolve_production(&draft, source, &library, wishes, &mut found));
    let validating = info_span!("stage", name = "validate").entered();
    let facts = ExternalFacts::gather(&production, search_path)
        .read_model_clips(&production, clips)
        .read_file_ends(&production, integrity::check_file_complete);
    let facts = ExternalFacts {
        partial: found.has_errors(),
        ..facts
    };
    let (checked, broken) = validate_production(production, &facts);
    drop(validating);
    found.extend(broken);
    let found = reading.settle(found, Some(&draft), facts.partial, &sources);
    let checked = checked.filter(|_| !found.has_errors());
    let in_full = checked.as_ref().filter(|_| full).map(|checked| InFull {
        draft: explicit_draft(&draft, checked, screenplay.as_ref(), &library, wishes),
        variables: variables.clone(),
    });
    Ok((
        Opened {
            found,
            sources,
            checked,
            root,
        },
        in_full,
    ))
}

/// What findings are settled with: how the documents were read.
struct Reading<'a> {
    variables: &'a VariableTable,
    extended: &'a [(FileId, FileSpan)],
    presets: &'a [FileId],
    options: &'a Options<'a>,
}

impl Reading<'_> {
    /// Returns the findings as they count, in order, each with its path, the variables behind its value, and what extends
    /// its file.
    fn settle(
        &self,
        found: Diagnostics,
        draft: Option<&ProductionDraft>,
        partial: bool,
        sources: &SourceMap,
    ) -> Diagnostics {
        let mut trees = SourceTrees::new(sources, &self.options.limits);
        let allows = allows(&mut trees, self.presets);
        let known: Vec<(DiagnosticCode, Severity)> = catalogue::pages()
            .iter()
            .map(|page| (page.code, page.severity))
            .collect();
        let asked = Asked {
            draft,
            allows: &allows,
            known: &known,
            strict: self.options.strict,
            partial,
        };
        let judged = mark_extended_files(judge(found, &asked).into_sorted(), self.extended);
        json_pointer::add_pointers(
            self.variables.explain_findings(judged, sources),
            &mut trees,
            self.presets,
        )
    }
}

/// Returns the comments of every file that let findings pass.
fn allows(trees: &mut SourceTrees<'_>, presets: &[FileId]) -> Vec<AllowComment> {
    let mut found = Vec::new();
    for (file, source) in trees
        .sources()
        .iter()
        .filter(|(_, source)| may_hold_allow_comment(&source.text))
    {
        let Some(tree) = trees.get(file) else {
            continue;
        };
        let top = if presets.contains(&file) {
            String::new()
        } else {
            json_pointer::root_pointer(tree, source)
        };
        found.extend(allow_comments::allow_comments(tree, source, &top));
    }
    found
}

fn check_wishes(wishes: &ResolveOverrides, library: &Library) -> Result<(), OpenError> {
    let Some(tier) = wishes
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

/// Returns the place of the key `production`, for findings about the whole.
fn top(sources: &SourceMap, origin: FileSpan) -> FileSpan {
    let at = sources
        .get(origin.file)
        .and_then(|source| source.text.find("production:"));
    let at = at.and_then(|at| u32::try_from(at).ok());
    at.map_or(origin, |at| FileSpan::new(origin.file, at, at + 10))
}

fn clips(path: &Path) -> Result<Vec<String>, String> {
    gltf::clip_names(path).map_err(|error| error.fault.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Opens a production whose one field names a file beside its folder, and returns codes, and whether that was read.
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
        let opened = open(&inner, &Options::default()).unwrap();
        let errors = opened
            .found
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

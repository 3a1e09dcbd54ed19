//! The first four stages in their order: read, resolve, gather what is known of the outside, validate.

use super::catalogue;
use super::script::read_script;
use super::shot_list::read_shot_list;
use super::verdict::{Asked, judge};
use crate::base::{Code, Diagnostics, FileId, Origin, Severity, Sources};
use crate::document::allow::{self, Allow, may_allow};
use crate::document::draft::ProductionDraft;
use crate::document::{Limits, LoadError, Loaded, Trees, load, pointer};
use crate::library::Library;
use crate::media::{gltf, whole};
use crate::resolve::{Source, Wishes, resolve};
use crate::validate::{Checked, Facts, validate};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// A production that was read, with everything found on the way.
#[derive(Debug)]
pub struct Opened {
    /// Every file read.
    pub sources: Sources,
    /// Every finding, in order of file and place.
    pub found: Diagnostics,
    /// The production, if no finding is an error.
    pub checked: Option<Checked>,
    /// The folder that paths in the document start from.
    pub root: PathBuf,
}

/// How a production is to be opened.
#[derive(Debug, Clone, Default)]
pub struct Options<'a> {
    /// What the command line says that the document need not.
    pub wishes: Wishes,
    /// How much input is accepted.
    pub limits: Limits,
    /// Where tools are looked for, written like `PATH`.
    pub search_path: &'a OsStr,
    /// Whether warnings are errors.
    pub strict: bool,
}

/// Why nothing could be opened; the text reads after "failed to".
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is nothing to read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A wish names a tier that no preset has.
    #[error("use quality tier `{tier}`: known tiers are {known}")]
    UnknownTier {
        /// The tier asked for.
        tier: String,
        /// The tiers there are.
        known: String,
    },
}

/// Reads, resolves and validates the production at `path`.
///
/// # Errors
/// Fails when there is nothing to read, or a wish names something that does not exist.
pub fn open(path: &Path, options: &Options<'_>) -> Result<Opened, OpenError> {
    let mut sources = Sources::default();
    let Options { wishes, limits, search_path, strict: _ } = options;
    let loaded: Loaded<ProductionDraft> = load(path, limits, &mut sources)?;
    let (mut found, root) = (loaded.diagnostics, loaded.directory);
    let documents = sources.iter().count();
    let library = Library::read(&root, &mut sources, &mut found);
    let presets: Vec<FileId> = sources.iter().skip(documents).map(|(file, _)| file).collect();
    check_wishes(wishes, &library)?;
    let origin = loaded.files.first().map_or_else(Origin::default, |file| Origin::new(*file, 0, 0));
    let draft = loaded.draft.filter(|_| loaded.complete);
    let Some(mut draft) = draft else {
        let found = settle(found, None, true, &presets, &sources, options);
        return Ok(Opened { found, sources, checked: None, root });
    };
    read_shot_list(&mut draft, &root, limits, &mut sources, &mut found);
    let screenplay = read_script(&draft, &root, limits, &mut sources, &mut found);
    let source =
        Source { root: root.clone(), origin: top(&sources, origin), screenplay: screenplay.as_ref() };
    let production = resolve(&draft, source, &library, wishes, &mut found);
    let facts = Facts::gather(&production, search_path)
        .read_models(&production, clips)
        .read_ends(&production, whole::check);
    let facts = Facts { partial: found.has_errors(), ..facts };
    let (checked, broken) = validate(production, &facts);
    found.extend(broken);
    let found = settle(found, Some(&draft), facts.partial, &presets, &sources, options);
    let checked = checked.filter(|_| !found.has_errors());
    Ok(Opened { found, sources, checked, root })
}

/// Returns the findings as they count, in order, each with the pointer of its value.
fn settle(
    found: Diagnostics,
    draft: Option<&ProductionDraft>,
    partial: bool,
    presets: &[FileId],
    sources: &Sources,
    options: &Options<'_>,
) -> Diagnostics {
    let mut trees = Trees::of(sources, &options.limits);
    let allows = allows(&mut trees, presets);
    let known: Vec<(Code, Severity)> =
        catalogue::pages().iter().map(|page| (page.code, page.severity)).collect();
    let asked = Asked { draft, allows: &allows, known: &known, strict: options.strict, partial };
    pointer::locate(judge(found, &asked).sorted(), &mut trees, presets)
}

/// Returns the comments of every file that let findings pass.
fn allows(trees: &mut Trees<'_>, presets: &[FileId]) -> Vec<Allow> {
    let mut found = Vec::new();
    for (file, source) in trees.sources().iter().filter(|(_, source)| may_allow(&source.text)) {
        let Some(tree) = trees.get(file) else { continue };
        let top = if presets.contains(&file) { String::new() } else { pointer::top(tree, source) };
        found.extend(allow::allows(tree, source, &top));
    }
    found
}

fn check_wishes(wishes: &Wishes, library: &Library) -> Result<(), OpenError> {
    let Some(tier) = wishes.quality.as_ref().filter(|tier| library.quality.get(tier).is_none()) else {
        return Ok(());
    };
    let known: Vec<&str> = library.quality.names().collect();
    Err(OpenError::UnknownTier { tier: tier.clone(), known: known.join(", ") })
}

/// Returns the place of the key `production`, for findings about the whole.
fn top(sources: &Sources, origin: Origin) -> Origin {
    let at = sources.get(origin.file).and_then(|source| source.text.find("production:"));
    let at = at.and_then(|at| u32::try_from(at).ok());
    at.map_or(origin, |at| Origin::new(origin.file, at, at + 10))
}

fn clips(path: &Path) -> Result<Vec<String>, String> {
    let model = gltf::Model::load(path).map_err(|error| error.to_string())?;
    Ok(model.clip_names().map(str::to_owned).collect())
}

//! The first four stages in their order: read, resolve, gather what is known of the outside, validate.

use super::script::read_script;
use super::shot_list::read_shot_list;
use crate::base::{Diagnostics, Origin, Sources};
use crate::document::draft::ProductionDraft;
use crate::document::{Limits, LoadError, Loaded, load, pointer};
use crate::library::Library;
use crate::media::gltf;
use crate::resolve::{Source, Wishes, resolve};
use crate::validate::{Checked, Facts, validate};
use std::ffi::OsStr;
use std::path::Path;

/// A production that was read, with everything found on the way.
#[derive(Debug)]
pub struct Opened {
    /// Every file read.
    pub sources: Sources,
    /// Every finding, in order of file and place.
    pub found: Diagnostics,
    /// The production, if no finding is an error.
    pub checked: Option<Checked>,
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
    let Options { wishes, limits, search_path } = options;
    let loaded: Loaded<ProductionDraft> = load(path, limits, &mut sources)?;
    let mut found = loaded.diagnostics;
    let library = Library::read(&loaded.directory, &mut sources, &mut found);
    check_wishes(wishes, &library)?;
    let origin = loaded.files.first().map_or_else(Origin::default, |file| Origin::new(*file, 0, 0));
    let draft = loaded.draft.filter(|_| loaded.complete);
    let Some(mut draft) = draft else {
        return Ok(Opened {
            found: pointer::locate(found.sorted(), limits, &sources),
            sources,
            checked: None,
        });
    };
    read_shot_list(&mut draft, &loaded.directory, limits, &mut sources, &mut found);
    let screenplay = read_script(&draft, &loaded.directory, limits, &mut sources, &mut found);
    let source =
        Source { root: loaded.directory, origin: top(&sources, origin), screenplay: screenplay.as_ref() };
    let production = resolve(&draft, source, &library, wishes, &mut found);
    let facts = Facts::gather(&production, search_path).read_models(&production, clips);
    let facts = Facts { partial: found.has_errors(), ..facts };
    let (checked, broken) = validate(production, &facts);
    found.extend(broken);
    let checked = checked.filter(|_| !found.has_errors());
    Ok(Opened { found: pointer::locate(found.sorted(), limits, &sources), sources, checked })
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

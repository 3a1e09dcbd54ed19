//! From a path to a checked production: the first four stages, in order, with every finding on the way.

use super::exit::CliError;
use super::settings::Settings;
use crate::base::{Diagnostic, Diagnostics, Origin, Sources, Spanned};
use crate::document::draft::{ProductionDraft, ShotListDraft};
use crate::document::{Limits, Loaded, Scope, TextOr, decode_at, load, pointer, tree};
use crate::expand::Sidecars;
use crate::library::Library;
use crate::media::gltf;
use crate::resolve::{Source, Wishes, resolve};
use crate::story::{Screenplay, fountain};
use crate::validate::{Checked, Facts, validate};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A production that was read, with everything found on the way.
pub(super) struct Opened {
    /// Every file read.
    pub(super) sources: Sources,
    /// Every finding, in order of file and place.
    pub(super) found: Diagnostics,
    /// The production, if no finding is an error.
    pub(super) checked: Option<Checked>,
}

/// Reads, resolves and validates the production at `path`.
///
/// # Errors
/// Fails when there is nothing to read, or a wish names something that does not exist.
pub(super) fn open(path: &Path, wishes: &Wishes, settings: &Settings) -> Result<Opened, CliError> {
    let mut sources = Sources::default();
    let limits = Limits::default();
    let loaded: Loaded<ProductionDraft> = load(path, &limits, &mut sources)?;
    let mut found = loaded.diagnostics;
    let library = Library::read(&loaded.directory, &mut sources, &mut found);
    check_wishes(wishes, &library)?;
    let origin = loaded.files.first().map_or_else(Origin::default, |file| Origin::new(*file, 0, 0));
    let draft = loaded.draft.filter(|_| loaded.complete);
    let Some(mut draft) = draft else {
        return Ok(Opened { found: pointer::locate(found.sorted(), &sources), sources, checked: None });
    };
    read_shot_list(&mut draft, &loaded.directory, &mut sources, &mut found);
    let screenplay = read_script(&draft, &loaded.directory, &mut sources, &mut found);
    let source =
        Source { root: loaded.directory, origin: top(&sources, origin), screenplay: screenplay.as_ref() };
    let production = resolve(&draft, source, &library, wishes, &mut found);
    let facts = Facts::gather(&production, &settings.search_path).read_models(&production, clips);
    let facts = Facts { partial: found.has_errors(), ..facts };
    let (checked, broken) = validate(production, &facts);
    found.extend(broken);
    let checked = checked.filter(|_| !found.has_errors());
    Ok(Opened { found: pointer::locate(found.sorted(), &sources), sources, checked })
}

fn check_wishes(wishes: &Wishes, library: &Library) -> Result<(), CliError> {
    let Some(tier) = wishes.quality.as_ref().filter(|tier| library.quality.get(tier).is_none()) else {
        return Ok(());
    };
    let known: Vec<&str> = library.quality.names().collect();
    Err(CliError::Usage(format!("use quality tier `{tier}`: known tiers are {}", known.join(", "))))
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

fn read_script(
    draft: &ProductionDraft,
    folder: &Path,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Option<Screenplay> {
    let script = draft.script.as_ref().filter(|script| !script.hole)?;
    let path = folder.join(&script.value);
    let text = read_text(&path, script, found)?;
    let file = sources.add(path, Arc::clone(&text));
    Some(fountain::read(file, &text, found))
}

/// Returns a named file's text; one that is not there is left to the rule for missing files.
fn read_text(path: &Path, named: &Spanned<String>, found: &mut Diagnostics) -> Option<Arc<str>> {
    let bytes = std::fs::read(path).ok()?;
    match String::from_utf8(bytes) {
        Ok(text) => Some(text.trim_start_matches('\u{feff}').into()),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let message = format!("`{}` is not UTF-8 text; the first wrong byte is at {at}", named.value);
            let help = "save it as UTF-8";
            found.push(Diagnostic::error("production::files::not_text", named.origin, message).help(help));
            None
        }
    }
}

/// Takes the shots of `shot_list` when the document has none of its own.
fn read_shot_list(
    draft: &mut ProductionDraft,
    folder: &Path,
    sources: &mut Sources,
    found: &mut Diagnostics,
) {
    let Some(list) = draft.shot_list.clone().filter(|list| !list.hole) else { return };
    let path = folder.join(&list.value);
    let Some(text) = read_text(&path, &list, found) else { return missing_shot_list(&path, &list, found) };
    let limits = Limits::default();
    let file = sources.add(path, Arc::clone(&text));
    let Some(tree) = tree::parse(file, text, &limits, found) else { return };
    let shots = tree.root().and_then(|root| {
        let scope = Scope { path: "", free_keys: &[] };
        decode_at::<ShotListDraft>(&tree, root, scope, &limits, found)
    });
    if let (Some(shots), None) = (shots.and_then(|list| list.shots), &draft.shots) {
        draft.shots = Some(TextOr::Full(shots));
    } else if draft.shots.is_some() {
        let message = "both `shots` and `shot_list` give shots";
        found.push(
            Diagnostic::error("production::shots::given_twice", list.origin, message)
                .help("keep one of them"),
        );
    }
}

fn missing_shot_list(path: &Path, list: &Spanned<String>, found: &mut Diagnostics) {
    let message = format!("the shot list `{}` cannot be read", list.value);
    let help = format!("looked for {}", path.display());
    found.push(Diagnostic::error("production::files::missing", list.origin, message).help(help));
}

/// Returns the files that each glTF model of the production refers to, relative to its folder.
pub(super) fn sidecars(checked: &Checked) -> Sidecars {
    let mut sidecars = Sidecars::new();
    for path in crate::expand::assets_of(checked)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("gltf")))
    {
        let files = gltf::files(&checked.root.join(&path)).unwrap_or_default();
        let relative = |file: PathBuf| file.strip_prefix(&checked.root).map(Path::to_owned).ok();
        sidecars.insert(path, files.into_iter().filter_map(relative).collect());
    }
    sidecars
}

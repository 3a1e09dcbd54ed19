//! Presets by kind and name: the built-in ones, embedded in the binary, and the user's own beside the document.
//!
//! A preset is written in the same fields as the entry it serves, so any field beside a preset overrides it. Owns finding
//! presets; does not know what they mean.

mod builtin;
mod explain;
mod shelf;

pub use explain::PAGES;
pub use shelf::{Kind, Shelf};

use crate::base::paths::escapes;
use crate::base::{Diagnostic, Diagnostics, FileId, Origin, Sources};
use crate::document::draft::{
    EnvironmentDraft, GradeDraft, LensDraft, LocationDraft, MoveDraft, OutputDraft, PaletteDraft,
    QualityDraft, RetroDraft, SensorDraft, ShotDraft, StyleDraft,
};
use crate::document::quote::quoted;
use crate::document::{Limits, Scope, decode_at, tree};
use serde::de::DeserializeOwned;
use std::path::Path;
use std::sync::Arc;

/// The folder of a production's own presets.
const PRESETS: &str = "presets";

/// Every preset that a production can name.
#[derive(Debug, Clone, Default)]
pub struct Library {
    /// Shot templates.
    pub shots: Shelf<ShotDraft>,
    /// Styles.
    pub styles: Shelf<StyleDraft>,
    /// Colour grades.
    pub grades: Shelf<GradeDraft>,
    /// Camera moves.
    pub moves: Shelf<MoveDraft>,
    /// Lenses.
    pub lenses: Shelf<LensDraft>,
    /// Sensors.
    pub sensors: Shelf<SensorDraft>,
    /// Quality tiers.
    pub quality: Shelf<QualityDraft>,
    /// Light and background from all around.
    pub environments: Shelf<EnvironmentDraft>,
    /// Locations.
    pub locations: Shelf<LocationDraft>,
    /// Deliverables.
    pub outputs: Shelf<OutputDraft>,
    /// Palettes.
    pub palettes: Shelf<PaletteDraft>,
    /// Retro consoles.
    pub consoles: Shelf<RetroDraft>,
}

impl Library {
    /// Reads the built-in presets, then the user's own from `presets/<kind>.yaml` in `folder`; those win.
    ///
    /// Mistakes in the user's files are diagnostics with their place.
    pub fn read(folder: &Path, sources: &mut Sources, found: &mut Diagnostics) -> Self {
        let mut library = Self::default();
        for (kind, text) in builtin::files() {
            let file = sources.add(format!("library/{kind}.yaml"), text);
            library.add(kind, file, text, found);
        }
        for (kind, _) in own_files(folder, sources, found) {
            let path = folder.join(PRESETS).join(format!("{kind}.yaml"));
            if let Ok(text) = std::fs::read_to_string(&path) {
                let text: Arc<str> = text.into();
                let file = sources.add(path, Arc::clone(&text));
                library.add(kind, file, &text, found);
            }
        }
        library
    }

    /// Returns each kind with the names of its presets, sorted.
    #[must_use]
    pub fn kinds(&self) -> Vec<(Kind, Vec<String>)> {
        fn names<T>(shelf: &Shelf<T>) -> Vec<String> {
            shelf.names().map(str::to_owned).collect()
        }
        vec![
            ("shots", names(&self.shots)),
            ("styles", names(&self.styles)),
            ("grades", names(&self.grades)),
            ("moves", names(&self.moves)),
            ("lenses", names(&self.lenses)),
            ("sensors", names(&self.sensors)),
            ("quality", names(&self.quality)),
            ("environments", names(&self.environments)),
            ("locations", names(&self.locations)),
            ("outputs", names(&self.outputs)),
            ("palettes", names(&self.palettes)),
            ("consoles", names(&self.consoles)),
        ]
    }

    fn add(&mut self, kind: &str, file: FileId, text: &str, found: &mut Diagnostics) {
        match kind {
            "shots" => fill(&mut self.shots, file, text, found),
            "styles" => fill(&mut self.styles, file, text, found),
            "grades" => fill(&mut self.grades, file, text, found),
            "moves" => fill(&mut self.moves, file, text, found),
            "lenses" => fill(&mut self.lenses, file, text, found),
            "sensors" => fill(&mut self.sensors, file, text, found),
            "quality" => fill(&mut self.quality, file, text, found),
            "environments" => fill(&mut self.environments, file, text, found),
            "locations" => fill(&mut self.locations, file, text, found),
            "outputs" => fill(&mut self.outputs, file, text, found),
            "palettes" => fill(&mut self.palettes, file, text, found),
            "consoles" => fill(&mut self.consoles, file, text, found),
            _ => {}
        }
    }
}

/// Returns the kinds whose file may be read: none that is a link out of the project.
fn own_files(
    folder: &Path,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Vec<(&'static str, &'static str)> {
    let mut leaves = |path: &Path| {
        let leaves = folder.join(path).exists() && escapes(folder, path);
        if leaves {
            let shown = folder.join(path);
            let message = format!("`{}` is a link out of the project", shown.display());
            let origin = Origin::new(sources.add(shown, ""), 0, 0);
            let outside = Diagnostic::error("production::library::outside_project", origin, message);
            found.push(outside.help("put the presets themselves there"));
        }
        leaves
    };
    if leaves(Path::new(PRESETS)) {
        return Vec::new();
    }
    builtin::files()
        .into_iter()
        .filter(|(kind, _)| !leaves(&Path::new(PRESETS).join(format!("{kind}.yaml"))))
        .collect()
}

fn fill<T: DeserializeOwned>(shelf: &mut Shelf<T>, file: FileId, text: &str, found: &mut Diagnostics) {
    let limits = Limits::default();
    let Some(tree) = tree::parse(file, text.into(), &limits, found) else { return };
    let Some(root) = tree.root() else { return };
    let entries = decode_at::<crate::document::Entries<T>>(&tree, root, Scope::default(), &limits, found);
    for (name, preset) in entries.into_iter().flatten() {
        let written = name.clone();
        if let Some(hidden) = shelf.put(name, preset).filter(|hidden| hidden.file != file) {
            let message =
                format!("your preset {} hides the built-in one of that name", quoted(&written.value));
            let shadow = Diagnostic::info("production::library::preset_shadowed", written.origin, message);
            found.push(shadow.label("used in its place").related(hidden, "the built-in one"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_preset_decodes_without_a_finding() {
        let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
        let library = Library::read(Path::new("no-such-folder"), &mut sources, &mut found);
        assert!(found.is_empty(), "{}", crate::report::diagnostic::short(&found, &sources));
        assert!(library.shots.get("hero_cu").is_some());
        assert!(library.outputs.get("cinema_4k").is_some());
    }

    #[test]
    fn a_preset_of_ones_own_that_hides_a_built_in_one_is_noted_and_used() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("presets")).unwrap();
        std::fs::write(folder.path().join("presets/lenses.yaml"), "normal: {mm: 40}\nmine: {mm: 41}\n")
            .unwrap();
        let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
        let library = Library::read(folder.path(), &mut sources, &mut found);
        let notes: Vec<_> =
            found.as_slice().iter().map(|note| (note.code, sources.text(note.origin))).collect();
        assert_eq!(notes, [("production::library::preset_shadowed", "normal")]);
        assert_eq!(library.lenses.get("normal").and_then(|lens| lens.mm).map(|mm| mm.value), Some(40.0));
    }

    #[cfg(unix)]
    #[test]
    fn presets_behind_a_link_out_of_the_project_are_refused_and_not_read() {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::write(elsewhere.path().join("lenses.yaml"), "stolen: {mm: 40}\n").unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("presets")).unwrap();
        let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
        let library = Library::read(folder.path(), &mut sources, &mut found);
        let codes: Vec<_> = found.as_slice().iter().map(|note| note.code).collect();
        assert_eq!(codes, ["production::library::outside_project"]);
        assert!(library.lenses.get("stolen").is_none());
    }
}

//! Presets by kind and name: the built-in ones, embedded in the binary, and the user's own beside the document.
//!
//! A preset is written in the same fields as the entry it serves, so any field beside a preset overrides it. Owns finding
//! presets; does not know what they mean.

mod builtin;
mod explain;
mod shelf;

pub use explain::PAGES;
pub use shelf::{Kind, Shelf};

use crate::base::{Diagnostics, FileId, Sources};
use crate::document::draft::{
    EnvironmentDraft, GradeDraft, LensDraft, LocationDraft, MoveDraft, OutputDraft, PaletteDraft,
    QualityDraft, RetroDraft, SensorDraft, ShotDraft, StyleDraft,
};
use crate::document::{Limits, Scope, decode_at, tree};
use serde::de::DeserializeOwned;
use std::path::Path;
use std::sync::Arc;

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
        for (kind, _) in builtin::files() {
            let path = folder.join("presets").join(format!("{kind}.yaml"));
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

fn fill<T: DeserializeOwned>(shelf: &mut Shelf<T>, file: FileId, text: &str, found: &mut Diagnostics) {
    let limits = Limits::default();
    let Some(tree) = tree::parse(file, text.into(), &limits, found) else { return };
    let Some(root) = tree.root() else { return };
    let entries = decode_at::<crate::document::Entries<T>>(&tree, root, Scope::default(), &limits, found);
    for (name, preset) in entries.into_iter().flatten() {
        shelf.put(name, preset);
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
}

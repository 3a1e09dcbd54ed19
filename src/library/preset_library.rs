//! The shelves: every kind of presets, and how the built-in ones and the user's own come onto them.

use super::preset_info::PresetInfo;
use super::preset_set::{PresetFile, PresetKind, PresetSet};
use crate::base::paths::escapes_root;
use crate::base::{Diagnostic, Diagnostics, FileSpan, SourceMap};
use crate::document::draft::{
    EnvironmentDraft, GradeDraft, LensDraft, LocationDraft, MoveDraft, OutputDraft, PaletteDraft,
    ProviderDraft, QualityDraft, RetroDraft, SensorDraft, ShotDraft, StyleDraft,
};
use crate::document::farm_draft::FarmDraft;
use crate::document::quote::quote_value;
use crate::document::{InputLimits, file_text};
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

/// The folder of a production's own presets.
const PRESET_FOLDER: &str = "presets";

/// Writes the library from one list: a shelf for each kind, which is also the name of its file in `configs/`.
macro_rules! shelves {
    ($($(#[$about:meta])* $kind:ident: $preset:ty,)*) => {
        /// Every preset that a production can name.
        #[derive(Debug, Clone, Default)]
        pub struct Library {
            $($(#[$about])* pub $kind: PresetSet<$preset>,)*
        }

        /// Every kind with the text of its built-in presets.
        const BUILT_IN: &[(PresetKind, &str)] =
            &[$((stringify!($kind), include_str!(concat!("../../configs/", stringify!($kind), ".yaml"))),)*];

        impl Library {
            /// Returns each kind with what is known of its presets, sorted by name.
            #[must_use]
            pub fn kinds(&self) -> Vec<(PresetKind, Vec<&PresetInfo>)> {
                vec![$((stringify!($kind), self.$kind.preset_infos().collect()),)*]
            }

            /// Returns the library as it is built in.
            fn built_in(sources: &mut SourceMap) -> Self {
                let mut page = |(kind, text): (PresetKind, &'static str)| {
                    let file = sources.add_file(format!("library/{kind}.yaml"), text);
                    PresetFile { file, text, built_in: true }
                };
                let mut pages = BUILT_IN.iter().map(|kind| page(*kind));
                let mut next = || pages.next().expect("both are written from one list");
                Self { $($kind: PresetSet::from_file(next()),)* }
            }

            fn add(&mut self, kind: PresetKind, page: &PresetFile<'_>, diagnostics: &mut Diagnostics) {
                match kind {
                    $(_ if kind == stringify!($kind) => add_presets(&mut self.$kind, page, diagnostics),)*
                    _ => {}
                }
            }
        }
    };
}

shelves! {
    /// Shot templates.
    shots: ShotDraft,
    /// Styles.
    styles: StyleDraft,
    /// Colour grades.
    grades: GradeDraft,
    /// Camera moves.
    moves: MoveDraft,
    /// Lenses.
    lenses: LensDraft,
    /// Sensors.
    sensors: SensorDraft,
    /// Quality tiers.
    quality: QualityDraft,
    /// Light and background from all around.
    environments: EnvironmentDraft,
    /// Locations.
    locations: LocationDraft,
    /// Deliverables.
    outputs: OutputDraft,
    /// Renderers that are commands.
    providers: ProviderDraft,
    /// Palettes.
    palettes: PaletteDraft,
    /// Retro consoles.
    consoles: RetroDraft,
    /// Farms.
    farms: FarmDraft,
}

impl Library {
    /// Reads the built-in presets, then the user's own from `presets/<kind>.yaml` in `folder`; those win.
    ///
    /// Mistakes in the user's files are diagnostics with their place.
    pub fn read(folder: &Path, sources: &mut SourceMap, diagnostics: &mut Diagnostics) -> Self {
        Self::read_with_site_farms(folder, &[], sources, diagnostics)
    }

    /// Reads them with farms that a site and a user keep outside productions, in files that may not be there; a later file
    /// wins over an earlier one, and the production over all of them. Only farms are found there: a film must come out the
    /// same wherever it is made.
    pub fn read_with_site_farms(
        folder: &Path,
        farms: &[PathBuf],
        sources: &mut SourceMap,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let mut library = Self::built_in(sources);
        for path in farms {
            if let Some((file, text)) = file_text::read_text_file(
                path.clone(),
                &InputLimits::default(),
                sources,
                diagnostics,
            ) {
                library.add(
                    "farms",
                    &PresetFile {
                        file,
                        text: &text,
                        built_in: false,
                    },
                    diagnostics,
                );
            }
        }
        for kind in readable_kinds(folder, sources, diagnostics) {
            let path = folder.join(PRESET_FOLDER).join(format!("{kind}.yaml"));
            if let Some((file, text)) =
                file_text::read_text_file(path, &InputLimits::default(), sources, diagnostics)
            {
                library.add(
                    kind,
                    &PresetFile {
                        file,
                        text: &text,
                        built_in: false,
                    },
                    diagnostics,
                );
            }
        }
        library
    }
}

/// Returns the kinds whose file may be read: none that is a link out of the project.
fn readable_kinds(
    folder: &Path,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Vec<PresetKind> {
    let mut leaves = |path: &Path| {
        let leaves = folder.join(path).exists() && escapes_root(folder, path);
        if leaves {
            let shown = folder.join(path);
            let message = format!("`{}` is a link out of the project", shown.display());
            let origin = FileSpan::new(sources.add_file(shown, ""), 0, 0);
            let outside =
                Diagnostic::error("production::library::outside_project", origin, message);
            diagnostics.push(outside.with_help("put the presets themselves there"));
        }
        leaves
    };
    if leaves(Path::new(PRESET_FOLDER)) {
        return Vec::new();
    }
    let kinds = BUILT_IN.iter().map(|(kind, _)| *kind);
    kinds
        .filter(|kind| !leaves(&Path::new(PRESET_FOLDER).join(format!("{kind}.yaml"))))
        .collect()
}

fn add_presets<T: DeserializeOwned>(
    shelf: &mut PresetSet<T>,
    page: &PresetFile<'_>,
    diagnostics: &mut Diagnostics,
) {
    for (card, preset) in page.read_presets(diagnostics) {
        let name = card.name.clone();
        if let Some(hidden) = shelf
            .insert_preset(card, preset)
            .filter(|hidden| hidden.file != page.file)
        {
            let message = format!(
                "your preset {} hides the built-in one of that name",
                quote_value(&name.value)
            );
            let shadow =
                Diagnostic::info("production::library::preset_shadowed", name.origin, message);
            diagnostics.push(
                shadow
                    .with_label("used in its place")
                    .with_related(hidden, "the built-in one"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_preset_decodes_without_a_finding() {
        let (mut sources, mut found) = (SourceMap::default(), Diagnostics::default());
        let mut library = Library::built_in(&mut sources);
        for (kind, text) in BUILT_IN {
            let file = sources.add_file(format!("again/{kind}.yaml"), *text);
            library.add(
                kind,
                &PresetFile {
                    file,
                    text,
                    built_in: true,
                },
                &mut found,
            );
        }
        let clean = found
            .as_slice()
            .iter()
            .all(|one| one.code == "production::library::preset_shadowed");
        assert!(
            clean,
            "{}",
            crate::report::diagnostic::short_diagnostics(&found, &sources)
        );
        assert!(library.shots.get("hero_cu").is_some());
        assert!(library.outputs.get("cinema_4k").is_some());
    }

    #[test]
    fn a_card_has_the_preset_as_it_is_written_and_what_it_replaces() {
        let folder = tempfile::tempdir().unwrap();
        let own = "# ours\nhero_cu: {size: wide} # close enough\nmine:\n  size: medium\n  lens: 40\n\n# the end\n";
        std::fs::create_dir(folder.path().join("presets")).unwrap();
        std::fs::write(folder.path().join("presets/shots.yaml"), own).unwrap();
        let (mut sources, mut found) = (SourceMap::default(), Diagnostics::default());
        let library = Library::read(folder.path(), &mut sources, &mut found);
        assert!(
            found
                .as_slice()
                .iter()
                .all(|one| one.code == "production::library::preset_shadowed")
        );
        let card = |name: &str| {
            library
                .shots
                .preset_infos()
                .find(|card| card.name.value == name)
                .unwrap()
        };
        assert_eq!(
            card("hero_cu").yaml_text(&sources),
            "hero_cu: {size: wide} # close enough"
        );
        assert_eq!(
            card("mine").yaml_text(&sources),
            "mine:\n  size: medium\n  lens: 40"
        );
        assert_eq!(
            card("mine").summary_line(&sources),
            "size: medium, lens: 40"
        );
        let replaced = card("hero_cu").replaced.unwrap();
        assert_eq!(
            sources.get(replaced.file).unwrap().path,
            Path::new("library/shots.yaml")
        );
        assert_eq!(card("mine").replaced, None);
    }

    #[test]
    fn a_preset_of_ones_own_that_hides_a_built_in_one_is_noted_and_used() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("presets")).unwrap();
        std::fs::write(
            folder.path().join("presets/lenses.yaml"),
            "normal: {mm: 40}\nmine: {mm: 41}\n",
        )
        .unwrap();
        let (mut sources, mut found) = (SourceMap::default(), Diagnostics::default());
        let library = Library::read(folder.path(), &mut sources, &mut found);
        let notes: Vec<_> = found
            .as_slice()
            .iter()
            .map(|note| (note.code, sources.span_text(note.origin)))
            .collect();
        assert_eq!(notes, [("production::library::preset_shadowed", "normal")]);
        assert_eq!(
            library
                .lenses
                .get("normal")
                .and_then(|lens| lens.mm)
                .map(|mm| mm.value),
            Some(40.0)
        );
    }

    #[test]
    fn a_file_of_presets_that_cannot_be_read_is_told_and_not_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("presets/styles.yaml")).unwrap();
        std::fs::write(
            folder.path().join("presets/lenses.yaml"),
            b"caf\xe9: {mm: 40}\n",
        )
        .unwrap();
        let (mut sources, mut found) = (SourceMap::default(), Diagnostics::default());
        Library::read(folder.path(), &mut sources, &mut found);
        let mut codes: Vec<_> = found.as_slice().iter().map(|note| note.code).collect();
        codes.sort_unstable();
        assert_eq!(
            codes,
            [
                "production::document::unreadable_file",
                "production::yaml::not_utf8"
            ]
        );
    }

    #[cfg(unix)]
    #[test]
    fn presets_behind_a_link_out_of_the_project_are_refused_and_not_read() {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::write(elsewhere.path().join("lenses.yaml"), "stolen: {mm: 40}\n").unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("presets")).unwrap();
        let (mut sources, mut found) = (SourceMap::default(), Diagnostics::default());
        let library = Library::read(folder.path(), &mut sources, &mut found);
        let codes: Vec<_> = found.as_slice().iter().map(|note| note.code).collect();
        assert_eq!(codes, ["production::library::outside_project"]);
        assert!(library.lenses.get("stolen").is_none());
    }
}

//! The library: a set for each kind of presets, filled with the built-in ones and the user's own.

use super::preset_info::PresetInfo;
use super::preset_set::{PresetFile, PresetKind, PresetSet};
use crate::base::paths::escapes_root;
use crate::base::{Diagnostic, Diagnostics, FileSpan, SourceMap};
use crate::document::beat_draft::{ArchetypeDraft, BeatDraft, ProductKindDraft};
use crate::document::draft::{
    EnvironmentDraft, GradeDraft, IconDraft, LensDraft, LocationDraft, MoveDraft, OutputDraft,
    PaletteDraft, ProfileDraft, ProviderDraft, QualityDraft, RetroDraft, SensorDraft, ShotDraft,
    StyleDraft,
};
use crate::document::farm_draft::FarmDraft;
use crate::document::quote::quote_value;
use crate::document::{InputLimits, file_text};
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

/// The folder of a production's own presets.
const PRESET_FOLDER: &str = "presets";

/// Generates the library from one list. Each kind is a field, and the name of its file in
/// `configs/`.
macro_rules! preset_sets {
    ($($(#[$about:meta])* $kind:ident: $preset:ty,)*) => {
        /// Every preset that a production can name.
        #[derive(Debug, Clone, Default)]
        pub struct Library {
            $($(#[$about])* pub $kind: PresetSet<$preset>,)*
        }

        /// Every kind, with the text of its built-in presets. They are embedded, so that the
        /// program is one file and no preset can be missing.
        const BUILT_IN: &[(PresetKind, &str)] =
            &[$((stringify!($kind), include_str!(concat!("../../configs/", stringify!($kind), ".yaml"))),)*];

        impl Library {
            /// Returns each kind with its presets, sorted by name.
            #[must_use]
            pub fn kinds(&self) -> Vec<(PresetKind, Vec<&PresetInfo>)> {
                vec![$((stringify!($kind), self.$kind.preset_infos().collect()),)*]
            }

            /// Returns the library of built-in presets.
            fn built_in(sources: &mut SourceMap) -> Self {
                // The texts are registered as files, so that messages and `production library` can
                // show their places.
                let mut preset_file = |(kind, text): (PresetKind, &'static str)| {
                    let file = sources.add_file(format!("library/{kind}.yaml"), text);
                    PresetFile { file, text, built_in: true }
                };
                let mut preset_files = BUILT_IN.iter().map(|kind| preset_file(*kind));
                let mut next = || preset_files.next().expect("both are written from one list");
                Self { $($kind: PresetSet::from_file(next()),)* }
            }

            fn add(&mut self, kind: PresetKind, preset_file: &PresetFile<'_>, diagnostics: &mut Diagnostics) {
                match kind {
                    $(_ if kind == stringify!($kind) => add_presets(&mut self.$kind, preset_file, diagnostics),)*
                    _ => {}
                }
            }
        }
    };
}

preset_sets! {
    /// Shot templates: framing, lens and move.
    shots: ShotDraft,
    /// Looks of a whole production.
    styles: StyleDraft,
    /// Colour grades.
    grades: GradeDraft,
    /// Times that productions play in, as changes of the grade.
    eras: GradeDraft,
    /// Moods, as changes of the grade.
    moods: GradeDraft,
    /// Camera moves.
    moves: MoveDraft,
    /// Lenses, by focal length.
    lenses: LensDraft,
    /// Camera sensors, by width.
    sensors: SensorDraft,
    /// Quality tiers: samples and resolution.
    quality: QualityDraft,
    /// Light and background all around the set.
    environments: EnvironmentDraft,
    /// Locations, with set and light.
    locations: LocationDraft,
    /// Deliverables: codec, size and rate.
    outputs: OutputDraft,
    /// Renderers that are commands.
    providers: ProviderDraft,
    /// Colour palettes of old machines.
    palettes: PaletteDraft,
    /// Retro treatments, by console or home computer.
    consoles: RetroDraft,
    /// Beats of ads, with the shots that they become.
    beats: BeatDraft,
    /// Archetypes of ads.
    archetypes: ArchetypeDraft,
    /// Kinds of products, with the words that name them.
    products: ProductKindDraft,
    /// Farm profiles.
    farms: FarmDraft,
    /// Profiles of films made from treatments.
    profiles: ProfileDraft,
    /// Icons of graphics, with the words that ask for them.
    icons: IconDraft,
}

impl Library {
    /// Reads the built-in presets, then the user's own from `presets/<kind>.yaml` in `folder`. The
    /// user's presets win.
    ///
    /// Mistakes in the user's files are diagnostics with their place.
    pub fn read(folder: &Path, sources: &mut SourceMap, diagnostics: &mut Diagnostics) -> Self {
        Self::read_with_site_farms(folder, &[], sources, diagnostics)
    }

    /// Reads the presets and the farms of a site and a user, which are outside of productions. The
    /// files of `farms` may be missing. A later file wins over an earlier one, and the production
    /// over all of them. Only farms are read there: a film must be the same wherever it is made.
    pub fn read_with_site_farms(
        folder: &Path,
        farms: &[PathBuf],
        sources: &mut SourceMap,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        // The order is the precedence, since a preset replaces an earlier one of its name.
        let mut library = Self::built_in(sources);
        // The default limits, not those of the command line: `--max-size` is for large documents,
        // and a file of presets is small.
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

/// Returns the kinds whose file may be read. A file that is a link out of the project is reported.
fn readable_kinds(
    folder: &Path,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Vec<PresetKind> {
    let mut leaves = |path: &Path| {
        // A file that does not exist is no link. `escapes_root` would judge its nearest ancestor.
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
    // A linked folder is reported once, not for each file in it.
    if leaves(Path::new(PRESET_FOLDER)) {
        return Vec::new();
    }
    // Only files of known kinds are read. Anything else in the folder is the user's business.
    let kinds = BUILT_IN.iter().map(|(kind, _)| *kind);
    kinds
        .filter(|kind| !leaves(&Path::new(PRESET_FOLDER).join(format!("{kind}.yaml"))))
        .collect()
}

fn add_presets<T: DeserializeOwned>(
    preset_set: &mut PresetSet<T>,
    preset_file: &PresetFile<'_>,
    diagnostics: &mut Diagnostics,
) {
    for (info, preset) in preset_file.read_presets(diagnostics) {
        let name = info.name.clone();
        // Two presets of one name in one file are a duplicate key, which the reader reports.
        if let Some(hidden) = preset_set
            .insert_preset(info, preset)
            .filter(|hidden| hidden.file != preset_file.file)
        {
            let message = format!(
                "your preset {} replaces the built-in one of that name",
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
        let mut sources = SourceMap::default();
        let mut found = Diagnostics::default();
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
        let mut presets: Vec<&str> = library.outputs.preset_names().collect();
        let mut known = crate::model::output_words::OUTPUT_PRESETS.to_vec();
        presets.sort_unstable();
        known.sort_unstable();
        assert_eq!(presets, known, "helps name them");
    }

    #[test]
    fn an_info_has_the_preset_as_it_is_written_and_what_it_replaces() {
        let folder = tempfile::tempdir().unwrap();
        let own = "# ours\nhero_cu: {size: wide} # close enough\nmine:\n  size: medium\n  lens: 40\n\n# the end\n";
        std::fs::create_dir(folder.path().join("presets")).unwrap();
        std::fs::write(folder.path().join("presets/shots.yaml"), own).unwrap();
        let mut sources = SourceMap::default();
        let mut found = Diagnostics::default();
        let library = Library::read(folder.path(), &mut sources, &mut found);
        assert!(
            found
                .as_slice()
                .iter()
                .all(|one| one.code == "production::library::preset_shadowed")
        );
        let info = |name: &str| {
            library
                .shots
                .preset_infos()
                .find(|info| info.name.value == name)
                .unwrap()
        };
        assert_eq!(
            info("hero_cu").yaml_text(&sources),
            "hero_cu: {size: wide} # close enough"
        );
        assert_eq!(
            info("mine").yaml_text(&sources),
            "mine:\n  size: medium\n  lens: 40"
        );
        assert_eq!(
            info("mine").summary_line(&sources),
            "size: medium, lens: 40"
        );
        let replaced = info("hero_cu").replaced.unwrap();
        assert_eq!(
            sources.get(replaced.file).unwrap().path,
            Path::new("library/shots.yaml")
        );
        assert_eq!(info("mine").replaced, None);
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
        let mut sources = SourceMap::default();
        let mut found = Diagnostics::default();
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
    fn an_unreadable_preset_file_is_reported() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("presets/styles.yaml")).unwrap();
        std::fs::write(
            folder.path().join("presets/lenses.yaml"),
            b"caf\xe9: {mm: 40}\n",
        )
        .unwrap();
        let mut sources = SourceMap::default();
        let mut found = Diagnostics::default();
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
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        std::fs::write(elsewhere.path().join("lenses.yaml"), "stolen: {mm: 40}\n").unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("presets")).unwrap();
        let mut sources = SourceMap::default();
        let mut found = Diagnostics::default();
        let library = Library::read(folder.path(), &mut sources, &mut found);
        let codes: Vec<_> = found.as_slice().iter().map(|note| note.code).collect();
        assert_eq!(codes, ["production::library::outside_project"]);
        assert!(library.lenses.get("stolen").is_none());
    }
}

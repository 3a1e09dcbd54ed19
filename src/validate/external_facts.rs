//! Facts about the world outside the document: files, output paths, tools. Plain data, gathered
//! once before any rule runs.

use super::file_facts::{
    ContentFault, FileFact, ModelFileFact, OutputPathState, SoundFileFact, ToolAvailability,
};
use super::file_mentions::{self, FileUsage};
use super::inspect::{self, FolderListings};
use super::output_queries::{passes_path, report_paths};
use super::project_paths::escapes_root;
use super::reading_gaps::ReadingGap;
use crate::base::{FileSpan, SourceMap, find_program, find_program_from_folder};
use crate::model::file_kind::FileKind;
use crate::model::model_format::ModelFormat;
use crate::model::production::AssetRef;
use crate::model::sound::{ShotLine, SpeechEngine};
use crate::model::titles::TextExtents;
use crate::model::{PixelSize, PlaceProblem, Production};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};

/// Facts about files, output paths and tools. No rule reports a path that is not listed: it was not
/// looked at.
#[derive(Debug, Clone, Default, PartialEq)]
// Rules read this instead of the disk. They stay pure, every case is one line in a test, and a file
// that ten rules ask about is opened once.
pub struct ExternalFacts {
    /// What earlier stages could not read. What seems to be missing there may only be misspelt.
    pub gaps: Vec<ReadingGap>,
    /// Files that the document names, by path as written.
    pub files: BTreeMap<PathBuf, FileFact>,
    /// State of output paths and of the folder of passes, by path as written.
    pub outputs: BTreeMap<PathBuf, OutputPathState>,
    /// Animation clips of models by path as written, or why a model cannot be read.
    pub clips: BTreeMap<PathBuf, Result<Vec<String>, String>>,
    /// What the built-in renderer leaves out of models, by path as written.
    pub left_out: BTreeMap<PathBuf, Vec<String>>,
    /// Why models have nothing to draw, by path as written.
    pub nothing_drawn: BTreeMap<PathBuf, String>,
    /// The longest sides of models in micrometres, by path as written.
    pub longest_sides: BTreeMap<PathBuf, u64>,
    /// Names of the variants of models, by path as written.
    pub variants: BTreeMap<PathBuf, Vec<String>>,
    /// Names of the expressions of models, by path as written.
    pub expressions: BTreeMap<PathBuf, Vec<String>>,
    /// Names of the cameras of models, by path as written.
    pub cameras: BTreeMap<PathBuf, Vec<String>>,
    /// Pictures and Blender files that are cut short, by path as written, with what is missing.
    pub truncated: BTreeMap<PathBuf, String>,
    /// Pictures for light that cannot be decoded, by path as written, with the reason.
    pub unreadable_pictures: BTreeMap<PathBuf, String>,
    /// Sound files of the user's own, by path as written.
    pub sound_files: BTreeMap<PathBuf, SoundFileFact>,
    /// Languages and variants of `espeak-ng`, in small letters. `None`: it was not started.
    pub espeak_voices: Option<BTreeSet<String>>,
    /// Voices of Piper that packages have, or why `piper` cannot be used. `None`: it was not run.
    pub piper_voices: Option<Result<BTreeSet<String>, String>>,
    /// Voice files of Piper that cannot be used, by path as written, with the reason.
    pub unusable_voices: BTreeMap<PathBuf, String>,
    /// SoundFonts that cannot be read, by path as written, with the reason.
    pub unreadable_fonts: BTreeMap<PathBuf, String>,
    /// Programs of the document that speak and are not there.
    pub missing_programs: BTreeSet<String>,
    /// Free memory of this machine in mebibytes. `None`: unknown, or another machine renders.
    pub memory: Option<u32>,
    /// Why deliverables cannot be put at their paths: outputs, the folder of passes and the report,
    /// by path as written.
    pub places: BTreeMap<PathBuf, PlaceProblem>,
    /// Paths of the files of the report. Empty: not looked at.
    pub reports: Vec<PathBuf>,
    /// Texts that do not fit into the pictures of an output.
    pub tight_texts: Vec<TightText>,
    /// What the texts of outputs cover of their pictures.
    pub text_extents: TextExtents,
    /// Programs on the search path.
    pub tools: ToolAvailability,
}

/// A text that does not fit into the pictures of an output, as small as its letters may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TightText {
    /// What it is: `title`, `credits`, `watermark`, or what a graphic is.
    pub noun: &'static str,
    /// Whether it is a graphic.
    pub is_graphic: bool,
    /// The first output with pictures of this size.
    pub output: String,
    /// The size of the pictures.
    pub size: PixelSize,
    /// Its place.
    pub origin: FileSpan,
}

/// Looks at what is at the paths of deliverables.
// The store knows what earlier runs put there, and this module must not know the store.
pub trait PlaceProbe: fmt::Debug {
    /// Looks at the paths of all deliverables.
    fn probe_places(&self, production: &Production, sources: &SourceMap) -> ProbedPlaces;
}

/// What was found at the paths of deliverables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProbedPlaces {
    /// Why deliverables cannot be put at their paths, by path as written.
    pub problems: BTreeMap<PathBuf, PlaceProblem>,
    /// Paths of the files of the report.
    pub reports: Vec<PathBuf>,
}

fn delivered_paths(production: &Production) -> impl Iterator<Item = PathBuf> {
    production
        .outputs
        .iter()
        .map(|output| &output.path)
        .chain(passes_path(production))
        .chain(production.exports.iter().map(|export| &export.path))
        .map(|path| path.value.clone())
        .chain(production.game_files().flat_map(|files| files.paths()))
}

impl ExternalFacts {
    /// Looks at every file and output path of the production, and for tools on `search_path`, which
    /// is written like `PATH`.
    ///
    /// Models are not parsed; see [`Self::read_models`].
    #[must_use]
    pub fn gather(production: &Production, search_path: &OsStr) -> Self {
        let root = &production.root;
        let files = file_mentions::file_mentions(production)
            .into_iter()
            .map(|source| source.asset.path.clone());
        let mut folders = FolderListings::default();
        let files = files
            // Paths are keys as they are written, so that each rule finds them by the text of the
            // document.
            .map(|path| {
                let fact = inspect::inspect_file(root, &path, &mut folders);
                (path, fact)
            })
            .collect();
        let outputs = delivered_paths(production)
            .map(|path| (path.clone(), output_path_state(root, &path)))
            .collect();
        let tools = ToolAvailability {
            ffmpeg: find_program("ffmpeg", search_path).is_some(),
            blender: find_program("blender", search_path).is_some(),
            ffprobe: find_program("ffprobe", search_path).is_some(),
            espeak_ng: find_program("espeak-ng", search_path).is_some(),
            piper: find_program("piper", search_path).is_some(),
        };
        let missing_programs = speech_programs(production)
            .filter(|program| find_program_from_folder(program, root, search_path).is_none())
            .map(str::to_owned)
            .collect();
        Self {
            gaps: Vec::new(),
            files,
            outputs,
            clips: BTreeMap::new(),
            left_out: BTreeMap::new(),
            nothing_drawn: BTreeMap::new(),
            longest_sides: BTreeMap::new(),
            variants: BTreeMap::new(),
            expressions: BTreeMap::new(),
            cameras: BTreeMap::new(),
            truncated: BTreeMap::new(),
            unreadable_pictures: BTreeMap::new(),
            sound_files: BTreeMap::new(),
            espeak_voices: None,
            piper_voices: None,
            unusable_voices: BTreeMap::new(),
            unreadable_fonts: BTreeMap::new(),
            missing_programs,
            memory: None,
            places: BTreeMap::new(),
            reports: Vec::new(),
            tight_texts: Vec::new(),
            text_extents: TextExtents::new(),
            tools,
        }
    }

    /// Looks at what is at the paths of deliverables.
    #[must_use]
    pub fn probe_places(
        mut self,
        production: &Production,
        sources: &SourceMap,
        probe: Option<&dyn PlaceProbe>,
    ) -> Self {
        let probed = probe.map(|probe| probe.probe_places(production, sources));
        let ProbedPlaces { problems, reports } = probed.unwrap_or_default();
        self.places = problems;
        self.reports = reports;
        self
    }

    /// Reads every glTF model. `read` takes the path on disk, and returns what is known of the
    /// model or why it cannot be read.
    #[must_use]
    // A function is passed in, since the glTF reader is in `media` and this module must not use
    // it.
    pub fn read_models(
        mut self,
        production: &Production,
        mut read: impl FnMut(&Path) -> Result<ModelFileFact, String>,
    ) -> Self {
        let models = file_mentions::file_mentions(production)
            .into_iter()
            .filter(|source| source.usage.is_model());
        for asset in models.map(|source| source.asset) {
            // Other extensions are reported by the rules on kinds; a second error about the content
            // would only confuse.
            let is_model = match (
                ModelFormat::from_path(&asset.path),
                self.files.get(&asset.path),
            ) {
                (Some(ModelFormat::Gltf), Some(FileFact::Holds(kind))) => {
                    matches!(kind, FileKind::Glb | FileKind::Json)
                }
                // These have no signature.
                (Some(ModelFormat::Obj | ModelFormat::Stl | ModelFormat::Ply), Some(fact)) => {
                    fact.is_fetched()
                }
                _ => false,
            };
            // A model that several characters share is read once.
            if is_model && !self.clips.contains_key(&asset.path) {
                let fact = read(&production.root.join(&asset.path));
                // A file that is not what its name says has its own finding.
                let is_glb = self.files.get(&asset.path) == Some(&FileFact::Holds(FileKind::Glb));
                let is_gltf = ModelFormat::from_path(&asset.path) == Some(ModelFormat::Gltf);
                let fact = fact.map(|fact| {
                    if is_glb != asset.has_extension("gltf") || !is_gltf {
                        return fact;
                    }
                    ModelFileFact {
                        clips: fact.clips,
                        ..ModelFileFact::default()
                    }
                });
                self.add_model(&asset.path, fact);
            }
        }
        self
    }

    fn add_model(&mut self, path: &Path, fact: Result<ModelFileFact, String>) {
        let clips = fact.map(|fact| {
            if !fact.left_out.is_empty() {
                self.left_out.insert(path.to_owned(), fact.left_out);
            }
            if let Some(why) = fact.nothing_drawn {
                self.nothing_drawn.insert(path.to_owned(), why);
            }
            if let Some(side) = fact.longest_side {
                self.longest_sides.insert(path.to_owned(), side);
            }
            self.expressions.insert(path.to_owned(), fact.expressions);
            self.cameras.insert(path.to_owned(), fact.cameras);
            self.variants.insert(path.to_owned(), fact.variants);
            fact.clips
        });
        self.clips.insert(path.to_owned(), clips);
    }

    /// Checks that pictures and Blender files are complete. `check` takes the path on disk and
    /// returns what is missing.
    #[must_use]
    pub fn read_file_ends(
        mut self,
        production: &Production,
        mut check: impl FnMut(&Path) -> Result<(), String>,
    ) -> Self {
        let has_checked_end = |fact: &FileFact| {
            matches!(
                fact,
                FileFact::Holds(FileKind::Hdr | FileKind::Exr | FileKind::Blend)
            )
        };
        for (path, _) in self.files.iter().filter(|(_, fact)| has_checked_end(fact)) {
            if let Err(why) = check(&production.root.join(path)) {
                self.truncated.insert(path.clone(), why);
            }
        }
        self
    }

    /// Checks that pictures for light can be decoded. `check` takes the path on disk and returns
    /// why one cannot.
    #[must_use]
    pub fn read_light_pictures(
        mut self,
        production: &Production,
        mut check: impl FnMut(&Path) -> Result<(), String>,
    ) -> Self {
        let is_light =
            |fact: &FileFact| matches!(fact, FileFact::Holds(FileKind::Hdr | FileKind::Exr));
        for (path, _) in self.files.iter().filter(|(_, fact)| is_light(fact)) {
            if let Err(why) = check(&production.root.join(path)) {
                self.unreadable_pictures.insert(path.clone(), why);
            }
        }
        self
    }

    /// Reads how long the user's sound files are. `read` takes the path on disk.
    #[must_use]
    pub fn read_sound_files(
        mut self,
        production: &Production,
        mut read: impl FnMut(&Path) -> SoundFileFact,
    ) -> Self {
        let mentions = file_mentions::file_mentions(production);
        let sounds = mentions
            .into_iter()
            .filter(|source| source.usage == FileUsage::Sound);
        for asset in sounds.map(|source| source.asset) {
            if !self.is_fetched(&asset.path) || self.sound_files.contains_key(&asset.path) {
                continue;
            }
            let fact = read(&production.root.join(&asset.path));
            if let SoundFileFact::Truncated(why) = &fact {
                self.truncated.insert(asset.path.clone(), why.clone());
            }
            self.sound_files.insert(asset.path.clone(), fact);
        }
        self
    }

    /// Asks `espeak-ng` for its voices, if the document chooses one of them.
    #[must_use]
    pub fn ask_espeak_voices(
        mut self,
        production: &Production,
        ask: impl FnOnce() -> Option<BTreeSet<String>>,
    ) -> Self {
        let is_chosen =
            |line: &ShotLine| line.voice_written && line.voice.engine == SpeechEngine::EspeakNg;
        if self.tools.espeak_ng && spoken_lines(production).any(is_chosen) {
            self.espeak_voices = ask();
        }
        self
    }

    /// Asks `piper` for the voices that packages have, if it speaks some line. `ask` returns why it
    /// cannot be used.
    #[must_use]
    pub fn ask_piper_voices(
        mut self,
        production: &Production,
        ask: impl FnOnce() -> Result<BTreeSet<String>, String>,
    ) -> Self {
        let is_piper = |line: &ShotLine| line.voice.engine == SpeechEngine::Piper;
        if self.tools.piper && spoken_lines(production).any(is_piper) {
            self.piper_voices = Some(ask());
        }
        self
    }

    /// Checks the voice files of Piper that speak some line. `check` takes the path on disk.
    #[must_use]
    pub fn check_voice_files(
        mut self,
        production: &Production,
        mut check: impl FnMut(&Path) -> Result<(), String>,
    ) -> Self {
        for path in spoken_lines(production).filter_map(ShotLine::piper_file) {
            if self.is_fetched(&path)
                && !self.unusable_voices.contains_key(&path)
                && let Err(why) = check(&production.root.join(&path))
            {
                self.unusable_voices.insert(path, why);
            }
        }
        self
    }

    /// Reads the tables of the SoundFont of the production. `check` takes the path on disk.
    #[must_use]
    pub fn check_sound_font(
        mut self,
        production: &Production,
        check: impl FnOnce(&Path) -> Result<(), ContentFault>,
    ) -> Self {
        let font = production.sound.as_ref();
        let font = font.and_then(|sound| sound.sound_font.as_ref());
        let Some(font) = font.filter(|font| self.is_fetched(&font.path)) else {
            return self;
        };
        match check(&production.root.join(&font.path)) {
            Ok(()) => {}
            Err(ContentFault::Truncated(why)) => {
                self.truncated.insert(font.path.clone(), why);
            }
            Err(ContentFault::Unreadable(why)) => {
                self.unreadable_fonts.insert(font.path.clone(), why);
            }
        }
        self
    }

    /// Returns whether the file at a path, as written, is there with content of its own.
    fn is_fetched(&self, path: &Path) -> bool {
        self.files.get(path).is_some_and(FileFact::is_fetched)
    }

    /// Returns the paths of the report beside the first deliverable.
    pub(super) fn report_paths(&self, production: &Production) -> Vec<PathBuf> {
        if self.reports.is_empty() {
            report_paths(production)
        } else {
            self.reports.clone()
        }
    }

    /// Returns the fact about a file. `None`: it was not looked at.
    pub(super) fn file_fact(&self, asset: &AssetRef) -> Option<&FileFact> {
        self.files.get(&asset.path)
    }

    /// Returns whether the file exists or was not looked at.
    // Rules on kinds ask this first: a file that is missing has its own finding, and its extension
    // does not matter until it is there.
    pub(super) fn may_exist(&self, asset: &AssetRef) -> bool {
        !matches!(
            self.file_fact(asset),
            Some(FileFact::Missing { .. } | FileFact::Outside | FileFact::Folder)
        )
    }
}

/// Returns the lines of all shots.
fn spoken_lines(production: &Production) -> impl Iterator<Item = &ShotLine> {
    production.shots.iter().flat_map(|shot| &shot.lines)
}

/// Returns the programs of the document that speak some line.
fn speech_programs(production: &Production) -> impl Iterator<Item = &str> {
    spoken_lines(production).filter_map(|line| match &line.voice.engine {
        SpeechEngine::Command(command) => command.command.first().map(String::as_str),
        _ => None,
    })
}

fn output_path_state(root: &Path, path: &Path) -> OutputPathState {
    match std::fs::metadata(root.join(path)) {
        // This arm comes first: what is outside the project must not be looked at, even if it
        // exists.
        _ if escapes_root(root, path) => OutputPathState::Outside,
        Ok(metadata) if metadata.is_dir() => OutputPathState::Folder,
        Ok(_) => OutputPathState::File,
        Err(_) => OutputPathState::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::sample;
    use std::fs;
    use std::sync::Arc;

    fn on_disk() -> (tempfile::TempDir, Production) {
        let directory = tempfile::tempdir().unwrap();
        let mut production = sample::sample_production();
        production.root = directory.path().to_owned();
        fs::create_dir(directory.path().join("assets")).unwrap();
        (directory, production)
    }

    #[test]
    fn facts_distinguish_files_folders_and_missing_paths() {
        let (directory, production) = on_disk();
        fs::write(directory.path().join("assets/mara.glb"), b"glTF\x02\0\0\0").unwrap();
        fs::create_dir(directory.path().join("assets/ilya.glb")).unwrap();
        let facts = ExternalFacts::gather(&production, OsStr::new(""));
        assert_eq!(
            facts.files[Path::new("assets/mara.glb")],
            FileFact::Holds(FileKind::Glb)
        );
        assert_eq!(facts.files[Path::new("assets/ilya.glb")], FileFact::Folder);
        let neighbours = Some(Arc::new(vec!["ilya.glb".to_owned(), "mara.glb".to_owned()]));
        assert_eq!(
            facts.files[Path::new("assets/lantern.glb")],
            FileFact::Missing { neighbours }
        );
        assert_eq!(
            facts.outputs[Path::new("out/film.mp4")],
            OutputPathState::Nothing
        );
        assert_eq!(facts.tools, ToolAvailability::default());
        assert!(facts.missing_programs.is_empty());
    }

    #[test]
    fn a_variant_is_a_file_like_any_other() {
        let (_directory, mut production) = on_disk();
        production.characters[0]
            .variants
            .push(sample::sample_asset("assets/stunt.glb", 17));
        let facts = ExternalFacts::gather(&production, OsStr::new(""));
        assert!(matches!(
            facts.files[Path::new("assets/stunt.glb")],
            FileFact::Missing { .. }
        ));
    }

    #[test]
    fn only_models_that_are_there_are_read() {
        let (directory, production) = on_disk();
        fs::write(directory.path().join("assets/mara.glb"), b"glTF\x02\0\0\0").unwrap();
        fs::write(directory.path().join("assets/ilya.glb"), b"").unwrap();
        let facts = ExternalFacts::gather(&production, OsStr::new(""));
        let facts = facts.read_models(&production, |path| {
            Ok(ModelFileFact {
                clips: vec![path.file_name().unwrap().display().to_string()],
                ..ModelFileFact::default()
            })
        });
        let clips: Vec<_> = facts.clips.into_values().collect();
        assert_eq!(clips, [Ok(vec!["mara.glb".to_owned()])]);
    }
}

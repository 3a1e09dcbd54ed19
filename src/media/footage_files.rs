//! Looks at footage: numbered pictures by pattern or in a folder, a single picture, or a film.
//!
//! Owns how a path is read. It reports nothing: `resolve` takes lengths from here, and rules report
//! what is wrong.

use super::ffmpeg::ToolError;
use super::film_memory::FilmMemory;
use super::picture::{PictureError, PictureKind, picture_header};
use super::{FfmpegTools, film_source, integrity, picture};
use crate::base::CancelToken;
use crate::base::paths::{escapes_root, normalized_path};
use crate::base::suggestions::nearest_match;
use crate::model::PixelSize;
use crate::model::footage::{
    FootageFacts, FootageProblem, FootageSurvey, PictureRun, PictureSiblings,
};
use crate::model::frame_padding::FramePadding;
use crate::process::CallOptions;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Extensions of pictures that can be footage, in lower case.
const PICTURE_EXTENSIONS: [&str; 7] = ["exr", "png", "jpg", "jpeg", "tif", "tiff", "hdr"];

/// Time after which a film is given up that ffprobe cannot measure.
const PROBE_LIMIT: Duration = Duration::from_secs(120);

/// Returns what is at these paths, each relative to the production's folder. What is measured of
/// films is remembered in `cache_folder`, if there is one.
#[must_use]
pub fn survey_footage(
    paths: BTreeSet<String>,
    root: &Path,
    search_path: &OsStr,
    cache_folder: Option<&Path>,
) -> FootageSurvey {
    if paths.is_empty() {
        return FootageSurvey::default();
    }
    // Pictures need no tools. A film without them is reported as such.
    let tools = FfmpegTools::find_programs(search_path).ok();
    let memory = tools.as_ref().zip(cache_folder);
    let memory = memory
        .and_then(|(tools, cache_folder)| film_source::load_film_memory(tools, cache_folder, root));
    let surveyor = FootageSurveyor {
        root,
        tools,
        memory,
    };
    // In parallel: every picture of a shot is opened, and ffprobe is started for every new film.
    let facts: Vec<(String, Arc<FootageFacts>)> = paths
        .into_par_iter()
        .map(|path| {
            let facts = surveyor.facts_at(&path);
            (path, Arc::new(facts))
        })
        .collect();
    if let Some(memory) = surveyor.memory {
        memory.save();
    }
    FootageSurvey(facts.into_iter().collect())
}

/// Kind and size of a picture, or why it cannot be read.
type ReadHeader = Result<(PictureKind, PixelSize), String>;

/// Looks at one path after another.
struct FootageSurveyor<'a> {
    root: &'a Path,
    tools: Option<FfmpegTools>,
    /// `None`: nothing is remembered.
    memory: Option<FilmMemory>,
}

impl FootageSurveyor<'_> {
    fn facts_at(&self, written: &str) -> FootageFacts {
        let result = self.find_footage(written);
        result.unwrap_or_else(FootageFacts::Unusable)
    }

    fn find_footage(&self, written: &str) -> Result<FootageFacts, FootageProblem> {
        // Documents from Windows have the other slash.
        let written = PathBuf::from(written.replace('\\', "/"));
        let path = normalized_path(&written).ok_or(FootageProblem::Outside)?;
        // A document must not make the program open files outside its folder.
        if escapes_root(self.root, &path) {
            return Err(FootageProblem::Outside);
        }
        let place = self.root.join(&path);
        if place.is_dir() {
            return self.folder_pictures(&path);
        }
        if place.is_file() {
            return self.file_facts(&path);
        }
        match NumberPattern::from_path(&path) {
            Some(pattern) => self.pattern_pictures(&pattern),
            None => Err(self.missing(&path)),
        }
    }

    fn missing(&self, path: &Path) -> FootageProblem {
        let folder = path.parent().unwrap_or(Path::new(""));
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let names = visible_names(&self.root.join(folder)).unwrap_or_default();
        let near = nearest_match(&name, names.iter().map(String::as_str));
        FootageProblem::Missing {
            near: near.map(|near| slashed(&folder.join(near))),
        }
    }

    fn folder_pictures(&self, folder: &Path) -> Result<FootageFacts, FootageProblem> {
        let names = visible_names(&self.root.join(folder)).map_err(unreadable)?;
        let runs = picture_runs(folder, &names);
        // To take one of several runs would be a guess.
        if runs.len() > 1 {
            let patterns = runs.iter().map(|(key, files)| key.pattern(files)).collect();
            return Err(FootageProblem::SeveralRuns { patterns });
        }
        match runs.into_values().next() {
            Some(files) => self.picture_run(files),
            None => Err(FootageProblem::EmptyFolder),
        }
    }

    fn pattern_pictures(&self, pattern: &NumberPattern) -> Result<FootageFacts, FootageProblem> {
        let folder = self.root.join(&pattern.folder);
        let names = visible_names(&folder).unwrap_or_default();
        let files: BTreeMap<i32, PathBuf> = names
            .iter()
            .filter_map(|name| Some((pattern.number_in(name)?, pattern.folder.join(name))))
            .collect();
        if !files.is_empty() {
            return self.picture_run(files);
        }
        // The nearest run of the folder says more than the nearest file.
        let runs = picture_runs(Path::new(""), &names);
        let patterns: Vec<String> = runs.iter().map(|(key, files)| key.pattern(files)).collect();
        let near = match patterns.as_slice() {
            [only] => Some(only.as_str()),
            several => nearest_match(&pattern.with_marks(), several.iter().map(String::as_str)),
        };
        Err(FootageProblem::Missing {
            near: near.map(|near| slashed(&pattern.folder.join(near))),
        })
    }

    /// Returns the facts of a file: a picture that is held, or a film.
    fn file_facts(&self, path: &Path) -> Result<FootageFacts, FootageProblem> {
        let place = self.root.join(path);
        match picture_header(&place) {
            Ok(_) => self.still_picture(path),
            // The content decides and not the extension: what is no picture may be a film.
            Err(PictureError::Unknown { .. }) => self.film_facts(path),
            Err(error) => Err(unreadable(plain_reason(error))),
        }
    }

    fn still_picture(&self, path: &Path) -> Result<FootageFacts, FootageProblem> {
        let files = BTreeMap::from([(0, path.to_owned())]);
        let FootageFacts::Pictures(run) = self.picture_run(files)? else {
            return Err(FootageProblem::EmptyFolder);
        };
        Ok(FootageFacts::Pictures(PictureRun {
            is_still: true,
            siblings: self.siblings_of(path),
            ..run
        }))
    }

    /// Returns the numbered pictures that a single one belongs to. `None`: it is alone.
    fn siblings_of(&self, path: &Path) -> Option<PictureSiblings> {
        let name = path.file_name()?.to_str()?;
        let own = NumberedName::parse(name)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let names = visible_names(&self.root.join(folder)).ok()?;
        let alike = names.iter().filter_map(|name| NumberedName::parse(name));
        let files: BTreeMap<i32, PathBuf> = alike
            .filter(|other| (other.prefix, other.extension) == (own.prefix, own.extension))
            .map(|other| (other.number, PathBuf::from(other.name)))
            .collect();
        (files.len() > 1).then(|| PictureSiblings {
            pattern: slashed(&folder.join(own.key().pattern(&files))),
            count: files.len(),
        })
    }

    fn film_facts(&self, path: &Path) -> Result<FootageFacts, FootageProblem> {
        let tools = self.tools.as_ref().ok_or(FootageProblem::NoProbe)?;
        let cancel = CancelToken::default();
        let watch = CallOptions {
            time_limit: Some(PROBE_LIMIT),
            ..CallOptions::new(&cancel)
        };
        let memory = self.memory.as_ref();
        match film_source::survey_film(tools, self.root, path, memory, watch) {
            Ok(film) => Ok(FootageFacts::Film(film)),
            Err(error) => Err(unreadable(self.film_reason(path, &error))),
        }
    }

    fn film_reason(&self, path: &Path, error: &ToolError) -> String {
        // A film that was cut short has lost its index, and ffprobe only says that it is invalid.
        if let Err(cut) = integrity::check_film_complete(&self.root.join(path)) {
            return cut;
        }
        match error {
            ToolError::Unreadable { why, .. } => why.clone(),
            _ => "it is neither a picture nor a film that ffprobe can read".to_owned(),
        }
    }

    /// Reads the header of every picture, and checks that each is whole.
    fn picture_run(&self, files: BTreeMap<i32, PathBuf>) -> Result<FootageFacts, FootageProblem> {
        let read: Vec<(i32, ReadHeader)> = files
            .par_iter()
            .map(|(number, path)| (*number, self.read_header(path)))
            .collect();
        let mut damaged: Vec<(i32, String)> = read
            .iter()
            .filter_map(|(number, result)| Some((*number, result.as_ref().err()?.clone())))
            .collect();
        let sizes = read
            .iter()
            .filter_map(|(number, result)| Some((*number, *result.as_ref().ok()?)));
        let mut sizes = sizes.peekable();
        let Some((_, (kind, size))) = sizes.peek().copied() else {
            let why = damaged.into_iter().next().map(|(_, why)| why);
            return Err(unreadable(why.unwrap_or_default()));
        };
        // Compressions that cannot be read are those of all pictures, and only decoding finds them.
        let first = files.iter().next().filter(|_| damaged.is_empty());
        if let Some((number, path)) = first
            && let Err(why) = picture::check_light_picture(&self.root.join(path))
        {
            damaged.push((*number, why));
        }
        let other_sizes = sizes
            .filter(|(_, (_, other))| *other != size)
            .map(|(number, (_, other))| (number, other))
            .collect();
        Ok(FootageFacts::Pictures(PictureRun {
            files,
            is_still: false,
            size,
            // These have light, and all others the values of a screen.
            is_linear: matches!(kind, PictureKind::Exr | PictureKind::Hdr),
            other_sizes,
            damaged,
            siblings: None,
        }))
    }

    fn read_header(&self, path: &Path) -> ReadHeader {
        // A link may lead out of the folder although its own path does not.
        if escapes_root(self.root, path) {
            return Err("is a link that leads out of the production's folder".to_owned());
        }
        let place = self.root.join(path);
        let facts = picture_header(&place).map_err(plain_reason)?;
        integrity::check_file_complete(&place)?;
        Ok(facts)
    }
}

/// A file name with a padding token, and its folder.
struct NumberPattern {
    folder: PathBuf,
    name: String,
    padding: FramePadding,
}

impl NumberPattern {
    fn from_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_owned();
        let padding = FramePadding::find_last(&name).or_else(|| {
            // What a shell takes for any text can only be the number here.
            let start = name.find('*')?;
            Some(FramePadding {
                token_range: start..start + 1,
                width: 1,
            })
        })?;
        Some(Self {
            folder: path.parent().unwrap_or(Path::new("")).to_owned(),
            name,
            padding,
        })
    }

    /// Returns the name with its padding written as the patterns of runs are.
    fn with_marks(&self) -> String {
        let range = &self.padding.token_range;
        let token = padding_token(self.padding.width);
        format!(
            "{}{token}{}",
            &self.name[..range.start],
            &self.name[range.end..]
        )
    }

    /// Returns the number in a file name that fits the pattern.
    fn number_in(&self, name: &str) -> Option<i32> {
        let range = &self.padding.token_range;
        let digits = name
            .strip_prefix(&self.name[..range.start])?
            .strip_suffix(&self.name[range.end..])?;
        let plain = digits.strip_prefix('-').unwrap_or(digits);
        if plain.is_empty() || !plain.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let number = digits.parse().ok()?;
        // `%04d` writes 12345 in five digits, and never 00012.
        let is_padded = digits.len() == self.padding.width
            || (digits.len() > self.padding.width && !plain.starts_with('0'))
            // `*` and `%d` take any width.
            || self.padding.width <= 1;
        is_padded.then_some(number)
    }
}

/// A picture's file name that ends in a number.
struct NumberedName<'a> {
    name: &'a str,
    prefix: &'a str,
    digits: &'a str,
    number: i32,
    extension: &'a str,
}

impl<'a> NumberedName<'a> {
    fn parse(name: &'a str) -> Option<Self> {
        let (stem, extension) = name.rsplit_once('.')?;
        let lower = extension.to_ascii_lowercase();
        if !PICTURE_EXTENSIONS.contains(&&*lower) {
            return None;
        }
        let prefix = stem.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = &stem[prefix.len()..];
        let number = digits.parse().ok()?;
        Some(Self {
            name,
            prefix,
            digits,
            number,
            extension,
        })
    }

    fn key(&self) -> RunKey {
        RunKey {
            prefix: self.prefix.to_owned(),
            extension: self.extension.to_owned(),
        }
    }
}

/// What the pictures of one run have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct RunKey {
    prefix: String,
    extension: String,
}

impl RunKey {
    /// Returns the pattern of these pictures, such as `sh010.####.exr`.
    fn pattern(&self, files: &BTreeMap<i32, PathBuf>) -> String {
        let names = files.values().filter_map(|path| path.file_name()?.to_str());
        let width = names
            .filter_map(|name| Some(NumberedName::parse(name)?.digits.len()))
            .min()
            .unwrap_or(1);
        format!("{}{}.{}", self.prefix, padding_token(width), self.extension)
    }
}

/// Returns the runs of numbered pictures among the names of a folder.
fn picture_runs(folder: &Path, names: &[String]) -> BTreeMap<RunKey, BTreeMap<i32, PathBuf>> {
    let mut runs: BTreeMap<RunKey, BTreeMap<i32, PathBuf>> = BTreeMap::new();
    for name in names {
        if let Some(numbered) = NumberedName::parse(name) {
            let files = runs.entry(numbered.key()).or_default();
            files.insert(numbered.number, folder.join(name));
        }
    }
    runs
}

/// Returns the padding token for numbers of at least so many digits.
fn padding_token(width: usize) -> String {
    // A lone `#` would be four digits.
    if width > 1 {
        "#".repeat(width)
    } else {
        "%d".to_owned()
    }
}

/// Returns the names in a folder that are not hidden, sorted.
fn visible_names(folder: &Path) -> Result<Vec<String>, String> {
    crate::base::folder_names::folder_names(folder, usize::MAX, |name| !name.starts_with('.'))
        .map_err(|error| error.to_string())
}

fn slashed(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}

fn unreadable(why: String) -> FootageProblem {
    FootageProblem::Unreadable { why }
}

/// Returns why a picture cannot be read, without its path.
fn plain_reason(error: PictureError) -> String {
    match error {
        PictureError::Damaged { why, .. } => why,
        PictureError::Io { source, .. } => source.to_string(),
        PictureError::TooLarge { size, .. } => {
            format!(
                "it is {size}, more than the {} pixels a picture may have",
                picture::MAX_PIXELS
            )
        }
        PictureError::Unknown { .. } => "it is no picture".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::LinearImage;
    use crate::media::picture::{write_exr, write_png8};

    const SIZE: PixelSize = PixelSize::new(8, 4);

    fn folder_with(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            if name.ends_with("exr") {
                write_exr(&path, &LinearImage::filled_with(SIZE, [0.2; 3])).unwrap();
            } else {
                write_png8(&path, SIZE, &[[9; 3]; 32]).unwrap();
            }
        }
        folder
    }

    fn facts(folder: &tempfile::TempDir, written: &str) -> FootageFacts {
        let surveyor = FootageSurveyor {
            root: folder.path(),
            tools: None,
            memory: None,
        };
        surveyor.facts_at(written)
    }

    fn numbers(facts: &FootageFacts) -> Vec<i32> {
        facts.pictures().unwrap().files.keys().copied().collect()
    }

    #[test]
    fn patterns_of_all_tools_find_the_same_pictures() {
        let folder = folder_with(&["p/a.0008.exr", "p/a.0009.exr", "p/a.10010.exr", "p/b.1.png"]);
        for pattern in [
            "p/a.%04d.exr",
            "p/a.####.exr",
            "p/a.#.exr",
            "p/a.$F4.exr",
            "p/a.@@@@.exr",
            "p/a.*.exr",
        ] {
            assert_eq!(
                numbers(&facts(&folder, pattern)),
                [8, 9, 10010],
                "{pattern}"
            );
        }
        assert_eq!(numbers(&facts(&folder, "p/b.%d.png")), [1]);
    }

    #[test]
    fn a_folder_of_one_run_is_read_and_other_files_are_ignored() {
        let folder = folder_with(&["p/0001.png", "p/0002.png", "p/notes.png"]);
        std::fs::write(folder.path().join("p/.DS_Store"), "x").unwrap();
        std::fs::write(folder.path().join("p/render.log"), "x").unwrap();
        for written in ["p", "p/", "./p"] {
            let found = facts(&folder, written);
            assert_eq!(numbers(&found), [1, 2], "{written}");
            assert!(!found.pictures().unwrap().is_linear);
        }
    }

    #[test]
    fn a_folder_of_two_runs_is_not_guessed() {
        let folder = folder_with(&["p/a.01.exr", "p/a.02.exr", "p/a.01.png"]);
        let patterns = vec!["a.##.exr".to_owned(), "a.##.png".to_owned()];
        assert_eq!(
            facts(&folder, "p"),
            FootageFacts::Unusable(FootageProblem::SeveralRuns { patterns })
        );
    }

    #[test]
    fn a_pattern_without_pictures_names_the_run_that_is_there() {
        let folder = folder_with(&["p/sh010_0001.exr"]);
        let near = |near: Option<&str>| {
            FootageFacts::Unusable(FootageProblem::Missing {
                near: near.map(str::to_owned),
            })
        };
        assert_eq!(
            facts(&folder, "p/sh010.%04d.exr"),
            near(Some("p/sh010_####.exr"))
        );
        assert_eq!(facts(&folder, "q/sh010.%04d.exr"), near(None));
    }

    #[test]
    fn one_picture_of_several_is_a_still_that_knows_the_others() {
        let folder = folder_with(&["p/a.0001.png", "p/a.0002.png", "title.png"]);
        let FootageFacts::Pictures(run) = facts(&folder, "p/a.0002.png") else {
            panic!("a picture")
        };
        let siblings = run.siblings.unwrap();
        assert!(run.is_still && siblings.count == 2);
        assert_eq!(siblings.pattern, "p/a.####.png");
        let FootageFacts::Pictures(run) = facts(&folder, "title.png") else {
            panic!("a picture")
        };
        assert_eq!((run.is_still, run.siblings), (true, None));
    }

    #[test]
    fn pictures_that_are_cut_short_or_of_another_size_are_listed() {
        let folder = folder_with(&["a.1.png", "a.2.png", "a.3.png"]);
        let cut = folder.path().join("a.2.png");
        let bytes = std::fs::read(&cut).unwrap();
        std::fs::write(&cut, &bytes[..bytes.len() - 6]).unwrap();
        write_png8(
            &folder.path().join("a.3.png"),
            PixelSize::new(2, 2),
            &[[1; 3]; 4],
        )
        .unwrap();
        let FootageFacts::Pictures(run) = facts(&folder, "a.%d.png") else {
            panic!("pictures")
        };
        assert_eq!(run.damaged.iter().map(|(n, _)| *n).collect::<Vec<_>>(), [2]);
        assert_eq!(run.other_sizes, [(3, PixelSize::new(2, 2))]);
    }

    #[test]
    fn nothing_outside_the_folder_is_looked_at() {
        let folder = folder_with(&["a.1.png"]);
        for written in ["../x.%04d.exr", "/etc/passwd"] {
            assert_eq!(
                facts(&folder, written),
                FootageFacts::Unusable(FootageProblem::Outside)
            );
        }
    }

    #[test]
    fn a_film_without_ffprobe_is_not_measured() {
        let folder = folder_with(&[]);
        std::fs::write(folder.path().join("a.mov"), "no picture").unwrap();
        assert_eq!(
            facts(&folder, "a.mov"),
            FootageFacts::Unusable(FootageProblem::NoProbe)
        );
    }
}

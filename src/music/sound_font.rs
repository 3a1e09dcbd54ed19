//! Fonts that music is played with: found on the machine, or built in.

use super::built_in_font::{BUILT_IN_VERSION, built_in_font};
use super::font_tables::{FontPreset, FontTableError, FontTables, PlayedNotes};
use super::score::MusicScore;
use crate::base::Digest;
use rustysynth_ext::SoundFont;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Cursor};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Version of the synthesiser, which is part of the identity of what it plays.
pub const SYNTHESISER_VERSION: &str = "1.5.0";

/// Names of fonts, the best first: all of them have the whole of General MIDI, and all but the
/// last may be used for any purpose.
// By name, and not any font in the folders: two machines with the same packages then play the same,
// and an unknown font may lack instruments.
const FONT_NAMES: [&str; 8] = [
    "MuseScore_General.sf3",
    "MuseScore_General_Lite.sf3",
    "FluidR3Mono_GM.sf3",
    "FluidR3_GM.sf2",
    "GeneralUser-GS.sf2",
    "default-GM.sf3",
    "default-GM.sf2",
    "TimGM6mb.sf2",
];

/// Folders where systems keep fonts.
const FONT_FOLDERS: [&str; 6] = [
    "/usr/share/sounds/sf3",
    "/usr/share/sounds/sf2",
    "/usr/share/soundfonts",
    "/usr/local/share/soundfonts",
    "/opt/homebrew/share/soundfonts",
    "/opt/local/share/sounds/sf2",
];

/// Returns the font of this machine: the named one, else the best that is installed, else the
/// built-in instruments.
///
/// # Errors
/// Fails with the path if the named one, or what is installed, cannot be read.
pub fn machine_font(named: Option<&Path>) -> Result<FontSource, String> {
    let Some(path) = named.map(Path::to_owned).or_else(installed_font) else {
        return Ok(FontSource::BuiltIn);
    };
    FontSource::open(&path)
        .map_err(|error| format!("read the SoundFont {}: {error}", path.display()))
}

/// Returns the best font of this machine. `None`: it has none.
#[must_use]
pub fn installed_font() -> Option<PathBuf> {
    FONT_NAMES.iter().find_map(|name| {
        let paths = FONT_FOLDERS
            .iter()
            .map(|folder| Path::new(folder).join(name));
        paths.into_iter().find(|path| path.is_file())
    })
}

/// Why a font cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {cause}")]
pub struct SoundFontError {
    path: String,
    cause: FontCause,
}

#[derive(Debug, thiserror::Error)]
enum FontCause {
    #[error(transparent)]
    Tables(#[from] FontTableError),
    #[error("{0}")]
    Samples(rustysynth_ext::SoundFontError),
}

impl SoundFontError {
    /// Returns the error of the file system, if it was one.
    #[must_use]
    pub const fn io_error(&self) -> Option<&std::io::Error> {
        match &self.cause {
            FontCause::Tables(FontTableError::Io(error)) => Some(error),
            _ => None,
        }
    }
}

/// Where the instruments come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FontSource {
    /// A file, by its content.
    File(FontFile),
    /// The built-in instruments.
    BuiltIn,
}

/// A font in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FontFile {
    /// Its path.
    pub path: PathBuf,
    /// Its content.
    pub digest: Digest,
}

impl FontSource {
    /// Returns the font in a file. Reads all of it for its digest.
    ///
    /// # Errors
    /// Fails if it cannot be read.
    pub fn open(path: &Path) -> std::io::Result<Self> {
        Ok(Self::File(FontFile {
            path: path.to_owned(),
            // The content and not the name: distributions ship other fonts under one name, which
            // would be reused wrongly.
            digest: Digest::hash_reader(File::open(path)?)?,
        }))
    }

    /// Returns the instruments by their content: the digest of the font, or the version of the
    /// built-in ones. Where the file is does not matter.
    #[must_use]
    pub fn instruments(&self) -> String {
        match self {
            Self::File(file) => format!("SoundFont {}", file.digest.short_hex()),
            Self::BuiltIn => format!("built-in instruments {BUILT_IN_VERSION}"),
        }
    }

    /// Returns what plays these instruments, with version, for the identity of music.
    #[must_use]
    pub fn identity_with(instruments: &str) -> String {
        format!("rustysynth-ext {SYNTHESISER_VERSION} with {instruments}")
    }

    /// Loads the instruments of a score.
    ///
    /// # Errors
    /// Fails if the file cannot be read, is no SoundFont, or is damaged.
    pub fn load(&self, score: &MusicScore) -> Result<LoadedFont, SoundFontError> {
        // Only what the score plays is loaded: a font of 200 MB would take longer to decode than
        // the music to play.
        let wanted = score_presets(score);
        let name = match self {
            Self::File(file) => file.path.display().to_string(),
            Self::BuiltIn => "the built-in instruments".to_owned(),
        };
        let failed = |cause: FontCause| SoundFontError {
            path: name.clone(),
            cause,
        };
        let bytes = match self {
            Self::File(file) => {
                let read = || -> Result<Vec<u8>, FontTableError> {
                    let mut reader = BufReader::new(File::open(&file.path)?);
                    let tables = FontTables::read(&mut reader)?;
                    tables.subset_bytes(&mut reader, &wanted)
                };
                read().map_err(|error| failed(error.into()))?
            }
            Self::BuiltIn => built_in_font(wanted.keys()),
        };
        let font = SoundFont::new(&mut Cursor::new(bytes));
        Ok(LoadedFont {
            font: Arc::new(font.map_err(|error| failed(FontCause::Samples(error)))?),
        })
    }
}

/// The instruments of one score, ready to be played.
pub struct LoadedFont {
    pub(super) font: Arc<SoundFont>,
}

/// Returns the presets that a score needs, with the notes of each.
fn score_presets(score: &MusicScore) -> BTreeMap<FontPreset, PlayedNotes> {
    let mut presets: BTreeMap<FontPreset, PlayedNotes> = BTreeMap::new();
    for part in &score.parts {
        let preset = FontPreset {
            // General MIDI plays percussion on the tenth channel, and SoundFonts have it in bank
            // 128.
            bank: if part.channel == 9 { 128 } else { 0 },
            program: u16::from(part.program),
        };
        let notes = presets.entry(preset).or_default();
        for note in &part.notes {
            notes.add(note.pitch, note.velocity);
        }
    }
    presets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sound::MusicWork;
    use crate::music::compose;

    fn score() -> MusicScore {
        let work = MusicWork {
            mood: "neutral".to_owned(),
            seed: 1,
            sample_rate: 48_000,
            length: 480_000,
            sections: Vec::new(),
            own_font: false,
        };
        compose(&work).unwrap()
    }

    fn load_bytes(bytes: &[u8]) -> Result<LoadedFont, SoundFontError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        FontSource::open(file.path()).unwrap().load(&score())
    }

    #[test]
    fn the_version_is_that_of_the_lock_file() {
        let lock = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock");
        let lock = std::fs::read_to_string(lock).unwrap();
        let entry = format!("name = \"rustysynth-ext\"\nversion = \"{SYNTHESISER_VERSION}\"");
        assert!(lock.contains(&entry), "raise SYNTHESISER_VERSION");
    }

    #[test]
    fn the_built_in_font_is_read_like_any_other_file() {
        let bytes = built_in_font(score_presets(&score()).keys());
        assert!(load_bytes(&bytes).is_ok());
        assert_eq!(
            bytes,
            built_in_font(score_presets(&score()).keys()),
            "the same for ever"
        );
    }

    #[test]
    fn damaged_fonts_are_errors_wherever_they_are_damaged() {
        let whole = built_in_font(score_presets(&score()).keys());
        for length in [0, 3, 11, 12, 40, 200, whole.len() / 2, whole.len() - 1] {
            assert!(load_bytes(&whole[..length]).is_err(), "{length} bytes");
        }
        assert!(load_bytes(b"MThd and something else that is no font").is_err());
        // Every table in turn says more than there is.
        let tables = whole.len() - 4000;
        for place in (tables..whole.len()).step_by(37) {
            let mut damaged = whole.clone();
            damaged[place] = 0xFF;
            // An error or a font, and never a panic.
            let _ = load_bytes(&damaged);
        }
    }
}

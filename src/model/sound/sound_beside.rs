//! Sound that is delivered as files of its own, beside an output.

use super::mix_file::MixFile;
use crate::model::production::Output;
use std::path::{Path, PathBuf};

/// What is delivered beside an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SoundBesideKind {
    /// A folder with the mix and its stems.
    Stems,
    /// The mix as one WAV file.
    Wav,
}

impl SoundBesideKind {
    /// Returns what its path and its name end with.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Stems => "stems",
            Self::Wav => "wav",
        }
    }

    /// Returns the files of the mix that it consists of.
    #[must_use]
    pub const fn files(self) -> &'static [MixFile] {
        match self {
            Self::Stems => &MixFile::ALL,
            Self::Wav => &[MixFile::Mix],
        }
    }

    /// Returns whether it is a folder.
    #[must_use]
    pub const fn is_folder(self) -> bool {
        matches!(self, Self::Stems)
    }
}

/// Sound beside an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoundBeside {
    /// What it is.
    pub kind: SoundBesideKind,
    /// Its name as a deliverable.
    pub name: String,
    /// Its path, relative to the production's folder.
    pub path: PathBuf,
}

impl Output {
    /// Returns what is delivered of its sound beside it.
    #[must_use]
    pub fn sound_beside(&self) -> Vec<SoundBeside> {
        let Some(sound) = &self.sound else {
            return Vec::new();
        };
        let stems = sound.stems.then_some(SoundBesideKind::Stems);
        let wav = sound.wav.then_some(SoundBesideKind::Wav);
        let kinds = stems.into_iter().chain(wav);
        kinds
            .map(|kind| SoundBeside {
                kind,
                name: format!("{}.{}", self.name.value, kind.extension()),
                path: path_beside(&self.path.value, self.format.extension(), kind),
            })
            .collect()
    }
}

/// Returns the path with the extension of sound in place of that of a film, `extension`. A folder
/// of pictures keeps its name.
fn path_beside(path: &Path, extension: &str, kind: SoundBesideKind) -> PathBuf {
    let own = path.extension().and_then(|own| own.to_str());
    let stem = path
        .file_stem()
        .filter(|_| own.is_some_and(|own| own.eq_ignore_ascii_case(extension)));
    let mut name = stem.or(path.file_name()).unwrap_or_default().to_owned();
    name.push(".");
    name.push(kind.extension());
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_is_beside_the_film_or_the_folder() {
        let beside =
            |path: &str, extension: &str, kind| path_beside(Path::new(path), extension, kind);
        let wav = SoundBesideKind::Wav;
        assert_eq!(
            beside("out/film.mp4", "mp4", wav),
            Path::new("out/film.wav")
        );
        assert_eq!(
            beside("out/FILM.MOV", "mov", wav),
            Path::new("out/FILM.wav")
        );
        assert_eq!(beside("out/v1.2", "png", wav), Path::new("out/v1.2.wav"));
        assert_eq!(
            beside("film_${revision}.mp4", "mp4", SoundBesideKind::Stems),
            Path::new("film_${revision}.stems")
        );
    }
}

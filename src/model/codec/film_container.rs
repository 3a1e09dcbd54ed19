//! The table of containers of films: what each holds, and at which rates.

use crate::model::FrameRate;
use crate::model::sound::SoundCodec;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The kind of file that a film is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FilmContainer {
    /// MP4, as players and browsers expect.
    Mp4,
    /// QuickTime, as editors expect.
    Mov,
    /// MXF of operational pattern 1a, as broadcasters expect.
    Mxf,
    /// Matroska.
    #[serde(alias = "matroska")]
    #[schemars(extend("x-also" = ["matroska"]))]
    Mkv,
    /// WebM, as browsers expect.
    Webm,
}

/// The facts of one container.
#[derive(Debug)]
pub struct FilmContainerSpec {
    /// The container of this entry.
    pub container: FilmContainer,
    /// Its name in documents, in JSON and in messages.
    pub id: &'static str,
    /// Its name in reports.
    pub display_name: &'static str,
    /// File extension without the dot.
    pub extension: &'static str,
    /// ffmpeg's name of the muxer.
    pub muxer: &'static str,
    /// The codecs of sound that it holds, the usual one first.
    pub sound_codecs: &'static [SoundCodec],
    /// Samples of sound a second that it holds. Empty: every rate.
    pub sample_rates: &'static [u32],
    /// Frames a second that it holds. Empty: every rate.
    pub frame_rates: &'static [FrameRate],
    /// How exactly it holds the time of a frame.
    pub clock: ContainerClock,
    /// Whether it has a place for the timecode of its first frame.
    pub has_timecode: bool,
    /// Whether languages have the older, bibliographic tags of ISO 639-2.
    pub bibliographic_languages: bool,
}

/// How exactly a container holds the time of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContainerClock {
    /// In ticks, of which a frame is a whole number.
    Ticks,
    /// Rounded to milliseconds. Rates and durations are read back with that error.
    Milliseconds,
    /// In frames: it holds no times, and a rate for the whole film.
    Frames,
}

/// Every container.
pub static FILM_CONTAINERS: [&FilmContainerSpec; 5] = [&MP4, &MOV, &MXF, &MKV, &WEBM];

static MP4: FilmContainerSpec = FilmContainerSpec {
    container: FilmContainer::Mp4,
    id: "mp4",
    display_name: "MP4",
    extension: "mp4",
    muxer: "mp4",
    sound_codecs: &[SoundCodec::Aac, SoundCodec::Opus, SoundCodec::Flac],
    sample_rates: &[],
    frame_rates: &[],
    clock: ContainerClock::Ticks,
    has_timecode: true,
    bibliographic_languages: false,
};

static MOV: FilmContainerSpec = FilmContainerSpec {
    container: FilmContainer::Mov,
    id: "mov",
    display_name: "QuickTime",
    extension: "mov",
    muxer: "mov",
    // Editors refuse QuickTime files with anything else.
    sound_codecs: &[SoundCodec::Pcm, SoundCodec::Aac],
    sample_rates: &[],
    frame_rates: &[],
    clock: ContainerClock::Ticks,
    has_timecode: true,
    bibliographic_languages: true,
};

static MXF: FilmContainerSpec = FilmContainerSpec {
    container: FilmContainer::Mxf,
    id: "mxf",
    display_name: "MXF OP1a",
    extension: "mxf",
    muxer: "mxf",
    sound_codecs: &[SoundCodec::Pcm],
    // The muxer of ffmpeg refuses every other rate.
    sample_rates: &[48_000],
    // Sound is interleaved frame by frame, and the number of samples a frame is defined for these
    // rates alone. The muxer refuses others when all pictures are encoded.
    frame_rates: &[
        FrameRate {
            num: 24_000,
            den: 1001,
        },
        FrameRate::from_fps(24),
        FrameRate::from_fps(25),
        FrameRate {
            num: 30_000,
            den: 1001,
        },
        FrameRate::from_fps(30),
        FrameRate::from_fps(50),
        FrameRate {
            num: 60_000,
            den: 1001,
        },
        FrameRate::from_fps(60),
    ],
    clock: ContainerClock::Frames,
    has_timecode: true,
    bibliographic_languages: false,
};

static MKV: FilmContainerSpec = FilmContainerSpec {
    container: FilmContainer::Mkv,
    id: "mkv",
    display_name: "Matroska",
    extension: "mkv",
    muxer: "matroska",
    // AAC would begin late here: the muxer of ffmpeg does not mark the silence that its encoder
    // begins with.
    sound_codecs: &[SoundCodec::Flac, SoundCodec::Pcm],
    sample_rates: &[],
    frame_rates: &[],
    clock: ContainerClock::Milliseconds,
    has_timecode: true,
    bibliographic_languages: true,
};

static WEBM: FilmContainerSpec = FilmContainerSpec {
    container: FilmContainer::Webm,
    id: "webm",
    display_name: "WebM",
    extension: "webm",
    muxer: "webm",
    // Its standard knows Opus and Vorbis only.
    sound_codecs: &[SoundCodec::Opus],
    sample_rates: &[],
    frame_rates: &[],
    clock: ContainerClock::Milliseconds,
    has_timecode: false,
    bibliographic_languages: true,
};

impl FilmContainer {
    /// Returns its entry in the table.
    #[must_use]
    pub const fn spec(self) -> &'static FilmContainerSpec {
        match self {
            Self::Mp4 => &MP4,
            Self::Mov => &MOV,
            Self::Mxf => &MXF,
            Self::Mkv => &MKV,
            Self::Webm => &WEBM,
        }
    }

    /// Returns the container of files with this extension, in any case.
    #[must_use]
    pub fn from_extension(extension: &str) -> Option<Self> {
        let mut known = FILM_CONTAINERS.iter();
        known
            .find(|spec| spec.extension.eq_ignore_ascii_case(extension))
            .map(|spec| spec.container)
    }
}

impl FilmContainerSpec {
    /// Returns whether it holds this rate.
    #[must_use]
    pub fn has_rate(&self, rate: FrameRate) -> bool {
        self.frame_rates.is_empty() || self.frame_rates.contains(&rate)
    }

    /// Returns whether it holds sound of so many samples a second.
    #[must_use]
    pub fn has_sample_rate(&self, sample_rate: u32) -> bool {
        self.sample_rates.is_empty() || self.sample_rates.contains(&sample_rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_container_has_the_name_that_documents_use() {
        for spec in FILM_CONTAINERS {
            assert!(std::ptr::eq(spec.container.spec(), spec), "{}", spec.id);
            assert_eq!(serde_json::to_value(spec.container).unwrap(), spec.id);
            assert!(!spec.sound_codecs.is_empty(), "{}", spec.id);
            let upper = spec.extension.to_uppercase();
            assert_eq!(FilmContainer::from_extension(&upper), Some(spec.container));
        }
    }

    #[test]
    fn mxf_has_the_rates_of_broadcasting_alone() {
        let has_rate = |text: &str| MXF.has_rate(FrameRate::parse(text).unwrap());
        assert!(has_rate("23.976") && has_rate("25") && has_rate("59.94"));
        assert!(!has_rate("12") && !has_rate("15") && !has_rate("48"));
    }
}

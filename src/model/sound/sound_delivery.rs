//! Which sound a deliverable can carry, and which it has if the document names none.

use super::sound_format::SoundCodec;
use crate::model::OutputFormat;

impl SoundCodec {
    /// Returns the codecs of sound that files of this format can carry, the usual one first. Empty:
    /// they are pictures.
    #[must_use]
    pub fn carried_by(format: &OutputFormat) -> &'static [Self] {
        format.sound_codecs()
    }

    /// Returns its name in documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.spec().id
    }

    /// Returns whether a bit rate can be chosen.
    #[must_use]
    pub const fn takes_bit_rate(self) -> bool {
        self.spec().bit_rate.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::codec::FilmContainer;
    use crate::model::retro_treatment::FitMode;
    use crate::model::{Codec, EncodingChoice, FrameRate, PixelSize};

    fn format(codec: Codec, container: Option<FilmContainer>) -> OutputFormat {
        OutputFormat {
            codec,
            size: PixelSize::new(96, 54),
            rate: FrameRate::from_fps(24),
            fit: FitMode::Crop,
            retro: None,
            encoding: EncodingChoice {
                container,
                ..EncodingChoice::default()
            },
        }
    }

    #[test]
    fn films_have_the_sound_that_players_and_editors_expect() {
        let first = |codec, container| {
            let format = format(codec, container);
            SoundCodec::carried_by(&format).first().copied()
        };
        assert_eq!(first(Codec::H264, None), Some(SoundCodec::Aac));
        assert_eq!(first(Codec::Prores422, None), Some(SoundCodec::Pcm));
        assert_eq!(first(Codec::Vp9, None), Some(SoundCodec::Opus));
        let mxf = Some(FilmContainer::Mxf);
        assert_eq!(first(Codec::Dnxhr, mxf), Some(SoundCodec::Pcm));
        assert_eq!(first(Codec::Png, None), None);
        assert_eq!(first(Codec::Gif, None), None);
        assert_eq!(
            crate::base::json::serialized_name(&SoundCodec::Flac),
            SoundCodec::Flac.name()
        );
    }
}

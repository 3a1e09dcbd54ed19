//! Which sound a deliverable can carry, and which it has if the document names none.

use super::sound_format::SoundCodec;
use crate::model::codec::Codec;

impl SoundCodec {
    /// Returns the codecs of sound that files of this codec of pictures can carry, the usual one
    /// first. Empty: they are pictures.
    #[must_use]
    pub fn carried_by(codec: Codec) -> &'static [Self] {
        codec.spec().sound_codecs
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

    #[test]
    fn films_have_the_sound_that_players_and_editors_expect() {
        assert_eq!(SoundCodec::carried_by(Codec::H264)[0], SoundCodec::Aac);
        assert_eq!(SoundCodec::carried_by(Codec::Prores422)[0], SoundCodec::Pcm);
        assert!(SoundCodec::carried_by(Codec::Png).is_empty());
        for codec in [Codec::H264, Codec::Prores4444, Codec::Exr] {
            assert_eq!(
                codec.spec().carries_sound(),
                !SoundCodec::carried_by(codec).is_empty()
            );
        }
        assert_eq!(
            crate::base::json::serialized_name(&SoundCodec::Flac),
            SoundCodec::Flac.name()
        );
    }
}

//! The sound of a deliverable.

use super::DEFAULT_SAMPLE_RATE;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How sound is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SoundCodec {
    /// AAC, as players of MP4 expect.
    Aac,
    /// Linear PCM of 24 bits, as editors expect in QuickTime.
    Pcm,
    /// Opus.
    Opus,
    /// FLAC, without loss.
    Flac,
}

/// The facts of one codec of sound.
#[derive(Debug)]
pub struct SoundCodecSpec {
    /// The codec of this entry.
    pub codec: SoundCodec,
    /// Its name in documents and in JSON.
    pub id: &'static str,
    /// Its name in reports.
    pub display_name: &'static str,
    /// ffmpeg's name of the encoder.
    pub encoder: &'static str,
    /// Arguments of the encoder beside its name, separated by spaces.
    pub encoder_arguments: &'static str,
    /// Codec name that ffprobe reports.
    pub probed_name: &'static str,
    /// Whether decoded samples differ from the source.
    pub lossy: bool,
    /// Samples by which a decoder may return more than was encoded: the codec's frame.
    pub frame_length: u64,
    /// Rates that it supports. Empty: every rate.
    pub sample_rates: &'static [u32],
    /// Bits a second, if the document names none. `None`: it has no such choice.
    pub bit_rate: Option<u64>,
}

static AAC: SoundCodecSpec = SoundCodecSpec {
    codec: SoundCodec::Aac,
    id: "aac",
    display_name: "AAC",
    encoder: "aac",
    encoder_arguments: "",
    probed_name: "aac",
    lossy: true,
    frame_length: 1024,
    sample_rates: &[
        7350, 8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 64_000, 88_200,
        96_000,
    ],
    // Transparent in listening tests of stereo; streaming services take it as it is.
    bit_rate: Some(256_000),
};

static PCM: SoundCodecSpec = SoundCodecSpec {
    codec: SoundCodec::Pcm,
    id: "pcm",
    display_name: "PCM, 24 bits",
    encoder: "pcm_s24le",
    encoder_arguments: "",
    probed_name: "pcm_s24le",
    lossy: false,
    frame_length: 0,
    sample_rates: &[],
    bit_rate: None,
};

static OPUS: SoundCodecSpec = SoundCodecSpec {
    codec: SoundCodec::Opus,
    id: "opus",
    display_name: "Opus",
    encoder: "libopus",
    encoder_arguments: "-application audio",
    probed_name: "opus",
    lossy: true,
    frame_length: 960,
    // Its decoder has one rate, so other rates would be resampled.
    sample_rates: &[48_000],
    bit_rate: Some(160_000),
};

static FLAC: SoundCodecSpec = SoundCodecSpec {
    codec: SoundCodec::Flac,
    id: "flac",
    display_name: "FLAC",
    encoder: "flac",
    // ffmpeg 5 calls FLAC in MP4 experimental.
    encoder_arguments: "-sample_fmt s32 -bits_per_raw_sample 24 -strict experimental",
    probed_name: "flac",
    lossy: false,
    frame_length: 0,
    sample_rates: &[],
    bit_rate: None,
};

impl SoundCodec {
    /// Every codec of sound.
    pub const ALL: [Self; 4] = [Self::Aac, Self::Pcm, Self::Opus, Self::Flac];

    /// Returns its entry in the table.
    #[must_use]
    pub const fn spec(self) -> &'static SoundCodecSpec {
        match self {
            Self::Aac => &AAC,
            Self::Pcm => &PCM,
            Self::Opus => &OPUS,
            Self::Flac => &FLAC,
        }
    }
}

impl SoundCodecSpec {
    /// Returns whether the codec supports this rate.
    #[must_use]
    pub fn has_rate(&self, sample_rate: u32) -> bool {
        self.sample_rates.is_empty() || self.sample_rates.contains(&sample_rate)
    }
}

/// The sound of one deliverable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SoundFormat {
    /// How it is encoded.
    pub codec: SoundCodec,
    /// Samples a second.
    pub sample_rate: u32,
    /// Length in samples, before it is encoded.
    pub length: u64,
    /// Bits a second, for codecs with loss. `None`: the codec's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bit_rate: Option<u64>,
    /// Language as in BCP 47, such as `en`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

impl SoundFormat {
    /// Returns the samples a second of the encoded sound: those of the mix, or the rate that the
    /// codec has.
    #[must_use]
    pub fn encoded_rate(&self) -> u32 {
        let spec = self.codec.spec();
        if spec.has_rate(self.sample_rate) {
            self.sample_rate
        } else {
            DEFAULT_SAMPLE_RATE
        }
    }

    /// Returns its length in samples at that rate.
    #[must_use]
    pub fn encoded_length(&self) -> u64 {
        let wanted = u128::from(self.encoded_rate());
        let own = u128::from(self.sample_rate.max(1));
        let length = (u128::from(self.length) * wanted + own / 2) / own;
        u64::try_from(length).unwrap_or(u64::MAX)
    }

    /// Returns the language tag of a film, of ISO 639-2. `None`: it has none, or an unknown one.
    #[must_use]
    pub fn language_tag(&self) -> Option<&str> {
        film_language_tag(self.language.as_deref()?)
    }
}

/// Returns the tag that a film has for a language, of ISO 639-2. `None`: it is unknown.
#[must_use]
pub fn film_language_tag(language: &str) -> Option<&str> {
    let language = language.split('-').next()?;
    if language.len() == 3 {
        return Some(language);
    }
    let mut known = FILM_LANGUAGES.iter();
    known
        .find(|(short, _)| short.eq_ignore_ascii_case(language))
        .map(|(_, tag)| *tag)
}

/// Tags of ISO 639-2 that QuickTime knows under another name, the older one of libraries.
const QUICKTIME_TAGS: [(&str, &str); 9] = [
    ("deu", "ger"),
    ("ell", "gre"),
    ("fas", "per"),
    ("fra", "fre"),
    ("hye", "arm"),
    ("isl", "ice"),
    ("nld", "dut"),
    ("sqi", "alb"),
    ("zho", "chi"),
];

/// Returns the tag of a language as QuickTime has it.
#[must_use]
pub fn quicktime_tag(tag: &str) -> &str {
    let known = QUICKTIME_TAGS.iter().find(|(film, _)| *film == tag);
    known.map_or(tag, |(_, quicktime)| quicktime)
}

/// Languages of BCP 47 with the three letters that films have.
// MP4 and QuickTime know only the codes of ISO 639-2, and ffmpeg drops every other silently.
#[rustfmt::skip]
const FILM_LANGUAGES: [(&str, &str); 66] = [
    ("af", "afr"), ("am", "amh"), ("ar", "ara"), ("az", "aze"), ("be", "bel"), ("bg", "bul"),
    ("bn", "ben"), ("bs", "bos"), ("ca", "cat"), ("cs", "ces"), ("cy", "cym"), ("da", "dan"),
    ("de", "deu"), ("el", "ell"), ("en", "eng"), ("eo", "epo"), ("es", "spa"), ("et", "est"),
    ("eu", "eus"), ("fa", "fas"), ("fi", "fin"), ("fr", "fra"), ("ga", "gle"), ("gl", "glg"),
    ("gu", "guj"), ("he", "heb"), ("hi", "hin"), ("hr", "hrv"), ("hu", "hun"), ("hy", "hye"),
    ("id", "ind"), ("is", "isl"), ("it", "ita"), ("ja", "jpn"), ("ka", "kat"), ("kk", "kaz"),
    ("kn", "kan"), ("ko", "kor"), ("la", "lat"), ("lt", "lit"), ("lv", "lav"), ("mi", "mri"),
    ("mk", "mkd"), ("ml", "mal"), ("mr", "mar"), ("ms", "msa"), ("mt", "mlt"), ("nb", "nob"),
    ("ne", "nep"), ("nl", "nld"), ("no", "nor"), ("pa", "pan"), ("pl", "pol"), ("pt", "por"),
    ("ro", "ron"), ("ru", "rus"), ("sk", "slk"), ("sl", "slv"), ("sq", "sqi"), ("sr", "srp"),
    ("sv", "swe"), ("sw", "swa"), ("ta", "tam"), ("tr", "tur"), ("uk", "ukr"), ("zh", "zho"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_have_the_tags_of_films_and_opus_has_one_rate() {
        let mut format = SoundFormat {
            codec: SoundCodec::Opus,
            sample_rate: 44_100,
            length: 44_101,
            bit_rate: None,
            language: Some("de-CH".to_owned()),
        };
        assert_eq!(format.language_tag(), Some("deu"));
        assert_eq!(format.encoded_rate(), 48_000);
        assert_eq!(format.encoded_length(), 48_001);
        format.language = Some("yue".to_owned());
        assert_eq!(format.language_tag(), Some("yue"));
        format.language = Some("qq".to_owned());
        assert_eq!(format.language_tag(), None);
        format.codec = SoundCodec::Aac;
        assert_eq!(format.encoded_length(), 44_101);
    }

    #[test]
    fn every_codec_has_the_name_that_documents_use() {
        for codec in SoundCodec::ALL {
            let spec = codec.spec();
            assert_eq!(spec.codec, codec);
            assert_eq!(serde_json::to_value(codec).unwrap(), spec.id);
            assert!(spec.has_rate(48_000), "{}", spec.id);
            assert_eq!(spec.bit_rate.is_some(), spec.lossy, "{}", spec.id);
        }
    }
}

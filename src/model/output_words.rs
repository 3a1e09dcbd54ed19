//! Words of one field of an output that are written in another: `format: gif`, `codec: otio`.

use super::codec::{CODECS, Codec, CodecSpec, FILM_CONTAINERS};
use super::cut::TextExportKind;
use super::sprites::GameKind;

/// The output presets of the program. A test of the library compares them with its file.
pub const OUTPUT_PRESETS: [&str; 19] = [
    "cinema_4k",
    "cinema_2k",
    "streaming_4k",
    "streaming_1080p",
    "youtube_1080p",
    "social_square",
    "social_vertical",
    "hdr10_4k",
    "web_1080p",
    "hls",
    "broadcast_1080p",
    "archive_4k",
    "proxy",
    "16bit_game",
    "8bit_game",
    "animated_gif",
    "thumbnails",
    "contact_sheet",
    "poster",
];
/// What other programs call codecs.
const OTHER_NAMES: [(&str, Codec); 15] = [
    ("avc", Codec::H264),
    ("x264", Codec::H264),
    ("libx264", Codec::H264),
    ("mpeg4", Codec::H264),
    ("hevc", Codec::H265),
    ("x265", Codec::H265),
    ("libx265", Codec::H265),
    ("svt_av1", Codec::Av1),
    ("libsvtav1", Codec::Av1),
    ("libvpx_vp9", Codec::Vp9),
    ("prores", Codec::Prores422),
    ("dnxhd", Codec::Dnxhr),
    ("openexr", Codec::Exr),
    ("tif", Codec::Tiff),
    ("jpg", Codec::Jpeg),
];
/// Deliverables of cinemas, for which no maintained encoder is there.
const NOT_MADE: [&str; 5] = ["dcp", "jpeg2000", "jpeg_2000", "j2k", "jp2"];
/// Words of `sound`.
const SOUND_WORDS: [&str; 5] = ["aac", "pcm", "opus", "flac", "wav"];
/// Words of `hdr`.
const HDR_WORDS: [&str; 3] = ["pq", "hlg", "hdr10"];

/// A word that some field of an output has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutputWord {
    /// Of `codec`.
    Codec(Codec),
    /// Of `codec`, by the name that other programs give it.
    OtherName(Codec),
    /// Of `format`, without the presets.
    Format(&'static str),
    /// Of `format`: presets of this name, or with this word in their names.
    Presets(Vec<&'static str>),
    /// Of `container`.
    Container(&'static str),
    /// Of `sound`.
    Sound(&'static str),
    /// Of `hdr`.
    Hdr(&'static str),
    /// Of no field: what is not made.
    NotMade,
}

impl OutputWord {
    /// Returns the word that a text is, in any case and with any signs between its parts.
    #[must_use]
    pub fn find(text: &str) -> Option<Self> {
        let plain = text.trim().to_lowercase().replace(['-', ' '], "_");
        let word_in = |words: &[&'static str]| words.iter().find(|word| **word == plain).copied();
        let codec = |spec: &&&CodecSpec| {
            spec.id == plain || plain.strip_suffix("_sequence") == Some(spec.id)
        };
        let codec = CODECS.iter().find(codec);
        let texts = TextExportKind::ALL.iter().map(|kind| kind.name());
        let games = [GameKind::SpriteSheet, GameKind::TileMap].map(GameKind::format);
        let mut formats = texts.chain(games);
        let mut containers = FILM_CONTAINERS.iter();
        let mut container = || containers.find(|spec| spec.id == plain || spec.extension == plain);
        codec
            .map(|spec| Self::Codec(spec.codec))
            .or_else(|| formats.find(|format| *format == plain).map(Self::Format))
            .or_else(|| container().map(|spec| Self::Container(spec.id)))
            .or_else(|| word_in(&SOUND_WORDS).map(Self::Sound))
            .or_else(|| word_in(&HDR_WORDS).map(Self::Hdr))
            .or_else(|| word_in(&NOT_MADE).map(|_| Self::NotMade))
            .or_else(|| {
                let mut names = OTHER_NAMES.iter();
                let (_, codec) = names.find(|(name, _)| *name == plain)?;
                Some(Self::OtherName(*codec))
            })
            .or_else(|| presets_named(&plain).map(Self::Presets))
    }

    /// Returns the field that has the word as it is written. Empty: none has.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Codec(_) => "codec",
            Self::OtherName(_) | Self::NotMade => "",
            Self::Format(_) | Self::Presets(_) => "format",
            Self::Container(_) => "container",
            Self::Sound(_) => "sound",
            Self::Hdr(_) => "hdr",
        }
    }

    /// Returns what to write in place of the word in another field.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Codec(codec) => {
                let word = codec.spec().id;
                format!("`{word}` is a codec: write `codec: {word}`")
            }
            Self::OtherName(codec) => {
                let word = codec.spec().id;
                format!("it is called `{word}` here: write `codec: {word}`")
            }
            Self::NotMade => "files for cinema servers are not made: deliver `codec: prores_4444` \
                              or `codec: tiff` to a tool that makes DCPs"
                .to_owned(),
            Self::Format(word) => format!("`{word}` is a format: write `format: {word}`"),
            Self::Presets(words) => presets_help(words),
            Self::Container(word) => format!(
                "`{word}` is a kind of file, which follows from `path`: write `codec`, such as \
                 `codec: h264`, and a path with the extension"
            ),
            Self::Sound(word) => format!("`{word}` is a kind of sound: write `sound: {word}`"),
            Self::Hdr(word) => format!(
                "`{word}` says how bright light is encoded: write `hdr: {word}` beside `codec`"
            ),
        }
    }
}

fn presets_help(words: &[&str]) -> String {
    match words {
        [only] => format!("`{only}` is an output preset: write `format: {only}`"),
        several => {
            let fields: Vec<String> = several
                .iter()
                .map(|word| format!("`format: {word}`"))
                .collect();
            format!(
                "output presets have such names: write {}",
                fields.join(" or ")
            )
        }
    }
}

/// Returns the preset of this name, or else those of whose names this is the first or the last
/// part, such as `youtube`.
fn presets_named(plain: &str) -> Option<Vec<&'static str>> {
    if plain.is_empty() {
        return None;
    }
    if let Some(exact) = OUTPUT_PRESETS.iter().find(|preset| **preset == plain) {
        return Some(vec![exact]);
    }
    let has_part = |preset: &&str| {
        let before = preset.strip_prefix(plain);
        let behind = preset.strip_suffix(plain);
        before.is_some_and(|rest| rest.starts_with('_'))
            || behind.is_some_and(|rest| rest.ends_with('_'))
    };
    let found: Vec<&str> = OUTPUT_PRESETS.into_iter().filter(has_part).collect();
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::HdrTransfer;
    use crate::model::sound::SoundCodec;

    #[test]
    fn a_word_is_known_in_the_field_that_has_it() {
        for (text, help) in [
            ("gif", "`gif` is a codec: write `codec: gif`"),
            ("PNG-sequence", "`png` is a codec: write `codec: png`"),
            (
                "Contact Sheet",
                "`contact_sheet` is a codec: write `codec: contact_sheet`",
            ),
            ("otio", "`otio` is a format: write `format: otio`"),
            (
                "sprite_sheet",
                "`sprite_sheet` is a format: write `format: sprite_sheet`",
            ),
            ("mp4", "`mp4` is a kind of file, which follows from `path`"),
            (
                "Streaming 1080p",
                "`streaming_1080p` is an output preset: write `format: streaming_1080p`",
            ),
            (
                "youtube",
                "`youtube_1080p` is an output preset: write `format: youtube_1080p`",
            ),
            (
                "social",
                "output presets have such names: write `format: social_square` or `format: social_vertical`",
            ),
            ("HEVC", "it is called `h265` here: write `codec: h265`"),
            ("dcp", "files for cinema servers are not made"),
            ("flac", "`flac` is a kind of sound: write `sound: flac`"),
            (
                "hlg",
                "`hlg` says how bright light is encoded: write `hdr: hlg`",
            ),
        ] {
            let word = OutputWord::find(text).unwrap();
            assert!(word.help().starts_with(help), "{}", word.help());
        }
        for text in ["", "_", "k", "tube_1080p", "social_squares"] {
            assert_eq!(OutputWord::find(text), None, "{text}");
        }
    }

    #[test]
    fn words_of_sound_and_light_are_those_that_documents_may_have() {
        let codecs = SOUND_WORDS[..4].iter();
        let codecs: Vec<SoundCodec> = codecs
            .map(|word| serde_json::from_value((*word).into()).unwrap())
            .collect();
        assert_eq!(codecs.len(), 4);
        for word in HDR_WORDS {
            serde_json::from_value::<HdrTransfer>(word.into()).unwrap();
        }
    }
}

//! Words of one field of an output that are written in another: `format: gif`, `codec: otio`.

use super::codec::{CODECS, Codec, CodecSpec, FILM_CONTAINERS};
use super::cut::TextExportKind;
use super::sprites::GameKind;

/// A word that some field of an output has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputWord {
    /// Of `codec`.
    Codec(Codec),
    /// Of `format`, without the presets.
    Format(&'static str),
    /// Of `container`.
    Container(&'static str),
}

impl OutputWord {
    /// Returns the word that a text is, in any case and with any signs between its parts.
    #[must_use]
    pub fn find(text: &str) -> Option<Self> {
        let plain = text.trim().to_lowercase().replace(['-', ' '], "_");
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
    }

    /// Returns the field that has the word.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Codec(_) => "codec",
            Self::Format(_) => "format",
            Self::Container(_) => "container",
        }
    }

    /// Returns what to write in place of the word in another field.
    #[must_use]
    pub fn help(self) -> String {
        let (field, word) = match self {
            Self::Codec(codec) => ("codec", codec.spec().id),
            Self::Format(word) => ("format", word),
            Self::Container(word) => {
                return format!(
                    "`{word}` is a kind of file, which follows from `path`: write `codec`, such as \
                     `codec: h264`, and a path with the extension"
                );
            }
        };
        format!("`{word}` is a {field}: write `{field}: {word}`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        ] {
            let word = OutputWord::find(text).unwrap();
            assert!(word.help().starts_with(help), "{}", word.help());
        }
        assert_eq!(OutputWord::find("streaming_1080p"), None);
        assert_eq!(OutputWord::find(""), None);
    }
}

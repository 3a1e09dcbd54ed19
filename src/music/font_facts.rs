//! What a SoundFont says of itself: that it is one, its name and its licence.

use super::font_tables::{FontTableError, FontTables};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// Licences as the texts of fonts name them. The licence of the whole comes before those of parts.
const LICENCE_WORDS: [&str; 6] = ["MIT", "BSD", "GPL-3", "GPL-2", "GPL", "CC0"];
/// Fonts that say nothing of their licence, by the beginning of the file name, with the licence in
/// the package of Debian.
const LICENCES_BY_NAME: [(&str, &str); 1] = [("TimGM6mb", "GPL-2")];

/// What is known of a font before it is played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FontFacts {
    /// What it calls itself, on one line. `None`: it has no name.
    pub name: Option<String>,
    /// Its licence. `None`: it does not say.
    pub licence: Option<String>,
}

impl FontFacts {
    /// Reads the tables of a font and what it says of itself. Its samples are not decoded.
    ///
    /// # Errors
    /// Fails if it cannot be read, is no SoundFont, is damaged or cut short.
    pub fn read(path: &Path) -> Result<Self, FontTableError> {
        let tables = FontTables::read(&mut BufReader::new(File::open(path)?))?;
        if tables.presets.is_empty() || tables.samples.is_empty() {
            return Err(FontTableError::Damaged("it has no instruments"));
        }
        // A link such as `default-GM.sf3` says less than the file that it leads to.
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let file_name = real.file_name().unwrap_or_default().to_string_lossy();
        let text = |chunk: &[u8; 4]| tables.texts.get(chunk).map_or("", String::as_str);
        let terms = [text(b"ICOP"), text(b"ICMT")];
        let name = one_line(text(b"INAM"));
        Ok(Self {
            name: (!name.is_empty()).then_some(name),
            licence: named_licence(&terms)
                .or_else(|| licence_by_name(&file_name))
                .map(str::to_owned),
        })
    }
}

/// Returns the licence that the texts of a font name.
fn named_licence(texts: &[&str]) -> Option<&'static str> {
    let is_in = |wanted: &str| {
        texts.iter().any(|text| {
            let mut words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '-');
            words.any(|word| word == wanted)
        })
    };
    LICENCE_WORDS.into_iter().find(|word| is_in(word))
}

fn licence_by_name(file_name: &str) -> Option<&'static str> {
    let found = LICENCES_BY_NAME
        .iter()
        .find(|(name, _)| file_name.starts_with(name));
    found.map(|(_, licence)| *licence)
}

/// Returns a text on one line, without what a terminal would take for commands.
fn one_line(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::built_in_font::built_in_font;
    use crate::music::font_tables::FontPreset;

    fn sample_font_bytes() -> Vec<u8> {
        let piano = FontPreset {
            bank: 0,
            program: 0,
        };
        built_in_font([piano].iter())
    }

    fn read(name: &str, bytes: &[u8]) -> Result<FontFacts, FontTableError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        FontFacts::read(&path)
    }

    #[test]
    fn a_font_says_its_name_and_its_file_may_say_its_licence() {
        let bytes = sample_font_bytes();
        let facts = read("a.sf2", &bytes).unwrap();
        assert_eq!(facts.name.as_deref(), Some("production"));
        assert_eq!(facts.licence, None);
        let facts = read("TimGM6mb.sf2", &bytes).unwrap();
        assert_eq!(facts.licence.as_deref(), Some("GPL-2"));
    }

    #[test]
    fn licences_are_found_as_words() {
        for (text, licence) in [
            ("Licensed under the MIT License.", Some("MIT")),
            ("SoundFont (MIT, parts PD or CC0):", Some("MIT")),
            ("released under CC0", Some("CC0")),
            ("GPL-2 or later", Some("GPL-2")),
            ("(c) Schmitt; permitted", None),
            ("", None),
        ] {
            assert_eq!(named_licence(&["", text]), licence, "{text}");
        }
        assert_eq!(one_line(" a\u{1b}[2J\n b "), "a [2J b");
    }

    #[test]
    fn what_is_no_whole_font_says_what_it_is() {
        let whole = sample_font_bytes();
        let fault = |bytes: &[u8]| read("a.sf2", bytes).unwrap_err().to_string();
        assert_eq!(fault(b""), "it is no SoundFont");
        assert_eq!(fault(b"RIFF\x10\0\0\0WAVEfmt "), "it is no SoundFont");
        for length in [40, 200, whole.len() / 2, whole.len() - 1] {
            assert!(read("a.sf2", &whole[..length]).is_err(), "{length} bytes");
        }
        assert_eq!(fault(&whole[..whole.len() / 2]), "it was cut short");
    }
}

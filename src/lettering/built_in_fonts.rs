//! The font of the program.

use super::typeface_facts::font_coverage;
use std::sync::{Arc, OnceLock};

/// Name and version of the font of the program, as jobs have it.
// Another file needs another name here, so that what was drawn with the old one is drawn again. A
// test compares the digests.
pub const BUILT_IN_FONT: &str = "Noto Sans 2.004";
/// Its name in documents.
pub const BUILT_IN_FONT_NAME: &str = "Noto Sans";

/// Its files: regular and bold.
pub(super) static BUILT_IN_FILES: [&[u8]; 2] = [
    include_bytes!("../../assets/fonts/NotoSans-Regular.ttf"),
    include_bytes!("../../assets/fonts/NotoSans-Bold.ttf"),
];

/// Name and version of the font of code.
pub const CODE_FONT: &str = "Hack 3.003";
/// Name and version of the font of icons.
pub const ICON_FONT: &str = "Noto Emoji 1.05";

/// Returns the files of a font of the program. `None`: it has none of this name and version.
pub(super) fn built_in_files(name: &str) -> Option<&'static [&'static [u8]]> {
    static CODE_FILES: [&[u8]; 1] = [epaint_default_fonts::HACK_REGULAR];
    static ICON_FILES: [&[u8]; 1] = [epaint_default_fonts::NOTO_EMOJI_REGULAR];
    match name {
        BUILT_IN_FONT => Some(&BUILT_IN_FILES),
        CODE_FONT => Some(&CODE_FILES),
        ICON_FONT => Some(&ICON_FILES),
        _ => None,
    }
}

/// Returns the code points that the font of code has, sorted.
#[must_use]
pub fn code_coverage() -> Arc<[u32]> {
    static COVERAGE: OnceLock<Arc<[u32]>> = OnceLock::new();
    let files = || built_in_files(CODE_FONT).and_then(|files| font_coverage(files, None));
    COVERAGE.get_or_init(|| files().unwrap_or_default()).clone()
}

/// Returns the code points that the font of icons has, sorted.
#[must_use]
pub fn icon_coverage() -> Arc<[u32]> {
    static COVERAGE: OnceLock<Arc<[u32]>> = OnceLock::new();
    let files = || built_in_files(ICON_FONT).and_then(|files| font_coverage(files, None));
    COVERAGE.get_or_init(|| files().unwrap_or_default()).clone()
}

/// Returns the code points that the font of the program has, sorted.
#[must_use]
pub fn built_in_coverage() -> Arc<[u32]> {
    static COVERAGE: OnceLock<Arc<[u32]>> = OnceLock::new();
    COVERAGE
        .get_or_init(|| font_coverage(&BUILT_IN_FILES, None).unwrap_or_default())
        .clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fonts_are_those_of_their_names() {
        let digest = |name: &str| {
            let files = built_in_files(name).unwrap();
            crate::base::Digest::hash_bytes(files[0]).hex_string()
        };
        let found = [CODE_FONT, ICON_FONT].map(|name| digest(name)[..16].to_owned());
        assert_eq!(
            found,
            ["a6ee4d99ec4eba32", "31fe5444b65a16a2"],
            "another file needs another version in its name"
        );
    }

    #[test]
    fn the_font_has_latin_greek_and_cyrillic() {
        let covered = built_in_coverage();
        let text = "AZaz09 ÀÿĀſ ΑΩαωΐ ἄῳ АЯаяЁё ІЇҐ — “…” € № ½";
        for character in text.chars() {
            assert!(
                covered.binary_search(&u32::from(character)).is_ok(),
                "{character:?}"
            );
        }
        assert!(covered.binary_search(&u32::from('中')).is_err());
    }
}

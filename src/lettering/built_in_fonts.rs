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

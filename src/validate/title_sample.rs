//! A production with a title, for the tests of rules.

use crate::base::{FileId, FileSpan, Spanned};
use crate::model::Production;
use crate::model::titles::{ScreenTitle, TextBlock, TitleFont, TypefaceSource};

/// Gives a production one title over its first shot, and a font with some characters.
pub(super) fn sample_title<'a>(
    production: &'a mut Production,
    text: &str,
    characters: &str,
) -> &'a mut ScreenTitle {
    let start = 900;
    let end = start + u32::try_from(text.len()).unwrap_or(0);
    let origin = FileSpan::new(FileId(0), start, end);
    let mut covered: Vec<u32> = characters.chars().map(u32::from).collect();
    covered.sort_unstable();
    let source = TypefaceSource::BuiltIn("sample".to_owned());
    production.titles.fonts = vec![TitleFont {
        name: Spanned::new("sample".to_owned(), origin),
        source: source.clone(),
        file: None,
        bold_file: None,
        asset: None,
        covered: covered.into(),
    }];
    production.titles.titles = vec![ScreenTitle {
        number: 1,
        block: TextBlock::centred(Vec::new(), vec![source], 0.05, 0.0),
        texts: vec![Spanned::new(text.to_owned(), origin)],
        fonts: vec![0],
        shot: 0,
        start: 0,
        last_shot: 0,
        length: 24,
        is_length_written: true,
        backdrop: None,
        origin,
    }];
    &mut production.titles.titles[0]
}

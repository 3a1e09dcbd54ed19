//! Which characters of its texts a film can draw: those of the font of the program, and those of
//! installed fonts that its document then names. Which fonts there are is for the caller to say.

use super::plan_draft::TreatmentPlan;
use crate::base::printable::character_label;
use crate::base::{Diagnostic, Diagnostics, FileSpan, Spanned};
use crate::treatment::treatment_value::SceneChart;
use std::collections::{BTreeMap, BTreeSet};

/// The most characters that a finding lists.
const MOST_LISTED: usize = 8;

/// What draws the texts of a film beside the usual letters, which the font of the program has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilmFonts {
    /// Installed fonts that the document names.
    pub families: Vec<String>,
    /// Unusual characters that the font of the program or one of the families has.
    pub characters: BTreeSet<char>,
}

impl FilmFonts {
    /// Whether a character can be drawn.
    pub(in crate::treatment) fn has(&self, c: char) -> bool {
        // Joiners shape the letters beside them; nothing is drawn for one.
        let is_joiner = matches!(c, '\u{200c}' | '\u{200d}') && !self.families.is_empty();
        is_usual_letter(c) || is_joiner || self.characters.contains(&c)
    }

    /// Whether every character of a text can be drawn.
    pub(in crate::treatment) fn has_all(&self, text: &str) -> bool {
        text.chars().all(|c| self.has(c))
    }

    /// Returns the characters of a text that can be drawn.
    pub(in crate::treatment) fn drawable(&self, text: &str) -> String {
        let drawn: String = self.drawn_letters(text).collect();
        // What is left out leaves two spaces side by side.
        drawn.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Returns the characters of a line that can be drawn, with its spaces as they are.
    pub(in crate::treatment) fn drawable_letters(&self, text: &str) -> String {
        let drawn = text.chars().filter(|c| *c == '\t' || self.has(*c));
        drawn.map(drawn_sign).collect()
    }

    fn drawn_letters<'a>(&'a self, text: &'a str) -> impl Iterator<Item = char> + 'a {
        text.chars().filter(|c| self.has(*c)).map(drawn_sign)
    }
}

/// Returns the sign that stands for one which the font of the program lacks.
const fn drawn_sign(sign: char) -> char {
    // A dash as long as the minus of typography.
    if sign == '−' { '–' } else { sign }
}

/// Whether the font of the program surely has a character: Latin, Greek and Cyrillic letters, and
/// the usual marks.
fn is_usual_letter(c: char) -> bool {
    let is_mark = "–—‘’‚“”„•…‰‹›€™−".contains(c);
    is_mark
        || matches!(c,
            ' '..='~'
            | '\u{a0}'..='\u{24f}'
            | '\u{386}'..='\u{3ce}'
            | '\u{400}'..='\u{45f}'
            | '\u{1e00}'..='\u{1eff}')
}

/// Whether a character is a picture and no letter of any script. A film does without one, so no
/// font is named for it.
#[must_use]
pub const fn is_pictograph(c: char) -> bool {
    matches!(c,
        '\u{2190}'..='\u{2bff}'
        | '\u{e000}'..='\u{f8ff}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{1f000}'..='\u{1fbff}'
        | '\u{e0000}'..)
}

impl TreatmentPlan {
    /// Returns the characters of the texts of the film that the font of the program may lack.
    #[must_use]
    pub fn unusual_characters(&self) -> BTreeSet<char> {
        let title = self.settings.title.chars();
        let shown = self.shown_texts();
        let written = shown.iter().flat_map(|text| text.value.chars());
        let characters = title.chain(written);
        characters
            .filter(|c| !c.is_whitespace() && !c.is_control() && !is_usual_letter(*c))
            .collect()
    }

    /// Returns every text that the film may draw, but for its title.
    fn shown_texts(&self) -> Vec<&Spanned<String>> {
        let has_captions = self.subtitles == Some(true);
        let mut texts = Vec::new();
        for planned in &self.scenes {
            let scene = &planned.scene;
            texts.extend(&scene.heading);
            texts.extend(&scene.source);
            texts.extend(scene.overlays.iter().flat_map(|overlay| &overlay.lines));
            scene
                .charts
                .iter()
                .for_each(|chart| texts.extend(chart_texts(chart)));
            // Words that are only spoken need no font.
            let spoken = scene.narration.iter().filter(|_| has_captions);
            texts.extend(spoken.map(|line| &line.text));
        }
        texts
    }

    /// Warns about each script of which no font has the letters, where it is first written.
    pub(in crate::treatment) fn warn_missing_letters(&self, diagnostics: &mut Diagnostics) {
        let mut missing: BTreeMap<&str, (FileSpan, BTreeSet<char>)> = BTreeMap::new();
        for text in self.shown_texts() {
            for character in text.value.chars().filter(|c| self.is_missing_letter(*c)) {
                // One warning for each font to install, and not for each letter.
                let script = missing.entry(script_font(character));
                let (_, letters) = script.or_insert_with(|| (text.origin, BTreeSet::new()));
                letters.insert(character);
            }
        }
        for (font, (origin, letters)) in missing {
            diagnostics.push(missing_warning(origin, font, &letters));
        }
    }

    fn is_missing_letter(&self, c: char) -> bool {
        !self.fonts.has(c) && !c.is_whitespace() && !c.is_control() && !is_pictograph(c)
    }
}

fn missing_warning(origin: FileSpan, font: &str, letters: &BTreeSet<char>) -> Diagnostic {
    let listed: Vec<String> = letters
        .iter()
        .take(MOST_LISTED)
        .map(|each| character_label(*each))
        .collect();
    let more = match letters.len().saturating_sub(MOST_LISTED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!("no font of this machine has {}{more}", listed.join(", "));
    let help = format!(
        "install {font}, and type the command again: the document then names it under `fonts:`. Or write \
         `fonts: [FILE.otf]` into the production, and the text where it is missing"
    );
    Diagnostic::warning("production::treatment::no_font", origin, message)
        .with_label("its texts are not shown")
        .with_help(help)
}

fn chart_texts(chart: &SceneChart) -> impl Iterator<Item = &Spanned<String>> {
    let rows = chart.rows.iter();
    let cells = rows.flat_map(|row| [&row.label].into_iter().chain(&row.cells));
    chart.title.iter().chain(&chart.columns).chain(cells)
}

/// Returns the free font that has the letters of the script of a character, as people look for it.
const fn script_font(character: char) -> &'static str {
    match character {
        '\u{530}'..='\u{58f}' => "`Noto Sans Armenian`",
        '\u{590}'..='\u{5ff}' | '\u{fb1d}'..='\u{fb4f}' => "`Noto Sans Hebrew`",
        '\u{600}'..='\u{6ff}'
        | '\u{750}'..='\u{77f}'
        | '\u{8a0}'..='\u{8ff}'
        | '\u{fb50}'..='\u{fdff}'
        | '\u{fe70}'..='\u{feff}' => "`Noto Sans Arabic`",
        '\u{700}'..='\u{74f}' => "`Noto Sans Syriac`",
        '\u{780}'..='\u{7bf}' => "`Noto Sans Thaana`",
        '\u{900}'..='\u{97f}' => "`Noto Sans Devanagari`",
        '\u{980}'..='\u{9ff}' => "`Noto Sans Bengali`",
        '\u{a00}'..='\u{a7f}' => "`Noto Sans Gurmukhi`",
        '\u{a80}'..='\u{aff}' => "`Noto Sans Gujarati`",
        '\u{b00}'..='\u{b7f}' => "`Noto Sans Oriya`",
        '\u{b80}'..='\u{bff}' => "`Noto Sans Tamil`",
        '\u{c00}'..='\u{c7f}' => "`Noto Sans Telugu`",
        '\u{c80}'..='\u{cff}' => "`Noto Sans Kannada`",
        '\u{d00}'..='\u{d7f}' => "`Noto Sans Malayalam`",
        '\u{d80}'..='\u{dff}' => "`Noto Sans Sinhala`",
        '\u{e00}'..='\u{e7f}' => "`Noto Sans Thai`",
        '\u{e80}'..='\u{eff}' => "`Noto Sans Lao`",
        '\u{f00}'..='\u{fff}' => "`Noto Serif Tibetan`",
        '\u{1000}'..='\u{109f}' => "`Noto Sans Myanmar`",
        '\u{10a0}'..='\u{10ff}' => "`Noto Sans Georgian`",
        '\u{1200}'..='\u{139f}' => "`Noto Sans Ethiopic`",
        '\u{13a0}'..='\u{13ff}' => "`Noto Sans Cherokee`",
        '\u{1780}'..='\u{17ff}' => "`Noto Sans Khmer`",
        '\u{1800}'..='\u{18af}' => "`Noto Sans Mongolian`",
        '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7ff}' => {
            "`Noto Sans CJK KR`"
        }
        '\u{2e80}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ffef}'
        | '\u{20000}'..='\u{3ffff}' => "`Noto Sans CJK JP`",
        _ => "a font that has them, such as a `Noto Sans` of the script",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minus_of_typography_is_a_dash() {
        let fonts = FilmFonts::default();
        assert_eq!(fonts.drawable("−1 % → 3 %"), "–1 % 3 %");
        assert_eq!(fonts.drawable_letters("a\t−  b"), "a\t–  b");
    }

    #[test]
    fn a_font_of_the_film_draws_what_that_of_the_program_lacks() {
        let fonts = FilmFonts {
            families: vec!["Noto Sans Hebrew".to_owned()],
            characters: "שלום".chars().collect(),
        };
        assert_eq!(fonts.drawable("שלום 夜 a"), "שלום a");
        assert!(fonts.has_all("שלום!") && !fonts.has_all("夜"));
    }
}

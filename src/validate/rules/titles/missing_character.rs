//! Every character of a text can be drawn with one of its fonts.

use crate::base::{FileSpan, Severity, Spanned};
use crate::model::Production;
use crate::model::production::Output;
use crate::model::titles::{
    BurnInField, CreditLine, MissingCharacter, TitleFont, missing_characters,
};
use crate::validate::caption_queries::named_sounds;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::titles::missing_character",
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every character of a text is in one of its fonts",
    explanation: "No font of the text has the character, so an empty box would be drawn. The font \
        of `production` has Latin, Greek and Cyrillic letters. Name a font that has the \
        character too, by its file or by its name: it is used for the characters that the fonts \
        before it lack. A letter and the marks on it come from one font.",
    wrong: "\
titles:
  - text: 灯台
",
    right: "\
titles:
  - text: Tōdai
",
    check: report_missing_characters,
};

fn report_missing_characters(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    for text in drawn_texts(production) {
        let fonts: Vec<&TitleFont> = text
            .fonts
            .iter()
            .filter_map(|index| production.titles.fonts.get(*index))
            .collect();
        for missing in missing_characters(text.text, &fonts) {
            report_missing(&text, missing, &fonts, findings);
        }
    }
}

fn report_missing(
    text: &DrawnText<'_>,
    missing: MissingCharacter,
    fonts: &[&TitleFont],
    findings: &mut RuleFindings,
) {
    let character = missing.character;
    let message = format!(
        "no font of this text has {character:?} (U+{:04X})",
        u32::from(character)
    );
    let names: Vec<String> = fonts
        .iter()
        .map(|font| format!("`{}`", font.name.value))
        .collect();
    let help = format!(
        "its fonts are {}: add one that has the character to {}, by its file or by the name of an \
         installed font",
        names.join(", "),
        if text.has_own_font {
            "`font` or `fonts`"
        } else {
            "`fonts` of the production"
        }
    );
    let finding = findings
        .finding_at(character_origin(text, missing), message)
        .with_label("cannot be drawn");
    findings.push(finding.with_help(help));
}

/// Returns the place of a character, or of the whole text if quotes or escapes are in between.
fn character_origin(text: &DrawnText<'_>, missing: MissingCharacter) -> FileSpan {
    // Quotes are two bytes more than the text. Any other length has escapes or several lines.
    let quotes = text.origin.len().checked_sub(text.text.len());
    let before = match quotes.filter(|_| text.is_written_there) {
        Some(0) => Some(0),
        Some(2) => Some(1),
        _ => None,
    };
    let length = u32::try_from(missing.character.len_utf8()).ok();
    let place = before.zip(length).and_then(|(before, length)| {
        let offset = u32::try_from(missing.offset + before).ok()?;
        Some(text.origin.sub_span(offset, length))
    });
    place.unwrap_or(text.origin)
}

/// A text with the fonts that it is drawn with.
struct DrawnText<'a> {
    text: &'a str,
    origin: FileSpan,
    /// Whether the text itself is at `origin`, and not only what asks for it.
    is_written_there: bool,
    /// Whether it may name fonts of its own.
    has_own_font: bool,
    fonts: &'a [usize],
}

impl<'a> DrawnText<'a> {
    fn written(text: &'a Spanned<String>, fonts: &'a [usize]) -> Self {
        Self {
            text: &text.value,
            origin: text.origin,
            is_written_there: true,
            has_own_font: true,
            fonts,
        }
    }

    /// Returns what captions show, which have the fonts of the production.
    fn caption(text: &'a Spanned<String>, fonts: &'a [usize]) -> Self {
        Self {
            has_own_font: false,
            ..Self::written(text, fonts)
        }
    }

    /// Returns a fact of the document that a burn-in or a slate at `origin` shows.
    fn fact(text: &'a str, origin: FileSpan, fonts: &'a [usize]) -> Self {
        Self {
            text,
            origin,
            is_written_there: false,
            has_own_font: false,
            fonts,
        }
    }
}

/// Returns every text that is drawn.
fn drawn_texts(production: &Production) -> Vec<DrawnText<'_>> {
    let mut drawn = Vec::new();
    for title in &production.titles.titles {
        let texts = title.texts.iter();
        drawn.extend(texts.map(|text| DrawnText::written(text, &title.fonts)));
    }
    for graphic in &production.graphics {
        let texts = graphic.texts.iter();
        drawn.extend(texts.map(|text| DrawnText::written(text, &graphic.fonts)));
    }
    if let Some(credits) = &production.titles.credits {
        let texts = credits.lines.iter().flat_map(|line| match line {
            CreditLine::Heading(text) | CreditLine::Name(text) => vec![text],
            CreditLine::Pair { part, name } => vec![part, name],
        });
        drawn.extend(texts.map(|text| DrawnText::written(text, &credits.fonts)));
    }
    // Files of single shots share the marks of their entry, so the first of each is enough.
    for output in production.distinct_outputs() {
        let watermark = output.marks.watermark.iter();
        drawn.extend(watermark.map(|mark| DrawnText::written(&mark.text, &mark.fonts)));
        add_burned_facts(&mut drawn, production, output);
        add_slate_facts(&mut drawn, production, output);
        add_burned_captions(&mut drawn, production, output);
    }
    drawn
}

fn add_burned_captions<'a>(
    drawn: &mut Vec<DrawnText<'a>>,
    production: &'a Production,
    output: &'a Output,
) {
    let Some(language) = &output.captions.burned else {
        return;
    };
    let fonts = &output.marks.font_indices;
    let translation = production.captions.translation(&language.value);
    let shown = |name: &str| translation.and_then(|found| found.texts.get(name));
    for line in production.output_shots(output).flat_map(|shot| &shot.lines) {
        let text = shown(&line.name).unwrap_or(&line.text);
        drawn.push(DrawnText::caption(text, fonts));
    }
    let sounds = named_sounds(production);
    let sounds = sounds.iter().filter_map(|sound| shown(&sound.name));
    drawn.extend(sounds.map(|text| DrawnText::caption(text, fonts)));
}

fn add_burned_facts<'a>(
    drawn: &mut Vec<DrawnText<'a>>,
    production: &'a Production,
    output: &'a Output,
) {
    let fonts = &output.marks.font_indices;
    for mark in &output.marks.burn_in {
        let text = match mark.field.value {
            BurnInField::Shot => {
                let names = production.output_shots(output).map(|shot| &shot.name);
                drawn.extend(names.map(|name| DrawnText::written(name, fonts)));
                continue;
            }
            fact => fact.text(&production.meta, output),
        };
        drawn.extend(text.map(|text| DrawnText::fact(text, mark.field.origin, fonts)));
    }
}

fn add_slate_facts<'a>(
    drawn: &mut Vec<DrawnText<'a>>,
    production: &'a Production,
    output: &'a Output,
) {
    let Some(slate) = &output.marks.slate else {
        return;
    };
    let facts = [
        BurnInField::Title,
        BurnInField::Output,
        BurnInField::Revision,
        BurnInField::Date,
    ];
    let facts = facts
        .into_iter()
        .filter_map(|fact| fact.text(&production.meta, output));
    let facts = facts.chain(production.meta.author.as_deref());
    let fonts = &output.marks.font_indices;
    drawn.extend(facts.map(|text| DrawnText::fact(text, slate.origin, fonts)));
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::base::Spanned;
    use crate::model::titles::{BurnInField, BurnInMark, OutputMarks};
    use crate::validate::sample::{only_finding, sample_origin};
    use crate::validate::title_sample::sample_title;

    #[test]
    fn a_character_without_a_font_is_reported_at_its_place() {
        let found = only_finding(&RULE, |production, _| {
            sample_title(production, "a中b", "ab");
        });
        assert_eq!(found.message, "no font of this text has '中' (U+4E2D)");
        let text = found.origin;
        assert_eq!(text.len(), 3);
    }
    #[test]
    fn a_fact_that_is_burned_in_is_reported_where_it_is_written() {
        let field_origin = sample_origin(66);
        let found = only_finding(&RULE, |production, _| {
            sample_title(production, "a", "a0123456789");
            production.meta.version = Some("β2".to_owned());
            production.outputs[0].marks = OutputMarks {
                burn_in: vec![BurnInMark {
                    field: Spanned::new(BurnInField::Revision, field_origin),
                    place: BurnInField::Revision.usual_place(),
                }],
                font_indices: vec![0],
                ..OutputMarks::default()
            };
        });
        assert_eq!(found.message, "no font of this text has 'β' (U+03B2)");
        assert_eq!(found.origin, field_origin);
    }
}

//! Measures texts in the pictures of outputs: which do not fit, however small their letters are, and
//! what each covers.

use super::font_survey::read_font_file;
use crate::base::{Diagnostic, Diagnostics, FileSpan};
use crate::lettering::{LetteringError, TextMeasurer, TypefaceFile};
use crate::model::Production;
use crate::model::graphics::GraphicBlock;
use crate::model::production::Output;
use crate::model::sound::ShotLine;
use crate::model::titles::{
    BlockLine, ShownTextKey, SlateFacts, TextBlock, TextExtents, TypefaceSource, burned_text,
    caption_look, slate_block, widest_burned_text,
};
use crate::validate::TightText;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// What was measured of the texts of a production.
pub(super) struct MeasuredTexts {
    /// The texts that do not fit, each once for every size of pictures.
    pub(super) tight: Vec<TightText>,
    /// What texts cover.
    pub(super) extents: TextExtents,
}

/// A text over the pictures of an output.
struct ShownText<'a> {
    /// What it is. `None`: a burn-in or a caption, which is measured and may be broken.
    noun: Option<&'static str>,
    drawing: ShownDrawing<'a>,
    origin: FileSpan,
    part: usize,
}

/// How many times more parts than are read a graphic may have and is still laid out.
const MOST_TIMES: usize = 8;

impl ShownText<'_> {
    /// Whether a graphic has so many parts that no size of letters is worth looking for.
    fn is_beyond_measure(&self) -> bool {
        let ShownDrawing::Graphic(graphic) = &self.drawing else {
            return false;
        };
        let parts = graphic.content.part_counts();
        parts.iter().any(|part| part.count > part.most * MOST_TIMES)
    }
}

/// What a text is drawn as.
enum ShownDrawing<'a> {
    Block(Cow<'a, TextBlock>),
    Graphic(Box<GraphicBlock>),
}

/// Measures the texts of a production in the pictures of its outputs. A text that a font makes
/// impossible to lay out is reported.
pub(super) fn measure_texts(
    production: &Production,
    diagnostics: &mut Diagnostics,
) -> MeasuredTexts {
    let mut measurer = TextMeasurer::new(font_files(production));
    let mut tight = Vec::new();
    let mut extents = TextExtents::new();
    let mut known = BTreeSet::new();
    let mut damaged = BTreeSet::new();
    for output in production.distinct_outputs() {
        let size = output.format.size;
        let is_hard = output.format.retro.is_some();
        for text in shown_texts(production, output) {
            let key = ShownTextKey {
                origin: text.origin,
                part: text.part,
                width: size.width,
                height: size.height,
                is_hard,
            };
            if !known.insert(key) {
                continue;
            }
            // Laying out fifty thousand rows takes a minute, and a rule reports their number already.
            if text.is_beyond_measure() {
                continue;
            }
            let fits = match &text.drawing {
                ShownDrawing::Block(block) => {
                    let measured = measurer.measure_block(block, size, is_hard);
                    measured.map(|measured| {
                        extents.insert(key, measured.extent);
                        measured.is_whole
                    })
                }
                ShownDrawing::Graphic(graphic) => measurer.fits_graphic(graphic, size, is_hard),
            };
            match fits {
                Ok(true) => {}
                Ok(false) => tight.extend(text.noun.map(|noun| TightText {
                    noun,
                    is_graphic: matches!(text.drawing, ShownDrawing::Graphic(_)),
                    output: output.name.value.clone(),
                    size,
                    origin: text.origin,
                })),
                Err(LetteringError::DamagedFont(names)) => {
                    if damaged.insert(text.origin) {
                        report_damaged(diagnostics, &text, &names);
                    }
                }
                // A missing file is reported where it is named.
                Err(_) => {}
            }
        }
    }
    MeasuredTexts { tight, extents }
}

fn report_damaged(diagnostics: &mut Diagnostics, text: &ShownText<'_>, names: &str) {
    let noun = text.noun.unwrap_or("text");
    let message = format!("the {noun} cannot be drawn with {names}");
    let diagnostic = Diagnostic::error("production::titles::unreadable_font", text.origin, message);
    diagnostics.push(diagnostic.with_help("the font is damaged: get its file anew"));
}

/// Returns the files of the fonts of texts, by the number of their slot.
fn font_files(production: &Production) -> BTreeMap<usize, TypefaceFile> {
    let mut files = BTreeMap::new();
    for font in &production.titles.fonts {
        let TypefaceSource::File { slot, bold, .. } = &font.source else {
            continue;
        };
        for slot in [*slot].into_iter().chain(*bold) {
            let path = font.file_in_slot(slot);
            let bytes = path.and_then(|path| read_font_file(&production.root.join(path)));
            let file = bytes.map(|bytes| TypefaceFile {
                name: font.name.value.clone(),
                bytes,
            });
            files.extend(file.map(|file| (slot, file)));
        }
    }
    files
}

/// Returns the text of the slate of an output. `None`: it has none.
fn slate_text<'a>(production: &Production, output: &Output) -> Option<ShownText<'a>> {
    let slate = output.marks.slate.as_ref()?;
    let shots = production.output_shots(output);
    let frames = shots.map(|shot| shot.frames.len());
    let frames: Vec<usize> = frames.collect();
    let film = SlateFacts {
        shots: frames.len(),
        frames: frames.iter().sum(),
    };
    Some(ShownText {
        noun: Some("slate"),
        ..ShownText::burned(slate_block(production, output, film), slate.origin, 0)
    })
}

fn shown_texts<'a>(production: &'a Production, output: &'a Output) -> Vec<ShownText<'a>> {
    let mut texts = Vec::new();
    let watermark = output.marks.watermark.iter();
    texts
        .extend(watermark.map(|mark| ShownText::whole("watermark", &mark.block, mark.text.origin)));
    texts.extend(slate_text(production, output));
    add_burned_texts(production, output, &mut texts);
    if !output.has_titles() {
        return texts;
    }
    let shots: BTreeSet<usize> = output.shown_shots(production.shots.len()).collect();
    let titles = production.titles.titles.iter();
    let titles = titles.filter(|title| shots.contains(&title.shot));
    texts.extend(titles.map(|title| ShownText::whole("title", &title.block, title.origin)));
    let has_captions = output.captions.burned.is_some();
    let graphics = production.graphics.iter();
    let graphics = graphics.filter(|graphic| shots.contains(&graphic.shot));
    texts.extend(graphics.map(|graphic| ShownText {
        noun: Some(graphic.kind.noun()),
        drawing: ShownDrawing::Graphic(Box::new(graphic.block.above_captions(has_captions))),
        origin: graphic.origin,
        part: 0,
    }));
    // Credits are behind the last shot.
    let has_credits = shots.contains(&production.shots.len().saturating_sub(1));
    let credits = production.titles.credits.iter().filter(|_| has_credits);
    texts
        .extend(credits.map(|credits| ShownText::whole("credits", &credits.block, credits.origin)));
    texts
}

impl<'a> ShownText<'a> {
    const fn whole(noun: &'static str, block: &'a TextBlock, origin: FileSpan) -> Self {
        Self {
            noun: Some(noun),
            drawing: ShownDrawing::Block(Cow::Borrowed(block)),
            origin,
            part: 0,
        }
    }

    const fn burned(block: TextBlock, origin: FileSpan, part: usize) -> Self {
        Self {
            noun: None,
            drawing: ShownDrawing::Block(Cow::Owned(block)),
            origin,
            part,
        }
    }
}

/// Adds the burn-ins of an output, and the captions that are drawn on it.
fn add_burned_texts<'a>(
    production: &'a Production,
    output: &'a Output,
    texts: &mut Vec<ShownText<'a>>,
) {
    for index in output.shown_shots(production.shots.len()) {
        let Some(shot) = production.shots.get(index) else {
            continue;
        };
        for mark in &output.marks.burn_in {
            let text = widest_burned_text(production, output, mark, shot);
            let block = text.map(|text| burned_text(output, &text, mark.place));
            texts.extend(
                block.map(|block| ShownText::burned(block, mark.field.origin, mark.part(index))),
            );
        }
        if output.captions.burned.is_some() {
            let lines = shot.lines.iter().enumerate();
            texts.extend(lines.map(|(part, line)| {
                let block = caption_block(production, output, line);
                ShownText::burned(block, line.text.origin, part)
            }));
        }
    }
}

/// Returns what the captions of a line look like where they are widest and highest.
fn caption_block(production: &Production, output: &Output, line: &ShotLine) -> TextBlock {
    let mut block = caption_look(production, output);
    let Some(look) = block.lines.pop() else {
        return block;
    };
    let language = output.captions.burned.as_ref();
    let language = language.map_or("", |language| language.value.as_str());
    let captions = &production.captions;
    let translated = captions.translation(language);
    let translated = translated.and_then(|found| found.texts.get(&line.name));
    let profile = captions.profile(language, production.render.rate);
    let mut rows = caption_rows(
        &translated.unwrap_or(&line.text).value,
        profile.line_letters,
    );
    // What is longer is several captions.
    rows.sort_by_key(|row| std::cmp::Reverse(row.chars().count()));
    rows.truncate(profile.lines);
    block.lines = rows
        .into_iter()
        .map(|text| BlockLine {
            text,
            ..look.clone()
        })
        .collect();
    block
}

/// Returns a text in rows of at most so many letters.
fn caption_rows(text: &str, letters: usize) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let length = word.chars().count();
        match rows.last_mut() {
            Some(row) if row.chars().count() + 1 + length <= letters => {
                row.push(' ');
                row.push_str(word);
            }
            // Scripts without spaces are one word.
            _ => {
                let characters: Vec<char> = word.chars().collect();
                let parts = characters.chunks(letters.max(1));
                rows.extend(parts.map(|part| part.iter().collect::<String>()));
            }
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::caption_rows;

    #[test]
    fn rows_of_captions_are_no_longer_than_lines_may_be() {
        assert_eq!(caption_rows("It went out.", 8), ["It went", "out."]);
        assert_eq!(caption_rows("それはきえた", 4), ["それはき", "えた"]);
    }
}

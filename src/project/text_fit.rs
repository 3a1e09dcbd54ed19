//! Finds the texts that do not fit into the pictures of an output, however small their letters are.

use super::font_survey::read_font_file;
use crate::base::{Diagnostic, Diagnostics, FileSpan};
use crate::lettering::{LetteringError, TextMeasurer, TypefaceFile};
use crate::model::Production;
use crate::model::graphics::GraphicBlock;
use crate::model::production::Output;
use crate::model::titles::{SlateFacts, TextBlock, TypefaceSource, slate_block};
use crate::validate::TightText;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A text over the pictures of an output.
struct ShownText<'a> {
    noun: &'static str,
    drawing: ShownDrawing<'a>,
    origin: FileSpan,
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

/// Returns the texts that do not fit, each once for every size of pictures. A text that a font makes
/// impossible to lay out is reported.
pub(super) fn tight_texts(
    production: &Production,
    diagnostics: &mut Diagnostics,
) -> Vec<TightText> {
    let mut measurer = TextMeasurer::new(font_files(production));
    let mut tight = Vec::new();
    let mut known = BTreeSet::new();
    let mut damaged = BTreeSet::new();
    for output in production.distinct_outputs() {
        let size = output.format.size;
        let is_hard = output.format.retro.is_some();
        for text in shown_texts(production, output) {
            let place = (text.origin, size.width, size.height, is_hard);
            if !known.insert(place) {
                continue;
            }
            // Laying out fifty thousand rows takes a minute, and a rule reports their number already.
            if text.is_beyond_measure() {
                continue;
            }
            let fits = match &text.drawing {
                ShownDrawing::Block(block) => measurer.fits(block, size, is_hard),
                ShownDrawing::Graphic(graphic) => measurer.fits_graphic(graphic, size, is_hard),
            };
            match fits {
                Ok(true) => {}
                Ok(false) => tight.push(TightText {
                    noun: text.noun,
                    is_graphic: matches!(text.drawing, ShownDrawing::Graphic(_)),
                    output: output.name.value.clone(),
                    size,
                    origin: text.origin,
                }),
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
    tight
}

fn report_damaged(diagnostics: &mut Diagnostics, text: &ShownText<'_>, names: &str) {
    let message = format!("the {} cannot be drawn with {names}", text.noun);
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
        noun: "slate",
        drawing: ShownDrawing::Block(Cow::Owned(slate_block(production, output, film))),
        origin: slate.origin,
    })
}

fn shown_texts<'a>(production: &'a Production, output: &'a Output) -> Vec<ShownText<'a>> {
    let mut texts = Vec::new();
    let watermark = output.marks.watermark.iter();
    texts.extend(watermark.map(|mark| ShownText {
        noun: "watermark",
        drawing: ShownDrawing::Block(Cow::Borrowed(&mark.block)),
        origin: mark.text.origin,
    }));
    texts.extend(slate_text(production, output));
    if !output.has_titles() {
        return texts;
    }
    let shots: BTreeSet<usize> = output.shown_shots(production.shots.len()).collect();
    let titles = production.titles.titles.iter();
    let titles = titles.filter(|title| shots.contains(&title.shot));
    texts.extend(titles.map(|title| ShownText {
        noun: "title",
        drawing: ShownDrawing::Block(Cow::Borrowed(&title.block)),
        origin: title.origin,
    }));
    let has_captions = output.captions.burned.is_some();
    let graphics = production.graphics.iter();
    let graphics = graphics.filter(|graphic| shots.contains(&graphic.shot));
    texts.extend(graphics.map(|graphic| ShownText {
        noun: graphic.kind.noun(),
        drawing: ShownDrawing::Graphic(Box::new(graphic.block.above_captions(has_captions))),
        origin: graphic.origin,
    }));
    // Credits are behind the last shot.
    let has_credits = shots.contains(&production.shots.len().saturating_sub(1));
    let credits = production.titles.credits.iter().filter(|_| has_credits);
    texts.extend(credits.map(|credits| ShownText {
        noun: "credits",
        drawing: ShownDrawing::Block(Cow::Borrowed(&credits.block)),
        origin: credits.origin,
    }));
    texts
}

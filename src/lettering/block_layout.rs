//! Where every letter of a block is: shaping, line breaks and alignment at the size of an output.

use super::font_set::{FontSet, family_name};
use crate::model::PixelSize;
use crate::model::cut::ScreenColour;
use crate::model::titles::{BlockLine, TextAlign, TextBlock};
use cosmic_text::{
    Attrs, Buffer, CacheKey, Family, FeatureTag, FontFeatures, Hinting, LayoutGlyph, LayoutRun,
    Metrics, Shaping, Weight, Wrap,
};
use std::ops::Range;

/// Height of a line as a multiple of the size of its font: room for the accents of capitals.
pub(super) const LINE_HEIGHT: f32 = 1.3;
/// The smallest size of a font in pixels. Below it no letter can be read.
const LEAST_PIXELS: f32 = 8.0;
/// The smallest size of a font without soft edges.
const LEAST_HARD_PIXELS: f32 = 10.0;
/// Space between a part and its actor as a share of the height of the picture.
const GUTTER: f32 = 0.04;
/// The largest space above a line, and the largest margin.
const MOST_SPACE: f32 = 4.0;
const MOST_MARGIN: f32 = 0.45;
/// Space around the text within its panel, as a share of the size of its first line.
const PANEL_PADDING: f32 = 0.35;
/// The shares of a width that are tried for rows of nearly one width.
pub(super) const BALANCE_SHARES: [f32; 5] = [0.9, 0.8, 0.7, 0.6, 0.5];
/// The most rows of a text that are made of nearly one width.
const MOST_BALANCED: usize = 5;
/// How much too wide a row may be: less than is seen.
const WHOLE_ROW: f32 = 1.001;
/// The most characters of one line that are laid out. Shaping takes time and memory for each.
const MOST_CHARACTERS: usize = 4_000;

/// A letter, or several that are drawn as one, at its place in a block.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlacedGlyph {
    pub(super) key: CacheKey,
    /// Pixels from the left side of the block.
    pub(super) x: i32,
    /// Pixels from the upper side of the block to its baseline.
    pub(super) y: i32,
    pub(super) colour: ScreenColour,
}

/// A row of letters.
#[derive(Debug, Clone)]
pub(super) struct LaidRow {
    pub(super) glyphs: Vec<PlacedGlyph>,
}

/// A block at the size of an output.
#[derive(Debug, Clone)]
pub(super) struct LaidBlock {
    pub(super) rows: Vec<LaidRow>,
    /// Width in pixels.
    pub(super) width: f32,
    /// The part of the width in which there are letters.
    pub(super) seen: Range<f32>,
    /// Height in pixels.
    pub(super) height: f32,
    /// The height of each line of the block in pixels, with the space above it.
    pub(super) line_heights: Vec<f32>,
    /// The width of the widest row as a share of what there is for it. Above 1, a word is too long.
    pub(super) fullness: f32,
}

/// Whether a word that is too long for its row is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LongWords {
    Broken,
    Whole,
}

/// One row of one text before it is aligned.
struct TextRun {
    glyphs: Vec<LayoutGlyph>,
    /// Pixels from the origin of the glyphs to the leftmost.
    left: f32,
    width: f32,
    /// Pixels from the upper side of the row to its baseline.
    baseline: f32,
    /// The width of what is seen of it as a share of what there is for it.
    fullness: f32,
}

/// Rows of a block that are aligned together.
struct PendingRow {
    runs: Vec<AlignedRun>,
    top: f32,
    colour: ScreenColour,
}

struct AlignedRun {
    run: TextRun,
    side: RowSide,
}

/// Where a run is in its row.
#[derive(Clone, Copy)]
enum RowSide {
    /// As the block is aligned.
    Block,
    /// Left of the middle.
    BeforeMiddle,
    /// Right of the middle.
    AfterMiddle,
}

/// Lays a block out for pictures of one size.
pub(super) fn lay_out_block(
    fonts: &mut FontSet,
    block: &TextBlock,
    size: PixelSize,
    is_hard: bool,
    long_words: LongWords,
) -> LaidBlock {
    let picture = PictureScale::new(size);
    let free = picture.width * (1.0 - 2.0 * margin_share(block.margin));
    let padding = panel_padding(block, picture, is_hard);
    // The panel counts too, or its sides would be outside of the safe area.
    let limit = (free - 2.0 * padding).max(LEAST_PIXELS);
    let gutter = GUTTER * picture.height;
    let mut rows = Vec::new();
    let mut line_heights = Vec::with_capacity(block.lines.len());
    let mut top = 0.0;
    for (index, line) in block.lines.iter().enumerate() {
        let line_top = top;
        // Space above the first line would only move the block.
        if index > 0 {
            top += bounded(line.space, 0.0, MOST_SPACE) * picture.height;
        }
        let pixels = picture.font_pixels(line.size, is_hard);
        let written = |text: &str| WrittenText {
            text: clipped_text(text).to_owned(),
            pixels,
            bold: line.bold,
            tracking: bounded(line.tracking, -0.5, 2.0),
            is_hard,
            long_words,
            first_font: 0,
        };
        for runs in line_rows(fonts, line, written, limit, gutter) {
            rows.push(PendingRow {
                runs,
                top,
                colour: line.colour,
            });
            top += pixels * LINE_HEIGHT;
        }
        line_heights.push(top - line_top);
    }
    let width = block_width(block, &rows, limit);
    let fullness = highest_of_runs(&rows, |run| run.fullness);
    let seen = seen_columns(&rows, block.align, width, gutter);
    let placed = rows.into_iter().map(|row| LaidRow {
        glyphs: place_row(&row, block.align, width, gutter),
    });
    LaidBlock {
        rows: placed.collect(),
        width,
        seen,
        height: top,
        line_heights,
        fullness,
    }
}

fn block_width(block: &TextBlock, rows: &[PendingRow], limit: f32) -> f32 {
    // Parts and actors meet in the middle of the picture, also if all names are short.
    match block.lines.iter().any(|line| line.beside.is_some()) {
        true => limit,
        false => highest_of_runs(rows, |run| run.width),
    }
}

fn highest_of_runs(rows: &[PendingRow], measure: impl Fn(&TextRun) -> f32) -> f32 {
    let runs = rows.iter().flat_map(|row| &row.runs);
    let measures = runs.map(|aligned| measure(&aligned.run));
    measures.fold(0.0, f32::max)
}

/// Returns the height of a block of which no line is wrapped.
pub(super) fn unwrapped_height(block: &TextBlock, size: PixelSize, is_hard: bool) -> f32 {
    let picture = PictureScale::new(size);
    let lines = block.lines.iter();
    lines
        .map(|line| picture.font_pixels(line.size, is_hard) * LINE_HEIGHT)
        .sum()
}

/// Returns the space between a panel and the text on it. Without a panel there is none.
pub(super) fn panel_padding(block: &TextBlock, picture: PictureScale, is_hard: bool) -> f32 {
    let first = block.lines.first().filter(|_| block.panel.is_some());
    first.map_or(0.0, |line| {
        picture.font_pixels(line.size, is_hard) * PANEL_PADDING
    })
}

/// Returns the share of a side of the picture that stays free.
pub(super) fn margin_share(margin: f32) -> f32 {
    bounded(margin, 0.0, MOST_MARGIN)
}

/// Returns the value within bounds; the lower one if it is not a number.
// Records of jobs may be damaged, and a place that no whole number has would stop the program.
fn bounded(value: f32, low: f32, high: f32) -> f32 {
    if value.is_nan() {
        low
    } else {
        value.clamp(low, high)
    }
}

/// The sizes that shares of a picture are taken of.
#[derive(Clone, Copy)]
pub(super) struct PictureScale {
    pub(super) width: f32,
    pub(super) height: f32,
}

impl PictureScale {
    #[expect(
        clippy::cast_precision_loss,
        reason = "sides of pictures are below 2^24"
    )]
    pub(super) const fn new(size: PixelSize) -> Self {
        Self {
            width: size.width as f32,
            height: size.height as f32,
        }
    }

    /// Returns the size of a font in pixels.
    pub(super) fn font_pixels(self, share: f32, is_hard: bool) -> f32 {
        let least = if is_hard {
            LEAST_HARD_PIXELS
        } else {
            LEAST_PIXELS
        };
        let pixels = share * self.height;
        if pixels.is_nan() {
            return least;
        }
        // No more than the picture: a share from a damaged record could ask for any memory.
        let most = self.height.max(least);
        // Hard strokes are of one width only at whole sizes.
        let whole = if is_hard { pixels.round() } else { pixels };
        whole.clamp(least, most)
    }
}

/// One text with what its glyphs depend on.
pub(super) struct WrittenText {
    pub(super) text: String,
    pub(super) pixels: f32,
    pub(super) bold: bool,
    pub(super) tracking: f32,
    /// Whether letters are at whole pixels.
    pub(super) is_hard: bool,
    pub(super) long_words: LongWords,
    /// The font that is tried first, by its place in the list.
    pub(super) first_font: usize,
}

/// Returns the rows of one line: those of its text, with those beside it.
fn line_rows(
    fonts: &mut FontSet,
    line: &BlockLine,
    written: impl Fn(&str) -> WrittenText,
    limit: f32,
    gutter: f32,
) -> Vec<Vec<AlignedRun>> {
    let Some(beside) = &line.beside else {
        let runs = balanced_runs(fonts, &written(&line.text), limit).into_iter();
        return runs
            .map(|run| {
                vec![AlignedRun {
                    run,
                    side: RowSide::Block,
                }]
            })
            .collect();
    };
    // Both sides are equally wide, so that the gutter of every row is at the same place.
    let half = ((limit - gutter) / 2.0).max(LEAST_PIXELS);
    let mut before = shape_text(fonts, &written(&line.text), half).into_iter();
    let mut after = shape_text(fonts, &written(beside), half).into_iter();
    let mut rows = Vec::new();
    loop {
        let left = before.next().map(|run| AlignedRun {
            run,
            side: RowSide::BeforeMiddle,
        });
        let right = after.next().map(|run| AlignedRun {
            run,
            side: RowSide::AfterMiddle,
        });
        let runs: Vec<AlignedRun> = left.into_iter().chain(right).collect();
        if runs.is_empty() {
            return rows;
        }
        rows.push(runs);
    }
}

/// Shapes a text into as few rows of at most `limit` pixels as it needs, of nearly one width: a single
/// word in the last row looks like a mistake. Many rows are a text, and not a title; they stay.
fn balanced_runs(fonts: &mut FontSet, written: &WrittenText, limit: f32) -> Vec<TextRun> {
    let widest = shape_text(fonts, written, limit);
    let is_whole = |runs: &[TextRun]| runs.iter().all(|run| run.fullness <= WHOLE_ROW);
    let is_title = (2..=MOST_BALANCED).contains(&widest.len());
    if !is_title || written.long_words == LongWords::Broken || !is_whole(&widest) {
        return widest;
    }
    let mut best = widest;
    for share in BALANCE_SHARES {
        let mut tried = shape_text(fonts, written, limit * share);
        // More rows would need height that the block has not got.
        if tried.len() > best.len() || !is_whole(&tried) {
            break;
        }
        for run in &mut tried {
            // As a share of the whole width again, by which rules judge what fits.
            run.fullness *= share;
        }
        best = tried;
    }
    best
}

/// Returns the columns from the leftmost letter of all rows to the rightmost.
fn seen_columns(rows: &[PendingRow], align: TextAlign, width: f32, gutter: f32) -> Range<f32> {
    let runs = rows.iter().flat_map(|row| &row.runs);
    let columns = runs.map(|aligned| {
        let left = run_left(aligned, align, width, gutter);
        left..left + aligned.run.width
    });
    let all = columns.reduce(|all, own| all.start.min(own.start)..all.end.max(own.end));
    all.unwrap_or(0.0..width)
}

/// Returns the pixels from the left side of a block to a run.
fn run_left(aligned: &AlignedRun, align: TextAlign, width: f32, gutter: f32) -> f32 {
    let free = width - aligned.run.width;
    match (aligned.side, align) {
        (RowSide::BeforeMiddle, _) => (width - gutter) / 2.0 - aligned.run.width,
        (RowSide::AfterMiddle, _) => (width + gutter) / 2.0,
        (RowSide::Block, TextAlign::Left) => 0.0,
        (RowSide::Block, TextAlign::Centre) => free / 2.0,
        (RowSide::Block, TextAlign::Right) => free,
    }
}

fn place_row(row: &PendingRow, align: TextAlign, width: f32, gutter: f32) -> Vec<PlacedGlyph> {
    let mut placed = Vec::new();
    for aligned in &row.runs {
        let left = run_left(aligned, align, width, gutter);
        let origin = left - aligned.run.left;
        for glyph in &aligned.run.glyphs {
            let physical = glyph.physical((origin, row.top + aligned.run.baseline), 1.0);
            placed.push(PlacedGlyph {
                key: physical.cache_key,
                x: physical.x,
                y: physical.y,
                colour: row.colour,
            });
        }
    }
    placed
}

/// Shapes a text and breaks it into rows of at most `limit` pixels.
fn shape_text(fonts: &mut FontSet, written: &WrittenText, limit: f32) -> Vec<TextRun> {
    let line_height = written.pixels * LINE_HEIGHT;
    let mut buffer = Buffer::new_empty(Metrics::new(written.pixels, line_height));
    // At whole pixels the strokes of hard letters are equally wide. Soft ones would be unevenly
    // spaced for nothing.
    buffer.set_hinting(if written.is_hard {
        Hinting::Enabled
    } else {
        Hinting::Disabled
    });
    buffer.set_wrap(match written.long_words {
        LongWords::Broken => Wrap::WordOrGlyph,
        LongWords::Whole => Wrap::Word,
    });
    buffer.set_size(Some(limit), None);
    let weight = if written.bold {
        Weight::BOLD
    } else {
        Weight::NORMAL
    };
    let attrs = Attrs::new()
        .family(Family::Name(family_name(written.first_font)))
        .weight(weight);
    let attrs = if written.tracking == 0.0 {
        attrs
    } else {
        // Letters that are drawn as one would stand closer than the others.
        let mut features = FontFeatures::new();
        features.disable(FeatureTag::STANDARD_LIGATURES);
        features.disable(FeatureTag::CONTEXTUAL_LIGATURES);
        attrs
            .letter_spacing(written.tracking)
            .font_features(features)
    };
    buffer.set_text(&written.text, &attrs, Shaping::Advanced, None);
    buffer.shape_until_scroll(&mut fonts.system, false);
    let runs = buffer.layout_runs();
    runs.map(|run| {
        let starts = run.glyphs.iter().map(|glyph| glyph.x);
        let ends = run.glyphs.iter().map(|glyph| glyph.x + glyph.w);
        let left = starts.fold(f32::INFINITY, f32::min);
        let right = ends.fold(f32::NEG_INFINITY, f32::max);
        let is_empty = run.glyphs.is_empty();
        TextRun {
            glyphs: run.glyphs.to_vec(),
            left: if is_empty { 0.0 } else { left },
            width: if is_empty { 0.0 } else { right - left },
            baseline: run.line_y - run.line_top,
            // Without the spaces at its ends: a row is broken at a space, which may be outside of
            // the limit and is not seen.
            fullness: seen_width(&run) / limit,
        }
    })
    .collect()
}

/// Returns the width of a row without the spaces at its ends.
fn seen_width(run: &LayoutRun<'_>) -> f32 {
    let is_seen = |glyph: &&LayoutGlyph| {
        let text = run.text.get(glyph.start..glyph.end);
        text.is_none_or(|text| !text.trim().is_empty())
    };
    let seen = run.glyphs.iter().filter(is_seen);
    let left = seen
        .clone()
        .map(|glyph| glyph.x)
        .fold(f32::INFINITY, f32::min);
    let right = seen.map(|glyph| glyph.x + glyph.w).fold(0.0, f32::max);
    (right - left).max(0.0)
}

/// Shapes a text into one row without a limit, and places it with its left side at 0.
pub(super) fn lay_out_row(
    fonts: &mut FontSet,
    written: &WrittenText,
    colour: ScreenColour,
) -> LaidBlock {
    // Without a limit, since a counter or a label of one row must not be wrapped.
    let runs = shape_text(fonts, written, f32::MAX);
    let width = runs.first().map_or(0.0, |run| run.width);
    let rows = runs.into_iter().take(1).map(|run| {
        let row = PendingRow {
            runs: vec![AlignedRun {
                run,
                side: RowSide::Block,
            }],
            top: 0.0,
            colour,
        };
        LaidRow {
            glyphs: place_row(&row, TextAlign::Left, width, 0.0),
        }
    });
    LaidBlock {
        rows: rows.collect(),
        width,
        seen: 0.0..width,
        height: written.pixels * LINE_HEIGHT,
        line_heights: vec![written.pixels * LINE_HEIGHT],
        fullness: 0.0,
    }
}

/// Shapes a text into rows of at most `limit` pixels, aligned within the widest of them.
pub(super) fn lay_out_wrapped(
    fonts: &mut FontSet,
    written: &WrittenText,
    colour: ScreenColour,
    limit: f32,
    align: TextAlign,
) -> LaidBlock {
    let clipped = WrittenText {
        text: clipped_text(&written.text).to_owned(),
        ..*written
    };
    let runs = shape_text(fonts, &clipped, limit.max(1.0));
    let width = runs.iter().map(|run| run.width).fold(0.0, f32::max);
    let fullness = runs.iter().map(|run| run.fullness).fold(0.0, f32::max);
    let line_height = written.pixels * LINE_HEIGHT;
    let mut rows = Vec::new();
    let mut top = 0.0;
    for run in runs {
        let row = PendingRow {
            runs: vec![AlignedRun {
                run,
                side: RowSide::Block,
            }],
            top,
            colour,
        };
        rows.push(LaidRow {
            glyphs: place_row(&row, align, width, 0.0),
        });
        top += line_height;
    }
    LaidBlock {
        line_heights: vec![line_height; rows.len()],
        rows,
        width,
        seen: 0.0..width,
        height: top,
        fullness,
    }
}

fn clipped_text(text: &str) -> &str {
    let end = text.char_indices().nth(MOST_CHARACTERS);
    end.map_or(text, |(end, _)| &text[..end])
}

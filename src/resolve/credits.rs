//! Resolves end credits: their lines from sections and cast, their pages and their length.

use super::context::ResolveContext;
use super::title_fonts::FontTable;
use super::title_values::{frames_in, read_length, read_screen_colour, report_title_value};
use super::titles::{SAFE_MARGIN, TitleParts};
use crate::base::name_form::readable_name;
use crate::base::{Diagnostic, FileSpan, Spanned};
use crate::document::TextOr;
use crate::document::draft::ProductionDraft;
use crate::document::titles_draft::{CreditSectionDraft, CreditsDraft};
use crate::model::camera::Easing;
use crate::model::cut::ScreenColour;
use crate::model::titles::{
    BlockLine, CreditLine, CreditsKind, EndCredits, MotionKind, SMALLEST_TEXT, TextBlock,
    TitleMotion, TypefaceSource,
};
use crate::model::{FrameRate, value_ranges};

/// Size of a name if nothing says otherwise.
const NAME_SIZE: f32 = 0.045;
/// Size of a heading as a share of that of a name.
const HEADING_SIZE: f32 = 0.75;
/// Space above a heading as a share of the size of a name.
const HEADING_SPACE: f32 = 1.6;
/// Height of a line as a multiple of its size, as text is laid out.
const LINE_HEIGHT: f32 = 1.3;
/// Seconds that a line of a roll needs from below the picture to above it.
const ROLL_SECONDS: f64 = 8.0;
/// Share of the height of the picture that a page fills at most.
const PAGE_HEIGHT: f32 = 0.8;
/// Seconds of a page, and of each of its lines on top.
const PAGE_SECONDS: f64 = 1.5;
const LINE_SECONDS: f64 = 0.5;
/// Seconds that a page takes to come or to go.
const FADE_SECONDS: f64 = 0.25;
/// The most lines of credits.
const MOST_LINES: usize = 5_000;

/// The look of credits.
struct CreditsLook {
    size: f32,
    colour: ScreenColour,
    fonts: Vec<TypefaceSource>,
    rate: FrameRate,
}

/// Returns the credits. `None`: they have no line, which is reported.
pub(super) fn resolve_credits(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    written: &TextOr<CreditsDraft>,
    fonts: &mut FontTable<'_>,
    parts: &TitleParts<'_>,
) -> Option<EndCredits> {
    let own = full_credits(written)?;
    let mut lines = Vec::new();
    for section in own.sections.iter().flat_map(|sections| &sections.value) {
        add_section(context, &mut lines, draft, section, parts);
    }
    // More lines than any film has. Each is shaped and drawn, so a list without an end would never
    // finish.
    lines.truncate(MOST_LINES);
    let origin = credits_origin(&own, &lines);
    let size = context.in_range_opt("size", &own.size, value_ranges::TEXT_SIZE);
    let text_fonts = fonts.text_fonts(context, own.font.as_ref());
    let look = CreditsLook {
        size: size.map_or(NAME_SIZE, |percent| percent / 100.0),
        colour: read_screen_colour(context, own.colour.as_ref()).unwrap_or(ScreenColour::WHITE),
        fonts: text_fonts.sources,
        rate: parts.rate,
    };
    let backdrop = read_screen_colour(context, own.over.as_ref()).unwrap_or(ScreenColour::BLACK);
    // Read before it is known whether there are lines, so that one pass reports all mistakes.
    let written_length = read_length(context, own.lasts.as_ref(), parts.rate);
    if lines.is_empty() {
        let message = "credits without a name".to_owned();
        let help = "add `sections` with `heading` and `names`, or with `cast: true` and \
                    characters that have `played_by`";
        report_title_value(context, origin, message, help.to_owned());
        return None;
    }
    let block_lines: Vec<BlockLine> = lines.iter().map(|line| look.block_line(line)).collect();
    let kind = own.kind.map(|kind| kind.value).unwrap_or_default();
    let (seconds, block) = match kind {
        CreditsKind::Roll => (roll_seconds(&block_lines), look.rolling_block(block_lines)),
        CreditsKind::Cut => (page_seconds(&block_lines), look.turning_block(block_lines)),
    };
    let reading = frames_in(seconds, parts.rate);
    Some(EndCredits {
        kind,
        length: written_length.unwrap_or(reading),
        reading,
        block,
        lines,
        fonts: text_fonts.indices,
        backdrop,
        origin,
    })
}

/// Returns credits with all their fields. A text alone is a heading. `None`: it was reported before.
fn full_credits(written: &TextOr<CreditsDraft>) -> Option<CreditsDraft> {
    match written {
        TextOr::Text(text) if text.is_placeholder => None,
        TextOr::Text(text) => {
            let heading = CreditSectionDraft {
                heading: Some(text.0.clone()),
                ..CreditSectionDraft::default()
            };
            Some(CreditsDraft {
                sections: Some(text.0.clone().map(|_| vec![heading])),
                ..CreditsDraft::default()
            })
        }
        TextOr::Full(own) => Some(own.clone()),
    }
}

fn credits_origin(own: &CreditsDraft, lines: &[CreditLine]) -> FileSpan {
    let first = lines.first().map(|line| match line {
        CreditLine::Heading(text)
        | CreditLine::Name(text)
        | CreditLine::Pair { part: text, .. } => text.origin,
    });
    first
        .or_else(|| own.sections.as_ref().map(|sections| sections.origin))
        .or_else(|| own.kind.map(|kind| kind.origin))
        .or_else(|| own.lasts.as_ref().map(|length| length.origin))
        .or_else(|| own.over.as_ref().map(|over| over.origin))
        .unwrap_or_default()
}

fn add_section(
    context: &mut ResolveContext<'_>,
    lines: &mut Vec<CreditLine>,
    draft: &ProductionDraft,
    section: &CreditSectionDraft,
    parts: &TitleParts<'_>,
) {
    let heading = section.heading.iter().filter(|text| !text.is_placeholder);
    lines.extend(heading.cloned().map(CreditLine::Heading));
    if let Some(cast) = section.cast.filter(|cast| cast.value) {
        let played = cast_lines(draft, parts);
        if played.is_empty() {
            report_no_cast(context, cast.origin);
        }
        lines.extend(played);
    }
    for entry in section.names.iter().flatten() {
        match entry {
            TextOr::Text(name) if name.is_placeholder => {}
            TextOr::Text(name) => lines.push(CreditLine::Name(name.0.clone())),
            TextOr::Full(pairs) => {
                lines.extend(pairs.iter().map(|(part, name)| CreditLine::Pair {
                    part: part.clone(),
                    name: name.clone(),
                }));
            }
        }
    }
}

fn report_no_cast(context: &mut ResolveContext<'_>, origin: FileSpan) {
    let message = "no character has an actor, so the credits name no cast";
    let diagnostic = Diagnostic::warning("production::titles::no_cast", origin, message);
    let help = "add `played_by` to characters, or remove `cast: true`";
    context.diagnostics.push(diagnostic.with_help(help));
}

/// Returns the characters with their actors, in the order of the document.
fn cast_lines(draft: &ProductionDraft, parts: &TitleParts<'_>) -> Vec<CreditLine> {
    // From the draft: nothing but credits needs an actor, so no character of a production has one.
    let drafts = draft.characters.iter().flatten();
    // Those without an actor are left out, since a film does not name who is drawn alone.
    let played = drafts.filter_map(|character| {
        let name = character.name.as_ref()?;
        let actor = character.played_by.as_ref()?;
        let resolved = parts
            .characters
            .iter()
            .find(|known| known.name.value == name.value);
        let shown = resolved.and_then(|known| known.display_name.clone());
        Some(CreditLine::Pair {
            part: Spanned::new(
                shown.unwrap_or_else(|| readable_name(&name.value)),
                name.origin,
            ),
            name: actor.clone(),
        })
    });
    played.collect()
}

impl CreditsLook {
    fn block_line(&self, line: &CreditLine) -> BlockLine {
        let base = BlockLine {
            text: String::new(),
            beside: None,
            size: self.size,
            bold: false,
            colour: self.colour,
            tracking: 0.0,
            space: 0.0,
        };
        match line {
            CreditLine::Heading(text) => BlockLine {
                text: text.value.clone(),
                size: self.size * HEADING_SIZE,
                space: self.size * HEADING_SPACE,
                ..base
            },
            CreditLine::Name(text) => BlockLine {
                text: text.value.clone(),
                bold: true,
                ..base
            },
            CreditLine::Pair { part, name } => BlockLine {
                text: part.value.clone(),
                beside: Some(name.value.clone()),
                ..base
            },
        }
    }

    fn block(&self, lines: Vec<BlockLine>) -> TextBlock {
        TextBlock::centred(lines, self.fonts.clone(), SAFE_MARGIN, SMALLEST_TEXT)
    }

    fn rolling_block(&self, lines: Vec<BlockLine>) -> TextBlock {
        TextBlock {
            rolls: true,
            ..self.block(lines)
        }
    }

    /// Returns a block that is shown page by page. What fits on a page is known when its lines are
    /// wrapped, which depends on the picture.
    fn turning_block(&self, lines: Vec<BlockLine>) -> TextBlock {
        let fade = Some(TitleMotion {
            kind: MotionKind::Fade,
            frames: frames_in(FADE_SECONDS, self.rate),
            easing: Easing::default(),
        });
        TextBlock {
            turns: true,
            enter: fade,
            leave: fade,
            ..self.block(lines)
        }
    }
}

fn lines_height(lines: &[BlockLine]) -> f64 {
    let heights = lines
        .iter()
        .map(|line| line.size * LINE_HEIGHT + line.space);
    heights.map(f64::from).sum()
}

/// Returns the seconds of a roll in which each line can be read.
fn roll_seconds(lines: &[BlockLine]) -> f64 {
    // It moves by its own height and that of the picture.
    (lines_height(lines) + 1.0) * ROLL_SECONDS
}

/// Returns the seconds in which the pages of a wide picture can be read.
#[expect(clippy::cast_precision_loss, reason = "lines are limited")]
fn page_seconds(lines: &[BlockLine]) -> f64 {
    let pages = (lines_height(lines) / f64::from(PAGE_HEIGHT))
        .ceil()
        .max(1.0);
    PAGE_SECONDS * pages + LINE_SECONDS * lines.len() as f64
}

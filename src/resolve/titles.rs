//! Resolves titles: their look, their fonts, and where on the timeline they are.

use super::context::ResolveContext;
use super::credits::resolve_credits;
use super::document_shots::TextStart;
use super::title_fonts::FontTable;
use super::title_values::{
    FoundStart, TextRequest, find_text_start, frames_in, read_colour_or_off, read_length,
    read_motion, read_screen_colour, report_title_value,
};
use super::unused_fields::unused_finding;
use super::value_parsers::parse_moment_with_code;
use crate::base::{FileSpan, Spanned};
use crate::document::draft::ProductionDraft;
use crate::document::titles_draft::TitleDraft;
use crate::document::{OneOrMany, TextOr};
use crate::model::cut::ScreenColour;
use crate::model::production::{Character, Shot};
use crate::model::titles::{
    BlockLine, SMALLEST_TEXT, ScreenTitle, TextBlock, TextEdge, TextPanel, TitleLook,
    TitleSettings, TypefaceSource,
};
use crate::model::{FrameRate, value_ranges};
use std::collections::BTreeMap;

/// Space between a text and the sides of the picture: the area in which titles are safe.
pub(super) const SAFE_MARGIN: f32 = 0.05;
/// Width of the line around letters that a document asks for.
const OUTLINE: f32 = 0.003;
/// How much a panel that a document asks for hides of the picture.
const PANEL_OPACITY: f32 = 0.6;

/// What titles refer to.
pub(super) struct TitleParts<'a> {
    pub(super) shots: &'a [Shot],
    pub(super) characters: &'a [Character],
    pub(super) rate: FrameRate,
}

/// The titles whose shots are not in the cut of a timeline, with the names of the shots.
pub(super) type AbsentTitles = BTreeMap<usize, Spanned<String>>;

/// Returns the titles and credits of a production, without its fonts: other texts may have more.
/// Also returns which titles have no shot in the cut: they are in the list until the timeline has
/// placed its title cards, which go by their number.
pub(super) fn resolve_titles(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    fonts: &mut FontTable<'_>,
    parts: &TitleParts<'_>,
) -> (TitleSettings, AbsentTitles) {
    let written = draft.titles.iter().flatten();
    let mut titles = Vec::new();
    let mut absent = AbsentTitles::new();
    for (index, title) in written.enumerate() {
        let own = match title {
            TextOr::Text(text) if text.is_placeholder => continue,
            TextOr::Text(text) => TitleDraft {
                text: Some(text.0.clone().map(|_| OneOrMany(vec![text.0.clone()]))),
                ..TitleDraft::default()
            },
            TextOr::Full(own) => own.clone(),
        };
        let Some(resolved) = resolve_title(context, &own, fonts, parts) else {
            continue;
        };
        absent.extend(resolved.absent.map(|name| (titles.len(), name)));
        // The number counts what is written, so that it is the same while another title has a
        // mistake.
        titles.push(ScreenTitle {
            number: index + 1,
            ..resolved.title
        });
    }
    let credits = draft
        .credits
        .as_ref()
        .and_then(|credits| resolve_credits(context, draft, credits, fonts, parts));
    let settings = TitleSettings {
        fonts: Vec::new(),
        titles,
        credits,
    };
    (settings, absent)
}

/// A title, and the shot that it names if the cut has not got it.
struct ResolvedTitle {
    title: ScreenTitle,
    absent: Option<Spanned<String>>,
}

fn resolve_title(
    context: &mut ResolveContext<'_>,
    own: &TitleDraft,
    fonts: &mut FontTable<'_>,
    parts: &TitleParts<'_>,
) -> Option<ResolvedTitle> {
    let origin = title_origin(own);
    let texts = title_texts(context, own, origin);
    let backdrop = read_backdrop(context, own.over.as_ref());
    let start = read_start(context, own, backdrop, parts.rate);
    let look = own
        .style
        .map(|style| style.value)
        .unwrap_or_default()
        .usual_look();
    let written_length = read_length(context, own.lasts.as_ref(), parts.rate);
    // Also of a title that is left out below: a font that is missing is reported in any case.
    let text_fonts = fonts.text_fonts(context, own.font.as_ref());
    let block = title_block(context, own, &look, &texts, text_fonts.sources, parts.rate);
    let usual_length = frames_in(look.seconds, parts.rate);
    let request = TextRequest {
        noun: "the title",
        code: "production::titles::unknown_shot",
        bad_value: "production::titles::bad_value",
        until: read_until(context, own, backdrop),
        start: own.at.as_ref().map(|_| start),
        length: written_length.unwrap_or(usual_length),
    };
    let found = find_text_start(context, parts.shots, own.shot.as_ref(), &request)?;
    let (place, absent) = match found {
        FoundStart::InCut(place) => (place, None),
        // A title over a colour may be a clip of the timeline all the same.
        FoundStart::Absent(name) => (TextStart::within(0, 0), Some(name)),
    };
    // A film without shots has another finding, and nothing that a title could be over.
    if place.shot >= parts.shots.len() {
        return None;
    }
    let rest = place.frames_left(parts.shots).max(1);
    let length = written_length.unwrap_or(match (backdrop, request.until) {
        (Some(_), _) => usual_length,
        // Who names its last shot means all of it.
        (None, Some(_)) => rest,
        (None, None) => usual_length.min(rest),
    });
    let title = ScreenTitle {
        number: 0,
        block,
        texts,
        fonts: text_fonts.indices,
        shot: place.shot,
        start: place.frame,
        last_shot: place.last,
        length,
        is_length_written: written_length.is_some(),
        backdrop,
        origin,
    };
    (!title.texts.is_empty()).then_some(ResolvedTitle { title, absent })
}

/// Returns the texts of a title. A title without one is reported.
fn title_texts(
    context: &mut ResolveContext<'_>,
    own: &TitleDraft,
    origin: FileSpan,
) -> Vec<Spanned<String>> {
    let written = own.text.as_ref();
    // An empty list is no text either. A placeholder is one that was reported already.
    if written.is_none_or(|text| text.value.is_empty() && !text.is_placeholder) {
        let origin = written.map_or(origin, |text| text.origin);
        let message = "a title without a text".to_owned();
        report_title_value(context, origin, message, "add `text`".to_owned());
    }
    let texts = written.iter().flat_map(|text| text.value.iter());
    texts.filter(|text| !text.is_placeholder).cloned().collect()
}

/// Returns the frame of its shot at which a title begins. A title over a colour begins with its clip.
fn read_start(
    context: &mut ResolveContext<'_>,
    own: &TitleDraft,
    backdrop: Option<ScreenColour>,
    rate: FrameRate,
) -> usize {
    let Some(at) = &own.at else {
        return 0;
    };
    let moment = parse_moment_with_code(context, at, "production::titles::bad_value");
    let start = moment.map_or(0, |moment| moment.frame(rate));
    // `at: 0` says what is the case anyway.
    if backdrop.is_none() || start == 0 {
        return start;
    }
    let code = "production::titles::unused_field";
    let why = "beside `over`: a title over a colour is a clip of its own before its shot";
    let help = "remove `at`, or remove `over` to show the title over the picture";
    let finding = unused_finding(code, "at", at.origin, why);
    context.diagnostics.push(finding.with_help(help));
    0
}

/// Returns the name of the last shot that a title may be over. A title over a colour is over none.
fn read_until<'a>(
    context: &mut ResolveContext<'_>,
    own: &'a TitleDraft,
    backdrop: Option<ScreenColour>,
) -> Option<&'a Spanned<String>> {
    let until = own.until.as_ref()?;
    if backdrop.is_none() {
        return Some(until);
    }
    let code = "production::titles::unused_field";
    let why = "beside `over`: a title over a colour is a clip of its own before its shot";
    let help = "remove `until`, or remove `over` to show the title over the picture";
    let finding = unused_finding(code, "until", until.origin, why);
    context.diagnostics.push(finding.with_help(help));
    None
}

/// Returns the colour behind a title that is a clip of its own. `None`: it is over the picture.
fn read_backdrop(
    context: &mut ResolveContext<'_>,
    written: Option<&Spanned<String>>,
) -> Option<ScreenColour> {
    let is_picture = |word: &&Spanned<String>| word.value.trim().eq_ignore_ascii_case("picture");
    let written = written.filter(|word| !is_picture(word));
    read_screen_colour(context, written)
}

fn title_origin(own: &TitleDraft) -> FileSpan {
    let text = own.text.as_ref();
    let first = text.and_then(|text| text.value.first());
    let written = [first, own.shot.as_ref(), own.over.as_ref()];
    let place = written.into_iter().flatten().next();
    place
        .map(|text| text.origin)
        .or_else(|| own.style.map(|style| style.origin))
        .or_else(|| own.at.as_ref().map(|at| at.origin))
        .or_else(|| own.lasts.as_ref().map(|length| length.origin))
        .unwrap_or_default()
}

/// Returns the lines of a title, of which the first looks like `first`.
fn title_block_lines(
    texts: &[Spanned<String>],
    first: &BlockLine,
    look: &TitleLook,
) -> Vec<BlockLine> {
    // The first line is the title, and those below it are smaller, plain text.
    let below = BlockLine {
        size: first.size * look.small_size / look.size,
        bold: false,
        tracking: 0.0,
        ..first.clone()
    };
    // A text of several lines in the document is several lines of the title.
    let lines = texts.iter().flat_map(|text| text.value.lines());
    lines
        .enumerate()
        .map(|(index, text)| BlockLine {
            text: text.to_owned(),
            ..if index == 0 { first } else { &below }.clone()
        })
        .collect()
}

fn title_block(
    context: &mut ResolveContext<'_>,
    own: &TitleDraft,
    look: &TitleLook,
    texts: &[Spanned<String>],
    fonts: Vec<TypefaceSource>,
    rate: FrameRate,
) -> TextBlock {
    let size = context.in_range_opt("size", &own.size, value_ranges::TEXT_SIZE);
    let size = size.map_or(look.size, |percent| percent / 100.0);
    let tracking = context.in_range_opt("tracking", &own.tracking, value_ranges::TRACKING);
    let tracking = tracking.map_or(look.tracking, |percent| percent / 100.0);
    let shadow = context.in_range_opt("shadow", &own.shadow, value_ranges::SHARE);
    let colour = read_screen_colour(context, own.colour.as_ref()).unwrap_or(ScreenColour::WHITE);
    let outline = read_colour_or_off(context, own.outline.as_ref());
    let panel = read_colour_or_off(context, own.panel.as_ref());
    let place = own.place.map_or(look.place, |place| place.value);
    let bold = own.bold.map_or(look.bold, |bold| bold.value);
    let first = BlockLine {
        text: String::new(),
        beside: None,
        size,
        bold,
        colour,
        tracking,
        space: 0.0,
    };
    TextBlock {
        lines: title_block_lines(texts, &first, look),
        fonts,
        place,
        align: own.align.map_or(place.align(), |align| align.value),
        margin: SAFE_MARGIN,
        edge: outline.map_or(look.edge, |colour| {
            colour.map(|colour| TextEdge {
                width: OUTLINE,
                colour,
            })
        }),
        shadow: shadow.unwrap_or(look.shadow),
        panel: panel.map_or(look.panel, |colour| {
            colour.map(|colour| TextPanel {
                colour,
                opacity: PANEL_OPACITY,
            })
        }),
        opacity: 1.0,
        smallest: SMALLEST_TEXT,
        rolls: false,
        turns: false,
        enter: read_motion(context, own.enter.as_ref(), look.enter, rate),
        leave: read_motion(context, own.leave.as_ref(), look.leave(), rate),
    }
}

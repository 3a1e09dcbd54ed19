//! Resolves graphics: their content, their look, and where on the timeline they are.

use super::context::ResolveContext;
use super::document_shots::{TextStart, report_absent};
use super::graphic_content::{ReadContent, read_content};
use super::title_fonts::{FontTable, TextFonts};
use super::title_values::{
    FoundStart, TextRequest, find_text_start, frames_in, read_colour_or_off, read_length,
    read_screen_colour,
};
use super::value_parsers::parse_moment_with_code;
use crate::base::{DiagnosticCode, FileSpan, Spanned};
use crate::document::draft::ProductionDraft;
use crate::document::graphics_draft::GraphicDraft;
use crate::model::FrameRate;
use crate::model::camera::Easing;
use crate::model::cut::ScreenColour;
use crate::model::graphics::{
    GraphicBlock, GraphicColours, GraphicContent, GraphicKind, ScreenGraphic, USUAL_BELOW,
    readable_on,
};
use crate::model::production::Shot;
use crate::model::titles::{TextPanel, TextPlace};

/// The code of what cannot be read.
pub(super) const BAD_VALUE: DiagnosticCode = "production::graphics::bad_value";
/// The colour of bars if nothing says otherwise.
const USUAL_ACCENT: ScreenColour = ScreenColour([0x2e, 0xc4, 0xb6]);
/// The colour of the panel if nothing says otherwise.
const USUAL_PANEL: ScreenColour = ScreenColour([0x0c, 0x18, 0x22]);
/// How much a panel hides of the picture. Less, and what moves behind it disturbs the reader.
const PANEL_OPACITY: f32 = 0.86;
/// Seconds in which a graphic comes and goes.
const FADE_SECONDS: f64 = 0.4;

/// Returns the graphics of a production.
pub(super) fn resolve_graphics(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    fonts: &mut FontTable<'_>,
    shots: &[Shot],
    rate: FrameRate,
) -> Vec<ScreenGraphic> {
    let written = draft.graphics.iter().flatten();
    written
        .filter_map(|own| {
            GraphicReader {
                context,
                own,
                shots,
                rate,
            }
            .read(fonts)
        })
        .collect()
}

struct GraphicReader<'a, 'c> {
    context: &'a mut ResolveContext<'c>,
    own: &'a GraphicDraft,
    shots: &'a [Shot],
    rate: FrameRate,
}

impl GraphicReader<'_, '_> {
    fn read(mut self, fonts: &mut FontTable<'_>) -> Option<ScreenGraphic> {
        let own = self.own;
        let origin = graphic_origin(own);
        // All fields are read before the first `?`, so that one pass reports every mistake.
        let content = read_content(self.context, own, origin);
        let start = self.moment(own.at.as_ref());
        let written_length = read_length(self.context, own.lasts.as_ref(), self.rate);
        let build = own.build.as_ref();
        let build = build.map(|build| parse_moment_with_code(self.context, build, BAD_VALUE));
        let colours = self.colours();
        let text_fonts = self.fonts(fonts, content.as_ref());
        let found = self.find_start(start, written_length);
        let content = content?;
        let found = found?;
        if found.shot >= self.shots.len() {
            return None;
        }
        let rest = found.frames_left(self.shots).max(1);
        let length = written_length.unwrap_or(rest);
        // It ends with its shots, and must be read longer than it moves.
        let seen = length.min(rest);
        // In a very short shot the graphic would only come and go.
        let fade = frames_in(FADE_SECONDS, self.rate).min(seen / 6);
        let usual_build = frames_in(build_seconds(&content.content), self.rate);
        let build = match build.flatten() {
            Some(moment) => moment.frame(self.rate),
            None => usual_build.min(seen / 2),
        };
        Some(ScreenGraphic {
            kind: content.kind,
            values: content.values,
            texts: content.texts,
            block: GraphicBlock {
                content: content.content,
                title: own.title.as_ref().and_then(shown_text),
                source: own.source.as_ref().and_then(shown_text),
                fonts: text_fonts.sources,
                place: own.place.map_or(TextPlace::Centre, |place| place.value),
                below: USUAL_BELOW,
                colours,
                build: build.min(seen),
                easing: own.easing.map_or(Easing::Out, |easing| easing.value),
                fade,
            },
            fonts: text_fonts.indices,
            shot: found.shot,
            start: found.frame,
            last_shot: found.last,
            length,
            is_length_written: written_length.is_some(),
            origin,
        })
    }

    /// Returns its fonts, with those that code and icons need.
    fn fonts(&mut self, fonts: &mut FontTable<'_>, content: Option<&ReadContent>) -> TextFonts {
        let written = self.own.font.as_ref();
        let is_code = content.is_some_and(|content| content.kind == GraphicKind::Code);
        let mut found = if is_code {
            fonts.code_fonts(self.context, written)
        } else {
            fonts.text_fonts(self.context, written)
        };
        if content.is_some_and(|content| has_icons(&content.content)) {
            fonts.add_icons(&mut found);
        }
        found
    }

    /// Returns where it begins. One of a shot that the cut has not goes with it.
    fn find_start(&mut self, start: Option<usize>, length: Option<usize>) -> Option<TextStart> {
        let request = TextRequest {
            noun: "the graphic",
            code: "production::graphics::unknown_shot",
            bad_value: BAD_VALUE,
            until: self.own.until.as_ref(),
            start,
            // It lasts to the end of its shot.
            length: length.unwrap_or(usize::MAX),
        };
        let shot = self.own.shot.as_ref();
        match find_text_start(self.context, self.shots, shot, &request)? {
            FoundStart::InCut(place) => Some(place),
            FoundStart::Absent(name) => {
                report_absent(self.context, &name, "the graphic goes with it");
                None
            }
        }
    }

    fn moment(&mut self, written: Option<&crate::document::RawScalar>) -> Option<usize> {
        let moment = parse_moment_with_code(self.context, written?, BAD_VALUE)?;
        Some(moment.frame(self.rate))
    }

    fn colours(&mut self) -> GraphicColours {
        let accent = read_screen_colour(self.context, self.own.accent.as_ref());
        let text = read_screen_colour(self.context, self.own.colour.as_ref());
        let panel = read_colour_or_off(self.context, self.own.panel.as_ref());
        let panel = panel.unwrap_or(Some(USUAL_PANEL));
        GraphicColours {
            text: text.unwrap_or_else(|| readable_on(panel.unwrap_or(USUAL_PANEL))),
            accent: accent.unwrap_or(USUAL_ACCENT),
            panel: panel.map(|colour| TextPanel {
                colour,
                opacity: PANEL_OPACITY,
            }),
        }
    }
}

fn has_icons(content: &GraphicContent) -> bool {
    match content {
        GraphicContent::Numbers(values) => values.iter().any(|value| value.icon.is_some()),
        GraphicContent::List(points) => points.iter().any(|point| point.icon.is_some()),
        _ => false,
    }
}

/// Returns how long a graphic builds if nothing says otherwise, in seconds.
fn build_seconds(content: &GraphicContent) -> f64 {
    let count = |items: usize| f64::from(u16::try_from(items).unwrap_or(u16::MAX));
    match content {
        GraphicContent::Bars(values) => 1.0 + 0.08 * count(values.len()).min(10.0),
        GraphicContent::Line(_) | GraphicContent::Pie(_) => 1.5,
        GraphicContent::Numbers(_) => 1.4,
        GraphicContent::Table { rows, .. } => 0.6 + 0.15 * count(rows.len()),
        // Each point has a moment of its own, in which it is read.
        GraphicContent::List(points) => 1.2 * count(points.len()),
        GraphicContent::Quote { .. } => 0.8,
        GraphicContent::Code(lines) => 0.4 + 0.15 * count(lines.len()),
    }
}

fn shown_text(text: &Spanned<String>) -> Option<String> {
    let shown = text.value.trim();
    (!text.is_placeholder && !shown.is_empty()).then(|| shown.to_owned())
}

fn graphic_origin(own: &GraphicDraft) -> FileSpan {
    let texts = [own.title.as_ref(), own.shot.as_ref(), own.by.as_ref()];
    own.kind
        .map(|kind| kind.origin)
        .or_else(|| texts.into_iter().flatten().next().map(|text| text.origin))
        .or_else(|| own.text.iter().flatten().next().map(|text| text.origin))
        .or_else(|| own.at.as_ref().map(|at| at.origin))
        .unwrap_or_default()
}

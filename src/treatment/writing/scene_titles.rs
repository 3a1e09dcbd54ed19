//! What a scene shows as text, as titles of the document.

use super::scene_graphics::SceneGraphics;
use crate::base::{Diagnostic, Diagnostics};
use crate::document::yaml_edit::{yaml_inline_list, yaml_inline_scalar};
use crate::treatment::planning::{ScenePlan, TreatmentPlan};
use crate::treatment::treatment_value::{OverlayKind, SceneOverlay, ScenePurpose};
use crate::treatment::words::{EffectUse, effect_use};

/// Most seconds that a heading is seen over a scene that has nothing else to show.
const HEADING_SECONDS: i64 = 6;
/// Longest heading that is shown as a title.
const MAX_HEADING: usize = 60;

/// When a title is seen, from the start of its scene.
#[derive(Clone, Copy)]
struct TitleTurn {
    at: i64,
    frames: i64,
    /// Whether it ends with the scene.
    is_last: bool,
}

/// Returns the titles of a scene, one line of YAML each.
pub(super) fn scene_titles(
    plan: &TreatmentPlan,
    planned: &ScenePlan,
    is_first: bool,
    graphics: &SceneGraphics,
    diagnostics: &mut Diagnostics,
) -> Vec<String> {
    note_letters(plan, planned, diagnostics);
    let mut titles = Vec::new();
    let writer = TitleWriter {
        plan,
        planned,
        enter: title_motion(planned),
        // A graphic has the lower half then.
        has_graphics: !graphics.entries.is_empty(),
    };
    let overlays = planned.scene.overlays.iter().filter(|overlay| {
        let is_shown = graphics.has_text && overlay.kind == OverlayKind::Text;
        // Others are graphics. A logo is a comment beside its scene.
        let is_title = matches!(overlay.kind, OverlayKind::Text | OverlayKind::LowerThird);
        is_title && !is_shown && writer.has_letters(overlay)
    });
    let overlays: Vec<&SceneOverlay> = overlays.collect();
    for (index, overlay) in overlays.iter().enumerate() {
        let turn = writer.turn(&overlays, index);
        titles.push(writer.overlay_title(overlay, turn));
    }
    // A heading over a chart would say what its title says.
    if titles.is_empty() && graphics.entries.is_empty() {
        titles.extend(writer.heading_title(is_first));
    }
    titles.retain(|title| !title.is_empty());
    titles
}

/// Notes texts with characters that no font of the film has.
fn note_letters(plan: &TreatmentPlan, planned: &ScenePlan, diagnostics: &mut Diagnostics) {
    let overlays = planned.scene.overlays.iter();
    let lines = overlays.flat_map(|overlay| &overlay.lines);
    for line in lines.chain(&planned.scene.heading) {
        if plan.fonts.has_all(&line.value) {
            continue;
        }
        let message = "no font of the film has some characters of this text";
        let code = "production::treatment::not_drawn";
        let note = Diagnostic::info(code, line.origin, message);
        let help = "name a font with `fonts:` of the production, and write the title there";
        diagnostics.push(note.with_label("left out of the titles").with_help(help));
    }
}

struct TitleWriter<'a> {
    plan: &'a TreatmentPlan,
    planned: &'a ScenePlan,
    enter: Option<&'static str>,
    /// Whether the scene has graphics beside its titles.
    has_graphics: bool,
}

impl TitleWriter<'_> {
    fn has_letters(&self, overlay: &SceneOverlay) -> bool {
        let fonts = &self.plan.fonts;
        let mut lines = overlay.lines.iter();
        lines.any(|line| fonts.drawable(&line.value).contains(char::is_alphanumeric))
    }

    /// Returns when the title of an overlay is seen. Those at the same place take turns: how wide they
    /// are depends on the shape of the film, and one over another cannot be read in any.
    fn turn(&self, overlays: &[&SceneOverlay], index: usize) -> TitleTurn {
        let number = |value: usize| i64::try_from(value).unwrap_or(1);
        let place = self.place(overlays[index]);
        let shares = |overlay: &&&SceneOverlay| self.place(overlay).1 == place.1;
        let count = overlays.iter().filter(shares).count();
        let before = overlays[..index].iter().filter(shares).count();
        let frame = |turn: usize| self.planned.frames * number(turn) / number(count.max(1));
        TitleTurn {
            at: frame(before),
            frames: frame(before + 1) - frame(before),
            is_last: before + 1 == count,
        }
    }

    /// Returns the field that says where an overlay is, and which part of the picture that is.
    fn place(&self, overlay: &SceneOverlay) -> (&'static str, &'static str) {
        let has_captions =
            self.plan.subtitles == Some(true) && !self.planned.scene.narration.is_empty();
        match overlay.kind {
            OverlayKind::LowerThird if self.has_graphics => (", place: top_left", "top"),
            // Captions are at the bottom.
            OverlayKind::LowerThird if has_captions => (", place: top_left", "top"),
            OverlayKind::LowerThird => ("", "bottom"),
            _ if self.has_graphics => (", place: top", "top"),
            _ => ("", "middle"),
        }
    }

    fn overlay_title(&self, overlay: &SceneOverlay, turn: TitleTurn) -> String {
        let lines: Vec<String> = overlay
            .lines
            .iter()
            .map(|line| line.value.clone())
            .collect();
        let (place, _) = self.place(overlay);
        if overlay.kind == OverlayKind::Text {
            return self.title(&lines, "chapter", place, turn);
        }
        // A name is read in four seconds, and is in the way for longer.
        let most = i64::from(self.plan.settings.rate) * 4;
        let turn = TitleTurn {
            frames: turn.frames.min(most),
            ..turn
        };
        self.title(&lines, "lower_third", place, turn)
    }

    /// A scene without any text shows its heading for a while, if it is the first or the last word.
    fn heading_title(&self, is_first: bool) -> Option<String> {
        let heading = self
            .planned
            .scene
            .heading
            .as_ref()
            .map(|heading| heading.value.clone());
        let is_short = |text: &String| text.chars().count() <= MAX_HEADING;
        let (text, style) = if is_first {
            (self.plan.settings.title.clone(), "main")
        } else if self.planned.purpose == ScenePurpose::Cta {
            (heading?, "main")
        } else {
            (heading?, "chapter")
        };
        let seen = self
            .planned
            .frames
            .min(i64::from(self.plan.settings.rate) * HEADING_SECONDS);
        let turn = TitleTurn {
            at: 0,
            frames: seen,
            is_last: true,
        };
        is_short(&text).then(|| self.title(&[text], style, "", turn))
    }

    fn title(&self, lines: &[String], style: &str, fields: &str, turn: TitleTurn) -> String {
        let motion = self
            .enter
            .map_or_else(String::new, |kind| format!(", enter: {kind}"));
        // A motion takes half a second on each side; a shorter title is there at once.
        let is_short = turn.frames < i64::from(self.plan.settings.rate) * 3 / 2;
        let motion = if is_short {
            ", enter: cut, leave: cut".to_owned()
        } else {
            motion
        };
        self.write(lines, style, &format!("{fields}{motion}"), turn)
    }

    /// Returns a title, or nothing if the font has no letter of it.
    fn write(&self, lines: &[String], style: &str, fields: &str, turn: TitleTurn) -> String {
        let fonts = &self.plan.fonts;
        let lines: Vec<String> = lines.iter().map(|line| fonts.drawable(line)).collect();
        let mut letters = lines.iter().flat_map(|line| line.chars());
        if !letters.any(char::is_alphanumeric) {
            return String::new();
        }
        let text = match lines.as_slice() {
            [line] => yaml_inline_scalar(line),
            lines => yaml_inline_list(lines.iter().map(String::as_str)),
        };
        let at = match turn.at {
            0 => String::new(),
            at => format!(", at: {at}"),
        };
        let colour = format!(", colour: \"{}\"", self.plan.settings.palette[1]);
        // A scene that lasts as long as its words may be shorter than planned, and a title without
        // `for` ends with it.
        let has_fixed_length = super::scene_shot::has_fixed_length(self.plan, self.planned);
        let length = match has_fixed_length || !turn.is_last {
            true => format!(", for: {}", turn.frames),
            false => String::new(),
        };
        format!(
            "{{text: {text}, style: {style}, shot: {}{at}{length}{colour}{fields}}}",
            yaml_inline_scalar(&self.planned.scene.slug)
        )
    }
}

/// Returns how the effects of a scene say that texts come.
fn title_motion(planned: &ScenePlan) -> Option<&'static str> {
    planned
        .scene
        .effects
        .iter()
        .find_map(|effect| match effect_use(&effect.value) {
            Some(EffectUse::Enter(kind)) => Some(kind),
            _ => None,
        })
}

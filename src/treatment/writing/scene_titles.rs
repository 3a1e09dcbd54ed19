//! What a scene shows as text, as titles of the document.

use super::scene_graphics::SceneGraphics;
use super::yaml_text::{drawable, is_drawable, list};
use crate::base::{Diagnostic, Diagnostics};
use crate::document::yaml_edit::yaml_inline_scalar;
use crate::treatment::planning::{ScenePlan, TreatmentPlan};
use crate::treatment::treatment_value::{OverlayKind, SceneOverlay, ScenePurpose};
use crate::treatment::words::{EffectUse, effect_use};

/// Most seconds that a heading is seen over a scene that has nothing else to show.
const HEADING_SECONDS: i64 = 6;
/// Longest heading that is shown as a title.
const MAX_HEADING: usize = 60;

/// Returns the titles of a scene, one line of YAML each.
pub(super) fn scene_titles(
    plan: &TreatmentPlan,
    planned: &ScenePlan,
    is_first: bool,
    graphics: &SceneGraphics,
    diagnostics: &mut Diagnostics,
) -> Vec<String> {
    note_letters(planned, diagnostics);
    let mut titles = Vec::new();
    let enter = title_motion(planned);
    let frames = planned.frames;
    let writer = TitleWriter {
        plan,
        planned,
        enter,
        // A graphic has the lower half then.
        place: match graphics.entries.is_empty() {
            true => "",
            false => ", place: top",
        },
    };
    for overlay in &planned.scene.overlays {
        let is_shown = graphics.has_text && overlay.kind == OverlayKind::Text;
        if !is_shown {
            titles.extend(writer.overlay_titles(overlay, frames));
        }
    }
    if titles.is_empty() && graphics.entries.is_empty() {
        titles.extend(writer.heading_title(is_first));
    }
    titles.retain(|title| !title.is_empty());
    titles
}

/// Notes texts with characters that the font of the program lacks.
fn note_letters(planned: &ScenePlan, diagnostics: &mut Diagnostics) {
    let overlays = planned.scene.overlays.iter();
    let lines = overlays.flat_map(|overlay| &overlay.lines);
    for line in lines.chain(&planned.scene.heading) {
        if line.value.chars().all(is_drawable) {
            continue;
        }
        let message = "the font of the program lacks characters of this text";
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
    /// Where texts are beside graphics.
    place: &'static str,
}

impl TitleWriter<'_> {
    fn overlay_titles(&self, overlay: &SceneOverlay, frames: i64) -> Vec<String> {
        let lines: Vec<String> = overlay
            .lines
            .iter()
            .map(|line| line.value.clone())
            .collect();
        match overlay.kind {
            OverlayKind::Text => vec![self.title(&lines, "chapter", self.place, 0, frames)],
            OverlayKind::LowerThird => {
                let seen = frames.min(i64::from(self.plan.settings.rate) * 4);
                let place = self.place.replace("top", "top_left");
                vec![self.title(&lines, "lower_third", &place, 0, seen)]
            }
            // These are graphics. A logo is a comment beside its scene.
            OverlayKind::List | OverlayKind::Quote | OverlayKind::Code | OverlayKind::Logo => {
                Vec::new()
            }
        }
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
        is_short(&text).then(|| self.title(&[text], style, "", 0, seen))
    }

    fn title(&self, lines: &[String], style: &str, fields: &str, at: i64, seen: i64) -> String {
        let motion = self
            .enter
            .map_or_else(String::new, |kind| format!(", enter: {kind}"));
        // A motion takes half a second on each side; a shorter title is there at once.
        let is_short = seen < i64::from(self.plan.settings.rate) * 3 / 2;
        let motion = if is_short {
            ", enter: cut, leave: cut".to_owned()
        } else {
            motion
        };
        self.write(lines, style, &format!("{fields}{motion}"), at, seen)
    }

    /// Returns a title, or nothing if the font has no letter of it.
    fn write(&self, lines: &[String], style: &str, fields: &str, at: i64, seen: i64) -> String {
        let lines: Vec<String> = lines.iter().map(|line| drawable(line)).collect();
        let mut letters = lines.iter().flat_map(|line| line.chars());
        if !letters.any(char::is_alphanumeric) {
            return String::new();
        }
        let text = match lines.as_slice() {
            [line] => yaml_inline_scalar(line),
            lines => list(lines.iter().map(String::as_str)),
        };
        let at = if at == 0 {
            String::new()
        } else {
            format!(", at: {at}")
        };
        let colour = format!(", colour: \"{}\"", self.plan.settings.palette[1]);
        // A scene that lasts as long as its words may be shorter than planned, and a title without
        // `for` ends with it.
        let length = if super::scene_shot::has_fixed_length(self.plan, self.planned) {
            format!(", for: {seen}")
        } else {
            String::new()
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

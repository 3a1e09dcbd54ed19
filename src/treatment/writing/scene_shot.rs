//! One scene as a shot of the document.

use super::film_voices::FilmVoices;
use super::stage_lines::{PERSON, STAGE};
use super::yaml_text::{comment, quoted};
use crate::base::{Diagnostic, Diagnostics};
use crate::document::yaml_edit::yaml_inline_scalar;
use crate::treatment::planning::{ScenePlan, TreatmentPlan};
use crate::treatment::treatment_value::{
    CameraWish, FocalWish, OverlayKind, SceneOverlay, VisualSource,
};
use crate::treatment::words::{EffectUse, effect_use, sound_effect};

const INDENT: &str = "    ";
const FIELD: &str = "      ";

/// Whether the length of a scene is written into the document. Otherwise it follows the narration.
pub(super) fn has_fixed_length(plan: &TreatmentPlan, planned: &ScenePlan) -> bool {
    plan.settings.wanted.is_some()
        || planned.is_length_written
        || planned.narration_frames < planned.frames
        || planned.narration_frames == 0
}

/// Whether people are seen in a scene.
pub(super) fn shows_person(planned: &ScenePlan) -> bool {
    let first = planned.scene.visuals.first();
    first.is_some_and(|visual| visual.has_person && visual.source == VisualSource::Generated)
}

/// Returns the comments and the shot of a scene.
pub(super) fn scene_shot(
    plan: &TreatmentPlan,
    voices: &FilmVoices,
    (index, start): (usize, i64),
    diagnostics: &mut Diagnostics,
) -> String {
    let planned = &plan.scenes[index];
    let mut text = scene_comments(plan, planned, start, diagnostics);
    let writer = ShotWriter {
        plan,
        planned,
        voices,
        index,
    };
    text.push_str(&format!(
        "{INDENT}- name: {}\n",
        yaml_inline_scalar(&planned.scene.slug)
    ));
    writer.write_picture(&mut text);
    writer.write_length(&mut text);
    writer.write_lines(&mut text);
    writer.write_sounds(&mut text, diagnostics);
    writer.write_transitions(&mut text);
    text
}

/// Returns what the treatment says about a scene and the document cannot.
fn scene_comments(
    plan: &TreatmentPlan,
    planned: &ScenePlan,
    start: i64,
    diagnostics: &mut Diagnostics,
) -> String {
    let scene = &planned.scene;
    let clock = |frames: i64| {
        // Rounded before it is divided: 59.96 s are a minute and not `0:60.0`.
        let seconds = (plan.seconds(frames) * 10.0).round() / 10.0;
        format!("{:.0}:{:04.1}", (seconds / 60.0).floor(), seconds % 60.0)
    };
    let heading = scene
        .heading
        .as_ref()
        .map_or("", |heading| heading.value.as_str());
    let about = format!(
        "{}. {heading} ({}, {} to {})",
        planned.id.trim_start_matches('s'),
        planned.purpose.word(),
        clock(start),
        clock(start + planned.frames)
    );
    let mut text = comment(INDENT, &about);
    for visual in &scene.visuals {
        if !visual.description.value.is_empty() {
            text.push_str(&comment(
                INDENT,
                &format!("visual: {}", visual.description.value),
            ));
        }
    }
    for overlay in &scene.overlays {
        text.push_str(&logo_comment(overlay, diagnostics));
    }
    let unwritten = scene
        .effects
        .iter()
        .filter(|effect| effect_use(&effect.value).is_none());
    for effect in unwritten {
        text.push_str(&comment(INDENT, &format!("effect: {}", effect.value)));
    }
    for note in &scene.notes {
        text.push_str(&comment(INDENT, &format!("note: {}", note.value)));
    }
    for reference in &scene.references {
        text.push_str(&comment(
            INDENT,
            &format!("file: {}", reference.location.value),
        ));
    }
    text
}

/// Returns a logo as a comment line, and notes that it is not drawn.
fn logo_comment(overlay: &SceneOverlay, diagnostics: &mut Diagnostics) -> String {
    let is_logo = overlay.kind == OverlayKind::Logo;
    let Some(first) = overlay.lines.first().filter(|_| is_logo) else {
        return String::new();
    };
    let code = "production::treatment::not_drawn";
    let note = Diagnostic::info(code, first.origin, "the logo is not drawn");
    let label = "kept as a comment beside its scene";
    diagnostics.push(note.with_label(label));
    comment(INDENT, &format!("logo: {}", first.value))
}

struct ShotWriter<'a> {
    plan: &'a TreatmentPlan,
    planned: &'a ScenePlan,
    voices: &'a FilmVoices,
    index: usize,
}

impl ShotWriter<'_> {
    fn write_picture(&self, text: &mut String) {
        let scene = &self.planned.scene;
        let number = self.index + 1;
        // A file of the user comes before any description, wherever it is among the pictures.
        let user = scene
            .visuals
            .iter()
            .find_map(|visual| match &visual.source {
                VisualSource::User(path) => Some(path),
                _ => None,
            });
        if let Some(path) = user {
            text.push_str(&format!(
                "{FIELD}scene: {number}\n{FIELD}location: {STAGE}\n"
            ));
            text.push_str(&format!("{FIELD}frames: {}\n", quoted(path)));
            return;
        }
        let has_person = shows_person(self.planned);
        let template = if has_person {
            self.person_template()
        } else {
            "establishing_wide"
        };
        text.push_str(&format!(
            "{FIELD}template: {template}\n{FIELD}scene: {number}\n"
        ));
        text.push_str(&format!("{FIELD}location: {STAGE}\n"));
        if has_person {
            text.push_str(&format!("{FIELD}character: {PERSON}\n"));
        }
        text.push_str(&format!("{FIELD}move: {}\n", self.camera_move()));
        let aperture = self.effect_uses().find_map(|effect| match effect {
            EffectUse::Aperture(number) => Some(number),
            _ => None,
        });
        if let Some(number) = aperture {
            text.push_str(&format!("{FIELD}aperture: {number}\n"));
        }
    }

    fn person_template(&self) -> &'static str {
        let focal = self
            .planned
            .scene
            .visuals
            .first()
            .and_then(|visual| visual.focal);
        match focal {
            Some(FocalWish::Tight) => "character_cu",
            Some(FocalWish::Wide) => "character_full",
            Some(FocalWish::Mid) => "character_ms",
            None => "character_mcu",
        }
    }

    fn effect_uses(&self) -> impl Iterator<Item = EffectUse> {
        self.effect_uses_of(self.planned)
    }

    fn effect_uses_of(&self, planned: &ScenePlan) -> impl Iterator<Item = EffectUse> {
        let forbidden = &self.plan.settings.profile.forbidden_effects;
        let effects = planned.scene.effects.iter().filter(|effect| {
            let form = effect.value.to_lowercase().replace([' ', '-'], "_");
            !forbidden.iter().any(|word| form.contains(word.as_str()))
        });
        effects.filter_map(|effect| effect_use(&effect.value))
    }

    /// Returns the move of the camera: that of the description, of an effect, else a slow one
    /// towards a person and none before a plain backdrop.
    fn camera_move(&self) -> String {
        let camera = self
            .planned
            .scene
            .visuals
            .first()
            .and_then(|visual| visual.camera);
        let by_effect = self.effect_uses().find_map(|effect| match effect {
            EffectUse::Move(kind, amount) => Some((kind, amount)),
            _ => None,
        });
        let (kind, amount) = match (camera, by_effect) {
            (_, Some(found)) => found,
            (Some(CameraWish::Static), None) => ("static", "0"),
            (Some(CameraWish::Push), None) => ("dolly_in", "0.15"),
            (Some(CameraWish::Pull), None) => ("dolly_out", "0.15"),
            (Some(CameraWish::Pan), None) => ("pan_right", "10"),
            (Some(CameraWish::Tilt), None) => ("tilt_up", "8"),
            (None, None) if shows_person(self.planned) => ("dolly_in", "0.06"),
            // No one sees a move before a plain backdrop, and a shot in which nothing moves is
            // drawn once for all of its frames.
            (None, None) => ("static", "0"),
        };
        match kind {
            // A camera that stands has no amount.
            "static" => "{kind: static}".to_owned(),
            _ => format!("{{kind: {kind}, amount: {amount}, easing: in_out}}"),
        }
    }

    fn write_length(&self, text: &mut String) {
        let seconds = self.plan.seconds(self.planned.frames);
        if has_fixed_length(self.plan, self.planned) {
            text.push_str(&format!(
                "{FIELD}duration: {} # {seconds:.2} s\n",
                self.planned.frames
            ));
        } else {
            text.push_str(&comment(
                FIELD,
                "no duration: it lasts as long as its narration",
            ));
        }
    }

    fn write_lines(&self, text: &mut String) {
        let lines = &self.planned.scene.narration;
        if lines.is_empty() {
            return;
        }
        text.push_str(&format!("{FIELD}lines:\n"));
        for line in lines {
            let words = quoted(&line.text.value);
            let speaker = line.speaker.as_ref();
            let who = speaker.and_then(|speaker| self.voices.voice_name(&speaker.value));
            // Nobody is seen to speak, so every voice is close, as that of the narrator is.
            text.push_str(&match who {
                Some(who) => format!(
                    "        - {{who: {}, voice_over: true, text: {words}}}\n",
                    yaml_inline_scalar(who)
                ),
                None => format!("        - {{who: NARRATOR, text: {words}}}\n"),
            });
        }
    }

    fn write_sounds(&self, text: &mut String, diagnostics: &mut Diagnostics) {
        let mut names = Vec::new();
        for sound in &self.planned.scene.sounds {
            match sound_effect(&sound.value) {
                Some(name) => names.push(name),
                None => {
                    let code = "production::treatment::not_drawn";
                    let note =
                        Diagnostic::info(code, sound.origin, "this sound is not in the library");
                    diagnostics.push(note.with_label("kept as a comment beside its scene"));
                    text.push_str(&comment(FIELD, &format!("sound: {}", sound.value)));
                }
            }
        }
        if !names.is_empty() {
            text.push_str(&format!("{FIELD}effects: [{}]\n", names.join(", ")));
        }
    }

    /// Writes the requested transitions, else that of the profile between scenes.
    fn write_transitions(&self, text: &mut String) {
        let scenes = &self.plan.scenes;
        let before = self
            .index
            .checked_sub(1)
            .and_then(|index| scenes.get(index));
        let next = scenes.get(self.index + 1);
        let out_before = before.and_then(|before| self.transition_out(before));
        // A fade out and a fade in go together. Of another transition and a fade in at one cut,
        // the first is written.
        let is_free = out_before.is_none_or(|kind| kind.starts_with("fade_to"));
        let into = self.transition_in(self.planned);
        if let Some(kind) = into.filter(|_| is_free) {
            text.push_str(&format!("{FIELD}transition_in: {}\n", self.sized(kind)));
        }
        let out = self.transition_out(self.planned);
        let kind = match (out, next) {
            (Some(kind), Some(_)) => kind,
            // Nothing follows the last scene that it could give way to.
            (Some(kind), None) if kind.starts_with("fade_to") => kind,
            (_, None) => return,
            // The next scene says how it begins.
            (None, Some(next)) if self.transition_in(next).is_some() => return,
            (None, Some(_)) => self.plan.settings.profile.transition.as_str(),
        };
        if kind != "cut" {
            text.push_str(&format!("{FIELD}transition_out: {}\n", self.sized(kind)));
        }
    }

    fn transition_out(&self, planned: &ScenePlan) -> Option<&'static str> {
        self.effect_uses_of(planned)
            .find_map(|effect| match effect {
                EffectUse::TransitionOut(kind) => Some(kind),
                _ => None,
            })
    }

    fn transition_in(&self, planned: &ScenePlan) -> Option<&'static str> {
        self.effect_uses_of(planned)
            .find_map(|effect| match effect {
                EffectUse::TransitionIn(kind) => Some(kind),
                _ => None,
            })
    }

    /// Returns a transition of half a second, or of a quarter of the shorter scene beside it.
    fn sized(&self, kind: &str) -> String {
        let next = self.plan.scenes.get(self.index + 1);
        let shorter = next.map_or(self.planned.frames, |next| {
            next.frames.min(self.planned.frames)
        });
        // A scene may have one at each end, and most of it must be seen alone.
        let half = i64::from(self.plan.settings.rate) / 2;
        match half.min(shorter / 4) {
            frames if frames >= 1 => format!("{kind} {frames}"),
            _ => "cut".to_owned(),
        }
    }
}

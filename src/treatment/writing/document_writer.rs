//! The whole document of a planned film.

use super::film_voices::{FilmVoices, film_voices};
use super::output_lines::output_lines;
use super::scene_graphics::scene_graphics;
use super::scene_shot::{scene_shot, shows_person};
use super::scene_titles::scene_titles;
use super::stage_lines::stage_lines;
use super::yaml_text::comment;
use crate::base::Diagnostics;
use crate::base::count_text::format_count;
use crate::document::yaml_edit::{yaml_inline_list, yaml_inline_scalar};
use crate::model::graphics::IconWords;
use crate::model::sound::USUAL_WORDS_PER_MINUTE;
use crate::treatment::planning::{PlanStatus, TreatmentPlan, narrator_rate};
use crate::treatment::treatment_value::VisualSource;

/// A production that was made from a treatment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedDocument {
    /// The text of `production.yaml`.
    pub text: String,
    /// Whether it needs the model of a person.
    pub has_person: bool,
    /// The files of the user's that it shows, by the path as it is written.
    pub files: Vec<String>,
}

/// Writes the document of a plan. What it cannot say is noted. `source` is the name of the
/// treatment and `created` the day. `icons` are those that points and numbers may have.
#[must_use]
pub fn write_production(
    plan: &TreatmentPlan,
    source: &str,
    created: Option<&str>,
    icons: &IconWords,
    diagnostics: &mut Diagnostics,
) -> CreatedDocument {
    let has_person = plan.scenes.iter().any(shows_person);
    let is_spoken = plan
        .scenes
        .iter()
        .any(|scene| !scene.scene.narration.is_empty());
    // Here and not in the plan: which fonts there are is known once the caller has looked.
    plan.warn_missing_letters(diagnostics);
    let mut text = head_lines(plan, source, created);
    text.push_str(&sound_lines(plan));
    let voices = film_voices(plan);
    text.push_str(&stage_lines(plan, has_person, &voices.voices));
    text.push_str(&shot_lines(plan, &voices, diagnostics));
    text.push_str(&title_lines(plan, icons, diagnostics));
    text.push_str(&output_lines(plan, is_spoken));
    CreatedDocument {
        text,
        has_person,
        files: user_files(plan),
    }
}

/// Returns the comments that say where the document comes from, and what was repaired.
fn origin_comments(plan: &TreatmentPlan, source: &str) -> String {
    let mut text = comment(
        "",
        &format!("Made from {source}. It runs as it is: `production run .`"),
    );
    text.push_str(&comment(
        "",
        "Everything here may be edited. Each scene of the treatment is a shot of the same name.",
    ));
    if plan.status == PlanStatus::Degraded {
        text.push_str(&comment(
            "",
            "Degraded: the treatment could not be planned, and this film says only its title.",
        ));
    }
    for repair in &plan.repairs {
        let change = format!(
            "repaired: {}: {} -> {}",
            repair.path, repair.before, repair.after
        );
        text.push_str(&comment("", &change));
    }
    text
}

fn head_lines(plan: &TreatmentPlan, source: &str, created: Option<&str>) -> String {
    let settings = &plan.settings;
    let mut text = origin_comments(plan, source);
    text.push_str(&format!(
        "\nproduction:\n  title: {}\n  version: '0.1'\n",
        yaml_inline_scalar(&settings.title)
    ));
    if let Some(created) = created {
        text.push_str(&format!("  created: {created}\n"));
    }
    let seconds = plan.seconds(plan.frame_count());
    text.push_str(&format!(
        "  description: {}\n",
        yaml_inline_scalar(&format!(
            "{}, {seconds:.1} s, by the profile {}",
            format_count(plan.scenes.len(), "scene"),
            settings.profile.name
        ))
    ));
    for note in &plan.notes {
        text.push_str(&comment("  ", note));
    }
    text.push('\n');
    text.push_str(&comment(
        "  ",
        &format!(
            "The look of the profile `{}`. See `production library styles`.",
            settings.profile.name
        ),
    ));
    text.push_str(&format!(
        "  style: {}\n\n",
        yaml_inline_scalar(&settings.profile.style)
    ));
    text.push_str(&font_lines(plan));
    text.push_str("  render_settings:\n");
    text.push_str(
        "    quality_tier: preview # `production` for delivery; deliverables keep their size\n",
    );
    text.push_str(&format!("    frame_rate: {}\n\n", settings.rate));
    text
}

/// Returns the fonts of the film, if it needs others than that of the program.
fn font_lines(plan: &TreatmentPlan) -> String {
    let families = &plan.fonts.families;
    if families.is_empty() {
        return String::new();
    }
    let mut text = comment(
        "  ",
        "Fonts of this machine, for letters that `Noto Sans`, the font of the program, lacks. A file such as \
         `fonts/Title.otf` works on every machine.",
    );
    // The first font draws what several have, so words in Latin letters stay as they are elsewhere.
    let names = std::iter::once("Noto Sans").chain(families.iter().map(String::as_str));
    text.push_str(&format!("  fonts: {}\n\n", yaml_inline_list(names)));
    text
}

fn sound_lines(plan: &TreatmentPlan) -> String {
    let settings = &plan.settings;
    let mut text = comment(
        "  ",
        "The narrator, and music that follows the cuts. See `production library voices` and `moods`.",
    );
    text.push_str("  sound:\n    loudness: streaming\n");
    text.push_str(&format!(
        "    language: {}\n",
        yaml_inline_scalar(&settings.language)
    ));
    if let Some(voice) = &plan.voice {
        text.push_str(&comment("    ", &format!("voice: {voice}")));
    }
    if let Some(narrator) = narrator(plan) {
        text.push_str(&format!("    narrator: {narrator}\n"));
    }
    text.push_str(&music_lines(plan));
    text.push('\n');
    if !plan
        .scenes
        .iter()
        .all(|scene| scene.scene.narration.is_empty())
    {
        text.push_str("  captions: netflix\n\n");
    }
    text
}

/// Returns the voice of the narrator, if the treatment says anything about it that a voice can be.
fn narrator(plan: &TreatmentPlan) -> Option<String> {
    let words = plan.voice.as_deref().unwrap_or_default().to_lowercase();
    let is_espeak = plan.settings.speech_provider == "espeak-ng";
    let has_word = |wanted: &str| {
        words
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| word == wanted)
    };
    let variant = if has_word("female") || has_word("woman") || has_word("weiblich") {
        Some("+f3")
    } else if has_word("male") || has_word("man") || has_word("männlich") {
        Some("+m3")
    } else {
        None
    };
    let rate = narrator_rate(&words);
    // `+f3` is a variant of `espeak-ng`, and no other program knows it.
    match variant.filter(|_| is_espeak) {
        Some(variant) => {
            let voice = format!("{}{variant}", espeak_language(&plan.settings.language)?);
            Some(format!(
                "{{voice: {}, rate: {rate}}}",
                yaml_inline_scalar(&voice)
            ))
        }
        None if rate != USUAL_WORDS_PER_MINUTE => Some(format!("{{rate: {rate}}}")),
        None => None,
    }
}

/// Names of languages in `espeak-ng`, by the beginning of their tags.
const ESPEAK_LANGUAGES: [(&str, &str); 19] = [
    // Longer tags first: `en` is the beginning of `en-us`, too.
    ("en-us", "en-us"),
    ("en", "en-gb"),
    ("de", "de"),
    ("fr", "fr-fr"),
    ("es", "es"),
    ("it", "it"),
    ("pt-br", "pt-br"),
    ("pt", "pt"),
    ("nl", "nl"),
    ("sv", "sv"),
    ("da", "da"),
    ("fi", "fi"),
    ("pl", "pl"),
    ("cs", "cs"),
    ("tr", "tr"),
    ("ru", "ru"),
    ("el", "el"),
    ("hu", "hu"),
    ("ro", "ro"),
];

/// Returns the name of a language in `espeak-ng`. `None` for one whose name is not known here,
/// which then has the usual voice.
pub(super) fn espeak_language(tag: &str) -> Option<&'static str> {
    let tag = tag.to_lowercase();
    let is_prefix = |prefix: &str| {
        let rest = tag.strip_prefix(prefix);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    let found = ESPEAK_LANGUAGES
        .iter()
        .find(|(prefix, _)| is_prefix(prefix));
    found.map(|(_, name)| *name)
}

fn music_lines(plan: &TreatmentPlan) -> String {
    let cues: Vec<_> = plan.music.iter().filter(|cue| cue.mood != "off").collect();
    let slug = |index: usize| {
        plan.scenes
            .get(index)
            .map_or("", |scene| scene.scene.slug.as_str())
    };
    match cues.as_slice() {
        [] => "    music: off\n".to_owned(),
        // Without scenes it stays over the whole film when scenes are added.
        [cue] if cue.first == 0 && cue.last + 1 == plan.scenes.len() => {
            format!("    music: {}\n", yaml_inline_scalar(&cue.mood))
        }
        cues => {
            let mut text = "    music:\n".to_owned();
            for cue in cues {
                text.push_str(&format!(
                    "      - {{mood: {}, from: {}, to: {}}}\n",
                    yaml_inline_scalar(&cue.mood),
                    yaml_inline_scalar(slug(cue.first)),
                    yaml_inline_scalar(slug(cue.last))
                ));
            }
            text
        }
    }
}

fn shot_lines(plan: &TreatmentPlan, voices: &FilmVoices, diagnostics: &mut Diagnostics) -> String {
    let starts = plan.scene_starts();
    let mut text = "\n".to_owned();
    text.push_str(&comment(
        "  ",
        "One shot for each scene. The order here is the order of the film.",
    ));
    text.push_str("  shots:\n");
    for (index, start) in starts.iter().take(plan.scenes.len()).enumerate() {
        text.push_str(&scene_shot(plan, voices, (index, *start), diagnostics));
    }
    text
}

/// Returns the sections of graphics and titles.
fn title_lines(plan: &TreatmentPlan, icons: &IconWords, diagnostics: &mut Diagnostics) -> String {
    let mut graphics = Vec::new();
    let mut titles = Vec::new();
    for (index, scene) in plan.scenes.iter().enumerate() {
        let own = scene_graphics(plan, scene, icons, diagnostics);
        titles.extend(scene_titles(plan, scene, index == 0, &own, diagnostics));
        graphics.extend(own.entries);
    }
    let mut text = "\n".to_owned();
    if !graphics.is_empty() {
        text.push_str(&comment(
            "  ",
            "Charts, numbers, lists and quotes over the pictures. See docs/graphics.md.",
        ));
        text.push_str("  graphics:\n");
        text.push_str(&graphics.concat());
        text.push('\n');
    }
    if !titles.is_empty() {
        text.push_str(&comment(
            "  ",
            "Texts over the pictures. See docs/titles.md.",
        ));
        text.push_str("  titles:\n");
        for title in titles {
            text.push_str(&format!("    - {title}\n"));
        }
        text.push('\n');
    }
    text
}

fn user_files(plan: &TreatmentPlan) -> Vec<String> {
    let mut files: Vec<String> = plan
        .scenes
        .iter()
        .flat_map(|scene| &scene.scene.visuals)
        .filter_map(|visual| match &visual.source {
            VisualSource::User(path) => Some(path.clone()),
            _ => None,
        })
        .collect();
    // The same file in two scenes is copied once.
    files.sort();
    files.dedup();
    files
}

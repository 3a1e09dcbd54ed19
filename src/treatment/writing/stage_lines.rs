//! Where the film plays: a plain studio in the colours of the film, for what no model is given.

use super::film_voices::FilmVoice;
use super::yaml_text::comment;
use crate::document::yaml_edit::yaml_inline_scalar;
use crate::treatment::planning::TreatmentPlan;

/// The name of the location.
pub(super) const STAGE: &str = "backdrop";
/// The name of the person that stands for people.
pub(super) const PERSON: &str = "presenter";

/// Returns the section of characters, if people are seen or speak.
fn cast_lines(has_person: bool, voices: &[FilmVoice]) -> String {
    let mut entries = String::new();
    if has_person {
        entries.push_str(&comment(
            "    ",
            "A person stands in for everybody. Put a model of your own here.",
        ));
        entries.push_str(&format!(
            "    - {{name: {PERSON}, model: models/mara.glb}}\n"
        ));
    }
    if !voices.is_empty() {
        entries.push_str(&comment(
            "    ",
            "Who speaks beside the narrator. `production library voices` lists other voices.",
        ));
    }
    for voice in voices {
        let mut fields = vec![
            format!("name: {}", yaml_inline_scalar(&voice.name)),
            format!("display_name: {}", yaml_inline_scalar(&voice.shown)),
        ];
        let named = voice.voice.as_ref();
        fields.extend(named.map(|named| format!("voice: {}", yaml_inline_scalar(named))));
        entries.push_str(&format!("    - {{{}}}\n", fields.join(", ")));
    }
    match entries.is_empty() {
        true => String::new(),
        false => format!("  characters:\n{entries}\n"),
    }
}

/// Returns the sections of characters and locations.
pub(super) fn stage_lines(plan: &TreatmentPlan, has_person: bool, voices: &[FilmVoice]) -> String {
    let colour = linear_colour(&plan.settings.palette[0]);
    let shown = |[red, green, blue]: [f64; 3], factor: f64| {
        format!(
            "[{:.3}, {:.3}, {:.3}]",
            red * factor,
            green * factor,
            blue * factor
        )
    };
    let mut text = cast_lines(has_person, voices);
    text.push_str(&comment(
        "  ",
        &format!("A plain studio in the first colour of the film, #{}. Give a scene a `set:` or footage (`frames:`) to show more.", plan.settings.palette[0]),
    ));
    text.push_str(&format!(
        "  locations:\n    - name: {}\n      preset: studio\n      environment: {{backdrop: {}, top: [0.9, 0.9, 0.9], side: [0.5, 0.5, 0.5]}}\n      ground: {{colour: {}, roughness: 0.6}}\n",
        yaml_inline_scalar(STAGE),
        shown(colour, 1.0),
        shown(colour, 0.8),
    ));
    text
}

/// Returns a colour of a screen as linear light.
fn linear_colour(hex: &str) -> [f64; 3] {
    let channel = |at: usize| {
        let value = u8::from_str_radix(hex.get(at..at + 2).unwrap_or("80"), 16).unwrap_or(128);
        let value = f64::from(value) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            libm::pow((value + 0.055) / 1.055, 2.4)
        }
    };
    [channel(0), channel(2), channel(4)]
}

//! Where the film plays: a plain studio in the colours of the film, for what no model is given.

use super::yaml_text::comment;
use crate::document::yaml_edit::yaml_inline_scalar;
use crate::treatment::planning::TreatmentPlan;

/// The name of the location.
pub(super) const STAGE: &str = "backdrop";
/// The name of the person that stands for people.
pub(super) const PERSON: &str = "presenter";

/// Returns the section of locations, and of characters if people are seen.
pub(super) fn stage_lines(plan: &TreatmentPlan, has_person: bool) -> String {
    let colour = linear_colour(&plan.settings.palette[0]);
    let shown = |[red, green, blue]: [f64; 3], factor: f64| {
        format!(
            "[{:.3}, {:.3}, {:.3}]",
            red * factor,
            green * factor,
            blue * factor
        )
    };
    let mut text = String::new();
    if has_person {
        text.push_str(&comment(
            "  ",
            "A person stands in for everybody. Put a model of your own here.",
        ));
        text.push_str(&format!(
            "  characters:\n    - {{name: {PERSON}, model: models/mara.glb}}\n\n"
        ));
    }
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

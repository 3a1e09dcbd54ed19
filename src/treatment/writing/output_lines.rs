//! The deliverables of a film: its file, captions, a contact sheet and a poster.

use super::yaml_text::comment;
use crate::model::PixelSize;
use crate::model::codec::StillFormat;
use crate::treatment::planning::TreatmentPlan;
use crate::treatment::treatment_value::TreatmentPlatform;

/// Returns the section of outputs.
pub(super) fn output_lines(plan: &TreatmentPlan, is_spoken: bool) -> String {
    let (width, height) = film_size(plan.settings.aspect);
    let rate = plan.settings.rate;
    let lines = plan.scenes.iter().flat_map(|scene| &scene.scene.narration);
    let mut lines = lines.map(|line| line.text.value.as_str());
    // Captions in letters that no font has cannot be drawn; a player has fonts of its own.
    let shown = plan.subtitles.unwrap_or(false) && lines.all(|text| plan.fonts.has_all(text));
    let mut text = comment(
        "  ",
        &format!(
            "The film in {}:{} ({}), and what goes beside it.",
            plan.settings.aspect.0, plan.settings.aspect.1, plan.settings.aspect_source
        ),
    );
    text.push_str("  outputs:\n    - name: film\n");
    match preset(plan) {
        Some(preset) => text.push_str(&format!("      format: {preset}\n")),
        None => text.push_str(&format!(
            "      codec: h264\n      resolution: {width}x{height}\n      frame_rate: {rate}\n"
        )),
    }
    text.push_str("      path: deliverables/film.mp4\n");
    if is_spoken {
        let captions = if shown { "burn_in" } else { "track" };
        text.push_str(&format!(
            "      captions: {captions} # `burn_in` draws them on the picture, `track` lets the player show them\n"
        ));
        text.push_str("    - {name: captions, format: vtt, path: deliverables/film.vtt}\n");
    }
    let small = PixelSize::new(even(width / 6), even(height / 6));
    // One shot for each scene.
    let frame = StillFormat::ContactSheet.fitting_frame(small, plan.scenes.len());
    match frame {
        Some(frame) => text.push_str(&format!(
            "    - {{name: contact_sheet, codec: contact_sheet, resolution: {frame}, frame_rate: {rate}, path: deliverables/contact_sheet.jpg}}\n"
        )),
        None => text.push_str(&comment(
            "    ",
            "No contact sheet: with a frame of each scene it would be larger than pictures can be.",
        )),
    }
    text.push_str(&format!(
        "    - {{name: poster, codec: poster, resolution: {width}x{height}, frame_rate: {rate}, path: deliverables/poster.jpg}}\n"
    ));
    text
}

/// Returns the preset of outputs that has the shape and the rate.
fn preset(plan: &TreatmentPlan) -> Option<&'static str> {
    match (
        plan.settings.aspect,
        plan.settings.rate,
        plan.settings.platform,
    ) {
        ((16, 9), 24, _) => Some("streaming_1080p"),
        ((16, 9), 30, Some(TreatmentPlatform::Youtube)) => Some("youtube_1080p"),
        ((16, 9), 30, _) => Some("youtube_1080p"),
        ((9, 16), 30, _) => Some("social_vertical"),
        ((1, 1), 30, _) => Some("social_square"),
        _ => None,
    }
}

/// Returns the size of a film of this shape: 1080 pixels on its shorter side.
pub(super) fn film_size((width, height): (u32, u32)) -> (u32, u32) {
    let shorter = width.min(height).max(1);
    (even(width * 1080 / shorter), even(height * 1080 / shorter))
}

/// Codecs with halved colours need even sides.
const fn even(length: u32) -> u32 {
    length / 2 * 2
}

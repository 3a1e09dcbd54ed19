//! How long people need to read what a scene shows.

use super::narration_timing::text_milliseconds;
use crate::treatment::treatment_value::{OverlayKind, SceneOverlay, TreatmentScene};

/// A picture that is not read lasts four seconds.
const PICTURE: i64 = 4000;
/// A chart is looked at for three seconds, and half a second for each row.
const CHART: i64 = 3000;
const CHART_ROW: i64 = 500;

/// Returns the milliseconds that a scene needs to be seen and read.
pub(super) fn reading_milliseconds(scene: &TreatmentScene) -> i64 {
    let charts = scene.charts.iter().map(|chart| {
        let rows = i64::try_from(chart.rows.len()).unwrap_or(1).min(20);
        CHART + CHART_ROW * rows
    });
    let overlays = scene.overlays.iter().map(overlay_milliseconds);
    let texts = charts.chain(overlays).sum::<i64>();
    if texts > 0 {
        return texts.max(2000);
    }
    if scene.narration.is_empty() {
        PICTURE
    } else {
        0
    }
}

/// Reading is a third faster than speaking, and every text needs a second to be noticed.
fn overlay_milliseconds(overlay: &SceneOverlay) -> i64 {
    let words: i64 = overlay
        .lines
        .iter()
        .map(|line| text_milliseconds(&line.value))
        .sum();
    let read = words * 2 / 3 + 1000;
    match overlay.kind {
        OverlayKind::Logo => 1500,
        // Nobody reads code as fast as prose.
        OverlayKind::Code => read * 2,
        _ => read,
    }
}

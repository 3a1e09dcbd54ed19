//! How long people need to read what a scene shows.

use super::narration_timing::text_milliseconds;
use crate::treatment::treatment_value::{ChartKind, OverlayKind, SceneOverlay, TreatmentScene};

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

/// The least milliseconds in which a chart says anything, in which another graphic does, in which a
/// short text is read, and in which a picture is seen.
const LEAST_CHART: i64 = 2000;
const LEAST_CARD: i64 = 1500;
const LEAST_TEXT: i64 = 1000;
pub(super) const LEAST_PICTURE: i64 = 750;

/// Returns the milliseconds below which the graphics and texts of a scene cannot be read. Zero without
/// any.
pub(super) fn least_reading_milliseconds(scene: &TreatmentScene) -> i64 {
    let graphics = graphic_milliseconds(scene);
    let longest = graphics.iter().copied().max().unwrap_or(0);
    // Two share the picture, and more take turns of the same length.
    let turns = match graphics.len() {
        count if count > 2 => count,
        _ => 1,
    };
    let titles = title_milliseconds(scene, !graphics.is_empty());
    titles.max(longest * i64::try_from(turns).unwrap_or(1))
}

/// Returns the least milliseconds of each graphic of a scene.
fn graphic_milliseconds(scene: &TreatmentScene) -> Vec<i64> {
    let (numbers, charts) = scene
        .charts
        .iter()
        .partition::<Vec<_>, _>(|chart| chart.kind == ChartKind::Kpi);
    // All numbers of a scene are one graphic.
    let numbers = (!numbers.is_empty()).then_some(LEAST_CHART);
    let charts = charts.iter().map(|_| LEAST_CHART).chain(numbers);
    let cards = scene.overlays.iter().filter_map(|overlay| {
        let is_graphic = matches!(
            overlay.kind,
            OverlayKind::List | OverlayKind::Quote | OverlayKind::Code
        );
        is_graphic.then(|| LEAST_CARD.max(overlay_milliseconds(overlay) / 2))
    });
    charts.chain(cards).collect()
}

/// Returns the least milliseconds of the titles of a scene. Those at one place take turns of the same
/// length; beside graphics, all are at one place.
fn title_milliseconds(scene: &TreatmentScene, has_graphics: bool) -> i64 {
    let least_of = |is_shown: &dyn Fn(OverlayKind) -> bool| {
        let overlays = scene
            .overlays
            .iter()
            .filter(|overlay| is_shown(overlay.kind));
        let least = overlays.map(|overlay| LEAST_TEXT.max(overlay_milliseconds(overlay) / 2));
        let least: Vec<i64> = least.collect();
        let turns = i64::try_from(least.len()).unwrap_or(1);
        least.iter().copied().max().unwrap_or(0) * turns
    };
    let is_text = |kind| kind == OverlayKind::Text;
    let is_name = |kind| kind == OverlayKind::LowerThird;
    match has_graphics {
        true => least_of(&|kind| is_text(kind) || is_name(kind)),
        false => least_of(&is_text).max(least_of(&is_name)),
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

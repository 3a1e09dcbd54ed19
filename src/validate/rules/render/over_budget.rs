//! A rough estimate of the run is within the document's budget.
//!
//! The estimate uses frames, size and samples only. It knows neither this machine nor the content
//! of the store; `production estimate` does.

use crate::base::{FileSpan, Severity};
use crate::model::frame_sizes::FrameSizes;
use crate::model::production::RenderSettings;
use crate::model::{ActionKind, Engine, PixelSize, Production, cost_model};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::BTreeSet;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::render::over_budget",
    // A warning: the figure may be wrong by a factor of several, and must not stop a run.
    severity: Severity::Warning,
    skip_if_partial: true,
    summary: "a rough estimate is within the budget",
    explanation: "A budget says how long a run may take and how much disk space it may use. Both \
        are compared with a rough figure from the number of frames, their size and their samples, \
        for two cores without a graphics card: it separates hours from days, not minutes from \
        hours. Raise the budget, or choose a lower quality tier, fewer samples or a smaller \
        picture; `production estimate` measures this machine and is closer.",
    wrong: "\
budget:
  time: 10s
render_settings:
  quality_tier: archive
",
    right: "\
budget:
  time: 8h
  disk: 20GB
",
    check: report_exceeded_budget,
};

fn report_exceeded_budget(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let (seconds, bytes) = estimate_run(production);
    let budget = &production.budget;
    if let Some(budget) = budget.seconds.filter(|budget| seconds > budget.value) {
        report_excess(
            budget.origin,
            "take",
            &[rough_time(seconds), rough_time(budget.value)],
            production,
            findings,
        );
    }
    if let Some(budget) = budget.bytes.filter(|budget| bytes > budget.value) {
        report_excess(
            budget.origin,
            "need",
            &[rough_size(bytes), rough_size(budget.value)],
            production,
            findings,
        );
    }
}

fn report_excess(
    origin: FileSpan,
    verb: &str,
    amounts: &[String; 2],
    production: &Production,
    findings: &mut RuleFindings,
) {
    let [needed, budget] = amounts;
    let message = format!("a whole run may {verb} about {needed}, and the budget is {budget}");
    let finding = findings
        .finding_at(origin, message)
        .with_label("less than the rough estimate");
    let render = &production.render;
    let help = format!(
        "frames are {} at {} samples; see `production estimate`, or choose a lower `quality_tier`",
        render.size, render.samples
    );
    findings.push(finding.with_help(help));
}

/// Returns the estimated seconds and bytes of a run that finds nothing in the store.
fn estimate_run(production: &Production) -> (f64, f64) {
    let rate = production.render.rate;
    let RenderSettings {
        engine, samples, ..
    } = &production.render;
    // An unknown engine has its own finding; the cheapest one serves, so that the estimate never
    // adds to it.
    let engine = engine.engine.as_ref().unwrap_or(&Engine::Previz);
    let frame_seconds = |size: PixelSize| {
        cost_model::render_seconds(engine, size, *samples)
            + cost_model::unit_seconds(ActionKind::Grade, size)
    };
    let rendered = rendered_frames(production);
    let drawn: f64 = rendered
        .iter()
        .map(|(size, count)| frames_as_f64(*count) * frame_seconds(*size))
        .sum();
    // Each output encodes its own number of frames at its own size.
    let seconds = drawn
        + production
            .outputs
            .iter()
            .map(|output| {
                frames_as_f64(
                    output
                        .format
                        .rate
                        .resampled_count(production.output_frames(output), rate),
                ) * cost_model::unit_seconds(ActionKind::Encode, output.format.size)
            })
            .sum::<f64>();
    let bytes = rendered
        .iter()
        .map(|(size, count)| frames_as_f64(*count) * cost_model::stored_bytes(*size))
        .sum();
    (seconds, bytes)
}

/// Returns each size in which frames are rendered, with their number.
fn rendered_frames(production: &Production) -> Vec<(PixelSize, usize)> {
    let sizes = FrameSizes::from_production(production);
    // Each shot once for each size: outputs of one size share its frames. In the first size, that
    // of the production, every shot is rendered anyway.
    let mut shown = BTreeSet::new();
    for (index, output) in production.outputs.iter().enumerate() {
        let size = sizes.index_of_output(index);
        if size > 0 {
            let shots = output.shown_shots(production.shots.len());
            shown.extend(shots.map(|shot| (size, shot)));
        }
    }
    let mut counts: Vec<(PixelSize, usize)> = sizes.sizes().iter().map(|size| (*size, 0)).collect();
    counts[0].1 = production.shots.iter().map(|shot| shot.frames.len()).sum();
    for (size, shot) in shown {
        let shot = production.shots.get(shot);
        // Footage is cropped and not framed anew.
        if let Some(shot) = shot.filter(|shot| shot.footage.is_none()) {
            counts[size].1 += shot.frames.len();
        }
    }
    counts
}

fn frames_as_f64(frames: usize) -> f64 {
    u32::try_from(frames).map_or(f64::from(u32::MAX), f64::from)
}

// Units switch at two of the next one, since a single unit in whole numbers is too coarse.
fn rough_time(seconds: f64) -> String {
    match seconds {
        ..120.0 => format!("{seconds:.0} s"),
        ..7200.0 => format!("{:.0} min", seconds / 60.0),
        ..172_800.0 => format!("{:.0} h", seconds / 3600.0),
        _ => format!("{:.0} days", seconds / 86_400.0),
    }
}

fn rough_size(bytes: f64) -> String {
    match bytes {
        ..1e9 => format!("{:.0} MB", bytes / 1e6),
        ..1e12 => format!("{:.1} GB", bytes / 1e9),
        _ => format!("{:.1} TB", bytes / 1e12),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::base::Spanned;
    use crate::validate::sample::{assert_no_findings, only_finding, sample_origin};

    #[test]
    fn a_night_is_not_enough_for_a_week() {
        let found = only_finding(&RULE, |production, _| {
            production.render.samples = 65_536;
            production.budget.seconds = Some(Spanned::new(28_800.0, sample_origin(7)));
        });
        assert_eq!(
            found.message,
            "a whole run may take about 9 days, and the budget is 8 h"
        );
        assert_eq!(found.origin, sample_origin(7));
    }

    #[test]
    fn an_estimate_over_the_disk_budget_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            production.budget.bytes = Some(Spanned::new(1e8, sample_origin(7)));
        });
        assert_eq!(
            found.message,
            "a whole run may need about 796 MB, and the budget is 100 MB"
        );
    }

    #[test]
    fn a_sufficient_budget_is_not_reported() {
        assert_no_findings(|production, _| {
            production.budget.seconds = Some(Spanned::new(28_800.0, sample_origin(7)));
            production.budget.bytes = Some(Spanned::new(1e12, sample_origin(8)));
        });
    }
}

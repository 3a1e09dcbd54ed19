//! Checks and repairs of lengths and places in the film.

use super::card_timing::LEAST_PICTURE;
use super::narration_timing::hurried_frames;
use super::plan_draft::{ScenePlan, TreatmentPlan, time_frames};
use super::plan_finding::{PlanFinding, TreatmentRepair};
use crate::base::DiagnosticCode;

const DURATION_MISMATCH: DiagnosticCode = "production::treatment::duration_mismatch";
const INVALID_SCENE_START: DiagnosticCode = "production::treatment::invalid_scene_start";
const SCENE_OUT_OF_BOUNDS: DiagnosticCode = "production::treatment::scene_out_of_bounds";
const SCENE_OVERLAP: DiagnosticCode = "production::treatment::scene_overlap";
const SCENE_TOO_SHORT: DiagnosticCode = "production::treatment::scene_too_short";

/// Returns the fewest frames of a scene: a tenth of a second.
pub(super) fn fewest_frames(plan: &TreatmentPlan) -> i64 {
    i64::from(plan.settings.rate.div_ceil(10))
}

/// Returns the frames that the film is to have: the requested ones, else those of its scenes.
pub(super) fn wanted_frames(plan: &TreatmentPlan) -> i64 {
    plan.settings.wanted.map_or_else(
        || plan.frame_count(),
        |asked| time_frames(asked.value, plan.settings.rate),
    )
}

/// Returns what is wrong with the places of scenes.
pub(super) fn check_starts(plan: &TreatmentPlan) -> Vec<PlanFinding> {
    let mut findings = Vec::new();
    let mut end = 0;
    let wanted = wanted_frames(plan);
    for scene in &plan.scenes {
        let start = scene.written_start.unwrap_or(end);
        let origin = scene
            .scene
            .timing
            .map_or(scene.scene.origin, |timing| timing.origin);
        let mut find = |code, message: String| {
            findings.push(PlanFinding {
                code,
                origin,
                message,
            });
        };
        let (from, before) = (seconds(plan, start), seconds(plan, end));
        if start > end {
            let gap =
                format!("the scene begins at {from} s, and the one before ends at {before} s");
            find(INVALID_SCENE_START, gap);
        } else if start < end {
            let overlap =
                format!("the scene begins at {from} s, before the one before ends at {before} s");
            find(SCENE_OVERLAP, overlap);
        }
        end = start + scene.frames;
        // Without a written length the film ends with its last scene, so no scene is behind its
        // end.
        if plan.settings.wanted.is_some() && scene.written_start.is_some() && end > wanted {
            let (to, total) = (seconds(plan, end), seconds(plan, wanted));
            find(
                SCENE_OUT_OF_BOUNDS,
                format!("the scene ends at {to} s, and the film at {total} s"),
            );
        }
    }
    findings
}

/// Returns what is wrong with lengths.
pub(super) fn check_lengths(plan: &TreatmentPlan) -> Vec<PlanFinding> {
    let mut findings = Vec::new();
    let fewest = fewest_frames(plan);
    for scene in plan.scenes.iter().filter(|scene| scene.frames < fewest) {
        let origin = scene
            .scene
            .timing
            .map_or(scene.scene.origin, |timing| timing.origin);
        let message = format!("the scene lasts {} s", seconds(plan, scene.frames));
        findings.push(PlanFinding {
            code: SCENE_TOO_SHORT,
            origin,
            message,
        });
    }
    let (has, wanted) = (plan.frame_count(), wanted_frames(plan));
    if has != wanted {
        let origin = plan
            .settings
            .wanted
            .map(|wanted| wanted.origin)
            .unwrap_or_default();
        let message = format!(
            "the scenes last {} s, and {} s are asked for",
            seconds(plan, has),
            seconds(plan, wanted)
        );
        findings.push(PlanFinding {
            code: DURATION_MISMATCH,
            origin,
            message,
        });
    }
    findings
}

/// Returns frames as seconds, with at most two digits behind the point.
pub(super) fn seconds(plan: &TreatmentPlan, frames: i64) -> String {
    let text = format!("{:.2}", plan.seconds(frames));
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Lays the scenes end to end: a gap is closed by the scene before it, and an overlap ends it
/// earlier. Where that leaves too little of it, the later scene begins later.
pub(super) fn repair_starts(plan: &mut TreatmentPlan) {
    let fewest = fewest_frames(plan);
    let mut end = 0;
    for index in 0..plan.scenes.len() {
        let start = plan.scenes[index].written_start.unwrap_or(end);
        if start != end {
            let code = if start > end {
                INVALID_SCENE_START
            } else {
                SCENE_OVERLAP
            };
            match index.checked_sub(1) {
                Some(before) if plan.scenes[before].frames + start - end >= fewest => {
                    let frames = plan.scenes[before].frames + start - end;
                    set_frames(plan, before, frames, code, start_message(code));
                    end = start;
                }
                Some(_) => move_start(plan, index, start, end, code),
                None => move_start(plan, index, start, end, code),
            }
        }
        end += plan.scenes[index].frames;
        // From here on scenes are end to end, and a written place would contradict that.
        plan.scenes[index].written_start = None;
    }
}

/// Returns what is wrong where two scenes do not touch.
fn start_message(code: DiagnosticCode) -> &'static str {
    if code == SCENE_OVERLAP {
        "a scene begins before the one before it ends"
    } else {
        "there is a gap before a scene"
    }
}

fn move_start(plan: &mut TreatmentPlan, index: usize, from: i64, to: i64, code: DiagnosticCode) {
    let repair = TreatmentRepair {
        code,
        origin: plan.scenes[index]
            .scene
            .timing
            .map_or(plan.scenes[index].scene.origin, |at| at.origin),
        path: format!("scenes[{index}].startAtSec"),
        before: format!("{} s", seconds(plan, from)),
        after: format!("{} s", seconds(plan, to)),
        message: start_message(code).to_owned(),
    };
    plan.repairs.push(repair);
}

/// Sets the length of a scene, and lists it as a repair.
fn set_frames(
    plan: &mut TreatmentPlan,
    index: usize,
    frames: i64,
    code: DiagnosticCode,
    message: &str,
) {
    let scene = &plan.scenes[index];
    if scene.frames == frames {
        return;
    }
    // A length that was only estimated is no value of the treatment, so nothing is repaired.
    if scene.is_length_written {
        let repair = TreatmentRepair {
            code,
            origin: scene
                .scene
                .timing
                .map_or(scene.scene.origin, |timing| timing.origin),
            path: format!("scenes[{index}].durationSeconds"),
            before: format!("{} s", seconds(plan, scene.frames)),
            after: format!("{} s", seconds(plan, frames)),
            message: message.to_owned(),
        };
        plan.repairs.push(repair);
    }
    plan.scenes[index].frames = frames;
}

/// Gives the time that written lengths leave to the scenes without one. Nothing is repaired by
/// this: such lengths are estimates.
pub(super) fn fill_estimates(plan: &mut TreatmentPlan) {
    if plan.settings.wanted.is_none() {
        return;
    }
    let fewest = fewest_frames(plan);
    let open: Vec<usize> = (0..plan.scenes.len())
        .filter(|index| !plan.scenes[*index].is_length_written)
        .collect();
    let written: i64 = plan
        .scenes
        .iter()
        .filter(|scene| scene.is_length_written)
        .map(|scene| scene.frames)
        .sum();
    let left = wanted_frames(plan) - written;
    let count = i64::try_from(open.len()).unwrap_or(i64::MAX);
    // The check then says what is wrong with the written lengths.
    if open.is_empty() || left < fewest.saturating_mul(count) {
        return;
    }
    let scenes: Vec<&ScenePlan> = open.iter().map(|index| &plan.scenes[*index]).collect();
    let estimates: Vec<i64> = scenes.iter().map(|scene| scene.frames).collect();
    let rungs = length_rungs(&scenes, plan.settings.rate, fewest);
    let lengths = shared_lengths(&estimates, &rungs, left, fewest);
    for (index, frames) in open.into_iter().zip(lengths) {
        plan.scenes[index].frames = frames;
    }
}

/// Returns what scenes may last, from too little to enough, each no shorter than the one before: a
/// moment; the words, spoken as fast as a run may; that, and a glimpse of everything; that, and the
/// words at their own pace; that, and time to read.
fn length_rungs(scenes: &[&ScenePlan], rate: u32, fewest: i64) -> [Vec<i64>; 5] {
    let glimpse = i64::from(rate) * LEAST_PICTURE / 1000;
    // What a scene was written to have, it need not exceed.
    let rung = |least: &dyn Fn(&ScenePlan) -> i64| -> Vec<i64> {
        let capped = scenes.iter().map(|scene| match scene.is_length_written {
            true => least(scene).min(scene.frames),
            false => least(scene),
        });
        capped.map(|least| least.max(fewest)).collect()
    };
    let hurried = |scene: &ScenePlan| hurried_frames(scene.narration_frames);
    let read = |scene: &ScenePlan| match (scene.least_reading_frames, scene.narration_frames) {
        // Only a picture is seen.
        (0, 0) => glimpse,
        (least, _) => least,
    };
    [
        rung(&|_| fewest),
        rung(&hurried),
        rung(&|scene| hurried(scene).max(read(scene).min(glimpse))),
        rung(&|scene| scene.narration_frames.max(read(scene).min(glimpse))),
        rung(&|scene| scene.narration_frames.max(read(scene))),
    ]
}

/// Divides the time of scenes by their estimates. If that is too short for what is read or said
/// somewhere, every scene gets the time of that, and the rest goes to those that show more. If
/// there is no time for that either, all are short by the same share of what they would need, so
/// that none is left with a scrap. The rungs are the least lengths of the scenes, from too little
/// to enough.
fn shared_lengths(estimates: &[i64], rungs: &[Vec<i64>], total: i64, fewest: i64) -> Vec<i64> {
    let lengths = scaled(estimates, total, fewest);
    let Some(enough) = rungs.last() else {
        return lengths;
    };
    let sum = |lengths: &[i64]| lengths.iter().sum::<i64>();
    if lengths
        .iter()
        .zip(enough)
        .all(|(length, least)| length >= least)
    {
        return lengths;
    }
    if sum(enough) <= total {
        return spread_lengths(estimates, enough, total);
    }
    let between = rungs
        .windows(2)
        .find(|pair| sum(&pair[0]) <= total && total < sum(&pair[1]));
    match between {
        Some([low, high]) => spread_lengths(high, low, total),
        _ => scaled(enough, total, fewest),
    }
}

/// Gives every scene its least length, and the rest of the time to those whose estimate is more.
fn spread_lengths(estimates: &[i64], least: &[i64], total: i64) -> Vec<i64> {
    let rest = total - least.iter().sum::<i64>();
    let wanted = estimates.iter().zip(least);
    let wanted: Vec<i64> = wanted
        .map(|(estimate, least)| (estimate - least).max(0))
        .collect();
    let sum: i64 = wanted.iter().sum();
    let mut lengths: Vec<i64> = least
        .iter()
        .zip(&wanted)
        .map(|(least, wanted)| {
            // The product of two lengths may not fit into 64 bits.
            let share = i128::from(rest) * i128::from(*wanted) / i128::from(sum.max(1));
            least + i64::try_from(share).unwrap_or(0)
        })
        .collect();
    // Shares are rounded down, and no frame may be lost.
    let given: i64 = lengths.iter().sum();
    if let Some(last) = lengths.last_mut() {
        *last += total - given;
    }
    lengths
}

/// Makes every scene last a tenth of a second, and all together as long as is asked. Returns
/// whether that is possible.
pub(super) fn repair_lengths(plan: &mut TreatmentPlan) -> bool {
    let fewest = fewest_frames(plan);
    for index in 0..plan.scenes.len() {
        if plan.scenes[index].frames < fewest {
            set_frames(
                plan,
                index,
                fewest,
                SCENE_TOO_SHORT,
                "the scene is too short to be seen",
            );
        }
    }
    let wanted = wanted_frames(plan);
    let count = i64::try_from(plan.scenes.len()).unwrap_or(i64::MAX);
    if wanted < fewest.saturating_mul(count) {
        return false;
    }
    if plan.frame_count() != wanted {
        let lengths: Vec<i64> = plan.scenes.iter().map(|scene| scene.frames).collect();
        let message = format!(
            "the scenes last {} s, and {} s are asked for",
            seconds(plan, plan.frame_count()),
            seconds(plan, wanted)
        );
        let scenes: Vec<&ScenePlan> = plan.scenes.iter().collect();
        let rungs = length_rungs(&scenes, plan.settings.rate, fewest);
        let fitted = shared_lengths(&lengths, &rungs, wanted, fewest);
        let mut end = 0;
        for (index, frames) in fitted.into_iter().enumerate() {
            end += lengths[index];
            let timing = plan.scenes[index].scene.timing;
            let has_start = timing.is_some_and(|timing| timing.value.start.is_some());
            if has_start && end > wanted {
                let late = "the scene ends after the film";
                set_frames(plan, index, frames, SCENE_OUT_OF_BOUNDS, late);
            } else {
                set_frames(plan, index, frames, DURATION_MISMATCH, &message);
            }
        }
    }
    true
}

/// Scales lengths in proportion so that they add up to `total`. None is below `fewest`, and the
/// last takes the remainder. `total` must be at least `fewest` for each.
pub(super) fn scaled(lengths: &[i64], total: i64, fewest: i64) -> Vec<i64> {
    let sum: i128 = lengths
        .iter()
        .map(|length| i128::from((*length).max(1)))
        .sum();
    let mut result: Vec<i64> = lengths
        .iter()
        .map(|length| {
            let share = i128::from((*length).max(1)) * i128::from(total) / sum.max(1);
            i64::try_from(share).unwrap_or(fewest).max(fewest)
        })
        .collect();
    let mut excess = result.iter().sum::<i64>() - total;
    if let Some(last) = result.last_mut().filter(|_| excess < 0) {
        *last -= excess;
    }
    // Scenes at the least length took more than their share: the longest give it back.
    while excess > 0 {
        let Some(longest) = result.iter_mut().max_by_key(|length| **length) else {
            break;
        };
        let given = (*longest - fewest).min(excess).max(0);
        // All at once would make the longest the shortest, so it gives in parts.
        let part = given.min((excess / 8).max(1));
        if part == 0 {
            break;
        }
        *longest -= part;
        excess -= part;
    }
    result
}

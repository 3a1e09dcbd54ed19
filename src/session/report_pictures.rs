//! Collects the pictures of the report from the store: frames of every shot, reference sheets,
//! plates.

use super::comparison_pictures::embedded_thumbnail;
use crate::execute::RunOutcome;
use crate::model::{Artefact, JobAction};
use crate::plan::{Plan, PlannedJob};
use crate::report::html::{EmbeddedImage, ReportImages, ShotImages};
use crate::store::BlobStore;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Width of a frame on the contact sheet, in pixels.
const FRAME_WIDTH: u32 = 480;
/// Width of a reference sheet or plate, in pixels.
const SHEET_WIDTH: u32 = 1280;
/// Width of the picture at the head of the page, in pixels.
const POSTER_WIDTH: u32 = 1280;

/// Returns the pictures that the store has. A picture that cannot be read is left out, because a
/// report never fails a run.
pub(super) fn collect_pictures(
    plan: &Plan,
    outcome: &RunOutcome,
    blobs: &BlobStore,
) -> ReportImages {
    let draw = |artefact: &Artefact, width: u32| embedded_thumbnail(blobs, &artefact.digest, width);
    let frames = graded_frames(plan, outcome);
    let shot = |(name, frames): (&String, &Vec<&Artefact>)| {
        let frame_at = |index: usize| frames.get(index).and_then(|frame| draw(frame, FRAME_WIDTH));
        let last = frames.len().saturating_sub(1);
        (
            name.clone(),
            ShotImages {
                first: frame_at(0),
                middle: frame_at(last / 2),
                last: frame_at(last),
            },
        )
    };
    // The middle of the longest shot, since first and last frames are often black or empty.
    let poster = frames
        .values()
        .max_by_key(|frames| frames.len())
        .and_then(|frames| frames.get(frames.len() / 2));
    ReportImages {
        poster: poster.and_then(|frame| draw(frame, POSTER_WIDTH)),
        // In parallel, since each shot decodes and scales three pictures.
        shots: frames.par_iter().map(shot).collect(),
        characters: reference_pictures(
            plan,
            outcome,
            "sheet.png",
            // A sprite sheet is a picture of a model too, and its file has the same name.
            &|work| matches!(work, JobAction::Sheet { .. } | JobAction::SpriteSheet(_)),
            &draw,
        ),
        locations: reference_pictures(
            plan,
            outcome,
            "plate.png",
            &|work| matches!(work, JobAction::Plate { .. }),
            &draw,
        ),
    }
}

/// Returns the graded frames of each shot, in order.
fn graded_frames<'a>(
    plan: &'a Plan,
    outcome: &'a RunOutcome,
) -> BTreeMap<String, Vec<&'a Artefact>> {
    let mut frames: BTreeMap<String, Vec<&Artefact>> = BTreeMap::new();
    let mut sizes = BTreeMap::new();
    // Graded frames and not deliverables: they are single pictures in the store already, and a film
    // would have to be decoded again.
    for (id, planned) in plan
        .jobs()
        .filter(|(_, planned)| matches!(planned.job.work, JobAction::Grade { hdr: None, .. }))
        .filter(|(_, planned)| is_encoded(plan, planned))
    {
        if let (Some(shot), Some(outputs)) = (&planned.job.shot, outcome.job_outputs(id)) {
            // A shot may have frames for several shapes. The report shows one.
            let size = planned.job.source_size;
            if *sizes.entry(shot).or_insert(size) == size {
                frames.entry(shot.clone()).or_default().extend(outputs);
            }
        }
    }
    frames
}

/// Returns whether frames of a grade are shown as they are. Frames beyond a cut are only seen in a
/// transition.
fn is_encoded(plan: &Plan, planned: &PlannedJob) -> bool {
    let mut dependants = planned.dependants.iter();
    dependants.any(|id| matches!(plan.job(*id).job.work, JobAction::Encode { .. }))
}

/// Returns the output `file` of each job of a kind, with the subject of the job as its title.
fn reference_pictures(
    plan: &Plan,
    outcome: &RunOutcome,
    file: &str,
    kind: &dyn Fn(&JobAction) -> bool,
    draw: &dyn Fn(&Artefact, u32) -> Option<EmbeddedImage>,
) -> Vec<(String, EmbeddedImage)> {
    plan.jobs()
        .filter(|(_, planned)| kind(&planned.job.work))
        .filter_map(|(id, planned)| {
            let artefact = outcome
                .job_outputs(id)?
                .iter()
                .find(|artefact| artefact.name == file)?;
            let name = planned.job.name.subject().replace('/', " · ");
            Some((name, draw(artefact, SHEET_WIDTH)?))
        })
        .collect()
}

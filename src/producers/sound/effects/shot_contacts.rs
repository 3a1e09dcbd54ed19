//! The steps of a shot: when and where the feet of each figure come down.
//!
//! They come from the clip that the renderer plays, with the same start and the same repeats. A
//! figure that travels without moving feet, because its model has none, steps by its speed.

use super::clip_contacts::{FootSwing, contact_samples};
use super::perspective::rounded;
use crate::media::gltf::{GltfModel, ModelFoot, NodePose};
use crate::model::shot_staging::StagedPerformer;
use crate::producers::render::scene::ShotView;
use glam::Vec3;

/// Moments of a clip a second at which its feet are looked at.
const LOOKS_A_SECOND: f32 = 240.0;
/// The most moments of a clip. One of more than two minutes is looked at less often.
const MOST_LOOKS: f32 = 30_000.0;
/// Clips shorter than this, in seconds, are poses and no motion.
const SHORTEST_CLIP: f32 = 0.1;
/// Feet that stay higher than this above the floor, in metres, do not step on it: those of someone
/// who sits on a table, or flies.
const HIGHEST_FLOOR: f32 = 0.15;
/// Slower figures, in metres a second, do not step without feet of their own.
pub(super) const SLOWEST_WALK: f32 = 0.1;
/// Metres between the feet of a figure without feet of its own.
const USUAL_STANCE: f32 = 0.2;

/// A foot that comes down.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StepContact {
    /// Index of the figure in the cast.
    pub(super) figure: usize,
    /// Name of the foot's node, or `left` and `right` for a figure without feet.
    pub(super) foot: String,
    /// Seconds from the start of the shot, to a millisecond: a pose may differ in its last digit
    /// between machines, and nobody hears it.
    pub(super) seconds: f32,
    /// The place in the world.
    pub(super) place: Vec3,
}

/// Returns the steps of the first `seconds` of a shot, in order of time.
pub(super) fn shot_contacts(view: &ShotView<'_>, seconds: f32) -> Vec<StepContact> {
    let mut contacts: Vec<StepContact> = Vec::new();
    for (figure, performer) in view.scene.staging().cast.iter().enumerate() {
        let mut steps = FigureSteps {
            view,
            figure,
            performer,
            seconds,
        }
        .contacts();
        for step in &mut steps {
            step.seconds = rounded(step.seconds, 1000.0);
        }
        contacts.append(&mut steps);
    }
    // By figure and foot as well: two steps at one time must have one order on every machine.
    contacts.sort_by(|a, b| {
        let by_time = a.seconds.total_cmp(&b.seconds);
        by_time.then_with(|| (a.figure, &a.foot).cmp(&(b.figure, &b.foot)))
    });
    contacts
}

/// One figure in a shot.
struct FigureSteps<'a> {
    view: &'a ShotView<'a>,
    figure: usize,
    performer: &'a StagedPerformer,
    seconds: f32,
}

impl FigureSteps<'_> {
    fn contacts(&self) -> Vec<StepContact> {
        let instance = self.view.performer_at(self.figure, 0.0);
        // Heights in the clip are those of the model, and a figure may stand on a box.
        let lift = instance.root.w_axis.y - self.view.floor_under(self.figure);
        let feet = instance.model.find_feet();
        let mut contacts = Vec::new();
        let mut touches_floor = feet.is_empty();
        for foot in &feet {
            let pose = instance.model.node_pose(instance.clip, &foot.nodes);
            let heights = sole_heights(foot, &pose);
            let lowest = heights.iter().fold(f32::INFINITY, |a, b| a.min(*b));
            touches_floor |= lowest + lift < HIGHEST_FLOOR || heights.is_empty();
            let swing = FootSwing::measure(&heights);
            if let Some(swing) = swing.filter(|swing| swing.ground + lift < HIGHEST_FLOOR) {
                for sample in contact_samples(&heights, swing) {
                    let in_clip = pose.duration * sample as f32 / heights.len() as f32;
                    contacts.extend(self.repeats(foot, &pose, in_clip));
                }
            }
        }
        if contacts.is_empty() && touches_floor {
            return self.stride_contacts();
        }
        contacts
    }

    /// Returns the steps of one moment of the clip: one in every repeat, as the renderer plays it.
    fn repeats(&self, foot: &ModelFoot, pose: &NodePose<'_>, in_clip: f32) -> Vec<StepContact> {
        // The clip may begin in its middle, as the renderer plays it.
        let first = (in_clip - self.performer.clip_start).rem_euclid(pose.duration);
        let times = (0_u16..).map(|turn| first + pose.duration * f32::from(turn));
        times
            .take_while(|seconds| *seconds < self.seconds)
            .map(|seconds| {
                let instance = self.view.performer_at(self.figure, seconds);
                let lowest = foot.lowest_point(&pose.matrices_at(instance.seconds));
                StepContact {
                    figure: self.figure,
                    foot: foot.name.clone(),
                    seconds,
                    place: instance.root.transform_point3(lowest),
                }
            })
            .collect()
    }

    /// Returns the steps of a figure that travels and moves no feet: one for every 0.35 m and a
    /// quarter of a second of its way, the last when it arrives.
    fn stride_contacts(&self) -> Vec<StepContact> {
        let speed = self.performer.travel_speed.abs();
        // NaN is no speed either.
        if !(speed.is_finite() && speed >= SLOWEST_WALK) {
            return Vec::new();
        }
        // A walk of 1.1 m/s has steps of 0.63 m, a run of 3 m/s of 1.1 m, as people's are.
        let interval = (0.35 + 0.25 * speed) / speed;
        let floor = self.view.floor_under(self.figure);
        let mut contacts = Vec::new();
        // From the end backwards: a figure that travels arrives at its mark when the shot ends.
        let mut seconds = self.seconds - interval / 2.0;
        let mut is_left = true;
        while seconds >= 0.0 {
            let root = self.view.performer_at(self.figure, seconds).root;
            let (foot, side) = if is_left {
                ("left", 0.5)
            } else {
                ("right", -0.5)
            };
            let under = Vec3::new(side * USUAL_STANCE, 0.0, 0.0);
            contacts.push(StepContact {
                figure: self.figure,
                foot: foot.to_owned(),
                seconds,
                place: root.transform_point3(under).with_y(floor),
            });
            seconds -= interval;
            is_left = !is_left;
        }
        contacts
    }
}

/// Returns the height of the sole over one turn of the clip, relative to the model.
fn sole_heights(foot: &ModelFoot, pose: &NodePose<'_>) -> Vec<f32> {
    if pose.duration < SHORTEST_CLIP {
        return Vec::new();
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most 30,000"
    )]
    // A foot comes down within a few milliseconds, and a clip may have minutes.
    let count = (pose.duration * LOOKS_A_SECOND).clamp(16.0, MOST_LOOKS) as usize;
    (0..count)
        .map(|index| {
            let seconds = pose.duration * index as f32 / count as f32;
            foot.lowest_point(&pose.matrices_at(seconds)).y
        })
        .collect()
}

/// Returns whether a clip moves the feet of a model, so that it may step.
pub(super) fn moves_feet(model: &GltfModel, clip: &str) -> bool {
    model.find_feet().iter().any(|foot| {
        let pose = model.node_pose(Some(clip), &foot.nodes);
        FootSwing::measure(&sole_heights(foot, &pose)).is_some()
    })
}

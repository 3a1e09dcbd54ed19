//! A figure as framing sees it: its height, its width, and the place of its head. Measures are
//! averaged over the shot, so that breathing and steps do not shake the camera.

use super::blocking::PerformerPlacement;
use crate::media::gltf::{BoundingBox, GltfModel};
use glam::Vec3;

/// The head's share of a figure's height, for a model that names no head.
const HEAD_SHARE: f32 = 0.13;

/// Measures of one subject. Heights are metres above its floor; places are relative to its floor,
/// in world directions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FigureMeasures {
    /// The floor under it.
    pub floor: Vec3,
    /// The unit vector of its gaze.
    pub facing: Vec3,
    /// Middle of the head.
    pub head: Vec3,
    /// Top of the head.
    pub crown: f32,
    /// Bottom of the head.
    pub chin: f32,
    /// Radius of the head seen from above.
    pub head_radius: f32,
    /// Radius of the whole, seen from above.
    pub radius: f32,
}

impl FigureMeasures {
    /// Returns the measures of a person of ordinary build who stands here and looks to the front.
    #[must_use]
    pub fn average_build(floor: Vec3) -> Self {
        let head = Vec3::new(0.0, 1.63, 0.0);
        Self {
            floor,
            facing: Vec3::Z,
            head,
            crown: 1.75,
            chin: 1.51,
            head_radius: 0.1,
            radius: 0.3,
        }
    }

    /// Returns the height of the head, in metres.
    #[must_use]
    pub fn head_height(&self) -> f32 {
        self.crown - self.chin
    }

    /// Returns the place of the eyes in the world.
    #[must_use]
    pub fn eye_position(&self) -> Vec3 {
        self.floor
            + Vec3::new(
                self.head.x,
                self.chin + 0.55 * self.head_height(),
                self.head.z,
            )
    }
}

/// Measures a performer at these seconds of its clip.
pub(super) fn measure_figure(
    model: &GltfModel,
    clip: &str,
    seconds: &[f32],
    lift: f32,
    placement: PerformerPlacement,
) -> FigureMeasures {
    let samples: Vec<FigureSample> = seconds
        .iter()
        .map(|time| sample_pose(model, clip, *time, lift))
        .collect();
    #[expect(clippy::cast_precision_loss, reason = "a handful of samples")]
    let mean = |part: fn(&FigureSample) -> Vec3| {
        samples.iter().map(part).sum::<Vec3>() / samples.len().max(1) as f32
    };
    let low = mean(|sample| sample.head.min);
    let high = mean(|sample| sample.head.max);
    // The head is a mean, because the camera is centred on it. The body is a union, because nothing
    // of it may leave the frame.
    let body = samples.iter().fold(BoundingBox::EMPTY, |bounds, sample| {
        bounds.union(sample.body)
    });
    let size = if body.is_empty() {
        Vec3::ONE
    } else {
        body.size()
    };
    // Framing divides by these heights, so a model that lies flat or is empty must not give zero.
    let crown = high.y.max(0.05);
    let turn = glam::Quat::from_rotation_y(placement.yaw);
    FigureMeasures {
        floor: placement.floor,
        facing: placement.facing_direction(),
        head: turn * ((low + high) * 0.5),
        crown,
        // A head node may cover the neck or only the eyes. The chin is limited to a plausible
        // height, or a close-up would show the chest or the forehead.
        chin: low.y.clamp(crown * 0.6, crown * 0.95),
        head_radius: (high.x - low.x).max(high.z - low.z) * 0.5,
        // Arms held out would make the figure as wide as it is tall; half the height is the limit.
        radius: (size.x.max(size.z) * 0.5).min(crown * 0.5),
    }
}

/// The bounds of head and body at one moment, above the figure's own floor.
struct FigureSample {
    head: BoundingBox,
    body: BoundingBox,
}

fn sample_pose(model: &GltfModel, clip: &str, seconds: f32, lift: f32) -> FigureSample {
    let pose = model.pose_at(Some(clip), seconds);
    let raise = |bounds: BoundingBox| BoundingBox {
        min: bounds.min + Vec3::Y * lift,
        max: bounds.max + Vec3::Y * lift,
    };
    let body = raise(model.bounds_in_pose(&pose));
    let head = model
        .head_bounds(&pose)
        .map_or_else(|| guessed_head(body), |head| raise(head.bounds));
    FigureSample { head, body }
}

/// Returns the box in which the head of a body probably is.
fn guessed_head(body: BoundingBox) -> BoundingBox {
    if body.is_empty() {
        return BoundingBox {
            min: Vec3::new(-0.1, 1.5, -0.1),
            max: Vec3::new(0.1, 1.75, 0.1),
        };
    }
    let centre = body.centre();
    let height = body.size().y;
    let half = height * HEAD_SHARE * 0.4;
    BoundingBox {
        min: Vec3::new(
            centre.x - half,
            body.max.y - height * HEAD_SHARE,
            centre.z - half,
        ),
        max: Vec3::new(centre.x + half, body.max.y, centre.z + half),
    }
}

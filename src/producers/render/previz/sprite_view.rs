//! How large a sprite is drawn, and the orthographic camera that sees it.
//!
//! The camera stands still and the model is turned, so that light comes from one side of the
//! picture in all directions.

use crate::gpu::ViewCamera;
use crate::media::gltf::GltfModel;
use crate::model::PixelSize;
use crate::model::sprites::{SpriteClip, SpriteScale, SpriteWork};
use crate::producers::contract::{FailureClass, JobFailure};
use glam::{Mat4, Vec2, Vec3};

/// Pixels that stay free at each edge of a cell.
const MARGIN: f32 = 1.0;
/// Share of half the height of a cell from its middle to the feet, if the scale is given.
const FOOT_SHARE: f32 = 0.75;

/// Everywhere that a model is during its clips, around its origin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SpriteExtent {
    /// Metres from the vertical axis.
    pub(super) radius: f32,
    /// Lowest height.
    pub(super) low: f32,
    /// Greatest height.
    pub(super) high: f32,
}

/// A camera for all frames of a clip.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SpriteView {
    pub(super) camera: ViewCamera,
    /// The place of the model's origin in a frame.
    pub(super) pivot: [u32; 2],
    pub(super) pixels_per_metre: f32,
}

impl SpriteExtent {
    const EMPTY: Self = Self {
        radius: 0.0,
        low: f32::INFINITY,
        high: f32::NEG_INFINITY,
    };

    /// Measures a model over all frames of some clips.
    ///
    /// # Errors
    /// Fails if the model lacks a clip or shows nothing.
    pub(super) fn measure<'a>(
        model: &GltfModel,
        clips: impl IntoIterator<Item = &'a SpriteClip>,
    ) -> Result<Self, JobFailure> {
        // Every clip counts, so that a figure has one size in all of its clips.
        let mut extent = Self::EMPTY;
        for clip in clips {
            for moment in clip_moments(model, clip)? {
                let pose = clip_pose(model, clip, moment);
                for place in posed_places(model, &pose) {
                    // The distance from the axis, because the model is turned in every direction.
                    extent.radius = extent.radius.max(place.x.hypot(place.z));
                    extent.low = extent.low.min(place.y);
                    extent.high = extent.high.max(place.y);
                }
            }
        }
        if extent.low.is_finite() && extent.high.is_finite() && extent.radius.is_finite() {
            return Ok(extent);
        }
        let message = "draw sprites: the model has no surface";
        Err(JobFailure::new(FailureClass::MissingInput, message))
    }

    /// Returns the metres from the origin to what is farthest from it.
    fn reach(&self) -> f32 {
        // The farthest that any turn of the model can bring one of its points.
        self.radius.hypot(self.low.abs().max(self.high.abs()))
    }
}

impl SpriteView {
    /// Returns the camera of a job. `extent` is that of all clips that decide about the scale.
    pub(super) fn new(work: &SpriteWork, extent: &SpriteExtent) -> Self {
        let (pivot, pixels_per_metre) = match work.scale {
            SpriteScale::Fitted(_) => fitted_scale(work.cell, work.elevation, extent),
            SpriteScale::PixelsPerMetre(scale) => (given_pivot(work.cell, work.elevation), scale),
            SpriteScale::Placed {
                pixels_per_metre,
                pivot,
            } => (pivot, pixels_per_metre),
        };
        Self {
            camera: sprite_camera(work, pivot, pixels_per_metre, extent.reach()),
            pivot,
            pixels_per_metre,
        }
    }

    /// Fails if part of a frame is outside of the cell, as it may be at a scale that is given.
    pub(super) fn expect_inside(
        &self,
        model: &GltfModel,
        work: &SpriteWork,
    ) -> Result<(), JobFailure> {
        let mut low = Vec2::INFINITY;
        let mut high = Vec2::NEG_INFINITY;
        for (index, moment) in clip_moments(model, &work.clip)?.into_iter().enumerate() {
            let turn = model_turn(work, index);
            let pose = clip_pose(model, &work.clip, moment);
            for place in posed_places(model, &pose) {
                let turned = turn.transform_point3(place);
                let seen = Vec2::new(turned.dot(self.camera.right), -turned.dot(self.camera.up))
                    * self.pixels_per_metre;
                low = low.min(seen);
                high = high.max(seen);
            }
        }
        let pivot = Vec2::new(pixels(self.pivot[0]), pixels(self.pivot[1]));
        let end = Vec2::new(pixels(work.cell.width), pixels(work.cell.height));
        // Half a pixel is what rounding of the pivot can cost.
        let slack = 0.5;
        let inside =
            (pivot + low).min_element() >= -slack && (end - pivot - high).min_element() >= -slack;
        if inside {
            return Ok(());
        }
        let size = (high - low).ceil();
        let message = format!(
            "draw sprites: at {} pixels a metre a frame of `{}` is {}x{} pixels, from {} above its \
             pivot to {} below, and the cell of {} has {} and {}; write a larger `cell` or fewer \
             `pixels_per_metre`",
            self.pixels_per_metre,
            work.clip.clip.as_deref().unwrap_or("still"),
            size.x,
            size.y,
            (-low.y).ceil(),
            high.y.ceil(),
            work.cell,
            self.pivot[1],
            work.cell.height.saturating_sub(self.pivot[1]),
        );
        Err(JobFailure::new(FailureClass::MissingInput, message))
    }
}

/// Returns the matrix that turns the model as one of its frames shows it.
pub(super) fn model_turn(work: &SpriteWork, index: usize) -> Mat4 {
    let degrees = work.turn + work.clip.frame_turn(index);
    Mat4::from_rotation_y(degrees.to_radians())
}

/// Returns the seconds into a clip of all its frames.
pub(super) fn clip_moments(model: &GltfModel, clip: &SpriteClip) -> Result<Vec<f32>, JobFailure> {
    Ok(clip_timing(model, clip)?.moments)
}

/// Returns the frames of a clip.
///
/// # Errors
/// Fails if the model has no such clip, or if it has too many frames.
pub(super) fn clip_timing(
    model: &GltfModel,
    clip: &SpriteClip,
) -> Result<crate::model::sprites::ClipTiming, JobFailure> {
    let missing = |message: String| JobFailure::new(FailureClass::MissingInput, message);
    let seconds = match &clip.clip {
        None => 0.0,
        // Another clip in its place, as a shot would show, is of no use to a game.
        Some(name) => {
            let found = model.named_clip(name);
            found
                .ok_or_else(|| missing(format!("draw sprites: the model has no clip `{name}`")))?
                .duration
        }
    };
    clip.timing(seconds).ok_or_else(|| {
        missing(format!(
            "draw sprites: `{}` lasts {seconds} seconds, which are too many frames; write `frames`",
            clip.clip.as_deref().unwrap_or("still")
        ))
    })
}

fn clip_pose(model: &GltfModel, clip: &SpriteClip, moment: f32) -> crate::media::gltf::ModelPose {
    match &clip.clip {
        Some(name) => model.pose_at(Some(name), moment),
        None => model.rest_pose(),
    }
}

/// Returns every vertex of a posed model.
fn posed_places<'a>(
    model: &'a GltfModel,
    pose: &'a crate::media::gltf::ModelPose,
) -> impl Iterator<Item = Vec3> + 'a {
    model.drawn_meshes().flat_map(move |(node, mesh)| {
        let parts = model.meshes[mesh].primitives.iter();
        parts.flat_map(move |part| model.vertex_positions(pose, node, part))
    })
}

/// Returns the pivot and the scale at which everything fits from every side.
fn fitted_scale(cell: PixelSize, elevation: f32, extent: &SpriteExtent) -> ([u32; 2], f32) {
    let (sin, cos) = elevation.to_radians().sin_cos();
    let top = cos * extent.high + sin * extent.radius;
    let bottom = cos * extent.low - sin * extent.radius;
    // In the middle of the width, so that a figure that turns stays at its place.
    let middle = cell.width / 2;
    // The pivot is between two pixels, so a pixel of the height is lost by rounding.
    let free = Vec2::new(
        pixels(middle) - MARGIN,
        pixels(cell.height) - 2.0 * MARGIN - 1.0,
    )
    .max(Vec2::ONE);
    // The narrower of both decides, or the other side would be cut off.
    let scale = (free.x / extent.radius.max(1e-6)).min(free.y / (top - bottom).max(1e-6));
    let below = (-bottom * scale).ceil() + MARGIN;
    let height = pixels(cell.height) - below;
    ([middle, whole(height).min(cell.height)], scale)
}

/// Returns the pivot where the scale is given: near the bottom as seen from the side, and in the
/// middle as seen from above.
fn given_pivot(cell: PixelSize, elevation: f32) -> [u32; 2] {
    let cos = elevation.to_radians().cos().max(0.0);
    let height = pixels(cell.height) * 0.5 * (1.0 + FOOT_SHARE * cos);
    [cell.width / 2, whole(height.round()).min(cell.height)]
}

/// Returns the camera that shows the model's origin at the pivot.
fn sprite_camera(
    work: &SpriteWork,
    pivot: [u32; 2],
    pixels_per_metre: f32,
    reach: f32,
) -> ViewCamera {
    let (sin, cos) = work.elevation.to_radians().sin_cos();
    let forward = Vec3::new(0.0, -sin, -cos);
    let right = Vec3::X;
    let up = Vec3::new(0.0, cos, -sin);
    let cell = Vec2::new(pixels(work.cell.width), pixels(work.cell.height));
    let half = cell * 0.5 / pixels_per_metre;
    // From the middle of the frame to the pivot, right and up.
    let beside = Vec2::new(pixels(pivot[0]), pixels(pivot[1])) - cell * 0.5;
    let beside = Vec2::new(beside.x, -beside.y) / pixels_per_metre;
    // Without perspective the distance changes no picture. It only has to be outside of the model
    // in every pose.
    let away = reach + (reach * 0.1).max(0.1);
    ViewCamera {
        eye: -forward * away - right * beside.x - up * beside.y,
        right,
        up,
        forward,
        tangents: half,
        near: 0.0,
        // As far behind the model as in front of it.
        far: Some(away * 2.0),
    }
}

#[expect(clippy::cast_precision_loss, reason = "sides of a cell are small")]
const fn pixels(side: u32) -> f32 {
    side as f32
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "negative numbers become 0"
)]
fn whole(value: f32) -> u32 {
    value.max(0.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Engine;
    use crate::model::shot_staging::{KeyLight, SceneEnvironment};
    use crate::model::sprites::ClipSampling;

    const FIGURE: SpriteExtent = SpriteExtent {
        radius: 0.5,
        low: 0.0,
        high: 1.8,
    };

    fn sprite_work(cell: PixelSize, elevation: f32) -> SpriteWork {
        SpriteWork {
            engine: Engine::Previz,
            clip: SpriteClip {
                clip: None,
                sampling: ClipSampling::Frames(1),
                repeats: true,
            },
            turn: 90.0,
            elevation,
            cell,
            scale: SpriteScale::Fitted(Vec::new().into()),
            environment: SceneEnvironment::Studio {
                backdrop: [0.0; 3],
                top: [1.0; 3],
                side: [1.0; 3],
            },
            key: KeyLight {
                azimuth: 0.0,
                elevation: 45.0,
                temperature: 6500.0,
                intensity: 1.0,
                softness: 1.0,
            },
            samples: 4,
        }
    }

    /// Returns where a place is in a frame, in pixels from the top left.
    fn seen(view: &SpriteView, cell: PixelSize, place: Vec3) -> Vec2 {
        let to = place - view.camera.eye;
        let ndc = Vec2::new(to.dot(view.camera.right), to.dot(view.camera.up));
        let ndc = ndc / view.camera.tangents;
        let side = Vec2::new(pixels(cell.width), pixels(cell.height));
        Vec2::new(ndc.x + 1.0, 1.0 - ndc.y) * 0.5 * side
    }

    #[test]
    fn the_origin_is_seen_at_the_pivot() {
        for elevation in [0.0, 30.0, 35.264, 90.0] {
            for cell in [PixelSize::new(64, 96), PixelSize::new(33, 47)] {
                let view = SpriteView::new(&sprite_work(cell, elevation), &FIGURE);
                let at = seen(&view, cell, Vec3::ZERO);
                let pivot = Vec2::new(pixels(view.pivot[0]), pixels(view.pivot[1]));
                assert!(
                    (at - pivot).length() < 1e-3,
                    "{elevation} {cell}: {at} {pivot}"
                );
            }
        }
    }

    #[test]
    fn a_fitted_figure_is_inside_from_every_direction_and_touches_an_edge() {
        for elevation in [0.0, 30.0, 60.0, 90.0] {
            for cell in [PixelSize::new(64, 96), PixelSize::new(200, 40)] {
                let view = SpriteView::new(&sprite_work(cell, elevation), &FIGURE);
                let mut low = Vec2::INFINITY;
                let mut high = Vec2::NEG_INFINITY;
                for step in 0..64u8 {
                    let (sin, cos) = (f32::from(step) * 0.1).sin_cos();
                    for height in [FIGURE.low, FIGURE.high] {
                        let place = Vec3::new(sin * FIGURE.radius, height, cos * FIGURE.radius);
                        let at = seen(&view, cell, place);
                        low = low.min(at);
                        high = high.max(at);
                    }
                }
                let end = Vec2::new(pixels(cell.width), pixels(cell.height));
                assert!(low.min_element() > 0.9 && (end - high).min_element() > 0.9);
                let gap = low.min_element().min((end - high).min_element());
                assert!(gap < 2.5, "{elevation} {cell}: {gap}");
            }
        }
    }

    #[test]
    fn a_tile_seen_at_thirty_degrees_is_twice_as_wide_as_tall() {
        let cell = PixelSize::new(128, 128);
        let view = SpriteView::new(&sprite_work(cell, 30.0), &FIGURE);
        let corner = |x: f32, z: f32| seen(&view, cell, Vec3::new(x, 0.0, z));
        let wide = corner(1.0, 0.0).x - corner(-1.0, 0.0).x;
        let tall = corner(0.0, 1.0).y - corner(0.0, -1.0).y;
        assert!((wide / tall - 2.0).abs() < 1e-4, "{wide} {tall}");
    }

    #[test]
    fn a_given_scale_stays() {
        let cell = PixelSize::new(64, 64);
        let scale = SpriteScale::PixelsPerMetre(20.0);
        let view = SpriteView::new(
            &SpriteWork {
                scale,
                ..sprite_work(cell, 0.0)
            },
            &FIGURE,
        );
        assert_eq!(view.pivot, [32, 56]);
        let head = seen(&view, cell, Vec3::Y);
        assert!((head.y - 36.0).abs() < 1e-3, "{head}");
    }
}

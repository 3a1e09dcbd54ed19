//! Facts that follow from depth: which pixels are background, and the place of every pixel in the
//! world.

use crate::gpu::ViewCamera;
use crate::model::PixelSize;
use glam::{Vec2, Vec3};

/// Depths from here on are background. No renderer of ours draws anything farther away.
const FARTHEST_DEPTH: f32 = 9_999.0;

/// Returns whether a pixel of this depth is background.
pub(super) fn is_background(depth: f32) -> bool {
    // Renderers mark background with infinity, NaN or a large number of their own.
    depth.is_nan() || depth >= FARTHEST_DEPTH
}

/// Returns the place in the world of the middle of every pixel, rows from the top; the origin for
/// background.
pub(super) fn world_positions(lens: &ViewCamera, size: PixelSize, depths: &[f32]) -> Vec<[f32; 3]> {
    depths
        .iter()
        .enumerate()
        .map(|(index, depth)| {
            let x = index % size.width as usize;
            let y = index / size.width as usize;
            if is_background(*depth) {
                [0.0; 3]
            } else {
                // Depth is measured from the camera's plane, so the ray has length 1 along the view
                // direction, not along itself.
                let (from, way) = pixel_ray(lens, size, x, y);
                (from + way * *depth).into()
            }
        })
        .collect()
}

/// Returns where the ray through the middle of a pixel starts, and the vector to the plane one metre
/// away.
#[expect(clippy::cast_precision_loss, reason = "pixels of a picture")]
fn pixel_ray(lens: &ViewCamera, size: PixelSize, x: usize, y: usize) -> (Vec3, Vec3) {
    let position =
        (Vec2::new(x as f32, y as f32) + 0.5) / Vec2::new(size.width as f32, size.height as f32);
    let ndc = position * 2.0 - 1.0;
    lens.frame_ray(Vec2::new(ndc.x, -ndc.y))
}

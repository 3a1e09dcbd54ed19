//! What follows from depths: where there is nothing, and where in the world every pixel lies.

use crate::gpu::ViewCamera;
use crate::model::PixelSize;
use glam::{Vec2, Vec3};

/// Beyond this no renderer of ours draws anything.
const FARTHEST_DEPTH: f32 = 9_999.0;

/// Returns whether there is nothing at this depth.
pub(super) fn is_background(depth: f32) -> bool {
    depth.is_nan() || depth >= FARTHEST_DEPTH
}

/// Returns where in the world the middle of every pixel lies, rows from the top; the origin where there is nothing.
pub(super) fn world_positions(lens: &ViewCamera, size: PixelSize, depths: &[f32]) -> Vec<[f32; 3]> {
    let place = |(index, depth): (usize, &f32)| {
        let (x, y) = (index % size.width as usize, index / size.width as usize);
        if is_background(*depth) {
            [0.0; 3]
        } else {
            (lens.eye + pixel_ray(lens, size, x, y) * *depth).into()
        }
    };
    depths.iter().enumerate().map(place).collect()
}

/// Returns the way from the eye through the middle of a pixel, as long as it takes to get a metre away.
#[expect(clippy::cast_precision_loss, reason = "pixels of a picture")]
fn pixel_ray(lens: &ViewCamera, size: PixelSize, x: usize, y: usize) -> Vec3 {
    let position =
        (Vec2::new(x as f32, y as f32) + 0.5) / Vec2::new(size.width as f32, size.height as f32);
    let across = (position * 2.0 - 1.0) * lens.tangents;
    lens.forward + lens.right * across.x - lens.up * across.y
}

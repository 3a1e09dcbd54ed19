//! Uniforms of a frame, byte for byte as `kernels/frame.wgsl` declares them.

use super::frame::{BoundingSphere, RenderFrame, view_matrix};
use super::lights::{DirectionalKeyLight, LightCone};
use crate::model::frame_rate::PixelSize;
use crate::model::shot_staging::MAX_LAMPS;
use bytemuck::{Pod, Zeroable};
use glam::{Mat4, Vec2, Vec3, Vec4};

/// Texels a side of the shadow map.
// For shadow bounds with a radius of 10 m, a texel is 1 cm.
pub(super) const SHADOW_SIZE: u32 = 2048;

#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
// Every field in this file is a vector of four: WGSL aligns `vec3f` to 16 bytes, and a fourth value
// fills the gap that padding would leave.
pub(super) struct LampBlock {
    place: [f32; 4],
    intensity: [f32; 4],
    cone: [f32; 4],
}

/// Mirrors `View` in `kernels/frame.wgsl`; its comments say what each fourth component holds.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(super) struct ViewUniforms {
    clip: [[f32; 4]; 4],
    shadow_clip: [[f32; 4]; 4],
    eye: [f32; 4],
    right: [f32; 4],
    up: [f32; 4],
    forward: [f32; 4],
    pixels: [f32; 4],
    pass: [f32; 4],
    key_toward: [f32; 4],
    key_colour: [f32; 4],
    shadow: [f32; 4],
    haze: [f32; 4],
    ground: [f32; 4],
    ground_at: [f32; 4],
    ground_kind: [f32; 4],
    zenith: [f32; 4],
    horizon: [f32; 4],
    nadir: [f32; 4],
    sky: [f32; 4],
    irradiance: [[f32; 4]; 9],
    counts: [u32; 4],
    lamps: [LampBlock; MAX_LAMPS],
}

/// Mirrors `Draw` in `kernels/frame.wgsl`.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(super) struct DrawBlock {
    pub(super) base: u32,
    pub(super) mirrored: u32,
    pub(super) unused: [u32; 2],
}

/// Number of a pass and count of all passes of the frame. Passes differ in jitter, and their mean
/// is the frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct PassIndex {
    pub(super) index: u32,
    pub(super) count: u32,
}

impl PassIndex {
    /// Returns two numbers from 0 to 1, evenly spread over the passes (Roberts' R2 sequence).
    fn low_discrepancy_point(self, offset: f32) -> Vec2 {
        #[expect(clippy::cast_precision_loss, reason = "pass numbers are small")]
        let index = self.index as f32;
        // A low-discrepancy sequence needs no table and no fixed count, and is even after any
        // number of passes. Random points would leave gaps at 4 passes and would not repeat.
        let shifted = Vec2::new(0.754_877_7, 0.569_840_3) * index + Vec2::splat(0.5 + offset);
        // A single pass samples the middle, so that drafts and measured geometry are not shifted.
        if self.count == 1 {
            Vec2::splat(0.5)
        } else {
            shifted.fract()
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "pass numbers are small")]
    fn noise_phase(self) -> f32 {
        // The golden ratio spreads the phases of the noise over the passes.
        (self.index as f32 * 0.618_034).fract()
    }
}

impl ViewUniforms {
    pub(super) fn from_frame(frame: &RenderFrame<'_>, size: PixelSize, pass: PassIndex) -> Self {
        let camera = &frame.camera;
        #[expect(clippy::cast_precision_loss, reason = "picture sizes are small")]
        let width = size.width as f32;
        let height = size.height as f32;
        // One pixel is 2 / width in clip space, so this spans exactly one pixel.
        let jitter = (pass.low_discrepancy_point(0.0) * 2.0 - 1.0) / Vec2::new(width, height);
        let key = frame.key_light.map(|key| jitter_key_light(key, pass));
        // The rays of an orthographic camera are parallel.
        let spread = match camera.far {
            None => camera.tangents,
            Some(_) => Vec2::ZERO,
        };
        let mut view = Self {
            clip: camera.clip_matrix(jitter).to_cols_array_2d(),
            // The shader takes a far plane of 0 for a perspective camera.
            eye: camera.eye.extend(camera.far.unwrap_or(0.0)).into(),
            right: (camera.right * spread.x).extend(camera.tangents.x).into(),
            up: (camera.up * spread.y).extend(camera.tangents.y).into(),
            forward: camera.forward.extend(camera.near).into(),
            pixels: [width, height, 1.0 / width, 1.0 / height],
            pass: [jitter.x, jitter.y, pass.noise_phase(), 0.0],
            haze: frame.haze.map_or([0.0; 4], |haze| {
                Vec3::from(haze.colour)
                    .extend(1.0 / haze.distance.max(0.1))
                    .into()
            }),
            irradiance: frame.environment.irradiance,
            // Zero means "none" in every field: no ground, no key light, no lamps.
            ..Self::zeroed()
        };
        view.set_key_light(key, frame, pass);
        view.set_lamps(frame);
        view.set_ground(frame);
        view.set_environment(frame);
        view
    }

    fn set_key_light(
        &mut self,
        key: Option<DirectionalKeyLight>,
        frame: &RenderFrame<'_>,
        pass: PassIndex,
    ) {
        let key_on = key.unwrap_or(DirectionalKeyLight {
            toward: Vec3::Y,
            colour: Vec3::ZERO,
            width: 0.0,
        });
        // The drawn disc uses the true direction and width; only the shadows use the jittered
        // light.
        let disc_width = frame.key_light.map_or(0.009, |key| key.width.max(0.009));
        self.key_toward = key_on
            .toward
            .extend(if key.is_some() { 1.0 } else { 0.0 })
            .into();
        self.key_colour = key_on.colour.extend((disc_width * 0.5).cos()).into();
        self.shadow_clip =
            shadow_clip_matrix(key_on.toward, &frame.shadow_bounds).to_cols_array_2d();
        #[expect(clippy::cast_precision_loss, reason = "a power of two")]
        let size = SHADOW_SIZE as f32;
        let metres = 2.0 * frame.shadow_bounds.radius;
        #[expect(clippy::cast_precision_loss, reason = "pass numbers are small")]
        // Each pass blurs only its share of the penumbra. Blurring all of it in each pass would
        // double it.
        let share = 1.0 / (pass.count as f32).sqrt();
        // Half the penumbra of something 0.8 m away. The bounds are in texels: below 1.4 the map's
        // grid shows, above 14 the eight taps leave gaps.
        let blur =
            ((key_on.width * 0.5).tan() * 0.8 * share / metres).clamp(1.4 / size, 14.0 / size);
        self.shadow = [metres / size, blur, 1.0 / size, 0.0];
    }

    fn set_lamps(&mut self, frame: &RenderFrame<'_>) {
        let lamps = &frame.lamps[..frame.lamps.len().min(MAX_LAMPS)];
        for (block, lamp) in self.lamps.iter_mut().zip(lamps) {
            // A radius of 0 would divide by zero on a surface that touches the lamp.
            block.place = lamp.centre.extend(lamp.radius.max(0.01)).into();
            block.intensity = lamp.intensity.extend(lamp.range.max(0.1)).into();
            block.cone = lamp.cone.map_or([0.0, 0.0, 0.0, 1.0], cone_edge);
        }
        self.counts[0] = u32::try_from(lamps.len()).unwrap_or(0);
    }

    fn set_ground(&mut self, frame: &RenderFrame<'_>) {
        let Some(ground) = frame.ground else { return };
        self.ground = ground
            .colour
            .extend(ground.roughness.clamp(0.05, 1.0))
            .into();
        self.ground_at = [
            ground.centre.x,
            ground.centre.z,
            ground.fade[0],
            ground.fade[1],
        ];
        self.ground_kind = [1.0, if ground.seamless { 1.0 } else { 0.0 }, 0.0, 0.0];
    }

    fn set_environment(&mut self, frame: &RenderFrame<'_>) {
        let sky = &frame.environment.sky;
        self.zenith = sky.zenith.extend(frame.environment.kind).into();
        self.horizon = sky.horizon.extend(sky.glow).into();
        self.nadir = sky.ground.extend(sky.stars).into();
        self.sky = [
            sky.clouds,
            frame.environment.rotation,
            frame.environment.intensity,
            0.0,
        ];
    }
}

/// Returns the axis times the scale of the edge, and the offset of the edge, as
/// `KHR_lights_punctual` defines them.
fn cone_edge(cone: LightCone) -> [f32; 4] {
    let end = cone.outer.cos();
    let scale = 1.0 / (cone.inner.cos() - end).max(0.001);
    (cone.axis * scale).extend(-end * scale).into()
}

/// Moves the light to one point of its disc, so that the passes average to a penumbra.
fn jitter_key_light(key: DirectionalKeyLight, pass: PassIndex) -> DirectionalKeyLight {
    let spread = pass.low_discrepancy_point(0.31);
    let angle = spread.x * std::f32::consts::TAU;
    let radius = if pass.count == 1 {
        0.0
    } else {
        // The square root makes the points even over the disc's area; without it they crowd the
        // centre.
        spread.y.sqrt() * (key.width * 0.5).tan()
    };
    let (side, over) = key.toward.any_orthonormal_pair();
    let toward = key.toward + (side * angle.cos() + over * angle.sin()) * radius;
    DirectionalKeyLight {
        toward: toward.normalize(),
        ..key
    }
}

/// Returns the matrix from world to the shadow map. Its texels stay in place when the sphere moves.
fn shadow_clip_matrix(toward: Vec3, sphere: &BoundingSphere) -> Mat4 {
    // The cross product vanishes for a light overhead; any other axis serves.
    let up = if toward.y.abs() > 0.99 {
        Vec3::Z
    } else {
        Vec3::Y
    };
    let right = up.cross(toward).normalize();
    let turn = view_matrix(Vec3::ZERO, right, toward.cross(right), -toward);
    #[expect(clippy::cast_precision_loss, reason = "a power of two")]
    let texel = 2.0 * sphere.radius / SHADOW_SIZE as f32;
    let centre = turn.transform_point3(sphere.centre);
    // Without snapping to texels, shadow edges crawl whenever a character moves the bounds.
    let snapped = Vec3::new(
        (centre.x / texel).round() * texel,
        (centre.y / texel).round() * texel,
        centre.z,
    );
    let radius = sphere.radius;
    let reach = sphere.radius.mul_add(2.0, 20.0);
    // The depth range begins well outside the sphere, since what is between it and the light
    // must be in the map too.
    let scale = Vec4::new(
        1.0 / radius,
        1.0 / radius,
        -1.0 / (reach + radius * 1.5),
        1.0,
    );
    let shift = Vec3::new(
        -snapped.x / radius,
        -snapped.y / radius,
        (snapped.z + reach) / (reach + radius * 1.5),
    );
    let fit = Mat4::from_cols(
        Vec4::new(scale.x, 0.0, 0.0, 0.0),
        Vec4::new(0.0, scale.y, 0.0, 0.0),
        Vec4::new(0.0, 0.0, scale.z, 0.0),
        shift.extend(1.0),
    );
    fit * turn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shadow_map_holds_its_sphere_and_what_is_above() {
        let sphere = BoundingSphere {
            centre: Vec3::new(3.0, 1.0, -2.0),
            radius: 5.0,
        };
        let toward = Vec3::new(0.3, 0.8, 0.2).normalize();
        let clip = shadow_clip_matrix(toward, &sphere);
        for place in [
            sphere.centre,
            sphere.centre + toward * 20.0,
            sphere.centre - toward * 5.0,
        ] {
            let c = clip.project_point3(place);
            assert!(
                c.x.abs() < 0.01 && c.y.abs() < 0.01 && (0.0..=1.0).contains(&c.z),
                "{place} -> {c}"
            );
        }
        assert!(
            clip.project_point3(sphere.centre + toward).z < clip.project_point3(sphere.centre).z
        );
    }

    #[test]
    fn uniforms_have_the_size_the_kernels_expect() {
        assert_eq!(
            size_of::<ViewUniforms>(),
            2 * 64 + 17 * 16 + 9 * 16 + 16 + MAX_LAMPS * 48
        );
    }
}

//! A stage with its camera set for a shot of known length and shape: what is seen from where at every frame.

use super::camera_clearance::{camera_limits, clear_setup, distance_warning};
use super::camera_moves::{self, CameraLimits};
use super::framing::{self, CameraSetup};
use super::obstacles::SceneObstacles;
use super::scene_lights;
use super::scene_models::ModelInstance;
use super::staged_scene::StagedScene;
use crate::gpu::{BoundingSphere, GroundSurface, SphereLight, ViewCamera};
use crate::model::lens_optics::FocusTarget;
use crate::model::shot_staging::{FramingSubject, SceneEnvironment};
use crate::model::{FrameRate, PixelSize};
use glam::Vec3;
use std::path::PathBuf;

/// A stage with its camera set for a shot of known length and shape.
pub struct ShotView<'s> {
    /// What is seen.
    pub scene: &'s StagedScene,
    total: usize,
    rate: FrameRate,
    setup: CameraSetup,
    limits: CameraLimits,
    /// Small lights without shadows, where something glows.
    pub lamps: Vec<SphereLight>,
    /// Where shadows matter.
    pub shadow_sphere: BoundingSphere,
    follows_subject: bool,
    warning: Option<String>,
}

impl StagedScene {
    /// Sets the camera for a shot of `total` frames of this size.
    #[must_use]
    pub fn view_shot(&self, total: usize, rate: FrameRate, size: PixelSize) -> ShotView<'_> {
        let fixed = self.fixed_instances(0.0);
        let obstacles = SceneObstacles::from_instances(fixed.iter(), self.bystanders());
        let end = frame_seconds(total.saturating_sub(1), rate);
        let follows_subject = !framing::is_wide(self.staging.camera.size);
        #[expect(clippy::cast_possible_truncation, reason = "aspects are small")]
        let aspect = size.aspect_ratio() as f32;
        let target = self.framing_target(end, follows_subject);
        let planned = framing::camera_setup(&self.staging.camera, &target, aspect);
        let room = self.room_bounds(planned.subject, &obstacles);
        let in_room = room.map_or(planned, |room| planned.inside_room(&room));
        let setup = clear_setup(in_room, &obstacles);
        let limits = camera_limits(&setup, &obstacles, room);
        // A Blender file has its own lights.
        let glowing = fixed
            .iter()
            .filter(|instance| self.models()[instance.model_index].blend.is_none());
        let lamps = scene_lights::strongest_lamps(glowing, setup.subject);
        let shadow_sphere = self.shadow_sphere(&setup, end);
        let warning = distance_warning(&planned, &setup);
        ShotView {
            scene: self,
            total,
            rate,
            setup,
            limits,
            lamps,
            shadow_sphere,
            follows_subject,
            warning,
        }
    }
}

impl ShotView<'_> {
    /// Returns what is not drawn as asked: what the stage says, and where the camera could not stand.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        self.scene
            .warnings()
            .iter()
            .chain(&self.warning)
            .cloned()
            .collect()
    }

    /// Returns how many frames it has.
    #[must_use]
    pub const fn frame_count(&self) -> usize {
        self.total
    }

    /// Returns everything in view at frame `index` of the shot, counted from 0.
    #[must_use]
    pub fn instances_at(&self, index: usize) -> Vec<ModelInstance<'_>> {
        let (now, end) = (
            frame_seconds(index, self.rate),
            frame_seconds(self.total.saturating_sub(1), self.rate),
        );
        self.scene.instances_at(now, end)
    }

    /// Returns the lamps whose light reaches where shadows matter: a renderer that looks for light at random must not look at
    /// a lighthouse on the horizon.
    pub fn near_lamps(&self) -> impl Iterator<Item = &SphereLight> {
        let BoundingSphere { centre, radius } = self.shadow_sphere;
        self.lamps
            .iter()
            .filter(move |lamp| lamp.centre.distance(centre) < lamp.range + radius)
    }

    /// Returns the Blender file that is the scene itself, if there is one.
    #[must_use]
    pub fn scene_file(&self) -> Option<PathBuf> {
        self.scene
            .scene_file_model()
            .and_then(|which| self.scene.models()[which].blend.clone())
    }

    /// Returns everything in view at frame `index` but the set that is the scene itself.
    #[must_use]
    pub fn added_instances_at(&self, index: usize) -> Vec<ModelInstance<'_>> {
        let instances = self.instances_at(index).into_iter();
        instances
            .skip(usize::from(self.scene_file().is_some()))
            .collect()
    }

    /// Returns how far the shot has gone at frame `index`, in seconds.
    #[must_use]
    pub fn elapsed_seconds(&self, index: usize) -> f32 {
        frame_seconds(index, self.rate)
    }

    /// Returns the camera at frame `index`.
    #[must_use]
    pub fn camera_at(&self, index: usize) -> ViewCamera {
        let last = self.total.saturating_sub(1);
        let (now, end) = (
            frame_seconds(index, self.rate),
            frame_seconds(last, self.rate),
        );
        let progress = if last == 0 { 0.5 } else { now / end };
        let lens = camera_moves::move_camera(
            &self.setup,
            &self.scene.staging.camera.travel,
            &self.limits,
            progress,
            now,
        );
        ViewCamera {
            eye: lens.eye + self.follow_offset(end - now),
            ..lens
        }
    }

    /// Returns how many metres from the camera's plane frame `index` is sharp, when not everything is.
    #[must_use]
    pub fn focus_distance(&self, index: usize) -> Option<f32> {
        let staging = &self.scene.staging;
        let place = match (staging.camera.optics?.focus, &staging.subject) {
            (FocusTarget::Distance(metres), _) => return Some(metres),
            (FocusTarget::Performer(who), _) => self.performer_eyes(who, index),
            (FocusTarget::Subject, FramingSubject::Performer(who)) => {
                self.performer_eyes(*who, index)
            }
            (FocusTarget::Subject, _) => None,
        };
        let lens = self.camera_at(index);
        let away = (place.unwrap_or(self.setup.subject) - lens.eye).dot(lens.forward);
        Some(away.max(lens.near))
    }

    /// Returns where the eyes of one of the cast are at frame `index`.
    fn performer_eyes(&self, who: usize, index: usize) -> Option<Vec3> {
        let (now, end) = (
            frame_seconds(index, self.rate),
            frame_seconds(self.total.saturating_sub(1), self.rate),
        );
        let (placement, performer) = (
            self.scene.placements.get(who)?,
            &self.scene.staging.cast[who],
        );
        let figure = self.scene.measure_performer(who, end);
        Some(
            figure.eye_position()
                + placement
                    .placement_before(performer.travel_speed, end - now)
                    .floor
                - placement.floor,
        )
    }

    /// Returns how far the subject still is from its mark; a camera that follows is as far from its own.
    fn follow_offset(&self, remaining: f32) -> Vec3 {
        let staging = &self.scene.staging;
        let followed = match staging.subject {
            FramingSubject::Performer(index) => index..index + 1,
            FramingSubject::Everyone => 0..staging.cast.len(),
            FramingSubject::Prop(_) | FramingSubject::Place => 0..0,
        };
        let offset = |index: usize| {
            let placement = self.scene.placements.get(index)?;
            Some(
                placement
                    .placement_before(staging.cast[index].travel_speed, remaining)
                    .floor
                    - placement.floor,
            )
        };
        let ways: Vec<Vec3> = followed.filter_map(offset).collect();
        #[expect(clippy::cast_precision_loss, reason = "a handful of performers")]
        let count = ways.len().max(1) as f32;
        if self.follows_subject {
            ways.into_iter().sum::<Vec3>() / count
        } else {
            Vec3::ZERO
        }
    }

    /// Returns the ground, for places without a set.
    #[must_use]
    pub fn ground_plane(&self) -> Option<GroundSurface> {
        let staging = &self.scene.staging;
        // A set brings its own floor; a plane through it would flicker.
        let ground = staging.ground.filter(|_| staging.set.is_none())?;
        let seamless = matches!(staging.environment, SceneEnvironment::Studio { .. });
        let fade = if seamless { [4.0, 9.0] } else { [25.0, 90.0] };
        Some(GroundSurface {
            colour: Vec3::from(ground.colour),
            roughness: ground.roughness,
            centre: self.setup.subject,
            fade,
            seamless,
        })
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "shots last minutes at most"
)]
fn frame_seconds(frames: usize, rate: FrameRate) -> f32 {
    rate.duration_seconds(frames) as f32
}

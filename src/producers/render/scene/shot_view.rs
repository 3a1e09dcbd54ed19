//! A scene with its camera set for a shot of known length and size: what is seen at every frame,
//! and from where.

use super::camera_clearance::{camera_limits, clear_setup, distance_warning, outside_setup};
use super::camera_moves::{self, CameraLimits};
use super::framing::{self, CameraSetup};
use super::scene_lights;
use super::scene_models::ModelInstance;
use super::staged_scene::StagedScene;
use crate::gpu::{BoundingSphere, GroundSurface, SphereLight, ViewCamera};
use crate::model::lens_optics::FocusTarget;
use crate::model::shot_staging::{FramingSubject, SceneEnvironment};
use crate::model::{FrameRate, PixelSize};
use glam::Vec3;
use std::path::PathBuf;

/// A scene with its camera set for a shot of known length and size.
pub struct ShotView<'s> {
    /// The scene.
    pub scene: &'s StagedScene,
    total: usize,
    rate: FrameRate,
    setup: CameraSetup,
    limits: CameraLimits,
    /// Width over height of the picture.
    aspect: f32,
    /// Small lights without shadows: at surfaces that glow, and those that models bring.
    pub lamps: Vec<SphereLight>,
    /// Those at surfaces that glow. A renderer that reads the models has the others already.
    pub glowing_lamps: Vec<SphereLight>,
    /// The sphere in which shadows are drawn.
    pub shadow_sphere: BoundingSphere,
    follows_subject: bool,
    warning: Option<String>,
}

impl StagedScene {
    /// Sets the camera for a shot of `total` frames of this size.
    #[must_use]
    pub fn view_shot(&self, total: usize, rate: FrameRate, size: PixelSize) -> ShotView<'_> {
        // The camera is placed once for the shot, and moves start from there. Placed for each
        // frame, it would jump as people walk.
        let fixed = self.fixed_instances(0.0);
        let end = last_seconds(total, rate);
        let framed = self.framed_object(end);
        let obstacles = self.obstacles(&fixed, framed.as_ref());
        // A wide shot shows the place, so people walk through it. A closer one follows them, or
        // they would leave the frame.
        let follows_subject = !framing::is_wide(self.staging.camera.size);
        #[expect(clippy::cast_possible_truncation, reason = "aspects are small")]
        let aspect = size.aspect_ratio() as f32;
        let target = self.framing_target(end, follows_subject);
        let camera = &self.staging.camera;
        let planned = framing::camera_setup(camera, &target, aspect);
        let planned = framed.map_or(planned, |framed| outside_setup(planned, camera, &framed));
        let room = self.room_bounds(planned.subject, &obstacles);
        // The room is first: it may change the lens, and obstacles are searched on the way that
        // results.
        let in_room = room.map_or(planned, |room| planned.inside_room(&room));
        let brought = self.brought_setup(end, aspect, &planned);
        let setup = brought.unwrap_or_else(|| clear_setup(in_room, &obstacles));
        let limits = camera_limits(&setup, &obstacles, room);
        // A Blender file brings its own lights. Lamps from its glow would light it twice.
        let glowing = fixed
            .iter()
            .filter(|instance| self.models()[instance.model_index].blend.is_none());
        let glow = scene_lights::glowing_lamps(glowing.clone());
        let own_lamps = scene_lights::model_lamps(glowing, setup.subject);
        let lamps = [glow.as_slice(), own_lamps.as_slice()].concat();
        let lamps = scene_lights::strongest_lamps(lamps, setup.subject);
        let glowing_lamps = scene_lights::strongest_lamps(glow, setup.subject);
        let shadow_sphere = self.shadow_sphere(&setup, end);
        let warning = match brought {
            Some(_) => None,
            None => distance_warning(&planned, &setup, &obstacles),
        };
        ShotView {
            scene: self,
            total,
            rate,
            setup,
            limits,
            aspect,
            lamps,
            glowing_lamps,
            shadow_sphere,
            // A camera that a model brings is where it is.
            follows_subject: follows_subject && brought.is_none(),
            warning,
        }
    }
}

impl ShotView<'_> {
    /// Returns differences between the view and the document: those of the scene, and a camera that
    /// had to move.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        self.scene
            .warnings()
            .iter()
            .chain(&self.warning)
            .cloned()
            .collect()
    }

    /// Returns the number of frames of the shot.
    #[must_use]
    pub const fn frame_count(&self) -> usize {
        self.total
    }

    /// Returns everything in view at frame `index` of the shot, counted from 0. Frames before the
    /// first and behind the last are those that a transition shows: what moves continues.
    #[must_use]
    pub fn instances_at(&self, index: i64) -> Vec<ModelInstance<'_>> {
        let now = frame_seconds(index, self.rate);
        let end = last_seconds(self.total, self.rate);
        self.scene.instances_at(now, end)
    }

    /// Returns one of the cast `seconds` into the shot, by index in the cast. A moment between two
    /// frames is where motion continues to; sound is not bound to frames.
    #[must_use]
    pub fn performer_at(&self, who: usize, seconds: f32) -> ModelInstance<'_> {
        let end = last_seconds(self.total, self.rate);
        self.scene.performer_at(who, seconds, end)
    }

    /// Returns the height of the floor under one of the cast.
    #[must_use]
    pub fn floor_under(&self, who: usize) -> f32 {
        self.scene.placements[who].floor.y
    }

    /// Returns the middle of what the camera frames, at frame `index`.
    #[must_use]
    pub fn subject_at(&self, index: i64) -> Vec3 {
        let end = last_seconds(self.total, self.rate);
        self.setup.subject + self.follow_offset(end - frame_seconds(index, self.rate))
    }

    /// Returns the lamps at surfaces that glow whose light reaches the sphere of shadows.
    pub fn near_lamps(&self) -> impl Iterator<Item = &SphereLight> {
        // A renderer that samples lamps at random would spend samples on a lighthouse at the
        // horizon, and leave noise where light matters.
        let BoundingSphere { centre, radius } = self.shadow_sphere;
        self.glowing_lamps
            .iter()
            .filter(move |lamp| lamp.centre.distance(centre) < lamp.range + radius)
    }

    /// Returns the Blender file that is opened as the scene, if there is one.
    #[must_use]
    pub fn scene_file(&self) -> Option<PathBuf> {
        self.scene
            .scene_file_model()
            .and_then(|which| self.scene.models()[which].blend.clone())
    }

    /// Returns everything in view at frame `index`, without a set that is opened as the scene.
    #[must_use]
    pub fn added_instances_at(&self, index: i64) -> Vec<ModelInstance<'_>> {
        let instances = self.instances_at(index).into_iter();
        instances
            .skip(usize::from(self.scene_file().is_some()))
            .collect()
    }

    /// Returns the seconds since the start of the shot at frame `index`.
    #[must_use]
    pub fn elapsed_seconds(&self, index: i64) -> f32 {
        frame_seconds(index, self.rate)
    }

    /// Returns the camera at frame `index`.
    #[must_use]
    pub fn camera_at(&self, index: i64) -> ViewCamera {
        let now = frame_seconds(index, self.rate);
        let end = last_seconds(self.total, self.rate);
        let brought = self
            .scene
            .brought_camera(now, self.aspect, self.setup.subject);
        if let Some(camera) = brought {
            return camera;
        }
        // A shot of one frame shows the middle of its move: there pans and orbits have the framing
        // that the document names.
        let progress = if self.total < 2 { 0.5 } else { now / end };
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

    /// Returns the focus distance at frame `index`, in metres from the camera's plane; `None` if
    /// everything is sharp.
    #[must_use]
    pub fn focus_distance(&self, index: i64) -> Option<f32> {
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
        // A subject behind the camera would give a negative distance, at which no lens focuses.
        Some(away.max(lens.near))
    }

    /// Returns the place of a performer's eyes at frame `index`; `None` if there is no such
    /// performer.
    fn performer_eyes(&self, who: usize, index: i64) -> Option<Vec3> {
        let now = frame_seconds(index, self.rate);
        let end = last_seconds(self.total, self.rate);
        let placement = self.scene.placements.get(who)?;
        let performer = &self.scene.staging.cast[who];
        let figure = self.scene.measure_performer(who, end);
        Some(
            figure.eye_position()
                + placement
                    .placement_before(performer.travel_speed, end - now)
                    .floor
                - placement.floor,
        )
    }

    /// Returns the way from the subject to its mark. A camera that follows is as far from its own
    /// place.
    fn follow_offset(&self, remaining: f32) -> Vec3 {
        let staging = &self.scene.staging;
        let followed = match staging.subject {
            FramingSubject::Performer(index) => index..index + 1,
            FramingSubject::Everyone => 0..staging.cast.len(),
            FramingSubject::Prop(_) | FramingSubject::Place => 0..0,
        };
        // Several people move apart, so the camera follows their mean.
        let ways: Vec<Vec3> = followed
            .filter_map(|index| {
                let placement = self.scene.placements.get(index)?;
                Some(
                    placement
                        .placement_before(staging.cast[index].travel_speed, remaining)
                        .floor
                        - placement.floor,
                )
            })
            .collect();
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
        // A studio floor ends close by and without a horizon; outdoors the ground reaches to the
        // haze.
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

/// Returns the seconds from the first frame of a shot to its last.
fn last_seconds(total: usize, rate: FrameRate) -> f32 {
    frame_seconds(
        i64::try_from(total.saturating_sub(1)).unwrap_or(i64::MAX),
        rate,
    )
}

/// Returns the seconds from the first frame to frame `index`, negative before it.
#[expect(
    clippy::cast_possible_truncation,
    reason = "shots last minutes at most"
)]
fn frame_seconds(index: i64, rate: FrameRate) -> f32 {
    let frames = usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX);
    let seconds = rate.duration_seconds(frames) as f32;
    if index < 0 { -seconds } else { seconds }
}

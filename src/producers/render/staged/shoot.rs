//! A stage with its camera set for a shot of known length and shape: what is seen from where at every frame.

use super::clearance::{cleared, freedom, moved};
use super::framing::{self, Setup};
use super::lights;
use super::models::Placed;
use super::obstacles::Obstacles;
use super::stage::Stage;
use super::travel::{self, Freedom};
use crate::gpu::{BoundingSphere, GroundSurface, SphereLight, ViewCamera};
use crate::model::lens_optics::FocusTarget;
use crate::model::shot_staging::{FramingSubject, SceneEnvironment};
use crate::model::{FrameRate, PixelSize};
use glam::Vec3;
use std::path::PathBuf;

/// A stage with its camera set for a shot of known length and shape.
pub struct Shoot<'s> {
    /// What is seen.
    pub stage: &'s Stage,
    total: usize,
    rate: FrameRate,
    setup: Setup,
    freedom: Freedom,
    /// Small lights without shadows, where something glows.
    pub lamps: Vec<SphereLight>,
    /// Where shadows matter.
    pub shadowed: BoundingSphere,
    follows: bool,
    warning: Option<String>,
}

impl Stage {
    /// Sets the camera for a shot of `total` frames of this size.
    #[must_use]
    pub fn shoot(&self, total: usize, rate: FrameRate, size: PixelSize) -> Shoot<'_> {
        let fixed = self.fixed(0.0);
        let obstacles = Obstacles::of(fixed.iter(), self.bystanders());
        let end = seconds(total.saturating_sub(1), rate);
        let follows = !framing::is_wide(self.staging.camera.size);
        #[expect(clippy::cast_possible_truncation, reason = "aspects are small")]
        let aspect = size.aspect_ratio() as f32;
        let target = self.target(end, follows);
        let planned = framing::setup(&self.staging.camera, &target, aspect);
        let room = self.room(planned.subject, &obstacles);
        let kept = room.map_or(planned, |room| planned.inside(&room));
        let setup = cleared(kept, &obstacles);
        let freedom = freedom(&setup, &obstacles, room);
        // A Blender file has its own lights.
        let glowing = fixed
            .iter()
            .filter(|placed| self.models()[placed.which].blend.is_none());
        let lamps = lights::lamps(glowing, setup.subject);
        let shadowed = self.shadowed(&setup, end);
        let warning = moved(&planned, &setup);
        Shoot {
            stage: self,
            total,
            rate,
            setup,
            freedom,
            lamps,
            shadowed,
            follows,
            warning,
        }
    }
}

impl Shoot<'_> {
    /// Returns what is not drawn as asked: what the stage says, and where the camera could not stand.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        self.stage
            .warnings()
            .iter()
            .chain(&self.warning)
            .cloned()
            .collect()
    }

    /// Returns how many frames it has.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.total
    }

    /// Returns everything in view at frame `index` of the shot, counted from 0.
    #[must_use]
    pub fn placed(&self, index: usize) -> Vec<Placed<'_>> {
        let (now, end) = (
            seconds(index, self.rate),
            seconds(self.total.saturating_sub(1), self.rate),
        );
        self.stage.placed(now, end)
    }

    /// Returns the lamps whose light reaches where shadows matter: a renderer that looks for light at random must not look at
    /// a lighthouse on the horizon.
    pub fn near_lamps(&self) -> impl Iterator<Item = &SphereLight> {
        let BoundingSphere { centre, radius } = self.shadowed;
        self.lamps
            .iter()
            .filter(move |lamp| lamp.centre.distance(centre) < lamp.range + radius)
    }

    /// Returns the Blender file that is the scene itself, if there is one.
    #[must_use]
    pub fn opened(&self) -> Option<PathBuf> {
        self.stage
            .opened()
            .and_then(|which| self.stage.models()[which].blend.clone())
    }

    /// Returns everything in view at frame `index` but the set that is the scene itself.
    #[must_use]
    pub fn moved(&self, index: usize) -> Vec<Placed<'_>> {
        let placed = self.placed(index).into_iter();
        placed.skip(usize::from(self.opened().is_some())).collect()
    }

    /// Returns how far the shot has gone at frame `index`, in seconds.
    #[must_use]
    pub fn seconds(&self, index: usize) -> f32 {
        seconds(index, self.rate)
    }

    /// Returns the camera at frame `index`.
    #[must_use]
    pub fn lens(&self, index: usize) -> ViewCamera {
        let last = self.total.saturating_sub(1);
        let (now, end) = (seconds(index, self.rate), seconds(last, self.rate));
        let progress = if last == 0 { 0.5 } else { now / end };
        let lens = travel::lens(
            &self.setup,
            &self.stage.staging.camera.travel,
            &self.freedom,
            progress,
            now,
        );
        ViewCamera {
            eye: lens.eye + self.way(end - now),
            ..lens
        }
    }

    /// Returns how many metres from the camera's plane frame `index` is sharp, when not everything is.
    #[must_use]
    pub fn focus(&self, index: usize) -> Option<f32> {
        let staging = &self.stage.staging;
        let place = match (staging.camera.optics?.focus, &staging.subject) {
            (FocusTarget::Distance(metres), _) => return Some(metres),
            (FocusTarget::Performer(who), _) => self.eyes(who, index),
            (FocusTarget::Subject, FramingSubject::Performer(who)) => self.eyes(*who, index),
            (FocusTarget::Subject, _) => None,
        };
        let lens = self.lens(index);
        let away = (place.unwrap_or(self.setup.subject) - lens.eye).dot(lens.forward);
        Some(away.max(lens.near))
    }

    /// Returns where the eyes of one of the cast are at frame `index`.
    fn eyes(&self, who: usize, index: usize) -> Option<Vec3> {
        let (now, end) = (
            seconds(index, self.rate),
            seconds(self.total.saturating_sub(1), self.rate),
        );
        let (standing, one) = (
            self.stage.standings.get(who)?,
            &self.stage.staging.cast[who],
        );
        let figure = self.stage.measured(who, end);
        Some(figure.eyes() + standing.before(one.travel_speed, end - now).floor - standing.floor)
    }

    /// Returns how far the subject still is from its mark; a camera that follows is as far from its own.
    fn way(&self, left: f32) -> Vec3 {
        let staging = &self.stage.staging;
        let followed = match staging.subject {
            FramingSubject::Performer(index) => index..index + 1,
            FramingSubject::Everyone => 0..staging.cast.len(),
            FramingSubject::Prop(_) | FramingSubject::Place => 0..0,
        };
        let one = |index: usize| {
            let standing = self.stage.standings.get(index)?;
            Some(
                standing
                    .before(staging.cast[index].travel_speed, left)
                    .floor
                    - standing.floor,
            )
        };
        let ways: Vec<Vec3> = followed.filter_map(one).collect();
        #[expect(clippy::cast_precision_loss, reason = "a handful of performers")]
        let count = ways.len().max(1) as f32;
        if self.follows {
            ways.into_iter().sum::<Vec3>() / count
        } else {
            Vec3::ZERO
        }
    }

    /// Returns the ground, for places without a set.
    #[must_use]
    pub fn ground(&self) -> Option<GroundSurface> {
        let staging = &self.stage.staging;
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
fn seconds(frames: usize, rate: FrameRate) -> f32 {
    rate.duration_seconds(frames) as f32
}

//! A staging with its models read and everyone on their mark.

use super::blocking::{self, Standing};
use super::framing::{Figure, Setup, Target};
use super::models::{Loader, Placed, Sourced};
use super::obstacles::{Obstacles, Person};
use super::{figure, lights};
use crate::gpu::{BoundingSphere, DirectionalKeyLight, EquirectImage};
use crate::media::LinearImage;
use crate::media::gltf::{BoundingBox, GltfModel};
use crate::media::picture::read_picture;
use crate::model::InputFiles;
use crate::model::shot_staging::{FramingSubject, SceneEnvironment, ShotStaging, StagedPerformer};
use crate::producers::task::Failure;
use glam::{Mat4, Vec3};
use std::path::PathBuf;

/// Moments of the shot at which figures are measured.
const MEASURES: usize = 5;
/// Metres around the middle that count as the place.
const PLACE_RADIUS: f32 = 14.0;

/// Marks of a set between which its people stand.
const MARKS: [&str; 2] = ["mark_a", "mark_b"];
/// A set less wide than this, in metres, is a thing and not a place.
const SMALLEST_PLACE: f32 = 2.5;

/// A staging with its models read and everyone on their mark.
pub struct Stage {
    pub(super) staging: ShotStaging,
    models: Vec<Sourced>,
    set: Option<usize>,
    cast: Vec<usize>,
    props: Vec<usize>,
    pub(super) standings: Vec<Standing>,
    /// Metres that each performer is raised so that the feet touch the floor.
    lifts: Vec<f32>,
    key: Option<DirectionalKeyLight>,
    /// The picture of the surroundings, if they are one.
    panorama: Option<PathBuf>,
    warnings: Vec<String>,
}

impl Stage {
    /// Reads and places everything in `staging`.
    ///
    /// # Errors
    /// Fails when a slot is empty, or a model cannot be read.
    pub fn new(staging: &ShotStaging, materials: &InputFiles) -> Result<Self, Failure> {
        let mut loader = Loader {
            materials,
            models: Vec::new(),
        };
        let set = staging
            .set
            .as_ref()
            .map(|slot| loader.model(slot))
            .transpose()?;
        let cast = staging
            .cast
            .iter()
            .map(|one| loader.model(&one.model))
            .collect::<Result<Vec<_>, _>>()?;
        let props = staging
            .props
            .iter()
            .map(|one| loader.model(&one.model))
            .collect::<Result<Vec<_>, _>>()?;
        let panorama = match &staging.environment {
            SceneEnvironment::Picture { slot, .. } => Some(loader.path(slot)?.to_owned()),
            _ => None,
        };
        let models = loader.models;
        let set_model = set.map(|which| &*models[which].model);
        let standings = blocking::standings(&staging.cast, set_model);
        let lifts = staging
            .cast
            .iter()
            .zip(&cast)
            .map(|(one, which)| lift(one, &models[*which].model))
            .collect();
        let warnings = warnings(staging, set_model, &models);
        Ok(Self {
            staging: staging.clone(),
            set,
            cast,
            props,
            standings,
            lifts,
            key: staging.key.as_ref().map(lights::key),
            panorama,
            warnings,
            models,
        })
    }

    /// Returns what was asked for.
    #[must_use]
    pub const fn staging(&self) -> &ShotStaging {
        &self.staging
    }

    /// Returns every model in it, each once.
    #[must_use]
    pub fn models(&self) -> &[Sourced] {
        &self.models
    }

    /// Returns the light that casts shadows.
    #[must_use]
    pub const fn key(&self) -> Option<DirectionalKeyLight> {
        self.key
    }

    /// Reads the picture that the surroundings are, if they are one.
    ///
    /// # Errors
    /// Fails when it cannot be read.
    pub fn panorama(&self) -> Result<Option<EquirectImage>, Failure> {
        let Some(path) = &self.panorama else {
            return Ok(None);
        };
        let LinearImage { size, pixels } = read_picture(path)?;
        Ok(Some(EquirectImage { size, pixels }))
    }

    /// Returns what is in the staging and is not drawn as asked.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Returns everything in view `now` seconds into a shot that ends at `end` seconds.
    #[must_use]
    pub fn placed(&self, now: f32, end: f32) -> Vec<Placed<'_>> {
        let cast = self.staging.cast.iter().enumerate().map(|(who, one)| {
            let standing = self.standings[who].before(one.travel_speed, end - now);
            let root = standing.matrix() * Mat4::from_translation(Vec3::Y * self.lifts[who]);
            let seconds = one.clip_start + now;
            Placed {
                clip: Some(&one.clip),
                seconds,
                ..self.still(self.cast[who], root)
            }
        });
        self.fixed(now).into_iter().chain(cast).collect()
    }

    fn still(&self, which: usize, root: Mat4) -> Placed<'_> {
        Placed {
            which,
            model: &self.models[which].model,
            root,
            clip: None,
            seconds: 0.0,
        }
    }

    fn set(&self) -> Option<&GltfModel> {
        self.set.map(|which| &*self.models[which].model)
    }

    /// Returns which model is a file that its renderer opens as the scene.
    pub(super) fn opened(&self) -> Option<usize> {
        self.set.filter(|_| self.staging.opened)
    }

    /// Returns those the camera does not look at.
    pub(super) fn bystanders(&self) -> Vec<Person> {
        let FramingSubject::Performer(subject) = self.staging.subject else {
            return Vec::new();
        };
        let others = self
            .standings
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != subject);
        others
            .map(|(_, standing)| Person {
                floor: standing.floor,
                height: 1.8,
            })
            .collect()
    }

    /// Returns the set's walls, when the subject stands between them.
    pub(super) fn room(&self, subject: Vec3, obstacles: &Obstacles) -> Option<BoundingBox> {
        let set = self.set().filter(|_| obstacles.surround(subject))?;
        Some(set.bounds_in_pose(&set.pose_at(None, 0.0)))
    }

    /// Returns the set and the props, which stay where they are and play what they have by themselves.
    pub(super) fn fixed(&self, now: f32) -> Vec<Placed<'_>> {
        let set = self.set.map(|which| (which, Mat4::IDENTITY));
        let place = |mark| blocking::place(mark, self.set());
        let props = self
            .props
            .iter()
            .zip(&self.staging.props)
            .map(|(which, prop)| (*which, place(&prop.mark)));
        let placed = |(which, root)| Placed {
            seconds: now,
            ..self.still(which, root)
        };
        set.into_iter().chain(props).map(placed).collect()
    }

    /// Returns what the camera frames, measured over the shot.
    pub(super) fn target(&self, end: f32, follows: bool) -> Target {
        let figures = |indices: &mut dyn Iterator<Item = usize>| {
            indices
                .filter(|i| *i < self.cast.len())
                .flat_map(|i| self.figures(i, end, follows))
                .collect::<Vec<_>>()
        };
        match self.staging.subject {
            FramingSubject::Performer(index) if index < self.cast.len() => {
                Target::Figures(figures(&mut std::iter::once(index)), self.place())
            }
            FramingSubject::Prop(index) if index < self.props.len() => {
                Target::Thing(self.prop_bounds(index))
            }
            FramingSubject::Everyone | FramingSubject::Performer(_) if !self.cast.is_empty() => {
                Target::Group(figures(&mut (0..self.cast.len())), self.place())
            }
            _ => self.bare_place(),
        }
    }

    /// Returns the place with no one to look at: composed as if someone of ordinary build stood where people would, or,
    /// for a model too small to stand in, as a thing.
    fn bare_place(&self) -> Target {
        let nothing = BoundingBox {
            min: Vec3::new(-3.0, 0.0, -3.0),
            max: Vec3::new(3.0, 2.5, 3.0),
        };
        let Some(set) = self.set() else {
            return Target::Thing(nothing);
        };
        let all = set.bounds_in_pose(&set.pose_at(None, 0.0));
        let extent = all.size();
        if extent.x.max(extent.z) < SMALLEST_PLACE {
            return Target::Thing(all);
        }
        Target::Group(
            vec![Figure::ordinary(self.stage_floor(set, &all))],
            self.place(),
        )
    }

    /// Returns the floor where people would stand: between the set's marks, else at the origin, else in the middle.
    fn stage_floor(&self, set: &GltfModel, all: &BoundingBox) -> Vec3 {
        let marks: Vec<Vec3> = MARKS
            .iter()
            .filter_map(|name| Some(set.node_transform(name)?.w_axis.truncate()))
            .collect();
        if marks.is_empty() {
            let origin = all.min.cmple(Vec3::ZERO).all() && all.max.cmpge(Vec3::ZERO).all();
            return if origin {
                Vec3::ZERO
            } else {
                all.centre().with_y(all.min.y)
            };
        }
        #[expect(clippy::cast_precision_loss, reason = "a handful of marks")]
        let count = marks.len() as f32;
        marks.iter().sum::<Vec3>() / count
    }

    /// Returns the measures of one performer: once at the mark, and where the camera does not follow also at the start.
    fn figures(&self, index: usize, end: f32, follows: bool) -> Vec<Figure> {
        let (one, standing) = (&self.staging.cast[index], self.standings[index]);
        let at_mark = self.measured(index, end);
        let start = standing.before(one.travel_speed, end).floor;
        if follows || start.distance(standing.floor) < 0.2 {
            return vec![at_mark];
        }
        vec![
            at_mark,
            Figure {
                floor: start,
                ..at_mark
            },
        ]
    }

    /// Returns the measures of one performer at the mark, over the shot.
    pub(super) fn measured(&self, index: usize, end: f32) -> Figure {
        let (one, standing) = (&self.staging.cast[index], self.standings[index]);
        #[expect(clippy::cast_precision_loss, reason = "a handful of moments")]
        let times: Vec<f32> = (0..MEASURES)
            .map(|i| one.clip_start + end * i as f32 / (MEASURES - 1) as f32)
            .collect();
        let model = &self.models[self.cast[index]].model;
        figure::measured(model, &one.clip, &times, self.lifts[index], standing)
    }

    fn prop_bounds(&self, index: usize) -> BoundingBox {
        let (model, prop) = (
            &self.models[self.props[index]].model,
            &self.staging.props[index],
        );
        model
            .bounds_in_pose(&model.pose_at(None, 0.0))
            .transformed_by(blocking::place(&prop.mark, self.set()))
    }

    /// Returns the part of the set that counts as the place.
    fn place(&self) -> Option<BoundingBox> {
        let set = self.set()?;
        let all = set.bounds_in_pose(&set.pose_at(None, 0.0));
        let radius = Vec3::new(PLACE_RADIUS, 6.0, PLACE_RADIUS);
        let centre = if self.standings.is_empty() {
            self.stage_floor(set, &all)
        } else {
            self.middle()
        };
        let centre = centre.with_y(all.min.y.max(centre.y - 1.0) + 5.0);
        let clipped = BoundingBox {
            min: all.min.max(centre - radius),
            max: all.max.min(centre + radius),
        };
        (!clipped.is_empty()).then_some(clipped)
    }

    fn middle(&self) -> Vec3 {
        #[expect(clippy::cast_precision_loss, reason = "a handful of performers")]
        let count = self.standings.len().max(1) as f32;
        self.standings
            .iter()
            .map(|standing| standing.floor)
            .sum::<Vec3>()
            / count
    }

    /// Returns where shadows matter, the same for every frame so that they do not swim.
    pub(super) fn shadowed(&self, setup: &Setup, end: f32) -> BoundingSphere {
        let width = setup.tangents.x * setup.distance * 2.0;
        let travelled = self
            .staging
            .cast
            .iter()
            .map(|one| one.travel_speed.abs() * end)
            .fold(0.0, f32::max);
        let spread = self
            .standings
            .iter()
            .map(|s| s.floor.distance(setup.subject.with_y(s.floor.y)))
            .fold(0.0, f32::max);
        let radius = (width * 1.1 + 1.5).max(spread + 1.5).max(3.0) + travelled;
        BoundingSphere {
            centre: setup.subject,
            radius: radius.min(45.0),
        }
    }
}

/// Returns how far to raise a performer so that the lowest point touches the floor in the first frame.
fn lift(one: &StagedPerformer, model: &GltfModel) -> f32 {
    let bounds = model.bounds_in_pose(&model.pose_at(Some(&one.clip), one.clip_start));
    if bounds.is_empty() {
        0.0
    } else {
        -bounds.min.y
    }
}

fn warnings(staging: &ShotStaging, set: Option<&GltfModel>, models: &[Sourced]) -> Vec<String> {
    let marks = staging
        .cast
        .iter()
        .map(|one| &one.mark)
        .chain(staging.props.iter().map(|prop| &prop.mark));
    let lost = |name: &&str| set.is_some_and(|set| set.node_transform(name).is_none());
    let named = marks.filter_map(|mark| mark.node.as_deref()).filter(lost);
    let mut list: Vec<String> = named
        .map(|name| format!("the set has no mark `{name}`; its coordinates are used"))
        .collect();
    list.extend(
        models
            .iter()
            .flat_map(|sourced| sourced.model.warnings.iter().cloned()),
    );
    list.sort();
    list.dedup();
    list
}

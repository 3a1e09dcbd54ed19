//! A staging with its models read and everyone on their mark.

use super::blocking::{self, PerformerPlacement};
use super::framing::{CameraSetup, FigureMeasures, FramingTarget};
use super::obstacles::{BystanderCylinder, SceneObstacles};
use super::scene_models::{ModelInstance, ModelLoader, SceneModel};
use super::{figure, scene_lights};
use crate::gpu::{BoundingSphere, DirectionalKeyLight, EquirectImage};
use crate::media::LinearImage;
use crate::media::gltf::{BoundingBox, GltfModel};
use crate::media::picture::read_picture;
use crate::model::InputFiles;
use crate::model::shot_staging::{FramingSubject, SceneEnvironment, ShotStaging, StagedPerformer};
use crate::producers::contract::JobFailure;
use glam::{Mat4, Vec3};
use std::path::PathBuf;

/// Moments of the shot at which figures are measured.
const MEASURE_COUNT: usize = 5;
/// Metres around the middle that count as the place.
const PLACE_RADIUS: f32 = 14.0;

/// Marks of a set between which its people stand.
const SET_MARKS: [&str; 2] = ["mark_a", "mark_b"];
/// A set less wide than this, in metres, is a thing and not a place.
const SMALLEST_PLACE: f32 = 2.5;

/// A staging with its models read and everyone on their mark.
pub struct StagedScene {
    pub(super) staging: ShotStaging,
    models: Vec<SceneModel>,
    set: Option<usize>,
    cast: Vec<usize>,
    props: Vec<usize>,
    pub(super) placements: Vec<PerformerPlacement>,
    /// Metres that each performer is raised so that the feet touch the floor.
    lifts: Vec<f32>,
    key: Option<DirectionalKeyLight>,
    /// The picture of the surroundings, if they are one.
    panorama: Option<PathBuf>,
    warnings: Vec<String>,
}

impl StagedScene {
    /// Reads and places everything in `staging`.
    ///
    /// # Errors
    /// Fails when a slot is empty, or a model cannot be read.
    pub fn new(staging: &ShotStaging, inputs: &InputFiles) -> Result<Self, JobFailure> {
        let mut loader = ModelLoader {
            inputs,
            models: Vec::new(),
        };
        let set = staging
            .set
            .as_ref()
            .map(|slot| loader.load_model(slot))
            .transpose()?;
        let cast = staging
            .cast
            .iter()
            .map(|entry| loader.load_model(&entry.model))
            .collect::<Result<Vec<_>, _>>()?;
        let props = staging
            .props
            .iter()
            .map(|entry| loader.load_model(&entry.model))
            .collect::<Result<Vec<_>, _>>()?;
        let panorama = match &staging.environment {
            SceneEnvironment::Picture { slot, .. } => Some(loader.slot_path(slot)?.to_owned()),
            _ => None,
        };
        let models = loader.models;
        let set_model = set.map(|which| &*models[which].model);
        let placements = blocking::final_placements(&staging.cast, set_model);
        let lifts = staging
            .cast
            .iter()
            .zip(&cast)
            .map(|(entry, which)| floor_lift(entry, &models[*which].model))
            .collect();
        let warnings = staging_warnings(staging, set_model, &models);
        Ok(Self {
            staging: staging.clone(),
            set,
            cast,
            props,
            placements,
            lifts,
            key: staging.key.as_ref().map(scene_lights::key_light),
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
    pub fn models(&self) -> &[SceneModel] {
        &self.models
    }

    /// Returns the light that casts shadows.
    #[must_use]
    pub const fn key_light(&self) -> Option<DirectionalKeyLight> {
        self.key
    }

    /// Reads the picture that the surroundings are, if they are one.
    ///
    /// # Errors
    /// Fails when it cannot be read.
    pub fn load_panorama(&self) -> Result<Option<EquirectImage>, JobFailure> {
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
    pub fn instances_at(&self, now: f32, end: f32) -> Vec<ModelInstance<'_>> {
        let cast = self
            .staging
            .cast
            .iter()
            .enumerate()
            .map(|(who, performer)| {
                let placement =
                    self.placements[who].placement_before(performer.travel_speed, end - now);
                let root =
                    placement.world_matrix() * Mat4::from_translation(Vec3::Y * self.lifts[who]);
                let seconds = performer.clip_start + now;
                ModelInstance {
                    clip: Some(&performer.clip),
                    seconds,
                    ..self.instance_of_model(self.cast[who], root)
                }
            });
        self.fixed_instances(now).into_iter().chain(cast).collect()
    }

    fn instance_of_model(&self, model_index: usize, root: Mat4) -> ModelInstance<'_> {
        ModelInstance {
            model_index,
            model: &self.models[model_index].model,
            root,
            clip: None,
            seconds: 0.0,
        }
    }

    fn set_model(&self) -> Option<&GltfModel> {
        self.set.map(|which| &*self.models[which].model)
    }

    /// Returns which model is a file that its renderer opens as the scene.
    pub(super) fn scene_file_model(&self) -> Option<usize> {
        self.set.filter(|_| self.staging.opened)
    }

    /// Returns those the camera does not look at.
    pub(super) fn bystanders(&self) -> Vec<BystanderCylinder> {
        let FramingSubject::Performer(subject) = self.staging.subject else {
            return Vec::new();
        };
        let others = self
            .placements
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != subject);
        others
            .map(|(_, placement)| BystanderCylinder {
                floor: placement.floor,
                height: 1.8,
            })
            .collect()
    }

    /// Returns the set's walls, when the subject stands between them.
    pub(super) fn room_bounds(
        &self,
        subject: Vec3,
        obstacles: &SceneObstacles,
    ) -> Option<BoundingBox> {
        let set = self
            .set_model()
            .filter(|_| obstacles.is_enclosed(subject))?;
        Some(set.bounds_in_pose(&set.pose_at(None, 0.0)))
    }

    /// Returns the set and the props, which stay where they are and play what they have by themselves.
    pub(super) fn fixed_instances(&self, now: f32) -> Vec<ModelInstance<'_>> {
        let set = self.set.map(|which| (which, Mat4::IDENTITY));
        let place = |mark| blocking::mark_transform(mark, self.set_model());
        let props = self
            .props
            .iter()
            .zip(&self.staging.props)
            .map(|(which, prop)| (*which, place(&prop.mark)));
        let instance = |(which, root)| ModelInstance {
            seconds: now,
            ..self.instance_of_model(which, root)
        };
        set.into_iter().chain(props).map(instance).collect()
    }

    /// Returns what the camera frames, measured over the shot.
    pub(super) fn framing_target(&self, end: f32, follows: bool) -> FramingTarget {
        let figures = |indices: &mut dyn Iterator<Item = usize>| {
            indices
                .filter(|i| *i < self.cast.len())
                .flat_map(|i| self.performer_measures(i, end, follows))
                .collect::<Vec<_>>()
        };
        match self.staging.subject {
            FramingSubject::Performer(index) if index < self.cast.len() => {
                FramingTarget::Figures(figures(&mut std::iter::once(index)), self.place_bounds())
            }
            FramingSubject::Prop(index) if index < self.props.len() => {
                FramingTarget::Object(self.prop_bounds(index))
            }
            FramingSubject::Everyone | FramingSubject::Performer(_) if !self.cast.is_empty() => {
                FramingTarget::Group(figures(&mut (0..self.cast.len())), self.place_bounds())
            }
            _ => self.empty_place_target(),
        }
    }

    /// Returns the place with no one to look at: composed as if someone of ordinary build stood where people would, or,
    /// for a model too small to stand in, as a thing.
    fn empty_place_target(&self) -> FramingTarget {
        let nothing = BoundingBox {
            min: Vec3::new(-3.0, 0.0, -3.0),
            max: Vec3::new(3.0, 2.5, 3.0),
        };
        let Some(set) = self.set_model() else {
            return FramingTarget::Object(nothing);
        };
        let bounds = set.bounds_in_pose(&set.pose_at(None, 0.0));
        let extent = bounds.size();
        if extent.x.max(extent.z) < SMALLEST_PLACE {
            return FramingTarget::Object(bounds);
        }
        FramingTarget::Group(
            vec![FigureMeasures::average_build(
                self.standing_floor(set, &bounds),
            )],
            self.place_bounds(),
        )
    }

    /// Returns the floor where people would stand: between the set's marks, else at the origin, else in the middle.
    fn standing_floor(&self, set: &GltfModel, bounds: &BoundingBox) -> Vec3 {
        let marks: Vec<Vec3> = SET_MARKS
            .iter()
            .filter_map(|name| Some(set.node_transform(name)?.w_axis.truncate()))
            .collect();
        if marks.is_empty() {
            let origin = bounds.min.cmple(Vec3::ZERO).all() && bounds.max.cmpge(Vec3::ZERO).all();
            return if origin {
                Vec3::ZERO
            } else {
                bounds.centre().with_y(bounds.min.y)
            };
        }
        #[expect(clippy::cast_precision_loss, reason = "a handful of marks")]
        let count = marks.len() as f32;
        marks.iter().sum::<Vec3>() / count
    }

    /// Returns the measures of one performer: once at the mark, and where the camera does not follow also at the start.
    fn performer_measures(&self, index: usize, end: f32, follows: bool) -> Vec<FigureMeasures> {
        let (performer, placement) = (&self.staging.cast[index], self.placements[index]);
        let at_mark = self.measure_performer(index, end);
        let start = placement
            .placement_before(performer.travel_speed, end)
            .floor;
        if follows || start.distance(placement.floor) < 0.2 {
            return vec![at_mark];
        }
        vec![
            at_mark,
            FigureMeasures {
                floor: start,
                ..at_mark
            },
        ]
    }

    /// Returns the measures of one performer at the mark, over the shot.
    pub(super) fn measure_performer(&self, index: usize, end: f32) -> FigureMeasures {
        let (performer, placement) = (&self.staging.cast[index], self.placements[index]);
        #[expect(clippy::cast_precision_loss, reason = "a handful of moments")]
        let times: Vec<f32> = (0..MEASURE_COUNT)
            .map(|i| performer.clip_start + end * i as f32 / (MEASURE_COUNT - 1) as f32)
            .collect();
        let model = &self.models[self.cast[index]].model;
        figure::measure_figure(model, &performer.clip, &times, self.lifts[index], placement)
    }

    fn prop_bounds(&self, index: usize) -> BoundingBox {
        let (model, prop) = (
            &self.models[self.props[index]].model,
            &self.staging.props[index],
        );
        model
            .bounds_in_pose(&model.pose_at(None, 0.0))
            .transformed_by(blocking::mark_transform(&prop.mark, self.set_model()))
    }

    /// Returns the part of the set that counts as the place.
    fn place_bounds(&self) -> Option<BoundingBox> {
        let set = self.set_model()?;
        let bounds = set.bounds_in_pose(&set.pose_at(None, 0.0));
        let radius = Vec3::new(PLACE_RADIUS, 6.0, PLACE_RADIUS);
        let centre = if self.placements.is_empty() {
            self.standing_floor(set, &bounds)
        } else {
            self.cast_centre()
        };
        let centre = centre.with_y(bounds.min.y.max(centre.y - 1.0) + 5.0);
        let clipped = BoundingBox {
            min: bounds.min.max(centre - radius),
            max: bounds.max.min(centre + radius),
        };
        (!clipped.is_empty()).then_some(clipped)
    }

    fn cast_centre(&self) -> Vec3 {
        #[expect(clippy::cast_precision_loss, reason = "a handful of performers")]
        let count = self.placements.len().max(1) as f32;
        self.placements
            .iter()
            .map(|placement| placement.floor)
            .sum::<Vec3>()
            / count
    }

    /// Returns where shadows matter, the same for every frame so that they do not swim.
    pub(super) fn shadow_sphere(&self, setup: &CameraSetup, end: f32) -> BoundingSphere {
        let width = setup.tangents.x * setup.distance * 2.0;
        let travelled = self
            .staging
            .cast
            .iter()
            .map(|performer| performer.travel_speed.abs() * end)
            .fold(0.0, f32::max);
        let spread = self
            .placements
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
fn floor_lift(performer: &StagedPerformer, model: &GltfModel) -> f32 {
    let bounds = model.bounds_in_pose(&model.pose_at(Some(&performer.clip), performer.clip_start));
    if bounds.is_empty() {
        0.0
    } else {
        -bounds.min.y
    }
}

fn staging_warnings(
    staging: &ShotStaging,
    set: Option<&GltfModel>,
    models: &[SceneModel],
) -> Vec<String> {
    let marks = staging
        .cast
        .iter()
        .map(|performer| &performer.mark)
        .chain(staging.props.iter().map(|prop| &prop.mark));
    let lost = |name: &&str| set.is_some_and(|set| set.node_transform(name).is_none());
    let named = marks.filter_map(|mark| mark.node.as_deref()).filter(lost);
    let mut list: Vec<String> = named
        .map(|name| format!("the set has no mark `{name}`; its coordinates are used"))
        .collect();
    list.extend(
        models
            .iter()
            .flat_map(|scene_model| scene_model.model.warnings.iter().cloned()),
    );
    list.sort();
    list.dedup();
    list
}

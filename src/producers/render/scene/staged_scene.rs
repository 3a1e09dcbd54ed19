//! A staging with its models read and everyone on their mark.

use super::blocking::{self, PerformerPlacement};
use super::framing::{CameraSetup, FigureMeasures, FramingTarget};
use super::obstacles::{BystanderCylinder, FixedObstacle, ObstacleKind, SceneObstacles};
use super::scene_models::{KnownModels, ModelInstance, ModelLoader, SceneModel};
use super::{figure, scene_lights};
use crate::gpu::{BoundingSphere, DirectionalKeyLight, EquirectImage};
use crate::media::LinearImage;
use crate::media::gltf::{BoundingBox, GltfModel};
use crate::media::picture::read_picture;
use crate::model::InputFiles;
use crate::model::shot_staging::{FramingSubject, SceneEnvironment, ShotStaging, StagedPerformer};
use crate::producers::contract::JobFailure;
use glam::{Mat4, Vec3};
use std::path::{Path, PathBuf};

/// The number of moments at which figures are measured.
const MEASURE_COUNT: usize = 5;
/// Metres around the middle that count as the place.
const PLACE_RADIUS: f32 = 14.0;

/// The marks of a set between which people stand.
const SET_MARKS: [&str; 2] = ["mark_a", "mark_b"];
/// A set less wide than this, in metres, is an object and not a place.
const SMALLEST_PLACE: f32 = 2.5;

/// A staging with its models read and everyone on their mark.
pub struct StagedScene {
    pub(super) staging: ShotStaging,
    models: Vec<SceneModel>,
    set: Option<usize>,
    cast: Vec<usize>,
    props: Vec<usize>,
    pub(super) placements: Vec<PerformerPlacement>,
    /// Metres by which each performer is raised so that the feet touch the floor.
    lifts: Vec<f32>,
    key: Option<DirectionalKeyLight>,
    /// The picture of the surroundings, if the environment is one.
    panorama: Option<PathBuf>,
    warnings: Vec<String>,
}

/// A thing that the camera frames, and must stay out of.
pub(super) struct FramedObject {
    /// The box that is framed.
    pub(super) bounds: BoundingBox,
    /// The box of everywhere that it is during the shot.
    pub(super) swept: BoundingBox,
    /// Its index among the fixed instances.
    fixed_index: usize,
}

impl StagedScene {
    /// Reads and places everything in `staging`.
    ///
    /// # Errors
    /// Fails if a slot is empty, or if a model cannot be read.
    pub fn new(staging: &ShotStaging, inputs: &InputFiles) -> Result<Self, JobFailure> {
        Self::read_models(staging, inputs, true, &|_| None)
    }

    /// Reads and places everything in `staging`, except for the models that `known` has: those of
    /// files that were read before.
    ///
    /// # Errors
    /// As [`StagedScene::new`].
    pub fn with_known_models(
        staging: &ShotStaging,
        inputs: &InputFiles,
        known: &KnownModels<'_>,
    ) -> Result<Self, JobFailure> {
        Self::read_models(staging, inputs, true, known)
    }

    /// Reads and places everything in `staging` without pictures, for work that draws nothing but
    /// must know where everyone is. The slot of the environment may be empty.
    ///
    /// # Errors
    /// As [`StagedScene::new`].
    pub fn without_pictures(
        staging: &ShotStaging,
        inputs: &InputFiles,
    ) -> Result<Self, JobFailure> {
        Self::read_models(staging, inputs, false, &|_| None)
    }

    fn read_models(
        staging: &ShotStaging,
        inputs: &InputFiles,
        with_pictures: bool,
        known: &KnownModels<'_>,
    ) -> Result<Self, JobFailure> {
        // One loader reads all, so that a model in several slots is read and held once.
        let mut loader = ModelLoader {
            inputs,
            models: Vec::new(),
            with_pictures,
            known,
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
            SceneEnvironment::Picture { slot, .. } if with_pictures => {
                Some(loader.slot_path(slot)?.to_owned())
            }
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

    /// Returns the staging.
    #[must_use]
    pub const fn staging(&self) -> &ShotStaging {
        &self.staging
    }

    /// Returns every model of the scene, each once.
    #[must_use]
    pub fn models(&self) -> &[SceneModel] {
        &self.models
    }

    /// Returns the light that casts shadows.
    #[must_use]
    pub const fn key_light(&self) -> Option<DirectionalKeyLight> {
        self.key
    }

    /// Returns the path of the picture of the surroundings, if the environment is one.
    #[must_use]
    pub fn panorama_path(&self) -> Option<&Path> {
        self.panorama.as_deref()
    }

    /// Reads the picture of the surroundings, if the environment is one.
    ///
    /// # Errors
    /// Fails if the picture cannot be read.
    pub fn load_panorama(&self) -> Result<Option<EquirectImage>, JobFailure> {
        // The picture is read when a renderer needs it, and not with the scene. A command may not
        // use it, and a panorama is large.
        let Some(path) = &self.panorama else {
            return Ok(None);
        };
        let LinearImage { size, pixels } = read_picture(path)?;
        Ok(Some(EquirectImage { size, pixels }))
    }

    /// Returns differences between the scene and the document, for people.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Returns everything in view `now` seconds into a shot that ends at `end` seconds.
    #[must_use]
    pub fn instances_at(&self, now: f32, end: f32) -> Vec<ModelInstance<'_>> {
        let cast = (0..self.cast.len()).map(|who| self.performer_at(who, now, end));
        self.fixed_instances(now).into_iter().chain(cast).collect()
    }

    /// Returns one of the cast, by index in it.
    pub(super) fn performer_at(&self, who: usize, now: f32, end: f32) -> ModelInstance<'_> {
        let performer = &self.staging.cast[who];
        // Time counts from the end of the shot, where the marks are.
        let placement = self.placements[who].placement_before(performer.travel_speed, end - now);
        let root = placement.world_matrix() * Mat4::from_translation(Vec3::Y * self.lifts[who]);
        ModelInstance {
            clip: Some(&performer.clip),
            seconds: performer.clip_start + now,
            ..self.instance_of_model(self.cast[who], root)
        }
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

    /// Returns whether there is a set. It is the first of the fixed instances.
    pub(super) const fn has_set(&self) -> bool {
        self.set.is_some()
    }

    fn set_model(&self) -> Option<&GltfModel> {
        self.set.map(|which| &*self.models[which].model)
    }

    /// Returns the model whose Blender file the renderer opens as the scene, if there is one.
    pub(super) fn scene_file_model(&self) -> Option<usize> {
        self.set.filter(|_| self.staging.opened)
    }

    /// Returns the performers beside the one whom the camera frames; nobody for other subjects.
    pub(super) fn bystanders(&self) -> Vec<BystanderCylinder> {
        // In a shot of everyone, nobody is in the way.
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
                // A usual height is enough: whether a camera passes over a head is not decided by
                // centimetres.
                height: 1.8,
            })
            .collect()
    }

    /// Returns the bounds of the set, if the subject is between its walls.
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

    /// Returns the set and the props. They stay in place, and their animations run.
    pub(super) fn fixed_instances(&self, now: f32) -> Vec<ModelInstance<'_>> {
        let set = self.set.map(|which| (which, Mat4::IDENTITY));
        let place = |mark| blocking::mark_transform(mark, self.set_model());
        let props = self
            .props
            .iter()
            .zip(&self.staging.props)
            .map(|(which, prop)| (*which, place(&prop.mark)));
        set.into_iter()
            .chain(props)
            .map(|(which, root)| ModelInstance {
                seconds: now,
                ..self.instance_of_model(which, root)
            })
            .collect()
    }

    /// Returns what stays in place and may be between the camera and its subject.
    pub(super) fn obstacles(
        &self,
        fixed: &[ModelInstance<'_>],
        framed: Option<&FramedObject>,
    ) -> SceneObstacles {
        let set_count = usize::from(self.set.is_some());
        // What is framed hides nothing of itself: its triangles are around the place where the rays
        // start, and the camera would be placed between them.
        let others = fixed
            .iter()
            .enumerate()
            .filter(|(index, _)| framed.is_none_or(|framed| framed.fixed_index != *index));
        let obstacles = others.map(|(index, instance)| FixedObstacle {
            kind: if index < set_count {
                ObstacleKind::Set
            } else {
                ObstacleKind::Prop
            },
            instance,
        });
        SceneObstacles::from_instances(obstacles, self.bystanders())
    }

    /// Returns the prop or the small set that the camera frames, in a shot that ends at `end`
    /// seconds; `None` for people and places.
    pub(super) fn framed_object(&self, end: f32) -> Option<FramedObject> {
        let set_count = usize::from(self.set.is_some());
        let fixed_index = match self.staging.subject {
            FramingSubject::Prop(index) if index < self.props.len() => set_count + index,
            // The fallbacks of `framing_target`.
            FramingSubject::Performer(index) if index < self.cast.len() => return None,
            FramingSubject::Everyone | FramingSubject::Performer(_) if !self.cast.is_empty() => {
                return None;
            }
            _ if self.is_small_set() => 0,
            _ => return None,
        };
        let fixed = self.fixed_instances(0.0);
        let ModelInstance { model, root, .. } = *fixed.get(fixed_index)?;
        let bounds_at = |seconds: f32| {
            model
                .bounds_in_pose(&model.pose_at(None, seconds))
                .transformed_by(root)
        };
        let swept = measure_times(end)
            .into_iter()
            .fold(BoundingBox::EMPTY, |swept, seconds| {
                swept.union(bounds_at(seconds))
            });
        // A model without a face has no place that the camera could be in.
        (!swept.is_empty()).then(|| FramedObject {
            bounds: bounds_at(0.0),
            swept,
            fixed_index,
        })
    }

    /// Returns whether the set is an object and not a place.
    fn is_small_set(&self) -> bool {
        self.set_model().is_some_and(|set| {
            let extent = set.bounds_in_pose(&set.pose_at(None, 0.0)).size();
            extent.x.max(extent.z) < SMALLEST_PLACE
        })
    }

    /// Returns the subject that the camera frames, measured over the shot.
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
            // A subject that is not in the cast is framed as everyone, and without a cast as the
            // place: a picture helps more than a failed job.
            FramingSubject::Everyone | FramingSubject::Performer(_) if !self.cast.is_empty() => {
                FramingTarget::Group(figures(&mut (0..self.cast.len())), self.place_bounds())
            }
            _ => self.empty_place_target(),
        }
    }

    /// Returns the place without people: framed as if a person of ordinary build were in it, or as
    /// an object if it is too small to stand in.
    fn empty_place_target(&self) -> FramingTarget {
        let nothing = BoundingBox {
            min: Vec3::new(-3.0, 0.0, -3.0),
            max: Vec3::new(3.0, 2.5, 3.0),
        };
        let Some(set) = self.set_model() else {
            return FramingTarget::Object(nothing);
        };
        let bounds = set.bounds_in_pose(&set.pose_at(None, 0.0));
        // A set without a face has no size to frame.
        if bounds.is_empty() {
            return FramingTarget::Object(nothing);
        }
        // A camera at eye height would look over a model of this size.
        if self.is_small_set() {
            return FramingTarget::Object(bounds);
        }
        // A place is framed for a person, so that an establishing shot and the next shot with
        // people have the same scale.
        FramingTarget::Group(
            vec![FigureMeasures::average_build(
                self.standing_floor(set, &bounds),
            )],
            self.place_bounds(),
        )
    }

    /// Returns the floor on which people would stand: between the set's marks, else at the origin,
    /// else in the middle of its bounds.
    fn standing_floor(&self, set: &GltfModel, bounds: &BoundingBox) -> Vec3 {
        let marks: Vec<Vec3> = SET_MARKS
            .iter()
            .filter_map(|name| Some(set.node_transform(name)?.w_axis.truncate()))
            .collect();
        if marks.is_empty() {
            // A set that contains the origin is taken to be built around it. Another one is not, so
            // the middle of its bounds is the best guess.
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

    /// Returns the measures of one performer at the mark, and also at the start if the camera does
    /// not follow.
    fn performer_measures(&self, index: usize, end: f32, follows: bool) -> Vec<FigureMeasures> {
        let performer = &self.staging.cast[index];
        let placement = self.placements[index];
        let at_mark = self.measure_performer(index, end);
        let start = placement
            .placement_before(performer.travel_speed, end)
            .floor;
        // A camera that does not follow must contain the whole way. Under 0.2 m the two places are
        // one.
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

    /// Returns the measures of one performer at the mark, averaged over the shot.
    pub(super) fn measure_performer(&self, index: usize, end: f32) -> FigureMeasures {
        let performer = &self.staging.cast[index];
        let placement = self.placements[index];
        // A few moments of the whole shot. A single one could be a bow or a jump, and every frame
        // would cost as much as drawing.
        let times = measure_times(end).map(|seconds| performer.clip_start + seconds);
        let model = &self.models[self.cast[index]].model;
        figure::measure_figure(model, &performer.clip, &times, self.lifts[index], placement)
    }

    fn prop_bounds(&self, index: usize) -> BoundingBox {
        let model = &self.models[self.props[index]].model;
        let prop = &self.staging.props[index];
        let mark = blocking::mark_transform(&prop.mark, self.set_model());
        let bounds = model.bounds_in_pose(&model.pose_at(None, 0.0));
        if bounds.is_empty() {
            // A model without a face is framed as its mark, or the camera would be nowhere.
            return BoundingBox::from_points([Vec3::splat(-0.5), Vec3::splat(0.5)])
                .transformed_by(mark);
        }
        bounds.transformed_by(mark)
    }

    /// Returns the part of the set that counts as the place; `None` without a set.
    fn place_bounds(&self) -> Option<BoundingBox> {
        let set = self.set_model()?;
        let bounds = set.bounds_in_pose(&set.pose_at(None, 0.0));
        // A set may contain a town or a mountain range. Only what is around the people is worth
        // framing.
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

    /// Returns the sphere in which shadows are drawn.
    pub(super) fn shadow_sphere(&self, setup: &CameraSetup, end: f32) -> BoundingSphere {
        // One sphere for all frames: shadow maps of a sphere that moves with the camera shimmer at
        // their edges. It covers the frame, everyone in it and their way.
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
            // A larger sphere would spread the shadow map so thin that shadows lose their shape.
            radius: radius.min(45.0),
        }
    }
}

/// Returns the moments of a shot of `end` seconds at which things are measured.
fn measure_times(end: f32) -> [f32; MEASURE_COUNT] {
    #[expect(clippy::cast_precision_loss, reason = "a handful of moments")]
    std::array::from_fn(|index| end * index as f32 / (MEASURE_COUNT - 1) as f32)
}

/// Returns the metres by which a performer is raised, so that the lowest point touches the floor.
fn floor_lift(performer: &StagedPerformer, model: &GltfModel) -> f32 {
    // The first frame decides for the whole shot. Raising each frame by itself would take the jump
    // out of a jump.
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
    let named = marks
        .filter_map(|mark| mark.node.as_deref())
        .filter(|name| set.is_some_and(|set| set.node_transform(name).is_none()));
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

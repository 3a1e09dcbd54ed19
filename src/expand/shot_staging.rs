//! Builds the staging of a shot or location, and the inputs that fill its slots.

use super::{JobBuilder, asset_jobs, job_input};
use crate::model::production::{AssetRef, Location, Shot, ShotSubject};
use crate::model::shot_staging::{
    FramingSubject, GroundMaterial, KeyLight, ModelCamera, SceneEnvironment, ShotStaging,
    StagedPerformer, StagedProp,
};
use crate::model::{InputSlot, JobInput};
use std::sync::Arc;

/// The neutral studio of shots without a location, and of reference sheets.
pub(super) const STUDIO_ENVIRONMENT: SceneEnvironment = SceneEnvironment::Studio {
    backdrop: [0.30, 0.31, 0.33],
    top: [1.1, 1.1, 1.15],
    side: [0.55, 0.55, 0.58],
};
pub(super) const STUDIO_KEY: KeyLight = KeyLight {
    azimuth: 38.0,
    elevation: 42.0,
    temperature: 5400.0,
    intensity: 2.2,
    softness: 9.0,
};
pub(super) const STUDIO_GROUND: GroundMaterial = GroundMaterial {
    colour: [0.30, 0.31, 0.33],
    roughness: 0.85,
};

/// A staging with the inputs for its slots.
pub(super) struct StagingWithInputs {
    pub(super) staging: Arc<ShotStaging>,
    pub(super) inputs: Vec<JobInput>,
}

impl JobBuilder<'_> {
    pub(super) fn shot_staging(&self, shot: &Shot) -> StagingWithInputs {
        let location = shot
            .location
            .as_ref()
            .and_then(|place| place.index)
            .map(|index| &self.production.locations[index]);
        // Staging and inputs are collected together. A staging names slots and no paths, so the
        // same content under another path is the same job.
        let mut inputs = Vec::new();
        let mut place =
            |slot: InputSlot, asset: &AssetRef| self.fill_slot(&mut inputs, slot, asset);
        // The engine of the shot decides, because a location may have a scene file for Blender
        // beside a set for the others.
        let is_blender = self.renderer_of(shot.engine.as_ref()).is_blender();
        let set = location
            .and_then(|location| asset_jobs::location_set(location, is_blender))
            .and_then(|set| place(InputSlot::set(), set));
        if let Some(hdri) = location.and_then(|location| location.hdri.as_ref()) {
            place(InputSlot::hdri(), hdri);
        }
        // Cast and props come before the subject, since a role whose model is missing is left out,
        // and the camera must frame one that is there.
        let cast = self.cast_performers(shot, &mut place);
        let props = self.staged_props(shot, &mut place);
        let staging = ShotStaging {
            model_camera: model_camera(shot, &props),
            set,
            opened: location.is_some_and(|location| is_scene_file(location, is_blender)),
            subject: camera_subject(shot, &cast, &props),
            cast,
            props,
            environment: location
                .map_or(STUDIO_ENVIRONMENT, |location| location.environment.clone()),
            key: location.map_or(Some(STUDIO_KEY), |location| location.key),
            ground: location.map_or(Some(STUDIO_GROUND), |location| location.ground),
            haze: location.and_then(|location| location.haze),
            camera: shot.camera,
            exposure: shot.exposure + location.map_or(0.0, |location| location.exposure),
        };
        StagingWithInputs {
            staging: Arc::new(staging),
            inputs,
        }
    }

    /// Returns the staging of an empty location, for its plate.
    pub(super) fn location_staging(
        &self,
        location: &Location,
        camera: crate::model::camera::Camera,
        is_blender: bool,
    ) -> StagingWithInputs {
        let mut inputs = Vec::new();
        let mut place =
            |slot: InputSlot, asset: &AssetRef| self.fill_slot(&mut inputs, slot, asset);
        let set = asset_jobs::location_set(location, is_blender)
            .and_then(|set| place(InputSlot::set(), set));
        if let Some(hdri) = &location.hdri {
            place(InputSlot::hdri(), hdri);
        }
        let staging = ShotStaging {
            model_camera: None,
            set,
            opened: is_scene_file(location, is_blender),
            cast: Vec::new(),
            props: Vec::new(),
            subject: FramingSubject::Place,
            environment: location.environment.clone(),
            key: location.key,
            ground: location.ground,
            haze: location.haze,
            camera,
            exposure: location.exposure,
        };
        StagingWithInputs {
            staging: Arc::new(staging),
            inputs,
        }
    }

    /// Adds the import of `asset` as an input in `slot`. `None` if it has no import.
    fn fill_slot(
        &self,
        inputs: &mut Vec<JobInput>,
        slot: InputSlot,
        asset: &AssetRef,
    ) -> Option<InputSlot> {
        let import = self.import_job(asset)?;
        inputs.push(job_input(slot.clone(), import));
        Some(slot)
    }

    fn cast_performers(
        &self,
        shot: &Shot,
        place: &mut dyn FnMut(InputSlot, &AssetRef) -> Option<InputSlot>,
    ) -> Vec<StagedPerformer> {
        shot.cast
            .iter()
            .enumerate()
            .filter_map(|(index, role)| {
                let character = &self.production.characters[role.character.index?];
                let model = character.model_in(&shot.scene.value)?;
                Some(StagedPerformer {
                    // The slot has the number of the role in the shot. Roles that are left out
                    // leave a gap, so the other slots keep their numbers.
                    model: place(InputSlot::cast(index), &role.with_expression(model))?,
                    mark: role.mark.clone(),
                    facing: role.facing,
                    clip: role.action.clone(),
                    clip_start: clip_offset(index),
                    travel_speed: role.speed,
                })
            })
            .collect()
    }

    fn staged_props(
        &self,
        shot: &Shot,
        place: &mut dyn FnMut(InputSlot, &AssetRef) -> Option<InputSlot>,
    ) -> Vec<StagedProp> {
        shot.props
            .iter()
            .enumerate()
            .filter_map(|(index, role)| {
                let prop = &self.production.props[role.prop.index?];
                let model = place(InputSlot::prop(index), prop.model.as_ref()?)?;
                Some(StagedProp {
                    model,
                    mark: role.mark.clone(),
                })
            })
            .collect()
    }
}

/// Returns the camera of a model that a shot uses, with the index of its prop among those staged.
fn model_camera(shot: &Shot, props: &[StagedProp]) -> Option<ModelCamera> {
    let camera = shot.model_camera.as_ref()?;
    let name = camera.name.value.clone();
    let Some(index) = camera.prop_index(&shot.props) else {
        // A rule has refused a prop that is not in the shot.
        return Some(ModelCamera { prop: None, name });
    };
    // Props without a model are not staged, so numbers differ; slots keep those of the shot.
    let slot = InputSlot::prop(index);
    let prop = props.iter().position(|prop| prop.model == slot);
    prop.map(|prop| ModelCamera {
        prop: Some(prop),
        name,
    })
}

/// Returns whether the renderer opens a file of the location as the scene.
const fn is_scene_file(location: &Location, is_blender: bool) -> bool {
    is_blender && location.custom_setup.is_some()
}

/// Returns the seconds by which the clip of a role is shifted.
#[expect(clippy::cast_precision_loss, reason = "a handful of people")]
fn clip_offset(index: usize) -> f32 {
    // Two figures with the same clip must not breathe in step. A fixed step and no random number,
    // since the same document must give the same jobs.
    index as f32 * 0.73
}

fn camera_subject(shot: &Shot, cast: &[StagedPerformer], props: &[StagedProp]) -> FramingSubject {
    // The subject may have been left out above. The camera then frames the place, which is better
    // than a job that cannot be drawn.
    match shot.subject {
        ShotSubject::Character if !cast.is_empty() => FramingSubject::Performer(0),
        ShotSubject::Everyone if cast.len() == 1 => FramingSubject::Performer(0),
        ShotSubject::Everyone if !cast.is_empty() => FramingSubject::Everyone,
        ShotSubject::Prop if !props.is_empty() => FramingSubject::Prop(0),
        _ => FramingSubject::Place,
    }
}

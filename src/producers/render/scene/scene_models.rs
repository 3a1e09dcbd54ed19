//! The models of a staging, each read once, and where one of them stands at a moment.

use crate::media::gltf::{GltfModel, ModelError};
use crate::model::{InputFiles, InputSlot};
use crate::producers::contract::{FailureClass, JobFailure};
use glam::Mat4;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What an import calls the Blender file that it made a copy of.
pub const BLEND_OUTPUT: &str = "blend";

/// A model with the file it was read from.
pub struct SceneModel {
    /// Where the file lies: glTF.
    pub path: PathBuf,
    /// The Blender file that it is a copy of, if it is one.
    pub blend: Option<PathBuf>,
    /// What it holds.
    pub model: Arc<GltfModel>,
}

/// One model standing in the scene at one moment.
#[derive(Clone, Copy)]
pub struct ModelInstance<'a> {
    /// Which of the stage's models it is.
    pub model_index: usize,
    /// The model.
    pub model: &'a GltfModel,
    /// From the model to the world.
    pub root: Mat4,
    /// The animation clip asked for; see [`GltfModel::pose_at`] for what plays when there is none.
    pub clip: Option<&'a str>,
    /// Seconds into the clip.
    pub seconds: f32,
}

/// Reads models once each, however many slots hold the same file.
pub(super) struct ModelLoader<'a> {
    pub(super) inputs: &'a InputFiles,
    pub(super) models: Vec<SceneModel>,
}

impl ModelLoader<'_> {
    pub(super) fn slot_path(&self, slot: &InputSlot) -> Result<&Path, JobFailure> {
        let path = self
            .inputs
            .single_file(slot)
            .map(|input| input.path.as_path());
        path.ok_or_else(|| {
            JobFailure::new(
                FailureClass::MissingInput,
                format!("find the input `{slot}`"),
            )
        })
    }

    /// Returns which of the models fills `slot`.
    pub(super) fn load_model(&mut self, slot: &InputSlot) -> Result<usize, JobFailure> {
        let path = self.slot_path(slot)?.to_owned();
        let blend = self
            .inputs
            .files_in(slot)
            .iter()
            .find(|input| input.name == BLEND_OUTPUT);
        let blend = blend.map(|input| input.path.clone());
        if let Some(known) = self
            .models
            .iter()
            .position(|scene_model| scene_model.path == path && scene_model.blend == blend)
        {
            return Ok(known);
        }
        let failure =
            |error: ModelError| JobFailure::new(FailureClass::MissingInput, error.to_string());
        let model = Arc::new(GltfModel::load(&path).map_err(failure)?);
        self.models.push(SceneModel { path, blend, model });
        Ok(self.models.len() - 1)
    }
}

//! The models of a staging, each read once, and their instances at one moment.

use crate::media::gltf::GltfModel;
use crate::model::{InputFiles, InputSlot};
use crate::producers::contract::{FailureClass, JobFailure};
use glam::Mat4;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The name of the packed Blender file among the outputs of an import.
pub const BLEND_OUTPUT: &str = "blend";

/// A model, and the file from which it was read.
pub struct SceneModel {
    /// The path of the glTF file.
    pub path: PathBuf,
    /// The Blender file of which it is a copy, if any.
    pub blend: Option<PathBuf>,
    /// The content.
    pub model: Arc<GltfModel>,
}

/// One model in the scene at one moment.
#[derive(Clone, Copy)]
pub struct ModelInstance<'a> {
    /// The index into the models of the scene.
    pub model_index: usize,
    /// The model.
    pub model: &'a GltfModel,
    /// The matrix from the model to the world.
    pub root: Mat4,
    /// The requested clip; [`GltfModel::pose_at`] says which plays if it is unset or missing.
    pub clip: Option<&'a str>,
    /// Seconds into the clip.
    pub seconds: f32,
}

/// Returns the model of a file that was read before, with its pictures.
pub type KnownModels<'a> = dyn Fn(&Path) -> Option<Arc<GltfModel>> + 'a;

/// Reads models, each once, even if several slots have the same file.
pub(super) struct ModelLoader<'a> {
    pub(super) inputs: &'a InputFiles,
    pub(super) models: Vec<SceneModel>,
    /// Models that need not be read.
    pub(super) known: &'a KnownModels<'a>,
    /// Whether pictures of models are read: only drawing needs them.
    pub(super) with_pictures: bool,
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

    /// Returns the index of the model of `slot`, which is read on the first call.
    pub(super) fn load_model(&mut self, slot: &InputSlot) -> Result<usize, JobFailure> {
        let path = self.slot_path(slot)?.to_owned();
        let blend = self
            .inputs
            .files_in(slot)
            .iter()
            .find(|input| input.name == BLEND_OUTPUT);
        let blend = blend.map(|input| input.path.clone());
        // Inputs are named by content, so equal paths are equal files. Ten extras with one model
        // are read and uploaded once.
        if let Some(known) = self
            .models
            .iter()
            .position(|scene_model| scene_model.path == path && scene_model.blend == blend)
        {
            return Ok(known);
        }
        let model = match (self.known)(&path) {
            Some(known) => known,
            None if self.with_pictures => Arc::new(GltfModel::load(&path)?),
            None => Arc::new(GltfModel::load_shape(&path)?),
        };
        self.models.push(SceneModel { path, blend, model });
        Ok(self.models.len() - 1)
    }
}

//! The models of a staging, each read once, and where one of them stands at a moment.

use crate::media::gltf::{GltfModel, ModelError};
use crate::model::{InputFiles, InputSlot};
use crate::producers::task::{Failure, FailureClass};
use glam::Mat4;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What an import calls the Blender file that it made a copy of.
pub const BLEND: &str = "blend";

/// A model with the file it was read from.
pub struct Sourced {
    /// Where the file lies: glTF.
    pub path: PathBuf,
    /// The Blender file that it is a copy of, if it is one.
    pub blend: Option<PathBuf>,
    /// What it holds.
    pub model: Arc<GltfModel>,
}

/// One model standing in the scene at one moment.
#[derive(Clone, Copy)]
pub struct Placed<'a> {
    /// Which of the stage's models it is.
    pub which: usize,
    /// The model.
    pub model: &'a GltfModel,
    /// From the model to the world.
    pub root: Mat4,
    /// The animation clip asked for; see [`GltfModel::pose`] for what plays when there is none.
    pub clip: Option<&'a str>,
    /// Seconds into the clip.
    pub seconds: f32,
}

/// Reads models once each, however many slots hold the same file.
pub(super) struct Loader<'a> {
    pub(super) materials: &'a InputFiles,
    pub(super) models: Vec<Sourced>,
}

impl Loader<'_> {
    pub(super) fn path(&self, slot: &InputSlot) -> Result<&Path, Failure> {
        let found = self
            .materials
            .single_file(slot)
            .map(|material| material.path.as_path());
        found.ok_or_else(|| {
            Failure::new(
                FailureClass::MissingInput,
                format!("find the input `{}`", slot.0),
            )
        })
    }

    /// Returns which of the models fills `slot`.
    pub(super) fn model(&mut self, slot: &InputSlot) -> Result<usize, Failure> {
        let path = self.path(slot)?.to_owned();
        let blend = self
            .materials
            .files_in(slot)
            .iter()
            .find(|material| material.name == BLEND);
        let blend = blend.map(|material| material.path.clone());
        if let Some(known) = self
            .models
            .iter()
            .position(|sourced| sourced.path == path && sourced.blend == blend)
        {
            return Ok(known);
        }
        let failure =
            |error: ModelError| Failure::new(FailureClass::MissingInput, error.to_string());
        let model = Arc::new(GltfModel::load(&path).map_err(failure)?);
        self.models.push(Sourced { path, blend, model });
        Ok(self.models.len() - 1)
    }
}

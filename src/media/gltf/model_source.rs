//! The bytes of a model of any format, as glTF.

use super::container::{model_folder, read_file};
use super::error::GltfFault;
use crate::media::foreign_models::{ForeignModel, foreign_references, read_foreign};
use crate::model::model_format::ModelFormat;
use std::path::{Path, PathBuf};

/// A model as glTF.
pub(super) struct ModelSource {
    /// A GLB, or glTF in JSON.
    pub(super) bytes: Vec<u8>,
    /// The folder that its references start from.
    pub(super) folder: PathBuf,
    /// What the file has and could not be taken over.
    pub(super) warnings: Vec<String>,
}

/// Reads a model of this format. Those that only Blender reads are taken for glTF, which they are
/// not.
pub(super) fn read_source(path: &Path, format: ModelFormat) -> Result<ModelSource, GltfFault> {
    let foreign = read_foreign(path, format).transpose()?;
    let ForeignModel { glb, warnings } = match foreign {
        Some(model) => model,
        None => ForeignModel {
            glb: read_file(path)?,
            warnings: Vec::new(),
        },
    };
    Ok(ModelSource {
        bytes: glb,
        folder: model_folder(path),
        warnings,
    })
}

/// Returns the format of a model by its name. Without a known ending, as in the store, it is glTF.
pub(super) fn format_of(path: &Path) -> ModelFormat {
    ModelFormat::from_path(path).unwrap_or(ModelFormat::Gltf)
}

/// Returns the files that a model refers to, its own too if it refers to any, as far as they can be
/// read. Those that Blender reads refer to what this program does not know.
#[must_use]
pub fn model_file_references(path: &Path) -> Vec<PathBuf> {
    match format_of(path) {
        // A `.glb` or `.vrm` has its buffers and pictures inside.
        ModelFormat::Gltf
            if path
                .extension()
                .is_some_and(|end| end.eq_ignore_ascii_case("gltf")) =>
        {
            super::gltf_file_references(path).unwrap_or_default()
        }
        format => foreign_references(path, format),
    }
}

//! Models of other formats than glTF, read as glTF: every renderer then draws one format.
//!
//! OBJ by `tobj`, STL by `stl_io`, PLY by `ply-rs-bw`. What one of them cannot say, such as a unit,
//! is in [`ModelFormat`].

mod glb_writer;
mod obj_file;
mod ply_file;
mod stl_file;
#[cfg(test)]
mod tests;

use super::gltf::GltfFault;
use crate::model::model_format::ModelFormat;
use std::path::{Path, PathBuf};

/// A model that was read as glTF.
#[derive(Debug)]
pub(super) struct ForeignModel {
    /// A GLB. Pictures that it names are beside the model.
    pub(super) glb: Vec<u8>,
    /// What the file has and is not drawn.
    pub(super) warnings: Vec<String>,
}

/// Reads a model of another format. `None`: it is one that this module does not read.
pub(super) fn read_foreign(
    path: &Path,
    format: ModelFormat,
) -> Option<Result<ForeignModel, GltfFault>> {
    match format {
        ModelFormat::Obj => Some(obj_file::read_obj(path)),
        ModelFormat::Stl => Some(stl_file::read_stl(path)),
        ModelFormat::Ply => Some(ply_file::read_ply(path)),
        ModelFormat::Gltf
        | ModelFormat::Blend
        | ModelFormat::Fbx
        | ModelFormat::Usd
        | ModelFormat::Alembic => None,
    }
}

/// Returns the files that a model of another format refers to, as far as they are there.
pub(super) fn foreign_references(path: &Path, format: ModelFormat) -> Vec<PathBuf> {
    match format {
        ModelFormat::Obj => obj_file::obj_references(path),
        _ => Vec::new(),
    }
}

//! Import of Blender files: one self-contained file, and beside it a glTF copy that framing is measured by.

use super::call::call;
use super::program::Blender;
use super::script::Script;
use crate::media::gltf;
use crate::model::{InputFile, InputSlot};
use crate::producers::render::staged::BLEND;
use crate::producers::task::{
    Assignment, ExecutionMode, Failure, FailureClass, Finished, Produced,
};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What the copy is called among an import's outputs: like every other model.
const COPY: &str = "asset";
/// What the script is told.
#[derive(Serialize)]
struct Ask {
    file: PathBuf,
    /// Every file that it may refer to, from the root of the disk and without links.
    known: Vec<PathBuf>,
    packed: PathBuf,
    copy: PathBuf,
}

/// Returns who brings files in with a Blender of this identity.
#[must_use]
pub fn bringer(identity: &str) -> String {
    format!("{identity}, script {}", Script::Bring.mark())
}

impl Blender {
    /// Returns who brings Blender files in, for identities and manifests.
    #[must_use]
    pub fn bringer(&self) -> String {
        bringer(&self.identity())
    }

    /// Reads the Blender file of slot `file`, which refers to none but those in the other slots.
    ///
    /// # Errors
    /// Fails when it is damaged, when a file that it needs is missing or not part of the project, or on request.
    pub fn bring(&self, assignment: &Assignment<'_>) -> Result<Finished, Failure> {
        let file = assignment.materials.single_file(&InputSlot::new("file"));
        let file = file
            .ok_or_else(|| Failure::new(FailureClass::MissingInput, "import: no file came in"))?;
        let folder = assignment.scratch.join("blender");
        std::fs::create_dir_all(&folder)
            .map_err(|error| Failure::io("make a folder for Blender", &error))?;
        let (copy, packed) = (folder.join("copy.glb"), assignment.scratch.join(BLEND));
        let known = assignment
            .materials
            .all_files()
            .filter_map(|one| one.path.canonicalize().ok())
            .collect();
        let whole = |path: &Path| {
            std::path::absolute(path)
                .map_err(|error| Failure::io(&format!("import {}", file.name), &error))
        };
        let ask = Ask {
            file: whole(&file.path)?,
            known,
            packed: whole(&packed)?,
            copy: whole(&copy)?,
        };
        let (script, asked) = Script::Bring.write(&folder, &ask)?;
        let mut warnings = Vec::new();
        call(self.run(&script, &asked), assignment.watch, &mut |heard| {
            warnings.clone_from(&heard.left_out);
        })
        .map_err(|failure| unusable(file, failure))?;
        let asset = assignment.scratch.join(COPY);
        measurable(&copy, &asset).map_err(|why| {
            Failure::new(
                FailureClass::BadOutput,
                format!("import {}: its glTF copy: {why}", file.name),
            )
        })?;
        (assignment.progress)(1, 1);
        let outputs = [(COPY, asset), (BLEND, packed)];
        let outputs = outputs
            .map(|(name, path)| Produced {
                name: name.to_owned(),
                path,
            })
            .to_vec();
        Ok(Finished {
            outputs,
            provider: self.bringer(),
            mode: ExecutionMode::Real,
            warnings,
        })
    }
}

/// Reads the copy as every model is read before it is used, and keeps it.
fn measurable(copy: &Path, asset: &Path) -> Result<(), String> {
    gltf::GltfModel::load(copy).map_err(|error| error.fault.to_string())?;
    std::fs::rename(copy, asset).map_err(|error| error.to_string())
}

fn unusable(file: &InputFile, failure: Failure) -> Failure {
    Failure {
        message: format!("import {}: {}", file.name, failure.message),
        ..failure
    }
}

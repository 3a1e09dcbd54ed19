//! Import of Blender files: one self-contained file, and a glTF copy from which shots are framed.

use super::blender_call::call_blender;
use super::blender_program::BlenderProgram;
use super::blender_script::BlenderScript;
use crate::media::gltf;
use crate::model::{InputFile, InputSlot};
use crate::producers::contract::{
    ExecutionMode, FailureClass, JobContext, JobFailure, OutputFile, ProducerOutput,
};
use crate::producers::render::scene::BLEND_OUTPUT;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// The name of the copy among the outputs of an import: that of every other model.
const COPY_OUTPUT: &str = "asset";
/// The request file of the script.
#[derive(Serialize)]
struct ImportRequest {
    file: PathBuf,
    /// Every file that it may refer to, as absolute paths without links.
    known: Vec<PathBuf>,
    packed: PathBuf,
    copy: PathBuf,
}

/// Returns the identity of imports with a Blender of this identity.
#[must_use]
pub fn blend_import_identity(identity: &str) -> String {
    // The script is a part of what is imported, so a changed script imports every file again.
    format!(
        "{identity}, script {}",
        BlenderScript::Import.content_mark()
    )
}

impl BlenderProgram {
    /// Returns the provider of imports, for identities and manifests.
    #[must_use]
    pub fn import_identity(&self) -> String {
        blend_import_identity(&self.identity())
    }

    /// Imports the Blender file of slot `file`. It may refer only to files in the other slots.
    ///
    /// # Errors
    /// Fails if the file is damaged, if a file that it needs is missing or outside of the project,
    /// or on a stop request.
    pub fn import_blend(&self, context: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
        let file = context.inputs.single_file(&InputSlot::file());
        let file = file.ok_or_else(|| {
            JobFailure::new(FailureClass::MissingInput, "import: there is no file")
        })?;
        let folder = context.scratch.join("blender");
        std::fs::create_dir_all(&folder)
            .map_err(|error| JobFailure::from_io_error("make a folder for Blender", &error))?;
        let copy = folder.join("copy.glb");
        let packed = context.scratch.join(BLEND_OUTPUT);
        // A file that is not an input could change unnoticed, and would be missing on another
        // machine. Links are resolved, because Blender reports the files behind them. One that
        // cannot be resolved is left out, so the script refuses it.
        let known = context
            .inputs
            .all_files()
            .filter_map(|input| input.path.canonicalize().ok())
            .collect();
        let absolute_path = |path: &Path| {
            std::path::absolute(path).map_err(|error| {
                JobFailure::from_io_error(&format!("import {}", file.name), &error)
            })
        };
        let request = ImportRequest {
            file: absolute_path(&file.path)?,
            known,
            packed: absolute_path(&packed)?,
            copy: absolute_path(&copy)?,
        };
        let (script, request_path) = BlenderScript::Import.write_files(&folder, &request)?;
        let mut warnings = Vec::new();
        call_blender(
            self.script_command(&script, &request_path),
            context.watch,
            &mut |output| {
                // The output is the same object throughout, so each call has all warnings so far.
                warnings.clone_from(&output.unpacked_files);
            },
        )
        .map_err(|failure| import_failure(file, failure))?;
        let asset = context.scratch.join(COPY_OUTPUT);
        adopt_gltf_copy(&copy, &asset).map_err(|why| {
            JobFailure::new(
                FailureClass::BadOutput,
                format!("import {}: its glTF copy: {why}", file.name),
            )
        })?;
        (context.progress)(1, 1);
        let outputs = [(COPY_OUTPUT, asset), (BLEND_OUTPUT, packed)];
        let outputs = outputs
            .map(|(name, path)| OutputFile {
                name: name.to_owned(),
                path,
            })
            .to_vec();
        Ok(ProducerOutput {
            outputs,
            provider: self.import_identity(),
            mode: ExecutionMode::Real,
            warnings,
        })
    }
}

fn adopt_gltf_copy(copy: &Path, asset: &Path) -> Result<(), String> {
    // The copy is read as every model is before it becomes an output. A copy that cannot be read
    // then fails one import, and not every shot that shows it.
    gltf::GltfModel::load(copy).map_err(|error| error.fault.to_string())?;
    // Both are in the scratch folder, so renaming copies nothing.
    std::fs::rename(copy, asset).map_err(|error| error.to_string())
}

fn import_failure(file: &InputFile, failure: JobFailure) -> JobFailure {
    JobFailure {
        message: format!("import {}: {}", file.name, failure.message),
        ..failure
    }
}

//! Import of Blender files: one self-contained file, and a glTF copy from which shots are framed.

use super::blender_call::call_blender;
use super::blender_home::UserHome;
use super::blender_program::BlenderProgram;
use super::blender_script::BlenderScript;
use crate::media::gltf;
use crate::model::model_format::ModelFormat;
use crate::model::model_mend::UpAxis;
use crate::model::{InputFile, InputFiles, InputSlot, JobAction, ModelMend};
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

/// The request file of the script that converts.
#[derive(Serialize)]
struct ConvertRequest {
    file: PathBuf,
    /// The ending of a file that Blender must import. `None`: it opens it.
    #[serde(skip_serializing_if = "Option::is_none")]
    ending: Option<String>,
    /// What is changed of everything in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    mend: Option<MendRequest>,
    converted: PathBuf,
}

/// The transform of everything in a file, in Blender's axes.
#[derive(Serialize)]
struct MendRequest {
    scale: f32,
    /// Real part first, as Blender has it.
    rotation: [f32; 4],
}

impl MendRequest {
    /// Returns the transform that a document asks for. `None`: the file stays as it is.
    fn of_mend(mend: &ModelMend) -> Option<Self> {
        let to_gltf = gltf::mend_rotation(&ModelMend::default(), UpAxis::Z);
        let rotation = to_gltf.inverse() * gltf::mend_rotation(mend, UpAxis::Z);
        let [x, y, z, w] = rotation.to_array();
        mend.moves_places().then_some(Self {
            scale: mend.factor(),
            rotation: [w, x, y, z],
        })
    }
}

/// Returns the identity of imports with a Blender of this identity. What is converted first depends
/// on one more script.
#[must_use]
pub fn blend_import_identity(identity: &str, is_converted: bool) -> String {
    // The script is a part of what is imported, so a changed script imports every file again.
    let import = BlenderScript::Import.content_mark();
    if is_converted {
        let convert = BlenderScript::Convert.content_mark();
        format!("{identity}, scripts {convert} {import}")
    } else {
        format!("{identity}, script {import}")
    }
}

impl BlenderProgram {
    /// Returns the provider of imports, for identities and manifests.
    #[must_use]
    pub fn import_identity(&self, is_converted: bool) -> String {
        blend_import_identity(&self.identity(), is_converted)
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
        let absolute_path = |path: &Path| {
            std::path::absolute(path).map_err(|error| {
                JobFailure::from_io_error(&format!("import {}", file.name), &error)
            })
        };
        let converted = self.convert_file(context, file, &folder)?;
        let source = converted.as_deref().unwrap_or(&file.path);
        let request = ImportRequest {
            file: absolute_path(source)?,
            known: known_files(context.inputs),
            packed: absolute_path(&packed)?,
            copy: absolute_path(&copy)?,
        };
        let (script, request_path) = BlenderScript::Import.write_files(&folder, &request)?;
        let mut warnings = Vec::new();
        let command = self
            .script_command(&script, &request_path, UserHome::Hidden)
            .map_err(|error| JobFailure::from_io_error("make folders for Blender", &error))?;
        call_blender(command, context.watch, &mut |output| {
            // The output is the same object throughout, so each call has all warnings so far.
            warnings.clone_from(&output.unpacked_files);
        })
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
        Ok(ProducerOutput {
            outputs: outputs.map(|(name, path)| named_output(name, path)).into(),
            provider: self.import_identity(converted.is_some()),
            mode: ExecutionMode::Real,
            warnings,
        })
    }
}

/// Returns the files to which a Blender file may refer.
fn known_files(inputs: &InputFiles) -> Vec<PathBuf> {
    // A file that is not an input could change unnoticed, and would be missing on another machine.
    // Links are resolved, because Blender reports the files behind them. One that cannot be
    // resolved is left out, so the script refuses it.
    inputs
        .all_files()
        .filter_map(|input| input.path.canonicalize().ok())
        .collect()
}

fn named_output(name: &str, path: PathBuf) -> OutputFile {
    OutputFile {
        name: name.to_owned(),
        path,
    }
}

impl BlenderProgram {
    /// Makes a Blender file of a file in another format, or of one that the document changes.
    /// `None`: the file is taken as it is.
    fn convert_file(
        &self,
        context: &JobContext<'_>,
        file: &InputFile,
        folder: &Path,
    ) -> Result<Option<PathBuf>, JobFailure> {
        let ending = foreign_ending(&file.name);
        let mend = match context.action {
            JobAction::Import { mend, .. } => MendRequest::of_mend(mend),
            _ => None,
        };
        if ending.is_none() && mend.is_none() {
            return Ok(None);
        }
        let folder = folder.join("convert");
        std::fs::create_dir_all(&folder)
            .map_err(|error| JobFailure::from_io_error("make a folder for Blender", &error))?;
        let absolute_path = |path: &Path| {
            std::path::absolute(path).map_err(|error| {
                JobFailure::from_io_error(&format!("import {}", file.name), &error)
            })
        };
        let converted = absolute_path(&folder.join("converted.blend"))?;
        let request = ConvertRequest {
            file: absolute_path(&file.path)?,
            ending,
            mend,
            converted: converted.clone(),
        };
        let (script, request_path) = BlenderScript::Convert.write_files(&folder, &request)?;
        let command = self
            .script_command(&script, &request_path, UserHome::Hidden)
            .map_err(|error| JobFailure::from_io_error("make folders for Blender", &error))?;
        call_blender(command, context.watch, &mut |_| {})
            .map_err(|failure| import_failure(file, failure))?;
        Ok(Some(converted))
    }
}

fn adopt_gltf_copy(copy: &Path, asset: &Path) -> Result<(), String> {
    // The copy is read as every model is before it becomes an output. A copy that cannot be read
    // then fails one import, and not every shot that shows it.
    gltf::GltfModel::load(copy).map_err(|error| error.fault.to_string())?;
    // Both are in the scratch folder, so renaming copies nothing.
    std::fs::rename(copy, asset).map_err(|error| error.to_string())
}

/// Returns the ending of a file that Blender must import. `None`: it is one of its own.
fn foreign_ending(name: &str) -> Option<String> {
    let path = Path::new(name);
    let format = ModelFormat::from_path(path)?;
    let ending = path.extension()?.to_str()?.to_lowercase();
    (format != ModelFormat::Blend).then_some(ending)
}

fn import_failure(file: &InputFile, failure: JobFailure) -> JobFailure {
    JobFailure {
        message: format!("import {}: {}", file.name, failure.message),
        ..failure
    }
}

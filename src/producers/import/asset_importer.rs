//! Import: an asset of the project is read, checked, and made one self-contained file.

use crate::media::exr_file::framed_copy;
use crate::media::gltf;
use crate::media::hdr_file::upright_copy;
use crate::media::picture::{self, PictureKind};
use crate::model::model_format::ModelFormat;
use crate::model::{AssetKind, InputFile, InputSlot, JobAction, ModelMend};
use crate::producers::contract::{
    ExecutionMode, FailureClass, JobContext, JobFailure, OutputFile, ProducerOutput,
};
use crate::producers::producer_tools::copy_file;
use std::path::Path;

/// Imports assets. Needs no tool.
#[derive(Debug, Clone, Copy, Default)]
pub struct AssetImporter;

impl AssetImporter {
    /// Reads the file of slot `file` and leaves it as `asset`.
    ///
    /// # Errors
    /// Fails if the file is missing, damaged, or not of the action's kind.
    pub fn import_asset(&self, context: &JobContext) -> Result<ProducerOutput, JobFailure> {
        let JobAction::Import { kind, mend } = context.action else {
            return Err(JobFailure::new(
                FailureClass::Crash,
                "import: this job is another kind of work",
            ));
        };
        let file = context.inputs.single_file(&InputSlot::file());
        let file = file.ok_or_else(|| {
            JobFailure::new(FailureClass::MissingInput, "import: there is no file")
        })?;
        let path = context.scratch.join("asset");
        match kind {
            AssetKind::Model => import_model(file, mend, &path)?,
            AssetKind::Environment => import_environment(file, &path)?,
            // The producer of imports gives these to Blender. Only a mistake there leads here.
            AssetKind::Blend | AssetKind::Foreign => {
                let why = "only Blender reads it";
                return Err(unusable_asset(
                    file,
                    JobFailure::new(FailureClass::MissingInput, why),
                ));
            }
        }
        (context.progress)(1, 1);
        let outputs = vec![OutputFile {
            name: "asset".to_owned(),
            path,
        }];
        Ok(ProducerOutput {
            outputs,
            provider: "import (built in)".to_owned(),
            mode: ExecutionMode::Real,
            warnings: Vec::new(),
        })
    }
}

fn import_environment(file: &InputFile, to: &Path) -> Result<(), JobFailure> {
    // The picture is decoded in full although its bytes are copied unchanged. A damaged one is
    // found once, here, and not in every shot that it lights.
    let facts = picture::check_picture(&file.path).map_err(|error| unusable_asset(file, error))?;
    // Blender reads one order of pixels and no data window, and all renderers should show the same
    // sky.
    let plain = match facts.kind {
        PictureKind::Hdr => upright_copy(&file.path),
        PictureKind::Exr => framed_copy(&file.path),
        _ => Ok(None),
    };
    match plain.map_err(|error| unusable_asset(file, error))? {
        Some(bytes) => std::fs::write(to, bytes)
            .map_err(|error| JobFailure::from_io_error(&format!("import {}", file.name), &error)),
        None => copy_file(&file.path, to, &format!("import {}", file.name)),
    }
}

/// Makes a model one binary glTF that contains everything it refers to.
fn import_model(file: &InputFile, mend: &ModelMend, to: &Path) -> Result<(), JobFailure> {
    // By the name in the project: where the file is it may have none.
    let format = ModelFormat::from_path(Path::new(&file.name)).unwrap_or(ModelFormat::Gltf);
    let bytes =
        gltf::pack_glb(&file.path, format, mend).map_err(|error| unusable_asset(file, error))?;
    // The packed bytes are parsed as a renderer would parse them. A fault is then one failed import
    // with the name of the file, not a failed job for each chunk.
    gltf::GltfModel::from_bytes(&bytes, &file.path).map_err(|error| unusable_asset(file, error))?;
    std::fs::write(to, bytes)
        .map_err(|error| JobFailure::from_io_error(&format!("import {}", file.name), &error))
}

fn unusable_asset(file: &InputFile, why: impl Into<JobFailure>) -> JobFailure {
    let failure = why.into();
    // The file must be replaced, unless the machine could not hold it.
    let class = match failure.class {
        FailureClass::OutOfMemory => FailureClass::OutOfMemory,
        _ => FailureClass::MissingInput,
    };
    JobFailure {
        class,
        message: format!("import {}: {}", file.name, failure.message),
        ..failure
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::producers::testing::TestBench;

    const LANTERN: &[u8] = include_bytes!("../../../examples/short_film/assets/lantern_dark.glb");

    fn import(kind: AssetKind, content: &[u8]) -> Result<ProducerOutput, JobFailure> {
        let mend = ModelMend::default();
        let bench = TestBench::new();
        let path = bench.folder_path().join("blob");
        std::fs::write(&path, content).unwrap();
        let materials = TestBench::input_files([(
            "file",
            vec![InputFile {
                name: "thing.glb".to_owned(),
                path,
            }],
        )]);
        let finished = bench.run_job(
            &JobAction::Import { kind, mend },
            &materials,
            |assignment| AssetImporter.import_asset(assignment),
        )?;
        assert_eq!(std::fs::read(&finished.outputs[0].path).unwrap(), content);
        Ok(finished)
    }

    #[test]
    fn a_binary_model_is_stored_unchanged() {
        assert_eq!(
            import(AssetKind::Model, LANTERN).unwrap().outputs[0].name,
            "asset"
        );
    }

    #[test]
    fn a_cut_off_model_is_refused() {
        let failure = import(AssetKind::Model, &LANTERN[..LANTERN.len() / 2]).unwrap_err();
        assert_eq!(failure.class, FailureClass::MissingInput);
    }

    #[test]
    fn a_blend_file_is_refused_with_the_fix() {
        let failure = import(AssetKind::Model, b"BLENDER-v300").unwrap_err();
        assert_eq!(failure.class, FailureClass::MissingInput);
        assert!(failure.message.contains("thing.glb"), "{}", failure.message);
    }

    #[test]
    fn a_cut_off_environment_is_refused() {
        let hdr = b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 64 +X 128\nabc";
        assert_eq!(
            import(AssetKind::Environment, hdr).unwrap_err().class,
            FailureClass::MissingInput
        );
    }
}

//! The producer of imports. Blender reads its own files; everything else is read here.

use super::AssetImporter;
use crate::media::picture;
use crate::model::{AssetKind, JobAction};
use crate::producers::contract::{
    FailureClass, JobContext, JobFailure, JobProducer, OutputFile, ProducerOutput,
};
use crate::producers::output_check::{expect_names, unreadable_output};
use crate::producers::producer_tools::{ProducerTools, built_in_identity};
use std::path::Path;

/// Imports assets.
pub(in crate::producers) struct ImportProducer<'a> {
    /// Where Blender is found.
    pub(in crate::producers) tools: &'a ProducerTools,
}

impl JobProducer for ImportProducer<'_> {
    fn provider_identity(&self, work: &JobAction) -> String {
        // Only Blender files depend on the installed Blender. Other assets must not be imported
        // again when its version changes.
        if work.is_blender_import() {
            self.tools.blend_import_identity(is_converted(work))
        } else {
            built_in_identity()
        }
    }

    fn run_job(&self, context: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
        if context.action.is_blender_import() {
            self.tools.find_blender()?.import_blend(context)
        } else {
            AssetImporter.import_asset(context)
        }
    }

    fn check_outputs(
        &self,
        context: &JobContext<'_>,
        outputs: &[OutputFile],
    ) -> Result<(), JobFailure> {
        // A Blender file leaves two outputs: the glTF copy, which is like every other model, and
        // the packed file that Blender renders from.
        let mut names = vec!["asset".to_owned()];
        if context.action.is_blender_import() {
            names.push("blend".to_owned());
        }
        expect_names(&names, outputs)?;
        outputs
            .iter()
            .try_for_each(|output| check_imported(context.action, &output.path))
    }
}

/// Returns whether Blender makes a file of its own of it first.
fn is_converted(work: &JobAction) -> bool {
    match work {
        JobAction::Import { kind, mend } => *kind == AssetKind::Foreign || mend.moves_places(),
        _ => false,
    }
}

fn check_imported(work: &JobAction, path: &Path) -> Result<(), JobFailure> {
    // An environment is decoded again, because a full disk can cut off the copy. A model was parsed
    // from memory before it was written, and a Blender file cannot be parsed here; for both the
    // length is checked.
    match work {
        JobAction::Import {
            kind: AssetKind::Environment,
            ..
        } => picture::check_picture(path)
            .map(|_| ())
            .map_err(JobFailure::from),
        _ => check_not_empty(path),
    }
}

fn check_not_empty(path: &Path) -> Result<(), JobFailure> {
    let length = std::fs::metadata(path)
        .map_err(|error| unreadable_output(path, &error))?
        .len();
    if length > 0 {
        return Ok(());
    }
    let message = format!("make {}: it is empty", path.display());
    Err(JobFailure::new(FailureClass::BadOutput, message))
}

//! The producer of footage. Films need ffmpeg; pictures need no tool.

use super::FootageImporter;
use crate::media::picture::PictureKind;
use crate::model::{ActionKind, JobAction};
use crate::producers::contract::{JobContext, JobFailure, JobProducer, OutputFile, ProducerOutput};
use crate::producers::output_check::{check_pictures_alike, expect_names, frame_names};
use crate::producers::producer_tools::ProducerTools;

/// Brings footage in.
pub(in crate::producers) struct FootageProducer<'a> {
    /// Where ffmpeg is found.
    pub(in crate::producers) tools: &'a ProducerTools,
}

impl JobProducer for FootageProducer<'_> {
    fn provider_identity(&self, work: &JobAction) -> String {
        self.tools.deliverable_identity(work)
    }

    fn run_job(&self, context: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
        let tools = self.tools.ffmpeg().cloned();
        FootageImporter { tools }.import_footage(context)
    }

    fn check_outputs(
        &self,
        context: &JobContext<'_>,
        outputs: &[OutputFile],
    ) -> Result<(), JobFailure> {
        let JobAction::Footage { frames, .. } = context.action else {
            return Err(JobFailure::wrong_action(
                ActionKind::Footage,
                context.action,
            ));
        };
        expect_names(&frame_names(frames, "exr"), outputs)?;
        check_pictures_alike(outputs, PictureKind::Exr, None)
    }
}

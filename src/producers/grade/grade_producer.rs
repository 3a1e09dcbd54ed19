//! The producer of graded frames. Needs no tool.

use super::FrameGrader;
use crate::media::picture::PictureKind;
use crate::model::{ActionKind, JobAction};
use crate::producers::contract::{JobContext, JobFailure, JobProducer, OutputFile, ProducerOutput};
use crate::producers::output_check::{check_pictures_alike, expect_names, frame_names};
use crate::producers::producer_tools::built_in_identity;

/// Grades frames.
pub(in crate::producers) struct GradeProducer;

impl JobProducer for GradeProducer {
    fn provider_identity(&self, _: &JobAction) -> String {
        built_in_identity()
    }

    fn run_job(&self, context: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
        FrameGrader.grade_frames(context)
    }

    fn check_outputs(
        &self,
        context: &JobContext<'_>,
        outputs: &[OutputFile],
    ) -> Result<(), JobFailure> {
        let JobAction::Grade { frames, .. } = context.action else {
            return Err(JobFailure::wrong_action(ActionKind::Grade, context.action));
        };
        expect_names(&frame_names(frames, "png"), outputs)?;
        check_pictures_alike(outputs, PictureKind::Png, None)
    }
}

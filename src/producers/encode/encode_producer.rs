//! The producer of encoded shots.

use super::ShotEncoder;
use crate::model::{ActionKind, JobAction};
use crate::producers::contract::{JobContext, JobFailure, JobProducer, OutputFile, ProducerOutput};
use crate::producers::output_check::{check_segment, expect_names, segment_names};
use crate::producers::producer_tools::ProducerTools;

/// Encodes shots.
pub(in crate::producers) struct EncodeProducer<'a> {
    /// Where ffmpeg is found.
    pub(in crate::producers) tools: &'a ProducerTools,
}

impl JobProducer for EncodeProducer<'_> {
    fn provider_identity(&self, work: &JobAction) -> String {
        self.tools.deliverable_identity(work)
    }

    fn run_job(&self, context: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
        let tools = self.tools.ffmpeg().cloned();
        ShotEncoder { tools }.encode_with(self.tools.frames(), context)
    }

    fn check_outputs(
        &self,
        context: &JobContext<'_>,
        outputs: &[OutputFile],
    ) -> Result<(), JobFailure> {
        let JobAction::Encode { format, count, .. } = context.action else {
            return Err(JobFailure::wrong_action(ActionKind::Encode, context.action));
        };
        expect_names(&segment_names(format.codec, *count), outputs)?;
        check_segment(outputs, format, *count)
    }
}

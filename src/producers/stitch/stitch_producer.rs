//! The producer of joined deliverables.

use super::SegmentStitcher;
use super::joined_packets::check_joined_film;
use crate::model::{ActionKind, CodecDelivery, JobAction};
use crate::producers::contract::{JobContext, JobFailure, JobProducer, OutputFile, ProducerOutput};
use crate::producers::encode::require_ffmpeg;
use crate::producers::output_check::{check_joined, expect_names, film_names};
use crate::producers::producer_tools::ProducerTools;

/// Joins segments.
pub(in crate::producers) struct StitchProducer<'a> {
    /// Where ffmpeg is found.
    pub(in crate::producers) tools: &'a ProducerTools,
}

impl JobProducer for StitchProducer<'_> {
    fn provider_identity(&self, work: &JobAction) -> String {
        self.tools.deliverable_identity(work)
    }

    fn run_job(&self, context: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
        let tools = self.tools.ffmpeg().cloned();
        SegmentStitcher { tools }.stitch_segments(context)
    }

    fn check_outputs(
        &self,
        context: &JobContext<'_>,
        outputs: &[OutputFile],
    ) -> Result<(), JobFailure> {
        let JobAction::Stitch {
            format,
            count,
            sound,
            ..
        } = context.action
        else {
            return Err(JobFailure::wrong_action(ActionKind::Stitch, context.action));
        };
        expect_names(&film_names(format, sound.is_some(), *count), outputs)?;
        let CodecDelivery::Film(film) = &format.codec.spec().delivery else {
            return check_joined(outputs, format, *count);
        };
        let tools = require_ffmpeg(self.tools.ffmpeg())?;
        // A film is one file, and `expect_names` has made sure that it is there.
        check_joined_film(tools, &outputs[0].path, format, film, context)
    }
}

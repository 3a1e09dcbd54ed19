//! The producer of text deliverables: writes what its action contains, or the captions that it
//! describes.

use super::caption_export::{CaptionText, caption_text, part_text};
use crate::model::cut::TextExportWork;
use crate::model::{ActionKind, InputFiles, JobAction};
use crate::producers::contract::{
    ExecutionMode, FailureClass, JobContext, JobFailure, JobProducer, OutputFile, ProducerOutput,
};
use crate::producers::output_check::{expect_names, unreadable_output};
use crate::producers::producer_tools::built_in_identity;

/// Writes deliverables that are text.
pub(in crate::producers) struct TextExportProducer;

impl JobProducer for TextExportProducer {
    fn provider_identity(&self, _: &JobAction) -> String {
        built_in_identity()
    }

    fn run_job(&self, context: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
        let work = text_work(context)?;
        let name = work.file_name();
        let path = context.scratch.join(&name);
        let made = export_text(work, context.inputs)?;
        std::fs::write(&path, made.text.as_bytes())
            .map_err(|error| JobFailure::from_io_error(&format!("write {name}"), &error))?;
        (context.progress)(1, 1);
        Ok(ProducerOutput {
            outputs: vec![OutputFile { name, path }],
            provider: "text (built in)".to_owned(),
            mode: ExecutionMode::Real,
            warnings: made.warnings,
        })
    }

    fn check_outputs(
        &self,
        context: &JobContext<'_>,
        outputs: &[OutputFile],
    ) -> Result<(), JobFailure> {
        let work = text_work(context)?;
        expect_names(&[work.file_name()], outputs)?;
        let output = &outputs[0];
        let written =
            std::fs::read(&output.path).map_err(|error| unreadable_output(&output.path, &error))?;
        // Made a second time and not read back from memory: the same inputs give the same text, so
        // any difference is damage.
        let text = export_text(work, context.inputs)?.text;
        // A full disk leaves a file that is there and cut off.
        if written != text.as_bytes() {
            let message = format!(
                "write {}: it has {} of {} bytes, or others",
                output.name,
                written.len(),
                text.len()
            );
            return Err(JobFailure::new(FailureClass::BadOutput, message));
        }
        Ok(())
    }
}

/// Returns the whole text, and what could not be written as it should.
fn export_text(work: &TextExportWork, inputs: &InputFiles) -> Result<CaptionText, JobFailure> {
    if let Some(part) = work.part {
        return part_text(part, inputs);
    }
    match &work.captions {
        Some(captions) => caption_text(work.kind, captions, inputs),
        None => Ok(CaptionText {
            text: work.text.to_string(),
            warnings: Vec::new(),
        }),
    }
}

fn text_work<'a>(context: &'a JobContext<'_>) -> Result<&'a TextExportWork, JobFailure> {
    match context.action {
        JobAction::TextExport(work) => Ok(work),
        other => Err(JobFailure::wrong_action(ActionKind::TextExport, other)),
    }
}

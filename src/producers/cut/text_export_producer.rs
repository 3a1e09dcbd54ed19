//! The producer of text deliverables: writes what its action contains.

use crate::model::cut::TextExportWork;
use crate::model::{ActionKind, JobAction};
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
        std::fs::write(&path, work.text.as_bytes())
            .map_err(|error| JobFailure::from_io_error(&format!("write {name}"), &error))?;
        (context.progress)(1, 1);
        Ok(ProducerOutput {
            outputs: vec![OutputFile { name, path }],
            provider: "text (built in)".to_owned(),
            mode: ExecutionMode::Real,
            warnings: Vec::new(),
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
        // A full disk leaves a file that is there and cut off.
        if written != work.text.as_bytes() {
            let message = format!(
                "write {}: it has {} of {} bytes, or others",
                output.name,
                written.len(),
                work.text.len()
            );
            return Err(JobFailure::new(FailureClass::BadOutput, message));
        }
        Ok(())
    }
}

fn text_work<'a>(context: &'a JobContext<'_>) -> Result<&'a TextExportWork, JobFailure> {
    match context.action {
        JobAction::TextExport(work) => Ok(work),
        other => Err(JobFailure::wrong_action(ActionKind::TextExport, other)),
    }
}

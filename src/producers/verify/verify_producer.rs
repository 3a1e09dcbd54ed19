//! The producer of verification: its output is `facts.json`, not the deliverable.

use super::{DeliverableVerifier, MeasuredFacts};
use crate::model::JobAction;
use crate::producers::contract::{JobContext, JobFailure, JobProducer, OutputFile, ProducerOutput};
use crate::producers::output_check::{expect_names, unreadable_output};
use crate::producers::producer_tools::ProducerTools;
use std::path::Path;

/// Verifies deliverables.
pub(in crate::producers) struct VerifyProducer<'a> {
    /// Where ffmpeg is found.
    pub(in crate::producers) tools: &'a ProducerTools,
}

impl JobProducer for VerifyProducer<'_> {
    fn provider_identity(&self, work: &JobAction) -> String {
        self.tools.deliverable_identity(work)
    }

    fn run_job(&self, context: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
        let tools = self.tools.ffmpeg().cloned();
        DeliverableVerifier { tools }.verify_deliverable(context)
    }

    fn check_outputs(&self, _: &JobContext<'_>, outputs: &[OutputFile]) -> Result<(), JobFailure> {
        expect_names(&["facts.json".to_owned()], outputs)?;
        check_facts_file(&outputs[0].path)
    }
}

fn check_facts_file(path: &Path) -> Result<(), JobFailure> {
    let text = std::fs::read(path).map_err(|error| unreadable_output(path, &error))?;
    // The file is read back as its later readers do. A full disk leaves a file that is there and
    // cut off.
    serde_json::from_slice::<MeasuredFacts>(&text)
        .map(|_| ())
        .map_err(|error| unreadable_output(path, &error))
}

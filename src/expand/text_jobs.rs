//! Deliverables that are text: a job for each, with what it writes.

use super::{JobBuilder, new_job};
use crate::model::JobAction;
use crate::model::cut::{TextExport, TextExportKind, TextExportWork, Timeline};
use crate::timeline::{TimelineMaker, cut_list_csv};

impl JobBuilder<'_> {
    /// Adds a job for each deliverable that is text.
    pub(super) fn add_text_jobs(&mut self, timelines: &TimelineMaker<'_>) {
        let production = self.production;
        for export in &production.exports {
            let output = export
                .output
                .and_then(|index| production.outputs.get(index));
            let timeline = output.map_or_else(
                || timelines.full_timeline(),
                |output| timelines.output_timeline(output),
            );
            self.add_text_job(export, &timeline);
        }
    }

    fn add_text_job(&mut self, export: &TextExport, timeline: &Timeline) {
        let text = match export.kind {
            TextExportKind::CutList => cut_list_csv(self.production, timeline),
        };
        let work = JobAction::TextExport(TextExportWork {
            kind: export.kind,
            text: text.into(),
        });
        let mut job = new_job(&[&export.name.value], work, export.origin);
        job.output = Some(export.name.value.clone());
        self.add_job(job);
    }
}

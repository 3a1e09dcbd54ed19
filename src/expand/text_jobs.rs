//! Deliverables that are text: a job for each, with what it writes.

use super::caption_jobs::film_words;
use super::{JobBuilder, new_job};
use crate::interchange::{
    FcpxmlVersion, OtioSchemas, edl_text, fcpxml_text, film_exchange, otio_text, reel_entries,
    reel_table,
};
use crate::model::cut::{TextExport, TextExportKind, TextExportWork, Timeline};
use crate::model::{Job, JobAction, JobId};
use crate::timeline::{TimelineMaker, cut_list_csv};

impl JobBuilder<'_> {
    /// Adds a job for each deliverable that is text. `lines` are the jobs that speak, by shot.
    pub(super) fn add_text_jobs(&mut self, timelines: &TimelineMaker<'_>, lines: &[Vec<JobId>]) {
        let production = self.production;
        for export in &production.exports {
            let output = export
                .output
                .and_then(|index| production.outputs.get(index));
            let timeline = output.map_or_else(
                || timelines.full_timeline(),
                |output| timelines.output_timeline(output),
            );
            let mut job = if export.kind.is_captions() {
                let language = export.language.as_ref();
                let language = language.map_or(&production.captions.language, |own| &own.value);
                let words = film_words(production, &timeline, language, lines);
                self.caption_job(export.kind, &[&export.name.value], words, export.origin)
            } else {
                self.text_job(export, &timeline)
            };
            job.output = Some(export.name.value.clone());
            self.add_job(job);
        }
    }

    fn text_job(&self, export: &TextExport, timeline: &Timeline) -> Job {
        let text = match export.kind {
            TextExportKind::CutList => cut_list_csv(self.production, timeline),
            kind => self.exchange_text(kind, export, timeline),
        };
        let work = JobAction::TextExport(TextExportWork {
            kind: export.kind,
            // The text itself is the work, so a file is written again only if it would read
            // differently, and the job needs nothing of the production.
            text: text.into(),
            captions: None,
            part: None,
        });
        new_job(&[&export.name.value], work, export.origin)
    }

    /// Returns the text of a timeline for other programs.
    fn exchange_text(
        &self,
        kind: TextExportKind,
        export: &TextExport,
        timeline: &Timeline,
    ) -> String {
        let exchange = film_exchange(self.production, timeline, export);
        let version = export
            .version
            .as_ref()
            .map(|version| version.value.as_str());
        match kind {
            TextExportKind::Edl => edl_text(&exchange).unwrap_or_default(),
            TextExportKind::Fcpxml => {
                let version = version.and_then(FcpxmlVersion::from_number);
                fcpxml_text(&exchange, version.unwrap_or_default())
            }
            TextExportKind::Reels => reel_table(&reel_entries(&exchange)),
            _ => {
                let schemas = version.and_then(OtioSchemas::for_version);
                otio_text(&exchange, schemas.unwrap_or_default())
            }
        }
    }
}

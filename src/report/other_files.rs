//! Facts of deliverables that are neither films nor frames: texts, sprite sheets and tile maps, each
//! with what is beside it.

use super::plan_results::{PlanResults, digest_of_files};
use super::report_facts::OtherFileFacts;
use crate::model::cut::TextExport;
use crate::model::production::Production;
use crate::model::sprites::GameFiles;
use crate::model::{Artefact, JobAction};
use std::collections::HashMap;
use std::path::Path;

/// The files that each job of such a deliverable made, by its name. A job that failed is not there.
type MadeFiles<'a> = HashMap<&'a str, &'a [Artefact]>;

impl<'a> PlanResults<'a> {
    /// Returns the facts of all that were made, in the order of the document: texts first.
    pub(super) fn other_files(&self, production: &Production) -> Vec<OtherFileFacts> {
        let texts = self.made_files(|work| matches!(work, JobAction::TextExport(_)));
        let games = self
            .made_files(|work| matches!(work, JobAction::SpriteSheet(_) | JobAction::TileMap(_)));
        let exports = production.exports.iter();
        let mut found: Vec<OtherFileFacts> = exports
            .filter_map(|export| text_facts(export, &texts))
            .collect();
        found.extend(
            production
                .game_files()
                .flat_map(|files| game_facts(files, &games)),
        );
        found
    }

    fn made_files(&self, is_wanted: fn(&JobAction) -> bool) -> MadeFiles<'a> {
        self.wanted_jobs()
            .filter(|(_, planned, _)| is_wanted(&planned.job.work))
            .filter_map(|(id, planned, _)| {
                let name = planned.job.output.as_deref()?;
                Some((name, self.outcome.job_outputs(id)?))
            })
            .collect()
    }
}

fn text_facts(export: &TextExport, made: &MadeFiles<'_>) -> Option<OtherFileFacts> {
    let name = export.name.value.as_str();
    let files = made.get(name)?;
    let kinds = (export.kind.name(), export.kind.noun());
    Some(file_facts(name, &export.path.value, kinds, files))
}

/// Returns the facts of a sheet or a map, and of the file beside it.
fn game_facts(files: GameFiles<'_>, made: &MadeFiles<'_>) -> Vec<OtherFileFacts> {
    let Some(artefacts) = made.get(files.name.value.as_str()) else {
        return Vec::new();
    };
    let kind = files.kind;
    let names = [files.name.value.clone(), files.beside_name()];
    let nouns = [kind.noun(), kind.beside_noun()];
    let parts = names.iter().zip(files.paths()).zip(nouns);
    parts
        .zip(kind.made_names())
        .map(|(((name, path), noun), made_name)| {
            let own = artefacts.iter().filter(|file| file.name == made_name);
            let own: Vec<Artefact> = own.cloned().collect();
            file_facts(name, &path, (kind.format(), noun), &own)
        })
        .collect()
}

fn file_facts(
    output: &str,
    path: &Path,
    (kind, kind_name): (&'static str, &'static str),
    files: &[Artefact],
) -> OtherFileFacts {
    OtherFileFacts {
        output: output.to_owned(),
        path: path.to_owned(),
        kind,
        kind_name,
        digest: digest_of_files(files),
        bytes: files.iter().map(|file| file.stamp.size).sum(),
    }
}

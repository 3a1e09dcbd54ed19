//! What the paths of outputs have for `${revision}` and `${date}`, which are known when a run
//! publishes.
//!
//! They are in no job: the day of a run must not make its films again. The digest of a run has the
//! paths as they are written, so a run on another day that changes nothing is up to date.

use crate::event::DeliveredOutput;
use crate::model::production::{PATH_DATE, PATH_REVISION};
use crate::report::ReportFacts;
use crate::store::{Manifest, StoreError, StoreLayout};
use std::path::{Path, PathBuf};

/// The values of one run.
#[derive(Debug, Clone)]
pub(super) struct PathValues {
    revision: String,
    date: String,
}

impl PathValues {
    /// Returns the values of the run of this revision that started then.
    pub(super) fn for_run(revision: &str, started_at: jiff::Timestamp) -> Self {
        Self {
            revision: revision.to_owned(),
            // In UTC, as all times are: machines of a farm may be in several time zones.
            date: started_at.strftime("%Y-%m-%d").to_string(),
        }
    }

    fn fill_path(&self, path: &Path) -> PathBuf {
        if !has_values(path) {
            return path.to_owned();
        }
        let text = path.to_string_lossy();
        text.replace(PATH_REVISION, &self.revision)
            .replace(PATH_DATE, &self.date)
            .into()
    }

    /// Returns the deliverables at the paths that they have in this run.
    pub(super) fn fill_deliverables(&self, planned: &[DeliveredOutput]) -> Vec<DeliveredOutput> {
        let filled = planned.iter().cloned().map(|made| DeliveredOutput {
            path: self.fill_path(&made.path),
            ..made
        });
        filled.collect()
    }

    /// Puts the paths of this run in the facts of its report.
    pub(super) fn fill_facts(&self, facts: &mut ReportFacts) {
        for made in &mut facts.deliverables {
            made.path = self.fill_path(&made.path);
        }
    }
}

fn has_values(path: &Path) -> bool {
    let text = path.to_string_lossy();
    text.contains(PATH_REVISION) || text.contains(PATH_DATE)
}

/// Returns the planned deliverables at the paths where a published revision put them. `None`: it
/// has not all of them.
///
/// # Errors
/// Fails if a journal cannot be read.
pub(super) fn published_paths(
    layout: &StoreLayout,
    revision: &str,
    planned: &[DeliveredOutput],
) -> Result<Option<Vec<DeliveredOutput>>, StoreError> {
    if !planned.iter().any(|made| has_values(&made.path)) {
        return Ok(Some(planned.to_vec()));
    }
    let Some(manifest) = Manifest::rebuild(layout, revision)? else {
        return Ok(None);
    };
    let placed = planned.iter().map(|made| {
        let mut published = manifest.deliverables.iter();
        let published = published.find(|other| other.output == made.output)?;
        Some(DeliveredOutput {
            path: published.path.clone(),
            ..made.clone()
        })
    });
    Ok(placed.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revision_and_date_take_their_places() {
        let values = PathValues::for_run("rev-0007", "2026-11-29T23:59:00Z".parse().unwrap());
        let filled = values.fill_path(Path::new("out/${date}/film_${revision}.mp4"));
        assert_eq!(filled, Path::new("out/2026-11-29/film_rev-0007.mp4"));
    }
}

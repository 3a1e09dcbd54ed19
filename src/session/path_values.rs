//! What the paths of outputs have for `${revision}` and `${date}`, which are known when a run
//! publishes.
//!
//! They are in no job: the day of a run must not make its films again. The digest of a run has the
//! paths as they are written, so a run on another day that changes nothing is up to date.

use crate::event::DeliveredOutput;
use crate::model::production::{PATH_DATE, PATH_REVISION};
use crate::report::ReportFacts;
use crate::store::{Manifest, StoreError, StoreLayout};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Stands for a value while names are compared. No name contains it.
const VALUE_MARK: &str = "\0";

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
        // Most paths have none, and one that is no text must stay as it is.
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
        facts.change_paths(|path| *path = self.fill_path(path));
    }
}

fn has_values(path: &Path) -> bool {
    let text = path.to_string_lossy();
    text.contains(PATH_REVISION) || text.contains(PATH_DATE)
}

/// Returns whether `path` is one that `written` has in some run, or is in it.
pub(super) fn is_path_of_some_run(path: &Path, written: &Path) -> bool {
    // Component by component: a value fills part of one name and never reaches over a slash.
    let mut parts = path.components();
    written.components().all(|wanted| {
        let part = parts.next();
        part.is_some_and(|part| {
            part == wanted || is_filled_name(part.as_os_str(), wanted.as_os_str())
        })
    })
}

/// Returns whether `name` is what `written` becomes when its values are filled in.
fn is_filled_name(name: &OsStr, written: &OsStr) -> bool {
    let [Some(name), Some(written)] = [name.to_str(), written.to_str()] else {
        return false;
    };
    let marked = written
        .replace(PATH_REVISION, VALUE_MARK)
        .replace(PATH_DATE, VALUE_MARK);
    let mut literals = marked.split(VALUE_MARK);
    let first = literals.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let mut literals = literals.peekable();
    if literals.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(literal) = literals.next() {
        // A value has at least one character. The last literal ends the name.
        let found = if literals.peek().is_none() {
            rest.strip_suffix(literal).filter(|value| !value.is_empty())
        } else {
            let tail = rest.char_indices().nth(1).map_or("", |(at, _)| &rest[at..]);
            let at = tail.find(literal);
            at.map(|at| &tail[at + literal.len()..])
        };
        let Some(found) = found else {
            return false;
        };
        rest = found;
    }
    true
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
    // Paths without values are the same in every run, and a manifest costs the reading of a
    // journal.
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

    #[test]
    fn a_path_of_another_day_is_a_path_of_the_same_deliverable() {
        let written = Path::new("out/${date}/film_${revision}.mp4");
        for (path, expected) in [
            ("out/2026-11-29/film_rev-0007.mp4", true),
            ("out/2026-11-29/film_rev-0007.mp4/inside", true),
            ("out/2026-11-29/film_.mp4", false),
            ("out/2026-11-29/film_rev-0007.mov", false),
            ("out/2026-11-29", false),
            ("other/2026-11-29/film_rev-0007.mp4", false),
        ] {
            assert_eq!(
                is_path_of_some_run(Path::new(path), written),
                expected,
                "{path}"
            );
        }
        let twice = Path::new("${date}_x_${revision}");
        assert!(is_path_of_some_run(
            Path::new("2026-11-29_x_rev-0001"),
            twice
        ));
        assert!(!is_path_of_some_run(Path::new("_x_rev-0001"), twice));
        assert!(is_path_of_some_run(
            Path::new("plain/a"),
            Path::new("plain")
        ));
        assert!(!is_path_of_some_run(
            Path::new("plainly"),
            Path::new("plain")
        ));
    }
}

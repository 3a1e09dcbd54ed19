//! What changed between two revisions beside the files that jobs made: files of the project, the
//! timeline, and what jobs were made from. It is part of `production diff`.

use super::cause::describe_change;
use super::paint::TextPaint;
use super::text_format::{format_count, format_number};
use crate::base::Digest;
use crate::base::printable::flatten_escaped;
use crate::plan::JobChange;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Most changes that the line of a job names.
const MAX_CHANGES: usize = 3;

/// The changes from one revision to another.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct RevisionChanges {
    /// Files of the project that were read, by path.
    pub files: Vec<FileChange>,
    /// Shots whose place or length in the cut differs, in the order of the later cut; then those
    /// that are gone.
    pub shots: Vec<ShotChange>,
    /// What changed in the document, the renderer or this program for a job, by its name. Content
    /// of inputs is not repeated here.
    pub causes: BTreeMap<String, Vec<JobChange>>,
}

/// One file of the project that another content was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileChange {
    /// Its path, relative to the production.
    pub file: PathBuf,
    /// Digest of its content before. `None`: it was not read.
    pub old: Option<Digest>,
    /// Digest of its content after. `None`: it is no longer read.
    pub new: Option<Digest>,
}

/// One shot at another place or with another length.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShotChange {
    /// Its name.
    pub shot: String,
    /// Where it was. `None`: it is new.
    pub old: Option<CutPlace>,
    /// Where it is. `None`: it is gone.
    pub new: Option<CutPlace>,
}

/// The place of a shot in the cut, as a report has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CutPlace {
    /// How many frames it has.
    pub frames: usize,
    /// Number of its first frame in the cut, from 0.
    pub starts: usize,
    /// Timecode of its first frame in the cut.
    pub timecode_in: String,
    /// Timecode of the frame after its last.
    pub timecode_out: String,
}

impl RevisionChanges {
    /// Returns the causes of a job as they follow its line; empty if none is known.
    #[must_use]
    pub fn cause_text(&self, job: &str) -> String {
        let Some(changes) = self.causes.get(job) else {
            return String::new();
        };
        let mut texts: Vec<String> = changes
            .iter()
            .take(MAX_CHANGES)
            .map(describe_change)
            .collect();
        if changes.len() > MAX_CHANGES {
            let more = changes.len() - MAX_CHANGES;
            texts.push(format!("{} more", format_number(more)));
        }
        format!("  {}", texts.join(", "))
    }

    /// Returns the changes of files and of the timeline as lines; empty if there are none.
    #[must_use]
    pub fn text(&self, colour: bool) -> String {
        let paint = TextPaint { colour };
        let mut text = String::new();
        if !self.files.is_empty() {
            let files = format_count(self.files.len(), "file");
            text += &format!("{files} of the project\n");
        }
        for FileChange { file, old, new } in &self.files {
            let file = flatten_escaped(&file.display().to_string());
            text += &match (old, new) {
                (None, _) => format!("  {} {file}\n", paint.success("+")),
                (_, None) => format!("  {} {file}  no longer read\n", paint.failure("-")),
                _ => format!("  {} {file}  other content\n", paint.warning("~")),
            };
        }
        text + &self.timeline_text(paint)
    }

    fn timeline_text(&self, paint: TextPaint) -> String {
        if self.shots.is_empty() {
            return String::new();
        }
        let mut text = format!(
            "{} of the timeline\n",
            format_count(self.shots.len(), "shot")
        );
        for ShotChange { shot, old, new } in &self.shots {
            let shot = flatten_escaped(shot);
            text += &match (old, new) {
                (None, None) => String::new(),
                (None, Some(new)) => {
                    let frames = format_count(new.frames, "frame");
                    let from = &new.timecode_in;
                    format!("  {} {shot}  {frames} from {from}\n", paint.success("+"))
                }
                (Some(old), None) => {
                    let frames = format_count(old.frames, "frame");
                    format!("  {} {shot}  had {frames}\n", paint.failure("-"))
                }
                (Some(old), Some(new)) => {
                    let change = place_change(old, new);
                    format!("  {} {shot}  {change}\n", paint.warning("~"))
                }
            };
        }
        text
    }
}

/// Returns how the place of a shot changed: its length, its start, or both.
fn place_change(old: &CutPlace, new: &CutPlace) -> String {
    let frames = (old.frames != new.frames).then(|| {
        let frames = format_count(new.frames, "frame");
        format!("{} → {frames}", format_number(old.frames))
    });
    let start = (old.starts != new.starts)
        .then(|| format!("starts {} → {}", old.timecode_in, new.timecode_in));
    let parts: Vec<String> = frames.into_iter().chain(start).collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn place(frames: usize, starts: usize) -> CutPlace {
        CutPlace {
            frames,
            starts,
            timecode_in: format!("00:00:00:{starts:02}"),
            timecode_out: format!("00:00:00:{:02}", starts + frames),
        }
    }

    #[test]
    fn files_and_the_timeline_are_listed_with_what_happened_to_them() {
        let digest = |text: &str| Some(Digest::hash_bytes(text.as_bytes()));
        let file = |file: &str, old, new| FileChange {
            file: file.into(),
            old,
            new,
        };
        let shot = |shot: &str, old, new| ShotChange {
            shot: shot.to_owned(),
            old,
            new,
        };
        let changes = RevisionChanges {
            files: vec![
                file("a.glb", digest("1"), digest("2")),
                file("b.glb", None, digest("1")),
                file("c.glb", digest("1"), None),
            ],
            shots: vec![
                shot("one", Some(place(12, 0)), Some(place(10, 0))),
                shot("two", Some(place(8, 12)), Some(place(8, 10))),
                shot("new", None, Some(place(1, 18))),
                shot("old", Some(place(4, 20)), None),
            ],
            causes: BTreeMap::new(),
        };
        assert_eq!(
            changes.text(false),
            "3 files of the project\n  ~ a.glb  other content\n  + b.glb\n  - c.glb  no longer \
             read\n4 shots of the timeline\n  ~ one  12 → 10 frames\n  ~ two  starts 00:00:00:12 \
             → 00:00:00:10\n  + new  1 frame from 00:00:00:18\n  - old  had 4 frames\n"
        );
        assert_eq!(RevisionChanges::default().text(false), "");
    }

    #[test]
    fn the_causes_of_a_job_are_few() {
        let change = |name: &str| JobChange::Parameter {
            name: name.to_owned(),
            old: json!(1),
            new: json!(2),
        };
        let many = ["a", "b", "c", "d", "e"].map(change);
        let changes = RevisionChanges {
            causes: BTreeMap::from([("job".to_owned(), many.to_vec())]),
            ..RevisionChanges::default()
        };
        assert_eq!(
            changes.cause_text("job"),
            "  a 1 → 2, b 1 → 2, c 1 → 2, 2 more"
        );
        assert_eq!(changes.cause_text("other"), "");
    }
}

//! The reason why a job runs or not, in words: a word or two for tables, or each change with its
//! old and new value.
//!
//! Owns the words only. [`plan`](crate::plan) decides which reason applies.

use super::text_format::failure_class_label;
use crate::base::printable::flatten_escaped;
use crate::plan::{JobChange, RunReason};
use crate::store::provenance::ProvenanceSource;
use serde_json::Value;
use std::path::Path;

/// Longest text of one value, in characters.
// A staging or a command line can be hundreds of characters; two of them with an arrow between
// would fill the screen.
const MAX_VALUE_CHARS: usize = 48;

/// Returns the reason in a word or two, as it follows a number of jobs in a table.
#[must_use]
pub fn reason_label(reason: &RunReason) -> &'static str {
    match reason {
        RunReason::Reused => "already made",
        RunReason::Pinned => "pinned",
        RunReason::Initial => "new",
        RunReason::LatestAttemptFailed { .. } => "failed last time",
        // A new version of a tool remakes thousands of jobs although nobody edited anything.
        // "changed" would send people looking for the edit.
        RunReason::InputsHashChanged { changes } if all_changes(changes, is_provider) => {
            "provider changed"
        }
        RunReason::InputsHashChanged { .. } => "changed",
        RunReason::TouchesDirtyInput { .. } => "file changed",
        RunReason::TouchesDirtyArtefact { .. } => "input remade",
        RunReason::ProducesMissing { .. } => "lost from the store",
        RunReason::Propagated { .. } => "after a job that will run",
        RunReason::ForcedBySurgicalTarget | RunReason::ForcedByUserControl => "forced",
        RunReason::ForcedBySurgicalDependency { .. } => "after a forced job",
    }
}

fn all_changes(changes: &[JobChange], predicate: fn(&JobChange) -> bool) -> bool {
    // The list is empty if nothing records what changed. `all` is true of an empty list and would
    // blame the provider.
    !changes.is_empty() && changes.iter().all(predicate)
}

const fn is_provider(change: &JobChange) -> bool {
    matches!(change, JobChange::Provider { .. })
}

/// Returns the causes of a reason, one text each, as they follow a job's name and a colon.
#[must_use]
pub fn describe_causes(reason: &RunReason) -> Vec<String> {
    match reason {
        RunReason::Reused => vec!["made before from the same inputs, and still whole".to_owned()],
        RunReason::Pinned => vec!["pinned, so its last result is reused (--pin)".to_owned()],
        RunReason::Initial => vec!["never made before".to_owned()],
        RunReason::LatestAttemptFailed {
            class: kind,
            message,
        } => {
            vec![format!(
                "its latest attempt failed ({}): {}",
                failure_class_label(*kind),
                flatten_escaped(message)
            )]
        }
        RunReason::InputsHashChanged { changes } if changes.is_empty() => {
            // The identity differs, but nothing records the old parameters. Saying so is better
            // than showing a job without a cause.
            vec!["changed since it was last made; what changed was not recorded".to_owned()]
        }
        RunReason::InputsHashChanged { changes } => changes.iter().map(describe_change).collect(),
        RunReason::TouchesDirtyInput { files } => {
            files.iter().map(|file| changed_file_cause(file)).collect()
        }
        RunReason::TouchesDirtyArtefact { jobs } => {
            jobs.iter().map(|job| changed_job_cause(job)).collect()
        }
        RunReason::ProducesMissing { file } => {
            vec![format!(
                "its output {} is gone from the store, or damaged",
                flatten_escaped(file)
            )]
        }
        RunReason::Propagated { from } => {
            vec![format!(
                // Whether the upstream job comes out the same is known only after it ran. See the
                // decisions of `execute`.
                "{} will run; reused if that comes out as before",
                flatten_escaped(from)
            )]
        }
        RunReason::ForcedBySurgicalTarget => vec!["named with --regen".to_owned()],
        RunReason::ForcedByUserControl => {
            vec!["its shot or phase is named with --regen".to_owned()]
        }
        RunReason::ForcedBySurgicalDependency { from } => {
            vec![format!(
                "{} is forced; reused if that comes out as before",
                flatten_escaped(from)
            )]
        }
    }
}

fn changed_file_cause(file: &Path) -> String {
    let file = flatten_escaped(&file.display().to_string());
    format!("{file} has other content")
}

fn changed_job_cause(job: &str) -> String {
    let job = flatten_escaped(job);
    format!("{job} was made again and came out different")
}

/// Returns one change with old and new value.
#[must_use]
pub fn describe_change(change: &JobChange) -> String {
    match change {
        JobChange::Parameter { name, old, new } => {
            format!("{name} {} → {}", value_text(old), value_text(new))
        }
        JobChange::Provider { old, new } => format!(
            "provider {} → {}",
            flatten_escaped(old),
            flatten_escaped(new)
        ),
        JobChange::Producer { old, new } => {
            format!("this version of the program makes it differently ({old} → {new})")
        }
        JobChange::InputAdded { slot, from } => {
            format!("input {slot} is new: {}", input_source(from))
        }
        JobChange::InputRemoved { slot, from } => {
            format!("input {slot} is gone: {}", input_source(from))
        }
        JobChange::Input {
            slot,
            old_from,
            from,
            ..
        // The source is the same and its content is not, so an arrow between two equal names would
        // show nothing. The digests would not help people either.
        } if old_from == from => {
            format!("input {slot}: {} has other content", input_source(from))
        }
        JobChange::Input {
            slot,
            old_from,
            from,
            ..
        } => {
            format!(
                "input {} {} → {}",
                slot,
                input_source(old_from),
                input_source(from)
            )
        }
    }
}

fn input_source(from: &ProvenanceSource) -> String {
    match from {
        ProvenanceSource::Job(job) => flatten_escaped(job),
        ProvenanceSource::File(path) => flatten_escaped(&path.display().to_string()),
    }
}

fn value_text(value: &Value) -> String {
    let text = match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => number
            .as_f64()
            // JSON writes a float with its fraction: `85.0`. The document says `85`, and the
            // message repeats what was typed.
            .map_or_else(|| number.to_string(), |number| number.to_string()),
        other => other.to_string(),
    };
    let text = flatten_escaped(&text);
    if text.chars().count() <= MAX_VALUE_CHARS {
        text
    } else {
        text.chars()
            .take(MAX_VALUE_CHARS - 1)
            .chain(['…'])
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_change_shows_old_and_new_as_they_are_written() {
        let parameter = |old, new| {
            describe_change(&JobChange::Parameter {
                name: "camera.lens_mm".to_owned(),
                old,
                new,
            })
        };
        assert_eq!(
            parameter(json!(85.0), json!(60.5)),
            "camera.lens_mm 85 → 60.5"
        );
        assert_eq!(
            parameter(Value::Null, json!("a\u{1b}b")),
            "camera.lens_mm nothing → a\\u{1b}b"
        );
        assert!(parameter(json!("x".repeat(99)), json!({})).contains("x… → {}"));
    }

    #[test]
    fn a_provider_that_changed_alone_is_called_so() {
        let provider = JobChange::Provider {
            old: "a".into(),
            new: "b".into(),
        };
        let version = JobChange::Producer { old: 1, new: 2 };
        assert_eq!(
            reason_label(&RunReason::InputsHashChanged {
                changes: vec![provider.clone()]
            }),
            "provider changed"
        );
        assert_eq!(
            reason_label(&RunReason::InputsHashChanged {
                changes: vec![provider, version]
            }),
            "changed"
        );
        assert_eq!(
            reason_label(&RunReason::InputsHashChanged {
                changes: Vec::new()
            }),
            "changed"
        );
    }
}

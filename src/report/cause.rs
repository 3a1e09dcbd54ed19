//! Why a job runs or not, in words: the reason in a word or two for tables, and every change with old and new value.
//!
//! Owns the words. Which reason holds is the plan's to say.

use super::text_format::failure_class_label;
use crate::base::printable::flatten_escaped;
use crate::plan::{JobChange, RunReason};
use crate::store::provenance::ProvenanceSource;
use serde_json::Value;

/// Most characters of one value that are shown.
const MAX_VALUE_CHARS: usize = 48;

/// Returns the reason in a word or two, for a count of jobs.
#[must_use]
pub fn reason_label(reason: &RunReason) -> &'static str {
    match reason {
        RunReason::Reused => "already made",
        RunReason::Pinned => "pinned",
        RunReason::Initial => "new",
        RunReason::LatestAttemptFailed { .. } => "failed last time",
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
    !changes.is_empty() && changes.iter().all(predicate)
}

const fn is_provider(change: &JobChange) -> bool {
    matches!(change, JobChange::Provider { .. })
}

/// Returns the causes of a reason, one a line, in words that stand behind a job's name.
#[must_use]
pub fn describe_causes(reason: &RunReason) -> Vec<String> {
    match reason {
        RunReason::Reused => vec!["made before from the same inputs, and still whole".to_owned()],
        RunReason::Pinned => vec!["kept as it was last made (--pin)".to_owned()],
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
            vec!["changed since it was last made; what changed was not recorded".to_owned()]
        }
        RunReason::InputsHashChanged { changes } => changes.iter().map(describe_change).collect(),
        RunReason::TouchesDirtyInput { files } => files
            .iter()
            .map(|file| {
                format!(
                    "{} has other content",
                    flatten_escaped(&file.display().to_string())
                )
            })
            .collect(),
        RunReason::TouchesDirtyArtefact { jobs } => jobs
            .iter()
            .map(|job| {
                format!(
                    "{} was made again and came out different",
                    flatten_escaped(job)
                )
            })
            .collect(),
        RunReason::ProducesMissing { file } => {
            vec![format!(
                "its output {} is gone from the store, or damaged",
                flatten_escaped(file)
            )]
        }
        RunReason::Propagated { from } => {
            vec![format!(
                "{} will run; reused if that comes out as before",
                flatten_escaped(from)
            )]
        }
        RunReason::ForcedBySurgicalTarget => vec!["asked for by name (--regen)".to_owned()],
        RunReason::ForcedByUserControl => {
            vec!["asked for with its shot or phase (--regen)".to_owned()]
        }
        RunReason::ForcedBySurgicalDependency { from } => {
            vec![format!(
                "{} is forced; reused if that comes out as before",
                flatten_escaped(from)
            )]
        }
    }
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

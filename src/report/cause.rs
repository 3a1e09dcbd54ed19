//! Why a job runs or not, in words: the reason in a word or two for tables, and every change with old and new value.
//!
//! Owns the words. Which reason holds is the plan's to say.

use super::figures::{class, harmless};
use crate::plan::{JobChange, RunReason};
use crate::store::provenance::ProvenanceSource;
use serde_json::Value;

/// Most characters of one value that are shown.
const SHOWN: usize = 48;

/// Returns the reason in a word or two, for a count of jobs.
#[must_use]
pub fn word(reason: &RunReason) -> &'static str {
    match reason {
        RunReason::Reused => "already made",
        RunReason::Pinned => "pinned",
        RunReason::Initial => "new",
        RunReason::LatestAttemptFailed { .. } => "failed last time",
        RunReason::InputsHashChanged { changes } if only(changes, is_provider) => {
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

fn only(changes: &[JobChange], is: fn(&JobChange) -> bool) -> bool {
    !changes.is_empty() && changes.iter().all(is)
}

const fn is_provider(change: &JobChange) -> bool {
    matches!(change, JobChange::Provider { .. })
}

/// Returns the causes of a reason, one a line, in words that stand behind a job's name.
#[must_use]
pub fn causes(reason: &RunReason) -> Vec<String> {
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
                class(*kind),
                harmless(message)
            )]
        }
        RunReason::InputsHashChanged { changes } if changes.is_empty() => {
            vec!["changed since it was last made; what changed was not recorded".to_owned()]
        }
        RunReason::InputsHashChanged { changes } => changes.iter().map(change).collect(),
        RunReason::TouchesDirtyInput { files } => files
            .iter()
            .map(|file| {
                format!(
                    "{} has other content",
                    harmless(&file.display().to_string())
                )
            })
            .collect(),
        RunReason::TouchesDirtyArtefact { jobs } => jobs
            .iter()
            .map(|job| format!("{} was made again and came out different", harmless(job)))
            .collect(),
        RunReason::ProducesMissing { file } => {
            vec![format!(
                "its output {} is gone from the store, or damaged",
                harmless(file)
            )]
        }
        RunReason::Propagated { from } => {
            vec![format!(
                "{} will run; reused if that comes out as before",
                harmless(from)
            )]
        }
        RunReason::ForcedBySurgicalTarget => vec!["asked for by name (--regen)".to_owned()],
        RunReason::ForcedByUserControl => {
            vec!["asked for with its shot or phase (--regen)".to_owned()]
        }
        RunReason::ForcedBySurgicalDependency { from } => {
            vec![format!(
                "{} is forced; reused if that comes out as before",
                harmless(from)
            )]
        }
    }
}

/// Returns one change with old and new value.
#[must_use]
pub fn change(change: &JobChange) -> String {
    match change {
        JobChange::Parameter { name, old, new } => {
            format!("{name} {} → {}", value(old), value(new))
        }
        JobChange::Provider { old, new } => {
            format!("provider {} → {}", harmless(old), harmless(new))
        }
        JobChange::Producer { old, new } => {
            format!("this version of the program makes it differently ({old} → {new})")
        }
        JobChange::InputAdded { slot, from } => {
            format!("input {} is new: {}", slot.0, source(from))
        }
        JobChange::InputRemoved { slot, from } => {
            format!("input {} is gone: {}", slot.0, source(from))
        }
        JobChange::Input {
            slot,
            old_from,
            from,
            ..
        } if old_from == from => {
            format!("input {}: {} has other content", slot.0, source(from))
        }
        JobChange::Input {
            slot,
            old_from,
            from,
            ..
        } => {
            format!("input {} {} → {}", slot.0, source(old_from), source(from))
        }
    }
}

fn source(from: &ProvenanceSource) -> String {
    match from {
        ProvenanceSource::Job(job) => harmless(job),
        ProvenanceSource::File(path) => harmless(&path.display().to_string()),
    }
}

fn value(value: &Value) -> String {
    let text = match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => number
            .as_f64()
            .map_or_else(|| number.to_string(), |number| number.to_string()),
        other => other.to_string(),
    };
    let text = harmless(&text);
    if text.chars().count() <= SHOWN {
        text
    } else {
        text.chars().take(SHOWN - 1).chain(['…']).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_change_shows_old_and_new_as_they_are_written() {
        let parameter = |old, new| {
            change(&JobChange::Parameter {
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
            word(&RunReason::InputsHashChanged {
                changes: vec![provider.clone()]
            }),
            "provider changed"
        );
        assert_eq!(
            word(&RunReason::InputsHashChanged {
                changes: vec![provider, version]
            }),
            "changed"
        );
        assert_eq!(
            word(&RunReason::InputsHashChanged {
                changes: Vec::new()
            }),
            "changed"
        );
    }
}

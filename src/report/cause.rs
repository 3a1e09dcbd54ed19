//! Why a job runs or not, in words: the reason in a word or two for tables, and every change with old and new value.
//!
//! Owns the words. Which reason holds is the plan's to say.

use super::figures::{class, harmless};
use crate::plan::{Change, Reason};
use crate::store::provenance::ProvenanceSource;
use serde_json::Value;

/// Most characters of one value that are shown.
const SHOWN: usize = 48;

/// Returns the reason in a word or two, for a count of jobs.
#[must_use]
pub fn word(reason: &Reason) -> &'static str {
    match reason {
        Reason::Reused => "already made",
        Reason::Pinned => "pinned",
        Reason::Initial => "new",
        Reason::LatestAttemptFailed { .. } => "failed last time",
        Reason::InputsHashChanged { changes } if only(changes, is_provider) => "provider changed",
        Reason::InputsHashChanged { .. } => "changed",
        Reason::TouchesDirtyInput { .. } => "file changed",
        Reason::TouchesDirtyArtefact { .. } => "input remade",
        Reason::ProducesMissing { .. } => "lost from the store",
        Reason::Propagated { .. } => "after a job that will run",
        Reason::ForcedBySurgicalTarget | Reason::ForcedByUserControl => "forced",
        Reason::ForcedBySurgicalDependency { .. } => "after a forced job",
    }
}

fn only(changes: &[Change], is: fn(&Change) -> bool) -> bool {
    !changes.is_empty() && changes.iter().all(is)
}

const fn is_provider(change: &Change) -> bool {
    matches!(change, Change::Provider { .. })
}

/// Returns the causes of a reason, one a line, in words that stand behind a job's name.
#[must_use]
pub fn causes(reason: &Reason) -> Vec<String> {
    match reason {
        Reason::Reused => vec!["made before from the same inputs, and still whole".to_owned()],
        Reason::Pinned => vec!["kept as it was last made (--pin)".to_owned()],
        Reason::Initial => vec!["never made before".to_owned()],
        Reason::LatestAttemptFailed {
            class: kind,
            message,
        } => {
            vec![format!(
                "its latest attempt failed ({}): {}",
                class(*kind),
                harmless(message)
            )]
        }
        Reason::InputsHashChanged { changes } if changes.is_empty() => {
            vec!["changed since it was last made; what changed was not recorded".to_owned()]
        }
        Reason::InputsHashChanged { changes } => changes.iter().map(change).collect(),
        Reason::TouchesDirtyInput { files } => files
            .iter()
            .map(|file| {
                format!(
                    "{} has other content",
                    harmless(&file.display().to_string())
                )
            })
            .collect(),
        Reason::TouchesDirtyArtefact { jobs } => jobs
            .iter()
            .map(|job| format!("{} was made again and came out different", harmless(job)))
            .collect(),
        Reason::ProducesMissing { file } => {
            vec![format!(
                "its output {} is gone from the store, or damaged",
                harmless(file)
            )]
        }
        Reason::Propagated { from } => {
            vec![format!(
                "{} will run; reused if that comes out as before",
                harmless(from)
            )]
        }
        Reason::ForcedBySurgicalTarget => vec!["asked for by name (--regen)".to_owned()],
        Reason::ForcedByUserControl => {
            vec!["asked for with its shot or phase (--regen)".to_owned()]
        }
        Reason::ForcedBySurgicalDependency { from } => {
            vec![format!(
                "{} is forced; reused if that comes out as before",
                harmless(from)
            )]
        }
    }
}

/// Returns one change with old and new value.
#[must_use]
pub fn change(change: &Change) -> String {
    match change {
        Change::Parameter { name, old, new } => format!("{name} {} → {}", value(old), value(new)),
        Change::Provider { old, new } => format!("provider {} → {}", harmless(old), harmless(new)),
        Change::Producer { old, new } => {
            format!("this version of the program makes it differently ({old} → {new})")
        }
        Change::InputAdded { slot, from } => format!("input {} is new: {}", slot.0, source(from)),
        Change::InputRemoved { slot, from } => {
            format!("input {} is gone: {}", slot.0, source(from))
        }
        Change::Input {
            slot,
            old_from,
            from,
            ..
        } if old_from == from => {
            format!("input {}: {} has other content", slot.0, source(from))
        }
        Change::Input {
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
            change(&Change::Parameter {
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
        let provider = Change::Provider {
            old: "a".into(),
            new: "b".into(),
        };
        let version = Change::Producer { old: 1, new: 2 };
        assert_eq!(
            word(&Reason::InputsHashChanged {
                changes: vec![provider.clone()]
            }),
            "provider changed"
        );
        assert_eq!(
            word(&Reason::InputsHashChanged {
                changes: vec![provider, version]
            }),
            "changed"
        );
        assert_eq!(
            word(&Reason::InputsHashChanged {
                changes: Vec::new()
            }),
            "changed"
        );
    }
}

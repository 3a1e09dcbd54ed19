//! Compares what a job was last made from with what it would be made from now: parameter by
//! parameter and input by input.
//!
//! It compares two [`Provenance`]s and does not decide whether the job runs.

use crate::base::Digest;
use crate::base::json::to_short_json;
use crate::model::{InputSlot, InputSource, Job};
use crate::store::Provenance;
use crate::store::provenance::{ProvenanceInput, ProvenanceSource};
use serde::Serialize;
use serde_json::Value;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// One difference between two provenances of a job.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum JobChange {
    /// A parameter has another value.
    Parameter {
        /// Its path in the parameters, such as `staging.camera.lens_mm`.
        name: String,
        /// Value before. Null if there was none.
        old: Value,
        /// Value now. Null if there is none.
        new: Value,
    },
    /// The provider or its version changed.
    Provider {
        /// Provider before, with its version.
        old: String,
        /// Provider now, with its version.
        new: String,
    },
    /// The producer has another version, so the same action may have another result.
    Producer {
        /// Version before.
        old: u32,
        /// Version now.
        new: u32,
    },
    /// An input is new.
    InputAdded {
        /// Slot of the job.
        slot: InputSlot,
        /// Its source.
        from: ProvenanceSource,
    },
    /// An input is no longer used.
    InputRemoved {
        /// Slot that the job had.
        slot: InputSlot,
        /// Its source.
        from: ProvenanceSource,
    },
    /// An input has other content. Its source may have changed too.
    Input {
        /// Slot of the job.
        slot: InputSlot,
        /// Source before.
        old_from: ProvenanceSource,
        /// Source now.
        from: ProvenanceSource,
        /// Content before.
        old: Digest,
        /// Content now.
        new: Digest,
    },
}

impl JobChange {
    /// Returns the file of the project whose content differs, if that is what changed.
    #[must_use]
    pub fn changed_file(&self) -> Option<&Path> {
        match self {
            Self::Input {
                from: ProvenanceSource::File(path),
                ..
            } => Some(path),
            _ => None,
        }
    }

    /// Returns the job whose outputs differ, if that is what changed.
    #[must_use]
    pub fn changed_job(&self) -> Option<&str> {
        match self {
            Self::Input {
                from: ProvenanceSource::Job(job),
                ..
            } => Some(job),
            _ => None,
        }
    }

    /// Returns whether content of an input changed, and nothing about the job itself.
    #[must_use]
    pub const fn is_content(&self) -> bool {
        matches!(self, Self::Input { .. })
    }
}

/// Returns the provenance that `job` would have if `provider` made it now. Content that is not
/// known yet has no digest.
#[must_use]
pub fn job_provenance(
    job: &Job,
    provider: &str,
    name: impl Fn(crate::model::JobId) -> String,
    output_digest: impl Fn(crate::model::JobId) -> Option<Digest>,
    file: impl Fn(&Path) -> Option<Digest>,
) -> Provenance {
    let resolve_source = |source: &InputSource| match source {
        InputSource::Job(id) => (ProvenanceSource::Job(name(*id)), output_digest(*id)),
        InputSource::File(path) => (ProvenanceSource::File(PathBuf::clone(path)), file(path)),
    };
    Provenance {
        producer: job.work.kind().id().to_owned(),
        version: job.work.kind().spec().version,
        provider: provider.to_owned(),
        parameters: action_parameters(&job.work),
        inputs: job
            .inputs
            .iter()
            .map(|input| {
                let (from, digest) = resolve_source(&input.from);
                ProvenanceInput {
                    slot: input.slot.clone(),
                    from,
                    digest,
                }
            })
            .collect(),
    }
}

/// Returns the parameters of an action by name.
fn action_parameters(work: &crate::model::JobAction) -> Value {
    let value = to_short_json(work);
    // An action without parameters is written as its name alone.
    value
        .as_object()
        // An action is an object with one key, its kind. The provenance has the producer already.
        .and_then(|kind| kind.values().next())
        .cloned()
        .unwrap_or_default()
}

/// Returns how `now` differs from `was`. Inputs without a known digest are not compared.
#[must_use]
pub fn provenance_changes(was: &Provenance, now: &Provenance) -> Vec<JobChange> {
    let mut changes = Vec::new();
    parameter_changes(&mut changes, "", &was.parameters, &now.parameters);
    if was.provider != now.provider {
        changes.push(JobChange::Provider {
            old: was.provider.clone(),
            new: now.provider.clone(),
        });
    }
    if was.version != now.version {
        changes.push(JobChange::Producer {
            old: was.version,
            new: now.version,
        });
    }
    input_changes(&mut changes, &was.inputs, &now.inputs);
    changes
}

fn parameter_changes(changes: &mut Vec<JobChange>, name: &str, old: &Value, new: &Value) {
    match (old, new) {
        _ if old == new => {}
        (Value::Object(before), Value::Object(after)) => {
            // Keys that are there now come first and in their order, so that the list reads like
            // the document. Keys that are gone follow.
            let gone = before.keys().filter(|key| !after.contains_key(*key));
            for key in after.keys().chain(gone) {
                let part = |map: &serde_json::Map<String, Value>| {
                    map.get(key).cloned().unwrap_or_default()
                };
                let name = if name.is_empty() {
                    key.clone()
                } else {
                    format!("{name}.{key}")
                };
                parameter_changes(changes, &name, &part(before), &part(after));
            }
        }
        // A colour or a position is one value for the user: `[0, 0, 0]` to `[1, 0, 0]`. Lists of
        // objects, such as the cast, are compared item by item, or a change of one clip would print
        // the whole cast.
        (Value::Array(before), Value::Array(after)) if is_list(before) || is_list(after) => {
            for index in 0..before.len().max(after.len()) {
                let part = |list: &[Value]| list.get(index).cloned().unwrap_or_default();
                parameter_changes(
                    changes,
                    &format!("{name}.{index}"),
                    &part(before),
                    &part(after),
                );
            }
        }
        _ => changes.push(JobChange::Parameter {
            name: name.to_owned(),
            old: old.clone(),
            new: new.clone(),
        }),
    }
}

/// Returns whether this is a list of items, and not one value of several numbers such as a colour.
fn is_list(values: &[Value]) -> bool {
    values
        .iter()
        .any(|value| value.is_object() || value.is_array())
}

fn input_changes(changes: &mut Vec<JobChange>, was: &[ProvenanceInput], now: &[ProvenanceInput]) {
    // By slot and not by position: one more input at the beginning would otherwise make every later
    // one look changed.
    let mut before: HashMap<(&InputSlot, usize), &ProvenanceInput> = numbered_inputs(was).collect();
    for (place, used) in numbered_inputs(now) {
        let slot = used.slot.clone();
        match (before.remove(&place), used.digest) {
            // An added or removed input counts even while its content is unknown, since the set of
            // inputs is known.
            (None, _) => changes.push(JobChange::InputAdded {
                slot,
                from: used.from.clone(),
            }),
            // Only content counts. The same bytes from another file or job are the same input, as
            // in the identity.
            (
                Some(ProvenanceInput {
                    from,
                    digest: Some(old),
                    ..
                }),
                Some(new),
            ) if *old != new => {
                let old_from = from.clone();
                let from = used.from.clone();
                let old = *old;
                changes.push(JobChange::Input {
                    slot,
                    old_from,
                    from,
                    old,
                    new,
                });
            }
            _ => {}
        }
    }
    // In the order of `was`, and not in that of the map, so that a plan prints the same on every
    // call. Pointers are compared, because two inputs of one slot may be equal.
    let gone = was
        .iter()
        .filter(|used| before.values().any(|left| std::ptr::eq(*left, *used)));
    changes.extend(gone.map(|used| JobChange::InputRemoved {
        slot: used.slot.clone(),
        from: used.from.clone(),
    }));
}

/// Returns each input with its slot and its number within the slot, counted from 1: a slot may have
/// many inputs.
fn numbered_inputs(
    inputs: &[ProvenanceInput],
) -> impl Iterator<Item = ((&InputSlot, usize), &ProvenanceInput)> {
    let mut seen: HashMap<&InputSlot, usize> = HashMap::new();
    inputs.iter().map(move |used| {
        let occurrence = seen.entry(&used.slot).or_default();
        *occurrence += 1;
        ((&used.slot, *occurrence), used)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn used(slot: &str, job: &str, content: &str) -> ProvenanceInput {
        let digest = Some(Digest::hash_bytes(content.as_bytes()));
        ProvenanceInput {
            slot: InputSlot::new(slot),
            from: ProvenanceSource::Job(job.to_owned()),
            digest,
        }
    }

    fn provenance_with(parameters: Value, inputs: Vec<ProvenanceInput>) -> Provenance {
        let producer = "render.shot".to_owned();
        let provider = "previz".to_owned();
        Provenance {
            producer,
            version: 1,
            provider,
            parameters,
            inputs,
        }
    }

    #[test]
    fn a_changed_number_is_named_by_its_place_with_old_and_new() {
        let camera = |lens: f64| {
            provenance_with(
                json!({ "staging": { "camera": { "lens": lens, "tilt": 0 } } }),
                Vec::new(),
            )
        };
        let expected = JobChange::Parameter {
            name: "staging.camera.lens".into(),
            old: json!(85.0),
            new: json!(60.0),
        };
        assert_eq!(provenance_changes(&camera(85.0), &camera(60.0)), [expected]);
        assert_eq!(provenance_changes(&camera(85.0), &camera(85.0)), []);
    }

    #[test]
    fn a_colour_is_one_value_and_a_cast_is_many() {
        let scene = |colour: [f64; 3], cast: Value| {
            provenance_with(json!({ "colour": colour, "cast": cast }), Vec::new())
        };
        let was = scene([0.0; 3], json!([{ "clip": "idle" }]));
        let now = scene([1.0; 3], json!([{ "clip": "walk" }, {}]));
        let names: Vec<String> = provenance_changes(&was, &now)
            .into_iter()
            .map(|change| {
                if let JobChange::Parameter { name, .. } = change {
                    name
                } else {
                    String::new()
                }
            })
            .collect();
        assert_eq!(names, ["colour", "cast.0.clip", "cast.1"]);
    }

    #[test]
    fn an_input_that_comes_from_elsewhere_with_the_same_content_is_no_change() {
        let was = used("set", "asset.import/a.glb", "x");
        let now = used("set", "asset.import/b.glb", "x");
        assert_eq!(
            provenance_changes(
                &provenance_with(json!({}), vec![was]),
                &provenance_with(json!({}), vec![now])
            ),
            []
        );
    }

    #[test]
    fn the_one_of_many_inputs_in_a_slot_that_differs_is_named() {
        let was = vec![
            used("frames", "a", "1"),
            used("frames", "b", "2"),
            used("frames", "c", "3"),
        ];
        let now = vec![used("frames", "a", "1"), used("frames", "b", "other")];
        let found = provenance_changes(
            &provenance_with(json!({}), was),
            &provenance_with(json!({}), now),
        );
        assert_eq!(found[0].changed_job(), Some("b"));
        assert!(
            matches!(&found[1], JobChange::InputRemoved { from: ProvenanceSource::Job(job), .. } if job == "c")
        );
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn content_that_is_not_known_yet_is_not_a_change() {
        let unknown = ProvenanceInput {
            digest: None,
            ..used("frames", "a", "1")
        };
        assert_eq!(
            provenance_changes(
                &provenance_with(json!({}), vec![used("frames", "a", "1")]),
                &provenance_with(json!({}), vec![unknown])
            ),
            []
        );
    }
}

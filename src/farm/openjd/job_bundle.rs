//! A job bundle for Deadline Cloud: the job template, the values of its parameters, and the files
//! that belong to it.

use super::job_template::JobTemplate;
use super::template_builder::{TemplateBuilder, build_batches};
use crate::farm::task_manifest::TaskManifest;
use crate::farm::task_map::TaskMap;
use crate::plan::Plan;
use serde::Serialize;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// The files of a bundle.
#[derive(Debug, Clone, Serialize)]
pub struct JobBundle {
    /// The content of `template.yaml`.
    pub template: JobTemplate,
    /// The content of `parameter_values.yaml`.
    pub values: Value,
    /// The content of `asset_references.yaml`.
    pub assets: Value,
}

/// Returns the bundle of a farm run: one step for each kind of work of each shot. `program` and
/// `store` are paths on the farm's machines; `inputs` are the project's files that tasks read.
#[must_use]
pub fn build_bundle(
    plan: &Plan,
    tasks: &TaskMap,
    manifest: &TaskManifest,
    program: &Path,
    store: &Path,
    inputs: &[PathBuf],
    chunking: bool,
) -> JobBundle {
    let header = &manifest.header;
    let template_builder = TemplateBuilder {
        farm: &header.farm,
        header,
        program,
        store,
        chunking,
    };
    let template = template_builder.build_template(&build_batches(plan, tasks));
    let value = |name: &str, value: Value| json!({ "name": name, "value": value });
    let run_values = template_builder
        .parameter_values()
        .map(|(name, text)| value(name, json!(text)));
    // Failed tasks are retried by the scheduler, because nobody may follow the run: hence the
    // retries of the run's own policy.
    let deadline = [
        value("deadline:priority", json!(50)),
        value("deadline:maxFailedTasksCount", json!(20)),
        value("deadline:maxRetriesPerTask", json!(header.rules.retries)),
    ];
    let values =
        json!({ "parameterValues": run_values.into_iter().chain(deadline).collect::<Vec<_>>() });
    // Paths are absolute: the program that submits the bundle uploads them, from any folder.
    let files: Vec<PathBuf> = inputs.iter().map(|path| header.root.join(path)).collect();
    let assets = json!({
        "assetReferences": {
            "inputs": { "filenames": files, "directories": [] },
            "outputs": { "directories": [store] },
            "referencedPaths": [],
        },
    });
    JobBundle {
        template,
        values,
        assets,
    }
}

//! A job bundle as Deadline Cloud takes it: the template, values of its parameters, and which files
//! belong to it.

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
    /// `template`.
    pub template: JobTemplate,
    /// `parameter_values`.
    pub values: Value,
    /// `asset_references`.
    pub assets: Value,
}

/// Returns the bundle of a farm run: one step for each kind of work of each shot. `program` and
/// `store` are paths on the farm's machines; `inputs` are the project's files that tasks read.
#[must_use]
pub fn build_bundle(
    plan: &Plan,
    tasks: &TaskMap,
    manifest: &TaskManifest,
    (program, store): (&Path, &Path),
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
    let deadline = [
        value("deadline:priority", json!(50)),
        value("deadline:maxFailedTasksCount", json!(20)),
        value("deadline:maxRetriesPerTask", json!(header.rules.retries)),
    ];
    let values =
        json!({ "parameterValues": run_values.into_iter().chain(deadline).collect::<Vec<_>>() });
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

//! The task manifest of a new farm run, from a plan.

use crate::base::{Clock, Digest};
use crate::cli::commands::session::ProductionSession;
use crate::cli::exit_codes::CliError;
use crate::farm::{
    FarmRunFolder, TASK_MANIFEST_VERSION as FORM, TaskManifest, TaskManifestHeader, TaskMap,
    TaskPolicy, TaskRecordBuilder,
};
use crate::model::farm_profile::FarmProfile;
use crate::plan::Plan;
use crate::project::OpenedProduction;
use crate::store::StoreLayout;
use std::path::Path;

/// What the manifest of a new farm run says besides its tasks.
pub(in crate::cli::commands) struct ManifestSpec<'a> {
    pub(in crate::cli::commands) farm: &'a FarmProfile,
    pub(in crate::cli::commands) gpu: &'a str,
    pub(in crate::cli::commands) revision: &'a str,
    pub(in crate::cli::commands) rules: TaskPolicy,
    /// Who sends it, and from which machine.
    pub(in crate::cli::commands) sender: String,
    /// Whether it is written out for someone else to submit.
    pub(in crate::cli::commands) exported: bool,
}

/// Returns the manifest of these tasks; nothing is written.
pub(in crate::cli::commands) fn build_manifest(
    spec: &ManifestSpec<'_>,
    opened: &OpenedProduction,
    session: &ProductionSession,
    tasks: &TaskMap,
) -> TaskManifest {
    let title = opened
        .checked
        .as_ref()
        .map_or("", |checked| checked.meta.display_title());
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let (root, store) = (absolute(&opened.root), absolute(session.layout.root()));
    let created = session.clock.now();
    let mark = format!(
        "{} {} {created} {}",
        store.display(),
        spec.revision,
        std::process::id()
    );
    let header = TaskManifestHeader {
        version: FORM,
        token: Digest::hash_bytes(mark.as_bytes()).hex_string()[..12].to_owned(),
        revision: spec.revision.to_owned(),
        production: title.to_owned(),
        program: format!("production {}", env!("CARGO_PKG_VERSION")),
        submitted_by: spec.sender.clone(),
        created_at: created,
        root,
        store: store.clone(),
        farm: spec.farm.clone(),
        exported: spec.exported,
        gpu: spec.gpu.to_owned(),
        rules: spec.rules,
        tasks: u32::try_from(tasks.len()).unwrap_or(u32::MAX),
        groups: tasks.groups().to_vec(),
    };
    // Engines are told whole paths, wherever this command was typed.
    TaskManifest {
        header,
        folder: FarmRunFolder::new(StoreLayout::new(store), spec.revision),
    }
}

/// Writes the task manifest of a plan.
pub(in crate::cli::commands) fn write_manifest(
    manifest: &TaskManifest,
    opened: &OpenedProduction,
    session: &ProductionSession,
    plan: &Plan,
    tasks: &TaskMap,
) -> Result<(), CliError> {
    let record_builder = TaskRecordBuilder {
        plan,
        tasks,
        history: &session.history,
        snapshot: &session.snapshot,
        describe_origin: &|origin| opened.sources.format_position(origin),
    };
    Ok(manifest.write(&record_builder)?)
}

//! Builds and writes the task manifest of a new farm run.

use crate::base::{Clock, Digest};
use crate::farm::{
    FarmRunFolder, TASK_MANIFEST_VERSION, TaskManifest, TaskManifestHeader, TaskMap, TaskPolicy,
    TaskRecordBuilder,
};
use crate::model::farm_profile::FarmProfile;
use crate::plan::Plan;
use crate::session::production_session::ProductionSession;
use crate::session::session_error::SessionError;
use crate::store::StoreLayout;
use std::path::Path;

/// The facts of a manifest besides its tasks.
pub(in crate::session) struct ManifestSpec<'a> {
    pub(in crate::session) farm: &'a FarmProfile,
    pub(in crate::session) revision: &'a str,
    pub(in crate::session) rules: TaskPolicy,
    /// Whether the run is exported for somebody else to submit.
    pub(in crate::session) exported: bool,
}

/// Returns the manifest of these tasks. Nothing is written.
pub(in crate::session) fn build_manifest(
    spec: &ManifestSpec<'_>,
    session: &ProductionSession<'_>,
    tasks: &TaskMap,
) -> TaskManifest {
    // Tasks start in other folders, so a path relative to this one would lead nowhere.
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let root = absolute(&session.opened.root);
    let store = absolute(session.layout.root());
    let created_at = session.clock.now();
    // The token has to be unique among all runs on the farm: the scheduler knows jobs by it, and a
    // store may be deleted and made again with the same revisions. Time and process id make it so.
    let token_source = format!(
        "{} {} {created_at} {}",
        store.display(),
        spec.revision,
        std::process::id()
    );
    let header = TaskManifestHeader {
        version: TASK_MANIFEST_VERSION,
        // Twelve digits are enough to be unique and keep the names of jobs short.
        token: Digest::hash_bytes(token_source.as_bytes()).hex_string()[..12].to_owned(),
        revision: spec.revision.to_owned(),
        production: session.checked.meta.display_title().to_owned(),
        program: format!("production {}", env!("CARGO_PKG_VERSION")),
        submitted_by: session.context.environment.user_at_host.clone(),
        created_at,
        root,
        store: store.clone(),
        farm: spec.farm.clone(),
        exported: spec.exported,
        gpu: session.options.gpu.clone(),
        rules: spec.rules,
        tasks: u32::try_from(tasks.len()).unwrap_or(u32::MAX),
        groups: tasks.groups().to_vec(),
    };
    TaskManifest {
        header,
        folder: FarmRunFolder::new(StoreLayout::new(store), spec.revision),
    }
}

/// Writes the task manifest of a plan.
pub(in crate::session) fn write_manifest(
    manifest: &TaskManifest,
    session: &ProductionSession<'_>,
    plan: &Plan,
    tasks: &TaskMap,
) -> Result<(), SessionError> {
    let record_builder = TaskRecordBuilder {
        plan,
        tasks,
        history: &session.history,
        snapshot: &session.snapshot,
        describe_origin: &|origin| session.opened.sources.format_position(origin),
    };
    Ok(manifest.write(&record_builder)?)
}

//! Which presets of a production changed since its last run. A job names the shot or the output that
//! asks for it, which is the wrong line if that line is as it was and a preset behind it is not.

use super::loaded_library::LoadedLibrary;
use super::production_session::ProductionSession;
use crate::base::json::to_json_bytes;
use crate::base::{Digest, Fingerprint};
use crate::project::OpenedProduction;
use crate::report::plan_facts::ChangedPreset;
use crate::store::{StoreError, StoreLayout, read_revision_summaries};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The folder of presets in that of a production.
const PRESETS: &str = "presets";

/// Digests of what a production was read from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct SourceDigests {
    /// Of everything but presets.
    document: String,
    /// Of each preset of the production, by `KIND/NAME`.
    presets: BTreeMap<String, String>,
}

/// What changed since the last run.
pub(super) struct PresetChanges {
    /// Presets that are new, other or gone.
    pub(super) presets: Vec<ChangedPreset>,
    /// Whether everything else is as it was.
    pub(super) is_document_same: bool,
}

/// Returns what changed since the last run. `None`: nothing says what it was read from.
pub(super) fn preset_changes(session: &ProductionSession<'_>) -> Option<PresetChanges> {
    let revisions = read_revision_summaries(&session.layout).ok()?;
    let last = revisions.last()?;
    let bytes = session
        .layout
        .disk()
        .read_bytes(&digests_path(&session.layout, &last.name));
    let before: SourceDigests = serde_json::from_slice(&bytes.ok()?).ok()?;
    let (now, places) = source_digests(session.opened);
    let names = before.presets.keys().chain(now.presets.keys());
    let mut names: Vec<&String> = names
        // One that is new or gone is a change, too.
        .filter(|name| before.presets.get(*name) != now.presets.get(*name))
        .collect();
    names.sort_unstable();
    names.dedup();
    let presets = names.into_iter().map(|full| {
        let (kind, name) = full.split_once('/').unwrap_or(("", full));
        ChangedPreset {
            kind: kind.to_owned(),
            name: name.to_owned(),
            place: places.get(full).cloned().unwrap_or_default(),
        }
    });
    Some(PresetChanges {
        presets: presets.collect(),
        is_document_same: before.document == now.document,
    })
}

/// Writes down what a run is made from, beside its plan.
///
/// # Errors
/// Fails when the store cannot be written.
pub(super) fn save_source_digests(
    layout: &StoreLayout,
    revision: &str,
    opened: &OpenedProduction,
) -> Result<(), StoreError> {
    let path = digests_path(layout, revision);
    let bytes = to_json_bytes(&source_digests(opened).0);
    let written = layout
        .disk()
        .replace_with(&path, |file| file.write_all(&bytes));
    written.map_err(|source| StoreError::io("write", &path, source))
}

fn digests_path(layout: &StoreLayout, revision: &str) -> PathBuf {
    layout.run_folder(revision).join("sources.json")
}

/// Returns the digests, and the place of each preset in words.
fn source_digests(opened: &OpenedProduction) -> (SourceDigests, BTreeMap<String, String>) {
    let mut digests = SourceDigests::default();
    let mut places = BTreeMap::new();
    let mut document = Fingerprint::new();
    for (_, source) in opened.sources.iter() {
        let path = source.path.strip_prefix(&opened.root);
        // Built-in presets are those of the program, and have no path here.
        if let Ok(path) = path
            && !path.starts_with(PRESETS)
        {
            document = document.with_field(&path.to_string_lossy(), source.text.as_bytes());
        }
    }
    digests.document = document.digest().short_hex();
    // Most productions have no presets of their own, and the library takes long to read.
    if !opened.root.join(PRESETS).is_dir() {
        return (digests, places);
    }
    let loaded = LoadedLibrary::read(&opened.root);
    for (kind, presets) in loaded.library.kinds() {
        for preset in presets.into_iter().filter(|preset| !preset.built_in) {
            let name = format!("{kind}/{}", preset.name.value);
            let text = preset.yaml_text(&loaded.sources);
            let digest = Digest::hash_bytes(text.as_bytes()).short_hex();
            digests.presets.insert(name.clone(), digest);
            places.insert(name, loaded.sources.format_position(preset.name.origin));
        }
    }
    (digests, places)
}

//! What each job was made from, so that a later plan can name what changed: parameters, provider,
//! and the content and source of every input.
//!
//! One file for each run that made something, one line for each job that it made, under the
//! identity of the job. It is read only when a job made before must be made again, so it is not in
//! the journal, which every command replays. Nothing is made again if it is lost; the reason then
//! has no detail. So it is not synced, and a line that cannot be read is ignored.

use super::disk::AppendFile;
use super::{SpeechMemory, StoreError, StoreLayout};
use crate::base::Digest;
use crate::base::json::to_json_string;
use crate::model::InputSlot;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::io::{self, Write};
use std::path::PathBuf;

/// Bytes of JSON from which a parameter is written once for all jobs of a run that share it.
// The chunks of a shot share their staging, which is most of what they are made of. A reference has
// 64 digits, so it saves little below this size.
const MIN_SHARED_FIELD_BYTES: usize = 120;

/// What one job was made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// The kind of the action, such as `render.shot`.
    pub producer: String,
    /// Version of the producer.
    pub version: u32,
    /// The provider, with version.
    pub provider: String,
    /// Every parameter, by name.
    pub parameters: Value,
    /// The inputs in order.
    pub inputs: Vec<ProvenanceInput>,
}

/// One input as it was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvenanceInput {
    /// The slot that it filled.
    pub slot: InputSlot,
    /// Its source.
    pub from: ProvenanceSource,
    /// The digest of its content. `None`: not known yet, as for an output of a job that has not
    /// run.
    pub digest: Option<Digest>,
}

/// The source of an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProvenanceSource {
    /// The outputs of the job with this name.
    Job(String),
    /// A file of the project.
    File(PathBuf),
}

/// One line of a provenance file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ProvenanceLine {
    /// A long parameter, with its digest.
    Field(Digest, Value),
    /// A job, with its identity.
    Job(Digest, Provenance),
}

/// Stands among the parameters for one that is written once.
// Unknown fields are denied, so that a parameter which is itself an object is not mistaken for a
// reference.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SharedFieldRef {
    #[serde(rename = "$field")]
    digest: Digest,
}

/// The file of the current run, open for appending.
pub struct ProvenanceWriter {
    layout: StoreLayout,
    path: PathBuf,
    file: Option<Box<dyn AppendFile>>,
    written_fields: HashSet<Digest>,
}

impl ProvenanceWriter {
    /// Returns the writer of one run. The file is created with its first line.
    #[must_use]
    pub fn new(layout: &StoreLayout, revision: &str) -> Self {
        let path = layout.provenance_path(revision);
        Self {
            layout: layout.clone(),
            path,
            // A run that makes nothing must leave no empty file, which `gc` and every reader would
            // have to open.
            file: None,
            written_fields: HashSet::new(),
        }
    }

    /// Writes what the job with this identity was made from.
    ///
    /// # Errors
    /// Fails if the file cannot be written.
    pub fn record_job(
        &mut self,
        identity: Digest,
        mut provenance: Provenance,
    ) -> Result<(), StoreError> {
        let mut text = String::new();
        for value in provenance
            .parameters
            .as_object_mut()
            .into_iter()
            .flat_map(|map| map.values_mut())
        {
            let json = value.to_string();
            if json.len() >= MIN_SHARED_FIELD_BYTES {
                let digest = Digest::hash_bytes(json.as_bytes());
                let long = std::mem::replace(value, serde_json::json!(SharedFieldRef { digest }));
                if self.written_fields.insert(digest) {
                    // Before the job that refers to it, so that a file that is cut off anywhere has
                    // every field of every job in it.
                    push_json_line(&mut text, &ProvenanceLine::Field(digest, long));
                }
            }
        }
        push_json_line(&mut text, &ProvenanceLine::Job(identity, provenance));
        self.append_text(&text)
            .map_err(|source| StoreError::io("append to", &self.path, source))
    }

    fn append_text(&mut self, text: &str) -> io::Result<()> {
        if self.file.is_none() {
            self.layout
                .disk()
                .make_folders(&self.layout.provenance_folder())?;
            self.file = Some(self.layout.disk().create_or_replace(&self.path)?);
        }
        self.file
            .as_mut()
            .map_or(Ok(()), |file| file.write_all(text.as_bytes()))
    }
}

fn push_json_line(text: &mut String, line: &ProvenanceLine) {
    text.push_str(&to_json_string(line));
    text.push('\n');
}

/// The records of earlier runs, by identity. The newest record of an identity counts.
#[derive(Debug, Default)]
pub struct ProvenanceArchive {
    jobs: HashMap<Digest, String>,
    fields: HashMap<Digest, Value>,
}

impl ProvenanceArchive {
    /// Reads the provenance of every run of this store. Files and lines that cannot be read are
    /// left out.
    #[must_use]
    pub fn read_all(layout: &StoreLayout) -> Self {
        let mut paths = layout
            .disk()
            .sorted_paths(&layout.provenance_folder())
            .unwrap_or_default();
        paths.sort();
        let mut archive = Self::default();
        for bytes in paths
            .iter()
            .filter_map(|path| layout.disk().read_bytes(path).ok())
        {
            String::from_utf8_lossy(&bytes)
                .lines()
                .for_each(|line| archive.add_line(line));
        }
        // Lines are spoken before a run has a file here, and some of them are used by none.
        for (identity, provenance) in SpeechMemory::load(layout).provenance() {
            archive
                .jobs
                .entry(identity)
                .or_insert_with(|| to_json_string(&ProvenanceLine::Job(identity, provenance)));
        }
        archive
    }

    /// Returns the inputs of the job with this identity; empty if its provenance is lost.
    #[must_use]
    pub fn find_inputs(&self, identity: Digest) -> Vec<ProvenanceInput> {
        // Without the parameters, which are most of a record. A comparison of two revisions looks
        // at the inputs of every job.
        #[derive(Deserialize)]
        struct InputsOnly {
            inputs: Vec<ProvenanceInput>,
        }
        #[derive(Deserialize)]
        struct JobInputsLine {
            job: (Digest, InputsOnly),
        }
        let line = self.jobs.get(&identity);
        let line = line.and_then(|line| serde_json::from_str::<JobInputsLine>(line).ok());
        // A lost line costs the names of changes and no work.
        line.map(|line| line.job.1.inputs).unwrap_or_default()
    }

    /// Stores one line.
    fn add_line(&mut self, line: &str) {
        // Jobs stay text, because most are never needed. Fields are decoded, because many jobs
        // share each.
        if let Some(identity) = line_identity(line) {
            self.jobs.insert(identity, line.to_owned());
        } else if let Ok(ProvenanceLine::Field(digest, value)) = serde_json::from_str(line) {
            self.fields.insert(digest, value);
        }
    }

    /// Returns the provenance of the job with this identity. `None`: there is none, or a field of
    /// it is lost.
    #[must_use]
    pub fn find_provenance(&self, identity: Digest) -> Option<Provenance> {
        let Ok(ProvenanceLine::Job(_, mut provenance)) =
            serde_json::from_str(self.jobs.get(&identity)?)
        else {
            return None;
        };
        for value in provenance
            .parameters
            .as_object_mut()
            .into_iter()
            .flat_map(|map| map.values_mut())
        {
            if let Ok(SharedFieldRef { digest }) = SharedFieldRef::deserialize(&*value) {
                // Large values that many jobs share, such as a staging, are stored once.
                *value = self.fields.get(&digest)?.clone();
            }
        }
        Some(provenance)
    }
}

/// Returns the identity of the job that a line describes. `None`: it is another kind of line.
fn line_identity(line: &str) -> Option<Digest> {
    // Without parsing: `gc` looks at every line of every file only for its identity.
    line.strip_prefix(r#"{"job":[""#)
        .and_then(|rest| rest.get(..64))
        .and_then(Digest::parse)
}

/// Returns the files, one for each run, that describe no job of `needed`.
///
/// # Errors
/// Fails if one cannot be read.
pub(super) fn unused_files(
    layout: &StoreLayout,
    needed: &HashSet<Digest>,
) -> io::Result<Vec<PathBuf>> {
    let mut unused = Vec::new();
    for path in layout.disk().sorted_paths(&layout.provenance_folder())? {
        let bytes = layout.disk().read_bytes(&path)?;
        let text = String::from_utf8_lossy(&bytes);
        if !text
            .lines()
            .filter_map(line_identity)
            .any(|identity| needed.contains(&identity))
        {
            unused.push(path);
        }
    }
    Ok(unused)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn provenance(lens: u32) -> Provenance {
        let long = "a long description of a place ".repeat(9);
        let model = ProvenanceInput {
            slot: InputSlot::cast(0),
            from: ProvenanceSource::Job("asset.import/mara.glb".into()),
            digest: Some(Digest::hash_bytes(b"mara")),
        };
        Provenance {
            producer: "render.shot".into(),
            version: 1,
            provider: "previz".into(),
            parameters: json!({ "staging": { "place": long }, "lens": lens }),
            inputs: vec![model],
        }
    }

    fn recorded(folder: &std::path::Path, lenses: &[u32]) -> StoreLayout {
        let layout = StoreLayout::new(folder);
        let mut recorder = ProvenanceWriter::new(&layout, "rev-0001");
        for lens in lenses {
            recorder
                .record_job(Digest::hash_bytes(&lens.to_le_bytes()), provenance(*lens))
                .unwrap();
        }
        layout
    }

    #[test]
    fn the_inputs_of_a_job_are_found_by_its_identity() {
        let folder = tempfile::tempdir().unwrap();
        let archive = ProvenanceArchive::read_all(&recorded(folder.path(), &[35, 85]));
        assert_eq!(
            archive.find_provenance(Digest::hash_bytes(&85u32.to_le_bytes())),
            Some(provenance(85))
        );
        assert_eq!(
            archive.find_inputs(Digest::hash_bytes(&85u32.to_le_bytes())),
            provenance(85).inputs
        );
        assert_eq!(archive.find_inputs(Digest::hash_bytes(b"never made")), []);
        assert_eq!(
            archive.find_provenance(Digest::hash_bytes(b"never made")),
            None
        );
    }

    #[test]
    fn a_long_field_that_jobs_share_is_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let layout = recorded(folder.path(), &[24, 35, 50, 85]);
        let text = std::fs::read_to_string(layout.provenance_path("rev-0001")).unwrap();
        assert_eq!(text.matches(r#"{"field":["#).count(), 1);
    }

    #[test]
    fn a_file_is_idle_when_none_of_its_jobs_is_needed() {
        let folder = tempfile::tempdir().unwrap();
        let layout = recorded(folder.path(), &[35, 85]);
        let of = |lens: u32| HashSet::from([Digest::hash_bytes(&lens.to_le_bytes())]);
        assert!(unused_files(&layout, &of(85)).unwrap().is_empty());
        assert_eq!(
            unused_files(&layout, &of(24)).unwrap(),
            [layout.provenance_path("rev-0001")]
        );
    }

    #[test]
    fn a_torn_line_costs_only_its_job() {
        let folder = tempfile::tempdir().unwrap();
        let layout = recorded(folder.path(), &[35, 85]);
        let path = layout.provenance_path("rev-0001");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, &text[..text.len() - 20]).unwrap();
        let archive = ProvenanceArchive::read_all(&layout);
        assert_eq!(
            archive.find_provenance(Digest::hash_bytes(&35u32.to_le_bytes())),
            Some(provenance(35))
        );
        assert_eq!(
            archive.find_provenance(Digest::hash_bytes(&85u32.to_le_bytes())),
            None
        );
    }
}

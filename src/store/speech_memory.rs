//! What lines of dialogue were spoken, and how long they are: `speech.json`.
//!
//! A run speaks its lines before it is planned, because a shot may be as long as the
//! lines in it. So what was spoken is recorded here first, and in the journal by the run that uses
//! it. A cache: without it, or with a damaged one, lines are measured in the store or spoken again.

use super::outside_names::outside_name_in_event;
use super::{JobRecord, Provenance, RunHistory, StoreError, StoreLayout};
use crate::base::Digest;
use crate::base::json::to_json_bytes;
use crate::event::{Event, JobSucceeded};
use crate::model::sound::{SpeechLengths, SpeechWork};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The most lines that are remembered, the newest.
const MAX_LINES: usize = 20_000;

/// The most samples of a line: an hour at the highest rate. A file with more was not written here.
const MAX_SAMPLES: u64 = 3_600 * 192_000;

/// One line that was spoken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpokenLine {
    /// The digest of its [`SpeechWork`].
    pub work: Digest,
    /// The identity of the job that spoke it, which has the version of the engine in it.
    pub identity: Digest,
    /// Its length in samples, at the rate of the work.
    pub samples: u64,
    /// The key of its voice.
    pub voice: String,
    /// How fast it was spoken, see [`SpeechWork::pace`]. `None`: it has no words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pace: Option<f64>,
    /// What the job made. `None`: the journal has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<JobSucceeded>,
    /// What it was made from. `None`: the provenance of a run has it, or an older version of this
    /// program spoke the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_from: Option<Provenance>,
}

impl SpokenLine {
    /// Returns the line of a job with this identity that left `samples`.
    #[must_use]
    pub fn new(work: &SpeechWork, identity: Digest, samples: u64) -> Self {
        Self {
            work: work.digest(),
            identity,
            samples,
            voice: work.voice.pace_key(),
            pace: work.pace(samples),
            made: None,
            made_from: None,
        }
    }

    /// Returns the line with what its job made, which no journal has yet, and from what.
    #[must_use]
    pub fn with_made(self, made: JobSucceeded, made_from: Provenance) -> Self {
        Self {
            made: Some(made),
            made_from: Some(made_from),
            ..self
        }
    }
}

/// The lines that were spoken, the oldest first.
#[derive(Debug, Clone, Default)]
pub struct SpeechMemory {
    lines: Vec<SpokenLine>,
    /// The index of the newest line of each work.
    by_work: HashMap<Digest, usize>,
}

impl SpeechMemory {
    /// Returns what earlier runs spoke. Empty if there is nothing that can be read.
    #[must_use]
    pub fn load(layout: &StoreLayout) -> Self {
        let bytes = layout.disk().read_bytes(&layout.speech_cache_path());
        let lines = bytes
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Vec<SpokenLine>>(&bytes).ok());
        let mut memory = Self::default();
        // Through `add`, so that a damaged entry is left out and a newer line wins.
        for line in lines.unwrap_or_default() {
            memory.add(line);
        }
        memory
    }

    /// Returns whether it has no line.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Adds a line. It replaces an older one of the same work.
    pub fn add(&mut self, line: SpokenLine) {
        // A length that cannot be would make a shot of days.
        if line.samples > MAX_SAMPLES {
            return;
        }
        // An older line stays in the list, since removing it would move all others. `newest_lines`
        // passes over it.
        self.by_work.insert(line.work, self.lines.len());
        self.lines.push(line);
    }

    /// Returns the line of this work.
    #[must_use]
    pub fn find(&self, work: &SpeechWork) -> Option<&SpokenLine> {
        let index = self.by_work.get(&work.digest())?;
        self.lines.get(*index)
    }

    /// Returns the lengths of the lines, and the pace of each voice.
    #[must_use]
    pub fn lengths(&self) -> SpeechLengths {
        let mut lengths = SpeechLengths::default();
        for line in self.newest_lines() {
            lengths.insert(line.work, line.samples);
            if let Some(pace) = line.pace {
                lengths.insert_pace(&line.voice, pace);
            }
        }
        lengths
    }

    /// Writes the lines down. What the journals of `history` have by now is left out.
    ///
    /// # Errors
    /// Fails if the store cannot be written.
    pub fn save(&self, layout: &StoreLayout, history: &RunHistory) -> Result<(), StoreError> {
        let mut lines: Vec<SpokenLine> = self.newest_lines().cloned().collect();
        // The oldest go first: they are lines that were rewritten long ago.
        let excess = lines.len().saturating_sub(MAX_LINES);
        lines.drain(..excess);
        for line in &mut lines {
            // The history also has the lines of this file, which no journal has, so its records
            // alone do not decide.
            let is_recorded = history.records.contains_identity(&line.identity)
                && !history.unrecorded.contains_key(&line.identity);
            // The journal has the whole record then, and this file stays small.
            line.made = line.made.take().filter(|_| !is_recorded);
            line.made_from = line.made_from.take().filter(|_| !is_recorded);
        }
        layout.replace_file(&layout.speech_cache_path(), &to_json_bytes(&lines))
    }

    /// Adds to `history` what no journal has of the lines.
    pub fn complete_history(&self, history: &mut RunHistory) {
        let made = self.newest_lines().filter_map(|line| line.made.as_ref());
        for made in made {
            // The file is read without the checks of a journal.
            let event = Event::JobSucceeded(made.clone());
            // A record of a journal is the truth. This file is only what came before it.
            let is_known = history.records.contains_identity(&made.digest);
            if !is_known && outside_name_in_event(&event).is_none() {
                history.add_unrecorded(made.clone());
            }
        }
    }

    /// Returns what lines were made from of which no run has recorded it, by identity.
    pub(super) fn provenance(self) -> impl Iterator<Item = (Digest, Provenance)> {
        let lines = self.lines.into_iter();
        lines.filter_map(|line| Some((line.identity, line.made_from?)))
    }

    /// Returns the lines that no newer one replaces.
    fn newest_lines(&self) -> impl Iterator<Item = &SpokenLine> {
        self.lines
            .iter()
            .enumerate()
            .filter(|(index, line)| self.by_work.get(&line.work) == Some(index))
            .map(|(_, line)| line)
    }
}

impl RunHistory {
    /// Adds what a job made that no journal has yet. The run that reuses it records it.
    pub fn add_unrecorded(&mut self, made: JobSucceeded) {
        let record = JobRecord {
            outputs: made.outputs.clone().into(),
            provider: made.provider.as_str().into(),
            mode: made.mode,
            seconds: made.seconds,
            units: made.units,
            warnings: made.warnings.clone(),
        };
        // The result that a run used stays the last one of the job: a line may have been spoken
        // once more on the way to it, such as before it was spoken faster.
        let used = self.records.last_identity(&made.job);
        let used = used.filter(|used| !self.unrecorded.contains_key(used));
        self.records
            .insert_made(made.job.clone(), made.digest, record);
        if let Some(used) = used {
            self.records.insert_reused(made.job.clone(), used);
        }
        self.unrecorded.insert(made.digest, made);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sound::{SpeechEngine, Voice};
    use crate::model::{Artefact, ExecutionMode, FileStamp, Phase};
    use crate::store::provenance::ProvenanceArchive;
    use crate::store::store_shape::has_store_shape;

    fn sample_work(text: &str) -> SpeechWork {
        SpeechWork {
            text: text.to_owned(),
            voice: Voice {
                engine: SpeechEngine::Murmur,
                name: "low".to_owned(),
                language: "en".to_owned(),
                words_per_minute: 150,
                pitch: 0.0,
                gain: 0.0,
            },
            sample_rate: 48_000,
        }
    }

    fn identity(text: &str) -> Digest {
        Digest::hash_bytes(text.as_bytes())
    }

    fn made_from(text: &str) -> Provenance {
        Provenance {
            producer: "audio.speech".to_owned(),
            version: 1,
            provider: "murmur".to_owned(),
            parameters: serde_json::json!({ "text": text }),
            inputs: Vec::new(),
        }
    }

    fn made(text: &str, file: &str) -> JobSucceeded {
        JobSucceeded {
            job: format!("audio.speech/{text}"),
            phase: Phase::Prepare,
            digest: identity(text),
            outputs: vec![Artefact {
                name: file.to_owned(),
                digest: identity(file),
                stamp: FileStamp {
                    size: 1,
                    modified: 0,
                    inode: 0,
                },
            }],
            provider: "murmur".to_owned(),
            variety: None,
            mode: ExecutionMode::Real,
            seconds: 0.1,
            units: 1,
            cpu: None,
            load: Default::default(),
            memory: None,
            cost: None,
            warnings: Vec::new(),
            log: None,
        }
    }

    #[test]
    fn lines_are_found_again_by_their_work_and_the_newest_counts() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        let mut memory = SpeechMemory::default();
        for samples in [10, 20] {
            memory.add(SpokenLine::new(
                &sample_work("One."),
                identity("a"),
                samples,
            ));
        }
        memory.add(SpokenLine::new(
            &sample_work("Two."),
            identity("b"),
            MAX_SAMPLES + 1,
        ));
        memory.save(&layout, &RunHistory::default()).unwrap();
        let loaded = SpeechMemory::load(&layout);
        assert_eq!(loaded.find(&sample_work("One.")).unwrap().samples, 20);
        assert_eq!(loaded.find(&sample_work("Two.")), None);
        let lengths = loaded.lengths();
        assert_eq!(lengths.measured_length(&sample_work("One.")), Some(20));
        assert!(has_store_shape(&layout).unwrap());
    }

    #[test]
    fn spoken_lines_without_a_journal_complete_the_history_until_one_has_them() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        let mut memory = SpeechMemory::default();
        for (text, file) in [("One.", "speech.wav"), ("Two.", "../../speech.wav")] {
            let line = SpokenLine::new(&sample_work(text), identity(text), 5);
            memory.add(line.with_made(made(text, file), made_from(text)));
        }
        memory.save(&layout, &RunHistory::default()).unwrap();
        let mut history = RunHistory::default();
        SpeechMemory::load(&layout).complete_history(&mut history);
        assert!(history.records.contains_identity(&identity("One.")));
        assert!(history.unrecorded.contains_key(&identity("One.")));
        assert!(
            !history.records.contains_identity(&identity("Two.")),
            "its file is outside"
        );
        // Until a journal has it, it stays.
        memory.save(&layout, &history).unwrap();
        let reloaded = SpeechMemory::load(&layout);
        assert!(reloaded.find(&sample_work("One.")).unwrap().made.is_some());
        let mut recorded = RunHistory::default();
        recorded.apply_event(Event::JobSucceeded(made("One.", "speech.wav")));
        memory.save(&layout, &recorded).unwrap();
        let dropped = SpeechMemory::load(&layout);
        let line = dropped.find(&sample_work("One.")).unwrap();
        assert_eq!((&line.made, &line.made_from), (&None, &None));
        let mut again = recorded.clone();
        dropped.complete_history(&mut again);
        assert!(again.unrecorded.is_empty());
    }

    #[test]
    fn what_a_run_used_stays_the_last_result_and_the_rest_says_what_it_was_made_from() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        let of_one_job = |text: &str| JobSucceeded {
            job: "audio.speech/one.1".to_owned(),
            ..made(text, "speech.wav")
        };
        let mut memory = SpeechMemory::default();
        for text in ["Slow.", "Fast."] {
            let line = SpokenLine::new(&sample_work(text), identity(text), 5);
            memory.add(line.with_made(of_one_job(text), made_from(text)));
        }
        let mut history = RunHistory::default();
        memory.complete_history(&mut history);
        let last = |history: &RunHistory| history.records.last_identity("audio.speech/one.1");
        assert_eq!(last(&history), Some(identity("Fast.")));
        let mut history = RunHistory::default();
        history.apply_event(Event::JobSucceeded(of_one_job("Slow.")));
        memory.complete_history(&mut history);
        assert_eq!(last(&history), Some(identity("Slow.")));

        memory.save(&layout, &history).unwrap();
        let archive = ProvenanceArchive::read_all(&layout);
        let found = archive.find_provenance(identity("Fast."));
        assert_eq!(found, Some(made_from("Fast.")));
        assert_eq!(archive.find_provenance(identity("Slow.")), None);
    }

    #[test]
    fn a_damaged_file_is_no_memory() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        for text in ["", "[{", "{\"lines\": 1}", "[{\"work\": 3}]"] {
            std::fs::write(layout.speech_cache_path(), text).unwrap();
            assert!(SpeechMemory::load(&layout).is_empty(), "{text}");
            assert!(SpeechMemory::load(&layout).lengths().is_empty());
        }
    }
}

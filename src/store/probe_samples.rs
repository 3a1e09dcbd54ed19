//! What probes of this machine measured before the first run, stored for the runs and estimates
//! that follow. A cache: without it, or with a damaged one, the next estimate probes again.

use super::{StoreError, StoreLayout};
use crate::base::json::to_json_bytes;
use crate::model::JobSample;
use std::collections::HashMap;

/// The most samples of one kind of work that are stored.
const MAX_SAMPLES: usize = 64;

/// Samples by kind of work, such as `render.shot/cycles`.
pub type ProbeSamples = HashMap<String, Vec<JobSample>>;

/// Returns what earlier probes measured. Empty if there is nothing that can be read.
#[must_use]
pub fn load_probe_samples(layout: &StoreLayout) -> ProbeSamples {
    let bytes = layout.disk().read_bytes(&layout.probe_cache_path());
    let samples = bytes
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok());
    samples.unwrap_or_default()
}

/// Adds samples to those of earlier probes.
///
/// # Errors
/// Fails if the store cannot be written.
pub fn save_probe_samples(layout: &StoreLayout, newer: &ProbeSamples) -> Result<(), StoreError> {
    let mut samples = load_probe_samples(layout);
    for (key, newer) in newer {
        let stored = samples.entry(key.clone()).or_default();
        stored.extend(newer.iter().cloned());
        let excess = stored.len().saturating_sub(MAX_SAMPLES);
        stored.drain(..excess);
    }
    layout.replace_file(&layout.probe_cache_path(), &to_json_bytes(&samples))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::UnitLoad;
    use crate::store::store_shape::has_store_shape;

    fn samples(seconds: f64, count: usize) -> ProbeSamples {
        let sample = JobSample {
            seconds,
            units: 1,
            cpu_seconds: None,
            load: UnitLoad::default(),
            content: "sh010".into(),
            provider: "previz".into(),
        };
        HashMap::from([("render.shot/previz".to_owned(), vec![sample; count])])
    }

    #[test]
    fn the_newest_samples_stay() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        save_probe_samples(&layout, &samples(1.0, MAX_SAMPLES)).unwrap();
        save_probe_samples(&layout, &samples(2.0, 3)).unwrap();
        let stored = &load_probe_samples(&layout)["render.shot/previz"];
        assert_eq!(stored.len(), MAX_SAMPLES);
        let newest: Vec<f64> = stored
            .iter()
            .rev()
            .take(4)
            .map(|each| each.seconds)
            .collect();
        assert_eq!(newest, [2.0, 2.0, 2.0, 1.0]);
    }

    #[test]
    fn a_folder_with_nothing_but_samples_is_a_store_and_one_with_another_file_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        save_probe_samples(&layout, &samples(1.0, 1)).unwrap();
        assert!(has_store_shape(&layout).unwrap());
        std::fs::write(layout.probe_cache_path(), "{\"mine\": 1}").unwrap();
        assert!(!has_store_shape(&layout).unwrap());
    }

    #[test]
    fn a_damaged_cache_is_no_cache() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        std::fs::write(layout.probe_cache_path(), "{\"render.shot/previz\": [{").unwrap();
        assert!(load_probe_samples(&layout).is_empty());
    }
}

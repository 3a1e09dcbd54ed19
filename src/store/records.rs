//! What every finished job left, and under which identity each job last finished.
//!
//! There may be hundreds of thousands, of which most runs ask for each once and some for few. So those that were folded stay
//! the bytes that they were read as: a table says where each lies, and one that is asked for is read then. What the
//! journals have told since lies beside them, and counts before them.
//!
//! ```text
//! each record: identity (32 bytes) | length (4 bytes, little endian) | postcard
//! ```

use super::fold::Record;
use crate::base::{Digest, DigestMap, StringInterner};
use crate::model::{Artefact, ExecutionMode};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::{Arc, OnceLock};

/// Finished jobs.
#[derive(Debug, Clone, Default)]
pub struct Records {
    folded: Folded,
    /// By identity, since the fold.
    newer: DigestMap<Digest, Record>,
    /// Their identities, as they came: whoever asks for all comes in much the same order, and finds neighbours together.
    order: Vec<Digest>,
    /// The identity under which each job last finished, by name, since the fold.
    settled: HashMap<String, Digest>,
    /// Who made them.
    providers: StringInterner,
}

/// Records as they lie in the fold.
#[derive(Debug, Clone, Default)]
struct Folded {
    bytes: Vec<u8>,
    /// Where each record lies, by the beginning of its identity.
    places: DigestMap<u64, u32>,
    providers: Vec<Arc<str>>,
    /// Where the names lie, with the identity under which each last finished.
    names: usize,
    settled: OnceLock<HashMap<String, Digest>>,
}

/// What is written before the records.
#[derive(Serialize, Deserialize)]
struct Head {
    providers: Vec<Arc<str>>,
    count: usize,
}

/// A record as it is written: who made it is a name among few.
#[derive(Serialize, Deserialize)]
struct Written<'a> {
    outputs: Cow<'a, [Artefact]>,
    provider: u32,
    mode: ExecutionMode,
    seconds: f64,
    units: usize,
    warnings: Cow<'a, [String]>,
}

/// Bytes of an identity and of a length.
const IDENTITY: usize = 32;
const LENGTH: usize = 4;

impl Records {
    /// Returns what the job with this identity left.
    #[must_use]
    pub fn get(&self, identity: &Digest) -> Option<Record> {
        self.newer
            .get(identity)
            .cloned()
            .or_else(|| self.folded.get(identity))
    }

    /// Returns whether a job with this identity has finished.
    #[must_use]
    pub fn has(&self, identity: &Digest) -> bool {
        self.newer.contains_key(identity) || self.folded.find(identity).is_some()
    }

    /// Returns how many identities have finished.
    #[must_use]
    pub fn len(&self) -> usize {
        let again = self
            .newer
            .keys()
            .filter(|identity| self.folded.find(identity).is_some())
            .count();
        self.folded.places.len() + self.newer.len() - again
    }

    /// Returns whether no job has finished.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.newer.is_empty() && self.folded.places.is_empty()
    }

    /// Returns the identity under which a job last finished.
    #[must_use]
    pub fn last(&self, job: &str) -> Option<Digest> {
        self.settled
            .get(job)
            .or_else(|| self.folded.settled().get(job))
            .copied()
    }

    /// Returns every job that has finished, with the identity under which it last did.
    pub fn settled(&self) -> impl Iterator<Item = (&str, Digest)> {
        let older = self
            .folded
            .settled()
            .iter()
            .filter(|(job, _)| !self.settled.contains_key(*job));
        self.settled
            .iter()
            .chain(older)
            .map(|(job, identity)| (job.as_str(), *identity))
    }

    /// Notes that a job has finished, and what it left.
    pub fn made(&mut self, job: String, identity: Digest, mut record: Record) {
        record.provider = self.providers.intern(&record.provider);
        if self.newer.insert(identity, record).is_none() {
            self.order.push(identity);
        }
        self.reused(job, identity);
    }

    /// Notes that a job has finished with what was left under this identity before.
    pub fn reused(&mut self, job: String, identity: Digest) {
        self.settled.insert(job, identity);
    }

    /// Returns every record with its identity, in the order in which they came.
    pub(super) fn all(&self) -> impl Iterator<Item = (Digest, Record)> {
        let older = self
            .folded
            .identities()
            .into_iter()
            .filter(|identity| !self.newer.contains_key(identity));
        older
            .chain(self.order.iter().copied())
            .filter_map(|identity| Some((identity, self.get(&identity)?)))
    }

    /// Writes all of it behind what `bytes` hold; nothing if it is more than the form has room for.
    pub(super) fn write(&self, bytes: &mut Vec<u8>) -> Option<()> {
        let mut numbers: HashMap<Arc<str>, u32> = HashMap::new();
        let (mut records, mut count) = (Vec::new(), 0usize);
        for (identity, record) in self.all() {
            let next = u32::try_from(numbers.len()).ok()?;
            let one = Written {
                outputs: Cow::Borrowed(&record.outputs),
                provider: *numbers.entry(Arc::clone(&record.provider)).or_insert(next),
                mode: record.mode,
                seconds: record.seconds,
                units: record.units,
                warnings: Cow::Borrowed(&record.warnings),
            };
            let one = postcard::to_stdvec(&one).ok()?;
            records.extend(identity.as_bytes());
            records.extend(u32::try_from(one.len()).ok()?.to_le_bytes());
            records.extend(one);
            count += 1;
        }
        let mut providers: Vec<(u32, Arc<str>)> =
            numbers.into_iter().map(|(name, at)| (at, name)).collect();
        providers.sort();
        let settled: Vec<(&str, Digest)> = self.settled().collect();
        let providers = providers.into_iter().map(|(_, name)| name).collect();
        bytes.extend(postcard::to_stdvec(&Head { providers, count }).ok()?);
        bytes.extend(records);
        bytes.extend(postcard::to_stdvec(&settled).ok()?);
        u32::try_from(bytes.len()).ok().map(|_| ())
    }

    /// Returns what was written from `start` to the end of `bytes`.
    pub(super) fn read(bytes: Vec<u8>, start: usize) -> Option<Self> {
        let (Head { providers, count }, rest) =
            postcard::take_from_bytes(bytes.get(start..)?).ok()?;
        let mut at = bytes.len() - rest.len();
        let most = count.min(bytes.len() / (IDENTITY + LENGTH));
        let mut places = DigestMap::with_capacity_and_hasher(most, BuildHasherDefault::default());
        for _ in 0..count {
            let (identity, record) = entry(&bytes, at)?;
            places.insert(identity.leading_u64(), u32::try_from(at).ok()?);
            at += IDENTITY + LENGTH + record.len();
        }
        let folded = Folded {
            bytes,
            places,
            providers,
            names: at,
            settled: OnceLock::new(),
        };
        Some(Self {
            folded,
            ..Self::default()
        })
    }
}

impl Folded {
    /// Returns the bytes of the record with this identity.
    fn find(&self, identity: &Digest) -> Option<&[u8]> {
        let at = *self.places.get(&identity.leading_u64())?;
        // One that bears the beginning of another's identity is not found, and its job made again.
        entry(&self.bytes, at as usize)
            .filter(|(found, _)| found == identity)
            .map(|(_, record)| record)
    }

    /// Returns every identity, in the order of the records.
    fn identities(&self) -> Vec<Digest> {
        let mut places: Vec<u32> = self.places.values().copied().collect();
        places.sort_unstable();
        let entries = places
            .into_iter()
            .filter_map(|at| entry(&self.bytes, at as usize));
        entries.map(|(identity, _)| identity).collect()
    }

    fn get(&self, identity: &Digest) -> Option<Record> {
        let bytes = self.find(identity)?;
        let Written {
            outputs,
            provider,
            mode,
            seconds,
            units,
            warnings,
        } = postcard::from_bytes(bytes).ok()?;
        let (outputs, warnings) = (outputs.into_owned().into(), warnings.into_owned());
        let provider = Arc::clone(self.providers.get(provider as usize)?);
        Some(Record {
            outputs,
            provider,
            mode,
            seconds,
            units,
            warnings,
        })
    }

    /// Most runs never ask: nothing is to be made again then.
    fn settled(&self) -> &HashMap<String, Digest> {
        self.settled.get_or_init(|| {
            let bytes = self.bytes.get(self.names..).unwrap_or_default();
            postcard::from_bytes(bytes).unwrap_or_default()
        })
    }
}

/// Returns the identity and the postcard of the record that lies at `at`.
fn entry(bytes: &[u8], at: usize) -> Option<(Digest, &[u8])> {
    let (identity, rest) = bytes.get(at..)?.split_first_chunk::<IDENTITY>()?;
    let (length, rest) = rest.split_first_chunk::<LENGTH>()?;
    Some((
        Digest::from(*identity),
        rest.get(..u32::from_le_bytes(*length) as usize)?,
    ))
}

//! What every finished job left, and the identity under which each job last finished.
//!
//! There may be hundreds of thousands of records. Most runs need each once, and some need few.
//! Records from the fold therefore stay the bytes that they were read as: a table has the offset of
//! each, and a record is decoded when it is needed. Records of later journals are stored beside
//! them, and have precedence.
//!
//! ```text
//! each record: identity (32 bytes) | length (4 bytes, little endian) | postcard
//! ```

use super::job_record::JobRecord;
use crate::base::{Digest, DigestMap, StringInterner};
use crate::model::{Artefact, ExecutionMode};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::{Arc, OnceLock};

/// Records of finished jobs, by identity.
#[derive(Debug, Clone, Default)]
pub struct JobRecords {
    folded: FoldedRecords,
    /// By identity, from journals after the fold.
    newer: DigestMap<Digest, JobRecord>,
    /// Their identities in the order of the journals.
    // A later run needs its jobs in much the same order. The fold is written in it, so that records
    // which are read one after the other are neighbours.
    newer_order: Vec<Digest>,
    /// The identity under which each job last finished, by name, from journals after the fold.
    last_identities: HashMap<String, Digest>,
    /// Names of providers.
    // A handful of names are in hundreds of thousands of records.
    providers: StringInterner,
}

/// Records as the bytes of the fold.
#[derive(Debug, Clone, Default)]
struct FoldedRecords {
    bytes: Vec<u8>,
    /// The offset of each record in `bytes`, by the first eight bytes of its identity.
    // A full digest for each record would make the table several times larger. The identity in
    // `bytes` is compared after each look, so a prefix is enough.
    record_offsets: DigestMap<u64, u32>,
    providers: Vec<Arc<str>>,
    /// Offset of the job names, each with the identity under which the job last finished.
    names_offset: usize,
    last_identities: OnceLock<HashMap<String, Digest>>,
}

/// What precedes the records.
#[derive(Serialize, Deserialize)]
struct RecordsHeader {
    providers: Vec<Arc<str>>,
    count: usize,
}

/// A record as it is written. The provider is an index into the header's list.
#[derive(Serialize, Deserialize)]
struct EncodedRecord<'a> {
    outputs: Cow<'a, [Artefact]>,
    provider: u32,
    mode: ExecutionMode,
    seconds: f64,
    units: usize,
    warnings: Cow<'a, [String]>,
}

/// Sizes of an identity and of a length.
const IDENTITY_BYTES: usize = 32;
const LENGTH_BYTES: usize = 4;

impl JobRecords {
    /// Returns the record of this identity.
    #[must_use]
    pub fn get(&self, identity: &Digest) -> Option<JobRecord> {
        self.newer
            .get(identity)
            .cloned()
            .or_else(|| self.folded.decode_record(identity))
    }

    /// Returns whether a job with this identity has finished. Cheaper than `get`: nothing is
    /// decoded.
    #[must_use]
    pub fn contains_identity(&self, identity: &Digest) -> bool {
        self.newer.contains_key(identity) || self.folded.find_bytes(identity).is_some()
    }

    /// Returns the number of identities that have finished.
    #[must_use]
    pub fn len(&self) -> usize {
        // A job that was forced after the fold is in both under one identity.
        let overlap = self
            .newer
            .keys()
            .filter(|identity| self.folded.find_bytes(identity).is_some())
            .count();
        self.folded.record_offsets.len() + self.newer.len() - overlap
    }

    /// Returns whether no job has finished.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.newer.is_empty() && self.folded.record_offsets.is_empty()
    }

    /// Returns the identity under which a job last finished.
    #[must_use]
    pub fn last_identity(&self, job: &str) -> Option<Digest> {
        self.last_identities
            .get(job)
            .or_else(|| self.folded.last_identities().get(job))
            .copied()
    }

    /// Returns the name of every job that has finished, with the identity under which it last did.
    pub fn last_identities(&self) -> impl Iterator<Item = (&str, Digest)> {
        let older = self
            .folded
            .last_identities()
            .iter()
            .filter(|(job, _)| !self.last_identities.contains_key(*job));
        self.last_identities
            .iter()
            .chain(older)
            .map(|(job, identity)| (job.as_str(), *identity))
    }

    /// Adds the record of a job that was made.
    pub fn insert_made(&mut self, job: String, identity: Digest, mut record: JobRecord) {
        // One string for all of them.
        record.provider = self.providers.intern(&record.provider);
        if self.newer.insert(identity, record).is_none() {
            self.newer_order.push(identity);
        }
        self.insert_reused(job, identity);
    }

    /// Records that a job finished by reusing what was made under this identity.
    pub fn insert_reused(&mut self, job: String, identity: Digest) {
        self.last_identities.insert(job, identity);
    }

    /// Returns every record with its identity, in the order in which they were made.
    pub(super) fn iter_records(&self) -> impl Iterator<Item = (Digest, JobRecord)> {
        let older = self
            .folded
            .identities()
            .into_iter()
            .filter(|identity| !self.newer.contains_key(identity));
        older
            .chain(self.newer_order.iter().copied())
            .filter_map(|identity| Some((identity, self.get(&identity)?)))
    }

    /// Appends everything to `bytes`. `None`: it exceeds a number of the format.
    pub(super) fn encode_to(&self, bytes: &mut Vec<u8>) -> Option<()> {
        let mut numbers: HashMap<Arc<str>, u32> = HashMap::new();
        let mut records = Vec::new();
        let mut count = 0usize;
        // Folded records first, in their order, so that what did not change stays where it is.
        for (identity, record) in self.iter_records() {
            let next = u32::try_from(numbers.len()).ok()?;
            let encoded = EncodedRecord {
                outputs: Cow::Borrowed(&record.outputs),
                provider: *numbers.entry(Arc::clone(&record.provider)).or_insert(next),
                mode: record.mode,
                seconds: record.seconds,
                units: record.units,
                warnings: Cow::Borrowed(&record.warnings),
            };
            let encoded = postcard::to_stdvec(&encoded).ok()?;
            records.extend(identity.as_bytes());
            records.extend(u32::try_from(encoded.len()).ok()?.to_le_bytes());
            records.extend(encoded);
            count += 1;
        }
        let mut providers: Vec<(u32, Arc<str>)> = numbers
            .into_iter()
            .map(|(name, number)| (number, name))
            .collect();
        // Back into the order of their numbers, which the map lost: a record finds its provider by
        // position.
        providers.sort();
        let last_identities: Vec<(&str, Digest)> = self.last_identities().collect();
        let providers = providers.into_iter().map(|(_, name)| name).collect();
        bytes.extend(postcard::to_stdvec(&RecordsHeader { providers, count }).ok()?);
        bytes.extend(records);
        bytes.extend(postcard::to_stdvec(&last_identities).ok()?);
        // Offsets are 32 bits in memory. A fold that exceeds them could be written but not read.
        u32::try_from(bytes.len()).ok().map(|_| ())
    }

    /// Returns what was written from `start` to the end of `bytes`. `None`: the bytes have another
    /// form.
    pub(super) fn decode_from(bytes: Vec<u8>, start: usize) -> Option<Self> {
        let (RecordsHeader { providers, count }, rest) =
            postcard::take_from_bytes(bytes.get(start..)?).ok()?;
        let mut offset = bytes.len() - rest.len();
        // The count comes from a file. The bytes at hand limit what is allocated for it.
        let capacity = count.min(bytes.len() / (IDENTITY_BYTES + LENGTH_BYTES));
        let mut record_offsets =
            DigestMap::with_capacity_and_hasher(capacity, BuildHasherDefault::default());
        for _ in 0..count {
            // A file that ends within a record has no fold; the journals are read instead.
            let (identity, record) = record_at(&bytes, offset)?;
            record_offsets.insert(identity.leading_u64(), u32::try_from(offset).ok()?);
            offset += IDENTITY_BYTES + LENGTH_BYTES + record.len();
        }
        let folded = FoldedRecords {
            bytes,
            record_offsets,
            providers,
            names_offset: offset,
            last_identities: OnceLock::new(),
        };
        Some(Self {
            folded,
            ..Self::default()
        })
    }
}

impl FoldedRecords {
    /// Returns the bytes of the record with this identity.
    fn find_bytes(&self, identity: &Digest) -> Option<&[u8]> {
        let offset = *self.record_offsets.get(&identity.leading_u64())?;
        // If two identities share a prefix, one record is not found, and its job is made again.
        // That is rare and safe; the wrong record would not be safe.
        record_at(&self.bytes, offset as usize)
            .filter(|(stored_identity, _)| stored_identity == identity)
            .map(|(_, record)| record)
    }

    /// Returns every identity in the order of the records.
    fn identities(&self) -> Vec<Digest> {
        let mut offsets: Vec<u32> = self.record_offsets.values().copied().collect();
        offsets.sort_unstable();
        let entries = offsets
            .into_iter()
            .filter_map(|offset| record_at(&self.bytes, offset as usize));
        entries.map(|(identity, _)| identity).collect()
    }

    fn decode_record(&self, identity: &Digest) -> Option<JobRecord> {
        let bytes = self.find_bytes(identity)?;
        let EncodedRecord {
            outputs,
            provider,
            mode,
            seconds,
            units,
            warnings,
        } = postcard::from_bytes(bytes).ok()?;
        let outputs = outputs.into_owned().into();
        let warnings = warnings.into_owned();
        let provider = Arc::clone(self.providers.get(provider as usize)?);
        Some(JobRecord {
            outputs,
            provider,
            mode,
            seconds,
            units,
            warnings,
        })
    }

    /// Most runs never ask: nothing is to be made again then. The bytes have the digest that they
    /// were written with; ones that another program wrote otherwise name no job, which costs
    /// reasons and no work.
    fn last_identities(&self) -> &HashMap<String, Digest> {
        // A run in which every job is reused never needs them, and there is a name for every job of
        // the store.
        self.last_identities.get_or_init(|| {
            let bytes = self.bytes.get(self.names_offset..).unwrap_or_default();
            postcard::from_bytes(bytes).unwrap_or_default()
        })
    }
}

/// Returns the identity and the postcard of the record at `offset`.
fn record_at(bytes: &[u8], offset: usize) -> Option<(Digest, &[u8])> {
    let (identity, rest) = bytes.get(offset..)?.split_first_chunk::<IDENTITY_BYTES>()?;
    let (length, rest) = rest.split_first_chunk::<LENGTH_BYTES>()?;
    Some((
        Digest::from(*identity),
        rest.get(..u32::from_le_bytes(*length) as usize)?,
    ))
}

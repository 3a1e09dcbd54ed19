//! Content digests: BLAKE3 of bytes and streams, and fingerprints over labelled fields.
//!
//! Owns the computation of identity. Does not know what is identified.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::io;

/// A 256-bit BLAKE3 digest, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

impl From<[u8; 32]> for Digest {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl Hash for Digest {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // The bytes of a digest are uniformly distributed, so eight of them are a hash already.
        // Hashing all 32 again would cost time and add nothing.
        state.write_u64(self.leading_u64());
    }
}

/// A map whose keys are digests, or the first bytes of digests.
pub type DigestMap<K, V> = HashMap<K, V, BuildHasherDefault<DigestHasher>>;

/// A hasher for digests, which are hashes already: it passes their first bytes on.
#[derive(Debug, Default)]
pub struct DigestHasher(u64);

impl Hasher for DigestHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        // Not used for digests, which call `write_u64`. The trait needs it, and it must not lose
        // any byte.
        bytes
            .iter()
            .for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, beginning: u64) {
        self.0 = beginning;
    }
}

impl Digest {
    /// Returns the digest of these bytes.
    #[must_use]
    pub fn hash_bytes(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// Returns the digest of everything that `source` contains.
    ///
    /// # Errors
    /// Fails if `source` cannot be read.
    pub fn hash_reader(source: impl io::Read) -> io::Result<Self> {
        // Read in blocks: artefacts can be larger than memory.
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(source)?;
        Ok(Self(*hasher.finalize().as_bytes()))
    }

    /// Returns the digest of 64 hexadecimal digits. None if `text` is no such text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        blake3::Hash::from_hex(text)
            .ok()
            .map(|hash| Self(*hash.as_bytes()))
    }

    /// Returns the 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Returns the first eight bytes as a number, which identifies a digest for all practical
    /// purposes.
    #[must_use]
    pub const fn leading_u64(&self) -> u64 {
        // Little-endian on every machine, since digests are compared between the machines of a
        // farm.
        let [a, b, c, d, e, f, g, h, ..] = self.0;
        u64::from_le_bytes([a, b, c, d, e, f, g, h])
    }

    /// Returns all 64 hexadecimal digits.
    #[must_use]
    pub fn hex_string(&self) -> String {
        blake3::Hash::from_bytes(self.0).to_hex().to_string()
    }

    /// Returns the first 12 hexadecimal digits, for display.
    #[must_use]
    // 48 bits: enough to name one artefact of a store, and short enough to read aloud.
    pub fn short_hex(&self) -> String {
        self.hex_string()[..12].to_owned()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.short_hex())
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // A binary format stores 32 bytes. Text formats have no bytes, so they get the digits.
        if serializer.is_human_readable() {
            serializer.serialize_str(&blake3::Hash::from_bytes(self.0).to_hex())
        } else {
            serializer.serialize_bytes(&self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_str(DigestVisitor)
        } else {
            deserializer.deserialize_bytes(DigestVisitor)
        }
    }
}

/// Reads a digest from borrowed digits or bytes without a copy. A journal has two digests in each
/// record.
struct DigestVisitor;

impl serde::de::Visitor<'_> for DigestVisitor {
    type Value = Digest;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("64 hexadecimal digits, or 32 bytes")
    }

    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Digest, E> {
        bytes
            .try_into()
            .map(Digest)
            .map_err(|_| E::invalid_length(bytes.len(), &self))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Digest, E> {
        Digest::parse(text).ok_or_else(|| E::custom("a digest has 64 hexadecimal digits"))
    }
}

/// Builds the digest of a list part by part. Each part is preceded by its length, so two different
/// lists never have the same input.
#[derive(Debug, Default)]
pub struct ListDigestBuilder(blake3::Hasher);

impl ListDigestBuilder {
    /// Adds a part. The order of parts counts.
    pub fn add_part(&mut self, part: impl AsRef<[u8]>) {
        let part = part.as_ref();
        self.0
            .update(&(part.len() as u64).to_le_bytes())
            .update(part);
    }

    /// Returns the digest of all parts so far.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest(*self.0.finalize().as_bytes())
    }
}

/// Builds a digest over labelled fields. Labels and values are preceded by their length, so two
/// different lists of fields never have the same input.
#[derive(Debug, Default)]
pub struct Fingerprint {
    // Fields are few and short. Collecting them costs less than moving a hasher of two kilobytes
    // through each call.
    fields: Vec<u8>,
}

impl Fingerprint {
    /// Returns an empty fingerprint.
    #[must_use]
    pub fn new() -> Self {
        Self {
            fields: Vec::with_capacity(256),
        }
    }

    /// Adds one labelled field.
    #[must_use]
    pub fn with_field(mut self, label: &str, value: impl AsRef<[u8]>) -> Self {
        // A fixed order of bytes, so that all machines of a farm compute the same digest.
        for part in [label.as_bytes(), value.as_ref()] {
            self.fields.extend((part.len() as u64).to_le_bytes());
            self.fields.extend(part);
        }
        self
    }

    /// Returns the digest of all fields so far.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::hash_bytes(&self.fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_a_byte_between_fields_changes_the_fingerprint() {
        let one = Fingerprint::new().with_field("a", "bc").digest();
        let two = Fingerprint::new().with_field("ab", "c").digest();
        assert_ne!(one, two);
    }

    #[test]
    fn moving_a_byte_between_parts_changes_the_digest_of_a_list() {
        let digest = |parts: &[&str]| {
            let mut list = ListDigestBuilder::default();
            parts.iter().for_each(|part| list.add_part(part));
            list.digest()
        };
        assert_ne!(digest(&["a", "bc"]), digest(&["ab", "c"]));
        assert_ne!(digest(&["a"]), digest(&["a", ""]));
    }

    #[test]
    fn a_digest_round_trips_as_text() {
        let digest = Digest::hash_bytes(b"frame");
        assert_eq!(Digest::parse(&digest.hex_string()), Some(digest));
    }
}

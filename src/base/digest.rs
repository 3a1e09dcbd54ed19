//! Content digests: BLAKE3 of bytes and streams, and fingerprints over labelled fields.
//!
//! Owns how identity is computed. Does not know what is being identified.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::io;

/// A 256-bit BLAKE3 digest, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Returns the digest of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// Returns the digest of everything that `source` has to read.
    ///
    /// # Errors
    /// Fails when it cannot be read.
    pub fn of_reader(source: impl io::Read) -> io::Result<Self> {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(source)?;
        Ok(Self(*hasher.finalize().as_bytes()))
    }

    /// Returns the digest written as 64 hexadecimal digits, if `text` is one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        blake3::Hash::from_hex(text).ok().map(|hash| Self(*hash.as_bytes()))
    }

    /// Returns the 32 bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Returns all 64 hexadecimal digits.
    #[must_use]
    pub fn hex(&self) -> String {
        blake3::Hash::from_bytes(self.0).to_hex().to_string()
    }

    /// Returns the first 12 hexadecimal digits, for people.
    #[must_use]
    pub fn short(&self) -> String {
        self.hex()[..12].to_owned()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.short())
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Digits)
    }
}

/// Reads a digest from where its digits lie, without a copy of them: a journal has two a record.
struct Digits;

impl serde::de::Visitor<'_> for Digits {
    type Value = Digest;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("64 hexadecimal digits")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Digest, E> {
        Digest::parse(text).ok_or_else(|| E::custom("a digest has 64 hexadecimal digits"))
    }
}

/// Builds a digest over labelled fields; each field is length-prefixed, so no two field lists collide.
#[derive(Debug, Default)]
pub struct Fingerprint {
    // Fields are few and short: gathering them costs less than carrying a hasher of two kilobytes from field to field.
    fields: Vec<u8>,
}

impl Fingerprint {
    /// Returns an empty fingerprint.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one labelled field.
    #[must_use]
    pub fn field(mut self, label: &str, value: impl AsRef<[u8]>) -> Self {
        for part in [label.as_bytes(), value.as_ref()] {
            self.fields.extend((part.len() as u64).to_le_bytes());
            self.fields.extend(part);
        }
        self
    }

    /// Returns the digest of all fields so far.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&self.fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_a_byte_between_fields_changes_the_fingerprint() {
        let one = Fingerprint::new().field("a", "bc").digest();
        let two = Fingerprint::new().field("ab", "c").digest();
        assert_ne!(one, two);
    }

    #[test]
    fn a_digest_round_trips_as_text() {
        let digest = Digest::of(b"frame");
        assert_eq!(Digest::parse(&digest.hex()), Some(digest));
    }
}

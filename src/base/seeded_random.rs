//! Random choices that are the same for ever.
//!
//! What is composed or synthesised is part of deliverables, so its choices must not change with a
//! version of a crate. SplitMix64 has a definition of five lines, which never changes.

/// A generator of random numbers. Equal seeds give equal numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeededRandom(u64);

impl SeededRandom {
    /// Returns the generator of this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns the seed of what is named so: another name gives other choices, and the order of
    /// names does not matter.
    ///
    /// It is part of the identity of jobs, and chooses scratch voices. So it differs from what [`Self::for_part`] makes of a
    /// name, and neither can ever take the form of the other.
    #[must_use]
    pub fn seed_from_name(name: &str) -> u64 {
        let digest = super::Digest::hash_bytes(name.as_bytes()).hex_string();
        // A digest is hexadecimal, and 16 digits of it are 64 bits.
        u64::from_str_radix(&digest[..16], 16).unwrap_or_default()
    }

    /// Returns the generator of a part of the work, such as one instrument. Parts are independent
    /// of each other: another choice in one changes nothing in the next.
    #[must_use]
    pub fn for_part(seed: u64, part: &str) -> Self {
        let digest = super::Digest::hash_bytes(part.as_bytes());
        let bytes = digest.hex_string().into_bytes();
        let part = bytes.iter().fold(0_u64, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(u64::from(*byte))
        });
        Self(seed ^ part)
    }

    /// Returns the next number of 64 bits.
    pub const fn next_u64(&mut self) -> u64 {
        // SplitMix64 (Steele, Lea and Flood, 2014). The numbers are part of what sounds, pictures
        // and job identities are, so it is written here and never follows a crate.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number from 0 to below 1.
    pub const fn next_unit(&mut self) -> f32 {
        // 24 bits, as many as a float holds exactly.
        (self.next_u64() >> 40) as f32 / (1_u32 << 24) as f32
    }

    /// Returns a number from -1 to below 1.
    pub const fn next_signed(&mut self) -> f32 {
        self.next_unit() * 2.0 - 1.0
    }

    /// Returns an index below `count`; 0 if `count` is 0.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the remainder is below `count`, which is a usize"
    )]
    pub const fn next_index(&mut self, count: usize) -> usize {
        if count == 0 {
            return 0;
        }
        // The bias is below one in 2^40 for the short lists that are chosen from.
        (self.next_u64() % count as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_same_for_ever() {
        // The first numbers of the published reference for seed 1234567.
        let mut random = SeededRandom::new(1_234_567);
        assert_eq!(random.next_u64(), 6_457_827_717_110_365_317);
        assert_eq!(random.next_u64(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn the_seed_of_a_name_is_the_same_for_ever() {
        // The first digits of the published digest of the empty text, then of a name.
        assert_eq!(SeededRandom::seed_from_name(""), 0xaf13_49b9_f5f9_a1a6);
        let pier = SeededRandom::seed_from_name("pier");
        assert_eq!(SeededRandom::seed_from_name("pier"), pier);
        assert_ne!(SeededRandom::seed_from_name("shed"), pier);
    }

    #[test]
    fn parts_differ_and_repeat() {
        let first = SeededRandom::for_part(7, "melody").next_u64();
        assert_eq!(SeededRandom::for_part(7, "melody").next_u64(), first);
        assert_ne!(SeededRandom::for_part(7, "bass").next_u64(), first);
        assert_ne!(SeededRandom::for_part(8, "melody").next_u64(), first);
    }

    #[test]
    fn numbers_stay_in_their_ranges() {
        let mut random = SeededRandom::new(3);
        for _ in 0..10_000 {
            assert!((0.0..1.0).contains(&random.next_unit()));
            assert!((-1.0..1.0).contains(&random.next_signed()));
            assert!(random.next_index(3) < 3);
        }
        assert_eq!(random.next_index(0), 0);
    }
}

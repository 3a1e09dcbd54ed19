//! How much input the reader accepts before it refuses.
//!
//! Owns the numbers and their defaults. Does not enforce them: each reader stage checks the ones it meets.

/// What to do about a file that is too large, and is meant.
pub const SIZE_HELP: &str = "split the file, or raise the limit with `--max-size`";
/// What to do about too many values that are meant.
pub const VALUES_HELP: &str = "split the file, or raise the limit with `--max-values`";

/// Bounds on what is read, so that hostile input costs a message and not the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InputLimits {
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Bytes of all files together.
    pub total_bytes: u64,
    /// Number of files.
    pub files: usize,
    /// Bytes of one scalar.
    pub scalar_bytes: usize,
    /// Bytes of the value of one variable.
    pub variable_bytes: usize,
    /// Bytes of all values of one file that variables stand in, once these are put in place.
    pub expanded_bytes: usize,
    /// Lists and maps inside each other, as written.
    pub depth: usize,
    /// Lists and maps inside each other, counted through aliases.
    pub alias_depth: usize,
    /// Values in one file, as written.
    pub nodes: usize,
    /// Values visited while decoding, on top of eight times those written: aliases repeat values.
    pub visits: usize,
    /// Problems recorded in one file; the rest is only counted.
    pub problems: usize,
    /// Attempts at decoding one file; each one learns a required field or a refused value.
    pub passes: usize,
}

impl InputLimits {
    /// Returns these limits with another one on the bytes of a file; all files together may have four times as many.
    #[must_use]
    pub const fn with_file_bytes(self, file_bytes: u64) -> Self {
        Self {
            file_bytes,
            total_bytes: file_bytes.saturating_mul(4),
            ..self
        }
    }

    /// Returns these limits with another one on the values in a file.
    #[must_use]
    pub const fn with_values(self, nodes: usize) -> Self {
        Self { nodes, ..self }
    }
}

impl Default for InputLimits {
    fn default() -> Self {
        Self {
            file_bytes: 64 << 20,
            total_bytes: 256 << 20,
            files: 4096,
            scalar_bytes: 1 << 20,
            variable_bytes: 64 << 10,
            expanded_bytes: 64 << 20,
            depth: 64,
            alias_depth: 128,
            nodes: 8_000_000,
            visits: 100_000,
            problems: 10_000,
            passes: 64,
        }
    }
}

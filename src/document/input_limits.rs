//! Limits on the input that the reader accepts.
//!
//! Owns the numbers and their defaults. Does not enforce them: each stage of the reader checks its
//! own.

/// The help for a file that is too large.
pub const SIZE_HELP: &str = "split the file, or raise the limit with `--max-size`";
/// The help for too many values.
pub const VALUES_HELP: &str = "split the file, or raise the limit with `--max-values`";

/// Limits on the input. Hostile input is refused with a message before it exhausts the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InputLimits {
    /// Largest size of one file, in bytes.
    pub file_bytes: u64,
    /// Largest size of all files together, in bytes.
    pub total_bytes: u64,
    /// Largest number of files.
    pub files: usize,
    /// Longest scalar, in bytes.
    pub scalar_bytes: usize,
    /// Longest value of one variable, in bytes.
    pub variable_bytes: usize,
    /// Total size of all values of one file that contain variables, in bytes, after substitution.
    pub expanded_bytes: usize,
    /// Deepest nesting of lists and maps, as written.
    pub depth: usize,
    /// Deepest nesting of lists and maps, counted through aliases.
    pub alias_depth: usize,
    /// Most values in one file, as written.
    pub nodes: usize,
    /// Most values visited while decoding, on top of eight for each value written. Aliases repeat
    /// values.
    pub visits: usize,
    /// Most findings recorded in one file. More are only counted.
    pub problems: usize,
    /// Most decoding passes over one value. Each pass learns a required field or a refused value.
    pub passes: usize,
}

impl InputLimits {
    /// Returns these limits with another one on the size of a file. All files together may have
    /// four times as many bytes.
    #[must_use]
    pub const fn with_file_bytes(self, file_bytes: u64) -> Self {
        Self {
            file_bytes,
            total_bytes: file_bytes.saturating_mul(4),
            ..self
        }
    }

    /// Returns these limits with another one on the number of values in a file.
    #[must_use]
    pub const fn with_values(self, nodes: usize) -> Self {
        Self { nodes, ..self }
    }
}

impl Default for InputLimits {
    fn default() -> Self {
        Self {
            // Generous for text that people write, and small enough that reading it cannot exhaust
            // a machine.
            file_bytes: 64 << 20,
            total_bytes: 256 << 20,
            files: 4096,
            scalar_bytes: 1 << 20,
            variable_bytes: 64 << 10,
            expanded_bytes: 64 << 20,
            depth: 64,
            alias_depth: 128,
            nodes: 8_000_000,
            // A small document may use aliases more freely than eight visits for each value allow.
            visits: 100_000,
            problems: 10_000,
            passes: 64,
        }
    }
}

//! The output of Blender: saved pictures, samples, what is missing, and its peak memory.
//!
//! Blender 5 writes a time and a name before each line, so words are looked for anywhere in it.
//! Pure.

use crate::process::openjd_messages;

/// The output so far.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct BlenderOutput {
    /// The number of saved pictures.
    pub(super) saved: usize,
    /// The text of the last `openjd_fail`.
    pub(super) failure: Option<String>,
    /// Warnings about files that could not be packed, and that every machine needs at their place.
    pub(super) unpacked_files: Vec<String>,
    /// The last peak of memory, as Blender wrote it.
    pub(super) peak_memory: Option<String>,
    /// The last lines that are not progress; an error would be among them.
    pub(super) remarks: Vec<String>,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BlenderLine {
    /// A sign that the work continues.
    pub(super) is_progress: bool,
    /// It belongs in the log.
    pub(super) is_evidence: bool,
}

/// The prefix of a status of `bring.py` about a file that it could not pack.
const NOT_PACKED_PREFIX: &str = "not packed: ";

/// The most lines of evidence.
const MAX_REMARKS: usize = 40;

impl BlenderOutput {
    /// Reads a line, and returns what it was.
    pub(super) fn read_line(&mut self, line: &str) -> BlenderLine {
        match openjd_messages::parse_message(line) {
            Some(openjd_messages::OpenjdMessage::Fail(text)) => {
                self.failure = Some(text.to_owned());
            }
            Some(openjd_messages::OpenjdMessage::Status(text)) => {
                self.unpacked_files
                    .extend(text.strip_prefix(NOT_PACKED_PREFIX).map(unpacked_warning));
            }
            _ => {}
        }
        self.peak_memory = parse_peak_memory(line).or(self.peak_memory.take());
        let saved = line.contains("Saved: '");
        self.saved += usize::from(saved);
        let sampled =
            line.contains("Fra:") || line.contains("| Sample ") || line.contains("Rendering ");
        // Cycles prints a line for every sample, which would push an error out of the last lines.
        let is_evidence = !sampled && !line.starts_with("openjd_redacted_env");
        if is_evidence && !saved {
            self.remarks.push(line.to_owned());
            let surplus = self.remarks.len().saturating_sub(MAX_REMARKS);
            self.remarks.drain(..surplus);
        }
        BlenderLine {
            is_progress: sampled || saved,
            is_evidence,
        }
    }

    /// Returns the last lines that are not progress, as one text.
    pub(super) fn evidence(&self) -> String {
        self.remarks.join("\n")
    }

    /// Returns the line of an exception that the script raised, if it did.
    pub(super) fn python_exception(&self) -> Option<&str> {
        // The last one: when one exception causes another, Python prints the one that ended the
        // script last.
        self.remarks
            .iter()
            .rev()
            .find(|line| {
                let word = line.split(':').next().unwrap_or_default();
                line.contains(": ") && (word.ends_with("Error") || word.ends_with("Exception"))
            })
            .map(String::as_str)
    }
}

fn unpacked_warning(file: &str) -> String {
    format!(
        "{file} cannot be packed into the Blender file; every machine that renders needs it at that path"
    )
}

/// Returns what follows `PeakMemory`, such as `17.75M`.
fn parse_peak_memory(line: &str) -> Option<String> {
    let rest = line.split("Peak").nth(1)?;
    let amount = rest
        .trim_start_matches([':', ' '])
        .split([' ', ')', ','])
        .next()?;
    amount.ends_with(['M', 'G', 'K']).then(|| amount.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_both_versions_are_understood() {
        let mut output = BlenderOutput::default();
        let lines = [
            "Fra:12 Mem:17.75M (Peak 17.75M) | Time:00:01.09 | Mem:8.82M, Peak:8.82M | Scene, ViewLayer | Sample 1/16",
            "00:10.233  render           | Fra:1 | Mem: 20M | Sample 3/16",
            "Saved: '/a/0001.exr'",
            "00:11.000  render           | Saved: '/a/0002.exr'",
            "openjd_status: drawing 0003.exr",
        ];
        let progress: Vec<bool> = lines
            .iter()
            .map(|line| output.read_line(line).is_progress)
            .collect();
        assert_eq!(progress, [true, true, true, true, false]);
        assert_eq!(
            (output.saved, output.peak_memory.as_deref()),
            (2, Some("17.75M"))
        );
        assert_eq!(output.evidence(), "openjd_status: drawing 0003.exr");
    }

    #[test]
    fn missing_modules_and_python_errors_are_distinguished() {
        let mut output = BlenderOutput::default();
        output.read_line("Traceback (most recent call last):");
        output.read_line("RuntimeError: Error: Build without OpenImageDenoiser");
        output.read_line("openjd_fail: find /textures/wall.png");
        assert_eq!(output.failure.as_deref(), Some("find /textures/wall.png"));
        assert_eq!(
            output.python_exception(),
            Some("RuntimeError: Error: Build without OpenImageDenoiser")
        );
    }
}

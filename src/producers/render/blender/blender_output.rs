//! What Blender says while it draws: pictures saved, samples taken, what it is missing, how much memory it held.
//!
//! Blender 5 puts a time and a name before each line, so words are looked for anywhere in it. Pure.

use crate::process::openjd_messages;

/// What was heard so far.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct BlenderOutput {
    /// Pictures that are saved.
    pub(super) saved: usize,
    /// What the script said before it gave up.
    pub(super) failure: Option<String>,
    /// Files that could not be packed and are needed where they lie.
    pub(super) unpacked_files: Vec<String>,
    /// The most memory that it told of, as it wrote it.
    pub(super) peak_memory: Option<String>,
    /// The last lines that are no progress: where an error would stand.
    pub(super) remarks: Vec<String>,
}

/// What to do with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BlenderLine {
    /// It tells that the work goes on.
    pub(super) is_progress: bool,
    /// It is worth keeping.
    pub(super) is_evidence: bool,
}

/// Begins what `bring.py` says of a file that it could not pack.
const NOT_PACKED_PREFIX: &str = "not packed: ";

/// The most lines that are kept for evidence.
const MAX_REMARKS: usize = 40;

impl BlenderOutput {
    /// Takes in a line, and says what it was.
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

    /// Returns the last lines that are no progress.
    pub(super) fn evidence(&self) -> String {
        self.remarks.join("\n")
    }

    /// Returns the line that tells what went wrong in the script, if it did.
    pub(super) fn python_exception(&self) -> Option<&str> {
        let is_error = |line: &&String| {
            let word = line.split(':').next().unwrap_or_default();
            line.contains(": ") && (word.ends_with("Error") || word.ends_with("Exception"))
        };
        self.remarks.iter().rev().find(is_error).map(String::as_str)
    }
}

fn unpacked_warning(file: &str) -> String {
    format!(
        "{file} cannot be packed into the Blender file; every machine that draws needs it at that place"
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
        let mut heard = BlenderOutput::default();
        let lines = [
            "Fra:12 Mem:17.75M (Peak 17.75M) | Time:00:01.09 | Mem:8.82M, Peak:8.82M | Scene, ViewLayer | Sample 1/16",
            "00:10.233  render           | Fra:1 | Mem: 20M | Sample 3/16",
            "Saved: '/a/0001.exr'",
            "00:11.000  render           | Saved: '/a/0002.exr'",
            "openjd_status: drawing 0003.exr",
        ];
        let told: Vec<bool> = lines
            .iter()
            .map(|line| heard.read_line(line).is_progress)
            .collect();
        assert_eq!(told, [true, true, true, true, false]);
        assert_eq!(
            (heard.saved, heard.peak_memory.as_deref()),
            (2, Some("17.75M"))
        );
        assert_eq!(heard.evidence(), "openjd_status: drawing 0003.exr");
    }

    #[test]
    fn what_the_script_misses_and_what_python_raises_are_told_apart() {
        let mut heard = BlenderOutput::default();
        heard.read_line("Traceback (most recent call last):");
        heard.read_line("RuntimeError: Error: Build without OpenImageDenoiser");
        heard.read_line("openjd_fail: find /textures/wall.png");
        assert_eq!(heard.failure.as_deref(), Some("find /textures/wall.png"));
        assert_eq!(
            heard.python_exception(),
            Some("RuntimeError: Error: Build without OpenImageDenoiser")
        );
    }
}

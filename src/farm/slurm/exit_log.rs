//! The messages of Slurm's daemons about the end of a job, which they write into the job's output
//! file. They give a reason that the state may not show: a site that watches memory by accounting
//! alone reports a job that exceeded its memory as `FAILED`.
//!
//! All elements of an array write to one file, and the daemons name each element by a number of its
//! own.

use super::setup_section::setup_failure;
use crate::farm::scheduler::ExitReport;
use crate::farm::task_map::TaskId;
use crate::producers::FailureClass;
use std::collections::HashMap;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// The part of an output file that is read, from its end. A file of many thousand elements must not
/// fill the memory.
const MAX_TAIL_BYTES: u64 = 4 << 20;
/// The number of last lines that are reported if no line is about the element itself.
const FALLBACK_LINES: usize = 5;

/// Parts of lines and their failure classes. The first four are from `slurmstepd` (22.05 to 24.11):
/// its cgroup plugins, `jobacct_gather` and its signalling of steps.
const FAILURE_PATTERNS: &[(&str, FailureClass)] = &[
    ("exceeded memory limit", FailureClass::OutOfMemory),
    ("oom-kill event", FailureClass::OutOfMemory),
    ("oom_kill event", FailureClass::OutOfMemory),
    ("DUE TO TIME LIMIT", FailureClass::Timeout),
    ("DUE TO NODE FAILURE", FailureClass::HostLost),
    ("DUE TO PREEMPTION", FailureClass::HostLost),
];

/// The numbers by which the daemons name elements.
pub(super) struct ElementNumbers(HashMap<String, String>);

impl ElementNumbers {
    /// The format for `squeue`: array job, element, and the element's own number.
    pub(super) const SQUEUE_NUMBER_FORMAT: &str = "%F|%K|%A";

    pub(super) fn parse(text: &str) -> Self {
        Self(
            text.lines()
                .filter_map(|line| {
                    // Slurm may pad columns, and `|` is in none of these.
                    let mut fields = line.split('|').map(str::trim);
                    let job = fields.next()?;
                    let element = fields.next()?;
                    let number = fields.next()?;
                    Some((format!("{job}_{element}"), number.to_owned()))
                })
                .collect(),
        )
    }

    /// Returns the number of an element such as `12_3`.
    pub(super) fn element_number(&self, element: &str) -> Option<&str> {
        self.0.get(element).map(String::as_str)
    }
}

/// Returns the end of an array's output; empty if the file cannot be read. The text only explains a
/// failure, so an error here must not replace it.
pub(super) fn read_tail(output_path: &Path) -> String {
    let read = || -> io::Result<Vec<u8>> {
        let mut file = std::fs::File::open(output_path)?;
        let size = file.metadata()?.len();
        // The end only: a task may have printed gigabytes, and what matters is last.
        file.seek(SeekFrom::Start(size.saturating_sub(MAX_TAIL_BYTES)))?;
        let mut bytes = Vec::new();
        file.take(MAX_TAIL_BYTES).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    // The cut may be inside a character, and tools print bytes that are no text.
    String::from_utf8_lossy(&read().unwrap_or_default()).into_owned()
}

/// Returns the daemons' lines about the job with this number, or the line by which its task
/// reported that the setup failed. Without such lines, returns the last lines of the whole array.
/// `None` if nothing was printed.
pub(super) fn exit_report(
    printed: &str,
    task: TaskId,
    number: &str,
    output_path: &Path,
) -> Option<ExitReport> {
    // Each form ends with a separator, so that job 2 does not match the lines of job 21.
    let names = [
        format!("StepId={number}."),
        format!("JOB {number} ON "),
        format!("STEP {number}."),
    ];
    // The array shares one file, so a line counts only if it names this element.
    let mut about: Vec<&str> = printed
        .lines()
        .filter(|line| names.iter().any(|name| line.contains(name.as_str())))
        .collect();
    // A line may be printed more than once, and the evidence of a failure should be short.
    about.dedup();
    let class = about.iter().find_map(|line| failure_class(line));
    if let Some(reason) = about
        .iter()
        .find(|line| failure_class(line).is_some())
        // Without a known pattern the last line is the likeliest reason.
        .or(about.last())
    {
        return Some(ExitReport {
            class,
            reason: Some((*reason).to_owned()),
            lines: about.join("\n"),
        });
    }
    if let Some(failure) = setup_failure(printed, task) {
        return Some(ExitReport {
            class: None,
            reason: Some(failure.clone()),
            lines: failure,
        });
    }
    last_lines_report(printed, output_path)
}

fn failure_class(line: &str) -> Option<FailureClass> {
    FAILURE_PATTERNS
        .iter()
        .find(|(pattern, _)| line.contains(pattern))
        .map(|(_, class)| *class)
}

/// Returns the last lines of an array. `None`: it printed nothing.
fn last_lines_report(printed: &str, output_path: &Path) -> Option<ExitReport> {
    let lines: Vec<&str> = printed
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    // The lines may be of another element, so they have no class, and the report says where they
    // are from.
    let last = &lines[lines.len().saturating_sub(FALLBACK_LINES)..];
    // Nothing printed is no report: an empty reason would hide the state.
    let newest = last.last()?;
    Some(ExitReport {
        class: None,
        reason: Some(format!("its array printed last: {newest}")),
        lines: format!(
            "{}\n(the last lines that its array printed, in {})",
            last.join("\n"),
            output_path.display()
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As 22.05 printed it.
    const PRINTED: &str = "\
openjd_progress: 50
slurmstepd-n1: error: StepId=21.batch exceeded memory limit (223506432 > 52428800), being killed
slurmstepd-n1: error: *** JOB 21 ON n1 CANCELLED AT 2026-11-21T20:31:59 ***
slurmstepd-n1: error: Detected 1 oom-kill event(s) in StepId=2.batch. Some of your processes may have been killed by the cgroup out-of-memory handler.
slurmstepd-n2: error: *** JOB 22 ON n2 CANCELLED AT 2026-11-21T20:33:10 DUE TO TIME LIMIT ***
/spool/job00023/slurm_script: line 31: module: command not found
";

    fn words(number: &str) -> ExitReport {
        exit_report(PRINTED, TaskId(3), number, Path::new("/engine/4.out")).unwrap()
    }

    #[test]
    fn each_element_has_the_lines_that_name_its_number() {
        assert_eq!(words("21").class, Some(FailureClass::OutOfMemory));
        assert_eq!(words("21").lines.lines().count(), 2);
        assert_eq!(words("2").class, Some(FailureClass::OutOfMemory));
        assert_eq!(words("22").class, Some(FailureClass::Timeout));
    }

    #[test]
    fn an_element_without_lines_of_its_own_has_the_last_lines_of_its_array() {
        let words = words("23");
        assert_eq!(words.class, None);
        assert!(
            words.lines.contains("module: command not found")
                && words.lines.contains("/engine/4.out")
        );
        assert!(words.reason.unwrap().ends_with("module: command not found"));
        assert_eq!(
            exit_report("\n", TaskId(3), "23", Path::new("/engine/4.out")),
            None
        );
    }

    #[test]
    fn an_element_whose_setup_failed_is_known_by_its_own_line() {
        let printed = format!(
            "{PRINTED}production: the setup of task 3 failed with status 127: module load x\nmore\n"
        );
        let report = exit_report(&printed, TaskId(3), "23", Path::new("/engine/4.out")).unwrap();
        assert_eq!(
            report.reason.as_deref(),
            Some(
                "the setup of task 3 failed with status 127: module load x (/spool/job00023/slurm_script: line 31: module: command not found)"
            )
        );
        let other = exit_report(&printed, TaskId(4), "24", Path::new("/engine/4.out")).unwrap();
        assert_eq!(
            other.reason.as_deref(),
            Some("its array printed last: more")
        );
    }

    #[test]
    fn numbers_of_elements_are_read_and_other_lines_passed_over() {
        let numbered = ElementNumbers::parse("12|3|15\nrubbish\n12|N/A|12\n");
        assert_eq!(
            (
                numbered.element_number("12_3"),
                numbered.element_number("12_4")
            ),
            (Some("15"), None)
        );
    }
}

//! Parses the output of `squeue`: one line for each element that runs or ran, and one for all
//! elements that wait for the same reason.

use super::slurm_states::task_state;
use crate::farm::queue_snapshot::{QueueSnapshot, TaskRange, array_task_ranges};
use crate::farm::submission_log::SubmissionLog;
use crate::farm::task_array::parse_elements;
use crate::farm::task_state::TaskState;

/// The format for `squeue`: array job, elements, state, reason, name. The name is last, because it
/// may contain the separator.
pub(super) const SQUEUE_FORMAT: &str = "%F|%K|%T|%r|%j";

/// One line of `squeue` about a job of this farm run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct QueueLine {
    /// Slurm's number of the array job.
    pub(super) scheduler_job: String,
    /// The elements as ranges: first and last, both included.
    pub(super) elements: Vec<(u32, u32)>,
    pub(super) state: TaskState,
    /// The number of the array in this farm run.
    pub(super) array_number: u32,
}

/// Parses the lines about jobs whose names begin with `prefix`. Other lines are skipped: the queue
/// also has the user's other jobs.
pub(super) fn parse_lines(text: &str, prefix: &str) -> Vec<QueueLine> {
    text.lines()
        .filter_map(|line| parse_line(line, prefix))
        .collect()
}

fn parse_line(line: &str, prefix: &str) -> Option<QueueLine> {
    // At most five parts, so that a separator in the name stays in the name.
    let mut fields = line.splitn(5, '|');
    let job = fields.next()?;
    let elements = fields.next()?;
    let state = fields.next()?;
    let reason = fields.next()?;
    let name = fields.next()?;
    // The name connects a job with our array. Job numbers cannot: a controller that lost its state
    // gives them out again.
    let array = name.trim().strip_prefix(prefix)?.parse().ok()?;
    let job = job.trim().to_owned();
    let elements = parse_array_expression(elements.trim())?;
    Some(QueueLine {
        scheduler_job: job,
        elements,
        state: task_state(state.trim(), reason.trim()),
        array_number: array,
    })
}

/// Parses `7`, `0-63%16`, `[1,4-6]` and `0-8:2`. The part after `%` is the throttle.
fn parse_array_expression(text: &str) -> Option<Vec<(u32, u32)>> {
    parse_elements(
        text.split('%')
            .next()?
            .trim_start_matches('[')
            .trim_end_matches(']'),
    )
}

/// Returns the snapshot of the tasks of these lines. Lines about arrays that the log does not have
/// are skipped.
pub(super) fn queue_snapshot(lines: &[QueueLine], submissions: &SubmissionLog) -> QueueSnapshot {
    let ranges = lines
        .iter()
        .filter_map(|line| Some((line, submissions.array(line.array_number)?)));
    let ranges = ranges.flat_map(|(line, array)| {
        array_task_ranges(array, &line.elements).map(|(first, last, element)| TaskRange {
            first,
            last,
            attempt: array.attempt,
            scheduler_job: line.scheduler_job.clone(),
            element: Some(element),
            state: line.state.clone(),
        })
    });
    QueueSnapshot::from_ranges(ranges.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_others_and_of_no_one_are_passed_over() {
        let text = "12|0-3,7%2|PENDING|Resources|production-ab-4\n12|9|RUNNING|None|production-ab-4\n\
                    13|N/A|RUNNING|None|somebody\n\nrubbish\n14|1|RUNNING|None|production-ab-x\n";
        let lines = parse_lines(text, "production-ab-");
        assert_eq!(lines.len(), 2);
        assert_eq!(
            (lines[0].elements.as_slice(), lines[0].array_number),
            (&[(0, 3), (7, 7)][..], 4)
        );
        assert_eq!(lines[1].state, TaskState::Running);
    }

    #[test]
    fn expressions_of_elements_are_read_in_every_form() {
        assert_eq!(
            parse_array_expression("[0-2,8%4]"),
            Some(vec![(0, 2), (8, 8)])
        );
        assert_eq!(
            parse_array_expression("0-4:2"),
            Some(vec![(0, 0), (2, 2), (4, 4)])
        );
        assert_eq!(parse_array_expression("N/A"), None);
    }
}

//! The queue as `squeue` lists it: one line for each element that runs or ran, one for all elements that wait alike.

use super::words::stage;
use crate::farm::array::elements;
use crate::farm::engine::Stage;
use crate::farm::placements::Placements;
use crate::farm::sighting::{Run, Sighting, within};

/// What `squeue` is asked to print: array job, elements, state, reason, name.
pub(super) const FORMAT: &str = "%F|%K|%T|%r|%j";

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// The number of the array job.
    pub(super) job: String,
    /// The elements, in runs.
    pub(super) elements: Vec<(u32, u32)>,
    pub(super) stage: Stage,
    /// The number of the array of ours.
    pub(super) array: u32,
}

/// Returns every line that is about a job whose name begins with `prefix`; what cannot be read is passed over.
pub(super) fn lines(text: &str, prefix: &str) -> Vec<Line> {
    text.lines().filter_map(|line| read(line, prefix)).collect()
}

fn read(line: &str, prefix: &str) -> Option<Line> {
    let mut fields = line.splitn(5, '|');
    let (job, elements, state, reason, name) = (
        fields.next()?,
        fields.next()?,
        fields.next()?,
        fields.next()?,
        fields.next()?,
    );
    let array = name.trim().strip_prefix(prefix)?.parse().ok()?;
    let (job, elements) = (job.trim().to_owned(), expression(elements.trim())?);
    Some(Line {
        job,
        elements,
        stage: stage(state.trim(), reason.trim()),
        array,
    })
}

/// Reads `7`, `0-63%16`, `[1,4-6]` and `0-8:2`.
fn expression(text: &str) -> Option<Vec<(u32, u32)>> {
    elements(
        text.split('%')
            .next()?
            .trim_start_matches('[')
            .trim_end_matches(']'),
    )
}

/// Returns what the lines say of tasks.
pub(super) fn sighting(lines: &[Line], placements: &Placements) -> Sighting {
    let runs = lines
        .iter()
        .filter_map(|line| Some((line, placements.array(line.array)?)));
    let runs = runs.flat_map(|(line, array)| {
        within(array, &line.elements).map(|(first, last, element)| Run {
            first,
            last,
            attempt: array.attempt,
            job: line.job.clone(),
            element: Some(element),
            stage: line.stage.clone(),
        })
    });
    Sighting::of(runs.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_others_and_of_no_one_are_passed_over() {
        let text = "12|0-3,7%2|PENDING|Resources|production-ab-4\n12|9|RUNNING|None|production-ab-4\n\
                    13|N/A|RUNNING|None|somebody\n\nrubbish\n14|1|RUNNING|None|production-ab-x\n";
        let lines = lines(text, "production-ab-");
        assert_eq!(lines.len(), 2);
        assert_eq!(
            (lines[0].elements.as_slice(), lines[0].array),
            (&[(0, 3), (7, 7)][..], 4)
        );
        assert_eq!(lines[1].stage, Stage::Running);
    }

    #[test]
    fn expressions_of_elements_are_read_in_every_form() {
        assert_eq!(expression("[0-2,8%4]"), Some(vec![(0, 2), (8, 8)]));
        assert_eq!(expression("0-4:2"), Some(vec![(0, 0), (2, 2), (4, 4)]));
        assert_eq!(expression("N/A"), None);
    }
}

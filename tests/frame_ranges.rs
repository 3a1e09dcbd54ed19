//! Frame ranges mean the same as in the Python package `fileseq`, which many studios use.
//!
//! One run of Python reads a few thousand generated ranges. `scripts/fetch-test-assets` downloads
//! the package.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "support/python.rs"]
mod python;
#[path = "support/skip.rs"]
mod skip;

use production::model::FrameList;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::io::Write;
use std::process::{Command, Stdio};

/// A Python program that reads ranges, one on each line, and prints the frames of each, or nothing
/// if it is invalid.
const SCRIPT: &str = "
import sys, fileseq
for line in sys.stdin.read().split('\\n'):
    try:
        print('=' + ','.join(str(frame) for frame in fileseq.FrameSet(line)))
    except Exception:
        print('!')
";

/// Ranges that fileseq accepts and that are refused here, and the reasons.
const REFUSED: &[(&str, &str)] = &[
    (
        ":",
        "staggers in fileseq, steps in Open Job Description and Slurm",
    ),
    ("y-", "a fill backwards says nothing that a fill does not"),
    (
        "backwards",
        "`10-1` is nearly always a slip; `10-1x-1` says it",
    ),
    (
        "space",
        "`13 4` is 134 there; a space inside a number is nearly always a comma lost",
    ),
    (
        "comma",
        "a comma at either end, or two in a row, is nearly always a part lost",
    ),
];

/// Returns the reason why a range is refused although fileseq accepts it.
fn reason(range: &str, why: &str) -> Option<&'static str> {
    let key = match why {
        _ if range.contains(':') => ":",
        _ if range.contains("y-") => "y-",
        why if why.contains("before it starts") => "backwards",
        why if why.contains("is empty") => "comma",
        why if why.contains("is not a frame number") && range.contains(' ') => "space",
        _ => return None,
    };
    REFUSED
        .iter()
        .find(|(known, _)| *known == key)
        .map(|(_, reason)| *reason)
}

/// Generates parts of ranges, valid and invalid.
fn part() -> impl Strategy<Value = String> {
    let frame = || -120i32..120;
    let padded = (0i32..99, 2usize..5).prop_map(|(frame, width)| format!("{frame:0width$}"));
    prop_oneof![
        1 => frame().prop_map(|frame| frame.to_string()),
        1 => padded,
        4 => (frame(), frame()).prop_map(|(a, b)| format!("{}-{}", a.min(b), a.max(b))),
        1 => (frame(), frame()).prop_map(|(a, b)| format!("{a}-{b}")),
        4 => (frame(), 0i32..90, 1i32..12, "[xy]").prop_map(|(a, n, step, mark)| format!("{a}-{}{mark}{step}", a + n)),
        2 => (frame(), 0i32..90, 1i32..12).prop_map(|(a, n, step)| format!("{a}-{}x-{step}", a - n)),
        1 => (frame(), frame(), -5i32..6, "[xy:]").prop_map(|(a, b, step, mark)| format!("{a}-{b}{mark}{step}")),
        1 => "[-0-9xy:, +]{0,8}",
    ]
}

fn ranges(count: usize) -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    let range = prop::collection::vec(part(), 1..5).prop_map(|parts| parts.join(","));
    (0..count)
        .map(|_| range.new_tree(&mut runner).unwrap().current())
        .collect()
}

/// Returns the frames of each range by fileseq, `None` for a range that it refuses. Returns `None`
/// without Python.
fn fileseq(ranges: &[String]) -> Option<Vec<Option<Vec<i32>>>> {
    let python = python::interpreter()?;
    let mut child = Command::new(python)
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(ranges.join("\n").as_bytes())
        .unwrap();
    let output = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    let frames = |list: &str| {
        list.split(',')
            .filter_map(|frame| frame.parse().ok())
            .collect()
    };
    Some(
        output
            .lines()
            .map(|line| line.strip_prefix('=').map(frames))
            .collect(),
    )
}

#[test]
fn ranges_mean_what_fileseq_reads_and_others_are_refused_on_purpose() {
    let ranges = ranges(4000);
    let Some(theirs) = fileseq(&ranges) else {
        return;
    };
    assert_eq!(theirs.len(), ranges.len());
    let mut read = 0;
    let mut refused = std::collections::BTreeSet::new();
    for (range, theirs) in ranges.iter().zip(theirs) {
        match (FrameList::parse(range), theirs) {
            (Ok(ours), theirs) => {
                assert_eq!(Some(ours.iter().collect::<Vec<_>>()), theirs, "{range}");
                read += 1;
            }
            (Err(error), Some(theirs)) => {
                let reason = reason(range, &error.why);
                assert!(
                    reason.is_some(),
                    "{range} is {theirs:?} in fileseq, and here: {error}"
                );
                refused.extend(reason);
            }
            (Err(_), None) => {}
        }
    }
    assert!(read > 1000, "only {read} ranges were read");
    assert_eq!(
        refused.len(),
        REFUSED.len(),
        "every reason was met: {refused:?}"
    );
}

//! What kind of failure a process died of, from how it ended and what it printed last. Pure.
//!
//! What it printed is asked first, because it names the cause; the way it ended only tells the effect. Of the lines the
//! last one that says something counts: the first errors of a tool are often harmless.

use super::ProcessExit;
use crate::model::FailureClass;

/// What tools print, in lower case, with the class that it means; of several in one line the first counts.
///
/// The texts are those of libc's `strerror`, of ffmpeg, of FlexNet and RLM licence clients, and of the dynamic linker.
const OUTPUT_PATTERNS: &[(&str, FailureClass)] = &[
    ("no space left on device", FailureClass::DiskFull),
    ("disk quota exceeded", FailureClass::DiskFull),
    ("cannot allocate memory", FailureClass::OutOfMemory),
    ("out of memory", FailureClass::OutOfMemory),
    ("std::bad_alloc", FailureClass::OutOfMemory),
    ("memory allocation of", FailureClass::OutOfMemory),
    (
        "licensed number of users already reached",
        FailureClass::Licence,
    ),
    ("cannot connect to license server", FailureClass::Licence),
    ("all licenses in use", FailureClass::Licence),
    ("no license available", FailureClass::Licence),
    ("no licenses available", FailureClass::Licence),
    ("license checkout failed", FailureClass::Licence),
    ("failed to check out a license", FailureClass::Licence),
    ("could not obtain a license", FailureClass::Licence),
    ("license server machine is down", FailureClass::Licence),
    ("stale file handle", FailureClass::HostLost),
    (
        "transport endpoint is not connected",
        FailureClass::HostLost,
    ),
    ("host is down", FailureClass::HostLost),
    ("no route to host", FailureClass::HostLost),
    ("unknown encoder", FailureClass::MissingTool),
    ("encoder not found", FailureClass::MissingTool),
    (
        "error while loading shared libraries",
        FailureClass::MissingTool,
    ),
    ("command not found", FailureClass::MissingTool),
    ("no such file or directory", FailureClass::MissingInput),
    ("permission denied", FailureClass::MissingInput),
];

/// The signal that the system ends a process with when memory runs out, and that nobody else sends without reason.
const SIGKILL: i32 = 9;
/// The signal that ends a process over its processor time.
const SIGXCPU: i32 = 24;
/// The signal that ends a process over its largest file.
const SIGXFSZ: i32 = 25;

/// Returns the class of a process that ended so after it printed `tail`.
#[must_use]
pub fn classify_failure(ending: &ProcessExit, tail: &str) -> FailureClass {
    class_from_output(tail).unwrap_or_else(|| match ending.kill_signal() {
        Some(SIGKILL) if ending.memory_ran_out != Some(false) => FailureClass::OutOfMemory,
        Some(SIGXCPU) => FailureClass::Timeout,
        Some(SIGXFSZ) => FailureClass::DiskFull,
        None if ending.status == Some(127) => FailureClass::MissingTool,
        _ => FailureClass::Crash,
    })
}

fn class_from_output(tail: &str) -> Option<FailureClass> {
    tail.lines().rev().find_map(|line| {
        let line = line.to_lowercase();
        OUTPUT_PATTERNS
            .iter()
            .find(|(pattern, _)| line.contains(pattern))
            .map(|(_, class)| *class)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(status: i32) -> ProcessExit {
        ProcessExit {
            status: Some(status),
            ..ProcessExit::default()
        }
    }

    fn killed(signal: i32, memory_ran_out: Option<bool>) -> ProcessExit {
        ProcessExit {
            signal: Some(signal),
            memory_ran_out,
            ..ProcessExit::default()
        }
    }

    #[test]
    fn a_tool_that_says_nothing_we_know_has_crashed() {
        assert_eq!(
            classify_failure(&ended(1), "Conversion failed!"),
            FailureClass::Crash
        );
        assert_eq!(classify_failure(&killed(11, None), ""), FailureClass::Crash);
    }

    #[test]
    fn what_tools_print_tells_the_class() {
        let cases = [
            (
                "av_interleaved_write_frame(): No space left on device",
                FailureClass::DiskFull,
            ),
            (
                "x264 [error]: malloc of size 99 failed\nCannot allocate memory",
                FailureClass::OutOfMemory,
            ),
            (
                "terminate called after throwing 'std::bad_alloc'",
                FailureClass::OutOfMemory,
            ),
            (
                "Licensed number of users already reached. (-4,342)",
                FailureClass::Licence,
            ),
            (
                "ERROR: License checkout failed: nuke_r",
                FailureClass::Licence,
            ),
            ("out.mp4: Stale file handle", FailureClass::HostLost),
            ("Unknown encoder 'libx264'", FailureClass::MissingTool),
            (
                "ffmpeg: error while loading shared libraries: libx264.so.164",
                FailureClass::MissingTool,
            ),
            (
                "in.mov: No such file or directory",
                FailureClass::MissingInput,
            ),
        ];
        for (text, class) in cases {
            assert_eq!(classify_failure(&ended(1), text), class, "{text}");
        }
    }

    #[test]
    fn a_kill_means_no_memory_unless_the_system_counted_none() {
        let classes = [None, Some(true), Some(false)]
            .map(|ran_out| classify_failure(&killed(9, ran_out), ""));
        assert_eq!(
            classes,
            [
                FailureClass::OutOfMemory,
                FailureClass::OutOfMemory,
                FailureClass::Crash
            ]
        );
        assert_eq!(classify_failure(&ended(137), ""), FailureClass::OutOfMemory);
    }

    #[test]
    fn limits_of_the_system_tell_their_class() {
        assert_eq!(
            classify_failure(&killed(24, None), ""),
            FailureClass::Timeout
        );
        assert_eq!(
            classify_failure(&killed(25, None), ""),
            FailureClass::DiskFull
        );
        assert_eq!(classify_failure(&ended(127), ""), FailureClass::MissingTool);
    }

    #[test]
    fn the_last_line_that_says_something_counts() {
        let tail = "presets: No such file or directory\nwrite: No space left on device\nConversion failed!";
        assert_eq!(classify_failure(&ended(1), tail), FailureClass::DiskFull);
    }
}

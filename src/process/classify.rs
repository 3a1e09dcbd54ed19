//! Classifies a failed process by its last output and its exit status. Pure.
//!
//! The output comes first, because it names the cause; the exit status shows only the effect. The
//! last line with a known pattern counts, since the first errors of a tool are often harmless.

use super::ProcessExit;
use crate::model::FailureClass;

/// Patterns in lower case with their class. In one line, the first entry that matches counts.
///
/// The texts are those of libc's `strerror`, of ffmpeg, of FlexNet and RLM licence clients, and of
/// the dynamic linker.
// Order matters: "unknown encoder" and full disks are more specific than "no such file", which
// tools print about almost anything, so the general texts come last.
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

/// The out-of-memory killer of the system uses this signal; users rarely do without a reason.
const SIGKILL: i32 = 9;
/// Sent when the process exceeds its CPU time limit.
const SIGXCPU: i32 = 24;
/// Sent when the process exceeds its file size limit.
const SIGXFSZ: i32 = 25;

/// Returns the failure class of a process that printed `tail` before it ended.
#[must_use]
pub fn classify_failure(ending: &ProcessExit, tail: &str) -> FailureClass {
    class_from_output(tail).unwrap_or_else(|| match ending.kill_signal() {
        // An unknown count (`None`) counts as out of memory, since the system sends KILL for little
        // else. Only a machine that counted no such kill rules it out.
        Some(SIGKILL) if ending.memory_ran_out != Some(false) => FailureClass::OutOfMemory,
        // Batch systems and `ulimit` enforce limits of CPU time with this signal: the process ran
        // too long.
        Some(SIGXCPU) => FailureClass::Timeout,
        Some(SIGXFSZ) => FailureClass::DiskFull,
        // Shells exit with 127 when they do not find a command.
        None if ending.status == Some(127) => FailureClass::MissingTool,
        _ => FailureClass::Crash,
    })
}

/// Returns the class of a text that says what the machine lacks, such as room on the disk. `None`:
/// it says something else.
#[must_use]
pub fn machine_class(text: &str) -> Option<FailureClass> {
    class_from_output(text).filter(|class| {
        matches!(
            class,
            FailureClass::DiskFull | FailureClass::OutOfMemory | FailureClass::HostLost
        )
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
    fn unknown_output_of_a_failed_tool_is_a_crash() {
        assert_eq!(
            classify_failure(&ended(1), "Conversion failed!"),
            FailureClass::Crash
        );
        assert_eq!(classify_failure(&killed(11, None), ""), FailureClass::Crash);
    }

    #[test]
    fn known_output_decides_the_failure_class() {
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
    fn system_limits_have_their_failure_class() {
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
    fn the_last_informative_line_decides() {
        let tail = "presets: No such file or directory\nwrite: No space left on device\nConversion failed!";
        assert_eq!(classify_failure(&ended(1), tail), FailureClass::DiskFull);
    }
}

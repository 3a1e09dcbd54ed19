//! Asks a program about itself: its version, or what it supports. A program that does not answer
//! must not hold a command up, and one that answers must not be another program than it seems.

use super::{CallError, CallOptions, CapturedOutput, ChildCommand};
use crate::base::without_relative_folders;
use std::ffi::OsStr;
use std::process::Command;
use std::time::Duration;

/// Time after which a probed program is killed.
// Blender as a Python module takes 4 s on a cold disk, and renderers that ask a licence server take
// a little longer.
const PROBE_LIMIT: Duration = Duration::from_secs(8);
/// Bytes of an answer that are read.
const MOST_ANSWER_BYTES: usize = 1 << 16;

/// Runs `command`, whose programs are on `search_path`, and returns what it printed: the beginning
/// of stdout and the last lines of stderr.
///
/// # Errors
/// As for [`ChildCommand::run`], and if the program does not end within the time limit of `watch`,
/// or else within 8 seconds. It is killed then.
pub fn ask_program(
    mut command: Command,
    search_path: &OsStr,
    watch: CallOptions<'_>,
) -> Result<CapturedOutput, CallError> {
    if command.get_current_dir().is_none() {
        // Python imports from the folder that it is started in, and other programs read settings
        // there. In a folder that somebody else made, that is their code. The root folder belongs
        // to the system.
        command.current_dir(std::path::MAIN_SEPARATOR_STR);
    }
    // A program may be a script that looks for its interpreter or for its tools.
    command.env("PATH", without_relative_folders(search_path));
    let options = CallOptions {
        time_limit: watch.time_limit.or(Some(PROBE_LIMIT)),
        ..watch
    };
    let mut stdout = Vec::new();
    // The rest is read and dropped: a program that prints without end would fill the memory before
    // its time is up.
    let keep_beginning = |bytes: &[u8]| {
        let room = MOST_ANSWER_BYTES - stdout.len();
        stdout.extend_from_slice(&bytes[..bytes.len().min(room)]);
    };
    let stderr_tail = ChildCommand::new(command).stream_stdout(options, keep_beginning)?;
    Ok(CapturedOutput {
        stdout,
        stderr_tail,
    })
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::CancelToken;

    fn answer(script: &str, search_path: &str) -> CapturedOutput {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        let cancel = CancelToken::default();
        ask_program(command, OsStr::new(search_path), CallOptions::new(&cancel)).unwrap()
    }

    #[test]
    fn a_program_is_probed_outside_of_the_folder_that_a_command_is_typed_in() {
        let answer = answer("pwd; echo \"$PATH\"", ".:/usr/bin:bin::/bin");
        assert_eq!(
            String::from_utf8_lossy(&answer.stdout),
            "/\n/usr/bin:/bin\n"
        );
    }

    #[test]
    fn only_the_beginning_of_a_long_answer_is_stored() {
        let answer = answer("echo 1.2; head -c 300000 /dev/zero", "/usr/bin:/bin");
        assert_eq!(answer.stdout.len(), MOST_ANSWER_BYTES);
        assert!(answer.stdout.starts_with(b"1.2\n"));
    }
}

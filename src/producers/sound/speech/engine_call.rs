//! One call of a speech engine: its folder, its text, and the WAV file that it leaves.

use crate::media::speech_voices::NO_SOUND_SERVER;
use crate::model::FailureClass;
use crate::process::ChildCommand;
use crate::producers::contract::{JobContext, JobFailure};
use crate::producers::render::command::{EnvironmentVariables, set_usual_environment};
use crate::sound::{SoundBuffer, read_streamed_wav};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder in which an engine works, with the text that it speaks.
pub(super) struct EngineFolder<'a> {
    pub(super) context: &'a JobContext<'a>,
    pub(super) path: PathBuf,
    pub(super) text_file: PathBuf,
    pub(super) text: String,
}

impl<'a> EngineFolder<'a> {
    pub(super) fn create(context: &'a JobContext<'a>, text: &str) -> Result<Self, JobFailure> {
        let failed =
            |error: std::io::Error| JobFailure::from_io_error("make a folder for speech", &error);
        // The engine runs in this folder, so a relative path would mean another place to it.
        let path = std::path::absolute(context.scratch.join("engine")).map_err(failed)?;
        std::fs::create_dir_all(&path).map_err(failed)?;
        let text = plain_text(text);
        let text_file = path.join("line.txt");
        std::fs::write(&text_file, format!("{text}\n")).map_err(failed)?;
        Ok(Self {
            context,
            path,
            text_file,
            text,
        })
    }

    /// Returns the path of a file that the engine writes.
    pub(super) fn sound_file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Runs a program with the usual variables and the limits of the job.
    pub(super) fn run_program(
        &self,
        mut command: Command,
        environment: &EnvironmentVariables,
    ) -> Result<(), JobFailure> {
        command.current_dir(&self.path);
        set_usual_environment(&mut command, environment);
        command.env(NO_SOUND_SERVER.0, NO_SOUND_SERVER.1);
        self.run_command(command)
    }

    /// Runs a command as it is, with the limits of the job.
    pub(super) fn run_command(&self, command: Command) -> Result<(), JobFailure> {
        let ran = ChildCommand::new(command).stream_lines(self.context.watch, |_| true);
        ran.map(|_| ()).map_err(JobFailure::from)
    }

    /// Reads the sound that an engine left, in one channel.
    pub(super) fn read_sound(&self, path: &Path, engine: &str) -> Result<SoundBuffer, JobFailure> {
        let bad = |why: String| {
            JobFailure::new(
                FailureClass::BadOutput,
                format!("speak with {engine}: {why}"),
            )
        };
        if !path.is_file() {
            return Err(bad("it left no sound file".to_owned()));
        }
        // A file that ends within its header is an error of the file system to the reader of it.
        let is_cut_off =
            |io: &std::io::Error| matches!(io.kind(), ErrorKind::UnexpectedEof | ErrorKind::Other);
        let sound = read_streamed_wav(path).map_err(|error| match error.io_error() {
            Some(io) if !is_cut_off(io) => {
                JobFailure::from_io_error("read what an engine left", io)
            }
            _ => bad(error.to_string()),
        })?;
        if sound.length() == 0 {
            return Err(bad("its sound file has no samples".to_owned()));
        }
        Ok(sound.into_mono())
    }
}

/// Returns the text on one line, without what an engine could take for more than text.
// `espeak-ng` and `piper` read `[[...]]` as phonemes, also where SSML is off. Control characters
// are commands to some engines, and a line end is the end of a text to piper.
fn plain_text(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    let joined = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    joined.replace("[[", "[ [").replace("]]", "] ]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_line_without_phonemes_and_commands() {
        assert_eq!(
            plain_text(" Say [[h@l@U]]\nor\tnot\u{1}. "),
            "Say [ [h@l@U] ] or not ."
        );
        assert_eq!(plain_text("[[[a]]]"), "[ [[a] ]]");
    }
}

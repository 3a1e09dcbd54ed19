//! Speech jobs: an engine speaks the text, and what it leaves becomes `speech.wav` and
//! `words.json`.
//!
//! Engines differ in rate, level, silence and file format. Behind this module lines do not: one
//! channel at the rate of the work, cut at the ends, at one level. Programs are called with the
//! text in a file, so that no text can become an option, and only with the usual variables.

mod command_engine;
mod engine_call;
mod espeak_engine;
mod finished_line;
mod murmur_engine;
mod piper_engine;
mod piper_voice;
mod speech_check;
mod speech_programs;
#[cfg(test)]
mod tests;
mod word_estimate;

pub use espeak_engine::EspeakProgram;
pub(in crate::producers) use piper_voice::PiperVoice;
pub(in crate::producers) use speech_programs::SpeechPrograms;

use crate::model::sound::{SpeechEngine, SpeechWork, Voice, text_words};
use crate::model::{ActionKind, InputFile, JobAction};
use crate::producers::contract::{
    ExecutionMode, JobContext, JobFailure, JobProducer, OutputFile, ProducerOutput,
};
use crate::producers::producer_tools::{ProducerTools, built_in_identity};
use crate::sound::wav_length;
use engine_call::EngineFolder;
use finished_line::{EngineSpeech, FinishedLine};

/// File name of the sound of a line.
const SPEECH_FILE: &str = "speech.wav";
/// File name of the times of its words.
const WORDS_FILE: &str = "words.json";

/// Returns the length in samples of what a speech job left. `None`: its files cannot be read.
#[must_use]
pub fn spoken_samples(files: &[InputFile]) -> Option<u64> {
    let sound = files.iter().find(|file| file.name == SPEECH_FILE)?;
    wav_length(&sound.path).ok()
}

/// Does speech jobs.
pub(in crate::producers) struct SpeechProducer<'a> {
    /// Where programs are found.
    pub(in crate::producers) tools: &'a ProducerTools,
}

impl JobProducer for SpeechProducer<'_> {
    fn provider_identity(&self, work: &JobAction) -> String {
        match work {
            JobAction::Speech(work) => voice_identity(&work.voice, self.tools),
            _ => String::new(),
        }
    }

    fn run_job(&self, context: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
        let JobAction::Speech(work) = context.action else {
            return Err(JobFailure::wrong_action(ActionKind::Speech, context.action));
        };
        let mut warnings = Vec::new();
        let line = if text_words(&work.text).is_empty() {
            warnings.push(format!(
                "nothing in `{}` can be spoken: the line is silent",
                work.text.trim()
            ));
            FinishedLine::silent(work)
        } else {
            let speech = speak_line(work, self.tools, context)?;
            FinishedLine::from_engine(speech, work)?
        };
        (context.progress)(1, 1);
        Ok(ProducerOutput {
            outputs: line.write_files(context.scratch)?,
            provider: voice_identity(&work.voice, self.tools),
            mode: ExecutionMode::Real,
            warnings,
        })
    }

    fn check_outputs(
        &self,
        context: &JobContext<'_>,
        outputs: &[OutputFile],
    ) -> Result<(), JobFailure> {
        let JobAction::Speech(work) = context.action else {
            return Err(JobFailure::wrong_action(ActionKind::Speech, context.action));
        };
        speech_check::check_line(work, outputs)
    }
}

/// Returns the engine of a voice with its version, and for piper the digest of the voice.
fn voice_identity(voice: &Voice, tools: &ProducerTools) -> String {
    // A missing engine is an identity too: planning must not fail for it.
    match &voice.engine {
        SpeechEngine::Murmur => format!("murmur of {}", built_in_identity()),
        SpeechEngine::EspeakNg => tools.espeak().map_or_else(
            |_| "espeak-ng, not installed".to_owned(),
            |found| found.identity(),
        ),
        SpeechEngine::Piper => tools.piper_voice(&voice.name).map_or_else(
            |_| "piper, not installed".to_owned(),
            |found| found.identity(),
        ),
        SpeechEngine::Command(command) => command_engine::command_identity(command, tools),
    }
}

/// Fails if the engine of a voice is not installed, or does not have the voice.
pub(in crate::producers) fn require_voice(
    voice: &Voice,
    tools: &ProducerTools,
) -> Result<(), JobFailure> {
    match &voice.engine {
        SpeechEngine::Murmur => Ok(()),
        SpeechEngine::EspeakNg => {
            let program = tools.espeak()?;
            program.require_variant(&voice.name)
        }
        SpeechEngine::Piper => tools.piper_voice(&voice.name).map(|_| ()),
        SpeechEngine::Command(command) => command_engine::require_command(command, tools),
    }
}

fn speak_line(
    work: &SpeechWork,
    tools: &ProducerTools,
    context: &JobContext<'_>,
) -> Result<EngineSpeech, JobFailure> {
    require_voice(&work.voice, tools)?;
    let folder = EngineFolder::create(context, &work.text)?;
    match &work.voice.engine {
        SpeechEngine::Murmur => Ok(murmur_engine::murmur(work)),
        SpeechEngine::EspeakNg => {
            let program = tools.espeak()?;
            espeak_engine::speak(program, work, &folder, tools.environment())
        }
        SpeechEngine::Piper => {
            let voice = tools.piper_voice(&work.voice.name)?;
            piper_engine::speak(&voice, work, &folder, tools.environment())
        }
        SpeechEngine::Command(command) => command_engine::speak(command, work, &folder, tools),
    }
}

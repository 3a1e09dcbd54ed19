//! The speech engines of one session. Each is looked for once, when a line first needs it.

use super::espeak_engine::EspeakProgram;
use super::piper_voice::PiperVoice;
use crate::media::piper_program::PiperProgram;
use crate::model::FailureClass;
use crate::process::CallOptions;
use crate::producers::contract::JobFailure;
use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What was found of the speech engines, and what was not.
// A failed search is remembered too, or every line would search again.
#[derive(Default)]
pub(in crate::producers) struct SpeechPrograms {
    espeak: OnceLock<Result<EspeakProgram, String>>,
    piper: OnceLock<Result<PiperProgram, String>>,
    /// Voices of piper by name. Their files are large, and hashed once.
    voices: Mutex<HashMap<String, Result<Arc<PiperVoice>, String>>>,
}

impl SpeechPrograms {
    pub(in crate::producers) fn espeak(
        &self,
        search: &OsStr,
        watch: CallOptions<'_>,
    ) -> Result<&EspeakProgram, JobFailure> {
        let found = self
            .espeak
            .get_or_init(|| EspeakProgram::find(search, watch));
        found.as_ref().map_err(|message| missing_tool(message))
    }

    pub(in crate::producers) fn piper_voice(
        &self,
        name: &str,
        root: &Path,
        search: &OsStr,
        watch: CallOptions<'_>,
    ) -> Result<Arc<PiperVoice>, JobFailure> {
        let program = self.piper.get_or_init(|| PiperProgram::find(search, watch));
        let program = program.as_ref().map_err(|message| missing_tool(message))?;
        let mut voices = self.voices.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = voices
            .entry(name.to_owned())
            .or_insert_with(|| PiperVoice::find(program, name, root).map(Arc::new));
        entry
            .clone()
            .map_err(|message| JobFailure::new(FailureClass::MissingInput, message))
    }
}

fn missing_tool(message: &str) -> JobFailure {
    JobFailure::new(FailureClass::MissingTool, message)
}

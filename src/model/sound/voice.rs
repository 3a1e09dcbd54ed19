//! Voices: who speaks, through which speech engine.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// A voice. All of it is part of the identity of the lines that it speaks, except its gain, which
/// only the mix applies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Voice {
    /// The speech engine.
    pub engine: SpeechEngine,
    /// The engine's name of the voice, such as `en-us+f3` or `en_US-joe-medium`.
    pub name: String,
    /// Its language as in BCP 47, such as `en` or `de-CH`.
    pub language: String,
    /// Words a minute, 80 to 400.
    pub words_per_minute: u32,
    /// Semitones above the voice's own pitch, -12 to 12.
    pub pitch: f32,
    /// Decibels on top of the level that all voices are brought to.
    #[serde(skip)]
    pub gain: f32,
}

/// A program or built-in synthesis that speaks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpeechEngine {
    /// `espeak-ng`.
    EspeakNg,
    /// The Python program `piper`, with a voice file.
    Piper,
    /// The built-in scratch voice: no words, only their rhythm.
    Murmur,
    /// Any other program.
    Command(Arc<SpeechCommand>),
}

/// A speech engine that is a command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpeechCommand {
    /// Its name in documents.
    pub name: String,
    /// The program and its arguments, with the placeholders `{text}`, `{text_file}`, `{voice}`,
    /// `{language}`, `{rate}`, `{pitch}` and `{out}`.
    pub command: Vec<String>,
    /// The command that prints its version. Empty: it has none.
    pub version: Vec<String>,
    /// Files of the project that it reads, by the name that placeholders use.
    pub files: BTreeMap<String, PathBuf>,
}

impl SpeechEngine {
    /// Returns the command, if it is one.
    #[must_use]
    pub fn command(&self) -> Option<&SpeechCommand> {
        match self {
            Self::Command(command) => Some(command),
            _ => None,
        }
    }

    /// Returns its name in documents and in keys of measurements.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::EspeakNg => "espeak-ng",
            Self::Piper => "piper",
            Self::Murmur => "murmur",
            Self::Command(command) => &command.name,
        }
    }
}

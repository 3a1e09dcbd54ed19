//! Speech by any other program, as the document says how to call it.

use super::engine_call::EngineFolder;
use super::finished_line::EngineSpeech;
use crate::media::speech_voices::NO_SOUND_SERVER;
use crate::model::FailureClass;
use crate::model::placeholder::{TemplatePiece, parse_pieces};
use crate::model::provider::{CallFrequency, Provider};
use crate::model::sound::{SpeechCommand, SpeechWork};
use crate::producers::contract::JobFailure;
use crate::producers::producer_tools::ProducerTools;
use crate::producers::render::command;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Returns the name and version of a command, for identities.
pub(super) fn command_identity(command: &SpeechCommand, tools: &ProducerTools) -> String {
    let name = &command.name;
    tools.recorded_provider(name).unwrap_or_else(|| {
        tools.provider_program(&as_provider(command)).map_or_else(
            |_| format!("{name}: not installed"),
            |program| command::command_identity(name, program.version()),
        )
    })
}

/// Fails if the program of a command is not there.
pub(super) fn require_command(
    command: &SpeechCommand,
    tools: &ProducerTools,
) -> Result<(), JobFailure> {
    tools.provider_program(&as_provider(command)).map(|_| ())
}

/// Speaks a line.
pub(super) fn speak(
    command: &SpeechCommand,
    work: &SpeechWork,
    folder: &EngineFolder<'_>,
    tools: &ProducerTools,
) -> Result<EngineSpeech, JobFailure> {
    let provider = as_provider(command);
    let program = tools.provider_program(&provider)?;
    let values = LineValues {
        work,
        folder,
        out: folder.sound_file("out.wav"),
        files: project_files(command, folder, tools),
    };
    let words = command
        .command
        .iter()
        .map(|word| values.fill_word(word, &command.name))
        .collect::<Result<Vec<_>, _>>()?;
    // As renderers are called: one way to find programs, to pass variables, and to kill what hangs.
    let mut call = program.build_command(&provider, &words, tools.environment(), &folder.path);
    // Many commands wrap espeak-ng.
    call.env(NO_SOUND_SERVER.0, NO_SOUND_SERVER.1);
    folder.run_command(call)?;
    let sound = folder.read_sound(&values.out, &command.name)?;
    Ok(EngineSpeech {
        sound,
        semitones_left: 0.0,
        words: None,
    })
}

/// Returns the provider that starts the program of a command as renderers are started: found in the
/// folder or on the search path, with the usual variables alone.
fn as_provider(command: &SpeechCommand) -> Provider {
    Provider {
        name: command.name.clone(),
        command: command.command.clone(),
        // Never a shell: the line is text of a document, and quoting it right for every shell is
        // not possible.
        shell: false,
        per: CallFrequency::Chunk,
        output: String::new(),
        files: BTreeMap::new(),
        writes: BTreeMap::new(),
        version: command.version.clone(),
        version_line: None,
        env: Vec::new(),
        env_ignored: Vec::new(),
        set: BTreeMap::new(),
        success: Vec::new(),
        success_signals: Vec::new(),
        trust_exit_code: false,
        progress: None,
        warnings: Vec::new(),
        failures: BTreeMap::new(),
        cores: None,
        tokens: BTreeMap::new(),
        description: None,
        references: false,
        price: None,
    }
}

/// Returns the files of the project that a command reads, by placeholder.
fn project_files(
    command: &SpeechCommand,
    folder: &EngineFolder<'_>,
    tools: &ProducerTools,
) -> BTreeMap<String, PathBuf> {
    let inputs = &folder.context.inputs.files;
    let given = inputs.iter().filter_map(|(slot, files)| {
        // Absolute, because the program is started in the folder of the engine.
        let path = std::path::absolute(&files.first()?.path).ok()?;
        Some((slot.to_string(), path))
    });
    let named = command
        .files
        .iter()
        .map(|(name, path)| (format!("file.{name}"), tools.project_folder().join(path)));
    // Inputs of the job override: their content is that of the identity.
    named.chain(given).collect()
}

/// The values of placeholders in the call for one line.
struct LineValues<'a> {
    work: &'a SpeechWork,
    folder: &'a EngineFolder<'a>,
    out: PathBuf,
    files: BTreeMap<String, PathBuf>,
}

impl LineValues<'_> {
    fn fill_word(&self, word: &str, engine: &str) -> Result<String, JobFailure> {
        let failed = |what: String| {
            JobFailure::new(FailureClass::MissingInput, format!("call {engine}: {what}"))
        };
        let pieces = parse_pieces(word)
            .map_err(|_| failed(format!("a brace in `{word}` has no partner")))?;
        let mut filled = String::new();
        for piece in pieces {
            match piece {
                TemplatePiece::Text(text) => filled.push_str(text),
                TemplatePiece::Placeholder(name, _) => {
                    let value = self.placeholder_value(name).ok_or_else(|| {
                        failed(format!("the placeholder `{{{name}}}` has no value here"))
                    })?;
                    // A line such as `-- wait` would be an option. A space before it has no sound.
                    if name == "text" && filled.is_empty() && value.starts_with('-') {
                        filled.push(' ');
                    }
                    filled.push_str(&value);
                }
            }
        }
        Ok(filled)
    }

    fn placeholder_value(&self, name: &str) -> Option<String> {
        let shown = |path: &Path| path.to_string_lossy().into_owned();
        let voice = &self.work.voice;
        Some(match name {
            "text" => self.folder.text.clone(),
            "text_file" => shown(&self.folder.text_file),
            "voice" => voice.name.clone(),
            "language" => voice.language.clone(),
            "rate" => voice.words_per_minute.to_string(),
            "pitch" => voice.pitch.to_string(),
            "out" => shown(&self.out),
            "sample_rate" => self.work.sample_rate.to_string(),
            other => shown(self.files.get(other)?),
        })
    }
}

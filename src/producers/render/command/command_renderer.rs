//! Render, sheet and plate jobs, drawn by a command.

use super::command_output::{CommandOutput, OutputParser, OutputPatterns};
use super::command_program::{EnvironmentVariables, ProviderProgram};
use super::placeholder_values::PlaceholderValues;
use super::povray_frames::with_frame_clock;
use super::scene_export::scene_document;
use crate::base::bounded_text::read_head;
use crate::base::folder_names::folder_names;
use crate::base::json::to_json_bytes;
use crate::media::picture::{self, read_picture};
use crate::model::file_kind::FileKind;
use crate::model::provider::{CallFrequency, SCENE_FILE};
use crate::model::{FailureClass, FrameList, InputFiles, Provider};
use crate::process::{
    CallError, CallOptions, ChildCommand, ProcessExit, SecretRedactor, classify_failure,
};
use crate::producers::contract::{ExecutionMode, JobContext, JobFailure, ProducerOutput};
use crate::producers::render::render_request::{
    FrameWriter, RenderRequest, ShotRequest, stop_if_halting,
};
use crate::producers::render::scene::{ShotView, StagedScene};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

/// The renderer of a command provider.
pub struct CommandRenderer<'c> {
    /// How to call the command.
    pub provider: &'c Provider,
    /// The program that was found.
    pub program: &'c ProviderProgram,
    /// The variables of this process.
    pub environment: &'c EnvironmentVariables,
    /// The threads that a call may use.
    pub threads: usize,
}

/// What the calls of one job share.
struct JobScratch<'a> {
    context: &'a JobContext<'a>,
    request: &'a RenderRequest,
    folder: PathBuf,
    inputs: BTreeMap<String, PathBuf>,
    patterns: OutputPatterns,
}

/// Returns the identity of a command of this name and version.
#[must_use]
pub fn command_identity(name: &str, version: &str) -> String {
    format!("{name}: {version}")
}

/// Returns whether this is the identity of a command of this name, of any version.
#[must_use]
pub fn is_identity_of(identity: &str, name: &str) -> bool {
    identity
        .strip_prefix(name)
        .is_some_and(|rest| rest.starts_with(": "))
}

/// The variables and secrets that calls of one job pass to those that follow.
#[derive(Default)]
struct CarriedEnvironment {
    /// `None` unsets a variable.
    variables: BTreeMap<String, Option<String>>,
    /// Values that must not be shown.
    secrets: SecretRedactor,
}

impl CommandRenderer<'_> {
    /// Returns the name and version of the command, for identities and manifests.
    #[must_use]
    pub fn renderer_identity(&self) -> String {
        command_identity(&self.provider.name, self.program.version())
    }

    /// Does a render, sheet or plate job.
    ///
    /// # Errors
    /// Fails if an input is missing or damaged, if the command fails or leaves no picture, or on a
    /// stop request.
    pub fn render_job(&self, context: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
        let request = RenderRequest::from_action(context.action)?;
        let folder = create_work_folder(context.scratch)?;
        let inputs = link_inputs(context.inputs, &folder)?;
        let patterns = OutputPatterns::compile_patterns(self.provider);
        let job_scratch = JobScratch {
            context,
            request: &request,
            folder,
            inputs,
            patterns,
        };
        let mut writer = FrameWriter::new(&request, context);
        let mut warnings = Vec::new();
        let mut carried = CarriedEnvironment::default();
        for shot in &request.shots {
            let scene = StagedScene::new(&shot.staging, context.inputs)?;
            let view = scene.view_shot(shot.total_frames, shot.rate, request.size);
            let scene_path = job_scratch.folder.join(SCENE_FILE);
            scene_document(shot, &view, &job_scratch.inputs)
                .map_err(std::io::Error::from)
                .and_then(|scene| std::fs::write(&scene_path, to_json_bytes(&scene)))
                .map_err(|error| {
                    JobFailure::from_io_error("tell the command what to draw", &error)
                })?;
            for frames in self.frames_per_call(shot) {
                stop_if_halting(context)?;
                let done = writer.frames_written();
                let values =
                    self.placeholder_values(&job_scratch, shot, &view, &frames, &scene_path);
                warnings.extend(self.run_call(&job_scratch, &values, &mut carried, done)?);
                for frame_request in shot
                    .pictures
                    .iter()
                    .filter(|frame_request| frames.iter().any(|f| f == frame_request.frame))
                {
                    let path = values.picture_path(self.provider, frame_request.frame);
                    // Pictures are read after each call and then removed. Otherwise a chunk of EXR
                    // files would be on the disk twice.
                    let picture = read_picture(&path).map_err(|error| {
                        JobFailure::new(FailureClass::BadOutput, error.to_string())
                    })?;
                    writer.write_frame(&frame_request.name, picture, &[])?;
                    // A file that cannot be removed costs space only.
                    let _ = std::fs::remove_file(path);
                }
                (context.progress)(writer.frames_written(), request.frame_count());
            }
            warnings.extend(view.warnings());
        }
        // One call for each frame repeats its warnings; each is reported once.
        warnings.sort();
        warnings.dedup();
        Ok(ProducerOutput {
            outputs: writer.finish_outputs()?,
            provider: self.renderer_identity(),
            mode: ExecutionMode::Real,
            warnings,
        })
    }

    /// Returns the frames of each call, in order.
    fn frames_per_call(&self, shot: &ShotRequest) -> Vec<FrameList> {
        match self.provider.per {
            CallFrequency::Chunk => vec![shot.frames.clone()],
            CallFrequency::Frame => shot.frames.chunks(1),
        }
    }

    fn placeholder_values<'a>(
        &self,
        job_scratch: &'a JobScratch<'_>,
        shot: &ShotRequest,
        view: &ShotView<'_>,
        frames: &'a FrameList,
        scene_path: &'a Path,
    ) -> PlaceholderValues<'a> {
        let first = frames.first().unwrap_or(1);
        let index = shot
            .pictures
            .iter()
            .find(|frame_request| frame_request.frame == first)
            .map_or(0, |frame_request| frame_request.index);
        PlaceholderValues {
            frames,
            size: job_scratch.request.size,
            samples: job_scratch.request.samples,
            rate: shot.rate,
            threads: self.threads,
            lens: view.camera_at(index),
            sensor: shot.staging.camera.sensor_width,
            key: view.scene.key_light(),
            folder: &job_scratch.folder,
            scene: scene_path,
            inputs: &job_scratch.inputs,
        }
    }

    /// Makes one call and returns its warnings.
    fn run_call(
        &self,
        job_scratch: &JobScratch<'_>,
        values: &PlaceholderValues<'_>,
        carried: &mut CarriedEnvironment,
        done: usize,
    ) -> Result<Vec<String>, JobFailure> {
        self.write_call_files(&job_scratch.folder, values)?;
        let command = self.call_command(&job_scratch.folder, values, carried)?;
        let count = values.frames.len();
        let total = job_scratch.request.frame_count();
        let progress =
            |share: f64| (job_scratch.context.progress)(done + frames_done(share, count), total);
        let parser = OutputParser {
            patterns: &job_scratch.patterns,
            progress: &progress,
            outer_observer: job_scratch.context.watch.observer,
            output: Mutex::new(CommandOutput {
                // A later call may print a secret that an earlier one set, so it is hidden from the
                // first line on.
                secrets: carried.secrets.clone(),
                ..CommandOutput::default()
            }),
        };
        // Only the observer is replaced: limits and the request to stop stay those of the job.
        let ran = ChildCommand::new(command).stream_lines(
            CallOptions {
                observer: &parser,
                ..job_scratch.context.watch
            },
            |_| true,
        );
        let mut output = parser.into_output();
        self.check_ending(ran, &output)?;
        // With `trust_exit_code` a line of `failures` may be here after success.
        output
            .warnings
            .extend(output.cause.as_ref().map(|(_, line)| line.clone()));
        self.check_pictures(values, &output)?;
        // Only a call that succeeded passes variables on.
        carried.variables.extend(output.variables);
        carried.secrets = output.secrets;
        Ok(output.warnings)
    }

    /// Writes the files that the call reads besides its inputs.
    fn write_call_files(
        &self,
        folder: &Path,
        values: &PlaceholderValues<'_>,
    ) -> Result<(), JobFailure> {
        // Files are written anew for each call, because they may contain the frame number.
        for (name, text) in &self.provider.writes {
            let path = folder.join(name);
            // The inputs of the job are links there. Writing through one would change the asset.
            if path.is_symlink() {
                let message = format!("write {name}: an input of the job has this name");
                return Err(JobFailure::new(FailureClass::BadOutput, message));
            }
            std::fs::write(path, self.fill_text(text, values)?)
                .map_err(|error| JobFailure::from_io_error(&format!("write {name}"), &error))?;
        }
        Ok(())
    }

    /// Returns the command of a call, with its arguments and its environment.
    fn call_command(
        &self,
        folder: &Path,
        values: &PlaceholderValues<'_>,
        carried: &CarriedEnvironment,
    ) -> Result<Command, JobFailure> {
        let provider = self.provider;
        let words = provider
            .command
            .iter()
            .map(|text| {
                values
                    .fill_command_word(text, provider)
                    .map_err(|name| unknown_placeholder(&name, provider))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let words = with_frame_clock(words);
        let mut command = self
            .program
            .build_command(provider, &words, self.environment, folder);
        for (name, text) in &provider.set {
            command.env(name, self.fill_text(text, values)?);
        }
        // The order matters: our variables override those of the provider, and what earlier calls
        // of the job set overrides both.
        command.envs(values.environment_variables(provider));
        for (name, value) in &carried.variables {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        Ok(command)
    }

    fn fill_text(&self, text: &str, values: &PlaceholderValues<'_>) -> Result<String, JobFailure> {
        values
            .fill_text(text, self.provider)
            .map_err(|name| unknown_placeholder(&name, self.provider))
    }

    /// Decides from the exit status and the output whether the call failed.
    fn check_ending(
        &self,
        ran: Result<String, CallError>,
        output: &CommandOutput,
    ) -> Result<(), JobFailure> {
        let tail = output.tail.join("\n");
        match ran {
            Ok(_) => self.check_reports(output, tail),
            Err(CallError::Failed { ending, .. }) if self.is_success(&ending) => {
                self.check_reports(output, tail)
            }
            Err(CallError::Failed { ending, .. }) => {
                let class = classify_failure(&ending, &tail);
                Err(self
                    .command_failure(output, class, &format!("it {ending}"))
                    .with_evidence(tail))
            }
            // A call that did not start, timed out or was stopped has its class already.
            Err(error) => Err(error.into()),
        }
    }

    /// Fails if a call that ended well reported a failure.
    fn check_reports(&self, output: &CommandOutput, tail: String) -> Result<(), JobFailure> {
        // What is printed counts more than the exit code: renderers exit with 0 without a licence
        // or a texture, and leave pictures with a watermark or holes.
        let is_failure =
            output.failure.is_some() || output.cause.is_some() && !self.provider.trust_exit_code;
        if !is_failure {
            return Ok(());
        }
        Err(self
            .command_failure(output, FailureClass::Crash, "it reported a failure")
            .with_evidence(tail))
    }

    /// Returns whether the provider names this exit status or signal as success.
    fn is_success(&self, ending: &ProcessExit) -> bool {
        let provider = self.provider;
        ending.status.is_some_and(|status| provider.success.contains(&status))
            // A shell between us and the renderer turns the signal into a status.
            || ending
                .kill_signal()
                .is_some_and(|signal| provider.success_signals.contains(&signal))
    }

    /// Checks that every picture is there, decodes and has the right size.
    fn check_pictures(
        &self,
        values: &PlaceholderValues<'_>,
        output: &CommandOutput,
    ) -> Result<(), JobFailure> {
        let bad = |why: String| {
            self.command_failure(output, FailureClass::BadOutput, &why)
                .with_evidence(output.tail.join("\n"))
        };
        // This does not depend on the output: renderers report frames as saved that a full disk cut
        // off.
        for frame in values.frames.iter() {
            let path = values.picture_path(self.provider, frame);
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            // The message lists what is there. The usual mistake is an `output` with another
            // padding or extension than the command writes.
            if !path.is_file() {
                return Err(bad(format!(
                    "it left no {name}; it left {}",
                    list_folder(values.folder)
                )));
            }
            let facts = picture::check_picture(&path).map_err(|error| bad(error.to_string()))?;
            if facts.size != values.size {
                return Err(bad(format!(
                    "its {name} is {} and not {}",
                    facts.size, values.size
                )));
            }
        }
        Ok(())
    }

    /// Returns the failure. A cause that the output names overrides `class`.
    fn command_failure(
        &self,
        output: &CommandOutput,
        class: FailureClass,
        why: &str,
    ) -> JobFailure {
        let name = &self.provider.name;
        // A pattern of the provider knows more than our general rules: it was written for this
        // program. Without any text, the last line is the best hint.
        let (class, detail) = match (&output.cause, &output.failure) {
            (Some((cause, line)), _) => (cause.failure_class(), format!(" ({line})")),
            (None, Some(fail)) => (class, format!(" ({fail})")),
            (None, None) => (
                class,
                output
                    .tail
                    .last()
                    .map(|line| format!(" ({line})"))
                    .unwrap_or_default(),
            ),
        };
        JobFailure::new(class, format!("draw with {name}: {why}{detail}"))
    }
}

fn unknown_placeholder(name: &str, provider: &Provider) -> JobFailure {
    let message = format!(
        "call {}: the placeholder `{{{name}}}` has no value in this job",
        provider.name
    );
    JobFailure::new(FailureClass::MissingInput, message)
}

/// Returns how many of `count` frames a share is, rounded down.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a share"
)]
fn frames_done(share: f64, count: usize) -> usize {
    // Rounded down, so that a frame counts only when it is finished. The progress limit must not
    // see progress that is not there.
    (share * count as f64).floor() as usize
}

/// Most names of a folder that a message lists.
const MAX_LISTED_NAMES: usize = 12;

/// Returns what the folder holds, for a command that named its pictures otherwise.
fn list_folder(folder: &Path) -> String {
    let names = folder_names(folder, MAX_LISTED_NAMES, |_| true).unwrap_or_default();
    if names.is_empty() {
        "nothing".to_owned()
    } else {
        names.join(", ")
    }
}

/// Makes the working folder of the command, and returns its absolute path.
fn create_work_folder(scratch: &Path) -> Result<PathBuf, JobFailure> {
    // The command runs in this folder, so a relative path would mean another place to it.
    let created = std::path::absolute(scratch.join("command"))
        .and_then(|folder| std::fs::create_dir_all(&folder).map(|()| folder));
    created.map_err(|error| JobFailure::from_io_error("make a folder for the command", &error))
}

/// Links every input under a name with an extension. Returns the path for each placeholder.
fn link_inputs(
    input_files: &InputFiles,
    folder: &Path,
) -> Result<BTreeMap<String, PathBuf>, JobFailure> {
    let mut inputs = BTreeMap::new();
    for (slot, files) in &input_files.files {
        let Some(file) = files.first() else { continue };
        // A file of the provider keeps its own path: a script may load others beside it.
        if slot.is_provider_file() {
            let path = std::path::absolute(&file.path)
                .map_err(|error| JobFailure::from_io_error("find a file", &error))?;
            inputs.insert(slot.to_string(), path);
            continue;
        }
        let path = folder.join(format!("{slot}.{}", detect_extension(&file.path)));
        link_file(&file.path, &path).map_err(|error| {
            JobFailure::from_io_error(&format!("link the input {slot}"), &error)
        })?;
        inputs.insert(format!("input.{slot}"), path);
    }
    Ok(inputs)
}

/// Returns the extension of a file's format, from its first bytes.
fn detect_extension(path: &Path) -> &'static str {
    let head = read_head(path, FileKind::HEAD_BYTES).unwrap_or_default();
    match FileKind::from_head(&head) {
        FileKind::Glb => "glb",
        FileKind::Exr => "exr",
        FileKind::Hdr => "hdr",
        FileKind::Png => "png",
        FileKind::Jpeg => "jpg",
        FileKind::Json
        | FileKind::Tiff
        | FileKind::Blend
        | FileKind::LfsPointer
        | FileKind::Office(_)
        | FileKind::Other => "bin",
    }
}

#[cfg(unix)]
fn link_file(from: &Path, to: &Path) -> std::io::Result<()> {
    // A link and not a copy: models can be large, and the command only reads them.
    std::os::unix::fs::symlink(std::path::absolute(from)?, to)
}

#[cfg(not(unix))]
fn link_file(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::copy(from, to).map(|_| ())
}

//! The tools that producers share: graphics adapter, ffmpeg, Blender, and the programs of
//! providers. Each is looked for once, when a job first needs it. For a farm, what its machines
//! have is known instead.
//!
//! The graphics adapter is opened when the first picture is drawn, so a run that reuses everything
//! needs none.

use super::contract::{FailureClass, JobFailure};
use super::encode::FrameCache;
use super::render::blender::{self, BlenderProgram, BlenderRenderer};
use super::render::command::{self, CommandRenderer, EnvironmentVariables, ProviderProgram};
use super::render::previz;
use super::sound::{EspeakProgram, PiperVoice, SpeechPrograms, require_voice};
use crate::base::CancelToken;
use crate::gpu::{AdapterChoice, GpuDevice};
use crate::media::FfmpegTools;
use crate::media::ffmpeg::ToolError;
use crate::model::farm_profile::NodeCapabilities;
use crate::model::machine_profile::{CyclesDevice, MachineProfile};
use crate::model::sound::Voice;
use crate::model::{Codec, EncodingChoice, Engine, JobAction, Provider};
use crate::music::{FontSource, machine_font};
use crate::process::{CallOptions, ProcessReaper};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The providers that the folder of a production brings, and what is done about their programs.
#[derive(Debug, Clone, Default)]
pub struct FolderProviders {
    /// The folder, from which their relative paths start.
    pub folder: PathBuf,
    /// Their names. `None`: every provider may be one, as on a farm's machine, which gets providers
    /// without their files.
    pub names: Option<BTreeSet<String>>,
    /// Identities of those whose programs must not be started, as an earlier run recorded them.
    pub recorded: BTreeMap<String, String>,
}

/// The tools of one session. Unset members of type `OnceLock` were not needed yet.
pub struct ProducerTools {
    adapter_choice: AdapterChoice,
    // A failed search is remembered too. Otherwise every job would search again, and jobs of one
    // run could get different answers.
    gpu: OnceLock<Result<GpuDevice, String>>,
    tools: Option<FfmpegTools>,
    ffmpeg_version: OnceLock<String>,
    cancel: CancelToken,
    search_path: OsString,
    blender_path: Option<PathBuf>,
    cycles_device: CyclesDevice,
    blender: OnceLock<Result<BlenderProgram, String>>,
    sound_font: Option<PathBuf>,
    finds_fonts: bool,
    // A font has tens of megabytes, and every job of music needs its digest.
    instruments: OnceLock<Result<FontSource, String>>,
    environment: EnvironmentVariables,
    // Providers come from documents and are not known in advance, so their programs are in a map
    // and not in a `OnceLock` each.
    programs: Mutex<HashMap<String, Result<Arc<ProviderProgram>, String>>>,
    threads: usize,
    nodes: NodeCapabilities,
    folder_providers: FolderProviders,
    reaper: Option<Arc<ProcessReaper>>,
    speech: SpeechPrograms,
    frames: FrameCache,
    scene_parts: previz::SceneParts,
}

/// Bytes of decoded frames that the encodes of one shot share: four seconds of 1080p at 24 a second.
// Frames come from the store again if they are dropped, so this bounds memory and breaks nothing.
const SHARED_FRAME_BYTES: usize = 1 << 30;
/// Bytes of models and light that stay on the device from one job to the next: a place with a few
/// people. No claim of a job has them.
const SHARED_SCENE_BYTES: u64 = 256 << 20;

impl ProducerTools {
    /// Returns tools with the adapter of `choice`, and with ffmpeg if `tools` has it.
    #[must_use]
    pub fn new(
        adapter_choice: AdapterChoice,
        tools: Option<FfmpegTools>,
        cancel: CancelToken,
    ) -> Self {
        Self {
            adapter_choice,
            gpu: OnceLock::new(),
            tools,
            ffmpeg_version: OnceLock::new(),
            cancel,
            // An empty search path finds nothing, so a caller that draws nothing does not look for
            // renderers.
            search_path: OsString::new(),
            blender_path: None,
            cycles_device: CyclesDevice::default(),
            blender: OnceLock::new(),
            sound_font: None,
            finds_fonts: false,
            instruments: OnceLock::new(),
            environment: EnvironmentVariables::new(),
            programs: Mutex::default(),
            threads: 1,
            nodes: NodeCapabilities::default(),
            folder_providers: FolderProviders {
                names: Some(BTreeSet::new()),
                ..FolderProviders::default()
            },
            reaper: None,
            speech: SpeechPrograms::default(),
            frames: FrameCache::new(SHARED_FRAME_BYTES),
            scene_parts: previz::SceneParts::new(SHARED_SCENE_BYTES),
        }
    }

    /// Returns the frames that encodes of one shot share.
    pub(super) const fn frames(&self) -> &FrameCache {
        &self.frames
    }

    /// Returns the parts of scenes that stay on the device.
    pub(super) const fn scene_parts(&self) -> &previz::SceneParts {
        &self.scene_parts
    }

    /// Lets other renderers be found: on `search_path`, in the format of `PATH`, or for Blender at
    /// the profile's path. Each of their processes may use `threads` threads, at least 1. Lets a
    /// SoundFont be found too: at the profile's path, or where systems keep them.
    #[must_use]
    pub fn with_renderers(
        self,
        search_path: OsString,
        profile: &MachineProfile,
        threads: usize,
    ) -> Self {
        let blender_path = profile.blender.clone();
        let cycles_device = profile.cycles_device;
        let sound_font = profile.sound_font.clone();
        Self {
            finds_fonts: true,
            sound_font,
            search_path,
            blender_path,
            cycles_device,
            threads: threads.max(1),
            ..self
        }
    }

    /// Sets the variables of which commands see those that their providers allow.
    #[must_use]
    pub fn with_environment(self, environment: EnvironmentVariables) -> Self {
        Self {
            environment,
            ..self
        }
    }

    /// Sets what the machines of a farm have. Nothing that they have is looked for here.
    #[must_use]
    pub fn with_nodes(self, nodes: NodeCapabilities) -> Self {
        Self { nodes, ..self }
    }

    /// Sets the providers that the folder of the production brings.
    #[must_use]
    pub fn with_folder_providers(self, folder_providers: FolderProviders) -> Self {
        Self {
            folder_providers,
            ..self
        }
    }

    /// Sets the reaper of the programs that are started for their version.
    #[must_use]
    pub fn with_reaper(self, reaper: Option<Arc<ProcessReaper>>) -> Self {
        Self { reaper, ..self }
    }

    fn probe_options(&self) -> CallOptions<'_> {
        CallOptions {
            reaper: self.reaper.as_deref(),
            ..CallOptions::new(&self.cancel)
        }
    }

    /// Returns the identity of the renderer on the farm's machines, or `None` if it is not known.
    pub(super) fn remote_renderer(&self, engine: &Engine) -> Option<String> {
        // The text must be the one that a farm machine computes for itself: it is part of the job's
        // identity, and a machine that differs from the plan refuses the task. So both call the
        // same function of the renderer.
        match engine {
            Engine::Previz => self.nodes.adapter.as_deref().map(previz::previz_identity),
            Engine::Cycles | Engine::Eevee | Engine::Workbench => {
                let device = self
                    .nodes
                    .cycles_device
                    .as_deref()
                    .filter(|_| *engine == Engine::Cycles);
                self.remote_blender()
                    .map(|identity| blender::blender_identity(&identity, engine, device))
            }
            Engine::Command(provider) => self
                .nodes
                .programs
                .get(&provider.name)
                .map(|version| command::command_identity(&provider.name, version)),
        }
    }

    /// Returns the identity that an earlier run recorded, of a renderer whose program must not be
    /// started.
    pub(super) fn recorded_renderer(&self, engine: &Engine) -> Option<String> {
        self.recorded_provider(engine.name())
    }

    fn remote_blender(&self) -> Option<String> {
        self.nodes
            .blender
            .as_ref()
            .map(|build| format!("Blender {build}"))
    }

    /// Returns whether films can be encoded, on this machine or on the farm.
    #[must_use]
    pub const fn has_ffmpeg(&self) -> bool {
        self.tools.is_some() || self.nodes.ffmpeg.is_some()
    }

    /// Encodes one frame with this codec, as an output chooses.
    ///
    /// # Errors
    /// Fails with the encoder that does not work, and how to get it.
    pub fn try_codec(&self, codec: Codec, choice: &EncodingChoice) -> Result<(), String> {
        let (Some(tools), Some(film)) = (&self.tools, codec.tool_encoding()) else {
            return Ok(());
        };
        // ffmpeg is built without some encoders for reasons of licence: Fedora and conda leave out
        // those of H.264 and H.265.
        let why = match tools.try_encoding(codec, choice, CallOptions::new(&self.cancel)) {
            // Only an answer counts. An ffmpeg without `lavfi`, or one that is slow to start, may
            // encode very well.
            Err(ToolError::NoEncoder { evidence, .. }) if !evidence.contains("lavfi") => evidence,
            _ => return Ok(()),
        };
        let why = why.lines().last().unwrap_or("it cannot").to_owned();
        let variant = choice
            .profile
            .as_ref()
            .map_or_else(String::new, |profile| format!(" and profile `{profile}`"));
        Err(format!(
            "encode with `{}`{variant} of {}: {why}; install an ffmpeg that has it, or choose another codec (`production doctor` \
             lists those that work)",
            film.encoder,
            tools.ffmpeg.display()
        ))
    }

    /// Checks that ffmpeg answers, before a run starts.
    ///
    /// # Errors
    /// Fails if ffmpeg is there and does not say its version.
    pub fn require_ffmpeg(&self) -> Result<(), JobFailure> {
        // A run with an ffmpeg that hangs would hang with its first film.
        match (&self.nodes.ffmpeg, &self.tools) {
            (None, Some(tools)) => Ok(tools.version(self.probe_options()).map(|_| ())?),
            _ => Ok(()),
        }
    }

    /// Returns a provider's program; the first call looks for it.
    ///
    /// # Errors
    /// Fails with the places that were searched if the program is not there, or if it does not
    /// print its version.
    pub fn provider_program(
        &self,
        provider: &Provider,
    ) -> Result<Arc<ProviderProgram>, JobFailure> {
        // The lock covers the search, so two workers that need the same program ask it for its
        // version once. A poisoned lock is used: the map has only complete entries.
        let mut programs = self.programs.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = programs.entry(provider.name.clone()).or_insert_with(|| {
            let FolderProviders { folder, names, .. } = &self.folder_providers;
            let is_of_folder = names
                .as_ref()
                .is_none_or(|names| names.contains(&provider.name));
            let root = Path::new(std::path::MAIN_SEPARATOR_STR);
            ProviderProgram::find_from_folder(
                provider,
                if is_of_folder { folder } else { root },
                &self.search_path,
                &self.environment,
                self.probe_options(),
            )
            .map(Arc::new)
        });
        entry
            .clone()
            .map_err(|message| JobFailure::new(FailureClass::MissingTool, message))
    }

    /// Returns `espeak-ng`; the first call looks for it.
    pub(super) fn espeak(&self) -> Result<&EspeakProgram, JobFailure> {
        self.speech.espeak(&self.search_path, self.probe_options())
    }

    /// Returns a voice of `piper`; the first call looks for the program.
    pub(super) fn piper_voice(&self, name: &str) -> Result<Arc<PiperVoice>, JobFailure> {
        let root = self.project_folder();
        self.speech
            .piper_voice(name, root, &self.search_path, self.probe_options())
    }

    /// Checks that a voice can speak, before a run starts.
    ///
    /// # Errors
    /// Fails with what is missing, and how to get it.
    pub fn require_voice(&self, voice: &Voice) -> Result<(), JobFailure> {
        require_voice(voice, self)
    }

    /// Returns the identity that an earlier run recorded, of a provider whose program must not be
    /// started.
    pub(super) fn recorded_provider(&self, name: &str) -> Option<String> {
        self.folder_providers.recorded.get(name).cloned()
    }

    /// Returns the folder of the production.
    pub(super) fn project_folder(&self) -> &Path {
        &self.folder_providers.folder
    }

    /// Returns the variables of which commands see those that they are allowed.
    pub(super) const fn environment(&self) -> &EnvironmentVariables {
        &self.environment
    }

    /// Calls `act` with the renderer of a command provider. A callback, because the renderer
    /// borrows a program that lives in this function.
    pub(super) fn with_command_renderer<T>(
        &self,
        provider: &Provider,
        act: impl FnOnce(CommandRenderer<'_>) -> T,
    ) -> Result<T, JobFailure> {
        let program = self.provider_program(provider)?;
        let environment = &self.environment;
        let threads = self.threads;
        Ok(act(CommandRenderer {
            provider,
            program: &program,
            environment,
            threads,
        }))
    }

    /// Returns the instruments of music; the first call looks for a SoundFont. Without any, the
    /// built-in ones.
    pub(super) fn instruments(&self) -> Result<&FontSource, JobFailure> {
        let found = self.instruments.get_or_init(|| {
            if self.finds_fonts {
                machine_font(self.sound_font.as_deref())
            } else {
                Ok(FontSource::BuiltIn)
            }
        });
        found
            .as_ref()
            .map_err(|message| JobFailure::new(FailureClass::MissingTool, message.clone()))
    }

    /// Returns the provider of music, with version and font.
    pub(super) fn instruments_identity(&self) -> String {
        if let Some(instruments) = &self.nodes.sound_font {
            return FontSource::identity_with(instruments);
        }
        // A font that cannot be read is an identity too: planning must not fail for it.
        self.local_instruments().map_or_else(
            || "SoundFont, not readable".to_owned(),
            |instruments| FontSource::identity_with(&instruments),
        )
    }

    /// Returns the instruments of this machine, as [`FontSource::instruments`] describes them.
    /// `None`: its font cannot be read.
    #[must_use]
    pub fn local_instruments(&self) -> Option<String> {
        self.instruments().ok().map(FontSource::instruments)
    }

    /// Returns Blender; the first call looks for it.
    ///
    /// # Errors
    /// Fails with the places that were searched and how to install Blender.
    pub fn find_blender(&self) -> Result<&BlenderProgram, JobFailure> {
        let configured_path = self.blender_path.as_deref();
        let blender = self.blender.get_or_init(|| {
            BlenderProgram::find(configured_path, &self.search_path, self.probe_options())
        });
        blender
            .as_ref()
            .map_err(|message| JobFailure::new(FailureClass::MissingTool, message.clone()))
    }

    /// Checks that this engine can draw, before a run starts.
    ///
    /// # Errors
    /// Fails with what is missing, and how to get it.
    pub fn require_renderer(&self, engine: &Engine) -> Result<(), JobFailure> {
        // On a farm the local machine draws nothing, so a missing local renderer must not stop the
        // run.
        if self.remote_renderer(engine).is_some() {
            return Ok(());
        }
        match engine {
            Engine::Previz => self.open_gpu().map(|_| ()),
            Engine::Cycles | Engine::Eevee | Engine::Workbench => {
                self.blender_renderer(engine).map(|_| ())
            }
            Engine::Command(provider) => self.provider_program(provider).map(|_| ()),
        }
    }

    /// Returns the renderer of one of Blender's engines, on the device that it draws on.
    pub(super) fn blender_renderer<'a>(
        &'a self,
        engine: &'a Engine,
    ) -> Result<BlenderRenderer<'a>, JobFailure> {
        let blender = self.find_blender()?;
        let threads = self.threads;
        // Only Cycles can draw on the processor or on a graphics device. The kind is part of its
        // identity, because the bytes of the pictures differ.
        let device = if *engine == Engine::Cycles {
            blender
                .select_cycles_device(self.cycles_device)
                .map_err(|message| JobFailure::new(FailureClass::MissingTool, message))?
        } else {
            None
        };
        Ok(BlenderRenderer {
            blender,
            engine,
            threads,
            device,
        })
    }

    /// Returns whether `work` runs on a graphics device that its engine does not require. The job
    /// then claims a GPU slot.
    #[must_use]
    pub fn uses_graphics_device(&self, work: &JobAction) -> bool {
        let cycles = work.engine().filter(|engine| **engine == Engine::Cycles);
        // What the farm's machines have decides, even if this machine has another device: the work
        // is done there.
        if self.nodes.blender.is_some() {
            return cycles.is_some() && self.nodes.cycles_device.is_some();
        }
        cycles.is_some_and(|engine| {
            self.blender_renderer(engine)
                .is_ok_and(|renderer| renderer.device.is_some())
        })
    }

    /// Returns the adapter; the first call opens it.
    ///
    /// # Errors
    /// Fails with the reason, and what to install, when there is none.
    pub fn open_gpu(&self) -> Result<&GpuDevice, JobFailure> {
        // The device is opened with the first picture and not at the start. A run that reuses
        // everything needs no GPU, and opening one costs time.
        let opened = self.gpu.get_or_init(|| {
            GpuDevice::open(&self.adapter_choice).map_err(|error| error.to_string())
        });
        opened
            .as_ref()
            .map_err(|message| JobFailure::new(FailureClass::MissingTool, message.clone()))
    }

    fn ffmpeg_version(&self) -> &str {
        // As for renderers, the identity is that of the machine that will do the work.
        if let Some(elsewhere) = &self.nodes.ffmpeg {
            return elsewhere;
        }
        self.ffmpeg_version.get_or_init(|| {
            let version = self
                .tools
                .as_ref()
                .and_then(|tools| tools.version(self.probe_options()).ok());
            // A missing tool is an identity too: planning must not fail for it. Once ffmpeg is
            // installed the identity changes and the job runs.
            version.unwrap_or_else(|| "not installed".to_owned())
        })
    }

    /// Returns ffmpeg and ffprobe; `None` if they are not installed.
    pub(super) const fn ffmpeg(&self) -> Option<&FfmpegTools> {
        self.tools.as_ref()
    }

    /// Returns the provider of work on a deliverable, with version.
    pub(super) fn deliverable_identity(&self, work: &JobAction) -> String {
        // A picture sequence does not depend on ffmpeg, so a new version of ffmpeg must not write
        // it again.
        if needs_ffmpeg(work) {
            format!("ffmpeg {}", self.ffmpeg_version())
        } else {
            built_in_identity()
        }
    }

    /// Returns the provider that imports Blender files, with version.
    pub(super) fn blend_import_identity(&self, is_converted: bool) -> String {
        match self.remote_blender() {
            Some(identity) => blender::blend_import_identity(&identity, is_converted),
            None => self.find_blender().map_or_else(
                |_| "Blender, not installed".to_owned(),
                |blender| blender.import_identity(is_converted),
            ),
        }
    }
}

/// Returns the provider of work that needs no tool. A new version of this program makes such jobs
/// again.
pub(super) fn built_in_identity() -> String {
    format!("production {}", env!("CARGO_PKG_VERSION"))
}

/// Copies a finished output of a job to the path of another.
pub(super) fn copy_output(from: &Path, to: &Path) -> Result<(), JobFailure> {
    copy_file(from, to, &format!("write {}", to.display()))
}

/// Copies a file for a job. `step` says in an error what the copy is for.
pub(super) fn copy_file(from: &Path, to: &Path, step: &str) -> Result<(), JobFailure> {
    std::fs::copy(from, to)
        .map(|_| ())
        .map_err(|error| JobFailure::from_io_error(step, &error))
}

/// Returns whether `work` cannot be done without ffmpeg.
#[must_use]
pub const fn needs_ffmpeg(work: &JobAction) -> bool {
    match (work, work.output_format()) {
        (JobAction::Footage { film, .. }, _) => film.is_some(),
        (_, Some(format)) => format.codec.needs_ffmpeg(),
        (_, None) => false,
    }
}

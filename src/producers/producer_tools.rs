//! The tools of this machine that producers share: the graphics adapter, ffmpeg, Blender, and the programs of providers, each
//! found once and when it is first asked for; or what is known of them on the machines of a farm.
//!
//! The graphics adapter is opened when the first picture is drawn, so that a run that reuses everything needs none.

use super::contract::{FailureClass, JobFailure};
use super::render::blender::{self, BlenderProgram, BlenderRenderer};
use super::render::command::{self, CommandRenderer, EnvironmentVariables, ProviderProgram};
use super::render::previz;
use crate::base::CancelToken;
use crate::gpu::{AdapterChoice, GpuDevice};
use crate::media::FfmpegTools;
use crate::model::farm_profile::NodeCapabilities;
use crate::model::machine_profile::{CyclesDevice, MachineProfile};
use crate::model::{Engine, JobAction, Provider};
use crate::process::CallOptions;
use std::collections::HashMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What producers work with on this machine.
pub struct ProducerTools {
    adapter_choice: AdapterChoice,
    gpu: OnceLock<Result<GpuDevice, String>>,
    tools: Option<FfmpegTools>,
    ffmpeg_version: OnceLock<String>,
    cancel: CancelToken,
    search_path: OsString,
    blender_path: Option<PathBuf>,
    cycles_device: CyclesDevice,
    blender: OnceLock<Result<BlenderProgram, String>>,
    environment: EnvironmentVariables,
    programs: Mutex<HashMap<String, Result<Arc<ProviderProgram>, String>>>,
    threads: usize,
    nodes: NodeCapabilities,
}

impl ProducerTools {
    /// Returns tools that use the adapter of `choice` and, where there are any, these tools.
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
            search_path: OsString::new(),
            blender_path: None,
            cycles_device: CyclesDevice::default(),
            blender: OnceLock::new(),
            environment: EnvironmentVariables::new(),
            programs: Mutex::default(),
            threads: 1,
            nodes: NodeCapabilities::default(),
        }
    }

    /// Lets other renderers be found: on `search`, written like `PATH`, or for Blender where the profile says. Each of their
    /// processes may fill so many threads.
    #[must_use]
    pub fn with_renderers(
        self,
        search_path: OsString,
        profile: &MachineProfile,
        threads: usize,
    ) -> Self {
        let (blender_path, cycles_device) = (profile.blender.clone(), profile.cycles_device);
        Self {
            search_path,
            blender_path,
            cycles_device,
            threads: threads.max(1),
            ..self
        }
    }

    /// Lets commands see of these variables what their providers allow.
    #[must_use]
    pub fn with_environment(self, environment: EnvironmentVariables) -> Self {
        Self {
            environment,
            ..self
        }
    }

    /// Names those who do the work as machines elsewhere have them: nothing that they have is looked for here.
    #[must_use]
    pub fn with_nodes(self, nodes: NodeCapabilities) -> Self {
        Self { nodes, ..self }
    }

    /// Returns who draws with this engine elsewhere, where that is known.
    pub(super) fn remote_renderer(&self, engine: &Engine) -> Option<String> {
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

    fn remote_blender(&self) -> Option<String> {
        self.nodes
            .blender
            .as_ref()
            .map(|build| format!("Blender {build}"))
    }

    /// Returns whether films can be encoded, here or elsewhere.
    #[must_use]
    pub const fn has_ffmpeg(&self) -> bool {
        self.tools.is_some() || self.nodes.ffmpeg.is_some()
    }

    /// Returns a provider's program, looking for it on the first call.
    ///
    /// # Errors
    /// Fails with what was tried when it is not there, or does not tell its version.
    pub fn provider_program(
        &self,
        provider: &Provider,
    ) -> Result<Arc<ProviderProgram>, JobFailure> {
        let mut programs = self.programs.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = programs.entry(provider.name.clone()).or_insert_with(|| {
            let watch = CallOptions::new(&self.cancel);
            ProviderProgram::find(provider, &self.search_path, &self.environment, watch)
                .map(Arc::new)
        });
        entry
            .clone()
            .map_err(|message| JobFailure::new(FailureClass::MissingTool, message))
    }

    /// Calls `act` with a command's renderer, which borrows the program for so long.
    pub(super) fn with_command_renderer<T>(
        &self,
        provider: &Provider,
        act: impl FnOnce(CommandRenderer<'_>) -> T,
    ) -> Result<T, JobFailure> {
        let program = self.provider_program(provider)?;
        let (environment, threads) = (&self.environment, self.threads);
        Ok(act(CommandRenderer {
            provider,
            program: &program,
            environment,
            threads,
        }))
    }

    /// Returns Blender, looking for it on the first call.
    ///
    /// # Errors
    /// Fails with what was tried, and how to install it, when there is none.
    pub fn find_blender(&self) -> Result<&BlenderProgram, JobFailure> {
        let configured_path = self.blender_path.as_deref();
        let blender = self.blender.get_or_init(|| {
            BlenderProgram::find(
                configured_path,
                &self.search_path,
                CallOptions::new(&self.cancel),
            )
        });
        blender
            .as_ref()
            .map_err(|message| JobFailure::new(FailureClass::MissingTool, message.clone()))
    }

    /// Finds what is needed to draw with this engine.
    ///
    /// # Errors
    /// Fails with what is missing, and how to get it.
    pub fn require_renderer(&self, engine: &Engine) -> Result<(), JobFailure> {
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

    /// Returns one of Blender's engines, on the device that it draws on.
    pub(super) fn blender_renderer<'a>(
        &'a self,
        engine: &'a Engine,
    ) -> Result<BlenderRenderer<'a>, JobFailure> {
        let (blender, threads) = (self.find_blender()?, self.threads);
        let missing = |message| JobFailure::new(FailureClass::MissingTool, message);
        let device = if *engine == Engine::Cycles {
            blender
                .select_cycles_device(self.cycles_device)
                .map_err(missing)?
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

    /// Returns whether work is drawn on a graphics device although its engine could do without.
    #[must_use]
    pub fn uses_graphics_device(&self, work: &JobAction) -> bool {
        let cycles = work.engine().filter(|engine| **engine == Engine::Cycles);
        if self.nodes.blender.is_some() {
            return cycles.is_some() && self.nodes.cycles_device.is_some();
        }
        cycles.is_some_and(|engine| {
            self.blender_renderer(engine)
                .is_ok_and(|renderer| renderer.device.is_some())
        })
    }

    /// Returns the adapter, opening it on the first call.
    ///
    /// # Errors
    /// Fails with the reason, and what to install, when there is none.
    pub fn open_gpu(&self) -> Result<&GpuDevice, JobFailure> {
        let opened = self.gpu.get_or_init(|| {
            GpuDevice::open(&self.adapter_choice).map_err(|error| error.to_string())
        });
        opened
            .as_ref()
            .map_err(|message| JobFailure::new(FailureClass::MissingTool, message.clone()))
    }

    fn ffmpeg_version(&self) -> &str {
        if let Some(elsewhere) = &self.nodes.ffmpeg {
            return elsewhere;
        }
        self.ffmpeg_version.get_or_init(|| {
            let version = self
                .tools
                .as_ref()
                .and_then(|tools| tools.version(CallOptions::new(&self.cancel)).ok());
            version.unwrap_or_else(|| "not installed".to_owned())
        })
    }

    /// Returns ffmpeg and ffprobe, where they are installed.
    pub(super) const fn ffmpeg(&self) -> Option<&FfmpegTools> {
        self.tools.as_ref()
    }

    /// Returns who does work on a deliverable, with version.
    pub(super) fn deliverable_identity(&self, work: &JobAction) -> String {
        if needs_ffmpeg(work) {
            format!("ffmpeg {}", self.ffmpeg_version())
        } else {
            built_in_identity()
        }
    }

    /// Returns who brings Blender files in.
    pub(super) fn blend_import_identity(&self) -> String {
        match self.remote_blender() {
            Some(identity) => blender::blend_import_identity(&identity),
            None => self.find_blender().map_or_else(
                |_| "Blender, not installed".to_owned(),
                BlenderProgram::import_identity,
            ),
        }
    }
}

/// Returns who does work that needs no tool.
pub(super) fn built_in_identity() -> String {
    format!("production {}", env!("CARGO_PKG_VERSION"))
}

/// Returns whether `work` cannot be done without ffmpeg.
#[must_use]
pub const fn needs_ffmpeg(work: &JobAction) -> bool {
    match work.output_format() {
        Some(format) => format.codec.needs_ffmpeg(),
        None => false,
    }
}

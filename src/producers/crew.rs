//! The crew: every built-in provider with its tools, and which of them does a piece of work.
//!
//! The graphics adapter is opened when the first picture is drawn, so that a run that reuses everything needs none.

use super::check::check;
use super::encode::Encode;
use super::grade::Grading;
use super::import::Import;
use super::render::blender::{self, Blender, Rendering};
use super::render::command::{self, Commanded, Environment, Program};
use super::render::previz::{self, Previz};
use super::stitch::Stitch;
use super::task::{Assignment, Failure, FailureClass, Finished, Perform, Produced};
use super::verify::Verify;
use crate::base::CancelToken;
use crate::gpu::{AdapterChoice, GpuDevice};
use crate::media::FfmpegTools;
use crate::model::farm_profile::NodeCapabilities;
use crate::model::machine_profile::{CyclesDevice, MachineProfile};
use crate::model::{AssetKind, Engine, JobAction, Provider};
use crate::process::CallOptions;
use std::collections::HashMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Everyone who can work on this machine.
pub struct Crew {
    choice: AdapterChoice,
    gpu: OnceLock<Result<GpuDevice, String>>,
    tools: Option<FfmpegTools>,
    version: OnceLock<String>,
    cancel: CancelToken,
    search: OsString,
    said_blender: Option<PathBuf>,
    device: CyclesDevice,
    blender: OnceLock<Result<Blender, String>>,
    environment: Environment,
    programs: Mutex<HashMap<String, Result<Arc<Program>, String>>>,
    threads: usize,
    nodes: NodeCapabilities,
}

impl Crew {
    /// Returns the crew that uses the adapter of `choice` and, where there are any, these tools.
    #[must_use]
    pub fn new(choice: AdapterChoice, tools: Option<FfmpegTools>, cancel: CancelToken) -> Self {
        Self {
            choice,
            gpu: OnceLock::new(),
            tools,
            version: OnceLock::new(),
            cancel,
            search: OsString::new(),
            said_blender: None,
            device: CyclesDevice::default(),
            blender: OnceLock::new(),
            environment: Environment::new(),
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
        search: OsString,
        profile: &MachineProfile,
        threads: usize,
    ) -> Self {
        let (said_blender, device) = (profile.blender.clone(), profile.cycles_device);
        Self {
            search,
            said_blender,
            device,
            threads: threads.max(1),
            ..self
        }
    }

    /// Lets commands see of these variables what their providers allow.
    #[must_use]
    pub fn with_environment(self, environment: Environment) -> Self {
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
    fn renderer_elsewhere(&self, engine: &Engine) -> Option<String> {
        match engine {
            Engine::Previz => self.nodes.adapter.as_deref().map(previz::provider),
            Engine::Cycles | Engine::Eevee | Engine::Workbench => {
                let device = self
                    .nodes
                    .cycles_device
                    .as_deref()
                    .filter(|_| *engine == Engine::Cycles);
                self.blender_elsewhere()
                    .map(|identity| blender::provider(&identity, engine, device))
            }
            Engine::Command(provider) => self
                .nodes
                .programs
                .get(&provider.name)
                .map(|version| command::provider(&provider.name, version)),
        }
    }

    fn blender_elsewhere(&self) -> Option<String> {
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
    pub fn program(&self, provider: &Provider) -> Result<Arc<Program>, Failure> {
        let mut programs = self.programs.lock().unwrap_or_else(PoisonError::into_inner);
        let found = programs.entry(provider.name.clone()).or_insert_with(|| {
            let watch = CallOptions::new(&self.cancel);
            Program::find(provider, &self.search, &self.environment, watch).map(Arc::new)
        });
        found
            .clone()
            .map_err(|message| Failure::new(FailureClass::MissingTool, message))
    }

    fn commanded<T>(
        &self,
        provider: &Provider,
        act: impl FnOnce(Commanded<'_>) -> T,
    ) -> Result<T, Failure> {
        let program = self.program(provider)?;
        let (environment, threads) = (&self.environment, self.threads);
        Ok(act(Commanded {
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
    pub fn blender(&self) -> Result<&Blender, Failure> {
        let said = self.said_blender.as_deref();
        let found = self
            .blender
            .get_or_init(|| Blender::find(said, &self.search, CallOptions::new(&self.cancel)));
        found
            .as_ref()
            .map_err(|message| Failure::new(FailureClass::MissingTool, message.clone()))
    }

    /// Finds what is needed to draw with this engine.
    ///
    /// # Errors
    /// Fails with what is missing, and how to get it.
    pub fn require(&self, engine: &Engine) -> Result<(), Failure> {
        if self.renderer_elsewhere(engine).is_some() {
            return Ok(());
        }
        match engine {
            Engine::Previz => self.gpu().map(|_| ()),
            Engine::Cycles | Engine::Eevee | Engine::Workbench => {
                self.rendering(engine).map(|_| ())
            }
            Engine::Command(provider) => self.program(provider).map(|_| ()),
        }
    }

    fn rendering<'a>(&'a self, engine: &'a Engine) -> Result<Rendering<'a>, Failure> {
        let (blender, threads) = (self.blender()?, self.threads);
        let missing = |message| Failure::new(FailureClass::MissingTool, message);
        let device = if *engine == Engine::Cycles {
            blender.device(self.device).map_err(missing)?
        } else {
            None
        };
        Ok(Rendering {
            blender,
            engine,
            threads,
            device,
        })
    }

    /// Returns whether work is drawn on a graphics device although its engine could do without.
    #[must_use]
    pub fn wants_device(&self, work: &JobAction) -> bool {
        let cycles = work.engine().filter(|engine| **engine == Engine::Cycles);
        if self.nodes.blender.is_some() {
            return cycles.is_some() && self.nodes.cycles_device.is_some();
        }
        cycles.is_some_and(|engine| self.rendering(engine).is_ok_and(|one| one.device.is_some()))
    }

    /// Returns who draws with this engine; one that is not there is named as such, and the work then fails with the reason.
    fn renderer(&self, engine: &Engine) -> String {
        if let Some(elsewhere) = self.renderer_elsewhere(engine) {
            return elsewhere;
        }
        match engine {
            Engine::Previz => self.gpu().map(|gpu| Previz::new(gpu).provider()),
            Engine::Cycles | Engine::Eevee | Engine::Workbench => {
                self.rendering(engine).map(|rendering| rendering.provider())
            }
            Engine::Command(provider) => self.commanded(provider, |commanded| commanded.provider()),
        }
        .unwrap_or_else(|_| format!("{}, not installed", engine.name()))
    }

    fn draw(&self, engine: &Engine, assignment: &Assignment<'_>) -> Result<Finished, Failure> {
        match engine {
            Engine::Previz => Previz::new(self.gpu()?).perform(assignment),
            Engine::Cycles | Engine::Eevee | Engine::Workbench => {
                self.rendering(engine)?.perform(assignment)
            }
            Engine::Command(provider) => {
                self.commanded(provider, |commanded| commanded.perform(assignment))?
            }
        }
    }

    /// Returns the adapter, opening it on the first call.
    ///
    /// # Errors
    /// Fails with the reason, and what to install, when there is none.
    pub fn gpu(&self) -> Result<&GpuDevice, Failure> {
        let opened = self
            .gpu
            .get_or_init(|| GpuDevice::open(&self.choice).map_err(|error| error.to_string()));
        opened
            .as_ref()
            .map_err(|message| Failure::new(FailureClass::MissingTool, message.clone()))
    }

    fn ffmpeg_version(&self) -> &str {
        if let Some(elsewhere) = &self.nodes.ffmpeg {
            return elsewhere;
        }
        self.version.get_or_init(|| {
            let found = self
                .tools
                .as_ref()
                .and_then(|tools| tools.version(CallOptions::new(&self.cancel)).ok());
            found.unwrap_or_else(|| "not installed".to_owned())
        })
    }
}

impl Perform for Crew {
    fn provider(&self, work: &JobAction) -> String {
        match work {
            JobAction::Import {
                kind: AssetKind::Blend,
            } => match self.blender_elsewhere() {
                Some(identity) => blender::bringer(&identity),
                None => self
                    .blender()
                    .map_or_else(|_| "Blender, not installed".to_owned(), Blender::bringer),
            },
            JobAction::Sheet { engine, .. }
            | JobAction::Plate { engine, .. }
            | JobAction::Render { engine, .. } => self.renderer(engine),
            JobAction::Encode { format, .. }
            | JobAction::Stitch { format, .. }
            | JobAction::Verify { format, .. }
                if format.codec.needs_ffmpeg() =>
            {
                format!("ffmpeg {}", self.ffmpeg_version())
            }
            _ => format!("production {}", env!("CARGO_PKG_VERSION")),
        }
    }

    fn perform(&self, assignment: &Assignment<'_>) -> Result<Finished, Failure> {
        let tools = || self.tools.clone();
        match assignment.work {
            JobAction::Import {
                kind: AssetKind::Blend,
            } => self.blender()?.bring(assignment),
            JobAction::Import { .. } => Import.perform(assignment),
            JobAction::Sheet { engine, .. }
            | JobAction::Plate { engine, .. }
            | JobAction::Render { engine, .. } => self.draw(engine, assignment),
            JobAction::Grade { .. } => Grading.perform(assignment),
            JobAction::Encode { .. } => Encode { tools: tools() }.perform(assignment),
            JobAction::Stitch { .. } => Stitch { tools: tools() }.perform(assignment),
            JobAction::Verify { .. } => Verify { tools: tools() }.perform(assignment),
        }
    }

    fn check(&self, assignment: &Assignment<'_>, outputs: &[Produced]) -> Result<(), Failure> {
        check(
            assignment.work,
            outputs,
            self.tools.as_ref(),
            assignment.watch,
        )
    }
}

/// Returns whether `work` cannot be done without ffmpeg.
#[must_use]
pub const fn needs_ffmpeg(work: &JobAction) -> bool {
    match work {
        JobAction::Encode { format, .. }
        | JobAction::Stitch { format, .. }
        | JobAction::Verify { format, .. } => format.codec.needs_ffmpeg(),
        _ => false,
    }
}

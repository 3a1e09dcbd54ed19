//! A staging with its models on the device, and pictures of it.

use super::assembly::Assembly;
use super::upload::Loaded;
use crate::gpu::{EnvironmentLight, GpuDevice, GpuError, RenderFrame, RenderTargets};
use crate::media::LinearImage;
use crate::model::pass::BACKGROUND_DEPTH;
use crate::model::{FrameRate, InputFiles, PixelSize, RenderPass, ShotStaging};
use crate::producers::render::passes::places;
use crate::producers::render::staged::{Shoot, Stage};
use crate::producers::task::{Failure, FailureClass};

/// A staging with its models on the device.
pub struct Studio<'g> {
    gpu: &'g GpuDevice,
    stage: Stage,
    /// On the device, as numbered on the stage.
    loaded: Vec<Loaded>,
    surroundings: EnvironmentLight,
}

/// A studio with its camera set for a shot of known length and size.
pub struct Filming<'s> {
    studio: &'s Studio<'s>,
    shoot: Shoot<'s>,
    samples: u32,
    canvas: RenderTargets,
}

impl<'g> Studio<'g> {
    /// Reads and places everything in `staging`, and brings it to the device.
    ///
    /// # Errors
    /// Fails when a slot is empty, a model or picture cannot be read, or the device has no memory.
    pub fn new(
        gpu: &'g GpuDevice,
        staging: &ShotStaging,
        materials: &InputFiles,
    ) -> Result<Self, Failure> {
        let stage = Stage::new(staging, materials)?;
        let loaded = stage
            .models()
            .iter()
            .map(|sourced| Loaded::new(gpu, &sourced.model))
            .collect();
        let panorama = stage.panorama()?;
        let surroundings =
            gpu.prepare_environment(&staging.environment, stage.key(), panorama.as_ref());
        Ok(Self {
            gpu,
            stage,
            loaded,
            surroundings,
        })
    }

    /// Sets the camera for a shot of `total` frames.
    ///
    /// # Errors
    /// Fails when the device cannot draw pictures of this size.
    pub fn shoot(
        &self,
        total: usize,
        rate: FrameRate,
        size: PixelSize,
        samples: u32,
    ) -> Result<Filming<'_>, Failure> {
        let canvas = self
            .gpu
            .create_render_targets(size)
            .map_err(|error| gpu_failure(&error))?;
        Ok(Filming {
            studio: self,
            shoot: self.stage.shoot(total, rate, size),
            samples,
            canvas,
        })
    }
}

impl Filming<'_> {
    /// Returns what is not drawn as asked.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        self.shoot.warnings()
    }

    /// Draws frame `index` of the shot, counted from 0.
    ///
    /// # Errors
    /// Fails when the device does.
    pub fn frame(&self, index: usize) -> Result<LinearImage, Failure> {
        let pixels = self.with(index, |gpu, frame| gpu.render(&self.canvas, frame))?;
        Ok(LinearImage {
            size: self.canvas.size,
            pixels,
        })
    }

    /// Tells of frame `index` what follows from the shapes alone, in the order asked for.
    ///
    /// # Errors
    /// Fails when the device does, or with a pass that it cannot tell.
    pub fn passes(&self, index: usize, asked: &[RenderPass]) -> Result<Vec<LinearImage>, Failure> {
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let measured = self.with(index, |gpu, frame| {
            gpu.measure_geometry(&self.canvas, frame)
        })?;
        let (size, lens) = (self.canvas.size, self.shoot.lens(index));
        let told = |pass: &RenderPass| {
            let pixels = match pass {
                RenderPass::Depth => measured
                    .depths
                    .iter()
                    .map(|depth| [depth.min(BACKGROUND_DEPTH), 0.0, 0.0])
                    .collect(),
                RenderPass::Normal => measured.normals.clone(),
                RenderPass::Position => places(&lens, size, &measured.depths),
                other => {
                    let message = format!("render: previz knows nothing of {}", other.id());
                    return Err(Failure::new(FailureClass::MissingTool, message));
                }
            };
            Ok(LinearImage { size, pixels })
        };
        asked.iter().map(told).collect()
    }

    /// Does something with what is seen in frame `index`.
    fn with<T>(
        &self,
        index: usize,
        act: impl FnOnce(&GpuDevice, &RenderFrame<'_>) -> Result<T, GpuError>,
    ) -> Result<T, Failure> {
        let (studio, stage) = (self.studio, &self.studio.stage);
        let mut assembly = Assembly::default();
        for placed in self.shoot.placed(index) {
            assembly.add(&placed, &studio.loaded[placed.which]);
        }
        let frame = RenderFrame {
            samples: self.samples,
            camera: self.shoot.lens(index),
            draws: &assembly.draws,
            transforms: &assembly.transforms,
            key_light: stage.key(),
            shadow_bounds: self.shoot.shadowed,
            lamps: &self.shoot.lamps,
            environment: &studio.surroundings,
            ground: self.shoot.ground(),
            haze: stage.staging().haze,
            exposure: stage.staging().exposure.exp2(),
        };
        act(studio.gpu, &frame).map_err(|error| gpu_failure(&error))
    }
}

/// Returns the failure of a job for an error of the device.
fn gpu_failure(error: &GpuError) -> Failure {
    use GpuError as E;
    let class = match error {
        E::NoAdapter | E::NoSuchAdapter { .. } | E::Device { .. } => FailureClass::MissingTool,
        E::OutOfMemory { .. } => FailureClass::OutOfMemory,
        E::Render { .. } | E::TooLarge { .. } => FailureClass::Crash,
    };
    Failure::new(class, error.to_string())
}

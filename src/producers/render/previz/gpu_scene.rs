//! A staging with its models on the device, and pictures of it.

use super::draw_list::DrawList;
use super::model_upload::UploadedModel;
use crate::gpu::{EnvironmentLight, GpuDevice, GpuError, RenderFrame, RenderTargets};
use crate::media::LinearImage;
use crate::model::pass::BACKGROUND_DEPTH;
use crate::model::{FrameRate, InputFiles, PixelSize, RenderPass, ShotStaging};
use crate::producers::contract::{FailureClass, JobFailure};
use crate::producers::render::depth_passes::world_positions;
use crate::producers::render::scene::{ShotView, StagedScene};

/// A staging with its models on the device.
pub struct GpuScene<'g> {
    gpu: &'g GpuDevice,
    scene: StagedScene,
    /// On the device, as numbered on the stage.
    uploaded_models: Vec<UploadedModel>,
    environment_light: EnvironmentLight,
}

/// A studio with its camera set for a shot of known length and size.
pub struct ShotRenderer<'s> {
    gpu_scene: &'s GpuScene<'s>,
    shot_view: ShotView<'s>,
    samples: u32,
    targets: RenderTargets,
}

impl<'g> GpuScene<'g> {
    /// Reads and places everything in `staging`, and brings it to the device.
    ///
    /// # Errors
    /// Fails when a slot is empty, a model or picture cannot be read, or the device has no memory.
    pub fn new(
        gpu: &'g GpuDevice,
        staging: &ShotStaging,
        inputs: &InputFiles,
    ) -> Result<Self, JobFailure> {
        let scene = StagedScene::new(staging, inputs)?;
        let uploaded_models = scene
            .models()
            .iter()
            .map(|scene_model| UploadedModel::new(gpu, &scene_model.model))
            .collect();
        let panorama = scene.load_panorama()?;
        let environment_light =
            gpu.prepare_environment(&staging.environment, scene.key_light(), panorama.as_ref());
        Ok(Self {
            gpu,
            scene,
            uploaded_models,
            environment_light,
        })
    }

    /// Sets the camera for a shot of `total` frames.
    ///
    /// # Errors
    /// Fails when the device cannot draw pictures of this size.
    pub fn shot_renderer(
        &self,
        total: usize,
        rate: FrameRate,
        size: PixelSize,
        samples: u32,
    ) -> Result<ShotRenderer<'_>, JobFailure> {
        let targets = self
            .gpu
            .create_render_targets(size)
            .map_err(|error| gpu_failure(&error))?;
        Ok(ShotRenderer {
            gpu_scene: self,
            shot_view: self.scene.view_shot(total, rate, size),
            samples,
            targets,
        })
    }
}

impl ShotRenderer<'_> {
    /// Returns what is not drawn as asked.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        self.shot_view.warnings()
    }

    /// Draws frame `index` of the shot, counted from 0.
    ///
    /// # Errors
    /// Fails when the device does.
    pub fn render_frame(&self, index: usize) -> Result<LinearImage, JobFailure> {
        let pixels = self.with_frame(index, |gpu, frame| gpu.render(&self.targets, frame))?;
        Ok(LinearImage {
            size: self.targets.size,
            pixels,
        })
    }

    /// Tells of frame `index` what follows from the shapes alone, in the order asked for.
    ///
    /// # Errors
    /// Fails when the device does, or with a pass that it cannot tell.
    pub fn render_passes(
        &self,
        index: usize,
        requested: &[RenderPass],
    ) -> Result<Vec<LinearImage>, JobFailure> {
        if requested.is_empty() {
            return Ok(Vec::new());
        }
        let measured = self.with_frame(index, |gpu, frame| {
            gpu.measure_geometry(&self.targets, frame)
        })?;
        let (size, lens) = (self.targets.size, self.shot_view.camera_at(index));
        let measured_pass = |pass: &RenderPass| {
            let pixels = match pass {
                RenderPass::Depth => measured
                    .depths
                    .iter()
                    .map(|depth| [depth.min(BACKGROUND_DEPTH), 0.0, 0.0])
                    .collect(),
                RenderPass::Normal => measured.normals.clone(),
                RenderPass::Position => world_positions(&lens, size, &measured.depths),
                other => {
                    let message = format!("render: previz knows nothing of {}", other.id());
                    return Err(JobFailure::new(FailureClass::MissingTool, message));
                }
            };
            Ok(LinearImage { size, pixels })
        };
        requested.iter().map(measured_pass).collect()
    }

    /// Does something with what is seen in frame `index`.
    fn with_frame<T>(
        &self,
        index: usize,
        act: impl FnOnce(&GpuDevice, &RenderFrame<'_>) -> Result<T, GpuError>,
    ) -> Result<T, JobFailure> {
        let (gpu_scene, scene) = (self.gpu_scene, &self.gpu_scene.scene);
        let mut assembly = DrawList::default();
        for instance in self.shot_view.instances_at(index) {
            assembly.add_instance(&instance, &gpu_scene.uploaded_models[instance.model_index]);
        }
        let frame = RenderFrame {
            samples: self.samples,
            camera: self.shot_view.camera_at(index),
            draws: &assembly.draws,
            transforms: &assembly.transforms,
            key_light: scene.key_light(),
            shadow_bounds: self.shot_view.shadow_sphere,
            lamps: &self.shot_view.lamps,
            environment: &gpu_scene.environment_light,
            ground: self.shot_view.ground_plane(),
            haze: scene.staging().haze,
            exposure: scene.staging().exposure.exp2(),
        };
        act(gpu_scene.gpu, &frame).map_err(|error| gpu_failure(&error))
    }
}

/// Returns the failure of a job for an error of the device.
fn gpu_failure(error: &GpuError) -> JobFailure {
    use GpuError as E;
    let class = match error {
        E::NoAdapter | E::NoSuchAdapter { .. } | E::Device { .. } => FailureClass::MissingTool,
        E::OutOfMemory { .. } => FailureClass::OutOfMemory,
        E::Render { .. } | E::TooLarge { .. } => FailureClass::Crash,
    };
    JobFailure::new(class, error.to_string())
}

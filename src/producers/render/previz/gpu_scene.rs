//! A staging with its models on the device, and its pictures.

use super::draw_list::DrawList;
use super::model_upload::UploadedModel;
use crate::gpu::{EnvironmentLight, GpuDevice, GpuError, RenderFrame, RenderTargets, ViewCamera};
use crate::media::LinearImage;
use crate::media::gltf::ModelPose;
use crate::model::pass::BACKGROUND_DEPTH;
use crate::model::{FrameRate, InputFiles, PixelSize, RenderPass, ShotStaging};
use crate::producers::contract::{FailureClass, JobFailure};
use crate::producers::render::depth_passes::world_positions;
use crate::producers::render::scene::{ShotView, StagedScene};
use glam::Mat4;

/// A staging with its models on the device.
pub struct GpuScene<'g> {
    gpu: &'g GpuDevice,
    scene: StagedScene,
    /// The uploaded models, in the order of the scene's models.
    uploaded_models: Vec<UploadedModel>,
    environment_light: EnvironmentLight,
}

/// A scene with its camera set for a shot of known length and size.
pub struct ShotRenderer<'s> {
    gpu_scene: &'s GpuScene<'s>,
    shot_view: ShotView<'s>,
    samples: u32,
    targets: RenderTargets,
}

/// All that differs between two frames of a shot.
#[derive(Debug, PartialEq)]
pub struct FrameState {
    camera: ViewCamera,
    /// The model, the place and the pose of everything in the scene, in the order of drawing.
    instances: Vec<(usize, Mat4, ModelPose)>,
}

impl<'g> GpuScene<'g> {
    /// Reads and places everything in `staging`, and uploads it to the device.
    ///
    /// # Errors
    /// Fails if a slot is empty, if a model or picture cannot be read, or if the device has no
    /// memory.
    pub fn new(
        gpu: &'g GpuDevice,
        staging: &ShotStaging,
        inputs: &InputFiles,
    ) -> Result<Self, JobFailure> {
        let scene = StagedScene::new(staging, inputs)?;
        // Models and light are uploaded once for a job, that is for all frames of a chunk.
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
    /// Fails if the device cannot draw pictures of this size.
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
    /// Returns differences between the picture and the document, for people.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        self.shot_view.warnings()
    }

    /// Returns what decides how frame `index` looks. Frames of equal states are the same picture.
    #[must_use]
    pub fn frame_state(&self, index: i64) -> FrameState {
        let instances = self.shot_view.instances_at(index);
        let instances = instances.into_iter().map(|instance| {
            let pose = instance.model.pose_at(instance.clip, instance.seconds);
            (instance.model_index, instance.root, pose)
        });
        FrameState {
            camera: self.shot_view.camera_at(index),
            instances: instances.collect(),
        }
    }

    /// Draws frame `index` of the shot, counted from 0.
    ///
    /// # Errors
    /// Fails if the device fails.
    pub fn render_frame(&self, index: i64) -> Result<LinearImage, JobFailure> {
        let pixels = self.with_frame(index, |gpu, frame| gpu.render(&self.targets, frame))?;
        Ok(LinearImage {
            size: self.targets.size,
            pixels,
        })
    }

    /// Returns the requested passes of frame `index`, which follow from the shapes alone.
    ///
    /// # Errors
    /// Fails if the device fails, or on a pass that this renderer does not support.
    pub fn render_passes(
        &self,
        index: i64,
        requested: &[RenderPass],
    ) -> Result<Vec<LinearImage>, JobFailure> {
        // The geometry is drawn a second time for passes, without the samples of a picture. Most
        // shots need none.
        if requested.is_empty() {
            return Ok(Vec::new());
        }
        let measured = self.with_frame(index, |gpu, frame| {
            gpu.measure_geometry(&self.targets, frame)
        })?;
        let size = self.targets.size;
        let lens = self.shot_view.camera_at(index);
        requested
            .iter()
            .map(|pass| {
                let pixels = match pass {
                    RenderPass::Depth => measured
                        .depths
                        .iter()
                        // Infinity becomes a number, because many programs cannot read infinity
                        // from a pass.
                        .map(|depth| [depth.min(BACKGROUND_DEPTH), 0.0, 0.0])
                        .collect(),
                    RenderPass::Normal => measured.normals.clone(),
                    RenderPass::Position => world_positions(&lens, size, &measured.depths),
                    other => {
                        let message = format!("render: previz has no pass `{}`", other.id());
                        return Err(JobFailure::new(FailureClass::MissingTool, message));
                    }
                };
                Ok(LinearImage { size, pixels })
            })
            .collect()
    }

    /// Calls `act` with frame `index`.
    fn with_frame<T>(
        &self,
        index: i64,
        act: impl FnOnce(&GpuDevice, &RenderFrame<'_>) -> Result<T, GpuError>,
    ) -> Result<T, JobFailure> {
        let gpu_scene = self.gpu_scene;
        let scene = &self.gpu_scene.scene;
        let mut assembly = DrawList::new(gpu_scene.gpu);
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
            transparent: false,
        };
        act(gpu_scene.gpu, &frame).map_err(|error| gpu_failure(&error))
    }
}

pub(super) fn gpu_failure(error: &GpuError) -> JobFailure {
    use GpuError as E;
    // Memory is a class of its own, because another attempt can succeed once other jobs have
    // released theirs. A device that cannot be opened needs a person.
    let class = match error {
        E::NoAdapter | E::NoSuchAdapter { .. } | E::Device { .. } => FailureClass::MissingTool,
        E::OutOfMemory { .. } => FailureClass::OutOfMemory,
        E::Render { .. } | E::TooLarge { .. } => FailureClass::Crash,
    };
    JobFailure::new(class, error.to_string())
}

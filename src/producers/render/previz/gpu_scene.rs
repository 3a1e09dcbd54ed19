//! A staging with its models on the device, and its pictures.

use super::draw_list::DrawList;
use super::model_upload::UploadedModel;
use super::scene_parts::{LightSource, SceneParts};
use crate::gpu::{EnvironmentLight, GpuDevice, GpuError, RenderFrame, RenderTargets, ViewCamera};
use crate::media::LinearImage;
use crate::media::gltf::ModelPose;
use crate::model::pass::BACKGROUND_DEPTH;
use crate::model::{FrameRate, InputFiles, PixelSize, RenderPass, ShotStaging};
use crate::producers::contract::{FailureClass, JobFailure};
use crate::producers::render::depth_passes::world_positions;
use crate::producers::render::scene::{ShotView, StagedScene};
use glam::Mat4;
use std::path::Path;
use std::sync::Arc;

/// A staging with its models on the device.
pub struct GpuScene<'g> {
    gpu: &'g GpuDevice,
    scene: StagedScene,
    /// The uploaded models, in the order of the scene's models.
    uploaded_models: Vec<Arc<UploadedModel>>,
    environment_light: Arc<EnvironmentLight>,
}

/// A scene with its camera set for a shot of known length and size.
pub struct ShotRenderer<'s> {
    gpu_scene: &'s GpuScene<'s>,
    shot_view: ShotView<'s>,
    samples: u32,
    targets: RenderTargets,
}

/// All that differs between two frames of a shot. A frame is drawn from its state, so what is
/// compared is what is drawn.
#[derive(Debug, PartialEq)]
pub struct FrameState {
    camera: ViewCamera,
    /// Everything in the scene, in the order of drawing.
    instances: Vec<PosedInstance>,
}

/// A model of the scene at its place and in its pose.
#[derive(Debug, PartialEq)]
struct PosedInstance {
    model_index: usize,
    root: Mat4,
    pose: ModelPose,
}

impl<'g> GpuScene<'g> {
    /// Reads and places everything in `staging`, and uploads it to the device, except for the parts
    /// that are cached there.
    ///
    /// # Errors
    /// Fails if a slot is empty, if a model or picture cannot be read, or if the device has no
    /// memory.
    pub fn new(
        gpu: &'g GpuDevice,
        staging: &ShotStaging,
        inputs: &InputFiles,
        parts: &SceneParts,
    ) -> Result<Self, JobFailure> {
        // A chunk needs the same models as the one before it, and reading a model takes longer than
        // drawing a frame.
        let known = |path: &Path| parts.known_model(path);
        let scene = StagedScene::with_known_models(staging, inputs, &known)?;
        let uploaded_models = scene
            .models()
            .iter()
            .map(|own| parts.uploaded_model(gpu, &own.path, &own.model))
            .collect();
        let source = LightSource {
            environment: staging.environment.clone(),
            key: scene.key_light(),
            panorama: scene.panorama_path().map(Path::to_owned),
        };
        // The panorama is read only if the light is not on the device: it is the largest file of
        // most scenes.
        let environment_light = parts.light(&source, || {
            let panorama = scene.load_panorama()?;
            let pixels = panorama.as_ref().map_or(0, |own| own.size.pixel_count());
            let light =
                gpu.prepare_environment(&staging.environment, scene.key_light(), panorama.as_ref());
            Ok::<_, JobFailure>((light, pixels))
        })?;
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
        // Once for all frames of the job, since they are the largest buffers on the device.
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
        // Poses are part of the state: two frames with equal states are one picture.
        let instances = instances.into_iter().map(|instance| {
            let pose = instance.model.pose_at(instance.clip, instance.seconds);
            PosedInstance {
                model_index: instance.model_index,
                root: instance.root,
                pose,
            }
        });
        FrameState {
            camera: self.shot_view.camera_at(index),
            instances: instances.collect(),
        }
    }

    /// Draws the frame of this state.
    ///
    /// # Errors
    /// Fails if the device fails.
    pub fn render_frame(&self, state: &FrameState) -> Result<LinearImage, JobFailure> {
        let pixels = self.with_frame(state, |gpu, frame| gpu.render(&self.targets, frame))?;
        Ok(LinearImage {
            size: self.targets.size,
            pixels,
        })
    }

    /// Returns the requested passes of the frame of this state, which follow from the shapes alone.
    ///
    /// # Errors
    /// Fails if the device fails, or on a pass that this renderer does not support.
    pub fn render_passes(
        &self,
        state: &FrameState,
        requested: &[RenderPass],
    ) -> Result<Vec<LinearImage>, JobFailure> {
        // The geometry is drawn a second time for passes, without the samples of a picture. Most
        // shots need none.
        if requested.is_empty() {
            return Ok(Vec::new());
        }
        let measured = self.with_frame(state, |gpu, frame| {
            gpu.measure_geometry(&self.targets, frame)
        })?;
        let size = self.targets.size;
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
                    RenderPass::Position => world_positions(&state.camera, size, &measured.depths),
                    other => {
                        let message = format!("render: previz has no pass `{}`", other.id());
                        return Err(JobFailure::new(FailureClass::MissingTool, message));
                    }
                };
                Ok(LinearImage { size, pixels })
            })
            .collect()
    }

    /// Calls `act` with the frame of this state.
    fn with_frame<T>(
        &self,
        state: &FrameState,
        act: impl FnOnce(&GpuDevice, &RenderFrame<'_>) -> Result<T, GpuError>,
    ) -> Result<T, JobFailure> {
        let gpu_scene = self.gpu_scene;
        let scene = &self.gpu_scene.scene;
        let mut assembly = DrawList::new(gpu_scene.gpu);
        for PosedInstance {
            model_index,
            root,
            pose,
        } in &state.instances
        {
            let model = &scene.models()[*model_index].model;
            let uploaded = &gpu_scene.uploaded_models[*model_index];
            assembly.add_posed(model, *root, pose, uploaded);
        }
        let frame = RenderFrame {
            samples: self.samples,
            camera: state.camera,
            draws: &assembly.draws,
            transforms: &assembly.transforms,
            key_light: scene.key_light(),
            shadow_bounds: self.shot_view.shadow_sphere,
            lamps: &self.shot_view.lamps,
            environment: &gpu_scene.environment_light,
            ground: self.shot_view.ground_plane(),
            haze: scene.staging().haze,
            exposure: scene.staging().exposure.exp2(),
            // A film has a picture behind everything.
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

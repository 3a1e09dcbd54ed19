//! Sprite jobs of the built-in renderer: one clip from one direction, on nothing.

use super::draw_list::DrawList;
use super::gpu_scene::gpu_failure;
use super::model_upload::UploadedModel;
use super::previz_renderer::PrevizRenderer;
use super::scene_parts::LightSource;
use super::sprite_view::{SpriteExtent, SpriteView, clip_timing, model_turn};
use crate::gpu::{BoundingSphere, EnvironmentLight, GpuDevice, RenderFrame, RenderTargets};
use crate::media::AlphaImage;
use crate::media::gltf::GltfModel;
use crate::model::InputSlot;
use crate::model::sprites::{SpriteClipFacts, SpriteScale, SpriteWork};
use crate::producers::contract::{
    ExecutionMode, FailureClass, JobContext, JobFailure, OutputFile, ProducerOutput,
};
use crate::producers::output_check::frame_name;
use crate::producers::render::render_request::stop_if_halting;
use crate::producers::render::scene::drawn_key_light;
use glam::Vec3;
use std::sync::Arc;

/// A model on the device, with its camera and light.
struct SpriteStage<'g> {
    gpu: &'g GpuDevice,
    work: &'g SpriteWork,
    model: &'g GltfModel,
    uploaded: Arc<UploadedModel>,
    environment_light: Arc<EnvironmentLight>,
    targets: RenderTargets,
    view: SpriteView,
    bounds: BoundingSphere,
}

impl PrevizRenderer<'_> {
    /// Draws a clip from one direction.
    ///
    /// # Errors
    /// Fails if the model cannot be read, lacks the clip or does not fit into the cell, if the device
    /// fails, if a file cannot be written, or on a stop request.
    pub(in crate::producers::render) fn render_sprites(
        &self,
        work: &SpriteWork,
        context: &JobContext<'_>,
    ) -> Result<ProducerOutput, JobFailure> {
        let made = self.draw_clip(work, context);
        if made.is_err() {
            // A device that failed or has no memory left must not hold what earlier jobs put there.
            self.parts().clear();
        }
        made
    }

    fn draw_clip(
        &self,
        work: &SpriteWork,
        context: &JobContext<'_>,
    ) -> Result<ProducerOutput, JobFailure> {
        let slot = InputSlot::cast(0);
        let input = context.inputs.single_file(&slot).ok_or_else(|| {
            let message = format!("find the input `{slot}`");
            JobFailure::new(FailureClass::MissingInput, message)
        })?;
        // Each clip and direction is a job, all of one model.
        let model = match self.parts().known_model(&input.path) {
            Some(known) => known,
            None => Arc::new(GltfModel::load(&input.path)?),
        };
        // First, since a clip that the model lacks needs no device.
        let timing = clip_timing(&model, &work.clip)?;
        let uploaded = self
            .parts()
            .uploaded_model(self.device(), &input.path, &model);
        let environment_light = self.sprite_light(work)?;
        // Both are shared with other jobs on the same model.
        let lit = (uploaded, environment_light);
        let stage = SpriteStage::new(self.device(), work, &model, lit)?;
        let mut outputs = Vec::new();
        let count = timing.moments.len();
        for (number, (index, moment)) in (1..).zip(timing.moments.iter().enumerate()) {
            stop_if_halting(context)?;
            let name = frame_name(number, "png");
            let path = context.scratch.join(&name);
            stage.draw_frame(index, *moment)?.write_png(&path)?;
            outputs.push(OutputFile { name, path });
            (context.progress)(outputs.len(), count);
        }
        let facts = SpriteClipFacts {
            durations: timing.durations,
            pivot: stage.view.pivot,
            pixels_per_metre: stage.view.pixels_per_metre,
        };
        outputs.push(write_facts(&facts, context)?);
        Ok(ProducerOutput {
            outputs,
            provider: self.renderer_identity(),
            mode: ExecutionMode::Real,
            warnings: model.warnings.clone(),
        })
    }
}

impl PrevizRenderer<'_> {
    fn sprite_light(&self, work: &SpriteWork) -> Result<Arc<EnvironmentLight>, JobFailure> {
        let source = LightSource {
            environment: work.environment.clone(),
            key: Some(drawn_key_light(&work.key)),
            panorama: None,
        };
        self.parts().light(&source, || {
            let light = self
                .device()
                .prepare_environment(&work.environment, source.key, None);
            Ok((light, 0))
        })
    }
}

fn write_facts(
    facts: &SpriteClipFacts,
    context: &JobContext<'_>,
) -> Result<OutputFile, JobFailure> {
    let name = SpriteClipFacts::FILE_NAME.to_owned();
    let path = context.scratch.join(&name);
    let text = serde_json::to_string(facts).unwrap_or_default();
    std::fs::write(&path, text)
        .map_err(|error| JobFailure::from_io_error(&format!("write {name}"), &error))?;
    Ok(OutputFile { name, path })
}

impl<'g> SpriteStage<'g> {
    fn new(
        gpu: &'g GpuDevice,
        work: &'g SpriteWork,
        model: &'g GltfModel,
        (uploaded, environment_light): (Arc<UploadedModel>, Arc<EnvironmentLight>),
    ) -> Result<Self, JobFailure> {
        let extent = match &work.scale {
            SpriteScale::Fitted(clips) => SpriteExtent::measure(model, clips.iter())?,
            SpriteScale::PixelsPerMetre(_) | SpriteScale::Placed { .. } => {
                // At a given scale other clips decide about nothing, and measuring each poses every
                // vertex.
                SpriteExtent::measure(model, [&work.clip])?
            }
        };
        let view = SpriteView::new(work, &extent);
        // Before anything is drawn: a frame that is cut off at its edge would be found in the game.
        view.expect_inside(model, work)?;
        let targets = gpu
            .create_render_targets(work.cell)
            .map_err(|error| gpu_failure(&error))?;
        let middle = (extent.low + extent.high) * 0.5;
        Ok(Self {
            gpu,
            work,
            model,
            uploaded,
            environment_light,
            targets,
            view,
            bounds: BoundingSphere {
                centre: Vec3::Y * middle,
                // A sphere without a size has no shadow map.
                radius: extent.radius.hypot(extent.high - middle).max(1e-3),
            },
        })
    }

    fn draw_frame(&self, index: usize, moment: f32) -> Result<AlphaImage, JobFailure> {
        let clip = self.work.clip.clip.as_deref();
        let pose = match clip {
            Some(_) => self.model.pose_at(clip, moment),
            // A still of a model is as its author left it, and not the first frame of some clip.
            None => self.model.rest_pose(),
        };
        let root = model_turn(self.work, index);
        let mut list = DrawList::new(self.gpu);
        list.add_posed(self.model, root, &pose, &self.uploaded);
        let frame = RenderFrame {
            samples: self.work.samples,
            camera: self.view.camera,
            draws: &list.draws,
            transforms: &list.transforms,
            key_light: Some(drawn_key_light(&self.work.key)),
            shadow_bounds: self.bounds,
            // Sprites are lit by the game, or by a light that is the same for all of them.
            lamps: &[],
            environment: &self.environment_light,
            ground: None,
            haze: None,
            exposure: 1.0,
            transparent: true,
        };
        let light = self
            .gpu
            .render_with_alpha(&self.targets, &frame)
            .map_err(|error| gpu_failure(&error))?;
        Ok(AlphaImage::from_light(self.work.cell, &light))
    }
}

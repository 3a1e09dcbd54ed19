//! Render, sheet and plate jobs of the built-in renderer.

use super::gpu_scene::GpuScene;
use super::scene_parts::SceneParts;
use crate::gpu::{AdapterFacts, GpuDevice};
use crate::model::{InputFiles, ShotStaging};
use crate::producers::contract::{ExecutionMode, JobContext, JobFailure, ProducerOutput};
use crate::producers::render::render_request::{
    FrameRequest, FrameWriter, RenderRequest, stop_if_halting,
};

/// Returns the identity of this renderer on an adapter of this description.
#[must_use]
pub fn previz_identity(adapter: &str) -> String {
    // The adapter is in the identity, because two adapters may round differently, and their frames
    // must not be mixed in one shot.
    format!("previz {} on {adapter}", env!("CARGO_PKG_VERSION"))
}

/// Returns the description of an adapter, for identities.
#[must_use]
pub fn describe_adapter(facts: &AdapterFacts) -> String {
    // Part of the identity, so the words must not change.
    let kind = if facts.software { "software" } else { "GPU" };
    format!("{} ({kind}, {})", facts.name, facts.backend)
}

/// The built-in renderer on one adapter.
#[derive(Clone, Copy)]
pub struct PrevizRenderer<'g> {
    gpu: &'g GpuDevice,
    parts: &'g SceneParts,
}

impl<'g> PrevizRenderer<'g> {
    /// Returns the renderer on this adapter, with the parts of scenes that are cached on it.
    #[must_use]
    pub const fn new(gpu: &'g GpuDevice, parts: &'g SceneParts) -> Self {
        Self { gpu, parts }
    }

    /// Returns the adapter.
    pub(super) const fn device(&self) -> &'g GpuDevice {
        self.gpu
    }

    /// Returns the parts of scenes that are cached.
    pub(super) const fn parts(&self) -> &'g SceneParts {
        self.parts
    }

    /// Returns the renderer and its adapter, for identities and manifests.
    #[must_use]
    pub fn renderer_identity(&self) -> String {
        previz_identity(&describe_adapter(self.gpu.adapter_facts()))
    }

    /// Reads and places everything in `staging`.
    ///
    /// # Errors
    /// Fails as [`GpuScene::new`].
    pub fn load_scene(
        &self,
        staging: &ShotStaging,
        inputs: &InputFiles,
    ) -> Result<GpuScene<'g>, JobFailure> {
        GpuScene::new(self.gpu, staging, inputs, self.parts)
    }

    /// Does a render, sheet or plate job.
    ///
    /// # Errors
    /// Fails if an input is missing or damaged, if the device fails, if a file cannot be written,
    /// or on a stop request.
    pub fn render_job(&self, context: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
        let made = self.draw_request(context);
        if made.is_err() {
            // The device may be full or lost, and another attempt begins with nothing on it.
            self.parts.clear();
        }
        made
    }

    fn draw_request(&self, context: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
        let request = RenderRequest::from_action(context.action)?;
        let mut writer = FrameWriter::new(&request, context);
        let mut warnings = Vec::new();
        for shot in &request.shots {
            stop_if_halting(context)?;
            // Each view of a sheet is a scene of its own, of the same parts.
            let gpu_scene = self.load_scene(&shot.staging, context.inputs)?;
            let renderer = gpu_scene.shot_renderer(
                shot.total_frames,
                shot.rate,
                request.size,
                request.samples,
            )?;
            let mut drawn = None;
            for FrameRequest { name, index, .. } in &shot.pictures {
                stop_if_halting(context)?;
                // Where nothing moves, a shot is one picture: a card behind titles, a product on a
                // table. Copies of its file are the same bytes, so later jobs read it once too.
                let state = renderer.frame_state(*index);
                if drawn.as_ref() != Some(&state) || !writer.repeat_frame(name)? {
                    let passes = renderer.render_passes(&state, &request.passes)?;
                    writer.write_frame(name, renderer.render_frame(&state)?, &passes)?;
                    drawn = Some(state);
                }
                (context.progress)(writer.frames_written(), request.frame_count());
            }
            // Of the last view: all views of a sheet have the same models.
            warnings = renderer.warnings();
        }
        Ok(ProducerOutput {
            outputs: writer.finish_outputs()?,
            provider: self.renderer_identity(),
            mode: ExecutionMode::Real,
            warnings,
        })
    }
}

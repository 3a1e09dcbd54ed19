//! The producer of pictures: finds the renderer of the engine that a job names.

use super::previz::PrevizRenderer;
use super::rendered_outputs::check_drawn;
use crate::model::sprites::SpriteWork;
use crate::model::{ActionKind, Engine, JobAction};
use crate::producers::contract::{
    FailureClass, JobContext, JobFailure, JobProducer, OutputFile, ProducerOutput,
};
use crate::producers::producer_tools::{ProducerTools, built_in_identity};

/// Draws frames, reference sheets and plates.
pub(in crate::producers) struct RenderProducer<'a> {
    /// Where the renderers are found.
    pub(in crate::producers) tools: &'a ProducerTools,
}

impl RenderProducer<'_> {
    /// Returns the renderer of this engine, with version.
    fn renderer_identity(&self, engine: &Engine) -> String {
        let tools = self.tools;
        if let Some(known) = tools
            .remote_renderer(engine)
            .or_else(|| tools.recorded_renderer(engine))
        {
            return known;
        }
        match engine {
            Engine::Previz => self
                .tools
                .open_gpu()
                .map(|gpu| PrevizRenderer::new(gpu, self.tools.scene_parts()).renderer_identity()),
            Engine::Cycles | Engine::Eevee | Engine::Workbench => self
                .tools
                .blender_renderer(engine)
                .map(|rendering| rendering.renderer_identity()),
            Engine::Command(provider) => self
                .tools
                .with_command_renderer(provider, |commanded| commanded.renderer_identity()),
        }
        // A missing renderer does not stop planning: what is in the store may be all that the run
        // needs. If the job must run, it fails with the reason.
        .unwrap_or_else(|_| format!("{}, not installed", engine.name()))
    }

    fn previz(&self) -> Result<PrevizRenderer<'_>, JobFailure> {
        let gpu = self.tools.open_gpu()?;
        Ok(PrevizRenderer::new(gpu, self.tools.scene_parts()))
    }

    fn render_with_engine(
        &self,
        engine: &Engine,
        context: &JobContext<'_>,
    ) -> Result<ProducerOutput, JobFailure> {
        if let JobAction::Sprites(work) = context.action {
            return self.render_sprites(work, context);
        }
        match engine {
            Engine::Previz => self.previz()?.render_job(context),
            Engine::Cycles | Engine::Eevee | Engine::Workbench => {
                self.tools.blender_renderer(engine)?.render_job(context)
            }
            Engine::Command(provider) => self
                .tools
                .with_command_renderer(provider, |commanded| commanded.render_job(context))?,
        }
    }
}

impl RenderProducer<'_> {
    fn render_sprites(
        &self,
        work: &SpriteWork,
        context: &JobContext<'_>,
    ) -> Result<ProducerOutput, JobFailure> {
        match work.engine {
            Engine::Previz => self.previz()?.render_sprites(work, context),
            // Plans name no other. A task of a later version may.
            _ => {
                let message = format!("draw sprites: `{}` does not", work.engine.name());
                Err(JobFailure::new(FailureClass::MissingTool, message))
            }
        }
    }
}

impl JobProducer for RenderProducer<'_> {
    fn provider_identity(&self, work: &JobAction) -> String {
        work.engine()
            .map_or_else(built_in_identity, |engine| self.renderer_identity(engine))
    }

    fn run_job(&self, context: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
        match context.action.engine() {
            Some(engine) => self.render_with_engine(engine, context),
            None => Err(JobFailure::wrong_action(ActionKind::Render, context.action)),
        }
    }

    fn check_outputs(
        &self,
        context: &JobContext<'_>,
        outputs: &[OutputFile],
    ) -> Result<(), JobFailure> {
        check_drawn(context.action, outputs)
    }
}

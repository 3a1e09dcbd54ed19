//! Finds the producer of a job. No other place knows which producer does which kind of work.

use super::contract::{JobContext, JobFailure, JobProducer, OutputFile, ProducerOutput};
use super::cut::{TextExportProducer, TransitionProducer};
use super::encode::EncodeProducer;
use super::footage::FootageProducer;
use super::grade::GradeProducer;
use super::import::ImportProducer;
use super::producer_tools::{FolderProviders, ProducerTools};
use super::render::RenderProducer;
use super::render::command::EnvironmentVariables;
use super::sound::{EffectsProducer, MixProducer, MusicProducer, SpeechProducer};
use super::sprites::{SpriteSheetProducer, TileMapProducer};
use super::stitch::StitchProducer;
use super::verify::VerifyProducer;
use crate::base::CancelToken;
use crate::gpu::{AdapterChoice, GpuDevice};
use crate::media::FfmpegTools;
use crate::model::farm_profile::NodeCapabilities;
use crate::model::machine_profile::MachineProfile;
use crate::model::sound::Voice;
use crate::model::{ActionKind, Codec, EncodingChoice, Engine, JobAction};
use crate::process::ProcessReaper;
use std::ffi::OsString;
use std::sync::Arc;

/// Every producer, with the tools of this machine. It is a producer of every kind of work itself,
/// so executors know no kinds.
pub struct ProducerRegistry {
    tools: ProducerTools,
}

impl ProducerRegistry {
    /// Returns producers that use the adapter of `choice`, and ffmpeg if `tools` has it.
    #[must_use]
    pub fn new(
        adapter_choice: AdapterChoice,
        tools: Option<FfmpegTools>,
        cancel: CancelToken,
    ) -> Self {
        Self {
            tools: ProducerTools::new(adapter_choice, tools, cancel),
        }
    }

    /// See [`ProducerTools::with_renderers`].
    #[must_use]
    pub fn with_renderers(
        self,
        search_path: OsString,
        profile: &MachineProfile,
        threads: usize,
    ) -> Self {
        Self {
            tools: self.tools.with_renderers(search_path, profile, threads),
        }
    }

    /// See [`ProducerTools::with_environment`].
    #[must_use]
    pub fn with_environment(self, environment: EnvironmentVariables) -> Self {
        Self {
            tools: self.tools.with_environment(environment),
        }
    }

    /// See [`ProducerTools::with_nodes`].
    #[must_use]
    pub fn with_nodes(self, nodes: NodeCapabilities) -> Self {
        Self {
            tools: self.tools.with_nodes(nodes),
        }
    }

    /// See [`ProducerTools::with_folder_providers`].
    #[must_use]
    pub fn with_folder_providers(self, folder_providers: FolderProviders) -> Self {
        Self {
            tools: self.tools.with_folder_providers(folder_providers),
        }
    }

    /// See [`ProducerTools::with_reaper`].
    #[must_use]
    pub fn with_reaper(self, reaper: Option<Arc<ProcessReaper>>) -> Self {
        Self {
            tools: self.tools.with_reaper(reaper),
        }
    }

    /// See [`ProducerTools::require_ffmpeg`].
    ///
    /// # Errors
    /// Fails if ffmpeg is there and does not say its version.
    pub fn require_ffmpeg(&self) -> Result<(), JobFailure> {
        self.tools.require_ffmpeg()
    }

    /// See [`ProducerTools::has_ffmpeg`].
    #[must_use]
    pub const fn has_ffmpeg(&self) -> bool {
        self.tools.has_ffmpeg()
    }

    /// See [`ProducerTools::try_codec`].
    ///
    /// # Errors
    /// Fails with the encoder that does not work.
    pub fn try_codec(&self, codec: Codec, choice: &EncodingChoice) -> Result<(), String> {
        self.tools.try_codec(codec, choice)
    }

    /// See [`ProducerTools::require_renderer`].
    ///
    /// # Errors
    /// Fails with what is missing, and how to get it.
    pub fn require_renderer(&self, engine: &Engine) -> Result<(), JobFailure> {
        self.tools.require_renderer(engine)
    }

    /// See [`ProducerTools::require_voice`].
    ///
    /// # Errors
    /// Fails with what is missing, and how to get it.
    pub fn require_voice(&self, voice: &Voice) -> Result<(), JobFailure> {
        self.tools.require_voice(voice)
    }

    /// See [`ProducerTools::local_instruments`].
    #[must_use]
    pub fn local_instruments(&self) -> Option<String> {
        self.tools.local_instruments()
    }

    /// See [`ProducerTools::uses_graphics_device`].
    #[must_use]
    pub fn uses_graphics_device(&self, work: &JobAction) -> bool {
        self.tools.uses_graphics_device(work)
    }

    /// See [`ProducerTools::open_gpu`].
    ///
    /// # Errors
    /// Fails with the reason and what to install if there is no adapter.
    pub fn open_gpu(&self) -> Result<&GpuDevice, JobFailure> {
        self.tools.open_gpu()
    }

    fn find_producer(&self, kind: ActionKind) -> Box<dyn JobProducer + '_> {
        // A producer borrows the tools. If each owned its tools, six of them would look for ffmpeg.
        // A static table of producers is impossible, because the tools belong to a session.
        let tools = &self.tools;
        // There is no wildcard: a new kind does not compile before it has a producer.
        match kind {
            ActionKind::Import => Box::new(ImportProducer { tools }),
            ActionKind::Sheet | ActionKind::Plate | ActionKind::Render | ActionKind::Sprites => {
                Box::new(RenderProducer { tools })
            }
            ActionKind::Footage => Box::new(FootageProducer { tools }),
            ActionKind::Grade => Box::new(GradeProducer),
            ActionKind::Encode => Box::new(EncodeProducer { tools }),
            ActionKind::Transition => Box::new(TransitionProducer),
            ActionKind::TextExport => Box::new(TextExportProducer),
            ActionKind::SpriteSheet => Box::new(SpriteSheetProducer),
            ActionKind::TileMap => Box::new(TileMapProducer),
            ActionKind::Stitch => Box::new(StitchProducer { tools }),
            ActionKind::Speech => Box::new(SpeechProducer { tools }),
            ActionKind::Music | ActionKind::MusicFile => Box::new(MusicProducer { tools }),
            ActionKind::Ambience | ActionKind::Effects => Box::new(EffectsProducer),
            ActionKind::Mix => Box::new(MixProducer { tools }),
            ActionKind::Verify => Box::new(VerifyProducer { tools }),
        }
    }
}

impl JobProducer for ProducerRegistry {
    fn provider_identity(&self, work: &JobAction) -> String {
        self.find_producer(work.kind()).provider_identity(work)
    }

    fn run_job(&self, context: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
        self.find_producer(context.action.kind()).run_job(context)
    }

    fn check_outputs(
        &self,
        context: &JobContext<'_>,
        outputs: &[OutputFile],
    ) -> Result<(), JobFailure> {
        self.find_producer(context.action.kind())
            .check_outputs(context, outputs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AssetKind, Codec, FrameRate, PixelSize};
    use crate::producers::testing::{TestBench, output_format};

    #[test]
    fn no_producer_takes_work_of_another_kind_for_its_own() {
        let size = PixelSize::new(96, 54);
        let import = JobAction::Import {
            kind: AssetKind::Model,
            mend: Default::default(),
        };
        let verify = JobAction::Verify {
            format: output_format(Codec::Png, size, FrameRate::from_fps(24)),
            count: 1,
            sound: None,
            timecode: None,
        };
        let registry = ProducerRegistry::new(AdapterChoice::Any, None, CancelToken::default());
        let bench = TestBench::new();
        for kind in ActionKind::ALL {
            let action = if *kind == ActionKind::Import {
                &verify
            } else {
                &import
            };
            let producer = registry.find_producer(*kind);
            let inputs = TestBench::input_files([]);
            bench
                .run_job(action, &inputs, |context| {
                    assert!(producer.check_outputs(context, &[]).is_err(), "{kind}");
                    producer.run_job(context)
                })
                .expect_err(kind.id());
        }
    }

    #[test]
    fn without_tools_every_kind_still_has_a_provider_identity() {
        let registry = ProducerRegistry::new(AdapterChoice::Any, None, CancelToken::default());
        let film = JobAction::Verify {
            format: output_format(Codec::H264, PixelSize::new(96, 54), FrameRate::from_fps(24)),
            count: 1,
            sound: None,
            timecode: None,
        };
        assert_eq!(registry.provider_identity(&film), "ffmpeg not installed");
        let blend = JobAction::Import {
            kind: AssetKind::Blend,
            mend: Default::default(),
        };
        assert_eq!(registry.provider_identity(&blend), "Blender, not installed");
        let built_in = format!("production {}", env!("CARGO_PKG_VERSION"));
        for action in [
            JobAction::Import {
                kind: AssetKind::Model,
                mend: Default::default(),
            },
            JobAction::Verify {
                format: output_format(Codec::Png, PixelSize::new(96, 54), FrameRate::from_fps(24)),
                count: 1,
                sound: None,
                timecode: None,
            },
        ] {
            assert_eq!(registry.provider_identity(&action), built_in);
        }
    }
}

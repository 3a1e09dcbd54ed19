//! The crew: every built-in provider with its tools, and which of them does a piece of work.
//!
//! The graphics adapter is opened when the first picture is drawn, so that a run that reuses everything needs none.

use super::check::check;
use super::encode::Encode;
use super::grade::Grading;
use super::import::Import;
use super::render::previz::Previz;
use super::stitch::Stitch;
use super::task::{Assignment, Failure, FailureClass, Finished, Perform, Produced};
use super::verify::Verify;
use crate::base::Cancel;
use crate::gpu::{Choice, Gpu};
use crate::media::Tools;
use crate::model::Work;
use crate::process::Watch;
use std::sync::OnceLock;

/// Everyone who can work on this machine.
pub struct Crew {
    choice: Choice,
    gpu: OnceLock<Result<Gpu, String>>,
    tools: Option<Tools>,
    version: OnceLock<String>,
    cancel: Cancel,
}

impl Crew {
    /// Returns the crew that uses the adapter of `choice` and, where there are any, these tools.
    #[must_use]
    pub const fn new(choice: Choice, tools: Option<Tools>, cancel: Cancel) -> Self {
        Self { choice, gpu: OnceLock::new(), tools, version: OnceLock::new(), cancel }
    }

    /// Returns the adapter, opening it on the first call.
    ///
    /// # Errors
    /// Fails with the reason, and what to install, when there is none.
    pub fn gpu(&self) -> Result<&Gpu, Failure> {
        let opened = self.gpu.get_or_init(|| Gpu::open(&self.choice).map_err(|error| error.to_string()));
        opened.as_ref().map_err(|message| Failure::new(FailureClass::MissingTool, message.clone()))
    }

    fn ffmpeg_version(&self) -> &str {
        self.version.get_or_init(|| {
            let found = self.tools.as_ref().and_then(|tools| tools.version(Watch::of(&self.cancel)).ok());
            found.unwrap_or_else(|| "not installed".to_owned())
        })
    }
}

impl Perform for Crew {
    /// An adapter that cannot be opened is named as such; the work then fails with the reason.
    fn provider(&self, work: &Work) -> String {
        match work {
            Work::Sheet { .. } | Work::Plate { .. } | Work::Render { .. } => match self.gpu() {
                Ok(gpu) => Previz::new(gpu).provider(),
                Err(_) => "previz without an adapter".to_owned(),
            },
            Work::Encode { format, .. } | Work::Stitch { format, .. } | Work::Verify { format, .. }
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
            Work::Import { .. } => Import.perform(assignment),
            Work::Sheet { .. } | Work::Plate { .. } | Work::Render { .. } => {
                Previz::new(self.gpu()?).perform(assignment)
            }
            Work::Grade { .. } => Grading.perform(assignment),
            Work::Encode { .. } => Encode { tools: tools() }.perform(assignment),
            Work::Stitch { .. } => Stitch { tools: tools() }.perform(assignment),
            Work::Verify { .. } => Verify { tools: tools() }.perform(assignment),
        }
    }

    fn check(&self, assignment: &Assignment<'_>, outputs: &[Produced]) -> Result<(), Failure> {
        check(assignment.work, outputs, self.tools.as_ref(), assignment.watch)
    }
}

/// Returns whether `work` cannot be done without ffmpeg.
#[must_use]
pub const fn needs_ffmpeg(work: &Work) -> bool {
    match work {
        Work::Encode { format, .. } | Work::Stitch { format, .. } | Work::Verify { format, .. } => {
            format.codec.needs_ffmpeg()
        }
        _ => false,
    }
}

//! What one finished job took. Later jobs are estimated from such samples.

use super::{Job, PixelSize};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What the time of one unit of work depends on, as far as it is the same for all jobs of a kind:
/// the size of the pictures, and how often each pixel is sampled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UnitLoad {
    /// Pixels of a picture. 0: it does not depend on a picture, or the size was not recorded.
    pub pixels: u64,
    /// Samples a pixel. 0: the pixels are not sampled.
    pub samples: u32,
}

impl UnitLoad {
    /// Returns the load of one unit of this job.
    #[must_use]
    pub fn for_job(job: &Job) -> Self {
        let pixels = |size: PixelSize| size.pixel_count();
        if let Some(drawing) = job.work.drawing() {
            return Self {
                pixels: pixels(drawing.size),
                samples: drawing.samples,
            };
        }
        let size = job.work.output_format().map(|format| format.size);
        Self {
            pixels: size.or(job.source_size).map_or(0, pixels),
            samples: 0,
        }
    }

    /// Returns whether nothing was recorded.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.pixels == 0
    }
}

/// What one finished job took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobSample {
    /// Seconds from its start to its end.
    pub seconds: f64,
    /// Units of work.
    pub units: usize,
    /// CPU seconds of this process and of its children that the job used. `None`: not measured.
    pub cpu_seconds: Option<f64>,
    /// What one unit was.
    pub load: UnitLoad,
    /// What it worked on, such as its shot: jobs with the same content take about as long.
    pub content: Arc<str>,
    /// What did the work, with its version and adapter.
    pub provider: Arc<str>,
}

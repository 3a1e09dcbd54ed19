//! What tests of producers share: a folder, a job context, graded frames, and the tools if they are
//! installed.

use super::contract::{JobContext, JobFailure, JobProducer, OutputFile, ProducerOutput};
use super::registry::ProducerRegistry;
use crate::base::CancelToken;
use crate::gpu::AdapterChoice;
use crate::media::FfmpegTools;
use crate::media::picture::{DisplayImage, write_png16};
use crate::model::retro_treatment::FitMode;
use crate::model::{
    Codec, FrameRate, InputFile, InputFiles, InputSlot, JobAction, OutputFormat, PixelSize,
};
use crate::process::CallOptions;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A folder to work in; every job gets a scratch folder of its own.
pub(super) struct TestBench {
    folder: tempfile::TempDir,
    jobs: AtomicUsize,
}

impl TestBench {
    pub(super) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            jobs: AtomicUsize::new(0),
        }
    }

    pub(super) fn folder_path(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn input_files<const N: usize>(slots: [(&str, Vec<InputFile>); N]) -> InputFiles {
        InputFiles {
            files: slots
                .into_iter()
                .map(|(name, files)| (InputSlot::new(name), files))
                .collect(),
        }
    }

    pub(super) fn run_job(
        &self,
        work: &JobAction,
        inputs: &InputFiles,
        act: impl FnOnce(&JobContext) -> Result<ProducerOutput, JobFailure>,
    ) -> Result<ProducerOutput, JobFailure> {
        let scratch = self
            .folder_path()
            .join(format!("job{}", self.jobs.fetch_add(1, Ordering::SeqCst)));
        std::fs::create_dir(&scratch).unwrap();
        let cancel = CancelToken::default();
        act(&JobContext {
            action: work,
            inputs,
            scratch: &scratch,
            watch: CallOptions::new(&cancel),
            progress: &|_, _| {},
        })
    }

    /// Writes `count` graded frames, without extension as in the store. A bright bar moves one step
    /// a frame.
    pub(super) fn graded_frames(
        &self,
        size: PixelSize,
        count: usize,
        start: usize,
    ) -> Vec<InputFile> {
        (0..count)
            .map(|index| {
                let path = self
                    .folder_path()
                    .join(format!("graded{size}_{start}_{index}"));
                write_png16(&path, &bar_pattern(size, start + index)).unwrap();
                InputFile {
                    name: format!("{:04}.png", index + 1),
                    path,
                }
            })
            .collect()
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a test pattern")]
fn bar_pattern(size: PixelSize, position: usize) -> DisplayImage {
    DisplayImage {
        size,
        pixels: (0..size.width * size.height)
            .map(|i| {
                let x = i % size.width;
                let y = i / size.width;
                let shade = (x * 40_000 / size.width) as u16;
                if (x / 8) as usize == position % (size.width / 8) as usize {
                    [65535, 50000, 20000]
                } else {
                    [shade, 12000 + y as u16, 30000]
                }
            })
            .collect(),
    }
}

pub(super) fn output_format(codec: Codec, size: PixelSize, rate: FrameRate) -> OutputFormat {
    OutputFormat {
        codec,
        size,
        rate,
        fit: FitMode::Crop,
        retro: None,
        encoding: Default::default(),
    }
}

/// Returns the usual folders of programs, in the format of `PATH`.
pub(super) fn program_search_path() -> std::ffi::OsString {
    std::env::join_paths(["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].map(PathBuf::from))
        .unwrap()
}

/// Returns the result of a search. If everything is required (`scripts/test` sets that), a test
/// without it fails; elsewhere it prints that it is skipped.
pub(super) fn require_or_skip<T, E: std::fmt::Display>(result: Result<T, E>) -> Option<T> {
    #[expect(clippy::disallowed_methods, reason = "a test asks how it was started")]
    let required = std::env::var_os("PRODUCTION_TESTS_REQUIRE_ASSETS").is_some();
    result
        .inspect_err(|why| {
            assert!(!required, "{why}: run scripts/setup tests");
            eprintln!("SKIPPED: cannot {why}");
        })
        .ok()
}

/// Returns ffmpeg and ffprobe from the usual folders, if they are there.
pub(super) fn find_tools() -> Option<FfmpegTools> {
    require_or_skip(FfmpegTools::find_programs(&program_search_path()))
}

/// Checks outputs as the executor does: with the producer of the action's kind.
pub(super) fn check_outputs(
    work: &JobAction,
    outputs: &[OutputFile],
    tools: Option<&FfmpegTools>,
    watch: CallOptions<'_>,
) -> Result<(), JobFailure> {
    let registry = ProducerRegistry::new(
        AdapterChoice::default(),
        tools.cloned(),
        CancelToken::default(),
    );
    let context = JobContext {
        action: work,
        inputs: &InputFiles::default(),
        scratch: Path::new(""),
        watch,
        progress: &|_, _| {},
    };
    registry.check_outputs(&context, outputs)
}

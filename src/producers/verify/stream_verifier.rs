//! Verifies a stream: every rendition is opened by its playlist and decoded to its end.

use super::expectations::{as_bad_output, expect_equal, expect_video};
use crate::media::sound_probe;
use crate::media::video_probe::{self, DecodedVideoStats};
use crate::media::{FfmpegTools, hls_playlist};
use crate::model::codec::ContainerClock;
use crate::model::sound::SoundFormat;
use crate::model::{InputFile, OutputFormat};
use crate::producers::contract::{FailureClass, JobContext, JobFailure};
use crate::producers::output_check::{MAIN_PLAYLIST, SOUND_STEM};
use std::path::{Path, PathBuf};

/// A stream whose files have their names again.
pub(super) struct UnpackedStream {
    folder: PathBuf,
}

impl UnpackedStream {
    /// Gives the files of a stream the names that its playlists have.
    pub(super) fn link_files(
        files: &[InputFile],
        context: &JobContext<'_>,
    ) -> Result<Self, JobFailure> {
        // Files of the store are named by digests, and playlists name files.
        let folder = context.scratch.join("stream");
        let failed = |error| JobFailure::from_io_error("unpack the stream", &error);
        std::fs::create_dir_all(&folder).map_err(failed)?;
        for file in files {
            let path = folder.join(&file.name);
            // The store may be on a file system without links.
            std::fs::hard_link(&file.path, &path)
                .or_else(|_| std::fs::copy(&file.path, &path).map(|_| ()))
                .map_err(failed)?;
        }
        Ok(Self { folder })
    }

    /// Returns the playlist of the sound.
    pub(super) fn sound_playlist(&self) -> PathBuf {
        self.folder.join(format!("{SOUND_STEM}.m3u8"))
    }

    /// Compares the language of the sound with that of the file that the playlist names.
    ///
    /// # Errors
    /// Fails if it is another, or the file cannot be read.
    pub(super) fn expect_sound_language(
        &self,
        tools: &FfmpegTools,
        sound: &SoundFormat,
        context: &JobContext<'_>,
    ) -> Result<(), JobFailure> {
        let path = self.folder.join(format!("{SOUND_STEM}.mp4"));
        let probed = sound_probe::probe_sound(tools, &path, context.watch)
            .map_err(|error| as_bad_output(error.into()))?;
        let found = probed.and_then(|probed| probed.language);
        expect_equal(
            "language of the sound",
            sound.language_tag().unwrap_or("none"),
            found.as_deref().unwrap_or("none"),
        )
    }

    /// Removes the names.
    pub(super) fn remove(self) -> Result<(), JobFailure> {
        std::fs::remove_dir_all(&self.folder)
            .map_err(|error| JobFailure::from_io_error("remove the unpacked stream", &error))
    }

    /// Decodes every rendition, and returns what was seen of the largest.
    ///
    /// # Errors
    /// Fails with the first fact that differs.
    pub(super) fn verify_renditions(
        &self,
        tools: &FfmpegTools,
        format: &OutputFormat,
        count: usize,
        context: &JobContext<'_>,
    ) -> Result<DecodedVideoStats, JobFailure> {
        let formats = format.encoded_formats();
        self.expect_main_playlist(&formats)?;
        let mut largest = None;
        for (index, rendition) in formats.iter().enumerate() {
            let path = self.folder.join(format!("{}.m3u8", rendition.size));
            let seen = verify_rendition(tools, &path, rendition, count, context)?;
            // All show the same film, so the figures of one are those of all.
            largest.get_or_insert(seen);
            (context.progress)(count * (index + 1) / formats.len(), count);
        }
        largest.ok_or_else(|| {
            JobFailure::new(
                FailureClass::BadOutput,
                "verify: the stream has no renditions",
            )
        })
    }

    fn expect_main_playlist(&self, formats: &[OutputFormat]) -> Result<(), JobFailure> {
        let text = std::fs::read_to_string(self.folder.join(MAIN_PLAYLIST))
            .map_err(|error| JobFailure::from_io_error("read the main playlist", &error))?;
        let found = hls_playlist::named_playlists(&text);
        let wanted: Vec<String> = formats
            .iter()
            .map(|format| format!("{}.m3u8", format.size))
            .collect();
        // The playlist of the sound comes behind those of the pictures, and is compared elsewhere.
        let found = found.get(..wanted.len()).unwrap_or_default();
        expect_equal("playlists", wanted.join(", "), found.join(", "))
    }
}

fn verify_rendition(
    tools: &FfmpegTools,
    path: &Path,
    rendition: &OutputFormat,
    count: usize,
    context: &JobContext<'_>,
) -> Result<DecodedVideoStats, JobFailure> {
    let film = rendition
        .codec
        .film_encoding()
        .ok_or_else(|| JobFailure::new(FailureClass::Crash, "verify: a rendition is no film"))?;
    // Playlists have lengths of segments as decimals.
    let clock = ContainerClock::Milliseconds;
    expect_video(tools, path, rendition, film, clock, count, context.watch)?;
    let seen = video_probe::decode_video_stats(tools, path, context.watch, |_| {})
        .map_err(|error| as_bad_output(error.into()))?;
    expect_equal("decoded frames", count, seen.frames)?;
    Ok(seen)
}

//! Makes the files of HTTP Live Streaming: one fragmented MP4 a rendition, and its playlist.

use super::ToolError;
use super::codec_arguments::sound_arguments;
use super::tools::{FfmpegTools, FilmSound, PROGRESS_ARGUMENTS, ffmpeg_call, file_protocol_path};
use crate::model::codec::FilmContainer;
use crate::process::CallOptions;
use ffmpeg_sidecar::command::FfmpegCommand;
use std::path::Path;

/// Seconds of a segment, as Apple recommends. Segments end at the next key frame.
const SEGMENT_SECONDS: &str = "6";

impl FfmpegTools {
    /// Packs the pictures of a film without decoding into `STEM.mp4` and `STEM.m3u8` in `folder`.
    ///
    /// # Errors
    /// Fails if the film cannot be read, or if ffmpeg fails or is stopped.
    pub fn package_pictures(
        &self,
        film: &Path,
        folder: &Path,
        stem: &str,
        watch: CallOptions<'_>,
    ) -> Result<(), ToolError> {
        let mut command = self.base_command();
        command
            .input(file_protocol_path(film))
            .args(["-map", "0:v:0", "-c", "copy"]);
        package(command, folder, stem, watch)
    }

    /// Encodes sound into `STEM.mp4` and `STEM.m3u8` in `folder`, which begins after `delay` seconds.
    ///
    /// # Errors
    /// Fails if the sound cannot be read, or if ffmpeg fails or is stopped.
    pub fn package_sound(
        &self,
        sound: FilmSound<'_>,
        delay: f64,
        folder: &Path,
        stem: &str,
        watch: CallOptions<'_>,
    ) -> Result<(), ToolError> {
        let mut command = self.base_command();
        command
            .args(["-f", "wav"])
            .input(file_protocol_path(sound.path))
            .args(["-map", "0:a:0"])
            .args(sound_arguments(sound.format, FilmContainer::Mp4.spec()))
            .args(["-output_ts_offset", &format!("{delay:.6}")]);
        package(command, folder, stem, watch)
    }
}

fn package(
    mut command: FfmpegCommand,
    folder: &Path,
    stem: &str,
    watch: CallOptions<'_>,
) -> Result<(), ToolError> {
    command.args(["-map_metadata", "-1", "-fflags", "+bitexact"]);
    command.args(["-hls_time", SEGMENT_SECONDS, "-hls_playlist_type", "vod"]);
    // One file with ranges, and not a file for each segment: its name is known before the run.
    command.args(["-hls_segment_type", "fmp4"]);
    command.args(["-hls_flags", "single_file+independent_segments"]);
    // Names and no paths: the playlist has them as they are written here, and `%` in a path would
    // be a pattern.
    command.args(["-hls_segment_filename", &format!("{stem}.mp4")]);
    command
        .args(PROGRESS_ARGUMENTS)
        .overwrite()
        .format("hls")
        .output(format!("{stem}.m3u8"));
    command.as_inner_mut().current_dir(folder);
    ffmpeg_call(command).stream_stdout(watch, |_: &[u8]| {})?;
    Ok(())
}

//! Where ffmpeg and ffprobe are, which version they are, and what they can really encode.

use super::codec;
use super::error::ToolError;
use crate::base;
use crate::model::{Codec, FilmEncoding, FrameRate, PixelSize};
use crate::process::{CallError, CallOptions, CapturedOutput, ChildCommand};
use ffmpeg_sidecar::command::FfmpegCommand;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};

/// Makes ffmpeg write every second how far it is, to the standard output that these calls have no other use for: a sign of
/// life where it is silent otherwise.
const PROGRESS_ARGUMENTS: [&str; 4] = ["-progress", "pipe:1", "-stats_period", "1"];

/// A film as ffmpeg encodes it.
#[derive(Debug, Clone, Copy)]
pub struct FilmStream<'a> {
    /// What ffmpeg is told for the codec.
    pub encoding: &'a FilmEncoding,
    /// Size of the frames that come in, and of the film.
    pub size: PixelSize,
    /// Frames a second, of both.
    pub rate: FrameRate,
}

/// The two programs.
#[derive(Debug, Clone)]
pub struct FfmpegTools {
    /// Encodes, decodes and joins.
    pub ffmpeg: PathBuf,
    /// Measures.
    pub ffprobe: PathBuf,
    /// What ffmpeg said of itself: asking starts a process, which costs as much as joining a short film.
    version: Arc<OnceLock<String>>,
}

impl FfmpegTools {
    /// Looks for both in the folders of `search`, written like `PATH`.
    ///
    /// # Errors
    /// Fails when either is nowhere, naming the folders and how to install it.
    pub fn find_programs(search: &OsStr) -> Result<Self, ToolError> {
        let (ffmpeg, ffprobe) = (
            find_program("ffmpeg", search)?,
            find_program("ffprobe", search)?,
        );
        Ok(Self {
            ffmpeg,
            ffprobe,
            version: Arc::default(),
        })
    }

    /// Returns ffmpeg's version, such as `5.1.9-0+deb12u1`; ffmpeg is asked once.
    ///
    /// # Errors
    /// Fails when it does not start, or says no version.
    pub fn version(&self, watch: CallOptions<'_>) -> Result<String, ToolError> {
        if let Some(known) = self.version.get() {
            return Ok(known.clone());
        }
        let version = self.query_version(watch)?;
        Ok(self.version.get_or_init(|| version).clone())
    }

    fn query_version(&self, watch: CallOptions<'_>) -> Result<String, ToolError> {
        let mut command = Command::new(&self.ffmpeg);
        command.arg("-version");
        let output = ChildCommand::new(command).run(watch)?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let version = text
            .lines()
            .next()
            .and_then(ffmpeg_sidecar::log_parser::try_parse_version);
        version.ok_or_else(|| ToolError::Unreadable {
            path: self.ffmpeg.clone(),
            why: "it says no version".to_owned(),
        })
    }

    /// Encodes one real frame, because a listed encoder may still not work.
    ///
    /// # Errors
    /// Fails when the codec's encoder is missing or broken in this ffmpeg.
    pub fn try_codec(&self, codec: Codec, watch: CallOptions<'_>) -> Result<(), ToolError> {
        let Some(film) = codec.film_encoding() else {
            return Ok(());
        };
        let size = PixelSize::new(64, 64);
        let rate = FrameRate::from_fps(24);
        let mut frames = std::iter::once(vec![128; 64 * 64 * 6]);
        let mut command = self.raw_input(size, rate);
        command
            .args(codec::codec_arguments(film, rate))
            .format("null")
            .output("-");
        let result = ffmpeg_call(command).feed_stdin(watch, || Ok::<_, CallError>(frames.next()));
        match result {
            Err(CallError::Failed { evidence, .. }) => {
                let encoder = film.encoder;
                Err(ToolError::NoEncoder { encoder, evidence })
            }
            other => Ok(other.map(|_| ())?),
        }
    }

    /// Encodes raw 16-bit RGB frames (`rgb48le`, top row first) into `out`; `next` returns them until it returns `None`.
    ///
    /// # Errors
    /// Fails with the error of `next`, or when ffmpeg fails or is stopped.
    pub fn encode<E: From<CallError> + Send>(
        &self,
        stream: FilmStream<'_>,
        out: &Path,
        watch: CallOptions<'_>,
        next: impl FnMut() -> Result<Option<Vec<u8>>, E> + Send,
    ) -> Result<(), E> {
        let mut command = self.raw_input(stream.size, stream.rate);
        command
            .args(codec::codec_arguments(stream.encoding, stream.rate))
            .args(PROGRESS_ARGUMENTS);
        command
            .overwrite()
            .format(stream.encoding.muxer)
            .output(file_protocol_path(out));
        ffmpeg_call(command).feed_stdin(watch, next).map(|_| ())
    }

    /// Joins segments made by [`FfmpegTools::encode`] with the same codec, size and rate, listed in an ffconcat file, without
    /// decoding, and tells `progress` how many frames are joined. Every frame is put back on the exact time grid, which the
    /// concat demuxer blurs to microseconds.
    ///
    /// # Errors
    /// Fails when a segment cannot be read, or ffmpeg fails or is stopped.
    pub fn concat_segments(
        &self,
        list: &Path,
        film: &FilmEncoding,
        rate: FrameRate,
        out: &Path,
        watch: CallOptions<'_>,
        mut progress: impl FnMut(usize) + Send,
    ) -> Result<(), ToolError> {
        let timebase = codec::FrameTimebase::for_rate(rate);
        let tick = timebase.ticks_per_frame;
        let ahead = film.reorder_delay;
        let mut command = self.base_command();
        command
            .args(["-f", "concat", "-safe", "0"])
            .input(file_protocol_path(list))
            .args(["-map", "0:v:0", "-c", "copy"]);
        command.args([
            "-bsf:v",
            &format!("setts=pts=round(PTS/{tick})*{tick}:dts=(N-{ahead})*{tick}"),
        ]);
        command.args([
            "-video_track_timescale",
            &timebase.timescale.to_string(),
            "-movflags",
            "+faststart",
        ]);
        command.args([
            "-map_metadata",
            "-1",
            "-fflags",
            "+bitexact",
            "-max_interleave_delta",
            "0",
        ]);
        command
            .args(PROGRESS_ARGUMENTS)
            .overwrite()
            .format(film.muxer)
            .output(file_protocol_path(out));
        let report_progress =
            |bytes: &[u8]| progress_frames(bytes).into_iter().for_each(&mut progress);
        ffmpeg_call(command).stream_stdout(watch, report_progress)?;
        Ok(())
    }

    /// Decodes all video of a file to small grey pictures of `size`, handed to `sink` as bytes, and returns the log of
    /// what was wrong with it.
    ///
    /// # Errors
    /// Fails when the file cannot be decoded to its end.
    pub fn decode_grey(
        &self,
        path: &Path,
        size: PixelSize,
        watch: CallOptions<'_>,
        sink: impl FnMut(&[u8]) + Send,
    ) -> Result<String, ToolError> {
        let mut command = self.base_command();
        // With `explode`, damage that a player would conceal is an error.
        command
            .args(["-xerror", "-err_detect", "explode"])
            .input(file_protocol_path(path))
            .args(["-map", "0:v:0", "-an"]);
        // Numbering the pictures anew keeps ffmpeg from doubling or dropping any to hold a rate.
        let (width, height) = (size.width, size.height);
        let filter = format!("scale={width}:{height}:flags=area,format=gray,settb=1/25,setpts=N");
        command.args(["-vf", &filter, "-r", "25", "-threads", "4"]);
        command.format("rawvideo").pix_fmt("gray").output("pipe:1");
        Ok(ffmpeg_call(command).stream_stdout(watch, sink)?)
    }

    /// Runs ffprobe with these arguments and returns its output.
    ///
    /// # Errors
    /// Fails when ffprobe cannot read the file, or is stopped.
    pub fn run_ffprobe(
        &self,
        arguments: &[&str],
        path: &Path,
        watch: CallOptions<'_>,
    ) -> Result<CapturedOutput, ToolError> {
        let mut command = Command::new(&self.ffprobe);
        command
            .args(["-hide_banner", "-v", "error"])
            .args(arguments)
            .arg(file_protocol_path(path));
        Ok(ChildCommand::new(command).run(watch)?)
    }

    fn raw_input(&self, size: PixelSize, rate: FrameRate) -> FfmpegCommand {
        let mut command = self.base_command();
        command
            .format("rawvideo")
            .pix_fmt("rgb48le")
            .size(size.width, size.height);
        command
            .args(["-framerate", &format!("{}/{}", rate.num, rate.den)])
            .input("pipe:0");
        command
    }

    fn base_command(&self) -> FfmpegCommand {
        let mut command = FfmpegCommand::new_with_path(&self.ffmpeg);
        command.args([
            "-hide_banner",
            "-nostdin",
            "-nostats",
            "-loglevel",
            "warning",
        ]);
        command
    }
}

fn ffmpeg_call(mut command: FfmpegCommand) -> ChildCommand {
    let inner = std::mem::replace(command.as_inner_mut(), Command::new(""));
    ChildCommand::new(inner)
}

/// Returns the count of frames in what ffmpeg says of its progress. It writes each report at once, so none is cut in two.
fn progress_frames(report: &[u8]) -> Option<usize> {
    let text = String::from_utf8_lossy(report);
    text.lines()
        .rev()
        .find_map(|line| line.strip_prefix("frame=")?.trim().parse().ok())
}

/// A path that ffmpeg cannot take for an option or a protocol.
fn file_protocol_path(path: &Path) -> std::ffi::OsString {
    let mut text = std::ffi::OsString::from("file:");
    text.push(path);
    text
}

fn find_program(tool: &'static str, search: &OsStr) -> Result<PathBuf, ToolError> {
    base::find_program(tool, search).ok_or_else(|| ToolError::Missing {
        tool,
        tried: search.to_string_lossy().into_owned(),
    })
}

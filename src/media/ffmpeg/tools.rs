//! Finds ffmpeg and ffprobe, asks for their version, and runs every call of them.

use super::codec_arguments;
use super::error::ToolError;
use super::film_span::{FILM_FORMATS, PictureSpan};
use super::frame_repeats::{self, FramePlan};
use crate::base;
use crate::model::codec::{ContainerClock, FilmContainerSpec};
use crate::model::sound::SoundFormat;
use crate::model::{Codec, EncodingChoice, FilmEncoding, FilmPart, FrameRate, PixelSize};
use crate::process::{CallError, CallOptions, CapturedOutput, ChildCommand, ask_program};
use ffmpeg_sidecar::command::FfmpegCommand;
use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

/// Makes ffmpeg report its progress once a second on standard output.
// Standard output is free in these calls. Without the reports, `--silence-limit` would stop a slow
// encoder that is at work.
pub(super) const PROGRESS_ARGUMENTS: [&str; 4] = ["-progress", "pipe:1", "-stats_period", "1"];

/// Arguments that make an error of damage which a player would conceal.
const DAMAGE_IS_AN_ERROR: [&str; 3] = ["-xerror", "-err_detect", "explode"];
/// Time after which the trial of an encoder is stopped.
const CODEC_TRIAL_LIMIT: Duration = Duration::from_secs(20);

/// Filters that give all pictures new times, one a second, which keeps ffmpeg from doubling or
/// dropping some to hold a rate: as many come out as are in the file.
// One frame a second is no faster than any film: from version 8, ffmpeg also holds the last picture
// for as long as it lasts in the film, which at 25 a second would be several pictures of a slow
// film.
const NEW_TIMES: &str = "settb=1/1,setpts=N";

/// How many threads decode a film.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecoderThreads {
    /// One, which takes the least CPU time: other jobs run beside it.
    One,
    /// As many as ffmpeg chooses.
    Many,
}

/// A film as ffmpeg encodes it.
#[derive(Debug, Clone, Copy)]
pub struct FilmStream<'a> {
    /// The arguments of the codec.
    pub encoding: &'a FilmEncoding,
    /// What the document chooses of it.
    pub choice: &'a EncodingChoice,
    /// Size of the input frames and of the film.
    pub size: PixelSize,
    /// Frames a second of both.
    pub rate: FrameRate,
    /// For how many frames each input frame is shown, at least one. Empty: for one each.
    pub repeats: &'a [usize],
}

/// Segments to join, and the sound of the whole film.
#[derive(Debug, Clone, Copy)]
pub struct FilmJoin<'a> {
    /// The ffconcat file of the segments.
    pub list: &'a Path,
    /// How the segments were encoded.
    pub encoding: &'a FilmEncoding,
    /// The kind of file of the film.
    pub container: &'static FilmContainerSpec,
    /// Frames a second.
    pub rate: FrameRate,
    /// The sound. `None`: the film is silent.
    pub sound: Option<FilmSound<'a>>,
    /// The tracks of text, in order.
    pub texts: &'a [FilmText<'a>],
    /// Timecode of the first frame. `None`: the file has none.
    pub timecode: Option<&'a str>,
    /// Whether the packets stay as they are in the segments. One set-up must decode them all.
    pub keeps_packets: bool,
}

/// A track of text of a film before it is encoded.
#[derive(Debug, Clone, Copy)]
pub struct FilmText<'a> {
    /// A SubRip file.
    pub path: &'a Path,
    /// Its language as in BCP 47.
    pub language: &'a str,
}

/// The sound of a film before it is encoded.
#[derive(Debug, Clone, Copy)]
pub struct FilmSound<'a> {
    /// A WAV file that begins with the film.
    pub path: &'a Path,
    /// How it is encoded.
    pub format: &'a SoundFormat,
}

/// Paths of the two programs.
#[derive(Debug, Clone)]
pub struct FfmpegTools {
    /// The program that encodes, decodes and joins.
    pub ffmpeg: PathBuf,
    /// The program that measures.
    pub ffprobe: PathBuf,
    /// What this ffmpeg has answered.
    answers: Arc<ProgramAnswers>,
    /// Where they were found, in the syntax of `PATH`.
    search_path: OsString,
}

/// What an ffmpeg has answered to questions that each start a process, which takes as long as
/// joining a short film.
#[derive(Debug, Default)]
struct ProgramAnswers {
    version: OnceLock<String>,
    /// Arguments with which it has encoded a picture.
    working: Mutex<HashSet<Vec<String>>>,
}

/// A file of a program as it was when it answered.
#[derive(PartialEq)]
struct ProgramFile {
    path: PathBuf,
    length: u64,
    modified: SystemTime,
}

/// Returns the answers of a program, empty if it was not started. All tools for one file share
/// them: a run opens its production more than once.
fn answers_of(program: &Path) -> Arc<ProgramAnswers> {
    static ANSWERS: Mutex<Vec<(ProgramFile, Arc<ProgramAnswers>)>> = Mutex::new(Vec::new());
    let file = std::fs::metadata(program).and_then(|metadata| {
        Ok(ProgramFile {
            path: program.to_owned(),
            length: metadata.len(),
            // An update in the life of a process is another program.
            modified: metadata.modified()?,
        })
    });
    let Ok(file) = file else {
        return Arc::default();
    };
    let mut known = ANSWERS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, answers)) = known.iter().find(|(known, _)| *known == file) {
        return Arc::clone(answers);
    }
    let answers = Arc::default();
    known.push((file, Arc::clone(&answers)));
    answers
}

impl FfmpegTools {
    /// Finds both programs in the folders of `search`, which has the form of `PATH`.
    ///
    /// # Errors
    /// Fails if either is missing. The error names the folders and how to install ffmpeg.
    pub fn find_programs(search: &OsStr) -> Result<Self, ToolError> {
        let ffmpeg = find_program("ffmpeg", search)?;
        let ffprobe = find_program("ffprobe", search)?;
        Ok(Self {
            answers: answers_of(&ffmpeg),
            ffmpeg,
            ffprobe,
            search_path: search.to_owned(),
        })
    }

    /// Returns ffmpeg's version, such as `5.1.9-0+deb12u1`. Only the first call starts ffmpeg.
    ///
    /// # Errors
    /// Fails if ffmpeg does not start or prints no version.
    pub fn version(&self, watch: CallOptions<'_>) -> Result<String, ToolError> {
        // `OnceLock` cannot be filled by a function that fails. Two workers may both ask, and get
        // the same answer.
        if let Some(known) = self.answers.version.get() {
            return Ok(known.clone());
        }
        let version = self.query_version(watch)?;
        Ok(self.answers.version.get_or_init(|| version).clone())
    }

    fn query_version(&self, watch: CallOptions<'_>) -> Result<String, ToolError> {
        let mut command = Command::new(&self.ffmpeg);
        command.arg("-version");
        let output = ask_program(command, &self.search_path, watch)?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let version = text
            .lines()
            .next()
            .and_then(ffmpeg_sidecar::log_parser::try_parse_version);
        version.ok_or_else(|| ToolError::Unreadable {
            path: self.ffmpeg.clone(),
            why: "its `-version` prints no version".to_owned(),
        })
    }

    /// Encodes one frame with the usual variant of this codec.
    ///
    /// # Errors
    /// Fails if the codec's encoder is missing or broken in this ffmpeg.
    pub fn try_codec(&self, codec: Codec, watch: CallOptions<'_>) -> Result<(), ToolError> {
        self.try_encoding(codec, &EncodingChoice::default(), watch)
    }

    /// Encodes one frame as an output chooses.
    ///
    /// # Errors
    /// Fails if the codec's encoder is missing or broken in this ffmpeg, or lacks the variant.
    pub fn try_encoding(
        &self,
        codec: Codec,
        choice: &EncodingChoice,
        watch: CallOptions<'_>,
    ) -> Result<(), ToolError> {
        let Some(film) = codec.tool_encoding() else {
            return Ok(());
        };
        let least = codec.spec().size_grid.smallest;
        let size = PixelSize::new(least.width.max(64), least.height.max(64));
        // `ffmpeg -encoders` is not enough: a listed encoder may still fail when it is opened.
        let rate = FrameRate::from_fps(24);
        let arguments = codec_arguments::codec_arguments(film, choice, rate);
        if self.lock_working().contains(&arguments) {
            return Ok(());
        }
        match self.encode_one_picture(size, rate, &arguments, watch) {
            Ok(()) => {
                self.lock_working().insert(arguments);
                Ok(())
            }
            Err(CallError::Failed { evidence, .. }) => {
                let encoder = film.encoder;
                Err(ToolError::NoEncoder { encoder, evidence })
            }
            Err(other) => Err(other.into()),
        }
    }

    fn lock_working(&self) -> MutexGuard<'_, HashSet<Vec<String>>> {
        let working = self.answers.working.lock();
        working.unwrap_or_else(PoisonError::into_inner)
    }

    /// Encodes a grey picture of ffmpeg's own with these arguments, and throws it away.
    fn encode_one_picture(
        &self,
        size: PixelSize,
        rate: FrameRate,
        arguments: &[String],
        watch: CallOptions<'_>,
    ) -> Result<(), CallError> {
        let mut command = self.base_command();
        // A trial that is fed has more ways to fail than the encoder.
        command
            .format("lavfi")
            .input(format!(
                "color=gray:size={size}:rate={}/{},format=rgb48le",
                rate.num, rate.den
            ))
            .args(["-frames:v", "1"]);
        command
            .args(arguments)
            // The result is thrown away, so no file has to be cleaned up.
            .format("null")
            .output("-");
        // A question as well, so it has a limit too.
        let watch = CallOptions {
            time_limit: Some(CODEC_TRIAL_LIMIT),
            ..watch
        };
        ffmpeg_call(command).run(watch).map(|_| ())
    }

    /// Encodes raw 16-bit RGB frames (`gbrp16le`: planes of green, blue and red, top row first)
    /// into `out`, until `next` returns `None`. Each is shown as often as the stream says.
    ///
    /// # Errors
    /// Fails with the error of `next`, or if ffmpeg fails or is stopped.
    pub fn encode<E: From<CallError> + Send>(
        &self,
        stream: FilmStream<'_>,
        out: &Path,
        watch: CallOptions<'_>,
        next: impl FnMut() -> Result<Option<Vec<u8>>, E> + Send,
    ) -> Result<(), E> {
        let plan = FramePlan::for_repeats(stream.repeats, stream.rate);
        let mut command = self.raw_input(stream.size, stream.rate);
        command
            .args(codec_arguments::arguments_with_filters(
                stream.encoding,
                stream.choice,
                stream.rate,
                plan.filters.as_deref(),
            ))
            .args(PROGRESS_ARGUMENTS);
        command
            .overwrite()
            .format(stream.encoding.muxer)
            .output(file_protocol_path(out));
        let frames = frame_repeats::feed_frames(plan.feeds, next);
        ffmpeg_call(command).feed_stdin(watch, frames).map(|_| ())
    }

    /// Joins the segments of an ffconcat file without decoding, encodes the sound beside them, and
    /// reports joined frames to `progress`. Segments must come from [`FfmpegTools::encode`] with
    /// the same codec, size and rate.
    ///
    /// # Errors
    /// Fails if a segment or the sound cannot be read, or if ffmpeg fails or is stopped.
    pub fn concat_segments(
        &self,
        join: FilmJoin<'_>,
        out: &Path,
        watch: CallOptions<'_>,
        progress: impl FnMut(usize) + Send,
    ) -> Result<(), ToolError> {
        if join.container.clock == ContainerClock::Ticks {
            return self.join_film(join, out, watch, progress);
        }
        // Only MP4 and QuickTime can be given a clock. For another file ffmpeg chooses one, and
        // does not tell the filter that sets the times of frames. So the pictures are joined as
        // those of a film with an exact clock, and packed once more.
        let exact = out.with_extension("exact");
        let silent = FilmJoin {
            container: join.encoding.segment_container().spec(),
            sound: None,
            timecode: None,
            ..join
        };
        self.join_film(silent, &exact, watch, progress)?;
        let mut command = self.base_command();
        command.input(file_protocol_path(&exact));
        self.add_tracks(&mut command, join, watch)?;
        self.write_film(command, join, out, watch, |_| {})?;
        std::fs::remove_file(&exact).map_err(|error| ToolError::Unreadable {
            path: exact,
            why: error.to_string(),
        })
    }

    /// Joins segments to a film with a clock of ticks.
    fn join_film(
        &self,
        join: FilmJoin<'_>,
        out: &Path,
        watch: CallOptions<'_>,
        progress: impl FnMut(usize) + Send,
    ) -> Result<(), ToolError> {
        let tick = codec_arguments::FrameTimebase::for_rate(join.rate).ticks_per_frame;
        // With B-frames, decoding order runs ahead of display order. Decoding times start that much
        // below zero, or a frame would be decoded after it is shown.
        let ahead = join.encoding.reorder_delay;
        let mut command = self.base_command();
        command
            // `-safe 0` allows absolute paths. The list is our own file, and segments are blobs in
            // the store.
            .args(["-f", "concat", "-safe", "0"]);
        if join.keeps_packets {
            // Otherwise the demuxer writes the set-up into every key packet of H.264 and H.265, and
            // the film cannot be compared with its segments.
            command.args(["-auto_convert", "0"]);
        }
        command.input(file_protocol_path(join.list));
        self.add_tracks(&mut command, join, watch)?;
        command.args([
            "-bsf:v",
            // The concat demuxer rounds times to microseconds. Rounding to ticks puts every frame
            // back on the exact grid.
            &format!("setts=pts=round(PTS/{tick})*{tick}:dts=(N-{ahead})*{tick}"),
        ]);
        self.write_film(command, join, out, watch, progress)
    }

    /// Adds the pictures of the first input, as they are, the sound, and the tracks of text.
    fn add_tracks(
        &self,
        command: &mut FfmpegCommand,
        join: FilmJoin<'_>,
        watch: CallOptions<'_>,
    ) -> Result<(), ToolError> {
        if let Some(sound) = join.sound {
            command
                .args(["-f", "wav"])
                .input(file_protocol_path(sound.path));
        }
        for text in join.texts {
            command
                .args(["-f", "srt"])
                .input(file_protocol_path(text.path));
        }
        match join.sound {
            None => {
                command.args(["-map", "0:v:0", "-c", "copy"]);
            }
            Some(sound) => {
                // The sound is encoded once, for the whole film. Each encoded piece would bring the
                // silence that its encoder begins with.
                command
                    .args(["-map", "0:v:0", "-map", "1:a:0", "-c:v", "copy"])
                    .args(codec_arguments::sound_arguments(
                        sound.format,
                        join.container,
                    ));
                if join.container.clock == ContainerClock::Ticks {
                    command.args(codec_arguments::clock_arguments(
                        sound.format,
                        &self.version(watch)?,
                    ));
                }
            }
        }
        let first_text = 1 + usize::from(join.sound.is_some());
        command.args(codec_arguments::text_arguments(
            join.texts.iter().map(|text| text.language),
            first_text,
            join.container,
        ));
        Ok(())
    }

    fn write_film(
        &self,
        mut command: FfmpegCommand,
        join: FilmJoin<'_>,
        out: &Path,
        watch: CallOptions<'_>,
        mut progress: impl FnMut(usize) + Send,
    ) -> Result<(), ToolError> {
        command.args(codec_arguments::muxer_arguments(
            join.container,
            join.encoding,
            join.rate,
        ));
        command.args([
            "-map_metadata",
            "-1",
            "-fflags",
            "+bitexact",
            "-max_interleave_delta",
            "0",
        ]);
        if let Some(timecode) = join.timecode {
            command.args(["-timecode", timecode]);
        }
        command
            .args(PROGRESS_ARGUMENTS)
            .overwrite()
            .format(join.container.muxer)
            .output(file_protocol_path(out));
        ffmpeg_call(command).stream_stdout(watch, |bytes: &[u8]| {
            progress_frames(bytes).into_iter().for_each(&mut progress);
        })?;
        Ok(())
    }

    /// Decodes the first sound of a file to stereo samples (`f32le`, left and right in turn) at its
    /// own rate, passes their bytes to `sink`, and returns ffmpeg's log.
    ///
    /// # Errors
    /// Fails if the sound cannot be decoded to its end.
    pub fn decode_sound(
        &self,
        path: &Path,
        watch: CallOptions<'_>,
        sink: impl FnMut(&[u8]) + Send,
    ) -> Result<String, ToolError> {
        let mut command = self.base_command();
        command
            .args(DAMAGE_IS_AN_ERROR)
            .input(file_protocol_path(path))
            .args(["-map", "0:a:0", "-vn", "-ac", "2"]);
        command.format("f32le").output("pipe:1");
        Ok(ffmpeg_call(command).stream_stdout(watch, sink)?)
    }

    /// Decodes all video of a file to grey pictures of `size`, passes their bytes to `sink`, and
    /// returns ffmpeg's log.
    ///
    /// # Errors
    /// Fails if the file cannot be decoded to its end.
    pub fn decode_grey(
        &self,
        path: &Path,
        size: PixelSize,
        threads: DecoderThreads,
        watch: CallOptions<'_>,
        sink: impl FnMut(&[u8]) + Send,
    ) -> Result<String, ToolError> {
        let mut command = self.base_command();
        if threads == DecoderThreads::One {
            command.args(["-threads", "1"]);
        }
        add_whole_film(&mut command, path);
        let width = size.width;
        let height = size.height;
        // The matrix and the range are those of our own grey values, and the grey values are the
        // luma of a film. A conversion to `gray` would be shorter, but since version 7 ffmpeg takes
        // the matrix of BT.601 for it from RGB, and since version 9 from every film, whatever the
        // filter is told.
        let filter = format!(
            "scale={width}:{height}:flags=area:out_color_matrix=bt709:out_range=pc,format=yuv444p,\
             extractplanes=y,{NEW_TIMES}"
        );
        command.args(["-vf", &filter, "-r", "1", "-threads", "4"]);
        command.format("rawvideo").pix_fmt("gray").output("pipe:1");
        Ok(ffmpeg_call(command).stream_stdout(watch, sink)?)
    }

    /// Decodes all video of a file, passes a line with a digest of each picture to `sink` (the
    /// format `framemd5`), and returns ffmpeg's log.
    ///
    /// # Errors
    /// Fails if the file cannot be decoded to its end.
    pub fn digest_pictures(
        &self,
        path: &Path,
        watch: CallOptions<'_>,
        sink: impl FnMut(&[u8]) + Send,
    ) -> Result<String, ToolError> {
        let mut command = self.base_command();
        add_whole_film(&mut command, path);
        command.args(["-vf", NEW_TIMES, "-r", "1"]);
        command.format("framemd5").output("pipe:1");
        Ok(ffmpeg_call(command).stream_stdout(watch, sink)?)
    }

    /// Decodes pictures of a film to raw 16-bit RGB (`rgb48le`, top row first), from the first that
    /// `part` takes to the last, and passes their bytes to `sink`.
    ///
    /// # Errors
    /// Fails if the file cannot be decoded so far.
    pub fn decode_pictures(
        &self,
        path: &Path,
        part: &FilmPart,
        watch: CallOptions<'_>,
        sink: impl FnMut(&[u8]) + Send,
    ) -> Result<(), ToolError> {
        let mut command = self.base_command();
        let span = PictureSpan::from_part(part);
        command.args(["-format_whitelist", FILM_FORMATS]);
        match span.seek_seconds {
            // Times of the file stay as they are, so that pictures are chosen by them wherever the
            // demuxer ends up. It may land before the requested place, and never after it.
            Some(seconds) => command.args(["-copyts", "-ss", &format!("{seconds:.6}")]),
            // From the start on, damage that a player would conceal is an error. After a seek the
            // first pictures may refer to some that were skipped, which looks like damage.
            None => command.args(["-copyts", "-xerror", "-err_detect", "explode"]),
        };
        command
            .input(file_protocol_path(path))
            .args(["-map", "0:v:0", "-an"]);
        command.args(["-vf", &span.filters(part), "-r", "1", "-threads", "4"]);
        command.args(["-frames:v", &span.count.to_string()]);
        command
            .format("rawvideo")
            .pix_fmt("rgb48le")
            .output("pipe:1");
        ffmpeg_call(command).stream_stdout(watch, sink)?;
        Ok(())
    }

    /// Runs ffprobe with these arguments and returns its output.
    ///
    /// # Errors
    /// Fails if ffprobe cannot read the file or is stopped.
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
        // Planes, and not pixels: for `rgb48le`, swscale asks for the description of the format at
        // each pixel, which takes four times as long as the conversion of planes.
        let mut command = self.base_command();
        command
            .format("rawvideo")
            .pix_fmt("gbrp16le")
            .size(size.width, size.height);
        command
            .args(["-framerate", &format!("{}/{}", rate.num, rate.den)])
            .input("pipe:0");
        command
    }

    pub(super) fn base_command(&self) -> FfmpegCommand {
        let mut command = FfmpegCommand::new_with_path(&self.ffmpeg);
        command.args([
            "-hide_banner",
            // ffmpeg reads keys from its input otherwise, and stops at a `q`.
            "-nostdin",
            "-nostats",
            "-loglevel",
            "warning",
        ]);
        command
    }
}

pub(super) fn ffmpeg_call(mut command: FfmpegCommand) -> ChildCommand {
    // Calls go through `process`, which owns process groups, limits and logs. The crate is
    // used only to build arguments.
    let inner = std::mem::replace(command.as_inner_mut(), Command::new(""));
    ChildCommand::new(inner)
}

/// Adds all pictures of a film as the input, none of which may be damaged.
fn add_whole_film(command: &mut FfmpegCommand, path: &Path) {
    command
        .args(DAMAGE_IS_AN_ERROR)
        // The rate is set for the input too: ffmpeg 8 and later keep the duration of the last
        // frame, and repeat it to fill one that is longer than a frame of the output.
        .args(["-r", "25"])
        .input(file_protocol_path(path))
        .args(["-map", "0:v:0", "-an"]);
}

/// Returns the number of frames in a progress report.
fn progress_frames(report: &[u8]) -> Option<usize> {
    // ffmpeg writes each report at once, so none is cut in two. The last one in a read is the
    // newest.
    let text = String::from_utf8_lossy(report);
    text.lines()
        .rev()
        .find_map(|line| line.strip_prefix("frame=")?.trim().parse().ok())
}

/// Returns the path with `file:` before it.
pub(super) fn file_protocol_path(path: &Path) -> std::ffi::OsString {
    // A name such as `-y` would be an option, and `a:b` a protocol.
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

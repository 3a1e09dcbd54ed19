//! Stitching: all segments of one output, in order, become one film or one picture sequence.

use super::animation_joiner::join_animation;
use super::picture_sheet::join_still;
use super::stream_joiner::join_stream;
use crate::media::FfmpegTools;
use crate::media::ffmpeg::{FilmJoin, FilmSound, FilmText};
use crate::model::sound::{MixFile, SoundFormat};
use crate::model::{
    Codec, CodecDelivery, FilmEncoding, InputFile, InputSlot, JobAction, OutputFormat,
};
use crate::producers::contract::{
    ExecutionMode, FailureClass, JobContext, JobFailure, OutputFile, ProducerOutput,
};
use crate::producers::encode::{SegmentFacts, have_one_setup, picture_name, segment_files};
use std::fmt::Write;
use std::path::Path;

/// Joins segments: video with ffmpeg and without decoding, pictures without a tool.
#[derive(Debug, Clone)]
pub struct SegmentStitcher {
    /// ffmpeg and ffprobe; `None` if they are not installed, which matters for video only.
    pub tools: Option<FfmpegTools>,
}

impl SegmentStitcher {
    /// Joins the files of every slot `segment.NNNN`, in slot order.
    ///
    /// # Errors
    /// Fails if there are no segments, if there are not `count` pictures, if ffmpeg fails or is
    /// missing, if an output cannot be written, or on a stop request.
    pub fn stitch_segments(&self, context: &JobContext) -> Result<ProducerOutput, JobFailure> {
        let segments = segment_files(context.inputs);
        if segments.is_empty() {
            return Err(JobFailure::new(
                FailureClass::MissingInput,
                "stitch: there are no segments",
            ));
        }
        let (outputs, provider) = self.join_by_delivery(&segments, context)?;
        Ok(ProducerOutput {
            outputs,
            provider,
            mode: ExecutionMode::Real,
            warnings: Vec::new(),
        })
    }

    /// Makes the output from its segments, by how its codec is delivered. Returns its files and who
    /// made them.
    fn join_by_delivery(
        &self,
        segments: &[&InputFile],
        context: &JobContext<'_>,
    ) -> Result<(Vec<OutputFile>, String), JobFailure> {
        let JobAction::Stitch {
            format,
            count,
            sound,
            captions,
            timecode,
        } = context.action
        else {
            return Err(JobFailure::new(
                FailureClass::Crash,
                "stitch: this job is another kind of work",
            ));
        };
        let built_in = "stitch (built in)".to_owned();
        match &format.codec.spec().delivery {
            CodecDelivery::Sequence(_) => {
                let pictures = copy_pictures(segments, format.codec, *count, context)?;
                Ok((pictures, built_in))
            }
            CodecDelivery::Stream(_) => {
                let tools = crate::producers::encode::require_ffmpeg(self.tools.as_ref())?;
                let sound = film_sound(sound.as_ref(), context)?;
                let version = tools.version(context.watch)?;
                let files = join_stream(tools, segments, format, sound, context)?;
                Ok((files, format!("ffmpeg {version} hls")))
            }
            CodecDelivery::Still(still) => {
                let sheet = join_still(segments, format, *still, *count, context)?;
                Ok((vec![sheet], built_in))
            }
            CodecDelivery::Animation(animation) => {
                let film = join_animation(segments, format, animation.format, *count, context)?;
                Ok((vec![film], built_in))
            }
            CodecDelivery::Film(film) => {
                let tracks = FilmTracks {
                    sound: film_sound(sound.as_ref(), context)?,
                    texts: film_texts(captions, context)?,
                    timecode: timecode.as_deref(),
                };
                // Sound, captions and timecode come in with the join: a later pass would copy the
                // whole film again.
                self.join_segments(segments, format, film, &tracks, context)
            }
        }
    }

    fn join_segments(
        &self,
        segments: &[&InputFile],
        format: &OutputFormat,
        film: &FilmEncoding,
        tracks: &FilmTracks<'_>,
        context: &JobContext,
    ) -> Result<(Vec<OutputFile>, String), JobFailure> {
        let sound = tracks.sound;
        let tools = crate::producers::encode::require_ffmpeg(self.tools.as_ref())?;
        let count = context.action.unit_count();
        let name = format!("film.{}", format.extension());
        let container = film.container(&format.encoding).ok_or_else(|| {
            JobFailure::new(FailureClass::Crash, "stitch: the codec has no container")
        })?;
        let path = context.scratch.join(&name);
        // The list is a file because a film may have more segments than an argument list holds.
        let list = context.scratch.join("segments.ffconcat");
        std::fs::write(&list, concat_list(segments)?)
            .map_err(|error| JobFailure::from_io_error("write the list of segments", &error))?;
        let join = FilmJoin {
            list: &list,
            encoding: &film.with_choice(&format.encoding),
            container: container.spec(),
            rate: format.rate,
            sound,
            texts: &tracks.texts,
            timecode: tracks.timecode,
            keeps_packets: can_keep_packets(context),
        };
        tools.concat_segments(join, &path, context.watch, |joined: usize| {
            (context.progress)(joined.min(count), count);
        })?;
        std::fs::remove_file(&list)
            .map_err(|error| JobFailure::from_io_error("remove the list of segments", &error))?;
        (context.progress)(count, count);
        let version = tools.version(context.watch)?;
        // The sound is encoded here, the pictures were encoded before.
        let encoder = sound.map_or_else(String::new, |sound| {
            format!(" and {}", sound.format.codec.spec().encoder)
        });
        Ok((
            vec![OutputFile { name, path }],
            format!("ffmpeg {version} concat of {}{encoder}", film.encoder),
        ))
    }
}

/// Returns whether the packets of all segments can stand in one film as they are.
fn can_keep_packets(context: &JobContext<'_>) -> bool {
    SegmentFacts::of_inputs(context.inputs).is_some_and(|facts| have_one_setup(&facts))
}

/// What a film has beside its pictures.
struct FilmTracks<'a> {
    sound: Option<FilmSound<'a>>,
    texts: Vec<FilmText<'a>>,
    /// Timecode of its first frame.
    timecode: Option<&'a str>,
}

/// Returns the tracks of text that the film is joined with, in these languages.
fn film_texts<'a>(
    languages: &'a [String],
    context: &'a JobContext,
) -> Result<Vec<FilmText<'a>>, JobFailure> {
    let texts = languages.iter().enumerate().map(|(index, language)| {
        let files = context.inputs.files_in(&InputSlot::captions(index));
        let file = files.first().ok_or_else(|| {
            let message = format!("stitch: there are no captions in `{language}`");
            JobFailure::new(FailureClass::MissingInput, message)
        })?;
        Ok(FilmText {
            path: &file.path,
            language,
        })
    });
    texts.collect()
}

/// Returns the sound that the film is joined with.
fn film_sound<'a>(
    format: Option<&'a SoundFormat>,
    context: &'a JobContext,
) -> Result<Option<FilmSound<'a>>, JobFailure> {
    let Some(format) = format else {
        return Ok(None);
    };
    let files = context.inputs.files_in(&InputSlot::mix());
    let mix = files.iter().find(|file| file.name == MixFile::Mix.name());
    let mix =
        mix.ok_or_else(|| JobFailure::new(FailureClass::MissingInput, "stitch: there is no mix"))?;
    Ok(Some(FilmSound {
        path: &mix.path,
        format,
    }))
}

pub(super) fn concat_list(segments: &[&InputFile]) -> Result<String, JobFailure> {
    let mut list = "ffconcat version 1.0\n".to_owned();
    // ffmpeg has no escape within quotes: a quote in a path is closed, escaped and opened again.
    // `file:` makes ffmpeg take the rest as a path, even if it looks like the name of a protocol.
    for segment in segments {
        // ffmpeg resolves relative paths against the folder of the list, not against its working
        // folder.
        let path = std::path::absolute(&segment.path)
            .map_err(|error| JobFailure::from_io_error("find a segment", &error))?;
        // A line break would end the entry, and there is no way to escape it.
        let text = path.to_str().filter(|text| !text.contains(['\n', '\r']));
        let text = text.ok_or_else(|| unlistable_path(&path))?;
        let _ = writeln!(list, "file 'file:{}'", text.replace('\'', r"'\''"));
    }
    Ok(list)
}

fn unlistable_path(path: &Path) -> JobFailure {
    let message = format!(
        "stitch {path:?}: ffmpeg cannot read a path with line breaks or that is not UTF-8; move the store"
    );
    JobFailure::new(FailureClass::MissingInput, message)
}

/// Copies all pictures in order, numbered from 1 to `count`.
fn copy_pictures(
    segments: &[&InputFile],
    codec: Codec,
    count: usize,
    context: &JobContext,
) -> Result<Vec<OutputFile>, JobFailure> {
    // The count is known from the plan. A missing picture must not shift the numbers of all that
    // follow it.
    if segments.len() != count {
        let message = format!(
            "stitch {count} pictures: the segments have {}",
            segments.len()
        );
        return Err(JobFailure::new(FailureClass::BadOutput, message));
    }
    let mut outputs = Vec::with_capacity(count);
    for (index, segment) in segments.iter().enumerate() {
        if context.watch.cancel.is_halting() {
            return Err(JobFailure::new(
                FailureClass::Cancelled,
                "stitch: stopped on request",
            ));
        }
        // A shot numbers its own pictures from 1, because it does not know where it is in the film:
        // inserting a shot before it would otherwise encode it again. The film's numbers are given
        // here.
        let name = picture_name(codec, index);
        let path = context.scratch.join(&name);
        std::fs::copy(&segment.path, &path)
            .map_err(|error| JobFailure::from_io_error(&format!("stitch {name}"), &error))?;
        (context.progress)(index + 1, count);
        outputs.push(OutputFile { name, path });
    }
    Ok(outputs)
}

//! Stitching: all segments of one output, in order, become one film or one picture sequence.

use super::encode::picture_name;
use super::task::{Assignment, ExecutionMode, Failure, FailureClass, Finished, Produced};
use crate::media::FfmpegTools;
use crate::media::ffmpeg::codec;
use crate::model::{Codec, InputFile, JobAction, OutputFormat};
use std::fmt::Write;
use std::path::Path;

/// Joins segments; video with ffmpeg and without decoding, pictures without any tool.
#[derive(Debug, Clone)]
pub struct Stitch {
    /// ffmpeg and ffprobe; `None` when they are not installed, which only video notices.
    pub tools: Option<FfmpegTools>,
}

impl Stitch {
    /// Joins the files of every slot `segment.NNNN`, in slot order.
    ///
    /// # Errors
    /// Fails when nothing came in, pictures are not `count`, ffmpeg fails or is missing, an output cannot
    /// be written, or on a stop request.
    pub fn perform(&self, assignment: &Assignment) -> Result<Finished, Failure> {
        let JobAction::Stitch { format, count } = assignment.work else {
            return Err(Failure::new(
                FailureClass::Crash,
                "stitch: this job is another kind of work",
            ));
        };
        let slots = assignment
            .materials
            .files
            .iter()
            .filter(|(slot, _)| slot.0.starts_with("segment."));
        let segments: Vec<&InputFile> = slots.flat_map(|(_, files)| files).collect();
        if segments.is_empty() {
            return Err(Failure::new(
                FailureClass::MissingInput,
                "stitch: no segment came in",
            ));
        }
        let (outputs, provider) = if format.codec.is_sequence() {
            (
                gather(&segments, format.codec, *count, assignment)?,
                "stitch (built in)".to_owned(),
            )
        } else {
            self.join(&segments, format, *count, assignment)?
        };
        Ok(Finished {
            outputs,
            provider,
            mode: ExecutionMode::Real,
            warnings: Vec::new(),
        })
    }

    fn join(
        &self,
        segments: &[&InputFile],
        format: &OutputFormat,
        count: usize,
        assignment: &Assignment,
    ) -> Result<(Vec<Produced>, String), Failure> {
        let tools = super::encode::require(self.tools.as_ref())?;
        let name = format!("film.{}", format.codec.extension());
        let path = assignment.scratch.join(&name);
        let list = assignment.scratch.join("segments.ffconcat");
        std::fs::write(&list, concat_list(segments)?)
            .map_err(|error| Failure::io("write the list of segments", &error))?;
        let told = |joined: usize| (assignment.progress)(joined.min(count), count);
        tools.concat_segments(
            &list,
            format.codec,
            format.rate,
            &path,
            assignment.watch,
            told,
        )?;
        std::fs::remove_file(&list)
            .map_err(|error| Failure::io("remove the list of segments", &error))?;
        (assignment.progress)(count, count);
        let encoder = codec::encoder_name(format.codec).unwrap_or_default();
        Ok((
            vec![Produced { name, path }],
            format!(
                "ffmpeg {} concat of {encoder}",
                tools.version(assignment.watch)?
            ),
        ))
    }
}

/// Returns the list that ffmpeg reads; in it a quote is closed, escaped and opened again.
fn concat_list(segments: &[&InputFile]) -> Result<String, Failure> {
    let mut list = "ffconcat version 1.0\n".to_owned();
    for segment in segments {
        let path = std::path::absolute(&segment.path)
            .map_err(|error| Failure::io("find a segment", &error))?;
        let text = path.to_str().filter(|text| !text.contains(['\n', '\r']));
        let text = text.ok_or_else(|| unlistable(&path))?;
        let _ = writeln!(list, "file 'file:{}'", text.replace('\'', r"'\''"));
    }
    Ok(list)
}

fn unlistable(path: &Path) -> Failure {
    let message = format!(
        "stitch {path:?}: ffmpeg cannot read a path with line breaks or that is not UTF-8; move the store"
    );
    Failure::new(FailureClass::MissingInput, message)
}

/// Copies all pictures in order, numbered from 1 to `count`: a shot's own pictures do not know where it lies in the film.
fn gather(
    segments: &[&InputFile],
    codec: Codec,
    count: usize,
    assignment: &Assignment,
) -> Result<Vec<Produced>, Failure> {
    if segments.len() != count {
        let message = format!("stitch {count} pictures: {} came in", segments.len());
        return Err(Failure::new(FailureClass::BadOutput, message));
    }
    let mut outputs = Vec::with_capacity(count);
    for (index, segment) in segments.iter().enumerate() {
        if assignment.watch.cancel.is_halting() {
            return Err(Failure::new(
                FailureClass::Cancelled,
                "stitch: stopped on request",
            ));
        }
        let name = picture_name(codec, index);
        let path = assignment.scratch.join(&name);
        std::fs::copy(&segment.path, &path)
            .map_err(|error| Failure::io(&format!("stitch {name}"), &error))?;
        (assignment.progress)(index + 1, count);
        outputs.push(Produced { name, path });
    }
    Ok(outputs)
}

//! Animations: the pictures of all shots, in order, become one file.

use crate::media::PictureError;
use crate::media::animation::join_pictures;
use crate::model::codec::AnimationFormat;
use crate::model::{InputFile, OutputFormat};
use crate::producers::contract::{FailureClass, JobContext, JobFailure, OutputFile};
use std::path::Path;

/// Joins the pictures of all shots, which must be `count`.
pub(super) fn join_animation(
    pictures: &[&InputFile],
    format: &OutputFormat,
    kind: AnimationFormat,
    count: usize,
    context: &JobContext<'_>,
) -> Result<OutputFile, JobFailure> {
    // A missing picture would move all that follow it.
    if pictures.len() != count {
        let message = format!(
            "stitch {count} pictures: the segments have {}",
            pictures.len()
        );
        return Err(JobFailure::new(FailureClass::BadOutput, message));
    }
    let name = format!("film.{}", format.extension());
    let path = context.scratch.join(&name);
    let paths: Vec<&Path> = pictures
        .iter()
        .map(|picture| picture.path.as_path())
        .collect();
    join_pictures(kind, &paths, format.rate, &path, |index| {
        (context.progress)(index, count);
        expect_running(context)
    })
    .map_err(JoinError::into_failure)?;
    (context.progress)(count, count);
    Ok(OutputFile { name, path })
}

/// Why pictures were not joined.
enum JoinError {
    Picture(PictureError),
    Stopped,
}

impl From<PictureError> for JoinError {
    fn from(error: PictureError) -> Self {
        Self::Picture(error)
    }
}

impl JoinError {
    fn into_failure(self) -> JobFailure {
        match self {
            Self::Picture(error) => JobFailure::from(error),
            Self::Stopped => JobFailure::new(FailureClass::Cancelled, "stitch: stopped on request"),
        }
    }
}

fn expect_running(context: &JobContext<'_>) -> Result<(), JoinError> {
    if context.watch.cancel.is_halting() {
        Err(JoinError::Stopped)
    } else {
        Ok(())
    }
}

//! Reads an animation to its end, and compares its pictures and their times with what the document
//! asks for.

use super::expectations::{as_bad_output, expect_equal, mismatch_failure};
use crate::media::animation::{self, AnimationPicture};
use crate::model::OutputFormat;
use crate::model::codec::{AnimationFormat, PictureDelays};
use crate::producers::contract::JobFailure;
use std::path::Path;

/// The first picture that is shown for another time than it should be.
struct WrongDelay {
    picture: usize,
    wanted: u64,
    found: u64,
}

/// Reads an animation, compares its facts, and passes each picture with its index to `visit`.
///
/// # Errors
/// Fails with the first fact that differs.
pub(in crate::producers) fn expect_animation(
    path: &Path,
    format: &OutputFormat,
    kind: AnimationFormat,
    count: usize,
    mut visit: impl FnMut(usize, AnimationPicture),
) -> Result<PictureDelays, JobFailure> {
    let delays = PictureDelays::for_animation(kind, format.rate);
    let mut wrong: Option<WrongDelay> = None;
    let facts = animation::read_animation(kind, path, |index, picture| {
        let wanted = delays.delay(index);
        if picture.delay != wanted && wrong.is_none() {
            wrong = Some(WrongDelay {
                picture: index + 1,
                wanted,
                found: picture.delay,
            });
        }
        visit(index, picture);
    });
    let facts = facts.map_err(|error| as_bad_output(error.into()))?;
    expect_equal("size", format.size, facts.size)?;
    expect_equal("pictures", count, facts.pictures)?;
    expect_equal(
        "ticks a second",
        delays.ticks_per_second(),
        facts.ticks_per_second,
    )?;
    if let Some(wrong) = wrong {
        let what = format!("time of picture {}", wrong.picture);
        return Err(mismatch_failure(&what, wrong.wanted, wrong.found));
    }
    if !facts.repeats {
        return Err(mismatch_failure("repeats", "for ever", "a number"));
    }
    Ok(delays)
}

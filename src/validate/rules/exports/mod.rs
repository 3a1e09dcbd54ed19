//! Deliverables that are text: timelines for other programs.

mod film_media;
mod left_out;
mod no_timecode;

use crate::validate::ValidationRule;

/// The rules of this area.
pub(super) const RULES: &[ValidationRule] = &[no_timecode::RULE, left_out::RULE, film_media::RULE];

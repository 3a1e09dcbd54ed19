//! Programs that the production needs.

mod ffmpeg_missing;
mod ffprobe_missing;

use crate::validate::ValidationRule;

/// The rules of this area.
pub(super) const RULES: &[ValidationRule] = &[ffmpeg_missing::RULE, ffprobe_missing::RULE];

//! Programs that the production needs.

mod blender_missing;
mod ffmpeg_missing;
mod ffprobe_missing;

use crate::validate::ValidationRule;

/// The rules of this area.
pub(super) const RULES: &[ValidationRule] = &[
    blender_missing::RULE,
    ffmpeg_missing::RULE,
    ffprobe_missing::RULE,
];

/// An output that needs both programs.
const FILM_OUTPUT: &str = "\
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
";

/// An output that needs neither.
const PICTURES_OUTPUT: &str = "\
outputs:
  - {name: frames, codec: png, resolution: 1920x1080, frame_rate: 24, path: out/frames}
";

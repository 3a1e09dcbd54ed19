//! The finding that a clip is no shot of the production.

use super::exchange_timeline::ExchangeClip;
use super::recut::{UNKNOWN_CLIP, placed_message};
use super::recut_match::RecutNames;
use super::reel_names::is_reserved_reel;
use crate::base::Diagnostic;
use crate::base::suggestions::did_you_mean;

/// How many clips that are no shot get the name of one that is nearly called so.
// Each is compared with every shot.
const MOST_SUGGESTIONS: usize = 20;

/// Returns the finding that a clip is no shot. `number` is how many were found, with this one.
pub(super) fn unknown_clip(
    clip: &ExchangeClip,
    names: &RecutNames<'_>,
    number: usize,
) -> Diagnostic {
    let unknown = UnknownClip::new(clip, names, number);
    let message = placed_message(clip.place, &unknown.message);
    Diagnostic::error(UNKNOWN_CLIP, clip.place.origin, message)
        .with_label(unknown.label)
        .with_help(unknown.help)
}

struct UnknownClip {
    message: String,
    label: &'static str,
    help: String,
}

impl UnknownClip {
    fn new(clip: &ExchangeClip, names: &RecutNames<'_>, number: usize) -> Self {
        let is_event = clip.place.event.is_some();
        let name = &clip.name;
        let possible = names.possible_shots(clip);
        if possible.len() > 1 {
            let shots: Vec<String> = possible.iter().map(|shot| format!("`{shot}`")).collect();
            let by_reel = if is_event {
                ", or name the shot of its reel in the table of reels beside the list"
            } else {
                ""
            };
            return Self {
                message: format!(
                    "the names of several shots are in `{name}`: {}",
                    shots.join(", ")
                ),
                label: "more than one shot",
                help: format!("give the clip the name of one shot alone{by_reel}"),
            };
        }
        // The reel of a source without one, so nothing says which clip it is.
        if is_event && is_reserved_reel(name) && clip.other_names.is_empty() && *name == clip.reel {
            return Self {
                message: format!("no note names its clip, and `{name}` is the reel of any source"),
                label: "no name",
                help: "write `* FROM CLIP NAME: sh010` behind it, or `* TO CLIP NAME: sh010` if a \
                       transition leads to it, with the name of the shot"
                    .to_owned(),
            };
        }
        let message = match name.trim() {
            "" => "a clip without a name is no shot of the production".to_owned(),
            name => format!("`{name}` is no shot of the production"),
        };
        // Each search looks at all shots, and a timeline of another production has thousands of
        // unknown clips.
        let near = (number <= MOST_SUGGESTIONS)
            .then(|| did_you_mean(name, names.names()))
            .flatten();
        Self {
            message,
            label: "no shot of this name",
            help: near.unwrap_or_else(|| {
                "give the clip the name of a shot, or add the shot to the document".to_owned()
            }),
        }
    }
}

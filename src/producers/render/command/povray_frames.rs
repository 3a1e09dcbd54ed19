//! Calls of POV-Ray for one frame of an animation, with the clock of that frame.
//!
//! POV-Ray (3.7) divides by the length of the frame range. `+KFI3 +KFF3` gives the clock NaN, and
//! `+KFI1 +KFF1` is no animation to it, so that the picture gets no number. The range of such a
//! call is made one frame longer, and only its one frame is drawn.

use regex::Regex;
use std::path::Path;
use std::sync::LazyLock;

/// An option for the first or last frame or the first clock, as an argument or as a line of an INI
/// file.
static OPTION: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?i)^(?:\+(kfi|kff|ki)|(initial_frame|final_frame|initial_clock)=)(-?[0-9.]+)$";
    Regex::new(pattern).expect("the pattern is a regular expression")
});

/// Returns the words, changed if they call POV-Ray for a range of one frame.
pub(super) fn with_frame_clock(mut words: Vec<String>) -> Vec<String> {
    let Some(range) = OneFrameRange::find(&words) else {
        return words;
    };
    let OneFrameRange { frame, clock } = range;
    // Frames before 0 are none to POV-Ray, so the range of frame 0 grows upwards.
    let (first, last) = if frame > 0 {
        (frame - 1, frame)
    } else {
        (frame, frame + 1)
    };
    // Of an option that is given twice, the last counts. The clock stays that of the beginning, as
    // in the first frame of a longer range.
    words.extend([
        format!("+KFI{first}"),
        format!("+KFF{last}"),
        format!("+SF{frame}"),
        format!("+EF{frame}"),
        format!("+KI{clock}"),
        format!("+KF{clock}"),
    ]);
    words
}

/// A range of one frame, with the clock that it has in the first frame of a longer range.
struct OneFrameRange {
    frame: i32,
    clock: String,
}

impl OneFrameRange {
    fn find(words: &[String]) -> Option<Self> {
        let program = words.first()?.split_whitespace().next()?;
        let name = Path::new(program)
            .file_stem()?
            .to_str()?
            .to_ascii_lowercase();
        if name != "povray" && !name.starts_with("pvengine") {
            return None;
        }
        let mut first = None;
        let mut last = None;
        let mut clock = "0".to_owned();
        let options = words.iter().flat_map(|word| word.split_whitespace());
        for option in options.filter_map(|option| OPTION.captures(option)) {
            let value = option[3].to_owned();
            let name = option
                .get(1)
                .or(option.get(2))
                .map_or("", |name| name.as_str());
            match name.to_ascii_lowercase().as_str() {
                "kfi" | "initial_frame" => first = Some(value),
                "kff" | "final_frame" => last = Some(value),
                _ => clock = value,
            }
        }
        let frame = first.filter(|first| Some(first) == last.as_ref())?;
        Some(Self {
            frame: frame.parse().ok()?,
            clock,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(words: &[&str]) -> String {
        let all = with_frame_clock(words.iter().map(|word| (*word).to_owned()).collect());
        all[words.len()..].join(" ")
    }

    #[test]
    fn a_range_of_one_frame_gets_a_second_one_that_is_not_drawn() {
        assert_eq!(
            added(&["povray", "+Is.pov", "+KFI7", "+KFF7", "+KI7", "+KF7"]),
            "+KFI6 +KFF7 +SF7 +EF7 +KI7 +KF7"
        );
        assert_eq!(
            added(&["/opt/povray", "Initial_Frame=0", "Final_Frame=0"]),
            "+KFI0 +KFF1 +SF0 +EF0 +KI0 +KF0"
        );
        assert_eq!(
            added(&["povray +KFI7 +KFF7"]),
            "+KFI6 +KFF7 +SF7 +EF7 +KI0 +KF0",
            "a shell gets one word"
        );
    }

    #[test]
    fn other_calls_stay_as_they_are() {
        for words in [
            &["povray", "+KFI1", "+KFF8", "+SF3", "+EF3"][..],
            &["povray", "+K0.5"],
            &["sketch", "+KFI7", "+KFF7"],
        ] {
            assert_eq!(added(words), "");
        }
    }
}

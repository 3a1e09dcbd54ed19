//! The line of the narrator: how long it takes, and where in an ad it begins.

use crate::model::sound::{USUAL_WORDS_PER_MINUTE, ample_spoken_seconds};

/// Seconds before the first word and behind the last.
const PAUSES_SECONDS: f64 = 0.6;

/// Returns about how long a narrator needs for a line, in seconds: rather too long than too short.
#[must_use]
pub fn narrated_seconds(line: &str) -> f64 {
    ample_spoken_seconds(line, USUAL_WORDS_PER_MINUTE)
}

/// Returns which of the shots of a beat, by their seconds, a line begins in: the longest, the first
/// of equals, if it fits there, else the first, from where it continues over the cuts.
#[must_use]
pub fn speaking_shot(shot_seconds: &[f64], line: &str) -> usize {
    let mut longest = 0;
    for (index, seconds) in shot_seconds.iter().enumerate() {
        // Equal but for rounding is equal.
        if *seconds > shot_seconds[longest] + 0.05 {
            longest = index;
        }
    }
    let room = shot_seconds.get(longest).copied().unwrap_or_default();
    if narrated_seconds(line) + PAUSES_SECONDS <= room {
        longest
    } else {
        0
    }
}

/// Returns which beat of an ad a line begins in. `beats` are the seconds of the shots of each.
///
/// A line that fits into one shot is in the beat with the longest, the last of equals: a sentence
/// is remembered from the end. One that is longer begins in the last beat from whose start it has
/// room, or in the first.
#[must_use]
pub fn speaking_beat(beats: &[Vec<f64>], line: &str) -> usize {
    let needed = narrated_seconds(line) + PAUSES_SECONDS;
    let longest_shot = |shots: &Vec<f64>| shots.iter().copied().fold(0.0, f64::max);
    let longest = beats
        .iter()
        .map(longest_shot)
        .enumerate()
        .max_by(|left, right| left.1.total_cmp(&right.1));
    if let Some((index, _)) = longest.filter(|(_, seconds)| needed <= *seconds) {
        return index;
    }
    let mut room = 0.0;
    let with_room = beats.iter().enumerate().rev().find(|(_, shots)| {
        room += shots.iter().sum::<f64>();
        needed <= room
    });
    with_room.map_or(0, |(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::{speaking_beat, speaking_shot};

    const SHORT: &str = "Run your city.";
    /// About seven and a half seconds.
    const LONG: &str = "Ten seconds are not very long, but people do write lines that are this long \
        for them, and more.";

    #[test]
    fn a_line_begins_in_the_longest_shot_if_it_fits_there() {
        assert_eq!(speaking_shot(&[1.0, 3.0, 3.01], SHORT), 1);
        assert_eq!(speaking_shot(&[1.0, 1.0], SHORT), 0);
        assert_eq!(speaking_shot(&[1.0, 5.0], LONG), 0);
        assert_eq!(speaking_shot(&[], LONG), 0);
    }

    #[test]
    fn a_line_begins_in_the_last_beat_from_which_it_has_room() {
        let beats = [vec![5.0], vec![2.0, 3.0], vec![5.0], vec![2.5, 2.5]];
        assert_eq!(speaking_beat(&beats, SHORT), 2);
        assert_eq!(speaking_beat(&beats, LONG), 2);
        assert_eq!(speaking_beat(&beats[2..], LONG), 0);
        assert_eq!(speaking_beat(&beats[3..], LONG), 0);
    }
}

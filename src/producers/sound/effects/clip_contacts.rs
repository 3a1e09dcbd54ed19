//! The moments of a clip at which a foot comes down, from the height of its sole.
//!
//! A foot swings, falls, and is down as soon as its lowest point is within 15 % of the swing above
//! its usual lowest height and falls no faster than a quarter of its fastest. Both are needed: the
//! height alone would be early for a foot that stamps, and the speed alone late for a foot that
//! rolls from the heel to the ball, whose joint sinks until it is flat.

/// Heights less than this, in metres, are no swing: breathing, or weight that shifts.
const SMALLEST_SWING: f32 = 0.015;
/// The share of a swing below which a foot may be down.
const DOWN_SHARE: f32 = 0.15;
/// The share above which it is in the air again.
const UP_SHARE: f32 = 0.35;
/// The share of the fastest fall below which it has landed.
const LANDED_SHARE: f32 = 0.25;
/// The place of the usual lowest height in all heights in order. The very lowest is that of toes
/// that push off, which many clips press into the floor.
const GROUND_RANK: f32 = 0.2;

/// The swing of one foot over a clip.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct FootSwing {
    /// The usual lowest height of the sole, in metres.
    pub(super) ground: f32,
    /// Metres from there to the highest.
    pub(super) reach: f32,
}

impl FootSwing {
    /// Measures heights. `None`: the foot does not move.
    pub(super) fn measure(heights: &[f32]) -> Option<Self> {
        let mut ordered: Vec<f32> = heights.to_vec();
        ordered.sort_by(f32::total_cmp);
        let last = ordered.len().checked_sub(1)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "an index into the heights"
        )]
        let ground = ordered[(last as f32 * GROUND_RANK) as usize];
        let reach = ordered[last] - ground;
        (reach.is_finite() && reach >= SMALLEST_SWING).then_some(Self { ground, reach })
    }
}

/// Returns the samples at which the foot is down, in order. `heights` is one turn of a clip that
/// repeats.
pub(super) fn contact_samples(heights: &[f32], swing: FootSwing) -> Vec<usize> {
    let count = heights.len();
    let down = swing.ground + DOWN_SHARE * swing.reach;
    let up = swing.ground + UP_SHARE * swing.reach;
    // The clip is followed from a moment when the foot is in the air, once around.
    let Some(first) = heights.iter().position(|height| *height > up) else {
        return Vec::new();
    };
    let mut contacts = Vec::new();
    let mut is_up = false;
    let mut fastest = 0.0_f32;
    for step in 0..count {
        let here = (first + step) % count;
        let height = heights[here];
        let fall = height - heights[(here + 1) % count];
        if height > up && !is_up {
            is_up = true;
            fastest = 0.0;
        }
        if !is_up {
            continue;
        }
        fastest = fastest.max(fall);
        if height <= down && fall <= fastest * LANDED_SHARE {
            contacts.push(here);
            is_up = false;
        }
    }
    contacts.sort_unstable();
    contacts
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f32::consts::TAU;

    fn contacts(heights: &[f32]) -> Vec<usize> {
        FootSwing::measure(heights).map_or(Vec::new(), |swing| contact_samples(heights, swing))
    }

    #[test]
    fn a_foot_that_stands_is_down_where_its_fall_ends() {
        // Down for 60 samples, up and down again in 40, twice.
        let half = |index: usize| match index {
            0..60 => 0.02,
            60..80 => 0.02 + 0.005 * (index - 60) as f32,
            _ => 0.02 + 0.005 * (100 - index) as f32,
        };
        let heights: Vec<f32> = (0..200).map(|index| half(index % 100)).collect();
        let found = contacts(&heights);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0] <= 1 && found[1].abs_diff(100) <= 1, "{found:?}");
    }

    #[test]
    fn a_foot_that_only_swings_is_down_at_its_lowest() {
        let heights: Vec<f32> = (0..240)
            .map(|index| 0.1 - 0.05 * libm::cosf(TAU * (index as f32 - 90.0) / 240.0))
            .collect();
        let found = contacts(&heights);
        assert_eq!(found.len(), 1);
        // Within a twentieth of the cycle before it.
        assert!((78..=91).contains(&found[0]), "{found:?}");
    }

    #[test]
    fn a_jump_lands_once_and_breathing_never() {
        let jump: Vec<f32> = (0..100)
            .map(|index| (0.3 - 0.0005 * (index as f32 - 50.0) * (index as f32 - 50.0)).max(0.0))
            .collect();
        let found = contacts(&jump);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].abs_diff(75) <= 2, "{found:?}");
        let breath: Vec<f32> = (0..100)
            .map(|index| 0.004 * libm::sinf(index as f32 * 0.06))
            .collect();
        assert!(contacts(&breath).is_empty());
    }

    #[test]
    fn odd_heights_give_no_contacts() {
        assert!(contacts(&[]).is_empty());
        assert!(contacts(&[1.0]).is_empty());
        assert!(contacts(&[f32::NAN; 9]).is_empty());
        assert!(contacts(&[f32::INFINITY, 0.0, 0.0]).is_empty());
    }

    #[test]
    fn the_seam_of_a_clip_hides_no_contact() {
        let half = |index: usize| if index < 50 { 0.0 } else { 0.1 };
        for shift in [0, 1, 25, 50, 99] {
            let heights: Vec<f32> = (0..100).map(|index| half((index + shift) % 100)).collect();
            let found = contacts(&heights);
            assert_eq!(found.len(), 1, "{shift}");
            assert_eq!(found[0], (100 - shift) % 100, "{shift}");
        }
    }
}

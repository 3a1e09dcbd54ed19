//! Largest and smallest samples, many at a time.
//!
//! `f32::max` has rules for NaN that keep the compiler from comparing several samples at once. The
//! comparisons here leave NaN out.

/// Samples that are compared at once.
const LANES: usize = 16;

/// Returns the largest magnitude; 0 if there are no samples.
pub(super) fn largest_magnitude(samples: &[f32]) -> f32 {
    fold_lanes(samples, |largest, sample| {
        let magnitude = sample.abs();
        if magnitude > largest {
            magnitude
        } else {
            largest
        }
    })
}

/// Returns the highest sample, at least 0.
pub(super) fn highest_sample(samples: &[f32]) -> f32 {
    fold_lanes(
        samples,
        |highest, sample| {
            if sample > highest { sample } else { highest }
        },
    )
}

/// Returns the lowest sample, at most 0.
pub(super) fn lowest_sample(samples: &[f32]) -> f32 {
    fold_lanes(
        samples,
        |lowest, sample| {
            if sample < lowest { sample } else { lowest }
        },
    )
}

fn fold_lanes(samples: &[f32], pick: impl Fn(f32, f32) -> f32) -> f32 {
    // Lanes side by side, which the compiler computes at once. The largest of all is the same in
    // any order, as a sum would not be.
    let mut lanes = [0.0_f32; LANES];
    let groups = samples.chunks_exact(LANES);
    let rest = groups.remainder();
    for group in groups {
        for (lane, sample) in lanes.iter_mut().zip(group) {
            *lane = pick(*lane, *sample);
        }
    }
    let of_rest = rest.iter().fold(0.0, |best, sample| pick(best, *sample));
    lanes.into_iter().fold(of_rest, pick)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_counts_and_nan_does_not() {
        for length in [1, 15, 16, 17, 100] {
            for place in 0..length {
                let mut samples = vec![0.25; length];
                samples[place] = -0.75;
                assert_eq!(largest_magnitude(&samples), 0.75);
                assert_eq!(lowest_sample(&samples), -0.75);
                samples[place] = 0.5;
                assert_eq!(highest_sample(&samples), 0.5);
                samples[place] = f32::NAN;
                assert!(largest_magnitude(&samples) <= 0.25);
            }
        }
        assert_eq!(largest_magnitude(&[]), 0.0);
    }
}

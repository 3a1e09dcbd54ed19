//! The pictures and chunks of an ad as provider-neutral records (B-23, B-26, B-28), and what they
//! cost at catalogue prices (B-38).
//!
//! A beat of D seconds is D/5 chunks of five seconds, rounded up. The first begins with the picture
//! of the beat on the storyboard, each later one with the last frame of the one before. The built-in
//! renderer needs neither: it draws a shot as one motion, whichever chunk a frame is in.

use crate::model::beats::BEAT_STEP_SECONDS;
use serde::Serialize;

/// Where a chunk begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChunkInput {
    /// With the picture of its beat on the storyboard.
    Storyboard,
    /// With the last frame of the chunk before it.
    PreviousFrame,
}

/// One chunk of an ad.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChunkRecord {
    /// Its number in the ad, from 0.
    pub chunk_idx: usize,
    /// Its beat.
    pub beat_id: String,
    /// Seconds from the start of the ad.
    pub start: u32,
    /// Seconds.
    pub duration: u32,
    /// With what it begins.
    pub input_type: ChunkInput,
    /// Where that is, in the production.
    pub input_location: String,
    /// Where the chunk is, in the production.
    pub location: String,
}

/// A beat for which chunks are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimedBeat<'a> {
    /// Its id.
    pub id: &'a str,
    /// Seconds.
    pub seconds: u32,
}

/// Returns the path of a beat's picture on the storyboard, for a production without an output for it.
#[must_use]
pub fn storyboard_path(beat_id: &str) -> String {
    format!("storyboard/{beat_id}.png")
}

/// Returns the chunks of beats in order. The last chunk of a beat ends with its beat. `still_path`
/// returns the path of the picture of a beat by its index.
#[must_use]
pub fn chunk_records(
    beats: &[TimedBeat<'_>],
    still_path: impl Fn(usize) -> String,
) -> Vec<ChunkRecord> {
    let mut chunks: Vec<ChunkRecord> = Vec::new();
    let mut beat_start = 0;
    for (number, beat) in beats.iter().enumerate() {
        let mut passed = 0;
        while passed < beat.seconds {
            let index = chunks.len();
            // A new beat begins with its own picture, and not where the beat before it ended.
            let (input_type, input_location) = match chunks.last().filter(|_| passed > 0) {
                Some(before) => (ChunkInput::PreviousFrame, before.location.clone()),
                None => (ChunkInput::Storyboard, still_path(number)),
            };
            let duration = BEAT_STEP_SECONDS.min(beat.seconds - passed);
            chunks.push(ChunkRecord {
                chunk_idx: index,
                beat_id: beat.id.to_owned(),
                start: beat_start + passed,
                duration,
                input_type,
                input_location,
                location: format!("chunks/{index:03}_{}.mp4", beat.id),
            });
            passed += duration;
        }
        beat_start += beat.seconds;
    }
    chunks
}

/// Prices of the parts of an ad, in ten-thousandths of a dollar.
// Whole numbers, because sums of prices such as 0.0055 are not exact in binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdPrices {
    /// The name of the set.
    pub name: &'static str,
    /// One plan.
    pub plan: u64,
    /// One picture of the storyboard.
    pub image: u64,
    /// One chunk.
    pub chunk: u64,
    /// Joining the chunks.
    pub stitch: u64,
    /// The music.
    pub music: u64,
}

/// What the built-in providers cost: nothing.
pub const BUILT_IN_PRICES: AdPrices = AdPrices {
    name: "built_in",
    plan: 0,
    image: 0,
    chunk: 0,
    stitch: 0,
    music: 0,
};

/// Prices of the services that ads of this kind are bought from, for comparison.
pub const CATALOGUE_PRICES: AdPrices = AdPrices {
    name: "catalogue",
    plan: 200,
    image: 55,
    chunk: 400,
    stitch: 0,
    music: 1500,
};

/// What an ad costs, by part, in dollars.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AdCost {
    /// The name of the prices.
    pub prices: &'static str,
    /// The plan.
    pub plan: f64,
    /// The pictures of the storyboard.
    pub storyboard: f64,
    /// The chunks.
    pub chunks: f64,
    /// Joining them.
    pub stitch: f64,
    /// The music.
    pub music: f64,
    /// Everything.
    pub total: f64,
}

impl AdPrices {
    /// Returns the cost of so many pictures and chunks.
    #[must_use]
    pub fn ad_cost(&self, images: usize, chunks: usize) -> AdCost {
        let storyboard = self.image * images as u64;
        let chunk_total = self.chunk * chunks as u64;
        AdCost {
            prices: self.name,
            plan: dollars(self.plan),
            storyboard: dollars(storyboard),
            chunks: dollars(chunk_total),
            stitch: dollars(self.stitch),
            music: dollars(self.music),
            total: dollars(self.plan + storyboard + chunk_total + self.stitch + self.music),
        }
    }

    /// Returns the cost of the pictures alone.
    ///
    /// # Errors
    /// Fails without beats: there is nothing to draw, and it costs nothing.
    pub fn storyboard_cost(&self, beats: usize) -> Result<f64, NoBeats> {
        if beats == 0 {
            return Err(NoBeats);
        }
        Ok(dollars(self.image * beats as u64))
    }

    /// Returns the cost of the chunks alone.
    #[must_use]
    pub fn chunk_cost(&self, chunks: usize) -> f64 {
        dollars(self.chunk * chunks as u64)
    }
}

/// There are no beats to draw. The text reads after "failed to".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("draw a storyboard: the ad has no beats")]
pub struct NoBeats;

#[expect(
    clippy::cast_precision_loss,
    reason = "ads cost less than 2^52 ten-thousandths"
)]
fn dollars(ten_thousandths: u64) -> f64 {
    ten_thousandths as f64 / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunks(seconds: &[u32]) -> Vec<ChunkRecord> {
        let names: Vec<String> = (0..seconds.len())
            .map(|index| format!("b{index}"))
            .collect();
        let beats: Vec<TimedBeat<'_>> = names
            .iter()
            .zip(seconds)
            .map(|(id, seconds)| TimedBeat {
                id,
                seconds: *seconds,
            })
            .collect();
        chunk_records(&beats, |beat| storyboard_path(&names[beat]))
    }

    /// TC2.1 to TC2.4 of B-24.
    #[test]
    fn pictures_cost_what_the_catalogue_says() {
        let costs = [3, 6, 1].map(|beats| CATALOGUE_PRICES.storyboard_cost(beats).unwrap());
        assert_eq!(costs, [0.0165, 0.033, 0.0055]);
        assert_eq!(CATALOGUE_PRICES.storyboard_cost(0), Err(NoBeats));
        assert_eq!(BUILT_IN_PRICES.storyboard_cost(6), Ok(0.0));
    }

    /// TC3.1 to TC3.4 of B-29.
    #[test]
    fn beats_have_their_chunks_and_chunks_their_price() {
        let counts: Vec<(usize, f64)> = [&[5, 5, 5][..], &[5, 5, 10], &[15], &[5, 5, 5, 5, 5, 5]]
            .into_iter()
            .map(|seconds| chunks(seconds).len())
            .map(|count| (count, CATALOGUE_PRICES.chunk_cost(count)))
            .collect();
        assert_eq!(counts, [(3, 0.12), (4, 0.16), (3, 0.12), (6, 0.24)]);
    }

    /// The worked examples of B-27.
    #[test]
    fn later_chunks_of_a_beat_begin_with_the_frame_before() {
        let inputs: Vec<ChunkInput> = chunks(&[5, 10, 10])
            .iter()
            .map(|chunk| chunk.input_type)
            .collect();
        use ChunkInput::{PreviousFrame, Storyboard};
        assert_eq!(
            inputs,
            [
                Storyboard,
                Storyboard,
                PreviousFrame,
                Storyboard,
                PreviousFrame
            ]
        );
        let starts: Vec<u32> = chunks(&[5, 10, 10])
            .iter()
            .map(|chunk| chunk.start)
            .collect();
        assert_eq!(starts, [0, 5, 10, 15, 20]);
        assert_eq!(chunks(&[15])[2].input_location, "chunks/001_b0.mp4");
    }

    #[test]
    fn the_last_chunk_ends_with_its_beat() {
        let lengths: Vec<u32> = chunks(&[12]).iter().map(|chunk| chunk.duration).collect();
        assert_eq!(lengths, [5, 5, 2]);
    }

    /// The totals of B-38.
    #[test]
    fn ads_cost_what_the_catalogue_says_to_the_cent() {
        assert_eq!(CATALOGUE_PRICES.ad_cost(3, 3).total, 0.3065);
        assert_eq!(CATALOGUE_PRICES.ad_cost(6, 6).total, 0.443);
        assert_eq!(CATALOGUE_PRICES.ad_cost(3, 5).total, 0.3865);
        assert_eq!(BUILT_IN_PRICES.ad_cost(6, 6).total, 0.0);
    }
}

//! The plan of an ad as JSON (B-15), with its chunks and its cost.

use super::ad_plan::AdPlan;
use super::archetype_choice::ArchetypeScore;
use super::chunk_record::{
    AdCost, BUILT_IN_PRICES, CATALOGUE_PRICES, ChunkRecord, TimedBeat, chunk_records,
    storyboard_path,
};
use super::prompt_product::PromptProduct;
use super::unknown_words::UnknownWord;
use crate::model::beats::{BeatPosition, EnergyLevel};
use serde::Serialize;

/// Frames a second of a spec.
pub(super) const SPEC_RATE: u32 = 30;
/// The plan of an ad, for other programs.
#[derive(Debug, Clone, Serialize)]
pub struct AdSpec {
    /// The prompt.
    pub prompt: String,
    /// The archetype.
    pub template: String,
    /// Seconds.
    pub duration: u32,
    /// Frames a second.
    pub fps: u32,
    /// Width and height.
    pub resolution: [u32; 2],
    /// Width and height as a ratio, such as `16:9`.
    pub aspect: String,
    /// The product.
    pub product: PromptProduct,
    /// The look.
    pub style: AdStyle,
    /// What the ad says in one sentence.
    pub key_message: String,
    /// What the narrator says.
    pub voice_over: Option<String>,
    /// The language of the narrator, as in BCP 47, if it is not the usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<&'static str>,
    /// The text of the end card.
    pub call_to_action: String,
    /// The beats.
    pub beats: Vec<SpecBeat>,
    /// Why.
    pub reasoning: AdReasoning,
    /// The pictures of the storyboard, in order.
    pub storyboard: Vec<String>,
    /// The chunks of five seconds.
    pub chunks: Vec<ChunkRecord>,
    /// What it costs: here, and elsewhere for comparison.
    pub cost: Vec<AdCost>,
    /// As requested.
    pub creativity: f32,
    /// As requested.
    pub seed: u64,
}

/// The look of an ad (B-14).
#[derive(Debug, Clone, Serialize)]
pub struct AdStyle {
    /// In words.
    pub aesthetic: String,
    /// Colours by name.
    pub color_palette: Vec<String>,
    /// The mood.
    pub mood: String,
    /// The light in words.
    pub lighting: String,
    /// Words of the prompt.
    pub keywords: Vec<String>,
}

/// One beat of a spec.
#[derive(Debug, Clone, Serialize)]
pub struct SpecBeat {
    /// The beat of the library.
    pub beat_id: String,
    /// Its id in the ad.
    pub id: String,
    /// Seconds from the start.
    pub start: u32,
    /// Seconds.
    pub duration: u32,
    /// Where it belongs.
    pub position: BeatPosition,
    /// The type of its picture.
    pub shot_type: String,
    /// What happens.
    pub action: String,
    /// How the camera moves.
    pub camera_movement: String,
    /// How lively it is.
    pub energy_level: EnergyLevel,
    /// Its picture in words.
    pub prompt: String,
}

/// Why a plan is as it is.
#[derive(Debug, Clone, Serialize)]
pub struct AdReasoning {
    /// Why this archetype.
    pub archetype: String,
    /// The points of all archetypes.
    pub scores: Vec<ArchetypeScore>,
    /// Why each beat, in order.
    pub beats: Vec<String>,
    /// What was assumed.
    pub assumptions: Vec<String>,
    /// What decides nothing, in sentences.
    pub notes: Vec<String>,
    /// The words that decide nothing.
    pub unknown_words: Vec<UnknownWord>,
    /// The points of the sequence.
    pub points: i64,
}

impl AdSpec {
    /// Returns the spec of a plan.
    #[must_use]
    pub fn from_plan(plan: &AdPlan) -> Self {
        let timed: Vec<TimedBeat<'_>> = plan
            .beats
            .iter()
            .map(|beat| TimedBeat {
                id: &beat.id,
                seconds: beat.beat.seconds,
            })
            .collect();
        let chunks = chunk_records(&timed, |beat| storyboard_path(timed[beat].id));
        let (images, count) = (plan.beats.len(), chunks.len());
        let cost = [BUILT_IN_PRICES, CATALOGUE_PRICES].map(|prices| prices.ad_cost(images, count));
        Self {
            prompt: plan.prompt.clone(),
            template: plan.archetype.id.clone(),
            duration: plan.intent.seconds,
            fps: SPEC_RATE,
            resolution: plan.intent.shape.size,
            aspect: plan.intent.shape.name(),
            product: plan.intent.product.clone(),
            style: AdStyle {
                aesthetic: plan.words.aesthetic.clone(),
                color_palette: plan.words.palette.clone(),
                mood: plan.words.mood.clone(),
                lighting: plan.words.lighting.clone(),
                keywords: plan.intent.style_keywords.clone(),
            },
            key_message: plan.words.key_message.clone(),
            voice_over: plan.intent.quoted.clone(),
            language: plan.language,
            call_to_action: plan.words.call_to_action.clone(),
            beats: plan.beats.iter().map(spec_beat).collect(),
            reasoning: AdReasoning {
                archetype: plan.archetype_why.clone(),
                scores: plan.archetype_scores.clone(),
                beats: plan.beats.iter().map(|beat| beat.why.clone()).collect(),
                assumptions: plan.assumptions.clone(),
                notes: plan.unknown_words_note().into_iter().collect(),
                unknown_words: plan.intent.unknown_words.clone(),
                points: plan.points,
            },
            storyboard: plan
                .beats
                .iter()
                .map(|beat| storyboard_path(&beat.id))
                .collect(),
            chunks,
            cost: cost.to_vec(),
            creativity: plan.creativity,
            seed: plan.seed,
        }
    }
}

fn spec_beat(planned: &super::ad_plan::PlannedBeat) -> SpecBeat {
    let beat = &planned.beat;
    SpecBeat {
        beat_id: beat.name.clone(),
        id: planned.id.clone(),
        start: planned.start,
        duration: beat.seconds,
        position: beat.position,
        shot_type: beat.shot_type.clone(),
        action: beat.action.clone(),
        camera_movement: beat.camera_movement.clone(),
        energy_level: beat.energy,
        prompt: planned.prompt.clone(),
    }
}

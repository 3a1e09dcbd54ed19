//! The plan of an ad: prompt to archetype, beats, style and words, with the reasons.

use super::ad_words::AdWords;
use super::archetype_choice::{ArchetypeChoice, ArchetypeScore, choose_archetype};
use super::beat_sequence::{BeatSequence, SequenceError, best_sequence, template_sequence};
use super::is_ad_length;
use super::library_beat::{AdLibrary, LibraryArchetype, LibraryBeat, text_of, words};
use super::prompt_intent::{MOST_SECONDS, PromptError, PromptIntent, read_intent};
use super::sequence_score::SequenceScore;
use super::spoken_line::narrated_seconds;
use super::unknown_words::unknown_words_note;
use crate::model::beats::BEAT_STEP_SECONDS;
use crate::model::sound::{DEFAULT_LANGUAGE, guess_language};

/// Creativity if nothing says another (B-11).
pub const DEFAULT_CREATIVITY: f32 = 0.5;

/// What an ad is planned from.
#[derive(Debug, Clone)]
pub struct AdRequest<'a> {
    /// The prompt.
    pub prompt: &'a str,
    /// Seconds, if they are not in the prompt.
    pub seconds: Option<u32>,
    /// From 0, the usual beats of the archetype, to 1, any that fit.
    pub creativity: f32,
    /// Chooses between plans that are about as good.
    pub seed: u64,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AdPlanError {
    /// The prompt cannot be planned.
    #[error(transparent)]
    Prompt(#[from] PromptError),
    /// No beats have the length.
    #[error(transparent)]
    Sequence(#[from] SequenceError),
    /// The line in quotes takes longer than the ad.
    #[error(
        "plan an ad of {seconds} s: the line in quotes takes about {needed} s to say at a natural pace; {remedy}"
    )]
    LineTooLong {
        /// Seconds that the line takes.
        needed: f64,
        /// Seconds of the ad.
        seconds: u32,
        /// What helps.
        remedy: String,
    },
    /// The creativity is not from 0 to 1.
    #[error("plan an ad with creativity {0}: it must be from 0 to 1")]
    BadCreativity(f32),
    /// The library has no archetypes.
    #[error("plan an ad: the library has no archetypes")]
    NoArchetypes,
}

/// One beat of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedBeat {
    /// Its entry of the library.
    pub beat: LibraryBeat,
    /// Its id in the ad.
    pub id: String,
    /// Seconds from the start.
    pub start: u32,
    /// Its picture in words.
    pub prompt: String,
    /// Why it is there.
    pub why: String,
}

/// The plan of an ad.
#[derive(Debug, Clone)]
pub struct AdPlan {
    /// The prompt.
    pub prompt: String,
    /// What it asks for.
    pub intent: PromptIntent,
    /// The archetype.
    pub archetype: LibraryArchetype,
    /// Why it was chosen.
    pub archetype_why: String,
    /// The points of all archetypes.
    pub archetype_scores: Vec<ArchetypeScore>,
    /// The beats in order.
    pub beats: Vec<PlannedBeat>,
    /// The points of the sequence.
    pub points: i64,
    /// What the ad says.
    pub words: AdWords,
    /// What was assumed, in sentences.
    pub assumptions: Vec<String>,
    /// As requested.
    pub creativity: f32,
    /// As requested.
    pub seed: u64,
    /// The language of the narrator, as in BCP 47. `None`: the usual one.
    pub language: Option<&'static str>,
}

impl AdPlan {
    /// Returns what the words say that decides nothing, in a sentence. `None`: every word was
    /// understood.
    #[must_use]
    pub fn unknown_words_note(&self) -> Option<String> {
        unknown_words_note(&self.intent.unknown_words)
    }
}

/// Plans an ad.
///
/// # Errors
/// Fails if the prompt cannot be planned, or if no beats of the library have its length.
pub fn plan_ad(request: &AdRequest<'_>, library: &AdLibrary) -> Result<AdPlan, AdPlanError> {
    if !(0.0..=1.0).contains(&request.creativity) {
        return Err(AdPlanError::BadCreativity(request.creativity));
    }
    let intent = read_intent(request.prompt, request.seconds, library)?;
    // Before the search, because no choice of beats helps a line that is longer than the ad.
    check_line_length(&intent)?;
    let choice = choose_archetype(&intent, library).ok_or(AdPlanError::NoArchetypes)?;
    let sequence = find_sequence(request, &intent, &choice, library)?;
    let mut assumptions = intent.assumptions.clone();
    assumptions.extend(range_note(choice.archetype, intent.seconds));
    let words = ad_words(&intent, choice.archetype, &mut assumptions);
    let language = narrator_language(&intent, &mut assumptions);
    let beats = planned_beats(&sequence, library, choice.archetype, &intent, &words);
    Ok(AdPlan {
        prompt: request.prompt.to_owned(),
        archetype: choice.archetype.clone(),
        archetype_why: choice.why,
        archetype_scores: choice.scores,
        beats,
        points: sequence.points,
        words,
        assumptions,
        intent,
        creativity: request.creativity,
        seed: request.seed,
        language,
    })
}

/// Fails if the narrator cannot say the line within the ad at a natural pace.
fn check_line_length(intent: &PromptIntent) -> Result<(), AdPlanError> {
    let Some(line) = &intent.quoted else {
        return Ok(());
    };
    let needed = narrated_seconds(line);
    if needed <= f64::from(intent.seconds) {
        return Ok(());
    }
    let longer = (BEAT_STEP_SECONDS..=MOST_SECONDS)
        .filter(|seconds| is_ad_length(*seconds))
        .find(|seconds| needed <= f64::from(*seconds));
    let remedy = longer.map_or_else(
        || "say it in fewer words".to_owned(),
        |seconds| {
            format!("say it in fewer words, or make the ad longer, such as `--duration {seconds}s`")
        },
    );
    Err(AdPlanError::LineTooLong {
        needed: needed.ceil(),
        seconds: intent.seconds,
        remedy,
    })
}

/// Returns the language that the line is probably in, which is then an assumption. `None`: the
/// usual one.
fn narrator_language(intent: &PromptIntent, assumptions: &mut Vec<String>) -> Option<&'static str> {
    let (language, why) = guess_language(intent.quoted.as_deref()?)?;
    if language == DEFAULT_LANGUAGE {
        return None;
    }
    assumptions.push(format!(
        "The line in quotes is probably in `{language}`: {why}. A voice of that language says it; another `language` \
         under `sound` changes it."
    ));
    Some(language)
}

fn find_sequence(
    request: &AdRequest<'_>,
    intent: &PromptIntent,
    choice: &ArchetypeChoice<'_>,
    library: &AdLibrary,
) -> Result<BeatSequence, SequenceError> {
    let score = SequenceScore::new(
        library,
        choice.archetype,
        &intent.product.categories,
        request.creativity,
        request.seed,
        intent.seconds,
        intent.without_people,
    );
    // Creativity 0 promises the usual beats, so nothing is searched that could bring in others.
    if request.creativity <= 0.0 {
        template_sequence(library, choice.archetype, &score, intent.seconds)
    } else {
        best_sequence(library, &score, intent.seconds)
    }
}

/// Returns a note if the archetype is usually shorter or longer.
fn range_note(archetype: &LibraryArchetype, seconds: u32) -> Option<String> {
    let [low, high] = archetype.range;
    (!(low..=high).contains(&seconds)).then(|| {
        format!(
            "{} is usually {low} to {high} s long; this ad has {seconds} s as asked.",
            archetype.title()
        )
    })
}

/// Returns the style of B-14 and the texts of the ad.
fn ad_words(
    intent: &PromptIntent,
    archetype: &LibraryArchetype,
    assumptions: &mut Vec<String>,
) -> AdWords {
    let hints = words(&archetype.fields.style_hints);
    let mut aesthetic: Vec<String> = intent.style_keywords.iter().take(3).cloned().collect();
    // Words of the prompt come first; those of the archetype only fill up.
    for hint in hints {
        if aesthetic.len() < 3 && !aesthetic.contains(&hint) {
            aesthetic.push(hint);
        }
    }
    let name = &intent.product.name;
    let key_message = match &intent.quoted {
        Some(quoted) => quoted.clone(),
        None => {
            let message = key_message(name, archetype);
            assumptions.push(format!(
                "The prompt has no line in quotes, so the message is “{message}” and nobody speaks."
            ));
            message
        }
    };
    AdWords {
        product_name: name.clone(),
        brand_name: intent.product.brand.clone().unwrap_or_default(),
        aesthetic: aesthetic.join(", "),
        mood: archetype.mood(),
        palette: words(&archetype.fields.palette),
        lighting: text_of(&archetype.fields.lighting, ""),
        key_message,
        call_to_action: text_of(&archetype.fields.call_to_action, ""),
        aspect: intent.shape.name(),
    }
}

/// Returns a sentence of the steps of the archetype: `Made to excite, engage and inspire.`
fn key_message(name: &str, archetype: &LibraryArchetype) -> String {
    let steps = words(&archetype.fields.narrative_structure);
    match steps.last() {
        Some(last) => format!("{name}. Made to {last}."),
        None => format!("{name}."),
    }
}

fn planned_beats(
    sequence: &BeatSequence,
    library: &AdLibrary,
    archetype: &LibraryArchetype,
    intent: &PromptIntent,
    words: &AdWords,
) -> Vec<PlannedBeat> {
    let values = words.placeholder_values();
    let usual = archetype.sequence();
    let mut start = 0;
    let mut planned = Vec::new();
    for (index, beat) in sequence.beats.iter().enumerate() {
        let beat = library.beats[*beat].clone();
        planned.push(PlannedBeat {
            id: beat_id(&beat.name, &planned),
            start,
            prompt: words.picture_prompt(&beat.prompt_template, &beat.shot_type, &values),
            why: beat_reason(&beat, &usual, intent),
            beat,
        });
        start += planned[index].beat.seconds;
    }
    planned
}

/// Returns an id that stays when other beats come and go: the name of the beat, and a letter if it
/// is there already.
fn beat_id(name: &str, before: &[PlannedBeat]) -> String {
    let count = before.iter().filter(|beat| beat.beat.name == name).count();
    // A number would be taken for that of a shot. The longest ad has 36 beats.
    match ('a'..='z').nth(count) {
        Some('a') => name.to_owned(),
        Some(letter) => format!("{name}_{letter}"),
        None => format!("{name}_z{count}"),
    }
}

fn beat_reason(beat: &LibraryBeat, usual: &[&str], intent: &PromptIntent) -> String {
    let suits = beat
        .products
        .iter()
        .find(|product| intent.product.categories.contains(product));
    let from = if usual.contains(&beat.name.as_str()) {
        "usual for the archetype"
    } else {
        "fills the length"
    };
    match suits {
        Some(product) => format!(
            "{} of {} s, {from}, made for {product}",
            beat.position.as_str(),
            beat.seconds
        ),
        None => format!("{} of {} s, {from}", beat.position.as_str(), beat.seconds),
    }
}

//! Plans as the catalogue of beats has them: the tests of B-19 and B-20 and the properties of the
//! search.

use super::beat_sequence::{best_sequence, position_at, sequence_points, template_sequence};
use super::library_beat::AdLibrary;
use super::sequence_score::SequenceScore;
use super::{AdPlan, AdRequest, DEFAULT_CREATIVITY, plan_ad};
use crate::base::{Diagnostics, SourceMap};
use crate::library::Library;
use proptest::prelude::*;
use std::path::Path;

fn library() -> AdLibrary {
    let mut sources = SourceMap::default();
    let mut found = Diagnostics::default();
    let library = Library::read(Path::new("no-such-folder"), &mut sources, &mut found);
    AdLibrary::from_library(&library)
}

fn plan_with(prompt: &str, creativity: f32, seed: u64) -> AdPlan {
    let request = AdRequest {
        prompt,
        seconds: None,
        creativity,
        seed,
    };
    plan_ad(&request, &library()).unwrap()
}

fn plan(prompt: &str) -> AdPlan {
    plan_with(prompt, DEFAULT_CREATIVITY, 0)
}

fn names(plan: &AdPlan) -> Vec<&str> {
    plan.beats
        .iter()
        .map(|beat| beat.beat.name.as_str())
        .collect()
}

fn lengths(plan: &AdPlan) -> Vec<u32> {
    plan.beats.iter().map(|beat| beat.beat.seconds).collect()
}

/// Checks archetype, exact length and number of beats of a prompt.
fn check_plan(prompt: &str, archetype: &str, seconds: u32, beats: std::ops::RangeInclusive<usize>) {
    let plan = plan(prompt);
    assert_eq!(
        plan.archetype.id, archetype,
        "{prompt}: {}",
        plan.archetype_why
    );
    assert_eq!(lengths(&plan).iter().sum::<u32>(), seconds, "{prompt}");
    assert!(
        beats.contains(&plan.beats.len()),
        "{prompt}: {:?}",
        names(&plan)
    );
}

#[test]
fn the_library_has_the_beats_and_archetypes_of_the_catalogue() {
    let library = library();
    assert_eq!(library.beats.len(), 15);
    assert_eq!(library.archetypes.len(), 5);
    assert!(
        library
            .beats
            .iter()
            .all(|beat| [5, 10].contains(&beat.seconds))
    );
    for archetype in &library.archetypes {
        let sequence = archetype.sequence();
        assert!(
            sequence.iter().all(|name| library.beat(name).is_some()),
            "{}",
            archetype.id
        );
        assert!(
            (3..=5).contains(&archetype.fields.palette.len()),
            "{}",
            archetype.id
        );
    }
}

/// TC1.1 of B-19.
#[test]
fn fifteen_seconds_of_sneakers_are_three_beats_of_five() {
    let plan = plan("15s Nike sneakers energetic");
    assert_eq!(plan.archetype.id, "energetic_lifestyle");
    assert_eq!(lengths(&plan), [5, 5, 5]);
}

/// TC1.2 of B-19.
#[test]
fn thirty_seconds_of_a_luxury_watch_are_four_to_six_beats() {
    check_plan("30s luxury watch elegant", "luxury_showcase", 30, 4..=6);
}

/// TC1.3 of B-19.
#[test]
fn twenty_seconds_of_a_minimalist_phone_are_four_beats_of_five() {
    let plan = plan("20s iPhone minimalist clean");
    assert_eq!(plan.archetype.id, "minimalist_reveal");
    assert_eq!(lengths(&plan), [5, 5, 5, 5]);
}

/// TC1.4 of B-19.
#[test]
fn twenty_five_seconds_of_a_family_car_are_three_or_four_beats() {
    check_plan(
        "25s family car emotional story",
        "emotional_storytelling",
        25,
        3..=4,
    );
}

/// TC1.5 of B-19.
#[test]
fn a_prompt_without_a_length_is_thirty_seconds() {
    check_plan(
        "Showcase the features of our new laptop",
        "feature_demo",
        30,
        4..=6,
    );
    let plan = plan("Showcase the features of our new laptop");
    assert!(
        plan.assumptions[0].contains("30 seconds"),
        "{:?}",
        plan.assumptions
    );
}

/// TC1.6 of B-19, by the ruling: the usual beats, less the middle ones with the fewest points.
#[test]
fn without_creativity_the_usual_beats_stay_as_far_as_they_fit() {
    let exact = plan_with("20s sneakers energetic", 0.0, 7);
    assert_eq!(
        names(&exact),
        [
            "dynamic_intro",
            "action_montage",
            "product_in_motion",
            "call_to_action"
        ]
    );
    let shorter = plan_with("15s sneakers energetic", 0.0, 7);
    assert_eq!(shorter.beats.len(), 3);
    assert_eq!(names(&shorter)[0], "dynamic_intro");
    assert_eq!(names(&shorter)[2], "call_to_action");
    let request = AdRequest {
        prompt: "30s luxury watch elegant",
        seconds: None,
        creativity: 0.0,
        seed: 0,
    };
    let failure = plan_ad(&request, &library()).unwrap_err().to_string();
    assert!(
        failure.contains("they can be 25, 20, 15 s long"),
        "{failure}"
    );
}

/// TC1.7 of B-19: any beats that fit, by the seed.
#[test]
fn with_full_creativity_other_seeds_give_other_beats_of_the_same_length() {
    let plans: Vec<AdPlan> = (0..8)
        .map(|seed| plan_with("30s luxury watch elegant", 1.0, seed))
        .collect();
    for plan in &plans {
        assert_eq!(lengths(plan).iter().sum::<u32>(), 30);
    }
    let different: std::collections::BTreeSet<Vec<&str>> = plans.iter().map(names).collect();
    assert!(different.len() > 2, "{different:?}");
    assert_eq!(
        names(&plans[3]),
        names(&plan_with("30s luxury watch elegant", 1.0, 3))
    );
}

/// TP1 to TP5 of B-20.
#[test]
fn prompts_of_people_are_planned_as_they_are_meant() {
    check_plan(
        "Create a 15 second ad for Nike sneakers, energetic and urban",
        "energetic_lifestyle",
        15,
        3..=3,
    );
    check_plan(
        "A 30-second elegant advertisement for a luxury watch",
        "luxury_showcase",
        30,
        4..=6,
    );
    check_plan(
        "20 second minimalist video for the new iPhone, clean and modern",
        "minimalist_reveal",
        20,
        4..=4,
    );
    check_plan(
        "An emotional story about a family and their car",
        "emotional_storytelling",
        30,
        3..=4,
    );
    check_plan(
        "25 seconds showing how a smart thermostat works, clear and informative",
        "feature_demo",
        25,
        4..=5,
    );
}

/// More prompts of the same kinds: lengths in other words, and styles without their name.
#[test]
fn prompts_in_other_words_are_planned_as_they_are_meant() {
    check_plan(
        "10s energy drink, dynamic and vibrant",
        "energetic_lifestyle",
        10,
        2..=2,
    );
    check_plan(
        "half a minute for a diamond ring, premium, sophisticated",
        "luxury_showcase",
        30,
        4..=6,
    );
    check_plan(
        "0:20 skincare cream, simple and clean",
        "minimalist_reveal",
        20,
        3..=4,
    );
    check_plan(
        "20s heartfelt film for a hospital charity, warm and human",
        "emotional_storytelling",
        20,
        3..=4,
    );
    check_plan(
        "15s demo of our app, professional",
        "feature_demo",
        15,
        2..=3,
    );
    check_plan(
        "a minute for a sofa, warm, home, story",
        "emotional_storytelling",
        60,
        6..=12,
    );
    check_plan("5s sneakers", "energetic_lifestyle", 5, 1..=1);
}

#[test]
fn the_same_words_give_the_same_plan_and_a_quoted_line_is_spoken() {
    let prompt = "15s watch elegant \"Time is yours\"";
    let plan = plan(prompt);
    assert_eq!(plan.intent.quoted.as_deref(), Some("Time is yours"));
    assert_eq!(plan.words.key_message, "Time is yours");
    assert_eq!(names(&plan), names(&self::plan(prompt)));
}

#[test]
fn the_language_of_a_quoted_line_is_an_assumption_unless_it_is_usual() {
    let plan = self::plan("15s watch elegant \"Всё впереди, друзья мои.\"");
    assert_eq!(plan.language, Some("ru"));
    let assumed = plan.assumptions.join(" ");
    assert!(assumed.contains("probably in `ru`"), "{assumed}");
    let usual = self::plan("15s watch \"The time that is yours and that you have.\"");
    assert_eq!(usual.language, None);
}

fn score_for(
    library: &AdLibrary,
    archetype: usize,
    product: usize,
    creativity: f32,
    seed: u64,
    seconds: u32,
) -> SequenceScore {
    let categories: Vec<String> = library.products[product]
        .fields
        .categories
        .iter()
        .map(|category| category.value.clone())
        .collect();
    SequenceScore::new(
        library,
        &library.archetypes[archetype],
        &categories,
        creativity,
        seed,
        seconds,
        false,
    )
}

/// Returns whether an opening is first, a closing last, and only beats of the middle between them.
fn is_in_order(library: &AdLibrary, beats: &[usize]) -> bool {
    let count = beats.len();
    count > 0
        && beats.iter().enumerate().all(|(index, beat)| {
            library.beats[*beat].position == position_at(index == 0, index + 1 == count)
        })
}

/// Returns every sequence of this length that is in order.
fn all_sequences(library: &AdLibrary, seconds: u32) -> Vec<Vec<usize>> {
    fn extend(library: &AdLibrary, rest: u32, beats: &mut Vec<usize>, all: &mut Vec<Vec<usize>>) {
        if rest == 0 {
            if is_in_order(library, beats) {
                all.push(beats.clone());
            }
            return;
        }
        for beat in 0..library.beats.len() {
            if library.beats[beat].seconds <= rest {
                beats.push(beat);
                extend(library, rest - library.beats[beat].seconds, beats, all);
                beats.pop();
            }
        }
    }
    let mut all = Vec::new();
    extend(library, seconds, &mut Vec::new(), &mut all);
    all
}

#[test]
fn every_length_and_archetype_has_a_sequence_that_is_exact_and_in_order() {
    let library = library();
    for seconds in (5..=120).step_by(5) {
        for archetype in 0..library.archetypes.len() {
            let score = score_for(&library, archetype, 0, DEFAULT_CREATIVITY, 0, seconds);
            let sequence = best_sequence(&library, &score, seconds).unwrap();
            let sum: u32 = sequence
                .beats
                .iter()
                .map(|beat| library.beats[*beat].seconds)
                .sum();
            assert_eq!(sum, seconds);
            assert!(is_in_order(&library, &sequence.beats), "{sequence:?}");
            let repeats = sequence.beats.windows(2).filter(|pair| pair[0] == pair[1]);
            assert_eq!(repeats.count(), 0, "{seconds} s: {sequence:?}");
        }
    }
}

#[test]
fn a_beat_follows_itself_if_there_is_no_other() {
    let mut library = library();
    let keep = ["hero_shot", "detail_showcase", "call_to_action"];
    library
        .beats
        .retain(|beat| keep.contains(&beat.name.as_str()));
    let score = score_for(&library, 0, 0, DEFAULT_CREATIVITY, 0, 20);
    let sequence = best_sequence(&library, &score, 20).unwrap();
    assert_eq!(sequence.beats, [0, 1, 1, 2]);
}

#[test]
fn a_library_without_a_closing_has_no_sequence() {
    let mut library = library();
    library.beats.truncate(5);
    let score = score_for(&library, 0, 0, DEFAULT_CREATIVITY, 0, 20);
    assert!(best_sequence(&library, &score, 20).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_search_finds_the_best_of_all_sequences(
        step in 1_u32..=5, archetype in 0_usize..5, product in 0_usize..13, creativity in 0.05_f32..=1.0, seed in any::<u64>(),
    ) {
        let library = library();
        let seconds = step * 5;
        let score = score_for(&library, archetype, product, creativity, seed, seconds);
        let found = best_sequence(&library, &score, seconds).unwrap();
        let points = all_sequences(&library, seconds)
            .iter()
            .map(|beats| sequence_points(&library, &score, beats))
            .max();
        prop_assert_eq!(Some(found.points), points);
    }

    #[test]
    fn parts_of_the_usual_sequence_are_exact_or_an_error(step in 1_u32..=24, archetype in 0_usize..5, seed in any::<u64>()) {
        let library = library();
        let seconds = step * 5;
        let score = score_for(&library, archetype, 0, 0.0, seed, seconds);
        let archetype = &library.archetypes[archetype];
        if let Ok(sequence) = template_sequence(&library, archetype, &score, seconds) {
            let sum: u32 = sequence.beats.iter().map(|beat| library.beats[*beat].seconds).sum();
            prop_assert_eq!(sum, seconds);
            let named: Vec<&str> = sequence.beats.iter().map(|beat| library.beats[*beat].name.as_str()).collect();
            let usual = archetype.sequence();
            prop_assert_eq!(named[0], usual[0]);
            prop_assert_eq!(named.last(), usual.last());
        }
    }

    #[test]
    fn any_text_is_a_plan_or_a_clear_error(prompt in ".{0,80}") {
        let request = AdRequest { prompt: &prompt, seconds: Some(15), creativity: 0.5, seed: 0 };
        match plan_ad(&request, &library()) {
            Ok(plan) => prop_assert_eq!(lengths(&plan).iter().sum::<u32>(), 15),
            Err(error) => prop_assert!(error.to_string().contains("plan an ad")),
        }
    }
}

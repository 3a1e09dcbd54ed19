//! Scenes in which nobody talks: action, montages, and passages of one shot.

use super::coverage_builder::{CoverageBuilder, SILENT_SECONDS};
use super::coverage_kind::begins_montage;
use super::scene_contents::{people_in_text, props_in_text};
use super::scene_coverage::CastLookup;
use super::speech_lines::push_voice;
use crate::base::{FileSpan, Spanned};
use crate::story::fountain::{SceneElement, ScriptScene, action_seconds, strip_emphasis};

/// Shortest and longest shot of a montage, in seconds.
const MONTAGE_SECONDS: (f64, f64) = (1.5, 3.0);
/// Seconds of the first paragraph that the opening shows.
const LONGEST_OPENING: f64 = 5.0;
/// Most shots of one paragraph of action.
const MOST_SHOTS: u32 = 3;

/// Covers a scene with one shot of its place.
pub(super) fn cover_transition(coverage: &mut CoverageBuilder, scene: &ScriptScene) {
    coverage.push_establishing(scene.heading.origin, scene.estimated_seconds());
}

/// Covers action: the place with its first paragraph, then what each paragraph names. Voices go over
/// the pictures.
pub(super) fn cover_action(
    coverage: &mut CoverageBuilder,
    scene: &ScriptScene,
    casting: &CastLookup<'_>,
) {
    let mut elements = scene
        .elements
        .iter()
        .filter(|element| element.estimated_seconds() > 0.0)
        .peekable();
    let is_shown = |element: &&SceneElement| !matches!(element, SceneElement::Dialogue(_));
    let first = elements.next_if(is_shown);
    let seconds = first.map_or(0.0, SceneElement::estimated_seconds);
    coverage.push_establishing(scene.heading.origin, seconds);
    // What the first shot has no time for is action, too.
    let rest = seconds - LONGEST_OPENING;
    if let Some(first) = first.filter(|_| rest >= SILENT_SECONDS.0) {
        push_paragraph(coverage, first, rest, casting);
    }
    for element in elements {
        match element {
            SceneElement::Dialogue(speech) => push_voice(coverage, speech, casting),
            shown => push_paragraph(coverage, shown, shown.estimated_seconds(), casting),
        }
    }
}

/// Covers a paragraph with as many shots as its length needs: first of whom or what it names, then
/// of everyone, and so on.
fn push_paragraph(
    coverage: &mut CoverageBuilder,
    paragraph: &SceneElement,
    seconds: f64,
    casting: &CastLookup<'_>,
) {
    let text = match paragraph {
        SceneElement::Action(text) => strip_emphasis(&text.value),
        _ => String::new(),
    };
    let named = people_in_text(&text, &coverage.people, casting);
    let props = props_in_text(&text, &coverage.props);
    let mut count = 1;
    while f64::from(count) * SILENT_SECONDS.1 < seconds && count < MOST_SHOTS {
        count += 1;
    }
    let each = (seconds / f64::from(count)).clamp(SILENT_SECONDS.0, SILENT_SECONDS.1);
    let origin = paragraph.origin();
    for index in 0..count {
        match (index % 2, props.first()) {
            // A thing that a paragraph is about is seen closely once.
            (0, Some(prop)) if named.is_empty() => coverage.push_insert(prop, origin, each),
            (0, _) if !named.is_empty() => coverage.push_people(&named, origin, each),
            _ => coverage.push_wide(origin, each),
        }
    }
}

/// Covers a montage: a short shot for each of its pictures.
pub(super) fn cover_montage(
    coverage: &mut CoverageBuilder,
    scene: &ScriptScene,
    casting: &CastLookup<'_>,
) {
    for element in &scene.elements {
        match element {
            SceneElement::Action(text) => {
                for picture in montage_pictures(&text.value) {
                    push_picture(coverage, picture, text.origin, casting);
                }
            }
            SceneElement::Dialogue(speech) => push_voice(coverage, speech, casting),
            _ => {}
        }
    }
    if coverage.shots.is_empty() {
        cover_transition(coverage, scene);
    }
}

/// Returns the pictures of a paragraph: one for each line, without its number or dash.
fn montage_pictures(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(str::trim)
        .filter(|line| !begins_montage(line) && !line.starts_with("END"))
        .map(|line| line.trim_start_matches(['-', '–', '—', '•', '*', ' ']))
        .filter(|line| !line.is_empty())
}

fn push_picture(
    coverage: &mut CoverageBuilder,
    picture: &str,
    origin: FileSpan,
    casting: &CastLookup<'_>,
) {
    let plain = strip_emphasis(picture);
    let named = people_in_text(&plain, &coverage.people, casting);
    let props = props_in_text(&plain, &coverage.props);
    let seconds = action_seconds(&plain).clamp(MONTAGE_SECONDS.0, MONTAGE_SECONDS.1);
    match (named.is_empty(), props.first()) {
        (false, _) => coverage.push_people(&named, origin, seconds),
        (true, Some(prop)) => coverage.push_insert(prop, origin, seconds),
        (true, None) => coverage.push_wide(origin, seconds),
    }
    if let Some(shot) = coverage.shots.last_mut() {
        shot.description = Some(Spanned::new(plain, origin));
    }
}

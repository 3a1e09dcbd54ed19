//! The shots of one scene: its kind, its people, and how it begins and ends.

use super::action_coverage::{cover_action, cover_montage, cover_transition};
use super::coverage_builder::CoverageBuilder;
use super::coverage_kind::CoverageKind;
use super::dialogue_coverage::cover_dialogue;
use super::scene_contents::{people_in_scene, props_in_scene};
use super::script_transitions::closing_transition;
use super::speech_lines::speech_delivery;
use crate::document::draft::ShotDraft;
use crate::model::SceneNumber;
use crate::story::fountain::ScriptScene;

/// Finds a character: from a name in the script to the name in the document. None if the document
/// has no such character.
pub type CastLookup<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// What coverage needs beside a scene.
pub struct CoverageContext<'a> {
    /// Finds the characters of the document.
    pub casting: &'a CastLookup<'a>,
    /// Names of props to look for in action.
    pub props: &'a [&'a str],
    /// Whether the film has sound. Then each shot has its lines, and the one who speaks
    /// at the same time is in one shot.
    pub has_sound: bool,
    /// Whether the script fades in before the scene.
    pub fades_in: bool,
    /// Whether it is the last scene, after which there is nothing to dissolve to.
    pub is_last: bool,
}

/// Returns shots that cover `scene`, whose number is `number`.
#[must_use]
pub fn cover_scene(
    scene: &ScriptScene,
    number: &SceneNumber,
    context: &CoverageContext<'_>,
) -> Vec<ShotDraft> {
    let people = people_in_scene(scene, context.casting);
    let props = props_in_scene(scene, context.props);
    let kind = CoverageKind::from_scene(scene, people.len(), &|speech| {
        speech_delivery(speech, context.casting)
    });
    let mut coverage = CoverageBuilder::new(number.clone(), people, props, context.has_sound);
    match kind {
        CoverageKind::Conversation | CoverageKind::Group | CoverageKind::Monologue => {
            cover_dialogue(&mut coverage, scene, context.casting);
        }
        CoverageKind::Action => cover_action(&mut coverage, scene, context.casting),
        CoverageKind::Montage => cover_montage(&mut coverage, scene, context.casting),
        CoverageKind::Transition => cover_transition(&mut coverage, scene),
    }
    if context.fades_in {
        coverage.fade_in(scene.heading.origin);
    }
    let closing = closing_transition(&scene.elements);
    if let Some(closing) = closing.filter(|closing| !(context.is_last && closing.needs_next)) {
        coverage.end_with(closing.name, closing.origin);
    }
    coverage.shots
}

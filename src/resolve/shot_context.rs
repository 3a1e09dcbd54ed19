//! What shots are resolved with: the parts of the production that they refer to.

use super::scenes::NumberedScenes;
use super::sound::{SoundBase, SpeechFacts};
use crate::base::{FileSpan, Spanned};
use crate::model::production::{Character, Location, Prop, RenderSettings, Scene};
use crate::model::{FootageSurvey, RenderPass, SceneNumber};

/// The resolved parts of the production that shots refer to.
pub(super) struct ShotContext<'a> {
    pub(super) characters: &'a [Character],
    pub(super) locations: &'a [Location],
    pub(super) scenes_of_locations: &'a [Vec<SceneNumber>],
    pub(super) props: &'a [Prop],
    pub(super) scenes: &'a [Scene],
    pub(super) numbered: &'a NumberedScenes<'a>,
    pub(super) has_script: bool,
    pub(super) render: &'a RenderSettings,
    /// Passes of shots that list none.
    pub(super) passes: &'a [Spanned<RenderPass>],
    /// What is at the paths of footage.
    pub(super) footage: &'a FootageSurvey,
    /// Whether the document asks for sound, so that derived shots have lines.
    pub(super) has_lines: bool,
    /// The sound that shots are resolved with. `None`: the document asks for none.
    pub(super) sound: Option<ShotSpeech<'a>>,
    pub(super) origin: FileSpan,
}

/// The sound that shots are resolved with.
#[derive(Clone, Copy)]
pub(super) struct ShotSpeech<'a> {
    pub(super) sound: &'a SoundBase,
    pub(super) facts: &'a SpeechFacts,
    /// Whether the film has sound. If not, lines only give their shots a length.
    pub(super) has_sound: bool,
}

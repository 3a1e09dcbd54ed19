//! Who speaks in a script: how often, how much, how long, and in how many scenes.

use super::scene_breakdown::rounded_seconds;
use crate::base::name_form::script_name_form;
use crate::model::SceneNumber;
use crate::model::sound::LineDelivery;
use crate::model::speaker_names::{bare_speaker_name, is_voice_alone};
use crate::story::fountain::{DialogueSpeech, ScriptScene};
use crate::story::shot_coverage::{ScenePeople, named_in_action, speech_delivery};
use serde::Serialize;
use std::collections::HashMap;

/// One speaker.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CastMember {
    /// The name as the first cue has it.
    pub name: String,
    /// Speeches: how often the speaker begins to speak.
    pub speeches: u32,
    /// Words between spaces.
    pub words: usize,
    /// Characters of languages that write no spaces.
    pub characters: usize,
    /// Estimated seconds of speech.
    pub seconds: f64,
    /// Speeches of a voice that is not in view: `(V.O.)` and `(O.S.)`.
    pub unseen_speeches: u32,
    /// The scenes with a speech, in order.
    pub scenes: Vec<SceneNumber>,
    /// Whether the audience ever sees who speaks: in a speech, or in action that names them.
    #[serde(skip)]
    pub is_seen: bool,
}

/// The speakers so far, in the order of their first speech.
#[derive(Default)]
pub(super) struct CastCount {
    members: Vec<CastMember>,
    by_name: HashMap<String, usize>,
}

impl CastCount {
    /// Counts a speech. `scene`: `None` before the first.
    pub(super) fn add_speech(&mut self, speech: &DialogueSpeech, scene: Option<&SceneNumber>) {
        let length = speech.spoken_length();
        let extension = speech.extension.as_deref().unwrap_or_default();
        let is_unseen = LineDelivery::from_extension(extension) != LineDelivery::OnScreen;
        let member = self.member(&speech.character.value);
        member.speeches += 1;
        member.words += length.words;
        member.characters += length.characters;
        member.seconds += speech.estimated_seconds();
        member.unseen_speeches += u32::from(is_unseen);
        // A script alone has no characters: a narrator is seen nowhere.
        member.is_seen |= speech_delivery(speech, &|_| None) == LineDelivery::OnScreen;
        if let Some(scene) = scene.filter(|scene| member.scenes.last() != Some(scene)) {
            member.scenes.push(scene.clone());
        }
    }

    /// Notes who is seen in the action of these scenes, though their speeches are all voices.
    pub(super) fn find_seen_in_action<'s>(
        &mut self,
        scenes: impl Iterator<Item = &'s ScriptScene>,
    ) {
        // A `RADIO VOICE` is nobody, even where action names what it comes from.
        let is_open = |member: &&CastMember| !member.is_seen && !is_voice_alone(&member.name);
        let unseen = self.members.iter().filter(is_open);
        let forms: Vec<String> = unseen
            .map(|member| script_name_form(&member.name))
            .collect();
        let mut missing = forms.len();
        let unseen = ScenePeople::new(forms);
        let find = |name: &str| Some(script_name_form(name)).filter(|form| unseen.contains(form));
        for scene in scenes {
            if missing == 0 {
                return;
            }
            for form in named_in_action(scene, &unseen, &find) {
                let member = self.by_name.get(&form).copied();
                let member = member.and_then(|index| self.members.get_mut(index));
                if let Some(member) = member.filter(|member| !member.is_seen) {
                    member.is_seen = true;
                    missing -= 1;
                }
            }
        }
    }

    fn member(&mut self, name: &str) -> &mut CastMember {
        let name = bare_speaker_name(name);
        let index = *self
            .by_name
            // `Mara` and `MARA` are one person.
            .entry(script_name_form(name))
            .or_insert_with(|| {
                self.members.push(CastMember {
                    name: name.to_owned(),
                    speeches: 0,
                    words: 0,
                    characters: 0,
                    seconds: 0.0,
                    unseen_speeches: 0,
                    scenes: Vec::new(),
                    is_seen: false,
                });
                self.members.len() - 1
            });
        &mut self.members[index]
    }

    /// Returns the speakers, who speaks longest first.
    pub(super) fn into_members(self) -> Vec<CastMember> {
        let mut members = self.members;
        for member in &mut members {
            member.seconds = rounded_seconds(member.seconds);
        }
        // A stable sort: of equals, who speaks first comes first.
        members.sort_by(|first, second| second.seconds.total_cmp(&first.seconds));
        members
    }
}

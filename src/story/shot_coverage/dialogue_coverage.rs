//! Scenes in which people talk: a master, over-shoulders and singles.

use super::coverage_builder::{
    BREATH_SECONDS, CoverageBuilder, MOST_TOGETHER, SILENT_SECONDS, performer_draft,
};
use super::scene_contents::{people_in_text, props_in_text};
use super::scene_coverage::CastLookup;
use super::speech_lines::{line_draft, push_voice, speech_delivery};
use crate::base::{FileSpan, Spanned};
use crate::document::{OneOrMany, TextOr};
use crate::model::camera::ShotSize;
use crate::model::sound::LineDelivery;
use crate::story::fountain::{DialogueSpeech, SceneElement, ScriptScene, strip_emphasis};
use std::collections::HashMap;

/// Shortest action between two speeches that gets a shot of its own, in seconds.
const MIN_ACTION_SECONDS: f64 = 1.5;
/// Singles after which everyone is seen again, so that the audience knows where they are.
const MOST_SINGLES: u32 = 7;

/// Covers a scene with speech.
pub(super) fn cover_dialogue(
    coverage: &mut CoverageBuilder,
    scene: &ScriptScene,
    casting: &CastLookup<'_>,
) {
    // Everything before the first speech is one establishing shot: the audience must see the place
    // before it can follow who talks where.
    let leading = scene
        .elements
        .iter()
        .take_while(|element| !is_speech(element))
        .count();
    let (leading, rest) = scene.elements.split_at(leading);
    let seconds = leading.iter().map(SceneElement::estimated_seconds).sum();
    coverage.push_establishing(scene.heading.origin, seconds);
    let mut dialogue = DialogueCoverage {
        coverage,
        casting,
        speeches_left: speech_counts(scene, casting),
        singles: HashMap::new(),
        since_master: 0,
        has_master: false,
        last_speaker: None,
    };
    let mut pending = PendingAction::default();
    for element in rest {
        match element {
            SceneElement::Dialogue(speech) => {
                // Action is only known to be between two speeches when the second one comes.
                dialogue.push_action(&mut pending);
                dialogue.push_speech(speech);
            }
            // A note or a transition takes no time, so it adds nothing.
            other => pending.add_element(other),
        }
    }
    dialogue.push_closing(&pending);
}

fn is_speech(element: &&SceneElement) -> bool {
    matches!(element, SceneElement::Dialogue(_))
}

/// Returns how many speeches each character has in view.
fn speech_counts(scene: &ScriptScene, casting: &CastLookup<'_>) -> HashMap<String, u32> {
    let mut counts = HashMap::new();
    let is_seen =
        |speech: &&DialogueSpeech| speech_delivery(speech, casting) == LineDelivery::OnScreen;
    for speech in scene.dialogue_speeches().filter(is_seen) {
        if let Some(speaker) = casting(&speech.character.value) {
            *counts.entry(speaker).or_insert(0) += 1;
        }
    }
    counts
}

/// Action since the last speech.
#[derive(Default)]
struct PendingAction {
    seconds: f64,
    origin: Option<FileSpan>,
    text: String,
}

impl PendingAction {
    fn add_element(&mut self, element: &SceneElement) {
        self.seconds += element.estimated_seconds();
        self.origin = self.origin.or(Some(element.origin()));
        if let SceneElement::Action(text) = element {
            self.text.push_str(&strip_emphasis(&text.value));
            self.text.push('\n');
        }
    }
}

struct DialogueCoverage<'c, 'b> {
    coverage: &'b mut CoverageBuilder,
    casting: &'c CastLookup<'c>,
    /// Speeches that are still to come, by character.
    speeches_left: HashMap<String, u32>,
    /// Singles so far, by character.
    singles: HashMap<String, u32>,
    /// Singles since everyone was seen.
    since_master: u32,
    /// Whether a master was shown.
    has_master: bool,
    last_speaker: Option<String>,
}

impl DialogueCoverage<'_, '_> {
    /// Covers action between two speeches, if it is long enough: the thing that it is about, the
    /// one who reacts, or everyone.
    fn push_action(&mut self, pending: &mut PendingAction) {
        // Taken even if it is too short for a shot, so that it does not add to the next pause.
        let pending = std::mem::take(pending);
        let Some(origin) = pending
            .origin
            .filter(|_| pending.seconds >= MIN_ACTION_SECONDS && !self.coverage.people.is_empty())
        else {
            return;
        };
        let seconds = pending.seconds.clamp(SILENT_SECONDS.0, SILENT_SECONDS.1);
        let named = people_in_text(&pending.text, &self.coverage.people, self.casting);
        let props = props_in_text(&pending.text, &self.coverage.props);
        match (named.as_slice(), props.first()) {
            ([], Some(prop)) => self.coverage.push_insert(prop, origin, seconds),
            // What one person does while two talk is a reaction, seen on the face.
            ([one], _) if self.coverage.people.len() > 1 => {
                self.push_single(one.clone(), "idle", origin, seconds);
                self.since_master += 1;
            }
            _ => {
                let template = if self.coverage.people.len() > 1 {
                    "two_shot"
                } else {
                    "character_full"
                };
                let everyone = self.coverage.full_cast("idle", None, origin);
                let shot = self.coverage.new_shot(template, origin, seconds, everyone);
                self.coverage.push(shot, seconds, None);
                self.since_master = 0;
            }
        }
    }

    fn push_closing(&mut self, pending: &PendingAction) {
        let origin = pending
            .origin
            .filter(|_| pending.seconds >= MIN_ACTION_SECONDS);
        if let Some(origin) = origin {
            let seconds = pending.seconds.clamp(SILENT_SECONDS.0, SILENT_SECONDS.1);
            self.coverage.push_wide(origin, seconds);
        }
    }

    fn push_speech(&mut self, speech: &DialogueSpeech) {
        let origin = speech.character.origin;
        let text = format!("{}: {}", speech.character.value, speech.spoken_text());
        let speaker = (self.casting)(&speech.character.value);
        let delivery = speech_delivery(speech, self.casting);
        let is_joined = self.coverage.has_sound && speech.dual;
        // Without anybody who could hear it, a voice from out of view goes over the place, too.
        let is_over = delivery == LineDelivery::VoiceOver
            || delivery == LineDelivery::OffScreen && self.coverage.people.is_empty();
        if is_over && !is_joined {
            return push_voice(self.coverage, speech, self.casting);
        }
        let is_seen = delivery == LineDelivery::OnScreen;
        if let Some(left) = speaker
            .as_ref()
            .filter(|_| is_seen)
            .and_then(|speaker| self.speeches_left.get_mut(speaker))
        {
            *left = left.saturating_sub(1);
        }
        if is_joined && self.join_last_shot(speech, &text) {
            self.last_speaker = speaker;
            return;
        }
        let first_new = self.coverage.shots.len();
        self.push_speech_shot(speech, speaker.as_deref());
        let line = self
            .coverage
            .has_sound
            .then(|| line_draft(speech, self.casting))
            .flatten();
        for shot in &mut self.coverage.shots[first_new..] {
            shot.description = Some(Spanned::new(text.clone(), origin));
            shot.lines = line.clone().map(|line| OneOrMany(vec![TextOr::Full(line)]));
        }
        self.coverage.is_last_spoken = true;
        self.last_speaker = speaker;
    }

    /// Adds a speech to the shot of the speech before it, which is spoken at the same time. Returns
    /// whether there is one.
    fn join_last_shot(&mut self, speech: &DialogueSpeech, text: &str) -> bool {
        let origin = speech.character.origin;
        let is_seen = speech_delivery(speech, self.casting) == LineDelivery::OnScreen;
        let speaker = (self.casting)(&speech.character.value).filter(|_| is_seen);
        // Beside a voice from elsewhere, the one who speaks is seen alone.
        let talking = match &speaker {
            Some(speaker) if self.coverage.is_last_voice => {
                vec![TextOr::Full(performer_draft(speaker, "talk", origin))]
            }
            _ => self.coverage.full_cast("talk", None, origin),
        };
        let Some(last) = self.coverage.shots.last_mut() else {
            return false;
        };
        let (Some(lines), Some(line)) = (&mut last.lines, line_draft(speech, self.casting)) else {
            return false;
        };
        lines.0.push(TextOr::Full(line));
        // Both are seen, since both speak.
        let template = if talking.len() > 1 {
            "two_shot"
        } else {
            "character_mcu"
        };
        if is_seen && (talking.len() > 1 || self.coverage.is_last_voice && speaker.is_some()) {
            last.template = Some(Spanned::new(template.to_owned(), origin));
            last.characters = Some(talking);
            last.size = None;
            last.subject = None;
            self.coverage.last = None;
            self.coverage.is_last_voice = false;
        }
        if let Some(description) = &mut last.description {
            // In place: all speeches of a script may be spoken together.
            description.value.push_str(" / ");
            description.value.push_str(text);
        }
        true
    }

    /// Adds the shot of a speech: its speaker, or everyone if the speaker is not in the document.
    fn push_speech_shot(&mut self, speech: &DialogueSpeech, speaker: Option<&str>) {
        let origin = speech.character.origin;
        let seconds = speech.estimated_seconds() + BREATH_SECONDS;
        if speech_delivery(speech, self.casting) != LineDelivery::OnScreen {
            return self.push_listeners(speaker, origin, seconds);
        }
        let Some(speaker) = speaker else {
            // The voice has no body that a single could show, so the shot is of everyone who
            // listens.
            let everyone = self.coverage.full_cast("listen", None, origin);
            let mut shot = self
                .coverage
                .new_shot("two_shot", origin, seconds, everyone);
            shot.subject = Some(self.coverage.wide_subject(origin));
            return self.coverage.push(shot, seconds, None);
        };
        if self.coverage.people.len() > 1 {
            // Once in a scene: the master shows who is where, and singles cut in from it. In a long
            // scene everyone is seen again.
            if !self.has_master {
                self.has_master = true;
                return self.push_everyone("dialogue_two", speaker, origin, seconds);
            }
            if self.since_master >= MOST_SINGLES {
                return self.push_everyone("two_shot", speaker, origin, seconds);
            }
        }
        self.since_master += 1;
        match self.partner_of(speaker) {
            Some(partner) => self.push_over_shoulder(speaker, &partner, origin, seconds),
            None => self.push_single(speaker.to_owned(), "talk", origin, seconds),
        }
        *self.singles.entry(speaker.to_owned()).or_insert(0) += 1;
    }

    /// Adds a shot of those who hear a voice from outside of the picture, else of the place.
    fn push_listeners(&mut self, speaker: Option<&str>, origin: FileSpan, seconds: f64) {
        let people = self.coverage.people.names().iter();
        let listeners: Vec<String> = people
            .filter(|name| Some(name.as_str()) != speaker)
            .take(MOST_TOGETHER)
            .cloned()
            .collect();
        match listeners.as_slice() {
            [] => self.coverage.push_place(origin, seconds),
            [one] => self.push_single(one.clone(), "listen", origin, seconds),
            several => self.coverage.push_people(several, origin, seconds),
        }
        self.since_master += 1;
    }

    fn push_everyone(&mut self, template: &str, speaker: &str, origin: FileSpan, seconds: f64) {
        let everyone = self.coverage.full_cast("listen", Some(speaker), origin);
        let shot = self.coverage.new_shot(template, origin, seconds, everyone);
        self.coverage.push(shot, seconds, None);
        self.since_master = 0;
    }

    /// Returns over whose shoulder a speaker is seen. `None`: in a single.
    ///
    /// Only in a conversation of two: with more, the line changes with the listener. The
    /// first single of each is over the shoulder, if a close-up can come later, and every fourth.
    fn partner_of(&self, speaker: &str) -> Option<String> {
        let [first, second] = self.coverage.people.names() else {
            return None;
        };
        let partner = if first == speaker { second } else { first };
        let singles = self.singles.get(speaker).copied().unwrap_or(0);
        let has_more = self.speeches_left.get(speaker).copied().unwrap_or(0) > 0;
        // Of two speeches running, both over the shoulder would be one angle twice.
        let follows = self.last_speaker.as_deref() != Some(speaker);
        let is_turn = (singles == 0 && has_more) || (singles % 4 == 3 && follows);
        is_turn.then(|| partner.clone())
    }

    /// Adds a shot of the speaker past the shoulder of who listens. Both face each other, and the
    /// speaker is the subject.
    fn push_over_shoulder(&mut self, speaker: &str, partner: &str, origin: FileSpan, seconds: f64) {
        let medium = (speaker.to_owned(), ShotSize::MediumCloseUp);
        if self.coverage.last.as_ref() == Some(&medium) {
            return self.push_single(speaker.to_owned(), "talk", origin, seconds);
        }
        let cast = vec![
            TextOr::Full(performer_draft(speaker, "talk", origin)),
            TextOr::Full(performer_draft(partner, "listen", origin)),
        ];
        let shot = self
            .coverage
            .new_shot("over_shoulder", origin, seconds, cast);
        self.coverage.push(shot, seconds, Some(medium));
    }

    /// Adds a shot of one person alone, who talks or does something. If the last shot was of the
    /// same person, the size differs.
    fn push_single(&mut self, person: String, action: &str, origin: FileSpan, seconds: f64) {
        let people = self.coverage.people.names();
        // Everyone but the first character is shown in reverse shots, so that singles face each
        // other.
        let first = people.first() == Some(&person);
        let template = match people.len() {
            0 | 1 => "character_mcu",
            _ if first => "cu_dialogue",
            _ => "reverse_dialogue",
        };
        let (usual, other) = if people.len() > 1 {
            (ShotSize::CloseUp, ShotSize::MediumCloseUp)
        } else {
            (ShotSize::MediumCloseUp, ShotSize::CloseUp)
        };
        // Two shots of one character at the same size are a jump cut.
        let size = if self.coverage.last == Some((person.clone(), usual)) {
            other
        } else {
            usual
        };
        let cast = vec![TextOr::Full(performer_draft(&person, action, origin))];
        let mut shot = self.coverage.new_shot(template, origin, seconds, cast);
        shot.size = Some(Spanned::new(size, origin));
        self.coverage.push(shot, seconds, Some((person, size)));
    }
}

//! Coverage: derives shots for a scene that has none.
//!
//! The rules are those of a two-camera day. The scene opens wide on the place. If two characters
//! talk, a master covers the first dialogue. Singles follow the speaker after that, each a
//! little longer than its words need. If one character talks, the shots alternate in size from
//! dialogue to dialogue. Action between dialogue returns to everyone; action at the end is wide
//! again. Two consecutive shots never show the same character at the same size. A prop is in the
//! scene if the action names it. Knows presets by name only.

use super::fountain::{DialogueSpeech, SceneElement, ScriptScene};
use crate::base::name_form::name_form;
use crate::base::{FileSpan, Spanned};
use crate::document::draft::{PerformerDraft, PropUseDraft, ShotDraft, SubjectDraft};
use crate::document::{OneOrMany, OrderedMap, RawScalar, TextOr};
use crate::model::SceneNumber;
use crate::model::camera::ShotSize;
use crate::model::sound::LineDelivery;

/// Seconds that a shot lasts longer than its words.
const BREATH_SECONDS: f64 = 0.6;
/// Seconds of a shot before its first word.
pub const LEAD_SECONDS: f64 = BREATH_SECONDS / 2.0;
/// Shortest and longest shot without dialogue, in seconds.
const SILENT_SECONDS: (f64, f64) = (1.8, 6.0);
/// Shortest action between two dialogues that gets a shot of its own, in seconds.
const MIN_ACTION_SECONDS: f64 = 1.5;

/// Finds a character: from a name in the script to the name in the document. None if the document
/// has no such character.
pub type CastLookup<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// Returns shots that cover `scene`, whose number is `number`. `props` are the names to look for in
/// its action. If the film is heard, each shot has the lines that are said in it, and who speaks at
/// the same time is in one shot.
#[must_use]
pub fn cover_scene(
    scene: &ScriptScene,
    number: &SceneNumber,
    casting: &CastLookup<'_>,
    props: &[&str],
    is_heard: bool,
) -> Vec<ShotDraft> {
    let people = people_in_scene(scene, casting);
    let things = props_in_scene(scene, props);
    let mut coverage = CoverageBuilder {
        number: number.clone(),
        people,
        props: things,
        shots: Vec::new(),
        last: None,
        is_heard,
    };
    // Everything before the first dialogue is one establishing shot: the audience must see the
    // place before it can follow who talks where.
    let leading: Vec<&SceneElement> = scene
        .elements
        .iter()
        .take_while(|element| !is_speech(element))
        .collect();
    coverage.push_establishing(
        scene.heading.origin,
        leading
            .iter()
            .map(|element| element.estimated_seconds())
            .sum(),
    );
    let mut pending = PendingAction::default();
    for element in &scene.elements[leading.len()..] {
        match element {
            SceneElement::Dialogue(speech) => {
                // Action is only known to be between two dialogues when the second one comes.
                coverage.push_action(&mut pending);
                coverage.push_speech(speech, casting);
            }
            // A note or a transition takes no time, so it adds nothing.
            other => pending.add_element(other),
        }
    }
    coverage.push_closing(&pending);
    coverage.shots
}

/// Action since the last dialogue.
#[derive(Default)]
struct PendingAction {
    seconds: f64,
    origin: Option<FileSpan>,
}

impl PendingAction {
    fn add_element(&mut self, element: &SceneElement) {
        self.seconds += element.estimated_seconds();
        self.origin = self.origin.or(Some(element.origin()));
    }
}

struct CoverageBuilder {
    number: SceneNumber,
    people: Vec<String>,
    props: Vec<String>,
    shots: Vec<ShotDraft>,
    last: Option<(String, ShotSize)>,
    is_heard: bool,
}

impl CoverageBuilder {
    fn push_establishing(&mut self, origin: FileSpan, seconds: f64) {
        let everyone = self.full_cast("idle", None, origin);
        let mut shot = self.new_shot(
            "establishing_wide",
            origin,
            // The place must be readable however short its description is, and must not delay the
            // scene however long it is.
            seconds.clamp(2.5, 5.0),
            everyone,
        );
        // The template cannot know whether the scene has characters, so the subject is set here.
        shot.subject = Some(self.wide_subject(origin));
        self.push(shot, None);
    }

    /// Covers action between two dialogues with a shot of everyone, if it is long enough.
    fn push_action(&mut self, pending: &mut PendingAction) {
        // Taken even if it is too short for a shot, so that it does not add to the next pause.
        let pending = std::mem::take(pending);
        let Some(origin) = pending
            .origin
            .filter(|_| pending.seconds >= MIN_ACTION_SECONDS && !self.people.is_empty())
        else {
            return;
        };
        let template = if self.people.len() > 1 {
            "two_shot"
        } else {
            "character_full"
        };
        let everyone = self.full_cast("idle", None, origin);
        let shot = self.new_shot(
            template,
            origin,
            pending.seconds.clamp(SILENT_SECONDS.0, SILENT_SECONDS.1),
            everyone,
        );
        self.push(shot, None);
    }

    fn push_closing(&mut self, pending: &PendingAction) {
        let Some(origin) = pending
            .origin
            .filter(|_| pending.seconds >= MIN_ACTION_SECONDS)
        else {
            return;
        };
        let everyone = self.full_cast("idle", None, origin);
        let mut shot = self.new_shot(
            "action_wide",
            origin,
            pending.seconds.clamp(SILENT_SECONDS.0, SILENT_SECONDS.1),
            everyone,
        );
        shot.subject = Some(self.wide_subject(origin));
        self.push(shot, None);
    }

    fn push_speech(&mut self, speech: &DialogueSpeech, casting: &CastLookup<'_>) {
        let origin = speech.character.origin;
        let text = format!("{}: {}", speech.character.value, speech.spoken_text());
        if self.is_heard && speech.dual && self.join_last_shot(speech, casting, &text) {
            return;
        }
        let first_new = self.shots.len();
        self.push_speech_shot(speech, casting);
        let line = self.is_heard.then(|| line_draft(speech, casting)).flatten();
        for shot in &mut self.shots[first_new..] {
            shot.description = Some(Spanned::new(text.clone(), origin));
            shot.lines = line.clone().map(|line| OneOrMany(vec![TextOr::Full(line)]));
        }
    }

    /// Adds a speech to the shot of the speech before it, which is spoken at the same time. Returns
    /// whether there is one.
    fn join_last_shot(
        &mut self,
        speech: &DialogueSpeech,
        casting: &CastLookup<'_>,
        text: &str,
    ) -> bool {
        let origin = speech.character.origin;
        let everyone = self.full_cast("talk", None, origin);
        let Some(last) = self.shots.last_mut() else {
            return false;
        };
        let (Some(lines), Some(line)) = (&mut last.lines, line_draft(speech, casting)) else {
            return false;
        };
        lines.0.push(TextOr::Full(line));
        // Both are seen, since both speak.
        if everyone.len() > 1 {
            last.template = Some(Spanned::new("two_shot".to_owned(), origin));
            last.characters = Some(everyone);
            last.size = None;
            self.last = None;
        }
        if let Some(description) = &mut last.description {
            description.value = format!("{} / {text}", description.value);
        }
        true
    }

    /// Adds the shot of a dialogue: its speaker, or everyone if the speaker is not in the document.
    fn push_speech_shot(&mut self, speech: &DialogueSpeech, casting: &CastLookup<'_>) {
        let origin = speech.character.origin;
        let seconds = speech.estimated_seconds() + BREATH_SECONDS;
        let Some(speaker) = casting(&speech.character.value) else {
            // The voice has no body that a single could show, so the shot is of everyone who
            // listens.
            let everyone = self.full_cast("listen", None, origin);
            let mut shot = self.new_shot("two_shot", origin, seconds, everyone);
            shot.subject = Some(self.wide_subject(origin));
            return self.push(shot, None);
        };
        // Once in a scene: the master shows who is where, and singles cut in from it.
        let master = self.people.len() > 1
            && !self
                .shots
                .iter()
                .any(|shot| has_template(shot, "dialogue_two"));
        if master {
            let everyone = self.full_cast("listen", Some(&speaker), origin);
            let shot = self.new_shot("dialogue_two", origin, seconds, everyone);
            return self.push(shot, None);
        }
        self.push_single(speaker, origin, seconds);
    }

    /// Adds a shot of the speaker alone. If the last shot was of the same character, the size
    /// differs.
    fn push_single(&mut self, speaker: String, origin: FileSpan, seconds: f64) {
        // Everyone but the first character is shown in reverse shots, so that singles face each
        // other.
        let first = self.people.first() == Some(&speaker);
        let template = match self.people.len() {
            0 | 1 => "character_mcu",
            _ if first => "cu_dialogue",
            _ => "reverse_dialogue",
        };
        let usual = if self.people.len() > 1 {
            ShotSize::CloseUp
        } else {
            ShotSize::MediumCloseUp
        };
        let other = if self.people.len() > 1 {
            ShotSize::MediumCloseUp
        } else {
            ShotSize::CloseUp
        };
        // Two shots of one character at the same size are a jump cut.
        let size = if self.last == Some((speaker.clone(), usual)) {
            other
        } else {
            usual
        };
        let cast = vec![TextOr::Full(performer_draft(&speaker, "talk", origin))];
        let mut shot = self.new_shot(template, origin, seconds, cast);
        shot.size = Some(Spanned::new(size, origin));
        self.push(shot, Some((speaker, size)));
    }

    /// Returns the subject of a wide shot: everyone, or the place if nobody is in the scene.
    fn wide_subject(&self, origin: FileSpan) -> Spanned<SubjectDraft> {
        Spanned::new(
            if self.people.is_empty() {
                SubjectDraft::Place
            } else {
                SubjectDraft::Everyone
            },
            origin,
        )
    }

    fn full_cast(
        &self,
        action: &str,
        talking: Option<&str>,
        origin: FileSpan,
    ) -> Vec<TextOr<PerformerDraft>> {
        let action = |name: &String| {
            if talking == Some(name) {
                "talk"
            } else {
                action
            }
        };
        self.people
            .iter()
            .map(|name| TextOr::Full(performer_draft(name, action(name), origin)))
            .collect()
    }

    fn new_shot(
        &self,
        template: &str,
        origin: FileSpan,
        seconds: f64,
        cast: Vec<TextOr<PerformerDraft>>,
    ) -> ShotDraft {
        let text = |value: String| Spanned::new(value, origin);
        ShotDraft {
            name: Some(text(format!(
                "{}_{:03}",
                self.number.shot_prefix(),
                // Names count in tens, so that a shot can be inserted later without renaming the
                // others.
                (self.shots.len() + 1) * 10
            ))),
            template: Some(text(template.to_owned())),
            scene: Some(RawScalar(text(self.number.to_string()))),
            characters: Some(cast),
            props: (!self.props.is_empty()).then(|| {
                self.props
                    .iter()
                    .map(|name| prop_draft(name, origin))
                    .collect()
            }),
            // In seconds, not frames: the frame rate is not known here.
            duration: Some(RawScalar(text(format!("{seconds:.2}s")))),
            ..ShotDraft::default()
        }
    }

    fn push(&mut self, shot: ShotDraft, subject: Option<(String, ShotSize)>) {
        // After a shot of several characters, the next single may have any size.
        self.last = subject;
        self.shots.push(shot);
    }
}

fn performer_draft(name: &str, action: &str, origin: FileSpan) -> PerformerDraft {
    let text = |value: &str| Some(Spanned::new(value.to_owned(), origin));
    PerformerDraft {
        name: text(name),
        action: text(action),
        ..PerformerDraft::default()
    }
}

/// Returns a speech as a line of a shot. `None`: it has no words.
fn line_draft(speech: &DialogueSpeech, casting: &CastLookup<'_>) -> Option<OrderedMap<RawScalar>> {
    let spoken = speech.spoken_line();
    if !spoken.value.contains(char::is_alphanumeric) {
        return None;
    }
    let cue = speech.character.origin;
    let speaker = casting(&speech.character.value);
    let speaker = speaker.unwrap_or_else(|| speech.character.value.clone());
    let extension = speech.extension.as_deref().unwrap_or_default();
    let field = |key: &str, value: Spanned<String>| {
        let key = Spanned::new(key.to_owned(), cue);
        (key, RawScalar(value))
    };
    let word = |value: &str| Spanned::new(value.to_owned(), cue);
    let mut fields = vec![field("who", word(&speaker)), field("text", spoken)];
    match LineDelivery::from_extension(extension) {
        LineDelivery::OnScreen => {}
        LineDelivery::OffScreen => fields.push(field("off_screen", word("true"))),
        LineDelivery::VoiceOver => fields.push(field("voice_over", word("true"))),
    }
    if speech.dual {
        fields.push(field("together", word("true")));
    }
    let wait = speech.direction_seconds();
    if wait > 0.0 {
        let pause = format!("{:.2}s", wait + LEAD_SECONDS);
        fields.push(field("pause", word(&pause)));
    }
    Some(OrderedMap(fields))
}

fn prop_draft(name: &str, origin: FileSpan) -> TextOr<PropUseDraft> {
    let name = Some(Spanned::new(name.to_owned(), origin));
    TextOr::Full(PropUseDraft {
        name,
        ..PropUseDraft::default()
    })
}

fn is_speech(element: &&SceneElement) -> bool {
    matches!(element, SceneElement::Dialogue(_))
}

fn has_template(shot: &ShotDraft, template: &str) -> bool {
    shot.template
        .as_ref()
        .is_some_and(|name| name.value == template)
}

/// Returns who is in the scene: its speakers in order, then characters that action names in
/// capitals.
fn people_in_scene(scene: &ScriptScene, casting: &CastLookup<'_>) -> Vec<String> {
    let speakers = scene
        .dialogue_speeches()
        .map(|speech| speech.character.value.clone());
    let action = scene.elements.iter().filter_map(|element| match element {
        // Accents must be part of their letters, or they would split the words.
        SceneElement::Action(text) => Some(name_form(&text.value)),
        _ => None,
    });
    // Scripts introduce a silent character in capitals. Small letters would match names that are
    // words.
    let capitals = action.flat_map(|text| {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| is_capitals(word))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    });
    let mut people: Vec<String> = Vec::new();
    for name in speakers.chain(capitals) {
        if let Some(name) = casting(&name).filter(|name| !people.contains(name)) {
            people.push(name);
        }
    }
    people
}

/// Returns the props that the action names, word by word: `lantern_lit` is in "the lantern, lit".
fn props_in_scene(scene: &ScriptScene, props: &[&str]) -> Vec<String> {
    let action = scene.elements.iter().filter_map(|element| match element {
        SceneElement::Action(text) => Some(spaced_words(&text.value)),
        _ => None,
    });
    // Whole words are compared, so that `oar` is not found in "soar".
    let action: String = action.collect();
    props
        .iter()
        .filter(|name| action.contains(&spaced_words(name)))
        .map(|name| (*name).to_owned())
        .collect()
}

/// Returns the words in upper case, each with a space on both sides.
fn spaced_words(text: &str) -> String {
    let text = name_form(text);
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words
        .map(|word| format!(" {} ", word.to_uppercase()))
        .collect()
}

fn is_capitals(word: &str) -> bool {
    // Initials and the word "I" are single capitals and no names.
    word.chars().count() > 1 && word.chars().all(|c| c.is_uppercase() || c.is_numeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Diagnostics, FileId};

    fn covered(script: &str) -> Vec<ShotDraft> {
        let screenplay = super::super::fountain::parse_screenplay(
            FileId(0),
            script,
            &mut Diagnostics::default(),
        );
        let casting = |name: &str| {
            Some(name.to_lowercase()).filter(|name| ["mara", "ilya"].contains(&name.as_str()))
        };
        cover_scene(
            &screenplay.scenes[0],
            &SceneNumber::from_count(1),
            &casting,
            &["lantern_lit", "oar"],
            false,
        )
    }

    fn templates(shots: &[ShotDraft]) -> Vec<&str> {
        shots
            .iter()
            .map(|shot| shot.template.as_ref().unwrap().value.as_str())
            .collect()
    }

    #[test]
    fn a_dialogue_gets_an_opening_a_master_and_singles_of_each_speaker() {
        let shots =
            covered("EXT. PIER - DAY\n\nWind.\n\nMARA\nOne.\n\nILYA\nTwo.\n\nMARA\nThree.\n");
        assert_eq!(
            templates(&shots),
            [
                "establishing_wide",
                "dialogue_two",
                "reverse_dialogue",
                "cu_dialogue"
            ]
        );
    }

    #[test]
    fn one_speaker_twice_running_is_shown_at_two_sizes() {
        let shots =
            covered("EXT. PIER - DAY\n\nMARA\nOne.\n\nILYA\nTwo.\n\nMARA\nThree.\n\nMARA\nFour.\n");
        let sizes: Vec<_> = shots[3..]
            .iter()
            .map(|shot| shot.size.unwrap().value)
            .collect();
        assert_eq!(sizes, [ShotSize::CloseUp, ShotSize::MediumCloseUp]);
    }

    #[test]
    fn a_longer_speech_gets_a_longer_shot() {
        let shots = covered(
            "EXT. PIER - DAY\n\nMARA\nOne.\n\nMARA\nThis one goes on for a good many more words than the first.\n",
        );
        let seconds = |at: usize| {
            shots[at]
                .duration
                .as_ref()
                .unwrap()
                .value
                .trim_end_matches('s')
                .parse::<f64>()
                .unwrap()
        };
        assert!(seconds(2) > seconds(1) + 1.0);
    }

    #[test]
    fn a_thing_that_action_names_is_in_every_shot_and_others_are_not() {
        let shots = covered(
            "EXT. PIER - DAY\n\nMARA waits, the lantern, lit, beside her.\n\nMARA\nSoar.\n",
        );
        assert!(shots.len() > 1);
        for shot in shots {
            let Some([TextOr::Full(only)]) = shot.props.as_deref() else {
                panic!("one prop: {:?}", shot.props)
            };
            assert_eq!(only.name.as_ref().unwrap().value, "lantern_lit");
        }
    }

    #[test]
    fn a_scene_without_people_is_one_shot_of_the_place() {
        let shots = covered("EXT. PIER - DAY\n\nNobody. Wind in the ropes.\n");
        assert_eq!(templates(&shots), ["establishing_wide"]);
        assert_eq!(shots[0].subject.unwrap().value, SubjectDraft::Place);
    }
}

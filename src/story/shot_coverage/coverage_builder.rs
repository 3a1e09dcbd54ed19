//! The shots of a scene while they are derived, and the fields that all of them have.

use super::scene_people::ScenePeople;
use crate::base::{FileSpan, Spanned};
use crate::document::draft::{PerformerDraft, PropUseDraft, ShotDraft, SubjectDraft};
use crate::document::{RawScalar, TextOr};
use crate::model::SceneNumber;
use crate::model::camera::ShotSize;

/// Seconds that a shot lasts longer than its words.
pub(super) const BREATH_SECONDS: f64 = 0.6;
/// Seconds of a shot before its first word.
pub const LEAD_SECONDS: f64 = BREATH_SECONDS / 2.0;
/// Shortest and longest shot without dialogue, in seconds.
pub(super) const SILENT_SECONDS: (f64, f64) = (1.8, 6.0);
/// Shortest and longest establishing shot, in seconds.
// The place must be readable however short its description is, and must not delay the scene however
// long it is.
const ESTABLISHING_SECONDS: (f64, f64) = (2.5, 5.0);
/// Seconds that a shot needs for a transition at its end.
const LEAST_TRANSITION_SECONDS: f64 = 2.4;

/// The shots of a scene so far.
pub(super) struct CoverageBuilder {
    number: SceneNumber,
    /// Who is in the scene.
    pub(super) people: ScenePeople,
    /// What is in the scene.
    pub(super) props: Vec<String>,
    pub(super) shots: Vec<ShotDraft>,
    /// Seconds of each shot.
    seconds: Vec<f64>,
    /// Who the last shot shows alone, and at which size.
    pub(super) last: Option<(String, ShotSize)>,
    pub(super) has_sound: bool,
    /// Whether somebody speaks in the last shot, and whether it is a voice that is not seen there.
    pub(super) is_last_spoken: bool,
    pub(super) is_last_voice: bool,
    /// Shots of one person in action so far.
    figures: u32,
    /// Pictures under voices so far.
    pictures: u32,
}

/// The most people in one shot. More are a crowd in which nobody is found, and a script that lists
/// thousands would need a figure of each in each shot.
pub(super) const MOST_TOGETHER: usize = 24;

impl CoverageBuilder {
    pub(super) fn new(
        number: SceneNumber,
        people: Vec<String>,
        props: Vec<String>,
        has_sound: bool,
    ) -> Self {
        Self {
            number,
            people: ScenePeople::new(people),
            props,
            shots: Vec::new(),
            seconds: Vec::new(),
            last: None,
            has_sound,
            is_last_spoken: false,
            is_last_voice: false,
            figures: 0,
            pictures: 0,
        }
    }

    /// Adds the shot that shows the place, with everyone in it.
    pub(super) fn push_establishing(&mut self, origin: FileSpan, seconds: f64) {
        let everyone = self.full_cast("idle", None, origin);
        let seconds = seconds.clamp(ESTABLISHING_SECONDS.0, ESTABLISHING_SECONDS.1);
        let mut shot = self.new_shot("establishing_wide", origin, seconds, everyone);
        // The template cannot know whether the scene has characters, so the subject is set here.
        shot.subject = Some(self.wide_subject(origin));
        self.push(shot, seconds, None);
    }

    /// Adds a wide shot of action with everyone.
    pub(super) fn push_wide(&mut self, origin: FileSpan, seconds: f64) {
        let everyone = self.full_cast("idle", None, origin);
        let mut shot = self.new_shot("action_wide", origin, seconds, everyone);
        shot.subject = Some(self.wide_subject(origin));
        self.push(shot, seconds, None);
    }

    /// Adds a shot of some people together, or of one of them.
    pub(super) fn push_people(&mut self, names: &[String], origin: FileSpan, seconds: f64) {
        let cast: Vec<_> = names
            .iter()
            .take(MOST_TOGETHER)
            .map(|name| TextOr::Full(performer_draft(name, "idle", origin)))
            .collect();
        let [only] = names else {
            let shot = self.new_shot("two_shot", origin, seconds, cast);
            return self.push(shot, seconds, None);
        };
        // The whole figure first, then closer and from below, in turn: two shots of one person in
        // a row must have two sizes.
        let (template, size) = if self.figures % 2 == 1 {
            ("action_dynamic", ShotSize::Medium)
        } else {
            ("character_full", ShotSize::FullShot)
        };
        self.figures += 1;
        let shot = self.new_shot(template, origin, seconds, cast);
        self.push(shot, seconds, Some((only.clone(), size)));
    }

    /// Adds a picture of the scene for a voice-over: its people and the whole in turn, or the place
    /// if nobody is in it.
    pub(super) fn push_picture(&mut self, origin: FileSpan, seconds: f64) {
        self.pictures += 1;
        if self.people.is_empty() || self.pictures.is_multiple_of(2) {
            return self.push_wide(origin, seconds);
        }
        let people = self.people.names();
        let together = people[..people.len().min(MOST_TOGETHER)].to_vec();
        self.push_people(&together, origin, seconds);
    }

    /// Adds a wide shot of the place without anybody.
    pub(super) fn push_place(&mut self, origin: FileSpan, seconds: f64) {
        let mut shot = self.new_shot("action_wide", origin, seconds, Vec::new());
        shot.subject = Some(Spanned::new(SubjectDraft::Place, origin));
        self.push(shot, seconds, None);
    }

    /// Adds a shot of one thing that fills the frame.
    pub(super) fn push_insert(&mut self, prop: &str, origin: FileSpan, seconds: f64) {
        let mut shot = self.new_shot("insert", origin, seconds, Vec::new());
        shot.props = Some(vec![prop_draft(prop, origin)]);
        self.push(shot, seconds, None);
    }

    /// Returns the subject of a wide shot: everyone, or the place if nobody is in the scene.
    pub(super) fn wide_subject(&self, origin: FileSpan) -> Spanned<SubjectDraft> {
        Spanned::new(
            if self.people.is_empty() {
                SubjectDraft::Place
            } else {
                SubjectDraft::Everyone
            },
            origin,
        )
    }

    /// Returns everyone with `action`, except who is talking.
    pub(super) fn full_cast(
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
        let people = self.people.names();
        let first = &people[..people.len().min(MOST_TOGETHER)];
        // Who is talking is seen, however many others are.
        let place = talking.and_then(|name| self.people.position(name));
        let talker = place
            .filter(|place| *place >= first.len())
            .and_then(|place| people.get(place));
        first
            .iter()
            .chain(talker)
            .map(|name| TextOr::Full(performer_draft(name, action(name), origin)))
            .collect()
    }

    pub(super) fn new_shot(
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
            duration: Some(duration_draft(seconds, origin)),
            ..ShotDraft::default()
        }
    }

    /// Adds a shot. `subject` is whom it shows alone.
    pub(super) fn push(
        &mut self,
        shot: ShotDraft,
        seconds: f64,
        subject: Option<(String, ShotSize)>,
    ) {
        // After a shot of several characters, the next single may have any size.
        self.last = subject;
        self.is_last_spoken = false;
        self.is_last_voice = false;
        self.shots.push(shot);
        self.seconds.push(seconds);
    }

    /// Makes the last shot at least as long as this.
    pub(super) fn extend_last(&mut self, seconds: f64, origin: FileSpan) {
        if let (Some(shot), Some(known)) = (self.shots.last_mut(), self.seconds.last_mut())
            && *known < seconds
        {
            *known = seconds;
            shot.duration = Some(duration_draft(seconds, origin));
        }
    }

    /// Lets the first shot come out of black.
    pub(super) fn fade_in(&mut self, origin: FileSpan) {
        let is_long = self.seconds.first() >= Some(&LEAST_TRANSITION_SECONDS);
        if let Some(first) = self.shots.first_mut().filter(|_| is_long) {
            first.transition_in = Some(transition_draft("fade_from_black", origin));
        }
    }

    /// Ends the last shot with a transition, if it is long enough for one.
    pub(super) fn end_with(&mut self, name: &str, origin: FileSpan) {
        let is_long = self.seconds.last() >= Some(&LEAST_TRANSITION_SECONDS);
        if let Some(last) = self.shots.last_mut().filter(|_| is_long) {
            last.transition_out = Some(transition_draft(name, origin));
        }
    }
}

fn duration_draft(seconds: f64, origin: FileSpan) -> RawScalar {
    RawScalar(Spanned::new(format!("{seconds:.2}s"), origin))
}

fn transition_draft<T>(name: &str, origin: FileSpan) -> TextOr<T> {
    TextOr::Text(RawScalar(Spanned::new(name.to_owned(), origin)))
}

/// Returns a performer with an action.
pub(super) fn performer_draft(name: &str, action: &str, origin: FileSpan) -> PerformerDraft {
    let text = |value: &str| Some(Spanned::new(value.to_owned(), origin));
    PerformerDraft {
        name: text(name),
        action: text(action),
        ..PerformerDraft::default()
    }
}

fn prop_draft(name: &str, origin: FileSpan) -> TextOr<PropUseDraft> {
    let name = Some(Spanned::new(name.to_owned(), origin));
    TextOr::Full(PropUseDraft {
        name,
        ..PropUseDraft::default()
    })
}

//! Makes the shots and titles of one beat from its entry in the library: names, places, shares of
//! its length, texts.

use super::ad_parts::AdParts;
use crate::base::{FileSpan, Spanned};
use crate::beats::{AdPlaceholders, speaking_shot};
use crate::document::beat_draft::{BeatDraft, BeatNeed, BeatShotDraft, BeatUseDraft};
use crate::document::draft::{PerformerDraft, PropUseDraft, ShotDraft, SubjectDraft};
use crate::document::overlay::OverlayFields;
use crate::document::titles_draft::TitleDraft;
use crate::document::{LineDraft, OneOrMany, OrderedMap, RawScalar, ScalarOrList, TextOr};
use crate::model::FrameRate;
use crate::model::beats::BEAT_STEP_SECONDS;
use crate::model::titles::{TextPlace, TitleStyle};

/// The words in the shots of a beat that stand for parts of an ad.
const PRODUCT: &str = "product";
const PERSON: &str = "person";
const LOGO: &str = "logo";
const STAGE: &str = "stage";
const SETTING: &str = "setting";
/// Where a person is beside the product, and where they look: past it, towards the camera.
const PERSON_MARK: &str = "mark_a";
const PERSON_FACING: &str = "20";
/// Where a stand is.
const STAND_MARK: &str = "mark_prop";

/// One beat of a document, and where it is in the film.
pub(super) struct StagedBeat<'a> {
    pub(super) own: &'a BeatUseDraft,
    pub(super) beat: &'a BeatDraft,
    pub(super) parts: &'a AdParts<'a>,
    pub(super) id: String,
    pub(super) origin: FileSpan,
    /// Its number in the film, from 1.
    pub(super) number: usize,
    /// Its frames in the film.
    pub(super) start_frame: usize,
    pub(super) end_frame: usize,
    pub(super) rate: FrameRate,
    pub(super) values: AdPlaceholders,
}

/// The shots of a beat, and the titles over them.
pub(super) struct BeatShots {
    pub(super) shots: Vec<ShotDraft>,
    pub(super) titles: Vec<TitleDraft>,
}

impl StagedBeat<'_> {
    /// Returns its shots, whose lengths are together exactly its own, and its titles.
    pub(super) fn stage_shots(&self) -> BeatShots {
        // A beat of the user's own library may have no recipe, and must fill its time too.
        let usual = [usual_shot()];
        let recipe = self.beat.shots.as_deref().unwrap_or(&usual);
        let chosen: Vec<&BeatShotDraft> =
            recipe.iter().filter(|shot| self.has_need(shot)).collect();
        let bounds = self.shot_bounds(&chosen);
        let mut staged = BeatShots {
            shots: Vec::new(),
            titles: Vec::new(),
        };
        let mut text = self.own.text.as_ref();
        for (index, written) in chosen.iter().enumerate() {
            let name = self.shot_name(index, chosen.len());
            let frames = bounds[index + 1] - bounds[index];
            staged.shots.push(self.stage_shot(written, &name, frames));
            for title in written.titles.iter().flatten() {
                // The beat's own text takes the place of the first title that the library has.
                staged
                    .titles
                    .extend(self.stage_title(title, text.take(), &name));
            }
        }
        if let (Some(text), Some(last)) = (text, staged.shots.last()) {
            let name = last.name.clone();
            staged.titles.push(added_title(text, name));
        }
        self.add_voice(&mut staged.shots);
        staged
    }

    fn has_need(&self, written: &BeatShotDraft) -> bool {
        match written.needs.map(|need| need.value) {
            None => true,
            Some(BeatNeed::Person) => self.person().is_some(),
            Some(BeatNeed::Logo) => self.parts.logo.is_some(),
            Some(BeatNeed::NoLogo) => self.parts.logo.is_none(),
        }
    }

    /// Returns the frames of the film at which its shots begin, and its end.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an ad has few frames, and shares are positive"
    )]
    fn shot_bounds(&self, chosen: &[&BeatShotDraft]) -> Vec<usize> {
        let shares: Vec<f64> = chosen
            .iter()
            // Not 0, which would be a shot without frames.
            .map(|shot| f64::from(shot.share.map_or(1.0, |share| share.value)).max(0.01))
            .collect();
        let whole: f64 = shares.iter().sum();
        let frames = (self.end_frame - self.start_frame) as f64;
        // Bounds are rounded and not lengths, so that the lengths add up to that of the beat.
        let mut bounds = vec![self.start_frame];
        let mut passed = 0.0;
        for share in &shares {
            passed += share;
            bounds.push(self.start_frame + (frames * passed / whole).round() as usize);
        }
        bounds
    }

    fn shot_name(&self, index: usize, count: usize) -> String {
        if count == 1 {
            self.id.clone()
        } else {
            format!("{}_{}", self.id, index + 1)
        }
    }

    fn stage_shot(&self, written: &BeatShotDraft, name: &str, frames: usize) -> ShotDraft {
        let mut shot = written.shot.clone().unwrap_or_default();
        let is_on_stage = shot
            .location
            .as_ref()
            .is_some_and(|place| place.value == STAGE);
        self.place_person(&mut shot);
        self.place_props(&mut shot, is_on_stage);
        if !is_on_stage {
            self.place_stand(&mut shot);
        }
        shot.location = self.location(shot.location.take());
        let own = self.own.shot.clone().unwrap_or_default();
        // Fields of the entry win over the recipe. Name and length are set below all the same: the
        // beat keeps its frames.
        let shot = own.overlay_on(shot);
        ShotDraft {
            name: Some(Spanned::new(name.to_owned(), self.origin)),
            // A share of nearly nothing is rounded to no frame, which no shot can have.
            duration: Some(self.scalar(frames.max(1).to_string())),
            frame_range: None,
            scene: shot
                .scene
                .or_else(|| Some(self.scalar(self.number.to_string()))),
            description: shot.description.or_else(|| self.beat.description.clone()),
            ..shot
        }
    }

    fn scalar(&self, text: String) -> RawScalar {
        RawScalar(Spanned::new(text, self.origin))
    }

    fn person(&self) -> Option<&Spanned<String>> {
        let own = self.own.person.as_ref();
        own.filter(|person| !person.is_placeholder)
            .or(self.parts.person.as_ref())
    }

    fn product(&self) -> Option<&Spanned<String>> {
        let own = self.own.product.as_ref();
        own.filter(|product| !product.is_placeholder)
            .or(self.parts.product.as_ref())
    }

    /// Puts the ad's person in the place of `person`. Without one, the shot shows the product.
    fn place_person(&self, shot: &mut ShotDraft) {
        let is_person = |name: &Spanned<String>| name.value == PERSON;
        let has_person = shot.character.as_ref().is_some_and(is_person);
        match self.person() {
            Some(person) => {
                if has_person {
                    shot.character = None;
                    shot.characters = Some(vec![self.performer(person)]);
                }
                for performer in shot.characters.iter_mut().flatten() {
                    name_performer(performer, person);
                }
            }
            None if has_person || shot.characters.is_some() => {
                shot.character = None;
                shot.characters = None;
                shot.action = None;
                show_product(shot);
            }
            None => {}
        }
    }

    /// Returns somebody beside the product. In the middle, where one person alone stands, the
    /// product would be in them.
    fn performer(&self, person: &Spanned<String>) -> TextOr<PerformerDraft> {
        TextOr::Full(PerformerDraft {
            name: Some(person.clone()),
            mark: Some(ScalarOrList::One(self.scalar(PERSON_MARK.to_owned()))),
            facing: Some(self.scalar(PERSON_FACING.to_owned())),
            ..PerformerDraft::default()
        })
    }

    /// Adds what the product stands on.
    fn place_stand(&self, shot: &mut ShotDraft) {
        let (Some(stand), Some(props)) = (&self.parts.stand, &mut shot.props) else {
            return;
        };
        props.push(TextOr::Full(PropUseDraft {
            name: Some(stand.clone()),
            mark: Some(ScalarOrList::One(self.scalar(STAND_MARK.to_owned()))),
        }));
    }

    /// Puts the ad's props in the places of `product` and `logo`.
    fn place_props(&self, shot: &mut ShotDraft, is_on_stage: bool) {
        for written in shot.props.iter_mut().flatten() {
            let mut full = match written {
                TextOr::Text(name) => PropUseDraft {
                    name: Some(name.0.clone()),
                    mark: None,
                },
                TextOr::Full(full) => full.clone(),
            };
            let word = full.name.as_ref().map(|name| name.value.as_str());
            let (prop, mark) = match word {
                Some(PRODUCT) if is_on_stage => (self.product(), Some(self.middle())),
                Some(PRODUCT) => (self.product(), self.parts.product_mark.clone()),
                Some(LOGO) => (self.parts.logo.as_ref(), Some(self.middle())),
                _ => continue,
            };
            full.name = prop.cloned();
            full.mark = full.mark.or(mark);
            *written = TextOr::Full(full);
        }
    }

    /// Returns the middle of a set.
    fn middle(&self) -> ScalarOrList {
        let zero = || self.scalar("0".to_owned());
        ScalarOrList::List(Spanned::new(vec![zero(), zero(), zero()], self.origin))
    }

    fn location(&self, written: Option<Spanned<String>>) -> Option<Spanned<String>> {
        if let Some(own) = &self.own.location {
            return Some(own.clone());
        }
        match written.as_ref().map(|place| place.value.as_str()) {
            Some(STAGE) | None => self.parts.stage.clone(),
            Some(SETTING) => self.parts.setting.clone(),
            Some(_) => written,
        }
    }

    /// Returns a title of the library with its placeholders filled. `None`: one has no value.
    fn stage_title(
        &self,
        title: &TitleDraft,
        text: Option<&OneOrMany<Spanned<String>>>,
        shot: &str,
    ) -> Option<TitleDraft> {
        let written = text.or(title.text.as_ref().map(|text| &text.value))?;
        let filled: Option<Vec<Spanned<String>>> = written
            .iter()
            .map(|line| {
                let filled = self.values.fill_text(&line.value)?;
                // A text of the library is in no file of the user's, so findings about it are
                // at the beat.
                let origin = if text.is_some() {
                    line.origin
                } else {
                    self.origin
                };
                Some(Spanned::new(filled, origin))
            })
            .collect();
        Some(TitleDraft {
            text: Some(Spanned::new(OneOrMany(filled?), self.origin)),
            shot: Some(Spanned::new(shot.to_owned(), self.origin)),
            ..title.clone()
        })
    }

    /// Returns the seconds of one of its shots, whose length is written in frames.
    fn seconds_of(&self, shot: &ShotDraft) -> f64 {
        let frames = shot
            .duration
            .as_ref()
            .map(|frames| frames.value.parse::<u32>());
        let frames = frames.and_then(Result::ok).unwrap_or_default();
        f64::from(frames) / self.rate.as_f64()
    }

    /// Gives a shot what the narrator says: the longest if it has room for the words, else the first.
    fn add_voice(&self, shots: &mut [ShotDraft]) {
        let Some(words) = self
            .own
            .voice_over
            .as_ref()
            .filter(|line| !line.is_placeholder)
        else {
            return;
        };
        let seconds: Vec<f64> = shots.iter().map(|shot| self.seconds_of(shot)).collect();
        // Shots of beats are never lengthened for the words, which go on over the cuts.
        let speaking = speaking_shot(&seconds, &words.value);
        if let Some(shot) = shots.get_mut(speaking) {
            let field = |name: &str, value: Spanned<String>| {
                (
                    Spanned::new(name.to_owned(), words.origin),
                    RawScalar(value),
                )
            };
            let speaker = Spanned::new("NARRATOR".to_owned(), words.origin);
            let line = LineDraft {
                texts: OrderedMap(vec![field("who", speaker), field("text", words.clone())]),
                origin: words.origin,
                ..LineDraft::default()
            };
            shot.lines = Some(OneOrMany(vec![TextOr::Full(line)]));
        }
    }
}

/// Returns the shot of a beat that has none: the product, whole and still.
fn usual_shot() -> BeatShotDraft {
    let place = FileSpan::default();
    let shot = ShotDraft {
        subject: Some(Spanned::new(SubjectDraft::Prop, place)),
        size: Some(Spanned::new(
            crate::model::camera::ShotSize::FullShot,
            place,
        )),
        location: Some(Spanned::new(STAGE.to_owned(), place)),
        props: Some(vec![product_use(place)]),
        ..ShotDraft::default()
    };
    BeatShotDraft {
        shot: Some(shot),
        ..BeatShotDraft::default()
    }
}

fn product_use(place: FileSpan) -> TextOr<PropUseDraft> {
    TextOr::Text(RawScalar(Spanned::new(PRODUCT.to_owned(), place)))
}

fn name_performer(performer: &mut TextOr<PerformerDraft>, person: &Spanned<String>) {
    match performer {
        TextOr::Text(name) if name.value == PERSON => *name = RawScalar(person.clone()),
        TextOr::Full(full) if full.name.as_ref().is_some_and(|name| name.value == PERSON) => {
            full.name = Some(person.clone());
        }
        _ => {}
    }
}

/// Makes a shot of people a shot of the product.
fn show_product(shot: &mut ShotDraft) {
    let of_people = [SubjectDraft::Character, SubjectDraft::Everyone];
    if let Some(subject) = &mut shot.subject
        && of_people.contains(&subject.value)
    {
        subject.value = SubjectDraft::Prop;
        if shot.props.is_none() {
            shot.props = Some(vec![product_use(subject.origin)]);
        }
    }
}

/// Returns the title of a beat that has none in the library.
fn added_title(text: &OneOrMany<Spanned<String>>, shot: Option<Spanned<String>>) -> TitleDraft {
    let place = text.first().map(|line| line.origin).unwrap_or_default();
    TitleDraft {
        text: Some(Spanned::new(text.clone(), place)),
        shot,
        style: Some(Spanned::new(TitleStyle::Chapter, place)),
        place: Some(Spanned::new(TextPlace::Bottom, place)),
        ..TitleDraft::default()
    }
}

/// Returns the length of a beat without one: that of the library, else one step.
pub(super) fn usual_seconds(beat: Option<&BeatDraft>) -> u32 {
    beat.and_then(|beat| beat.duration.as_ref())
        .and_then(|text| crate::beats::parse_seconds(&text.value))
        .unwrap_or(BEAT_STEP_SECONDS)
}

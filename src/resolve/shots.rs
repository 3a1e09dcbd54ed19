//! Shots: template and overrides, who stands where, which location, which frames.

use super::camera::camera;
use super::desk::Desk;
use super::scenes::number;
use super::values::{duration, frames, mark, usual_place};
use crate::base::{FileSpan, Spanned};
use crate::document::draft::{
    PerformerDraft, ProductionDraft, PropUseDraft, ShotDraft, SubjectDraft,
};
use crate::document::overlay::OverlayFields;
use crate::document::quote::quote_value;
use crate::document::{RawScalar, TextOr};
use crate::model::production::{
    CastRole, Character, EntryRef, Location, Prop, PropRole, RenderSettings, Scene, Shot,
    ShotSubject,
};
use crate::model::shot_staging::{FacingDirection, StageMark};
use crate::model::{FrameList, FrameRate, RenderPass, defaults, value_ranges};
use crate::story::{Screenplay, shot_coverage};
use std::collections::{HashMap, HashSet};
use std::ops::Deref;

/// The rate in which templates count their durations.
const TEMPLATE_RATE: FrameRate = FrameRate::from_fps(24);

/// The first frame of a shot without a frame range, as is the custom. Every shot counts for itself, so that a change of
/// one shot's length leaves the frames of all others, and what was made of them, as they are.
const FIRST_FRAME: i32 = 1001;

/// How the names begin that shots without one are given.
const GIVEN: &str = "shot_";

/// What shots refer to.
pub(super) struct Stage<'a> {
    pub(super) characters: &'a [Character],
    pub(super) locations: &'a [Location],
    pub(super) scenes_of_locations: &'a [Vec<u32>],
    pub(super) props: &'a [Prop],
    pub(super) scenes: &'a [Scene],
    pub(super) screenplay: Option<&'a Screenplay>,
    pub(super) has_script: bool,
    pub(super) render: &'a RenderSettings,
    /// Those of shots that do not say otherwise.
    pub(super) passes: &'a [Spanned<RenderPass>],
    pub(super) origin: FileSpan,
}

/// The entry of a shot: as it stands in the document, or made from it.
pub(super) enum Entry<'a> {
    Written(&'a ShotDraft),
    /// With what `defaults` give it, or by coverage.
    Made(Box<ShotDraft>),
}

impl Deref for Entry<'_> {
    type Target = ShotDraft;

    fn deref(&self) -> &ShotDraft {
        match self {
            Self::Written(draft) => draft,
            Self::Made(draft) => draft,
        }
    }
}

/// A shot as written, or as coverage made it.
pub(super) struct Take<'a> {
    /// The entry, with what `defaults` give it.
    pub(super) draft: Entry<'a>,
    automatic: bool,
    /// The most telling place in the entry itself.
    origin: Option<FileSpan>,
}

impl<'a> Take<'a> {
    fn of(own: Entry<'a>, automatic: bool, defaults: Option<&ShotDraft>) -> Self {
        let origin = origin_of(&own);
        let draft = match defaults {
            Some(defaults) => Entry::Made(Box::new(
                ShotDraft::clone(&own).overlay_on(defaults.clone()),
            )),
            None => own,
        };
        Self {
            draft,
            automatic,
            origin,
        }
    }
}

/// The characters that each scene shows.
type Casts = HashMap<u32, Vec<usize>>;

pub(super) fn shots(
    desk: &mut Desk<'_>,
    written: &ProductionDraft,
    stage: &Stage<'_>,
) -> Vec<Shot> {
    let takes = takes(desk, written, stage);
    let casts = scene_casts(&takes, stage);
    let mut names = Names::of(&takes);
    let mut shots: Vec<Shot> = takes
        .into_iter()
        .map(|take| shot(desk, take, stage, &casts, &mut names))
        .collect();
    locate(&mut shots, stage);
    shots
}

/// Returns written shots and coverage of scenes without any, in the order of the scenes.
pub(super) fn takes<'a>(
    desk: &mut Desk<'_>,
    production: &'a ProductionDraft,
    stage: &Stage<'_>,
) -> Vec<Take<'a>> {
    let defaults = production.defaults.as_ref();
    let written = match &production.shots {
        Some(TextOr::Full(shots)) => shots.as_slice(),
        Some(TextOr::Text(word)) => {
            check_auto(desk, word, stage);
            &[]
        }
        None => &[],
    };
    let mut takes: Vec<Take<'_>> = written
        .iter()
        .map(|draft| Take::of(Entry::Written(draft), false, defaults))
        .collect();
    let covered: HashSet<u32> = takes.iter().map(scene_of).collect();
    for (at, scene) in stage
        .screenplay
        .iter()
        .flat_map(|screenplay| screenplay.scenes.iter().enumerate())
    {
        let number = number(scene, at);
        if !covered.contains(&number) {
            let casting = |name: &str| casting(stage.characters, name);
            let props: Vec<&str> = stage
                .props
                .iter()
                .map(|prop| prop.name.value.as_str())
                .collect();
            let automatic = shot_coverage::cover_scene(scene, number, &casting, &props).into_iter();
            let automatic =
                automatic.map(|draft| Take::of(Entry::Made(Box::new(draft)), true, defaults));
            insert_scene(&mut takes, number, automatic.collect());
        }
    }
    takes
}

fn check_auto(desk: &mut Desk<'_>, word: &RawScalar, stage: &Stage<'_>) {
    if word.is_placeholder {
        return;
    }
    if word.value != "auto" {
        let message = format!(
            "{} is neither a list of shots nor `auto`",
            quote_value(&word.value)
        );
        let help =
            "write `shots: auto` to derive them from the script, or a list of shots".to_owned();
        desk.error(
            "production::shots::not_a_list",
            word.origin,
            message,
            Some(help),
        );
    } else if !stage.has_script {
        let message = "`shots: auto` needs a script to derive shots from".to_owned();
        let help = "name a Fountain file with `script:`, or write the shots".to_owned();
        desk.error(
            "production::shots::auto_without_script",
            word.origin,
            message,
            Some(help),
        );
    }
}

fn casting(characters: &[Character], name: &str) -> Option<String> {
    let wanted = name.to_uppercase();
    characters
        .iter()
        .find(|character| character.script_name == wanted)
        .map(|character| character.name.value.clone())
}

fn scene_of(take: &Take<'_>) -> u32 {
    take.draft
        .scene
        .map_or(defaults::SCENE, |scene| scene.value)
}

/// Puts a scene's shots before the first shot of a later scene.
fn insert_scene<'a>(takes: &mut Vec<Take<'a>>, number: u32, shots: Vec<Take<'a>>) {
    let at = takes
        .iter()
        .position(|take| scene_of(take) > number)
        .unwrap_or(takes.len());
    takes.splice(at..at, shots);
}

/// Returns for each scene the characters that its shots show, in the order of the document's characters, so that each
/// keeps its side from shot to shot.
fn scene_casts(takes: &[Take<'_>], stage: &Stage<'_>) -> Casts {
    let mut casts = Casts::new();
    for take in takes {
        let cast = casts.entry(scene_of(take)).or_default();
        let found = names_of(&take.draft).filter_map(|name| {
            index_of(stage.characters.iter().map(|c| &c.name.value), &name.value)
        });
        for index in found {
            if let Err(place) = cast.binary_search(&index) {
                cast.insert(place, index);
            }
        }
    }
    casts
}

fn names_of(draft: &ShotDraft) -> impl Iterator<Item = &Spanned<String>> {
    let listed = draft
        .characters
        .iter()
        .flatten()
        .filter_map(|written| match written {
            TextOr::Text(name) => Some(&name.0),
            TextOr::Full(full) => full.name.as_ref(),
        });
    [&draft.character, &draft.character2]
        .into_iter()
        .flatten()
        .chain(listed)
}

fn index_of<'a>(mut names: impl Iterator<Item = &'a String>, wanted: &str) -> Option<usize> {
    names.position(|name| name == wanted)
}

/// Gives names to shots without one, avoiding those that are taken.
struct Names {
    taken: HashSet<String>,
    count: usize,
}

impl Names {
    /// Only names that could be given are remembered: few documents have any.
    fn of(takes: &[Take<'_>]) -> Self {
        let names = takes
            .iter()
            .filter_map(|take| take.draft.name.as_ref().map(|name| &name.value));
        Self {
            taken: names
                .filter(|name| name.starts_with(GIVEN))
                .cloned()
                .collect(),
            count: 0,
        }
    }

    fn next(&mut self, draft: &ShotDraft, origin: FileSpan) -> Spanned<String> {
        self.count += 1;
        if let Some(name) = &draft.name {
            return name.clone();
        }
        let mut number = self.count;
        let name = loop {
            let name = format!("{GIVEN}{number:03}");
            if self.taken.insert(name.clone()) {
                break name;
            }
            number += 1;
        };
        Spanned::new(name, origin)
    }
}

/// Returns the most telling place in a shot's entry.
fn origin_of(draft: &ShotDraft) -> Option<FileSpan> {
    let name = draft.name.as_ref().map(|name| name.origin);
    let template = draft.template.as_ref().map(|template| template.origin);
    let character = names_of(draft).next().map(|name| name.origin);
    let scene = draft.scene.map(|scene| scene.origin);
    name.or(template).or(character).or(scene)
}

/// Returns what the shot says, else its template, of everything that a template may give and that is read below: copying
/// the rest costs a twentieth of reading.
fn over_template(own: &ShotDraft, base: &ShotDraft) -> ShotDraft {
    macro_rules! over {
        ($($field:ident),*) => {
            ShotDraft { $($field: own.$field.clone().overlay_on(base.$field.clone()),)* ..ShotDraft::default() }
        };
    }
    over!(
        props, subject, action, size, angle, azimuth, lens, aperture, focus, travel, exposure,
        engine, passes
    )
}

fn shot(
    desk: &mut Desk<'_>,
    take: Take<'_>,
    stage: &Stage<'_>,
    casts: &Casts,
    names: &mut Names,
) -> Shot {
    let origin = take.origin.unwrap_or(stage.origin);
    let own: &ShotDraft = &take.draft;
    let library = desk.library;
    let template = own
        .template
        .as_ref()
        .and_then(|name| desk.preset("shot template", &library.shots, name));
    let none = ShotDraft::default();
    let base = template.unwrap_or(&none);
    let template_duration = base.duration.as_ref();
    let merged = over_template(own, base);
    let name = names.next(own, origin);
    let scene = own
        .scene
        .unwrap_or_else(|| Spanned::new(defaults::SCENE, origin));
    let rate = stage.render.rate;
    let duration_written = own
        .duration
        .as_ref()
        .and_then(|text| duration(desk, text, rate));
    let range = own
        .frame_range
        .as_ref()
        .and_then(|written| frames(desk, written));
    let usual = template_duration.and_then(|text| duration(desk, text, TEMPLATE_RATE));
    let usual = rate.resampled_count(
        usual.map_or(defaults::FRAMES, |frames| frames.value),
        TEMPLATE_RATE,
    );
    let count = duration_written.map_or(usual, |frames| frames.value);
    let counted = || FrameList::count_from(FIRST_FRAME, u32::try_from(count).unwrap_or(u32::MAX));
    let cast = cast(desk, own, &merged, stage, casts, scene.value);
    Shot {
        origin,
        camera: camera(desk, &merged, stage.render.sensor_width, &cast),
        aperture_origin: merged.aperture.map(|aperture| aperture.origin),
        subject: subject(&merged, &cast),
        props: merged
            .props
            .iter()
            .flatten()
            .filter_map(|written| prop(desk, written, stage))
            .collect(),
        location: own
            .location
            .clone()
            .map(|name| reference(name, stage.locations.iter().map(|l| &l.name.value))),
        exposure: desk
            .maybe("exposure", &merged.exposure, value_ranges::EXPOSURE)
            .unwrap_or(0.0),
        passes: merged
            .passes
            .as_ref()
            .map_or_else(|| stage.passes.to_vec(), super::render::passes),
        engine: merged
            .engine
            .map(|name| super::render::renderer(desk, name)),
        range_origin: range.as_ref().map(|(_, origin)| *origin),
        frames: range.map_or_else(counted, |(frames, _)| frames),
        duration: duration_written,
        template: own.template.clone(),
        automatic: take.automatic,
        description: own
            .description
            .as_ref()
            .map(|text| text.value.clone())
            .unwrap_or_default(),
        name,
        scene,
        cast,
    }
}

fn reference<'a>(name: Spanned<String>, names: impl Iterator<Item = &'a String>) -> EntryRef {
    let index = index_of(names, &name.value);
    EntryRef { name, index }
}

fn subject(merged: &ShotDraft, cast: &[CastRole]) -> ShotSubject {
    match merged.subject.map(|subject| subject.value) {
        Some(SubjectDraft::Character) => ShotSubject::Character,
        Some(SubjectDraft::Everyone) => ShotSubject::Everyone,
        Some(SubjectDraft::Prop) => ShotSubject::Prop,
        Some(SubjectDraft::Place) => ShotSubject::Place,
        None if cast.len() > 1 => ShotSubject::Everyone,
        None if cast.len() == 1 => ShotSubject::Character,
        None if merged.props.iter().flatten().next().is_some() => ShotSubject::Prop,
        None => ShotSubject::Place,
    }
}

/// Returns who is in a shot: `characters` if it is there, else `character` and `character2`.
pub(super) fn performers(own: &ShotDraft) -> Vec<PerformerDraft> {
    let full = |name: &Spanned<String>| PerformerDraft {
        name: Some(name.clone()),
        ..PerformerDraft::default()
    };
    match &own.characters {
        Some(list) => list
            .iter()
            .map(|written| match written {
                TextOr::Text(name) => full(&name.0),
                TextOr::Full(performer) => performer.clone(),
            })
            .collect(),
        None => [&own.character, &own.character2]
            .into_iter()
            .flatten()
            .map(full)
            .collect(),
    }
}

fn cast(
    desk: &mut Desk<'_>,
    own: &ShotDraft,
    merged: &ShotDraft,
    stage: &Stage<'_>,
    casts: &Casts,
    scene: u32,
) -> Vec<CastRole> {
    let written = performers(own);
    let together: &[usize] = casts.get(&scene).map_or(&[], Vec::as_slice);
    let count = written.len();
    let roles = written.into_iter().enumerate();
    roles
        .filter_map(|(at, performer)| role(desk, at, count, performer, merged, stage, together))
        .collect()
}

fn role(
    desk: &mut Desk<'_>,
    at: usize,
    count: usize,
    performer: PerformerDraft,
    merged: &ShotDraft,
    stage: &Stage<'_>,
    together: &[usize],
) -> Option<CastRole> {
    let character = reference(
        performer.name?,
        stage
            .characters
            .iter()
            .map(|character| &character.name.value),
    );
    let seat = character
        .index
        .and_then(|index| together.iter().position(|other| *other == index))
        .unwrap_or(at);
    let standing = usual_mark(seat, together.len().max(count));
    let action = performer
        .action
        .or_else(|| merged.action.clone().filter(|_| at == 0));
    let facing = performer
        .facing
        .as_ref()
        .and_then(|text| facing(desk, text, at, count));
    Some(CastRole {
        character,
        mark: performer.mark.as_ref().map_or_else(
            || standing.clone(),
            |written| mark(desk, written, standing.position),
        ),
        action_origin: action.as_ref().map(|action| action.origin),
        action: action.map_or_else(|| usual_action(at), |action| action.value),
        facing: facing.unwrap_or_else(|| usual_facing(at, count, seat, together.len())),
        speed: desk
            .maybe("speed", &performer.speed, value_ranges::SPEED)
            .unwrap_or(0.0),
    })
}

fn usual_action(at: usize) -> String {
    if at == 0 { "idle" } else { "listen" }.to_owned()
}

/// One stands in the middle; two stand on `mark_a` and `mark_b`; more stand beside them.
fn usual_mark(seat: usize, people: usize) -> StageMark {
    let node = match (people, seat) {
        (0 | 1, _) => None,
        (_, 0) => Some("mark_a"),
        (_, 1) => Some("mark_b"),
        (_, 2) => Some("mark_c"),
        _ => None,
    };
    #[expect(clippy::cast_precision_loss, reason = "a handful of people")]
    let beside = || {
        if people <= 1 {
            [0.0; 3]
        } else {
            [(seat as f32 - 3.0) * 0.9 - 0.9, 0.0, -1.2]
        }
    };
    StageMark {
        node: node.map(str::to_owned),
        position: node.and_then(usual_place).unwrap_or_else(beside),
    }
}

/// Two in a shot look at each other; one of two in a scene looks to where the other stands; one alone looks ahead.
fn usual_facing(at: usize, count: usize, seat: usize, people: usize) -> FacingDirection {
    match (count, people, seat) {
        (2.., _, _) => FacingDirection::Partner(usize::from(at == 0)),
        (_, 2.., 0) => FacingDirection::Degrees(70.0),
        (_, 2.., 1) => FacingDirection::Degrees(-70.0),
        _ => FacingDirection::Front,
    }
}

fn facing(
    desk: &mut Desk<'_>,
    text: &RawScalar,
    at: usize,
    count: usize,
) -> Option<FacingDirection> {
    match text.value.trim() {
        _ if text.is_placeholder => None,
        "front" => Some(FacingDirection::Front),
        "partner" if count > 1 => Some(FacingDirection::Partner(usize::from(at == 0))),
        other => {
            let degrees = other
                .parse()
                .ok()
                .filter(|degrees: &f32| value_ranges::TURN.contains(*degrees));
            if degrees.is_none() {
                let message = format!("{} does not say where to look", quote_value(other));
                let help =
                    "write `front`, `partner` (in a shot of two), or degrees from -360 to 360"
                        .to_owned();
                desk.error(
                    "production::value::bad_facing",
                    text.origin,
                    message,
                    Some(help),
                );
            }
            degrees.map(FacingDirection::Degrees)
        }
    }
}

fn prop(
    desk: &mut Desk<'_>,
    written: &TextOr<PropUseDraft>,
    stage: &Stage<'_>,
) -> Option<PropRole> {
    let (name, at) = match written {
        TextOr::Text(name) => (Some(name.0.clone()), None),
        TextOr::Full(full) => (full.name.clone(), full.mark.as_ref()),
    };
    let usual = StageMark {
        node: Some("mark_prop".to_owned()),
        position: [0.0, 0.0, 0.4],
    };
    let mark = at.map_or(usual, |written| mark(desk, written, [0.0, 0.0, 0.4]));
    Some(PropRole {
        prop: reference(name?, stage.props.iter().map(|prop| &prop.name.value)),
        mark,
    })
}

/// Gives a location to shots that name none: the scene's, else the one other shots of the scene name, else the only one.
fn locate(shots: &mut [Shot], stage: &Stage<'_>) {
    let by_scene = places_of_scenes(shots, stage);
    let only = (stage.locations.len() == 1).then_some(0);
    for shot in shots.iter_mut().filter(|shot| shot.location.is_none()) {
        let index = by_scene.get(&shot.scene.value).copied().or(only);
        let found = index.and_then(|index| stage.locations.get(index).map(|place| (index, place)));
        shot.location = found.map(|(index, place)| EntryRef {
            name: Spanned::new(place.name.value.clone(), shot.origin),
            index: Some(index),
        });
    }
}

/// Returns where each scene plays: as the script says, else as a location says, else where its first shot with one does.
fn places_of_scenes(shots: &[Shot], stage: &Stage<'_>) -> HashMap<u32, usize> {
    let mut places: HashMap<u32, usize> = HashMap::new();
    let mut place = |scene: u32, index: Option<usize>| {
        if let Some(index) = index {
            places.entry(scene).or_insert(index);
        }
    };
    let mut written: HashSet<u32> = HashSet::new();
    stage
        .scenes
        .iter()
        .filter(|scene| written.insert(scene.number))
        .for_each(|scene| place(scene.number, scene.location));
    for (index, scenes) in stage.scenes_of_locations.iter().enumerate() {
        scenes.iter().for_each(|scene| place(*scene, Some(index)));
    }
    let mut named: HashSet<u32> = HashSet::new();
    shots
        .iter()
        .filter_map(|shot| Some((shot.scene.value, shot.location.as_ref()?.index)))
        .filter(|(scene, _)| named.insert(*scene))
        .for_each(|(scene, index)| place(scene, index));
    places
}

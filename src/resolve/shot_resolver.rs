//! Shots: template and overrides, who stands where, which location, which frames.

use super::camera::resolve_camera;
use super::context::ResolveContext;
use super::scenes::scene_number;
use super::value_parsers::{default_mark_position, parse_duration, parse_frames, parse_mark};
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
const GENERATED_NAME_PREFIX: &str = "shot_";

/// What shots refer to.
pub(super) struct ShotContext<'a> {
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
pub(super) enum ShotEntry<'a> {
    Written(&'a ShotDraft),
    /// With what `defaults` give it, or by coverage.
    Generated(Box<ShotDraft>),
}

impl Deref for ShotEntry<'_> {
    type Target = ShotDraft;

    fn deref(&self) -> &ShotDraft {
        match self {
            Self::Written(draft) => draft,
            Self::Generated(draft) => draft,
        }
    }
}

/// A shot as written, or as coverage made it.
pub(super) struct ShotSource<'a> {
    /// The entry, with what `defaults` give it.
    pub(super) draft: ShotEntry<'a>,
    automatic: bool,
    /// The most telling place in the entry itself.
    origin: Option<FileSpan>,
}

impl<'a> ShotSource<'a> {
    fn from_entry(own: ShotEntry<'a>, automatic: bool, defaults: Option<&ShotDraft>) -> Self {
        let origin = entry_origin(&own);
        let draft = match defaults {
            Some(defaults) => ShotEntry::Generated(Box::new(
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
type SceneCasts = HashMap<u32, Vec<usize>>;

pub(super) fn resolve_shots(
    context: &mut ResolveContext<'_>,
    written: &ProductionDraft,
    shot_context: &ShotContext<'_>,
) -> Vec<Shot> {
    let sources = shot_sources(context, written, shot_context);
    let casts = scene_casts(&sources, shot_context);
    let mut names = ShotNames::from_sources(&sources);
    let mut shots: Vec<Shot> = sources
        .into_iter()
        .map(|source| resolve_shot(context, source, shot_context, &casts, &mut names))
        .collect();
    assign_locations(&mut shots, shot_context);
    shots
}

/// Returns written shots and coverage of scenes without any, in the order of the scenes.
pub(super) fn shot_sources<'a>(
    context: &mut ResolveContext<'_>,
    production: &'a ProductionDraft,
    shot_context: &ShotContext<'_>,
) -> Vec<ShotSource<'a>> {
    let defaults = production.defaults.as_ref();
    let written = match &production.shots {
        Some(TextOr::Full(shots)) => shots.as_slice(),
        Some(TextOr::Text(word)) => {
            check_shots_word(context, word, shot_context);
            &[]
        }
        None => &[],
    };
    let mut sources: Vec<ShotSource<'_>> = written
        .iter()
        .map(|draft| ShotSource::from_entry(ShotEntry::Written(draft), false, defaults))
        .collect();
    let covered: HashSet<u32> = sources.iter().map(source_scene).collect();
    for (index, scene) in shot_context
        .screenplay
        .iter()
        .flat_map(|screenplay| screenplay.scenes.iter().enumerate())
    {
        let number = scene_number(scene, index);
        if !covered.contains(&number) {
            let casting = |name: &str| character_by_script_name(shot_context.characters, name);
            let props: Vec<&str> = shot_context
                .props
                .iter()
                .map(|prop| prop.name.value.as_str())
                .collect();
            let automatic = shot_coverage::cover_scene(scene, number, &casting, &props).into_iter();
            let automatic = automatic.map(|draft| {
                ShotSource::from_entry(ShotEntry::Generated(Box::new(draft)), true, defaults)
            });
            insert_scene(&mut sources, number, automatic.collect());
        }
    }
    sources
}

fn check_shots_word(
    context: &mut ResolveContext<'_>,
    word: &RawScalar,
    shot_context: &ShotContext<'_>,
) {
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
        context.report_error(
            "production::shots::not_a_list",
            word.origin,
            message,
            Some(help),
        );
    } else if !shot_context.has_script {
        let message = "`shots: auto` needs a script to derive shots from".to_owned();
        let help = "name a Fountain file with `script:`, or write the shots".to_owned();
        context.report_error(
            "production::shots::auto_without_script",
            word.origin,
            message,
            Some(help),
        );
    }
}

fn character_by_script_name(characters: &[Character], name: &str) -> Option<String> {
    let wanted = name.to_uppercase();
    characters
        .iter()
        .find(|character| character.script_name == wanted)
        .map(|character| character.name.value.clone())
}

fn source_scene(source: &ShotSource<'_>) -> u32 {
    source
        .draft
        .scene
        .map_or(defaults::SCENE, |scene| scene.value)
}

/// Puts a scene's shots before the first shot of a later scene.
fn insert_scene<'a>(sources: &mut Vec<ShotSource<'a>>, number: u32, shots: Vec<ShotSource<'a>>) {
    let position = sources
        .iter()
        .position(|source| source_scene(source) > number)
        .unwrap_or(sources.len());
    sources.splice(position..position, shots);
}

/// Returns for each scene the characters that its shots show, in the order of the document's characters, so that each
/// keeps its side from shot to shot.
fn scene_casts(sources: &[ShotSource<'_>], shot_context: &ShotContext<'_>) -> SceneCasts {
    let mut casts = SceneCasts::new();
    for source in sources {
        let cast = casts.entry(source_scene(source)).or_default();
        let indices = character_names(&source.draft).filter_map(|name| {
            name_index(
                shot_context.characters.iter().map(|c| &c.name.value),
                &name.value,
            )
        });
        for index in indices {
            if let Err(position) = cast.binary_search(&index) {
                cast.insert(position, index);
            }
        }
    }
    casts
}

fn character_names(draft: &ShotDraft) -> impl Iterator<Item = &Spanned<String>> {
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

fn name_index<'a>(mut names: impl Iterator<Item = &'a String>, wanted: &str) -> Option<usize> {
    names.position(|name| name == wanted)
}

/// Gives names to shots without one, avoiding those that are taken.
struct ShotNames {
    taken: HashSet<String>,
    count: usize,
}

impl ShotNames {
    /// Only names that could be given are remembered: few documents have any.
    fn from_sources(sources: &[ShotSource<'_>]) -> Self {
        let names = sources
            .iter()
            .filter_map(|source| source.draft.name.as_ref().map(|name| &name.value));
        Self {
            taken: names
                .filter(|name| name.starts_with(GENERATED_NAME_PREFIX))
                .cloned()
                .collect(),
            count: 0,
        }
    }

    fn next_name(&mut self, draft: &ShotDraft, origin: FileSpan) -> Spanned<String> {
        self.count += 1;
        if let Some(name) = &draft.name {
            return name.clone();
        }
        let mut number = self.count;
        let name = loop {
            let name = format!("{GENERATED_NAME_PREFIX}{number:03}");
            if self.taken.insert(name.clone()) {
                break name;
            }
            number += 1;
        };
        Spanned::new(name, origin)
    }
}

/// Returns the most telling place in a shot's entry.
fn entry_origin(draft: &ShotDraft) -> Option<FileSpan> {
    let name = draft.name.as_ref().map(|name| name.origin);
    let template = draft.template.as_ref().map(|template| template.origin);
    let character = character_names(draft).next().map(|name| name.origin);
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

fn resolve_shot(
    context: &mut ResolveContext<'_>,
    source: ShotSource<'_>,
    shot_context: &ShotContext<'_>,
    casts: &SceneCasts,
    names: &mut ShotNames,
) -> Shot {
    let origin = source.origin.unwrap_or(shot_context.origin);
    let own: &ShotDraft = &source.draft;
    let library = context.library;
    let template = own
        .template
        .as_ref()
        .and_then(|name| context.find_preset("shot template", &library.shots, name));
    let none = ShotDraft::default();
    let base = template.unwrap_or(&none);
    let template_duration = base.duration.as_ref();
    let merged = over_template(own, base);
    let name = names.next_name(own, origin);
    let scene = own
        .scene
        .unwrap_or_else(|| Spanned::new(defaults::SCENE, origin));
    let rate = shot_context.render.rate;
    let duration_written = own
        .duration
        .as_ref()
        .and_then(|text| parse_duration(context, text, rate));
    let range = own
        .frame_range
        .as_ref()
        .and_then(|written| parse_frames(context, written));
    let usual = template_duration.and_then(|text| parse_duration(context, text, TEMPLATE_RATE));
    let usual = rate.resampled_count(
        usual.map_or(defaults::FRAMES, |frames| frames.value),
        TEMPLATE_RATE,
    );
    let count = duration_written.map_or(usual, |frames| frames.value);
    let counted = || FrameList::count_from(FIRST_FRAME, u32::try_from(count).unwrap_or(u32::MAX));
    let cast = resolve_cast(context, own, &merged, shot_context, casts, scene.value);
    Shot {
        origin,
        camera: resolve_camera(context, &merged, shot_context.render.sensor_width, &cast),
        aperture_origin: merged.aperture.map(|aperture| aperture.origin),
        subject: resolve_subject(&merged, &cast),
        props: merged
            .props
            .iter()
            .flatten()
            .filter_map(|written| resolve_prop(context, written, shot_context))
            .collect(),
        location: own.location.clone().map(|name| {
            resolve_reference(name, shot_context.locations.iter().map(|l| &l.name.value))
        }),
        exposure: context
            .in_range_opt("exposure", &merged.exposure, value_ranges::EXPOSURE)
            .unwrap_or(0.0),
        passes: merged.passes.as_ref().map_or_else(
            || shot_context.passes.to_vec(),
            super::render::distinct_passes,
        ),
        engine: merged
            .engine
            .map(|name| super::render::resolve_renderer(context, name)),
        range_origin: range.as_ref().map(|(_, origin)| *origin),
        frames: range.map_or_else(counted, |(frames, _)| frames),
        duration: duration_written,
        template: own.template.clone(),
        automatic: source.automatic,
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

fn resolve_reference<'a>(
    name: Spanned<String>,
    names: impl Iterator<Item = &'a String>,
) -> EntryRef {
    let index = name_index(names, &name.value);
    EntryRef { name, index }
}

fn resolve_subject(merged: &ShotDraft, cast: &[CastRole]) -> ShotSubject {
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
pub(super) fn shot_performers(own: &ShotDraft) -> Vec<PerformerDraft> {
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

fn resolve_cast(
    context: &mut ResolveContext<'_>,
    own: &ShotDraft,
    merged: &ShotDraft,
    shot_context: &ShotContext<'_>,
    casts: &SceneCasts,
    scene: u32,
) -> Vec<CastRole> {
    let written = shot_performers(own);
    let together: &[usize] = casts.get(&scene).map_or(&[], Vec::as_slice);
    let count = written.len();
    let roles = written.into_iter().enumerate();
    roles
        .filter_map(|(index, performer)| {
            resolve_role(
                context,
                index,
                count,
                performer,
                merged,
                shot_context,
                together,
            )
        })
        .collect()
}

fn resolve_role(
    context: &mut ResolveContext<'_>,
    index: usize,
    count: usize,
    performer: PerformerDraft,
    merged: &ShotDraft,
    shot_context: &ShotContext<'_>,
    together: &[usize],
) -> Option<CastRole> {
    let character = resolve_reference(
        performer.name?,
        shot_context
            .characters
            .iter()
            .map(|character| &character.name.value),
    );
    let cast_position = character
        .index
        .and_then(|index| together.iter().position(|other| *other == index))
        .unwrap_or(index);
    let fallback_mark = default_mark(cast_position, together.len().max(count));
    let action = performer
        .action
        .or_else(|| merged.action.clone().filter(|_| index == 0));
    let facing = performer
        .facing
        .as_ref()
        .and_then(|text| parse_facing(context, text, index, count));
    Some(CastRole {
        character,
        mark: performer.mark.as_ref().map_or_else(
            || fallback_mark.clone(),
            |written| parse_mark(context, written, fallback_mark.position),
        ),
        action_origin: action.as_ref().map(|action| action.origin),
        action: action.map_or_else(|| default_action(index), |action| action.value),
        facing: facing
            .unwrap_or_else(|| default_facing(index, count, cast_position, together.len())),
        speed: context
            .in_range_opt("speed", &performer.speed, value_ranges::SPEED)
            .unwrap_or(0.0),
    })
}

fn default_action(index: usize) -> String {
    if index == 0 { "idle" } else { "listen" }.to_owned()
}

/// One stands in the middle; two stand on `mark_a` and `mark_b`; more stand beside them.
fn default_mark(cast_position: usize, people: usize) -> StageMark {
    let node = match (people, cast_position) {
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
            [(cast_position as f32 - 3.0) * 0.9 - 0.9, 0.0, -1.2]
        }
    };
    StageMark {
        node: node.map(str::to_owned),
        position: node.and_then(default_mark_position).unwrap_or_else(beside),
    }
}

/// Two in a shot look at each other; one of two in a scene looks to where the other stands; one alone looks ahead.
fn default_facing(
    index: usize,
    count: usize,
    cast_position: usize,
    people: usize,
) -> FacingDirection {
    match (count, people, cast_position) {
        (2.., _, _) => FacingDirection::Partner(usize::from(index == 0)),
        (_, 2.., 0) => FacingDirection::Degrees(70.0),
        (_, 2.., 1) => FacingDirection::Degrees(-70.0),
        _ => FacingDirection::Front,
    }
}

fn parse_facing(
    context: &mut ResolveContext<'_>,
    text: &RawScalar,
    index: usize,
    count: usize,
) -> Option<FacingDirection> {
    match text.value.trim() {
        _ if text.is_placeholder => None,
        "front" => Some(FacingDirection::Front),
        "partner" if count > 1 => Some(FacingDirection::Partner(usize::from(index == 0))),
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
                context.report_error(
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

fn resolve_prop(
    context: &mut ResolveContext<'_>,
    written: &TextOr<PropUseDraft>,
    shot_context: &ShotContext<'_>,
) -> Option<PropRole> {
    let (name, written_mark) = match written {
        TextOr::Text(name) => (Some(name.0.clone()), None),
        TextOr::Full(full) => (full.name.clone(), full.mark.as_ref()),
    };
    let usual = StageMark {
        node: Some("mark_prop".to_owned()),
        position: [0.0, 0.0, 0.4],
    };
    let mark = written_mark.map_or(usual, |written| {
        parse_mark(context, written, [0.0, 0.0, 0.4])
    });
    Some(PropRole {
        prop: resolve_reference(
            name?,
            shot_context.props.iter().map(|prop| &prop.name.value),
        ),
        mark,
    })
}

/// Gives a location to shots that name none: the scene's, else the one other shots of the scene name, else the only one.
fn assign_locations(shots: &mut [Shot], shot_context: &ShotContext<'_>) {
    let by_scene = scene_locations(shots, shot_context);
    let only = (shot_context.locations.len() == 1).then_some(0);
    for shot in shots.iter_mut().filter(|shot| shot.location.is_none()) {
        let index = by_scene.get(&shot.scene.value).copied().or(only);
        let location = index.and_then(|index| {
            shot_context
                .locations
                .get(index)
                .map(|place| (index, place))
        });
        shot.location = location.map(|(index, place)| EntryRef {
            name: Spanned::new(place.name.value.clone(), shot.origin),
            index: Some(index),
        });
    }
}

/// Returns where each scene plays: as the script says, else as a location says, else where its first shot with one does.
fn scene_locations(shots: &[Shot], shot_context: &ShotContext<'_>) -> HashMap<u32, usize> {
    let mut places: HashMap<u32, usize> = HashMap::new();
    let mut place = |scene: u32, index: Option<usize>| {
        if let Some(index) = index {
            places.entry(scene).or_insert(index);
        }
    };
    let mut written: HashSet<u32> = HashSet::new();
    shot_context
        .scenes
        .iter()
        .filter(|scene| written.insert(scene.number))
        .for_each(|scene| place(scene.number, scene.location));
    for (index, scenes) in shot_context.scenes_of_locations.iter().enumerate() {
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

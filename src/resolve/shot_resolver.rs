//! Resolves shots: template and overrides, cast and marks, location, frames.

use super::camera::resolve_camera;
use super::context::ResolveContext;
use super::edit::{TransitionSide, resolve_transition};
use super::effects::resolve_effects;
use super::footage::WrittenFootage;
use super::limits::resolve_limits;
use super::lines::{LineContext, ShotScript, SpokenShots};
use super::scenes::NumberedScenes;
use super::sound::{SoundBase, SpeechFacts};
use super::value_parsers::{
    default_mark_position, parse_duration, parse_frames, parse_mark, parse_scene,
};
use crate::base::name_form::{name_form, script_name_form};
use crate::base::suggestions::did_you_mean;
use crate::base::work_counter::count_work;
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
use crate::model::scene_number::ScenePosition;
use crate::model::shot_staging::{FacingDirection, StageMark};
use crate::model::{
    FootageSurvey, FrameList, FrameRate, RenderPass, SceneNumber, defaults, value_ranges,
};
use crate::story::shot_coverage;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Deref;

/// Frame rate in which templates count their durations.
// Templates are shared by productions of all rates. Their durations are converted, so that a
// close-up lasts as long at 60 frames a second as at 24.
const TEMPLATE_RATE: FrameRate = FrameRate::from_fps(24);

/// First frame of a shot without a frame range.
// 1001 is the custom in visual effects: handles before it stay positive. Each shot counts for
// itself, so a new length of one shot changes no frame number, and no cached frame, of another.
pub(super) const FIRST_FRAME: i32 = 1001;

/// Start of the names that unnamed shots get.
const GENERATED_NAME_PREFIX: &str = "shot_";

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
    /// Whether the production has sound, so that derived shots have lines.
    pub(super) is_heard: bool,
    /// The sound that shots are resolved with. `None`: the production is silent.
    pub(super) sound: Option<ShotSpeech<'a>>,
    pub(super) origin: FileSpan,
}

/// The sound that shots are resolved with.
#[derive(Clone, Copy)]
pub(super) struct ShotSpeech<'a> {
    pub(super) sound: &'a SoundBase,
    pub(super) facts: &'a SpeechFacts,
}

/// The draft of a shot.
// Most shots are read as they are written. Borrowing them saves a copy of every shot of a long
// film.
pub(super) enum ShotEntry<'a> {
    Written(&'a ShotDraft),
    /// Merged with `defaults`, or derived from the script.
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

/// A shot before it is resolved.
pub(super) struct ShotSource<'a> {
    /// The entry, merged with `defaults`.
    pub(super) draft: ShotEntry<'a>,
    scene: Spanned<SceneNumber>,
    automatic: bool,
    /// Best place for diagnostics in the entry itself.
    origin: Option<FileSpan>,
}

impl<'a> ShotSource<'a> {
    fn from_entry(
        context: &mut ResolveContext<'_>,
        own: ShotEntry<'a>,
        defaults: Option<&ShotDraft>,
        shot_context: &ShotContext<'_>,
    ) -> Self {
        // Taken before the merge: a place in `defaults` would point at the wrong lines.
        let origin = entry_origin(&own);
        let draft = match defaults {
            Some(defaults) => ShotEntry::Generated(Box::new(
                ShotDraft::clone(&own).overlay_on(defaults.clone()),
            )),
            None => own,
        };
        let draft = with_take(context, draft);
        let scene = match &draft.scene {
            Some(written) => parse_scene(context, written),
            None => Spanned::new(
                SceneNumber::from_count(defaults::SCENE),
                origin.unwrap_or(shot_context.origin),
            ),
        };
        Self {
            draft,
            scene,
            automatic: false,
            origin,
        }
    }
}

/// Returns a shot with the fields of its take over its own, and the name of the take in `take`.
fn with_take<'a>(context: &mut ResolveContext<'_>, draft: ShotEntry<'a>) -> ShotEntry<'a> {
    if draft.takes.is_none() && draft.take.is_none() {
        return draft;
    }
    let takes = draft.takes.as_ref().map_or(&[][..], |takes| &takes.0);
    let wanted = draft.take.as_ref().filter(|take| !take.is_placeholder);
    let chosen = match wanted {
        Some(wanted) => takes
            .iter()
            .find(|(name, _)| name.value == wanted.value.trim()),
        // The newest comes last, as people add takes.
        None => takes.last(),
    };
    let Some((name, take)) = chosen else {
        if let Some(wanted) = wanted {
            let names = takes.iter().map(|(name, _)| name.value.as_str());
            let help = did_you_mean(wanted.value.trim(), names).or_else(|| {
                let names: Vec<&str> = takes.iter().map(|(name, _)| name.value.as_str()).collect();
                (!names.is_empty()).then(|| format!("its takes are {}", names.join(", ")))
            });
            let message = format!("{} is no take of the shot", quote_value(&wanted.value));
            let help = help.or_else(|| Some("add it under `takes:`".to_owned()));
            context.report_error(
                "production::shots::unknown_take",
                wanted.origin,
                message,
                help,
            );
        }
        return draft;
    };
    let shown = RawScalar(name.clone());
    let take = ShotDraft {
        // A take is the same shot of the film, whatever it is called.
        name: None,
        take: None,
        takes: None,
        ..take.clone()
    };
    let merged = take.overlay_on(ShotDraft::clone(&draft));
    ShotEntry::Generated(Box::new(ShotDraft {
        take: Some(shown),
        takes: None,
        ..merged
    }))
}

/// The entries that shots refer to, by name.
struct EntryIndex<'a> {
    characters: NameIndex<'a>,
    locations: NameIndex<'a>,
    props: NameIndex<'a>,
    /// The characters of each scene.
    casts: SceneCasts,
}

impl<'a> EntryIndex<'a> {
    fn from_context(shot_context: &ShotContext<'a>) -> Self {
        let characters = shot_context.characters.iter().map(|entry| &entry.name);
        let locations = shot_context.locations.iter().map(|entry| &entry.name);
        let props = shot_context.props.iter().map(|entry| &entry.name);
        Self {
            characters: NameIndex::from_names(characters),
            locations: NameIndex::from_names(locations),
            props: NameIndex::from_names(props),
            casts: SceneCasts::new(),
        }
    }
}

/// The places of names in a list. Of two with one name, the first counts.
// A search of the list for each name would be quadratic: a game has thousands of props and shots.
struct NameIndex<'a> {
    written: HashMap<&'a str, usize>,
    /// By the form in which names compare.
    forms: HashMap<Cow<'a, str>, usize>,
}

impl<'a> NameIndex<'a> {
    fn from_names(names: impl Iterator<Item = &'a Spanned<String>>) -> Self {
        let mut written = HashMap::new();
        let mut forms = HashMap::new();
        for (index, name) in names.enumerate() {
            count_work(1);
            written.entry(name.value.as_str()).or_insert(index);
            forms.entry(name_form(&name.value)).or_insert(index);
        }
        Self { written, forms }
    }

    fn find(&self, name: &str) -> Option<usize> {
        // The bytes first: forms are costly, and nearly every name is written alike everywhere.
        let written = self.written.get(name);
        written
            .or_else(|| self.forms.get(name_form(name).as_ref()))
            .copied()
    }
}

/// Indices of the characters in each scene, sorted.
type SceneCasts = HashMap<SceneNumber, Vec<usize>>;

pub(super) fn resolve_shots(
    context: &mut ResolveContext<'_>,
    written: &ProductionDraft,
    shot_context: &ShotContext<'_>,
) -> SpokenShots {
    let sources = shot_sources(context, written, shot_context);
    // Marks depend on everyone in the scene, so all sources are read before the first shot is
    // resolved.
    let mut entries = EntryIndex::from_context(shot_context);
    entries.casts = scene_casts(&sources, &entries);
    let mut names = ShotNames::from_sources(&sources);
    let scripts: Vec<ShotScript> = sources
        .into_iter()
        .map(|source| resolve_shot(context, source, shot_context, &entries, &mut names))
        .collect();
    let mut spoken = match shot_context.sound {
        Some(ShotSpeech { sound, facts }) => {
            let lines = LineContext {
                characters: shot_context.characters,
                scenes: shot_context.scenes,
                rate: shot_context.render.rate,
                sound,
                facts,
            };
            lines.speak_shots(context, scripts)
        }
        None => SpokenShots {
            shots: scripts.into_iter().map(|script| script.shot).collect(),
            unspoken: Vec::new(),
        },
    };
    // Last, since a shot may take its location from a later shot of its scene.
    assign_locations(&mut spoken.shots, shot_context);
    spoken
}

/// Returns the written shots and the derived ones of scenes without any, in the order of the
/// scenes.
pub(super) fn shot_sources<'a>(
    context: &mut ResolveContext<'_>,
    production: &'a ProductionDraft,
    shot_context: &ShotContext<'_>,
) -> Vec<ShotSource<'a>> {
    let defaults = production.defaults.as_ref();
    let written = match &production.shots {
        Some(TextOr::Full(shots)) => shots.as_slice(),
        Some(TextOr::Text(word)) => {
            // A wrong word counts as no shots; the derived ones let the other rules go on.
            check_shots_word(context, word, shot_context);
            &[]
        }
        None => &[],
    };
    let written: Vec<ShotSource<'_>> = written
        .iter()
        .map(|draft| {
            ShotSource::from_entry(context, ShotEntry::Written(draft), defaults, shot_context)
        })
        .collect();
    let derived = derived_sources(context, &written, defaults, shot_context);
    merge_sources(written, derived, shot_context)
}

/// Returns the shots of every scene without a written one, in the order of the script.
fn derived_sources<'a>(
    context: &mut ResolveContext<'_>,
    written: &[ShotSource<'a>],
    defaults: Option<&ShotDraft>,
    shot_context: &ShotContext<'_>,
) -> Vec<ShotSource<'a>> {
    // A scene with one written shot is the author's: adding derived shots to it would mix two
    // edits.
    let covered: HashSet<&SceneNumber> = written.iter().map(|source| &source.scene.value).collect();
    // Coverage names characters as the document does, so derived shots resolve like written ones.
    let cast = names_by_script_name(shot_context.characters);
    let casting = |name: &str| {
        cast.get(&script_name_form(name))
            .map(|name| (*name).to_owned())
    };
    let props: Vec<&str> = shot_context
        .props
        .iter()
        .map(|prop| prop.name.value.as_str())
        .collect();
    let mut derived = Vec::new();
    for (number, scene) in &shot_context.numbered.scenes {
        if covered.contains(number) {
            continue;
        }
        let is_heard = shot_context.is_heard;
        for draft in shot_coverage::cover_scene(scene, number, &casting, &props, is_heard) {
            let entry = ShotEntry::Generated(Box::new(draft));
            let source = ShotSource::from_entry(context, entry, defaults, shot_context);
            // Its scene is known, whatever `defaults` says.
            let scene = Spanned::new(number.clone(), source.scene.origin);
            derived.push(ShotSource {
                scene,
                automatic: true,
                ..source
            });
        }
    }
    derived
}

/// Returns the written shots in their order, and each derived one before the first written shot of
/// a later scene.
fn merge_sources<'a>(
    written: Vec<ShotSource<'a>>,
    derived: Vec<ShotSource<'a>>,
    shot_context: &ShotContext<'_>,
) -> Vec<ShotSource<'a>> {
    let position =
        |source: &ShotSource<'_>| shot_context.numbered.order.position(&source.scene.value);
    let mut merged: Vec<ShotSource<'_>> = Vec::with_capacity(written.len() + derived.len());
    let mut derived = derived.into_iter().peekable();
    let mut latest: Option<ScenePosition> = None;
    for source in written {
        // The written order stays: shots may be out of order on purpose, as in a flashback. Derived
        // shots are in order, so what comes before the latest scene so far is placed already.
        latest = latest.max(Some(position(&source)));
        while let Some(before) = derived.next_if(|shot| Some(position(shot)) < latest) {
            merged.push(before);
        }
        merged.push(source);
    }
    merged.extend(derived);
    merged
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

/// Returns the names of characters in the document by their names in the script.
fn names_by_script_name(characters: &[Character]) -> HashMap<String, &str> {
    let mut names = HashMap::new();
    for character in characters {
        names
            .entry(script_name_form(&character.script_name))
            .or_insert(character.name.value.as_str());
    }
    // A character with a name for people may speak under either. Last, so that no script name is
    // taken from another character.
    for character in characters.iter().filter(|each| each.display_name.is_some()) {
        names
            .entry(script_name_form(&character.name.value.replace('_', " ")))
            .or_insert(character.name.value.as_str());
    }
    names
}

/// Returns the characters of each scene in the order of the document.
fn scene_casts(sources: &[ShotSource<'_>], entries: &EntryIndex<'_>) -> SceneCasts {
    let mut casts = SceneCasts::new();
    for source in sources {
        let cast = casts.entry(source.scene.value.clone()).or_default();
        let names = character_names(&source.draft);
        cast.extend(names.filter_map(|name| entries.characters.find(&name.value)));
    }
    for cast in casts.values_mut() {
        // Sorted by the document, not by appearance. Each character then has the same mark, and so
        // the same side of the picture, in every shot of the scene.
        cast.sort_unstable();
        cast.dedup();
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

/// Generates names for unnamed shots.
struct ShotNames {
    taken: HashSet<String>,
    count: usize,
}

impl ShotNames {
    /// Collects the written names that a generated name could collide with.
    fn from_sources(sources: &[ShotSource<'_>]) -> Self {
        let names = sources
            .iter()
            .filter_map(|source| source.draft.name.as_ref().map(|name| &name.value));
        Self {
            taken: names
                // Few documents have any, so the set is mostly empty and no other name is copied.
                .filter(|name| name.starts_with(GENERATED_NAME_PREFIX))
                .cloned()
                .collect(),
            count: 0,
        }
    }

    fn next_name(&mut self, draft: &ShotDraft, origin: FileSpan) -> Spanned<String> {
        // Named shots count too: the number of a name is the shot's position. Otherwise naming one
        // shot would rename all later ones and render them again.
        self.count += 1;
        if let Some(name) = &draft.name {
            return name.clone();
        }
        let mut number = self.count;
        let name = loop {
            let name = format!("{GENERATED_NAME_PREFIX}{number:03}");
            // A name that is taken moves on to the next free number.
            if self.taken.insert(name.clone()) {
                break name;
            }
            number += 1;
        };
        Spanned::new(name, origin)
    }
}

/// Returns the best place for diagnostics in a shot's entry.
fn entry_origin(draft: &ShotDraft) -> Option<FileSpan> {
    let name = draft.name.as_ref().map(|name| name.origin);
    let template = draft.template.as_ref().map(|template| template.origin);
    let character = character_names(draft).next().map(|name| name.origin);
    let scene = draft.scene.as_ref().map(|scene| scene.origin);
    // The name identifies a shot best; the others at least are on its lines.
    name.or(template).or(character).or(scene)
}

/// Returns the shot's fields over the template's, for the fields that a template may set.
fn over_template(own: &ShotDraft, base: &ShotDraft) -> ShotDraft {
    // Only the fields that are read below. Copying all of them costs a twentieth of the time to
    // resolve.
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
    entries: &EntryIndex<'_>,
    names: &mut ShotNames,
) -> ShotScript {
    let origin = source.origin.unwrap_or(shot_context.origin);
    let own: &ShotDraft = &source.draft;
    let library = context.library;
    let template = own
        .template
        .as_ref()
        .and_then(|name| context.find_preset("shot template", &library.shots, name));
    // An unknown template was reported by `find_preset`. The shot goes on without it, to report the
    // rest.
    let none = ShotDraft::default();
    let base = template.unwrap_or(&none);
    let merged = over_template(own, base);
    let name = names.next_name(own, origin);
    let scene = source.scene.clone();
    let rate = shot_context.render.rate;
    let source_footage =
        WrittenFootage::resolve(context, own.frames.as_ref(), shot_context.footage);
    let length = resolve_length(context, own, base, rate, source_footage.as_ref());
    // The cast comes before the camera, because `focus` may name one of its members.
    let cast = resolve_cast(context, own, &merged, entries, &scene.value);
    let effects = match shot_context.sound {
        Some(_) => resolve_effects(context, own.effects.as_ref(), rate),
        None => Vec::new(),
    };
    let lines = own.lines.clone().filter(|_| shot_context.sound.is_some());
    // Coverage gives each shot a length, which is an estimate of its words.
    let has_length = length.is_written && !source.automatic;
    let shot = Shot {
        origin,
        camera: resolve_camera(context, &merged, shot_context.render.sensor_width, &cast),
        // The rule `always_sharp` points here.
        aperture_origin: merged.aperture.map(|aperture| aperture.origin),
        subject: resolve_subject(&merged, &cast),
        props: merged
            .props
            .iter()
            .flatten()
            .filter_map(|written| resolve_prop(context, written, entries))
            .collect(),
        location: own
            .location
            .clone()
            .map(|name| resolve_reference(name, &entries.locations)),
        exposure: context
            .in_range_opt("exposure", &merged.exposure, value_ranges::EXPOSURE)
            .unwrap_or(0.0),
        // A written list replaces the production's passes. Merging would leave no way to remove
        // one.
        passes: merged.passes.as_ref().map_or_else(
            || shot_context.passes.to_vec(),
            super::render::distinct_passes,
        ),
        engine: merged
            .engine
            .map(|name| super::render::resolve_renderer(context, name)),
        range_origin: length.range_origin,
        footage: source_footage.map(|footage| footage.for_frames(&length.frames, rate)),
        frames: length.frames,
        duration: length.duration,
        take: own.take.as_ref().map(|take| take.value.trim().to_owned()),
        limits: own
            .limits
            .as_ref()
            .map(|limits| resolve_limits(context, limits))
            .unwrap_or_default(),
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
        lines: Vec::new(),
        effects,
        transition_in: own
            .transition_in
            .as_ref()
            .and_then(|own| resolve_transition(context, own, TransitionSide::In, rate)),
        transition_out: own
            .transition_out
            .as_ref()
            .and_then(|own| resolve_transition(context, own, TransitionSide::Out, rate)),
    };
    ShotScript {
        shot,
        lines,
        has_length,
    }
}

/// The frames of a shot, and the fields that say how many.
struct ShotLength {
    frames: FrameList,
    /// The place of the frame range, if one is written.
    range_origin: Option<FileSpan>,
    /// The length by `duration`, if one is written.
    duration: Option<Spanned<usize>>,
    /// Whether the shot says how long it is, or its footage does.
    is_written: bool,
}

/// Returns the length that the shot or else its template `base` gives.
fn resolve_length(
    context: &mut ResolveContext<'_>,
    own: &ShotDraft,
    base: &ShotDraft,
    rate: FrameRate,
    footage: Option<&WrittenFootage>,
) -> ShotLength {
    // A written duration is in frames of the production's rate, a template's in frames of
    // `TEMPLATE_RATE`.
    let duration = own
        .duration
        .as_ref()
        .and_then(|text| parse_duration(context, text, rate));
    let range = own
        .frame_range
        .as_ref()
        .and_then(|written| parse_frames(context, written));
    let template_duration = base
        .duration
        .as_ref()
        .and_then(|text| parse_duration(context, text, TEMPLATE_RATE));
    // A frame range takes precedence over a duration. A rule reports the two if they disagree.
    if let Some((frames, origin)) = range {
        return ShotLength {
            frames,
            range_origin: Some(origin),
            duration,
            is_written: true,
        };
    }
    // A shot of footage is as long as its footage, and its frames have the numbers of the pictures.
    let own_length = footage.and_then(|footage| footage.own_length(rate));
    let count = duration.map_or_else(
        || {
            let frames = template_duration.map_or(defaults::FRAMES, |frames| frames.value);
            let usual = || rate.resampled_count(frames, TEMPLATE_RATE);
            own_length.map_or_else(usual, |(_, count)| count)
        },
        |frames| frames.value,
    );
    let first = own_length.map_or(FIRST_FRAME, |(first, _)| first.unwrap_or(FIRST_FRAME));
    ShotLength {
        frames: FrameList::count_from(first, u32::try_from(count).unwrap_or(u32::MAX)),
        range_origin: None,
        is_written: duration.is_some() || own_length.is_some(),
        duration,
    }
}

fn resolve_reference(name: Spanned<String>, names: &NameIndex<'_>) -> EntryRef {
    let index = names.find(&name.value);
    EntryRef { name, index }
}

fn resolve_subject(merged: &ShotDraft, cast: &[CastRole]) -> ShotSubject {
    match merged.subject.map(|subject| subject.value) {
        Some(SubjectDraft::Character) => ShotSubject::Character,
        Some(SubjectDraft::Everyone) => ShotSubject::Everyone,
        Some(SubjectDraft::Prop) => ShotSubject::Prop,
        Some(SubjectDraft::Place) => ShotSubject::Place,
        // A shot that does not say what it frames takes the first of people, props and place that
        // it has.
        None if cast.len() > 1 => ShotSubject::Everyone,
        None if cast.len() == 1 => ShotSubject::Character,
        None if merged.props.iter().flatten().next().is_some() => ShotSubject::Prop,
        None => ShotSubject::Place,
    }
}

/// Returns the performers of a shot: `characters` if it is set, else `character` and `character2`.
pub(super) fn shot_performers(own: &ShotDraft) -> Vec<PerformerDraft> {
    let full = |name: &Spanned<String>| PerformerDraft {
        name: Some(name.clone()),
        ..PerformerDraft::default()
    };
    match &own.characters {
        // The full list is the more specific form, so it wins.
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
    entries: &EntryIndex<'_>,
    scene: &SceneNumber,
) -> Vec<CastRole> {
    let written = shot_performers(own);
    // Everyone in the scene, not in the shot: in a single of one of two, the other is still beside
    // the camera.
    let together: &[usize] = entries.casts.get(scene).map_or(&[], Vec::as_slice);
    let count = written.len();
    let roles = written.into_iter().enumerate();
    roles
        .filter_map(|(index, performer)| {
            resolve_role(context, index, count, performer, merged, entries, together)
        })
        .collect()
}

fn resolve_role(
    context: &mut ResolveContext<'_>,
    index: usize,
    count: usize,
    performer: PerformerDraft,
    merged: &ShotDraft,
    entries: &EntryIndex<'_>,
    together: &[usize],
) -> Option<CastRole> {
    let character = resolve_reference(performer.name?, &entries.characters);
    let cast_position = character
        .index
        // An unknown character has no position in the scene and takes that in the shot.
        .and_then(|index| together.binary_search(&index).ok())
        .unwrap_or(index);
    let fallback_mark = default_mark(cast_position, together.len().max(count));
    let action = performer
        .action
        // `action:` of the shot is the first performer's. The others listen.
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

/// Returns the mark of a performer without one: the centre for one person, `mark_a` to `mark_c` for
/// three, a row behind them for more.
fn default_mark(cast_position: usize, people: usize) -> StageMark {
    let node = match (people, cast_position) {
        (0 | 1, _) => None,
        (_, 0) => Some("mark_a"),
        (_, 1) => Some("mark_b"),
        (_, 2) => Some("mark_c"),
        // Sets have three marks by convention. More people stand in a row behind them, 0.9 m apart.
        _ => None,
    };
    #[expect(clippy::cast_precision_loss, reason = "a handful of people")]
    StageMark {
        node: node.map(str::to_owned),
        position: node.and_then(default_mark_position).unwrap_or_else(|| {
            if people <= 1 {
                [0.0; 3]
            } else {
                [(cast_position as f32 - 3.0) * 0.9 - 0.9, 0.0, -1.2]
            }
        }),
    }
}

/// Returns the direction of a performer without one. Two in a shot face each other, one of two in a
/// scene faces the absent other, one alone faces the camera.
fn default_facing(
    index: usize,
    count: usize,
    cast_position: usize,
    people: usize,
) -> FacingDirection {
    match (count, people, cast_position) {
        // The first performer faces the second, and everyone else faces the first.
        (2.., _, _) => FacingDirection::Partner(usize::from(index == 0)),
        // 70 and not 90 degrees: a single then shows more of the face than a profile.
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
        // Alone in a shot there is no partner, and `partner` gets the message below.
        "partner" if count > 1 => Some(FacingDirection::Partner(usize::from(index == 0))),
        other => {
            let degrees = other
                .parse()
                .ok()
                .filter(|degrees: &f32| value_ranges::TURN.contains(*degrees));
            if degrees.is_none() {
                let message = format!("{} is not a facing", quote_value(other));
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
    entries: &EntryIndex<'_>,
) -> Option<PropRole> {
    let (name, written_mark) = match written {
        TextOr::Text(name) => (Some(name.0.clone()), None),
        TextOr::Full(full) => (full.name.clone(), full.mark.as_ref()),
    };
    // Props stand at `mark_prop`, a little towards the camera, so that performers do not hide them.
    let usual = StageMark {
        node: Some("mark_prop".to_owned()),
        position: [0.0, 0.0, 0.4],
    };
    let mark = written_mark.map_or(usual, |written| {
        parse_mark(context, written, [0.0, 0.0, 0.4])
    });
    Some(PropRole {
        prop: resolve_reference(name?, &entries.props),
        mark,
    })
}

/// Sets the location of shots that name none: the scene's, else that of the first shot in the scene
/// with one, else the only location.
fn assign_locations(shots: &mut [Shot], shot_context: &ShotContext<'_>) {
    let by_scene = scene_locations(shots, shot_context);
    // With a single location nothing else can be meant. With two, a guess would be silent and
    // wrong.
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
            // The name is not written, so diagnostics about it point at the shot.
            name: Spanned::new(place.name.value.clone(), shot.origin),
            index: Some(index),
        });
    }
}

/// Returns the location of each scene: from the script, else from a location's `scenes`, else from
/// its first shot with one.
fn scene_locations(shots: &[Shot], shot_context: &ShotContext<'_>) -> HashMap<SceneNumber, usize> {
    let mut places: HashMap<SceneNumber, usize> = HashMap::new();
    let mut place = |scene: &SceneNumber, index: Option<usize>| {
        if let Some(index) = index {
            // The first source that knows a scene wins; the order below is the precedence.
            places.entry(scene.clone()).or_insert(index);
        }
    };
    shot_context
        .scenes
        .iter()
        .for_each(|scene| place(&scene.number, scene.location));
    for (index, scenes) in shot_context.scenes_of_locations.iter().enumerate() {
        scenes.iter().for_each(|scene| place(scene, Some(index)));
    }
    let mut named: HashSet<&SceneNumber> = HashSet::new();
    shots
        .iter()
        .filter_map(|shot| Some((&shot.scene.value, shot.location.as_ref()?.index)))
        .filter(|(scene, _)| named.insert(scene))
        .for_each(|(scene, index)| place(scene, index));
    places
}

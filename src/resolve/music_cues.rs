//! Resolves music: the mood of the production over the whole film, or cues over some shots.

use super::cast::asset_from_path;
use super::context::ResolveContext;
use super::document_shots::{parts_between, report_absent, report_apart};
use super::effects::is_sound_file;
use super::sound::{is_off, report_value, sound_fields};
use super::sound_numbers;
use super::unused_fields::report_unused;
use crate::base::suggestions::did_you_mean;
use crate::base::{FileSpan, Spanned};
use crate::document::draft::{ProductionDraft, StyleDraft};
use crate::document::quote::quote_value;
use crate::document::sound_draft::MusicDraft;
use crate::document::{OneOrMany, TextOr};
use crate::model::defaults;
use crate::model::production::Shot;
use crate::model::sound::{DEFAULT_MOOD, MUSIC_FADE_SECONDS, MusicCue, MusicSource};
use std::cmp::Reverse;
use std::collections::HashSet;
use std::ops::RangeInclusive;

/// Returns the music of the production. `sound` is the place that asks for sound.
pub(super) fn resolve_music(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    shots: &[Shot],
    sound: FileSpan,
) -> Vec<MusicCue> {
    // Without a shot there is no film to put music under.
    if shots.is_empty() {
        return Vec::new();
    }
    let mut resolver = CueResolver {
        shots,
        usual_mood: production_mood(context, draft),
        names: HashSet::new(),
        count: 0,
        sound,
    };
    // A production with sound that says nothing of music has music in its own mood.
    let Some(written) = written_music(context, draft) else {
        let usual = MusicDraft::default();
        return resolver.resolve_cue(context, &usual).into_iter().collect();
    };
    let mut cues = Vec::new();
    for cue in written.iter().filter(|cue| !is_off(cue)) {
        let own = match cue {
            TextOr::Text(text) if text.is_placeholder => continue,
            TextOr::Text(text) if is_sound_file(&text.value) => MusicDraft {
                file: Some(text.0.clone()),
                ..MusicDraft::default()
            },
            TextOr::Text(text) => MusicDraft {
                mood: Some(text.0.clone()),
                ..MusicDraft::default()
            },
            TextOr::Full(own) => own.clone(),
        };
        cues.extend(resolver.resolve_cue(context, &own));
    }
    cues
}

/// Returns the music that is written, under `sound` or beside it. `None`: none is.
fn written_music<'d>(
    context: &mut ResolveContext<'_>,
    draft: &'d ProductionDraft,
) -> Option<&'d OneOrMany<TextOr<MusicDraft>>> {
    let within = sound_fields(draft).and_then(|fields| fields.music.as_ref());
    if let (Some(within), Some(beside)) = (within, draft.music.as_ref()) {
        let place =
            |cues: &OneOrMany<TextOr<MusicDraft>>| cues.first().map(cue_origin).unwrap_or_default();
        let message = "music is written twice, under `sound` and beside it".to_owned();
        let twice = crate::base::Diagnostic::error(
            "production::sound::music_twice",
            place(beside),
            message,
        );
        let twice = twice.with_related(place(within), "the other one");
        context
            .diagnostics
            .push(twice.with_help("remove one of the two"));
    }
    within.or(draft.music.as_ref())
}

fn cue_origin(cue: &TextOr<MusicDraft>) -> FileSpan {
    match cue {
        TextOr::Text(text) => text.origin,
        TextOr::Full(cue) => {
            let written = [&cue.name, &cue.mood, &cue.file, &cue.from, &cue.to];
            let written = written.into_iter().flatten().next();
            written.map(|text| text.origin).unwrap_or_default()
        }
    }
}

/// Returns the mood of the production: its style's own, else that of the style preset.
fn production_mood(context: &ResolveContext<'_>, draft: &ProductionDraft) -> Spanned<String> {
    let own = draft
        .style
        .clone()
        .map(StyleDraft::from)
        .unwrap_or_default();
    let preset = own
        .preset
        .as_ref()
        .map_or(defaults::STYLE, |name| name.value.as_str());
    let preset = context.library.styles.get(preset);
    let preset = preset.and_then(|preset| preset.mood.clone());
    // An unknown mood is a warning of the style, and changes the music as little as the grade.
    let known = |mood: Spanned<String>| {
        let name = mood.value.trim().to_lowercase();
        let is_known = context.library.moods.get(&name).is_some();
        is_known.then(|| Spanned::new(name, mood.origin))
    };
    let usual = || Spanned::new(DEFAULT_MOOD.to_owned(), FileSpan::default());
    own.mood
        .and_then(known)
        .or_else(|| preset.and_then(known))
        .unwrap_or_else(usual)
}

/// The first and the last shot of a cue.
#[derive(Clone, Copy)]
struct CueSpan {
    first: usize,
    last: usize,
}

struct CueResolver<'a> {
    shots: &'a [Shot],
    usual_mood: Spanned<String>,
    names: HashSet<String>,
    count: usize,
    sound: FileSpan,
}

impl CueResolver<'_> {
    fn resolve_cue(
        &mut self,
        context: &mut ResolveContext<'_>,
        own: &MusicDraft,
    ) -> Option<MusicCue> {
        let written = [&own.name, &own.mood, &own.file, &own.from, &own.to];
        let origin = written.into_iter().flatten().next();
        let origin = origin.map_or(self.sound, |text| text.origin);
        let span = self.cue_span(context, own);
        // All fields are read before any mistake ends the cue, so that one pass reports all of
        // them.
        let source = self.resolve_source(context, own);
        let name = self.cue_name(context, own, origin);
        let fade = if matches!(source, Some(MusicSource::File { .. })) {
            MUSIC_FADE_SECONDS
        } else {
            // A composer begins and ends as the music wants it.
            0.0
        };
        let mut seconds = |field, value: &Option<Spanned<f32>>| {
            let value = sound_numbers::SECONDS.resolve(context, field, value.as_ref());
            value.unwrap_or(fade)
        };
        let fade_in = seconds("fade_in", &own.fade_in);
        let fade_out = seconds("fade_out", &own.fade_out);
        let gain = sound_numbers::GAIN.resolve(context, "gain", own.gain.as_ref());
        let CueSpan {
            first: first_shot,
            last: last_shot,
        } = span?;
        if last_shot < first_shot {
            let message = "the music ends before it begins".to_owned();
            let help = "`from` is the first shot with it, `to` the last".to_owned();
            let place = own.to.as_ref().map_or(origin, |name| name.origin);
            report_value(context, place, message, help);
            return None;
        }
        Some(MusicCue {
            name,
            source: source?,
            first_shot,
            last_shot,
            gain: gain.unwrap_or(0.0),
            fade_in,
            fade_out,
        })
    }

    /// Returns the shots of a cue. `None`: it names one that is none, or the cut has none of them,
    /// which is reported.
    fn cue_span(&self, context: &mut ResolveContext<'_>, own: &MusicDraft) -> Option<CueSpan> {
        let document = |name: &Option<Spanned<String>>| {
            let name = name.as_ref().filter(|name| !name.is_placeholder);
            name.and_then(|name| context.document_shot(&name.value))
        };
        // In a film that another program cut, names mean shots of the document, wherever these are
        // now.
        let (from, to) = (document(&own.from), document(&own.to));
        let is_recut = from.is_some() || to.is_some();
        let is_known = own.from.is_some() == from.is_some() && own.to.is_some() == to.is_some();
        let is_in_order = from.unwrap_or(0) <= to.unwrap_or(usize::MAX);
        if is_recut && is_known && is_in_order {
            let name = own.from.as_ref().or(own.to.as_ref())?;
            let wanted = from.unwrap_or(0)..=to.unwrap_or(usize::MAX);
            let span = self.span_in_cut(from, to);
            match span {
                Some(span) => self.report_silent_parts(context, name, span, wanted),
                None => report_absent(context, name, "the music goes with it"),
            }
            return span;
        }
        let first = own.from.as_ref().map(|name| self.find_shot(context, name));
        let last = own.to.as_ref().map(|name| self.find_shot(context, name));
        Some(CueSpan {
            first: first.unwrap_or(Some(0))?,
            last: last.unwrap_or_else(|| self.shots.len().checked_sub(1))?,
        })
    }

    /// Returns the shots of a cue in the cut of a timeline. In the place of an end that the cut has
    /// not is the nearest shot of the cue that it has. `None`: it has none of them.
    fn span_in_cut(&self, from: Option<usize>, to: Option<usize>) -> Option<CueSpan> {
        let wanted = from.unwrap_or(0)..=to.unwrap_or(usize::MAX);
        let origin = |index: &usize| self.shots[*index].recut.as_ref().map(|recut| recut.shot);
        let parts = || parts_between(self.shots, wanted.clone());
        let first = match from {
            Some(_) => parts().min_by_key(|part| (origin(part), *part))?,
            None => 0,
        };
        let last = match to {
            Some(_) => parts().max_by_key(|part| (origin(part), Reverse(*part)))?,
            None => self.shots.len().checked_sub(1)?,
        };
        // An editor may have moved the last shot before the first.
        let (mut first, mut last) = (first.min(last), first.max(last));
        // Shots of the cue beside these are the same piece of the film: a second use of the last
        // shot, or a shot from between the ends that is now before them.
        let is_own = |index: usize| {
            let own = self.shots.get(index).and_then(|shot| shot.recut.as_ref());
            own.is_some_and(|own| wanted.contains(&own.shot))
        };
        while first > 0 && is_own(first - 1) {
            first -= 1;
        }
        while is_own(last + 1) {
            last += 1;
        }
        Some(CueSpan { first, last })
    }

    /// Reports uses of the shots of a cue that other shots now part from it. Music that began again
    /// there would be another piece, which the document has not.
    fn report_silent_parts(
        &self,
        context: &mut ResolveContext<'_>,
        name: &Spanned<String>,
        span: CueSpan,
        wanted: RangeInclusive<usize>,
    ) {
        let parts = parts_between(self.shots, wanted);
        let mut apart = parts.filter(|part| !(span.first..=span.last).contains(part));
        if let Some(first) = apart.next() {
            report_apart(context, name, &self.shots[first].name.value, apart.count());
        }
    }

    fn resolve_source(
        &self,
        context: &mut ResolveContext<'_>,
        own: &MusicDraft,
    ) -> Option<MusicSource> {
        report_unused_fields(context, own);
        // With a file, a mood decides nothing: nothing is composed.
        if let Some(file) = &own.file {
            let skip = sound_numbers::SECONDS.resolve(context, "skip", own.skip.as_ref());
            return Some(MusicSource::File {
                file: asset_from_path(file)?,
                repeat: own.repeat.is_some_and(|repeat| repeat.value),
                on_beat: own.on_beat.is_some_and(|on_beat| on_beat.value),
                skip: Spanned::new(
                    skip.unwrap_or(0.0),
                    own.skip.map_or(file.origin, |skip| skip.origin),
                ),
            });
        }
        let mood = match &own.mood {
            Some(mood) => find_mood(context, mood)?,
            None => self.usual_mood.clone(),
        };
        Some(MusicSource::Composed {
            mood,
            seed: own.seed.map_or(0, |seed| seed.value.into()),
        })
    }

    fn cue_name(
        &mut self,
        context: &mut ResolveContext<'_>,
        own: &MusicDraft,
        origin: FileSpan,
    ) -> Spanned<String> {
        self.count += 1;
        let written = own
            .name
            .clone()
            .filter(|name| !name.value.trim().is_empty());
        if let Some(name) = &written
            && self.names.contains(&name.value)
        {
            let message = format!("two cues are named {}", quote_value(&name.value));
            let help = "give each a name of its own".to_owned();
            report_value(context, name.origin, message, help);
        }
        // From its place in the list, so that a cue keeps its number when others get names.
        let mut number = self.count;
        let name = written.unwrap_or_else(|| {
            // A written name may be one of these.
            while self.names.contains(&format!("music_{number}")) {
                number += 1;
            }
            Spanned::new(format!("music_{number}"), origin)
        });
        self.names.insert(name.value.clone());
        name
    }

    /// Returns the index of a shot by name. `None`: there is none, which is reported.
    fn find_shot(&self, context: &mut ResolveContext<'_>, name: &Spanned<String>) -> Option<usize> {
        if name.is_placeholder {
            return None;
        }
        let wanted = name.value.trim();
        let shots = || self.shots.iter().map(|shot| shot.name.value.as_str());
        // Exactly as written: two names that differ in a capital are two shots.
        let found = shots().position(|shot| shot == wanted);
        if found.is_none() {
            let message = format!("{} is no shot", quote_value(&name.value));
            let help = context
                .allowance
                .search(|| did_you_mean(wanted, shots()))
                .unwrap_or_else(|| "write the name of a shot".to_owned());
            context.report_error(
                "production::sound::unknown_shot",
                name.origin,
                message,
                Some(help),
            );
        }
        found
    }
}

/// Reports the fields of a cue that have no effect: those of composed music beside a file, and those
/// of a file without one.
fn report_unused_fields(context: &mut ResolveContext<'_>, own: &MusicDraft) {
    let mood = own.mood.as_ref().map(|mood| mood.origin);
    // What is written as it is without the field contradicts nothing.
    let seed = own.seed.filter(|seed| seed.value != 0);
    let repeat = own.repeat.filter(|repeat| repeat.value);
    let on_beat = own.on_beat.filter(|on_beat| on_beat.value);
    let skip = own.skip.filter(|skip| skip.value != 0.0);
    let composed = [("mood", mood), ("seed", seed.map(|seed| seed.origin))];
    let played = [
        ("loop", repeat.map(|repeat| repeat.origin)),
        ("on_beat", on_beat.map(|on_beat| on_beat.origin)),
        ("skip", skip.map(|skip| skip.origin)),
    ];
    let has_file = own.file.is_some();
    let (fields, why, help): (&[_], _, _) = if has_file {
        let help = "nothing is composed where a file plays: remove it, or remove `file`";
        (&composed, "beside `file`", help)
    } else {
        let help = "it is about music of your own: remove it, or add `file`";
        (&played, "without `file`", help)
    };
    for (field, origin) in fields {
        if let Some(origin) = origin {
            report_unused(context, field, *origin, why, help);
        }
    }
}

/// Returns the mood of this name. `None`: there is none, which is reported.
fn find_mood(
    context: &mut ResolveContext<'_>,
    written: &Spanned<String>,
) -> Option<Spanned<String>> {
    if written.is_placeholder {
        return None;
    }
    let name = written.value.trim().to_lowercase();
    let moods = &context.library.moods;
    if moods.get(&name).is_some() {
        return Some(Spanned::new(name, written.origin));
    }
    let names: Vec<&str> = moods.preset_names().collect();
    let near = context
        .allowance
        .search(|| did_you_mean(&name, names.iter().copied()));
    let help = near.unwrap_or_else(|| {
        format!(
            "known are {}; a sound file is named with `file`",
            names.join(", ")
        )
    });
    let message = format!("unknown mood {}", quote_value(&written.value));
    context.report_error(
        "production::sound::unknown_mood",
        written.origin,
        message,
        Some(help),
    );
    None
}

//! Fields of a shot that have no effect because the shot shows footage, which nobody draws.
//!
//! Reports those that are written beside the footage, or in a take over it. Fields of `defaults`
//! are for the shots that are drawn, and so are those of a shot whose take alone shows footage.

use super::context::ResolveContext;
use super::footage::is_number_or_range;
use crate::base::{Diagnostic, FileSpan, Spanned};
use crate::document::draft::{
    FootageDraft, ModelCameraDraft, MoveDraft, PerformerDraft, ProductionDraft, PropUseDraft,
    ShotDraft,
};
use crate::document::{OneOrMany, ScalarOrList, TextOr};
use crate::model::FootageSurvey;
use crate::model::footage::FootageFacts;
use crate::model::sound::SoundSettings;

/// A field that is written, and the place of its value.
struct WrittenField {
    name: &'static str,
    origin: FileSpan,
}

/// What is known of the footage that fields are written beside.
#[derive(Clone, Copy)]
struct FieldContext<'a> {
    facts: Option<&'a FootageFacts>,
    /// Whether music follows the framing of shots, see [`is_music_composed`].
    is_music_composed: bool,
}

/// Returns whether music is composed for the production. It follows how close shots are and how
/// much moves in them, so the fields that say so have an effect on footage, too.
pub(super) fn is_music_composed(sound: Option<&SoundSettings>) -> bool {
    let mut cues = sound.iter().flat_map(|sound| &sound.music);
    cues.any(|cue| cue.file().is_none())
}

/// Reports every field of a shot that has no effect on its footage.
pub(super) fn report_idle_fields(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    survey: &FootageSurvey,
    is_music_composed: bool,
) {
    let Some(TextOr::Full(shots)) = &draft.shots else {
        return;
    };
    for shot in shots {
        // Every take, also those that are not chosen: the author sees all of them, and may choose
        // another tomorrow.
        let takes = shot.takes.iter().flatten().map(|(_, take)| take);
        for layer in std::iter::once(shot).chain(takes) {
            // A take shows its own footage, else that of its shot.
            let footage = layer.frames.as_ref().or(shot.frames.as_ref());
            let Some(path) = footage.and_then(footage_path) else {
                continue;
            };
            let fields = FieldContext {
                facts: survey.facts_at(&path.value).map(AsRef::as_ref),
                is_music_composed,
            };
            let name = shot.name.as_ref().filter(|name| !name.is_placeholder);
            for field in fields.idle_fields(layer) {
                report_field(context, name, &field);
            }
        }
    }
}

fn report_field(
    context: &mut ResolveContext<'_>,
    shot: Option<&Spanned<String>>,
    field: &WrittenField,
) {
    let shot = shot.map_or_else(
        || "a shot".to_owned(),
        |name| format!("shot `{}`", name.value),
    );
    let message = format!("`{}` of {shot} has no effect on footage", field.name);
    let found = Diagnostic::warning("production::footage::no_effect", field.origin, message)
        .with_label("has no effect")
        .with_help("remove it, or remove `frames` to have the shot drawn");
    context.diagnostics.push(found);
}

impl FieldContext<'_> {
    fn idle_fields(self, shot: &ShotDraft) -> Vec<WrittenField> {
        let fields = [
            ("template", self.idle_template(shot)),
            ("props", shot.props.as_deref().and_then(first_prop)),
            ("subject", value_origin(&shot.subject)),
            ("action", value_origin(&shot.action)),
            ("size", self.unless_composed(value_origin(&shot.size))),
            ("angle", value_origin(&shot.angle)),
            ("azimuth", value_origin(&shot.azimuth)),
            ("lens", shot.lens.as_deref().and_then(written_origin)),
            ("aperture", value_origin(&shot.aperture)),
            ("focus", shot.focus.as_deref().and_then(written_origin)),
            ("camera", shot.camera.as_ref().and_then(camera_origin)),
            (
                "move",
                self.unless_composed(shot.travel.as_ref().and_then(move_origin)),
            ),
            ("exposure", value_origin(&shot.exposure)),
            ("engine", value_origin(&shot.engine)),
            ("passes", shot.passes.as_ref().and_then(first_pass)),
        ];
        let performers = shot.characters.iter().flatten();
        let performers = performers.filter_map(|performer| match performer {
            TextOr::Full(performer) => Some(performer),
            TextOr::Text(_) => None,
        });
        let staged = performers.flat_map(|performer| self.performer_fields(performer));
        let footage = shot
            .frames
            .iter()
            .flat_map(|footage| self.footage_fields(footage));
        let written = fields.into_iter().chain(staged).chain(footage);
        written
            .filter_map(|(name, origin)| {
                Some(WrittenField {
                    name,
                    origin: origin?,
                })
            })
            .collect()
    }

    /// Returns the place of a template that gives the shot nothing. A still without a length has
    /// that of its template.
    fn idle_template(self, shot: &ShotDraft) -> Option<FileSpan> {
        let has_length = shot.duration.is_some()
            || shot.frame_range.is_some()
            || self.facts.is_some_and(|facts| facts.own_length().is_some());
        self.unless_composed(value_origin(&shot.template))
            .filter(|_| has_length)
    }

    fn unless_composed(self, origin: Option<FileSpan>) -> Option<FileSpan> {
        origin.filter(|_| !self.is_music_composed)
    }

    /// Returns how a performer is staged. Who it is decides who says a line.
    fn performer_fields(self, performer: &PerformerDraft) -> [(&'static str, Option<FileSpan>); 5] {
        [
            ("mark", performer.mark.as_ref().and_then(mark_origin)),
            ("action", value_origin(&performer.action)),
            ("expression", value_origin(&performer.expression)),
            (
                "facing",
                performer.facing.as_deref().and_then(written_origin),
            ),
            (
                "speed",
                self.unless_composed(value_origin(&performer.speed)),
            ),
        ]
    }

    /// Returns the fields of footage that are not about footage of this kind.
    fn footage_fields(
        self,
        written: &TextOr<FootageDraft>,
    ) -> Vec<(&'static str, Option<FileSpan>)> {
        let TextOr::Full(full) = written else {
            return Vec::new();
        };
        let is_still = self
            .facts
            .and_then(FootageFacts::pictures)
            .is_some_and(|run| run.is_still);
        let is_film = self.facts.is_some_and(|facts| facts.film().is_some());
        let rate = full.frame_rate.as_deref().and_then(written_origin);
        vec![
            ("start", value_origin(&full.start).filter(|_| is_still)),
            ("frame_rate", rate.filter(|_| is_still || is_film)),
        ]
    }
}

/// Returns the path of footage. `None`: it is no path, which is reported.
fn footage_path(footage: &TextOr<FootageDraft>) -> Option<&Spanned<String>> {
    let path = match footage {
        TextOr::Text(text) => &text.0,
        TextOr::Full(full) => full.path.as_ref()?,
    };
    (!path.is_placeholder && !is_number_or_range(&path.value)).then_some(path)
}

fn value_origin<T>(field: &Option<Spanned<T>>) -> Option<FileSpan> {
    field.as_ref().and_then(written_origin)
}

/// Returns the place of a value. `None`: it could not be read, which was reported.
fn written_origin<T>(value: &Spanned<T>) -> Option<FileSpan> {
    (!value.is_placeholder).then_some(value.origin)
}

fn camera_origin(camera: &TextOr<ModelCameraDraft>) -> Option<FileSpan> {
    match camera {
        TextOr::Text(name) => written_origin(name),
        TextOr::Full(full) => full
            .name
            .as_ref()
            .or(full.from.as_ref())
            .and_then(written_origin),
    }
}

fn mark_origin(mark: &ScalarOrList) -> Option<FileSpan> {
    match mark {
        ScalarOrList::One(text) => written_origin(text),
        ScalarOrList::List(list) => written_origin(list),
    }
}

fn move_origin(travel: &TextOr<MoveDraft>) -> Option<FileSpan> {
    match travel {
        TextOr::Text(name) => written_origin(name),
        TextOr::Full(full) => value_origin(&full.preset)
            .or_else(|| value_origin(&full.kind))
            .or_else(|| value_origin(&full.amount))
            .or_else(|| value_origin(&full.easing)),
    }
}

fn first_prop(props: &[TextOr<PropUseDraft>]) -> Option<FileSpan> {
    match props.first()? {
        TextOr::Text(name) => written_origin(name),
        TextOr::Full(full) => value_origin(&full.name),
    }
}

fn first_pass<T>(passes: &OneOrMany<Spanned<T>>) -> Option<FileSpan> {
    passes.0.first().and_then(written_origin)
}

/// Returns the same shot without the fields that have no effect on its footage. The shot must say
/// how long it is.
pub(super) fn without_idle_fields(shot: ShotDraft, is_music_composed: bool) -> ShotDraft {
    let characters = shot.characters.map(|characters| {
        let unstaged = characters.into_iter().map(|performer| match performer {
            TextOr::Full(performer) => TextOr::Full(PerformerDraft {
                mark: None,
                action: None,
                expression: None,
                facing: None,
                speed: performer.speed.filter(|_| is_music_composed),
                name: performer.name,
            }),
            text @ TextOr::Text(_) => text,
        });
        unstaged.collect()
    });
    ShotDraft {
        template: None,
        characters,
        props: None,
        subject: None,
        action: None,
        size: shot.size.filter(|_| is_music_composed),
        angle: None,
        azimuth: None,
        lens: None,
        aperture: None,
        focus: None,
        camera: None,
        travel: shot.travel.filter(|_| is_music_composed),
        exposure: None,
        engine: None,
        passes: None,
        ..shot
    }
}

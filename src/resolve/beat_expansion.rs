//! Makes shots and titles of the beats of a document, before shots are resolved. From there they are
//! shots like all others.

use super::ad_parts::AdParts;
use super::beat_staging::{StagedBeat, usual_seconds};
use super::context::ResolveContext;
use crate::base::suggestions::did_you_mean;
use crate::base::{Diagnostic, FileSpan, Spanned};
use crate::beats::{
    is_ad_length, is_beat_length, nearest_ad_lengths, nearest_beat_length, parse_seconds,
};
use crate::document::beat_draft::{BeatDraft, BeatUseDraft};
use crate::document::draft::{ProductionDraft, ShotDraft};
use crate::document::overlay::OverlayFields;
use crate::document::quote::quote_value;
use crate::document::{OneOrMany, RawScalar, TextOr};
use crate::model::FrameRate;
use crate::model::beats::{BeatInstance, BeatPosition};

/// A document with the shots of its beats, and the beats.
pub(super) struct ExpandedBeats {
    pub(super) draft: ProductionDraft,
    pub(super) beats: Vec<BeatInstance>,
}

/// A beat of the document with its entry of the library.
struct FoundBeat<'a> {
    own: BeatUseDraft,
    beat: Option<&'a BeatDraft>,
    name: String,
    origin: FileSpan,
    seconds: u32,
}

/// Returns the document with shots in the place of its beats. `None`: it has none.
pub(super) fn expand_beats(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    rate: FrameRate,
    origin: FileSpan,
) -> Option<ExpandedBeats> {
    let written = match &draft.beats {
        Some(written) if !written.is_empty() => written,
        None if draft.ad.is_none() => return None,
        _ => {
            // `ad` alone says that an ad is meant, so a document without beats is a mistake then.
            report_no_beats(context, draft, origin);
            return None;
        }
    };
    let found: Vec<FoundBeat<'_>> = written
        .iter()
        .map(|entry| find_beat(context, entry, origin))
        .collect();
    check_order(context, &found);
    check_total(context, draft, &found);
    let parts = AdParts::from_draft(draft);
    if parts.product.is_none() && found.iter().any(|beat| beat.own.product.is_none()) {
        report_no_product(context, found.first().map_or(origin, |beat| beat.origin));
    }
    Some(assemble(context, draft, &found, &parts, rate))
}

fn find_beat<'a>(
    context: &mut ResolveContext<'a>,
    entry: &TextOr<BeatUseDraft>,
    document: FileSpan,
) -> FoundBeat<'a> {
    let own = match entry {
        TextOr::Text(name) => BeatUseDraft {
            beat: Some(name.0.clone()),
            ..BeatUseDraft::default()
        },
        TextOr::Full(own) => own.clone(),
    };
    let origin = entry_origin(&own).unwrap_or(document);
    let library = context.library;
    let beat = match &own.beat {
        Some(name) => context.find_preset("beat", &library.beats, name),
        None => {
            report_unnamed(context, origin);
            None
        }
    };
    let seconds = beat_seconds(context, own.duration.as_ref(), beat);
    let name = own.beat.as_ref().map(|name| name.value.clone());
    FoundBeat {
        name: name
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| "beat".to_owned()),
        own,
        beat,
        origin,
        seconds,
    }
}

fn entry_origin(own: &BeatUseDraft) -> Option<FileSpan> {
    let texts = [&own.beat, &own.id, &own.product, &own.person, &own.location];
    let named = texts.into_iter().flatten().next().map(|text| text.origin);
    named.or_else(|| own.duration.as_ref().map(|length| length.origin))
}

fn beat_seconds(
    context: &mut ResolveContext<'_>,
    written: Option<&RawScalar>,
    beat: Option<&BeatDraft>,
) -> u32 {
    let Some(written) = written.filter(|length| !length.is_placeholder) else {
        return usual_seconds(beat);
    };
    let seconds = parse_seconds(&written.value);
    if let Some(seconds) = seconds.filter(|seconds| is_beat_length(*seconds)) {
        return seconds;
    }
    let message = format!(
        "a beat is 5, 10 or 15 seconds long, not {}",
        quote_value(&written.value)
    );
    let nearest = nearest_beat_length(seconds.unwrap_or_default());
    let help = match seconds {
        Some(_) => format!("the nearest is `{nearest}s`"),
        None => "write whole seconds, such as `5s`".to_owned(),
    };
    context.report_error(
        "production::beats::bad_duration",
        written.origin,
        message,
        Some(help),
    );
    nearest
}

/// Warns about a beginning that closes, and an end that does not.
fn check_order(context: &mut ResolveContext<'_>, found: &[FoundBeat<'_>]) {
    // Warnings: an order is a matter of taste, and the ad can be made as it is.
    let position = |beat: &FoundBeat<'_>| {
        let position = beat.beat.and_then(|beat| beat.typical_position);
        position.map(|position| position.value)
    };
    let (Some(first), Some(last)) = (found.first(), found.last()) else {
        return;
    };
    // One beat is beginning and end at once.
    if found.len() > 1 && position(first) == Some(BeatPosition::Closing) {
        let message = format!("the first beat, `{}`, is a closing", first.name);
        let finding = Diagnostic::warning(
            "production::beats::first_not_opening",
            first.origin,
            message,
        );
        context.diagnostics.push(
            finding
                .with_label("made for the end of an ad")
                .with_help(beats_at(context.library, BeatPosition::Opening)),
        );
    }
    if position(last).is_some_and(|position| position != BeatPosition::Closing) {
        let message = format!("the last beat, `{}`, is no closing", last.name);
        let finding =
            Diagnostic::warning("production::beats::last_not_closing", last.origin, message);
        context.diagnostics.push(
            finding
                .with_label("the ad stops here without an end")
                .with_help(beats_at(context.library, BeatPosition::Closing)),
        );
    }
}

/// Returns which beats are made for a position, as a help.
fn beats_at(library: &crate::library::Library, wanted: BeatPosition) -> String {
    let names = library.beats.preset_names();
    let names: Vec<&str> = names
        .filter(|name| {
            let beat = library.beats.get(name);
            beat.and_then(|beat| beat.typical_position)
                .is_some_and(|position| position.value == wanted)
        })
        .collect();
    let word = wanted.as_str();
    format!("beats for the {word} are {}", names.join(", "))
}

/// Compares the length of the ad with the sum of its beats.
fn check_total(context: &mut ResolveContext<'_>, draft: &ProductionDraft, found: &[FoundBeat<'_>]) {
    let written = draft.ad.as_ref().and_then(|ad| ad.duration.as_ref());
    let Some(written) = written.filter(|length| !length.is_placeholder) else {
        return;
    };
    let seconds = parse_seconds(&written.value);
    let Some(wanted) = seconds.filter(|seconds| is_ad_length(*seconds)) else {
        let help = seconds.map_or_else(
            || "write whole seconds, such as `30s`".to_owned(),
            |seconds| format!("the nearest are {}", nearest_ad_lengths(seconds)),
        );
        let message = format!(
            "an ad is a multiple of 5 seconds long, not {}",
            quote_value(&written.value)
        );
        context.report_error(
            "production::beats::bad_duration",
            written.origin,
            message,
            Some(help),
        );
        return;
    };
    let sum: u32 = found.iter().map(|beat| beat.seconds).sum();
    // A beat that is unknown has a length that nobody wrote.
    if sum != wanted && found.iter().all(|beat| beat.beat.is_some()) {
        let lengths: Vec<String> = found.iter().map(|beat| beat.seconds.to_string()).collect();
        let message = format!("the beats are {sum} s together, and the ad {wanted} s");
        let finding = Diagnostic::error("production::beats::wrong_total", written.origin, message);
        let change = if sum > wanted {
            format!("leave out {} s of beats", sum - wanted)
        } else {
            format!("add {} s of beats", wanted - sum)
        };
        context.diagnostics.push(
            finding
                .with_label(format!("{} is {sum}", lengths.join(" + ")))
                .with_help(format!("{change}, or write `duration: {sum}s`")),
        );
    }
}

fn assemble(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    found: &[FoundBeat<'_>],
    parts: &AdParts<'_>,
    rate: FrameRate,
) -> ExpandedBeats {
    let none = BeatDraft::default();
    let mut shots = Vec::new();
    let mut titles = Vec::new();
    let mut beats = Vec::new();
    let mut start = 0;
    for (index, each) in found.iter().enumerate() {
        let product = each.own.product.as_ref().or(parts.product.as_ref());
        let own_id = each.own.id.as_ref().filter(|id| !id.is_placeholder);
        let id = own_id.map_or_else(
            // Numbered, because a beat may occur twice.
            || format!("b{:02}_{}", index + 1, each.name),
            |id| id.value.clone(),
        );
        let staged = StagedBeat {
            values: parts.placeholder_values(&each.own, product),
            own: &each.own,
            // An unknown beat was reported. It keeps its place, so that those behind it keep
            // theirs.
            beat: each.beat.unwrap_or(&none),
            parts,
            id,
            origin: each.origin,
            number: index + 1,
            // From the start of the ad, and not from the beat before: rounding must not add up.
            start_frame: frame_at(start, rate),
            end_frame: frame_at(start + each.seconds, rate),
            rate,
        };
        let made = staged.stage_shots();
        beats.push(beat_instance(&staged, each, &made.shots));
        shots.extend(made.shots);
        titles.extend(made.titles.into_iter().map(TextOr::Full));
        start += each.seconds;
    }
    let shots = with_own_shots(context, draft, shots);
    titles.extend(draft.titles.clone().into_iter().flatten());
    let draft = ProductionDraft {
        shots: Some(TextOr::Full(shots)),
        titles: (!titles.is_empty()).then_some(OneOrMany(titles)),
        ..draft.clone()
    };
    ExpandedBeats { draft, beats }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an ad has few frames"
)]
fn frame_at(seconds: u32, rate: FrameRate) -> usize {
    (f64::from(seconds) * rate.as_f64()).round() as usize
}

fn beat_instance(
    staged: &StagedBeat<'_>,
    found: &FoundBeat<'_>,
    shots: &[ShotDraft],
) -> BeatInstance {
    let text = |field: &Option<Spanned<String>>| {
        let text = field.as_ref().map(|text| text.value.clone());
        text.unwrap_or_default()
    };
    let shot_type = text(&staged.beat.shot_type);
    let template = text(&staged.beat.prompt_template);
    let names = shots.iter().filter_map(|shot| shot.name.as_ref());
    BeatInstance {
        id: staged.id.clone(),
        beat: found.name.clone(),
        seconds: found.seconds,
        start_frame: staged.start_frame,
        end_frame: staged.end_frame,
        shots: names.map(|name| name.value.clone()).collect(),
        prompt: staged
            .parts
            .words
            .picture_prompt(&template, &shot_type, &staged.values),
        shot_type,
        origin: found.origin,
    }
}

/// Lays the written shots over those of the beats, by name.
fn with_own_shots(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    mut shots: Vec<ShotDraft>,
) -> Vec<ShotDraft> {
    let written = match &draft.shots {
        Some(TextOr::Full(written)) => written.as_slice(),
        Some(TextOr::Text(word)) if !word.is_placeholder => {
            // `auto` derives all shots from the script, and beats make all shots too.
            let message = "both `shots` and `beats` give shots".to_owned();
            let help = "keep one of them; a list of `shots` beside `beats` changes their shots";
            context.report_error(
                "production::shots::given_twice",
                word.origin,
                message,
                Some(help.to_owned()),
            );
            &[]
        }
        _ => &[],
    };
    for own in written {
        let name = own.name.as_ref();
        let place = name.and_then(|name| {
            let mut names = shots.iter().map(|shot| shot.name.as_ref());
            names.position(|each| each.is_some_and(|each| each.value == name.value))
        });
        match place {
            Some(index) => {
                let base = std::mem::take(&mut shots[index]);
                shots[index] = own.clone().overlay_on(base);
            }
            None => report_unknown_shot(context, own, &shots),
        }
    }
    shots
}

fn report_unknown_shot(context: &mut ResolveContext<'_>, own: &ShotDraft, shots: &[ShotDraft]) {
    let place = own.name.as_ref().or(own.template.as_ref());
    let Some(place) = place.filter(|place| !place.is_placeholder) else {
        return;
    };
    let message = format!("no beat makes a shot {}", quote_value(&place.value));
    let names = shots.iter().filter_map(|shot| shot.name.as_ref());
    let near = did_you_mean(&place.value, names.map(|name| name.value.as_str()));
    let finding = Diagnostic::error("production::beats::unknown_shot", place.origin, message);
    context.diagnostics.push(
        finding
            .with_label("beside `beats`, a shot changes one of theirs, by its name")
            .with_help("`production info` lists the shots of the beats")
            .with_optional_help(near),
    );
}

fn report_no_beats(context: &mut ResolveContext<'_>, draft: &ProductionDraft, origin: FileSpan) {
    let length = draft.ad.as_ref().and_then(|ad| ad.duration.as_ref());
    context.report_error(
        "production::beats::none",
        length.map_or(origin, |length| length.origin),
        "the ad has no beats".to_owned(),
        Some("name some, such as `beats: [hero_shot, call_to_action]`; `production library beats` lists them".to_owned()),
    );
}

fn report_unnamed(context: &mut ResolveContext<'_>, origin: FileSpan) {
    context.report_error(
        "production::beats::unnamed",
        origin,
        "an entry of `beats` names no beat".to_owned(),
        Some("add `beat:`; `production library beats` lists them".to_owned()),
    );
}

fn report_no_product(context: &mut ResolveContext<'_>, origin: FileSpan) {
    context.report_error(
        "production::beats::no_product",
        origin,
        "beats show a product, and the production has no props".to_owned(),
        Some("add it to `props`, with its model".to_owned()),
    );
}

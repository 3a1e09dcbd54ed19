//! Resolves the sound of the production: whether it has any, its loudness, its language and how
//! music gives way to speech.

use super::cast::asset_from_path;
use super::context::ResolveContext;
use super::sound_numbers;
use super::voices::VoiceTable;
use crate::base::suggestions::did_you_mean;
use crate::base::{FileSpan, Spanned};
use crate::document::draft::{
    CharacterDraft, LocationDraft, OutputDraft, ProductionDraft, ShotDraft,
};
use crate::document::quote::quote_value;
use crate::document::sound_draft::{DuckingDraft, SoundDraft};
use crate::document::{LineDraft, OneOrMany, RawScalar, TextOr};
use crate::model::sound::{
    DEFAULT_LANGUAGE, DEFAULT_SAMPLE_RATE, DEFAULT_TRUE_PEAK, DuckingCurve, LOUDNESS_NAMES,
    LoudnessTarget, NAMED_LANGUAGES, SAMPLE_RATES, SoundSettings, SpeechLengths, espeak_language,
    is_language_tag, named_language,
};

/// The sound that everything else is resolved with.
pub(super) struct SoundBase {
    pub(super) settings: SoundSettings,
    pub(super) voices: VoiceTable,
}

/// What is known of speech from outside of the document.
#[derive(Debug, Clone, Default)]
pub struct SpeechFacts {
    /// Lengths of lines that were spoken before.
    pub lengths: SpeechLengths,
    /// Whether `espeak-ng` is installed. Where it is not, the built-in murmur stands in for it.
    pub has_espeak_ng: bool,
}

/// Returns the sound of the production, without music. `origin` is the place that asks for it.
pub(super) fn resolve_sound_base(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    origin: FileSpan,
    facts: &SpeechFacts,
) -> SoundBase {
    let empty = SoundDraft::default();
    let own = sound_fields(draft).unwrap_or(&empty);
    let language = resolve_language(context, own.language.as_ref());
    let language = language.unwrap_or_else(|| DEFAULT_LANGUAGE.to_owned());
    let sample_rate = resolve_sample_rate(context, own);
    let true_peak = sound_numbers::TRUE_PEAK.resolve(context, "true_peak", own.true_peak.as_ref());
    let loudness = own
        .loudness
        .as_ref()
        .and_then(|written| parse_loudness(context, written))
        .unwrap_or_default();
    let voices = VoiceTable::resolve(context, draft, own, &language, facts);
    let settings = SoundSettings {
        sample_rate,
        loudness: LoudnessTarget {
            true_peak: true_peak.unwrap_or(DEFAULT_TRUE_PEAK),
            ..loudness
        },
        language,
        ducking: resolve_ducking(context, own.ducking.as_ref()),
        music: Vec::new(),
        footsteps: own.footsteps.is_none_or(|steps| steps.value),
        sound_font: own.sound_font.as_ref().and_then(asset_from_path),
        unspoken: Vec::new(),
        files: voices.files.clone(),
        origin,
    };
    SoundBase { settings, voices }
}

/// Returns the fields of `sound`, if it has any.
pub(super) fn sound_fields(draft: &ProductionDraft) -> Option<&SoundDraft> {
    match draft.sound.as_ref()? {
        TextOr::Full(fields) => Some(fields),
        TextOr::Text(_) => None,
    }
}

/// Returns the place that asks for sound. `None`: nothing does, or it is turned off.
pub(super) fn sound_origin(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
) -> Option<FileSpan> {
    match &draft.sound {
        Some(TextOr::Text(word)) => match parse_switch(&word.value) {
            _ if word.is_placeholder => None,
            Some(true) => Some(word.origin),
            Some(false) => None,
            None => {
                let message = format!("{} is neither `on` nor `off`", quote_value(&word.value));
                let help = "write `sound: on`, `sound: off`, or fields such as `loudness`";
                report_value(context, word.origin, message, help.to_owned());
                None
            }
        },
        // Fields ask for sound even if none of them says so: nobody sets a loudness for silence.
        Some(TextOr::Full(fields)) => Some(
            fields_origin(fields)
                .or_else(|| asking_field(draft))
                .unwrap_or_default(),
        ),
        None => asking_field(draft),
    }
}

/// Returns the place of some field of `sound`. `None`: it is empty.
fn fields_origin(fields: &SoundDraft) -> Option<FileSpan> {
    let loudness = fields.loudness.as_ref().map(|value| value.origin);
    let language = fields.language.as_ref().map(|value| value.origin);
    let rate = fields.sample_rate.as_ref().map(|value| value.origin);
    let speech = fields.speech.as_ref().map(|value| value.origin);
    let font = fields.sound_font.as_ref().map(|value| value.origin);
    loudness.or(language).or(rate).or(speech).or(font)
}

/// Returns the place of the first field that asks for sound outside of `sound`.
fn asking_field(draft: &ProductionDraft) -> Option<FileSpan> {
    let characters = draft.characters.iter().flatten();
    let voice = |each: &CharacterDraft| {
        let is_full = matches!(each.voice, Some(TextOr::Full(_)));
        // Text alone does not: before there was speech, it described the voice for people.
        is_full.then(|| name_origin(each.name.as_ref()))
    };
    let place = |each: &LocationDraft| {
        let layers = each.ambience.iter().flatten();
        let is_asking = layers.into_iter().any(|layer| !is_off(layer)) || each.room.is_some();
        is_asking.then(|| name_origin(each.name.as_ref()))
    };
    let output = |each: &OutputDraft| {
        let is_asking = match &each.sound {
            Some(TextOr::Text(word)) => parse_switch(&word.value) != Some(false),
            Some(TextOr::Full(_)) => true,
            None => each.stems.is_some_and(|stems| stems.value),
        };
        is_asking.then(|| name_origin(each.name.as_ref().or(each.format.as_ref())))
    };
    let music = draft.music.iter().flatten().find(|cue| !is_off(cue));
    let music = music.map(|cue| match cue {
        TextOr::Text(text) => text.origin,
        TextOr::Full(cue) => name_origin(
            cue.mood
                .as_ref()
                .or(cue.file.as_ref())
                .or(cue.name.as_ref()),
        ),
    });
    let shots = match &draft.shots {
        Some(TextOr::Full(shots)) => shots.as_slice(),
        _ => &[],
    };
    let beats = draft.beats.iter().flatten();
    let speakers = beats.filter_map(|beat| match beat {
        TextOr::Full(beat) => beat.voice_over.as_ref().map(|words| words.origin),
        TextOr::Text(_) => None,
    });
    music
        .or_else(|| speakers.into_iter().next())
        .or_else(|| characters.into_iter().find_map(voice))
        .or_else(|| draft.locations.iter().flatten().find_map(place))
        .or_else(|| draft.defaults.iter().chain(shots).find_map(shot_asks))
        .or_else(|| draft.outputs.iter().flatten().find_map(output))
}

/// Returns the place of a shot that has lines or effects, in any take.
fn shot_asks(shot: &ShotDraft) -> Option<FileSpan> {
    let lines = shot.lines.iter().flatten().next().map(line_origin);
    let effects = shot.effects.iter().flatten().next();
    let effects = effects.map(|effect| match effect {
        TextOr::Text(text) => text.origin,
        TextOr::Full(effect) => name_origin(effect.name.as_ref().or(effect.file.as_ref())),
    });
    // A take that is not chosen asks for sound too. Otherwise a film would lose its sound with a
    // change of take.
    let in_takes = || {
        let takes = shot.takes.iter().flatten();
        takes.into_iter().find_map(|(_, take)| shot_asks(take))
    };
    lines.or(effects).or_else(in_takes)
}

/// Returns the place of a written line.
fn line_origin(line: &TextOr<LineDraft>) -> FileSpan {
    match line {
        TextOr::Text(text) => text.origin,
        TextOr::Full(line) => line.origin,
    }
}

fn name_origin(name: Option<&Spanned<String>>) -> FileSpan {
    name.map(|name| name.origin).unwrap_or_default()
}

/// Returns what a word of a switch says. `None`: it is another word.
pub(super) fn parse_switch(word: &str) -> Option<bool> {
    // YAML 1.2 reads `true` as a boolean and `on` as text, and people write both.
    match word.trim().to_ascii_lowercase().as_str() {
        "on" | "true" | "yes" => Some(true),
        "off" | "false" | "no" | "none" => Some(false),
        _ => None,
    }
}

/// Returns whether a value that may be text is the word `off`.
pub(super) fn is_off<T>(written: &TextOr<T>) -> bool {
    matches!(written, TextOr::Text(text) if parse_switch(&text.value) == Some(false))
}

/// Returns whether a list consists of the word `off`.
pub(super) fn is_all_off<T>(written: &OneOrMany<TextOr<T>>) -> bool {
    !written.is_empty() && written.iter().all(is_off)
}

/// Reports a value about sound that cannot be read.
pub(super) fn report_value(
    context: &mut ResolveContext<'_>,
    origin: FileSpan,
    message: String,
    help: String,
) {
    context.report_error("production::sound::bad_value", origin, message, Some(help));
}

/// Parses a loudness target: a name, or LUFS.
pub(super) fn parse_loudness(
    context: &mut ResolveContext<'_>,
    written: &RawScalar,
) -> Option<LoudnessTarget> {
    if written.is_placeholder {
        return None;
    }
    let text = written.value.trim().to_ascii_lowercase();
    if let Some(target) = LoudnessTarget::by_name(&text) {
        return Some(target);
    }
    // As broadcasters write it: `-23 LUFS`.
    let number = text.strip_suffix("lufs").unwrap_or(&text).trim();
    if let Ok(lufs) = number.parse::<f32>() {
        let lufs = Spanned::new(lufs, written.origin);
        let lufs = sound_numbers::LOUDNESS.resolve(context, "loudness", Some(&lufs))?;
        return Some(LoudnessTarget {
            lufs,
            true_peak: DEFAULT_TRUE_PEAK,
            name: None,
        });
    }
    let names: Vec<&str> = LOUDNESS_NAMES.iter().map(|(name, _)| *name).collect();
    let message = format!("{} is no loudness", quote_value(&written.value));
    let near = context
        .allowance
        .search(|| did_you_mean(&text, names.iter().copied()));
    let help = near.unwrap_or_else(|| format!("write {} or LUFS such as `-16`", names.join(", ")));
    report_value(context, written.origin, message, help);
    None
}

/// Returns a language tag. `None`: unset or reported.
pub(super) fn resolve_language(
    context: &mut ResolveContext<'_>,
    written: Option<&Spanned<String>>,
) -> Option<String> {
    let written = written.filter(|written| !written.is_placeholder)?;
    let text = written.value.trim();
    // A name goes first: `german` would pass as a tag of a language that nobody speaks.
    let tag = named_language(text).unwrap_or(text);
    if !is_language_tag(tag) {
        let message = format!("{} is no language", quote_value(&written.value));
        let lower = text.to_lowercase();
        let near = context.allowance.search(|| {
            let names = NAMED_LANGUAGES.map(|(_, name)| name.to_lowercase());
            did_you_mean(&lower, names.iter().map(String::as_str))
        });
        let help = near.unwrap_or_else(|| {
            "write a tag of BCP 47, such as `en`, `de-CH` or `zh-Hant`, or the English name of the \
             language"
                .to_owned()
        });
        report_value(context, written.origin, message, help);
        return None;
    }
    // A warning: characters with a voice of another provider may speak it.
    if espeak_language(tag).is_none() {
        let message = format!("no scratch voice speaks {}", quote_value(tag));
        let found = crate::base::Diagnostic::warning(
            "production::sound::unspoken_language",
            written.origin,
            message,
        );
        let help = "characters without a voice speak English; give each a `voice` of a provider \
                    that knows the language";
        context
            .diagnostics
            .push(found.with_label("unknown to `espeak-ng`").with_help(help));
    }
    Some(tag.to_owned())
}

fn resolve_sample_rate(context: &mut ResolveContext<'_>, own: &SoundDraft) -> u32 {
    let Some(written) = own.sample_rate.filter(|rate| !rate.is_placeholder) else {
        return DEFAULT_SAMPLE_RATE;
    };
    // Codecs of films take these. At another rate the sound would be resampled once more on its
    // way.
    if SAMPLE_RATES.contains(&written.value) {
        return written.value;
    }
    let message = format!("{} is no sample rate of a mix", written.value);
    let help = "write 44100, 48000 or 96000".to_owned();
    report_value(context, written.origin, message, help);
    DEFAULT_SAMPLE_RATE
}

fn resolve_ducking(
    context: &mut ResolveContext<'_>,
    written: Option<&TextOr<DuckingDraft>>,
) -> DuckingCurve {
    let usual = DuckingCurve::default();
    let own = match written {
        // Without a word music gives way: speech that nobody understands is the worse mistake.
        None => return usual,
        Some(TextOr::Full(own)) => own,
        Some(TextOr::Text(word)) => {
            return match parse_switch(&word.value) {
                Some(false) => DuckingCurve::OFF,
                Some(true) => usual,
                None if word.is_placeholder => usual,
                None => {
                    let message = format!("{} is neither `on` nor `off`", quote_value(&word.value));
                    let help = "write `off`, or fields such as `depth: 6`".to_owned();
                    report_value(context, word.origin, message, help);
                    usual
                }
            };
        }
    };
    let mut seconds = |field, value: &Option<Spanned<f32>>, usual| {
        let value = sound_numbers::SECONDS.resolve(context, field, value.as_ref());
        value.unwrap_or(usual)
    };
    let attack = seconds("attack", &own.attack, usual.attack);
    let hold = seconds("hold", &own.hold, usual.hold);
    let release = seconds("release", &own.release, usual.release);
    let depth = sound_numbers::DEPTH.resolve(context, "depth", own.depth.as_ref());
    DuckingCurve {
        depth: depth.unwrap_or(usual.depth),
        attack,
        hold,
        release,
    }
}

//! Explicit sound: settings, voices, lines, effects, ambience and music with all their values.

use super::{DEFAULT_ORIGIN, DERIVED_ORIGIN, SILENCE_ORIGIN, to_scalar, with_origin};
use crate::base::{FileSpan, Spanned};
use crate::document::draft::{LocationDraft, OutputDraft, ProductionDraft, ShotDraft};
use crate::document::sound_draft::{
    AmbienceDraft, DuckingDraft, EffectDraft, MusicDraft, OutputSoundCodec, OutputSoundDraft,
    SoundDraft, VoiceDraft,
};
use crate::document::{LineDraft, OneOrMany, OrderedMap, RawScalar, TextOr};
use crate::model::Production;
use crate::model::production::{Output, Shot};
use crate::model::sound::{
    EffectSource, LineDelivery, LocationSound, LoudnessTarget, MusicCue, MusicSource, ShotLine,
    SoundCodec, SoundSettings, Voice,
};
use crate::resolve::context::ResolveContext;
use crate::resolve::lines::LineDrafts;
use crate::resolve::sound::{SpeechFacts, sound_fields};
use crate::resolve::voices::{VoiceTable, voice_origin};

/// Returns the sound of the production with all values, or `off` if `--no-sound` silenced it.
pub(super) fn explicit_sound(
    draft: &ProductionDraft,
    production: &Production,
) -> Option<TextOr<SoundDraft>> {
    let Some(sound) = &production.sound else {
        // `music` and lines would turn it on again.
        let off = Spanned::new("off".to_owned(), SILENCE_ORIGIN);
        return match production.silence {
            Some(_) => Some(TextOr::Text(RawScalar(off))),
            None => draft.sound.clone(),
        };
    };
    let empty = SoundDraft::default();
    let own = sound_fields(draft).unwrap_or(&empty);
    let place = |text: Option<&RawScalar>| text.map_or(DEFAULT_ORIGIN, |text| text.origin);
    let ducking = match &own.ducking {
        Some(TextOr::Full(own)) => own.clone(),
        _ => DuckingDraft::default(),
    };
    Some(TextOr::Full(SoundDraft {
        loudness: Some(loudness_scalar(
            &sound.loudness,
            place(own.loudness.as_ref()),
        )),
        true_peak: with_origin(&own.true_peak, sound.loudness.true_peak),
        language: with_origin(&own.language, sound.language.clone()),
        sample_rate: with_origin(&own.sample_rate, sound.sample_rate),
        music: Some(explicit_music(sound, production)),
        ducking: Some(TextOr::Full(DuckingDraft {
            depth: with_origin(&ducking.depth, sound.ducking.depth),
            attack: with_origin(&ducking.attack, sound.ducking.attack),
            hold: with_origin(&ducking.hold, sound.ducking.hold),
            release: with_origin(&ducking.release, sound.ducking.release),
        })),
        footsteps: with_origin(&own.footsteps, sound.footsteps),
        sound_font: sound
            .sound_font
            .as_ref()
            .and_then(|font| word(font.path.display().to_string(), font.origin)),
        ..own.clone()
    }))
}

fn loudness_scalar(loudness: &LoudnessTarget, origin: FileSpan) -> RawScalar {
    match &loudness.name {
        Some(name) => to_scalar(name, origin),
        None => to_scalar(loudness.lufs, origin),
    }
}

fn word(text: impl Into<String>, origin: FileSpan) -> Option<Spanned<String>> {
    Some(Spanned::new(text.into(), origin))
}

fn explicit_music(sound: &SoundSettings, production: &Production) -> OneOrMany<TextOr<MusicDraft>> {
    // Without the word, the same document would have music in its mood.
    if sound.music.is_empty() {
        let off = RawScalar(Spanned::new("off".to_owned(), DERIVED_ORIGIN));
        return OneOrMany(vec![TextOr::Text(off)]);
    }
    let cues = sound.music.iter();
    OneOrMany(
        cues.map(|cue| TextOr::Full(explicit_cue(cue, production)))
            .collect(),
    )
}

fn explicit_cue(cue: &MusicCue, production: &Production) -> MusicDraft {
    let origin = cue.name.origin;
    let shot = |index: usize| {
        let shot = production.shots.get(index)?;
        word(shot.name.value.clone(), DERIVED_ORIGIN)
    };
    let number = |value: f32| Some(Spanned::new(value, DEFAULT_ORIGIN));
    let base = MusicDraft {
        name: Some(cue.name.clone()),
        from: shot(cue.first_shot),
        to: shot(cue.last_shot),
        gain: number(cue.gain),
        fade_in: number(cue.fade_in),
        fade_out: number(cue.fade_out),
        ..MusicDraft::default()
    };
    match &cue.source {
        MusicSource::Composed { mood, seed } => MusicDraft {
            mood: Some(mood.clone()),
            seed: u32::try_from(*seed)
                .ok()
                .map(|seed| Spanned::new(seed, DEFAULT_ORIGIN)),
            ..base
        },
        MusicSource::File {
            file,
            repeat,
            on_beat,
            skip,
        } => MusicDraft {
            file: word(file.path.display().to_string(), file.origin),
            repeat: Some(Spanned::new(*repeat, origin)),
            on_beat: Some(Spanned::new(*on_beat, origin)),
            skip: number(skip.value),
            ..base
        },
    }
}

/// Returns the voice of every character. Empty: the production is silent.
pub(super) fn explicit_voices(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    production: &Production,
) -> Vec<VoiceDraft> {
    let Some(sound) = &production.sound else {
        return Vec::new();
    };
    let empty = SoundDraft::default();
    let own = sound_fields(draft).unwrap_or(&empty);
    // As the document means it, whether or not a murmur stands in on this machine.
    let facts = SpeechFacts {
        has_espeak_ng: true,
        ..SpeechFacts::default()
    };
    let table = VoiceTable::resolve(context, draft, own, &sound.language, &facts);
    let named = draft.characters.iter().flatten();
    // Counted as `VoiceTable` counts them.
    let named = named.into_iter().filter(|each| each.name.is_some());
    named
        .enumerate()
        .map(|(index, each)| {
            let voice = table.speaker_voice(Some(index), false, "");
            let written = each.voice.as_ref().and_then(voice_origin);
            explicit_voice(&voice.voice, written.unwrap_or(DERIVED_ORIGIN))
        })
        .collect()
}

fn explicit_voice(voice: &Voice, origin: FileSpan) -> VoiceDraft {
    let is_named = !voice.name.is_empty();
    VoiceDraft {
        provider: word(voice.engine.name(), origin),
        // The name of a murmur that nobody chose is no name of a voice.
        voice: word(voice.name.clone(), origin).filter(|_| is_named),
        language: word(voice.language.clone(), origin),
        rate: Some(Spanned::new(voice.words_per_minute, origin)),
        pitch: Some(Spanned::new(voice.pitch, origin)),
        gain: Some(Spanned::new(voice.gain, origin)),
    }
}

/// Returns the lines of a shot, each with who, when and how.
pub(super) fn explicit_lines(
    own: &ShotDraft,
    shot: &Shot,
    sound: Option<&SoundSettings>,
) -> Option<LineDrafts> {
    let Some(sound) = sound else {
        return own.lines.clone();
    };
    let lines = shot.lines.iter();
    let drafts: Vec<_> = lines
        .map(|line| TextOr::Full(explicit_line(line, sound.sample_rate)))
        .collect();
    (!drafts.is_empty()).then_some(OneOrMany(drafts))
}

fn explicit_line(line: &ShotLine, sample_rate: u32) -> LineDraft {
    let field = |key: &str, value: RawScalar| (Spanned::new(key.to_owned(), value.origin), value);
    let derived = |text: String| to_scalar(text, DERIVED_ORIGIN);
    // The moment and not a pause: what comes before differs in length where another voice speaks.
    let seconds = line.start as f64 / f64::from(sample_rate);
    let texts = vec![
        field("who", RawScalar(line.speaker.clone())),
        field("text", RawScalar(line.text.clone())),
        field("at", derived(format!("{seconds}s"))),
    ];
    let switch = |delivery: LineDelivery| {
        (line.delivery == delivery).then(|| Spanned::new(true, DERIVED_ORIGIN))
    };
    LineDraft {
        texts: OrderedMap(texts),
        voice_over: switch(LineDelivery::VoiceOver),
        off_screen: switch(LineDelivery::OffScreen),
        together: None,
        gain: (line.gain != 0.0).then(|| Spanned::new(line.gain, DERIVED_ORIGIN)),
        origin: DERIVED_ORIGIN,
    }
}

/// Returns the effects of a shot, each with its frame, gain and place.
pub(super) fn explicit_effects(
    own: &ShotDraft,
    shot: &Shot,
    sound: Option<&SoundSettings>,
) -> Option<OneOrMany<TextOr<EffectDraft>>> {
    if sound.is_none() {
        return own.effects.clone();
    }
    let drafts: Vec<_> = shot
        .effects
        .iter()
        .map(|effect| {
            let (name, file) = source_fields(&effect.source);
            TextOr::Full(EffectDraft {
                name,
                file,
                at: Some(to_scalar(effect.frame, effect.origin)),
                gain: Some(Spanned::new(effect.gain, effect.origin)),
                pan: effect.pan.map(|pan| Spanned::new(pan, effect.origin)),
            })
        })
        .collect();
    (!drafts.is_empty()).then_some(OneOrMany(drafts))
}

/// Returns the layers of an ambience, or `off`.
pub(super) fn explicit_ambience(
    own: &LocationDraft,
    base: &LocationDraft,
    sound: &LocationSound,
    has_sound: bool,
) -> Option<OneOrMany<TextOr<AmbienceDraft>>> {
    if !has_sound {
        return own.ambience.clone();
    }
    if sound.ambience.is_empty() {
        let is_written = own.ambience.is_some() || base.ambience.is_some();
        let origin = if is_written {
            DERIVED_ORIGIN
        } else {
            DEFAULT_ORIGIN
        };
        let off = RawScalar(Spanned::new("off".to_owned(), origin));
        return Some(OneOrMany(vec![TextOr::Text(off)]));
    }
    let layers = sound.ambience.iter().map(|layer| {
        let (name, file) = source_fields(&layer.source);
        TextOr::Full(AmbienceDraft {
            name,
            file,
            gain: Some(Spanned::new(layer.gain, DEFAULT_ORIGIN)),
        })
    });
    Some(OneOrMany(layers.collect()))
}

/// Returns `name` and `file` of the sound.
fn source_fields(source: &EffectSource) -> (Option<Spanned<String>>, Option<Spanned<String>>) {
    match source {
        EffectSource::Named(name) => (Some(name.clone()), None),
        EffectSource::File(file) => (None, word(file.path.display().to_string(), file.origin)),
    }
}

/// Returns the sound of an output, or `off`.
pub(super) fn explicit_output_sound(
    own: &OutputDraft,
    output: &Output,
    production: &Production,
) -> Option<TextOr<OutputSoundDraft>> {
    production.sound.as_ref()?;
    let Some(sound) = &output.sound else {
        let off = RawScalar(Spanned::new("off".to_owned(), DERIVED_ORIGIN));
        return Some(TextOr::Text(off));
    };
    let origin = match &own.sound {
        Some(TextOr::Text(word)) => word.origin,
        _ => DEFAULT_ORIGIN,
    };
    let codec = match sound.codec {
        Some(SoundCodec::Aac) => OutputSoundCodec::Aac,
        Some(SoundCodec::Pcm) => OutputSoundCodec::Pcm,
        Some(SoundCodec::Opus) => OutputSoundCodec::Opus,
        Some(SoundCodec::Flac) => OutputSoundCodec::Flac,
        None => OutputSoundCodec::Off,
    };
    Some(TextOr::Full(OutputSoundDraft {
        codec: Some(Spanned::new(codec, origin)),
        bit_rate: sound.bit_rate.map(|rate| to_scalar(rate, origin)),
        stems: Some(Spanned::new(sound.stems, origin)),
        wav: Some(Spanned::new(sound.wav, origin)),
        loudness: sound
            .loudness
            .as_ref()
            .map(|loudness| loudness_scalar(loudness, origin)),
    }))
}

//! Resolves the sound of an output: the codec within a film, and what is delivered beside it.

use super::context::ResolveContext;
use super::output_encoding::parse_bit_rate;
use super::sound::{parse_loudness, parse_switch, report_value};
use super::sound_numbers;
use super::unused_fields::report_unused;
use crate::base::{FileSpan, Spanned};
use crate::document::TextOr;
use crate::document::draft::OutputDraft;
use crate::document::quote::quote_value;
use crate::document::sound_draft::{OutputSoundCodec, OutputSoundDraft, RetroSoundDraft};
use crate::model::OutputFormat;
use crate::model::sound::{OutputSound, RetroSound, SoundCodec};

/// Bits a second that sound with loss may have.
const BIT_RATES: std::ops::RangeInclusive<u64> = 16_000..=1_000_000;

/// What an output asks of its sound.
struct SoundRequest {
    /// The codec. `None`: the usual one, where the container has any.
    codec: Option<Spanned<OutputSoundCodec>>,
    /// Where the document asks for the sound. `None`: it is the default.
    requested_at: Option<FileSpan>,
    wav: bool,
    stems: bool,
    is_off: bool,
}

/// Returns the sound of an output whose production has any. `None`: the output is silent.
pub(super) fn resolve_output_sound(
    context: &mut ResolveContext<'_>,
    merged: &OutputDraft,
    format: &OutputFormat,
    console: Option<&RetroSoundDraft>,
) -> Option<OutputSound> {
    let none = OutputSoundDraft::default();
    let fields = match &merged.sound {
        Some(TextOr::Full(fields)) => fields,
        _ => &none,
    };
    let request = read_request(context, merged, fields);
    // Before the codec is looked at: with `off`, a codec that does not fit is no mistake.
    if request.is_off {
        return None;
    }
    report_unused_fields(context, fields, format, &request);
    let carried = SoundCodec::carried_by(format);
    let chosen = match request
        .codec
        .map(|written| (written, written.value.codec()))
    {
        Some((_, None)) => None,
        Some((written, Some(wanted))) if !carried.contains(&wanted) => {
            report_unfit(context, written.origin, format, wanted.name());
            None
        }
        Some((_, wanted)) => wanted,
        // The first of the table is the usual one of the container.
        None => carried.first().copied(),
    };
    // Only where the document asks: a production with sound may deliver pictures, and needs no word
    // for it.
    if let Some(origin) = request.requested_at
        && carried.is_empty()
        && request.codec.is_none()
        && !request.wav
        && !request.stems
    {
        report_unfit(context, origin, format, "sound");
    }
    if chosen.is_none() && !request.wav && !request.stems {
        return None;
    }
    Some(OutputSound {
        codec: chosen,
        bit_rate: resolve_bit_rate(context, fields, chosen),
        stems: request.stems,
        wav: request.wav,
        loudness: fields
            .loudness
            .as_ref()
            .and_then(|written| parse_loudness(context, written)),
        retro: console.and_then(|console| resolve_retro_sound(context, console)),
    })
}

fn read_request(
    context: &mut ResolveContext<'_>,
    merged: &OutputDraft,
    fields: &OutputSoundDraft,
) -> SoundRequest {
    let is_set = |value: Option<Spanned<bool>>| value.is_some_and(|value| value.value);
    let codec = fields.codec.filter(|codec| !codec.is_placeholder);
    let is_wav = codec.is_some_and(|codec| codec.value == OutputSoundCodec::Wav);
    let mut request = SoundRequest {
        // As the text `sound: wav`: a file beside the output, and no codec within it.
        codec: codec.filter(|_| !is_wav),
        requested_at: None,
        wav: is_set(fields.wav) || is_wav,
        stems: is_set(fields.stems) || is_set(merged.stems),
        is_off: false,
    };
    if let Some(TextOr::Text(word)) = &merged.sound
        && !word.is_placeholder
    {
        let text = word.value.trim().to_ascii_lowercase();
        match (parse_switch(&text), named_codec(&text)) {
            (Some(true), _) => request.requested_at = Some(word.origin),
            // `off` with stems is a film without sound that is delivered with its stems.
            (Some(false), _) if request.stems => {
                request.codec = Some(Spanned::new(OutputSoundCodec::Off, word.origin));
            }
            (Some(false), _) => request.is_off = true,
            (None, Some(codec)) => request.codec = Some(Spanned::new(codec, word.origin)),
            (None, None) if text == "wav" => request.wav = true,
            (None, None) => {
                let message = format!("{} is no sound of an output", quote_value(&word.value));
                let help = "write `aac`, `pcm`, `opus`, `flac`, `wav`, `on`, `off`, or fields such \
                            as `stems: true`";
                report_value(context, word.origin, message, help.to_owned());
            }
        }
    }
    request
}

/// Reports the fields of a sound that is not encoded within the output, or not made at all.
fn report_unused_fields(
    context: &mut ResolveContext<'_>,
    fields: &OutputSoundDraft,
    format: &OutputFormat,
    request: &SoundRequest,
) {
    let chosen = request.codec.map(|written| written.value);
    let is_left_out = chosen == Some(OutputSoundCodec::Off);
    // A codec that the container does not carry is an error of its own.
    let is_encoded = match chosen {
        Some(_) => !is_left_out,
        None => !SoundCodec::carried_by(format).is_empty(),
    };
    if is_encoded {
        return;
    }
    let why = if is_left_out {
        "beside `codec: off`"
    } else {
        "where pictures are written"
    };
    if let Some(rate) = fields.bit_rate.as_ref().filter(|rate| !rate.is_placeholder) {
        let help = "WAV files have no bit rate: remove it, or choose `aac` or `opus` for a film";
        report_unused(context, "bit_rate", rate.origin, why, help);
    }
    if let Some(loudness) = &fields.loudness
        && !request.wav
        && !request.stems
    {
        let help = "nothing is heard: remove it, or add `wav: true`";
        report_unused(context, "loudness", loudness.origin, why, help);
    }
}

fn named_codec(word: &str) -> Option<OutputSoundCodec> {
    let codecs = [
        OutputSoundCodec::Aac,
        OutputSoundCodec::Pcm,
        OutputSoundCodec::Opus,
        OutputSoundCodec::Flac,
    ];
    let is_named = |codec: &OutputSoundCodec| codec.codec().map(SoundCodec::name) == Some(word);
    codecs.into_iter().find(is_named)
}

fn report_unfit(
    context: &mut ResolveContext<'_>,
    origin: FileSpan,
    format: &OutputFormat,
    wanted: &str,
) {
    let carried = SoundCodec::carried_by(format);
    let codec = format.codec;
    let (message, help) = if carried.is_empty() {
        (
            format!(
                "`{}` is written as pictures, which carry no sound",
                codec.id()
            ),
            "write `sound: {wav: true}` for a WAV file beside them".to_owned(),
        )
    } else {
        let names: Vec<String> = carried
            .iter()
            .map(|each| format!("`{}`", each.name()))
            .collect();
        (
            format!(
                "`{}` in `{}` carries no `{wanted}`",
                codec.id(),
                format.extension()
            ),
            format!("write {}", names.join(" or ")),
        )
    };
    context.report_error(
        "production::sound::unfit_output",
        origin,
        message,
        Some(help),
    );
}

fn resolve_bit_rate(
    context: &mut ResolveContext<'_>,
    fields: &OutputSoundDraft,
    codec: Option<SoundCodec>,
) -> Option<u64> {
    let written = fields
        .bit_rate
        .as_ref()
        .filter(|rate| !rate.is_placeholder)?;
    if let Some(codec) = codec.filter(|codec| !codec.takes_bit_rate()) {
        let message = format!("`{}` has no `bit_rate`", codec.name());
        let help = "it is without loss; remove `bit_rate`, or choose `aac` or `opus`".to_owned();
        report_value(context, written.origin, message, help);
        return None;
    }
    let rate = parse_bit_rate(&written.value).filter(|rate| BIT_RATES.contains(rate));
    if rate.is_none() {
        let message = format!("{} is no bit rate of sound", quote_value(&written.value));
        let help = "write 16k to 1M, such as `192k`".to_owned();
        report_value(context, written.origin, message, help);
    }
    rate
}

fn resolve_retro_sound(
    context: &mut ResolveContext<'_>,
    console: &RetroSoundDraft,
) -> Option<RetroSound> {
    let rate = console.sample_rate.as_ref();
    let rate = sound_numbers::CONSOLE_RATE.resolve(context, "sample_rate", rate);
    let bits = sound_numbers::CONSOLE_BITS.resolve(context, "bits", console.bits.as_ref());
    // A console without either changes only the picture.
    (rate.is_some() || bits.is_some()).then(|| RetroSound {
        sample_rate: rate.unwrap_or(32_000),
        bits: bits.unwrap_or(8),
    })
}

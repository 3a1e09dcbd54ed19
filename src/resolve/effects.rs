//! Resolves effects of shots and ambiences of locations: names of the table, or files.

use super::cast::asset_from_path;
use super::context::ResolveContext;
use super::sound::{is_all_off, parse_switch, report_value};
use super::sound_numbers;
use super::unused_fields::report_unused;
use super::value_parsers::parse_moment;
use crate::base::suggestions::did_you_mean;
use crate::base::{FileSpan, Spanned};
use crate::document::draft::LocationDraft;
use crate::document::quote::quote_value;
use crate::document::sound_draft::{AmbienceDraft, EffectDraft};
use crate::document::{OneOrMany, TextOr};
use crate::model::FrameRate;
use crate::model::sound::{
    AMBIENCE_NAMES, AmbienceLayer, EFFECT_NAMES, EffectSource, LocationSound, NamedSound,
    ShotEffect,
};

/// Extensions of sound files, also of kinds that cannot be read, so that a file of one is not taken
/// for a misspelt name.
const SOUND_EXTENSIONS: [&str; 14] = [
    "wav", "wave", "aif", "aiff", "aifc", "flac", "ogg", "oga", "mp3", "m4a", "mp4", "aac", "opus",
    "wma",
];

/// Returns whether a text names a sound file, and no sound by name.
pub(super) fn is_sound_file(text: &str) -> bool {
    let extension = text.rsplit_once('.').map(|(_, extension)| extension);
    let is_known = |extension: &str| {
        let known = SOUND_EXTENSIONS.iter();
        known
            .into_iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
    };
    // No sound of the table has a slash in its name.
    text.contains(['/', '\\']) || extension.is_some_and(is_known)
}

/// Returns the effects of a shot.
pub(super) fn resolve_effects(
    context: &mut ResolveContext<'_>,
    written: Option<&OneOrMany<TextOr<EffectDraft>>>,
    rate: FrameRate,
) -> Vec<ShotEffect> {
    let drafts = written.into_iter().flatten();
    drafts
        .filter_map(|draft| resolve_effect(context, draft, rate))
        .collect()
}

fn resolve_effect(
    context: &mut ResolveContext<'_>,
    draft: &TextOr<EffectDraft>,
    rate: FrameRate,
) -> Option<ShotEffect> {
    let own = match draft {
        TextOr::Text(text) if text.is_placeholder => return None,
        TextOr::Text(text) => EffectDraft {
            name: Some(text.0.clone()),
            ..EffectDraft::default()
        },
        TextOr::Full(own) => own.clone(),
    };
    let written = SourceFields {
        name: own.name.as_ref(),
        file: own.file.as_ref(),
        noun: "effect",
        known: &EFFECT_NAMES,
        code: "production::sound::unknown_effect",
        fallback: own.at.as_ref().map(|at| at.origin),
    };
    let origin = written.origin();
    let source = written.resolve(context)?;
    let at = own.at.as_ref().and_then(|at| parse_moment(context, at));
    Some(ShotEffect {
        source,
        // Without a moment, it begins with its shot.
        frame: at.map_or(0, |moment| moment.frame(rate)),
        start_origin: own.at.as_ref().map(|at| at.origin),
        gain: sound_numbers::GAIN
            .resolve(context, "gain", own.gain.as_ref())
            .unwrap_or(0.0),
        pan: sound_numbers::PAN.resolve(context, "pan", own.pan.as_ref()),
        origin,
    })
}

/// Returns the sound of a location: its own, else its preset's, else the production's.
pub(super) fn resolve_location_sound(
    context: &mut ResolveContext<'_>,
    own: &LocationDraft,
    base: &LocationDraft,
    usual: Option<&OneOrMany<TextOr<AmbienceDraft>>>,
) -> LocationSound {
    let room = own.room.or(base.room).map(|room| room.value);
    // `ambience: off` of the production is for all places, also for those with a preset.
    let is_off = usual.is_some_and(is_all_off);
    let preset = base.ambience.as_ref().filter(|_| !is_off);
    let written = own.ambience.as_ref().or(preset).or(usual);
    LocationSound {
        ambience: resolve_ambience(context, written),
        room: room.unwrap_or_default(),
    }
}

fn resolve_ambience(
    context: &mut ResolveContext<'_>,
    written: Option<&OneOrMany<TextOr<AmbienceDraft>>>,
) -> Vec<AmbienceLayer> {
    let drafts = written.into_iter().flatten();
    drafts
        .filter_map(|draft| resolve_layer(context, draft))
        .collect()
}

fn resolve_layer(
    context: &mut ResolveContext<'_>,
    draft: &TextOr<AmbienceDraft>,
) -> Option<AmbienceLayer> {
    let own = match draft {
        TextOr::Text(text) if text.is_placeholder || parse_switch(&text.value) == Some(false) => {
            return None;
        }
        TextOr::Text(text) => AmbienceDraft {
            name: Some(text.0.clone()),
            ..AmbienceDraft::default()
        },
        TextOr::Full(own) => own.clone(),
    };
    let written = SourceFields {
        name: own.name.as_ref(),
        file: own.file.as_ref(),
        noun: "ambience",
        known: &AMBIENCE_NAMES,
        code: "production::sound::unknown_ambience",
        fallback: own.gain.as_ref().map(|gain| gain.origin),
    };
    let source = written.resolve(context)?;
    let gain = sound_numbers::GAIN.resolve(context, "gain", own.gain.as_ref());
    Some(AmbienceLayer {
        source,
        gain: gain.unwrap_or(0.0),
    })
}

/// The fields that name the sound.
struct SourceFields<'a> {
    name: Option<&'a Spanned<String>>,
    file: Option<&'a Spanned<String>>,
    noun: &'static str,
    known: &'static [NamedSound],
    code: &'static str,
    /// Place of another field, for a finding about both that are missing.
    fallback: Option<FileSpan>,
}

impl SourceFields<'_> {
    fn origin(&self) -> FileSpan {
        let written = self.file.or(self.name).map(|text| text.origin);
        written.or(self.fallback).unwrap_or_default()
    }

    /// Returns the sound. `None`: it is unknown or unset, and reported.
    fn resolve(&self, context: &mut ResolveContext<'_>) -> Option<EffectSource> {
        if let Some(file) = self.file {
            if let Some(name) = self.name.filter(|name| !name.is_placeholder) {
                let help = "the file is heard: remove `name` or `file`";
                report_unused(context, "name", name.origin, "beside `file`", help);
            }
            return asset_from_path(file).map(EffectSource::File);
        }
        let Some(name) = self.name else {
            let message = format!("an {} without a name", self.noun);
            let help = "add `name` or `file`".to_owned();
            report_value(context, self.origin(), message, help);
            return None;
        };
        // What a placeholder is in place of was reported before.
        if name.is_placeholder {
            return None;
        }
        let text = name.value.trim();
        if is_sound_file(text) {
            return asset_from_path(name).map(EffectSource::File);
        }
        if let Some(known) = self.known.iter().find(|known| known.name == text) {
            let name = Spanned::new(known.name.to_owned(), name.origin);
            return Some(EffectSource::Named(name));
        }
        let names: Vec<&str> = self.known.iter().map(|known| known.name).collect();
        let near = context
            .allowance
            .search(|| did_you_mean(text, names.iter().copied()));
        let help =
            near.unwrap_or_else(|| format!("known are {}, or a sound file", names.join(", ")));
        let message = format!("unknown {} {}", self.noun, quote_value(&name.value));
        context.report_error(self.code, name.origin, message, Some(help));
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_or_an_extension_makes_a_file() {
        for file in ["door.wav", "sounds/door", "DOOR.FLAC", "a\\b", "x.opus"] {
            assert!(is_sound_file(file), "{file}");
        }
        for name in ["door_close", "sea", "st.john", ""] {
            assert!(!is_sound_file(name), "{name}");
        }
    }
}

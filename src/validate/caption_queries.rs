//! Queries on captions that several rules share.

use crate::base::FileSpan;
use crate::model::Production;
use crate::model::captions::{effect_label, music_label, sound_text};

/// Captions that something asks for.
pub(super) struct WantedCaptions<'a> {
    /// Their language.
    pub(super) language: &'a str,
    /// The place that asks for them.
    pub(super) origin: FileSpan,
}

/// Returns all captions that texts and films ask for, in order.
pub(super) fn wanted_captions(production: &Production) -> Vec<WantedCaptions<'_>> {
    let exports = production.exports.iter();
    let texts = exports
        .filter(|export| export.kind.is_captions())
        .map(|export| WantedCaptions {
            language: export
                .language
                .as_ref()
                .map_or(production.captions.language.as_str(), |language| {
                    language.value.as_str()
                }),
            origin: export
                .language
                .as_ref()
                .map_or(export.name.origin, |language| language.origin),
        });
    let films = production
        .distinct_outputs()
        .flat_map(|output| output.captions.languages());
    let films = films.map(|language| WantedCaptions {
        language: &language.value,
        origin: language.origin,
    });
    texts.chain(films).collect()
}

/// A sound that captions name.
pub(super) struct CaptionedSound {
    /// What is shown for it, which is its name in a table: `[door slams]`.
    pub(super) name: String,
    /// The place of the effect or the music.
    pub(super) origin: FileSpan,
}

/// Returns the sounds that captions name, each once. Empty: they name none.
pub(super) fn named_sounds(production: &Production) -> Vec<CaptionedSound> {
    if !production.captions.sounds {
        return Vec::new();
    }
    let effects = production.shots.iter().flat_map(|shot| &shot.effects);
    let effects = effects.map(|effect| (effect_label(&effect.source), effect.origin));
    let music = production.sound.iter().flat_map(|sound| &sound.music);
    let music = music.map(|cue| (music_label(&cue.source), cue.name.origin));
    let mut sounds: Vec<CaptionedSound> = Vec::new();
    for (label, origin) in effects.chain(music) {
        let name = sound_text(&label);
        if !label.is_empty() && sounds.iter().all(|known| known.name != name) {
            sounds.push(CaptionedSound { name, origin });
        }
    }
    sounds
}

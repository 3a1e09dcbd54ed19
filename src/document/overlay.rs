//! Overlays: an entry over another of its kind. Unset fields are taken from the one below.
//!
//! Presets, `defaults:` and `extends:` all work this way. Owns what merges (maps, named lists) and
//! what replaces (all else), and the single list of each entry's fields, which the compiler keeps
//! complete. Does not know where entries come from.

use super::beat_draft::{AdDraft, BeatUseDraft};
use super::captions_draft::{CaptionsDraft, OutputCaptionsDraft};
use super::draft::{
    BudgetDraft, CharacterDraft, CostumeDraft, DropDraft, EnvironmentDraft, FootageDraft,
    GradeDraft, GroundDraft, HazeDraft, KeyDraft, LimitsDraft, LocationDraft, ModelCameraDraft,
    MoveDraft, OutputDraft, PerformerDraft, ProductionDraft, PropDraft, PropUseDraft, RenderDraft,
    RetroDraft, ShotDraft, StyleDraft, VariableDraft, WorkersDraft,
};
use super::edit_draft::{EditDraft, TransitionDraft};
use super::field_types::{NamedList, OneOrMany, OrderedMap, RawScalar, ScalarOrList};
use super::graphics_draft::{GraphicDraft, GraphicPointDraft, GraphicValueDraft};
use super::sound_draft::{
    AmbienceDraft, DuckingDraft, EffectDraft, MusicDraft, OutputSoundDraft, RetroSoundDraft,
    SoundDraft, SpeechProviderDraft, VoiceDraft,
};
use super::sprite_draft::{SpriteClipDraft, SpritesDraft, TilesDraft};
use super::text_or::TextOr;
use super::titles_draft::{
    BurnInDraft, CreditSectionDraft, CreditsDraft, TitleDraft, TitleMotionDraft, WatermarkDraft,
};
use super::value_tree::{ToValueTree, ValueTree};
use crate::base::Spanned;
use std::collections::HashMap;

/// A value that can be laid over another of its kind.
pub trait OverlayFields: Sized {
    /// Returns this value over `base`: what is unset here is taken from `base`.
    #[must_use]
    fn overlay_on(self, base: Self) -> Self;
}

/// An entry that other parts of a document refer to by name.
pub trait NamedEntry {
    /// Returns the name. None if it has none.
    fn name(&self) -> Option<&Spanned<String>>;
}

impl<T: OverlayFields> OverlayFields for Option<T> {
    fn overlay_on(self, base: Self) -> Self {
        match (self, base) {
            (Some(own), Some(base)) => Some(own.overlay_on(base)),
            (own, base) => own.or(base),
        }
    }
}

macro_rules! whole {
    ($([$($generic:ident)?] $type:ty),* $(,)?) => {$(
        impl<$($generic)?> OverlayFields for $type {
            fn overlay_on(self, _: Self) -> Self {
                self
            }
        }
    )*};
}

whole! {
    [T] Spanned<T>,
    [T] Vec<T>,
    [T] OneOrMany<T>,
    [] RawScalar,
    [] ScalarOrList,
    // The start and the rate of one film mean nothing for another.
    [] TextOr<FootageDraft>,
    // The length of one motion means nothing for another.
    [] TextOr<TitleMotionDraft>,
    // The amount of a move has another unit under another kind of move.
    [] TextOr<MoveDraft>,
    // The name of a camera means nothing in another model.
    [] TextOr<ModelCameraDraft>,
    // The length of a fade means nothing for a dissolve.
    [] TextOr<TransitionDraft>,
}

impl OverlayFields for TextOr<Vec<ShotDraft>> {
    /// Two lists merge by name. If one is `auto`, the value of the upper one is used whole.
    fn overlay_on(self, base: Self) -> Self {
        match (self, base) {
            (Self::Full(own), Self::Full(base)) => Self::Full(merge_by_name(
                own,
                base,
                NamedEntry::name,
                OverlayFields::overlay_on,
            )),
            (own, _) => own,
        }
    }
}

macro_rules! merged_if_full {
    ($($type:ty),* $(,)?) => {$(
        impl OverlayFields for TextOr<$type> {
            fn overlay_on(self, base: Self) -> Self {
                match (self, base) {
                    (Self::Full(own), Self::Full(base)) => Self::Full(own.overlay_on(base)),
                    (own, _) => own,
                }
            }
        }
    )*};
}

// What is written as text, such as a costume by name or `sound: off`, has no fields to take from a
// base or to give to one.
merged_if_full!(
    CaptionsDraft,
    CostumeDraft,
    CreditsDraft,
    DuckingDraft,
    OutputCaptionsDraft,
    OutputSoundDraft,
    SoundDraft,
    VoiceDraft,
    WatermarkDraft,
);

impl OverlayFields for TextOr<StyleDraft> {
    fn overlay_on(self, base: Self) -> Self {
        // A style by name is a preset whose other fields are unset, so the base's mood and grade
        // still apply to it.
        Self::Full(StyleDraft::from(self).overlay_on(base.into()))
    }
}

impl From<TextOr<Self>> for StyleDraft {
    fn from(written: TextOr<Self>) -> Self {
        match written {
            TextOr::Full(style) => style,
            TextOr::Text(name) => Self {
                preset: Some(name.0),
                ..Self::default()
            },
        }
    }
}

impl From<TextOr<Self>> for MoveDraft {
    fn from(written: TextOr<Self>) -> Self {
        match written {
            TextOr::Full(travel) => travel,
            TextOr::Text(name) => Self {
                preset: Some(name.0),
                ..Self::default()
            },
        }
    }
}

impl<T: OverlayFields> OverlayFields for OrderedMap<T> {
    fn overlay_on(self, base: Self) -> Self {
        Self(merge_by_name(
            self.0,
            base.0,
            |(key, _)| Some(key),
            |(key, own), (_, base)| (key, own.overlay_on(base)),
        ))
    }
}

impl<T: OverlayFields + NamedEntry> OverlayFields for NamedList<T> {
    fn overlay_on(self, base: Self) -> Self {
        Self(merge_by_name(
            self.0,
            base.0,
            NamedEntry::name,
            OverlayFields::overlay_on,
        ))
    }
}

/// Overlays the entries of one list on those of the same name in another. New entries come last, in
/// their order.
fn merge_by_name<T>(
    own: Vec<T>,
    base: Vec<T>,
    name: impl Fn(&T) -> Option<&Spanned<String>>,
    overlay: impl Fn(T, T) -> T,
) -> Vec<T> {
    // Shot lists can have a hundred thousand entries, and a search for each name would be
    // quadratic.
    let places = base
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| Some((name(entry)?.value.clone(), index)));
    let mut places: HashMap<String, usize> = places.collect();
    // The base's order is the order of the film. An override must not move a shot.
    let mut merged: Vec<Option<T>> = base.into_iter().map(Some).collect();
    for entry in own {
        // Removed from the map, so that a name that occurs twice in `own` occurs twice in the
        // result, where a rule reports it. Merged, the second entry would vanish silently.
        let place = name(&entry).and_then(|name| places.remove(&name.value));
        match place.and_then(|index| merged.get_mut(index)) {
            Some(under) => *under = under.take().map(|base| overlay(entry, base)),
            None => merged.push(Some(entry)),
        }
    }
    merged.into_iter().flatten().collect()
}

/// Returns the key of a field in the document. It differs from the field where the key is a Rust
/// keyword.
fn document_key(field: &'static str) -> &'static str {
    match field {
        "travel" => "move",
        "repeat" => "loop",
        "lasts" => "for",
        _ => field,
    }
}

/// Lists every field of an entry. From the list follow the overlay of the entry and its value tree.
/// The patterns have no `..`, so a field that is missing from the list does not compile.
macro_rules! fields {
    ($($type:ident $(yields $rivals:ident)? { $($field:ident),* $(,)? })*) => {$(
        impl OverlayFields for $type {
            fn overlay_on(self, base: Self) -> Self {
                // Before fields are overlaid one by one: two fields of one meaning, one from each
                // side, would both be set.
                $(let base = self.$rivals(base);)?
                let Self { $($field),* } = self;
                Self { $($field: $field.overlay_on(base.$field)),* }
            }
        }

        impl ToValueTree for $type {
            fn to_value_tree(&self) -> Option<ValueTree> {
                let fields = [$((document_key(stringify!($field)), self.$field.to_value_tree())),*];
                let values = fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
                Some(ValueTree::Map(values.collect()))
            }
        }
    )*};
}

fields! {
    ProductionDraft {
        title, version, author, description, created, modified, script, style, sound, music, titles, graphics, credits, fonts, render_settings, characters,
        locations, props, shots, beats, ad, shot_list, list_replaces_shots, outputs, edit, captions, retro, defaults, budget, limits, workers, rules, include, extends, drop, variables,
    }
    AdDraft {
        prompt, duration, archetype, product, product_name, brand_name, product_mark, stand, logo, person, stage, setting, aesthetic,
        mood, palette, lighting, key_message, call_to_action, placeholders,
    }
    BeatUseDraft {
        beat, id, duration, product, person, location, text, voice_over, placeholders, shot, notes, description,
    }
    EditDraft { transition, start_timecode, handles }
    TransitionDraft { kind, frames, colour }
    BudgetDraft { time, disk }
    LimitsDraft { retries, time, memory, cores }
    WorkersDraft { count, backend }
    DropDraft { characters, locations, props, shots, outputs }
    VariableDraft { default, env, description }
    StyleDraft { preset, era, mood, color_grade, contrast, grade }
    GradeDraft {
        exposure, warmth, tint, contrast, saturation, lift, gamma, gain, shadow_tone, highlight_tone, split, bloom,
        vignette, grain,
    }
    CharacterDraft {
        name, display_name, script_name, model, scale, up, forward, variant, wardrobe, variants, description, notes, played_by,
        voice,
    }
    CostumeDraft { costume, model, scale, up, forward, variant, condition, notes }
    LocationDraft {
        name, display_name, preset, hdri, set, scale, up, forward, variant, custom_setup, headings, scenes, environment, key, ground, haze, exposure,
        ambience, room, notes, description,
    }
    EnvironmentDraft {
        zenith, horizon, ground, glow, stars, clouds, backdrop, top, side, rotation, intensity,
    }
    KeyDraft { azimuth, elevation, temperature, intensity, softness }
    GroundDraft { colour, roughness }
    HazeDraft { colour, distance }
    PropDraft { name, display_name, model, scale, up, forward, variant, notes, description }
    ShotDraft yields without_rivals {
        name, template, scene, character, character2, characters, location, props, subject, action, size, angle,
        azimuth, lens, aperture, focus, camera, travel, duration, frame_range, frames, lines, effects, transition_in, transition_out,
        takes, take, limits, exposure, engine, passes, notes,
        description,
    }
    FootageDraft { path, start, frame_rate, graded }
    PerformerDraft { name, mark, action, expression, facing, speed }
    PropUseDraft { name, mark }
    ModelCameraDraft { from, name }
    MoveDraft { preset, kind, amount, easing }
    RenderDraft { engine, samples, resolution, frame_rate, quality_tier, sensor, denoise, chunk_size, passes, passes_path }
    OutputDraft {
        name, display_name, format, path, of, replace, codec, resolution, frame_rate, shots, per_shot, crf, bit_rate, profile,
        pixel_format, container, renditions, hdr, fit, sound, stems, captions, language, version, media, titles, burn_in, watermark,
        guides, slate, retro, sprites, tiles, description,
    }
    CaptionsDraft {
        profile, audience, line_length, lines, reading_speed, shortest, longest, gap, speakers, sounds, table,
    }
    OutputCaptionsDraft { burn_in, track }
    SpritesDraft {
        character, prop, clips, directions, first_direction, order, angle, cell, pixels_per_metre, trim, padding, dialect,
    }
    TilesDraft { set, map, angle, tile_width, cell, metres }
    SpriteClipDraft { clip, tag, frames, rate, turn, repeat }
    RetroDraft { preset, enabled, palette, dither, strength, target_resolution, colors, sound, description }
    SoundDraft {
        loudness, true_peak, language, sample_rate, music, sound_font, ducking, ambience, footsteps, narrator, speech,
        providers,
    }
    SpeechProviderDraft { command, version, files, description }
    VoiceDraft { provider, voice, language, rate, pitch, gain }
    MusicDraft { name, mood, file, from, to, gain, seed, fade_in, fade_out, repeat, on_beat, skip }
    DuckingDraft { depth, attack, hold, release }
    AmbienceDraft { name, file, gain }
    EffectDraft { name, file, at, gain, pan }
    OutputSoundDraft { codec, bit_rate, stems, wav, loudness }
    RetroSoundDraft { sample_rate, bits }
    TitleDraft {
        text, style, shot, at, lasts, until, over, place, align, font, size, bold, colour, tracking, shadow, outline, panel,
        enter, leave,
    }
    TitleMotionDraft { kind, lasts, easing }
    GraphicDraft {
        kind, title, shot, at, lasts, until, data, unit, columns, rows, points, text, by, source, place, accent, colour, panel,
        font, build, easing,
    }
    GraphicValueDraft { label, value, shown, icon }
    GraphicPointDraft { text, icon }
    CreditsDraft { kind, lasts, over, font, size, colour, sections }
    CreditSectionDraft { heading, cast, names }
    BurnInDraft { field, place }
    WatermarkDraft { text, place, opacity, size, font, colour }
}

impl ShotDraft {
    /// Removes from `base` the fields that say the same as a field of this shot in another way: its
    /// characters and its length.
    fn without_rivals(&self, base: Self) -> Self {
        // Without this, a shot with `characters` over a default with `character` would have both,
        // which is an error that the user could not see in the shot.
        let pair = self.character.is_some() || self.character2.is_some();
        let listed = self.characters.is_some();
        Self {
            character: base.character.filter(|_| !listed),
            character2: base.character2.filter(|_| !listed),
            characters: base.characters.filter(|_| !pair),
            duration: base.duration.filter(|_| self.frame_range.is_none()),
            frame_range: base.frame_range.filter(|_| self.duration.is_none()),
            ..base
        }
    }
}

macro_rules! named {
    ($($type:ident),*) => {$(
        impl NamedEntry for $type {
            fn name(&self) -> Option<&Spanned<String>> {
                self.name.as_ref()
            }
        }
    )*};
}

named!(CharacterDraft, LocationDraft, PropDraft, ShotDraft);

impl NamedEntry for OutputDraft {
    /// Returns the name, or the format if the output has none.
    fn name(&self) -> Option<&Spanned<String>> {
        self.name.as_ref().or(self.format.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FileSpan;

    fn text(value: &str) -> Option<Spanned<String>> {
        Some(Spanned::new(value.to_owned(), FileSpan::default()))
    }

    fn shot(name: &str) -> ShotDraft {
        ShotDraft {
            name: text(name),
            ..ShotDraft::default()
        }
    }

    #[test]
    fn named_entries_are_overridden_in_place_and_new_ones_come_last() {
        let base = vec![
            shot("a"),
            ShotDraft {
                template: text("wide"),
                ..shot("b")
            },
        ];
        let own = vec![
            shot("c"),
            ShotDraft {
                action: text("walk"),
                ..shot("b")
            },
        ];
        let merged = merge_by_name(own, base, NamedEntry::name, OverlayFields::overlay_on);
        let names: Vec<&str> = merged
            .iter()
            .filter_map(|shot| Some(shot.name()?.value.as_str()))
            .collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(
            (merged[1].template.clone(), merged[1].action.clone()),
            (text("wide"), text("walk"))
        );
    }

    #[test]
    fn a_duplicate_name_stays_duplicate() {
        let merged = merge_by_name(
            vec![shot("a"), shot("a")],
            vec![shot("a")],
            NamedEntry::name,
            OverlayFields::overlay_on,
        );
        assert_eq!(merged.len(), 2);
    }

    #[test]
    fn character_and_characters_override_each_other() {
        let base = ShotDraft {
            characters: Some(Vec::new()),
            ..ShotDraft::default()
        };
        let own = ShotDraft {
            character: text("mara"),
            ..ShotDraft::default()
        };
        assert!(own.overlay_on(base).characters.is_none());
    }

    #[test]
    fn a_style_by_name_leaves_the_other_fields_of_the_base() {
        let name = RawScalar(Spanned::new("noir".to_owned(), FileSpan::default()));
        let base = StyleDraft {
            preset: text("cinematic"),
            mood: text("warm"),
            ..StyleDraft::default()
        };
        let TextOr::Full(style) = TextOr::Text(name).overlay_on(TextOr::Full(base)) else {
            panic!("a full style")
        };
        assert_eq!((style.preset, style.mood), (text("noir"), text("warm")));
    }
}

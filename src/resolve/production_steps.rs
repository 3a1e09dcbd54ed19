//! The steps of resolving a production, in order: its sound, its stage, its shots, its
//! deliverables. Each takes what the steps before it made.

use super::context::ResolveContext;
use super::lines::SpokenShots;
use super::scenes::NumberedScenes;
use super::shot_context::{ShotContext, ShotSpeech};
use super::sound::SoundBase;
use super::{
    DraftSource, ResolveOverrides, captions, cast, edit, footage_fields, game_outputs, graphics,
    locations, music_cues, output_captions, output_marks, output_parts, recut, render, scenes,
    shot_resolver, sound, sprite_sheets, text_exports, tile_maps, title_fonts, titles,
};
use crate::base::Spanned;
use crate::document::draft::ProductionDraft;
use crate::interchange::RecutCard;
use crate::model::captions::{CaptionSettings, CaptionTranslation};
use crate::model::cut::{EditSettings, TextExport};
use crate::model::graphics::ScreenGraphic;
use crate::model::production::{
    Character, Location, Output, ProductionMeta, Prop, RenderSettings, Scene, Shot,
};
use crate::model::sound::{DEFAULT_LANGUAGE, SoundSettings};
use crate::model::sprites::{SpriteSheet, TileMap};
use crate::model::titles::TitleSettings;
use crate::model::{FrameRate, RenderPass, SceneNumber, SilenceSource};

/// The sound that the document asks for, and whether the film has it.
pub(super) struct WantedSound {
    base: Option<SoundBase>,
    pub(super) silence: Option<SilenceSource>,
    pub(super) is_audible: bool,
}

impl WantedSound {
    pub(super) fn resolve(
        context: &mut ResolveContext<'_>,
        draft: &ProductionDraft,
        source: &DraftSource<'_>,
        overrides: &ResolveOverrides,
    ) -> Self {
        let origin = sound::sound_origin(context, draft);
        let silence = overrides.silence.clone().filter(|_| origin.is_some());
        // A film without its sound is the same edit: its shots last as long as the words that would
        // be spoken. So its sound is resolved, too, and left out at the end.
        let is_audible = origin.is_some() && silence.is_none();
        let base = origin.map(|origin| {
            context.resolve_sound(is_audible, |context| {
                sound::resolve_sound_base(context, draft, origin, source.speech)
            })
        });
        Self {
            base,
            silence,
            is_audible,
        }
    }
}

/// Who and what is in the film, and where it plays.
pub(super) struct ResolvedStage<'a> {
    pub(super) numbered: NumberedScenes<'a>,
    pub(super) characters: Vec<Character>,
    pub(super) props: Vec<Prop>,
    pub(super) locations: Vec<Location>,
    /// The scenes that the document gives each location.
    scenes_of_locations: Vec<Vec<SceneNumber>>,
    pub(super) scenes: Vec<Scene>,
}

impl<'a> ResolvedStage<'a> {
    pub(super) fn resolve(
        context: &mut ResolveContext<'_>,
        draft: &ProductionDraft,
        source: &DraftSource<'a>,
        is_audible: bool,
    ) -> Self {
        let numbered = NumberedScenes::from_screenplay(source.screenplay);
        let characters =
            cast::resolve_characters(context, draft.characters.as_ref(), &numbered.order);
        let places = locations::resolve_locations(context, draft, is_audible);
        let props = cast::resolve_props(context, draft.props.as_ref());
        let scenes = scenes::resolve_scenes(&numbered, &places);
        let (locations, scenes_of_locations) = places
            .into_iter()
            .map(|place| (place.location, place.scenes))
            .unzip();
        Self {
            numbered,
            characters,
            props,
            locations,
            scenes_of_locations,
            scenes,
        }
    }
}

/// The shots, with what only they decide.
pub(super) struct ResolvedShots {
    pub(super) shots: Vec<Shot>,
    /// The sound with its music. It is here also if the film leaves it out.
    pub(super) sound: Option<SoundSettings>,
    translations: Option<Vec<CaptionTranslation>>,
    /// The title cards of a timeline that came back.
    recut_cards: Option<Vec<RecutCard>>,
}

impl ResolvedShots {
    pub(super) fn resolve(
        context: &mut ResolveContext<'_>,
        draft: &ProductionDraft,
        source: &DraftSource<'_>,
        stage: &ResolvedStage<'_>,
        render: &RenderSettings,
        wanted: &mut WantedSound,
    ) -> Self {
        let is_audible = wanted.is_audible;
        let base = wanted.base.take();
        let shot_context = ShotContext {
            characters: &stage.characters,
            locations: &stage.locations,
            scenes_of_locations: &stage.scenes_of_locations,
            props: &stage.props,
            scenes: &stage.scenes,
            numbered: &stage.numbered,
            has_script: draft.script.is_some(),
            render,
            passes: &production_passes(draft),
            footage: source.footage,
            has_lines: base.is_some(),
            sound: base.as_ref().map(|sound| ShotSpeech {
                sound,
                facts: source.speech,
                has_sound: is_audible,
            }),
            origin: source.origin,
        };
        let mut spoken = shot_resolver::resolve_shots(context, draft, &shot_context);
        // Before the recut: the table names lines as the document has them.
        let translations = source
            .caption_table
            .map(|table| captions::resolve_translations(context, table, &spoken.shots));
        let mut recut_cards = None;
        if let Some(recut) = source.recut {
            let sample_rate = base.as_ref().map(|sound| sound.settings.sample_rate);
            let shots = std::mem::take(&mut spoken.shots);
            (spoken.shots, recut_cards) =
                recut::recut_production(context, recut, draft, shots, render.rate, sample_rate);
        }
        let sound = finish_sound(context, draft, base, &mut spoken, is_audible);
        // With the music that was left out, so that a field that counts there has no finding here.
        let is_music_composed = footage_fields::is_music_composed(sound.as_ref());
        footage_fields::report_idle_fields(context, draft, source.footage, is_music_composed);
        Self {
            shots: spoken.shots,
            sound,
            translations,
            recut_cards,
        }
    }
}

/// Returns the passes of shots that list none.
fn production_passes(draft: &ProductionDraft) -> Vec<Spanned<RenderPass>> {
    let settings = draft.render_settings.as_ref();
    settings
        .and_then(|settings| settings.passes.as_ref())
        .map(render::distinct_passes)
        .unwrap_or_default()
}

/// Returns the sound of the production with its music. Lines that the film leaves out leave the
/// shots: they have counted for their lengths.
fn finish_sound(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    base: Option<SoundBase>,
    spoken: &mut SpokenShots,
    is_audible: bool,
) -> Option<SoundSettings> {
    let base = base?;
    let music = context.resolve_sound(is_audible, |context| {
        music_cues::resolve_music(context, draft, &spoken.shots, base.settings.origin)
    });
    if !is_audible {
        spoken.shots.iter_mut().for_each(|shot| shot.lines.clear());
    }
    Some(SoundSettings {
        music,
        unspoken: std::mem::take(&mut spoken.unspoken),
        ..base.settings
    })
}

/// What the deliverables of a film are made of.
pub(super) struct FilmParts<'a> {
    pub(super) meta: &'a ProductionMeta,
    pub(super) render: &'a RenderSettings,
    pub(super) stage: &'a ResolvedStage<'a>,
}

/// What is delivered, and what is drawn over the pictures of it.
pub(super) struct ResolvedDeliverables {
    pub(super) outputs: Vec<Output>,
    pub(super) exports: Vec<TextExport>,
    pub(super) titles: TitleSettings,
    pub(super) graphics: Vec<ScreenGraphic>,
    pub(super) edit: EditSettings,
    pub(super) captions: CaptionSettings,
    pub(super) sprites: Vec<SpriteSheet>,
    pub(super) tile_maps: Vec<TileMap>,
}

impl ResolvedDeliverables {
    pub(super) fn resolve(
        context: &mut ResolveContext<'_>,
        draft: &ProductionDraft,
        source: &DraftSource<'_>,
        film: &FilmParts<'_>,
        resolved: &mut ResolvedShots,
        outputs: Vec<Output>,
    ) -> Self {
        let rate = film.render.rate;
        let shots = &resolved.shots;
        let parts = output_parts::OutputParts {
            meta: film.meta,
            tier: &film.render.tier,
            shots,
            order: &film.stage.numbered.order,
        };
        let outputs = output_parts::split_outputs(context, draft, outputs, &parts);
        // After the split, because timelines refer to the files of single shots.
        let exports = text_exports::resolve_exports(context, draft, &outputs, &parts);
        let mut fonts = title_fonts::FontTable::new(context, source.fonts, draft.fonts.as_ref());
        let mut outputs = output_marks::add_marks(context, draft, outputs, &mut fonts, rate);
        let title_parts = titles::TitleParts {
            shots,
            characters: &film.stage.characters,
            rate,
        };
        let (mut titles, absent) = titles::resolve_titles(context, draft, &mut fonts, &title_parts);
        let graphics = graphics::resolve_graphics(context, draft, &mut fonts, shots, rate);
        // After the graphics, which have fonts too.
        titles.fonts = fonts.into_fonts();
        let cards = resolved.recut_cards.as_deref();
        recut::follow_recut_cards(context, cards, &mut titles, &absent, shots);
        let edit = resolve_film_edit(context, draft, &exports, shots, rate);
        text_exports::mark_media(&mut outputs, &exports, &edit);
        let sound = resolved.sound.as_ref();
        let language = sound.map_or(DEFAULT_LANGUAGE, |sound| &sound.language);
        output_captions::resolve_output_captions(context, draft, &mut outputs, language);
        let translations = resolved.translations.take();
        let captions = captions::resolve_captions(context, draft, translations, language);
        let sheet_sources = sprite_sheets::SheetSources {
            characters: &film.stage.characters,
            props: &film.stage.props,
            parts: &parts,
        };
        let sprites = sprite_sheets::resolve_sheets(context, draft, sheet_sources);
        let tile_maps = tile_maps::resolve_tile_maps(context, draft, sheet_sources);
        game_outputs::report_fields_of_games(context, draft);
        Self {
            outputs,
            exports,
            titles,
            graphics,
            edit,
            captions,
            sprites,
            tile_maps,
        }
    }
}

/// Returns the edit. Its handles fit the shots if another program is to cut their media.
fn resolve_film_edit(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    exports: &[TextExport],
    shots: &[Shot],
    rate: FrameRate,
) -> EditSettings {
    let mut edit = edit::resolve_edit(context, draft, rate);
    if exports.iter().any(|export| export.media.is_some()) {
        edit::fit_handles(&mut edit, shots);
    }
    edit
}

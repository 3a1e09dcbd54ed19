//! Resolves a document against the library: names become entries, presets become values, text
//! becomes numbers.
//!
//! Every preset that is named must exist, and every number must be in its range. What may still be
//! wrong afterwards, such as a shot without frames or a missing file, is checked by `validate`.

mod ad_parts;
mod beat_expansion;
mod beat_explanations;
mod beat_staging;
mod budget;
mod camera;
mod caption_explanations;
mod captions;
mod cast;
mod colours;
mod context;
mod credits;
mod dates;
mod edit;
mod edit_explanations;
mod effects;
mod entry_index;
mod explicit;
mod footage;
mod footage_fields;
mod game_outputs;
mod graphic_content;
mod graphic_explanations;
mod graphics;
mod limits;
mod line_layout;
mod lines;
mod locations;
mod music_cues;
mod output_captions;
mod output_encoding;
mod output_marks;
mod output_parts;
mod output_renditions;
mod output_sound;
mod outputs;
mod provider_resolver;
mod recut;
mod render;
mod resolve_explanations;
mod retro;
mod scenes;
mod shot_cast;
mod shot_context;
mod shot_length;
mod shot_locations;
mod shot_names;
mod shot_resolver;
mod shot_sources;
mod sound;
mod sound_explanations;
mod sound_numbers;
mod sprite_clips;
mod sprite_explanations;
mod sprite_sheets;
mod style;
mod text_exports;
mod tile_maps;
mod title_explanations;
mod title_fonts;
mod title_values;
mod titles;
mod unused_fields;
mod value_parsers;
mod voice_text;
mod voices;

pub use beat_explanations::BEAT_EXPLANATIONS;
pub use caption_explanations::CAPTION_EXPLANATIONS;
pub use edit_explanations::EDIT_EXPLANATIONS;
pub use explicit::{
    DEFAULT_ORIGIN, DERIVED_ORIGIN, OVERRIDE_ORIGIN, SILENCE_ORIGIN, explicit_draft,
};
pub use graphic_explanations::GRAPHIC_EXPLANATIONS;
pub use provider_resolver::resolve_providers;
pub use recut::RecutSource;
pub use resolve_explanations::RESOLVE_EXPLANATIONS;
pub use sound::SpeechFacts;
pub use sound_explanations::SOUND_EXPLANATIONS;
pub use sprite_explanations::SPRITE_EXPLANATIONS;
pub use title_explanations::TITLE_EXPLANATIONS;

use crate::base::{Diagnostics, FileSpan, Spanned};
use crate::document::caption_table::CaptionTable;
use crate::document::draft::ProductionDraft;
use crate::library::Library;
use crate::model::production::{Production, ProductionMeta};
use crate::model::sound::{DEFAULT_LANGUAGE, SoundSettings};
use crate::model::titles::FontSurvey;
use crate::model::{FootageSurvey, RenderPass, SilenceSource, TierSource};
use crate::story::Screenplay;
use context::ResolveContext;
use lines::SpokenShots;
use std::path::PathBuf;

/// Values of the command line that override the document.
#[derive(Debug, Clone, Default)]
pub struct ResolveOverrides {
    /// Name of the quality tier from `--quality`.
    pub quality: Option<String>,
    /// What chose that tier.
    pub quality_source: TierSource,
    /// What leaves all sound out, whatever the document says: `--no-sound`. `None`: nothing does.
    pub silence: Option<SilenceSource>,
}

impl ResolveOverrides {
    /// Returns whether the tier is that of the last run. Nobody typed it, so its preset may be
    /// gone.
    #[must_use]
    pub const fn is_from_last_run(&self) -> bool {
        matches!(self.quality_source, TierSource::LastRun { .. })
    }
}

/// Where a draft comes from.
pub struct DraftSource<'a> {
    /// Folder against which relative paths are resolved.
    pub root: PathBuf,
    /// Span of the document's first key, for diagnostics without a better place.
    pub origin: FileSpan,
    /// The parsed screenplay. `None`: the document names none, or it could not be read.
    pub screenplay: Option<&'a Screenplay>,
    /// What is at the paths of footage.
    pub footage: &'a FootageSurvey,
    /// What is known of speech.
    pub speech: &'a SpeechFacts,
    /// What is behind the names of fonts.
    pub fonts: &'a FontSurvey,
    /// The timeline of another program that `shot_list` names. `None`: it names none.
    pub recut: Option<&'a RecutSource>,
    /// The table of captions in other languages, if there is one.
    pub caption_table: Option<&'a CaptionTable>,
}

/// Resolves a draft. Unknown names and numbers out of range are added to `diagnostics`; the
/// production is complete in any case, with defaults in their place.
// Resolving does not stop at errors: `validate` runs on the result, so one run reports everything.
pub fn resolve_production(
    draft: &ProductionDraft,
    source: DraftSource<'_>,
    library: &Library,
    overrides: &ResolveOverrides,
    diagnostics: &mut Diagnostics,
) -> Production {
    let mut context = ResolveContext::new(library, diagnostics);
    let numbered = scenes::NumberedScenes::from_screenplay(source.screenplay);
    let characters = cast::resolve_characters(draft.characters.as_ref(), &numbered.order);
    let asked = sound::sound_origin(&mut context, draft);
    let silence = overrides.silence.clone().filter(|_| asked.is_some());
    // A film without its sound is the same edit: its shots last as long as the words that would be
    // heard. So its sound is resolved, too, and left out at the end.
    let is_heard = asked.is_some() && silence.is_none();
    let sound = asked.map(|origin| {
        context.resolve_sound(is_heard, |context| {
            sound::resolve_sound_base(context, draft, origin, source.speech)
        })
    });
    let locations = locations::resolve_locations(&mut context, draft, is_heard);
    let props = cast::resolve_props(draft.props.as_ref());
    let scenes = scenes::resolve_scenes(&numbered, &locations);
    // The order is that of the dependencies: size and rate of the render follow from the outputs,
    // durations of shots from the rate.
    let outputs = outputs::resolve_outputs(&mut context, draft, is_heard);
    let render = render::resolve_render(&mut context, draft, &outputs, overrides);
    // Here, because lengths in frames need the rate. What follows reads shots and titles alone.
    let expanded = beat_expansion::expand_beats(&mut context, draft, render.rate, source.origin);
    let beats = expanded.as_ref().map(|expanded| expanded.beats.clone());
    let draft = expanded.as_ref().map_or(draft, |expanded| &expanded.draft);
    let (style, grade) = style::resolve_style(&mut context, draft.style.as_ref());
    let (locations, scenes_of_locations): (Vec<_>, Vec<_>) = locations
        .into_iter()
        .map(|place| (place.location, place.scenes))
        .unzip();
    let shot_context = shot_context::ShotContext {
        characters: &characters,
        locations: &locations,
        scenes_of_locations: &scenes_of_locations,
        props: &props,
        scenes: &scenes,
        numbered: &numbered,
        has_script: draft.script.is_some(),
        render: &render,
        passes: &production_passes(draft),
        footage: source.footage,
        has_lines: sound.is_some(),
        sound: sound.as_ref().map(|sound| shot_context::ShotSpeech {
            sound,
            facts: source.speech,
            is_heard,
        }),
        origin: source.origin,
    };
    let mut spoken = shot_resolver::resolve_shots(&mut context, draft, &shot_context);
    let translations = source
        .caption_table
        .map(|table| captions::resolve_translations(&mut context, table, &spoken.shots));
    let mut recut_cards = None;
    if let Some(recut) = source.recut {
        let sample_rate = sound.as_ref().map(|sound| sound.settings.sample_rate);
        let shots = std::mem::take(&mut spoken.shots);
        (spoken.shots, recut_cards) =
            recut::recut_production(&mut context, recut, draft, shots, render.rate, sample_rate);
    }
    let sound = finish_sound(&mut context, draft, sound, &mut spoken, is_heard);
    // With the music that was left out, so that a field that counts there has no finding here.
    let is_framing_heard = footage_fields::is_framing_heard(sound.as_ref());
    footage_fields::report_idle_fields(&mut context, draft, source.footage, is_framing_heard);
    let shots = spoken.shots;
    dates::check_dates(&mut context, draft);
    let meta = production_meta(draft);
    let parts = output_parts::OutputParts {
        meta: &meta,
        tier: &render.tier,
        shots: &shots,
        order: &numbered.order,
    };
    let outputs = output_parts::split_outputs(&mut context, draft, outputs, &parts);
    let exports = text_exports::resolve_exports(&mut context, draft, &outputs, &parts);
    let mut fonts = title_fonts::FontTable::new(&mut context, source.fonts, draft.fonts.as_ref());
    let mut outputs =
        output_marks::add_marks(&mut context, draft, outputs, &mut fonts, render.rate);
    let title_parts = titles::TitleParts {
        shots: &shots,
        characters: &characters,
        rate: render.rate,
    };
    let mut titles = titles::resolve_titles(&mut context, draft, &mut fonts, &title_parts);
    let graphics = graphics::resolve_graphics(&mut context, draft, &mut fonts, &shots, render.rate);
    titles.fonts = fonts.into_fonts();
    recut::follow_recut_cards(&mut context, recut_cards.as_deref(), &mut titles, &shots);
    let edit = edit::resolve_edit(&mut context, draft, render.rate);
    text_exports::mark_media(&mut outputs, &exports, &edit);
    let language = sound
        .as_ref()
        .map_or(DEFAULT_LANGUAGE, |sound| &sound.language);
    output_captions::resolve_output_captions(&mut context, draft, &mut outputs, language);
    let captions = captions::resolve_captions(&mut context, draft, translations, language);
    let sheet_sources = sprite_sheets::SheetSources {
        characters: &characters,
        props: &props,
        parts: &parts,
    };
    let sprites = sprite_sheets::resolve_sheets(&mut context, draft, sheet_sources);
    let tile_maps = tile_maps::resolve_tile_maps(&mut context, draft, sheet_sources);
    game_outputs::report_fields_of_games(&mut context, draft);
    Production {
        meta,
        root: source.root,
        script: draft.script.as_ref().and_then(cast::asset_from_path),
        style,
        grade,
        render,
        characters,
        locations,
        props,
        scenes,
        scene_order: numbered.order,
        shots,
        beats: beats.unwrap_or_default(),
        ad_origin: ad_parts::ad_origin(draft),
        sound: sound.filter(|_| is_heard),
        silence,
        edit,
        titles,
        graphics,
        outputs,
        exports,
        captions,
        sprites,
        tile_maps,
        budget: budget::resolve_budget(&mut context, draft.budget.as_ref()),
        limits: limits::resolve_kind_limits(&mut context, draft),
        workers: limits::resolve_workers(&mut context, draft),
        origin: source.origin,
    }
}

/// Returns the sound of the production with its music. Lines that are not heard leave the shots:
/// they have counted for their lengths.
fn finish_sound(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    sound: Option<sound::SoundBase>,
    spoken: &mut SpokenShots,
    is_heard: bool,
) -> Option<SoundSettings> {
    let sound = sound?;
    let music = context.resolve_sound(is_heard, |context| {
        music_cues::resolve_music(context, draft, &spoken.shots, sound.settings.origin)
    });
    if !is_heard {
        spoken.shots.iter_mut().for_each(|shot| shot.lines.clear());
    }
    Some(SoundSettings {
        music,
        unspoken: std::mem::take(&mut spoken.unspoken),
        ..sound.settings
    })
}

/// Returns the passes of shots that list none.
fn production_passes(draft: &ProductionDraft) -> Vec<Spanned<RenderPass>> {
    let settings = draft.render_settings.as_ref();
    settings
        .and_then(|settings| settings.passes.as_ref())
        .map(render::distinct_passes)
        .unwrap_or_default()
}

fn production_meta(draft: &ProductionDraft) -> ProductionMeta {
    let text = |field: &Option<Spanned<String>>| field.as_ref().map(|text| text.value.clone());
    ProductionMeta {
        title: draft.title.clone(),
        version: text(&draft.version),
        author: text(&draft.author),
        description: text(&draft.description).unwrap_or_default(),
        created: text(&draft.created),
        modified: text(&draft.modified),
    }
}

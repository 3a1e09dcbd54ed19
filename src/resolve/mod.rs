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
mod document_shots;
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
mod line_timing;
mod lines;
mod locations;
mod model_mend;
mod music_cues;
mod output_captions;
mod output_encoding;
mod output_marks;
mod output_parts;
mod output_renditions;
mod output_sound;
mod outputs;
mod production_steps;
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
use crate::model::titles::FontSurvey;
use crate::model::{FootageSurvey, SilenceSource, TierSource};
use crate::story::Screenplay;
use context::ResolveContext;
use production_steps::{
    FilmParts, ResolvedDeliverables, ResolvedShots, ResolvedStage, WantedSound,
};
use std::path::PathBuf;

/// Values of the command line that override the document.
#[derive(Debug, Clone, Default)]
pub struct ResolveOverrides {
    /// Name of the quality tier from `--quality`.
    pub quality: Option<String>,
    /// What chose that tier.
    pub quality_source: TierSource,
    /// The option that leaves all sound out, over the document: `--no-sound`. `None`: not given.
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
    let mut sound = WantedSound::resolve(&mut context, draft, &source, overrides);
    let stage = ResolvedStage::resolve(&mut context, draft, &source, sound.is_audible);
    // The order is that of the dependencies: size and rate of the render follow from the outputs,
    // durations of shots from the rate.
    let outputs = outputs::resolve_outputs(&mut context, draft, sound.is_audible);
    let render = render::resolve_render(&mut context, draft, &outputs, overrides);
    // Here, because lengths in frames need the rate. What follows reads shots and titles alone.
    let expanded = beat_expansion::expand_beats(&mut context, draft, render.rate, source.origin);
    let beats = expanded.as_ref().map(|expanded| expanded.beats.clone());
    let draft = expanded.as_ref().map_or(draft, |expanded| &expanded.draft);
    let (style, grade) = style::resolve_style(&mut context, draft.style.as_ref());
    let mut shots =
        ResolvedShots::resolve(&mut context, draft, &source, &stage, &render, &mut sound);
    let meta = production_meta(&mut context, draft);
    let film = FilmParts {
        meta: &meta,
        render: &render,
        stage: &stage,
    };
    let made =
        ResolvedDeliverables::resolve(&mut context, draft, &source, &film, &mut shots, outputs);
    Production {
        meta,
        root: source.root,
        script: draft.script.as_ref().and_then(cast::asset_from_path),
        style,
        grade,
        render,
        characters: stage.characters,
        locations: stage.locations,
        props: stage.props,
        scenes: stage.scenes,
        scene_order: stage.numbered.order,
        shots: shots.shots,
        beats: beats.unwrap_or_default(),
        ad_origin: ad_parts::ad_origin(draft),
        sound: shots.sound.filter(|_| sound.is_audible),
        silence: sound.silence,
        edit: made.edit,
        titles: made.titles,
        graphics: made.graphics,
        outputs: made.outputs,
        exports: made.exports,
        captions: made.captions,
        sprites: made.sprites,
        tile_maps: made.tile_maps,
        budget: budget::resolve_budget(&mut context, draft.budget.as_ref()),
        limits: limits::resolve_kind_limits(&mut context, draft),
        workers: limits::resolve_workers(&mut context, draft),
        origin: source.origin,
    }
}

fn production_meta(context: &mut ResolveContext<'_>, draft: &ProductionDraft) -> ProductionMeta {
    dates::check_dates(context, draft);
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

//! Joins what was written with the library: names become entries, presets become values, text becomes numbers.
//!
//! Every preset that is named must exist; every number must lie in its range. What is still doubtful afterwards (a shot
//! without frames, a file that is not there) is for `validate`.

mod budget;
mod camera;
mod cast;
mod colours;
mod context;
mod explicit;
mod locations;
mod outputs;
mod provider;
mod render;
mod resolve_explanations;
mod retro;
mod scenes;
mod shot_resolver;
mod style;
mod value_parsers;

pub use explicit::{DEFAULT_ORIGIN, DERIVED_ORIGIN, OVERRIDE_ORIGIN, explicit_draft};
pub use provider::resolve_providers;
pub use resolve_explanations::RESOLVE_EXPLANATIONS;
pub use value_parsers::parse_scene_range;

use crate::base::{Diagnostics, FileSpan, Spanned};
use crate::document::draft::ProductionDraft;
use crate::library::Library;
use crate::model::production::{Production, ProductionMeta};
use crate::story::Screenplay;
use context::ResolveContext;
use std::path::PathBuf;

/// What the command line says that the document need not.
#[derive(Debug, Clone, Default)]
pub struct ResolveOverrides {
    /// Quality tier in place of the document's.
    pub quality: Option<String>,
}

/// Where a draft comes from.
pub struct DraftSource<'a> {
    /// The folder that relative paths start from.
    pub root: PathBuf,
    /// The place of the document's top key.
    pub origin: FileSpan,
    /// The screenplay, if the document names one that could be read.
    pub screenplay: Option<&'a Screenplay>,
}

/// Resolves a draft into a production, recording every name that is not known and every number out of range.
pub fn resolve_production(
    draft: &ProductionDraft,
    source: DraftSource<'_>,
    library: &Library,
    overrides: &ResolveOverrides,
    diagnostics: &mut Diagnostics,
) -> Production {
    let mut context = ResolveContext::new(library, diagnostics);
    let characters = cast::resolve_characters(draft.characters.as_ref());
    let locations = locations::resolve_locations(&mut context, draft.locations.as_ref());
    let props = cast::resolve_props(draft.props.as_ref());
    let scenes = scenes::resolve_scenes(source.screenplay, &locations);
    let outputs = outputs::resolve_outputs(&mut context, draft);
    let render = render::resolve_render(&mut context, draft, &outputs, overrides);
    let (style, grade) = style::resolve_style(&mut context, draft.style.as_ref());
    let written_passes = draft
        .render_settings
        .as_ref()
        .and_then(|own| own.passes.as_ref());
    let passes = written_passes
        .map(render::distinct_passes)
        .unwrap_or_default();
    let shot_context = shot_resolver::ShotContext {
        characters: &characters,
        locations: &locations
            .iter()
            .map(|place| place.location.clone())
            .collect::<Vec<_>>(),
        scenes_of_locations: &locations
            .iter()
            .map(|place| place.scenes.clone())
            .collect::<Vec<_>>(),
        props: &props,
        scenes: &scenes,
        screenplay: source.screenplay,
        has_script: draft.script.is_some(),
        render: &render,
        passes: &passes,
        origin: source.origin,
    };
    let shots = shot_resolver::resolve_shots(&mut context, draft, &shot_context);
    let budget = budget::resolve_budget(&mut context, draft.budget.as_ref());
    Production {
        meta: production_meta(draft),
        root: source.root,
        script: draft.script.as_ref().and_then(cast::asset_from_path),
        style,
        grade,
        render,
        characters,
        locations: locations.into_iter().map(|place| place.location).collect(),
        props,
        scenes,
        shots,
        outputs,
        budget,
        origin: source.origin,
    }
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

//! Joins what was written with the library: names become entries, presets become values, text becomes numbers.
//!
//! Every preset that is named must exist; every number must lie in its range. What is still doubtful afterwards (a shot
//! without frames, a file that is not there) is for `validate`.

mod budget;
mod camera;
mod cast;
mod colours;
mod desk;
mod explain;
mod explicit;
mod outputs;
mod places;
mod provider;
mod render;
mod retro;
mod scenes;
mod shots;
mod style;
mod values;

pub use explain::PAGES;
pub use explicit::{BY_DEFAULT, DERIVED, WISHED, explicit};
pub use provider::providers;
pub use values::scene_range;

use crate::base::{Diagnostics, FileSpan, Spanned};
use crate::document::draft::ProductionDraft;
use crate::library::Library;
use crate::model::production::{Production, ProductionMeta};
use crate::story::Screenplay;
use desk::Desk;
use std::path::PathBuf;

/// What the command line says that the document need not.
#[derive(Debug, Clone, Default)]
pub struct Wishes {
    /// Quality tier in place of the document's.
    pub quality: Option<String>,
}

/// Where a draft comes from.
pub struct Source<'a> {
    /// The folder that relative paths start from.
    pub root: PathBuf,
    /// The place of the document's top key.
    pub origin: FileSpan,
    /// The screenplay, if the document names one that could be read.
    pub screenplay: Option<&'a Screenplay>,
}

/// Resolves a draft into a production, recording every name that is not known and every number out of range.
pub fn resolve(
    draft: &ProductionDraft,
    source: Source<'_>,
    library: &Library,
    wishes: &Wishes,
    found: &mut Diagnostics,
) -> Production {
    let mut desk = Desk::new(library, found);
    let characters = cast::characters(draft.characters.as_ref());
    let locations = places::locations(&mut desk, draft.locations.as_ref());
    let props = cast::props(draft.props.as_ref());
    let scenes = scenes::scenes(source.screenplay, &locations);
    let outputs = outputs::outputs(&mut desk, draft);
    let render = render::render(&mut desk, draft, &outputs, wishes);
    let (style, grade) = style::style(&mut desk, draft.style.as_ref());
    let asked = draft
        .render_settings
        .as_ref()
        .and_then(|own| own.passes.as_ref());
    let passes = asked.map(render::passes).unwrap_or_default();
    let stage = shots::Stage {
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
    let shots = shots::shots(&mut desk, draft, &stage);
    let budget = budget::budget(&mut desk, draft.budget.as_ref());
    Production {
        meta: meta(draft),
        root: source.root,
        script: draft.script.as_ref().and_then(cast::asset),
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

fn meta(draft: &ProductionDraft) -> ProductionMeta {
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

//! What an argument can be: its own fixed words, names of the library, templates, codes, and shots of a production.

use super::words::Typed;
use super::{Candidate, Reply};
use crate::cli::commands::{kinds_of_schema, templates, usual_options};
use crate::cli::settings::Settings;
use crate::library::Library;
use crate::model::Phase;
use crate::project::{catalogue, open};
use clap::Arg;
use std::any::TypeId;
use std::path::{Path, PathBuf};

/// Returns what this argument can be, in the light of the others.
pub(super) fn of(arg: &Arg, typed: &Typed<'_>, settings: &Settings) -> Reply {
    let fixed = arg.get_possible_values();
    if !fixed.is_empty() {
        let about =
            |help: Option<&clap::builder::StyledStr>| help.map(ToString::to_string).unwrap_or_default();
        let shown = fixed.iter().filter(|value| !value.is_hide_set());
        return Reply::Words(
            shown.map(|value| Candidate::new(value.get_name(), about(value.get_help()))).collect(),
        );
    }
    if arg.get_value_parser().type_id() == TypeId::of::<PathBuf>() {
        let folder = arg.get_value_names().is_some_and(|names| names.iter().any(|name| name == "FOLDER"));
        return if folder { Reply::Folders } else { Reply::Files };
    }
    Reply::Words(names(arg.get_id().as_str(), typed, settings))
}

fn names(id: &str, typed: &Typed<'_>, settings: &Settings) -> Vec<Candidate> {
    let library = || crate::cli::commands::shelves(Path::new(typed.given("folder").unwrap_or(".")));
    match id {
        "quality" => presets("quality", &library()),
        "phase" => Phase::ALL.map(|phase| Candidate::new(phase.name(), "")).into(),
        "only" => shots(typed, settings),
        "template" => templates()
            .iter()
            .map(|(name, template)| Candidate::new(name.value.as_str(), template.description.as_str()))
            .collect(),
        "kind" => kinds(&library().0),
        "name" if typed.given("kind").is_some() => {
            presets(typed.given("kind").unwrap_or_default(), &library())
        }
        "of" => kinds_of_schema().chain(kinds(&library().0)).collect(),
        "code" => catalogue::pages().iter().map(|page| Candidate::new(page.code, page.summary)).collect(),
        "gpu" => vec![
            Candidate::new("auto", "The best adapter there is"),
            Candidate::new("software", "An adapter that draws on the processor"),
        ],
        _ => Vec::new(),
    }
}

fn kinds(library: &Library) -> Vec<Candidate> {
    let kinds = library.kinds().into_iter();
    kinds.map(|(kind, cards)| Candidate::new(kind, format!("{} presets", cards.len()))).collect()
}

fn presets(kind: &str, (library, sources): &(Library, crate::base::Sources)) -> Vec<Candidate> {
    let kinds = library.kinds().into_iter().filter(|(found, _)| *found == kind);
    let cards = kinds.flat_map(|(_, cards)| cards);
    cards.map(|card| Candidate::new(card.name.value.as_str(), card.summary(sources))).collect()
}

/// Returns the shots of the production that was typed, or of the one here; those typed already are left out.
fn shots(typed: &Typed<'_>, settings: &Settings) -> Vec<Candidate> {
    let path = Path::new(typed.given("path").unwrap_or("."));
    let Some(checked) = open(path, &usual_options(settings)).ok().and_then(|opened| opened.checked) else {
        return Vec::new();
    };
    let current = typed.current();
    let value = current.strip_prefix("--only=").unwrap_or(current);
    let listed = value.rfind(',').map_or("", |at| &value[..=at]);
    let taken: Vec<&str> = listed.split(',').collect();
    let left = checked.shots.iter().filter(|shot| !taken.contains(&shot.name.value.as_str()));
    left.map(|shot| {
        let template = shot.template.as_ref().map_or("", |name| name.value.as_str());
        let about = format!("scene {}, {} frames {template}", shot.scene.value, shot.frames.len());
        Candidate::new(format!("{listed}{}", shot.name.value), about)
    })
    .collect()
}

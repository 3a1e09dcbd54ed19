//! What an argument can be: its own fixed words, names of the library, templates, codes, and shots of a production.

use super::words::Typed;
use super::{Candidate, Reply};
use crate::base::DiagnosticCode;
use crate::cli::commands::{kinds_of_schema, templates, usual_options};
use crate::cli::settings::Settings;
use crate::library::Library;
use crate::model::Phase;
use crate::model::production::Shot;
use crate::project::{code_catalogue, open};
use crate::validate::CheckedProduction;
use clap::Arg;
use std::any::TypeId;
use std::path::{Path, PathBuf};

/// Returns what this argument can be, in the light of the others.
pub(super) fn of(arg: &Arg, typed: &Typed<'_>, settings: &Settings) -> Reply {
    let fixed = arg.get_possible_values();
    if !fixed.is_empty() {
        let about = |help: Option<&clap::builder::StyledStr>| {
            help.map(ToString::to_string).unwrap_or_default()
        };
        let shown = fixed.iter().filter(|value| !value.is_hide_set());
        return Reply::Words(
            shown
                .map(|value| Candidate::new(value.get_name(), about(value.get_help())))
                .collect(),
        );
    }
    if arg.get_value_parser().type_id() == TypeId::of::<PathBuf>() {
        let folder = arg
            .get_value_names()
            .is_some_and(|names| names.iter().any(|name| name == "FOLDER"));
        return if folder { Reply::Folders } else { Reply::Files };
    }
    match arg.get_id().as_str() {
        "codes" => explained(typed, settings),
        id => Reply::Words(names(id, typed, settings)),
    }
}

/// Returns what can be explained: a code in any of the ways it may be written, else a production, and what belongs to the
/// one that was typed.
fn explained(typed: &Typed<'_>, settings: &Settings) -> Reply {
    if let Some(first) = typed
        .given("codes")
        .filter(|first| code_catalogue::find_pages(first).is_err())
    {
        return Reply::Words(targets(Path::new(first), settings));
    }
    let current = typed.current();
    let ways: &[fn(DiagnosticCode) -> &'static str] = match current {
        "" => &[code_catalogue::short_code],
        _ => &[
            code_catalogue::short_code,
            code_catalogue::rule_name,
            |code| code,
        ],
    };
    let pages = code_catalogue::code_pages();
    let written = ways
        .iter()
        .flat_map(|way| pages.iter().map(move |page| (way(page.code), page.summary)));
    let codes: Vec<Candidate> = written
        .filter(|(code, _)| code.starts_with(current))
        .map(|(code, summary)| Candidate::new(code, summary))
        .collect();
    if codes.is_empty() {
        Reply::Files
    } else {
        Reply::Words(codes)
    }
}

fn names(id: &str, typed: &Typed<'_>, settings: &Settings) -> Vec<Candidate> {
    let library = || crate::cli::commands::shelves(Path::new(typed.given("folder").unwrap_or(".")));
    match id {
        "quality" => presets("quality", &library()),
        "phase" => Phase::ALL
            .map(|phase| Candidate::new(phase.name(), ""))
            .into(),
        "up_to" => Phase::ALL
            .map(|phase| Candidate::new(phase.name(), ""))
            .into(),
        "only" => shots(typed, settings),
        "regen" | "pin" => targets(typed_path(typed), settings),
        "template" => templates()
            .iter()
            .map(|(name, template)| {
                Candidate::new(name.value.as_str(), template.description.as_str())
            })
            .collect(),
        "kind" => kinds(&library().0),
        "name" if typed.given("kind").is_some() => {
            presets(typed.given("kind").unwrap_or_default(), &library())
        }
        "of" => kinds_of_schema().chain(kinds(&library().0)).collect(),
        "gpu" => vec![
            Candidate::new("auto", "The best adapter there is"),
            Candidate::new("software", "An adapter that draws on the processor"),
        ],
        _ => Vec::new(),
    }
}

fn kinds(library: &Library) -> Vec<Candidate> {
    let kinds = library.kinds().into_iter();
    kinds
        .map(|(kind, cards)| Candidate::new(kind, format!("{} presets", cards.len())))
        .collect()
}

fn presets(kind: &str, (library, sources): &(Library, crate::base::SourceMap)) -> Vec<Candidate> {
    let kinds = library
        .kinds()
        .into_iter()
        .filter(|(found, _)| *found == kind);
    let cards = kinds.flat_map(|(_, cards)| cards);
    cards
        .map(|card| Candidate::new(card.name.value.as_str(), card.summary_line(sources)))
        .collect()
}

/// Returns where the production is that was typed, or else here.
fn typed_path<'a>(typed: &'a Typed<'_>) -> &'a Path {
    Path::new(typed.given("path").unwrap_or("."))
}

/// Returns a production, if it is sound.
fn production(path: &Path, settings: &Settings) -> Option<CheckedProduction> {
    open(path, &usual_options(settings))
        .ok()
        .and_then(|opened| opened.checked)
}

/// Returns what can be made again or kept: shots, then phases. Jobs are too many to offer.
fn targets(path: &Path, settings: &Settings) -> Vec<Candidate> {
    let checked = production(path, settings);
    let shots = checked.iter().flat_map(|checked| &checked.shots).map(shot);
    shots
        .chain(Phase::ALL.map(|phase| Candidate::new(phase.name(), "phase")))
        .collect()
}

fn shot(shot: &Shot) -> Candidate {
    let template = shot
        .template
        .as_ref()
        .map_or("", |name| name.value.as_str());
    let about = format!(
        "scene {}, {} frames {template}",
        shot.scene.value,
        shot.frames.len()
    );
    Candidate::new(shot.name.value.as_str(), about)
}

/// Returns the shots of a production; those typed already are left out.
fn shots(typed: &Typed<'_>, settings: &Settings) -> Vec<Candidate> {
    let Some(checked) = production(typed_path(typed), settings) else {
        return Vec::new();
    };
    let current = typed.current();
    let value = current.strip_prefix("--only=").unwrap_or(current);
    let listed = value.rfind(',').map_or("", |at| &value[..=at]);
    let taken: Vec<&str> = listed.split(',').collect();
    let left = checked
        .shots
        .iter()
        .filter(|shot| !taken.contains(&shot.name.value.as_str()));
    left.map(|left| {
        let Candidate { value, about } = shot(left);
        Candidate::new(format!("{listed}{value}"), about)
    })
    .collect()
}

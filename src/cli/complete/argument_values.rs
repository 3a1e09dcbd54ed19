//! The values of an argument: its fixed words, presets, templates, codes, and the shots of a
//! production.
//!
//! Nothing here prints. A document that cannot be opened has no candidates, because an error in the
//! middle of a line that is being typed would only disturb it.

use super::typed_command::TypedCommand;
use super::{CompletionCandidate, CompletionReply};
use crate::base::DiagnosticCode;
use crate::cli::catalog::{SCHEMA_SUBJECTS, default_options, folder_presets, load_templates};
use crate::cli::cli_settings::{CliSettings, user_settings_path};
use crate::cli::settings_file::SettingsFile;
use crate::cli::sound_names::SOUND_KINDS;
use crate::library::Library;
use crate::model::Phase;
use crate::model::production::Shot;
use crate::project::{code_catalogue, open};
use crate::report::text_format::format_count;
use crate::session::{FOLDER_SETTINGS, LoadedLibrary};
use crate::validate::CheckedProduction;
use clap::Arg;
use std::any::TypeId;
use std::path::{Path, PathBuf};

/// Returns the values of this argument. Other arguments that were typed may narrow them.
pub(super) fn argument_candidates(
    arg: &Arg,
    typed: &TypedCommand<'_>,
    settings: &CliSettings,
) -> CompletionReply {
    // clap knows the words of an enum. Only values that depend on files need code below.
    let fixed = arg.get_possible_values();
    if !fixed.is_empty() {
        let about = |help: Option<&clap::builder::StyledStr>| {
            help.map(ToString::to_string).unwrap_or_default()
        };
        let shown = fixed.iter().filter(|value| !value.is_hide_set());
        return CompletionReply::Words(
            shown
                .map(|value| CompletionCandidate::new(value.get_name(), about(value.get_help())))
                .collect(),
        );
    }
    // The type tells a path from a text, and the name shown in the help tells a folder from a file.
    // So a new option for a path is completed without an entry here.
    if arg.get_value_parser().type_id() == TypeId::of::<PathBuf>() {
        let folder = arg
            .get_value_names()
            .is_some_and(|names| names.iter().any(|name| name == "FOLDER"));
        return if folder {
            CompletionReply::Folders
        } else {
            CompletionReply::Files
        };
    }
    match arg.get_id().as_str() {
        "codes" => explain_candidates(typed, settings),
        id => CompletionReply::Words(named_candidates(id, typed, settings)),
    }
}

/// Returns what `explain` accepts: codes in any spelling, or the path of a production. Behind a
/// production it is the targets in it.
fn explain_candidates(typed: &TypedCommand<'_>, settings: &CliSettings) -> CompletionReply {
    if let Some(first) = typed
        .given_value("codes")
        .filter(|first| code_catalogue::find_pages(first).is_err())
    {
        return CompletionReply::Words(target_candidates(Path::new(first), settings));
    }
    let current = typed.current_word();
    // Without a beginning each code is listed once. The other spellings would only make the list
    // three times as long.
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
    let codes: Vec<CompletionCandidate> = written
        .filter(|(code, _)| code.starts_with(current))
        .map(|(code, summary)| CompletionCandidate::new(code, summary))
        .collect();
    // What begins no code can only be a path.
    if codes.is_empty() {
        CompletionReply::Files
    } else {
        CompletionReply::Words(codes)
    }
}

fn named_candidates(
    id: &str,
    typed: &TypedCommand<'_>,
    settings: &CliSettings,
) -> Vec<CompletionCandidate> {
    // A closure, because most arguments need no presets.
    let presets = || folder_presets(Path::new(typed.given_value("folder").unwrap_or(".")));
    match id {
        "quality" => preset_candidates("quality", &presets()),
        "phase" | "up_to" => Phase::ALL
            .map(|phase| CompletionCandidate::new(phase.name(), ""))
            .into(),
        "only" | "shot" => shot_candidates(typed, settings),
        "regen" | "pin" | "target" => target_candidates(typed_path(typed), settings),
        "template" => load_templates()
            .iter()
            .map(|(name, template)| {
                CompletionCandidate::new(name.value.as_str(), template.description.as_str())
            })
            .collect(),
        "kind" => {
            let sounds = SOUND_KINDS.map(|(kind, about)| CompletionCandidate::new(kind, about));
            let kinds = kind_candidates(&presets().library).into_iter();
            kinds.chain(sounds).collect()
        }
        "name" if typed.given_value("kind").is_some() => {
            preset_candidates(typed.given_value("kind").unwrap_or_default(), &presets())
        }
        "of" => SCHEMA_SUBJECTS
            .map(|(name, about)| CompletionCandidate::new(name, about))
            .into_iter()
            .chain(kind_candidates(&presets().library))
            .collect(),
        "profile" => profile_candidates(typed_path(typed)),
        "gpu" => vec![
            // Part of an adapter's name is a value, too. Listing adapters would start the graphics
            // driver at the press of a key.
            CompletionCandidate::new("auto", "The best adapter of this machine"),
            CompletionCandidate::new("software", "An adapter that draws on the processor"),
        ],
        _ => Vec::new(),
    }
}

/// Returns the profiles of the user's settings and of those beside a production.
fn profile_candidates(path: &Path) -> Vec<CompletionCandidate> {
    let folder = if path.is_dir() {
        path
    } else {
        path.parent().unwrap_or(path)
    };
    let files = [user_settings_path(), Some(folder.join(FOLDER_SETTINGS))];
    // A file with mistakes has no candidates. An error would be printed into the line that is
    // typed.
    let read = files.into_iter().flatten().filter_map(|path| {
        let settings = SettingsFile::read(&path).ok()??;
        Some((settings.profiles, path))
    });
    let candidates = read.flat_map(|(profiles, path)| {
        let about = path.display().to_string();
        profiles
            .into_iter()
            .map(move |profile| CompletionCandidate::new(profile.name, about.clone()))
    });
    candidates.collect()
}

fn kind_candidates(library: &Library) -> Vec<CompletionCandidate> {
    let kinds = library.kinds().into_iter();
    kinds
        .map(|(kind, cards)| CompletionCandidate::new(kind, format_count(cards.len(), "preset")))
        .collect()
}

fn preset_candidates(kind: &str, presets: &LoadedLibrary) -> Vec<CompletionCandidate> {
    let kinds = presets.library.kinds().into_iter();
    let kinds = kinds.filter(|(name, _)| *name == kind);
    let cards = kinds.flat_map(|(_, cards)| cards);
    cards
        .map(|card| {
            let about = card.summary_line(&presets.sources);
            CompletionCandidate::new(card.name.value.as_str(), about)
        })
        .collect()
}

/// Returns the path of the production that was typed, or the current folder.
fn typed_path<'a>(typed: &'a TypedCommand<'_>) -> &'a Path {
    Path::new(typed.given_value("path").unwrap_or("."))
}

/// Returns the production at `path`. `None` if it cannot be opened or has errors.
fn open_checked(path: &Path, settings: &CliSettings) -> Option<CheckedProduction> {
    open(path, &default_options(settings))
        .ok()
        .and_then(|opened| opened.checked)
}

/// Returns the targets of `--regen`, `--pin` and `explain`: shots, then phases.
fn target_candidates(path: &Path, settings: &CliSettings) -> Vec<CompletionCandidate> {
    // Jobs are targets, too, but a film has thousands. The phases do not need a valid production.
    let checked = open_checked(path, settings);
    let shots = checked
        .iter()
        .flat_map(|checked| &checked.shots)
        .map(shot_candidate);
    shots
        .chain(Phase::ALL.map(|phase| CompletionCandidate::new(phase.name(), "phase")))
        .collect()
}

fn shot_candidate(shot: &Shot) -> CompletionCandidate {
    let template = shot
        .template
        .as_ref()
        .map_or("", |name| name.value.as_str());
    let about = format!(
        "scene {}, {} {template}",
        shot.scene.value,
        format_count(shot.frames.len(), "frame")
    );
    CompletionCandidate::new(shot.name.value.as_str(), about)
}

/// Returns the shots of the production, without those that are in the list already.
fn shot_candidates(typed: &TypedCommand<'_>, settings: &CliSettings) -> Vec<CompletionCandidate> {
    let Some(checked) = open_checked(typed_path(typed), settings) else {
        return Vec::new();
    };
    let current = typed.current_word();
    // `--only` takes a list, and the shell replaces the whole word. So each candidate repeats the
    // entries before the one that is being typed.
    let value = current.strip_prefix("--only=").unwrap_or(current);
    let listed = value.rfind(',').map_or("", |index| &value[..=index]);
    let typed_names: Vec<&str> = listed.split(',').collect();
    let remaining = checked
        .shots
        .iter()
        .filter(|shot| !typed_names.contains(&shot.name.value.as_str()));
    remaining
        .map(|remaining| {
            let CompletionCandidate { value, about } = shot_candidate(remaining);
            CompletionCandidate::new(format!("{listed}{value}"), about)
        })
        .collect()
}

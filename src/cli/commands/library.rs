//! `production library`: the presets that a production can name, by kind, and the names of sounds
//! and voices. A single preset is printed as YAML to copy.

use super::library_stills::{StillRequest, draw_stills};
use crate::base::SourceMap;
use crate::base::json::to_pretty_json;
use crate::base::suggestions::{did_you_mean, nearest_match};
use crate::cli::args::{LibraryArgs as Args, ResultFormat};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::{CliError, INVALID_INPUT};
use crate::cli::sound_names::{SOUND_KINDS, SoundName, sound_names};
use crate::library::{Library, PresetInfo, PresetKind};
use crate::report::diagnostic;
use crate::report::text_table::fit_columns;
use crate::session::{FolderPrograms, LoadedLibrary};
use serde_json::{Value, json};
use std::process::ExitCode;

/// Most presets that a hint names.
const MOST_NAMED: usize = 4;

/// The source of a preset that is part of the binary.
const BUILT_IN: &str = "built in";

/// Returns the kind of this name with its presets.
///
/// # Errors
/// Fails for an unknown kind; the error suggests the nearest.
pub(super) fn find_kind<'a>(
    library: &'a Library,
    wanted: &str,
) -> Result<(PresetKind, Vec<&'a PresetInfo>), CliError> {
    let kinds = library.kinds();
    let names: Vec<PresetKind> = kinds.iter().map(|(kind, _)| *kind).collect();
    kinds
        .into_iter()
        .find(|(kind, _)| *kind == wanted)
        .ok_or_else(|| {
            let sounds = SOUND_KINDS.map(|(kind, _)| kind);
            let hint = did_you_mean(wanted, names.iter().copied().chain(sounds))
                .unwrap_or_else(|| "`production library` lists the kinds".to_owned());
            CliError::Usage(format!("find presets of the kind `{wanted}`; {hint}"))
        })
}

pub(super) fn run_library(args: &Args, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let mut library_set =
        LoadedLibrary::read_with_farms(&args.folder, &settings.session.farm_files);
    report_preset_findings(&mut library_set, settings);
    if library_set.diagnostics.has_errors() {
        return Ok(ExitCode::from(INVALID_INPUT));
    }
    let sounds = args
        .kind
        .as_deref()
        .and_then(|kind| Some((kind, listed_sounds(kind, args, settings)?)));
    if let Some((kind, sounds)) = sounds {
        return print_sounds(kind, sounds, args, settings);
    }
    if let (Some(wanted), Some(folder)) = (&args.kind, &args.stills) {
        let (kind, cards) = find_kind(&library_set.library, wanted)?;
        let cards = match &args.name {
            Some(name) => vec![find_preset(&cards, kind, name)?],
            None => cards,
        };
        let request = StillRequest {
            kind,
            names: cards.iter().map(|card| card.name.value.clone()).collect(),
            presets: &args.folder,
            folder,
            format: args.format,
            parallel: args.parallel,
        };
        return draw_stills(&request, &library_set.library, settings);
    }
    let shown = match (&args.kind, &args.name) {
        (None, _) => list_kinds(&library_set, args.format, settings),
        (Some(wanted), None) => {
            let (kind, cards) = find_kind(&library_set.library, wanted)?;
            list_presets(kind, &cards, &library_set.sources, args.format, settings)
        }
        (Some(wanted), Some(name)) => {
            let (kind, cards) = find_kind(&library_set.library, wanted)?;
            show_preset(
                find_preset(&cards, kind, name)?,
                kind,
                &library_set.sources,
                args.format,
            )
        }
    };
    settings.print_stdout(&shown);
    Ok(ExitCode::SUCCESS)
}

/// Prints the mistakes in preset files. Those in farm profiles become warnings.
fn report_preset_findings(library_set: &mut LoadedLibrary, settings: &CliSettings) {
    // No farm is in use here, so a mistake in a farm profile of the site is only a warning.
    // Otherwise one mistake of an administrator would stop everyone from looking at presets.
    let downgraded = library_set.downgrade_foreign_errors(None);
    if !downgraded.is_empty() {
        settings.print_stderr(&diagnostic::render_diagnostics(
            &downgraded,
            &library_set.sources,
            settings.diagnostic_style(),
        ));
    }
    if library_set.diagnostics.has_errors() {
        let drawn = diagnostic::render_diagnostics(
            &library_set.diagnostics.clone().into_sorted(),
            &library_set.sources,
            settings.diagnostic_style(),
        );
        settings.print_stderr(&drawn);
    }
}

/// Prints the sounds or voices of a kind, or the one that is named.
fn print_sounds(
    kind: &str,
    mut sounds: Vec<SoundName>,
    args: &Args,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    if let Some(name) = &args.name {
        sounds = vec![find_sound(sounds, kind, name)?];
    }
    settings.print_stdout(&list_sounds(kind, &sounds, args, settings));
    Ok(ExitCode::SUCCESS)
}

/// Returns the names of a kind that are no presets. `None`: it is another kind.
fn listed_sounds(kind: &str, args: &Args, settings: &CliSettings) -> Option<Vec<SoundName>> {
    // A program of the folder is not started to list what it has.
    let programs = FolderPrograms::find(&args.folder, &settings.session.search_path);
    sound_names(kind, programs.outside_search_path())
}

fn find_sound(sounds: Vec<SoundName>, kind: &str, wanted: &str) -> Result<SoundName, CliError> {
    let names: Vec<String> = sounds.iter().map(|sound| sound.name.clone()).collect();
    let mut sounds = sounds.into_iter();
    let found = sounds.find(|sound| sound.name == wanted);
    found.ok_or_else(|| {
        let near = nearest_match(wanted, names.iter().map(String::as_str));
        let hint = near.map_or_else(
            || format!("`production library {kind}` lists them"),
            |near| format!("did you mean `{near}`?"),
        );
        CliError::Usage(format!("find `{wanted}` among the {kind}; {hint}"))
    })
}

/// Returns names that are no presets, each with what it is.
fn list_sounds(kind: &str, sounds: &[SoundName], args: &Args, settings: &CliSettings) -> String {
    match args.format {
        ResultFormat::Json if args.name.is_some() => {
            let mut facts = sounds.first().map_or(Value::Null, sound_json);
            facts["kind"] = kind.into();
            to_pretty_json(&facts)
        }
        ResultFormat::Json => to_pretty_json(&json!({
            "kind": kind,
            "presets": sounds.iter().map(sound_json).collect::<Vec<_>>(),
        })),
        ResultFormat::Short => {
            let names = sounds.iter();
            names.map(|sound| format!("{}\n", sound.name)).collect()
        }
        ResultFormat::Text if sounds.is_empty() => {
            format!("no {kind}: neither `espeak-ng` nor `piper` was found")
        }
        ResultFormat::Text => {
            let rows = sounds.iter();
            let rows: Vec<_> = rows
                .map(|sound| vec![sound.name.clone(), sound.about.clone()])
                .collect();
            fit_columns(&rows, settings.table_width)
        }
    }
}

/// Returns a name in the form of a preset.
fn sound_json(sound: &SoundName) -> Value {
    json!({
        "name": sound.name,
        "description": sound.about,
        "summary": sound.about,
        "built_in": true,
        "from": BUILT_IN,
        "overrides": null,
        "yaml": sound.name,
    })
}

fn find_preset<'a>(
    cards: &[&'a PresetInfo],
    kind: PresetKind,
    name: &str,
) -> Result<&'a PresetInfo, CliError> {
    cards
        .iter()
        .find(|card| card.name.value == name)
        .copied()
        .ok_or_else(|| {
            let names = || cards.iter().map(|card| card.name.value.as_str());
            let hint = nearest_match(name, names())
                .map(|near| format!("did you mean `{near}`?"))
                .or_else(|| partial_match_hint(name, names()))
                .or_else(|| did_you_mean(name, names()))
                .unwrap_or_else(|| format!("`production library {kind}` names them all"));
            CliError::Usage(format!(
                "find `{name}` among the presets of the kind `{kind}`; {hint}"
            ))
        })
}

/// Returns a hint with the names that contain a name as it was typed: `hero` for `hero_cu`.
fn partial_match_hint<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    // A shorter text is part of too many names.
    let wanted = name.to_lowercase();
    let candidates = candidates.filter(|candidate| wanted.len() > 2 && candidate.contains(&wanted));
    let mut found: Vec<&str> = candidates.collect();
    // Names that begin with it are meant more often.
    found.sort_by_key(|candidate| (!candidate.starts_with(&wanted), *candidate));
    found.truncate(MOST_NAMED);
    (!found.is_empty()).then(|| format!("did you mean `{}`?", found.join("` or `")))
}

fn list_kinds(library_set: &LoadedLibrary, format: ResultFormat, settings: &CliSettings) -> String {
    let kinds = library_set.library.kinds();
    match format {
        ResultFormat::Json => to_pretty_json(
            &kinds
                .iter()
                .map(|(kind, cards)| ((*kind).to_owned(), preset_names(cards)))
                .collect::<Value>(),
        ),
        ResultFormat::Short => kinds
            .iter()
            .flat_map(|(kind, cards)| {
                cards
                    .iter()
                    .map(move |card| format!("{kind} {}\n", card.name.value))
            })
            .collect(),
        ResultFormat::Text => {
            let rows = kinds.iter().map(|(kind, cards)| {
                let names: Vec<&str> = cards.iter().map(|card| card.name.value.as_str()).collect();
                vec![
                    (*kind).to_owned(),
                    cards.len().to_string(),
                    names.join(", "),
                ]
            });
            let sounds = SOUND_KINDS
                .map(|(kind, about)| vec![kind.to_owned(), String::new(), about.to_owned()]);
            let hint = "production library KIND lists one kind; production library KIND NAME shows one preset";
            format!(
                "{}\n{hint}",
                fit_columns(
                    &rows.chain(sounds).collect::<Vec<_>>(),
                    settings.table_width
                )
            )
        }
    }
}

fn preset_names(cards: &[&PresetInfo]) -> Value {
    cards.iter().map(|card| card.name.value.as_str()).collect()
}

fn list_presets(
    kind: PresetKind,
    cards: &[&PresetInfo],
    sources: &SourceMap,
    format: ResultFormat,
    settings: &CliSettings,
) -> String {
    match format {
        ResultFormat::Json => to_pretty_json(&json!({
            "kind": kind,
            "presets": cards.iter().map(|card| preset_json(card, sources)).collect::<Vec<_>>(),
        })),
        ResultFormat::Short => preset_lines(cards),
        ResultFormat::Text => {
            fit_columns(
                &cards
                    .iter()
                    .map(|card| {
                        // Most presets are built in, so only the others are marked.
                        let whose = if card.built_in { "" } else { "(yours) " };
                        vec![
                            card.name.value.clone(),
                            format!("{whose}{}", card.summary_line(sources)),
                        ]
                    })
                    .collect::<Vec<_>>(),
                settings.table_width,
            )
        }
    }
}

fn preset_lines(cards: &[&PresetInfo]) -> String {
    let names = cards.iter();
    names.map(|card| format!("{}\n", card.name.value)).collect()
}

/// Returns the preset as YAML, or as JSON with the YAML in a field.
fn show_preset(
    card: &PresetInfo,
    kind: PresetKind,
    sources: &SourceMap,
    format: ResultFormat,
) -> String {
    if format == ResultFormat::Json {
        let mut facts = preset_json(card, sources);
        facts["kind"] = kind.into();
        return to_pretty_json(&facts);
    }
    // Description and source are comments, so that the whole output is a preset file.
    let about = card
        .description
        .as_ref()
        .map(|text| format!("# {text}\n"))
        .unwrap_or_default();
    let replaces = if card.replaced.is_some() {
        ", in place of the built-in one"
    } else {
        ""
    };
    format!(
        "{about}# {kind}, {}{replaces}\n{}",
        preset_place(card, sources),
        card.yaml_text(sources)
    )
}

fn preset_json(card: &PresetInfo, sources: &SourceMap) -> Value {
    json!({
        "name": card.name.value,
        "description": card.description,
        "summary": card.summary_line(sources),
        "built_in": card.built_in,
        "from": preset_place(card, sources),
        "overrides": card.replaced.map(|_| BUILT_IN),
        "yaml": card.yaml_text(sources),
    })
}

/// Returns the file, line and column of a preset, or `built in`.
fn preset_place(card: &PresetInfo, sources: &SourceMap) -> String {
    if card.built_in {
        BUILT_IN.to_owned()
    } else {
        sources.format_position(card.name.origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_name_finds_the_names_that_have_it() {
        let names = ["super_hero", "hero_ms", "insert", "hero_cu"];
        assert_eq!(
            partial_match_hint("Hero", names.into_iter()).unwrap(),
            "did you mean `hero_cu` or `hero_ms` or `super_hero`?"
        );
        assert_eq!(partial_match_hint("he", names.into_iter()), None);
        assert_eq!(partial_match_hint("zebra", names.into_iter()), None);
    }
}

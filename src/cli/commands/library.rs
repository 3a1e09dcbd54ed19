//! `production library`: the presets that a production can name, by kind, and each as YAML to copy.

use crate::base::suggestions::did_you_mean;
use crate::base::{Diagnostic, Diagnostics, FileId, FileSpan, Severity, SourceMap};
use crate::cli::args::{Format, Library as Args};
use crate::cli::exit::{CliError, INVALID};
use crate::cli::settings::Settings;
use crate::library::{Library, PresetInfo, PresetKind};
use crate::report::diagnostic;
use crate::report::text_table::fit_columns;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Where a preset comes from that is in no file of the user's.
const BUILT_IN: &str = "built in";

/// The library, with the text that it was read from.
pub(super) struct Shelves {
    pub(super) library: Library,
    pub(super) sources: SourceMap,
    pub(super) found: Diagnostics,
    /// The files of farms outside the production.
    outside: Vec<FileId>,
}

impl Shelves {
    /// Makes warnings of mistakes in files that the site and the user keep for all productions, but for those in the farm
    /// that is `used`: a profile that nobody asks for stops nobody. Returns those warnings.
    pub(super) fn forgive(&mut self, used: Option<&str>) -> Diagnostics {
        let used = self
            .library
            .farms
            .preset_infos()
            .find(|card| used == Some(&card.name.value))
            .map(PresetInfo::full_span);
        let is_used = |origin: &FileSpan| used.is_some_and(|used| used.contains_span(*origin));
        let (mut found, mut forgiven) = (Diagnostics::default(), Diagnostics::default());
        for finding in std::mem::take(&mut self.found).into_sorted() {
            let mut places = std::iter::once(&finding.origin)
                .chain(finding.related.iter().map(|(origin, _)| origin));
            let is_foreign = self.outside.contains(&finding.origin.file) && !places.any(is_used);
            if is_foreign && finding.severity == Severity::Error {
                forgiven.push(Diagnostic {
                    severity: Severity::Warning,
                    ..finding
                });
            } else {
                found.push(finding);
            }
        }
        self.found = found;
        forgiven
    }
}

/// Reads the built-in presets and those of a folder.
pub(super) fn read(folder: &Path) -> Shelves {
    with_farms(folder, &[])
}

/// Reads them with the farms of the site and the user.
pub(super) fn read_on_site(folder: &Path, settings: &Settings) -> Shelves {
    with_farms(folder, &settings.farms)
}

fn with_farms(folder: &Path, farms: &[PathBuf]) -> Shelves {
    let (mut sources, mut found) = (SourceMap::default(), Diagnostics::default());
    let library = Library::read_with_site_farms(folder, farms, &mut sources, &mut found);
    let outside = farms
        .iter()
        .filter_map(|path| sources.find_path(path))
        .collect();
    Shelves {
        library,
        sources,
        found,
        outside,
    }
}

/// Returns the kind of this name with its presets.
pub(super) fn kind<'a>(
    library: &'a Library,
    wanted: &str,
) -> Result<(PresetKind, Vec<&'a PresetInfo>), CliError> {
    let kinds = library.kinds();
    let names: Vec<PresetKind> = kinds.iter().map(|(kind, _)| *kind).collect();
    kinds
        .into_iter()
        .find(|(kind, _)| *kind == wanted)
        .ok_or_else(|| {
            let hint = did_you_mean(wanted, names.iter().copied()).unwrap_or_default();
            CliError::Usage(format!("find presets of the kind `{wanted}`; {hint}"))
        })
}

pub(super) fn run(args: &Args, settings: &Settings) -> Result<ExitCode, CliError> {
    let mut shelves = read_on_site(&args.folder, settings);
    let forgiven = shelves.forgive(None);
    if !forgiven.is_empty() {
        settings.say_error(&diagnostic::render_diagnostics(
            &forgiven,
            &shelves.sources,
            settings.style(),
        ));
    }
    if shelves.found.has_errors() {
        let drawn = diagnostic::render_diagnostics(
            &shelves.found.clone().into_sorted(),
            &shelves.sources,
            settings.style(),
        );
        settings.say_error(&drawn);
        return Ok(ExitCode::from(INVALID));
    }
    let shown = match (&args.kind, &args.name) {
        (None, _) => all(&shelves, args.format, settings),
        (Some(wanted), None) => {
            let (kind, cards) = kind(&shelves.library, wanted)?;
            one_kind(kind, &cards, &shelves.sources, args.format, settings)
        }
        (Some(wanted), Some(name)) => {
            let (kind, cards) = kind(&shelves.library, wanted)?;
            one_preset(
                card(&cards, kind, name)?,
                kind,
                &shelves.sources,
                args.format,
            )
        }
    };
    settings.say(&shown);
    Ok(ExitCode::SUCCESS)
}

fn card<'a>(
    cards: &[&'a PresetInfo],
    kind: PresetKind,
    name: &str,
) -> Result<&'a PresetInfo, CliError> {
    cards
        .iter()
        .find(|card| card.name.value == name)
        .copied()
        .ok_or_else(|| {
            let hint = did_you_mean(name, cards.iter().map(|card| card.name.value.as_str()));
            let hint =
                hint.unwrap_or_else(|| format!("`production library {kind}` names them all"));
            CliError::Usage(format!(
                "find `{name}` among the presets of the kind `{kind}`; {hint}"
            ))
        })
}

fn all(shelves: &Shelves, format: Format, settings: &Settings) -> String {
    let kinds = shelves.library.kinds();
    match format {
        Format::Json => pretty(
            &kinds
                .iter()
                .map(|(kind, cards)| ((*kind).to_owned(), names(cards)))
                .collect(),
        ),
        Format::Text => {
            let rows = kinds.iter().map(|(kind, cards)| {
                let names: Vec<&str> = cards.iter().map(|card| card.name.value.as_str()).collect();
                vec![
                    (*kind).to_owned(),
                    cards.len().to_string(),
                    names.join(", "),
                ]
            });
            let hint = "production library KIND lists one kind; production library KIND NAME shows one preset";
            format!(
                "{}\n{hint}",
                fit_columns(&rows.collect::<Vec<_>>(), settings.width)
            )
        }
    }
}

fn names(cards: &[&PresetInfo]) -> Value {
    cards.iter().map(|card| card.name.value.as_str()).collect()
}

fn one_kind(
    kind: PresetKind,
    cards: &[&PresetInfo],
    sources: &SourceMap,
    format: Format,
    settings: &Settings,
) -> String {
    match format {
        Format::Json => pretty(&json!({
            "kind": kind,
            "presets": cards.iter().map(|card| facts(card, sources)).collect::<Vec<_>>(),
        })),
        Format::Text => {
            let row = |card: &&PresetInfo| {
                let whose = if card.built_in { "" } else { "(yours) " };
                vec![
                    card.name.value.clone(),
                    format!("{whose}{}", card.summary_line(sources)),
                ]
            };
            fit_columns(&cards.iter().map(row).collect::<Vec<_>>(), settings.width)
        }
    }
}

/// The preset as YAML. What is known of it stands in comments, so that the whole can be copied.
fn one_preset(card: &PresetInfo, kind: PresetKind, sources: &SourceMap, format: Format) -> String {
    if format == Format::Json {
        let mut facts = facts(card, sources);
        facts["kind"] = kind.into();
        return pretty(&facts);
    }
    let about = card
        .description
        .as_ref()
        .map(|text| format!("# {text}\n"))
        .unwrap_or_default();
    let over = if card.replaced.is_some() {
        ", in place of the built-in one"
    } else {
        ""
    };
    format!(
        "{about}# {kind}, {}{over}\n{}",
        place(card, sources),
        card.yaml_text(sources)
    )
}

fn facts(card: &PresetInfo, sources: &SourceMap) -> Value {
    json!({
        "name": card.name.value,
        "description": card.description,
        "summary": card.summary_line(sources),
        "built_in": card.built_in,
        "from": place(card, sources),
        "overrides": card.replaced.map(|_| BUILT_IN),
        "yaml": card.yaml_text(sources),
    })
}

/// Returns where a preset is written: file, line and column, unless it is built in.
fn place(card: &PresetInfo, sources: &SourceMap) -> String {
    if card.built_in {
        BUILT_IN.to_owned()
    } else {
        sources.format_position(card.name.origin)
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

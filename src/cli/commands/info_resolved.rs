//! `production info --resolved`: the document with presets, defaults and variables written out,
//! each value with its source.

use super::validate;
use crate::base::json::to_pretty_json;
use crate::base::{FileSpan, SourceMap};
use crate::cli::args::{InfoArgs, ResultFormat};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::{CliError, INVALID_INPUT};
use crate::cli::session_requests::project_options;
use crate::document::value_tree::{ToValueTree, ValueTree};
use crate::document::variables::VariableSource;
use crate::project::{OpenedProduction, ResolvedDocument, open_resolved};
use crate::report::{SilenceFacts, TierFacts, resolved_document};
use crate::resolve::{DEFAULT_ORIGIN, DERIVED_ORIGIN, OVERRIDE_ORIGIN, SILENCE_ORIGIN};
use std::path::Path;
use std::process::ExitCode;

pub(super) fn run_resolved(args: &InfoArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let (opened, full) = open_resolved(
        &args.subject.path,
        &project_options(&args.subject, args.runs.store.folder.as_deref(), settings),
    )?;
    let (Some(full), Some(checked)) = (full, &opened.checked) else {
        validate::show_findings(&opened, args.output.format, settings);
        return Ok(ExitCode::from(INVALID_INPUT));
    };
    settings.print_stdout(&resolved_text(
        &opened,
        &full,
        &checked.root,
        args.output.format,
    ));
    Ok(ExitCode::SUCCESS)
}

fn resolved_text(
    opened: &OpenedProduction,
    full: &ResolvedDocument,
    root: &Path,
    format: ResultFormat,
) -> String {
    let production = full
        .draft
        .to_value_tree()
        .unwrap_or_else(|| ValueTree::Map(Vec::new()));
    // Under the top key of a document, so that the output is a document again.
    let value_tree = ValueTree::Map(vec![("production".to_owned(), production)]);
    // `--quality` and `--no-sound`, typed or set, are the options that override the document.
    let checked = opened.checked.as_ref();
    let tier = checked.map(|checked| TierFacts::from_render(&checked.render, &opened.sources));
    let override_source = tier.map(|tier| tier.source).unwrap_or_default();
    let silence = checked.and_then(|checked| SilenceFacts::from_production(checked));
    let silence_source = silence.map(|silence| silence.source).unwrap_or_default();
    let from = |origin| match origin {
        OVERRIDE_ORIGIN => override_source.clone(),
        SILENCE_ORIGIN => silence_source.clone(),
        _ => value_source(origin, full, &opened.sources, root),
    };
    match format {
        ResultFormat::Text | ResultFormat::Short => {
            resolved_document::document_yaml(&value_tree, &from)
        }
        ResultFormat::Json => to_pretty_json(&resolved_document::document_json(&value_tree, &from)),
    }
}

/// Returns the source of a value: its file and line with the variables in it, or `default`,
/// `derived` or the option that set it.
fn value_source(
    origin: FileSpan,
    full: &ResolvedDocument,
    sources: &SourceMap,
    root: &Path,
) -> String {
    match origin {
        DEFAULT_ORIGIN => return "default".to_owned(),
        DERIVED_ORIGIN => return "derived".to_owned(),
        _ => {}
    }
    let mut from = source_place(origin, sources, root);
    for (name, variable) in full.variables.variables_in(origin, sources) {
        let source = match &variable.from {
            VariableSource::Set => "--set".to_owned(),
            VariableSource::Environment(key) => format!("the environment's {key}"),
            VariableSource::Document(origin) => source_place(*origin, sources, root),
        };
        from.push_str(&format!(", ${{{name}}} from {source}"));
    }
    from
}

/// Returns file and line. Files of the production are relative to its root.
fn source_place(origin: FileSpan, sources: &SourceMap, root: &Path) -> String {
    let Some(source) = sources.get(origin.file) else {
        return String::new();
    };
    let (line, _) = source.line_and_column(origin.start);
    // Built-in presets have paths below `library/`, a folder that does not exist on the disk. The
    // word in front keeps a reader from looking for it.
    match source.path.strip_prefix("library") {
        Ok(preset) => format!("library {}:{line}", preset.display()),
        Err(_) => format!(
            "{}:{line}",
            source
                .path
                .strip_prefix(root)
                .unwrap_or(&source.path)
                .display()
        ),
    }
}

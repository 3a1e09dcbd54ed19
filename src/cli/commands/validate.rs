//! `production validate`: reports every mistake of a document, and fixes those that have one
//! certain fix. Also shows findings for the commands that go on to other work.

use crate::base::json::to_pretty_json;
use crate::base::{CodeExplanation, DiagnosticCode, Diagnostics, Severity};
use crate::cli::args::{FindingFormat, ResultFormat, ValidateArgs};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::{CliError, INVALID_INPUT};
use crate::cli::session_requests::{frame_memory, open_for_delivery, project_options};
use crate::project::{
    HOOKS_FILE, OpenedProduction, ProjectOptions, RunHooks, code_catalogue, plan_fixes,
};
use crate::report::diagnostic::{DiagnosticStyle, GroupDetail, UncheckedReport};
use crate::report::{diagnostic, text_format};
use crate::timeline::TimelineMaker;
use crate::validate::UncheckedRules;
use serde_json::Value;
use std::process::ExitCode;

/// The most rounds of edits. Each round removes at least one mistake, so a limit is reached only by
/// two fixes that undo each other.
const MOST_ROUNDS: usize = 64;

/// Warnings about programs without which no run starts. The document is right, and may be run on
/// another machine.
const REFUSALS: [DiagnosticCode; 3] = [
    "production::sound::provider_missing",
    "production::tools::ffmpeg_missing",
    "production::tools::ffprobe_missing",
];

pub(super) fn run_validate(
    args: &ValidateArgs,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    let options = ProjectOptions {
        strict: args.strict,
        memory: frame_memory(false),
        ..project_options(&args.subject, args.store.folder.as_deref(), settings)
    };
    let opened = if args.fix {
        apply_fixes(args, &options, settings)?
    } else {
        open_subject(args, &options)?
    };
    let findings = format_findings(args, &opened, settings);
    // Only people can do without a result that says that there is none.
    let is_silent = settings.is_quiet()
        && matches!(args.format, FindingFormat::Text | FindingFormat::Short)
        && findings.is_empty();
    if !is_silent {
        settings.print_stdout(&findings);
    }
    note_estimated_speech(&opened, settings);
    let valid = opened.checked.is_some();
    // The process ends here. Freeing a large production piece by piece would cost a twentieth of
    // the time to read it.
    std::mem::forget(opened);
    Ok(if valid {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(INVALID_INPUT)
    })
}

/// Says how many lengths of lines are estimates, if there are any.
pub(super) fn note_estimated_speech(opened: &OpenedProduction, settings: &CliSettings) {
    let estimated = estimated_lines(opened);
    if estimated > 0 {
        let lines = text_format::format_count(estimated, "line");
        settings.print_notice(&format!(
            "the length of {lines} of speech is estimated; a run speaks and measures them first"
        ));
    }
}

/// Returns the number of lines whose length is an estimate.
pub(super) fn estimated_lines(opened: &OpenedProduction) -> usize {
    let shots = opened.checked.iter().flat_map(|checked| &checked.shots);
    let lines = shots.flat_map(|shot| &shot.lines);
    lines.filter(|line| !line.measured).count()
}

fn open_subject(
    args: &ValidateArgs,
    options: &ProjectOptions<'_>,
) -> Result<OpenedProduction, CliError> {
    let mut opened = open_for_delivery(
        &args.subject.path,
        options,
        args.store.folder.as_deref(),
        &args.replace,
    )?;
    add_hook_findings(&mut opened)?;
    Ok(opened)
}

/// Adds the findings of the folder's hooks, which a run reads before it starts.
fn add_hook_findings(opened: &mut OpenedProduction) -> Result<(), CliError> {
    let path = opened.root.join(HOOKS_FILE);
    RunHooks::read(&path, &mut opened.sources, &mut opened.diagnostics)
        .map_err(|error| CliError::io_error(format!("read {}", path.display()), error))?;
    if opened.diagnostics.has_errors() {
        opened.checked = None;
    }
    Ok(())
}

/// Applies the fixes of findings until no finding has one, and returns the production as it is
/// then. With `--dry-run`, shows the first round and writes nothing.
fn apply_fixes(
    args: &ValidateArgs,
    options: &ProjectOptions<'_>,
    settings: &CliSettings,
) -> Result<OpenedProduction, CliError> {
    let mut opened = open_subject(args, options)?;
    let mut count = 0;
    // One round is not enough: a misspelt field is decoded only after its name was fixed, and may
    // have more mistakes inside.
    for _ in 0..MOST_ROUNDS {
        let fixed_files = plan_fixes(&opened.diagnostics, &opened.sources, &opened.root);
        if fixed_files.is_empty() {
            break;
        }
        for file in &fixed_files {
            print_change(
                args,
                &diagnostic::edit_lines(&file.edits, &opened.sources),
                settings,
            );
            count += file.edits.len();
            if !args.dry_run {
                file.write()?;
            }
        }
        // Nothing was written, so a second round would find the same fixes again.
        if args.dry_run {
            break;
        }
        opened = open_subject(args, options)?;
    }
    print_change(args, &fix_outcome(count, args.dry_run), settings);
    Ok(opened)
}

fn fix_outcome(count: usize, dry_run: bool) -> String {
    let edits = text_format::format_count(count, "edit");
    match (count, dry_run) {
        (0, _) => "no finding has a certain fix\n".to_owned(),
        (_, true) => format!("{edits}, not written; the fixed document may have more\n"),
        (_, false) => format!("{edits} written\n"),
    }
}

fn print_change(args: &ValidateArgs, change: &str, settings: &CliSettings) {
    // People read changes and findings together. A program that parses the findings must not meet
    // other text between them.
    if args.format == FindingFormat::Text {
        settings.print_stdout(change);
    } else {
        settings.print_stderr(change);
    }
}

fn format_findings(
    args: &ValidateArgs,
    opened: &OpenedProduction,
    settings: &CliSettings,
) -> String {
    let sources = &opened.sources;
    let shown = shown_findings(opened, settings, Severity::Info);
    let all = &opened.diagnostics;
    // Formats for machines have all findings, however much people want to see.
    let diagnostics = match args.format {
        FindingFormat::Text | FindingFormat::Short => &shown,
        _ => all,
    };
    match args.format {
        // Only formats that people read have a limit: text, short, and the annotations of GitHub.
        FindingFormat::Text => findings_text(args, opened, &shown, settings),
        FindingFormat::Short => {
            diagnostic::short_diagnostics_up_to(diagnostics, sources, args.limit)
        }
        FindingFormat::Json => to_pretty_json(&findings_json(opened)),
        FindingFormat::Github => diagnostic::github_commands(diagnostics, sources, args.limit),
        FindingFormat::Sarif => {
            to_pretty_json(&diagnostic::sarif_log(diagnostics, sources, code_page))
        }
        FindingFormat::Junit => diagnostic::junit_xml(
            diagnostics,
            sources,
            &args.subject.path.display().to_string(),
        ),
    }
}

fn code_page(code: DiagnosticCode) -> Option<CodeExplanation> {
    code_catalogue::code_pages()
        .into_iter()
        .find(|page| page.code == code)
}

/// Returns the findings, and what could not be checked.
pub(super) fn findings_json(opened: &OpenedProduction) -> Value {
    let OpenedProduction {
        diagnostics,
        sources,
        checked,
        ..
    } = opened;
    let mut report = diagnostic::diagnostics_json(diagnostics, sources, checked.is_some());
    let unchecked = unchecked_reports(opened, |unchecked| &unchecked.rules);
    report["unchecked"] = diagnostic::unchecked_json(&unchecked, sources);
    report
}

/// Returns the rules that could not be checked, of which `rules` returns those to show.
fn unchecked_reports(
    opened: &OpenedProduction,
    rules: fn(&UncheckedRules) -> &[DiagnosticCode],
) -> Vec<UncheckedReport<'_>> {
    let unchecked = opened.unchecked.iter();
    let reports = unchecked.map(|unchecked| UncheckedReport {
        code: unchecked.code,
        origin: unchecked.origin,
        is_entry_only: unchecked.is_entry_only,
        rules: rules(unchecked),
    });
    reports.filter(|report| !report.rules.is_empty()).collect()
}

fn findings_text(
    args: &ValidateArgs,
    opened: &OpenedProduction,
    shown: &Diagnostics,
    settings: &CliSettings,
) -> String {
    let style = DiagnosticStyle {
        colour: settings.out_colour,
        ..settings.diagnostic_style()
    };
    let drawn = match shown.as_slice() {
        [] => String::new(),
        all => {
            let drawn = if settings.is_verbose() {
                let sources = &opened.sources;
                diagnostic::render_diagnostics_up_to(shown, sources, style, args.limit)
            } else {
                let detail = GroupDetail {
                    limit: args.limit,
                    lists_warnings: true,
                    full_command: "",
                };
                diagnostic::grouped_diagnostics(shown, &opened.sources, style, detail)
            };
            let unchecked = unchecked_reports(opened, |unchecked| &unchecked.relevant);
            // One hint for all findings: it shows the command with a code that applies.
            let worst = all.iter().min_by_key(|finding| finding.severity);
            let worst = worst.map_or("", |finding| finding.code);
            format!(
                "{drawn}{}more about a code: production explain {}\n",
                diagnostic::unchecked_text(&unchecked, &opened.sources),
                code_catalogue::short_code(worst)
            )
        }
    };
    let Some(checked) = opened.checked.as_ref().filter(|_| !settings.is_quiet()) else {
        return drawn;
    };
    let frames = TimelineMaker::new(checked).film_places().length;
    let facts = format!(
        "{} is valid: {}, {}, {}",
        checked.meta.display_title(),
        text_format::format_count(checked.shots.len(), "shot"),
        text_format::format_count(frames, "frame"),
        text_format::format_count(checked.output_entries(), "output")
    );
    let refusal = if is_refused(opened) {
        "; a run here is refused until what is missing is installed"
    } else {
        ""
    };
    format!("{drawn}{facts}{refusal}")
}

/// Returns whether a run of a valid document is refused on this machine.
fn is_refused(opened: &OpenedProduction) -> bool {
    let found = opened.diagnostics.as_slice().iter();
    let mut codes = found.map(|finding| finding.code);
    codes.any(|code| REFUSALS.contains(&code))
}

/// Prints errors and warnings before other work. Returns whether the production is valid.
///
/// Notes are left out: they are for the author of the document, who runs `validate`.
pub(super) fn show_findings(
    opened: &OpenedProduction,
    format: ResultFormat,
    settings: &CliSettings,
) -> bool {
    // Standard error, because standard output has the result of the command.
    let text = findings_before_work(opened, format, settings);
    if !text.is_empty() {
        settings.print_stderr(&text);
    }
    opened.checked.is_some()
}

/// Returns errors and warnings as they are shown before other work. Empty if there are none.
pub(super) fn findings_before_work(
    opened: &OpenedProduction,
    format: ResultFormat,
    settings: &CliSettings,
) -> String {
    let shown = shown_findings(opened, settings, Severity::Warning);
    let sources = &opened.sources;
    let style = settings.diagnostic_style();
    if shown.is_empty() {
        String::new()
    } else if format == ResultFormat::Short {
        diagnostic::short_diagnostics(&shown, sources)
    } else if settings.is_verbose() {
        diagnostic::render_diagnostics(&shown, sources, style)
    } else {
        let list_command = settings.typed.suggest("validate", &[]);
        let detail = GroupDetail {
            limit: diagnostic::DEFAULT_LIMIT,
            lists_warnings: false,
            full_command: &format!("`{list_command}` lists them"),
        };
        diagnostic::grouped_diagnostics(&shown, sources, style, detail)
    }
}

/// Returns the findings that are shown: of a severity or worse, and errors only with `--quiet`.
fn shown_findings(
    opened: &OpenedProduction,
    settings: &CliSettings,
    least: Severity,
) -> Diagnostics {
    let least = if settings.is_quiet() {
        Severity::Error
    } else {
        least
    };
    let mut shown = Diagnostics::default();
    let all = opened.diagnostics.as_slice().iter().cloned();
    // `Severity` sorts the worst first.
    all.filter(|finding| finding.severity <= least)
        .for_each(|finding| shown.push(finding));
    shown
}

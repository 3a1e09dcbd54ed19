//! `production validate`: every mistake, none of the work.

use super::options;
use crate::base::{CodeExplanation, DiagnosticCode, Diagnostics, Severity};
use crate::cli::args::{FindingFormat, Validate};
use crate::cli::exit::{CliError, INVALID};
use crate::cli::settings::Settings;
use crate::project::{OpenedProduction, ProjectOptions, code_catalogue, open, plan_fixes};
use crate::report::diagnostic::DiagnosticStyle;
use crate::report::{diagnostic, text_format};
use std::process::ExitCode;

/// Most times that a document is read again after edits; each time at least one mistake is gone.
const MOST_ROUNDS: usize = 64;

pub(super) fn run(args: &Validate, settings: &Settings) -> Result<ExitCode, CliError> {
    let options = ProjectOptions {
        strict: args.strict,
        ..options(&args.subject, settings)
    };
    let opened = if args.fix {
        fixed(args, &options, settings)?
    } else {
        open(&args.subject.path, &options)?
    };
    settings.say(&told(args, &opened, settings));
    let valid = opened.checked.is_some();
    // The process ends here: taking a large production apart piece by piece would cost a twentieth of reading it.
    std::mem::forget(opened);
    Ok(if valid {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(INVALID)
    })
}

/// Applies edits until there is none left: mending a field brings to light what is wrong inside it. Returns what is
/// found in the end.
fn fixed(
    args: &Validate,
    options: &ProjectOptions<'_>,
    settings: &Settings,
) -> Result<OpenedProduction, CliError> {
    let mut opened = open(&args.subject.path, options)?;
    let mut count = 0;
    for _ in 0..MOST_ROUNDS {
        let mended = plan_fixes(&opened.diagnostics, &opened.sources, &opened.root);
        if mended.is_empty() {
            break;
        }
        for file in &mended {
            say_change(
                args,
                &diagnostic::edit_lines(&file.edits, &opened.sources),
                settings,
            );
            count += file.edits.len();
            if !args.dry_run {
                file.write()?;
            }
        }
        if args.dry_run {
            break;
        }
        opened = open(&args.subject.path, options)?;
    }
    say_change(args, &outcome(count, args.dry_run), settings);
    Ok(opened)
}

fn outcome(count: usize, dry_run: bool) -> String {
    let edits = text_format::format_count(count, "edit");
    match (count, dry_run) {
        (0, _) => "nothing to mend with certainty\n".to_owned(),
        (_, true) => format!("{edits}, not written; mending them may bring to light more\n"),
        (_, false) => format!("{edits} written\n"),
    }
}

/// Tells a change: where the findings go when people read both, else where it disturbs no reader of them.
fn say_change(args: &Validate, change: &str, settings: &Settings) {
    if args.format == FindingFormat::Text {
        settings.say(change)
    } else {
        settings.say_error(change)
    }
}

/// Returns the findings in the form asked for.
fn told(args: &Validate, opened: &OpenedProduction, settings: &Settings) -> String {
    let OpenedProduction {
        diagnostics: found,
        sources,
        checked,
        ..
    } = opened;
    let pretty =
        |value: &serde_json::Value| serde_json::to_string_pretty(value).unwrap_or_default();
    match args.format {
        FindingFormat::Text => text(args, opened, settings),
        FindingFormat::Short => diagnostic::short_diagnostics_up_to(found, sources, args.limit),
        FindingFormat::Json => pretty(&diagnostic::diagnostics_json(
            found,
            sources,
            checked.is_some(),
        )),
        FindingFormat::Github => diagnostic::github_commands(found, sources, args.limit),
        FindingFormat::Sarif => pretty(&diagnostic::sarif_log(found, sources, page)),
        FindingFormat::Junit => {
            diagnostic::junit_xml(found, sources, &args.subject.path.display().to_string())
        }
    }
}

fn page(code: DiagnosticCode) -> Option<CodeExplanation> {
    code_catalogue::code_pages()
        .into_iter()
        .find(|page| page.code == code)
}

fn text(args: &Validate, opened: &OpenedProduction, settings: &Settings) -> String {
    let style = DiagnosticStyle {
        colour: settings.out_colour,
        ..settings.style()
    };
    let drawn = match opened.diagnostics.as_slice() {
        [] => String::new(),
        [first, ..] => {
            let drawn = diagnostic::render_diagnostics_up_to(
                &opened.diagnostics,
                &opened.sources,
                style,
                args.limit,
            );
            format!(
                "{drawn}more about a code: production explain {}\n",
                code_catalogue::short_code(first.code)
            )
        }
    };
    let Some(checked) = &opened.checked else {
        return drawn;
    };
    let frames: usize = checked.shots.iter().map(|shot| shot.frames.len()).sum();
    let facts = format!(
        "{} is valid: {} shots, {frames} frames, {} outputs",
        checked.meta.display_title(),
        checked.shots.len(),
        checked.outputs.len()
    );
    format!("{drawn}{facts}")
}

/// Shows errors and warnings before other work; returns whether the production may go on.
///
/// Notes are for whoever works on the document, and asks for them with `validate`.
pub(super) fn show(opened: &OpenedProduction, settings: &Settings) -> bool {
    let mut worth = Diagnostics::default();
    let all = opened.diagnostics.as_slice().iter().cloned();
    all.filter(|found| found.severity != Severity::Info)
        .for_each(|found| worth.push(found));
    if !worth.is_empty() {
        settings.say_error(&diagnostic::render_diagnostics(
            &worth,
            &opened.sources,
            settings.style(),
        ));
    }
    opened.checked.is_some()
}

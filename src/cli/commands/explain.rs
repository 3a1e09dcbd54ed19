//! `production explain`: what a code means, why it matters and what to do. For a production, why
//! its jobs run is in `explain_job`.

use crate::base::CodeExplanation;
use crate::base::json::to_pretty_json;
use crate::cli::args::{ExplainArgs, PageFormat};
use crate::cli::cli_settings::CliSettings;
use crate::cli::current_folder::has_document;
use crate::cli::exit_codes::CliError;
use crate::project::code_catalogue;
use crate::report::explanation;
use crate::session::SessionError;
use std::path::Path;
use std::process::ExitCode;

pub(super) fn run_explain(
    args: &ExplainArgs,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    if let Some((production, words)) = args
        .codes
        .split_first()
        .filter(|_| is_production(&args.codes))
    {
        return super::explain_job::explain_jobs(args, Path::new(production), words, settings);
    }
    // Words that are no codes are jobs of the production in the current folder, if it has one.
    let is_code = |word: &String| code_catalogue::find_pages(word).is_ok();
    let here = Path::new(".");
    if !args.list && !args.codes.iter().any(is_code) && has_document(here) {
        let explained = super::explain_job::explain_jobs(args, here, &args.codes, settings);
        let is_near = |word: &&String| matches!(code_catalogue::find_pages(word), Err(Some(_)));
        // A misspelt code is not explained by jobs that have other names.
        if let (Err(CliError::Session(SessionError::Plan(_))), Some(near)) =
            (&explained, args.codes.iter().find(is_near))
        {
            return find_explanations(near).map(|_| ExitCode::SUCCESS);
        }
        return explained;
    }
    // All codes are looked up before anything is printed, so that a wrong one does not leave half
    // of the pages.
    let selected: Result<Vec<_>, _> = args
        .codes
        .iter()
        .map(|code| find_explanations(code))
        .collect();
    let pages = if args.list {
        code_catalogue::code_pages()
    } else {
        selected?.concat()
    };
    let blocks = |page: fn(&CodeExplanation) -> String| {
        pages.iter().map(page).collect::<Vec<_>>().join("\n")
    };
    let text = match args.format {
        PageFormat::Text if args.list => explanation::explanation_list(&pages),
        PageFormat::Text => blocks(explanation::explanation_text),
        PageFormat::Markdown if args.list => {
            explanation::rules_markdown(&code_catalogue::pages_by_area())
        }
        PageFormat::Markdown => blocks(explanation::explanation_markdown),
        PageFormat::Json => to_pretty_json(&explanation::explanations_json(&pages)),
    };
    settings.print_stdout(text.trim_end());
    Ok(ExitCode::SUCCESS)
}

/// Returns whether the first word is the path of a production and not a code.
fn is_production(words: &[String]) -> bool {
    let [first, rest @ ..] = words else {
        return false;
    };
    // A folder may have the name of a code, such as `missing`. Then the words behind it decide:
    // after a code come only codes, after a production come jobs, shots or phases.
    let is_code = code_catalogue::find_pages(first).is_ok();
    Path::new(first).exists()
        && (!is_code
            || rest
                .iter()
                .any(|word| code_catalogue::find_pages(word).is_err()))
}

fn find_explanations(code: &str) -> Result<Vec<CodeExplanation>, CliError> {
    code_catalogue::find_pages(code).map_err(|near| {
        let advice = match near {
            Some(near) => format!("did you mean `{}`?", code_catalogue::short_code(near)),
            None => "`production explain --list` shows every code, and `production explain \
                     PRODUCTION JOB` explains a job"
                .to_owned(),
        };
        CliError::Usage(format!("explain `{code}`: there is no such code; {advice}"))
    })
}

//! `production export`: writes the script of a film as Fountain, or a run as a job for schedulers
//! that `production` does not talk to.

use super::validate;
use crate::cli::args::{ExportArgs, ExportKind, ResultFormat};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::{CliError, INVALID_INPUT};
use crate::cli::output_file::{OutputFileKind, check_output_file};
use crate::cli::session_reporter::TerminalReporter;
use crate::cli::session_requests::{
    MAX_SPEECH_ROUNDS, job_selection, looking_options, project_options, session_options,
};
use crate::project::open;
use crate::session::{
    BUNDLE_FILES, ExportOptions, ExportedRun, export_run, measure_exported_speech,
};
use crate::story::film_script::film_screenplay;
use crate::story::fountain::fountain_text;
use std::path::Path;
use std::process::ExitCode;

pub(super) fn run_export(args: &ExportArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    match args.kind {
        ExportKind::Fountain => export_script(args, settings),
        ExportKind::Openjd => export_bundle(args, settings),
    }
}

fn export_script(args: &ExportArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let store = args.machine.store.folder.as_deref();
    let options = looking_options(&args.subject, store, settings);
    let opened = open(&args.subject.path, &options)?;
    validate::show_findings(&opened, ResultFormat::Text, settings);
    let Some(checked) = &opened.checked else {
        return Ok(ExitCode::from(INVALID_INPUT));
    };
    let script = film_screenplay(checked, opened.screenplay.as_ref());
    let text = fountain_text(&script);
    match &args.out {
        None => settings.print_stdout(text.trim_end_matches('\n')),
        Some(path) => write_script(path, &text, settings)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn write_script(path: &Path, text: &str, settings: &CliSettings) -> Result<(), CliError> {
    // A script has no mark that identifies it as ours, and somebody may have
    // edited it. Only a file with the same text may be there.
    let is_same = std::fs::read(path).is_ok_and(|bytes| bytes == text.as_bytes());
    if !is_same {
        check_output_file(path, OutputFileKind::Script)?;
        std::fs::write(path, text)
            .map_err(|source| CliError::io_error(format!("write {}", path.display()), source))?;
    }
    settings.print_stdout(&format!("the script is written to {}", path.display()));
    Ok(())
}

fn export_bundle(args: &ExportArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let Some(out) = &args.out else {
        return Err(CliError::Usage(
            "export a bundle: name its folder with --out".to_owned(),
        ));
    };
    let store = args.machine.store.folder.as_deref();
    let mut project = project_options(&args.subject, store, settings);
    let mut opened = open(&args.subject.path, &project)?;
    if !validate::show_findings(&opened, ResultFormat::Text, settings) {
        return Ok(ExitCode::from(INVALID_INPUT));
    }
    for name in BUNDLE_FILES {
        check_output_file(&out.join(name), OutputFileKind::JobBundle)?;
    }
    let options = ExportOptions {
        session: session_options(&args.machine, Some(&args.farm)),
        selection: job_selection(&args.scope),
        out: out.clone(),
        extensions: !args.no_extensions,
        max_retries: args.retry.retries,
        wait_for_store: args.store_wait.wait,
    };
    let reporter = TerminalReporter::new(settings);
    let reporter = reporter.with_allowed(args.consent.yes);
    for _ in 0..MAX_SPEECH_ROUNDS {
        let measured = measure_exported_speech(&opened, &options, reporter.context())?;
        let Some(lengths) = measured else { break };
        project.speech.lengths = lengths;
        opened = open(&args.subject.path, &project)?;
        if opened.checked.is_none() {
            validate::show_findings(&opened, ResultFormat::Text, settings);
            return Ok(ExitCode::from(INVALID_INPUT));
        }
    }
    let exported = export_run(&opened, &options, reporter.context())?;
    settings.print_stdout(&match exported {
        // A bundle without tasks is not a valid template.
        None => "nothing to export: everything is made already".to_owned(),
        Some(exported) => exported_text(args, out, &exported, settings),
    });
    Ok(ExitCode::SUCCESS)
}

fn exported_text(
    args: &ExportArgs,
    out: &Path,
    exported: &ExportedRun,
    settings: &CliSettings,
) -> String {
    let ExportedRun {
        revision,
        tasks,
        steps,
        store,
        root,
    } = exported;
    let out = out.display();
    let store = store.display();
    let root = root.display();
    format!(
        "{revision} is written to {out}: {tasks} tasks in {steps} steps\n\n  check    openjd check {out}/template.yaml\n  \
         run      openjd run {out}/template.yaml -p Store={store} -p Root={root}\n           \
         or deadline bundle submit {out}\n  follow   {}",
        settings
            .typed
            .suggest("run", &["--farm", &args.farm, "--resume"])
    )
}

//! `production log`, `show`, `diff`, `revert` and `gc`: the history of a store, and how
//! to go back in it.
//!
//! These commands read the store and not the document, so they work while the document has errors
//! or is being edited. Only `revert` and `gc` change the store and take its lock; the others work
//! beside a run.

use crate::base::json::to_pretty_json;
use crate::base::{Clock, SystemClock};
use crate::cli::args::{
    DiffArgs, GcArgs, LogArgs, ResultFormat, RevertArgs, ShowRevisionArgs, StoreArgs,
};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::CliError;
use crate::cli::output_file::{OutputFileKind, check_output_file};
use crate::cli::session_reporter::TerminalReporter;
use crate::cli::session_requests::store_location;
use crate::farm::ActiveRun;
use crate::report::html;
use crate::report::summary::revision_summary as text;
use crate::session::{
    OpenedStore, SessionNotice, SessionReporter, StoreAccess, changed_pictures, revision_changes,
};
use crate::store::garbage_collection::{collect_garbage, require_recorded, revisions_to_keep};
use crate::store::publish::restore_revision;
use crate::store::{BlobStore, RunHistory, StoreLock};
use serde_json::json;
use std::process::ExitCode;

fn open_store(store: &StoreArgs) -> Result<OpenedStore, CliError> {
    Ok(OpenedStore::open(store_location(store)?)?)
}

/// Locks the store for this process, then opens it. In the other order a run that ended meanwhile
/// would be missing from the history.
fn open_locked(
    store: &StoreArgs,
    access: StoreAccess<'_>,
    settings: &CliSettings,
) -> Result<(StoreLock, OpenedStore), CliError> {
    let reporter = TerminalReporter::new(settings);
    let location = store_location(store)?;
    Ok(OpenedStore::open_locked(
        location,
        access,
        reporter.context(),
    )?)
}

pub(super) fn show_log(args: &LogArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let opened = open_store(&args.store)?;
    if let Some(job) = &args.job {
        return super::job_log::show_job_log(args, job, &opened.layout, settings);
    }
    settings.print_stdout(&match args.format {
        ResultFormat::Json => to_pretty_json(&opened.revisions),
        _ if opened.revisions.is_empty() => "not run yet".to_owned(),
        ResultFormat::Short => {
            let revisions = opened.revisions.iter().rev();
            revisions.map(text::revision_line).collect()
        }
        ResultFormat::Text => text::revision_log(&opened.revisions, settings.out_colour),
    });
    Ok(ExitCode::SUCCESS)
}

pub(super) fn show_revision(
    args: &ShowRevisionArgs,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    let opened = open_store(&args.store)?;
    let name = args.revision.as_deref().unwrap_or("current");
    let (revision, manifest, _) = opened.read_manifest(name)?;
    if let Some(job) = &args.job {
        return super::job_files::show_job_files(args, job, &manifest, &opened.layout, settings);
    }
    settings.print_stdout(&match args.format {
        ResultFormat::Json => to_pretty_json(&manifest),
        ResultFormat::Short => text::deliverable_lines(&manifest),
        ResultFormat::Text => text::revision_details(revision, &manifest, settings.out_colour),
    });
    Ok(ExitCode::SUCCESS)
}

pub(super) fn show_diff(args: &DiffArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let opened = open_store(&args.store)?;
    let from = args.from.as_deref().ok_or_else(|| {
        let message = "compare revisions: name the earlier one, as in `production diff 1` or \
                       `production diff PRODUCTION FROM TO`";
        CliError::Usage(message.to_owned())
    })?;
    let (from, earlier, _) = opened.read_manifest(from)?;
    let (to, later, _) = opened.read_manifest(args.to.as_deref().unwrap_or("current"))?;
    let differences = earlier.differences(&later);
    let changes = revision_changes(&earlier, &later, &opened.layout);
    if let Some(file) = &args.html {
        check_output_file(file, OutputFileKind::HtmlPage)?;
        let pairs = changed_pictures(&differences, &later, &BlobStore::new(opened.layout.clone()));
        // Through the store's disk, although the file is the user's: a full disk leaves the old
        // page instead of half of one.
        opened.layout.replace_file(
            file,
            html::comparison_page(&from.name, &to.name, &pairs).as_bytes(),
        )?;
    }
    settings.print_stdout(&match args.format {
        ResultFormat::Json => to_pretty_json(&json!({
            "from": from.name,
            "to": to.name,
            "differences": differences,
            "files": changes.files,
            "shots": changes.shots,
            "causes": changes.causes,
        })),
        ResultFormat::Text | ResultFormat::Short => text::differences_text(
            &from.name,
            &to.name,
            &differences,
            &changes,
            settings.out_colour,
        ),
    });
    Ok(ExitCode::SUCCESS)
}

pub(super) fn revert_revision(
    args: &RevertArgs,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    let access = StoreAccess {
        command: "revert",
        wait: args.wait,
    };
    let name = args.revision.as_deref().ok_or_else(|| {
        let message = "go back: name the revision, as in `production revert 3`; `production log` \
                       lists them";
        CliError::Usage(message.to_owned())
    })?;
    let (_lock, opened) = open_locked(&args.store, access, settings)?;
    let (_, manifest, digest) = opened.read_manifest(name)?;
    // The past is never rewritten: a revert is a new revision that delivers what an old one did.
    let next = RunHistory::replay_journals(&opened.layout)?.next_revision();
    let permit = opened.replace_permit(&manifest, &args.replace.replace, &args.store.path)?;
    let now = SystemClock::default().now();
    let shortfall = restore_revision(
        &opened.layout,
        &opened.root,
        (&manifest, digest),
        &permit,
        &next,
        now,
    )?;
    let reporter = TerminalReporter::new(settings);
    let stored_page = opened
        .layout
        .run_folder(&manifest.revision)
        .join("report.html");
    for error in &shortfall.unplaced_report {
        reporter.report_notice(&SessionNotice::ReportNotWritten {
            error,
            elsewhere: Some(&*stored_page).filter(|page| page.is_file()),
        });
    }
    if let Some(error) = &shortfall.left_beside {
        reporter.report_notice(&SessionNotice::LeftBeside(error));
    }
    settings.print_stdout(&text::revert_text(&manifest, &opened.root));
    Ok(ExitCode::SUCCESS)
}

pub(super) fn run_gc(args: &GcArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let access = StoreAccess {
        command: "gc",
        wait: args.wait,
    };
    let (_lock, opened) = open_locked(&args.store, access, settings)?;
    // What a farm made is in no journal until a run collects it. Until then it looks like garbage.
    if let Some(ActiveRun { revision }) = ActiveRun::read(&opened.layout)? {
        let message = format!(
            "remove anything: {revision} is on a farm, and what it made is not in the history yet. \
             Collect it with `{} --farm NAME --resume`, or remove the run with `{}`",
            settings.typed.suggest("run", &[]),
            settings.typed.suggest("cancel", &[])
        );
        return Err(CliError::Busy(message));
    }
    require_recorded(&opened.layout, &opened.revisions)?;
    let retained_revisions = revisions_to_keep(&opened.revisions, args.keep);
    let done = collect_garbage(
        &opened.layout,
        &opened.revisions,
        &retained_revisions,
        args.dry_run,
    )?;
    settings.print_stdout(&text::collection_text(
        &done,
        &retained_revisions.into_iter().collect::<Vec<_>>(),
        args.dry_run,
    ));
    Ok(ExitCode::SUCCESS)
}

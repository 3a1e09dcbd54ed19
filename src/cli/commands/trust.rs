//! `production trust`: which folders may have their programs started by commands that only look.

use crate::cli::args::TrustArgs;
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::CliError;
use crate::cli::session_reporter::{program_list, remember_programs, shown_path, trust_file};
use crate::project::{ProjectOptions, open};
use crate::session::{FolderPrograms, StoreLocation, TrustedFolders};
use std::path::Path;
use std::process::ExitCode;

pub(super) fn run_trust(args: &TrustArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let text = if args.list {
        trusted_list(settings)?
    } else if args.forget {
        forget_folder(&args.path, settings)?
    } else {
        trust_folder(&args.path, settings)?
    };
    settings.print_stdout(&text);
    Ok(ExitCode::SUCCESS)
}

fn trusted_list(settings: &CliSettings) -> Result<String, CliError> {
    let trusted = TrustedFolders::read(trust_file(settings)?)?;
    if trusted.folders.is_empty() {
        return Ok("no folder is trusted".to_owned());
    }
    let lines = trusted.folders.iter().map(|(folder, trusted)| {
        let path = Path::new(folder);
        let now = programs_of_production(path, path, settings);
        let state = match (path.is_dir(), now.digest == trusted.programs) {
            (false, _) => " (not there)",
            (true, true) => "",
            (true, false) => " (its programs have changed since)",
        };
        format!("{}  since {:.0}{state}\n", shown_path(path), trusted.since)
    });
    Ok(lines.collect())
}

fn forget_folder(path: &Path, settings: &CliSettings) -> Result<String, CliError> {
    let file = trust_file(settings)?;
    let mut trusted = TrustedFolders::read(file)?;
    // A folder that was deleted can be forgotten too.
    let folder = production_folder(path).unwrap_or_else(|_| path.to_owned());
    if !trusted.forget_folder(&folder) {
        return Ok(format!("{} was not trusted", shown_path(path)));
    }
    trusted.write(file)?;
    Ok(format!("{} is no longer trusted", shown_path(path)))
}

fn trust_folder(path: &Path, settings: &CliSettings) -> Result<String, CliError> {
    let programs = programs_of_production(path, &production_folder(path)?, settings);
    let folder = shown_path(&programs.folder);
    if programs.is_empty() {
        return Ok(format!(
            "{folder} brings no programs; there is nothing to trust"
        ));
    }
    remember_programs(&programs, settings)?;
    let lead = format!("{folder} is trusted with these programs until they change:");
    Ok(program_list(&lead, &programs.programs))
}

/// Returns the programs of a folder, with the speech engines that the document at `path` names.
fn programs_of_production(path: &Path, folder: &Path, settings: &CliSettings) -> FolderPrograms {
    let programs = FolderPrograms::find(folder, &settings.session.search_path);
    let options = ProjectOptions {
        search_path: &settings.session.search_path,
        cache_folder: settings.cache_folder.as_deref(),
        ..ProjectOptions::default()
    };
    // A document with mistakes starts nothing. The question comes when it has none.
    let opened = open(path, &options).ok();
    let checked = opened.as_ref().and_then(|opened| opened.checked.as_ref());
    let shots = checked.into_iter().flat_map(|checked| &checked.shots);
    let lines = shots.flat_map(|shot| &shot.lines);
    let commands = lines.filter_map(|line| line.voice.engine.command());
    programs.with_speech_commands(commands)
}

/// Returns the folder that paths in a document start from.
fn production_folder(path: &Path) -> Result<std::path::PathBuf, CliError> {
    Ok(StoreLocation::find(path, None)?.root)
}

//! `production show --job`: the files that a job of a revision made, by name, and copies of them.

use crate::base::json::to_pretty_json;
use crate::base::printable::flatten_escaped;
use crate::base::suggestions::did_you_mean;
use crate::cli::args::{ResultFormat, ShowRevisionArgs};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::CliError;
use crate::cli::output_file::{OutputFileKind, check_output_file};
use crate::report::summary::revision_summary::job_files_text;
use crate::store::manifest::{Manifest, StoredFile};
use crate::store::{BlobStore, StoreLayout};
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

/// Prints the files of `job`, and copies them if a folder is named.
pub(super) fn show_job_files(
    args: &ShowRevisionArgs,
    job: &str,
    manifest: &Manifest,
    layout: &StoreLayout,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    let made = manifest.jobs.get(job).ok_or_else(|| {
        let known = manifest.jobs.keys().map(String::as_str);
        let help = did_you_mean(job, known);
        let help = help.unwrap_or_else(|| "`production show` lists its jobs".to_owned());
        let revision = &manifest.revision;
        CliError::Usage(format!("show `{job}`: {revision} has no such job; {help}"))
    })?;
    let blobs = BlobStore::new(layout.clone());
    if let Some(folder) = &args.out {
        for file in &made.outputs {
            copy_file(file, folder, &blobs)?;
        }
    }
    let path = |file: &StoredFile| match &args.out {
        Some(folder) => folder.join(&file.name),
        None => blobs.blob_path(&file.digest),
    };
    let files = made.outputs.iter();
    settings.print_stdout(&match args.format {
        ResultFormat::Json => to_pretty_json(&json!({
            "job": job,
            "digest": made.digest,
            "provider": made.provider,
            "outputs": files.map(|file| json!({
                "name": file.name,
                "digest": file.digest,
                "size": file.size,
                "path": path(file).display().to_string(),
            })).collect::<Vec<_>>(),
        })),
        ResultFormat::Short => files
            .map(|file| flatten_escaped(&path(file).display().to_string()) + "\n")
            .collect(),
        ResultFormat::Text => job_files_text(job, made, path, settings.out_colour),
    });
    Ok(ExitCode::SUCCESS)
}

/// Copies a file of the store. A file that is there with this content stays as it is.
fn copy_file(file: &StoredFile, folder: &Path, blobs: &BlobStore) -> Result<(), CliError> {
    let target = folder.join(&file.name);
    let blob = blobs.blob_path(&file.digest);
    if blobs.disk().has_content(&target, file.size, &file.digest) {
        return Ok(());
    }
    check_output_file(&target, OutputFileKind::JobFile)?;
    let failed = |source| {
        let what = format!("copy {} to {}", file.name, target.display());
        CliError::io_error(what, source)
    };
    if !blobs.verify_content(&file.digest) {
        let what = "it is gone from the store, or damaged; `production verify` says more";
        return Err(failed(std::io::Error::other(what)));
    }
    let parent = target.parent().unwrap_or(folder);
    std::fs::create_dir_all(parent).map_err(failed)?;
    // Not `copy`: what the store has is read-only, and a copy is there to be worked on.
    let mut from = std::fs::File::open(&blob).map_err(failed)?;
    let mut to = std::fs::File::create(&target).map_err(failed)?;
    std::io::copy(&mut from, &mut to).map_err(failed)?;
    Ok(())
}

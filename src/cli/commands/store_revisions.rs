//! `production status`, `log`, `show`, `diff`, `revert` and `gc`: the store's history, and going back in it.
//!
//! They read the store and not the document, so they work while the document is broken or being written.

use super::run::lock_store;
use super::session::ProductionSession;
use crate::base::json::to_pretty_json;
use crate::base::{Clock, Digest, SystemClock};
use crate::cli::args::{
    DiffArgs, GcArgs, LogArgs, ResultFormat, RevertArgs, ShowRevisionArgs, StatusArgs, StoreArgs,
};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::CliError;
use crate::farm::ActiveRun;
use crate::media::thumbnail::jpeg_thumbnail;
use crate::model::Phase;
use crate::report::html::{self, EmbeddedImage};
use crate::report::summary::revision_summary as text;
use crate::store::garbage_collection::{GcSummary, collect_garbage, revisions_to_keep};
use crate::store::manifest::{Manifest, ManifestDifference};
use crate::store::publish::{interrupted_publication, restore_revision};
use crate::store::revisions::Revision;
use crate::store::{BlobStore, StoreLayout, StoreLock, store_lock};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Pixels across of a picture in a comparison.
const PICTURE_WIDTH: u32 = 480;
/// Phases whose files are pictures to look at; what was rendered is looked at graded.
const PICTURE_PHASES: [Phase; 3] = [Phase::Characters, Phase::Locations, Phase::PostProcess];

/// The store of one production, with its history.
pub(super) struct OpenedStore {
    root: PathBuf,
    pub(super) layout: StoreLayout,
    revisions: Vec<Revision>,
}

impl OpenedStore {
    pub(super) fn open(store: &StoreArgs) -> Result<Self, CliError> {
        let (root, layout) = locate_store(store)?;
        let revisions = Revision::read_all(&layout)?;
        Ok(Self {
            root,
            layout,
            revisions,
        })
    }

    /// Takes the store for this process alone, and opens it as it is then.
    fn open_locked(
        store: &StoreArgs,
        command: &str,
        wait: bool,
        settings: &CliSettings,
    ) -> Result<(StoreLock, Self), CliError> {
        let (root, layout) = locate_store(store)?;
        let lock = lock_store(&layout, &root, command, wait, settings)?;
        Ok((lock, Self::open(store)?))
    }

    pub(super) fn find_revision(&self, text: &str) -> Result<&Revision, CliError> {
        Revision::find_by_name(&self.revisions, text).ok_or_else(|| {
            let known: Vec<&str> = self
                .revisions
                .iter()
                .rev()
                .take(5)
                .map(|revision| revision.name.as_str())
                .collect();
            let known = if known.is_empty() {
                "nothing was run yet".to_owned()
            } else {
                format!("the newest are {}", known.join(", "))
            };
            CliError::Usage(format!("find revision `{text}`: {known}"))
        })
    }

    /// Returns the manifest of a published revision, with its digest.
    fn read_manifest(&self, text: &str) -> Result<(&Revision, Manifest, Digest), CliError> {
        let revision = self.find_revision(text)?;
        let Some(published) = &revision.published else {
            let ended = text::ending_label(revision);
            return Err(CliError::Usage(format!(
                "show {}: it was not published ({ended})",
                revision.name
            )));
        };
        Ok((
            revision,
            Manifest::read(&self.layout, &revision.name, published.manifest)?,
            published.manifest,
        ))
    }
}

/// Returns the production's folder and its store.
pub(super) fn locate_store(store: &StoreArgs) -> Result<(PathBuf, StoreLayout), CliError> {
    let facts = std::fs::metadata(&store.path)
        .map_err(|source| CliError::io_error(format!("find {}", store.path.display()), source))?;
    let above = store
        .path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let folder = if facts.is_dir() {
        Some(&*store.path)
    } else {
        above
    };
    let root = folder.unwrap_or(Path::new(".")).to_owned();
    let layout = ProductionSession::store_layout(&root, store.store.as_ref());
    Ok((root, layout))
}

pub(super) fn show_status(args: &StatusArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let opened = OpenedStore::open(&args.store)?;
    let holder = store_lock::lock_holder(&opened.layout, SystemClock::default().now());
    let half_published = interrupted_publication(&opened.layout)?.filter(|_| holder.is_none());
    let stored = collect_garbage(&opened.layout, &opened.revisions, &BTreeSet::new(), true)?;
    let (farm_text, farm) = super::farm::active_run_status(&opened.layout, settings)?.unzip();
    settings.print_stdout(&match args.format {
        ResultFormat::Json => to_pretty_json(&json!({
            "farm": farm,
            "running": holder,
            "half_published": half_published,
            "last": Revision::find_by_name(&opened.revisions, "latest"),
            "current": Revision::find_current(&opened.revisions),
            "store": { "files": stored.kept + stored.removed, "bytes": stored.kept_bytes + stored.freed_bytes },
        })),
        ResultFormat::Text => text::status_text(
            &opened.revisions,
            (holder.as_deref(), half_published.as_deref()),
            &stored,
            settings.out_colour,
        ),
    });
    if let (ResultFormat::Text, Some(text)) = (args.format, farm_text) {
        settings.print_stdout(&text);
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn show_log(args: &LogArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let opened = OpenedStore::open(&args.store)?;
    if let Some(job) = &args.job {
        return super::job_log::show_job_log(args, job, &opened.layout, settings);
    }
    settings.print_stdout(&match args.format {
        ResultFormat::Json => to_pretty_json(&opened.revisions),
        ResultFormat::Text if opened.revisions.is_empty() => "not run yet".to_owned(),
        ResultFormat::Text => text::revision_log(&opened.revisions, settings.out_colour),
    });
    Ok(ExitCode::SUCCESS)
}

pub(super) fn show_revision(
    args: &ShowRevisionArgs,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    let opened = OpenedStore::open(&args.store)?;
    let (revision, manifest, _) = opened.read_manifest(&args.revision)?;
    settings.print_stdout(&match args.format {
        ResultFormat::Json => to_pretty_json(&manifest),
        ResultFormat::Text => text::revision_details(revision, &manifest, settings.out_colour),
    });
    Ok(ExitCode::SUCCESS)
}

pub(super) fn show_diff(args: &DiffArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let opened = OpenedStore::open(&args.store)?;
    let ((from, earlier, _), (to, later, _)) = (
        opened.read_manifest(&args.from)?,
        opened.read_manifest(&args.to)?,
    );
    let differences = earlier.differences(&later);
    if let Some(file) = &args.html {
        let pairs = changed_pictures(&differences, &later, &BlobStore::new(opened.layout.clone()));
        opened.layout.replace_file(
            file,
            html::comparison_page(&from.name, &to.name, &pairs).as_bytes(),
        )?;
    }
    settings.print_stdout(&match args.format {
        ResultFormat::Json => {
            to_pretty_json(&json!({ "from": from.name, "to": to.name, "differences": differences }))
        }
        ResultFormat::Text => {
            text::differences_text(&from.name, &to.name, &differences, settings.out_colour)
        }
    });
    Ok(ExitCode::SUCCESS)
}

/// Returns changed pictures that are still in the store, before and after: of each job the first, middle and last.
fn changed_pictures(
    differences: &[ManifestDifference],
    later: &Manifest,
    blobs: &BlobStore,
) -> Vec<html::ImagePair> {
    let draw = |digest: &Digest| {
        let bytes = jpeg_thumbnail(&blobs.blob_path(digest), PICTURE_WIDTH).ok()?;
        Some(EmbeddedImage {
            mime: "image/jpeg".to_owned(),
            bytes,
        })
    };
    let mut pairs = Vec::new();
    for difference in differences {
        let ManifestDifference::Changed { job, changes, .. } = difference else {
            continue;
        };
        if !later
            .jobs
            .get(job)
            .is_some_and(|made| PICTURE_PHASES.contains(&made.phase))
        {
            continue;
        }
        let last = changes.len().saturating_sub(1);
        let picks: BTreeSet<usize> = [0, last / 2, last].into();
        for (file, before, after) in picks.into_iter().filter_map(|index| changes.get(index)) {
            let (before, after) = (
                before.as_ref().and_then(draw),
                after.as_ref().and_then(draw),
            );
            if before.is_some() || after.is_some() {
                pairs.push(html::ImagePair {
                    title: format!("{job} · {file}"),
                    before,
                    after,
                });
            }
        }
    }
    pairs
}

pub(super) fn revert_revision(
    args: &RevertArgs,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    let (_lock, opened) = OpenedStore::open_locked(&args.store, "revert", args.wait, settings)?;
    let (_, manifest, digest) = opened.read_manifest(&args.revision)?;
    let next = crate::store::RunHistory::replay_journals(&opened.layout)?.next_revision();
    let now = SystemClock::default().now();
    restore_revision(
        &opened.layout,
        &opened.root,
        (&manifest, digest),
        &next,
        now,
    )?;
    settings.print_stdout(&text::revert_text(&manifest, &opened.root));
    Ok(ExitCode::SUCCESS)
}

pub(super) fn run_gc(args: &GcArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let (_lock, opened) = OpenedStore::open_locked(&args.store, "gc", args.wait, settings)?;
    // What a farm made is in no journal until it is taken in, and would be garbage.
    if let Some(ActiveRun { revision }) = ActiveRun::read(&opened.layout)? {
        let message = format!(
            "remove anything: {revision} is on a farm, and what it made is not in the history yet. Take it in with `production \
             run --farm NAME --resume`, or back with `production cancel`"
        );
        return Err(CliError::Usage(message));
    }
    let kept_revisions = revisions_to_keep(&opened.revisions, args.keep);
    let done: GcSummary = collect_garbage(
        &opened.layout,
        &opened.revisions,
        &kept_revisions,
        args.dry_run,
    )?;
    settings.print_stdout(&text::collection_text(
        &done,
        &kept_revisions.into_iter().collect::<Vec<_>>(),
        args.dry_run,
    ));
    Ok(ExitCode::SUCCESS)
}

//! `production status`, `log`, `show`, `diff`, `revert` and `gc`: the store's history, and going back in it.
//!
//! They read the store and not the document, so they work while the document is broken or being written.

use super::run::take;
use super::workplace::Workplace;
use crate::base::{Clock, Digest, SystemClock};
use crate::cli::args::{Diff, Format, Gc, Log, Revert, ShowRevision, Status, Store};
use crate::cli::exit::CliError;
use crate::cli::settings::Settings;
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
const WIDTH: u32 = 480;
/// Phases whose files are pictures to look at; what was rendered is looked at graded.
const SHOWN: [Phase; 3] = [Phase::Characters, Phase::Locations, Phase::PostProcess];

/// The store of one production, with its history.
pub(super) struct Opened {
    root: PathBuf,
    pub(super) layout: StoreLayout,
    all: Vec<Revision>,
}

impl Opened {
    pub(super) fn open(store: &Store) -> Result<Self, CliError> {
        let (root, layout) = locate(store)?;
        let all = Revision::read_all(&layout)?;
        Ok(Self { root, layout, all })
    }

    /// Takes the store for this process alone, and opens it as it is then.
    fn alone(
        store: &Store,
        command: &str,
        wait: bool,
        settings: &Settings,
    ) -> Result<(StoreLock, Self), CliError> {
        let (root, layout) = locate(store)?;
        let lock = take(&layout, &root, command, wait, settings)?;
        Ok((lock, Self::open(store)?))
    }

    pub(super) fn find(&self, text: &str) -> Result<&Revision, CliError> {
        Revision::find_by_name(&self.all, text).ok_or_else(|| {
            let known: Vec<&str> = self
                .all
                .iter()
                .rev()
                .take(5)
                .map(|one| one.name.as_str())
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
    fn manifest(&self, text: &str) -> Result<(&Revision, Manifest, Digest), CliError> {
        let revision = self.find(text)?;
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
pub(super) fn locate(store: &Store) -> Result<(PathBuf, StoreLayout), CliError> {
    let facts = std::fs::metadata(&store.path)
        .map_err(|source| CliError::io(format!("find {}", store.path.display()), source))?;
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
    let layout = Workplace::layout(&root, store.store.as_ref());
    Ok((root, layout))
}

fn pretty(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

pub(super) fn status(args: &Status, settings: &Settings) -> Result<ExitCode, CliError> {
    let opened = Opened::open(&args.store)?;
    let holder = store_lock::lock_holder(&opened.layout, SystemClock::default().now());
    let half = interrupted_publication(&opened.layout)?.filter(|_| holder.is_none());
    let held = collect_garbage(&opened.layout, &opened.all, &BTreeSet::new(), true)?;
    let (farm_text, farm) = super::farm::standing(&opened.layout, settings)?.unzip();
    settings.say(&match args.format {
        Format::Json => pretty(&json!({
            "farm": farm,
            "running": holder,
            "half_published": half,
            "last": Revision::find_by_name(&opened.all, "latest"),
            "current": Revision::find_current(&opened.all),
            "store": { "files": held.kept + held.removed, "bytes": held.kept_bytes + held.freed_bytes },
        })),
        Format::Text => text::status_text(
            &opened.all,
            (holder.as_deref(), half.as_deref()),
            &held,
            settings.out_colour,
        ),
    });
    if let (Format::Text, Some(text)) = (args.format, farm_text) {
        settings.say(&text);
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn log(args: &Log, settings: &Settings) -> Result<ExitCode, CliError> {
    let opened = Opened::open(&args.store)?;
    if let Some(job) = &args.job {
        return super::job_log::show(args, job, &opened.layout, settings);
    }
    settings.say(&match args.format {
        Format::Json => pretty(&opened.all),
        Format::Text if opened.all.is_empty() => "not run yet".to_owned(),
        Format::Text => text::revision_log(&opened.all, settings.out_colour),
    });
    Ok(ExitCode::SUCCESS)
}

pub(super) fn show(args: &ShowRevision, settings: &Settings) -> Result<ExitCode, CliError> {
    let opened = Opened::open(&args.store)?;
    let (revision, manifest, _) = opened.manifest(&args.revision)?;
    settings.say(&match args.format {
        Format::Json => pretty(&manifest),
        Format::Text => text::revision_details(revision, &manifest, settings.out_colour),
    });
    Ok(ExitCode::SUCCESS)
}

pub(super) fn diff(args: &Diff, settings: &Settings) -> Result<ExitCode, CliError> {
    let opened = Opened::open(&args.store)?;
    let ((from, earlier, _), (to, later, _)) =
        (opened.manifest(&args.from)?, opened.manifest(&args.to)?);
    let found = earlier.differences(&later);
    if let Some(file) = &args.html {
        let pairs = pictures(&found, &later, &BlobStore::new(opened.layout.clone()));
        opened.layout.replace_file(
            file,
            html::comparison_page(&from.name, &to.name, &pairs).as_bytes(),
        )?;
    }
    settings.say(&match args.format {
        Format::Json => pretty(&json!({ "from": from.name, "to": to.name, "differences": found })),
        Format::Text => text::differences_text(&from.name, &to.name, &found, settings.out_colour),
    });
    Ok(ExitCode::SUCCESS)
}

/// Returns changed pictures that are still in the store, before and after: of each job the first, middle and last.
fn pictures(
    found: &[ManifestDifference],
    later: &Manifest,
    blobs: &BlobStore,
) -> Vec<html::ImagePair> {
    let draw = |digest: &Digest| {
        let bytes = jpeg_thumbnail(&blobs.blob_path(digest), WIDTH).ok()?;
        Some(EmbeddedImage {
            mime: "image/jpeg".to_owned(),
            bytes,
        })
    };
    let mut pairs = Vec::new();
    for one in found {
        let ManifestDifference::Changed { job, changes, .. } = one else {
            continue;
        };
        if !later
            .jobs
            .get(job)
            .is_some_and(|made| SHOWN.contains(&made.phase))
        {
            continue;
        }
        let last = changes.len().saturating_sub(1);
        let picks: BTreeSet<usize> = [0, last / 2, last].into();
        for (file, before, after) in picks.into_iter().filter_map(|at| changes.get(at)) {
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

pub(super) fn revert(args: &Revert, settings: &Settings) -> Result<ExitCode, CliError> {
    let (_lock, opened) = Opened::alone(&args.store, "revert", args.wait, settings)?;
    let (_, manifest, digest) = opened.manifest(&args.revision)?;
    let next = crate::store::RunHistory::replay_journals(&opened.layout)?.next_revision();
    let now = SystemClock::default().now();
    restore_revision(
        &opened.layout,
        &opened.root,
        (&manifest, digest),
        &next,
        now,
    )?;
    settings.say(&text::revert_text(&manifest, &opened.root));
    Ok(ExitCode::SUCCESS)
}

pub(super) fn gc(args: &Gc, settings: &Settings) -> Result<ExitCode, CliError> {
    let (_lock, opened) = Opened::alone(&args.store, "gc", args.wait, settings)?;
    // What a farm made is in no journal until it is taken in, and would be garbage.
    if let Some(ActiveRun { revision }) = ActiveRun::read(&opened.layout)? {
        let message = format!(
            "remove anything: {revision} is on a farm, and what it made is not in the history yet. Take it in with `production \
             run --farm NAME --resume`, or back with `production cancel`"
        );
        return Err(CliError::Usage(message));
    }
    let kept = revisions_to_keep(&opened.all, args.keep);
    let done: GcSummary = collect_garbage(&opened.layout, &opened.all, &kept, args.dry_run)?;
    settings.say(&text::collection_text(
        &done,
        &kept.into_iter().collect::<Vec<_>>(),
        args.dry_run,
    ));
    Ok(ExitCode::SUCCESS)
}

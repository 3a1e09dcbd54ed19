//! The state of one production: its last run, live if it is in progress, what is in place, and its
//! store. The document is not read.

use super::control::last_run_snapshot;
use super::farm::{ActiveRunStatus, active_run_status};
use super::session_context::SessionEnvironment;
use super::session_error::SessionError;
use super::store_access::StoreLocation;
use crate::base::{Clock, SystemClock};
use crate::report::RunSnapshot;
use crate::store::publish_recovery::interrupted_publication;
use crate::store::store_size::{StoreSize, measure_store};
use crate::store::{Revision, StoreLayout, store_lock};
use std::path::PathBuf;

/// The state of one production.
#[derive(Debug)]
pub struct ProductionStatus {
    /// The name by which people know it: its folder, and its document if that is not
    /// `production.yaml`.
    pub production_id: String,
    /// Its folder.
    pub root: PathBuf,
    /// The folder of its store.
    pub store: PathBuf,
    /// Its last run.
    pub run: RunSnapshot,
    /// The published revision in place.
    pub current: Option<Revision>,
    /// The process that holds the store.
    pub holder: Option<String>,
    /// The revision whose publication was interrupted.
    pub half_published: Option<String>,
    /// Its run on a farm.
    pub farm_run: Option<ActiveRunStatus>,
    /// Where shots that are complete are noted, and when that was done last.
    pub checkpoint: CheckpointFacts,
}

/// The checkpoint of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointFacts {
    /// Its file.
    pub path: PathBuf,
    /// When it was written. `None`: never.
    pub at: Option<jiff::Timestamp>,
}

impl ProductionStatus {
    /// Reads the state of the production at `location`.
    ///
    /// # Errors
    /// Fails when the store is damaged or cannot be read.
    pub fn read(
        location: &StoreLocation,
        environment: &SessionEnvironment,
    ) -> Result<Self, SessionError> {
        let layout = &location.layout;
        let (run, revisions) = last_run_snapshot(layout)?;
        let holder = store_lock::lock_holder(layout, SystemClock::default().now());
        // While another process holds the store its publication is in progress, not interrupted.
        let half_published = interrupted_publication(layout)?.filter(|_| holder.is_none());
        Ok(Self {
            production_id: location.production_id(),
            root: location.root.clone(),
            store: layout.root().to_owned(),
            run,
            current: Revision::find_current(&revisions).cloned(),
            holder,
            half_published,
            farm_run: active_run_status(layout, environment)?,
            checkpoint: CheckpointFacts::read(layout),
        })
    }

    /// Measures the store, up to `limit` files.
    ///
    /// # Errors
    /// Fails when it cannot be read.
    pub fn measure_store(&self, limit: usize) -> Result<StoreSize, SessionError> {
        let layout = StoreLayout::new(&self.store);
        Ok(measure_store(&layout, limit)?)
    }
}

impl CheckpointFacts {
    fn read(layout: &StoreLayout) -> Self {
        let path = layout.checkpoint_path();
        let modified = layout.disk().metadata(&path).ok();
        let at = modified.and_then(|facts| {
            jiff::Timestamp::from_nanosecond(i128::from(facts.stamp.modified)).ok()
        });
        Self { path, at }
    }
}

//! Jobs: frames, reference sheets and plates.

use super::studio::Studio;
use crate::gpu::{AdapterFacts, GpuDevice};
use crate::model::{InputFiles, ShotStaging};
use crate::producers::render::order::{Album, Order, Wanted, stop_if_halting};
use crate::producers::task::{Assignment, ExecutionMode, Failure, Finished};

/// Returns who makes the pictures on an adapter of this description.
#[must_use]
pub fn provider(adapter: &str) -> String {
    format!("previz {} on {adapter}", env!("CARGO_PKG_VERSION"))
}

/// Returns an adapter's description, for identities.
#[must_use]
pub fn adapter(facts: &AdapterFacts) -> String {
    let kind = if facts.software { "software" } else { "GPU" };
    format!("{} ({kind}, {})", facts.name, facts.backend)
}

/// The built-in renderer on one adapter.
#[derive(Clone, Copy)]
pub struct Previz<'g> {
    gpu: &'g GpuDevice,
}

impl<'g> Previz<'g> {
    /// Returns the renderer on this adapter.
    #[must_use]
    pub const fn new(gpu: &'g GpuDevice) -> Self {
        Self { gpu }
    }

    /// Returns who makes the pictures, for manifests.
    #[must_use]
    pub fn provider(&self) -> String {
        provider(&adapter(self.gpu.adapter_facts()))
    }

    /// Loads and places everything in `staging`.
    ///
    /// # Errors
    /// As [`Studio::new`].
    pub fn stage(
        &self,
        staging: &ShotStaging,
        materials: &InputFiles,
    ) -> Result<Studio<'g>, Failure> {
        Studio::new(self.gpu, staging, materials)
    }

    /// Does a render, sheet or plate job.
    ///
    /// # Errors
    /// Fails when an input is missing or broken, the device fails, a file cannot be written, or on request.
    pub fn perform(&self, assignment: &Assignment<'_>) -> Result<Finished, Failure> {
        let order = Order::of(assignment.work)?;
        let mut album = Album::new(&order, assignment);
        let mut warnings = Vec::new();
        for scene in &order.scenes {
            stop_if_halting(assignment)?;
            let studio = self.stage(&scene.staging, assignment.materials)?;
            let filming = studio.shoot(scene.total, scene.rate, order.size, order.samples)?;
            for Wanted { name, index, .. } in &scene.pictures {
                stop_if_halting(assignment)?;
                let passes = filming.passes(*index, &order.passes)?;
                album.keep(name, filming.frame(*index)?, &passes)?;
                (assignment.progress)(album.len(), order.count());
            }
            warnings = filming.warnings();
        }
        Ok(Finished {
            outputs: album.close()?,
            provider: self.provider(),
            mode: ExecutionMode::Real,
            warnings,
        })
    }
}

//! A farm run that was written out as a bundle: whoever submitted it has the engine, and we only see results.

use crate::farm::array::Array;
use crate::farm::engine::{Engine, Submitted};
use crate::farm::header::Group;
use crate::farm::manifest::FarmError;
use crate::farm::placements::Placements;
use crate::farm::sighting::Sighting;

/// An engine that others talk to.
pub struct Exported;

impl Engine for Exported {
    fn name(&self) -> &'static str {
        "the engine that the bundle was given to"
    }

    fn outlives(&self) -> bool {
        true
    }

    fn validate_capabilities(&self, _: &[Group]) -> Vec<String> {
        Vec::new()
    }

    fn array_limit(&self) -> Result<u32, FarmError> {
        Ok(u32::MAX)
    }

    fn try_out(&self, _: &Array) -> Result<(), FarmError> {
        Ok(())
    }

    fn plan(&self, _: &Array) -> String {
        String::new()
    }

    fn submit(&mut self, _: &Array, _: &Placements) -> Result<Submitted, FarmError> {
        Ok(Submitted::Later(
            "requeue failed tasks there, or submit the bundle again".to_owned(),
        ))
    }

    fn poll(&mut self, _: &Placements) -> Result<Option<Sighting>, FarmError> {
        Ok(None)
    }

    fn withdraw(&mut self, _: &Placements) -> Result<bool, FarmError> {
        Ok(false)
    }

    /// What was given to an engine by hand is taken back by hand; its tasks find that the run is over.
    fn cancel(&mut self, _: &Placements) -> Result<(), FarmError> {
        Ok(())
    }
}

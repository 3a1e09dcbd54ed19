//! The ledger of resources: fixed-point amounts that can never be oversubscribed.

use crate::model::Claim;

/// What the machine has, in the units of [`Claim`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity(pub Claim);

impl Capacity {
    /// Returns the capacity of `cores` cores, `gpus` GPU slots and `memory` mebibytes.
    #[must_use]
    pub const fn new(cores: u32, gpus: u32, memory: u32) -> Self {
        Self(Claim { cores: cores * 1000, gpu: gpus * 1000, memory })
    }
}

/// What is held now.
#[derive(Debug, Clone)]
pub struct Ledger {
    capacity: Claim,
    held: Claim,
}

impl Ledger {
    /// Returns an empty ledger.
    #[must_use]
    pub fn new(capacity: Capacity) -> Self {
        Self { capacity: capacity.0, held: Claim::default() }
    }

    /// Returns what a claim lacks even on an idle machine, if anything.
    #[must_use]
    pub fn never_fits(&self, claim: Claim) -> Option<&'static str> {
        let over = |asked: u32, there: u32, name| (asked > there).then_some(name);
        let cores = over(claim.cores, self.capacity.cores, "more cores");
        cores
            .or_else(|| over(claim.gpu, self.capacity.gpu, "a graphics adapter"))
            .or_else(|| over(claim.memory, self.capacity.memory, "more memory"))
    }

    /// Returns whether all of the claim is free.
    #[must_use]
    pub fn fits(&self, claim: Claim) -> bool {
        let fits =
            |held: u32, asked: u32, capacity: u32| u64::from(held) + u64::from(asked) <= u64::from(capacity);
        fits(self.held.cores, claim.cores, self.capacity.cores)
            && fits(self.held.gpu, claim.gpu, self.capacity.gpu)
            && fits(self.held.memory, claim.memory, self.capacity.memory)
    }

    /// Takes the claim if all of it is free.
    #[must_use]
    pub fn take(&mut self, claim: Claim) -> bool {
        let free = self.fits(claim);
        if free {
            self.held.cores += claim.cores;
            self.held.gpu += claim.gpu;
            self.held.memory += claim.memory;
        }
        free
    }

    /// Gives a claim back that was taken.
    pub fn give_back(&mut self, claim: Claim) {
        self.held.cores = self.held.cores.saturating_sub(claim.cores);
        self.held.gpu = self.held.gpu.saturating_sub(claim.gpu);
        self.held.memory = self.held.memory.saturating_sub(claim.memory);
    }

    /// Returns what is held now.
    #[must_use]
    pub const fn held(&self) -> Claim {
        self.held
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_ledger_never_exceeds_capacity(
            claims in prop::collection::vec((0u32..3000, 0u32..1500, 0u32..900, any::<bool>()), 0..80)
        ) {
            let capacity = Capacity::new(4, 1, 1024);
            let mut ledger = Ledger::new(capacity);
            let mut out = Vec::new();
            for (cores, gpu, memory, back) in claims {
                let claim = Claim { cores, gpu, memory };
                if ledger.take(claim) {
                    out.push(claim);
                }
                let held = ledger.held();
                prop_assert!(held.cores <= 4000 && held.gpu <= 1000 && held.memory <= 1024);
                if back && let Some(claim) = out.pop() {
                    ledger.give_back(claim);
                }
            }
            for claim in out {
                ledger.give_back(claim);
            }
            prop_assert_eq!(ledger.held(), Claim::default());
        }
    }
}

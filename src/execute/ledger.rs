//! The ledger of resources: cores, memory, GPU slots by adapter with the memory of the adapter, and
//! named tokens. Amounts are fixed-point and can never be oversubscribed. Each is held by one job.

use crate::model::{Claim, JobId, JobLimits};
use std::collections::BTreeMap;

/// What the machine has, in the units of [`Claim`].
// Integers and not floats: a thousand claims that come and go must leave exactly what there was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MachineCapacity {
    /// Thousandths of cores.
    pub cores: u32,
    /// Mebibytes of memory.
    pub memory: u32,
    /// Graphics adapters that a run may use.
    pub gpus: Vec<AdapterCapacity>,
    /// Thousandths of tokens, by name.
    pub tokens: BTreeMap<String, u32>,
}

/// One graphics adapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdapterCapacity {
    /// Its name.
    pub name: String,
    /// Jobs that may use it at a time, in thousandths.
    pub slots: u32,
    /// Mebibytes of its own memory; `u32::MAX` if unknown.
    pub memory: u32,
}

impl MachineCapacity {
    /// Returns the capacity of `cores` cores, one adapter with `gpus` slots and `memory` mebibytes.
    #[must_use]
    pub fn new(cores: u32, gpus: u32, memory: u32) -> Self {
        let adapter = AdapterCapacity {
            name: "adapter".to_owned(),
            slots: gpus * 1000,
            // Unknown memory must never be what stops a job.
            memory: u32::MAX,
        };
        Self {
            cores: cores * 1000,
            memory,
            gpus: vec![adapter],
            tokens: BTreeMap::new(),
        }
    }
}

/// What one job holds.
// With the claim as it was granted: the claim of a job is raised after it ran out of memory, and
// giving back the raised one would invent memory.
#[derive(Debug, Clone)]
struct ResourceLease {
    claim: Claim,
    /// The index of its adapter, if it uses one.
    adapter: Option<usize>,
}

/// What is free, and which job holds the rest.
#[derive(Debug, Clone)]
pub struct Ledger {
    capacity: MachineCapacity,
    free: MachineCapacity,
    leases: BTreeMap<JobId, ResourceLease>,
}

impl Ledger {
    /// Returns a ledger in which everything is free.
    #[must_use]
    pub fn new(capacity: MachineCapacity) -> Self {
        Self {
            free: capacity.clone(),
            capacity,
            leases: BTreeMap::new(),
        }
    }

    /// Returns what the machine has.
    #[must_use]
    pub const fn capacity(&self) -> &MachineCapacity {
        &self.capacity
    }

    /// Returns the part of a claim that exceeds even an idle machine, as text. `None`: the claim
    /// fits.
    #[must_use]
    pub fn missing_capacity(&self, claim: &Claim) -> Option<String> {
        self.capacity.first_shortage(claim)
    }

    /// Returns the field of the document's limits that exceeds even an idle machine. `None`: all
    /// fit.
    #[must_use]
    pub fn missing_limit(&self, limits: &JobLimits) -> Option<&'static str> {
        let exceeds = |limit: Option<u32>, most| limit.is_some_and(|limit| limit > most);
        if exceeds(limits.cores, self.capacity.cores) {
            Some("cores")
        } else {
            // Only what `limits` of a document can set.
            exceeds(limits.memory, self.capacity.memory).then_some("memory")
        }
    }

    /// Returns whether all of the claim is free now.
    #[must_use]
    pub fn has_room(&self, claim: &Claim) -> bool {
        self.free.satisfies_claim(claim)
    }

    /// Takes the claim for `job`, if all of it is free and the job holds nothing yet.
    #[must_use]
    pub fn try_acquire(&mut self, job: JobId, claim: &Claim) -> bool {
        // All or nothing: a job that held a part of its claim and waited for the rest could block
        // another that does the same.
        if !self.has_room(claim) || self.leases.contains_key(&job) {
            return false;
        }
        // Stored in the lease: when the claim is released, another adapter may be the first that
        // fits.
        let adapter = self.free.adapter_for(claim);
        self.free.cores -= claim.cores;
        // Cannot go below zero: `has_room` has compared every amount.
        self.free.memory -= claim.memory;
        if let Some(adapter) = adapter.and_then(|index| self.free.gpus.get_mut(index)) {
            adapter.slots -= claim.gpu;
            adapter.memory -= claim.gpu_memory;
        }
        for (name, amount) in &claim.tokens {
            if let Some(free) = self.free.tokens.get_mut(name) {
                *free -= amount;
            }
        }
        self.leases.insert(
            job,
            ResourceLease {
                claim: claim.clone(),
                adapter,
            },
        );
        true
    }

    /// Gives back everything that `job` holds.
    pub fn release_claim(&mut self, job: JobId) {
        // A job that holds nothing releases nothing, so a withdrawal need not know whether a claim
        // was granted.
        let Some(ResourceLease { claim, adapter }) = self.leases.remove(&job) else {
            return;
        };
        self.free.cores += claim.cores;
        self.free.memory += claim.memory;
        if let Some(adapter) = adapter.and_then(|index| self.free.gpus.get_mut(index)) {
            adapter.slots += claim.gpu;
            adapter.memory += claim.gpu_memory;
        }
        for (name, amount) in &claim.tokens {
            if let Some(free) = self.free.tokens.get_mut(name) {
                *free += amount;
            }
        }
    }

    /// Returns what is free now.
    #[must_use]
    pub const fn free_capacity(&self) -> &MachineCapacity {
        &self.free
    }
}

impl MachineCapacity {
    fn satisfies_claim(&self, claim: &Claim) -> bool {
        let draws = claim.gpu > 0 || claim.gpu_memory > 0;
        claim.cores <= self.cores
            && claim.memory <= self.memory
            // One adapter must have room for all of it, since no job draws on two.
            && (!draws || self.adapter_for(claim).is_some())
            && claim
                .tokens
                .iter()
                .all(|(name, amount)| self.token_amount(name) >= *amount)
    }

    /// Returns the first adapter with room for a claim that uses one.
    fn adapter_for(&self, claim: &Claim) -> Option<usize> {
        let draws = claim.gpu > 0 || claim.gpu_memory > 0;
        // The first that fits, in the order of the profile, so that the same run makes the same
        // choices.
        draws
            .then(|| {
                self.gpus.iter().position(|adapter| {
                    claim.gpu <= adapter.slots && claim.gpu_memory <= adapter.memory
                })
            })
            .flatten()
    }

    fn token_amount(&self, name: &str) -> u32 {
        self.tokens.get(name).copied().unwrap_or(0)
    }

    fn first_shortage(&self, claim: &Claim) -> Option<String> {
        if self.satisfies_claim(claim) {
            return None;
        }
        let token = claim
            .tokens
            .iter()
            .find(|(name, amount)| self.token_amount(name) < **amount);
        // One shortage is enough: if a claim exceeds several amounts, the message names the first
        // of them.
        Some(match token {
            _ if claim.cores > self.cores => format!("{} cores", from_thousandths(claim.cores)),
            _ if claim.memory > self.memory => format!("{} MB of memory", claim.memory),
            Some((name, amount)) => format!("{} of the token `{name}`", from_thousandths(*amount)),
            None if claim.gpu_memory > 0 => {
                format!(
                    "a graphics adapter with {} MB of its own memory",
                    claim.gpu_memory
                )
            }
            None => "a graphics adapter".to_owned(),
        })
    }
}

/// Returns thousandths as a number: 500 is 0.5.
fn from_thousandths(amount: u32) -> f64 {
    f64::from(amount) / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn machine() -> MachineCapacity {
        let adapter = |name: &str, slots, memory| AdapterCapacity {
            name: name.to_owned(),
            slots,
            memory,
        };
        MachineCapacity {
            cores: 4000,
            memory: 1024,
            gpus: vec![adapter("a", 1000, 512), adapter("b", 2000, 256)],
            tokens: BTreeMap::from([("nvenc".to_owned(), 2000)]),
        }
    }

    fn claims() -> impl Strategy<Value = Claim> {
        (0u32..3000, 0u32..900, 0u32..1500, 0u32..400, 0u32..1500).prop_map(
            |(cores, memory, gpu, gpu_memory, token)| Claim {
                cores,
                memory,
                gpu,
                gpu_memory,
                tokens: if token < 500 {
                    BTreeMap::new()
                } else {
                    BTreeMap::from([("nvenc".to_owned(), token)])
                },
            },
        )
    }

    /// Adds up what is held by hand, and returns whether it and what is free make the whole.
    fn balances(ledger: &Ledger) -> bool {
        let sum = |of: &dyn Fn(&ResourceLease) -> u32| ledger.leases.values().map(of).sum::<u32>();
        let all = &ledger.capacity;
        let free = &ledger.free;
        let adapters = (0..all.gpus.len()).all(|at| {
            let on = |lease: &ResourceLease| lease.adapter == Some(at);
            let slots = sum(&|lease| if on(lease) { lease.claim.gpu } else { 0 });
            let memory = sum(&|lease| if on(lease) { lease.claim.gpu_memory } else { 0 });
            all.gpus[at].slots == free.gpus[at].slots + slots
                && all.gpus[at].memory == free.gpus[at].memory + memory
        });
        let tokens = sum(&|lease| lease.claim.tokens.get("nvenc").copied().unwrap_or(0));
        adapters
            && all.cores == free.cores + sum(&|lease| lease.claim.cores)
            && all.memory == free.memory + sum(&|lease| lease.claim.memory)
            && all.tokens["nvenc"] == free.tokens["nvenc"] + tokens
    }

    proptest! {
        #[test]
        fn the_ledger_never_exceeds_capacity_under_any_order_of_claims(
            steps in prop::collection::vec((claims(), any::<prop::sample::Index>(), any::<bool>()), 0..120)
        ) {
            let mut ledger = Ledger::new(machine());
            let mut out: Vec<JobId> = Vec::new();
            for (at, (claim, which, back)) in steps.into_iter().enumerate() {
                let job = JobId(u32::try_from(at).unwrap());
                let fits = ledger.has_room(&claim);
                prop_assert_eq!(ledger.try_acquire(job, &claim), fits);
                prop_assert!(!fits || ledger.missing_capacity(&claim).is_none());
                if fits {
                    out.push(job);
                }
                prop_assert!(balances(&ledger));
                if back && !out.is_empty() {
                    let job = out.swap_remove(which.index(out.len()));
                    ledger.release_claim(job);
                    ledger.release_claim(job);
                    prop_assert!(balances(&ledger));
                }
            }
            for job in out {
                ledger.release_claim(job);
            }
            prop_assert_eq!(ledger.free_capacity(), ledger.capacity());
        }
    }

    #[test]
    fn a_claim_beyond_the_machine_names_what_it_lacks() {
        let ledger = Ledger::new(machine());
        let lacks = |claim: Claim| ledger.missing_capacity(&claim).unwrap_or_default();
        assert_eq!(
            lacks(Claim {
                cores: 4500,
                ..Claim::default()
            }),
            "4.5 cores"
        );
        assert_eq!(
            lacks(Claim {
                memory: 2048,
                ..Claim::default()
            }),
            "2048 MB of memory"
        );
        let token = |name: &str| BTreeMap::from([(name.to_owned(), 1000)]);
        assert_eq!(
            lacks(Claim {
                tokens: token("nuke"),
                ..Claim::default()
            }),
            "1 of the token `nuke`"
        );
        assert_eq!(
            lacks(Claim {
                tokens: token("nvenc"),
                ..Claim::default()
            }),
            ""
        );
        let draws = |gpu, gpu_memory| Claim {
            gpu,
            gpu_memory,
            ..Claim::default()
        };
        assert_eq!(
            lacks(draws(1500, 400)),
            "a graphics adapter with 400 MB of its own memory"
        );
        assert_eq!(lacks(draws(2500, 0)), "a graphics adapter");
    }
}

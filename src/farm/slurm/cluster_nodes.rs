//! The capacity of a cluster's machines as `sinfo` lists it, and whether a kind of task can ever
//! run on one of them. Slurm accepts a job that asks for more cores than any machine has, and lets
//! it wait for ever.
//!
//! Machines that are down count too: they may be up when the task's turn comes.

use crate::model::Claim;
use crate::model::farm_profile::FarmProfile;
use std::time::Duration;

/// The format for `sinfo`: partition, cores, memory, generic resources and time limit of each
/// machine.
pub(super) const SINFO_FORMAT: &str = "%P|%c|%m|%G|%l";

/// Options of `sbatch` with which a profile may choose other machines than those of its partition.
const NODE_SELECTION_OPTIONS: &[&str] = &["--partition", "-p", "--clusters", "--cluster", "-M"];

/// The capacity of one machine in one partition.
#[derive(Debug, Clone, PartialEq, Eq)]
struct NodeCapacity {
    cores: u32,
    /// In mebibytes.
    memory: u32,
    /// The number of GPUs of the profile's type. `None` if it cannot be parsed.
    gpus: Option<u32>,
    /// The time limit of the partition. `None` for no limit.
    time: Option<Duration>,
}

/// The machines that tasks of a farm may run on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ClusterNodes {
    nodes: Vec<NodeCapacity>,
    /// The name of the partition, for messages.
    partition: String,
}

impl ClusterNodes {
    /// Parses the output of `sinfo`. Returns no machines if the profile chooses them by its own
    /// options.
    pub(super) fn parse_sinfo(text: &str, farm: &FarmProfile) -> Self {
        // Such options override the partition. Judged by the wrong machines, a good request would
        // be refused.
        if farm.options.iter().any(|option| {
            let name = option.split(['=', ' ']).next().unwrap_or_default();
            NODE_SELECTION_OPTIONS.contains(&name)
        }) {
            return Self::default();
        }
        let wanted: Option<Vec<&str>> = farm
            .cluster
            .partition
            .as_deref()
            .map(|names| names.split(',').collect());
        let mut cluster = Self {
            nodes: Vec::new(),
            partition: farm.cluster.partition.clone().unwrap_or_default(),
        };
        for line in text.lines() {
            let mut fields = line.splitn(5, '|').map(str::trim);
            let mut next = || fields.next().unwrap_or_default();
            let partition = next();
            let cores = next();
            let memory = next();
            let gres = next();
            let time = next();
            // `sinfo` marks the default partition with a star. A profile without a partition uses
            // that one.
            let name = partition.trim_end_matches('*');
            let is_default = partition.ends_with('*');
            let is_ours = wanted
                .as_ref()
                .map_or(is_default, |wanted| wanted.contains(&name));
            let (Ok(cores), Ok(memory)) = (parse_count(cores), parse_count(memory)) else {
                // A line of another form is skipped: an unknown machine must not stop a run.
                continue;
            };
            if is_ours {
                let gpus = farm
                    .cluster
                    .gpu
                    .as_deref()
                    .map_or(Some(0), |gpu| gres_count(gres, gpu));
                cluster.nodes.push(NodeCapacity {
                    cores,
                    memory,
                    gpus,
                    time: parse_time_limit(time),
                });
                cluster.partition = name.to_owned();
            }
        }
        cluster
    }

    /// Returns the part of the claim that no machine can satisfy, with advice. `None` if one
    /// machine has all of it, or if no machine is known.
    pub(super) fn unsatisfiable_reason(
        &self,
        producer: &str,
        claim: &Claim,
        farm: &FarmProfile,
    ) -> Option<String> {
        let needed = NeededCapacity::for_claim(claim, farm);
        // Nothing known is no reason to refuse: the scheduler decides then.
        if self.nodes.is_empty() || self.nodes.iter().any(|node| needed.fits(node)) {
            return None;
        }
        let CapacityShortage {
            needed,
            available,
            advice,
        } = self.find_shortage(&needed, producer, farm);
        let partition = &self.partition;
        Some(format!(
            "{producer} asks for {needed}, and the partition `{partition}` {available}: it would never run; {advice}, or name another \
             `partition`"
        ))
    }

    /// Returns the first resource that exceeds every machine. If each fits some machine, only the
    /// combination is too much.
    fn find_shortage(
        &self,
        needed: &NeededCapacity,
        producer: &str,
        farm: &FarmProfile,
    ) -> CapacityShortage {
        let largest = |capacity: fn(&NodeCapacity) -> u32| {
            self.nodes.iter().map(capacity).max().unwrap_or_default()
        };
        let NeededCapacity {
            cores,
            memory,
            gpus,
            time,
        } = *needed;
        let advice = format!("claim less under `claims: {producer}` of the machine profile");
        let longest = self
            .nodes
            .iter()
            .map(|node| node.time.unwrap_or(Duration::MAX))
            .max();
        if let Some((time, longest)) = time.zip(longest).filter(|(time, most)| time > most) {
            return CapacityShortage {
                needed: format!("{} (`time`)", duration_text(time)),
                available: format!("allows {} at most", duration_text(longest)),
                advice: "lower `time` in the farm's profile".to_owned(),
            };
        }
        let most_cores = largest(|node| node.cores);
        if cores > most_cores {
            return CapacityShortage {
                needed: format!("{cores} cores"),
                available: format!("has {most_cores} in a machine at most"),
                advice,
            };
        }
        let most_memory = largest(|node| node.memory);
        if memory > most_memory {
            return CapacityShortage {
                needed: format!("{memory} MB of memory"),
                available: format!("has {most_memory} MB in a machine at most"),
                advice,
            };
        }
        // Some sites do not count their GPUs. Then no claim is refused for them.
        let most_gpus = largest(|node| node.gpus.unwrap_or(u32::MAX));
        if gpus > most_gpus {
            let gpu = farm.cluster.gpu.as_deref().unwrap_or_default();
            return CapacityShortage {
                needed: format!("{gpus} of `{gpu}`"),
                available: format!("has {most_gpus} in a machine at most"),
                advice: format!("{advice}, or name another GPU under `gpu` in the farm's profile"),
            };
        }
        CapacityShortage {
            needed: format!("{cores} cores, {memory} MB and {gpus} GPUs together"),
            available: "has no machine with all of it".to_owned(),
            advice,
        }
    }
}

/// What one task needs of the machine that it runs on.
#[derive(Debug, Clone, Copy)]
struct NeededCapacity {
    cores: u32,
    /// In mebibytes.
    memory: u32,
    gpus: u32,
    /// The time limit of the profile, if it has one.
    time: Option<Duration>,
}

impl NeededCapacity {
    fn for_claim(claim: &Claim, farm: &FarmProfile) -> Self {
        Self {
            // Slurm gives whole cores, and no task runs on none.
            cores: claim.cores.div_ceil(1000).max(1),
            memory: claim.memory,
            // Without a GPU in the profile, the script requests none, even if the task claims one.
            gpus: match farm.cluster.gpu {
                Some(_) => claim.gpu.div_ceil(1000),
                None => 0,
            },
            time: farm.time,
        }
    }

    fn fits(&self, node: &NodeCapacity) -> bool {
        self.cores <= node.cores
            && self.memory <= node.memory
            // An unreadable number counts as enough. A check that is unsure must not refuse.
            && node.gpus.is_none_or(|gpus| self.gpus <= gpus)
            && self
                .time
                .is_none_or(|time| node.time.is_none_or(|most| time <= most))
    }
}

/// What no machine has, as parts of a message.
struct CapacityShortage {
    needed: String,
    available: String,
    advice: String,
}

fn parse_count(text: &str) -> Result<u32, std::num::ParseIntError> {
    // `sinfo` puts a plus behind the smallest value of several machines in one line.
    text.trim_end_matches('+').parse()
}

/// Returns the amount of one generic resource in a list such as `gpu:l40:2(S:0-1),shard:8`. `None`
/// if the list cannot be parsed.
fn gres_count(gres: &str, wanted: &str) -> Option<u32> {
    if gres.is_empty() || gres == "(null)" {
        return Some(0);
    }
    // Brackets name the sockets near the resource. They are removed before the list is split,
    // because they may contain commas.
    let mut depth = 0;
    let plain: String = gres
        .chars()
        .filter(|c| {
            depth += i32::from(*c == '(') - i32::from(*c == ')');
            depth == 0 && *c != ')'
        })
        .collect();
    plain
        .split(',')
        .map(|entry| {
            let (name, amount) = match entry.rsplit_once(':') {
                Some((name, amount)) if amount.starts_with(|c: char| c.is_ascii_digit()) => {
                    (name, amount.parse().ok()?)
                }
                _ => (entry, 1),
            };
            // `gpu` in a profile asks for a GPU of any type, so it matches `gpu:l40` too.
            let is_wanted = name == wanted
                || name
                    .strip_prefix(wanted)
                    .is_some_and(|rest| rest.starts_with(':'));
            Some(if is_wanted { amount } else { 0 })
        })
        .try_fold(0, |sum: u32, amount| Some(sum.saturating_add(amount?)))
}

/// Parses a time limit of Slurm: `30:00`, `4:00:00`, `2-00:00:00`. `None` for no limit, and for one
/// that cannot be parsed.
fn parse_time_limit(text: &str) -> Option<Duration> {
    let (days, rest) = text
        .split_once('-')
        .map_or((Some(0), text), |(days, rest)| (days.parse().ok(), rest));
    let parts: Vec<u64> = rest
        .split(':')
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    // Slurm reads a single number as minutes, not as seconds.
    let seconds = match parts[..] {
        [minutes] => minutes * 60,
        [minutes, seconds] => minutes * 60 + seconds,
        [hours, minutes, seconds] => hours * 3600 + minutes * 60 + seconds,
        _ => return None,
    };
    Some(Duration::from_secs(days? * 86400 + seconds))
}

fn duration_text(time: Duration) -> String {
    format!(
        "{:#}",
        jiff::SignedDuration::try_from(time).unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As 22.05 printed it, and with what larger sites have.
    const LISTED: &str = "main*|4|8000|gpu:1|infinite\nmain*|64|4000|(null)|infinite\nlong|8|16000|gpu:l40:2(S:0-1),shard:8|1-00:00:00\n";

    fn farm(partition: Option<&str>, gpu: Option<&str>, time: Option<u64>) -> FarmProfile {
        let farm = serde_json::json!({
            "name": "night", "engine": "slurm", "partition": partition, "gpu": gpu, "licences": {}, "slots": 1,
            "poll": { "secs": 1, "nanos": 0 }, "lag": { "secs": 1, "nanos": 0 }, "mixed_hosts": false, "setup": [],
            "options": [], "path_map": [], "time": time.map(|secs| serde_json::json!({ "secs": secs, "nanos": 0 })),
        });
        serde_json::from_value(farm).unwrap()
    }

    fn lacks(farm: &FarmProfile, claim: Claim) -> Option<String> {
        ClusterNodes::parse_sinfo(LISTED, farm).unsatisfiable_reason("render.shot", &claim, farm)
    }

    #[test]
    fn a_claim_that_one_machine_satisfies_is_accepted() {
        let here = farm(None, Some("gpu"), None);
        assert_eq!(
            lacks(
                &here,
                Claim {
                    cores: 4000,
                    memory: 8000,
                    gpu: 1000,
                    ..Claim::default()
                }
            ),
            None
        );
        assert_eq!(
            lacks(
                &here,
                Claim {
                    cores: 64000,
                    memory: 4000,
                    ..Claim::default()
                }
            ),
            None
        );
        let long = farm(Some("main,long"), Some("gpu:l40"), Some(86400));
        assert_eq!(
            lacks(
                &long,
                Claim {
                    gpu: 2000,
                    ..Claim::default()
                }
            ),
            None
        );
    }

    #[test]
    fn a_claim_above_every_machine_is_reported_with_the_largest_one() {
        let here = farm(None, Some("gpu"), None);
        let reason = |farm: &FarmProfile, claim| lacks(farm, claim).unwrap();
        let memory = reason(
            &here,
            Claim {
                memory: 9000,
                ..Claim::default()
            },
        );
        assert!(
            memory.contains("9000 MB") && memory.contains("`main` has 8000 MB"),
            "{memory}"
        );
        assert!(
            reason(
                &here,
                Claim {
                    cores: 65000,
                    ..Claim::default()
                }
            )
            .contains("65 cores")
        );
        assert!(
            reason(
                &here,
                Claim {
                    gpu: 2000,
                    ..Claim::default()
                }
            )
            .contains("2 of `gpu`")
        );
        let together = reason(
            &here,
            Claim {
                cores: 64000,
                memory: 8000,
                ..Claim::default()
            },
        );
        assert!(together.contains("no machine with all of it"), "{together}");
        let long = farm(Some("long"), None, Some(90000));
        assert!(
            reason(&long, Claim::default()).contains("25h (`time`)"),
            "{}",
            reason(&long, Claim::default())
        );
    }

    #[test]
    fn unknown_machines_refuse_nothing() {
        let nowhere = farm(Some("nowhere"), None, None);
        assert_eq!(
            lacks(
                &nowhere,
                Claim {
                    cores: 999_000,
                    ..Claim::default()
                }
            ),
            None
        );
        let elsewhere = FarmProfile {
            options: vec!["--partition=other".into()],
            ..farm(None, None, None)
        };
        assert_eq!(
            lacks(
                &elsewhere,
                Claim {
                    cores: 999_000,
                    ..Claim::default()
                }
            ),
            None
        );
    }

    #[test]
    fn limits_of_time_are_read_in_every_form() {
        let seconds = |text| parse_time_limit(text).map(|limit| limit.as_secs());
        assert_eq!(
            ["30:00", "4:00:00", "2-00:00:01", "5"].map(seconds),
            [Some(1800), Some(14400), Some(172_801), Some(300)]
        );
        assert_eq!(["infinite", "n/a", ""].map(seconds), [None; 3]);
    }
}

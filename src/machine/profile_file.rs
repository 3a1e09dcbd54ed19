//! A machine profile as a file with the key `machine`. The document reader decodes it, so mistakes
//! have the same diagnostics.

use super::amount::{MemoryMib, MilliAmount, ParallelJobs};
use crate::base::{Diagnostics, FileId, Spanned};
use crate::document::{DecodeScope, InputLimits, OrderedMap, UntypedValue, decode_node, span_tree};
use crate::model::ActionKind;
use crate::model::machine_profile::{ClaimProfile, CyclesDevice, GpuProfile, MachineProfile};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Reads the profile in `text`. A value that cannot be read is reported and left out.
#[must_use]
pub fn read_profile(file: FileId, text: Arc<str>, diagnostics: &mut Diagnostics) -> MachineProfile {
    let limits = InputLimits::default();
    let tree = span_tree::parse_yaml(file, text, &limits, diagnostics);
    let page = tree.and_then(|tree| {
        decode_node::<ProfileFile>(
            &tree,
            tree.root()?,
            DecodeScope::default(),
            &limits,
            diagnostics,
        )
    });
    // Without a readable file the profile is empty, and every resource is detected. The caller sees
    // the diagnostics and decides whether to go on.
    page.unwrap_or_default()
        .machine
        .map(MachineEntry::into_profile)
        .unwrap_or_default()
}

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ProfileFile {
    machine: Option<MachineEntry>,
    options: Option<UntypedValue>,
    profiles: Option<UntypedValue>,
}

// Every field is optional: a profile has only what differs from the detected resources.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct MachineEntry {
    parallel: Option<ParallelJobs>,
    cores: Option<MilliAmount>,
    memory: Option<MemoryMib>,
    blender: Option<Spanned<String>>,
    cycles_device: Option<Spanned<CyclesDevice>>,
    sound_font: Option<Spanned<String>>,
    gpus: Option<Vec<GpuEntry>>,
    tokens: Option<OrderedMap<MilliAmount>>,
    claims: Option<ClaimTable>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct GpuEntry {
    adapter: Option<Spanned<String>>,
    slots: Option<MilliAmount>,
    memory: Option<MemoryMib>,
}

/// Claims by kind of work. Decoded as a struct with a field for each kind of the table, so that a
/// name that is none is reported with the nearest one.
#[derive(Debug, Default)]
struct ClaimTable(BTreeMap<ActionKind, ClaimEntry>);

impl<'de> Deserialize<'de> for ClaimTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct("ClaimTable", ActionKind::IDS, ClaimTableVisitor)
    }
}

struct ClaimTableVisitor;

impl<'de> Visitor<'de> for ClaimTableVisitor {
    type Value = ClaimTable;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("claims by kind of work")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<ClaimTable, A::Error> {
        let mut claims = BTreeMap::new();
        while let Some(kind) = fields.next_key::<ActionKind>()? {
            if let Some(claim) = fields.next_value::<Option<ClaimEntry>>()? {
                claims.insert(kind, claim);
            }
        }
        Ok(ClaimTable(claims))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ClaimEntry {
    cores: Option<MilliAmount>,
    memory: Option<MemoryMib>,
    gpu: Option<MilliAmount>,
    gpu_memory: Option<MemoryMib>,
    tokens: Option<OrderedMap<MilliAmount>>,
}

impl MachineEntry {
    fn into_profile(self) -> MachineProfile {
        MachineProfile {
            parallel: self.parallel.and_then(|parallel| parallel.0),
            cores: self.cores.map(|cores| cores.0),
            memory: self.memory.map(|memory| memory.0),
            blender: self.blender.map(|path| path.value.into()),
            cycles_device: self
                .cycles_device
                .map(|device| device.value)
                .unwrap_or_default(),
            sound_font: self.sound_font.map(|path| path.value.into()),
            gpus: self
                .gpus
                .unwrap_or_default()
                .into_iter()
                .map(GpuEntry::into_gpu_profile)
                .collect(),
            tokens: token_amounts(self.tokens),
            claims: self.claims.unwrap_or_default().by_kind(),
        }
    }
}

impl GpuEntry {
    fn into_gpu_profile(self) -> GpuProfile {
        GpuProfile {
            adapter: self
                .adapter
                .map(|adapter| adapter.value)
                .unwrap_or_default(),
            slots: self.slots.map(|slots| slots.0),
            memory: self.memory.map(|memory| memory.0),
        }
    }
}

impl ClaimTable {
    fn by_kind(self) -> BTreeMap<ActionKind, ClaimProfile> {
        let claims = self.0.into_iter();
        claims
            .map(|(kind, claim)| (kind, claim.into_claim_profile()))
            .collect()
    }
}

impl ClaimEntry {
    fn into_claim_profile(self) -> ClaimProfile {
        ClaimProfile {
            cores: self.cores.map(|cores| cores.0),
            memory: self.memory.map(|memory| memory.0),
            gpu: self.gpu.map(|gpu| gpu.0),
            gpu_memory: self.gpu_memory.map(|memory| memory.0),
            tokens: token_amounts(self.tokens),
        }
    }
}

fn token_amounts(entries: Option<OrderedMap<MilliAmount>>) -> BTreeMap<String, u32> {
    let entries = entries.into_iter().flat_map(|entries| entries.0);
    entries
        .map(|(name, amount)| (name.value, amount.0))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::machine_profile::JobParallelism;

    fn messages(text: &str) -> (MachineProfile, Vec<String>) {
        let mut found = Diagnostics::default();
        let profile = read_profile(FileId(0), text.into(), &mut found);
        (
            profile,
            found
                .as_slice()
                .iter()
                .map(|found| found.message.clone())
                .collect(),
        )
    }

    #[test]
    fn a_whole_profile_is_read_in_exact_amounts() {
        let (profile, found) = messages(
            "machine:\n  parallel: auto\n  blender: /opt/blender/blender\n  cycles_device: gpu\n  sound_font: /fonts/a.sf3\n  cores: 7.5\n  memory: 48GB\n  gpus: [{adapter: RTX, slots: 2, memory: 24GB}]\n  \
             tokens: {nvenc: 2}\n  claims:\n    export.encode: {cores: 2, memory: 512MB, tokens: {nvenc: 1}}\n",
        );
        assert_eq!(found, Vec::<String>::new());
        assert_eq!(profile.parallel, Some(JobParallelism::Auto));
        assert_eq!(
            (profile.cores, profile.memory),
            (Some(7500), Some(48 * 1024))
        );
        assert_eq!(profile.gpus[0].slots, Some(2000));
        assert_eq!(profile.blender, Some("/opt/blender/blender".into()));
        assert_eq!(profile.cycles_device, CyclesDevice::Gpu);
        assert_eq!(profile.sound_font, Some("/fonts/a.sf3".into()));
        let encode = &profile.claims[&ActionKind::Encode];
        assert_eq!(
            (encode.cores, encode.memory, encode.tokens["nvenc"]),
            (Some(2000), Some(512), 1000)
        );
    }

    #[test]
    fn bad_amounts_and_unknown_kinds_are_refused_and_the_rest_is_used() {
        let (profile, found) = messages(
            "machine:\n  cores: many\n  memory: 4\n  parallel: 0\n  claims: {render.shots: {cores: 1}}\n  tokens: {a: 1}\n",
        );
        assert_eq!(found.len(), 4, "{found:#?}");
        assert!(
            found
                .iter()
                .any(|text| text.contains("`many` is not an amount")),
            "{found:#?}"
        );
        assert!(
            found
                .iter()
                .any(|text| text.contains("`4` is not an amount of memory")),
            "{found:#?}"
        );
        assert_eq!(profile.tokens["a"], 1000);
    }

    #[test]
    fn the_options_of_the_user_in_the_same_file_are_left_to_the_command_line() {
        let text = "options: {quality: draft}\nprofiles: {night: {}}\nmachine: {cores: 2}\n";
        let (profile, found) = messages(text);
        assert_eq!((profile.cores, found), (Some(2000), Vec::new()));
    }

    #[test]
    fn an_empty_file_sets_nothing() {
        assert_eq!(messages(""), (MachineProfile::default(), Vec::new()));
    }

    #[test]
    fn the_page_on_machines_names_every_kind_of_work() {
        let page = include_str!("../../docs/machine.md");
        for id in ActionKind::IDS {
            assert!(page.contains(&format!("`{id}`")), "{id}");
        }
    }
}

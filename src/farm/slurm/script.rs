//! The script of one array, written to be read: by Slurm, and by an administrator who wants to know whose it is and what it
//! does.

use crate::farm::array::Array;
use crate::farm::folder::Folder;
use crate::farm::header::Header;
use crate::farm::shell::quoted;
use crate::model::farm::Farm;
use std::fmt::Write as _;
use std::path::Path;

/// What scripts of one farm run are made from.
pub(super) struct Scribe<'a> {
    pub(super) farm: &'a Farm,
    pub(super) header: &'a Header,
    pub(super) folder: &'a Folder,
    /// This program, on the farm's machines.
    pub(super) program: &'a Path,
    /// The store, on the farm's machines.
    pub(super) store: &'a Path,
}

impl Scribe<'_> {
    /// Returns the name that Slurm knows an array by.
    pub(super) fn name(&self, number: u32) -> String {
        format!("{}{number}", self.prefix())
    }

    /// Returns how the names of all arrays of this farm run begin, and of no other.
    pub(super) fn prefix(&self) -> String {
        format!("production-{}-", self.header.token)
    }

    /// Returns the whole script.
    pub(super) fn script(&self, array: &Array) -> String {
        let mut text = self.about(array);
        for option in self.options(array) {
            let _ = writeln!(text, "#SBATCH {option}");
        }
        text += "set -eu\n";
        for (name, value) in self.variables(array) {
            let _ = writeln!(text, "export {name}={value}");
        }
        self.farm.setup.iter().for_each(|line| {
            let _ = writeln!(text, "{line}");
        });
        let _ = writeln!(
            text,
            "exec {} exec-task --store \"$PRODUCTION_STORE\" --run \"$PRODUCTION_RUN\" --index \"$PRODUCTION_TASK\" --attempt \
             \"$PRODUCTION_ATTEMPT\"{}",
            quoted(&self.program.to_string_lossy()),
            self.path_map()
        );
        text
    }

    fn about(&self, array: &Array) -> String {
        let Header { production, revision, tasks, program, .. } = self.header;
        let after: Vec<String> = array.after.iter().map(|after| self.name(after.array)).collect();
        let after = match after.as_slice() {
            [] => String::new(),
            names => format!("# After {}.\n", names.join(", ")),
        };
        format!(
            "#!/bin/sh\n\
             # {} {revision}: {}, {} of {tasks} tasks, attempt {}.\n\
             # Written by {}. Element I does task {} + I, which is line {} + I of\n\
             # {}.\n{after}",
            one_line(production),
            array.producer,
            array.len(),
            array.attempt,
            one_line(program),
            array.first,
            array.first.0 + 1,
            self.folder.records().display(),
        )
    }

    /// Returns the options of `sbatch`. One file takes what all elements of an array print: a file for each would be as many
    /// files on the shared file system as there are tasks.
    fn options(&self, array: &Array) -> Vec<String> {
        let Header { production, revision, .. } = self.header;
        let claim = &array.claim;
        let out = self.folder.engine().join(format!("{}.out", array.number));
        let throttle = self.farm.throttle.map(|most| format!("%{most}")).unwrap_or_default();
        let comment = format!("production {} {revision} {}", one_line(production), array.producer);
        let mut options = vec![
            format!("--job-name={}", self.name(array.number)),
            format!("--comment={}", quoted(&comment)),
            format!("--array={}{throttle}", array.indices()),
            format!("--cpus-per-task={}", claim.cores.div_ceil(1000).max(1)),
        ];
        if claim.memory > 0 {
            options.push(format!("--mem={}M", claim.memory));
        }
        if let Some(gpu) = self.farm.gpu.as_ref().filter(|_| claim.gpu > 0) {
            options.push(format!("--gres={}:{}", gpu, claim.gpu.div_ceil(1000)));
        }
        let licence = |(token, amount): (&String, &u32)| {
            Some(format!("{}:{}", self.farm.licences.get(token)?, amount.div_ceil(1000)))
        };
        let licences: Vec<String> = claim.tokens.iter().filter_map(licence).collect();
        if !licences.is_empty() {
            options.push(format!("--licenses={}", licences.join(",")));
        }
        let said =
            [("partition", &self.farm.partition), ("account", &self.farm.account), ("qos", &self.farm.qos)];
        options.extend(
            said.into_iter()
                .filter_map(|(name, value)| Some(format!("--{name}={}", quoted(value.as_ref()?)))),
        );
        if let Some(time) = self.farm.time {
            options.push(format!("--time={}", time.as_secs().div_ceil(60).max(1)));
        }
        options.push(format!("--output={}", quoted(&out.to_string_lossy().replace('%', "%%"))));
        options.extend(["--open-mode=append", "--export=NONE", "--requeue"].map(str::to_owned));
        options.extend(self.farm.options.iter().cloned());
        options
    }

    fn variables(&self, array: &Array) -> Vec<(&'static str, String)> {
        let Header { revision, .. } = self.header;
        vec![
            ("PRODUCTION_STORE", quoted(&self.store.to_string_lossy())),
            ("PRODUCTION_RUN", quoted(revision)),
            ("PRODUCTION_PHASE", array.phase.name().to_owned()),
            ("PRODUCTION_TASK", format!("$(({} + SLURM_ARRAY_TASK_ID))", array.first)),
            ("PRODUCTION_ATTEMPT", array.attempt.to_string()),
            ("PRODUCTION_ENGINE", "\"slurm ${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}\"".to_owned()),
        ]
    }

    fn path_map(&self) -> String {
        let one = |(from, to): &(String, String)| format!(" --path-map {}", quoted(&format!("{from}={to}")));
        self.farm.path_map.iter().map(one).collect()
    }
}

/// Returns text as it may stand in a comment: a title with a line break must not become a line of the script.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

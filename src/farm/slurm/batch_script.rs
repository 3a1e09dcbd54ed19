//! The batch script of one array, for Slurm and for an administrator who wants to know whose job it
//! is and what it does.

use super::setup_section::setup_section;
use crate::base::shell_quoting::shell_quoted;
use crate::farm::manifest_header::TaskManifestHeader;
use crate::farm::run_folder::FarmRunFolder;
use crate::farm::task_array::{TaskArray, consecutive_runs};
use crate::model::Claim;
use crate::model::farm_profile::FarmProfile;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Renders the batch scripts of one farm run.
pub(super) struct BatchScript<'a> {
    pub(super) farm: &'a FarmProfile,
    pub(super) header: &'a TaskManifestHeader,
    pub(super) folder: &'a FarmRunFolder,
    /// The path of this program on the farm's machines.
    pub(super) program: &'a Path,
    /// The path of the store on the farm's machines.
    pub(super) store: &'a Path,
}

impl BatchScript<'_> {
    /// Returns the name of an array in Slurm's queue.
    pub(super) fn job_name(&self, number: u32) -> String {
        format!("{}{number}", self.job_name_prefix())
    }

    /// Returns the prefix of the names of all arrays of this farm run, and of no other run.
    pub(super) fn job_name_prefix(&self) -> String {
        format!("production-{}-", self.header.token)
    }

    /// Returns the whole script.
    pub(super) fn render_script(&self, array: &TaskArray) -> String {
        let mut text = self.header_comment(array);
        for option in self.sbatch_options(array) {
            // `sbatch` reads the line to its end, quotes or not, and the rest would be commands.
            // Values with line breaks are refused before; this holds if one is overlooked.
            let _ = writeln!(text, "#SBATCH {}", single_line(&option));
        }
        // Without the number of its element, a script that is run by hand would do another task.
        text += "set -eu\n";
        for (name, value) in self.script_variables(array) {
            let _ = writeln!(text, "export {name}={value}");
        }
        text += &setup_section(&self.farm.setup);
        // `exec` replaces the shell, so that Slurm's signals reach the program and its exit code is
        // that of the job.
        let _ = writeln!(
            text,
            "exec {} exec-task --store \"$PRODUCTION_STORE\" --run \"$PRODUCTION_RUN\" --index \"$PRODUCTION_TASK\" --attempt \
             \"$PRODUCTION_ATTEMPT\"{}",
            shell_quoted(&self.program.to_string_lossy()),
            self.path_map_args()
        );
        text
    }

    /// Returns the comment for an administrator who finds the job in the queue.
    fn header_comment(&self, array: &TaskArray) -> String {
        let TaskManifestHeader {
            production,
            revision,
            tasks,
            program,
            submitted_by: by,
            created_at: made,
            root,
            ..
        } = self.header;
        let made = made.strftime("%Y-%m-%d %H:%M UTC");
        let lines = [
            format!(
                "{production} {revision}: {}, {} of {tasks} tasks, attempt {}.",
                array.producer,
                array.len(),
                array.attempt
            ),
            format!("Sent by {by} at {made} from {} with {program}.", root.display()),
            self.dependency_comment(array),
            String::new(),
            format!("Element I does task {} + I, which is line {} + I of", array.first, array.first.0 + 1),
            format!("  {}", self.folder.records_path().display()),
            format!("  prints to  {}", self.output_path(array).display()),
            format!("  results    {}", self.folder.results_folder().display()),
            format!("  logs       {}", self.folder.layout.logs_folder(revision).display()),
            String::new(),
            format!("JOB is the number that this shows:  squeue --name={}", self.job_name(array.number)),
            "  hold it              scontrol hold JOB        release it   scontrol release JOB".to_owned(),
            "  repeat one task      scontrol requeue JOB_I   (files that it has made are not made again)"
                .to_owned(),
            "  cancel it            scancel JOB              (its tasks fail then, and are not sent again)"
                .to_owned(),
            format!("  cancel the run       production cancel {}", shell_quoted(&root.to_string_lossy())),
        ];
        let lines = lines
            .iter()
            // Titles and paths come from the user. Each is one line, or a line break in a title
            // would begin a command of the script.
            .map(|line| format!("# {}", single_line(line)).trim_end().to_owned() + "\n");
        // Bash and not `sh`: `module` is a function that bash inherits, and activation scripts are
        // written for it.
        format!("#!/bin/bash\n{}", lines.collect::<String>())
    }

    fn dependency_comment(&self, array: &TaskArray) -> String {
        let mut numbers: Vec<u32> = array.after.iter().map(|after| after.array).collect();
        numbers.sort_unstable();
        let names: Vec<String> = consecutive_runs(numbers)
            .into_iter()
            .map(|(first, last)| match first == last {
                true => self.job_name(first),
                false => format!("{} to {last}", self.job_name(first)),
            })
            .collect();
        if names.is_empty() {
            "It waits for no other job.".to_owned()
        } else {
            format!("It waits for {}.", names.join(", "))
        }
    }

    /// Returns the output file of all elements of an array. A file for each element would be as
    /// many files on the shared file system as there are tasks.
    pub(super) fn output_path(&self, array: &TaskArray) -> PathBuf {
        self.folder
            .scheduler_folder()
            .join(format!("{}.out", array.number))
    }

    /// Returns the options for `sbatch`, one for each `#SBATCH` line.
    fn sbatch_options(&self, array: &TaskArray) -> Vec<String> {
        let TaskManifestHeader {
            production,
            revision,
            ..
        } = self.header;
        let out = self.output_path(array);
        let comment = format!(
            "production {} {revision} {}",
            single_line(production),
            array.producer
        );
        let mut options = vec![
            format!("--job-name={}", self.job_name(array.number)),
            format!("--comment={}", shell_quoted(&comment)),
            format!("--array={}", self.array_elements(array)),
        ];
        options.extend(self.claim_options(&array.claim));
        let named_options = [
            ("partition", &self.farm.cluster.partition),
            ("account", &self.farm.cluster.account),
            ("qos", &self.farm.cluster.qos),
        ];
        options.extend(named_options.into_iter().filter_map(|(name, value)| {
            Some(format!("--{name}={}", shell_quoted(value.as_ref()?)))
        }));
        if let Some(time) = self.farm.time {
            // Slurm counts in minutes, and for Slurm 0 means no limit.
            options.push(format!("--time={}", time.as_secs().div_ceil(60).max(1)));
        }
        options.push(format!(
            "--output={}",
            // Slurm expands `%j` and the like in the path, so a percent sign is doubled.
            shell_quoted(&out.to_string_lossy().replace('%', "%%"))
        ));
        // Appending, because all elements share the file and a requeued one must not empty it.
        // Without `--export=NONE`, variables of the submitting shell would change what tasks do.
        // `--requeue` lets tasks of a lost machine run again.
        options.extend(["--open-mode=append", "--export=NONE", "--requeue"].map(str::to_owned));
        // The profile's options come last, as Slurm lets a later option override an earlier one.
        options.extend(self.farm.options.iter().cloned());
        options
    }

    /// Returns the elements of an array, with the number of them that may run at a time.
    fn array_elements(&self, array: &TaskArray) -> String {
        let elements = array.format_elements();
        match self.farm.throttle {
            Some(most) => format!("{elements}%{most}"),
            // The limits of the site alone apply.
            None => elements,
        }
    }

    /// Returns the options for the resources that each task claims.
    fn claim_options(&self, claim: &Claim) -> Vec<String> {
        // Claims are in thousandths, and Slurm counts whole cores.
        let cores = claim.cores.div_ceil(1000).max(1);
        let mut options = vec![format!("--cpus-per-task={cores}")];
        // A claim of 0 is unknown, and `--mem=0` would ask for all memory of the machine.
        if claim.memory > 0 {
            options.push(format!("--mem={}M", claim.memory));
        }
        if let Some(gpu) = self.farm.cluster.gpu.as_ref().filter(|_| claim.gpu > 0) {
            options.push(format!("--gres={}:{}", gpu, claim.gpu.div_ceil(1000)));
        }
        let licences: Vec<String> = claim
            .tokens
            .iter()
            .filter_map(|(token, amount)| {
                // A token that the farm does not map limits this machine alone. Slurm would refuse
                // an unknown licence.
                let licence = self.farm.licences.get(token)?;
                Some(format!("{licence}:{}", amount.div_ceil(1000)))
            })
            .collect();
        if !licences.is_empty() {
            options.push(format!("--licenses={}", licences.join(",")));
        }
        options
    }

    fn script_variables(&self, array: &TaskArray) -> Vec<(&'static str, String)> {
        let TaskManifestHeader { revision, .. } = self.header;
        vec![
            (
                "PRODUCTION_STORE",
                shell_quoted(&self.store.to_string_lossy()),
            ),
            ("PRODUCTION_RUN", shell_quoted(revision)),
            ("PRODUCTION_PHASE", array.phase.name().to_owned()),
            (
                "PRODUCTION_TASK",
                format!("$(({} + SLURM_ARRAY_TASK_ID))", array.first),
            ),
            ("PRODUCTION_ATTEMPT", array.attempt.to_string()),
            (
                "PRODUCTION_ENGINE",
                "\"slurm ${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}\"".to_owned(),
            ),
        ]
    }

    fn path_map_args(&self) -> String {
        self.farm
            .path_map
            .iter()
            .map(|(from, to)| format!(" --path-map {}", shell_quoted(&format!("{from}={to}"))))
            .collect()
    }
}

/// Returns the text with spaces for control characters. A title with a line break must not add a
/// line to the script.
fn single_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

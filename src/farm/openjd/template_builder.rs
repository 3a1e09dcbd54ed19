//! Builds the steps of a job template from tasks.

use super::job_template::{
    AmountRequirement, CancelationMethod, HostRequirements, JobEnvironment, JobParameter,
    JobTemplate, StepAction, StepActions, StepDependency, StepParameterSpace, StepScript,
    StepTemplate, TaskChunks, TaskParameter, UserInterface,
};
use crate::base::Digest;
use crate::farm::manifest_header::TaskManifestHeader;
use crate::farm::task_array::consecutive_runs;
use crate::farm::task_map::{TaskId, TaskMap};
use crate::model::Claim;
use crate::model::farm_profile::FarmProfile;
use crate::plan::Plan;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

/// The longest name of a step in the specification, in characters.
const MAX_STEP_NAME: usize = 64;
/// The longest name of a job in the specification, in characters.
const MAX_JOB_NAME: usize = 128;
/// The longest time that the specification allows between the request to stop and the kill.
const MAX_GRACE_SECONDS: u64 = 600;
/// The wanted duration of a chunk in seconds: long enough that the start of the program costs
/// little.
const CHUNK_SECONDS: u32 = 300;

/// Tasks of one kind and shot.
pub(super) struct TaskBatch {
    /// The kind of action, and the shot if there is one.
    pub(super) name: String,
    pub(super) tasks: Vec<TaskId>,
    pub(super) claim: Claim,
    /// The indices of the batches on which this one depends.
    pub(super) after: Vec<usize>,
}

/// Returns all tasks in batches by kind and shot, each batch after its dependencies.
pub(super) fn build_batches(plan: &Plan, tasks: &TaskMap) -> Vec<TaskBatch> {
    let mut batches: Vec<TaskBatch> = Vec::new();
    let mut batch_of_task = vec![0; tasks.len()];
    for group in tasks.groups() {
        // One step for each shot lets the next kind of work on a shot begin before all shots are
        // rendered: steps can depend only on whole steps.
        let mut by_shot: BTreeMap<Option<&str>, usize> = BTreeMap::new();
        for task in (group.first.0..group.first.0 + group.count).map(TaskId) {
            let shot = plan.job(tasks.job_of_task(task)).job.shot.as_deref();
            let index = *by_shot.entry(shot).or_insert_with(|| {
                let name = shot.map_or_else(
                    || group.producer.clone(),
                    |shot| format!("{} {shot}", group.producer),
                );
                batches.push(TaskBatch {
                    name,
                    tasks: Vec::new(),
                    claim: group.claim.clone(),
                    after: Vec::new(),
                });
                batches.len() - 1
            });
            batches[index].tasks.push(task);
            batch_of_task[task.index()] = index;
        }
    }
    for batch in &mut batches {
        let needs = batch
            .tasks
            .iter()
            .flat_map(|task| tasks.task_dependencies(plan, *task))
            .map(|need| batch_of_task[need.index()]);
        batch.after = needs.collect::<BTreeSet<_>>().into_iter().collect();
    }
    make_names_unique(&mut batches);
    batches
}

/// Makes the names of batches unique, printable and short enough.
fn make_names_unique(batches: &mut [TaskBatch]) {
    let mut use_counts: HashMap<String, u32> = HashMap::new();
    for batch in batches {
        // Six characters are left for a space and a counter.
        let name = shorten_name(&batch.name, MAX_STEP_NAME - 6);
        let times = use_counts.entry(name.clone()).or_default();
        *times += 1;
        batch.name = if *times == 1 {
            name
        } else {
            format!("{name} {times}")
        };
    }
}

/// Returns a name of at most `max_chars` characters without control characters. A digest keeps
/// different names different.
fn shorten_name(name: &str, max_chars: usize) -> String {
    let name: String = name
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if name.chars().count() <= max_chars {
        return name;
    }
    // Cut alone, two long names with the same beginning would become equal. The digest also keeps a
    // name the same in every export.
    let digest = Digest::hash_bytes(name.as_bytes()).hex_string();
    format!(
        "{}~{}",
        name.chars().take(max_chars - 9).collect::<String>(),
        &digest[..8]
    )
}

/// Returns a format string that stands for the text, with a space between doubled braces.
// The specification has no notation for the braces themselves: `{{` always begins an expression,
// and a scheduler refuses the template if there is no parameter of that name.
fn without_expressions(text: &str) -> String {
    let mut format = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '{' | '}') && format.ends_with(c) {
            format.push(' ');
        }
        format.push(c);
    }
    format
}

/// Builds the templates of one farm run.
pub(super) struct TemplateBuilder<'a> {
    pub(super) farm: &'a FarmProfile,
    pub(super) header: &'a TaskManifestHeader,
    /// This program on the farm's machines.
    pub(super) program: &'a Path,
    /// The store on the farm's machines.
    pub(super) store: &'a Path,
    /// Whether several tasks may share one start of the program.
    pub(super) chunking: bool,
}

impl TemplateBuilder<'_> {
    /// Returns the template with a step for each batch.
    pub(super) fn build_template(&self, batches: &[TaskBatch]) -> JobTemplate {
        let TaskManifestHeader {
            production,
            revision,
            program,
            ..
        } = self.header;
        let step = |batch: &TaskBatch| {
            let after = batch.after.iter().filter_map(|index| batches.get(*index));
            self.build_step(batch, after.map(|before| before.name.clone()))
        };
        JobTemplate {
            specification_version: "jobtemplate-2023-09",
            // Chunks are an extension that a scheduler may lack, and it must refuse a template that
            // names an unknown one. So the extension is named only if it is used.
            extensions: if self.chunking {
                vec!["TASK_CHUNKING"]
            } else {
                Vec::new()
            },
            // Of all texts of the user, only the job's name is a format string.
            name: shorten_name(
                &without_expressions(&format!("{production} {revision}")),
                MAX_JOB_NAME,
            ),
            description: format!("{} tasks, written by {program}.", self.header.tasks),
            parameter_definitions: self.parameter_definitions(),
            job_environments: vec![JobEnvironment {
                name: "production",
                variables: BTreeMap::from([("PRODUCTION_ENGINE", "openjd".to_owned())]),
            }],
            steps: batches.iter().map(step).collect(),
        }
    }

    /// Returns the names and values of the parameters.
    pub(super) fn parameter_values(&self) -> [(&'static str, String); 4] {
        let text = |path: &Path| path.to_string_lossy().into_owned();
        [
            ("Store", text(self.store)),
            ("Root", text(&self.header.root)),
            ("Run", self.header.revision.clone()),
            ("Program", text(self.program)),
        ]
    }

    fn parameter_definitions(&self) -> Vec<JobParameter> {
        let folder_parameter = |name, label, data_flow, description| JobParameter {
            name,
            kind: "PATH",
            object_type: Some("DIRECTORY"),
            data_flow: Some(data_flow),
            description,
            user_interface: user_interface("CHOOSE_DIRECTORY", label),
            default: None,
        };
        let string_parameter = |name, user_interface, description, default| JobParameter {
            name,
            kind: "STRING",
            object_type: None,
            data_flow: None,
            description,
            user_interface,
            default: Some(default),
        };
        // The revision must not be changed at submission: in another one, the same numbers mean
        // other tasks.
        let hidden = UserInterface {
            control: "HIDDEN",
            label: None,
            group_label: None,
        };
        let program = self.program.to_string_lossy().into_owned();
        let program_description = "The program `production` on the machines that do the work.";
        vec![
            folder_parameter(
                "Store",
                "Store",
                "INOUT",
                "The production's store, which all machines see; results go there.",
            ),
            folder_parameter(
                "Root",
                "Production",
                "IN",
                "The production's folder, with its assets.",
            ),
            string_parameter(
                "Run",
                hidden,
                "The revision whose tasks they are.",
                self.header.revision.clone(),
            ),
            string_parameter(
                "Program",
                user_interface("LINE_EDIT", "Program"),
                program_description,
                program,
            ),
        ]
    }

    fn build_step(&self, batch: &TaskBatch, after: impl Iterator<Item = String>) -> StepTemplate {
        let runs = consecutive_runs(batch.tasks.iter().map(|task| task.0));
        let range = runs
            .iter()
            .map(|(first, last)| {
                if first == last {
                    first.to_string()
                } else {
                    format!("{first}-{last}")
                }
            })
            .collect::<Vec<_>>()
            .join(",");
        let chunks = TaskChunks {
            // A scheduler that does not measure gets single tasks. A guess could put hours of
            // rendering into one chunk.
            default_task_count: 1,
            target_runtime_seconds: CHUNK_SECONDS,
            // The program takes any list of numbers, so a scheduler may cut chunks as it likes.
            range_constraint: "NONCONTIGUOUS",
        };
        let kind = if self.chunking { "CHUNK[INT]" } else { "INT" };
        let task = TaskParameter {
            name: "Task",
            kind,
            range,
            chunks: self.chunking.then_some(chunks),
        };
        StepTemplate {
            name: batch.name.clone(),
            description: format!(
                "{} task{}",
                batch.tasks.len(),
                if batch.tasks.len() == 1 { "" } else { "s" }
            ),
            dependencies: after
                .map(|depends_on| StepDependency { depends_on })
                .collect(),
            parameter_space: StepParameterSpace {
                task_parameter_definitions: vec![task],
            },
            host_requirements: host_requirements(&batch.claim, &self.farm.licences),
            script: StepScript {
                actions: StepActions {
                    on_run: self.run_action(),
                },
            },
        }
    }

    fn run_action(&self) -> StepAction {
        StepAction {
            command: "{{Param.Program}}",
            args: vec![
                "exec-task",
                "--store",
                "{{Param.Store}}",
                "--root",
                "{{Param.Root}}",
                "--run",
                "{{Param.Run}}",
                "--index",
                "{{Task.Param.Task}}",
                "--path-map-file",
                "{{Session.PathMappingRulesFile}}",
            ],
            timeout: self.farm.time.map(|time| time.as_secs().max(1)),
            cancelation: CancelationMethod {
                mode: "NOTIFY_THEN_TERMINATE",
                // One second more than the grace period of tools, so that the program can end them
                // and leave before it is killed itself.
                notify_period_in_seconds: (self.header.rules.grace_period().as_secs() + 1)
                    .min(MAX_GRACE_SECONDS),
            },
        }
    }
}

fn user_interface(control: &'static str, label: &'static str) -> UserInterface {
    UserInterface {
        control,
        label: Some(label),
        group_label: Some("Production"),
    }
}

/// Returns the requirements on a machine, and on licences that the scheduler counts as amounts.
fn host_requirements(claim: &Claim, licences: &BTreeMap<String, String>) -> HostRequirements {
    let amount = |name: &str, min| AmountRequirement {
        name: name.to_owned(),
        min,
    };
    // Claims are in thousandths. A request that is too small would put two tasks on one core, so
    // parts are rounded up.
    let mut amounts = vec![amount(
        "amount.worker.vcpu",
        claim.cores.div_ceil(1000).max(1),
    )];
    if claim.memory > 0 {
        amounts.push(amount("amount.worker.memory", claim.memory));
    }
    if claim.gpu > 0 {
        amounts.push(amount("amount.worker.gpu", claim.gpu.div_ceil(1000)));
    }
    if claim.gpu_memory > 0 {
        amounts.push(amount("amount.worker.gpu.memory", claim.gpu_memory));
    }
    let counted = claim.tokens.iter().filter_map(|(token, amount_held)| {
        // A name of another form is a licence of Slurm, and the specification has no such amount.
        let name = licences.get(token).filter(|name| is_amount(name))?;
        Some(amount(name, amount_held.div_ceil(1000).max(1)))
    });
    amounts.extend(counted);
    HostRequirements { amounts }
}

/// Returns whether the name of a licence is a valid amount, such as `amount.nuke`.
pub(super) fn is_amount(name: &str) -> bool {
    let mut parts = name.split('.');
    parts.next() == Some("amount")
        && name.len() > "amount.".len()
        && parts.all(|part| {
            part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        })
}

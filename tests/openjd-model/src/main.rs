//! Reads a job template as a scheduler does, and makes a job of it. Prints one line for each step,
//! after the steps that it depends on: the number of its tasks, its name, and the number that each
//! task gets.
//!
//! Usage: openjd-template TEMPLATE [NAME=VALUE ...]

use openjd_model::template::parse::document_string_to_object;
use openjd_model::{
    CallerLimits, DocumentType, JobParameterInputValues, StepDependencyGraph,
    StepParameterSpaceIterator, create_job, decode_job_template, preprocess_job_parameters,
};
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let template = words.next().ok_or("no template given")?;
    let mut values = JobParameterInputValues::new();
    for word in words {
        let (name, value) = word.split_once('=').ok_or("a parameter is NAME=VALUE")?;
        values.insert(
            name.to_owned(),
            openjd_expr::ExprValue::String(value.to_owned()),
        );
    }
    for line in steps(Path::new(&template), &values)? {
        println!("{line}");
    }
    Ok(())
}

fn steps(path: &Path, values: &JobParameterInputValues) -> Result<Vec<String>, Box<dyn Error>> {
    let limits = CallerLimits::default();
    let value =
        document_string_to_object(&std::fs::read_to_string(path)?, DocumentType::Yaml, &limits)?;
    let template = decode_job_template(value, Some(&["TASK_CHUNKING"]), &limits)?;
    let folder = std::path::absolute(path)?;
    let folder = folder
        .parent()
        .ok_or("the template is in no folder")?
        .display()
        .to_string();
    let paths = openjd_model::PathParameterOptions::new(&folder, &folder);
    let values = preprocess_job_parameters(&template, values, &[], &paths)?;
    let job = create_job(&template, &values, &template.default_validation_context())?;
    let mut lines = Vec::new();
    for name in StepDependencyGraph::new(&job)?.topo_sorted_names()? {
        let step = job
            .steps
            .iter()
            .find(|step| step.name == name)
            .ok_or("a step of the graph is one of the job")?;
        let space = step
            .parameter_space
            .as_ref()
            .ok_or("every step of ours has a parameter")?;
        // A scheduler may change the size of chunks, so their number is known only after iterating
        // over them.
        let tasks = StepParameterSpaceIterator::new(space)?;
        let numbers: Vec<String> = tasks
            .flat_map(|task| task.into_values())
            .map(|value| value.value.to_display_string())
            .collect();
        lines.push(format!("{}\t{name}\t{}", numbers.len(), numbers.join(" ")));
    }
    Ok(lines)
}

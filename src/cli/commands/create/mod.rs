//! `production create`: a production that validates and runs as it is, from a template inside the binary or from one that
//! exists, with what differs asked for or given.

mod interview;
mod production_answers;
mod production_copy;

use super::schema;
use crate::base::suggestions::did_you_mean;
use crate::cli::args::CreateArgs;
use crate::cli::catalog::{TemplateMap, default_options, folder_presets, load_templates};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::CliError;
use crate::cli::production_template::{self, write_file, write_template};
use crate::project::{OpenedProduction, open};
use interview::TerminalInterview;
use production_answers::{ProductionAnswers, is_valid_rate, title_from_name};
use production_copy::ProductionCopy;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What a new production begins with.
enum StartingPoint {
    Template(String),
    ExistingProduction(ProductionCopy),
}

/// Everything that has to be known before anything is written.
struct CreateRequest {
    name: String,
    start: StartingPoint,
    answers: ProductionAnswers,
}

pub(super) fn run_create(args: &CreateArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let templates = load_templates();
    if args.list_templates {
        settings.print_stdout(&template_list(&templates));
        return Ok(ExitCode::SUCCESS);
    }
    let request = if args.interactive {
        let (mut input, mut output) = (std::io::stdin().lock(), std::io::stderr().lock());
        request_from_interview(
            args,
            &templates,
            &mut TerminalInterview::new(&mut input, &mut output),
            settings,
        )?
    } else {
        request_from_args(args, &templates, settings)?
    };
    let folder = free_folder(args, &request.name)?;
    let result = create_production(&folder, &request, &templates, settings);
    if result.is_err() {
        // Half a production helps nobody, and the folder is ours: it was not there before.
        let _ = std::fs::remove_dir_all(&folder);
    }
    result?;
    settings.print_stdout(&next_steps(&folder, &request.start, args));
    Ok(ExitCode::SUCCESS)
}

fn template_list(templates: &TemplateMap) -> String {
    let line = |(name, template): &(
        crate::base::Spanned<String>,
        production_template::ProductionTemplate,
    )| { format!("{:<14}{}\n", name.value, template.description) };
    templates.iter().map(line).collect()
}

/// Takes everything from the command line.
fn request_from_args(
    args: &CreateArgs,
    templates: &TemplateMap,
    settings: &CliSettings,
) -> Result<CreateRequest, CliError> {
    let name = args.name.clone().unwrap_or_default();
    check_name(&name).map_err(CliError::Usage)?;
    let title = args.title.clone().unwrap_or_else(|| title_from_name(&name));
    let start = match &args.from {
        Some(from) => StartingPoint::ExistingProduction(ProductionCopy::from_opened(
            &open_default(from, settings)?,
            from,
        )?),
        None => {
            production_template::find_template(templates, &args.template)?;
            StartingPoint::Template(args.template.clone())
        }
    };
    Ok(CreateRequest {
        name,
        start,
        answers: ProductionAnswers {
            title,
            author: args.author.clone(),
            ..ProductionAnswers::default()
        },
    })
}

/// Asks for everything, with what the command line says as defaults.
fn request_from_interview(
    args: &CreateArgs,
    templates: &TemplateMap,
    interview: &mut TerminalInterview<'_>,
    settings: &CliSettings,
) -> Result<CreateRequest, CliError> {
    let io = |source| CliError::io_error("read an answer", source);
    let usual = args.name.clone().unwrap_or_else(|| "my_film".to_owned());
    let named = |text: &str| {
        check_name(text)?;
        free_folder(args, text).map_err(|error| error.to_string())?;
        Ok(text.to_owned())
    };
    let name = interview
        .ask_question("Name, and folder", &usual, named, || usual.clone())
        .map_err(io)?;
    check_name(&name).map_err(CliError::Usage)?;
    let start = match &args.from {
        Some(from) => StartingPoint::ExistingProduction(ProductionCopy::from_opened(
            &open_default(from, settings)?,
            from,
        )?),
        None => {
            interview.print_text(&template_list(templates));
            let known = |text: &str| {
                production_template::find_template(templates, text)
                    .map(|_| text.to_owned())
                    .map_err(|e| e.to_string())
            };
            let template =
                interview.ask_question("Template", &args.template, known, || args.template.clone());
            StartingPoint::Template(template.map_err(io)?)
        }
    };
    let title = args.title.clone().unwrap_or_else(|| title_from_name(&name));
    let any = |text: &str| Ok(text.to_owned());
    let title = interview
        .ask_question("Title", &title, any, || title.clone())
        .map_err(io)?;
    let author = args.author.clone();
    let named = |text: &str| Ok(Some(text.to_owned()));
    let author =
        interview.ask_question("Author", author.as_deref().unwrap_or("none"), named, || {
            author.clone()
        });
    let answers = ProductionAnswers {
        title,
        author: author.map_err(io)?,
        ..ProductionAnswers::default()
    };
    let answers = ask_technical(answers, &start, templates, interview, settings)?;
    Ok(CreateRequest {
        name,
        start,
        answers,
    })
}

/// Asks for frame rate and outputs, with those that the production would have.
fn ask_technical(
    answers: ProductionAnswers,
    start: &StartingPoint,
    templates: &TemplateMap,
    interview: &mut TerminalInterview<'_>,
    settings: &CliSettings,
) -> Result<ProductionAnswers, CliError> {
    let io = |source| CliError::io_error("read an answer", source);
    let trial = tempfile::tempdir().map_err(io)?;
    let production = write_draft(
        trial.path(),
        &ProductionAnswers {
            rate: None,
            outputs: Vec::new(),
            ..answers.clone()
        },
        start,
        templates,
        settings,
    )?;
    let Some(checked) = &production.checked else {
        return Ok(answers);
    };
    let rate = |text: &str| {
        is_valid_rate(text)
            .then(|| Some(text.to_owned()))
            .ok_or("a frame rate from 1 to 240, such as 24".to_owned())
    };
    let usual = checked.render.rate.to_string();
    let rate = interview
        .ask_question("Frames a second", &usual, rate, || None)
        .map_err(io)?;
    let library = folder_presets(Path::new(".")).library;
    let known: Vec<&str> = library.outputs.preset_names().collect();
    interview.print_text(&format!("Outputs are {}", known.join(", ")));
    let names: Vec<&str> = checked
        .outputs
        .iter()
        .map(|output| output.name.value.as_str())
        .collect();
    let chosen = |text: &str| {
        let wanted = text
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty());
        wanted
            .map(|name| known_output(name, &known))
            .collect::<Result<Vec<_>, _>>()
    };
    let outputs = interview
        .ask_question("Outputs, by commas", &names.join(", "), chosen, Vec::new)
        .map_err(io)?;
    Ok(ProductionAnswers {
        rate,
        outputs,
        ..answers
    })
}

fn known_output(name: &str, known: &[&str]) -> Result<String, String> {
    let hint = || did_you_mean(name, known.iter().copied()).unwrap_or_default();
    if known.contains(&name) {
        Ok(name.to_owned())
    } else {
        Err(format!("no output `{name}`; {}", hint()))
    }
}

fn open_default(path: &Path, settings: &CliSettings) -> Result<OpenedProduction, CliError> {
    Ok(open(path, &default_options(settings))?)
}

/// Writes the production with its answers into a folder, and opens it.
fn write_draft(
    folder: &Path,
    answers: &ProductionAnswers,
    start: &StartingPoint,
    templates: &TemplateMap,
    settings: &CliSettings,
) -> Result<OpenedProduction, CliError> {
    let io = |source| CliError::io_error(format!("write {}", folder.display()), source);
    let document = folder.join("production.yaml");
    let text = match start {
        StartingPoint::Template(name) => {
            write_template(
                folder,
                name,
                production_template::find_template(templates, name)?,
            )
            .map_err(io)?;
            std::fs::read_to_string(&document).map_err(io)?
        }
        StartingPoint::ExistingProduction(copy) => {
            copy.write_files(folder).map_err(io)?;
            copy.read_document().map_err(io)?
        }
    };
    let first = ProductionAnswers {
        rate: None,
        ..answers.clone()
    }
    .fill_document(&text, None)?;
    write_file(&document, first.as_bytes()).map_err(io)?;
    let before = open_default(folder, settings)?;
    if answers.rate.is_some() {
        let production = before.checked.as_deref();
        write_file(
            &document,
            answers.fill_document(&text, production)?.as_bytes(),
        )
        .map_err(io)?;
    }
    Ok(before)
}

fn create_production(
    folder: &Path,
    request: &CreateRequest,
    templates: &TemplateMap,
    settings: &CliSettings,
) -> Result<(), CliError> {
    std::fs::create_dir_all(folder)
        .map_err(|source| CliError::io_error(format!("create {}", folder.display()), source))?;
    let created = write_draft(
        folder,
        &request.answers,
        &request.start,
        templates,
        settings,
    )?;
    if created.checked.is_none() {
        let why = "it names something outside its folder, or an answer does not fit it";
        return Err(CliError::Usage(format!(
            "create {}: the result would have errors; {why}",
            folder.display()
        )));
    }
    let schema = schema::document_schema(folder);
    write_file(&folder.join("production.schema.json"), schema.as_bytes())
        .map_err(|source| CliError::io_error(format!("create {}", folder.display()), source))
}

/// Returns the folder of the new production, where nothing may be yet, not even a link that leads nowhere.
fn free_folder(args: &CreateArgs, name: &str) -> Result<PathBuf, CliError> {
    let folder = args.output.join(name);
    if folder.symlink_metadata().is_ok() {
        let folder = folder.display();
        return Err(CliError::Usage(format!(
            "create {folder}: it is there already; choose another name"
        )));
    }
    Ok(folder)
}

/// A name becomes a folder, so it may not lead elsewhere.
fn check_name(name: &str) -> Result<(), String> {
    let plain = !name.is_empty()
        && !name.starts_with('.')
        && !name.contains(['/', '\\', ':', '\0'])
        && !name.chars().any(char::is_control);
    plain.then_some(()).ok_or_else(|| {
        format!("create `{name}`: a name is one folder name; use --output for the place")
    })
}

fn next_steps(folder: &Path, start: &StartingPoint, args: &CreateArgs) -> String {
    let origin = match (start, &args.from) {
        (StartingPoint::Template(name), _) => format!("from the template `{name}`"),
        (StartingPoint::ExistingProduction(_), from) => {
            format!(
                "as a copy of {}",
                from.as_deref().unwrap_or(Path::new("")).display()
            )
        }
    };
    let folder = folder.display();
    format!(
        "made {folder} {origin}\n\n  edit      {folder}/production.yaml\n  check     production validate {folder}\n  \
         make      production run {folder}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_leads_elsewhere_is_refused() {
        for name in ["../up", "a/b", "", ".hidden", "c:x"] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }
}

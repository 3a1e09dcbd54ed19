//! `production create`: a production that validates and runs as it is, from a template inside the binary or from one that
//! exists, with what differs asked for or given.

mod answers;
mod ask;
mod copy;
mod template;

pub(in crate::cli) use template::templates;

use super::{schema, usual_options};
use crate::base::suggestions::did_you_mean;
use crate::cli::args::Create;
use crate::cli::exit::CliError;
use crate::cli::settings::Settings;
use crate::project::{OpenedProduction, open};
use answers::{Answers, is_rate, title_of};
use ask::Interview;
use copy::Copy;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use template::{Templates, write, write_all};

/// What a new production begins with.
enum Start {
    Template(String),
    Copy(Copy),
}

/// Everything that has to be known before anything is written.
struct Wanted {
    name: String,
    start: Start,
    answers: Answers,
}

pub(super) fn run(args: &Create, settings: &Settings) -> Result<ExitCode, CliError> {
    let templates = templates();
    if args.list_templates {
        settings.say(&listed(&templates));
        return Ok(ExitCode::SUCCESS);
    }
    let wanted = if args.interactive {
        let (mut input, mut output) = (std::io::stdin().lock(), std::io::stderr().lock());
        interview(
            args,
            &templates,
            &mut Interview::new(&mut input, &mut output),
            settings,
        )?
    } else {
        given(args, &templates, settings)?
    };
    let folder = free_folder(args, &wanted.name)?;
    let made = make(&folder, &wanted, &templates, settings);
    if made.is_err() {
        // Half a production helps nobody, and the folder is ours: it was not there before.
        let _ = std::fs::remove_dir_all(&folder);
    }
    made?;
    settings.say(&next_steps(&folder, &wanted.start, args));
    Ok(ExitCode::SUCCESS)
}

fn listed(templates: &Templates) -> String {
    let line = |(name, template): &(crate::base::Spanned<String>, template::Template)| {
        format!("{:<14}{}\n", name.value, template.description)
    };
    templates.iter().map(line).collect()
}

/// Takes everything from the command line.
fn given(args: &Create, templates: &Templates, settings: &Settings) -> Result<Wanted, CliError> {
    let name = args.name.clone().unwrap_or_default();
    check_name(&name).map_err(CliError::Usage)?;
    let title = args.title.clone().unwrap_or_else(|| title_of(&name));
    let start = match &args.from {
        Some(from) => Start::Copy(Copy::of(&opened(from, settings)?, from)?),
        None => {
            template::find(templates, &args.template)?;
            Start::Template(args.template.clone())
        }
    };
    Ok(Wanted {
        name,
        start,
        answers: Answers {
            title,
            author: args.author.clone(),
            ..Answers::default()
        },
    })
}

/// Asks for everything, with what the command line says as defaults.
fn interview(
    args: &Create,
    templates: &Templates,
    interview: &mut Interview<'_>,
    settings: &Settings,
) -> Result<Wanted, CliError> {
    let io = |source| CliError::io("read an answer", source);
    let usual = args.name.clone().unwrap_or_else(|| "my_film".to_owned());
    let named = |text: &str| {
        check_name(text)?;
        free_folder(args, text).map_err(|error| error.to_string())?;
        Ok(text.to_owned())
    };
    let name = interview
        .ask("Name, and folder", &usual, named, || usual.clone())
        .map_err(io)?;
    check_name(&name).map_err(CliError::Usage)?;
    let start = match &args.from {
        Some(from) => Start::Copy(Copy::of(&opened(from, settings)?, from)?),
        None => {
            interview.tell(&listed(templates));
            let known = |text: &str| {
                template::find(templates, text)
                    .map(|_| text.to_owned())
                    .map_err(|e| e.to_string())
            };
            let template =
                interview.ask("Template", &args.template, known, || args.template.clone());
            Start::Template(template.map_err(io)?)
        }
    };
    let title = args.title.clone().unwrap_or_else(|| title_of(&name));
    let any = |text: &str| Ok(text.to_owned());
    let title = interview
        .ask("Title", &title, any, || title.clone())
        .map_err(io)?;
    let author = args.author.clone();
    let named = |text: &str| Ok(Some(text.to_owned()));
    let author = interview.ask("Author", author.as_deref().unwrap_or("none"), named, || {
        author.clone()
    });
    let answers = Answers {
        title,
        author: author.map_err(io)?,
        ..Answers::default()
    };
    let answers = technical(answers, &start, templates, interview, settings)?;
    Ok(Wanted {
        name,
        start,
        answers,
    })
}

/// Asks for frame rate and outputs, with those that the production would have.
fn technical(
    answers: Answers,
    start: &Start,
    templates: &Templates,
    interview: &mut Interview<'_>,
    settings: &Settings,
) -> Result<Answers, CliError> {
    let io = |source| CliError::io("read an answer", source);
    let trial = tempfile::tempdir().map_err(io)?;
    let production = draft(
        trial.path(),
        &Answers {
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
        is_rate(text)
            .then(|| Some(text.to_owned()))
            .ok_or("a frame rate from 1 to 240, such as 24".to_owned())
    };
    let usual = checked.render.rate.to_string();
    let rate = interview
        .ask("Frames a second", &usual, rate, || None)
        .map_err(io)?;
    let library = super::library::read(Path::new(".")).library;
    let known: Vec<&str> = library.outputs.preset_names().collect();
    interview.tell(&format!("Outputs are {}", known.join(", ")));
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
        .ask("Outputs, by commas", &names.join(", "), chosen, Vec::new)
        .map_err(io)?;
    Ok(Answers {
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

fn opened(path: &Path, settings: &Settings) -> Result<OpenedProduction, CliError> {
    Ok(open(path, &usual_options(settings))?)
}

/// Writes the production with its answers into a folder, and opens it.
fn draft(
    folder: &Path,
    answers: &Answers,
    start: &Start,
    templates: &Templates,
    settings: &Settings,
) -> Result<OpenedProduction, CliError> {
    let io = |source| CliError::io(format!("write {}", folder.display()), source);
    let document = folder.join("production.yaml");
    let text = match start {
        Start::Template(name) => {
            write_all(folder, name, template::find(templates, name)?).map_err(io)?;
            std::fs::read_to_string(&document).map_err(io)?
        }
        Start::Copy(copy) => {
            copy.write_all(folder).map_err(io)?;
            copy.document().map_err(io)?
        }
    };
    let first = Answers {
        rate: None,
        ..answers.clone()
    }
    .fill(&text, None)?;
    write(&document, first.as_bytes()).map_err(io)?;
    let before = opened(folder, settings)?;
    if answers.rate.is_some() {
        let production = before.checked.as_deref();
        write(&document, answers.fill(&text, production)?.as_bytes()).map_err(io)?;
    }
    Ok(before)
}

fn make(
    folder: &Path,
    wanted: &Wanted,
    templates: &Templates,
    settings: &Settings,
) -> Result<(), CliError> {
    std::fs::create_dir_all(folder)
        .map_err(|source| CliError::io(format!("create {}", folder.display()), source))?;
    let made = draft(folder, &wanted.answers, &wanted.start, templates, settings)?;
    if made.checked.is_none() {
        let why = "it names something outside its folder, or an answer does not fit it";
        return Err(CliError::Usage(format!(
            "create {}: the result would have errors; {why}",
            folder.display()
        )));
    }
    let schema = schema::text(folder);
    write(&folder.join("production.schema.json"), schema.as_bytes())
        .map_err(|source| CliError::io(format!("create {}", folder.display()), source))
}

/// Returns the folder of the new production, where nothing may be yet, not even a link that leads nowhere.
fn free_folder(args: &Create, name: &str) -> Result<PathBuf, CliError> {
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

fn next_steps(folder: &Path, start: &Start, args: &Create) -> String {
    let origin = match (start, &args.from) {
        (Start::Template(name), _) => format!("from the template `{name}`"),
        (Start::Copy(_), from) => {
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

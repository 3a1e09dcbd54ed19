//! `production create`: makes a production that validates and runs as it is. It starts from a
//! template inside the binary, from an existing production, from words for an ad, from a treatment or
//! from a script. Options or answers to questions say what is different.

mod ad_creation;
mod created_production;
mod creation_lock;
mod creation_record;
mod creation_target;
mod input_file;
mod interview;
mod production_answers;
mod production_copy;
mod renewal_text;
mod script_film;
mod treatment_film;

use super::schema;
use crate::base::shell_quoting::readable_shell_word;
use crate::base::suggestions::did_you_mean;
use crate::base::{Clock, SystemClock};
use crate::cli::args::CreateArgs;
use crate::cli::catalog::{TemplateMap, default_options, folder_presets, load_templates};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::CliError;
use crate::cli::named_file::check_source_file;
use crate::cli::production_template::{self, write_file, write_template};
use crate::project::{OpenedProduction, open};
use crate::validate::CheckedProduction;
pub(super) use treatment_film::show_treatment_plan;

use crate::treatment::may_have_secret;
use interview::TerminalInterview;
use production_answers::{ProductionAnswers, is_valid_rate, title_from_name};
use production_copy::ProductionCopy;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What a new production starts from.
enum StartingPoint {
    Template(String),
    ExistingProduction(ProductionCopy),
}

/// Everything that is decided before the first file is written.
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
    let args = &in_this_folder(args)?;
    check_names_for_secrets(args)?;
    if args.prompt.is_some() || args.prompt_file.is_some() {
        return ad_creation::create_ad(args, settings);
    }
    if let Some((path, format)) = treatment_film::treatment_source(args) {
        return treatment_film::create_from_treatment(args, path, format, settings);
    }
    if let Some(path) = script_film::script_source(args) {
        return script_film::create_from_script(args, path, settings);
    }
    if args.dry_run {
        let message =
            "plan: `--dry-run` needs words, `--prompt WORDS`, or a treatment, `--from FILE.md`";
        return Err(CliError::Usage(message.to_owned()));
    }
    let request = if args.interactive {
        // Questions go to standard error: standard output has the result alone.
        let mut input = std::io::stdin().lock();
        let mut output = std::io::stderr().lock();
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
    // The folder is made before and not in `create_production`: the clean-up below must never remove a
    // folder that was there already.
    make_folder(&folder)?;
    let result = create_production(&folder, &request, &templates, settings);
    if result.is_err() {
        // Half a production would only stand in the way of the next try under this name.
        let _ = std::fs::remove_dir_all(&folder);
    }
    result?;
    settings.print_summary(&created_summary(&folder, &request.start, args));
    Ok(ExitCode::SUCCESS)
}

/// Fails if the title or the author may have a password or a key: both are written into the document.
fn check_names_for_secrets(args: &CreateArgs) -> Result<(), CliError> {
    let options = [("title", &args.title), ("author", &args.author)];
    for (option, text) in options {
        if text.as_deref().is_some_and(may_have_secret) {
            return Err(CliError::Usage(secret_message(&format!(
                "create a film: `--{option}`"
            ))));
        }
    }
    Ok(())
}

/// Returns the message about words that may have a password or a key. `words` says which.
fn secret_message(words: &str) -> String {
    // Removing it is not enough: it is in the history of the shell, and perhaps in a repository.
    format!("{words} may have a password or a key; remove it, and replace it wherever it is valid")
}

/// Returns the arguments with the name of the folder if it is named as `.`, the one that the command
/// is typed in.
fn in_this_folder(args: &CreateArgs) -> Result<CreateArgs, CliError> {
    let mut args = args.clone();
    if !matches!(args.name.as_deref(), Some("." | "./")) {
        return Ok(args);
    }
    let is_from_words = args.prompt.is_some()
        || args.prompt_file.is_some()
        || treatment_film::treatment_source(&args).is_some()
        || script_film::script_source(&args).is_some();
    let this = std::fs::canonicalize(&args.output).map_err(|source| CliError::InputFile {
        path: args.output.clone(),
        source,
    })?;
    let Some(name) = this.file_name().filter(|_| is_from_words) else {
        let why =
            "only a film from words fills or renews the folder that it is typed in; type a NAME";
        return Err(CliError::Usage(format!("create `.`: {why}")));
    };
    args.name = Some(name.to_string_lossy().into_owned());
    args.output = match args.output.as_path() {
        here if here == Path::new(".") => PathBuf::from(".."),
        output => output.join(".."),
    };
    Ok(args)
}

/// Returns the day of today, in UTC. `None` for a copy, which keeps the dates of its original.
fn creation_day(args: &CreateArgs) -> Option<String> {
    let now = SystemClock::default().now();
    let day = now.strftime("%Y-%m-%d").to_string();
    args.from.is_none().then_some(day)
}

fn template_list(templates: &TemplateMap) -> String {
    templates
        .iter()
        .map(|(name, template)| format!("{:<14}{}\n", name.value, template.description))
        .collect()
}

/// Takes name, start and answers from the command line.
fn request_from_args(
    args: &CreateArgs,
    templates: &TemplateMap,
    settings: &CliSettings,
) -> Result<CreateRequest, CliError> {
    // clap requires a name without `--interactive`.
    let name = args.name.clone().unwrap_or_default();
    check_name(&name).map_err(CliError::Usage)?;
    let title = args.title.clone().unwrap_or_else(|| title_from_name(&name));
    let start = match &args.from {
        Some(from) => existing_production(from, settings)?,
        None => {
            // Checked here already, so that a wrong name is reported before a folder is made.
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
            created: creation_day(args),
            ..ProductionAnswers::default()
        },
    })
}

/// Asks for name, start and answers. Options of the command line are the defaults.
fn request_from_interview(
    args: &CreateArgs,
    templates: &TemplateMap,
    interview: &mut TerminalInterview<'_>,
    settings: &CliSettings,
) -> Result<CreateRequest, CliError> {
    let name = ask_name(args, interview)?;
    let start = match &args.from {
        Some(from) => existing_production(from, settings)?,
        None => StartingPoint::Template(ask_template(args, templates, interview)?),
    };
    let title = args.title.clone().unwrap_or_else(|| title_from_name(&name));
    let title = interview
        .ask_question(
            "Title",
            &title,
            |text: &str| Ok(text.to_owned()),
            || title.clone(),
        )
        .map_err(unanswered)?;
    let author = args.author.clone();
    let author = interview.ask_question(
        "Author",
        author.as_deref().unwrap_or("none"),
        |text: &str| Ok(Some(text.to_owned())),
        || author.clone(),
    );
    let answers = ProductionAnswers {
        title,
        author: author.map_err(unanswered)?,
        created: creation_day(args),
        ..ProductionAnswers::default()
    };
    let answers = ask_technical(answers, &start, templates, interview, settings)?;
    Ok(CreateRequest {
        name,
        start,
        answers,
    })
}

fn ask_name(args: &CreateArgs, interview: &mut TerminalInterview<'_>) -> Result<String, CliError> {
    let usual = args.name.clone().unwrap_or_else(|| "my_film".to_owned());
    // A folder that exists is refused at this question, and not after all the others.
    let parse_name = |text: &str| {
        check_name(text)?;
        free_folder(args, text).map_err(|error| error.to_string())?;
        Ok(text.to_owned())
    };
    let name = interview
        .ask_question("Name, and folder", &usual, parse_name, || usual.clone())
        .map_err(unanswered)?;
    // The interview does not check the default, which may be the name that was typed.
    check_name(&name).map_err(CliError::Usage)?;
    Ok(name)
}

fn ask_template(
    args: &CreateArgs,
    templates: &TemplateMap,
    interview: &mut TerminalInterview<'_>,
) -> Result<String, CliError> {
    interview.print_text(&template_list(templates));
    let parse_template = |text: &str| {
        production_template::find_template(templates, text)
            .map(|_| text.to_owned())
            .map_err(|error| error.to_string())
    };
    interview
        .ask_question("Template", &args.template, parse_template, || {
            args.template.clone()
        })
        .map_err(unanswered)
}

/// Asks for frame rate and outputs. The defaults are those that the production would have without
/// these answers.
fn ask_technical(
    answers: ProductionAnswers,
    start: &StartingPoint,
    templates: &TemplateMap,
    interview: &mut TerminalInterview<'_>,
    settings: &CliSettings,
) -> Result<ProductionAnswers, CliError> {
    // Presets and other files may decide the rate and the outputs. Only an opened production knows
    // them, so it is written to a temporary folder and opened there.
    let trial = tempfile::tempdir().map_err(unanswered)?;
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
    // A production with errors has no defaults to show. `create_production` reports it.
    let Some(checked) = &production.checked else {
        return Ok(answers);
    };
    Ok(ProductionAnswers {
        rate: ask_rate(checked, interview)?,
        outputs: ask_outputs(checked, interview)?,
        ..answers
    })
}

/// Asks for the frame rate. `None`: it stays as it is written.
fn ask_rate(
    checked: &CheckedProduction,
    interview: &mut TerminalInterview<'_>,
) -> Result<Option<String>, CliError> {
    let parse_rate = |text: &str| {
        is_valid_rate(text)
            .then(|| Some(text.to_owned()))
            .ok_or("a frame rate from 1 to 240, such as 24, 23.976 or 30000/1001".to_owned())
    };
    let usual = checked.render.rate.to_string();
    interview
        .ask_question("Frames a second", &usual, parse_rate, || None)
        .map_err(unanswered)
}

/// Asks for the outputs. The default is an empty list: it leaves the outputs as they are written, with
/// every field that a list of names would lose.
fn ask_outputs(
    checked: &CheckedProduction,
    interview: &mut TerminalInterview<'_>,
) -> Result<Vec<String>, CliError> {
    let library = folder_presets(Path::new(".")).library;
    let known: Vec<&str> = library.outputs.preset_names().collect();
    interview.print_text(&format!("Outputs are {}", known.join(", ")));
    let names: Vec<&str> = checked
        .outputs
        .iter()
        .map(|output| output.name.value.as_str())
        .collect();
    let parse_outputs = |text: &str| {
        let wanted = text
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty());
        wanted
            .map(|name| known_output(name, &known))
            .collect::<Result<Vec<_>, _>>()
    };
    let question = "Outputs, by commas";
    interview
        .ask_question(question, &names.join(", "), parse_outputs, Vec::new)
        .map_err(unanswered)
}

fn unanswered(source: std::io::Error) -> CliError {
    CliError::io_error("read an answer", source)
}

fn known_output(name: &str, known: &[&str]) -> Result<String, String> {
    let hint = || did_you_mean(name, known.iter().copied()).unwrap_or_default();
    if known.contains(&name) {
        Ok(name.to_owned())
    } else {
        Err(format!("no output `{name}`; {}", hint()))
    }
}

fn existing_production(from: &Path, settings: &CliSettings) -> Result<StartingPoint, CliError> {
    check_source_file(from)?;
    let opened = open_default(from, settings)?;
    let copy = ProductionCopy::from_opened(&opened, from)?;
    Ok(StartingPoint::ExistingProduction(copy))
}

fn open_default(path: &Path, settings: &CliSettings) -> Result<OpenedProduction, CliError> {
    Ok(open(path, &default_options(settings))?)
}

/// Writes the production with its answers into a folder, and opens it. The result has the new
/// outputs, but still the old frame rate.
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
    // The document is written twice. Which outputs follow the production's rate is known only once
    // the document with its new outputs was opened.
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
    let created = write_draft(
        folder,
        &request.answers,
        &request.start,
        templates,
        settings,
    )?;
    if created.checked.is_none() {
        // The errors are not printed: they name files in a folder that is removed again.
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

/// Returns the folder of the new production.
///
/// # Errors
/// Fails when something has this path already.
fn free_folder(args: &CreateArgs, name: &str) -> Result<PathBuf, CliError> {
    let folder = args.output.join(name);
    // `exists` follows links: for a link without a target it would say no, and the files would be
    // written wherever the link leads.
    if folder.symlink_metadata().is_ok() {
        return Err(existing(&folder));
    }
    Ok(folder)
}

/// Makes the folder of the new production.
///
/// # Errors
/// Fails if it is there by now, such as by another command for the same name.
fn make_folder(folder: &Path) -> Result<(), CliError> {
    if let Some(parent) = folder.parent() {
        std::fs::create_dir_all(parent).map_err(|source| unwritable(folder, source))?;
    }
    std::fs::create_dir(folder).map_err(|source| {
        if source.kind() == ErrorKind::AlreadyExists {
            existing(folder)
        } else {
            unwritable(folder, source)
        }
    })
}

fn existing(folder: &Path) -> CliError {
    CliError::Usage(format!(
        "create {}: it exists already; choose another name",
        folder.display()
    ))
}

/// Returns the error that a folder cannot be made. A place where nothing can be written was chosen
/// wrongly; a full disk was not.
fn unwritable(folder: &Path, source: std::io::Error) -> CliError {
    match source.kind() {
        ErrorKind::NotFound
        | ErrorKind::NotADirectory
        | ErrorKind::PermissionDenied
        | ErrorKind::ReadOnlyFilesystem => CliError::Usage(format!(
            "create {}: nothing can be written there ({source}); choose another folder with `--output`",
            folder.display()
        )),
        _ => CliError::io_error(format!("create {}", folder.display()), source),
    }
}

/// Returns an error unless the name is one plain folder name.
fn check_name(name: &str) -> Result<(), String> {
    // A hidden folder is skipped by `list`. Backslashes and colons are refused on every system, so
    // that a production can be copied to one where they separate folders and drives.
    let plain = !name.is_empty()
        && !name.starts_with('.')
        && !name.contains(['/', '\\', ':', '\0'])
        && !name.chars().any(char::is_control);
    plain.then_some(()).ok_or_else(|| {
        format!(
            "create `{name}`: a name is a single folder name; use `--output` for the folder above \
             it"
        )
    })
}

fn created_summary(folder: &Path, start: &StartingPoint, args: &CreateArgs) -> String {
    let origin = match (start, &args.from) {
        (StartingPoint::Template(name), _) => format!("from the template `{name}`"),
        (StartingPoint::ExistingProduction(_), from) => {
            format!(
                "as a copy of {}",
                from.as_deref().unwrap_or(Path::new("")).display()
            )
        }
    };
    format!("made {} {origin}{}", folder.display(), next_steps(folder))
}

/// Returns what to do with a new production, as commands that can be pasted.
fn next_steps(folder: &Path) -> String {
    let document = readable_shell_word(&folder.join("production.yaml").display().to_string());
    let folder = readable_shell_word(&folder.display().to_string());
    format!(
        "\n\n  edit      {document}\n  check     production validate {folder}\n  \
         make      production run {folder}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_a_path_or_hidden_is_refused() {
        for name in ["../up", "a/b", "", ".hidden", "c:x"] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }
}

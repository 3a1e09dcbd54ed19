//! `production create --from FILE.fountain`: a film from a script. `story` reads the script and
//! writes the document; this file reads the disk and prints the findings.

use super::created_production::{CreatedFile, CreatedProduction};
use super::creation_record::CreationKind;
use super::creation_target::CreationTarget;
use super::input_file::read_input_file;
use super::next_steps;
use super::production_answers::{MODELINE, title_from_name, with_author};
use super::renewal_text::print_outcome;
use super::secret_message;
use crate::base::{Clock, SystemClock};
use crate::cli::args::CreateArgs;
use crate::cli::cli_settings::CliSettings;
use crate::cli::commands::story::show_script_findings;
use crate::cli::exit_codes::{CliError, INVALID_INPUT};
use crate::cli::library_models::{PERSON_MODEL, SECOND_PERSON_MODEL, library_model};
use crate::document::InputLimits;
use crate::model::sound::{DEFAULT_LANGUAGE, guess_language};
use crate::project::open_script;
use crate::report::text_format::format_count;
use crate::story::breakdown::ScriptBreakdown;
use crate::story::fountain::{DialogueSpeech, Screenplay, ScriptScene};
use crate::story::script_document::{ScriptDocumentFacts, script_document};
use crate::treatment::may_have_secret;
use std::path::Path;
use std::process::ExitCode;

/// The largest file that is copied. What is larger than a script is reported by its reader.
const MAX_READ: u64 = 64 * 1024 * 1024;
/// Most speeches by which the language is guessed.
const MOST_SPEECHES: usize = 200;
/// Extensions of scripts.
const EXTENSIONS: [&str; 2] = ["fountain", "fdx"];

/// Returns the file of `--from` if it is a script.
pub(super) fn script_source(args: &CreateArgs) -> Option<&Path> {
    let path = args.from.as_deref()?;
    let extension = path.extension()?.to_str()?;
    let mut known = EXTENSIONS.iter();
    (known.any(|known| extension.eq_ignore_ascii_case(known)) && !path.is_dir()).then_some(path)
}

/// Makes a production from a script.
pub(super) fn create_from_script(
    args: &CreateArgs,
    path: &Path,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    if args.dry_run {
        return Err(CliError::Usage(format!(
            "plan: a script has no plan of its own; `production story {}` shows what is in it",
            path.display()
        )));
    }
    let target = CreationTarget::find(args, CreationKind::Script)?;
    let args = &target.fill_args(args);
    let bytes = read_input_file(path, "a script", MAX_READ)?;
    check_secrets(path, &bytes)?;
    let opened = open_script(path, &InputLimits::default())?;
    show_script_findings(&opened.diagnostics, &opened.sources, settings);
    let Some(screenplay) = &opened.screenplay else {
        return Ok(ExitCode::from(INVALID_INPUT));
    };
    let breakdown = ScriptBreakdown::new(screenplay);
    if breakdown.filmed_scenes().next().is_none() {
        return Err(CliError::Usage(format!(
            "create a film: {} has no scene; a heading such as `INT. KITCHEN - DAY` begins one",
            path.display()
        )));
    }
    let language = spoken_language(screenplay);
    if let Some((language, why)) = &language {
        settings.print_notice(&format!(
            "assumed: the lines are in `{language}`: {why}; another `language` under `sound` changes it"
        ));
    }
    let language = language.map(|(language, _)| language);
    let made = made_film(args, path, bytes, &breakdown, language);
    let outcome = target.write(args, &made, settings)?;
    print_outcome(
        &target.folder,
        &path.display().to_string(),
        &outcome,
        settings,
        || created_text(&target.folder, path, &breakdown),
    );
    Ok(outcome.exit_code)
}

/// Returns the language in which people probably speak, and why. `None`: the usual one.
fn spoken_language(screenplay: &Screenplay) -> Option<(&'static str, String)> {
    let scenes = screenplay.scenes.iter();
    let speeches = scenes.flat_map(ScriptScene::dialogue_speeches);
    let spoken: Vec<String> = speeches
        .take(MOST_SPEECHES)
        .map(DialogueSpeech::spoken_text)
        .collect();
    guess_language(&spoken.join(" ")).filter(|(language, _)| *language != DEFAULT_LANGUAGE)
}

/// Fails if a line of the script may have a password or a key. The script is part of the
/// production, which is copied and sent, so nothing can be taken out of the document alone.
fn check_secrets(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.lines().map(without_tags);
    let Some(line) = lines.position(|line| may_have_secret(&line)) else {
        return Ok(());
    };
    let words = format!("create a film: line {} of {}", line + 1, path.display());
    Err(CliError::Usage(format!(
        "{}. If it is only a part of the story, write it with a blank in it",
        secret_message(&words)
    )))
}

/// Returns a line of Final Draft without its elements, whose attributes are long numbers.
fn without_tags(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        rest = tag.split_once('>').map_or("", |(_, rest)| rest);
    }
    text + rest
}

fn made_film(
    args: &CreateArgs,
    path: &Path,
    bytes: Vec<u8>,
    breakdown: &ScriptBreakdown,
    language: Option<&'static str>,
) -> CreatedProduction {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut made = CreatedProduction::default();
    let people = [PERSON_MODEL, SECOND_PERSON_MODEL];
    let seen = breakdown.cast.iter().filter(|member| member.is_seen);
    let people = people.into_iter().take(seen.count());
    let mut models = Vec::new();
    for model in people {
        let file = format!("models/{model}");
        made.add_file(file.clone(), library_model(model).unwrap_or_default());
        models.push(file);
    }
    let usual_title = || title_from_name(args.name.as_deref().unwrap_or_default());
    let title = args.title.clone().or_else(|| breakdown.title.clone());
    let facts = ScriptDocumentFacts {
        title: title.unwrap_or_else(usual_title),
        script: name.clone().into_owned(),
        created: SystemClock::default()
            .now()
            .strftime("%Y-%m-%d")
            .to_string(),
        models,
        language,
    };
    let text = format!("{MODELINE}{}", script_document(breakdown, &facts));
    let author = args.author.as_ref().or(breakdown.author.as_ref());
    made.document = with_author(text, author.map(String::as_str));
    made.source = Some(CreatedFile {
        path: name.into_owned(),
        bytes,
    });
    made
}

fn created_text(folder: &Path, path: &Path, breakdown: &ScriptBreakdown) -> String {
    format!(
        "made {} from {}: {}, {}, about {:.0} s{}",
        folder.display(),
        path.display(),
        format_count(breakdown.filmed_scenes().count(), "scene"),
        format_count(breakdown.cast.len(), "speaker"),
        breakdown.seconds,
        next_steps(folder),
    )
}

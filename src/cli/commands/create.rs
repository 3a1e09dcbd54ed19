//! `production create`: a production that validates and runs as it is, from a template inside the binary.

use super::schema;
use crate::cli::args::Create;
use crate::cli::exit::CliError;
use crate::cli::settings::Settings;
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use std::path::Path;
use std::process::ExitCode;

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");
static ASSETS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/examples/short_film/assets");

/// What editors read to check the document while it is typed.
const MODELINE: &str = "# yaml-language-server: $schema=./production.schema.json\n";

/// One line of `templates.yaml`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Template {
    description: String,
    files: Vec<String>,
    assets: Vec<String>,
}

type Templates = crate::document::Entries<Template>;

pub(super) fn run(args: &Create, settings: &Settings) -> Result<ExitCode, CliError> {
    let templates = templates();
    if args.list_templates {
        let line = |(name, template): &(crate::base::Spanned<String>, Template)| {
            format!("{:<14}{}\n", name.value, template.description)
        };
        settings.say(&templates.iter().map(line).collect::<String>());
        return Ok(ExitCode::SUCCESS);
    }
    let Some(template) = templates.get(&args.template) else {
        return Err(unknown(&templates, &args.template));
    };
    let name = args.name.as_deref().unwrap_or_default();
    check_name(name)?;
    let folder = args.output.join(name);
    if folder.exists() {
        return Err(CliError::Usage(format!(
            "create {}: it is there already; choose another name",
            folder.display()
        )));
    }
    write_all(&folder, &args.template, template, name)
        .map_err(|source| CliError::io(format!("create {}", folder.display()), source))?;
    settings.say(&next_steps(&folder, &args.template));
    Ok(ExitCode::SUCCESS)
}

fn templates() -> Templates {
    let text =
        TEMPLATES.get_file("templates.yaml").and_then(include_dir::File::contents_utf8).unwrap_or_default();
    let limits = crate::document::Limits::default();
    let mut found = crate::base::Diagnostics::default();
    let tree = crate::document::tree::parse(crate::base::FileId(0), text.into(), &limits, &mut found);
    tree.and_then(|tree| crate::document::decode(&tree, &limits, &mut found)).unwrap_or_default()
}

fn unknown(templates: &Templates, name: &str) -> CliError {
    let known: Vec<&str> = templates.iter().map(|(name, _)| name.value.as_str()).collect();
    let hint = crate::base::nearest::did_you_mean(name, known).unwrap_or_default();
    CliError::Usage(format!("find template `{name}`; {hint}"))
}

/// A name becomes a folder, so it may not lead elsewhere.
fn check_name(name: &str) -> Result<(), CliError> {
    let plain = !name.is_empty()
        && !name.starts_with('.')
        && !name.contains(['/', '\\', ':', '\0'])
        && !name.chars().any(char::is_control);
    if plain {
        Ok(())
    } else {
        Err(CliError::Usage(format!(
            "create `{name}`: a name is one folder name; use --output for the place"
        )))
    }
}

fn write_all(folder: &Path, kind: &str, template: &Template, name: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for file in &template.files {
        let text = TEMPLATES.get_file(format!("{kind}/{file}")).and_then(include_dir::File::contents_utf8);
        let text = text.ok_or_else(|| missing(file))?;
        write(&folder.join(file), filled(file, text, name).as_bytes())?;
    }
    for asset in &template.assets {
        let short = Path::new(asset).file_name().unwrap_or_default();
        let bytes = ASSETS.get_file(short).ok_or_else(|| missing(asset))?.contents();
        write(&folder.join(asset), bytes)?;
    }
    write(&folder.join("production.schema.json"), schema::text(folder).as_bytes())
}

fn missing(file: &str) -> std::io::Error {
    std::io::Error::other(format!("`{file}` is not in this program; it was built without it"))
}

fn filled(file: &str, text: &str, name: &str) -> String {
    let title = serde_saphyr::to_string(&title_of(name)).unwrap_or_default();
    let text = text.replace("{{title}}", title.trim_end());
    if file == "production.yaml" { format!("{MODELINE}{text}") } else { text }
}

/// Returns `my_film` as `My film`.
fn title_of(name: &str) -> String {
    let words = name.replace(['_', '-'], " ");
    let mut letters = words.trim().chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    std::fs::write(path, bytes)
}

fn next_steps(folder: &Path, kind: &str) -> String {
    let folder = folder.display();
    format!(
        "made {folder} from the template `{kind}`\n\n  edit      {folder}/production.yaml\n  check     production validate {folder}\n  \
         make      production run {folder}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_a_title() {
        assert_eq!(title_of("my_film"), "My film");
    }

    #[test]
    fn a_name_that_leads_elsewhere_is_refused() {
        for name in ["../up", "a/b", "", ".hidden", "c:x"] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }

    #[test]
    fn a_title_is_quoted_so_that_yaml_reads_it_as_text() {
        assert_eq!(
            filled("production.yaml", "title: {{title}}", "no: yes"),
            format!("{MODELINE}title: \"No: yes\"")
        );
    }

    #[test]
    fn every_template_has_all_its_files() {
        let folder = tempfile::tempdir().unwrap();
        for (name, template) in &templates() {
            write_all(&folder.path().join(&name.value), &name.value, template, "my_film").unwrap();
        }
    }
}

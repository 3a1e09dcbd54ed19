//! The templates inside the binary: their texts, and the models that they share with the example
//! film.

use crate::base::suggestions::did_you_mean;
use crate::cli::exit_codes::CliError;
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use std::path::Path;

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");
static ASSETS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/examples/short_film/assets");

/// One entry of `templates.yaml`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ProductionTemplate {
    pub(super) description: String,
    files: Vec<String>,
    assets: Vec<String>,
}

pub(super) type TemplateMap = crate::document::OrderedMap<ProductionTemplate>;

/// Returns every template by name, in the order of `templates.yaml`.
pub(super) fn load_templates() -> TemplateMap {
    let text = TEMPLATES
        .get_file("templates.yaml")
        .and_then(include_dir::File::contents_utf8)
        .unwrap_or_default();
    // The files are part of the binary, and a test writes every template. So there is no error to
    // report: a broken `templates.yaml` could only leave the list empty.
    let limits = crate::document::InputLimits::default();
    let mut diagnostics = crate::base::Diagnostics::default();
    let tree = crate::document::span_tree::parse_yaml(
        crate::base::FileId(0),
        text.into(),
        &limits,
        &mut diagnostics,
    );
    tree.and_then(|tree| crate::document::decode_tree(&tree, &limits, &mut diagnostics))
        .unwrap_or_default()
}

/// Returns the template of this name.
///
/// # Errors
/// Fails when there is none; the error suggests the nearest name.
pub(super) fn find_template<'a>(
    templates: &'a TemplateMap,
    name: &str,
) -> Result<&'a ProductionTemplate, CliError> {
    templates.get(name).ok_or_else(|| {
        let known = templates.iter().map(|(name, _)| name.value.as_str());
        let hint = did_you_mean(name, known)
            .unwrap_or_else(|| "`production create --list-templates` lists them".to_owned());
        CliError::Usage(format!("find template `{name}`; {hint}"))
    })
}

/// Writes a template's files and models into a folder.
///
/// # Errors
/// Fails when a file cannot be written, or is not in the binary.
pub(super) fn write_template(
    folder: &Path,
    name: &str,
    template: &ProductionTemplate,
) -> std::io::Result<()> {
    for file in &template.files {
        let file_in = TEMPLATES
            .get_file(format!("{name}/{file}"))
            .ok_or_else(|| missing_file_error(file))?;
        write_file(&folder.join(file), file_in.contents())?;
    }
    for asset in &template.assets {
        // The example has each model once, in one flat folder. A template may put it elsewhere.
        write_model(folder, asset)?;
    }
    Ok(())
}

/// Writes one of the models into a folder.
///
/// # Errors
/// Fails when the file cannot be written, or is not in the binary.
pub(super) fn write_model(folder: &Path, path: &str) -> std::io::Result<()> {
    let short = Path::new(path).file_name().unwrap_or_default();
    let model = ASSETS
        .get_file(short)
        .ok_or_else(|| missing_file_error(path))?;
    write_file(&folder.join(path), model.contents())
}

fn missing_file_error(file: &str) -> std::io::Error {
    std::io::Error::other(format!("`{file}` is not part of this build of production"))
}

/// Writes a file, and creates the folders above it.
pub(super) fn write_file(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    std::fs::write(path, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_has_all_its_files() {
        let folder = tempfile::tempdir().unwrap();
        for (name, template) in &load_templates() {
            write_template(&folder.path().join(&name.value), &name.value, template).unwrap();
        }
    }

    #[test]
    fn an_unknown_template_suggests_the_nearest() {
        let message = find_template(&load_templates(), "comercial")
            .unwrap_err()
            .to_string();
        assert!(message.ends_with("did you mean `commercial`?"), "{message}");
    }
}

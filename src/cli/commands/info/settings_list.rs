//! `production info --settings`: every option of every command, with its value and where that came
//! from.

use crate::base::printable::flatten_escaped;
use crate::cli::args::{CliArgs, ResultFormat};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::CliError;
use crate::cli::settings_layers::UsedSetting;
use crate::report::text_table::fit_columns;
use clap::{Arg, CommandFactory};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Options that end the program or are about this list.
const UNLISTED_OPTIONS: [&str; 5] = ["help", "version", "settings", "profile", "no-settings"];

/// Columns of the list. A terminal wraps a path; one that is cut names no file.
const WIDEST: usize = 10_000;

/// The source of a value that nobody set.
const DEFAULT_SOURCE: &str = "default";

/// The value of an option for some commands.
#[derive(Debug, Clone, PartialEq, Eq)]
struct OptionValue {
    value: Value,
    source: String,
}

/// The commands that have an option, by what they take for it.
type CommandsByValue = Vec<(OptionValue, Vec<String>)>;

pub(super) fn print_settings(format: ResultFormat, settings: &CliSettings) -> Result<(), CliError> {
    let options = list_options(settings)?;
    let files = &settings.options.layers.files;
    match format {
        ResultFormat::Json => settings.print_json(&json!({
            "files": files.iter().map(|file| json!({
                "path": file.path.display().to_string(),
                "exists": file.exists,
            })).collect::<Vec<_>>(),
            "ignored": settings.options.warnings,
            "options": options.iter().flat_map(|(name, values)| values.iter().map(move |(value, commands)| json!({
                "option": name,
                "commands": commands,
                "value": value.value,
                "source": value.source,
            }))).collect::<Vec<_>>(),
        })),
        ResultFormat::Text | ResultFormat::Short => {
            let mut text = String::new();
            for file in files {
                let state = if file.exists { "" } else { "  (not there)" };
                let path = flatten_escaped(&file.path.display().to_string());
                text += &format!("settings {path}{state}\n");
            }
            let rows = options
                .iter()
                .flat_map(|(name, values)| option_rows(name, values));
            // What somebody set comes first: the list of defaults is long.
            let (defaults, set): (Vec<_>, Vec<_>) = rows.partition(|row| row[2] == DEFAULT_SOURCE);
            for rows in [set, defaults] {
                let table = fit_columns(&rows, WIDEST);
                text += &format!("\n{table}");
            }
            settings.print_stdout(&text);
        }
    }
    Ok(())
}

/// Returns every option by name. Commands that take the same for it are together.
fn list_options(settings: &CliSettings) -> Result<BTreeMap<String, CommandsByValue>, CliError> {
    let mut root = CliArgs::command();
    root.build();
    let mut options: BTreeMap<String, CommandsByValue> = BTreeMap::new();
    let commands = root.get_subcommands();
    for command in
        commands.filter(|command| !command.is_hide_set() && *command.get_name() != *"help")
    {
        let used = settings
            .options
            .layers
            .used_settings(command, &settings.typed, &[])?;
        for arg in command.get_arguments() {
            let Some(name) = arg
                .get_long()
                .filter(|name| !UNLISTED_OPTIONS.contains(name))
            else {
                continue;
            };
            let value = option_value(arg, name, &used, settings);
            let known = options.entry(name.to_owned()).or_default();
            match known.iter_mut().find(|(known, _)| *known == value) {
                Some((_, commands)) => commands.push(command.get_name().to_owned()),
                None => known.push((value, vec![command.get_name().to_owned()])),
            }
        }
    }
    Ok(options)
}

fn option_value(
    arg: &Arg,
    name: &str,
    used: &[UsedSetting],
    settings: &CliSettings,
) -> OptionValue {
    let takes_values = arg.get_action().takes_values();
    if let Some(values) = settings.typed.option_values(name) {
        return OptionValue {
            value: values.map_or(Value::Bool(true), shown_values),
            source: "typed".to_owned(),
        };
    }
    // From the last, because a later layer overrides the ones before it.
    if let Some(setting) = used.iter().rev().find(|setting| setting.option == name) {
        let value = if takes_values {
            shown_values(&setting.values)
        } else {
            Value::Bool(true)
        };
        return OptionValue {
            value,
            source: setting.source.clone(),
        };
    }
    let default = arg.get_default_values().first();
    OptionValue {
        value: match default {
            Some(text) if takes_values => text.to_string_lossy().into_owned().into(),
            _ if takes_values => Value::Null,
            _ => Value::Bool(false),
        },
        source: DEFAULT_SOURCE.to_owned(),
    }
}

fn shown_values(values: &[String]) -> Value {
    match values {
        [value] => value.as_str().into(),
        several => several.into(),
    }
}

fn option_rows(name: &str, values: &CommandsByValue) -> Vec<Vec<String>> {
    let rows = values.iter().map(|(value, commands)| {
        // Most options mean the same for every command that has them.
        let commands = if values.len() == 1 {
            String::new()
        } else {
            commands.join(", ")
        };
        let shown = match &value.value {
            Value::Null => "unset".to_owned(),
            Value::String(text) => flatten_escaped(text),
            other => flatten_escaped(&other.to_string()),
        };
        vec![
            format!("--{name}"),
            shown,
            flatten_escaped(&value.source),
            commands,
        ]
    });
    rows.collect()
}

//! Where a provider's program is, which version it is, and what of the environment it may see.

use crate::base::find_program;
use crate::model::Provider;
use crate::process::{CallOptions, ChildCommand};
use regex::Regex;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The variables of this process, by name.
pub type EnvironmentVariables = BTreeMap<String, String>;

/// What every program may see.
const USUAL_VARIABLES: [&str; 14] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "TMPDIR",
    "TEMP",
    "TMP",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "DISPLAY",
    "SYSTEMROOT",
    "XDG_RUNTIME_DIR",
];
/// What everything of ours begins with.
const VARIABLE_PREFIX: &str = "PRODUCTION_";
/// The shell, for providers that ask for one.
const SHELL: &str = "/bin/sh";

/// A provider's program that was found.
#[derive(Debug, Clone)]
pub struct ProviderProgram {
    path: PathBuf,
    version: String,
}

impl ProviderProgram {
    /// Looks for the program on `search`, written like `PATH`, and asks it for its version.
    ///
    /// # Errors
    /// Fails when it is not there, or does not say what version it is.
    pub fn find(
        provider: &Provider,
        search: &OsStr,
        environment: &EnvironmentVariables,
        watch: CallOptions<'_>,
    ) -> Result<Self, String> {
        let name = provider.command.first().map_or("", String::as_str);
        let path = if provider.shell {
            Some(SHELL.into())
        } else {
            find_executable(name, search)
        };
        let path = path.ok_or_else(|| {
            let tried = search.to_string_lossy();
            format!(
                "find `{name}`, which the provider `{}` calls (looked in {tried}): install it",
                provider.name
            )
        })?;
        let version = query_version(provider, search, environment, watch)?;
        Ok(Self { path, version })
    }

    /// Returns where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns what it said of its version.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Returns the call of these words, in this folder, with what of the environment the provider allows.
    pub(super) fn build_command(
        &self,
        provider: &Provider,
        words: &[String],
        environment: &EnvironmentVariables,
        folder: &Path,
    ) -> Command {
        let mut command = Command::new(&self.path);
        if provider.shell {
            command.arg("-c").arg(words.join(" "));
        } else {
            command.args(&words[1..]);
        }
        command.current_dir(folder);
        restrict_environment(&mut command, provider, environment);
        command
    }
}

fn find_executable(name: &str, search: &OsStr) -> Option<PathBuf> {
    let path = Path::new(name);
    if path.components().count() > 1 {
        path.is_file().then(|| path.to_owned())
    } else {
        find_program(name, search)
    }
}

/// Takes everything out of the environment but what the provider names.
fn restrict_environment(
    command: &mut Command,
    provider: &Provider,
    environment: &EnvironmentVariables,
) {
    command.env_clear();
    let allowed = |name: &str| {
        USUAL_VARIABLES.contains(&name)
            || name.starts_with(VARIABLE_PREFIX)
            || provider.env.iter().any(|known| known == name)
    };
    command.envs(environment.iter().filter(|(name, _)| allowed(name)));
}

/// Asks for the version: the first line with a digit counts, on either stream.
fn query_version(
    provider: &Provider,
    search: &OsStr,
    environment: &EnvironmentVariables,
    watch: CallOptions<'_>,
) -> Result<String, String> {
    let Some((name, rest)) = provider.version.split_first() else {
        return Ok("version unknown".to_owned());
    };
    let path = find_executable(name, search)
        .ok_or_else(|| format!("find `{name}`, which tells the version: install it"))?;
    let mut command = Command::new(path);
    command.args(rest);
    restrict_environment(&mut command, provider, environment);
    // Some programs tell their version and end with an error.
    let text = match ChildCommand::new(command).run(watch) {
        Ok(ran) => format!(
            "{}\n{}",
            String::from_utf8_lossy(&ran.stdout),
            ran.stderr_tail
        ),
        Err(crate::process::CallError::Failed { evidence, .. }) => evidence,
        Err(error) => return Err(error.to_string()),
    };
    parse_version(provider, &text)
        .ok_or_else(|| format!("find out the version of `{name}`: it says none"))
}

/// Returns the version that a program told.
fn parse_version(provider: &Provider, text: &str) -> Option<String> {
    let mut lines = text.lines().map(str::trim);
    let Some(pattern) = provider
        .version_line
        .as_ref()
        .and_then(|pattern| Regex::new(pattern).ok())
    else {
        return lines
            .find(|line| line.contains(|c: char| c.is_ascii_digit()))
            .map(str::to_owned);
    };
    let captures = lines.find_map(|line| pattern.captures(line))?;
    captures
        .get(1)
        .or(captures.get(0))
        .map(|version| version.as_str().to_owned())
}

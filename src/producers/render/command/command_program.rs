//! The program of a provider: its path, its version, and the environment that it may see.

use crate::base::{Digest, find_program_from_folder};
use crate::model::Provider;
use crate::process::{CallOptions, SecretRedactor, ask_program};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The variables of this process, by name.
pub type EnvironmentVariables = BTreeMap<String, String>;

/// Variables that every program sees.
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
/// Variables that name the task of a farm. No picture depends on them.
const TASK_VARIABLES: [&str; 6] = [
    "PRODUCTION_STORE",
    "PRODUCTION_RUN",
    "PRODUCTION_PHASE",
    "PRODUCTION_TASK",
    "PRODUCTION_ATTEMPT",
    "PRODUCTION_ENGINE",
];
/// The longest version, in characters. It is part of identities, messages and manifests.
const MAX_VERSION_CHARS: usize = 200;
/// The shell for providers that ask for one.
const SHELL: &str = "/bin/sh";

/// A program that was found, with its version.
#[derive(Debug, Clone)]
pub struct ProviderProgram {
    path: PathBuf,
    version: String,
}

impl ProviderProgram {
    /// Looks for the program on `search`, in the format of `PATH`, and asks for its version.
    ///
    /// # Errors
    /// Fails if the program is not there, or if its version cannot be read.
    pub fn find(
        provider: &Provider,
        search: &OsStr,
        environment: &EnvironmentVariables,
        watch: CallOptions<'_>,
    ) -> Result<Self, String> {
        let folder = Path::new(std::path::MAIN_SEPARATOR_STR);
        Self::find_from_folder(provider, folder, search, environment, watch)
    }

    /// Like [`Self::find`], for a provider whose relative paths start from `folder`.
    ///
    /// # Errors
    /// As for [`Self::find`].
    pub fn find_from_folder(
        provider: &Provider,
        folder: &Path,
        search: &OsStr,
        environment: &EnvironmentVariables,
        watch: CallOptions<'_>,
    ) -> Result<Self, String> {
        let path = Self::locate(provider, folder, search)?;
        let version = query_version(provider, folder, search, environment, watch)?;
        Ok(Self {
            path,
            version: version + &variable_digests(provider, environment),
        })
    }

    /// Returns the path of the program that a provider calls. Nothing is started.
    ///
    /// # Errors
    /// Fails if the program is not there.
    pub fn locate(provider: &Provider, folder: &Path, search: &OsStr) -> Result<PathBuf, String> {
        let name = provider.command.first().map_or("", String::as_str);
        // With a shell the first word may be a builtin, a loop or a variable, so it cannot be
        // looked for.
        let path = if provider.shell {
            Some(SHELL.into())
        } else {
            find_program_from_folder(name, folder, search)
        };
        path.ok_or_else(|| {
            let tried = search.to_string_lossy();
            format!(
                "find `{name}`, which the provider `{}` calls (looked in {tried}): install it",
                provider.name
            )
        })
    }

    /// Returns the path of the program.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the version as the program printed it, and digests of the variables that it sees.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Returns the command with these words and the provider's environment, to run in `folder`.
    pub(in crate::producers) fn build_command(
        &self,
        provider: &Provider,
        words: &[String],
        environment: &EnvironmentVariables,
        folder: &Path,
    ) -> Command {
        let mut command = Command::new(&self.path);
        if provider.shell {
            // Values of placeholders are quoted already. The words themselves are not: the provider
            // asks for a shell to have its syntax.
            command.arg("-c").arg(words.join(" "));
        } else {
            command.args(&words[1..]);
        }
        command.current_dir(folder);
        restrict_environment(&mut command, provider, environment);
        command
    }
}

fn restrict_environment(
    command: &mut Command,
    provider: &Provider,
    environment: &EnvironmentVariables,
) {
    // The environment starts empty. A renderer that reads variables of the user would draw other
    // pictures on other machines, under the same identity; and keys of other services would be
    // visible to it.
    set_usual_environment(command, environment);
    let named = |name: &&String| {
        let mut known = provider.env.iter().chain(&provider.env_ignored);
        known.any(|known| known == *name)
    };
    command.envs(environment.iter().filter(|(name, _)| named(name)));
}

/// Gives a command the variables that every program sees, and no others.
pub(in crate::producers) fn set_usual_environment(
    command: &mut Command,
    environment: &EnvironmentVariables,
) {
    command.env_clear();
    let is_usual = |name: &str| USUAL_VARIABLES.contains(&name) || TASK_VARIABLES.contains(&name);
    command.envs(environment.iter().filter(|(name, _)| is_usual(name)));
}

/// Returns digests of the variables on which pictures may depend, such as ` [STYLE=1f3a5b7c]`.
/// Empty if none is set.
// They are a part of the version, because the version is compared where a task of a farm runs: a
// machine with another value refuses the task instead of drawing another picture under the same
// identity. Digests, because a variable may be a key.
fn variable_digests(provider: &Provider, environment: &EnvironmentVariables) -> String {
    let names: BTreeSet<&String> = provider.env.iter().collect();
    let digests = names
        .into_iter()
        .filter(|name| !provider.env_ignored.contains(name))
        .filter_map(|name| {
            let value = environment.get(name)?;
            let digest = Digest::hash_bytes(format!("{name}={value}").as_bytes()).hex_string();
            Some(format!("{name}={}", &digest[..8]))
        });
    let digests = digests.collect::<Vec<_>>().join(" ");
    if digests.is_empty() {
        digests
    } else {
        format!(" [{digests}]")
    }
}

/// Returns the version that the program prints, on either stream.
fn query_version(
    provider: &Provider,
    folder: &Path,
    search: &OsStr,
    environment: &EnvironmentVariables,
    watch: CallOptions<'_>,
) -> Result<String, String> {
    // A provider without a command for its version is allowed: not every program prints one.
    let Some((name, rest)) = provider.version.split_first() else {
        return Ok("version unknown".to_owned());
    };
    let path = find_program_from_folder(name, folder, search)
        .ok_or_else(|| format!("find `{name}`, which prints the version: install it"))?;
    let mut command = Command::new(path);
    command.args(rest).current_dir(folder);
    restrict_environment(&mut command, provider, environment);
    // Some programs print their version and exit with an error.
    let text = match ask_program(command, search, watch) {
        Ok(ran) => format!(
            "{}\n{}",
            String::from_utf8_lossy(&ran.stdout),
            ran.stderr_tail
        ),
        Err(crate::process::CallError::Failed { evidence, .. }) => evidence,
        Err(error @ crate::process::CallError::TimedOut { .. }) => {
            return Err(format!(
                "{error}; `version` of the provider `{}` asks it for its version",
                provider.name
            ));
        }
        Err(error) => return Err(error.to_string()),
    };
    // A program may print how it was called, and its version is stored and shown.
    let secrets = SecretRedactor::default();
    secrets.learn_option_values(&provider.version);
    parse_version(provider, &secrets.redact_text(&text))
        .map(|version| version.chars().take(MAX_VERSION_CHARS).collect())
        .ok_or_else(|| format!("find out the version of `{name}`: it prints none"))
}

/// Returns the version in the output of a program, or `None` if there is none.
fn parse_version(provider: &Provider, text: &str) -> Option<String> {
    let mut lines = text.lines().map(str::trim);
    let Some(pattern) = provider
        .version_line
        .as_ref()
        .and_then(|pattern| Regex::new(pattern).ok())
    else {
        // Without a pattern, the first line with a digit is taken, because a banner before it
        // seldom has one.
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

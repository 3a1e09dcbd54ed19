//! Tells others how a run ended: starts programs, posts to addresses, sends mails.
//!
//! The hooks of the user need no permission. Those of a production's folder are programs that the
//! folder brings, and run only if those may: because the user trusts the folder, or because the run
//! was allowed to start them. A hook that fails or takes too long is reported and never changes how
//! the run ended. Hooks run when the store is free again, so that they can use it.
//!
//! Webhooks are posted by curl and mails sent by `sendmail`. A crate for HTTPS would bring thirty
//! others with a TLS stack of its own, which every installation has to update; curl
//! is on every machine that has a package manager, and knows its proxies and certificates.

use super::folder_programs::FolderPrograms;
use super::session_context::SessionContext;
use super::session_error::SessionError;
use super::session_notice::SessionNotice;
use super::started_run::RunEnding;
use crate::base::json::to_json_string;
use crate::base::{CancelToken, Diagnostics, SourceMap, find_program};
use crate::event::RunStatus;
use crate::process::{CallError, CallOptions, ChildCommand, ProcessReaper, is_secret_name};
use crate::project::{HOOKS_FILE, HookAction, RunHook, RunHooks};
use crate::report::RunMessage;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Where `sendmail` is if no folder of the search path has it: timers have short ones.
const SENDMAIL_FOLDERS: &str = "/usr/sbin:/usr/lib:/usr/local/sbin";

/// Time for curl to report by itself that it took too long, before it is killed.
const CURL_GRACE: Duration = Duration::from_secs(1);

/// Reads the hooks of the user and those of the folder at `root`, and reports their mistakes.
///
/// # Errors
/// Fails if a file has mistakes or cannot be read.
pub(super) fn require_hooks(
    root: &Path,
    context: SessionContext<'_>,
) -> Result<RunHooks, SessionError> {
    // Also of a folder without trust: a mistake is reported before the run, and not after hours.
    read_hooks(&root.join(HOOKS_FILE), context)?;
    user_hooks(context)
}

fn user_hooks(context: SessionContext<'_>) -> Result<RunHooks, SessionError> {
    let file = context.environment.hooks_file.as_deref();
    file.map_or_else(|| Ok(RunHooks::default()), |file| read_hooks(file, context))
}

/// Returns the hooks of a file as far as it can be read.
fn silent_hooks(path: Option<&Path>) -> RunHooks {
    let mut sources = SourceMap::default();
    let mut diagnostics = Diagnostics::default();
    let read = path.map(|path| RunHooks::read(path, &mut sources, &mut diagnostics));
    read.and_then(Result::ok).unwrap_or_default()
}

fn read_hooks(path: &Path, context: SessionContext<'_>) -> Result<RunHooks, SessionError> {
    let mut sources = SourceMap::default();
    let mut diagnostics = Diagnostics::default();
    let hooks = RunHooks::read(path, &mut sources, &mut diagnostics)
        .map_err(|source| SessionError::io_error(format!("read {}", path.display()), source))?;
    context.report_findings(&diagnostics, &sources);
    if diagnostics.has_errors() {
        return Err(SessionError::InvalidHooks(path.to_owned()));
    }
    Ok(hooks)
}

/// Runs the hooks for a run that could not start, or broke off. Hooks of the folder run only if the
/// user trusts it: no question came before.
pub fn run_broken_hooks(root: &Path, message: &RunMessage, context: SessionContext<'_>) {
    let environment = context.environment;
    let programs = FolderPrograms::find(root, &environment.search_path);
    let is_trusted = environment.trusts_programs(&programs);
    let hooks = EndedHooks {
        root: root.to_owned(),
        // Mistakes of the file may be the reason, and were reported then.
        user: silent_hooks(environment.hooks_file.as_deref()),
        folder: if is_trusted {
            programs.hooks().clone()
        } else {
            RunHooks::default()
        },
        cancel: CancelToken::default(),
        context,
    };
    hooks.run_hooks(false, message);
}

/// The hooks of a run, which outlive it.
pub struct EndedHooks<'a> {
    pub(super) root: PathBuf,
    pub(super) user: RunHooks,
    pub(super) folder: RunHooks,
    pub(super) cancel: CancelToken,
    pub(super) context: SessionContext<'a>,
}

impl EndedHooks<'_> {
    /// Runs the hooks for the end of a run. None run if the run was interrupted, a farm continues
    /// it, or it had nothing to do.
    pub fn run_ending_hooks(&self, ending: &RunEnding) {
        let RunEnding::Ended { status, summary } = ending else {
            return;
        };
        // A user who cancels knows it, and a run that made nothing is no news.
        if *status == RunStatus::Cancelled || summary.up_to_date {
            return;
        }
        let root = real_path(&self.root);
        let report = summary.report.as_deref().map(real_path);
        let message = RunMessage::from_report(&summary.facts, &root, report.as_deref());
        self.run_hooks(*status == RunStatus::Succeeded, &message);
    }

    /// Runs the hooks of one event, one after the other.
    fn run_hooks(&self, has_succeeded: bool, message: &RunMessage) {
        let secrets = &self.context.environment.secrets;
        // Hooks may post the message to a chat, where a secret in the text of a failure would be
        // public.
        let message = message.map_texts(&|text| secrets.redact_text(text));
        let event = if has_succeeded {
            "on_success"
        } else {
            "on_failure"
        };
        let hooks = self.user.iter().chain(self.folder.iter());
        for (_, hook) in hooks.filter(|(name, _)| *name == event) {
            if let Err(error) = self.run_hook(hook, &message) {
                let hook = hook.action.to_string();
                self.context.report(&SessionNotice::HookFailed {
                    event,
                    hook: &hook,
                    error: &secrets.redact_text(&error),
                });
            }
        }
    }

    fn run_hook(&self, hook: &RunHook, message: &RunMessage) -> Result<(), String> {
        match &hook.action {
            HookAction::Command(words) => self.start_program(words, hook.time_limit, message),
            HookAction::Webhook(address) => self.post_message(address, hook.time_limit, message),
            HookAction::Mail(address) => self.send_mail(address, hook.time_limit, message),
        }
    }

    fn start_program(
        &self,
        words: &[String],
        time_limit: Duration,
        message: &RunMessage,
    ) -> Result<(), String> {
        let (name, arguments) = words.split_first().ok_or("start it: it has no words")?;
        // As in a shell: a name with a folder is a path, and is never looked for on the search
        // path.
        let program = if name.contains(std::path::MAIN_SEPARATOR) {
            self.root.join(name)
        } else {
            self.find_program(name, OsStr::new(""))?
        };
        let mut command = self.command(&program);
        command.args(arguments).envs(message.variables());
        let call = ChildCommand::new(command);
        self.with_options(time_limit, |options| call.run_brief(options).map(drop))
    }

    fn post_message(
        &self,
        address: &str,
        time_limit: Duration,
        message: &RunMessage,
    ) -> Result<(), String> {
        let program = self.find_program("curl", OsStr::new(""))?;
        let mut command = self.command(&program);
        // The address is no argument, because every user of the machine sees arguments, and
        // addresses of webhooks are secret.
        command.args(["--disable", "--config", "-"]);
        // curl takes 0 as no limit at all.
        let seconds = time_limit.as_secs().max(1);
        let config = format!(
            "url = {}\ndata-binary = {}\nheader = \"Content-Type: application/json\"\n\
             proto = \"=http,https\"\ngloboff\nfail\nsilent\nshow-error\noutput = \"/dev/null\"\n\
             max-time = {seconds}\n",
            curl_quoted(address),
            curl_quoted(&to_json_string(message)),
        );
        // curl ends by its own limit, and then says why. Ours is for a curl that hangs.
        self.feed_program(command, time_limit + CURL_GRACE, config)
    }

    fn send_mail(
        &self,
        address: &str,
        time_limit: Duration,
        message: &RunMessage,
    ) -> Result<(), String> {
        let program = self.find_program("sendmail", OsStr::new(SENDMAIL_FOLDERS))?;
        let mut command = self.command(&program);
        // The receiver is in the header, and a line with a dot does not end the mail.
        command.args(["-i", "-t"]);
        self.feed_program(command, time_limit, message.mail_text(address))
    }

    fn feed_program(
        &self,
        command: Command,
        time_limit: Duration,
        input: String,
    ) -> Result<(), String> {
        let mut input = Some(input.into_bytes());
        let call = ChildCommand::new(command);
        self.with_options(time_limit, |options| {
            call.feed_stdin(options, || Ok::<_, CallError>(input.take()))
                .map(drop)
        })
    }

    /// Returns a command in the folder of the production, with an environment without secrets.
    fn command(&self, program: &Path) -> Command {
        let environment = self.context.environment;
        let mut command = Command::new(program);
        let variables = environment
            .variables
            .iter()
            .filter(|(name, _)| !is_secret_name(name));
        command
            .current_dir(&self.root)
            // Hooks are programs of others. What they print or send must not have the secrets of
            // this process.
            .env_clear()
            .envs(variables)
            .env("PATH", &environment.search_path);
        command
    }

    fn find_program(&self, name: &str, more: &OsStr) -> Result<PathBuf, String> {
        let search_path = &self.context.environment.search_path;
        find_program(name, search_path)
            .or_else(|| find_program(name, more))
            .ok_or_else(|| format!("find the program `{name}`"))
    }

    fn with_options(
        &self,
        time_limit: Duration,
        call: impl FnOnce(CallOptions<'_>) -> Result<(), CallError>,
    ) -> Result<(), String> {
        // What a hook leaves behind must not outlive it, not even if this process is killed.
        let mark = format!("hooks-{}", std::process::id());
        let reaper: Option<ProcessReaper> = self.context.environment.process_reaper(mark);
        let options = CallOptions {
            reaper: reaper.as_ref(),
            time_limit: Some(time_limit),
            ..CallOptions::new(&self.cancel)
        };
        call(options).map_err(|error| error.to_string())
    }
}

/// Returns the path for somebody in another folder, such as a hook or the reader of a mail.
fn real_path(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Returns a value as the configuration of curl has it.
fn curl_quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", escaped.replace('\n', "\\n").replace('\r', "\\r"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_leave_its_quotes_in_the_configuration_of_curl() {
        assert_eq!(
            curl_quoted("a\"\nurl = \"b\\"),
            "\"a\\\"\\nurl = \\\"b\\\\\""
        );
    }
}

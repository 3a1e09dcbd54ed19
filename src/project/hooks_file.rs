//! `hooks.yaml`: what a run starts or sends when it succeeded or failed. The file of the user and
//! that of a production's folder have the same form; the document reader decodes both, so mistakes
//! have the same diagnostics.

use crate::base::bounded_text::read_bounded_text;
use crate::base::duration::parse_duration;
use crate::base::{Diagnostics, SourceMap};
use crate::document::{DecodeScope, InputLimits, RawScalar, decode_node, span_tree};
use serde::Deserialize;
use serde::de::{Deserializer, Error};
use std::fmt;
use std::io;
use std::path::Path;
use std::time::Duration;

/// The name of the file in the folder of a production, and in the user's folder of settings.
pub const HOOKS_FILE: &str = "hooks.yaml";

/// The largest file. A film that is named by mistake must not fill the memory.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// The time limit of a hook that has none.
pub const DEFAULT_HOOK_TIME: Duration = Duration::from_secs(60);

/// What a run reports to others at its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunHooks {
    /// After a run that succeeded.
    pub on_success: Vec<RunHook>,
    /// After a run that failed or could not start.
    pub on_failure: Vec<RunHook>,
}

/// One hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunHook {
    /// What it does.
    pub action: HookAction,
    /// How long it may take.
    pub time_limit: Duration,
}

/// What a hook does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HookAction {
    /// Starts a program with these arguments, in the folder of the production.
    Command(Vec<String>),
    /// Posts JSON to this address.
    Webhook(String),
    /// Sends a mail to this address.
    Mail(String),
}

impl RunHooks {
    /// Reads the file at `path`. A file that is not there has no hooks; a value that cannot be read
    /// is reported and left out.
    ///
    /// # Errors
    /// Fails if the file is there and cannot be read.
    pub fn read(
        path: &Path,
        sources: &mut SourceMap,
        diagnostics: &mut Diagnostics,
    ) -> io::Result<Self> {
        let text = match read_bounded_text(path, MAX_FILE_BYTES) {
            // Most productions have none.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            text => text?,
        };
        let limits = InputLimits::default();
        let file = sources.add_file(path, text.as_str());
        let tree = span_tree::parse_yaml(file, text.into(), &limits, diagnostics);
        let scope = DecodeScope::default();
        let page = tree.and_then(|tree| {
            decode_node::<HookPage>(&tree, tree.root()?, scope, &limits, diagnostics)
        });
        Ok(page.unwrap_or_default().into_hooks())
    }

    /// Returns every hook with the name of its event.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &RunHook)> {
        let success = self.on_success.iter().map(|hook| ("on_success", hook));
        success.chain(self.on_failure.iter().map(|hook| ("on_failure", hook)))
    }
}

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct HookPage {
    on_success: Option<Vec<HookEntry>>,
    on_failure: Option<Vec<HookEntry>>,
}

/// One entry. It may name several ways to report.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct HookEntry {
    command: Option<Vec<HookWord>>,
    webhook: Option<WebhookAddress>,
    mail: Option<MailAddress>,
    time_limit: Option<HookTime>,
}

/// A word of a command.
#[derive(Debug, Default)]
struct HookWord(String);

#[derive(Debug, Default)]
struct WebhookAddress(String);

#[derive(Debug, Default)]
struct MailAddress(String);

#[derive(Debug, Default)]
struct HookTime(Option<Duration>);

impl HookPage {
    fn into_hooks(self) -> RunHooks {
        let hooks = |entries: Option<Vec<HookEntry>>| {
            let entries = entries.unwrap_or_default().into_iter();
            entries.flat_map(HookEntry::into_hooks).collect()
        };
        RunHooks {
            on_success: hooks(self.on_success),
            on_failure: hooks(self.on_failure),
        }
    }
}

impl HookEntry {
    fn into_hooks(self) -> Vec<RunHook> {
        let words = self.command.unwrap_or_default().into_iter();
        let words: Vec<String> = words.map(|word| word.0).collect();
        // One entry may have all three, with one time limit.
        let command = (!words.is_empty()).then_some(HookAction::Command(words));
        let webhook = self.webhook.map(|address| HookAction::Webhook(address.0));
        let mail = self.mail.map(|address| HookAction::Mail(address.0));
        let limit = self.time_limit.and_then(|limit| limit.0);
        // A value that was reported is empty text, and starts no hook.
        let actions = [command, webhook, mail].into_iter().flatten();
        actions
            .filter(|action| !action.is_empty())
            .map(|action| RunHook {
                action,
                time_limit: limit.unwrap_or(DEFAULT_HOOK_TIME),
            })
            .collect()
    }
}

/// For lists and messages. Of the address of a webhook only the host is shown: the rest is often a
/// secret.
impl fmt::Display for HookAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command(words) => f.write_str(&words.join(" ")),
            Self::Webhook(address) => {
                let (scheme, rest) = address.split_once("://").unwrap_or_default();
                let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
                // A user and a password may stand before it.
                let host = host.rsplit('@').next().unwrap_or_default();
                write!(f, "webhook {scheme}://{host}")
            }
            Self::Mail(address) => write!(f, "mail {address}"),
        }
    }
}

impl HookAction {
    fn is_empty(&self) -> bool {
        match self {
            Self::Command(words) => words.first().is_none_or(String::is_empty),
            Self::Webhook(address) | Self::Mail(address) => address.is_empty(),
        }
    }
}

/// Reads the text of a value with `read`. A value that was reported already gives the default.
fn deserialize_text<'de, D: Deserializer<'de>, T: Default>(
    deserializer: D,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<T, D::Error> {
    let text = RawScalar::deserialize(deserializer)?;
    if text.is_placeholder {
        return Ok(T::default());
    }
    read(&text.value).map_err(D::Error::custom)
}

impl<'de> Deserialize<'de> for HookWord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_text(deserializer, |text| Ok(Self(text.to_owned())))
    }
}

impl<'de> Deserialize<'de> for WebhookAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_text(deserializer, |text| {
            let text = text.trim();
            let rest = text
                .strip_prefix("https://")
                .or_else(|| text.strip_prefix("http://"));
            // No other scheme: `curl` would also read local files.
            let is_address = rest.is_some_and(|rest| !rest.is_empty())
                && !text.contains(|c: char| c.is_whitespace() || c.is_control());
            if is_address {
                Ok(Self(text.to_owned()))
            } else {
                Err(format!(
                    "`{text}` is not an address that begins with `https://` or `http://`"
                ))
            }
        })
    }
}

impl<'de> Deserialize<'de> for MailAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_text(deserializer, |text| {
            let text = text.trim();
            // One address, and nothing that a header or a program could read as something else.
            let is_plain = |c: char| c.is_alphanumeric() || "@.!#$%&'*+/=?^_{|}~-".contains(c);
            if !text.is_empty() && !text.starts_with('-') && text.chars().all(is_plain) {
                Ok(Self(text.to_owned()))
            } else {
                Err(format!(
                    "`{text}` is not one mail address, such as `me@example.com`"
                ))
            }
        })
    }
}

impl<'de> Deserialize<'de> for HookTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_text(deserializer, |text| {
            let limit = parse_duration(text);
            limit
                .map(|limit| Self(Some(limit)))
                .map_err(|hint| format!("`{text}` is no time; {hint}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> (RunHooks, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(HOOKS_FILE);
        std::fs::write(&path, text).unwrap();
        let mut diagnostics = Diagnostics::default();
        let hooks = RunHooks::read(&path, &mut SourceMap::default(), &mut diagnostics).unwrap();
        let found = diagnostics.as_slice().iter();
        (hooks, found.map(|found| found.message.clone()).collect())
    }

    #[test]
    fn commands_webhooks_and_mails_are_read_with_their_limits() {
        let (hooks, found) = read_text(
            "on_success: [{command: [sh, done.sh, 5]}]\non_failure:\n  - {mail: td@example.com, webhook: 'https://example.com/x', time_limit: 5s}\n",
        );
        assert_eq!(found, Vec::<String>::new());
        let words = ["sh", "done.sh", "5"].map(str::to_owned).to_vec();
        assert_eq!(hooks.on_success[0].action, HookAction::Command(words));
        assert_eq!(hooks.on_success[0].time_limit, DEFAULT_HOOK_TIME);
        let actions: Vec<&HookAction> = hooks.on_failure.iter().map(|hook| &hook.action).collect();
        assert_eq!(
            actions,
            [
                &HookAction::Webhook("https://example.com/x".to_owned()),
                &HookAction::Mail("td@example.com".to_owned())
            ]
        );
        assert_eq!(hooks.on_failure[1].time_limit, Duration::from_secs(5));
    }

    #[test]
    fn mistakes_are_reported_and_tell_nobody() {
        for (text, wanted) in [
            (
                "on_failure: [{mail: 'a@b, c@d'}]",
                "is not one mail address",
            ),
            ("on_failure: [{mail: '-t'}]", "is not one mail address"),
            (
                "on_failure: [{webhook: example.com}]",
                "begins with `https://`",
            ),
            (
                "on_failure: [{webhook: 'file:///etc/passwd'}]",
                "begins with `https://`",
            ),
            ("on_failure: [{mail: a@b, time_limit: soon}]", "is no time"),
            ("on_fail: [{mail: a@b}]", "on_fail"),
            ("on_failure: [{mial: a@b}]", "mial"),
        ] {
            let (_, found) = read_text(&format!("{text}\n"));
            assert!(
                found.iter().any(|found| found.contains(wanted)),
                "{text}: {found:?}"
            );
        }
        assert_eq!(
            read_text("on_failure: [{mail: 'a b'}]\n").0,
            RunHooks::default()
        );
    }

    #[test]
    fn a_file_that_is_not_there_has_no_hooks() {
        let mut diagnostics = Diagnostics::default();
        let path = Path::new("no/such/hooks.yaml");
        let read = RunHooks::read(path, &mut SourceMap::default(), &mut diagnostics);
        assert_eq!(read.unwrap(), RunHooks::default());
    }
}

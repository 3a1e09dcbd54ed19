//! Providers: renderers that are commands. How one is called, and how its output is understood.
//! Plain data.

use super::failure_class::FailureClass;
use super::placeholder::{TemplatePiece, parse_pieces};
use super::price::ProviderPrice;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The file with the scene that is written beside those of `writes`.
pub const SCENE_FILE: &str = "scene.json";

/// A renderer that is a command. All of it except its price is part of the identity of the jobs
/// that it renders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Provider {
    /// Its name in documents.
    pub name: String,
    /// The program and its arguments, with placeholders.
    pub command: Vec<String>,
    /// Whether the words are joined and passed to a shell.
    // Off unless set: without a shell no value of a placeholder can become a command.
    pub shell: bool,
    /// How often it is called.
    pub per: CallFrequency,
    /// File name of a picture, with a padding token for the frame. EXR and HDR are linear light;
    /// the others are decoded from sRGB.
    pub output: String,
    /// Files of the project that it reads, by the name that placeholders use.
    pub files: BTreeMap<String, PathBuf>,
    /// Small files that are written before each call: name to content, both with placeholders.
    pub writes: BTreeMap<String, String>,
    /// The command that prints its version.
    // The version is part of the identity of jobs: another version of a renderer draws another
    // picture.
    pub version: Vec<String>,
    /// Regular expression for the line with the version. Its first group counts, if it has one.
    pub version_line: Option<String>,
    /// Environment variables that are passed on to it. Their values are part of the identity of its
    /// jobs.
    // A list and not the whole environment, on which a picture must not depend.
    pub env: Vec<String>,
    /// Environment variables that are passed on to it, and whose values are not part of the
    /// identity of its jobs.
    // Licence servers and keys differ between machines that draw the same pictures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env_ignored: Vec<String>,
    /// Environment variables that are set for it, with placeholders.
    pub set: BTreeMap<String, String>,
    /// Exit codes that mean success.
    pub success: Vec<i32>,
    /// Signals that mean success when they end it.
    // Some renderers crash while they clean up, after every picture is written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub success_signals: Vec<i32>,
    /// Whether its exit status alone decides, so that lines of `failures` are warnings if it ends
    /// well.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub trust_exit_code: bool,
    /// Regular expression for lines of progress.
    pub progress: Option<String>,
    /// Regular expressions for lines that are warnings.
    pub warnings: Vec<String>,
    /// Regular expressions for lines that name the cause of a failure, by cause.
    // An exit code is the same for a missing licence and a crash, but the retry policy differs.
    pub failures: BTreeMap<ProviderFailure, Vec<String>>,
    /// Thousandths of cores that a call claims.
    pub cores: Option<u32>,
    /// Tokens that a call claims, such as licences, in thousandths.
    pub tokens: BTreeMap<String, u32>,
    /// The description of the shot, if a placeholder uses it.
    // Only then: an edited description renders again what was rendered from it, and nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether it draws the reference sheets of characters and the plates of locations.
    // It decides which jobs there are, and not what one of them makes.
    #[serde(skip)]
    pub references: bool,
    /// Its price, which is not part of the identity.
    // The JSON of a provider is part of the identity. Skipped, a new price makes nothing again.
    #[serde(skip)]
    pub price: Option<ProviderPrice>,
}

impl Provider {
    /// Returns whether it uses the placeholder `name` anywhere.
    #[must_use]
    pub fn uses_placeholder(&self, name: &str) -> bool {
        // These are all fields with placeholders.
        let texts = self
            .command
            .iter()
            .chain(self.writes.values())
            .chain(self.set.values());
        let mut pieces = texts.filter_map(|text| parse_pieces(text).ok()).flatten();
        pieces.any(|piece| matches!(piece, TemplatePiece::Placeholder(placeholder, _) if placeholder == name))
    }
}

/// How often a command is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Per")]
pub enum CallFrequency {
    /// Once for all frames of a job.
    #[default]
    Chunk,
    /// Once for each frame.
    Frame,
}

/// Causes of failure that a provider can recognise in the output of its tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
// Fewer than `FailureClass` has: limits and lost hosts are seen from outside, and no line of output
// can claim them.
pub enum ProviderFailure {
    /// Every licence is taken. Waits without spending an attempt.
    Licence,
    /// Memory ran out. Retried with a larger claim.
    OutOfMemory,
    /// An input is missing. Not retried.
    MissingInput,
    /// A plug-in or device is missing. Not retried.
    MissingTool,
    /// It crashed. Retried.
    Crash,
}

impl ProviderFailure {
    /// Returns its failure class.
    #[must_use]
    pub const fn failure_class(self) -> FailureClass {
        match self {
            Self::Licence => FailureClass::Licence,
            Self::OutOfMemory => FailureClass::OutOfMemory,
            Self::MissingInput => FailureClass::MissingInput,
            Self::MissingTool => FailureClass::MissingTool,
            Self::Crash => FailureClass::Crash,
        }
    }
}

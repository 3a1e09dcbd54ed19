//! A renderer that is a command: how it is called, and how what it says and leaves is understood. Plain data.

use super::failure_class::FailureClass;
use super::placeholder::{TemplatePiece, parse_pieces};
use super::price::ProviderPrice;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A renderer that is a command. All of it but its price is part of what makes two pictures the same picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Provider {
    /// What documents call it.
    pub name: String,
    /// The program and its arguments, with placeholders.
    pub command: Vec<String>,
    /// Whether the words are joined and given to a shell.
    pub shell: bool,
    /// How often it is called.
    pub per: CallFrequency,
    /// The file of a picture, with a padding token for the frame. EXR and HDR are linear light, others are decoded from
    /// sRGB.
    pub output: String,
    /// Files of the project that it needs, by the name that placeholders use.
    pub files: BTreeMap<String, PathBuf>,
    /// Small files that are written before each call, with placeholders.
    pub writes: BTreeMap<String, String>,
    /// Asks it for its version.
    pub version: Vec<String>,
    /// The line of its answer that tells it, as a regular expression; its first group where it has one.
    pub version_line: Option<String>,
    /// Variables of the environment that it may see.
    pub env: Vec<String>,
    /// Variables that are set for it, with placeholders.
    pub set: BTreeMap<String, String>,
    /// Exit codes that mean success.
    pub success: Vec<i32>,
    /// Lines that tell of progress, as a regular expression.
    pub progress: Option<String>,
    /// Lines that are warnings.
    pub warnings: Vec<String>,
    /// Lines that tell why it failed, by what they mean.
    pub failures: BTreeMap<ProviderFailure, Vec<String>>,
    /// What each call holds besides memory: thousandths of cores.
    pub cores: Option<u32>,
    /// Licences and the like that each call holds, in thousandths.
    pub tokens: BTreeMap<String, u32>,
    /// What is drawn, in words, where a placeholder asks for them: so an edit of these words draws this anew, and nothing
    /// else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What it asks for its work; no part of what makes two pictures the same.
    #[serde(skip)]
    pub price: Option<ProviderPrice>,
}

impl Provider {
    /// Returns whether a placeholder of this name stands anywhere in it.
    #[must_use]
    pub fn uses_placeholder(&self, name: &str) -> bool {
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

/// Why a command failed, for the retry policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderFailure {
    /// Every licence is taken: it is waited for, and no try is spent.
    Licence,
    /// Memory ran out: it is tried again with more.
    OutOfMemory,
    /// An input is missing: it is not tried again.
    MissingInput,
    /// A plug-in or device is missing: it is not tried again.
    MissingTool,
    /// It died: it is tried again.
    Crash,
}

impl ProviderFailure {
    /// Returns the class of failure that it means.
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

//! Icons beside points and above numbers.

use crate::base::Spanned;
use schemars::JsonSchema;
use serde::Deserialize;

/// An icon: a glyph of the program's font of icons, and the words that ask for it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct IconDraft {
    /// The character, as in Noto Emoji.
    #[schemars(extend("examples" = ["🐝"]))]
    pub glyph: Option<Spanned<String>>,
    /// The beginnings of words of a treatment that ask for it, in lower case.
    #[schemars(extend("examples" = [["bee", "honey"]]))]
    pub words: Option<Vec<Spanned<String>>>,
    /// What it shows.
    pub description: Option<Spanned<String>>,
}

//! A document type with one field of every kind that the reader supports.

use crate::base::{Diagnostics, FileId, SourceMap, Spanned};
use crate::document::{
    InputLimits, MergeDraft, NamedList, OneOrMany, OrderedMap, RawScalar, ScalarOrList,
    UntypedValue, decode_tree, span_tree,
};
use crate::report::diagnostic::{self, DiagnosticStyle};
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct SampleFilm {
    pub(super) title: Option<Spanned<String>>,
    pub(super) version: Option<String>,
    pub(super) settings: SampleSettings,
    pub(super) characters: NamedList<SampleCharacter>,
    pub(super) shots: Vec<Spanned<SampleShot>>,
    pub(super) outputs: OneOrMany<SampleOutput>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct SampleSettings {
    pub(super) fps: Option<Spanned<u8>>,
    pub(super) gain: Option<f32>,
    pub(super) denoise: bool,
    pub(super) mode: Option<u32>,
    pub(super) engine: Option<SampleEngine>,
    pub(super) resolution: Option<UntypedValue>,
    pub(super) rate: Option<ScalarOrList>,
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum SampleEngine {
    Previz,
    Blender,
    Command(SampleCommand),
}

#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct SampleCommand {
    pub(super) program: String,
}

#[expect(dead_code, reason = "decoded for its diagnostics")]
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct SampleCharacter {
    pub(super) name: Spanned<String>,
    pub(super) model: Spanned<String>,
    #[serde(default)]
    pub(super) wardrobe: OrderedMap<String>,
}

#[expect(dead_code, reason = "decoded for its diagnostics")]
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct SampleShot {
    pub(super) name: Spanned<String>,
    pub(super) prompt: Spanned<String>,
    #[serde(default)]
    pub(super) template: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) range: Option<Spanned<(u32, u32)>>,
    #[serde(default)]
    pub(super) characters: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) notes: Option<RawScalar>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct SampleOutput {
    pub(super) format: Option<Spanned<String>>,
}

impl MergeDraft for SampleFilm {
    fn merge_part(&mut self, other: Self, _: &mut Diagnostics) {
        self.title = self.title.take().or(other.title);
        self.characters.0.extend(other.characters.0);
        self.shots.extend(other.shots);
        self.outputs.0.extend(other.outputs.0);
    }

    fn over_base(self, _: Self, _: &mut Diagnostics) -> Self {
        self
    }
}

/// Reads a text as `T`, and draws what was found.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> (Option<T>, String) {
    let (value, found, sources) = read_with(text, &InputLimits::default());
    (
        value,
        diagnostic::render_diagnostics(&found, &sources, PLAIN),
    )
}

/// Reads a text as `T`, and lists what was found, one line each.
pub(super) fn read_short<T: DeserializeOwned>(text: &str) -> (Option<T>, String) {
    let (value, found, sources) = read_with(text, &InputLimits::default());
    (value, diagnostic::short_diagnostics(&found, &sources))
}

pub(super) fn read_with<T: DeserializeOwned>(
    text: &str,
    limits: &InputLimits,
) -> (Option<T>, Diagnostics, SourceMap) {
    let mut sources = SourceMap::default();
    let text: Arc<str> = text.into();
    let file: FileId = sources.add_file("film.yaml", Arc::clone(&text));
    let mut found = Diagnostics::default();
    let tree = span_tree::parse_yaml(file, text, limits, &mut found);
    let value = tree.and_then(|tree| decode_tree(&tree, limits, &mut found));
    (value, found.into_sorted(), sources)
}

pub(super) const PLAIN: DiagnosticStyle = DiagnosticStyle {
    colour: false,
    width: 100,
    unicode: true,
};

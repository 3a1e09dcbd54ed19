//! Resolves the cut that a timeline of another program brings back.

use super::context::ResolveContext;
use crate::base::FileId;
use crate::interchange::{
    ExchangeSource, RecutFacts, ReelEntry, read_edl, read_fcpxml, read_otio, recut_shots,
};
use crate::model::FrameRate;
use crate::model::cut::TextExportKind;
use crate::model::production::Shot;
use crate::model::sound::DEFAULT_SAMPLE_RATE;
use std::sync::Arc;

/// A timeline of another program.
#[derive(Debug, Clone)]
pub struct RecutSource {
    /// Its format.
    pub kind: TextExportKind,
    /// The file.
    pub file: FileId,
    /// Its text.
    pub text: Arc<str>,
    /// The table of reels beside it. Empty: there is none.
    pub reels: Vec<ReelEntry>,
}

/// Returns the shots in the cut of a timeline. A timeline that cannot be read leaves them as they
/// are; the diagnostics say why.
pub(super) fn recut_production(
    context: &mut ResolveContext<'_>,
    recut: &RecutSource,
    shots: Vec<Shot>,
    rate: FrameRate,
    sample_rate: Option<u32>,
) -> Vec<Shot> {
    let source = ExchangeSource {
        file: recut.file,
        text: &recut.text,
        rate,
    };
    let diagnostics = &mut *context.diagnostics;
    let timeline = match recut.kind {
        TextExportKind::Otio => read_otio(&source, diagnostics),
        TextExportKind::Edl => read_edl(&source, diagnostics),
        TextExportKind::Fcpxml => read_fcpxml(&source, diagnostics),
        _ => None,
    };
    let facts = RecutFacts {
        rate,
        sample_rate: sample_rate.unwrap_or(DEFAULT_SAMPLE_RATE),
        reels: &recut.reels,
    };
    match timeline {
        Some(timeline) => recut_shots(shots, timeline, &facts, diagnostics),
        None => shots,
    }
}

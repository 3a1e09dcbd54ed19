//! Resolves the cut that a timeline of another program brings back.

use super::context::ResolveContext;
use super::document_shots::{DocumentShots, report_absent};
use super::titles::AbsentTitles;
use crate::base::{Diagnostic, FileId, Spanned};
use crate::document::draft::ProductionDraft;
use crate::interchange::{
    ExchangeSource, RecutCard, RecutFacts, RecutProduction, ReelEntry, WrittenCards, follow_cards,
    read_cut_list, read_edl, read_fcpxml, read_otio, recut_shots,
};
use crate::model::FrameRate;
use crate::model::cut::TextExportKind;
use crate::model::production::Shot;
use crate::model::sound::DEFAULT_SAMPLE_RATE;
use crate::model::titles::TitleSettings;
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
    /// The most values that it may have.
    pub most_values: usize,
}

/// Returns the cut of a timeline. One that cannot be read leaves the shots as they are; the
/// diagnostics say why.
pub(super) fn recut_production(
    context: &mut ResolveContext<'_>,
    recut: &RecutSource,
    draft: &ProductionDraft,
    shots: Vec<Shot>,
    rate: FrameRate,
    sample_rate: Option<u32>,
) -> (Vec<Shot>, Option<Vec<RecutCard>>) {
    let source = ExchangeSource {
        file: recut.file,
        text: &recut.text,
        rate,
        most_values: recut.most_values,
    };
    // Before its clips are looked for, each of which would be reported.
    if let Some(list) = draft.shot_list.as_ref().filter(|_| shots.is_empty()) {
        context.diagnostics.push(no_shots_to_cut(list));
        return (shots, None);
    }
    let diagnostics = &mut *context.diagnostics;
    let timeline = match recut.kind {
        TextExportKind::Otio => read_otio(&source, diagnostics),
        TextExportKind::Edl => read_edl(&source, diagnostics),
        TextExportKind::Fcpxml => read_fcpxml(&source, diagnostics),
        TextExportKind::CutList => read_cut_list(&source, diagnostics),
        _ => None,
    };
    let Some(timeline) = timeline else {
        return (shots, None);
    };
    let facts = RecutFacts {
        rate,
        sample_rate: sample_rate.unwrap_or(DEFAULT_SAMPLE_RATE),
        reels: &recut.reels,
        cards: WrittenCards {
            titles: draft.titles.iter().flatten().count(),
            has_credits: draft.credits.is_some(),
        },
    };
    context.document_shots = Some(Arc::new(DocumentShots::new(&shots)));
    let diagnostics = &mut *context.diagnostics;
    let RecutProduction { shots, cards } = recut_shots(&shots, timeline, &facts, diagnostics);
    (shots, Some(cards))
}

/// Returns the finding that a document has a cut and none of the shots that are cut.
fn no_shots_to_cut(list: &Spanned<String>) -> Diagnostic {
    let message = format!(
        "`{}` is a cut of the shots of the document, which has none",
        list.value
    );
    Diagnostic::error("production::recut::unknown_clip", list.origin, message)
        .with_label("a timeline")
        .with_help(
            "write the shots under `shots`: a timeline gives their order, lengths and transitions, \
             and not what they show",
        )
}

/// Puts title cards and credits where a timeline has them, and takes the titles out whose shots it
/// leaves out. Titles are resolved after the shots that they name.
pub(super) fn follow_recut_cards(
    context: &mut ResolveContext<'_>,
    cards: Option<&[RecutCard]>,
    titles: &mut TitleSettings,
    absent: &AbsentTitles,
    shots: &[Shot],
) {
    let Some(cards) = cards else {
        return;
    };
    let without_shot = absent.keys().copied().collect();
    let placed = follow_cards(cards, titles, shots, &without_shot, context.diagnostics);
    // A card is where the timeline has it, whether or not the shot that the document names is there.
    let is_lost = |index: &usize| absent.contains_key(index) && !placed.contains(index);
    for (index, name) in absent {
        if is_lost(index) {
            report_absent(context, name, "the title goes with it");
        }
    }
    let mut index = 0..;
    titles
        .titles
        .retain(|_| index.next().is_none_or(|index| !is_lost(&index)));
}

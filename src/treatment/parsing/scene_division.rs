//! How a treatment is divided into scenes. Authors do it in few ways, and a text is read in the
//! first way that it has: numbered scenes, a table with a row for each, ranges of time, headings,
//! rules, a numbered list, paragraphs.

use super::scene_marks::{begins_with_times, scene_word_rank};
use super::scene_table::is_scene_table;
use crate::treatment::reading::{LocatedText, TreatmentBlock};
use crate::treatment::words::{LabelKind, is_brief_section, label_form, label_kind};

/// What begins a scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SceneDivision {
    /// The word of this rank, with a number.
    Marks(usize),
    /// Each row of a table.
    Table,
    /// A range of times.
    Times,
    /// Headings of this level.
    Headings(u8),
    /// Lines across the page.
    Rules,
    /// The points of this list.
    Points(usize),
    /// Paragraphs.
    Paragraphs,
}

impl SceneDivision {
    /// Returns the reason to show with a guess. `None` where the author says what a scene is.
    pub(super) const fn guess_reason(self) -> Option<&'static str> {
        match self {
            Self::Marks(_) | Self::Table | Self::Times => None,
            Self::Headings(_) => Some("no scene is numbered, so each heading of this level is one"),
            Self::Rules => {
                Some("no scene is numbered and there are no headings, so rules divide them")
            }
            Self::Points(_) => Some("there are no headings, so each point of the list is a scene"),
            Self::Paragraphs => Some("there are no headings, so each paragraph is a scene"),
        }
    }
}

/// Headings that hold the scenes, one level below them.
const CONTAINERS: &[&str] = &[
    "scenes",
    "script",
    "storyboard",
    "treatment",
    "outline",
    "structure",
    "the script",
    "av script",
    "shot list",
    "scene breakdown",
    "breakdown",
    "sequence",
    "sequences",
    "content",
    "szenen",
    "drehbuch",
    "scènes",
    "escenas",
    "cenas",
    "video script",
    "story",
];

/// Returns how the blocks are divided.
pub(super) fn scene_division(blocks: &[TreatmentBlock]) -> SceneDivision {
    let lines = || blocks.iter().flat_map(TreatmentBlock::lines);
    // The word that means a scene most surely divides: in a text of scenes, `Shot 2` is a part of
    // one.
    if let Some(rank) = lines().filter_map(|line| scene_word_rank(&line.text)).min() {
        return SceneDivision::Marks(rank);
    }
    if blocks.iter().any(is_scene_table) {
        return SceneDivision::Table;
    }
    // A single time may be that of the film.
    if lines().filter(|line| begins_with_times(&line.text)).count() >= 2 {
        return SceneDivision::Times;
    }
    if let Some(level) = scene_level(blocks) {
        return SceneDivision::Headings(level);
    }
    other_division(blocks)
}

fn other_division(blocks: &[TreatmentBlock]) -> SceneDivision {
    let parts = blocks.split(|block| matches!(block, TreatmentBlock::Rule(_)));
    // A rule below the title divides nothing.
    if parts.filter(|part| !part.is_empty()).count() >= 2 {
        return SceneDivision::Rules;
    }
    let first_list = blocks.iter().find_map(|block| match block {
        TreatmentBlock::Point {
            list,
            depth: 1,
            is_ordered: true,
            ..
        } => Some(*list),
        _ => None,
    });
    let count = |wanted: usize| {
        let is_point = |block: &&TreatmentBlock| matches!(block, TreatmentBlock::Point { list, depth: 1, .. } if *list == wanted);
        blocks.iter().filter(is_point).count()
    };
    match first_list.filter(|list| count(*list) >= 2) {
        Some(list) => SceneDivision::Points(list),
        None => SceneDivision::Paragraphs,
    }
}

/// Whether a heading begins no scene: it is a label, about the whole film, or around the scenes.
pub(super) fn is_section_heading(text: &LocatedText) -> bool {
    // A call to action is a scene as often as a text. As a heading among those of scenes it is one.
    let is_label = label_kind(&text.text).is_some_and(|kind| kind != LabelKind::CallToAction);
    is_label || is_brief_section(&text.text) || is_container(&text.text)
}

fn is_container(text: &str) -> bool {
    CONTAINERS.contains(&label_form(text).as_str())
}

/// Returns the level of the headings that are scenes.
fn scene_level(blocks: &[TreatmentBlock]) -> Option<u8> {
    let title = title_heading(blocks);
    let headings = || {
        let blocks = blocks.iter().enumerate();
        blocks.filter_map(|(index, block)| match block {
            TreatmentBlock::Heading { level, text } if Some(index) != title => Some((*level, text)),
            _ => None,
        })
    };
    let count = |level: u8| {
        let scenes = headings().filter(|(at, text)| *at == level && !is_section_heading(text));
        scenes.count()
    };
    let holds_scenes =
        |level: u8| headings().any(|(at, text)| at == level && is_container(&text.text));
    let deeper = |level: u8| (level + 1..=6).find(|below| count(*below) >= 1);
    let mut level = (1..=6).find(|level| count(*level) >= 1)?;
    let container = (1..=6).find(|level| holds_scenes(*level));
    // A heading above all scenes is one, and the scenes are below it.
    while let Some(below) = deeper(level).filter(|below| {
        container.is_some_and(|container| container >= level && *below > container)
            || (count(level) == 1 && count(*below) >= 2)
    }) {
        level = below;
    }
    Some(level)
}

/// Returns the index of the heading that is the title: the first block, or the only heading of the
/// first level.
pub(super) fn title_heading(blocks: &[TreatmentBlock]) -> Option<usize> {
    let first = blocks
        .iter()
        .position(|block| matches!(block, TreatmentBlock::Heading { level: 1, .. }))?;
    let firsts = blocks
        .iter()
        .filter(|block| matches!(block, TreatmentBlock::Heading { level: 1, .. }));
    let has_others = blocks
        .iter()
        .any(|block| matches!(block, TreatmentBlock::Heading { level, .. } if *level > 1));
    let is_title = firsts.count() == 1 || has_others;
    let is_scene = matches!(&blocks[first], TreatmentBlock::Heading { text, .. }
        if scene_word_rank(&text.text).is_some() || is_section_heading(text));
    (is_title && !is_scene).then_some(first)
}

//! Where titles are in a film, and the clips without a shot that some of them are.

use super::timeline_builder::PictureTrack;
use crate::model::Production;
use crate::model::cut::{ClipCard, ScreenColour, TimelineGraphic, TimelineTitle};
use std::collections::HashMap;

/// The titles that are clips of their own, by the shot behind them.
pub(super) struct TitleCards {
    before: HashMap<usize, Vec<usize>>,
}

impl TitleCards {
    pub(super) fn find(production: &Production, has_titles: bool) -> Self {
        let mut before: HashMap<usize, Vec<usize>> = HashMap::new();
        let titles = production.titles.titles.iter().enumerate();
        for (index, title) in titles.filter(|(_, title)| has_titles && title.backdrop.is_some()) {
            before.entry(title.shot).or_default().push(index);
        }
        Self { before }
    }

    /// Returns the titles before a shot, in the order of the document.
    pub(super) fn before_shot(&self, shot: usize) -> &[usize] {
        self.before.get(&shot).map_or(&[], Vec::as_slice)
    }
}

/// Returns where each title is in a film that shows its shot, in the order of the document.
pub(super) fn title_places(production: &Production, track: &PictureTrack) -> Vec<TimelineTitle> {
    let titles = &production.titles.titles;
    if titles.is_empty() {
        return Vec::new();
    }
    let mut starts = HashMap::new();
    let mut cards = HashMap::new();
    for clip in &track.clips {
        if let Some(shot) = clip.shot {
            starts.entry(shot).or_insert(clip.start);
        }
        if let Some(ClipCard::Title(index)) = clip.card {
            cards.insert(index, clip.start);
        }
    }
    let places = titles.iter().enumerate().filter_map(|(index, title)| {
        let start = match title.backdrop {
            Some(_) => *cards.get(&index)?,
            None => starts.get(&title.shot)? + title.start,
        };
        let left = track.length.checked_sub(start).filter(|left| *left > 0)?;
        Some(TimelineTitle {
            title: index,
            start,
            length: title.length.min(left),
        })
    });
    places.collect()
}

/// Returns where each graphic is in a film that shows its shot, in the order of the document.
pub(super) fn graphic_places(
    production: &Production,
    track: &PictureTrack,
) -> Vec<TimelineGraphic> {
    if production.graphics.is_empty() {
        return Vec::new();
    }
    let mut starts = HashMap::new();
    for clip in &track.clips {
        if let Some(shot) = clip.shot {
            starts.entry(shot).or_insert(clip.start);
        }
    }
    let graphics = production.graphics.iter().enumerate();
    let places = graphics.filter_map(|(index, graphic)| {
        let start = starts.get(&graphic.shot)? + graphic.start;
        let left = track.length.checked_sub(start).filter(|left| *left > 0)?;
        Some(TimelineGraphic {
            graphic: index,
            start,
            length: graphic.length.min(left),
        })
    });
    places.collect()
}

/// Returns the colour behind a clip without a shot.
pub(super) fn card_backdrop(production: &Production, card: ClipCard) -> ScreenColour {
    let titles = &production.titles;
    let colour = match card {
        ClipCard::Title(index) => titles.titles.get(index).and_then(|title| title.backdrop),
        ClipCard::Credits => titles.credits.as_ref().map(|credits| credits.backdrop),
        ClipCard::Slate => None,
    };
    colour.unwrap_or(ScreenColour::BLACK)
}

/// Returns the name, with `_` behind it as long as a shot has the same.
pub(super) fn free_name(production: &Production, mut name: String) -> String {
    // The name of a clip is part of the names of its jobs, which are unique.
    while production.shots.iter().any(|shot| shot.name.value == name) {
        name.push('_');
    }
    name
}

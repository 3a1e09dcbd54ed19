//! Where titles are in a film, and the clips without a shot that some of them are.

use super::timeline_builder::PictureTrack;
use crate::model::Production;
use crate::model::cut::{ClipCard, ScreenColour, TimelineClip, TimelineGraphic, TimelineTitle};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

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
    let shown = ClipsByShot::find(track);
    let mut cards = HashMap::new();
    for clip in &track.clips {
        if let Some(ClipCard::Title(index)) = clip.card {
            cards.insert(index, clip.start..clip.end());
        }
    }
    let places = titles.iter().enumerate().filter_map(|(index, title)| {
        // A title on a card has all of the card. One over shots ends with the last of them, or at a
        // cut away.
        let free = match title.backdrop {
            Some(_) => cards.get(&index)?.clone(),
            None => shown.frames_over(title.shot, title.start, title.last_shot)?,
        };
        Some(TimelineTitle {
            title: index,
            start: free.start,
            length: title.length.min(free.len()),
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
    let shown = ClipsByShot::find(track);
    let graphics = production.graphics.iter().enumerate();
    let places = graphics.filter_map(|(index, graphic)| {
        let free = shown.frames_over(graphic.shot, graphic.start, graphic.last_shot)?;
        Some(TimelineGraphic {
            graphic: index,
            start: free.start,
            length: graphic.length.min(free.len()),
        })
    });
    places.collect()
}

/// The clips of a film by the shots that they show.
struct ClipsByShot<'a> {
    clips: &'a [TimelineClip],
    first: HashMap<usize, usize>,
}

impl<'a> ClipsByShot<'a> {
    fn find(track: &'a PictureTrack) -> Self {
        let mut first = HashMap::new();
        for (index, clip) in track.clips.iter().enumerate() {
            if let Some(shot) = clip.shot {
                // The first: an output may show a shot twice, and a title is drawn once.
                first.entry(shot).or_insert(index);
            }
        }
        Self {
            clips: &track.clips,
            first,
        }
    }

    /// Returns the frames of the film over which a text may be seen that begins at a frame of a
    /// shot: up to the end of the last shot, or to the first clip that is none of these shots.
    /// `None`: there are none.
    fn frames_over(&self, shot: usize, frame: usize, last: usize) -> Option<Range<usize>> {
        let clips = self.clips.get(*self.first.get(&shot)?..)?;
        let is_over =
            |clip: &&TimelineClip| clip.shot.is_some_and(|own| (shot..=last).contains(&own));
        let start = clips.first()?.start + frame;
        let end = clips.iter().take_while(is_over).last()?.end();
        (start < end).then_some(start..end)
    }
}

/// Returns the colour behind a clip without a shot.
pub(super) fn card_backdrop(production: &Production, card: ClipCard) -> ScreenColour {
    let titles = &production.titles;
    let colour = match card {
        ClipCard::Title(index) => titles.titles.get(index).and_then(|title| title.backdrop),
        ClipCard::Credits => titles.credits.as_ref().map(|credits| credits.backdrop),
        ClipCard::Slate => None,
    };
    // A slate has no colour of its own, and black is what leaders are made of.
    colour.unwrap_or(ScreenColour::BLACK)
}

/// The names of clips without a shot. A title has its number behind it.
pub(super) const SLATE_NAME: &str = "slate";
pub(super) const CREDITS_NAME: &str = "credits";
pub(super) const TITLE_NAME: &str = "title_";

fn is_card_like(name: &str) -> bool {
    [SLATE_NAME, CREDITS_NAME, TITLE_NAME]
        .iter()
        .any(|card| name.starts_with(card))
}

/// The names of shots that a clip without a shot could have as well.
///
/// Collected once for a production: a look through all shots for each title would take time that
/// grows with the product of both.
#[derive(Debug)]
pub(super) struct TakenNames<'a>(HashSet<&'a str>);

impl<'a> TakenNames<'a> {
    /// Returns the names of a production's shots that begin as those of cards do.
    pub(super) fn from_production(production: &'a Production) -> Self {
        let names = production.shots.iter().map(|shot| shot.name.value.as_str());
        Self(names.filter(|name| is_card_like(name)).collect())
    }

    /// Returns the name, with `_` behind it as long as a shot has the same.
    pub(super) fn free_name(&self, mut name: String) -> String {
        // The name of a clip is part of the names of its jobs, which are unique.
        while self.0.contains(name.as_str()) {
            name.push('_');
        }
        name
    }
}

//! What is drawn over the frames of one segment: titles, credits, burn-ins, watermark, guides.

use crate::model::Production;
use crate::model::cut::{ClipCard, ScreenColour, Timecode, TimelineClip};
use crate::model::production::Output;
use crate::model::titles::{
    BURN_IN_MARGIN, BURN_IN_PANEL, BURN_IN_SIZE, BurnInField, BurnInMark, CounterKind,
    FrameCounter, FrameOverlay, OverlayContent, TextPlace, burned_text, caption_look, slate_block,
};
use crate::timeline::{PictureTrack, TrackPart};
use std::sync::Arc;

/// A part of the film of an output, whose frames get overlays.
pub(super) struct SegmentOverlays<'a> {
    pub(super) production: &'a Production,
    pub(super) output: &'a Output,
    /// The pictures of the film.
    pub(super) track: &'a PictureTrack,
    /// The part.
    pub(super) part: &'a TrackPart,
    /// Whether captions are drawn on it.
    pub(super) has_captions: bool,
}

impl SegmentOverlays<'_> {
    /// Returns what is drawn, in order. The last is on top.
    pub(super) fn overlays(&self) -> Arc<[FrameOverlay]> {
        let mut overlays = Vec::new();
        for clip in self.seen_clips() {
            if let Some(card) = clip.card {
                self.add_card(&mut overlays, clip, card);
            }
        }
        // Behind the backdrops, which fill the picture. Captions come after titles and graphics,
        // because they must be readable over both.
        self.add_graphics(&mut overlays);
        self.add_titles(&mut overlays);
        if self.has_captions {
            overlays.push(self.over_all(OverlayContent::Captions(caption_look(
                self.production,
                self.output,
            ))));
        }
        // Marks are on top of all: they are for the people who check the film.
        let marks = &self.output.marks;
        let watermark = marks.watermark.iter();
        overlays
            .extend(watermark.map(|mark| self.over_all(OverlayContent::Text(mark.block.clone()))));
        if !marks.guides.is_empty() {
            overlays.push(self.over_all(OverlayContent::Guides(marks.guides.clone())));
        }
        for mark in &marks.burn_in {
            self.add_burn_in(&mut overlays, mark);
        }
        overlays.into()
    }

    fn seen_clips(&self) -> impl Iterator<Item = &TimelineClip> {
        // By halves: a search through all clips for each of them would be quadratic.
        let end = self.part.start + self.part.length;
        let first = self
            .track
            .clips
            .partition_point(|clip| clip.end() <= self.part.start);
        let behind = self.track.clips.partition_point(|clip| clip.start < end);
        self.track
            .clips
            .get(first..behind)
            .unwrap_or_default()
            .iter()
    }

    /// Returns whether some of these frames of the film are in the part.
    const fn is_seen(&self, start: usize, length: usize) -> bool {
        // Only overlays that are seen are parameters of the segment, so that another title encodes
        // no more than it must.
        let end = self.part.start + self.part.length;
        start < end && start + length > self.part.start
    }

    /// Returns an overlay of every frame.
    const fn over_all(&self, content: OverlayContent) -> FrameOverlay {
        FrameOverlay {
            begin: 0,
            length: self.part.length,
            content,
        }
    }

    /// Returns an overlay of frames of the film from `frame` on.
    fn over_frames(&self, frame: usize, length: usize, content: OverlayContent) -> FrameOverlay {
        // Films are limited to far fewer frames.
        let signed = |frame: usize| i64::try_from(frame).unwrap_or(i64::MAX);
        FrameOverlay {
            // Negative if it began in a segment before: it must not begin anew at each cut.
            begin: signed(frame) - signed(self.part.start),
            length,
            content,
        }
    }

    fn over_clip(&self, clip: &TimelineClip, content: OverlayContent) -> FrameOverlay {
        self.over_frames(clip.start, clip.length, content)
    }

    /// Adds what a clip without a shot shows.
    fn add_card(&self, overlays: &mut Vec<FrameOverlay>, clip: &TimelineClip, card: ClipCard) {
        let titles = &self.production.titles;
        let backdrop = clip.backdrop.unwrap_or(ScreenColour::BLACK);
        let backdrop = OverlayContent::Backdrop(backdrop);
        overlays.push(self.over_clip(clip, backdrop));
        match card {
            ClipCard::Title(index) => {
                let title = titles.titles.get(index);
                overlays.extend(
                    title.map(|title| {
                        self.over_clip(clip, OverlayContent::Text(title.block.clone()))
                    }),
                );
            }
            ClipCard::Credits => {
                let credits = titles.credits.iter();
                overlays.extend(credits.map(|credits| {
                    self.over_clip(clip, OverlayContent::Text(credits.block.clone()))
                }));
            }
            ClipCard::Slate => {
                let block = slate_block(self.production, self.output, self.track.slate_facts());
                overlays.push(self.over_clip(clip, OverlayContent::Text(block)));
            }
        }
    }

    fn add_graphics(&self, overlays: &mut Vec<FrameOverlay>) {
        for place in &self.track.graphics {
            let is_seen = self.is_seen(place.start, place.length);
            let graphic = self.production.graphics.get(place.graphic);
            if let Some(graphic) = graphic.filter(|_| is_seen) {
                let content =
                    OverlayContent::Graphic(graphic.block.above_captions(self.has_captions));
                overlays.push(self.over_frames(place.start, place.length, content));
            }
        }
    }

    fn add_titles(&self, overlays: &mut Vec<FrameOverlay>) {
        for place in &self.track.titles {
            let Some(title) = self.production.titles.titles.get(place.title) else {
                continue;
            };
            // A title over a colour is in a clip of its own.
            if self.is_seen(place.start, place.length) && title.backdrop.is_none() {
                let content = OverlayContent::Text(title.block.clone());
                overlays.push(self.over_frames(place.start, place.length, content));
            }
        }
    }

    fn add_burn_in(&self, overlays: &mut Vec<FrameOverlay>, mark: &BurnInMark) {
        let text = match mark.field.value {
            BurnInField::Shot | BurnInField::Frame => {
                for clip in self.seen_clips() {
                    let content = self.shot_fact(clip, mark);
                    overlays.extend(content.map(|content| self.over_clip(clip, content)));
                }
                return;
            }
            BurnInField::Timecode => {
                // Counted for each frame by the painter: a text for each would be a parameter of
                // thousands of entries.
                let code = self.first_timecode();
                let kind = CounterKind::Timecode {
                    first: code.frames + self.part.start as u64,
                    rate: code.rate,
                    counting: code.counting,
                };
                overlays.push(self.over_all(self.counter(mark.place, kind)));
                return;
            }
            BurnInField::Title
            | BurnInField::Output
            | BurnInField::Revision
            | BurnInField::Date => mark.field.value.text(&self.production.meta, self.output),
        };
        let content = text.map(|text| self.burned_text(text, mark.place));
        overlays.extend(content.map(|content| self.over_all(content)));
    }

    /// Returns the timecode of the first frame of the film. The first frame behind the slate has
    /// the timecode that timelines begin with.
    fn first_timecode(&self) -> Timecode {
        let production = self.production;
        let start = production.edit.start_timecode(production.render.rate);
        start.earlier(self.track.slate_length() as u64)
    }

    /// Returns a fact about the shot of a clip. `None`: it shows none.
    fn shot_fact(&self, clip: &TimelineClip, mark: &BurnInMark) -> Option<OverlayContent> {
        let shot = self.production.shots.get(clip.shot?)?;
        Some(match mark.field.value {
            BurnInField::Frame => {
                let frames = shot.frames.clone();
                self.counter(mark.place, CounterKind::ShotFrame { frames })
            }
            _ => self.burned_text(&shot.name.value, mark.place),
        })
    }

    fn burned_text(&self, text: &str, place: TextPlace) -> OverlayContent {
        OverlayContent::Text(burned_text(self.output, text, place))
    }

    fn counter(&self, place: TextPlace, kind: CounterKind) -> OverlayContent {
        OverlayContent::Counter(FrameCounter {
            kind,
            fonts: self.output.marks.fonts.clone(),
            place,
            size: BURN_IN_SIZE,
            margin: BURN_IN_MARGIN,
            colour: ScreenColour::WHITE,
            panel: BURN_IN_PANEL,
        })
    }
}

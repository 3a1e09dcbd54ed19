//! What is drawn on the frames of one segment, at the size of its output.

use super::text_block::{TextBlock, TextPanel, TextPlace, TypefaceSource};
use crate::model::cut::{ScreenColour, TimecodeCounting};
use crate::model::frame_list::FrameList;
use crate::model::frame_rate::FrameRate;
use crate::model::graphics::GraphicBlock;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Something that is drawn on frames of a segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrameOverlay {
    /// Its first frame, counted from the first source frame of the segment. Negative if it began in
    /// a segment before.
    pub begin: i64,
    /// How many frames it lasts in all.
    pub length: usize,
    /// What is drawn.
    pub content: OverlayContent,
}

impl FrameOverlay {
    /// Returns the number of its frame that `frame` of the segment shows. `None`: it is not seen.
    #[must_use]
    pub fn own_frame(&self, frame: usize) -> Option<usize> {
        let since = i64::try_from(frame).ok()?.checked_sub(self.begin)?;
        usize::try_from(since).ok().filter(|own| *own < self.length)
    }

    /// Returns it with other values for its colours.
    #[must_use]
    pub fn with_colours(&self, value: impl Fn(ScreenColour) -> ScreenColour) -> Self {
        let mut changed = self.clone();
        let change = |colour: &mut ScreenColour| *colour = value(*colour);
        match &mut changed.content {
            OverlayContent::Backdrop(colour) => change(colour),
            OverlayContent::Text(block) | OverlayContent::Captions(block) => {
                let lines = block.lines.iter_mut().map(|line| &mut line.colour);
                let edge = block.edge.iter_mut().map(|edge| &mut edge.colour);
                let panel = block.panel.iter_mut().map(|panel| &mut panel.colour);
                lines.chain(edge).chain(panel).for_each(change);
            }
            OverlayContent::Counter(counter) => {
                change(&mut counter.colour);
                change(&mut counter.panel.colour);
            }
            OverlayContent::Graphic(graphic) => {
                let colours = &mut graphic.colours;
                change(&mut colours.text);
                change(&mut colours.accent);
                colours
                    .panel
                    .iter_mut()
                    .for_each(|panel| change(&mut panel.colour));
            }
            OverlayContent::Guides(_) => {}
        }
        changed
    }
}

/// Returns the numbers of the slots of fonts that overlays need, each once, in order.
#[must_use]
pub fn font_slots(overlays: &[FrameOverlay]) -> BTreeSet<usize> {
    let sources = overlays.iter().flat_map(|overlay| match &overlay.content {
        OverlayContent::Text(block) | OverlayContent::Captions(block) => block.fonts.as_slice(),
        OverlayContent::Graphic(graphic) => &graphic.fonts,
        OverlayContent::Counter(counter) => &counter.fonts,
        OverlayContent::Guides(_) | OverlayContent::Backdrop(_) => &[],
    });
    let slots = sources.flat_map(|source| match source {
        TypefaceSource::File { slot, bold, .. } => vec![*slot].into_iter().chain(*bold),
        TypefaceSource::BuiltIn(_) => Vec::new().into_iter().chain(None),
    });
    slots.collect()
}

/// What an overlay draws.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverlayContent {
    /// A colour that hides everything: what is behind a title that is a clip of its own.
    Backdrop(ScreenColour),
    /// A block of text.
    Text(TextBlock),
    /// A chart or a card.
    Graphic(GraphicBlock),
    /// A text that is another on every frame.
    Counter(FrameCounter),
    /// Lines that show which part of the picture every screen shows.
    Guides(Vec<GuideKind>),
    /// The captions of the slot `captions.00`, each as this block, whose only line has the look of
    /// theirs.
    Captions(TextBlock),
}

/// A text that is another on every frame: a number of frames, or timecode.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrameCounter {
    /// What is shown.
    pub kind: CounterKind,
    /// Its fonts.
    pub fonts: Vec<TypefaceSource>,
    /// Where it is.
    pub place: TextPlace,
    /// Size of the font as a share of the height of the picture.
    pub size: f32,
    /// Space between it and the sides of the picture, as a share of width and height.
    pub margin: f32,
    /// Its colour.
    pub colour: ScreenColour,
    /// The rectangle behind it.
    pub panel: TextPanel,
}

/// What a counter shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CounterKind {
    /// The number of the frame in its shot.
    ShotFrame {
        /// The frames of the shot, in order.
        frames: FrameList,
    },
    /// Timecode of the film.
    Timecode {
        /// Frames from midnight to the first frame of the overlay.
        first: u64,
        /// Frames a second.
        rate: FrameRate,
        /// Whether numbers are left out.
        counting: TimecodeCounting,
    },
}

/// A line that shows which part of the picture every screen shows, as in SMPTE ST 2046-1.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum GuideKind {
    /// 93 % of width and height, in which action is safe.
    Action,
    /// 90 % of width and height, in which titles are safe.
    Title,
    /// A cross in the middle.
    #[serde(alias = "center")]
    #[schemars(extend("x-also" = ["center"]))]
    Centre,
    /// Thirds of width and height.
    Thirds,
}

impl GuideKind {
    /// All guides.
    pub const ALL: [Self; 4] = [Self::Action, Self::Title, Self::Centre, Self::Thirds];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overlay_is_seen_on_its_own_frames() {
        let overlay = |begin| FrameOverlay {
            begin,
            length: 3,
            content: OverlayContent::Guides(Vec::new()),
        };
        let seen = |begin: i64| -> Vec<Option<usize>> {
            (0..5)
                .map(|frame| overlay(begin).own_frame(frame))
                .collect()
        };
        assert_eq!(seen(1), [None, Some(0), Some(1), Some(2), None]);
        assert_eq!(seen(-2), [Some(2), None, None, None, None]);
        assert_eq!(seen(i64::MIN), [None; 5]);
        assert_eq!(seen(i64::MAX), [None; 5]);
    }
}

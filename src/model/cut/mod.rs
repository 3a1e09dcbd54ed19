//! The cut of a film as plain data: transitions of shots, the timeline of an output, timecode, and
//! deliverables that are text.
//!
//! Positions on a timeline are whole frames at the production's rate from the start of the film,
//! and samples where the name says so. `timeline` computes them, and nothing else does.

mod cut_timeline;
mod cut_work;
mod screen_colour;
mod shot_transition;
mod text_export;
mod timecode;

pub use cut_timeline::{
    ClipCard, Timeline, TimelineClip, TimelineCue, TimelineEffect, TimelineGraphic, TimelineLine,
    TimelineMarker, TimelineMarkerKind, TimelineTitle, TimelineTransition,
};
pub use cut_work::{CuePart, FrameFitting, FrameTrim, TextExportWork, TransitionWork};
pub use screen_colour::ScreenColour;
pub use shot_transition::{
    EditSettings, MOST_TRANSITION_FRAMES, ShotTransition, TransitionKind, WipeDirection,
};
pub use text_export::{TextExport, TextExportKind, reel_table_path};
pub use timecode::{Timecode, TimecodeCounting};

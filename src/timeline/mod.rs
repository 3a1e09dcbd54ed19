//! Timelines: clips and sounds by the frames of a film.
//!
//! The only place that computes when a clip, a transition, a line or a cue begins. `expand`, the
//! rules and every export read what comes out. No I/O, no decisions about files.

mod cut_list;
mod cut_points;
mod sound_places;
mod timeline_builder;
mod title_places;

pub use cut_list::cut_list_csv;
pub use cut_points::{CutSides, CutTransitions, ShotHandles, cut_transitions, shot_handles};
pub use sound_places::SoundPlaces;
pub use timeline_builder::{
    CueShots, FilmPlaces, PartSource, PictureTrack, TimelineMaker, TrackPart, build_full_timeline,
    build_timeline,
};

#[cfg(test)]
mod tests;

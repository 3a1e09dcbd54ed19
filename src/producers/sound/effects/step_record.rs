//! The record of the steps of a shot, which is stored beside their sound.

use serde::{Deserialize, Serialize};

/// The content of `contacts.json`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct StepList {
    /// The audible steps, in order of time.
    pub(super) contacts: Vec<StepRecord>,
}

/// One audible step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct StepRecord {
    /// Index of the figure in the cast.
    pub(super) figure: usize,
    /// Name of the foot's node, or `left` and `right` for a figure without feet.
    pub(super) foot: String,
    /// Number of the frame that is shown at this moment.
    pub(super) frame: i32,
    /// Sample of the shot.
    pub(super) sample: u64,
    /// Seconds from the start of the shot, to a millisecond.
    pub(super) seconds: f64,
    /// From which side, -1 to 1.
    pub(super) pan: f64,
    /// Decibels against a step at the distance of the subject.
    pub(super) gain: f64,
}

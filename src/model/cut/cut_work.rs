//! The work of jobs about the cut: blending frames, and writing text.

use super::shot_transition::TransitionKind;
use super::text_export::TextExportKind;
use crate::model::captions::CaptionWork;
use crate::model::frame_rate::PixelSize;
use crate::model::output::HdrTransfer;
use crate::model::retro_treatment::FitMode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Frames of the inputs of a job that it leaves out. Inputs are whole chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FrameTrim {
    /// How many at the beginning.
    pub head: usize,
    /// How many at the end.
    pub tail: usize,
}

impl FrameTrim {
    /// Returns whether no frame is left out.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the frames that are used, if there are `count` of them.
    #[must_use]
    pub fn used<'a, T>(&self, frames: &'a [T], count: usize) -> Option<&'a [T]> {
        let end = frames.len().checked_sub(self.tail)?;
        let used = frames.get(self.head..end)?;
        (used.len() == count).then_some(used)
    }
}

/// Blend the frames of one transition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransitionWork {
    /// What happens. Never a cut.
    pub kind: TransitionKind,
    /// How many of its frames are before the cut.
    pub before: usize,
    /// How many of its frames are behind the cut.
    pub after: usize,
    /// What of the slot `from` is left out. `None`: no shot is left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<FrameTrim>,
    /// What of the slot `into` is left out. `None`: no shot comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub into: Option<FrameTrim>,
    /// How frames are fitted before they are blended. `None`: all have one size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fitting: Option<FrameFitting>,
    /// The screens for which the frames are encoded. `None`: usual ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high_range: Option<HdrTransfer>,
}

impl TransitionWork {
    /// Returns its number of frames.
    #[must_use]
    pub const fn length(&self) -> usize {
        self.before + self.after
    }

    /// Returns how many frames of the shot that is left it shows.
    #[must_use]
    pub const fn from_frames(&self) -> usize {
        match self.kind {
            TransitionKind::Dip { .. } => self.before,
            _ => self.length(),
        }
    }

    /// Returns how many frames of the shot that comes it shows.
    #[must_use]
    pub const fn into_frames(&self) -> usize {
        match self.kind {
            TransitionKind::Dip { .. } => self.after,
            _ => self.length(),
        }
    }
}

/// How frames of different sizes are fitted to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameFitting {
    /// The size that all get.
    pub size: PixelSize,
    /// How a picture of another aspect is fitted.
    pub fit: FitMode,
    /// Whether pixels are averaged by area, as for a retro look.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_area: bool,
}

/// Write a deliverable that is text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TextExportWork {
    /// What it is.
    pub kind: TextExportKind,
    /// The whole text.
    // In the action and not made by the producer: what is written follows from the document alone,
    // so the text is the identity, and any change in the cut that no line shows makes nothing again.
    pub text: Arc<str>,
    /// The captions that the text is made of. `None`: the text is above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub captions: Option<Box<CaptionWork>>,
    /// The frames of a film whose captions are taken from those of the slot `captions.00`. `None`:
    /// the text is made of what is above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<CuePart>,
}

/// Some frames of a film.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CuePart {
    /// The first of them.
    pub start: usize,
    /// How many there are.
    pub length: usize,
}

impl TextExportWork {
    /// Returns the name of its file among the outputs of the job.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}.{}", self.kind.name(), self.kind.extension())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trim_uses_what_is_between() {
        let frames = [1, 2, 3, 4, 5];
        let trim = FrameTrim { head: 1, tail: 2 };
        assert_eq!(trim.used(&frames, 2), Some(&frames[1..3]));
        assert_eq!(trim.used(&frames, 3), None);
        let all = FrameTrim { head: 3, tail: 3 };
        assert_eq!(all.used(&frames, 0), None);
        assert_eq!(FrameTrim::default().used(&frames, 5), Some(&frames[..]));
    }
}

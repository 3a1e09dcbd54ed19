//! Findings while a timeline of another program is read: their places, their codes, and what is
//! left out of it.

use super::exchange_timeline::{ExchangeClip, ExchangeTransition};
use crate::base::{Diagnostic, DiagnosticCode, Diagnostics, FileId, FileSpan};
use crate::model::FrameRate;
use std::collections::BTreeMap;
use std::ops::Range;

/// The file is not of its format, or is damaged.
pub(super) const UNREADABLE: DiagnosticCode = "production::recut::unreadable";
/// The timeline has another rate than the production.
pub(super) const OTHER_RATE: DiagnosticCode = "production::recut::other_rate";
/// A part of the timeline in which nothing is seen.
pub(super) const GAP: DiagnosticCode = "production::recut::gap";
/// A clip is played faster, slower or backwards.
pub(super) const SPEED: DiagnosticCode = "production::recut::speed";
/// What the timeline has and a production has not.
pub(super) const LEFT_OUT: DiagnosticCode = "production::recut::left_out";
/// A transition that a production has not.
pub(super) const OTHER_TRANSITION: DiagnosticCode = "production::recut::other_transition";

/// How many findings of one file are reported.
// A file of another program with one wrong field has it thousands of times.
const MOST_FINDINGS: usize = 50;

/// What a reader reads.
#[derive(Debug, Clone, Copy)]
pub struct ExchangeSource<'a> {
    /// The file.
    pub file: FileId,
    /// Its text.
    pub text: &'a str,
    /// Frames a second of the production.
    pub rate: FrameRate,
    /// The most values that the text may have: `--max-values`.
    pub most_values: usize,
}

/// Returns the finding that a text has more values than it may.
pub(super) fn too_many_values(origin: FileSpan, most: usize) -> Diagnostic {
    let message = format!("the file holds more than {most} values");
    let help = "take out what is not the cut, or raise the limit with `--max-values`";
    Diagnostic::error(UNREADABLE, origin, message).with_help(help)
}

/// The findings of one file.
pub(super) struct ReadingFindings<'a> {
    file: FileId,
    diagnostics: &'a mut Diagnostics,
    reported: usize,
    /// How often something was left out, by what it is, with its first place.
    left_out: BTreeMap<&'static str, LeftOut>,
}

struct LeftOut {
    count: usize,
    first: FileSpan,
}

impl<'a> ReadingFindings<'a> {
    pub(super) fn new(file: FileId, diagnostics: &'a mut Diagnostics) -> Self {
        Self {
            file,
            diagnostics,
            reported: 0,
            left_out: BTreeMap::new(),
        }
    }

    /// Returns the place of these bytes, at most to the end of their line.
    pub(super) fn origin(&self, text: &str, bytes: Range<usize>) -> FileSpan {
        let end = bytes.end.min(text.len()).max(bytes.start);
        // A finding about a whole element would draw thousands of lines.
        let first_line = text
            .get(bytes.start..end)
            .map_or(0, |part| part.find(['\n', '\r']).unwrap_or(part.len()));
        let offset = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        FileSpan::new(
            self.file,
            offset(bytes.start),
            offset(bytes.start + first_line),
        )
    }

    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.reported += 1;
        if self.reported <= MOST_FINDINGS {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Counts something that is not read. `what` is a plural, such as `tracks of sound`.
    pub(super) fn leave_out(&mut self, what: &'static str, origin: FileSpan) {
        // Counted and not reported one by one: a timeline has a marker or a filter on every clip.
        let entry = self.left_out.entry(what).or_insert(LeftOut {
            count: 0,
            first: origin,
        });
        entry.count += 1;
    }

    /// Adds what was left out as one finding, and the number of findings beyond the limit.
    pub(super) fn finish(self) {
        let first = self.left_out.values().map(|each| each.first).min();
        if let Some(origin) = first {
            let parts = self.left_out.iter();
            let parts: Vec<String> = parts
                .map(|(what, each)| format!("{what} ({})", each.count))
                .collect();
            let message = format!("not read from the timeline: {}", parts.join(", "));
            let diagnostic = Diagnostic::info(LEFT_OUT, origin, message);
            let help = "order, trims, lengths and transitions of the pictures come back; the rest \
                        is in the document";
            self.diagnostics
                .push(diagnostic.with_label("the first of them").with_help(help));
        }
        let dropped = self.reported.saturating_sub(MOST_FINDINGS);
        if dropped > 0 {
            let message = format!("{dropped} more problems in this file are not listed");
            let origin = FileSpan::new(self.file, 0, 0);
            self.diagnostics
                .push(Diagnostic::error(UNREADABLE, origin, message));
        }
    }
}

/// Returns the whole frames at `rate` that last as long as `value` frames at `counted` a second.
/// `None`: they are not whole, or no numbers of a film.
#[expect(
    clippy::cast_possible_truncation,
    reason = "what is too large for a film is refused before"
)]
pub(super) fn whole_frames(value: f64, counted: f64, rate: FrameRate) -> Option<i64> {
    let is_same = is_same_rate(counted, rate);
    if !is_rate(counted) {
        return None;
    }
    let frames = if is_same {
        value
    } else {
        value / counted * rate.as_f64()
    };
    let rounded = frames.round();
    // A hundredth of a frame is an error of rounding on the way, and no half frame.
    let is_whole = (frames - rounded).abs() < 0.01 && rounded.abs() < 1e10;
    is_whole.then_some(rounded as i64)
}

/// Returns whether something can be counted so often a second.
pub(super) fn is_rate(counted: f64) -> bool {
    counted.is_finite() && counted > 0.0
}

/// Returns whether a rate that is written as a decimal is this one: 29.97 is 30000/1001.
pub(super) fn is_same_rate(counted: f64, rate: FrameRate) -> bool {
    // Wide enough for rates with two decimals, and narrow enough to keep 23.976 from 24.
    (counted - rate.as_f64()).abs() < 0.005
}

/// Returns the finding that a timeline goes on to frame `end` with black behind its last clip.
/// `None`: it ends with the clip, or with its fade.
// A warning: programs fill a track with black up to the end of the longest one, and few mean it.
pub(super) fn closing_gap(
    clips: &[ExchangeClip],
    transitions: &[ExchangeTransition],
    end: usize,
) -> Option<Diagnostic> {
    let last = clips.last()?;
    // A fade at the end goes on into the black behind it.
    let fades = transitions.iter().filter(|fade| fade.cut == last.end());
    let shown = last.end() + fades.map(|fade| fade.after).max().unwrap_or(0);
    let message = match end.saturating_sub(shown) {
        0 => return None,
        1 => "1 frame behind the last clip shows nothing; the film ends with the clip".to_owned(),
        frames => format!(
            "{frames} frames behind the last clip show nothing; the film ends with the clip"
        ),
    };
    let help = "if black is meant there, write a title without text over black in the document";
    let finding = Diagnostic::warning(GAP, last.place.origin, message);
    Some(finding.with_label("the last clip").with_help(help))
}

/// Returns the finding that nothing is seen in a timeline. `has_sound`: it has tracks of sound.
pub(super) fn no_pictures(origin: FileSpan, has_sound: bool) -> Diagnostic {
    let message = match has_sound {
        true => "the timeline has sound alone, and no pictures",
        false => "the timeline shows no pictures",
    };
    Diagnostic::error(UNREADABLE, origin, message)
        .with_label("no clip of pictures")
        .with_help("export it with its track of pictures, and with the clips switched on")
}

/// Returns the finding that a timeline has another rate than the production.
pub(super) fn other_rate(origin: FileSpan, counted: &str, rate: FrameRate) -> Diagnostic {
    let message =
        format!("the timeline has {counted} frames a second, and the production has {rate}");
    let diagnostic = Diagnostic::error(OTHER_RATE, origin, message);
    let help = format!("conform the timeline to {rate} frames a second in the program it is from");
    diagnostic.with_label("another rate").with_help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILM: FrameRate = FrameRate::from_fps(24);
    const NTSC: FrameRate = FrameRate {
        num: 30_000,
        den: 1001,
    };

    #[test]
    fn frames_of_another_rate_are_whole_or_none() {
        assert_eq!(whole_frames(24.0, 24.0, FILM), Some(24));
        assert_eq!(whole_frames(48_000.0, 48_000.0, FILM), Some(24));
        assert_eq!(whole_frames(30.0, 29.97, NTSC), Some(30));
        assert_eq!(whole_frames(25.0, 25.0, FILM), Some(24));
        assert_eq!(whole_frames(24.0, 25.0, FILM), None);
        for wrong in [f64::NAN, f64::INFINITY, -f64::INFINITY, 1e300] {
            assert_eq!(whole_frames(wrong, 24.0, FILM), None, "{wrong}");
            let is_counted = whole_frames(24.0, wrong, FILM).is_some();
            assert_eq!(is_counted, wrong.is_finite(), "{wrong}");
        }
        assert_eq!(whole_frames(1.0, 0.0, FILM), None);
        assert_eq!(whole_frames(0.0, 1e12, FILM), Some(0));
    }

    #[test]
    fn what_is_left_out_is_one_finding() {
        let mut diagnostics = Diagnostics::default();
        let mut findings = ReadingFindings::new(FileId(0), &mut diagnostics);
        for start in [9, 4] {
            findings.leave_out(
                "tracks of sound",
                FileSpan::new(FileId(0), start, start + 1),
            );
        }
        findings.leave_out("titles", FileSpan::new(FileId(0), 6, 7));
        findings.finish();
        let found = diagnostics.as_slice();
        assert_eq!(found.len(), 1);
        assert!(
            found[0]
                .message
                .ends_with("titles (1), tracks of sound (2)")
        );
        assert_eq!(found[0].origin.start, 6);
    }
}

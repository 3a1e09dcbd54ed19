//! When the lines of one shot are spoken, and how fast.
//!
//! Lines follow each other with the pauses of `story`. In a shot whose length is written, the pause
//! before the first line gives way, then the voices speak faster, at most [`MOST_HURRY`] times,
//! once it is measured that they must. A line that is still too long continues over the cut: no
//! word is ever cut off.

use crate::base::{FileSpan, Spanned};
use crate::model::FrameRate;
use crate::model::sound::{
    LineDelivery, MOST_HURRY, ShotLine, SpeechLengths, SpeechWork, Voice, frames_holding,
    sample_at_frame,
};
use crate::model::value_ranges::WORDS_PER_MINUTE;
use crate::story::fountain::TURN_PAUSE;
use crate::story::shot_coverage::LEAD_SECONDS;

/// How much faster voices are made at a time. Few steps, so that a small change of a shot does not
/// speak its lines again.
const HURRY_STEP: f32 = 0.05;

/// A line before its time is known.
#[derive(Debug, Clone)]
pub(super) struct UnplacedLine {
    pub(super) speaker: Spanned<String>,
    pub(super) character: Option<usize>,
    pub(super) text: Spanned<String>,
    pub(super) delivery: LineDelivery,
    pub(super) voice: Voice,
    pub(super) voice_written: bool,
    pub(super) voice_origin: Option<FileSpan>,
    pub(super) provider_origin: Option<FileSpan>,
    /// Decibels, which the gain of `voice` contains.
    pub(super) gain: f32,
    pub(super) start: LineStart,
    /// Place of a moment that is written.
    pub(super) start_origin: Option<FileSpan>,
}

/// When a line begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum LineStart {
    /// After the line before it, or after the start of the shot, with a pause in seconds. `None`:
    /// the usual one.
    After { pause: Option<f64> },
    /// With the line before it.
    Together,
    /// At this sample of the shot.
    At(u64),
}

/// What the times of lines are found with.
pub(super) struct LineTiming<'a> {
    pub(super) sample_rate: u32,
    pub(super) rate: FrameRate,
    pub(super) lengths: &'a SpeechLengths,
}

impl LineTiming<'_> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "seconds are not negative and limited by the ranges of the document"
    )]
    pub(super) fn samples(&self, seconds: f64) -> u64 {
        (seconds * f64::from(self.sample_rate)).round() as u64
    }

    /// Returns the lines at their voices' own rates, with the usual pauses.
    pub(super) fn usual_lines(&self, planned: Vec<UnplacedLine>) -> Vec<ShotLine> {
        let mut lines: Vec<ShotLine> = planned.iter().map(|line| self.timed(line)).collect();
        self.place(&planned, &mut lines, LEAD_SECONDS);
        lines
    }

    /// Returns the lines of a shot of so many frames. `room_frames` are those from its start in
    /// which they may sound, at least its own.
    pub(super) fn fit_lines(
        &self,
        planned: Vec<UnplacedLine>,
        frames: usize,
        room_frames: usize,
    ) -> Vec<ShotLine> {
        let own = sample_at_frame(frames, self.rate, self.sample_rate);
        let room = sample_at_frame(room_frames.max(frames), self.rate, self.sample_rate);
        let mut lines = self.usual_lines(planned.clone());
        let end = last_end(&lines);
        if end <= room {
            return lines;
        }
        // The pause before the first word gives way as far as needed.
        let lead = self.samples(LEAD_SECONDS);
        let rest = lead.saturating_sub(end - room) as f64 / f64::from(self.sample_rate);
        self.place(&planned, &mut lines, rest);
        if last_end(&lines) <= room {
            return lines;
        }
        let excess: Vec<usize> = lines
            .iter()
            .map(|line| {
                let over = (line.start + line.length).saturating_sub(room);
                frames_holding(over, self.rate, self.sample_rate)
            })
            .collect();
        // From an estimate nothing is decided: the line is spoken as it is first, and spoken again
        // faster if it really is too long.
        let is_measured = lines.iter().all(|line| line.measured);
        let mut hurry = if is_measured { 1.0 } else { MOST_HURRY };
        while hurry < MOST_HURRY && last_end(&lines) > room {
            hurry = (hurry + HURRY_STEP).min(MOST_HURRY);
            lines = self.hurried_lines(&planned, hurry);
        }
        // Whether the words can fit at all is a fact of the fastest voice, however they are spoken
        // now.
        let fastest = self.hurried_lines(&planned, MOST_HURRY);
        for ((line, excess), fastest) in lines.iter_mut().zip(excess).zip(fastest) {
            line.excess_frames = excess;
            let end = fastest.start + fastest.length;
            line.overrun = if end > room { end - own } else { 0 };
        }
        lines
    }

    /// Returns the lines spoken faster, without a pause before the first.
    fn hurried_lines(&self, planned: &[UnplacedLine], hurry: f32) -> Vec<ShotLine> {
        let mut lines: Vec<ShotLine> = planned
            .iter()
            .map(|line| self.hurried(line, hurry))
            .collect();
        self.place(planned, &mut lines, 0.0);
        lines
    }

    /// Sets where each line begins.
    fn place(&self, planned: &[UnplacedLine], lines: &mut [ShotLine], lead: f64) {
        let mut end = 0;
        let mut before = 0;
        for (index, (plan, line)) in planned.iter().zip(lines).enumerate() {
            let usual = if index == 0 { lead } else { TURN_PAUSE };
            line.start = match plan.start {
                LineStart::At(start) => start,
                LineStart::Together if index > 0 => before,
                LineStart::Together => self.samples(lead),
                LineStart::After { pause } => end + self.samples(pause.unwrap_or(usual)),
            };
            before = line.start;
            // A line that is spoken with a longer one ends before it.
            end = end.max(line.start.saturating_add(line.length));
        }
    }

    /// Returns a line at its voice's own rate, at the start of the shot.
    fn timed(&self, plan: &UnplacedLine) -> ShotLine {
        let (samples, measured) = self.length(plan, &plan.voice);
        ShotLine {
            name: String::new(),
            speaker: plan.speaker.clone(),
            character: plan.character,
            text: plan.text.clone(),
            delivery: plan.delivery,
            voice: plan.voice.clone(),
            voice_written: plan.voice_written,
            voice_origin: plan.voice_origin,
            provider_origin: plan.provider_origin,
            gain: plan.gain,
            start: 0,
            start_origin: plan.start_origin,
            length: samples,
            measured,
            hurry: 1.0,
            excess_frames: 0,
            overrun: 0,
        }
    }

    /// Returns a line that is spoken faster.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "rates of voices are limited to 400, and estimates need no last digit"
    )]
    fn hurried(&self, plan: &UnplacedLine, hurry: f32) -> ShotLine {
        let usual = self.timed(plan);
        let rate = (plan.voice.words_per_minute as f32 * hurry).ceil() as u32;
        let voice = Voice {
            words_per_minute: rate.min(WORDS_PER_MINUTE.high),
            ..plan.voice.clone()
        };
        let pace = f64::from(voice.words_per_minute) / f64::from(plan.voice.words_per_minute);
        let (length, measured) = match self.length(plan, &voice) {
            (length, true) => (length, true),
            // What was measured at another rate is a better estimate than the words alone.
            _ => ((usual.length as f64 / pace).ceil() as u64, false),
        };
        ShotLine {
            voice,
            length,
            measured,
            hurry,
            ..usual
        }
    }

    fn length(&self, plan: &UnplacedLine, voice: &Voice) -> (u64, bool) {
        let work = SpeechWork {
            text: plan.text.value.clone(),
            voice: voice.clone(),
            sample_rate: self.sample_rate,
        };
        let length = self.lengths.length(&work);
        (length.samples, length.measured)
    }
}

fn last_end(lines: &[ShotLine]) -> u64 {
    let ends = lines
        .iter()
        .map(|line| line.start.saturating_add(line.length));
    ends.max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sound::scratch_voice;

    fn planned(text: &str, start: LineStart) -> UnplacedLine {
        let spanned = |text: &str| Spanned::new(text.to_owned(), FileSpan::default());
        UnplacedLine {
            speaker: spanned("mara"),
            character: Some(0),
            text: spanned(text),
            delivery: LineDelivery::OnScreen,
            voice: scratch_voice("mara", "en"),
            voice_written: false,
            voice_origin: None,
            provider_origin: None,
            gain: 0.0,
            start,
            start_origin: None,
        }
    }

    const AFTER: LineStart = LineStart::After { pause: None };

    /// Lets each text take so many seconds.
    fn with_lengths(lines: &[(&str, f64)], test: impl FnOnce(&LineTiming<'_>)) {
        let mut lengths = SpeechLengths::default();
        for (text, seconds) in lines {
            let work = SpeechWork {
                text: (*text).to_owned(),
                voice: scratch_voice("mara", "en"),
                sample_rate: 48_000,
            };
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "few seconds"
            )]
            lengths.insert(work.digest(), (seconds * 48_000.0) as u64);
        }
        test(&LineTiming {
            sample_rate: 48_000,
            rate: FrameRate::from_fps(24),
            lengths: &lengths,
        });
    }

    fn starts(lines: &[ShotLine]) -> Vec<f64> {
        lines
            .iter()
            .map(|line| line.start as f64 / 48_000.0)
            .collect()
    }

    #[test]
    fn lines_follow_each_other_with_a_breath_and_dual_ones_begin_together() {
        with_lengths(&[("One.", 1.0), ("Two.", 2.0), ("Three.", 0.5)], |layout| {
            let lines = layout.usual_lines(vec![
                planned("One.", AFTER),
                planned("Two.", LineStart::Together),
                planned("Three.", AFTER),
            ]);
            assert_eq!(starts(&lines), [0.3, 0.3, 2.8]);
            assert!(lines.iter().all(|line| line.measured && line.hurry == 1.0));
        });
    }

    #[test]
    fn the_first_pause_gives_way_before_anybody_speaks_faster() {
        with_lengths(&[("One.", 1.0)], |layout| {
            let lines = layout.fit_lines(vec![planned("One.", AFTER)], 27, 27);
            assert_eq!(starts(&lines), [0.125]);
            assert_eq!(lines[0].hurry, 1.0);
            assert_eq!(lines[0].excess_frames, 0);
        });
    }

    #[test]
    fn a_line_that_is_a_little_too_long_is_spoken_faster() {
        with_lengths(&[("One.", 1.1)], |layout| {
            let lines = layout.fit_lines(vec![planned("One.", AFTER)], 24, 24);
            assert_eq!(lines[0].excess_frames, 3);
            assert!((lines[0].hurry - 1.1).abs() < 0.06, "{}", lines[0].hurry);
            assert!(lines[0].voice.words_per_minute > scratch_voice("mara", "en").words_per_minute);
            assert!(lines[0].start + lines[0].length <= 48_000);
        });
    }

    #[test]
    fn a_line_that_is_far_too_long_goes_on_after_the_shot() {
        with_lengths(&[("One.", 4.0)], |layout| {
            let lines = layout.fit_lines(vec![planned("One.", AFTER)], 24, 24);
            assert_eq!(lines[0].excess_frames, 72);
            assert_eq!(lines[0].hurry, MOST_HURRY);
            // Nothing is cut off.
            assert!(lines[0].length > 3 * 48_000);
            let end = lines[0].start + lines[0].length;
            assert_eq!(lines[0].overrun, end - 48_000);
        });
    }

    #[test]
    fn a_line_with_room_behind_its_shot_is_not_hurried() {
        with_lengths(&[("One.", 4.0)], |layout| {
            let lines = layout.fit_lines(vec![planned("One.", AFTER)], 24, 120);
            assert_eq!(starts(&lines), [0.3]);
            assert_eq!((lines[0].hurry, lines[0].excess_frames), (1.0, 0));
            assert_eq!(lines[0].overrun, 0);
            // Too long for that room too: what continues after the shot is counted from its end.
            let lines = layout.fit_lines(vec![planned("One.", AFTER)], 24, 48);
            assert_eq!(lines[0].hurry, MOST_HURRY);
            let end = lines[0].start + lines[0].length;
            assert_eq!(lines[0].overrun, end - 48_000);
        });
    }

    #[test]
    fn nothing_is_decided_from_an_estimate() {
        with_lengths(&[], |layout| {
            let lines = layout.fit_lines(vec![planned("We leave at dawn, friend.", AFTER)], 24, 24);
            assert_eq!(lines[0].hurry, 1.0);
            assert_eq!(lines[0].voice, scratch_voice("mara", "en"));
            assert!(lines[0].excess_frames > 5);
            // It may fit once it is spoken faster, or certainly not.
            assert!(lines[0].overrun < (lines[0].length - 48_000));
            let lines = layout.fit_lines(vec![planned("We leave at dawn, friend.", AFTER)], 12, 12);
            assert!(lines[0].overrun > 12_000, "{}", lines[0].overrun);
        });
    }

    #[test]
    fn an_unspoken_line_is_estimated_from_its_words() {
        with_lengths(&[], |layout| {
            let lines = layout.usual_lines(vec![planned("We leave at dawn, friend.", AFTER)]);
            assert!(!lines[0].measured);
            assert!((1.0..2.2).contains(&(lines[0].length as f64 / 48_000.0)));
        });
    }
}

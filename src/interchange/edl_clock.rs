//! The times of an edit decision list: which of them leave numbers out, and which are behind
//! midnight.
//!
//! One clock counts the film, and each source has its own. The first `FCM` line says how the film
//! counts, and each of them how the sources behind it do, as CMX 3600 has it. pycmx and the adapter
//! of OpenTimelineIO read the line and do not use it. Some programs count the film anew behind each
//! line, too, so that is tried where the film has holes otherwise.

use super::edl_event::EdlEdit;
use crate::model::FrameRate;
use crate::model::cut::{Timecode, TimecodeCounting};

/// How a list counts, as far as it is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct EdlClock {
    rate: FrameRate,
    /// Whether the film leaves numbers out. `None`: no line says it so far.
    film_drops: Option<bool>,
    /// Whether the sources do.
    sources_drop: bool,
}

/// The first frame of an event and the frame behind its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EdlSpan {
    pub(super) start: u64,
    pub(super) end: u64,
}

impl EdlSpan {
    pub(super) const fn length(self) -> u64 {
        self.end - self.start
    }
}

/// The times of an event.
#[derive(Debug, Clone, Copy)]
pub(super) struct EdlTimes {
    pub(super) source: EdlSpan,
    /// In the film.
    pub(super) film: EdlSpan,
    /// In the film, if it is counted anew behind each `FCM` line.
    pub(super) film_anew: EdlSpan,
}

/// Why an event has no times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EdlTimeFault {
    /// The timecode of this index is none.
    NoTimecode(usize),
    /// The source ends before it begins.
    SourceBackwards,
    /// The event ends before it begins.
    FilmBackwards,
}

impl EdlClock {
    pub(super) const fn new(rate: FrameRate) -> Self {
        Self {
            rate,
            film_drops: None,
            sources_drop: false,
        }
    }

    /// Whether the timecode of the film leaves numbers out.
    pub(super) const fn is_drop_frame(self) -> bool {
        matches!(self.film_drops, Some(true))
    }

    /// Reads what is behind `FCM:`.
    pub(super) fn read_counting(&mut self, counting: &str) {
        let drops = counting.to_uppercase().starts_with("DROP");
        self.film_drops.get_or_insert(drops);
        self.sources_drop = drops;
    }

    /// Returns the times of the four timecodes of an event.
    pub(super) fn read_times(self, codes: &[&str]) -> Result<EdlTimes, EdlTimeFault> {
        let film_drops = self.film_drops.unwrap_or(false);
        let pair = |first: usize, drops: bool| self.read_pair(codes, first, drops);
        // A source that has a number which its clock leaves out is of another clock, and most
        // programs write no line for it.
        let source = pair(0, self.sources_drop).or_else(|fault| match self.sources_drop {
            true => pair(0, false),
            false => Err(fault),
        })?;
        let film = pair(2, film_drops)?;
        // Only tried: numbers that the other clock leaves out say that it is not meant.
        let film_anew = pair(2, self.sources_drop).unwrap_or(film);
        let film = self.span(film).ok_or(EdlTimeFault::FilmBackwards)?;
        Ok(EdlTimes {
            source: self.span(source).ok_or(EdlTimeFault::SourceBackwards)?,
            film,
            film_anew: self.span(film_anew).unwrap_or(film),
        })
    }

    fn read_pair(
        self,
        codes: &[&str],
        first: usize,
        drops: bool,
    ) -> Result<[Timecode; 2], EdlTimeFault> {
        let read = |index: usize| {
            let code = codes
                .get(index)
                .and_then(|code| self.read_timecode(code, drops));
            code.ok_or(EdlTimeFault::NoTimecode(index))
        };
        Ok([read(first)?, read(first + 1)?])
    }

    fn read_timecode(self, code: &str, drops: bool) -> Option<Timecode> {
        // The last one of half a file may be short of a digit.
        if code.len() != "00:00:00:00".len() {
            return None;
        }
        let is_marked = code.contains([';', ',']);
        let (head, frame) = code.rsplit_once([':', '.', ';', ','])?;
        // At 24 frames a second a list of some programs says `DROP FRAME` and drops nothing.
        let is_dropped = is_marked || (drops && self.can_drop());
        let mark = if is_dropped { ';' } else { ':' };
        // The end of the day is no timecode, and some programs write it as the end of a clip.
        if let Some(rest) = head.strip_prefix("24").filter(|_| frame == "00")
            && rest.bytes().all(|byte| b":;,.0".contains(&byte))
        {
            let midnight = Timecode::parse(&format!("00:00:00{mark}00"), self.rate)?;
            let frames = midnight.day_length();
            return Some(Timecode { frames, ..midnight });
        }
        Timecode::parse(&format!("{head}{mark}{frame}"), self.rate)
    }

    /// Whether timecode of the rate can leave numbers out.
    fn can_drop(self) -> bool {
        let code = Timecode::from_frames(0, self.rate).with_dropped_numbers();
        code.counting == TimecodeCounting::Drop
    }

    /// Whether a timecode that is not read is a number that drop frame leaves out.
    pub(super) fn is_left_out(self, code: &str) -> bool {
        self.can_drop()
            && self
                .read_timecode(&code.replace([';', ','], ":"), false)
                .is_some()
    }

    /// Returns the span between two times. What seems to end before it begins goes over midnight,
    /// unless it would last half a day. `None`: it ends before it begins.
    fn span(self, [start, end]: [Timecode; 2]) -> Option<EdlSpan> {
        let day = end.day_length();
        let span = |end: u64| EdlSpan {
            start: start.frames,
            end,
        };
        if end.frames >= start.frames {
            return Some(span(end.frames));
        }
        let over_midnight = span(end.frames + day);
        (over_midnight.length() < day / 2).then_some(over_midnight)
    }

    /// Puts the events of a film in order, with one way to count.
    pub(super) fn sort_edits(self, edits: &mut [EdlEdit]) {
        let anew = |edit: &EdlEdit| edit.times.film_anew;
        let of_film = |edit: &EdlEdit| edit.times.film;
        if uneven_joins(edits, anew) < uneven_joins(edits, of_film) {
            for edit in edits.iter_mut() {
                edit.times.film = edit.times.film_anew;
            }
        }
        let midnight = Timecode {
            counting: match self.is_drop_frame() && self.can_drop() {
                true => TimecodeCounting::Drop,
                false => TimecodeCounting::NonDrop,
            },
            ..Timecode::from_frames(0, self.rate)
        };
        let day = midnight.day_length();
        // A film that is shown over midnight goes on behind it. Its length alone cannot say so: the
        // reels of a film may begin hours apart.
        if edits.iter().any(|edit| edit.times.film.end >= day) {
            for edit in edits.iter_mut() {
                let film = &mut edit.times.film;
                let later = if film.start < day / 2 { day } else { 0 };
                film.start += later;
                film.end += later;
            }
        }
        // A list may be in the order of the sources. Lines of one event stay together.
        edits.sort_by_key(|edit| edit.times.film.start);
    }
}

/// Returns how many events begin where no other ends.
fn uneven_joins(edits: &[EdlEdit], span: impl Fn(&EdlEdit) -> EdlSpan) -> usize {
    let mut spans: Vec<EdlSpan> = edits.iter().map(span).collect();
    spans.sort_by_key(|span| (span.start, span.end));
    let joins = spans.windows(2);
    joins.filter(|pair| pair[0].end != pair[1].start).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILM: FrameRate = FrameRate::from_fps(24);
    const NTSC: FrameRate = FrameRate {
        num: 30_000,
        den: 1001,
    };
    const DAY: u64 = 24 * 3600 * 24;

    fn film(clock: EdlClock, start: &str, end: &str) -> Result<(u64, u64), EdlTimeFault> {
        let times = clock.read_times(&["00:00:00:00", "00:00:00:00", start, end])?;
        Ok((times.film.start, times.film.end))
    }

    #[test]
    fn a_clip_may_go_over_midnight_for_less_than_half_a_day() {
        let clock = EdlClock::new(FILM);
        assert_eq!(
            film(clock, "23:59:59:00", "00:00:00:00"),
            Ok((DAY - 24, DAY))
        );
        assert_eq!(
            film(clock, "23:59:59:00", "24:00:00:00"),
            Ok((DAY - 24, DAY))
        );
        assert_eq!(
            film(clock, "23:59:59:00", "00:00:00:12"),
            Ok((DAY - 24, DAY + 12))
        );
        assert_eq!(
            film(clock, "01:00:01:00", "01:00:00:00"),
            Err(EdlTimeFault::FilmBackwards)
        );
        assert_eq!(
            film(clock, "24:00:01:00", "24:00:02:00"),
            Err(EdlTimeFault::NoTimecode(2))
        );
        let mut clock = EdlClock::new(NTSC);
        clock.read_counting("DROP FRAME");
        // Each minute but every tenth of the 1440 of a day drops two numbers.
        let day = 30 * 86_400 - 2 * (1440 - 144);
        let ends = ["00:00:00:00", "00:00:00;00", "24:00:00;00"];
        for end in ends {
            assert_eq!(film(clock, "23:59:59;00", end), Ok((day - 30, day)));
        }
    }

    #[test]
    fn the_first_line_is_of_the_film_and_each_of_the_sources_behind_it() {
        let mut clock = EdlClock::new(NTSC);
        clock.read_counting("NON-DROP FRAME");
        clock.read_counting("DROP FRAME");
        assert!(!clock.is_drop_frame());
        let codes = ["00:01:00:02", "00:01:01:02", "00:01:00:02", "00:01:01:02"];
        let times = clock.read_times(&codes).unwrap();
        assert_eq!(times.source.start, 1800);
        assert_eq!(times.film.start, 1802);
        assert_eq!(times.film_anew.start, 1800);
        // A number that drop frame leaves out: the source is of another clock than its line.
        let codes = ["00:01:00:00", "00:01:01:00", "00:01:00:00", "00:01:01:00"];
        let times = clock.read_times(&codes).unwrap();
        assert_eq!((times.source.start, times.film.start), (1800, 1800));
        // The film has one clock, so such a number of it is an error.
        let mut clock = EdlClock::new(NTSC);
        clock.read_counting("DROP FRAME");
        assert_eq!(
            clock.read_times(&codes).unwrap_err(),
            EdlTimeFault::NoTimecode(2)
        );
        assert!(clock.is_left_out("00:01:00:00") && !clock.is_left_out("00:01:99:00"));
    }

    #[test]
    fn a_rate_that_drops_nothing_has_the_same_numbers_behind_either_line() {
        let mut clock = EdlClock::new(FILM);
        clock.read_counting("DROP FRAME");
        assert_eq!(film(clock, "00:01:00:00", "00:02:00:00"), Ok((1440, 2880)));
        assert!(!clock.is_left_out("00:01:00:24"));
    }
}

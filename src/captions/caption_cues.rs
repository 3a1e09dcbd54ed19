//! Captions of a film: lines, their speakers, and other sounds, each for as long as it
//! can be read.

use super::caption_words::{CaptionWord, HeardWord, letter_count, plain_text, timed_words};
use super::cue_segments::cue_segments;
use crate::model::FrameRate;
use crate::model::captions::{CaptionProfile, SpeakerForm, sound_text};
use serde::{Deserialize, Serialize};

/// A line of a film, for captions.
#[derive(Debug, Clone, PartialEq)]
pub struct CaptionLine {
    /// What is shown: the line, or its translation.
    pub text: String,
    /// Who says it.
    pub speaker: String,
    /// Whether its first caption names the speaker.
    pub is_named: bool,
    /// Seconds of the film at which it begins.
    pub start: f64,
    /// Seconds of the film at which it ends.
    pub end: f64,
    /// The time of each word. Empty: not known.
    pub words: Vec<HeardWord>,
}

/// A sound that is no speech.
#[derive(Debug, Clone, PartialEq)]
pub struct CaptionSound {
    /// What it is, such as `door slams`.
    pub text: String,
    /// Seconds of the film at which it begins.
    pub start: f64,
}

/// One caption.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaptionCue {
    /// Its first frame.
    pub start: usize,
    /// The frame behind its last.
    pub end: usize,
    /// Its lines.
    pub lines: Vec<String>,
    /// Who speaks. Empty: nobody, or two at once.
    pub speaker: String,
    /// How many of its first lines are sounds, which nobody says.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub sounds: usize,
}

impl CaptionCue {
    /// Returns its lines in two parts: sounds, and spoken words.
    #[must_use]
    pub fn sounds_and_words(&self) -> (&[String], &[String]) {
        self.lines.split_at(self.sounds.min(self.lines.len()))
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
const fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// Captions that could not be made as the profile asks.
#[derive(Debug, Clone, PartialEq)]
pub struct CaptionFlaw {
    /// The first frame of the caption, or that of the sound.
    pub frame: usize,
    /// What is wrong.
    pub kind: CaptionFlawKind,
}

/// What is wrong with a caption.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CaptionFlawKind {
    /// It has so many letters a second.
    TooFast(f64),
    /// It is shown for so many frames.
    TooShort(usize),
    /// A sound has no caption: others are in its place.
    SoundLeftOut,
}

/// The captions of a film and what is wrong with them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FilmCaptions {
    /// The captions, in order, none over another.
    pub cues: Vec<CaptionCue>,
    /// What could not be made as the profile asks, in order.
    pub flaws: Vec<CaptionFlaw>,
}

/// Seconds that a sound without words is named for.
const SOUND_SECONDS: f64 = 2.0;
/// Seconds by which the caption of a sound may be late.
const SOUND_DELAY: f64 = 1.0;
/// How much faster than the profile asks a caption may be before it is a flaw.
const SPEED_TOLERANCE: f64 = 1.02;

/// Returns the captions of a film of `length` frames.
#[must_use]
pub fn film_captions(
    lines: &[CaptionLine],
    sounds: &[CaptionSound],
    profile: &CaptionProfile,
    rate: FrameRate,
    length: usize,
) -> FilmCaptions {
    let layout = CueLayout {
        profile,
        rate: rate.as_f64(),
        length,
    };
    let mut cues = layout.spoken_cues(lines);
    // Here and not before: a word of a line that goes beyond the film may still begin within it.
    cues.retain(|cue| cue.start < length);
    let cues = layout.without_overlaps(cues).into_iter();
    let mut placed: Vec<PlacedCue> = cues.map(PlacedCue::new).collect();
    // Lines have their time first, and sounds take what is left.
    layout.extend_for_reading(&mut placed);
    let mut flaws = Vec::new();
    for sound in sounds {
        layout.add_sound(sound, &mut placed, &mut flaws);
    }
    layout.extend_for_reading(&mut placed);
    // Last, because a caption of a sound may have come into a gap.
    layout.close_gaps(&mut placed);
    let cues: Vec<CaptionCue> = placed.into_iter().map(|placed| placed.cue).collect();
    flaws.extend(cues.iter().filter_map(|cue| layout.flaw(cue)));
    // Sounds were reported before cues, and a reader looks for them along the film.
    flaws.sort_by_key(|flaw| flaw.frame);
    FilmCaptions { cues, flaws }
}

/// A caption, with the frame at which its line or sound has ended.
struct PlacedCue {
    cue: CaptionCue,
    sound_end: usize,
}

impl PlacedCue {
    const fn new(cue: CaptionCue) -> Self {
        Self {
            sound_end: cue.end,
            cue,
        }
    }
}

struct CueLayout<'a> {
    profile: &'a CaptionProfile,
    rate: f64,
    length: usize,
}

impl CueLayout<'_> {
    /// Returns the frame nearest to a time.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "times are within a film, and others become its first frame"
    )]
    fn frame(&self, seconds: f64) -> usize {
        (seconds * self.rate).round().max(0.0) as usize
    }

    fn spoken_cues(&self, lines: &[CaptionLine]) -> Vec<CaptionCue> {
        let mut cues: Vec<CaptionCue> =
            lines.iter().flat_map(|line| self.line_cues(line)).collect();
        // Lines of two people may overlap. The sort is stable, so captions of one frame stay in the
        // order of the document.
        cues.sort_by_key(|cue| cue.start);
        cues
    }

    fn line_cues(&self, line: &CaptionLine) -> Vec<CaptionCue> {
        let most = self.profile.line_letters;
        let mut words = timed_words(&line.text, &line.words, line.start, line.end, most);
        let Some(first) = words.first() else {
            return Vec::new();
        };
        if line.is_named {
            let start = first.start;
            let name = speaker_text(&line.speaker, self.profile.names);
            // The name takes no time: the words begin when they are spoken, and the name is read
            // with them.
            let mut named: Vec<CaptionWord> = timed_words(&name, &[], start, start, most);
            named.append(&mut words);
            words = named;
        }
        let segments = cue_segments(&words, self.profile, self.rate);
        let cues = segments.into_iter().map(|segment| {
            let start = self.frame(segment.start);
            CaptionCue {
                start,
                // A caption without a frame would be dropped by some readers and refused by others.
                end: self.frame(segment.end).max(start + 1),
                lines: segment.lines,
                speaker: plain_text(&line.speaker),
                sounds: 0,
            }
        });
        cues.collect()
    }

    /// Returns captions of which none begins before the one before it has ended. What two people
    /// say at once is one caption, if each says one line.
    fn without_overlaps(&self, cues: Vec<CaptionCue>) -> Vec<CaptionCue> {
        let mut placed: Vec<CaptionCue> = Vec::with_capacity(cues.len());
        for mut cue in cues {
            let Some(last) = placed.last_mut() else {
                placed.push(cue);
                continue;
            };
            // Times are frames here, so captions that touch do not overlap.
            if cue.start >= last.end {
                placed.push(cue);
                continue;
            }
            if let Some(both) = self.dialogue(last, &cue) {
                *last = both;
                continue;
            }
            // The earlier one gives way, down to the shortest time that can be read; what is still
            // in its way begins later.
            let least = last.start + self.profile.shortest;
            last.end = cue.start.max(least).min(last.end);
            cue.start = cue.start.max(last.end + self.profile.gap);
            cue.end = cue.end.max(cue.start + 1);
            placed.push(cue);
        }
        placed
    }

    fn dialogue(&self, one: &CaptionCue, two: &CaptionCue) -> Option<CaptionCue> {
        // A dash is put before each, so a line at the limit would be too long.
        let is_short = |cue: &CaptionCue| {
            let letters = cue.lines.first().map(|line| letter_count(line));
            cue.lines.len() == 1 && letters < Some(self.profile.line_letters)
        };
        // A caption of two speakers has no name, so it never takes a third line.
        let is_dialogue = one.speaker != two.speaker && !one.speaker.is_empty();
        if !is_dialogue || self.profile.lines < 2 || !is_short(one) || !is_short(two) {
            return None;
        }
        Some(CaptionCue {
            start: one.start,
            end: one.end.max(two.end),
            lines: vec![format!("-{}", one.lines[0]), format!("-{}", two.lines[0])],
            speaker: String::new(),
            sounds: 0,
        })
    }

    /// Adds the caption of a sound where nobody speaks, else as a line above the spoken words.
    fn add_sound(
        &self,
        sound: &CaptionSound,
        placed: &mut Vec<PlacedCue>,
        flaws: &mut Vec<CaptionFlaw>,
    ) {
        let begin = self.frame(sound.start);
        let text = sound_text(&plain_text(&sound.text));
        // A sound behind the last frame is not in the film, so its caption is not missing.
        if begin >= self.length {
            return;
        }
        if let Some((index, start, end)) = self.free_place(sound, placed) {
            let cue = CaptionCue {
                start,
                end,
                lines: vec![text],
                speaker: String::new(),
                sounds: 1,
            };
            placed.insert(index, PlacedCue::new(cue));
            return;
        }
        // Later than this, the caption would name a sound long after it began.
        let latest = self.frame(sound.start + SOUND_DELAY);
        let mut cues = placed.iter_mut().map(|placed| &mut placed.cue);
        let during = cues
            .find(|cue| cue.end > begin)
            .filter(|cue| cue.start <= latest && cue.lines.len() < self.profile.lines);
        match during {
            Some(cue) => {
                // Above the words, and below sounds that came before it.
                cue.lines.insert(cue.sounds.min(cue.lines.len()), text);
                cue.sounds += 1;
            }
            None => flaws.push(CaptionFlaw {
                frame: begin,
                kind: CaptionFlawKind::SoundLeftOut,
            }),
        }
    }

    /// Returns where a sound can have a caption of its own, soon after it begins: the index of the
    /// caption, its first frame, and the one behind its last.
    fn free_place(
        &self,
        sound: &CaptionSound,
        placed: &[PlacedCue],
    ) -> Option<(usize, usize, usize)> {
        let begin = self.frame(sound.start);
        let latest = self.frame(sound.start + SOUND_DELAY);
        let gap = self.profile.gap;
        let next = placed.partition_point(|placed| placed.cue.start <= begin);
        let mut start = begin;
        // From the caption before, since it may still be in place when the sound begins.
        for index in next.saturating_sub(1)..=placed.len() {
            // Between this caption and the one behind it.
            let before = index.checked_sub(1).and_then(|index| placed.get(index));
            start = start.max(before.map_or(begin, |before| before.cue.end + gap));
            if start > latest {
                return None;
            }
            let limit = placed
                .get(index)
                .map_or(self.length, |behind| behind.cue.start.saturating_sub(gap));
            if start + self.profile.shortest <= limit {
                // At a low rate, two seconds may be fewer frames than the shortest caption of a
                // profile.
                let usual = start + self.frame(SOUND_SECONDS).max(self.profile.shortest);
                return Some((index, start, usual.min(limit)));
            }
        }
        None
    }

    /// Gives each caption the time to be read, as far as the next one leaves it. None begins
    /// earlier than its line or sound: it would give away what comes, or be over another shot.
    fn extend_for_reading(&self, placed: &mut [PlacedCue]) {
        let profile = self.profile;
        for index in 0..placed.len() {
            let limit = self.next_limit(placed, index);
            let PlacedCue { cue, sound_end } = &mut placed[index];
            // Up to the shortest time at any rate, and longer for reading as far as it may hang.
            let needed = cue.start + self.frames_to_read(cue);
            let wanted = needed.min(*sound_end + profile.hang);
            let wanted = wanted.max(cue.start + profile.shortest).max(*sound_end);
            // The limit of the next caption counts more than the time to read: two captions at once
            // are worse than a fast one, which is reported as a flaw.
            cue.end = wanted.min(limit).min(cue.start + profile.longest);
            cue.end = cue.end.max(cue.start + 1);
        }
    }

    /// Returns the frame at which a caption has to end for the next one.
    fn next_limit(&self, placed: &[PlacedCue], index: usize) -> usize {
        let next = placed.get(index + 1);
        next.map_or(self.length, |next| {
            next.cue.start.saturating_sub(self.profile.gap)
        })
    }

    /// Makes captions last until the next one where the gap between them is short.
    fn close_gaps(&self, placed: &mut [PlacedCue]) {
        let profile = self.profile;
        for index in 0..placed.len().saturating_sub(1) {
            let limit = self.next_limit(placed, index);
            let cue = &mut placed[index].cue;
            let silence = limit.saturating_sub(cue.end) + profile.gap;
            // A gap of a few frames is seen as a flash, so it is closed; a caption must not become
            // too long by it.
            let chained = limit.min(cue.start + profile.longest);
            if silence > profile.gap && silence < profile.chain && chained > cue.end {
                cue.end = chained;
            }
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "captions have a few letters"
    )]
    fn frames_to_read(&self, cue: &CaptionCue) -> usize {
        let seconds = cue_letters(cue) as f64 / self.profile.letters_a_second;
        (seconds * self.rate).ceil() as usize
    }

    fn flaw(&self, cue: &CaptionCue) -> Option<CaptionFlaw> {
        let frames = cue.end - cue.start;
        let speed = cue_letters(cue) as f64 * self.rate / frames as f64;
        // Only one is reported: too fast says how far, and a longer time would mend both.
        let kind = if speed > self.profile.letters_a_second * SPEED_TOLERANCE {
            CaptionFlawKind::TooFast(speed)
        } else if frames < self.profile.shortest {
            CaptionFlawKind::TooShort(frames)
        } else {
            return None;
        };
        Some(CaptionFlaw {
            frame: cue.start,
            kind,
        })
    }
}

fn cue_letters(cue: &CaptionCue) -> usize {
    cue.lines.iter().map(|line| letter_count(line)).sum()
}

/// Returns how a speaker is named before a line.
fn speaker_text(name: &str, form: SpeakerForm) -> String {
    match form {
        SpeakerForm::Brackets => format!("[{name}]"),
        SpeakerForm::Capitals => format!("{}:", name.to_uppercase()),
    }
}

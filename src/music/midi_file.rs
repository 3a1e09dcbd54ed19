//! A score as a MIDI file, with which a composer can go on.

use super::music_grid::TICKS_PER_BEAT;
use super::score::{MusicScore, ScorePart};
use midly::num::{u4, u7, u15, u24, u28};
use midly::{
    Format, Header, MetaMessage, MidiMessage, Smf, Timing, Track, TrackEvent, TrackEventKind,
};

/// Returns the bytes of the MIDI file: a track of tempo, metre, key and markers, and a track for
/// each part.
#[must_use]
pub fn midi_bytes(score: &MusicScore) -> Vec<u8> {
    let mut tracks = vec![conductor_track(score)];
    tracks.extend(score.parts.iter().map(|part| part_track(score, part)));
    file_bytes(tracks)
}

/// Returns the bytes of a MIDI file without notes, for a cue without music.
#[must_use]
pub fn silent_midi_bytes() -> Vec<u8> {
    let end = TrackEvent {
        delta: u28::new(0),
        kind: TrackEventKind::Meta(MetaMessage::EndOfTrack),
    };
    file_bytes(vec![vec![end]])
}

fn file_bytes(tracks: Vec<Track<'_>>) -> Vec<u8> {
    #[expect(clippy::cast_possible_truncation, reason = "960 ticks")]
    let ticks = u15::new(TICKS_PER_BEAT as u16);
    let file = Smf {
        header: Header::new(Format::Parallel, Timing::Metrical(ticks)),
        tracks,
    };
    let mut bytes = Vec::new();
    // Writing to a vector fails only for more than 65,535 tracks.
    match file.write_std(&mut bytes) {
        Ok(()) => bytes,
        Err(_) => Vec::new(),
    }
}

/// Returns whether the bytes are a whole MIDI file.
#[must_use]
pub fn is_midi(bytes: &[u8]) -> bool {
    Smf::parse(bytes).is_ok()
}

/// Returns whether a MIDI file has a note.
#[must_use]
pub fn has_notes(bytes: &[u8]) -> bool {
    let is_note = |event: &TrackEvent<'_>| {
        matches!(
            event.kind,
            TrackEventKind::Midi {
                message: MidiMessage::NoteOn { .. },
                ..
            }
        )
    };
    Smf::parse(bytes).is_ok_and(|file| file.tracks.iter().flatten().any(is_note))
}

/// An event at a tick. Events of one tick keep their order.
struct TimedEvent<'a> {
    tick: u64,
    kind: TrackEventKind<'a>,
}

fn new_track(mut events: Vec<TimedEvent<'_>>, end: u64) -> Track<'_> {
    // A stable sort: at one tick, ends stay before starts and the program before the first note.
    events.sort_by_key(|event| event.tick);
    events.push(TimedEvent {
        tick: end,
        kind: TrackEventKind::Meta(MetaMessage::EndOfTrack),
    });
    let mut before = 0;
    events
        .into_iter()
        .map(|event| {
            let delta = u32::try_from(event.tick.saturating_sub(before)).unwrap_or(u32::MAX);
            before = before.max(event.tick);
            TrackEvent {
                delta: u28::new(delta.min(u28::max_value().as_int())),
                kind: event.kind,
            }
        })
        .collect()
}

fn conductor_track(score: &MusicScore) -> Track<'_> {
    let mut events = vec![
        meta(0, MetaMessage::TrackName(score.mood.as_bytes())),
        meta(
            0,
            MetaMessage::TimeSignature(
                // Over quarters, as 2 is a power of two. The other two are what the standard has:
                // MIDI clocks of a metronome click, and 32nds of a quarter.
                u8::try_from(score.grid.beats_per_bar).unwrap_or(4),
                2,
                24,
                8,
            ),
        ),
        meta(
            0,
            MetaMessage::KeySignature(
                score.key.mode.key_signature(score.key.tonic),
                score.key.mode.is_minor(),
            ),
        ),
    ];
    events.extend(tempo_events(score));
    let markers = score.markers.iter();
    events.extend(
        markers.map(|marker| meta(marker.tick, MetaMessage::Marker(marker.text.as_bytes()))),
    );
    new_track(events, score.grid.end())
}

const fn meta<'a>(tick: u64, message: MetaMessage<'a>) -> TimedEvent<'a> {
    TimedEvent {
        tick,
        kind: TrackEventKind::Meta(message),
    }
}

/// Returns the tempo, which MIDI counts in whole microseconds a beat. It is set anew every eight
/// bars where the rounding would add up, so that hours stay within a millisecond.
fn tempo_events(score: &MusicScore) -> Vec<TimedEvent<'_>> {
    let grid = &score.grid;
    let micros_at = |tick: u64| {
        let samples = u128::from(grid.sample_at_tick(tick));
        samples * 1_000_000 / u128::from(grid.sample_rate.max(1))
    };
    let mut events = Vec::new();
    let mut played: u128 = 0;
    let mut last_tempo = None;
    let mut bar = 0;
    // From the exact time of the end of each stretch, and not from the last tempo: the rounding of
    // one is made good by the next.
    while bar < grid.bars {
        let bars = 8.min(grid.bars - bar);
        let beats = u128::from(bars * grid.beats_per_bar);
        let tick = bar * grid.bar_ticks();
        let target = micros_at(tick + bars * grid.bar_ticks());
        let tempo = (target.saturating_sub(played) + beats / 2) / beats;
        let tempo = u32::try_from(tempo.clamp(1, 0xFF_FFFF)).unwrap_or(500_000);
        if last_tempo != Some(tempo) {
            events.push(meta(tick, MetaMessage::Tempo(u24::new(tempo))));
            last_tempo = Some(tempo);
        }
        played += u128::from(tempo) * beats;
        bar += bars;
    }
    events
}

fn part_track<'a>(score: &'a MusicScore, part: &'a ScorePart) -> Track<'a> {
    let midi = |tick: u64, message: MidiMessage| TimedEvent {
        tick,
        kind: TrackEventKind::Midi {
            channel: u4::new(part.channel),
            message,
        },
    };
    let controller = |tick: u64, number: u8, value: u8| {
        midi(
            tick,
            MidiMessage::Controller {
                controller: u7::new(number),
                value: u7::new(value.min(127)),
            },
        )
    };
    let reverberation = reverberation_send(score);
    let mut events = vec![
        meta(0, MetaMessage::TrackName(part.name.as_bytes())),
        midi(
            0,
            MidiMessage::ProgramChange {
                program: u7::new(part.program),
            },
        ),
        // The usual volume. The balance of parts is a matter of the font, which the reader of the
        // file chooses.
        controller(0, 7, 100),
        controller(0, 10, part.pan),
        controller(0, 91, reverberation),
    ];
    let points = part.expression.iter();
    events.extend(points.map(|point| controller(point.tick, 11, point.value)));
    // Ends come before the notes that begin at the same tick.
    let ends = part.notes.iter().map(|note| {
        midi(
            note.end(),
            MidiMessage::NoteOff {
                key: u7::new(note.pitch),
                vel: u7::new(64),
            },
        )
    });
    events.extend(ends);
    let starts = part.notes.iter().map(|note| {
        midi(
            note.start,
            MidiMessage::NoteOn {
                key: u7::new(note.pitch),
                vel: u7::new(note.velocity),
            },
        )
    });
    events.extend(starts);
    new_track(events, score.grid.end())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "reverberation is 0 to 1"
)]
fn reverberation_send(score: &MusicScore) -> u8 {
    (score.reverberation.clamp(0.0, 1.0) * 127.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sound::MusicWork;
    use crate::music::compose;

    fn sample_work(seconds: u64) -> MusicWork {
        MusicWork {
            mood: "elegant".to_owned(),
            seed: 3,
            sample_rate: 48_000,
            length: seconds * 48_000 + 11,
            sections: Vec::new(),
            own_font: false,
        }
    }

    /// Returns the microseconds of a parsed file, by its tempo.
    fn duration(bytes: &[u8]) -> u64 {
        let file = Smf::parse(bytes).unwrap();
        let mut tick = 0;
        let mut micros = 0;
        let mut tempo = 500_000;
        for event in &file.tracks[0] {
            tick += u64::from(event.delta.as_int());
            micros += u64::from(event.delta.as_int()) * tempo;
            if let TrackEventKind::Meta(MetaMessage::Tempo(next)) = event.kind {
                tempo = u64::from(next.as_int());
            }
        }
        assert!(tick > 0);
        micros / TICKS_PER_BEAT
    }

    #[test]
    fn the_file_is_read_by_others_and_lasts_as_long_as_the_cue() {
        for seconds in [3, 60, 7200] {
            let score = compose(&sample_work(seconds)).unwrap();
            let bytes = midi_bytes(&score);
            let file = Smf::parse(&bytes).unwrap();
            assert_eq!(file.tracks.len(), score.parts.len() + 1);
            let expected = score.grid.length * 1_000_000 / 48_000;
            let difference = duration(&bytes).abs_diff(expected);
            assert!(difference < 1000, "{seconds} s: {difference} us off");
        }
    }

    #[test]
    fn every_note_that_begins_ends_before_the_track() {
        let bytes = midi_bytes(&compose(&sample_work(20)).unwrap());
        for track in &Smf::parse(&bytes).unwrap().tracks {
            let mut sounding = [0_i32; 128];
            for event in track {
                if let TrackEventKind::Midi { message, .. } = event.kind {
                    match message {
                        MidiMessage::NoteOn { key, .. } => sounding[usize::from(key.as_int())] += 1,
                        MidiMessage::NoteOff { key, .. } => {
                            sounding[usize::from(key.as_int())] -= 1;
                        }
                        _ => {}
                    }
                }
                assert!(sounding.iter().all(|count| (0..=1).contains(count)));
            }
            assert_eq!(sounding, [0; 128]);
        }
    }
}

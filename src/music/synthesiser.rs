//! Plays a score: each part by itself, balanced by how loud it is measured to be.
//!
//! The balance of MIDI volumes differs by font and synthesiser: strings are 6 dB over a piano in
//! one and 19 dB in another. So every part is played for a while alone, measured as listeners hear
//! it, and brought to the level that its role has.

use super::music_hall::MusicHall;
use super::score::{MusicScore, PartRole, ScorePart};
use super::sound_font::LoadedFont;
use crate::sound::{LoudnessMeter, SoundBuffer, gain_factor};
use rayon::prelude::*;
use rustysynth_ext::{Synthesizer, SynthesizerError, SynthesizerSettings};

/// Samples of a block of the synthesiser. Notes begin with a block.
// The default of the synthesiser. A smaller one costs more for each sample, a larger one moves
// notes off the beat.
const SYNTH_BLOCK: u64 = 64;
/// Samples that are played before parts are added: a whole number of blocks.
const CHUNK: u64 = 32_768;
/// Seconds of a part that are measured.
const MEASURED_SECONDS: f64 = 8.0;
/// Steps of a measured loudness in a decibel.
// The meter uses the tangent of the system, whose last digit differs between machines. Rounded, the
// gain is the same on all of them.
const STEPS_A_DECIBEL: f64 = 20.0;
/// Decibels by which a part may have more power than loudness.
const DEEP_ALLOWANCE: f64 = 2.0;
/// Loudness of the busiest part of the melody, in LUFS. What other roles have is relative to it.
const MELODY_LUFS: f64 = -20.0;

/// Why a score cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// The synthesiser refuses the sample rate.
    #[error("{0}")]
    Synthesiser(#[from] SynthesizerError),
    /// The meter refuses the sample rate.
    #[error("{0}")]
    Meter(#[from] crate::sound::MeterError),
}

/// Returns the loudness of a role at its busiest, in LUFS.
const fn role_lufs(role: PartRole) -> f64 {
    MELODY_LUFS
        + match role {
            PartRole::Melody => 0.0,
            PartRole::Counterline | PartRole::Figure => -6.0,
            PartRole::Chords => -6.5,
            PartRole::Bass => -4.0,
            PartRole::Drums => -5.0,
            PartRole::Accent => -3.0,
        }
}

/// A score that is being played.
pub struct ScorePlayer {
    parts: Vec<PartPlayer>,
    hall: MusicHall,
    position: u64,
    length: u64,
    fade: u64,
    sample_rate: u32,
}

impl ScorePlayer {
    /// Prepares to play a score, and balances its parts.
    ///
    /// # Errors
    /// Fails if the sample rate is not 16,000 to 192,000.
    pub fn new(score: &MusicScore, font: &LoadedFont) -> Result<Self, PlayError> {
        let parts = score.parts.par_iter().map(|part| {
            let mut player = PartPlayer::new(score, part, font)?;
            // Each part for itself, because the instruments of a font are not equally loud.
            player.gain = balanced_gain(score, part, font)?;
            Ok(player)
        });
        // The fade may be longer than the piece, which then fades from its start.
        let fade_start = score.grid.end() - score.fade_ticks().min(score.grid.end());
        Ok(Self {
            parts: parts.collect::<Result<_, PlayError>>()?,
            hall: MusicHall::new(score.reverberation, score.grid.sample_rate),
            position: 0,
            length: score.grid.length,
            fade: score.grid.length - score.grid.sample_at_tick(fade_start),
            sample_rate: score.grid.sample_rate,
        })
    }

    /// Returns the next block of stereo sound. `None`: the score has ended.
    pub fn next_block(&mut self) -> Option<SoundBuffer> {
        // Parts always play a whole chunk, so that they stay in step. What is beyond the end is
        // left out here.
        let left_over = self.length.saturating_sub(self.position);
        let count = usize::try_from(left_over.min(CHUNK)).unwrap_or(0);
        if count == 0 {
            return None;
        }
        self.parts.par_iter_mut().for_each(PartPlayer::play_chunk);
        let mut left = vec![0.0; count];
        let mut right = vec![0.0; count];
        // In the order of the score, so that the sums are the same with any number of cores.
        for part in self.parts.iter().filter(|part| part.is_audible) {
            add_scaled(&mut left, &part.left, part.gain);
            add_scaled(&mut right, &part.right, part.gain);
        }
        self.hall.add_to(&mut left, &mut right);
        self.fade_end(&mut left, &mut right);
        self.position += count as u64;
        Some(SoundBuffer::stereo(left, right, self.sample_rate))
    }

    /// Fades the last chord with its reverberation, so that the last sample is silent.
    fn fade_end(&self, left: &mut [f32], right: &mut [f32]) {
        let start = self.length - self.fade;
        if self.position + left.len() as u64 <= start {
            return;
        }
        for (index, (left, right)) in left.iter_mut().zip(right).enumerate() {
            let place = self.position + index as u64;
            if place < start {
                continue;
            }
            let part = (place + 1 - start) as f32 / self.fade.max(1) as f32;
            // Equal power: the ear hears a steady fall.
            let factor = libm::cosf(part.min(1.0) * std::f32::consts::FRAC_PI_2).max(0.0);
            *left *= factor;
            *right *= factor;
        }
    }
}

fn add_scaled(to: &mut [f32], from: &[f32], gain: f32) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += from * gain;
    }
}

/// A message to the synthesiser, at a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct PartEvent {
    sample: u64,
    message: PartMessage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum PartMessage {
    // In this order at one sample: what ends makes room for what begins.
    End { pitch: u8 },
    Expression { value: u8 },
    Start { pitch: u8, velocity: u8 },
}

/// Plays one part.
struct PartPlayer {
    synthesiser: Synthesizer,
    channel: i32,
    events: Vec<PartEvent>,
    next: usize,
    position: u64,
    gain: f32,
    left: Vec<f32>,
    right: Vec<f32>,
    is_audible: bool,
    /// Notes that have begun and not ended.
    held_notes: usize,
}

impl PartPlayer {
    fn new(score: &MusicScore, part: &ScorePart, font: &LoadedFont) -> Result<Self, PlayError> {
        Self::with_events(
            score.grid.sample_rate,
            part,
            font,
            part_events(score, part, 0, score.grid.end()),
        )
    }

    fn with_events(
        sample_rate: u32,
        part: &ScorePart,
        font: &LoadedFont,
        events: Vec<PartEvent>,
    ) -> Result<Self, PlayError> {
        let mut settings = SynthesizerSettings::new(i32::try_from(sample_rate).unwrap_or(i32::MAX));
        settings.block_size = usize::try_from(SYNTH_BLOCK).unwrap_or(64);
        // All parts play in one hall, which is ours.
        settings.enable_reverb_and_chorus = false;
        let mut synthesiser = Synthesizer::new(&font.font, &settings)?;
        let channel = i32::from(part.channel);
        synthesiser.process_midi_message(channel, 0xC0, part.program.into(), 0);
        synthesiser.process_midi_message(channel, 0xB0, 10, part.pan.into());
        let count = usize::try_from(CHUNK).unwrap_or(0);
        Ok(Self {
            synthesiser,
            channel,
            events,
            next: 0,
            position: 0,
            gain: 1.0,
            left: vec![0.0; count],
            right: vec![0.0; count],
            is_audible: false,
            held_notes: 0,
        })
    }

    /// Plays [`CHUNK`] samples.
    fn play_chunk(&mut self) {
        let end = self.position + CHUNK;
        // Nothing begins, and what sounded has ended: most parts rest for a while.
        let rests = self
            .events
            .get(self.next)
            .is_none_or(|event| event.sample >= end);
        if rests && !self.is_audible && self.held_notes == 0 {
            self.position = end;
            return;
        }
        let mut done = 0;
        while done < CHUNK {
            while let Some(event) = self.events.get(self.next)
                && event.sample <= self.position + done
            {
                self.send(*event);
                self.next += 1;
            }
            let next = self
                .events
                .get(self.next)
                .map_or(end, |event| event.sample.min(end));
            let until = next - self.position;
            let range = usize::try_from(done).unwrap_or(0)..usize::try_from(until).unwrap_or(0);
            self.synthesiser
                .render(&mut self.left[range.clone()], &mut self.right[range]);
            done = until;
        }
        let is_zero = |samples: &[f32]| samples.iter().all(|sample| *sample == 0.0);
        self.is_audible = !is_zero(&self.left) || !is_zero(&self.right);
        self.position = end;
    }

    fn send(&mut self, event: PartEvent) {
        match event.message {
            PartMessage::End { pitch } => {
                self.synthesiser.note_off(self.channel, pitch.into());
                // The count shows when a part rests, so that silence is not rendered.
                self.held_notes = self.held_notes.saturating_sub(1);
            }
            PartMessage::Expression { value } => {
                self.synthesiser
                    .process_midi_message(self.channel, 0xB0, 11, value.into());
            }
            PartMessage::Start { pitch, velocity } => {
                self.synthesiser
                    .note_on(self.channel, pitch.into(), velocity.into());
                self.held_notes += 1;
            }
        }
    }
}

/// Returns the messages of a part from one tick to another, counted from the first, sorted. Each is
/// at the block of the synthesiser that is nearest.
fn part_events(score: &MusicScore, part: &ScorePart, first: u64, last: u64) -> Vec<PartEvent> {
    let origin = score.grid.sample_at_tick(first);
    let at = |tick: u64| {
        let sample = score.grid.sample_at_tick(tick).saturating_sub(origin);
        (sample + SYNTH_BLOCK / 2) / SYNTH_BLOCK * SYNTH_BLOCK
    };
    let mut events = Vec::new();
    let notes = part
        .notes
        .iter()
        .filter(|note| (first..last).contains(&note.start));
    for note in notes {
        let start = at(note.start);
        events.push(PartEvent {
            sample: start,
            message: PartMessage::Start {
                pitch: note.pitch,
                velocity: note.velocity,
            },
        });
        events.push(PartEvent {
            // A note that ends in the block in which it begins would never sound.
            sample: at(note.end()).max(start + SYNTH_BLOCK),
            message: PartMessage::End { pitch: note.pitch },
        });
    }
    let before = part
        .expression
        .iter()
        .rev()
        .find(|point| point.tick <= first);
    let within = part
        .expression
        .iter()
        .filter(|point| point.tick > first && point.tick < last);
    events.extend(before.into_iter().chain(within).map(|point| PartEvent {
        sample: at(point.tick),
        message: PartMessage::Expression { value: point.value },
    }));
    events.sort_unstable();
    events
}

/// Returns the factor that brings a part to the level of its role: what is measured is where it
/// plays most.
fn balanced_gain(
    score: &MusicScore,
    part: &ScorePart,
    font: &LoadedFont,
) -> Result<f32, PlayError> {
    let grid = &score.grid;
    let window = grid.ticks_of_seconds(MEASURED_SECONDS).min(grid.end());
    let first = busiest_window(part, window);
    let events = part_events(score, part, first, first + window);
    let mut player = PartPlayer::with_events(grid.sample_rate, part, font, events)?;
    let samples = grid.sample_at_tick(first + window) - grid.sample_at_tick(first);
    let mut meter = LoudnessMeter::without_peaks(grid.sample_rate)?;
    let mut power = 0.0;
    let mut samples_played: u64 = 0;
    while player.position < samples {
        player.play_chunk();
        if player.is_audible {
            power += chunk_power(&player.left) + chunk_power(&player.right);
            samples_played += CHUNK;
            let block =
                SoundBuffer::stereo(player.left.clone(), player.right.clone(), grid.sample_rate);
            meter.add_block(&block);
        }
    }
    let measure = meter.measure();
    // A part of a few notes may be too short for the gates.
    let Some(loudness) = measure.integrated.ok().or(measure.ungated) else {
        return Ok(1.0);
    };
    // The meter hears little below 60 Hz, where a bass has its power: without this, a deep bass
    // would take all the room of the mix.
    let level = 10.0 * libm::log10(power / samples_played.max(1) as f64 + 1e-12) - DEEP_ALLOWANCE;
    let loudness = loudness.max(level);
    let loudness = (loudness * STEPS_A_DECIBEL).round() / STEPS_A_DECIBEL;
    let gain = role_lufs(part.role) - loudness + f64::from(part.level);
    #[expect(clippy::cast_possible_truncation, reason = "decibels, in steps")]
    // A font with an instrument that is nearly silent must not become noise.
    let gain = gain.clamp(-40.0, 40.0) as f32;
    Ok(gain_factor(gain))
}

fn chunk_power(samples: &[f32]) -> f64 {
    let squares = samples
        .iter()
        .map(|sample| f64::from(*sample) * f64::from(*sample));
    squares.sum()
}

/// Returns the tick from which a part plays most for `window` ticks: the sum of velocity and
/// length.
fn busiest_window(part: &ScorePart, window: u64) -> u64 {
    let weight = |index: usize| {
        let note = &part.notes[index];
        u128::from(note.length) * u128::from(note.velocity)
    };
    let mut best = part.notes.first().map_or(0, |note| note.start);
    let mut best_sum = 0;
    let mut sum = 0;
    let mut first = 0;
    for (last, note) in part.notes.iter().enumerate() {
        sum += weight(last);
        // One pass: the window moves with both ends, so thousands of notes cost no square of their
        // number.
        while part.notes[first].start + window <= note.start {
            sum -= weight(first);
            first += 1;
        }
        if sum > best_sum {
            best_sum = sum;
            best = part.notes[first].start;
        }
    }
    best
}

#[cfg(test)]
#[path = "synthesiser_tests.rs"]
mod tests;

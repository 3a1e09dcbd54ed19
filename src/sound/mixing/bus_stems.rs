//! The buses of a film: tracks are added up, and music gives way to speech.

use super::film_mix::{FilmMix, MixError};
use super::placed_track::PlacedTrack;
use super::stem_file::{StemFile, block_length, block_starts};
use crate::model::sound::MixBus;
use crate::sound::{DuckingGain, LoudnessMeasure, LoudnessMeter, SoundBuffer, SpeechFinder};
use rayon::prelude::*;

/// The stems of a film before its gain.
#[derive(Debug)]
pub(super) struct BusStems {
    /// In the order of [`MixBus::ALL`].
    stems: [StemFile; 3],
    ducking: DuckingGain,
    /// What was measured of dialogue.
    pub(super) dialogue: LoudnessMeasure,
}

/// One block of each stem, in the order of [`MixBus::ALL`].
pub(super) type StemBlocks = [SoundBuffer; 3];

/// What is measured of the bus of dialogue while it is made.
struct DialogueWatch {
    finder: SpeechFinder,
    meter: LoudnessMeter,
}

impl BusStems {
    /// Adds up the tracks of each bus, and leaves a file for each in the scratch folder.
    pub(super) fn render(mix: &mut FilmMix<'_>) -> Result<Self, MixError> {
        let mut by_bus = MixBus::ALL.map(|_| Vec::new());
        for (bus, track) in mix.tracks.drain(..) {
            by_bus[bus as usize].push(track);
        }
        let mix = &*mix;
        let mut watch = DialogueWatch {
            finder: SpeechFinder::new(mix.sample_rate),
            meter: LoudnessMeter::without_peaks(mix.sample_rate)?,
        };
        let [dialogue, music, effects] = by_bus;
        let (dialogue, others) = rayon::join(
            || {
                render_bus(mix, MixBus::Dialogue, dialogue, |block| {
                    watch.add_block(block);
                })
            },
            || {
                let others = [(MixBus::Music, music), (MixBus::Effects, effects)];
                let stems: Result<Vec<StemFile>, MixError> = others
                    .into_par_iter()
                    .map(|(bus, tracks)| render_bus(mix, bus, tracks, |_| ()))
                    .collect();
                stems
            },
        );
        let mut others = others?.into_iter();
        let silent = || StemFile::silent(mix.length, mix.sample_rate);
        let mut next = || others.next().unwrap_or_else(silent);
        let places = watch.finder.find_places();
        Ok(Self {
            stems: [dialogue?, next(), next()],
            ducking: DuckingGain::new(&mix.ducking, places, mix.sample_rate),
            dialogue: watch.meter.measure(),
        })
    }

    /// Goes back to the start of the film.
    pub(super) fn rewind(&mut self) -> Result<(), MixError> {
        let mut stems = self.stems.iter_mut();
        stems
            .try_for_each(StemFile::rewind)
            .map_err(MixError::scratch)
    }

    /// Reads the next block of each stem, which begins at sample `first`.
    pub(super) fn read_blocks(&mut self, first: u64) -> Result<StemBlocks, MixError> {
        let [dialogue, music, effects] = &mut self.stems;
        let is_music_silent = music.is_silent();
        let read = |stem: &mut StemFile| stem.read_block(first).map_err(MixError::scratch);
        let mut blocks = [read(dialogue)?, read(music)?, read(effects)?];
        if !is_music_silent {
            self.ducking.apply(first, &mut blocks[1]);
        }
        Ok(blocks)
    }
}

impl DialogueWatch {
    fn add_block(&mut self, block: &SoundBuffer) {
        self.finder.add_block(block);
        self.meter.add_block(block);
    }
}

/// Adds up the tracks of one bus.
fn render_bus(
    mix: &FilmMix<'_>,
    bus: MixBus,
    mut tracks: Vec<PlacedTrack>,
    mut watch: impl FnMut(&SoundBuffer),
) -> Result<StemFile, MixError> {
    if tracks.is_empty() {
        return Ok(StemFile::silent(mix.length, mix.sample_rate));
    }
    let path = mix.folder.join(format!(".{}.stem", bus.name()));
    let mut stem =
        StemFile::create(&path, mix.length, mix.sample_rate).map_err(MixError::scratch)?;
    // A film has thousands of lines and of effects, of which few are heard at a time. A stable
    // sort, because sums of floats depend on their order.
    tracks.sort_by_key(|track| track.span().start);
    let mut waiting = tracks.into_iter().peekable();
    let mut active: Vec<PlacedTrack> = Vec::new();
    for first in block_starts(mix.length) {
        mix.stop_if_halting()?;
        let length = block_length(mix.length, first);
        let end = first + length as u64;
        while let Some(track) = waiting.next_if(|track| track.span().start < end) {
            active.push(track);
        }
        let mut block = SoundBuffer::silence(2, length, mix.sample_rate);
        for track in &mut active {
            track.add_to(first, &mut block)?;
        }
        active.retain(|track| track.span().end > end);
        watch(&block);
        stem.write_block(&block).map_err(MixError::scratch)?;
    }
    // Its name is not needed any more: the open file is.
    std::fs::remove_file(&path).map_err(MixError::scratch)?;
    Ok(stem)
}

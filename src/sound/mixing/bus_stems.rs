//! The buses of a film: tracks are added up, music gives way to speech, and the sum is measured.

use super::film_mix::{FilmMix, MixError};
use super::placed_track::PlacedTrack;
use super::stem_file::{StemFile, block_length, block_starts};
use crate::model::sound::{MixBus, MixFile};
use crate::sound::true_peak::PeakMeter;
use crate::sound::{
    DuckingGain, LoudnessMeasure, LoudnessMeter, SoundBuffer, SpeechFinder, StepEnergies,
};
use std::iter::Peekable;
use std::ops::Range;
use std::path::PathBuf;
use std::vec::IntoIter;

/// The stems of a film before its gain, with music lowered under speech.
#[derive(Debug)]
pub(super) struct BusStems {
    /// In the order of [`MixBus::ALL`].
    stems: [StemFile; 3],
    /// What was measured of dialogue.
    pub(super) dialogue: LoudnessMeasure,
    /// What was measured of the sum.
    pub(super) sum: SumMeasures,
    pub(super) peaks: StemPeaks,
}

/// The largest sample of each stem before its gain.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct StemPeaks {
    dialogue: f32,
    music: f32,
    effects: f32,
    music_and_effects: f32,
}

impl StemPeaks {
    fn raise(&mut self, blocks: &StemBlocks) {
        let [dialogue, music, effects] = &blocks.buses;
        self.dialogue = self.dialogue.max(dialogue.peak());
        self.music = self.music.max(music.peak());
        self.effects = self.effects.max(effects.peak());
        let both = blocks.music_and_effects.peak();
        self.music_and_effects = self.music_and_effects.max(both);
    }

    /// Returns the largest sample of a stem.
    pub(super) const fn peak_of(&self, stem: MixFile) -> f32 {
        match stem {
            MixFile::Dialogue => self.dialogue,
            MixFile::Music => self.music,
            MixFile::Effects => self.effects,
            MixFile::MusicAndEffects | MixFile::Mix => self.music_and_effects,
        }
    }
}

/// What was measured of the sum of all stems before its gain.
#[derive(Debug)]
pub(super) struct SumMeasures {
    pub(super) energies: StepEnergies,
    /// In dBTP.
    pub(super) peak: f64,
}

/// One block of each stem, and their sums.
pub(super) struct StemBlocks {
    /// In the order of [`MixBus::ALL`].
    pub(super) buses: [SoundBuffer; 3],
    pub(super) music_and_effects: SoundBuffer,
    pub(super) sum: SoundBuffer,
}

impl StemBlocks {
    pub(super) fn new(mix: &FilmMix<'_>) -> Self {
        let empty = || SoundBuffer::silence(2, 0, mix.sample_rate);
        Self {
            buses: [(); 3].map(|()| empty()),
            music_and_effects: empty(),
            sum: empty(),
        }
    }

    /// Multiplies the samples of each bus.
    pub(super) fn scale_buses(&mut self, factor: f32) {
        self.buses.iter_mut().for_each(|bus| bus.scale(factor));
    }

    /// Computes the sums.
    pub(super) fn add_up(&mut self) {
        let [dialogue, music, effects] = &self.buses;
        set_sum(&mut self.music_and_effects, music, effects);
        set_sum(&mut self.sum, dialogue, &self.music_and_effects);
    }
}

impl BusStems {
    /// Adds up the tracks of each bus, and leaves a file for each in the scratch folder. Measures
    /// dialogue, and the sum of all.
    pub(super) fn render(mix: &mut FilmMix<'_>) -> Result<Self, MixError> {
        let mut by_bus = MixBus::ALL.map(|_| Vec::new());
        // Tracks stay in the order of the document within their bus: sums of floats depend on it.
        for (bus, track) in mix.tracks.drain(..) {
            by_bus[bus as usize].push(track);
        }
        let mix = &*mix;
        let [dialogue, music, effects] = by_bus;
        let DialogueStem {
            stem: mut dialogue,
            speech,
            loudness,
        } = DialogueStem::render(mix, dialogue)?;
        let ducking = DuckingGain::new(&mix.ducking, speech, mix.sample_rate);
        let mut music = BusRenderer::new(mix, MixBus::Music, music)?;
        let mut effects = BusRenderer::new(mix, MixBus::Effects, effects)?;
        let mut sum = SumMeter::new(mix)?;
        let mut blocks = StemBlocks::new(mix);
        let mut peaks = StemPeaks::default();
        for first in block_starts(mix.length) {
            mix.stop_if_halting()?;
            // Music and effects do not depend on each other, and dialogue is rendered already.
            let (lowered, rendered) = rayon::join(
                || {
                    music.render_block(first)?;
                    ducking.apply(first, &mut music.block);
                    music.store_block()
                },
                || {
                    effects.render_block(first)?;
                    effects.store_block()
                },
            );
            lowered?;
            rendered?;
            let [dialogue_block, music_block, effects_block] = &mut blocks.buses;
            dialogue
                .read_block(first, dialogue_block)
                .map_err(MixError::scratch)?;
            // Swapped and not copied: a renderer fills its block anew.
            std::mem::swap(music_block, &mut music.block);
            std::mem::swap(effects_block, &mut effects.block);
            blocks.add_up();
            peaks.raise(&blocks);
            sum.measure_block(&blocks.sum);
        }
        Ok(Self {
            stems: [dialogue, music.finish()?, effects.finish()?],
            dialogue: loudness,
            sum: sum.finish(),
            peaks,
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
    pub(super) fn read_blocks(
        &mut self,
        first: u64,
        blocks: &mut StemBlocks,
    ) -> Result<(), MixError> {
        for (stem, block) in self.stems.iter_mut().zip(&mut blocks.buses) {
            stem.read_block(first, block).map_err(MixError::scratch)?;
        }
        Ok(())
    }
}

/// The bus of dialogue.
// Rendered in full before the first block of music, because music is lowered already before the
// speech that follows.
struct DialogueStem {
    stem: StemFile,
    /// Where somebody speaks, in samples of the film.
    speech: Vec<Range<u64>>,
    loudness: LoudnessMeasure,
}

impl DialogueStem {
    fn render(mix: &FilmMix<'_>, tracks: Vec<PlacedTrack>) -> Result<Self, MixError> {
        let mut bus = BusRenderer::new(mix, MixBus::Dialogue, tracks)?;
        let mut finder = SpeechFinder::new(mix.sample_rate);
        let mut meter = LoudnessMeter::without_peaks(mix.sample_rate)?;
        for first in block_starts(mix.length) {
            mix.stop_if_halting()?;
            bus.render_block(first)?;
            let rendered = rayon::join(
                || {
                    finder.add_block(&bus.block);
                    meter.add_block(&bus.block);
                },
                || bus.stem.write_block(&bus.block),
            );
            rendered.1.map_err(MixError::scratch)?;
        }
        Ok(Self {
            stem: bus.finish()?,
            speech: finder.find_places(),
            loudness: meter.measure(),
        })
    }
}

/// Adds up the tracks of one bus, block by block.
struct BusRenderer<'a> {
    mix: &'a FilmMix<'a>,
    /// Tracks that have not begun yet, in the order in which they begin.
    waiting: Peekable<IntoIter<PlacedTrack>>,
    active: Vec<PlacedTrack>,
    stem: StemFile,
    /// `None`: the bus is silent, and there is no file.
    path: Option<PathBuf>,
    /// The last block.
    block: SoundBuffer,
}

impl<'a> BusRenderer<'a> {
    fn new(
        mix: &'a FilmMix<'a>,
        bus: MixBus,
        mut tracks: Vec<PlacedTrack>,
    ) -> Result<Self, MixError> {
        let path = mix.folder.join(format!(".{}.stem", bus.name()));
        // A bus without tracks is silence, which needs no file.
        let path = (!tracks.is_empty()).then_some(path);
        let stem = match &path {
            Some(path) => StemFile::create(path, mix.length),
            None => Ok(StemFile::silent(mix.length)),
        };
        // A film has thousands of lines and of effects, of which few play at a time. A stable
        // sort, because sums of floats depend on their order.
        tracks.sort_by_key(|track| track.span().start);
        Ok(Self {
            mix,
            waiting: tracks.into_iter().peekable(),
            active: Vec::new(),
            stem: stem.map_err(MixError::scratch)?,
            path,
            block: SoundBuffer::silence(2, 0, mix.sample_rate),
        })
    }

    /// Adds up the block that begins at sample `first`.
    fn render_block(&mut self, first: u64) -> Result<(), MixError> {
        let length = block_length(self.mix.length, first);
        let end = first + length as u64;
        // They are sorted by their start, so only the next one can begin in this block.
        while let Some(track) = self.waiting.next_if(|track| track.span().start < end) {
            self.active.push(track);
        }
        self.block.set_length(length);
        self.block
            .channels_mut()
            .for_each(|channel| channel.fill(0.0));
        for track in &mut self.active {
            track.add_to(first, &mut self.block)?;
        }
        // What is over is dropped with its open file.
        self.active.retain(|track| track.span().end > end);
        Ok(())
    }

    /// Appends the block to the stem.
    fn store_block(&mut self) -> Result<(), MixError> {
        self.stem
            .write_block(&self.block)
            .map_err(MixError::scratch)
    }

    /// Returns the stem, ready to be read.
    fn finish(mut self) -> Result<StemFile, MixError> {
        if let Some(path) = &self.path {
            // Its name is not needed any more: the open file is.
            std::fs::remove_file(path).map_err(MixError::scratch)?;
        }
        self.stem.rewind().map_err(MixError::scratch)?;
        Ok(self.stem)
    }
}

/// Measures the sum of all stems.
struct SumMeter {
    meter: LoudnessMeter,
    peaks: PeakMeter,
}

impl SumMeter {
    fn new(mix: &FilmMix<'_>) -> Result<Self, MixError> {
        Ok(Self {
            meter: LoudnessMeter::without_peaks(mix.sample_rate)?,
            peaks: PeakMeter::new(),
        })
    }

    fn measure_block(&mut self, sum: &SoundBuffer) {
        let Self { meter, peaks } = self;
        rayon::join(|| meter.add_block(sum), || peaks.add_block(sum));
    }

    fn finish(self) -> SumMeasures {
        let peak = f64::from(self.peaks.largest_peak());
        SumMeasures {
            energies: self.meter.finish().1,
            // Silence has no peak in decibels. This one is below any.
            peak: 20.0 * libm::log10(peak.max(1e-9)),
        }
    }
}

/// Sets a block to the sum of two others of one length.
fn set_sum(sum: &mut SoundBuffer, first: &SoundBuffer, second: &SoundBuffer) {
    sum.set_length(first.length());
    let channels = first.channels().iter().zip(second.channels());
    for (sum, (first, second)) in sum.channels_mut().zip(channels) {
        for (sum, (first, second)) in sum.iter_mut().zip(first.iter().zip(second)) {
            *sum = first + second;
        }
    }
}

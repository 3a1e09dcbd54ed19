//! Mixing and metering: three stereo buses of ten minutes.

use production::base::seeded_random::SeededRandom;
use production::model::sound::{DuckingCurve, LoudnessTarget, MixBus, RoomKind};
use production::sound::{
    FilmMix, PlacedTrack, SoundBuffer, TrackPlacement, TrackTreatment, WavFormat, WavSink,
    WavStream,
};
use std::path::Path;

const RATE: u32 = 48_000;
const BUSES: [MixBus; 3] = [MixBus::Dialogue, MixBus::Music, MixBus::Effects];

/// Writes the buses of a film of `seconds` as WAV files of 24 bits: speech with pauses, music, and
/// effects.
pub(crate) fn write_buses(folder: &Path, seconds: usize) {
    for bus in BUSES {
        let path = folder.join(bus.name()).with_extension("wav");
        let length = seconds as u64 * u64::from(RATE);
        let mut sink = WavSink::create(&path, RATE, length, WavFormat::Pcm24).unwrap();
        let mut random = SeededRandom::for_part(24, bus.name());
        let mut low = [0.0_f32; 2];
        for second in 0..seconds {
            let level = match bus {
                MixBus::Dialogue if second % 7 < 4 => 0.25,
                MixBus::Dialogue => 0.0,
                MixBus::Music => 0.12,
                MixBus::Effects => 0.05,
            };
            let mut block = SoundBuffer::silence(2, RATE as usize, RATE);
            for (channel, low) in block.channels_mut().zip(&mut low) {
                for sample in channel {
                    *low += (random.next_signed() - *low) * 0.1;
                    *sample = *low * level;
                }
            }
            sink.write_block(&block).unwrap();
        }
        sink.finish().unwrap();
    }
}

/// Mixes the buses, with music lowered under speech, at `lufs`, and measures all that a report
/// shows.
pub(crate) fn mix(folder: &Path, lufs: f32) {
    let mut length = 0;
    let tracks = BUSES.map(|bus| {
        let path = folder.join(bus.name()).with_extension("wav");
        length = WavStream::open(&path).unwrap().length();
        let placement = TrackPlacement {
            start: 0,
            skip: 0,
            length: None,
            repeat: false,
            gain: 0.0,
            pan: 0.0,
            fade_in: 0,
            fade_out: 0,
        };
        let treatment = TrackTreatment {
            room: RoomKind::Dry,
            muffled: false,
        };
        let track = PlacedTrack::new(&path, placement, treatment, RATE).unwrap();
        (bus, track)
    });
    let out = folder.join("mixed");
    std::fs::create_dir_all(&out).unwrap();
    let mix = FilmMix {
        sample_rate: RATE,
        length,
        tracks: tracks.into(),
        ducking: DuckingCurve::default(),
        target: LoudnessTarget {
            lufs,
            ..LoudnessTarget::default()
        },
        retro: None,
        folder: &out,
        is_halting: &|| false,
    };
    let facts = mix.mix().unwrap();
    println!("{:.1} LUFS", facts.integrated.unwrap());
    println!("{:.1} dB", facts.limited);
}

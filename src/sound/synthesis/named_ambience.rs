//! The table of ambiences: what fills the bed under each name, and how loud it is.

use super::sound_bed::SoundBed;
use super::{ambience_places, ambience_weather, sound_level};
use crate::base::seeded_random::SeededRandom;
use crate::sound::SoundBuffer;

/// One ambience of the table.
struct NamedAmbience {
    name: &'static str,
    /// Its integrated loudness in LUFS, against dialogue at -23.
    loudness: f64,
    fill: fn(&mut SoundBed),
}

const fn ambience(name: &'static str, loudness: f64, fill: fn(&mut SoundBed)) -> NamedAmbience {
    NamedAmbience {
        name,
        loudness,
        fill,
    }
}

/// All ambiences. Weather is 13 to 17 LU below dialogue, quiet places 19 to 27.
const AMBIENCES: [NamedAmbience; 12] = [
    ambience("sea", -37.0, ambience_weather::fill_sea),
    ambience("harbour", -40.0, ambience_weather::fill_harbour),
    ambience("wind", -38.0, ambience_weather::fill_wind),
    ambience("rain", -36.0, ambience_weather::fill_rain),
    ambience("room_tone", -50.0, ambience_places::fill_room_tone),
    ambience("street", -39.0, ambience_places::fill_street),
    ambience("forest", -42.0, ambience_weather::fill_forest),
    ambience("office", -45.0, ambience_places::fill_office),
    ambience("space", -42.0, ambience_places::fill_space),
    ambience("workshop", -44.0, ambience_places::fill_workshop),
    ambience("night", -44.0, ambience_weather::fill_night),
    ambience("crowd", -38.0, ambience_places::fill_crowd),
];

/// Returns an ambience in two channels of exactly `length` samples, whose end continues into its
/// start, at its usual level. `None`: no ambience has this name, or the rate is 0.
#[must_use]
pub fn synthesise_ambience(
    name: &str,
    seed: u64,
    sample_rate: u32,
    length: usize,
) -> Option<SoundBuffer> {
    let ambience = AMBIENCES.iter().find(|ambience| ambience.name == name)?;
    if sample_rate == 0 {
        return None;
    }
    // Two ambiences of one seed have nothing in common.
    let seed = SeededRandom::for_part(seed, name).next_u64();
    let mut bed = SoundBed::new(length, sample_rate, seed);
    (ambience.fill)(&mut bed);
    let mut sound = bed.into_sound();
    sound_level::set_integrated_loudness(&mut sound, ambience.loudness);
    Some(sound)
}

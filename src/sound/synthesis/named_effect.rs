//! The table of effects: what is sketched under each name, how long it is, and how loud.

use super::sound_sketch::{SoundSketch, sample_index};
use super::{doors, footsteps, impacts, sound_level};
use crate::base::seeded_random::SeededRandom;
use crate::model::sound::StepSurface;
use crate::sound::SoundBuffer;

/// One effect of the table.
struct NamedEffect {
    name: &'static str,
    /// Its length.
    seconds: f64,
    /// Its loudest momentary loudness in LUFS, against dialogue at -23.
    loudness: f64,
    sketch: fn(&mut SoundSketch),
}

const fn effect(
    name: &'static str,
    seconds: f64,
    loudness: f64,
    sketch: fn(&mut SoundSketch),
) -> NamedEffect {
    NamedEffect {
        name,
        seconds,
        loudness,
        sketch,
    }
}

/// All effects. Levels are those of a film's effects at the distance of its subject: steps are
/// softer than speech, a slam is louder than speech.
const EFFECTS: [NamedEffect; 24] = [
    effect("footsteps", 0.95, -45.0, |sketch| {
        footsteps::sketch_step(sketch, StepSurface::Stone, 0.0);
        let next = sketch.between(0.48, 0.54);
        footsteps::sketch_step(sketch, StepSurface::Stone, next);
    }),
    effect("footstep_wood", 0.4, -44.0, |sketch| {
        footsteps::sketch_step(sketch, StepSurface::Wood, 0.0);
    }),
    effect("footstep_stone", 0.35, -46.0, |sketch| {
        footsteps::sketch_step(sketch, StepSurface::Stone, 0.0);
    }),
    effect("footstep_earth", 0.4, -45.0, |sketch| {
        footsteps::sketch_step(sketch, StepSurface::Earth, 0.0);
    }),
    effect("footstep_water", 0.6, -42.0, |sketch| {
        footsteps::sketch_step(sketch, StepSurface::Water, 0.0);
    }),
    effect("footstep_metal", 0.7, -43.0, |sketch| {
        footsteps::sketch_step(sketch, StepSurface::Metal, 0.0);
    }),
    effect("footstep_carpet", 0.35, -50.0, |sketch| {
        footsteps::sketch_step(sketch, StepSurface::Carpet, 0.0);
    }),
    effect("door_open", 1.4, -36.0, doors::sketch_door_open),
    effect("door_close", 0.9, -31.0, doors::sketch_door_close),
    effect("door_slam", 0.8, -22.0, doors::sketch_door_slam),
    effect("knock", 0.75, -32.0, doors::sketch_knock),
    effect("cloth", 0.7, -44.0, impacts::sketch_cloth),
    effect("impact", 1.1, -21.0, impacts::sketch_impact),
    effect("thud", 0.45, -30.0, impacts::sketch_thud),
    effect("splash", 1.5, -27.0, impacts::sketch_splash),
    effect("bell", 5.0, -27.0, impacts::sketch_bell),
    effect("click", 0.08, -50.0, doors::sketch_click),
    effect("whoosh", 0.8, -31.0, impacts::sketch_whoosh),
    effect("glass", 1.5, -28.0, impacts::sketch_glass),
    effect("paper", 0.65, -41.0, impacts::sketch_paper),
    effect("switch", 0.15, -46.0, doors::sketch_switch),
    effect("creak", 1.4, -36.0, doors::sketch_creak),
    effect("wind_gust", 3.5, -32.0, impacts::sketch_wind_gust),
    effect("sting", 2.6, -26.0, impacts::sketch_sting),
];

/// Returns an effect in one channel, at its usual level. `None`: no effect has this name, or the
/// rate is 0.
#[must_use]
pub fn synthesise_effect(name: &str, seed: u64, sample_rate: u32) -> Option<SoundBuffer> {
    let effect = EFFECTS.iter().find(|effect| effect.name == name)?;
    if sample_rate == 0 {
        return None;
    }
    // By name, so that a new effect in the table changes the sound of no other.
    let random = SeededRandom::for_part(seed, name);
    let mut sketch = SoundSketch::new(effect.seconds, sample_rate, random);
    (effect.sketch)(&mut sketch);
    let mut samples = sketch.into_samples();
    sound_level::remove_offset(&mut samples, sample_rate);
    sound_level::fade_out(&mut samples, sample_index(0.03, sample_rate));
    let mut sound = SoundBuffer::mono(samples, sample_rate);
    // Last: offset and fade change how loud it is.
    sound_level::set_momentary_loudness(&mut sound, effect.loudness);
    Some(sound)
}

//! The range of each number of a production.
//!
//! `resolve` refuses what is outside, and the JSON Schema shows the same ends to editors. One place
//! for both, so that they cannot disagree. Which field uses which range is decided elsewhere.

/// The smallest and largest value allowed, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValueRange<N> {
    /// The smallest value allowed.
    pub low: N,
    /// The largest value allowed.
    pub high: N,
}

impl<N: PartialOrd + Copy> ValueRange<N> {
    /// Returns the range from `low` to `high`.
    #[must_use]
    pub const fn new(low: N, high: N) -> Self {
        Self { low, high }
    }

    /// Returns whether the value is in the range. NaN is in none.
    #[must_use]
    pub fn contains(&self, value: N) -> bool {
        self.low <= value && value <= self.high
    }
}

impl ValueRange<f32> {
    /// Returns the smallest value as the decimal that people write: `0.2` and not the nearest
    /// single-precision number.
    #[must_use]
    pub fn lowest(&self) -> f64 {
        shortest_decimal(self.low)
    }

    /// Returns the largest value as the decimal that people write.
    #[must_use]
    pub fn highest(&self) -> f64 {
        shortest_decimal(self.high)
    }
}

fn shortest_decimal(number: f32) -> f64 {
    // The shortest decimal that reads back as this `f32`. A conversion to `f64` would print 0.2 as
    // 0.20000000298023224.
    number
        .to_string()
        .parse()
        .unwrap_or_else(|_| f64::from(number))
}

/// Size of text in percent of the height of a picture.
pub const TEXT_SIZE: ValueRange<f32> = ValueRange::new(1.0, 50.0);
/// Space between letters in percent of their size.
pub const TRACKING: ValueRange<f32> = ValueRange::new(-10.0, 100.0);
/// Pixels a metre of sprites.
pub const SPRITE_SCALE: ValueRange<f32> = ValueRange::new(0.1, 10_000.0);
/// Pixels between two frames of a sprite sheet.
pub const SPRITE_PADDING: ValueRange<u32> = ValueRange::new(0, 64);
/// Frames of one clip of a sprite sheet.
pub const SPRITE_FRAMES: ValueRange<u32> = ValueRange::new(1, 1024);
/// Width of a place of a tile map, in pixels.
pub const TILE_WIDTH: ValueRange<u32> = ValueRange::new(8, 1024);
/// Metres that a side of a tile has.
pub const TILE_METRES: ValueRange<f32> = ValueRange::new(0.01, 1000.0);
/// Factor on the lengths of a model.
pub const MODEL_SCALE: ValueRange<f32> = ValueRange::new(0.000_01, 10_000.0);
/// A share of something: light, strength, surface.
pub const SHARE: ValueRange<f32> = ValueRange::new(0.0, 1.0);
/// A balance between two opposites.
pub const BALANCE: ValueRange<f32> = ValueRange::new(-1.0, 1.0);
/// Stops of exposure.
pub const EXPOSURE: ValueRange<f32> = ValueRange::new(-8.0, 8.0);
/// Slope around middle grey.
pub const CONTRAST: ValueRange<f32> = ValueRange::new(0.2, 3.0);
/// Colourfulness.
pub const SATURATION: ValueRange<f32> = ValueRange::new(0.0, 3.0);
/// Power of the midtones.
pub const GAMMA: ValueRange<f32> = ValueRange::new(0.2, 5.0);
/// Factor on the highlights.
pub const GAIN: ValueRange<f32> = ValueRange::new(0.0, 4.0);
/// Degrees of a turn.
pub const TURN: ValueRange<f32> = ValueRange::new(-360.0, 360.0);
/// Degrees above the horizon.
pub const ELEVATION: ValueRange<f32> = ValueRange::new(0.0, 90.0);
/// Colour temperature in kelvin.
pub const KELVIN: ValueRange<f32> = ValueRange::new(1500.0, 15000.0);
/// Apparent width of a light in degrees.
pub const SOFTNESS: ValueRange<f32> = ValueRange::new(0.0, 45.0);
/// Strength of light, and its colour on the same scale.
pub const LIGHT: ValueRange<f32> = ValueRange::new(0.0, 100.0);
/// Glow around the sun.
pub const GLOW: ValueRange<f32> = ValueRange::new(0.0, 4.0);
/// Metres at which haze takes about two thirds of the light.
pub const HAZE: ValueRange<f32> = ValueRange::new(1.0, 100_000.0);
/// Focal length in millimetres.
pub const LENS: ValueRange<f32> = ValueRange::new(4.0, 1200.0);
/// The f-number of a lens: from below any cinema lens to about a pinhole.
pub const APERTURE: ValueRange<f32> = ValueRange::new(0.5, 64.0);
/// Metres to the focus.
pub const FOCUS: ValueRange<f32> = ValueRange::new(0.05, 10_000.0);
/// Width of a sensor in millimetres.
pub const SENSOR: ValueRange<f32> = ValueRange::new(1.0, 200.0);
/// Amount of a camera move: degrees, or a fraction of the distance.
pub const AMOUNT: ValueRange<f32> = ValueRange::new(-720.0, 720.0);
/// Walking speed in metres a second.
pub const SPEED: ValueRange<f32> = ValueRange::new(0.0, 20.0);
/// Metres from the origin of a set, on each axis.
pub const METRES: ValueRange<f32> = ValueRange::new(-1000.0, 1000.0);
/// Rendered size as a fraction of the largest output's.
pub const SCALE: ValueRange<f32> = ValueRange::new(0.05, 1.0);
/// Frames a second.
pub const RATE: ValueRange<f64> = ValueRange::new(1.0, 240.0);
/// Pixels on one side of a picture.
pub const SIDE: ValueRange<u32> = ValueRange::new(1, 16384);
/// Frames beyond the cuts of a shot in timelines for other programs.
pub const HANDLES: ValueRange<u32> = ValueRange::new(0, 1000);
/// Samples a pixel.
pub const SAMPLES: ValueRange<u32> = ValueRange::new(1, 65536);
/// Frames in one render job.
pub const CHUNK: ValueRange<u32> = ValueRange::new(1, 10_000);
/// Attempts after the first.
pub const RETRIES: ValueRange<u32> = ValueRange::new(0, 100);
/// Cores of one job.
pub const CORES: ValueRange<f32> = ValueRange::new(0.01, 1024.0);
/// Jobs at a time.
pub const WORKERS: ValueRange<u32> = ValueRange::new(1, 1024);
/// Colours on screen.
pub const COLOURS: ValueRange<u32> = ValueRange::new(2, 256);
/// Price of a picture or an hour.
pub const PRICE: ValueRange<f32> = ValueRange::new(0.0, 1_000_000.0);
/// Loudness of a mix in LUFS.
pub const LOUDNESS: ValueRange<f32> = ValueRange::new(-40.0, -5.0);
/// Ceiling of the true peak in dBTP.
pub const TRUE_PEAK: ValueRange<f32> = ValueRange::new(-12.0, 0.0);
/// Decibels of a voice, an effect, an ambience or music.
pub const DECIBELS: ValueRange<f32> = ValueRange::new(-60.0, 24.0);
/// Decibels by which music gives way to speech.
pub const DUCKING: ValueRange<f32> = ValueRange::new(0.0, 40.0);
/// Seconds of a fade, a hold or a part that is left out.
pub const FADE: ValueRange<f32> = ValueRange::new(0.0, 600.0);
/// Semitones of a voice.
pub const PITCH: ValueRange<f32> = ValueRange::new(-12.0, 12.0);
/// Words a minute of a voice.
pub const WORDS_PER_MINUTE: ValueRange<u32> = ValueRange::new(80, 400);
/// Samples a second of the sound of a console.
pub const CONSOLE_RATE: ValueRange<u32> = ValueRange::new(4_000, 48_000);
/// Bits a sample of the sound of a console.
pub const CONSOLE_BITS: ValueRange<u32> = ValueRange::new(1, 16);
/// Bits a channel.
pub const BITS: ValueRange<u32> = ValueRange::new(1, 8);
/// Letters of one line of a caption.
pub const CAPTION_LETTERS: ValueRange<u32> = ValueRange::new(8, 80);
/// Lines of one caption.
pub const CAPTION_LINES: ValueRange<u32> = ValueRange::new(1, 4);
/// Letters of captions that are read in a second.
pub const READING_SPEED: ValueRange<f32> = ValueRange::new(4.0, 40.0);
/// Seconds that one caption is shown.
pub const CAPTION_SECONDS: ValueRange<f32> = ValueRange::new(0.2, 10.0);
/// Frames between two captions.
pub const CAPTION_GAP: ValueRange<u32> = ValueRange::new(0, 120);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_the_decimal_that_people_write() {
        assert_eq!(
            (CONTRAST.lowest(), SCALE.lowest(), GAMMA.highest()),
            (0.2, 0.05, 5.0)
        );
    }

    #[test]
    fn both_ends_are_inside() {
        assert!(BITS.contains(1) && BITS.contains(8) && !BITS.contains(0) && !BITS.contains(9));
    }
}

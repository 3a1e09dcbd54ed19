//! The sizes in which frames are rendered: that of the production, and one for each other shape in
//! which an output frames the shots anew.

use super::frame_rate::PixelSize;
use super::production::{Output, Production};
use super::retro_treatment::FitMode;

/// Two aspects that differ by less than this share are one shape. Cropping the rest is not seen, and
/// the sides of a draft are rounded to even numbers.
const SAME_SHAPE: f64 = 0.01;
/// The most pixels of a side that a scaled size gets.
const MOST_SIDE: f64 = 16_384.0;

/// The sizes of the frames that a production renders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameSizes {
    /// The production's own first.
    sizes: Vec<PixelSize>,
    /// By index of the output, the index of its size.
    by_output: Vec<usize>,
}

impl FrameSizes {
    /// Returns the sizes that the outputs of a production ask for.
    #[must_use]
    pub fn from_production(production: &Production) -> Self {
        let own = production.render.size;
        let outputs = &production.outputs;
        let reference = largest_size(outputs);
        let mut sizes = vec![own];
        let mut by_output = Vec::with_capacity(outputs.len());
        for output in outputs {
            if output.format.fit != FitMode::Reframe {
                by_output.push(0);
                continue;
            }
            let wanted = scaled_like(output.format.size, own, reference);
            let known = sizes.iter().position(|size| is_same_shape(*size, wanted));
            let index = known.unwrap_or(sizes.len());
            match sizes.get_mut(index) {
                // The production's own stays: other outputs and the tier decide it.
                Some(size) if index > 0 && size.pixel_count() < wanted.pixel_count() => {
                    *size = wanted;
                }
                Some(_) => {}
                None => sizes.push(wanted),
            }
            by_output.push(index);
        }
        Self { sizes, by_output }
    }

    /// Returns the sizes, the production's own first.
    #[must_use]
    pub fn sizes(&self) -> &[PixelSize] {
        &self.sizes
    }

    /// Returns the index of the size of the frames of an output, by its index.
    #[must_use]
    pub fn index_of_output(&self, output: usize) -> usize {
        self.by_output.get(output).copied().unwrap_or_default()
    }

    /// Returns the size of the frames of an output, by its index.
    #[must_use]
    pub fn output_size(&self, output: usize) -> PixelSize {
        self.sizes[self.index_of_output(output)]
    }
}

/// Returns the size of the largest film, else of the largest output, else 1920x1080.
#[must_use]
pub fn largest_size(outputs: &[Output]) -> PixelSize {
    // Downscaling is sharp, upscaling is not, so the largest decides. A retro output is small by
    // intent, and one that frames its shots anew has frames of its own: both count only if there is
    // nothing else.
    let largest = |counts: &dyn Fn(&Output) -> bool| {
        let counted = outputs.iter().filter(|output| counts(output));
        let sizes = counted.map(|output| output.format.size);
        // `max_by_key` returns the last of equal elements. Reversed, the first that is written wins.
        sizes.rev().max_by_key(PixelSize::pixel_count)
    };
    let is_film = |output: &Output| output.format.retro.is_none();
    largest(&|output| is_film(output) && output.format.fit != FitMode::Reframe)
        .or_else(|| largest(&is_film))
        .or_else(|| largest(&|_| true))
        .unwrap_or(PixelSize::new(1920, 1080))
}

/// Returns `size` scaled to even numbers of pixels, at least 16.
#[must_use]
pub fn even_size(size: PixelSize, scale: f64) -> PixelSize {
    let side = |pixels: u32| {
        // Encoders with 4:2:0 chroma need even sides, also for a draft.
        let half = (f64::from(pixels) * scale).min(MOST_SIDE) / 2.0;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "sides are at most 16384"
        )]
        let even = (half.round() as u32) * 2;
        even.max(16)
    };
    PixelSize::new(side(size.width), side(size.height))
}

/// Returns the size of the frames of an output that has its own: as much smaller or larger than the
/// output as the production's frames are than its largest output.
#[expect(clippy::cast_precision_loss, reason = "sides are at most 16384")]
fn scaled_like(size: PixelSize, rendered: PixelSize, reference: PixelSize) -> PixelSize {
    let pixels = |size: PixelSize| size.pixel_count().max(1) as f64;
    // A written size above that of all outputs must not make an even larger frame.
    let most = pixels(rendered).max(pixels(size)) / pixels(size);
    let scale = (pixels(rendered) / pixels(reference)).min(most).sqrt();
    if (scale - 1.0).abs() < 1e-3 {
        size
    } else {
        even_size(size, scale)
    }
}

fn is_same_shape(one: PixelSize, other: PixelSize) -> bool {
    let [one, other] = [one, other].map(|size| size.aspect_ratio());
    (one - other).abs() <= SAME_SHAPE * one.max(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::sample::{sample_output, sample_production};

    const WIDE: PixelSize = PixelSize::new(1920, 1080);

    /// Returns a production with an output of each size; all but the first frame anew.
    fn production(sizes: &[PixelSize], rendered: PixelSize) -> Production {
        let mut production = sample_production();
        let outputs = sizes.iter().enumerate().map(|(index, size)| {
            let mut output = sample_output(&format!("o{index}"), "o.mp4", 80);
            output.format.size = *size;
            if index > 0 {
                output.format.fit = FitMode::Reframe;
            }
            output
        });
        production.outputs = outputs.collect();
        production.render.size = rendered;
        production
    }

    #[test]
    fn each_shape_has_frames_once_and_at_its_largest() {
        let outputs = [
            WIDE,
            PixelSize::new(720, 1280),
            PixelSize::new(1080, 1080),
            PixelSize::new(1080, 1920),
            PixelSize::new(1280, 720),
            PixelSize::new(854, 480),
        ];
        let found = FrameSizes::from_production(&production(&outputs, WIDE));
        let upright = PixelSize::new(1080, 1920);
        assert_eq!(found.sizes(), [WIDE, upright, PixelSize::new(1080, 1080)]);
        let indices: Vec<usize> = (0..6).map(|index| found.index_of_output(index)).collect();
        assert_eq!(indices, [0, 1, 2, 1, 0, 0]);
        assert_eq!(found.output_size(3), upright);
    }

    #[test]
    fn a_draft_is_as_small_in_every_shape() {
        let outputs = [WIDE, PixelSize::new(1080, 1920), PixelSize::new(1080, 1350)];
        let draft = production(&outputs, PixelSize::new(640, 360));
        let found = FrameSizes::from_production(&draft);
        assert_eq!(found.output_size(1), PixelSize::new(360, 640));
        assert_eq!(found.output_size(2), PixelSize::new(360, 450));
    }

    #[test]
    fn a_larger_output_of_another_shape_leaves_the_others_alone() {
        let outputs = [WIDE, PixelSize::new(2160, 2160)];
        assert_eq!(largest_size(&production(&outputs, WIDE).outputs), WIDE);
        let found = FrameSizes::from_production(&production(&outputs, WIDE));
        assert_eq!(found.output_size(1), PixelSize::new(2160, 2160));
    }

    #[test]
    fn sizes_without_pixels_do_no_harm() {
        let outputs = [PixelSize::new(0, 0), PixelSize::new(0, 9), WIDE];
        let found = FrameSizes::from_production(&production(&outputs, PixelSize::new(0, 0)));
        assert_eq!(found.index_of_output(9), 0);
        assert!(found.sizes().iter().all(|size| size.width <= 16_384));
    }
}

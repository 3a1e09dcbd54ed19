//! Scales a display picture to another size and aspect, in linear light.
//!
//! Two passes with precomputed weights, rows then columns, over rayon. `Area` averages what each
//! new pixel covers and suits few pixels. `Lanczos` with three lobes keeps film sharp.

use super::image_types::{DisplayImage, pixel_count};
use crate::model::PixelSize;
use crate::model::retro_treatment::FitMode;
use rayon::prelude::*;
use std::sync::OnceLock;

/// How old pixels are weighted for a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResampleFilter {
    /// The average over the covered area.
    Area,
    /// Lanczos of three lobes, widened when shrinking.
    Lanczos,
}

/// A part of a picture along one axis, in old pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
struct SourceWindow {
    start: f64,
    length: f64,
}

/// The old pixels of one new pixel: index of the first, and weights from there on, with a sum of 1.
struct PixelWeights {
    first: usize,
    weights: Vec<f32>,
}

/// Returns `image` fitted to `size`.
#[must_use]
pub fn fit_to_size(
    image: DisplayImage,
    size: PixelSize,
    fit: FitMode,
    filter: ResampleFilter,
) -> DisplayImage {
    // Most frames have the size of their output. They stay untouched, to the byte.
    if image.size == size {
        return image;
    }
    match fit {
        FitMode::Stretch => scale_window(&image, full_window(image.size), size, filter),
        // What was framed anew has the aspect already, up to rounding.
        FitMode::Crop | FitMode::Reframe => {
            scale_window(&image, centred_window(image.size, size), size, filter)
        }
        FitMode::Pad => pad_to_size(
            &scale_window(
                &image,
                full_window(image.size),
                contained_size(image.size, size),
                filter,
            ),
            size,
        ),
    }
}

fn full_window(size: PixelSize) -> [SourceWindow; 2] {
    [size.width, size.height].map(|side| SourceWindow {
        start: 0.0,
        length: f64::from(side),
    })
}

/// Returns the largest centred window of `from` with the aspect of `to`.
fn centred_window(from: PixelSize, to: PixelSize) -> [SourceWindow; 2] {
    let step = (f64::from(from.width) / f64::from(to.width))
        .min(f64::from(from.height) / f64::from(to.height));
    let window = |old: u32, new: u32| {
        let length = f64::from(new) * step;
        let start = (f64::from(old) - length) / 2.0;
        // Without scaling, half a pixel of offset would only blur.
        SourceWindow {
            start: if (step - 1.0).abs() < 1e-9 {
                start.floor()
            } else {
                start
            },
            length,
        }
    };
    [window(from.width, to.width), window(from.height, to.height)]
}

/// Returns the largest size with the aspect of `from` that fits into `to`.
fn contained_size(from: PixelSize, to: PixelSize) -> PixelSize {
    let step = (f64::from(to.width) / f64::from(from.width))
        .min(f64::from(to.height) / f64::from(from.height));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most the new side"
    )]
    let side = |old: u32, most: u32| ((f64::from(old) * step).round() as u32).clamp(1, most);
    PixelSize::new(side(from.width, to.width), side(from.height, to.height))
}

fn pad_to_size(image: &DisplayImage, size: PixelSize) -> DisplayImage {
    let mut out = DisplayImage::filled_with(size, [0; 3]);
    let width = size.width as usize;
    let inner = image.size.width as usize;
    let left = (width - inner) / 2;
    let top = (size.height - image.size.height) as usize / 2;
    for (row, pixels) in image.pixels.chunks_exact(inner).enumerate() {
        let offset = (top + row) * width + left;
        out.pixels[offset..offset + inner].copy_from_slice(pixels);
    }
    out
}

fn scale_window(
    image: &DisplayImage,
    [across, down]: [SourceWindow; 2],
    size: PixelSize,
    filter: ResampleFilter,
) -> DisplayImage {
    let old_width = image.size.width as usize;
    let width = size.width as usize;
    let columns = axis_weights(across, image.size.width, size.width, filter);
    let rows = axis_weights(down, image.size.height, size.height, filter);
    // Averaging encoded values darkens edges, so pixels are decoded to light first.
    let light = linear_table();
    // Rows before columns: a row is contiguous in memory, and the second pass has fewer pixels if
    // the picture shrinks.
    let mut narrow = vec![[0.0f32; 3]; width * image.size.height as usize];
    narrow
        .par_chunks_mut(width)
        .zip(image.pixels.par_chunks(old_width))
        .for_each(|(new, old)| {
            let line: Vec<[f32; 3]> = old
                .iter()
                .map(|pixel| pixel.map(|value| light[usize::from(value)]))
                .collect();
            new.iter_mut().zip(&columns).for_each(|(pixel, source)| {
                *pixel = weighted_sum(&line[source.first..], &source.weights);
            });
        });
    let mut pixels = vec![[0u16; 3]; pixel_count(size)];
    pixels
        .par_chunks_mut(width)
        .zip(&rows)
        .for_each(|(new, source)| {
            let lines = &narrow[source.first * width..];
            new.iter_mut()
                .zip(column_sums(lines, width, &source.weights))
                .for_each(|(pixel, sum)| *pixel = sum.map(light_to_display));
        });
    DisplayImage { size, pixels }
}

fn weighted_sum(pixels: &[[f32; 3]], weights: &[f32]) -> [f32; 3] {
    let add = |sum: [f32; 3], (pixel, weight): (&[f32; 3], &f32)| {
        [
            sum[0] + pixel[0] * weight,
            sum[1] + pixel[1] * weight,
            sum[2] + pixel[2] * weight,
        ]
    };
    pixels.iter().zip(weights).fold([0.0; 3], add)
}

/// Returns the weighted sum of whole rows.
fn column_sums(lines: &[[f32; 3]], width: usize, weights: &[f32]) -> Vec<[f32; 3]> {
    let mut sums = vec![[0.0f32; 3]; width];
    // Row by row, because the compiler vectorises this order.
    for (line, weight) in lines.chunks_exact(width).zip(weights) {
        let values = sums.as_flattened_mut().iter_mut().zip(line.as_flattened());
        values.for_each(|(sum, value)| *sum += value * weight);
    }
    sums
}

fn axis_weights(
    window: SourceWindow,
    old: u32,
    new: u32,
    filter: ResampleFilter,
) -> Vec<PixelWeights> {
    let step = window.length / f64::from(new);
    (0..new)
        .map(|index| pixel_weights(window.start + f64::from(index) * step, step, old, filter))
        .collect()
}

/// Returns the weights of the new pixel that covers `start..start + step` of the old ones.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the old side"
)]
fn pixel_weights(start: f64, step: f64, old: u32, filter: ResampleFilter) -> PixelWeights {
    let centre = start + step / 2.0;
    let radius = match filter {
        ResampleFilter::Area => step / 2.0,
        // A shrinking picture needs a wider filter: with three old pixels it would alias.
        ResampleFilter::Lanczos => 3.0 * step.max(1.0),
    };
    let first = (centre - radius).floor().clamp(0.0, f64::from(old - 1)) as u32;
    let last = (centre + radius)
        .ceil()
        .clamp(f64::from(first) + 1.0, f64::from(old)) as u32;
    let weight = |index: u32| match filter {
        ResampleFilter::Area => {
            (f64::from(index) + 1.0).min(start + step) - f64::from(index).max(start)
        }
        ResampleFilter::Lanczos => {
            lanczos_weight((f64::from(index) + 0.5 - centre) / step.max(1.0))
        }
    };
    let raw: Vec<f64> = (first..last)
        .map(|index| {
            if filter == ResampleFilter::Area {
                weight(index).max(0.0)
            } else {
                weight(index)
            }
        })
        .collect();
    // Weights are cut off at the border of the picture. Without normalising, edges would be darker.
    let sum: f64 = raw.iter().sum();
    let weights = if sum.abs() < 1e-9 {
        // Weights can cancel out at a border. One pixel then stands for all.
        vec![1.0]
    } else {
        raw.iter().map(|value| (value / sum) as f32).collect()
    };
    PixelWeights {
        first: first as usize,
        weights,
    }
}

fn lanczos_weight(x: f64) -> f64 {
    let sinc = |x: f64| {
        if x.abs() < 1e-9 {
            1.0
        } else {
            (std::f64::consts::PI * x).sin() / (std::f64::consts::PI * x)
        }
    };
    if x.abs() < 3.0 {
        sinc(x) * sinc(x / 3.0)
    } else {
        0.0
    }
}

/// Returns the table from 16-bit display values to linear light, for a screen of gamma 2.2 as
/// `tone` assumes.
pub(crate) fn linear_table() -> &'static [f32] {
    // `powf` for every channel of every pixel is slow. The table has an entry for each input.
    static TABLE: OnceLock<Vec<f32>> = OnceLock::new();
    TABLE.get_or_init(|| {
        (0..=u16::MAX)
            .map(|value| (f32::from(value) / 65535.0).powf(2.2))
            .collect()
    })
}

/// Returns the 16-bit display value of linear light.
pub(crate) fn light_to_display(light: f32) -> u16 {
    // Indexed by the square root, in which the result is nearly straight. Indexed by light, the
    // table would be too coarse for shadows.
    static TABLE: OnceLock<Vec<u16>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        (0..=u16::MAX)
            .map(|index| super::tone::to_16_bits((f32::from(index) / 65535.0).powf(2.0 / 2.2)))
            .collect()
    });
    table[usize::from(super::tone::to_16_bits(light.max(0.0).sqrt()))]
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "test patterns")]
mod tests {
    use super::*;
    use crate::model::retro_treatment::FitMode::{Crop, Pad, Stretch};

    fn ramp(size: PixelSize) -> DisplayImage {
        DisplayImage {
            size,
            pixels: (0..size.width * size.height)
                .map(|i| {
                    [
                        (i % size.width * 60) as u16,
                        (i / size.width * 90) as u16,
                        30000,
                    ]
                })
                .collect(),
        }
    }

    #[test]
    fn a_flat_colour_stays_the_same_in_every_fit_and_filter() {
        let flat = DisplayImage::filled_with(PixelSize::new(64, 36), [1000, 30000, 65535]);
        for filter in [ResampleFilter::Area, ResampleFilter::Lanczos] {
            for (how, size) in [
                (Crop, PixelSize::new(17, 23)),
                (Stretch, PixelSize::new(100, 9)),
                (Crop, PixelSize::new(200, 150)),
            ] {
                let out = fit_to_size(flat.clone(), size, how, filter);
                assert_eq!(out.size, size);
                let near = |p: &[u16; 3]| {
                    p.iter()
                        .zip([1000, 30000, 65535])
                        .all(|(a, b)| a.abs_diff(b) <= 4)
                };
                assert!(
                    out.pixels.iter().all(near),
                    "{filter:?} {how:?} {:?}",
                    out.pixels[0]
                );
            }
        }
    }

    #[test]
    fn the_same_size_is_returned_untouched() {
        let shown = ramp(PixelSize::new(20, 10));
        assert_eq!(
            fit_to_size(shown.clone(), shown.size, Crop, ResampleFilter::Lanczos),
            shown
        );
    }

    #[test]
    fn cropping_without_scaling_copies_the_middle() {
        let shown = ramp(PixelSize::new(41, 20));
        let out = fit_to_size(
            shown.clone(),
            PixelSize::new(20, 20),
            Crop,
            ResampleFilter::Lanczos,
        );
        assert!(
            out.pixels[0][0].abs_diff(shown.pixels[10][0]) <= 4,
            "{:?}",
            out.pixels[0]
        );
        assert!(out.pixels[19][0].abs_diff(shown.pixels[29][0]) <= 4);
    }

    #[test]
    fn padding_puts_black_bars_above_and_below() {
        let out = fit_to_size(
            DisplayImage::filled_with(PixelSize::new(40, 20), [50000; 3]),
            PixelSize::new(20, 20),
            Pad,
            ResampleFilter::Area,
        );
        let rows: Vec<bool> = out.pixels.chunks(20).map(|row| row[10][0] > 0).collect();
        assert_eq!(
            rows,
            (0..20)
                .map(|row| (5..15).contains(&row))
                .collect::<Vec<_>>()
        );
    }

    #[test]
    fn area_averages_light_and_not_codes() {
        let shown = DisplayImage {
            size: PixelSize::new(2, 1),
            pixels: vec![[0; 3], [65535; 3]],
        };
        let out = fit_to_size(shown, PixelSize::new(1, 1), Stretch, ResampleFilter::Area);
        assert!(out.pixels[0][0].abs_diff(47824) < 20, "{:?}", out.pixels[0]);
    }
}

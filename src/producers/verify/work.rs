//! The verification job: measures, compares, warns, and writes `facts.json`.

use super::expect::{as_bad_output, expect_video, mismatch, same};
use super::facts::{Facts, RetroFacts};
use crate::base::Digest;
use crate::media::picture::{self, DisplayImage};
use crate::media::{FfmpegTools, tone, video_probe};
use crate::model::retro_treatment::{Palette, RetroTreatment};
use crate::model::{Codec, InputFile, InputSlot, JobAction, OutputFormat, PixelSize};
use crate::producers::encode::{final_size, picture_name, require};
use crate::producers::retro::Lattice;
use crate::producers::task::{
    Assignment, ExecutionMode, Failure, FailureClass, Finished, Produced,
};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Below this brightness at every glance, a deliverable is black.
const BLACK: f64 = 0.02;

/// Verifies deliverables; video with ffmpeg and ffprobe, pictures without any tool.
#[derive(Debug, Clone)]
pub struct Verify {
    /// ffmpeg and ffprobe; `None` when they are not installed, which only video notices.
    pub tools: Option<FfmpegTools>,
}

impl Verify {
    /// Decodes the files of slot `deliverable`, and leaves `facts.json`.
    ///
    /// # Errors
    /// Fails when anything is not as asked, naming what was expected and what was found, or on a stop request.
    pub fn perform(&self, assignment: &Assignment) -> Result<Finished, Failure> {
        let JobAction::Verify { format, count } = assignment.work else {
            return Err(Failure::new(
                FailureClass::Crash,
                "verify: this job is another kind of work",
            ));
        };
        let files = assignment
            .materials
            .files_in(&InputSlot::new("deliverable"));
        let (facts, peak, provider) = if format.codec.is_sequence() {
            let (facts, peak) = pictures(files, format, *count, assignment)?;
            (facts, peak, "verify (built in)".to_owned())
        } else {
            self.video(files, format, *count, assignment)?
        };
        let warnings = warnings(&facts, peak);
        Ok(Finished {
            outputs: vec![write_facts(&facts, assignment)?],
            provider,
            mode: ExecutionMode::Real,
            warnings,
        })
    }

    fn video(
        &self,
        files: &[InputFile],
        format: &OutputFormat,
        count: usize,
        assignment: &Assignment,
    ) -> Result<(Facts, f64, String), Failure> {
        let tools = require(self.tools.as_ref())?;
        let [file] = files else {
            return Err(mismatch("files", 1, files.len()));
        };
        let found = expect_video(tools, &file.path, format, count, assignment.watch)?;
        let seen = video_probe::decode_video_stats(tools, &file.path, assignment.watch, |seen| {
            (assignment.progress)(seen.min(count), count);
        })
        .map_err(|error| as_bad_output(error.into()))?;
        same("decoded frames", count, seen.frames)?;
        (assignment.progress)(count, count);
        let facts = Facts {
            profile: format!("{} {}", found.profile, found.pixel_format),
            duration: found.duration,
            brightness: seen.brightness,
            frozen: seen.frozen,
            ..plain_facts(format, count)
        };
        Ok((
            facts,
            seen.peak,
            format!("ffprobe {}", tools.version(assignment.watch)?),
        ))
    }
}

fn plain_facts(format: &OutputFormat, count: usize) -> Facts {
    let PixelSize { width, height } = final_size(format);
    Facts {
        codec: format.codec.id().to_owned(),
        profile: String::new(),
        width,
        height,
        fps: format.rate.to_string(),
        frames: count,
        duration: format.rate.duration_seconds(count),
        brightness: 0.0,
        frozen: false,
        retro: None,
    }
}

/// What one decoded picture shows.
struct Glimpse {
    depth: u8,
    brightness: f64,
    peak: f64,
    digest: Digest,
    retro: Option<RetroFacts>,
}

fn pictures(
    files: &[InputFile],
    format: &OutputFormat,
    count: usize,
    assignment: &Assignment,
) -> Result<(Facts, f64), Failure> {
    same("pictures", count, files.len())?;
    let look = |(index, file): (usize, &InputFile)| {
        if assignment.watch.cancel.is_halting() {
            return Err(Failure::new(
                FailureClass::Cancelled,
                "verify: stopped on request",
            ));
        }
        same(
            "name",
            picture_name(format.codec, index).as_str(),
            file.name.as_str(),
        )?;
        look_at(file, format)
    };
    let glimpses: Result<Vec<Glimpse>, Failure> = files.par_iter().enumerate().map(look).collect();
    let glimpses = glimpses?;
    (assignment.progress)(count, count);
    let peak = glimpses
        .iter()
        .map(|glimpse| glimpse.peak)
        .fold(0.0, f64::max);
    let depths: BTreeSet<u8> = glimpses.iter().map(|glimpse| glimpse.depth).collect();
    let frames = f64::from(u32::try_from(count.max(1)).unwrap_or(u32::MAX));
    let facts = Facts {
        profile: depths
            .iter()
            .map(|depth| format!("{depth} bits"))
            .collect::<Vec<_>>()
            .join(", "),
        brightness: glimpses
            .iter()
            .map(|glimpse| glimpse.brightness)
            .sum::<f64>()
            / frames,
        frozen: count > 1
            && glimpses
                .windows(2)
                .all(|pair| pair[0].digest == pair[1].digest),
        retro: glimpses
            .iter()
            .filter_map(|glimpse| glimpse.retro.clone())
            .reduce(worst),
        ..plain_facts(format, count)
    };
    judge_retro(format, facts.retro.as_ref())?;
    Ok((facts, peak))
}

fn worst(one: RetroFacts, other: RetroFacts) -> RetroFacts {
    let most_colours = one.most_colours.max(other.most_colours);
    RetroFacts {
        most_colours,
        on_palette: one.on_palette && other.on_palette,
    }
}

fn look_at(file: &InputFile, format: &OutputFormat) -> Result<Glimpse, Failure> {
    let damaged = |error: picture::PictureError| as_bad_output(error.into());
    let facts = picture::check_picture(&file.path).map_err(damaged)?;
    let shown = show(file, format.codec)?;
    same(
        &format!("{}, size", file.name),
        final_size(format),
        facts.size,
    )?;
    let (brightness, peak) = brightness(&shown);
    Ok(Glimpse {
        depth: facts.depth,
        brightness,
        peak,
        digest: Digest::hash_bytes(bytemuck::cast_slice(shown.pixels.as_flattened())),
        retro: format.retro.as_ref().map(|retro| colours(retro, &shown)),
    })
}

fn show(file: &InputFile, codec: Codec) -> Result<DisplayImage, Failure> {
    let damaged = |error: picture::PictureError| as_bad_output(error.into());
    if codec == Codec::Png {
        return picture::read_png(&file.path).map_err(damaged);
    }
    let light = picture::read_picture(&file.path).map_err(damaged)?;
    let encode =
        |pixel: &[f32; 3]| pixel.map(|value| tone::to_16_bits(tone::linear_to_srgb(value)));
    Ok(DisplayImage {
        size: light.size,
        pixels: light.pixels.iter().map(encode).collect(),
    })
}

/// Returns mean and greatest luma, 0 to 1.
fn brightness(shown: &DisplayImage) -> (f64, f64) {
    let luma =
        |pixel: &[u16; 3]| f64::from(tone::luma(pixel.map(|value| f32::from(value) / 65535.0)));
    let (sum, peak) = shown
        .pixels
        .iter()
        .map(luma)
        .fold((0.0, 0.0f64), |(sum, peak), luma| {
            (sum + luma, peak.max(luma))
        });
    (
        sum / f64::from(u32::try_from(shown.pixels.len().max(1)).unwrap_or(u32::MAX)),
        peak,
    )
}

fn colours(retro: &RetroTreatment, shown: &DisplayImage) -> RetroFacts {
    let seen: BTreeSet<[u8; 3]> = shown.to_8_bits().into_iter().collect();
    let on_palette = match &retro.palette {
        Palette::Fixed(palette) => seen.iter().all(|rgb| palette.contains(rgb)),
        Palette::Adaptive { bits, .. } => {
            Lattice::new(*bits).is_ok_and(|lattice| seen.iter().all(|rgb| lattice.holds(*rgb)))
        }
    };
    RetroFacts {
        most_colours: seen.len(),
        on_palette,
    }
}

fn judge_retro(format: &OutputFormat, found: Option<&RetroFacts>) -> Result<(), Failure> {
    let (Some(retro), Some(found)) = (&format.retro, found) else {
        return Ok(());
    };
    let most = match &retro.palette {
        Palette::Fixed(palette) => palette.len(),
        Palette::Adaptive { colours, .. } => usize::from(*colours),
    };
    if found.most_colours > most {
        return Err(mismatch(
            "colours",
            format!("at most {most}"),
            found.most_colours,
        ));
    }
    if !found.on_palette && format.codec == Codec::Png {
        return Err(mismatch("colours", "only those of the palette", "others"));
    }
    Ok(())
}

fn warnings(facts: &Facts, peak: f64) -> Vec<String> {
    let mut warnings = Vec::new();
    if peak < BLACK {
        warnings.push(format!("all {} frames are black", facts.frames));
    }
    if facts.frozen {
        warnings.push(format!(
            "nothing moves: all {} frames look the same",
            facts.frames
        ));
    }
    warnings
}

fn write_facts(facts: &Facts, assignment: &Assignment) -> Result<Produced, Failure> {
    let name = "facts.json".to_owned();
    let path = assignment.scratch.join(&name);
    let text = serde_json::to_string_pretty(facts)
        .map_err(|error| Failure::new(FailureClass::Crash, format!("write the facts: {error}")))?;
    std::fs::write(&path, text + "\n").map_err(|error| Failure::io("write the facts", &error))?;
    Ok(Produced { name, path })
}

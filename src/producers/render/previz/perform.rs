//! Jobs: frames, reference sheets and plates.

use super::stage::Stage;
use crate::gpu::Gpu;
use crate::media::Picture;
use crate::media::exr_file::write_exr;
use crate::media::png_file::write_png8;
use crate::media::tone::develop;
use crate::model::{FrameRate, Frames, Materials, Size, Staging, Work};
use crate::producers::check::frame_name;
use crate::producers::task::{Assignment, Failure, FailureClass, Finished, Mode, Produced};
use std::path::Path;

/// The built-in renderer on one adapter.
#[derive(Clone, Copy)]
pub struct Previz<'g> {
    gpu: &'g Gpu,
}

/// One picture of a job: a name without extension, and how many samples.
struct Still<'a> {
    staging: &'a Staging,
    size: Size,
    samples: u32,
}

impl<'g> Previz<'g> {
    /// Returns the renderer on this adapter.
    #[must_use]
    pub const fn new(gpu: &'g Gpu) -> Self {
        Self { gpu }
    }

    /// Returns who makes the pictures, for manifests.
    #[must_use]
    pub fn provider(&self) -> String {
        let facts = self.gpu.facts();
        let kind = if facts.software { "software" } else { "GPU" };
        format!("previz {} on {} ({kind}, {})", env!("CARGO_PKG_VERSION"), facts.name, facts.backend)
    }

    /// Loads and places everything in `staging`.
    ///
    /// # Errors
    /// As [`Stage::new`].
    pub fn stage(&self, staging: &Staging, materials: &Materials) -> Result<Stage<'g>, Failure> {
        Stage::new(self.gpu, staging, materials)
    }

    /// Does a render, sheet or plate job.
    ///
    /// # Errors
    /// Fails when an input is missing or broken, the device fails, a file cannot be written, or on request.
    pub fn perform(&self, assignment: &Assignment<'_>) -> Result<Finished, Failure> {
        let (outputs, warnings) = match assignment.work {
            Work::Render { staging, frames, of, rate, size, samples } => {
                self.chunk(assignment, staging, frames, (of, *rate), (*size, *samples))?
            }
            Work::Sheet { staging, views, size, samples } => {
                self.sheet(assignment, views, &Still { staging, size: *size, samples: *samples })?
            }
            Work::Plate { staging, size, samples } => {
                self.plate(assignment, &Still { staging, size: *size, samples: *samples })?
            }
            other => {
                let message = format!("render: previz does not do {}", other.producer());
                return Err(Failure::new(FailureClass::MissingTool, message));
            }
        };
        Ok(Finished { outputs, provider: self.provider(), mode: Mode::Real, warnings })
    }

    fn chunk(
        &self,
        assignment: &Assignment<'_>,
        staging: &Staging,
        frames: &Frames,
        (of, rate): (&Frames, FrameRate),
        (size, samples): (Size, u32),
    ) -> Result<(Vec<Produced>, Vec<String>), Failure> {
        let stage = self.stage(staging, assignment.materials)?;
        let shoot = stage.shoot(of.len(), rate, size, samples)?;
        let mut outputs = Vec::new();
        for (done, frame) in frames.iter().enumerate() {
            stop_if_halting(assignment)?;
            let index = of.iter().position(|other| other == frame);
            let index = index.ok_or_else(|| {
                Failure::new(
                    FailureClass::BadOutput,
                    format!("render frame {frame}: it is not a frame of the shot"),
                )
            })?;
            let output = produced(assignment.scratch, frame_name(frame, "exr"));
            write_exr(&output.path, &shoot.frame(index)?)?;
            outputs.push(output);
            (assignment.progress)(done + 1, frames.len());
        }
        Ok((outputs, shoot.warnings()))
    }

    fn sheet(
        &self,
        assignment: &Assignment<'_>,
        views: &[(String, f32)],
        still: &Still<'_>,
    ) -> Result<(Vec<Produced>, Vec<String>), Failure> {
        let mut outputs = Vec::new();
        let mut pictures = Vec::new();
        let mut warnings = Vec::new();
        for (name, azimuth) in views {
            stop_if_halting(assignment)?;
            let mut staging = still.staging.clone();
            staging.camera.azimuth = *azimuth;
            let (picture, more) = self.draw(assignment.materials, &Still { staging: &staging, ..*still })?;
            let output = produced(assignment.scratch, format!("{name}.png"));
            write_shown(&output.path, &picture)?;
            outputs.push(output);
            pictures.push(picture);
            warnings = more;
            (assignment.progress)(outputs.len(), views.len() + 1);
        }
        let output = produced(assignment.scratch, "sheet.png".to_owned());
        write_shown(&output.path, &side_by_side(still.size, &pictures))?;
        outputs.push(output);
        (assignment.progress)(views.len() + 1, views.len() + 1);
        Ok((outputs, warnings))
    }

    fn plate(
        &self,
        assignment: &Assignment<'_>,
        still: &Still<'_>,
    ) -> Result<(Vec<Produced>, Vec<String>), Failure> {
        let (picture, warnings) = self.draw(assignment.materials, still)?;
        let output = produced(assignment.scratch, "plate.png".to_owned());
        write_shown(&output.path, &picture)?;
        (assignment.progress)(1, 1);
        Ok((vec![output], warnings))
    }

    /// Draws one picture that is a shot of one frame.
    fn draw(&self, materials: &Materials, still: &Still<'_>) -> Result<(Picture, Vec<String>), Failure> {
        let stage = self.stage(still.staging, materials)?;
        let shoot = stage.shoot(1, FrameRate::whole(24), still.size, still.samples)?;
        Ok((shoot.frame(0)?, shoot.warnings()))
    }
}

fn stop_if_halting(assignment: &Assignment<'_>) -> Result<(), Failure> {
    if assignment.watch.cancel.is_halting() {
        return Err(Failure::new(FailureClass::Cancelled, "render: stopped on request"));
    }
    Ok(())
}

fn produced(scratch: &Path, name: String) -> Produced {
    Produced { path: scratch.join(&name), name }
}

/// Writes a picture as it is shown: tone-mapped, 8 bits.
fn write_shown(path: &Path, picture: &Picture) -> Result<(), Failure> {
    let shown = develop(picture, 0.0);
    Ok(write_png8(path, shown.size, &shown.to_8_bits())?)
}

/// Returns all pictures in one row.
fn side_by_side(size: Size, pictures: &[Picture]) -> Picture {
    let width = size.width as usize;
    let row = |y: usize| pictures.iter().flat_map(move |picture| &picture.pixels[y * width..(y + 1) * width]);
    let pixels = (0..size.height as usize).flat_map(row).copied().collect();
    let count = u32::try_from(pictures.len()).unwrap_or(1);
    Picture { size: Size::new(size.width * count, size.height), pixels }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_side_by_side_keep_their_rows() {
        let picture = |value: f32| Picture::filled(Size::new(2, 2), [value; 3]);
        let row = side_by_side(Size::new(2, 2), &[picture(1.0), picture(2.0)]);
        assert_eq!(row.size, Size::new(4, 2));
        assert_eq!(
            row.pixels.iter().map(|pixel| pixel[0]).collect::<Vec<_>>(),
            [1.0, 1.0, 2.0, 2.0, 1.0, 1.0, 2.0, 2.0]
        );
    }
}

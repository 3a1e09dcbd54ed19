//! A render, sheet or plate job as a list of pictures, and the writer of their files.
//!
//! Every renderer draws the same list of pictures as scene-linear light. How they are written
//! (frames as EXR, sheets and plates as PNG) is the same for all. Knows no renderer.

use crate::media::LinearImage;
use crate::media::exr_file::write_exr;
use crate::media::exr_pass::write_pass;
use crate::media::png_file::write_png8;
use crate::media::tone::tonemap_image;
use crate::model::{FrameList, FrameRate, JobAction, PixelSize, RenderPass, ShotStaging};
use crate::producers::contract::{FailureClass, JobContext, JobFailure, OutputFile};
use crate::producers::output_check::frame_name;
use crate::producers::producer_tools::copy_output;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The pictures that a job asks for.
pub(super) struct RenderRequest {
    /// The shots, in the order in which they are drawn.
    pub(super) shots: Vec<ShotRequest>,
    /// The size of every picture.
    pub(super) size: PixelSize,
    /// Samples a pixel.
    pub(super) samples: u32,
    /// Whether noise stays: no denoiser is used.
    pub(super) noisy: bool,
    /// The passes of every picture, in order.
    pub(super) passes: Arc<[RenderPass]>,
    output_kind: RenderOutputKind,
}

/// Pictures of one staging as one shot.
pub(super) struct ShotRequest {
    /// The staging that is drawn.
    pub(super) staging: Arc<ShotStaging>,
    /// The number of frames of the whole shot.
    pub(super) total_frames: usize,
    /// Frames a second.
    pub(super) rate: FrameRate,
    /// The frames to draw, by number.
    pub(super) frames: FrameList,
    /// One picture for each of them.
    pub(super) pictures: Vec<FrameRequest>,
}

/// One picture of a shot.
pub(super) struct FrameRequest {
    /// The file name, or the name of a view without extension.
    pub(super) name: String,
    /// The index in the shot, from 0. Negative before its first frame, as a transition shows it.
    pub(super) index: i64,
    /// The frame number.
    pub(super) frame: i32,
}

/// How the pictures are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RenderOutputKind {
    /// Scene-linear EXR.
    Frames,
    /// As PNG for display: each view, then all of them side by side.
    Sheet,
    /// As PNG for display.
    Plate,
}

impl RenderRequest {
    /// Returns a request without passes.
    fn new(
        output_kind: RenderOutputKind,
        shots: Vec<ShotRequest>,
        size: PixelSize,
        samples: u32,
        noisy: bool,
    ) -> Self {
        Self {
            shots,
            size,
            samples,
            noisy,
            passes: Arc::default(),
            output_kind,
        }
    }

    /// Returns the request of a render, sheet or plate job.
    pub(super) fn from_action(work: &JobAction) -> Result<Self, JobFailure> {
        match work {
            JobAction::Render {
                staging,
                frames,
                shot_frames,
                rate,
                size,
                samples,
                noisy,
                passes,
                ..
            } => {
                let shots = vec![ShotRequest {
                    staging: Arc::clone(staging),
                    // Moves and poses depend on the length of the whole shot, not of this chunk. So
                    // a frame looks the same in every division into chunks.
                    total_frames: shot_frames.len(),
                    rate: *rate,
                    frames: frames.clone(),
                    pictures: frame_requests(frames, shot_frames)?,
                }];
                let passes = Arc::clone(passes);
                let request = Self::new(RenderOutputKind::Frames, shots, *size, *samples, *noisy);
                Ok(Self { passes, ..request })
            }
            JobAction::Sheet {
                staging,
                views,
                size,
                samples,
                noisy,
                ..
            } => {
                let shots = view_requests(staging, views);
                let kind = RenderOutputKind::Sheet;
                Ok(Self::new(kind, shots, *size, *samples, *noisy))
            }
            JobAction::Plate {
                staging,
                size,
                samples,
                noisy,
                ..
            } => {
                let shots = vec![still_request(Arc::clone(staging), "plate")];
                let kind = RenderOutputKind::Plate;
                Ok(Self::new(kind, shots, *size, *samples, *noisy))
            }
            other => {
                let message = format!("render: no renderer does {}", other.kind());
                Err(JobFailure::new(FailureClass::MissingTool, message))
            }
        }
    }

    /// Returns how many pictures there are.
    pub(super) fn frame_count(&self) -> usize {
        self.shots.iter().map(|shot| shot.pictures.len()).sum()
    }
}

/// Returns a shot for each view of a sheet.
fn view_requests(staging: &ShotStaging, views: &[(String, f32)]) -> Vec<ShotRequest> {
    // Each view is a shot of its own, because the camera is a part of the staging. Only the azimuth
    // differs; models are the same slots.
    views
        .iter()
        .map(|(name, azimuth)| {
            let mut staging = staging.clone();
            staging.camera.azimuth = *azimuth;
            still_request(Arc::new(staging), name)
        })
        .collect()
}

/// Returns a shot of one frame.
fn still_request(staging: Arc<ShotStaging>, name: &str) -> ShotRequest {
    let frame_request = FrameRequest {
        name: name.to_owned(),
        index: 0,
        frame: 1,
    };
    ShotRequest {
        staging,
        total_frames: 1,
        // A still has one frame, at second 0 at every rate.
        rate: FrameRate::from_fps(24),
        frames: FrameList::from_bounds(1, 1),
        pictures: vec![frame_request],
    }
}

fn frame_requests(
    frames: &FrameList,
    shot_frames: &FrameList,
) -> Result<Vec<FrameRequest>, JobFailure> {
    frames
        .iter()
        .map(|frame| {
            // The index is a place in the ordered list and not a difference of numbers: ranges such
            // as `1-100x2` have gaps.
            let index = shot_frames.place_in_time(frame);
            index
                .map(|index| FrameRequest {
                    name: frame_name(frame, "exr"),
                    index,
                    frame,
                })
                .ok_or_else(|| {
                    let message = format!(
                        "render frame {frame}: it is neither a frame of the shot nor beyond it"
                    );
                    JobFailure::new(FailureClass::BadOutput, message)
                })
        })
        .collect()
}

/// Writes the pictures of a request, in order.
pub(super) struct FrameWriter<'a> {
    context: &'a JobContext<'a>,
    request: &'a RenderRequest,
    outputs: Vec<OutputFile>,
    count: usize,
    // A sheet has a few small views, so they are held until the last. Frames of a render are not: a
    // chunk would not fit in memory.
    sheet_pictures: Vec<LinearImage>,
}

impl<'a> FrameWriter<'a> {
    pub(super) const fn new(request: &'a RenderRequest, context: &'a JobContext<'a>) -> Self {
        Self {
            context,
            request,
            outputs: Vec::new(),
            count: 0,
            sheet_pictures: Vec::new(),
        }
    }

    /// Writes the next picture and its passes, in the order of the request.
    pub(super) fn write_frame(
        &mut self,
        name: &str,
        picture: LinearImage,
        passes: &[LinearImage],
    ) -> Result<(), JobFailure> {
        self.count += 1;
        if self.request.output_kind == RenderOutputKind::Frames {
            let output = self.add_output(name.to_owned());
            write_exr(&output.path, &picture)?;
            for (pass, pass_picture) in self.request.passes.iter().zip(passes) {
                let output = self.add_output(pass.file_name_beside(name));
                write_pass(&output.path, pass.data_kind(), pass_picture)?;
            }
        } else {
            let output = self.add_output(format!("{name}.png"));
            // Sheets and plates are for people and are not graded, so they get the plain tone curve
            // here.
            write_display_png(&output.path, &picture)?;
            self.sheet_pictures.push(picture);
        }
        Ok(())
    }

    /// Writes the next picture as a copy of the one before, with its passes. Returns false and
    /// writes nothing if there is none, or if pictures are not files of frames.
    pub(super) fn repeat_frame(&mut self, name: &str) -> Result<bool, JobFailure> {
        let files = 1 + self.request.passes.len();
        let is_frames = self.request.output_kind == RenderOutputKind::Frames;
        let Some(first) = self.outputs.len().checked_sub(files).filter(|_| is_frames) else {
            return Ok(false);
        };
        let before: Vec<PathBuf> = self.outputs[first..]
            .iter()
            .map(|output| output.path.clone())
            .collect();
        self.count += 1;
        let passes = self.request.passes.iter();
        let names = passes.map(|pass| pass.file_name_beside(name));
        let names: Vec<String> = std::iter::once(name.to_owned()).chain(names).collect();
        for (name, path) in names.into_iter().zip(before) {
            let output = self.add_output(name);
            copy_output(&path, &output.path)?;
        }
        Ok(true)
    }

    /// Returns the number of pictures written; passes do not count.
    pub(super) const fn frames_written(&self) -> usize {
        self.count
    }

    /// Returns all outputs. The last of a sheet has all views side by side.
    pub(super) fn finish_outputs(mut self) -> Result<Vec<OutputFile>, JobFailure> {
        if self.request.output_kind == RenderOutputKind::Sheet {
            let row = side_by_side(self.request.size, &self.sheet_pictures);
            let output = self.add_output("sheet.png".to_owned());
            write_display_png(&output.path, &row)?;
        }
        Ok(self.outputs)
    }

    fn add_output(&mut self, name: String) -> OutputFile {
        let output = OutputFile {
            path: self.context.scratch.join(&name),
            name,
        };
        self.outputs.push(output.clone());
        output
    }
}

/// Fails if the job was requested to stop.
pub(super) fn stop_if_halting(context: &JobContext<'_>) -> Result<(), JobFailure> {
    if context.watch.cancel.is_halting() {
        return Err(JobFailure::new(
            FailureClass::Cancelled,
            "render: stopped on request",
        ));
    }
    Ok(())
}

/// Writes a picture for display: tone-mapped, 8 bits.
fn write_display_png(path: &Path, picture: &LinearImage) -> Result<(), JobFailure> {
    let shown = tonemap_image(picture, 0.0);
    Ok(write_png8(path, shown.size, &shown.to_8_bits())?)
}

/// Returns all pictures, which have the same size, in one row.
fn side_by_side(size: PixelSize, pictures: &[LinearImage]) -> LinearImage {
    let width = size.width as usize;
    let pixels = (0..size.height as usize)
        .flat_map(|y| {
            pictures
                .iter()
                .flat_map(move |picture| &picture.pixels[y * width..(y + 1) * width])
        })
        .copied()
        .collect();
    let count = u32::try_from(pictures.len()).unwrap_or(1);
    LinearImage {
        size: PixelSize::new(size.width * count, size.height),
        pixels,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_side_by_side_keep_their_rows() {
        let picture = |value: f32| LinearImage::filled_with(PixelSize::new(2, 2), [value; 3]);
        let row = side_by_side(PixelSize::new(2, 2), &[picture(1.0), picture(2.0)]);
        assert_eq!(row.size, PixelSize::new(4, 2));
        assert_eq!(
            row.pixels.iter().map(|pixel| pixel[0]).collect::<Vec<_>>(),
            [1.0, 1.0, 2.0, 2.0, 1.0, 1.0, 2.0, 2.0]
        );
    }
}

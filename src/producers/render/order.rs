//! A render, sheet or plate job as the pictures that it asks for, and the album that they are kept in.
//!
//! Every provider draws the same list of pictures as scene-linear light; what becomes of them (frames as EXR, sheets and
//! plates as they are shown) is the same for all. Knows no provider.

use crate::media::LinearImage;
use crate::media::exr_file::write_exr;
use crate::media::exr_pass::write_pass;
use crate::media::png_file::write_png8;
use crate::media::tone::tonemap_image;
use crate::model::{FrameList, FrameRate, JobAction, PixelSize, RenderPass, ShotStaging};
use crate::producers::check::frame_name;
use crate::producers::task::{Assignment, Failure, FailureClass, Produced};
use std::path::Path;
use std::sync::Arc;

/// The pictures that a job asks for.
pub(super) struct Order {
    /// What to draw, in order.
    pub(super) scenes: Vec<Scene>,
    /// The size of every picture.
    pub(super) size: PixelSize,
    /// Samples a pixel.
    pub(super) samples: u32,
    /// Whether noise that a denoiser could take away stays.
    pub(super) noisy: bool,
    /// What else is told of every picture, in order.
    pub(super) passes: Arc<[RenderPass]>,
    form: Form,
}

/// Pictures of one staging, as one shot.
pub(super) struct Scene {
    /// What to draw.
    pub(super) staging: Arc<ShotStaging>,
    /// Frames of the whole shot.
    pub(super) total: usize,
    /// Frames a second.
    pub(super) rate: FrameRate,
    /// The frames that are wanted, by number.
    pub(super) frames: FrameList,
    /// The pictures of them.
    pub(super) pictures: Vec<Wanted>,
}

/// One picture of a shot.
pub(super) struct Wanted {
    /// What it is called.
    pub(super) name: String,
    /// Which of the shot's frames it is, counted from 0.
    pub(super) index: usize,
    /// The number of that frame.
    pub(super) frame: i32,
}

/// What becomes of the pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Scene-linear EXR.
    Frames,
    /// As shown, each and then all side by side.
    Sheet,
    /// As shown.
    Plate,
}

impl Order {
    /// Returns the order of a render, sheet or plate job.
    pub(super) fn of(work: &JobAction) -> Result<Self, Failure> {
        match work {
            JobAction::Render {
                staging,
                frames,
                shot_frames: of,
                rate,
                size,
                samples,
                noisy,
                passes,
                ..
            } => {
                let scenes = vec![Scene {
                    staging: Arc::clone(staging),
                    total: of.len(),
                    rate: *rate,
                    frames: frames.clone(),
                    pictures: places(frames, of)?,
                }];
                let passes = Arc::clone(passes);
                Ok(Self {
                    scenes,
                    size: *size,
                    samples: *samples,
                    noisy: *noisy,
                    passes,
                    form: Form::Frames,
                })
            }
            JobAction::Sheet {
                staging,
                views,
                size,
                samples,
                noisy,
                ..
            } => {
                let view = |(name, azimuth): &(String, f32)| {
                    let mut staging = ShotStaging::clone(staging);
                    staging.camera.azimuth = *azimuth;
                    still(Arc::new(staging), name)
                };
                let scenes = views.iter().map(view).collect();
                let (passes, form) = (Arc::default(), Form::Sheet);
                Ok(Self {
                    scenes,
                    size: *size,
                    samples: *samples,
                    noisy: *noisy,
                    passes,
                    form,
                })
            }
            JobAction::Plate {
                staging,
                size,
                samples,
                noisy,
                ..
            } => {
                let scenes = vec![still(Arc::clone(staging), "plate")];
                let (passes, form) = (Arc::default(), Form::Plate);
                Ok(Self {
                    scenes,
                    size: *size,
                    samples: *samples,
                    noisy: *noisy,
                    passes,
                    form,
                })
            }
            other => {
                let message = format!("render: {} is no work for a renderer", other.producer());
                Err(Failure::new(FailureClass::MissingTool, message))
            }
        }
    }

    /// Returns how many pictures there are.
    pub(super) fn count(&self) -> usize {
        self.scenes.iter().map(|scene| scene.pictures.len()).sum()
    }
}

/// Returns a shot of one frame.
fn still(staging: Arc<ShotStaging>, name: &str) -> Scene {
    let wanted = Wanted {
        name: name.to_owned(),
        index: 0,
        frame: 1,
    };
    Scene {
        staging,
        total: 1,
        rate: FrameRate::from_fps(24),
        frames: FrameList::from_bounds(1, 1),
        pictures: vec![wanted],
    }
}

fn places(frames: &FrameList, of: &FrameList) -> Result<Vec<Wanted>, Failure> {
    let place = |frame: i32| {
        let index = of.iter().position(|other| other == frame);
        index
            .map(|index| Wanted {
                name: frame_name(frame, "exr"),
                index,
                frame,
            })
            .ok_or_else(|| {
                let message = format!("render frame {frame}: it is not a frame of the shot");
                Failure::new(FailureClass::BadOutput, message)
            })
    };
    frames.iter().map(place).collect()
}

/// Where the pictures of an order are kept, one after another.
pub(super) struct Album<'a> {
    assignment: &'a Assignment<'a>,
    order: &'a Order,
    outputs: Vec<Produced>,
    count: usize,
    sheet: Vec<LinearImage>,
}

impl<'a> Album<'a> {
    pub(super) const fn new(order: &'a Order, assignment: &'a Assignment<'a>) -> Self {
        Self {
            assignment,
            order,
            outputs: Vec::new(),
            count: 0,
            sheet: Vec::new(),
        }
    }

    /// Writes the next picture, and the passes that were asked for of it, in order.
    pub(super) fn keep(
        &mut self,
        name: &str,
        picture: LinearImage,
        passes: &[LinearImage],
    ) -> Result<(), Failure> {
        self.count += 1;
        if self.order.form == Form::Frames {
            let output = self.output(name.to_owned());
            write_exr(&output.path, &picture)?;
            for (pass, told) in self.order.passes.iter().zip(passes) {
                let output = self.output(pass.file_name_beside(name));
                write_pass(&output.path, pass.data_kind(), told)?;
            }
        } else {
            let output = self.output(format!("{name}.png"));
            write_shown(&output.path, &picture)?;
            self.sheet.push(picture);
        }
        Ok(())
    }

    /// Returns how many pictures were kept.
    pub(super) const fn len(&self) -> usize {
        self.count
    }

    /// Returns everything that was kept; a sheet has all its views side by side as the last.
    pub(super) fn close(mut self) -> Result<Vec<Produced>, Failure> {
        if self.order.form == Form::Sheet {
            let row = side_by_side(self.order.size, &self.sheet);
            let output = self.output("sheet.png".to_owned());
            write_shown(&output.path, &row)?;
        }
        Ok(self.outputs)
    }

    fn output(&mut self, name: String) -> Produced {
        let output = Produced {
            path: self.assignment.scratch.join(&name),
            name,
        };
        self.outputs.push(output.clone());
        output
    }
}

/// Fails when the assignment is asked to stop.
pub(super) fn stop_if_halting(assignment: &Assignment<'_>) -> Result<(), Failure> {
    if assignment.watch.cancel.is_halting() {
        return Err(Failure::new(
            FailureClass::Cancelled,
            "render: stopped on request",
        ));
    }
    Ok(())
}

/// Writes a picture as it is shown: tone-mapped, 8 bits.
fn write_shown(path: &Path, picture: &LinearImage) -> Result<(), Failure> {
    let shown = tonemap_image(picture, 0.0);
    Ok(write_png8(path, shown.size, &shown.to_8_bits())?)
}

/// Returns all pictures in one row.
fn side_by_side(size: PixelSize, pictures: &[LinearImage]) -> LinearImage {
    let width = size.width as usize;
    let row = |y: usize| {
        pictures
            .iter()
            .flat_map(move |picture| &picture.pixels[y * width..(y + 1) * width])
    };
    let pixels = (0..size.height as usize).flat_map(row).copied().collect();
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

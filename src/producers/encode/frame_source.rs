//! The pictures of a deliverable: which graded frame each shows, fitted to its size, and reduced to
//! a palette for a retro look.

use crate::base::CancelToken;
use crate::media::picture::{DisplayImage, expect_memory, read_png};
use crate::media::resample::{self, ResampleFilter};
use crate::model::{FrameRate, InputFile, OutputFormat, PixelSize};
use crate::producers::contract::{FailureClass, JobFailure};
use crate::producers::retro::{PaletteReducer, PalettedImage};
use rayon::prelude::*;
use std::borrow::Cow;

/// The pictures of one shot at one deliverable's size and rate.
pub(super) struct FrameSource<'a> {
    format: &'a OutputFormat,
    inputs: &'a [InputFile],
    /// Index into `inputs` for each picture of the deliverable. It never decreases.
    picks: Vec<usize>,
    reducer: Option<PaletteReducer>,
    cancel: &'a CancelToken,
}

/// One picture, ready to be written.
pub(super) enum PreparedImage {
    /// In full colour.
    FullColour(DisplayImage),
    /// In the few colours of a retro palette.
    Paletted(PalettedImage),
}

impl<'a> FrameSource<'a> {
    /// Chooses the frames and, for a retro look, the palette of the whole shot.
    pub(super) fn select_frames(
        format: &'a OutputFormat,
        rate: FrameRate,
        inputs: &'a [InputFile],
        count: usize,
        cancel: &'a CancelToken,
    ) -> Result<Self, JobFailure> {
        // The caller has checked that there are inputs. The last picture of a conversion between
        // rates can round to a frame past the end, so the index is capped.
        let last = inputs.len() - 1;
        let picks: Vec<usize> = (0..count)
            .map(|index| format.rate.source_index(index, rate).min(last))
            .collect();
        let mut source = Self {
            format,
            inputs,
            picks,
            reducer: None,
            cancel,
        };
        if let Some(retro) = &format.retro {
            // The palette is chosen from all frames of the shot before the first is written. A
            // palette for each frame would make still areas flicker.
            let picks = source.distinct_frames();
            let histogram = picks.par_iter().map(|pick| {
                Ok(PaletteReducer::count_colours(
                    retro,
                    &source.fit_frame(*pick)?,
                ))
            });
            // Only histograms are held, not pictures: frames are read twice, but a long shot does
            // not fit in memory.
            let merged = histogram.try_reduce(Default::default, |first, other| {
                Ok::<_, JobFailure>(first.merged_with(other))
            })?;
            let reducer = PaletteReducer::new(retro, &merged);
            source.reducer = Some(
                reducer.map_err(|why| JobFailure::new(FailureClass::BadOutput, why.to_string()))?,
            );
        }
        Ok(source)
    }

    pub(super) fn format(&self) -> &'a OutputFormat {
        self.format
    }

    pub(super) fn output_size(&self) -> PixelSize {
        self.format.size
    }

    /// Returns the number of pictures of the deliverable.
    pub(super) fn picture_count(&self) -> usize {
        self.picks.len()
    }

    /// Returns the frames that are shown, each once, in order.
    pub(super) fn distinct_frames(&self) -> Vec<usize> {
        let mut picks = self.picks.clone();
        // Equal picks are neighbours, because picks never decrease.
        picks.dedup();
        picks
    }

    /// Returns the indices of the pictures that show frame `pick`.
    pub(super) fn pictures_showing(&self, pick: usize) -> std::ops::Range<usize> {
        self.picks.partition_point(|other| *other < pick)
            ..self.picks.partition_point(|other| *other <= pick)
    }

    /// Reads and fits one frame, and reduces it for a retro look.
    pub(super) fn prepare_frame(&self, pick: usize) -> Result<PreparedImage, JobFailure> {
        let shown = self.fit_frame(pick)?;
        Ok(match &self.reducer {
            Some(reducer) => PreparedImage::Paletted(reducer.reduce_image(&shown)),
            None => PreparedImage::FullColour(shown),
        })
    }

    fn fit_frame(&self, pick: usize) -> Result<DisplayImage, JobFailure> {
        if self.cancel.is_halting() {
            return Err(JobFailure::new(
                FailureClass::Cancelled,
                "encode: stopped on request",
            ));
        }
        let input = &self.inputs[pick];
        let shown = read_png(&input.path).map_err(|error| {
            JobFailure::new(
                FailureClass::MissingInput,
                format!("encode {}: {error}", input.name),
            )
        })?;
        // The frame at the size of the output, and its bytes for the encoder.
        expect_memory(&input.path, self.output_size())?;
        // Lanczos overshoots at edges. In few colours that becomes a rim of wrong colour around
        // every shape, so retro pictures are averaged by area.
        let filter = if self.format.retro.is_some() {
            ResampleFilter::Area
        } else {
            ResampleFilter::Lanczos
        };
        Ok(resample::fit_to_size(
            shown,
            self.output_size(),
            self.format.fit,
            filter,
        ))
    }
}

impl PreparedImage {
    /// Returns the picture in full colour, without a copy if it is that already.
    pub(super) fn display_image(&self) -> Cow<'_, DisplayImage> {
        match self {
            Self::FullColour(shown) => Cow::Borrowed(shown),
            Self::Paletted(reduced) => Cow::Owned(reduced.to_display_image()),
        }
    }

    /// Returns the picture in full colour.
    pub(super) fn into_display_image(self) -> DisplayImage {
        match self {
            Self::FullColour(shown) => shown,
            Self::Paletted(reduced) => reduced.to_display_image(),
        }
    }
}

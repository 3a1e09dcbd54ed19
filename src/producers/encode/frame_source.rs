//! The pictures of a deliverable: which graded frame each shows, fitted to its size, with what is
//! drawn over it, and reduced to a palette for a retro look.

use super::frame_cache::{FrameCache, FrameForm, FrameKey, FrameWait};
use crate::base::CancelToken;
use crate::lettering::FramePainter;
use crate::media::picture::{DisplayImage, expect_memory, picture_header, read_png};
use crate::media::resample::{self, ResampleFilter};
use crate::model::codec::{AnimationFormat, CodecDelivery};
use crate::model::retro_treatment::{DitherMethod, Palette, RetroTreatment};
use crate::model::{FrameRate, InputFile, OutputFormat, PixelSize};
use crate::producers::contract::{FailureClass, JobFailure};
use crate::producers::retro::{PaletteReducer, PalettedImage};
use rayon::prelude::*;
use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

/// The pictures of one shot at one deliverable's size and rate.
pub(super) struct FrameSource<'a> {
    format: &'a OutputFormat,
    inputs: &'a [InputFile],
    /// Index into `inputs` for each picture of the deliverable. It never decreases.
    picks: Vec<usize>,
    painter: FramePainter,
    reducer: Option<PaletteReducer>,
    /// Whether the first frame has the size of the output, as most others then have.
    has_their_size: bool,
    cache: &'a FrameCache,
    cancel: &'a CancelToken,
}

/// The frames that pictures are made of.
pub(super) struct SourceFrames<'a> {
    /// The graded frames. Empty: a backdrop stands for them.
    pub(super) inputs: &'a [InputFile],
    /// How many frames there are.
    pub(super) count: usize,
    /// Frames a second.
    pub(super) rate: FrameRate,
    /// What is drawn over them.
    pub(super) painter: FramePainter,
}

/// One picture, ready to be written.
pub(super) enum PreparedImage {
    /// In full colour.
    FullColour(Arc<DisplayImage>),
    /// In the few colours of a retro palette.
    Paletted(PalettedImage),
}

impl<'a> FrameSource<'a> {
    /// Chooses the frames and, for a retro look, the palette of the whole shot.
    pub(super) fn select_frames(
        format: &'a OutputFormat,
        frames: SourceFrames<'a>,
        count: usize,
        cache: &'a FrameCache,
        cancel: &'a CancelToken,
    ) -> Result<Self, JobFailure> {
        // The last picture of a conversion between rates can round to a frame past the end, so the
        // index is capped.
        let last = frames.count.saturating_sub(1);
        // Each picture counts from the start of the shot, so rounding of one never moves the next.
        let picks = (0..count).map(|index| format.rate.source_index(index, frames.rate).min(last));
        let picks = if format.codec.still_format().is_some() {
            // A single picture shows the middle of the shot: rates of pictures and output do not
            // matter.
            vec![frames.count / 2; count]
        } else {
            // Equal neighbours count as one frame, which is then fitted, painted and encoded once.
            shared_picks(picks, &frames)
        };
        let mut source = Self {
            format,
            inputs: frames.inputs,
            picks,
            painter: frames.painter,
            reducer: None,
            // A first frame that is damaged is reported when it is read.
            has_their_size: frames.inputs.first().is_some_and(|first| {
                picture_header(&first.path).is_ok_and(|(_, size)| size == format.size)
            }),
            cache,
            cancel,
        };
        // Also for GIF, which has a palette though the document asks for none.
        if let Some(retro) = palette_treatment(format).as_ref() {
            // The palette is chosen from all frames of the shot before the first is written. A
            // palette for each frame would make still areas flicker.
            let picks = source.distinct_frames();
            let histogram = picks.par_iter().map(|pick| {
                let shown = source.fit_frame(*pick, FrameWait::Refused)?;
                Ok(PaletteReducer::count_colours(retro, &shown))
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
        // A search and no list for each frame: picks never decrease, and a shot may have a hundred
        // thousand.
        self.picks.partition_point(|other| *other < pick)
            ..self.picks.partition_point(|other| *other <= pick)
    }

    /// Reads and fits one frame, and reduces it for a retro look.
    pub(super) fn prepare_frame(
        &self,
        pick: usize,
        wait: FrameWait,
    ) -> Result<PreparedImage, JobFailure> {
        let shown = self.fit_frame(pick, wait)?;
        Ok(match &self.reducer {
            Some(reducer) => PreparedImage::Paletted(reducer.reduce_image(&shown)),
            None => PreparedImage::FullColour(shown),
        })
    }

    fn fit_frame(&self, pick: usize, wait: FrameWait) -> Result<Arc<DisplayImage>, JobFailure> {
        // Looked at before each frame, which may take a second; between two frames nothing is lost.
        if self.cancel.is_halting() {
            return Err(JobFailure::new(
                FailureClass::Cancelled,
                "encode: stopped on request",
            ));
        }
        let mut shown = match self.inputs.get(pick) {
            Some(input) => self.fitted_input(input, wait)?,
            None => {
                expect_memory(Path::new("a title"), self.output_size())?;
                Arc::new(DisplayImage::filled_with(self.output_size(), [0; 3]))
            }
        };
        // After fitting, so that text is sharp at every size; before a palette is chosen, so that
        // it has the colours of the text too.
        if self.painter.draws_on(pick) {
            // A frame that encodes for other outputs share is copied.
            let own = Arc::make_mut(&mut shown);
            self.painter.paint(pick, own.size, &mut own.pixels);
        }
        Ok(shown)
    }

    /// Returns a graded frame at the size of the output.
    fn fitted_input(
        &self,
        input: &InputFile,
        wait: FrameWait,
    ) -> Result<Arc<DisplayImage>, JobFailure> {
        // Nothing to fit: the decoded frame is used as it is, and takes no second place in the
        // cache.
        if self.has_their_size {
            let shown = self.read_frame(input, wait)?;
            // Pictures of footage may differ from the first.
            if shown.size == self.output_size() {
                return Ok(shown);
            }
        }
        let for_palette = self.format.retro.is_some();
        let key = FrameKey {
            path: input.path.clone(),
            form: FrameForm::Fitted {
                size: self.output_size(),
                fit: self.format.fit,
                for_palette,
            },
        };
        self.cache.frame(&key, self.shot_path(), wait, || {
            let decoded = self.read_frame(input, wait)?;
            // The frame at the size of the output, and its bytes for the encoder.
            expect_memory(&input.path, self.output_size())?;
            // Lanczos overshoots at edges. In few colours that becomes a rim of wrong colour around
            // every shape, so retro pictures are averaged by area.
            let filter = if for_palette {
                ResampleFilter::Area
            } else {
                ResampleFilter::Lanczos
            };
            Ok(Arc::new(resample::fit_to_size(
                Arc::unwrap_or_clone(decoded),
                self.output_size(),
                self.format.fit,
                filter,
            )))
        })
    }

    /// Returns the key of this shot's frames in the cache: the path of the first.
    fn shot_path(&self) -> &Path {
        // The first file stands for the shot: the cache only needs to know whether two frames are
        // of one.
        self.inputs
            .first()
            .map_or(Path::new(""), |first| &first.path)
    }

    /// Reads a graded frame as it is.
    fn read_frame(
        &self,
        input: &InputFile,
        wait: FrameWait,
    ) -> Result<Arc<DisplayImage>, JobFailure> {
        let key = FrameKey {
            path: input.path.clone(),
            form: FrameForm::Decoded,
        };
        self.cache.frame(&key, self.shot_path(), wait, || {
            let shown = read_png(&input.path).map_err(|error| {
                JobFailure::new(
                    // Frames were checked when they were made, so one that cannot be read now is
                    // damaged in the store. Another attempt of this job would read the same.
                    FailureClass::MissingInput,
                    format!("encode {}: {error}", input.name),
                )
            })?;
            Ok(Arc::new(shown))
        })
    }
}

/// Colours that a picture of GIF can have beside the one that stands for transparency.
const GIF_COLOURS: u16 = 255;

/// Strength of the pattern of GIF: half of what a console shows, for its palette is many times
/// larger.
const GIF_DITHER: f32 = 0.5;

/// Returns how pictures are reduced to a palette. `None`: they are in full colour.
fn palette_treatment(format: &OutputFormat) -> Option<RetroTreatment> {
    if format.retro.is_some() {
        return format.retro.clone();
    }
    match &format.codec.spec().delivery {
        CodecDelivery::Animation(animation) if animation.format == AnimationFormat::Gif => {
            Some(RetroTreatment {
                palette: Palette::Adaptive {
                    bits: 6,
                    colours: GIF_COLOURS,
                },
                // A fixed pattern: what does not move stays the same from picture to picture, and
                // is not stored again.
                dither: DitherMethod::Ordered,
                strength: GIF_DITHER,
                size: format.size,
            })
        }
        _ => None,
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
            Self::FullColour(shown) => Arc::unwrap_or_clone(shown),
            Self::Paletted(reduced) => reduced.to_display_image(),
        }
    }
}

/// Returns the first of equal frames for each of them, so that what does not move is drawn once.
fn shared_picks(picks: impl Iterator<Item = usize>, frames: &SourceFrames<'_>) -> Vec<usize> {
    let path = |pick: usize| frames.inputs.get(pick).map(|input| &input.path);
    let mut shared: Vec<usize> = Vec::new();
    for pick in picks {
        let before = shared.last().copied();
        // A file of the store has its digest for a name, so equal frames are one file.
        let same = before.filter(|before| {
            path(*before) == path(pick) && frames.painter.is_same_picture(*before, pick)
        });
        shared.push(same.unwrap_or(pick));
    }
    shared
}

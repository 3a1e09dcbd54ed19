//! The pictures that go out: which graded frame each one shows, fitted to the deliverable and, if asked, made retro.

use crate::base::CancelToken;
use crate::media::picture::{DisplayImage, read_png};
use crate::media::resample::{self, ResampleFilter};
use crate::model::{FrameRate, InputFile, OutputFormat, PixelSize};
use crate::producers::retro::{Reduced, Reducer};
use crate::producers::task::{Failure, FailureClass};
use rayon::prelude::*;

/// The pictures of one shot at one deliverable's size and rate.
pub(super) struct Source<'a> {
    format: &'a OutputFormat,
    materials: &'a [InputFile],
    /// Index into `materials` for each picture that goes out; it never goes back.
    picks: Vec<usize>,
    reducer: Option<Reducer>,
    cancel: &'a CancelToken,
}

/// One picture, ready to be written.
pub(super) enum Ready {
    /// In full colour.
    Full(DisplayImage),
    /// In the few colours of a retro palette.
    Few(Reduced),
}

impl<'a> Source<'a> {
    /// Chooses the frames and, for a retro look, the colours of the whole shot.
    pub(super) fn of(
        format: &'a OutputFormat,
        rate: FrameRate,
        materials: &'a [InputFile],
        count: usize,
        cancel: &'a CancelToken,
    ) -> Result<Self, Failure> {
        let last = materials.len() - 1;
        let picks: Vec<usize> = (0..count)
            .map(|index| format.rate.source_index(index, rate).min(last))
            .collect();
        let mut source = Self {
            format,
            materials,
            picks,
            reducer: None,
            cancel,
        };
        if let Some(retro) = &format.retro {
            let picks = source.distinct();
            let histogram = picks
                .par_iter()
                .map(|pick| Ok(Reducer::count(retro, &source.fitted(*pick)?)));
            let merged = histogram.try_reduce(Default::default, |one, other| {
                Ok::<_, Failure>(one.merged(other))
            })?;
            let reducer = Reducer::new(retro, &merged);
            source.reducer = Some(
                reducer.map_err(|why| Failure::new(FailureClass::BadOutput, why.to_string()))?,
            );
        }
        Ok(source)
    }

    pub(super) fn format(&self) -> &'a OutputFormat {
        self.format
    }

    pub(super) fn size(&self) -> PixelSize {
        super::work::final_size(self.format)
    }

    /// Returns how many pictures go out.
    pub(super) fn len(&self) -> usize {
        self.picks.len()
    }

    /// Returns the frames that are shown at all, each once, in order.
    pub(super) fn distinct(&self) -> Vec<usize> {
        let mut picks = self.picks.clone();
        picks.dedup();
        picks
    }

    /// Returns the indices of the outgoing pictures that show frame `pick`.
    pub(super) fn shown_by(&self, pick: usize) -> std::ops::Range<usize> {
        self.picks.partition_point(|other| *other < pick)
            ..self.picks.partition_point(|other| *other <= pick)
    }

    /// Reads, fits and, for a retro look, reduces one frame.
    pub(super) fn ready(&self, pick: usize) -> Result<Ready, Failure> {
        let shown = self.fitted(pick)?;
        Ok(match &self.reducer {
            Some(reducer) => Ready::Few(reducer.reduce(&shown)),
            None => Ready::Full(shown),
        })
    }

    fn fitted(&self, pick: usize) -> Result<DisplayImage, Failure> {
        if self.cancel.is_halting() {
            return Err(Failure::new(
                FailureClass::Cancelled,
                "encode: stopped on request",
            ));
        }
        let material = &self.materials[pick];
        let shown = read_png(&material.path).map_err(|error| {
            Failure::new(
                FailureClass::MissingInput,
                format!("encode {}: {error}", material.name),
            )
        })?;
        let filter = if self.format.retro.is_some() {
            ResampleFilter::Area
        } else {
            ResampleFilter::Lanczos
        };
        Ok(resample::fit_to_size(
            shown,
            self.size(),
            self.format.fit,
            filter,
        ))
    }
}

impl Ready {
    /// Returns the picture in full colour.
    pub(super) fn into_shown(self) -> DisplayImage {
        match self {
            Self::Full(shown) => shown,
            Self::Few(reduced) => reduced.to_shown(),
        }
    }
}

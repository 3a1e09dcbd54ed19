//! The part of a film that a job reads: where to seek, which pictures to keep, and how their
//! colours are converted.
//!
//! Pictures are chosen by their time in the file and not by counting from the seek, because a seek
//! lands on a key frame that only the demuxer knows.

use crate::model::FilmPart;

/// The containers that a film may be in, as ffmpeg names them.
// A playlist or an `ffconcat` file names other files, and a document must not make the program
// open what is outside its folder. These containers hold their pictures themselves.
pub const FILM_FORMATS: &str = "mov,matroska,avi,mpegts,mpeg,mxf,ogg,flv,asf,gif,apng,nut,dv,ivf,\
    yuv4mpegpipe,webp_pipe,mpegvideo,h264,hevc,rm,obu";

/// Seconds that a seek stays before the first picture.
// Time stamps of the container and of the stream may differ by the delay of the encoder.
const SEEK_MARGIN: f64 = 1.0;

/// Where pictures are in a film.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PictureSpan {
    /// The place to seek to, in seconds from the start of the file. `None`: read from the start.
    pub(super) seek_seconds: Option<f64>,
    /// How many pictures there are from the first to the last that is taken.
    pub(super) count: u64,
    first: u64,
    last: u64,
}

impl PictureSpan {
    pub(super) fn from_part(part: &FilmPart) -> Self {
        let first = part.pictures.iter().min().copied().unwrap_or_default();
        let last = part.pictures.iter().max().copied().unwrap_or_default();
        let reading = part.reading;
        let seconds = picture_time(part, first, 0.0) - reading.file_start - SEEK_MARGIN;
        Self {
            // Pictures of changing duration are counted from the first, so all must be read.
            seek_seconds: (reading.is_steady && seconds > SEEK_MARGIN).then_some(seconds),
            count: last - first + 1,
            first,
            last,
        }
    }

    /// Returns the filters that keep these pictures, at their size, in RGB.
    pub(super) fn filters(&self, part: &FilmPart) -> String {
        let chosen = if part.reading.is_steady {
            // Half a picture of room on both sides: containers round times, to a millisecond in
            // Matroska.
            format!(
                "select='gte(t,{:.6})*lt(t,{:.6})'",
                picture_time(part, self.first, -0.5),
                picture_time(part, self.last, 0.5)
            )
        } else {
            let rate = part.rate;
            format!(
                "setpts=PTS-STARTPTS,fps={}/{}:round=near,select='between(n,{},{})'",
                rate.num, rate.den, self.first, self.last
            )
        };
        // swscale takes BT.601 for every film without a tag. Players take BT.709 for what is HD.
        let matrix = if part.reading.is_untagged && part.size.height >= 720 {
            ":in_color_matrix=bt709"
        } else {
            ""
        };
        format!(
            "{chosen},scale={}:{}:flags=lanczos+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact:\
             out_range=pc{matrix},format=rgb48le,settb=1/1,setpts=N",
            part.size.width, part.size.height
        )
    }
}

/// Returns the time of a picture in the film, `shift` pictures later.
#[expect(
    clippy::cast_precision_loss,
    reason = "numbers of pictures stay far below 2^52"
)]
fn picture_time(part: &FilmPart, index: u64, shift: f64) -> f64 {
    part.reading.first + (index as f64 + shift) / part.rate.as_f64()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::footage::FilmReading;
    use crate::model::{FrameRate, PixelSize};

    fn part(pictures: &[u64]) -> FilmPart {
        FilmPart {
            pictures: pictures.to_vec(),
            rate: FrameRate::from_fps(25),
            size: PixelSize::new(1280, 720),
            reading: FilmReading {
                first: 0.0,
                file_start: 0.0,
                is_steady: true,
                is_untagged: true,
            },
        }
    }

    #[test]
    fn the_start_of_a_film_is_read_without_a_seek() {
        let span = PictureSpan::from_part(&part(&[0, 0, 1, 3]));
        assert_eq!((span.seek_seconds, span.count), (None, 4));
    }

    #[test]
    fn later_pictures_are_chosen_by_their_time_after_a_seek_before_them() {
        let later = part(&[250, 252]);
        let span = PictureSpan::from_part(&later);
        assert_eq!((span.seek_seconds, span.count), (Some(9.0), 3));
        let filters = span.filters(&later);
        assert!(
            filters.starts_with("select='gte(t,9.980000)*lt(t,10.100000)'"),
            "{filters}"
        );
        assert!(filters.contains("in_color_matrix=bt709"));
    }

    #[test]
    fn a_film_of_changing_rate_is_read_from_its_start() {
        let mut changing = part(&[250, 252]);
        changing.reading.is_steady = false;
        let span = PictureSpan::from_part(&changing);
        assert_eq!(span.seek_seconds, None);
        assert!(
            span.filters(&changing)
                .contains("fps=25/1:round=near,select='between(n,250,252)'")
        );
    }
}

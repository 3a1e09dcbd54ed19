//! Which frames outputs of single pictures show. A still needs one frame, so it waits for no others,
//! and a still of its own file has a chunk of its own.

use crate::model::FrameList;
use crate::model::codec::StillFormat;
use crate::model::production::Output;
use crate::timeline::{PartSource, PictureTrack, TrackPart};

/// Returns the parts of a track that are encoded. Those of single pictures have one frame.
pub(super) fn encoded_parts(track: &PictureTrack, still: Option<StillFormat>) -> Vec<TrackPart> {
    let parts = track.parts().into_iter();
    match still {
        None => parts.collect(),
        Some(StillFormat::Poster) => {
            let middle = track.middle_frame();
            parts
                .filter(|part| (part.start..part.start + part.length).contains(&middle))
                .map(middle_of_part)
                .collect()
        }
        // A title between shots is no shot.
        Some(StillFormat::ContactSheet) => parts
            .filter(|part| match part.source {
                PartSource::Clip(clip) => track.clips[clip].shot.is_some(),
                PartSource::Transition(_) => false,
            })
            .map(middle_of_part)
            .collect(),
    }
}

const fn middle_of_part(part: TrackPart) -> TrackPart {
    TrackPart {
        start: part.start + part.length / 2,
        length: 1,
        ..part
    }
}

/// Returns the frames of each shot that a still in a file of its own shows, by their places in the
/// shot. `count` is the number of shots.
pub(super) fn lone_frames(
    outputs: &[Output],
    tracks: &[PictureTrack],
    count: usize,
) -> Vec<Vec<usize>> {
    let mut lone = vec![Vec::new(); count];
    for (output, track) in outputs.iter().zip(tracks) {
        // A poster of the whole film, and a sheet of every shot, come with the film.
        let still = output.format.codec.still_format();
        let Some(still) = still.filter(|_| output.shot_file.is_some()) else {
            continue;
        };
        for part in encoded_parts(track, Some(still)) {
            let PartSource::Clip(clip) = part.source else {
                continue;
            };
            let clip = &track.clips[clip];
            if let Some(places) = clip.shot.and_then(|shot| lone.get_mut(shot)) {
                places.push(part.start - clip.start);
            }
        }
    }
    for places in &mut lone {
        places.sort_unstable();
        // Several outputs may show the same frame, which is rendered once.
        places.dedup();
    }
    lone
}

/// Returns chunks with these frames of the shot in chunks of their own. Other chunks stay as they
/// are, so that a storyboard that is added renders little anew.
pub(super) fn with_lone_frames(chunks: Vec<FrameList>, places: &[usize]) -> Vec<FrameList> {
    // Nearly every shot: its chunks stay as they are, and so do the names of its jobs.
    if places.is_empty() {
        return chunks;
    }
    let mut divided = Vec::with_capacity(chunks.len() + 2 * places.len());
    let mut start = 0;
    for chunk in chunks {
        let end = start + chunk.len();
        let mut frames = chunk.iter();
        let mut from = start;
        for place in places.iter().filter(|place| (start..end).contains(*place)) {
            let before: FrameList = frames.by_ref().take(place - from).collect();
            let own: FrameList = frames.by_ref().take(1).collect();
            divided.extend([before, own].into_iter().filter(|part| !part.is_empty()));
            from = place + 1;
        }
        // Untouched chunks are copied whole: a list of frames knows its steps, and one that is
        // collected frame by frame may be written otherwise.
        let rest = if from == start {
            chunk.clone()
        } else {
            frames.collect()
        };
        divided.extend(Some(rest).filter(|rest: &FrameList| !rest.is_empty()));
        start = end;
    }
    divided
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_frame_has_a_chunk_and_the_others_stay() {
        let frames = FrameList::from_bounds(1001, 1060);
        let shown = |places: &[usize]| -> Vec<String> {
            let chunks = with_lone_frames(frames.chunks(24), places);
            chunks.iter().map(ToString::to_string).collect()
        };
        assert_eq!(shown(&[]), ["1001-1024", "1025-1048", "1049-1060"]);
        assert_eq!(
            shown(&[30]),
            ["1001-1024", "1025-1030", "1031", "1032-1048", "1049-1060"]
        );
        assert_eq!(
            shown(&[0, 23, 59]),
            [
                "1001",
                "1002-1023",
                "1024",
                "1025-1048",
                "1049-1059",
                "1060"
            ]
        );
    }
}

//! The picture side: numbered PNG, EXR or TIFF files. The first picture is number 1.

use super::source::{Ready, Source};
use crate::media::picture::{self, DisplayImage, LinearImage};
use crate::media::resample::linear_table;
use crate::model::Codec;
use crate::producers::task::{Assignment, Failure, Produced};
use rayon::prelude::*;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Returns the name of picture `index` (from 0) of a deliverable, such as `000001.png` for the first.
#[must_use]
pub fn picture_name(codec: Codec, index: usize) -> String {
    format!("{:06}.{}", index + 1, codec.extension())
}

/// Writes all pictures of the shot, numbered from 1.
pub(super) fn write(source: &Source, assignment: &Assignment) -> Result<Vec<Produced>, Failure> {
    let done = AtomicUsize::new(0);
    let groups: Result<Vec<Vec<Produced>>, Failure> = source
        .distinct()
        .par_iter()
        .map(|pick| {
            let group = write_repeats(source, *pick, assignment.scratch)?;
            (assignment.progress)(
                done.fetch_add(group.len(), Ordering::Relaxed) + group.len(),
                source.len(),
            );
            Ok(group)
        })
        .collect();
    Ok(groups?.into_iter().flatten().collect())
}

/// Writes one frame and copies it for each further picture that shows it.
fn write_repeats(source: &Source, pick: usize, folder: &Path) -> Result<Vec<Produced>, Failure> {
    let codec = source.format().codec;
    let produced = |index: usize| {
        let name = picture_name(codec, index);
        Produced {
            path: folder.join(&name),
            name,
        }
    };
    let group: Vec<Produced> = source.shown_by(pick).map(produced).collect();
    let Some((original, copies)) = group.split_first() else {
        return Ok(group);
    };
    write_one(codec, &original.path, source.ready(pick)?)?;
    for copy in copies {
        std::fs::copy(&original.path, &copy.path)
            .map_err(|error| Failure::io("copy a repeated picture", &error))?;
    }
    Ok(group)
}

fn write_one(codec: Codec, path: &Path, ready: Ready) -> Result<(), Failure> {
    Ok(match (codec, ready) {
        (Codec::Exr, ready) => picture::write_exr(path, &light_of(&ready.into_shown())),
        (Codec::Tiff, ready) => picture::write_tiff(path, &ready.into_shown()),
        (_, Ready::Few(few)) => picture::write_indexed(path, few.size, few.palette(), &few.indices),
        (_, Ready::Full(shown)) => picture::write_png8(path, shown.size, &shown.to_8_bits()),
    }?)
}

/// Returns the light that a screen of gamma 2.2 sends out: EXR is linear by definition, and graded frames are not.
fn light_of(shown: &DisplayImage) -> LinearImage {
    let table = linear_table();
    let pixels = shown
        .pixels
        .iter()
        .map(|pixel| pixel.map(|value| table[usize::from(value)]))
        .collect();
    LinearImage {
        size: shown.size,
        pixels,
    }
}

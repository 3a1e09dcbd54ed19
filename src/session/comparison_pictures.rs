//! Pictures of the store, made small for pages: those that changed between two revisions, side by
//! side.

use crate::base::Digest;
use crate::media::thumbnail::jpeg_thumbnail;
use crate::model::Phase;
use crate::report::html::{EmbeddedImage, ImagePair};
use crate::store::BlobStore;
use crate::store::manifest::{Manifest, ManifestDifference};
use std::collections::BTreeSet;

/// Pixels across of a picture in a comparison.
const COMPARED_WIDTH: u32 = 480;
/// Phases whose files are pictures to look at; what was rendered is looked at graded.
const PICTURE_PHASES: [Phase; 3] = [Phase::Characters, Phase::Locations, Phase::PostProcess];

/// Returns a picture of the store, `width` pixels across; `None` when it is gone or no picture.
pub(super) fn embedded_thumbnail(
    blobs: &BlobStore,
    digest: &Digest,
    width: u32,
) -> Option<EmbeddedImage> {
    let bytes = jpeg_thumbnail(&blobs.blob_path(digest), width).ok()?;
    Some(EmbeddedImage {
        mime: "image/jpeg".to_owned(),
        bytes,
    })
}

/// Returns changed pictures that are still in the store, before and after: of each job the first,
/// middle and last.
pub(crate) fn changed_pictures(
    differences: &[ManifestDifference],
    later: &Manifest,
    blobs: &BlobStore,
) -> Vec<ImagePair> {
    let draw = |digest: &Option<Digest>| {
        let digest = digest.as_ref()?;
        embedded_thumbnail(blobs, digest, COMPARED_WIDTH)
    };
    let mut pairs = Vec::new();
    for difference in differences {
        let ManifestDifference::Changed { job, changes, .. } = difference else {
            continue;
        };
        if !later
            .jobs
            .get(job)
            .is_some_and(|made| PICTURE_PHASES.contains(&made.phase))
        {
            continue;
        }
        let last = changes.len().saturating_sub(1);
        let picks: BTreeSet<usize> = [0, last / 2, last].into();
        for (file, before, after) in picks.into_iter().filter_map(|index| changes.get(index)) {
            let before = draw(before);
            let after = draw(after);
            if before.is_some() || after.is_some() {
                pairs.push(ImagePair {
                    title: format!("{job} · {file}"),
                    before,
                    after,
                });
            }
        }
    }
    pairs
}

//! Thumbnails of pictures in the store, for pages that compare two revisions.

use crate::base::Digest;
use crate::media::thumbnail::jpeg_thumbnail;
use crate::model::Phase;
use crate::report::html::{EmbeddedImage, ImagePair};
use crate::store::BlobStore;
use crate::store::manifest::{Manifest, ManifestDifference};
use std::collections::BTreeSet;

/// Width of a picture in a comparison, in pixels.
const COMPARED_WIDTH: u32 = 480;
/// Phases whose outputs are pictures to look at. Rendered frames are shown graded.
const PICTURE_PHASES: [Phase; 3] = [Phase::Characters, Phase::Locations, Phase::PostProcess];

/// Returns a picture of the store, `width` pixels wide. `None` if it is missing or not a picture.
pub(super) fn embedded_thumbnail(
    blobs: &BlobStore,
    digest: &Digest,
    width: u32,
) -> Option<EmbeddedImage> {
    // Embedded in the page and not linked, because a clean-up may remove the blob later. JPEG at
    // this width keeps the page small.
    if !blobs.verify_content(digest) {
        return None;
    }
    let bytes = jpeg_thumbnail(&blobs.blob_path(digest), width).ok()?;
    Some(EmbeddedImage {
        mime: "image/jpeg".to_owned(),
        bytes,
    })
}

/// Returns pairs of changed pictures, before and after: of each job the first, middle and last one.
/// Pictures that are no longer in the store are left out.
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
        // The phase comes from the later manifest: a job that only the earlier one has is removed,
        // and not changed.
        if !later
            .jobs
            .get(job)
            .is_some_and(|made| PICTURE_PHASES.contains(&made.phase))
        {
            continue;
        }
        let last = changes.len().saturating_sub(1);
        // A set, because the three are the same for a job with one file.
        let picks: BTreeSet<usize> = [0, last / 2, last].into();
        for (file, before, after) in picks.into_iter().filter_map(|index| changes.get(index)) {
            let before = draw(before);
            let after = draw(after);
            // One side is enough. The older picture is often gone, and the new one alone still
            // shows what changed.
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

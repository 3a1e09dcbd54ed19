//! Facts about apertures: what is near the focus is sharp, and what is far from it is not.

use super::{SIZE, blender, draw, render, staging};
use crate::media::picture::read_picture;
use crate::model::camera::Camera;
use crate::model::lens_optics::{FocusTarget, LensOptics};
use crate::model::{Engine, FrameList, JobAction, ShotStaging};
use std::path::Path;
use std::sync::Arc;

/// Returns the steepest edge across the middle of a picture, which is that of the figure.
fn edge(folder: &Path) -> f32 {
    let picture = read_picture(&folder.join("0006.exr")).unwrap();
    let row = picture
        .pixels
        .chunks(SIZE.width as usize)
        .nth(SIZE.height as usize / 2)
        .unwrap();
    // Only the figure is red: everything else is grey in every light.
    let red: Vec<f32> = row.iter().map(|[r, g, b]| (r - g) / (r + g + b)).collect();
    red.windows(2)
        .map(|pair| (pair[0] - pair[1]).abs())
        .fold(0.0, f32::max)
}

#[test]
fn a_figure_out_of_focus_has_softer_edges_than_one_in_focus() {
    let Some(blender) = blender() else { return };
    let folder = tempfile::tempdir().unwrap();
    for engine in [Engine::Cycles, Engine::Workbench] {
        let edges = [
            FocusTarget::Subject,
            FocusTarget::Performer(0),
            FocusTarget::Distance(0.5),
        ]
        .map(|focus| {
            let mut work = render(engine.clone(), FrameList::from_bounds(6, 6), 16);
            if let JobAction::Render {
                staging: drawn,
                noisy,
                ..
            } = &mut work
            {
                let staging = staging();
                let camera = Camera {
                    optics: Some(LensOptics {
                        aperture: 0.8,
                        focus,
                    }),
                    ..staging.camera
                };
                (*drawn, *noisy) = (Arc::new(ShotStaging { camera, ..staging }), true);
            }
            let own = folder.path().join(format!("{}-{focus:?}", engine.name()));
            draw(&blender, &work, &own).unwrap();
            edge(&own)
        });
        let [subject, performer, near] = edges;
        assert!(
            (subject - performer).abs() < 1e-4,
            "{engine:?}: the subject is the performer: {edges:?}"
        );
        assert!(subject > 3.0 * near, "{engine:?}: {edges:?}");
    }
}

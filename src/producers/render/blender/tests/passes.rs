//! Facts about passes: their values are the measures of the scene, the same from every renderer.

use super::{SIZE, blender, draw, figure, gpu, render, staging};
use crate::media::exr_layers::ExrLayers;
use crate::media::picture::read_picture;
use crate::model::camera::{Camera, CameraAngle};
use crate::model::pass::BACKGROUND_DEPTH;
use crate::model::shot_staging::SceneEnvironment;
use crate::model::{Engine, FrameList, JobAction, RenderPass, ShotStaging};
use std::path::Path;
use std::sync::Arc;

/// The cylinder outdoors, where the ground is visible.
fn outside() -> ShotStaging {
    let staging = staging();
    ShotStaging {
        camera: Camera {
            angle: CameraAngle::Eye,
            ..staging.camera
        },
        environment: SceneEnvironment::Sky {
            zenith: [0.2, 0.4, 0.8],
            horizon: [0.6, 0.7, 0.8],
            ground: [0.2; 3],
            glow: 0.2,
            stars: 0.0,
            clouds: 0.0,
        },
        ..staging
    }
}

pub(super) fn telling(requested: &[RenderPass], engine: Engine) -> JobAction {
    let mut work = render(engine, FrameList::from_bounds(6, 6), 2);
    if let JobAction::Render {
        staging,
        passes,
        noisy,
        ..
    } = &mut work
    {
        (*staging, *passes, *noisy) = (Arc::new(outside()), requested.into(), true);
    }
    work
}

fn layers(folder: &Path, pass: RenderPass) -> ExrLayers {
    ExrLayers::read(&folder.join(pass.file_name_beside("0006.exr"))).unwrap()
}

/// Returns the three values of a pixel; three times the one value of a depth.
fn at(layers: &ExrLayers, x: u32, y: u32) -> [f32; 3] {
    let index = (y * SIZE.width + x) as usize;
    let of = |letters: [&str; 3]| {
        layers
            .layer_channels(&[""], letters)
            .map(|axes| axes.map(|values| values[index]))
    };
    of(["X", "Y", "Z"])
        .or_else(|| of(["R", "G", "B"]))
        .or_else(|| of(["Z"; 3]))
        .unwrap()
}

/// Returns a pixel within the red figure, well away from its edge.
fn inside(folder: &Path) -> (u32, u32) {
    let inside = figure(&read_picture(&folder.join("0006.exr")).unwrap());
    let row = |y: u32| {
        (0..SIZE.width)
            .filter(|x| inside[(y * SIZE.width + x) as usize])
            .collect::<Vec<_>>()
    };
    let y = SIZE.height / 2;
    let across = row(y);
    (across[across.len() / 2], y)
}

/// Looks at both sides below, off the middle, where a distance would be more than a depth.
fn assert_ground_faces_up(folder: &Path, requested: &[RenderPass], engine: &Engine) {
    let places = layers(folder, RenderPass::Position);
    for x in [10, SIZE.width - 10] {
        let y = SIZE.height - 4;
        let place = at(&places, x, y);
        assert!(
            (place[1] + 0.002).abs() < 0.02,
            "{engine:?} sees the ground at {place:?}"
        );
        if requested.contains(&RenderPass::Normal) {
            let normal = at(&layers(folder, RenderPass::Normal), x, y);
            assert!(
                (normal[1] - 1.0).abs() < 1e-3,
                "{engine:?}: the ground faces {normal:?}"
            );
        }
    }
}

#[test]
fn depth_is_in_metres_and_the_ground_faces_up_in_every_renderer() {
    let (Some(blender), Some(_)) = (blender(), gpu()) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for engine in [Engine::Previz, Engine::Cycles, Engine::Workbench] {
        let requested: Vec<RenderPass> =
            [RenderPass::Depth, RenderPass::Normal, RenderPass::Position]
                .into_iter()
                .filter(|pass| engine.supported_passes().contains(pass))
                .collect();
        let own = folder.path().join(engine.name());
        let work = telling(&requested, engine.clone());
        let finished = draw(&blender, &work, &own).unwrap();
        let names: Vec<String> = finished
            .outputs
            .iter()
            .map(|output| output.name.clone())
            .collect();
        assert_eq!(
            names,
            crate::producers::render::rendered_outputs::expected_names(&work),
            "{engine:?}"
        );
        let depth = layers(&own, RenderPass::Depth);
        let places = layers(&own, RenderPass::Position);
        assert_ground_faces_up(&own, &requested, &engine);
        // The figure stands at a place that is known.
        let (x, y) = inside(&own);
        let middle = at(&places, x, y);
        assert!(
            (middle[0] - 0.4).abs() < 1.0 && (middle[2] + 1.0).abs() < 1.0,
            "{engine:?}: {middle:?}"
        );
        assert_eq!(
            at(&depth, 4, 2)[0],
            BACKGROUND_DEPTH,
            "{engine:?} tells of nothing in the sky"
        );
    }
    let [previz, cycles] = [Engine::Previz, Engine::Cycles]
        .map(|engine| layers(&folder.path().join(engine.name()), RenderPass::Depth));
    let pixels = (0..SIZE.height).flat_map(|y| (0..SIZE.width).map(move |x| (x, y)));
    let near = pixels
        .filter(|(x, y)| (at(&previz, *x, *y)[0] / at(&cycles, *x, *y)[0] - 1.0).abs() < 0.02)
        .count();
    assert!(
        near as f32 > 0.95 * SIZE.pixel_count() as f32,
        "{near} depths are the same"
    );
}

#[test]
fn light_of_all_kinds_adds_up_to_the_picture_which_is_the_same_without_passes() {
    let Some(blender) = blender() else { return };
    let folder = tempfile::tempdir().unwrap();
    let [plain, with_passes] = ["plain", "with_passes"].map(|name| folder.path().join(name));
    draw(&blender, &telling(&[], Engine::Cycles), &plain).unwrap();
    let requested = [
        RenderPass::AmbientOcclusion,
        RenderPass::Albedo,
        RenderPass::Diffuse,
        RenderPass::Specular,
        RenderPass::Transmission,
        RenderPass::Emission,
    ];
    draw(&blender, &telling(&requested, Engine::Cycles), &with_passes).unwrap();
    let bytes = |folder: &Path| std::fs::read(folder.join("0006.exr")).unwrap();
    assert!(bytes(&plain) == bytes(&with_passes));
    let whole = ExrLayers::read(&with_passes.join("0006.exr")).unwrap();
    let parts = [
        RenderPass::Diffuse,
        RenderPass::Specular,
        RenderPass::Transmission,
        RenderPass::Emission,
    ]
    .map(|pass| layers(&with_passes, pass));
    let (x, y) = inside(&with_passes);
    for y in [y, SIZE.height - 4] {
        let sum = parts.iter().fold([0.0; 3], |sum, part| {
            let light = at(part, x, y);
            [0, 1, 2].map(|i| sum[i] + light[i])
        });
        let seen = at(&whole, x, y);
        let close = sum
            .iter()
            .zip(seen)
            .all(|(sum, seen)| (sum - seen).abs() < 0.02 * seen.max(0.05));
        assert!(close, "{sum:?} and not {seen:?}");
    }
    let red = at(&layers(&with_passes, RenderPass::Albedo), x, y);
    assert!(red[0] > 3.0 * red[1], "the cylinder is red: {red:?}");
}

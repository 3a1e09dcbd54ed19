//! Facts about whole sprites, drawn on any adapter.

use super::{PrevizRenderer, SceneParts};
use crate::base::CancelToken;
use crate::gpu::{AdapterChoice, GpuDevice};
use crate::media::AlphaImage;
use crate::media::gltf::sample::sample_cylinder;
use crate::model::shot_staging::{KeyLight, SceneEnvironment};
use crate::model::sprites::{ClipSampling, SpriteClip, SpriteClipFacts, SpriteScale, SpriteWork};
use crate::model::{Engine, InputFile, InputFiles, InputSlot, JobAction, PixelSize};
use crate::producers::contract::{FailureClass, JobContext, JobFailure};
use crate::producers::render::rendered_outputs::check_drawn;
use crate::producers::testing::require_or_skip;
use std::collections::BTreeMap;

const CELL: PixelSize = PixelSize::new(48, 64);

fn bend(frames: u32) -> SpriteClip {
    SpriteClip {
        clip: Some("bend".to_owned()),
        sampling: ClipSampling::Frames(frames),
        repeats: true,
    }
}

fn sprite_work(elevation: f32, turn: f32) -> SpriteWork {
    SpriteWork {
        engine: Engine::Previz,
        clip: bend(3),
        turn,
        elevation,
        cell: CELL,
        scale: SpriteScale::Fitted(vec![bend(3)].into()),
        environment: SceneEnvironment::Studio {
            backdrop: [0.3; 3],
            top: [1.0; 3],
            side: [0.5; 3],
        },
        key: KeyLight {
            azimuth: 38.0,
            elevation: 42.0,
            temperature: 5400.0,
            intensity: 2.2,
            softness: 9.0,
        },
        samples: 8,
    }
}

/// Returns the frames of a clip, and what was found out about it.
fn draw(
    gpu: &GpuDevice,
    work: &SpriteWork,
) -> Result<(Vec<AlphaImage>, SpriteClipFacts), JobFailure> {
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("model");
    std::fs::write(&model, sample_cylinder()).unwrap();
    let name = "model".to_owned();
    let input = InputFile { name, path: model };
    let inputs = InputFiles {
        files: BTreeMap::from([(InputSlot::cast(0), vec![input])]),
    };
    let cancel = CancelToken::default();
    let action = JobAction::Sprites(Box::new(work.clone()));
    let context = JobContext {
        action: &action,
        inputs: &inputs,
        scratch: folder.path(),
        watch: crate::process::CallOptions::new(&cancel),
        progress: &|_, _| {},
    };
    let made = PrevizRenderer::new(gpu, &SceneParts::new(0)).render_sprites(work, &context)?;
    check_drawn(&action, &made.outputs)?;
    let (facts, frames) = made.outputs.split_last().unwrap();
    let frames = frames
        .iter()
        .map(|output| AlphaImage::read_png(&output.path).unwrap());
    let text = std::fs::read_to_string(&facts.path).unwrap();
    Ok((frames.collect(), serde_json::from_str(&text).unwrap()))
}

/// Returns the first and the last row, and the first and the last column, that show something. The
/// samples of an edge reach into the next pixel, which they cover by less than half.
fn bounds(frame: &AlphaImage) -> [u32; 4] {
    let seen = (0..)
        .zip(&frame.pixels)
        .filter(|(_, pixel)| pixel[3] >= 128);
    let places = seen.map(|(index, _): (u32, _)| [index / CELL.width, index % CELL.width]);
    places.fold([u32::MAX, 0, u32::MAX, 0], |found, [row, column]| {
        [
            found[0].min(row),
            found[1].max(row),
            found[2].min(column),
            found[3].max(column),
        ]
    })
}

#[test]
fn a_sprite_is_solid_on_nothing_with_smooth_edges() {
    let Some(gpu) = require_or_skip(GpuDevice::open(&AdapterChoice::Any)) else {
        return;
    };
    let (frames, facts) = draw(&gpu, &sprite_work(30.0, 0.0)).unwrap();
    assert_eq!(frames.len(), 3);
    assert_eq!(facts.durations.len(), 3);
    for frame in &frames {
        let alpha = |x: u32, y: u32| frame.pixels[(y * CELL.width + x) as usize][3];
        assert_eq!(alpha(0, 0), 0);
        assert_eq!(alpha(CELL.width - 1, CELL.height - 1), 0);
        let solid = frame.pixels.iter().filter(|pixel| pixel[3] == 255).count();
        let edge = frame
            .pixels
            .iter()
            .filter(|pixel| (1..255).contains(&pixel[3]))
            .count();
        assert!(solid > 100, "{solid}");
        assert!(edge > 10 && edge < solid, "{edge} of {solid}");
        // A red cylinder: no grey of a backdrop is mixed into its edges.
        let red = |pixel: &[u8; 4]| pixel[0] > pixel[1] && pixel[0] > pixel[2];
        let seen = frame.pixels.iter().filter(|pixel| pixel[3] > 40);
        assert!(seen.clone().filter(|pixel| red(pixel)).count() * 10 > seen.count() * 9);
    }
    assert_ne!(frames[0], frames[1], "the clip moves");
}

#[test]
fn a_sprite_stands_on_its_pivot_and_fits_into_its_cell() {
    let Some(gpu) = require_or_skip(GpuDevice::open(&AdapterChoice::Any)) else {
        return;
    };
    let mut scales = Vec::new();
    for turn in [0.0, 90.0, 180.0] {
        let (frames, facts) = draw(&gpu, &sprite_work(0.0, turn)).unwrap();
        for frame in &frames {
            let [top, bottom, left, right] = bounds(frame);
            assert!(top >= 1 && left >= 1, "{turn}: {top} {left}");
            let within = bottom <= CELL.height - 2 && right <= CELL.width - 2;
            assert!(within, "{turn}: {bottom} {right} {facts:?}");
        }
        // It stands still at the first moment, with its foot at the origin.
        let bottom = bounds(&frames[0])[1];
        assert!(
            bottom.abs_diff(facts.pivot[1] - 1) <= 1,
            "{bottom} {facts:?}"
        );
        scales.push(facts.pixels_per_metre);
    }
    assert!(
        scales
            .windows(2)
            .all(|pair| (pair[0] - pair[1]).abs() < 1e-6),
        "one scale for all directions: {scales:?}"
    );
}

#[test]
fn the_same_sprite_has_the_same_bytes() {
    let Some(gpu) = require_or_skip(GpuDevice::open(&AdapterChoice::Any)) else {
        return;
    };
    let work = sprite_work(35.264, 45.0);
    assert_eq!(draw(&gpu, &work).unwrap(), draw(&gpu, &work).unwrap());
}

#[test]
fn what_cannot_be_drawn_is_reported() {
    let Some(gpu) = require_or_skip(GpuDevice::open(&AdapterChoice::Any)) else {
        return;
    };
    let mut unknown = sprite_work(0.0, 0.0);
    unknown.clip.clip = Some("fly".to_owned());
    let failure = draw(&gpu, &unknown).unwrap_err();
    assert_eq!(failure.class, FailureClass::MissingInput);
    assert!(failure.message.contains("no clip `fly`"), "{failure}");
    let large = SpriteWork {
        scale: SpriteScale::PixelsPerMetre(400.0),
        ..sprite_work(0.0, 0.0)
    };
    let failure = draw(&gpu, &large).unwrap_err();
    assert!(
        failure.message.contains("write a larger `cell`"),
        "{failure}"
    );
}

//! Phases `characters` and `locations`: reference sheets and plates.

use super::staging::{STUDIO, STUDIO_GROUND, STUDIO_KEY};
use super::{Book, add_files, from_job, job};
use crate::model::camera::{Camera, CameraAngle, CameraMove, Easing, MoveKind, ShotSize};
use crate::model::production::{AssetRef, Character};
use crate::model::shot_staging::{
    FacingDirection, FramingSubject, InputSlot, ShotStaging, StageMark, StagedPerformer,
};
use crate::model::{JobAction, Phase, PixelSize};
use std::path::PathBuf;
use std::sync::Arc;

/// The six views of a reference sheet, in degrees around the character.
const VIEWS: [(&str, f32); 6] = [
    ("front", 0.0),
    ("three_quarter_left", 45.0),
    ("left_side", 90.0),
    ("back", 180.0),
    ("right_side", 270.0),
    ("three_quarter_right", 315.0),
];

/// The largest view of a reference sheet.
const LARGEST_VIEW: PixelSize = PixelSize::new(480, 720);

/// Returns the size of one view: as tall as a rendered frame and a third, two thirds as wide, up to [`LARGEST_VIEW`].
fn view_size(frame: PixelSize) -> PixelSize {
    let height = (frame.height.saturating_mul(4) / 3).clamp(48, LARGEST_VIEW.height) / 6 * 6;
    PixelSize::new(height * 2 / 3, height)
}

impl Book<'_> {
    pub(super) fn draw_characters(&mut self) {
        for character in &self.production.characters {
            for (costume, model) in models(character) {
                self.sheet(character, &costume, model);
            }
        }
    }

    fn sheet(&mut self, character: &Character, costume: &str, model: &AssetRef) {
        let Some(import) = self.import_of(&model.path) else {
            return;
        };
        let render = &self.production.render;
        let engine = self.engine(None, &character.description);
        let work = JobAction::Sheet {
            noisy: self.noisy(&engine),
            engine,
            staging: Arc::new(portrait(self.production.render.sensor_width)),
            views: VIEWS
                .map(|(view, degrees)| (view.to_owned(), degrees))
                .to_vec(),
            size: view_size(render.size),
            samples: render.samples.clamp(4, 64),
        };
        let name = format!("render.sheet/{}/{costume}", character.name.value);
        let mut sheet = job(name, Phase::Characters, work, character.name.origin);
        sheet.inputs.push(from_job("cast.0", import));
        add_files(&mut sheet);
        self.add(sheet);
    }

    pub(super) fn draw_locations(&mut self) {
        for location in &self.production.locations {
            let engine = self.engine(None, &location.description);
            let staged = self.empty_place(
                location,
                wide(self.production.render.sensor_width),
                engine.is_blender(),
            );
            let render = &self.production.render;
            let (staging, samples) = (staged.staging, render.samples.clamp(4, 64));
            let noisy = self.noisy(&engine);
            let work = JobAction::Plate {
                engine,
                staging,
                size: render.size,
                samples,
                noisy,
            };
            let name = format!("render.plate/{}", location.name.value);
            let mut plate = job(name, Phase::Locations, work, location.name.origin);
            plate.inputs = staged.inputs;
            add_files(&mut plate);
            self.add(plate);
        }
    }
}

/// Returns each costume with its model; models that serve several costumes are drawn once.
fn models(character: &Character) -> Vec<(String, &AssetRef)> {
    let worn = character
        .costumes
        .iter()
        .filter_map(|costume| Some((costume.name.clone(), costume.model.as_ref()?)));
    let plain = character
        .model
        .iter()
        .map(|model| ("default".to_owned(), model));
    let mut drawn: Vec<(String, &AssetRef)> = Vec::new();
    let mut paths: Vec<&PathBuf> = Vec::new();
    for (costume, model) in worn.chain(plain) {
        if !paths.contains(&&model.path) {
            paths.push(&model.path);
            let taken = drawn.iter().filter(|(name, _)| *name == costume).count();
            let name = if taken == 0 {
                costume
            } else {
                format!("{costume}.{}", taken + 1)
            };
            drawn.push((name, model));
        }
    }
    drawn
}

fn portrait(sensor_width: f32) -> ShotStaging {
    let performer = StagedPerformer {
        model: InputSlot::new("cast.0"),
        mark: StageMark {
            node: None,
            position: [0.0; 3],
        },
        facing: FacingDirection::Front,
        clip: "idle".to_owned(),
        clip_start: 0.0,
        travel_speed: 0.0,
    };
    ShotStaging {
        set: None,
        opened: false,
        cast: vec![performer],
        props: Vec::new(),
        subject: FramingSubject::Performer(0),
        environment: STUDIO,
        key: Some(STUDIO_KEY),
        ground: Some(STUDIO_GROUND),
        haze: None,
        camera: camera(ShotSize::FullShot, 85.0, sensor_width),
        exposure: 0.0,
    }
}

fn wide(sensor_width: f32) -> Camera {
    camera(ShotSize::Wide, 24.0, sensor_width)
}

fn camera(size: ShotSize, lens_mm: f32, sensor_width: f32) -> Camera {
    let travel = CameraMove {
        kind: MoveKind::Static,
        amount: 0.0,
        easing: Easing::Linear,
    };
    Camera {
        size,
        angle: CameraAngle::Eye,
        azimuth: 0.0,
        lens_mm,
        sensor_width,
        travel,
        optics: None,
    }
}

//! Phases `characters` and `locations`: reference sheets and plates.

use super::shot_staging::{STUDIO_ENVIRONMENT, STUDIO_GROUND, STUDIO_KEY};
use super::{JobBuilder, add_renderer_files, job_input, new_job};
use crate::model::camera::{Camera, CameraAngle, CameraMove, Easing, MoveKind, ShotSize};
use crate::model::production::{AssetRef, Character};
use crate::model::shot_staging::{
    FacingDirection, FramingSubject, ShotStaging, StageMark, StagedPerformer,
};
use crate::model::{Engine, InputSlot, JobAction, PixelSize};
use std::fmt::Display;
use std::sync::Arc;

/// The six views of a reference sheet, each with its angle around the character in degrees.
const SHEET_VIEWS: [(&str, f32); 6] = [
    ("front", 0.0),
    ("three_quarter_left", 45.0),
    ("left_side", 90.0),
    ("back", 180.0),
    ("right_side", 270.0),
    ("three_quarter_right", 315.0),
];

/// Largest size of one view, in pixels.
const LARGEST_VIEW: PixelSize = PixelSize::new(480, 720);

/// Returns the size of one view: a third taller than a frame and two thirds as wide as tall, up to
/// [`LARGEST_VIEW`].
fn view_size(frame: PixelSize) -> PixelSize {
    // A standing figure is tall, so a view is upright. A multiple of six keeps both sides even.
    let height = (frame.height.saturating_mul(4) / 3).clamp(48, LARGEST_VIEW.height) / 6 * 6;
    PixelSize::new(height * 2 / 3, height)
}

impl JobBuilder<'_> {
    /// Returns whether the production's engine draws sheets and plates.
    fn draws_references(&self) -> bool {
        // A command draws what its author prepared it for, and each call may cost money or a
        // licence. So it says for itself that it draws pictures that no output asks for.
        match self.renderer_of(None) {
            Engine::Command(provider) => provider.references,
            Engine::Previz | Engine::Cycles | Engine::Eevee | Engine::Workbench => true,
        }
    }

    pub(super) fn add_character_sheets(&mut self) {
        if !self.draws_references() {
            return;
        }
        for character in &self.production.characters {
            // Sheets do not depend on shots, so an edit of a shot never draws one again.
            for (costume, model) in costume_models(character) {
                self.add_sheet_job(character, &costume, model);
            }
        }
    }

    fn add_sheet_job(&mut self, character: &Character, costume: &str, model: &AssetRef) {
        let Some(import) = self.import_job(model) else {
            return;
        };
        let render = &self.production.render;
        let engine = self.described_engine(None, &character.description);
        let work = JobAction::Sheet {
            noisy: self.keeps_noise(&engine),
            engine,
            staging: Arc::new(sheet_staging(self.production.render.sensor_width)),
            views: SHEET_VIEWS
                .map(|(view, degrees)| (view.to_owned(), degrees))
                .to_vec(),
            size: view_size(render.size),
            // A sheet is for looking at, so it never takes the samples of a final frame, and even
            // in a draft is clear enough to judge.
            samples: render.samples.clamp(4, 64),
        };
        let subjects: [&dyn Display; 2] = [&character.name.value, &costume];
        let mut sheet = new_job(&subjects, work, character.name.origin);
        sheet.inputs.push(job_input(InputSlot::cast(0), import));
        add_renderer_files(&mut sheet);
        self.add_job(sheet);
    }

    pub(super) fn add_location_plates(&mut self) {
        if !self.draws_references() {
            return;
        }
        for location in &self.production.locations {
            // The engine of the production, since a place belongs to many shots, which may have
            // engines of their own.
            let engine = self.described_engine(None, &location.description);
            let location_staging = self.location_staging(
                location,
                plate_camera(self.production.render.sensor_width),
                engine.is_blender(),
            );
            let render = &self.production.render;
            let staging = location_staging.staging;
            let samples = render.samples.clamp(4, 64);
            let noisy = self.keeps_noise(&engine);
            let work = JobAction::Plate {
                engine,
                staging,
                size: render.size,
                samples,
                noisy,
            };
            let mut plate = new_job(&[&location.name.value], work, location.name.origin);
            plate.inputs = location_staging.inputs;
            add_renderer_files(&mut plate);
            self.add_job(plate);
        }
    }
}

/// Returns each costume with its model. A model that serves several costumes appears once, under
/// the first.
fn costume_models(character: &Character) -> Vec<(String, &AssetRef)> {
    let worn = character
        .costumes
        .iter()
        .filter_map(|costume| Some((costume.name.clone(), costume.model.as_ref()?)));
    let plain = character
        .model
        .iter()
        .map(|model| ("default".to_owned(), model));
    // The identity of a sheet has no name of a costume in it, so a second sheet of the same model
    // would only be a copy.
    let mut drawn: Vec<(String, &AssetRef)> = Vec::new();
    for (costume, model) in worn.chain(plain) {
        if !drawn.iter().any(|(_, known)| known.is_same_import(model)) {
            // Two costumes with different keys may have one name. A number keeps the names of the
            // jobs unique, which planning requires.
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

fn sheet_staging(sensor_width: f32) -> ShotStaging {
    let performer = StagedPerformer {
        model: InputSlot::cast(0),
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
        model_camera: None,
        set: None,
        opened: false,
        cast: vec![performer],
        props: Vec::new(),
        subject: FramingSubject::Performer(0),
        environment: STUDIO_ENVIRONMENT,
        key: Some(STUDIO_KEY),
        ground: Some(STUDIO_GROUND),
        haze: None,
        // A long lens and a plain studio: proportions are not distorted, and no set or light of a
        // scene is mixed into the reference.
        camera: static_camera(ShotSize::FullShot, 85.0, sensor_width),
        exposure: 0.0,
    }
}

fn plate_camera(sensor_width: f32) -> Camera {
    static_camera(ShotSize::Wide, 24.0, sensor_width)
}

fn static_camera(size: ShotSize, lens_mm: f32, sensor_width: f32) -> Camera {
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

//! A small production that breaks no rule, and the one test that every rule has: break it, and only this rule speaks.

use super::checked::validate;
use super::facts::{Facts, FileFact, Kind, Standing, Tools};
use super::rule::Rule;
use crate::base::{Diagnostic, FileId, FileSpan, Spanned};
use crate::model::camera::{Camera, CameraAngle, CameraMove, Easing, MoveKind, ShotSize};
use crate::model::colour_grade::Grade;
use crate::model::output::{Codec, OutputFormat};
use crate::model::production::*;
use crate::model::retro_treatment::{DitherMethod, FitMode, Palette, RetroTreatment};
use crate::model::shot_staging::{FacingDirection, SceneEnvironment, StageMark};
use crate::model::{Engine, FrameList, FrameRate, PixelSize};
use std::path::{Path, PathBuf};

/// Returns a place that no other call with another number returns.
pub(super) const fn origin(at: u32) -> FileSpan {
    FileSpan::new(FileId(0), at * 10, at * 10 + 5)
}

/// Returns a name written at place `at`.
pub(super) fn name(name: &str, at: u32) -> Spanned<String> {
    Spanned::new(name.to_owned(), origin(at))
}

/// Returns a file named at place `at`.
pub(super) fn asset(path: &str, at: u32) -> AssetRef {
    AssetRef {
        path: PathBuf::from(path),
        origin: origin(at),
    }
}

/// Returns the reference to a name that is not known.
pub(super) fn unknown(text: &str, at: u32) -> EntryRef {
    EntryRef {
        name: name(text, at),
        index: None,
    }
}

/// Returns the production: one scene at a pier, two people, a lantern, two shots, a film.
pub(super) fn production() -> Production {
    Production {
        meta: meta(),
        root: PathBuf::from("/project"),
        script: Some(asset("last_light.fountain", 1)),
        style: "cinematic".to_owned(),
        grade: Grade::default(),
        render: render(),
        characters: vec![character("mara", 10), character("ilya", 12)],
        locations: vec![location("pier", 20)],
        props: vec![Prop {
            name: name("lantern", 25),
            model: Some(asset("assets/lantern.glb", 26)),
        }],
        scenes: vec![scene(1, 90)],
        shots: vec![shot("wide", 0, 30), shot("close", 1, 40)],
        budget: Budget::default(),
        outputs: vec![output("film", "out/film.mp4", 60)],
        origin: origin(0),
    }
}

fn meta() -> ProductionMeta {
    ProductionMeta {
        title: Some(name("Last Light", 2)),
        version: Some("1.0".to_owned()),
        author: Some("A. Keeper".to_owned()),
        description: "A lantern must burn again".to_owned(),
        created: None,
        modified: None,
    }
}

fn render() -> RenderSettings {
    RenderSettings {
        engine: RendererRef {
            name: name("previz", 5),
            engine: Some(Engine::Previz),
            files: Vec::new(),
        },
        tier: "production".to_owned(),
        rate: FrameRate::from_fps(24),
        size: PixelSize::new(1920, 1080),
        samples: 16,
        sensor_width: 36.0,
        denoise: true,
        chunk: 24,
        passes_path: Spanned::new(PathBuf::from("passes"), origin(6)),
    }
}

/// Returns a character with a model of its own name.
pub(super) fn character(text: &str, at: u32) -> Character {
    let model = Some(asset(&format!("assets/{text}.glb"), at + 1));
    Character {
        description: String::new(),
        name: name(text, at),
        script_name: text.to_uppercase(),
        model,
        costumes: Vec::new(),
        variants: Vec::new(),
    }
}

/// Returns a costume worn in these scenes.
pub(super) fn costume(key: &str, scenes: CostumeScenes, at: u32) -> CharacterCostume {
    CharacterCostume {
        key: name(key, at),
        scenes,
        name: "coat".to_owned(),
        model: None,
        condition: Vec::new(),
    }
}

/// Returns a location described by a preset.
pub(super) fn location(text: &str, at: u32) -> Location {
    let environment = SceneEnvironment::Studio {
        backdrop: [0.5; 3],
        top: [1.0; 3],
        side: [1.0; 3],
    };
    Location {
        description: String::new(),
        name: name(text, at),
        set: None,
        custom_setup: None,
        described: true,
        environment,
        hdri: None,
        key: None,
        ground: None,
        haze: None,
        exposure: 0.0,
    }
}

/// Returns a scene at the first location in which both characters speak.
pub(super) fn scene(number: u32, at: u32) -> Scene {
    let speakers = vec![name("MARA", at + 1), name("ILYA", at + 2)];
    Scene {
        number,
        heading: name("EXT. PIER - DUSK", at),
        location: Some(0),
        speakers,
        speeches: Vec::new(),
    }
}

/// Returns shot number `index` of 48 frames in scene 1, with both characters and the prop.
pub(super) fn shot(text: &str, index: usize, at: u32) -> Shot {
    let reference = |text: &str, index, at| EntryRef {
        name: name(text, at),
        index: Some(index),
    };
    let first = 1 + 48 * i32::try_from(index).unwrap();
    Shot {
        description: String::new(),
        name: name(text, at),
        origin: FileSpan::new(FileId(0), at * 10, at * 10 + 95),
        scene: Spanned::new(1, origin(at + 1)),
        template: Some(name("two_shot", at + 2)),
        automatic: false,
        camera: Camera {
            size: if index.is_multiple_of(2) {
                ShotSize::Medium
            } else {
                ShotSize::CloseUp
            },
            ..camera()
        },
        aperture_origin: None,
        cast: vec![
            role(reference("mara", 0, at + 3), 0.0),
            role(reference("ilya", 1, at + 4), 1.0),
        ],
        props: vec![PropRole {
            prop: reference("lantern", 0, at + 5),
            mark: mark(0.5),
        }],
        location: Some(reference("pier", 0, at + 6)),
        subject: ShotSubject::Everyone,
        frames: FrameList::count_from(first, 48),
        duration: None,
        range_origin: Some(origin(at + 7)),
        exposure: 0.0,
        engine: None,
        passes: Vec::new(),
    }
}

fn camera() -> Camera {
    let travel = CameraMove {
        kind: MoveKind::Static,
        amount: 0.0,
        easing: Easing::Linear,
    };
    Camera {
        size: ShotSize::Medium,
        angle: CameraAngle::Eye,
        azimuth: 0.0,
        lens_mm: 50.0,
        sensor_width: 36.0,
        travel,
        optics: None,
    }
}

/// Returns a character standing `x` metres to the right, doing nothing in particular.
pub(super) fn role(character: EntryRef, x: f32) -> CastRole {
    let (action, action_origin) = ("idle".to_owned(), None);
    CastRole {
        character,
        mark: mark(x),
        action,
        action_origin,
        facing: FacingDirection::Front,
        speed: 0.0,
    }
}

fn mark(x: f32) -> StageMark {
    StageMark {
        node: None,
        position: [x, 0.0, 0.0],
    }
}

/// Returns a full HD film at 24 frames a second.
pub(super) fn output(text: &str, path: &str, at: u32) -> Output {
    let format = OutputFormat {
        codec: Codec::H264,
        size: PixelSize::new(1920, 1080),
        rate: FrameRate::from_fps(24),
        fit: FitMode::Crop,
        retro: None,
    };
    let path = Spanned::new(PathBuf::from(path), origin(at + 1));
    Output {
        name: name(text, at),
        path,
        format,
        origin: FileSpan::new(FileId(0), at * 10, at * 10 + 45),
    }
}

/// Returns a retro treatment.
pub(super) fn retro() -> RetroTreatment {
    let palette = Palette::Adaptive {
        bits: 5,
        colours: 256,
    };
    RetroTreatment {
        palette,
        dither: DitherMethod::Ordered,
        strength: 1.0,
        size: PixelSize::new(256, 144),
    }
}

/// Returns what a disk with all files and tools would say.
pub(super) fn facts() -> Facts {
    let mut facts = Facts {
        tools: Tools {
            ffmpeg: true,
            ffprobe: true,
        },
        ..Facts::default()
    };
    for model in ["mara", "ilya", "lantern"] {
        holds(
            &mut facts,
            &format!("assets/{model}.glb"),
            FileFact::Holds(Kind::Glb),
        );
        facts.clips.insert(
            PathBuf::from(format!("assets/{model}.glb")),
            Ok(vec!["idle".to_owned(), "walk".to_owned()]),
        );
    }
    holds(
        &mut facts,
        "last_light.fountain",
        FileFact::Holds(Kind::Other),
    );
    facts
        .outputs
        .insert(PathBuf::from("out/film.mp4"), Standing::Nothing);
    facts
}

/// Puts a file where `path` says.
pub(super) fn holds(facts: &mut Facts, path: &str, fact: FileFact) {
    facts.files.insert(Path::new(path).to_owned(), fact);
}

/// Breaks the production, asserts that this rule is the only one that speaks, and returns what it says first.
pub(super) fn only(rule: &Rule, break_it: impl FnOnce(&mut Production, &mut Facts)) -> Diagnostic {
    let (mut production, mut facts) = (production(), facts());
    break_it(&mut production, &mut facts);
    let (checked, diagnostics) = validate(production, &facts);
    assert_eq!(checked.is_none(), diagnostics.has_errors());
    let codes: Vec<_> = diagnostics
        .as_slice()
        .iter()
        .map(|found| (found.code, found.message.clone()))
        .collect();
    assert!(
        codes.iter().all(|(code, _)| *code == rule.code),
        "{codes:#?}"
    );
    let first = diagnostics.into_iter().next();
    let first = first.unwrap_or_else(|| panic!("{} did not speak", rule.code));
    assert_eq!(first.severity, rule.severity);
    first
}

/// Asserts that this change breaks no rule.
pub(super) fn nothing(change: impl FnOnce(&mut Production, &mut Facts)) {
    let (mut production, mut facts) = (production(), facts());
    change(&mut production, &mut facts);
    assert_eq!(validate(production, &facts).1.as_slice(), []);
}

//! A small production that breaks no rule, and the test that every rule has: break it, and only
//! this rule reports something.

use super::checked_production::{ValidationOutcome, validate_production};
use super::rule::ValidationRule;
use super::{ExternalFacts, FileFact, OutputPathState, SoundFileFact, ToolAvailability};
use crate::base::{Diagnostic, FileId, FileSpan, Spanned};
use crate::model::ModelMend;
use crate::model::camera::{Camera, CameraAngle, CameraMove, Easing, MoveKind, ShotSize};
use crate::model::colour_grade::Grade;
use crate::model::cut::{ShotTransition, TextExport, TextExportKind, TransitionKind};
use crate::model::file_kind::FileKind;
use crate::model::production::*;
use crate::model::retro_treatment::{DitherMethod, FitMode, Palette, RetroTreatment};
use crate::model::shot_staging::{FacingDirection, SceneEnvironment, StageMark};
use crate::model::sound::{
    DuckingCurve, LineDelivery, LoudnessTarget, OutputSound, ShotLine, SoundCodec, SoundSettings,
    scratch_voice,
};
use crate::model::sprites::{
    ClipSampling, CompassDirection, SheetClip, SheetDialect, SpriteAngle, SpriteClip, SpriteSheet,
    SpriteSubject,
};
use crate::model::{Codec, OutputFormat, SceneOrder, SceneRange};
use crate::model::{Engine, FrameList, FrameRate, PixelSize};
use std::path::{Path, PathBuf};

/// Returns a span that differs for each position.
pub(super) const fn sample_origin(position: u32) -> FileSpan {
    FileSpan::new(FileId(0), position * 10, position * 10 + 5)
}

/// Returns a name written at `position`.
pub(crate) fn sample_name(name: &str, position: u32) -> Spanned<String> {
    Spanned::new(name.to_owned(), sample_origin(position))
}

/// Returns a file named at `position`.
pub(super) fn sample_asset(path: &str, position: u32) -> AssetRef {
    AssetRef {
        path: PathBuf::from(path),
        origin: sample_origin(position),
        mend: ModelMend::default(),
    }
}

/// Returns a reference to an unknown name.
pub(super) fn unresolved_reference(text: &str, position: u32) -> EntryRef {
    EntryRef {
        name: sample_name(text, position),
        index: None,
    }
}

/// Returns the production: one scene at a pier, two people, a lantern, two shots, a film.
// Complete and without findings. A test changes one thing, so a finding can only come from that.
pub(crate) fn sample_production() -> Production {
    Production {
        meta: sample_meta(),
        // No such folder need exist: facts are given, not read.
        root: PathBuf::from("/project"),
        script: Some(sample_asset("last_light.fountain", 1)),
        style: "cinematic".to_owned(),
        grade: Grade::default(),
        render: sample_render(),
        characters: vec![sample_character("mara", 10), sample_character("ilya", 12)],
        locations: vec![sample_location("pier", 20)],
        props: vec![Prop {
            name: sample_name("lantern", 25),
            display_name: None,
            model: Some(sample_asset("assets/lantern.glb", 26)),
        }],
        scenes: vec![sample_scene(1, 90)],
        scene_order: SceneOrder::default(),
        shots: vec![sample_shot("wide", 0, 30), sample_shot("close", 1, 40)],
        budget: Budget::default(),
        limits: Default::default(),
        workers: None,
        edit: Default::default(),
        titles: Default::default(),
        graphics: Vec::new(),
        outputs: vec![sample_output("film", "out/film.mp4", 60)],
        exports: Vec::new(),
        captions: crate::model::captions::CaptionSettings::default(),
        beats: Vec::new(),
        ad_origin: Default::default(),
        sprites: Vec::new(),
        tile_maps: Vec::new(),
        sound: None,
        silence: None,
        // Positions are numbered by hand, in the order of a document, so that a test can name the
        // place that it expects.
        origin: sample_origin(0),
    }
}

fn sample_meta() -> ProductionMeta {
    ProductionMeta {
        title: Some(sample_name("Last Light", 2)),
        version: Some("1.0".to_owned()),
        author: Some("A. Keeper".to_owned()),
        description: "A lantern must burn again".to_owned(),
        created: None,
        modified: None,
    }
}

fn sample_render() -> RenderSettings {
    RenderSettings {
        engine: RendererRef {
            name: sample_name("previz", 5),
            engine: Some(Engine::Previz),
            files: Vec::new(),
        },
        tier: "production".to_owned(),
        tier_source: crate::model::TierSource::Default,
        document_tier: "production".to_owned(),
        rate: FrameRate::from_fps(24),
        size: PixelSize::new(1920, 1080),
        size_origin: None,
        samples: 16,
        sensor_width: 36.0,
        denoise: true,
        chunk: 24,
        passes_path: Spanned::new(PathBuf::from("passes"), sample_origin(6)),
    }
}

/// Returns a character with a model of its own name.
pub(super) fn sample_character(text: &str, position: u32) -> Character {
    let model = Some(sample_asset(&format!("assets/{text}.glb"), position + 1));
    Character {
        description: String::new(),
        name: sample_name(text, position),
        display_name: None,
        script_name: text.to_uppercase(),
        model,
        costumes: Vec::new(),
        variants: Vec::new(),
    }
}

/// Returns the scenes from `first` to `last`.
pub(super) fn sample_range(first: u32, last: u32) -> CostumeScenes {
    let range = SceneRange::new(first.into(), last.into(), &SceneOrder::default());
    CostumeScenes::Range(range.unwrap())
}

/// Returns a costume worn in these scenes.
pub(super) fn sample_costume(key: &str, scenes: CostumeScenes, position: u32) -> CharacterCostume {
    CharacterCostume {
        key: sample_name(key, position),
        scenes,
        name: "coat".to_owned(),
        model: None,
        condition: Vec::new(),
    }
}

/// Returns a location described by a preset.
pub(super) fn sample_location(text: &str, position: u32) -> Location {
    let environment = SceneEnvironment::Studio {
        backdrop: [0.5; 3],
        top: [1.0; 3],
        side: [1.0; 3],
    };
    Location {
        description: String::new(),
        name: sample_name(text, position),
        display_name: None,
        set: None,
        custom_setup: None,
        described: true,
        environment,
        hdri: None,
        key: None,
        ground: None,
        haze: None,
        exposure: 0.0,
        sound: Default::default(),
    }
}

/// Returns a speech on screen without words.
pub(super) fn sample_speech(who: &str, position: u32) -> SceneSpeech {
    SceneSpeech {
        speaker: sample_name(who, position),
        words: 0,
        characters: 0,
        least_seconds: 0.0,
        seconds: 0.0,
        delivery: LineDelivery::OnScreen,
        text: sample_name("", position + 1),
        direction_seconds: 0.0,
        dual: false,
    }
}

/// Returns a scene at the first location in which both characters speak.
pub(super) fn sample_scene(number: u32, position: u32) -> Scene {
    let speakers = vec![
        sample_name("MARA", position + 1),
        sample_name("ILYA", position + 2),
    ];
    Scene {
        number: number.into(),
        heading: sample_name("EXT. PIER - DUSK", position),
        location: Some(0),
        speakers,
        speeches: Vec::new(),
    }
}

/// Returns shot number `index` of 48 frames in scene 1, with both characters and the prop.
pub(super) fn sample_shot(text: &str, index: usize, position: u32) -> Shot {
    let reference = |text: &str, index, position| EntryRef {
        name: sample_name(text, position),
        index: Some(index),
    };
    let first = 1 + 48 * i32::try_from(index).unwrap();
    Shot {
        description: String::new(),
        name: sample_name(text, position),
        origin: FileSpan::new(FileId(0), position * 10, position * 10 + 95),
        scene: Spanned::new(1.into(), sample_origin(position + 1)),
        template: Some(sample_name("two_shot", position + 2)),
        automatic: false,
        camera: Camera {
            // Sizes alternate: two shots of one size would break the rule `jump_cut`.
            size: if index.is_multiple_of(2) {
                ShotSize::Medium
            } else {
                ShotSize::CloseUp
            },
            ..sample_camera()
        },
        aperture_origin: None,
        cast: vec![
            sample_role(reference("mara", 0, position + 3), 0.0),
            sample_role(reference("ilya", 1, position + 4), 1.0),
        ],
        props: vec![PropRole {
            prop: reference("lantern", 0, position + 5),
            mark: sample_mark(0.5),
        }],
        location: Some(reference("pier", 0, position + 6)),
        subject: ShotSubject::Everyone,
        frames: FrameList::count_from(first, 48),
        duration: None,
        // Ranges follow each other without a gap, which the rules of the timeline require.
        range_origin: Some(sample_origin(position + 7)),
        exposure: 0.0,
        engine: None,
        passes: Vec::new(),
        footage: None,
        take: None,
        limits: Default::default(),
        lines: Vec::new(),
        effects: Vec::new(),
        transition_in: None,
        transition_out: None,
        model_camera: None,
        recut: None,
    }
}

/// Returns a sprite sheet of the first character, which walks in eight frames.
pub(super) fn sample_sheet(text: &str, position: u32) -> SpriteSheet {
    SpriteSheet {
        name: sample_name(text, position),
        path: Spanned::new(PathBuf::from("out/sheet.png"), sample_origin(position + 1)),
        subject: Some(SpriteSubject::Character(0)),
        subject_name: sample_name("mara", position + 2),
        model: Some(sample_asset("assets/mara.glb", 11)),
        clips: vec![SheetClip {
            name: sample_name("walk", position + 3),
            tag: "walk".to_owned(),
            drawn: SpriteClip {
                clip: Some("walk".to_owned()),
                sampling: ClipSampling::Frames(8),
                repeats: true,
            },
        }],
        directions: vec![CompassDirection::SOUTH],
        angle: SpriteAngle::from_elevation(0.0),
        cell: Spanned::new(PixelSize::new(64, 64), sample_origin(position)),
        pixels_per_metre: None,
        trim: true,
        padding: 2,
        dialect: SheetDialect::Generic,
        palette: None,
        replace: false,
        entry: 1,
        origin: sample_origin(position + 1),
    }
}

/// A dissolve of 12 frames, six at each side of the cut.
pub(super) const SAMPLE_DISSOLVE: ShotTransition = ShotTransition {
    kind: TransitionKind::Dissolve,
    frames: 12,
    origin: sample_origin(39),
};

/// Returns the sound of an output: AAC, and nothing beside the film.
pub(super) const fn sample_output_sound() -> OutputSound {
    OutputSound {
        codec: Some(SoundCodec::Aac),
        bit_rate: None,
        stems: false,
        wav: false,
        loudness: None,
        retro: None,
    }
}

/// Returns the sound of a production without music.
pub(crate) fn sample_sound() -> SoundSettings {
    SoundSettings {
        sample_rate: 48_000,
        loudness: LoudnessTarget::default(),
        language: "en".to_owned(),
        ducking: DuckingCurve::default(),
        music: Vec::new(),
        footsteps: true,
        unspoken: Vec::new(),
        sound_font: None,
        files: Vec::new(),
        origin: sample_origin(7),
    }
}

/// Returns a text deliverable of the whole production.
pub(super) fn sample_export(kind: TextExportKind) -> TextExport {
    TextExport {
        name: sample_name("text", 90),
        kind,
        path: Spanned::new(
            format!("out/text.{}", kind.extension()).into(),
            sample_origin(91),
        ),
        of: None,
        output: Some(0),
        media: None,
        version: None,
        language: None,
        replace: false,
        entry: 9,
        origin: sample_origin(91),
    }
}

/// Returns a line of the first character that begins with its shot and lasts a second.
pub(super) fn sample_line(text: &str, position: u32) -> ShotLine {
    ShotLine {
        name: format!("wide.{position}"),
        speaker: sample_name("mara", position),
        character: Some(0),
        text: sample_name(text, position + 1),
        delivery: LineDelivery::OnScreen,
        voice: scratch_voice("mara", "en"),
        voice_written: true,
        voice_origin: Some(sample_origin(14)),
        provider_origin: None,
        gain: 0.0,
        start: 0,
        start_origin: None,
        length: 48_000,
        measured: false,
        hurry: 1.0,
        excess_frames: 0,
        overrun: 0,
    }
}

/// Adds sound and a line of the first character to a shot, which begins with the shot and lasts a
/// second unless `change` says otherwise.
pub(super) fn add_sample_line(
    production: &mut Production,
    shot: usize,
    change: impl FnOnce(&mut ShotLine),
) {
    production.sound.get_or_insert_with(sample_sound);
    let lines = &mut production.shots[shot].lines;
    // Each has places of its own, as in a document.
    let position = 50 + 2 * u32::try_from(lines.len()).unwrap();
    let mut line = sample_line("It went out.", position);
    change(&mut line);
    lines.push(line);
}

fn sample_camera() -> Camera {
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

/// Returns a character `x` metres to the right, with the default action.
pub(super) fn sample_role(character: EntryRef, x: f32) -> CastRole {
    // Without an origin the action is a default, which `unknown_action` does not check.
    let action = "idle".to_owned();
    let action_origin = None;
    CastRole {
        character,
        mark: sample_mark(x),
        action,
        expression: None,
        action_origin,
        facing: FacingDirection::Front,
        speed: 0.0,
    }
}

fn sample_mark(x: f32) -> StageMark {
    StageMark {
        node: None,
        position: [x, 0.0, 0.0],
    }
}

/// Returns a full HD film at 24 frames a second.
pub(crate) fn sample_output(text: &str, path: &str, position: u32) -> Output {
    let format = OutputFormat {
        codec: Codec::H264,
        size: PixelSize::new(1920, 1080),
        rate: FrameRate::from_fps(24),
        fit: FitMode::Crop,
        retro: None,
        encoding: Default::default(),
    };
    let path = Spanned::new(PathBuf::from(path), sample_origin(position + 1));
    Output {
        name: sample_name(text, position),
        display_name: None,
        path,
        entry: usize::try_from(position).unwrap(),
        shots: None,
        replace: false,
        format,
        sound: None,
        marks: Default::default(),
        shot_file: None,
        captions: crate::model::production::OutputCaptions::default(),
        origin: FileSpan::new(FileId(0), position * 10, position * 10 + 45),
    }
}

/// Returns a retro treatment.
pub(super) fn sample_retro() -> RetroTreatment {
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

/// Returns the facts of a disk with all files and tools.
pub(super) fn sample_facts() -> ExternalFacts {
    let mut facts = ExternalFacts {
        tools: ToolAvailability {
            blender: true,
            ffmpeg: true,
            ffprobe: true,
            espeak_ng: true,
            piper: true,
        },
        ..ExternalFacts::default()
    };
    // The file names follow from the names of the entries; see `sample_character`.
    for model in ["mara", "ilya", "lantern"] {
        set_file_fact(
            &mut facts,
            &format!("assets/{model}.glb"),
            FileFact::Holds(FileKind::Glb),
        );
        facts.clips.insert(
            PathBuf::from(format!("assets/{model}.glb")),
            Ok(vec!["idle".to_owned(), "walk".to_owned()]),
        );
    }
    set_file_fact(
        &mut facts,
        "last_light.fountain",
        FileFact::Holds(FileKind::Other),
    );
    facts
        .outputs
        .insert(PathBuf::from("out/film.mp4"), OutputPathState::Nothing);
    facts
}

/// Sets the fact about the file at `path`.
pub(super) fn set_file_fact(facts: &mut ExternalFacts, path: &str, fact: FileFact) {
    facts.files.insert(Path::new(path).to_owned(), fact);
}

/// Sets what is known of the sound file at `path`, which is there.
pub(super) fn set_sound_file(facts: &mut ExternalFacts, path: &str, fact: SoundFileFact) {
    set_file_fact(facts, path, FileFact::Holds(FileKind::Other));
    facts.sound_files.insert(PathBuf::from(path), fact);
}

/// Breaks the production, asserts that no other rule reports anything, and returns the first
/// finding.
pub(super) fn only_finding(
    rule: &ValidationRule,
    break_it: impl FnOnce(&mut Production, &mut ExternalFacts),
) -> Diagnostic {
    let mut production = sample_production();
    let mut facts = sample_facts();
    break_it(&mut production, &mut facts);
    let ValidationOutcome {
        checked,
        findings: diagnostics,
        ..
    } = validate_production(production, &facts);
    // Only errors may withhold the checked production; warnings must not.
    assert_eq!(checked.is_none(), diagnostics.has_errors());
    // Every finding is compared, not only the first: a change that breaks two rules tests neither.
    let codes: Vec<_> = diagnostics
        .as_slice()
        .iter()
        .map(|finding| (finding.code, finding.message.clone()))
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
pub(super) fn assert_no_findings(change: impl FnOnce(&mut Production, &mut ExternalFacts)) {
    let mut production = sample_production();
    let mut facts = sample_facts();
    change(&mut production, &mut facts);
    assert_eq!(
        validate_production(production, &facts).findings.as_slice(),
        []
    );
}

//! Facts about commands: real renderers, small scripts that misbehave, and the words that providers
//! become.

use super::placeholder_values::PlaceholderValues;
use super::{CommandRenderer, EnvironmentVariables, ProviderProgram};
use crate::base::{CancelToken, Diagnostics, SourceMap};
use crate::gpu::ViewCamera;
use crate::library::Library;
use crate::media::picture::read_picture;
use crate::model::camera::{Camera, CameraAngle, CameraMove, Easing, MoveKind, ShotSize};
use crate::model::shot_staging::{FramingSubject, SceneEnvironment as Around};
use crate::model::{
    Engine, FailureClass, FrameList, FrameRate, InputFile, InputFiles, InputSlot, JobAction,
    PixelSize, Provider, ShotStaging,
};
use crate::process::CallOptions;
use crate::producers::contract::{JobContext, JobFailure, ProducerOutput};
use crate::producers::render::scene::StagedScene;
use crate::producers::testing::{TestBench, program_search_path, require_or_skip};
use crate::project::{ProjectOptions, open};
use glam::{Vec2, Vec3};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

const SIZE: PixelSize = PixelSize::new(96, 54);

/// Returns a provider as a document would get it: built in, or with `presets` as the project's own.
fn provider(name: &str, presets: Option<&str>) -> Arc<Provider> {
    let folder = tempfile::tempdir().unwrap();
    if let Some(presets) = presets {
        std::fs::create_dir(folder.path().join("presets")).unwrap();
        std::fs::write(folder.path().join("presets/providers.yaml"), presets).unwrap();
    }
    for file in ["scene.pov", "scene.ass"] {
        std::fs::write(folder.path().join(file), "x").unwrap();
    }
    let document = format!(
        "production:\n  title: T\n  render_settings: {{engine: {name}}}\n  locations: [{{name: a, preset: studio}}]\n  \
         shots: [{{name: one, template: establishing_wide, location: a}}]\n  outputs: [{{name: p, codec: png, resolution: 96x54, path: o}}]\n"
    );
    std::fs::write(folder.path().join("production.yaml"), document).unwrap();
    let opened = open(folder.path(), &ProjectOptions::default()).unwrap();
    let checked = opened
        .checked
        .unwrap_or_else(|| panic!("{:#?}", opened.diagnostics.as_slice()));
    match &checked.render.engine.engine {
        Some(Engine::Command(provider)) => Arc::clone(provider),
        other => panic!("{other:?}"),
    }
}

/// An empty place, seen by a camera that orbits it.
fn staging() -> ShotStaging {
    ShotStaging {
        model_camera: None,
        set: None,
        opened: false,
        cast: Vec::new(),
        props: Vec::new(),
        subject: FramingSubject::Place,
        environment: Around::Studio {
            backdrop: [0.3; 3],
            top: [1.0; 3],
            side: [0.6; 3],
        },
        key: None,
        ground: None,
        haze: None,
        camera: Camera {
            size: ShotSize::Medium,
            angle: CameraAngle::Dutch,
            azimuth: 30.0,
            lens_mm: 28.0,
            sensor_width: 24.89,
            travel: CameraMove {
                kind: MoveKind::Orbit,
                amount: 50.0,
                easing: Easing::Linear,
            },

            optics: None,
        },
        exposure: 0.0,
    }
}

fn render_action(provider: &Arc<Provider>, frames: FrameList) -> JobAction {
    JobAction::Render {
        engine: Engine::Command(Arc::clone(provider)),
        staging: Arc::new(staging()),
        frames,
        shot_frames: Arc::new(FrameList::from_bounds(1, 5)),
        rate: FrameRate::from_fps(24),
        size: SIZE,
        samples: 2,
        noisy: false,
        passes: Arc::default(),
    }
}

fn perform(
    provider: &Arc<Provider>,
    files: &[(&str, &Path)],
    frames: FrameList,
    environment: &EnvironmentVariables,
    folder: &Path,
) -> Result<ProducerOutput, JobFailure> {
    let material = |path: &Path| InputFile {
        name: "f".to_owned(),
        path: path.to_owned(),
    };
    let files = files
        .iter()
        .map(|(name, path)| (InputSlot::provider_file(name), vec![material(path)]));
    let materials = InputFiles {
        files: files.collect(),
    };
    let work = render_action(provider, frames);
    let cancel = CancelToken::default();
    let watch = CallOptions::new(&cancel);
    let program = ProviderProgram::find(provider, &program_search_path(), environment, watch)
        .map_err(|why| JobFailure::new(FailureClass::MissingTool, why))?;
    let progress = |_: usize, _: usize| {};
    let assignment = JobContext {
        action: &work,
        inputs: &materials,
        scratch: folder,
        watch,
        progress: &progress,
    };
    CommandRenderer {
        provider,
        program: &program,
        environment,
        threads: 2,
    }
    .render_job(&assignment)
}

/// Returns the pixel at which a camera sees a place.
fn seen(lens: &ViewCamera, place: Vec3) -> Vec2 {
    let to = place - lens.eye;
    let ndc =
        Vec2::new(to.dot(lens.right), -to.dot(lens.up)) / (to.dot(lens.forward) * lens.tangents);
    (ndc + 1.0) * 0.5 * Vec2::new(96.0, 54.0)
}

#[test]
fn povray_sees_what_our_camera_sees() {
    let provider = provider("povray", None);
    let cancel = CancelToken::default();
    let found = ProviderProgram::find(
        &provider,
        &program_search_path(),
        &EnvironmentVariables::new(),
        CallOptions::new(&cancel),
    );
    if require_or_skip(found).is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let place = Vec3::new(0.5, 1.5, -0.4);
    let scene = folder.path().join("scene.pov");
    let text = "#version 3.7;\nglobal_settings { assumed_gamma 1 }\n#include \"camera.inc\"\n\
        sphere { <0.5, 1.5, -0.4> * Shot_Scale, 0.35 pigment { rgb <0.9, 0.1, 0.1> } finish { emission 1 ambient 0 diffuse 0 } }\n";
    std::fs::write(&scene, text).unwrap();
    let frames = FrameList::from_bounds(2, 5);
    perform(
        &provider,
        &[("scene", &scene)],
        frames,
        &EnvironmentVariables::new(),
        folder.path(),
    )
    .unwrap();
    let stage = StagedScene::new(&staging(), &InputFiles::default()).unwrap();
    let shoot = stage.view_shot(5, FrameRate::from_fps(24), SIZE);
    for (name, index) in [("0002.exr", 1), ("0005.exr", 4)] {
        let picture = read_picture(&folder.path().join(name)).unwrap();
        let red = (0u16..)
            .zip(&picture.pixels)
            .filter(|(_, [red, green, _])| *red > 0.5 && *green < 0.3);
        let places: Vec<Vec2> = red
            .map(|(at, _)| Vec2::new(f32::from(at % 96) + 0.5, f32::from(at / 96) + 0.5))
            .collect();
        assert!(
            places.len() > 12,
            "{name}: {} pixels of the sphere",
            places.len()
        );
        let count = f32::from(u16::try_from(places.len()).unwrap());
        let middle = places.iter().sum::<Vec2>() / count;
        let expected = seen(&shoot.camera_at(index), place);
        assert!(
            middle.distance(expected) < 0.8,
            "{name}: {middle} and not {expected}"
        );
        assert!(
            (picture.pixels.iter().map(|p| p[0]).fold(0.0, f32::max) - 0.9).abs() < 0.02,
            "light is linear"
        );
    }
}

#[test]
fn programs_that_draw_a_chunk_or_a_frame_at_a_time_leave_every_picture() {
    for name in ["ffmpeg_filter", "imagemagick"] {
        let provider = provider(name, None);
        let cancel = CancelToken::default();
        let found = ProviderProgram::find(
            &provider,
            &program_search_path(),
            &EnvironmentVariables::new(),
            CallOptions::new(&cancel),
        );
        if require_or_skip(found).is_none() {
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        let finished = perform(
            &provider,
            &[],
            FrameList::from_bounds(3, 5),
            &EnvironmentVariables::new(),
            folder.path(),
        )
        .unwrap();
        let names: Vec<&str> = finished
            .outputs
            .iter()
            .map(|output| output.name.as_str())
            .collect();
        assert_eq!(names, ["0003.exr", "0004.exr", "0005.exr"], "{name}");
        assert_eq!(read_picture(&finished.outputs[2].path).unwrap().size, SIZE);
    }
}

/// Runs a provider that is a shell script, and returns its failure.
#[cfg(unix)]
fn failure(script: &str, more: &str, environment: &EnvironmentVariables) -> JobFailure {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("script.sh");
    std::fs::write(&path, script).unwrap();
    let preset = format!(
        "sketch:\n  command: [sh, '{}', '{{output}}']\n  output: f.####.png\n{more}",
        path.display()
    );
    let provider = provider("sketch", Some(&preset));
    perform(
        &provider,
        &[],
        FrameList::from_bounds(1, 2),
        environment,
        folder.path(),
    )
    .unwrap_err()
}

#[cfg(unix)]
#[test]
fn a_command_that_ends_well_without_a_picture_has_failed() {
    let failed = failure("touch f.1.png; exit 0", "", &EnvironmentVariables::new());
    assert_eq!(failed.class, FailureClass::BadOutput);
    assert!(
        failed
            .message
            .contains("left no f.0001.png; it left f.1.png"),
        "{}",
        failed.message
    );
}

#[cfg(unix)]
#[test]
fn output_of_a_command_decides_the_class_before_its_exit_code() {
    let more = "  failures: {licence: ['no seat'], out_of_memory: ['ran dry']}\n";
    let class = |script: &str| failure(script, more, &EnvironmentVariables::new()).class;
    assert_eq!(
        class("echo 'error: no seat left'; exit 0"),
        FailureClass::Licence
    );
    assert_eq!(
        class("echo 'ran dry' >&2; exit 7"),
        FailureClass::OutOfMemory
    );
    assert_eq!(class("exit 7"), FailureClass::Crash);
    assert_eq!(
        class("kill -9 $$"),
        FailureClass::Crash,
        "the system counted no lack of memory"
    );
    let failed = failure(
        "echo 'openjd_fail: the file is of tomorrow'",
        more,
        &EnvironmentVariables::new(),
    );
    assert!(
        failed.message.contains("the file is of tomorrow"),
        "{}",
        failed.message
    );
}

/// Draws both pictures, whose names end in `f.0001.png`, with ImageMagick.
const DRAW: &str = "for n in 1 2; do convert -size 96x54 xc:red \"${1%####.png}000$n.png\"; done; ";

/// Runs a provider that is a shell script.
#[cfg(unix)]
fn outcome(
    script: &str,
    more: &str,
    environment: &EnvironmentVariables,
) -> Result<ProducerOutput, JobFailure> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("script.sh");
    std::fs::write(&path, script).unwrap();
    let preset = format!(
        "sketch:\n  command: [sh, '{}', '{{output}}']\n  output: f.####.png\n{more}",
        path.display()
    );
    let provider = provider("sketch", Some(&preset));
    perform(
        &provider,
        &[],
        FrameList::from_bounds(1, 2),
        environment,
        folder.path(),
    )
}

#[cfg(unix)]
#[test]
fn a_line_that_is_a_failure_fails_the_job_although_every_picture_is_there() {
    if require_or_skip(
        crate::base::find_program("convert", &program_search_path()).ok_or("convert"),
    )
    .is_none()
    {
        return;
    }
    let environment = EnvironmentVariables::from([("PATH".to_owned(), "/usr/bin:/bin".to_owned())]);
    let script = format!("{DRAW}echo 'ERROR: texture not found: wood.tx'; exit $CODE");
    let failures = "  failures: {missing_input: ['texture not found']}\n";
    for code in [0, 3] {
        let more = format!("{failures}  success: [0, 3]\n  set: {{CODE: '{code}'}}\n");
        let failed = outcome(&script, &more, &environment).unwrap_err();
        assert_eq!(failed.class, FailureClass::MissingInput, "{code}");
        assert!(failed.message.contains("wood.tx"), "{}", failed.message);
        let trusting = format!("{more}  trust_exit_code: true\n");
        let made = outcome(&script, &trusting, &environment).unwrap();
        assert_eq!(
            made.warnings,
            ["ERROR: texture not found: wood.tx"],
            "{code}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_signal_that_is_named_as_success_is_no_failure_if_the_pictures_are_there() {
    if require_or_skip(
        crate::base::find_program("convert", &program_search_path()).ok_or("convert"),
    )
    .is_none()
    {
        return;
    }
    let environment = EnvironmentVariables::from([("PATH".to_owned(), "/usr/bin:/bin".to_owned())]);
    let crashing = format!("{DRAW}kill -SEGV $$");
    // As a wrapper passes the signal of its child on.
    let wrapped = format!("{DRAW}exit 139");
    for script in [&crashing, &wrapped] {
        for named in ["SIGSEGV", "segv", "-11"] {
            let more = format!("  success: [0, {named}]\n");
            assert!(outcome(script, &more, &environment).is_ok(), "{named}");
        }
        let failed = outcome(script, "  success: [0, SIGTERM]\n", &environment).unwrap_err();
        assert_eq!(failed.class, FailureClass::Crash);
    }
    let nothing = outcome("kill -SEGV $$", "  success: [SIGSEGV]\n", &environment).unwrap_err();
    assert_eq!(nothing.class, FailureClass::BadOutput);
}

#[cfg(unix)]
#[test]
fn a_variable_on_which_pictures_may_depend_is_part_of_the_identity() {
    let identity = |more: &str, variables: &[(&str, &str)]| {
        let provider = provider(
            "sketch",
            Some(&format!(
                "sketch:\n  command: [sh]\n  output: f.####.png\n  version: [echo, '1.2']\n{more}"
            )),
        );
        let environment = variables
            .iter()
            .chain(&[("PATH", "/usr/bin:/bin")])
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let cancel = CancelToken::default();
        let program = ProviderProgram::find(
            &provider,
            &program_search_path(),
            &environment,
            CallOptions::new(&cancel),
        );
        program.unwrap().version().to_owned()
    };
    let styled = "  env: [STYLE]\n";
    assert_eq!(identity(styled, &[]), "1.2");
    assert_eq!(identity("", &[("STYLE", "ink")]), "1.2");
    let ink = identity(styled, &[("STYLE", "ink")]);
    assert!(
        ink.starts_with("1.2 [STYLE=") && !ink.contains("ink"),
        "{ink}"
    );
    assert_ne!(ink, identity(styled, &[("STYLE", "oil")]));
    assert_ne!(ink, identity(styled, &[("STYLE", "")]));
    let ignored = "  env_ignored: [STYLE]\n";
    assert_eq!(identity(ignored, &[("STYLE", "ink")]), "1.2");
    let both = "  env: [STYLE]\n  env_ignored: [STYLE]\n";
    assert_eq!(identity(both, &[("STYLE", "ink")]), "1.2");
}

#[cfg(unix)]
#[test]
fn an_endless_version_fills_no_memory_and_a_long_one_is_cut() {
    let script =
        "  version: [sh, -c, 'yes 9.9-long-version-text | head -c 30000000 | tr -d \"\\n\"']\n";
    let provider = provider(
        "sketch",
        Some(&format!(
            "sketch:\n  command: [sh]\n  output: f.####.png\n{script}"
        )),
    );
    let cancel = CancelToken::default();
    let environment = EnvironmentVariables::from([("PATH".to_owned(), "/usr/bin:/bin".to_owned())]);
    let watch = CallOptions::new(&cancel);
    let program = ProviderProgram::find(&provider, &program_search_path(), &environment, watch);
    assert_eq!(program.unwrap().version().len(), 200);
}

#[cfg(unix)]
#[test]
fn a_file_that_is_written_never_goes_through_the_link_of_an_input() {
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("model");
    std::fs::write(&model, "the model").unwrap();
    let preset = "sketch:\n  command: [sh, -c, 'exit 1']\n  output: f.####.png\n  writes: {prop.0.bin: planted}\n";
    let provider = provider("sketch", Some(preset));
    let work = render_action(&provider, FrameList::from_bounds(1, 2));
    let inputs = TestBench::input_files([(
        "prop.0",
        vec![InputFile {
            name: "model".to_owned(),
            path: model.clone(),
        }],
    )]);
    let cancel = CancelToken::default();
    let watch = CallOptions::new(&cancel);
    let environment = EnvironmentVariables::new();
    let program =
        ProviderProgram::find(&provider, &program_search_path(), &environment, watch).unwrap();
    let renderer = CommandRenderer {
        provider: &provider,
        program: &program,
        environment: &environment,
        threads: 1,
    };
    let failed = renderer
        .render_job(&JobContext {
            action: &work,
            inputs: &inputs,
            scratch: folder.path(),
            watch,
            progress: &|_, _| {},
        })
        .unwrap_err();
    assert!(
        failed.message.contains("an input of the job has this name"),
        "{}",
        failed.message
    );
    assert_eq!(std::fs::read_to_string(&model).unwrap(), "the model");
}

#[cfg(unix)]
#[test]
fn povray_draws_a_range_of_one_frame_with_its_clock() {
    let preset = "sketch:\n  command: [povray, '+I{file.scene}', '+Of.png', '+W{width}', '+H{height}', -D, '+KFI{chunk.start}', \
        '+KFF{chunk.end}', '+KI{chunk.start}', '+KF{chunk.end}']\n  output: f%d.png\n  files: {scene: scene.pov}\n";
    let provider = provider("sketch", Some(preset));
    let cancel = CancelToken::default();
    let environment = EnvironmentVariables::from([("PATH".to_owned(), "/usr/bin:/bin".to_owned())]);
    let watch = CallOptions::new(&cancel);
    let found = ProviderProgram::find(&provider, &program_search_path(), &environment, watch);
    if require_or_skip(found).is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let scene = folder.path().join("scene.pov");
    let text = "camera { location -3*z } plane { z, 0 pigment { rgb <clock / 10, 0, 0> } finish { ambient 1 diffuse 0 } }\n";
    std::fs::write(&scene, text).unwrap();
    let red = |first, last, frame: &str| {
        let work = tempfile::tempdir().unwrap();
        let frames = FrameList::from_bounds(first, last);
        perform(
            &provider,
            &[("scene", &scene)],
            frames,
            &environment,
            work.path(),
        )
        .unwrap();
        read_picture(&work.path().join(frame)).unwrap().pixels[0][0]
    };
    let alone = [red(1, 1, "0001.exr"), red(4, 4, "0004.exr")];
    assert_eq!(alone, [red(1, 4, "0001.exr"), red(1, 4, "0004.exr")]);
    assert!(alone[1] > alone[0] && alone[0] > 0.0, "{alone:?}");
}

#[cfg(unix)]
#[test]
fn a_command_sees_of_the_environment_what_it_may() {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let environment = EnvironmentVariables::from([
        pair("PATH", "/usr/bin:/bin"),
        pair("SECRET_THING", "s3cret"),
        pair("LIC", "at home"),
    ]);
    let failed = failure(
        "echo \"$LIC|$SECRET_THING|$PRODUCTION_CHUNK_START-$PRODUCTION_CHUNK_END|$SHOT\" >&2; exit 1",
        "  env: [LIC]\n  set: {SHOT: '{width}'}\n",
        &environment,
    );
    assert!(
        failed.evidence.contains("at home||1-2|96"),
        "{}",
        failed.evidence
    );
}

#[cfg(unix)]
#[test]
fn a_value_that_must_not_be_shown_is_in_no_line_that_follows() {
    let failed = failure(
        "echo 'openjd_redacted_env: KEY=hunter2hunter2'; echo 'key is hunter2hunter2'; exit 1",
        "",
        &EnvironmentVariables::new(),
    );
    assert!(
        failed.evidence.contains("key is [hidden]"),
        "{}",
        failed.evidence
    );
}

#[cfg(unix)]
#[test]
fn a_value_that_must_not_be_shown_stays_hidden_in_the_calls_that_follow() {
    // The first call sets it, the second prints it, and gives it as the reason why it fails.
    let failed = failure(
        "if [ -z \"$KEY\" ]; then echo 'openjd_redacted_env: KEY=hunter2hunter2'; convert -size 96x54 xc:red \"$1\"; exit 0; fi\n\
         echo 'openjd_redacted_env: 2KEY=hunter3'; echo \"again: $KEY\"; echo \"openjd_fail: $KEY is no key\"; exit 1",
        "  per: frame\n",
        &EnvironmentVariables::from([("PATH".to_owned(), "/usr/bin:/bin".to_owned())]),
    );
    let all = format!("{} {}", failed.message, failed.evidence);
    assert!(
        all.contains("again: [hidden]") && all.contains("[hidden] is no key"),
        "{all}"
    );
    assert!(!all.contains("hunter"), "{all}");
}

#[cfg(unix)]
#[test]
fn a_shell_gets_every_value_as_one_quoted_word() {
    let folder = tempfile::tempdir().unwrap();
    let cruel = "it's $(touch ran) `touch ran` \"; touch ran; # .png";
    let scene = folder.path().join(cruel);
    std::fs::write(&scene, "the scene").unwrap();
    let preset = "sketch:\n  shell: true\n  per: frame\n  files: {scene: scene.pov}\n  output: f.####.png\n  \
        command: [cat, '{file.scene}', '&&', 'convert -size {width}x{height} xc:red', '{output}']\n";
    let provider = provider("sketch", Some(preset));
    let environment = EnvironmentVariables::from([("PATH".to_owned(), "/usr/bin:/bin".to_owned())]);
    let made = folder.path().join("made here; touch ran");
    std::fs::create_dir(&made).unwrap();
    let finished = perform(
        &provider,
        &[("scene", &scene)],
        FrameList::from_bounds(1, 2),
        &environment,
        &made,
    )
    .unwrap();
    assert_eq!(finished.outputs.len(), 2);
    for folder in [folder.path(), &made, &made.join("command")] {
        assert!(!folder.join("ran").exists(), "a file's name was run");
    }
}

/// Every built-in provider becomes these words, by the documentation of its program; few of them
/// can run here.
#[test]
fn the_commands_of_built_in_providers_are_unchanged() {
    let library = Library::read(
        Path::new("no-such-folder"),
        &mut SourceMap::default(),
        &mut Diagnostics::default(),
    );
    let lens = ViewCamera {
        eye: Vec3::new(1.0, 2.0, 3.0),
        right: Vec3::X,
        up: Vec3::Y,
        forward: Vec3::NEG_Z,
        tangents: Vec2::new(0.36, 0.2025),
        near: 0.1,
        far: None,
    };
    let mut commands = String::new();
    for name in library.providers.preset_names() {
        let draft = library.providers.get(name).unwrap();
        let words = draft.command.iter().flatten();
        let named = draft.files.iter().flat_map(|files| &files.0);
        let inputs: BTreeMap<String, std::path::PathBuf> = named
            .map(|(name, path)| (format!("file.{}", name.value), path.value.clone().into()))
            .collect();
        let frames = FrameList::from_bounds(1001, 1004);
        let folder = Path::new("/work");
        let values = PlaceholderValues {
            frames: &frames,
            size: SIZE,
            samples: 16,
            rate: FrameRate::from_fps(24),
            threads: 4,
            lens,
            sensor: 36.0,
            key: None,
            folder,
            scene: Path::new("/work/scene.json"),
            inputs: &inputs,
        };
        let shape = Provider {
            name: name.to_owned(),
            command: words.map(|word| word.value.clone()).collect(),
            per: draft.per.map(|per| per.value).unwrap_or_default(),
            output: draft
                .output
                .clone()
                .map(|output| output.value)
                .unwrap_or_default(),
            ..Provider::clone(&provider("povray", None))
        };
        let words = shape
            .command
            .iter()
            .map(|word| values.fill_text(word, &shape).unwrap());
        commands.push_str(&format!("{}\n", words.collect::<Vec<_>>().join(" ")));
        let picture = values.picture_path(&shape, 1001);
        commands.push_str(&format!("    -> {}\n", picture.display()));
    }
    insta::assert_snapshot!(commands);
}

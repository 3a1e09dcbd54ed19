//! Facts about Blender files: real ones, made, imported and drawn by the same Blender.

use super::{SIZE, blender, draw_from, figure, overlap, staging};
use crate::base::CancelToken;
use crate::gpu::{AdapterChoice, GpuDevice};
use crate::media::blend;
use crate::media::gltf::GltfModel;
use crate::media::picture::read_picture;
use crate::model::InputSlot;
use crate::model::model_mend::{ForwardAxis, UpAxis};
use crate::model::{
    AssetKind, Engine, FailureClass, FrameList, FrameRate, InputFile, InputFiles, JobAction,
    ModelMend, ShotStaging,
};
use crate::process::{CallOptions, ChildCommand};
use crate::producers::contract::{JobContext, JobFailure, ProducerOutput};
use crate::producers::render::blender::BlenderProgram;
use crate::producers::render::blender::blender_home::UserHome;
use crate::producers::testing::require_or_skip;
use glam::Vec3;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A folder with the files that `fixture.py` makes.
pub(super) struct BlendProject {
    folder: tempfile::TempDir,
    blender: BlenderProgram,
}

impl BlendProject {
    fn new() -> Option<Self> {
        blender().map(Self::with)
    }

    pub(super) fn with(blender: BlenderProgram) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let script = folder.path().join("fixture.py");
        std::fs::write(&script, include_str!("fixture.py")).unwrap();
        let cancel = CancelToken::default();
        ChildCommand::new(
            blender
                .script_command(&script, Path::new("-"), UserHome::Hidden)
                .unwrap(),
        )
        .run(CallOptions::new(&cancel))
        .unwrap();
        Self { folder, blender }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Imports a file that may refer to `beside`, in a scratch folder of this name.
    fn bring(
        &self,
        name: &str,
        beside: &[&str],
        scratch: &str,
    ) -> Result<ProducerOutput, JobFailure> {
        self.bring_changed(name, beside, scratch, ModelMend::default())
    }

    /// Imports a file with what a document changes of it.
    fn bring_changed(
        &self,
        name: &str,
        beside: &[&str],
        scratch: &str,
        mend: ModelMend,
    ) -> Result<ProducerOutput, JobFailure> {
        let scratch = self.path(scratch);
        std::fs::create_dir_all(&scratch).unwrap();
        let one = |name: &str| {
            vec![InputFile {
                name: name.to_owned(),
                path: self.path(name),
            }]
        };
        let beside = beside
            .iter()
            .enumerate()
            .map(|(at, name)| (InputSlot::beside(at), one(name)));
        let files = beside.chain([(InputSlot::file(), one(name))]).collect();
        let cancel = CancelToken::default();
        self.blender.import_blend(&JobContext {
            action: &JobAction::Import {
                kind: AssetKind::Blend,
                mend,
            },
            inputs: &InputFiles { files },
            scratch: &scratch,
            watch: CallOptions::new(&cancel),
            progress: &|_, _| {},
        })
    }

    /// Returns what a renderer gets of an import.
    fn brought(&self, name: &str, beside: &[&str], scratch: &str) -> Vec<InputFile> {
        let finished = self.bring(name, beside, scratch).unwrap();
        finished
            .outputs
            .into_iter()
            .map(|one| InputFile {
                name: one.name,
                path: one.path,
            })
            .collect()
    }
}

#[test]
fn references_of_a_blender_file_are_read_without_blender() {
    let Some(project) = BlendProject::new() else {
        return;
    };
    let named = |name: &str| {
        let files = blend::blend_file_references(&project.path(name)).unwrap();
        let shown = files
            .iter()
            .map(|file| file.strip_prefix(project.folder.path()).unwrap());
        shown
            .map(|file| file.to_string_lossy().into_owned())
            .collect::<Vec<_>>()
    };
    // One is packed with Zstandard, the other is plain.
    assert_eq!(
        named("sets/place.blend"),
        ["sets/place.blend", "textures/wood.png"]
    );
    assert_eq!(named("figure.blend"), ["figure.blend", "library.blend"]);
}

/// Returns the box around an imported model, as its smallest and largest corner.
fn imported_bounds(output: &ProducerOutput) -> [Vec3; 2] {
    let model = GltfModel::load(&output.outputs[0].path).unwrap();
    let bounds = model.bounds_in_pose(&model.rest_pose());
    [bounds.min, bounds.max]
}

#[test]
fn a_blender_file_is_scaled_and_turned_with_everything_in_it() {
    let Some(project) = BlendProject::new() else {
        return;
    };
    // The post is linked from a library.
    let beside = ["library.blend"];
    let plain = project.bring("figure.blend", &beside, "plain").unwrap();
    let [low, high] = imported_bounds(&plain);
    assert!(low.y >= 0.0 && high.y > 0.8 && high.z < 0.2);
    let mend = ModelMend {
        scale: Some(2.0),
        up: Some(UpAxis::Y),
        forward: Some(ForwardAxis::Z),
        ..ModelMend::default()
    };
    // Its z was upwards, and is the front now.
    let changed = project.bring_changed("figure.blend", &beside, "changed", mend);
    let changed = changed.unwrap();
    let [low_now, high_now] = imported_bounds(&changed);
    assert!((high_now.z - 2.0 * high.y).abs() < 1e-3, "{high_now}");
    assert!((low_now.z - 2.0 * low.y).abs() < 1e-3, "{low_now}");
    assert!(changed.provider.contains("scripts"), "{}", changed.provider);
    assert_ne!(changed.provider, plain.provider);
}

#[test]
fn an_fbx_file_is_imported_by_blender() {
    let Some(blender) = blender() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("fixture.py");
    std::fs::write(&script, include_str!("fixture_fbx.py")).unwrap();
    let cancel = CancelToken::default();
    ChildCommand::new(
        blender
            .script_command(&script, Path::new("-"), UserHome::Hidden)
            .unwrap(),
    )
    .run(CallOptions::new(&cancel))
    .unwrap();
    let project = BlendProject { folder, blender };
    let [low, high] = imported_bounds(&project.bring("box.fbx", &[], "scratch").unwrap());
    assert!(low.abs_diff_eq(Vec3::new(-0.5, 0.0, -0.5), 1e-3), "{low}");
    assert!(high.abs_diff_eq(Vec3::new(0.5, 2.0, 0.5), 1e-3), "{high}");
    std::fs::write(project.path("broken.fbx"), "no fbx").unwrap();
    assert!(project.bring("broken.fbx", &[], "broken").is_err());
}

#[test]
fn a_picture_that_is_missing_or_not_of_the_project_fails_by_name() {
    let Some(project) = BlendProject::new() else {
        return;
    };
    let foreign = project
        .bring("sets/place.blend", &[], "foreign")
        .unwrap_err();
    assert_eq!(foreign.class, FailureClass::MissingInput);
    assert!(
        foreign.message.contains("wood.png") && foreign.message.contains("outside"),
        "{foreign}"
    );
    std::fs::remove_file(project.path("textures/wood.png")).unwrap();
    std::fs::remove_file(project.path("library.blend")).unwrap();
    for (file, name) in [
        ("sets/place.blend", "textures/wood.png"),
        ("figure.blend", "library.blend"),
    ] {
        let missing = project.bring(file, &[], "missing").unwrap_err();
        assert_eq!(missing.class, FailureClass::MissingInput);
        assert!(
            missing.message.contains(&format!("import {file}: find ")),
            "{missing}"
        );
        assert!(missing.message.contains(name), "{missing}");
    }
    assert!(!project.path("ran").exists(), "a script in the file ran");
}

impl BlendProject {
    pub(super) fn is_drawn_as_previz_draws_its_copy(&self) {
        if require_or_skip(GpuDevice::open(&AdapterChoice::Any)).is_none() {
            return;
        }
        let set = self.brought("sets/place.blend", &["textures/wood.png"], "place");
        let cast = self.brought("figure.blend", &["library.blend"], "figure");
        let clips = GltfModel::load(&cast[0].path).unwrap().clips;
        assert_eq!(
            clips
                .iter()
                .map(|clip| clip.name.as_str())
                .collect::<Vec<_>>(),
            ["idle", "lean"]
        );
        // Everything is in them now.
        std::fs::remove_dir_all(self.path("textures")).unwrap();
        std::fs::remove_file(self.path("library.blend")).unwrap();
        let materials = InputFiles {
            files: [(InputSlot::set(), set), (InputSlot::cast(0), cast)].into(),
        };
        let mut pictures = Vec::new();
        for engine in [Engine::Previz, Engine::Cycles] {
            let folder = self.path(engine.name());
            std::fs::create_dir(&folder).unwrap();
            draw_from(&self.blender, &render_action(engine), &materials, &folder).unwrap();
            pictures.push(read_picture(&folder.join("0018.exr")).unwrap());
        }
        let [previz, cycles] = pictures.as_slice() else {
            panic!("nothing was drawn")
        };
        let ours = figure(previz);
        let theirs = figure(cycles);
        assert!(
            ours.iter().filter(|inside| **inside).count() > 400,
            "the figure is in the picture"
        );
        assert!(
            overlap(&ours, &theirs) > 0.85,
            "{}",
            overlap(&ours, &theirs)
        );
        // The file's own world is behind, and its picture on the floor.
        let of = |is: fn(&[f32; 3]) -> bool| cycles.pixels.iter().filter(|pixel| is(pixel)).count();
        assert!(
            of(|[red, green, blue]| *blue > 5.0 * red && *blue > 5.0 * green) > 1000,
            "a blue world"
        );
        assert!(
            of(|[red, green, blue]| *green > 1.5 * red && green > blue) > 1000,
            "a green floor"
        );
        assert!(!self.path("ran").exists(), "a script in the file ran");
    }
}

#[test]
fn a_blender_file_is_the_scene_and_another_the_figure_as_previz_has_them() {
    let Some(project) = BlendProject::new() else {
        return;
    };
    project.is_drawn_as_previz_draws_its_copy();
}

/// One frame of the figure that leans, with the place as the scene for who opens it.
fn render_action(engine: Engine) -> JobAction {
    let mut staging = staging();
    staging.set = Some(InputSlot::set());
    staging.opened = engine.is_blender();
    "lean".clone_into(&mut staging.cast[0].clip);
    let staging: Arc<ShotStaging> = Arc::new(staging);
    JobAction::Render {
        engine,
        staging,
        frames: FrameList::from_bounds(18, 18),
        shot_frames: Arc::new(FrameList::from_bounds(1, 24)),
        rate: FrameRate::from_fps(24),
        size: SIZE,
        samples: 8,
        noisy: false,
        passes: Arc::default(),
    }
}

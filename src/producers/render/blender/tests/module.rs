//! Facts about Blender as the Python module `bpy`, which `scripts/fetch-test-assets bpy` installs.
//!
//! It is nearly a gigabyte, so it is installed on demand only, and no test here is required.

use super::blend::BlendProject;
use super::passes::telling;
use super::{SIZE, blender, draw, figure, overlap, render};
use crate::base::CancelToken;
use crate::media::picture::read_picture;
use crate::model::{Engine, FrameList, RenderPass};
use crate::process::CallOptions;
use crate::producers::render::blender::BlenderProgram;
use crate::producers::testing::check_outputs;

/// Finds the module, or says that the test is passed over. It alone is never required: it is nearly
/// 1 GB that `scripts/test` does not fetch, and the program is tested where the module is not.
fn module() -> Option<BlenderProgram> {
    let program = std::env::current_exe().unwrap();
    let python = program
        .ancestors()
        .nth(3)?
        .join("test-assets/bpy/bin/python");
    if !python.is_file() {
        eprintln!(
            "SKIPPED: no bpy at {}; `scripts/fetch-test-assets bpy` brings it",
            python.display()
        );
        return None;
    }
    let cancel = CancelToken::default();
    Some(
        BlenderProgram::find(
            Some(&python),
            std::ffi::OsStr::new(""),
            CallOptions::new(&cancel),
        )
        .unwrap(),
    )
}

#[test]
fn the_python_module_draws_what_the_program_draws_and_denoises_it() {
    let (Some(module), Some(program)) = (module(), blender()) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut figures = Vec::new();
    for (name, blender) in [("module", &module), ("program", &program)] {
        let own = folder.path().join(name);
        let finished = draw(
            blender,
            &render(Engine::Cycles, FrameList::from_bounds(6, 6), 8),
            &own,
        )
        .unwrap();
        assert_eq!(
            finished.warnings.is_empty(),
            blender.has_denoiser(),
            "{:?}",
            finished.warnings
        );
        let picture = read_picture(&own.join("0006.exr")).unwrap();
        assert_eq!(picture.size, SIZE);
        figures.push(figure(&picture));
    }
    assert!(module.has_denoiser());
    assert!(
        overlap(&figures[0], &figures[1]) > 0.95,
        "{}",
        overlap(&figures[0], &figures[1])
    );
}

#[test]
fn the_python_module_brings_blender_files_in_and_opens_them() {
    let Some(module) = module() else { return };
    BlendProject::with(module).is_drawn_as_previz_draws_its_copy();
}

#[test]
fn the_python_module_reads_every_pass() {
    let Some(module) = module() else { return };
    let folder = tempfile::tempdir().unwrap();
    let work = telling(&RenderPass::ALL, Engine::Cycles);
    let finished = draw(&module, &work, folder.path()).unwrap();
    let cancel = CancelToken::default();
    check_outputs(&work, &finished.outputs, None, CallOptions::new(&cancel)).unwrap();
}

//! Render, sheet and plate jobs, each drawn by one Blender process.

use super::blender_call::call_blender;
use super::blender_home::UserHome;
use super::blender_program::BlenderProgram;
use super::blender_script::BlenderScript;
use super::layer_passes;
use super::scene_json::{
    CameraJson, DirectionalLightJson, FrameJson, GroundPlaneJson, InstanceJson, InstancePoseJson,
    ModelJson, PointLightJson, SceneJson,
};
use crate::gpu::{CpuBackground, EquirectImage};
use crate::media::LinearImage;
use crate::media::exr_file::write_exr;
use crate::media::exr_layers::ExrLayers;
use crate::model::{Engine, FailureClass, PixelSize};
use crate::producers::contract::{ExecutionMode, JobContext, JobFailure, ProducerOutput};
use crate::producers::render::render_request::{FrameWriter, RenderRequest, stop_if_halting};
use crate::producers::render::scene::{ShotView, StagedScene};
use std::path::{Path, PathBuf};

/// Gain of Workbench, which has a light of its own: no exposure was meant for it, and it is made to
/// be seen without a tone curve. This brings it to the range that the curve expects.
const WORKBENCH_GAIN: f32 = 2.0;
/// The most light of a pixel, as in the built-in renderer.
const MAX_LIGHT: f32 = 4096.0;

/// The renderer of one of Blender's engines.
pub struct BlenderRenderer<'b> {
    /// The Blender that draws.
    pub blender: &'b BlenderProgram,
    /// The engine.
    pub engine: &'b Engine,
    /// The threads that it may use.
    pub threads: usize,
    /// The kind of graphics device, for an engine that has a choice; `None` is the processor.
    pub device: Option<&'b str>,
}

/// A picture that Blender is to draw, and the file that it writes.
struct PendingFrame {
    name: String,
    index: i64,
    view_index: usize,
    file: PathBuf,
}

/// Returns the identity of an engine of a Blender of this identity, on a kind of graphics device if
/// the engine has a choice.
#[must_use]
pub fn blender_identity(identity: &str, engine: &Engine, device: Option<&str>) -> String {
    let device = device.map(|kind| format!(" on {kind}")).unwrap_or_default();
    format!(
        "{identity}, {}{device}, script {}",
        engine.name(),
        BlenderScript::Draw.content_mark()
    )
}

impl BlenderRenderer<'_> {
    /// Returns the engine and its Blender, for identities and manifests.
    #[must_use]
    pub fn renderer_identity(&self) -> String {
        blender_identity(&self.blender.identity(), self.engine, self.device)
    }

    /// Does a render, sheet or plate job.
    ///
    /// # Errors
    /// Fails if an input is missing or damaged, if Blender fails, if a file cannot be written, or
    /// on a stop request.
    pub fn render_job(&self, context: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
        let request = RenderRequest::from_action(context.action)?;
        let folder = context.scratch.join("blender");
        std::fs::create_dir_all(&folder)
            .map_err(|error| JobFailure::from_io_error("make a folder for Blender", &error))?;
        // All shots go into one process: starting Blender and loading models often takes longer
        // than a picture.
        let scenes = request
            .shots
            .iter()
            .map(|shot| StagedScene::new(&shot.staging, context.inputs));
        let scenes = scenes.collect::<Result<Vec<_>, _>>()?;
        let shots = scenes.iter().zip(&request.shots);
        let views: Vec<ShotView<'_>> = shots
            .map(|(scene, shot)| scene.view_shot(shot.total_frames, shot.rate, request.size))
            .collect();
        let frames = pending_frames(&request, &folder);
        let Some(first) = views.first() else {
            return Err(no_pictures());
        };
        let panorama = first.scene.load_panorama()?;
        let scene_json =
            self.build_scene_json(&request, &views, &frames, panorama.as_ref(), &folder)?;
        self.draw_frames(&scene_json, &folder, frames.len(), context)?;
        let staging = first.scene.staging();
        // Blender draws on a transparent background and the sky is computed here. Each engine would
        // draw its own otherwise, and shots of different engines would not match.
        let background = CpuBackground::new(
            &staging.environment,
            first.scene.key_light(),
            staging.haze,
            panorama,
        );
        let mut writer = FrameWriter::new(&request, context);
        for frame in &frames {
            stop_if_halting(context)?;
            let view = &views[frame.view_index];
            let layers = read_layers(frame, request.size)?;
            let picture = self
                .composite_frame(&layers, view, frame.index, &background)
                .ok_or_else(|| frame.missing_layer("picture"))?;
            let passes = layer_passes::read_passes(&request.passes, &layers, view, frame.index);
            writer.write_frame(
                &frame.name,
                picture,
                &passes.map_err(|pass| frame.missing_layer(pass.id()))?,
            )?;
        }
        let warnings = views
            .iter()
            .flat_map(ShotView::warnings)
            .chain(self.denoiser_warning(&request))
            .collect();
        Ok(ProducerOutput {
            outputs: writer.finish_outputs()?,
            provider: self.renderer_identity(),
            mode: ExecutionMode::Real,
            warnings,
        })
    }

    /// Returns what Blender needs of the home of its user to draw.
    fn user_home(&self) -> UserHome {
        match (self.device, self.engine) {
            (Some(_), _) => UserHome::Drivers,
            (None, Engine::Cycles) => UserHome::Hidden,
            // The others draw on a display.
            (None, _) => UserHome::Shared,
        }
    }

    fn denoiser_warning(&self, request: &RenderRequest) -> Option<String> {
        // Only Cycles needs a denoiser. Where the document wants noise (`denoise: false`), a
        // missing one changes nothing.
        let noisy =
            *self.engine == Engine::Cycles && !self.blender.has_denoiser() && !request.noisy;
        let version = self.blender.version();
        let samples = request.samples;
        noisy.then(|| {
            format!("Blender {version} was built without a denoiser; {samples} samples a pixel leave noise")
        })
    }

    /// Returns the request for the script, after writing the environment map.
    fn build_scene_json<'a>(
        &'a self,
        request: &'a RenderRequest,
        views: &'a [ShotView<'a>],
        frames: &[PendingFrame],
        panorama: Option<&EquirectImage>,
        folder: &Path,
    ) -> Result<SceneJson<'a>, JobFailure> {
        let Some(first) = views.first() else {
            return Err(no_pictures());
        };
        // All shots of a job have one scene and differ only in the camera, so models and light come
        // from the first.
        let scene = first.scene;
        let staging = first.scene.staging();
        let key = scene.key_light();
        let light = EquirectImage::environment_map(&staging.environment, key, panorama);
        // The floor compares its own brightness with this to find shadows, so it needs all light
        // that reaches it: sky and key.
        let key_irradiance = key.map_or(glam::Vec3::ZERO, |key| key.colour * key.toward.y.max(0.0));
        let irradiance = light.upward_irradiance() + key_irradiance;
        Ok(SceneJson {
            engine: self.engine.name(),
            size: [request.size.width, request.size.height],
            samples: request.samples,
            threads: self.threads,
            denoise: self.blender.has_denoiser() && !request.noisy,
            passes: &request.passes,
            device: self.device,
            opened: first.scene_file(),
            models: scene.models().iter().map(ModelJson::from_model).collect(),
            things: first
                .added_instances_at(0)
                .iter()
                .map(|instance| InstanceJson::from_instance(instance, scene.models()))
                .collect(),
            pictures: frames
                .iter()
                .map(|frame| {
                    frame_json(frame, &views[frame.view_index], staging.camera.sensor_width)
                })
                .collect(),
            key: key.map(DirectionalLightJson::from_key_light),
            lamps: first.near_lamps().map(PointLightJson::from_lamp).collect(),
            light: write_environment(light, folder)?,
            ground: first
                .ground_plane()
                .map(|plane| GroundPlaneJson::from_plane(&plane, irradiance)),
            haze: staging.haze,
        })
    }

    /// Runs Blender, and reports progress.
    fn draw_frames(
        &self,
        scene_json: &SceneJson<'_>,
        folder: &Path,
        count: usize,
        context: &JobContext<'_>,
    ) -> Result<(), JobFailure> {
        let (script, request_path) = BlenderScript::Draw.write_files(folder, scene_json)?;
        let command = self
            .blender
            .script_command(&script, &request_path, self.user_home())
            .map_err(|error| JobFailure::from_io_error("make folders for Blender", &error))?;
        call_blender(command, context.watch, &mut |output| {
            // Blender 5 can save passes as pictures of their own, which must not count.
            (context.progress)(output.saved.min(count), count);
        })
    }

    /// Returns a picture as every renderer makes it: exposed, with the background behind it.
    fn composite_frame(
        &self,
        layers: &ExrLayers,
        view: &ShotView<'_>,
        index: i64,
        background: &CpuBackground,
    ) -> Option<LinearImage> {
        let front = layers.layer_channels(&["Combined"], ["R", "G", "B", "A"])?;
        let exposure = view.scene.staging().exposure.exp2();
        // Exposure belongs to the light of the staging. Workbench does not use that light.
        let engine_gain = if *self.engine == Engine::Workbench {
            WORKBENCH_GAIN
        } else {
            exposure
        };
        let over = |(pixel, behind): (usize, [f32; 3])| {
            let [r, g, b, a] = front.map(|values| values[pixel]);
            // Blender's colour is multiplied by alpha already, so only the background is weighed.
            let open = (1.0 - a).clamp(0.0, 1.0) * exposure;
            let light = |front: f32, behind: f32| {
                (front * engine_gain + behind * open).clamp(0.0, MAX_LIGHT)
            };
            [
                light(r, behind[0]),
                light(g, behind[1]),
                light(b, behind[2]),
            ]
        };
        let behind = background.render_view(&view.camera_at(index), layers.size);
        Some(LinearImage {
            size: layers.size,
            pixels: behind.into_iter().enumerate().map(over).collect(),
        })
    }
}

impl PendingFrame {
    fn unreadable_frame(&self, why: &dyn std::fmt::Display) -> JobFailure {
        JobFailure::new(
            FailureClass::BadOutput,
            format!("read what Blender drew of {}: {why}", self.name),
        )
    }

    fn missing_layer(&self, what: &str) -> JobFailure {
        self.unreadable_frame(&format_args!("it has no {what}"))
    }
}

/// Reads the layers of a picture and checks its size.
fn read_layers(frame: &PendingFrame, size: PixelSize) -> Result<ExrLayers, JobFailure> {
    let layers = ExrLayers::read(&frame.file).map_err(|error| frame.unreadable_frame(&error))?;
    if layers.size == size {
        Ok(layers)
    } else {
        Err(frame.unreadable_frame(&format_args!("it is {} and not {size}", layers.size)))
    }
}

/// Writes the map of the light from all around, and returns its path.
fn write_environment(light: EquirectImage, folder: &Path) -> Result<PathBuf, JobFailure> {
    let path = folder.join("around.exr");
    let map = LinearImage {
        size: light.size,
        pixels: light.pixels,
    };
    write_exr(&path, &map)?;
    Ok(path)
}

fn no_pictures() -> JobFailure {
    JobFailure::new(
        FailureClass::BadOutput,
        "render: the job asks for no picture",
    )
}

fn pending_frames(request: &RenderRequest, folder: &Path) -> Vec<PendingFrame> {
    let shots = request.shots.iter().enumerate();
    let pictures = shots.flat_map(|(view_index, shot)| {
        shot.pictures
            .iter()
            .map(move |picture| (view_index, picture))
    });
    pictures
        .enumerate()
        .map(|(number, (view_index, frame_request))| PendingFrame {
            name: frame_request.name.clone(),
            index: frame_request.index,
            view_index,
            file: folder.join(format!("{number:05}.exr")),
        })
        .collect()
}

fn frame_json(frame: &PendingFrame, view: &ShotView<'_>, sensor: f32) -> FrameJson {
    let optics = view.scene.staging().camera.optics;
    let focus =
        optics.and_then(|optics| Some([view.focus_distance(frame.index)?, optics.aperture]));
    FrameJson {
        file: frame.file.clone(),
        // Of the frame and not of the chunk, so that noise does not depend on how a shot is
        // divided.
        seed: frame.index.unsigned_abs(),
        camera: CameraJson::from_view(&view.camera_at(frame.index), sensor, focus),
        seconds: view.elapsed_seconds(frame.index),
        things: view
            .added_instances_at(frame.index)
            .iter()
            .map(InstancePoseJson::from_instance)
            .collect(),
    }
}

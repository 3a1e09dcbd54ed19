//! Jobs: frames, reference sheets and plates, drawn by one Blender process each.

use super::brief::{Brief, Bulb, Camera, Floor, Modelled, Shown, Standing, Sun, Thing};
use super::call::call;
use super::passes;
use super::program::Blender;
use super::script::Script;
use crate::gpu::{CpuBackground, EquirectImage};
use crate::media::LinearImage;
use crate::media::exr_file::write_exr;
use crate::media::exr_layers::ExrLayers;
use crate::model::{Engine, FailureClass, PixelSize};
use crate::producers::render::order::{Album, Order, Wanted, stop_if_halting};
use crate::producers::render::staged::{Shoot, Stage};
use crate::producers::task::{Assignment, ExecutionMode, Failure, Finished};
use std::path::{Path, PathBuf};

/// Workbench has a light of its own, which no exposure was meant for and which is made to be seen without a tone curve:
/// so much more brings it to where the curve expects it.
const WORKBENCH: f32 = 2.0;
/// Brighter light is cut off, as the built-in renderer does.
const MOST_LIGHT: f32 = 4096.0;

/// One of Blender's engines at work.
pub struct Rendering<'b> {
    /// The program.
    pub blender: &'b Blender,
    /// Which of its engines.
    pub engine: &'b Engine,
    /// Threads that it may fill.
    pub threads: usize,
    /// The kind of graphics device that it draws on where it has a choice; none is the processor.
    pub device: Option<&'b str>,
}

/// A picture on its way: what it is called, and where Blender leaves it.
struct Raw {
    name: String,
    index: usize,
    shoot: usize,
    file: PathBuf,
}

/// Returns who makes the pictures with an engine of a Blender of this identity, on a kind of graphics device where the engine
/// has a choice.
#[must_use]
pub fn provider(identity: &str, engine: &Engine, device: Option<&str>) -> String {
    let device = device.map(|kind| format!(" on {kind}")).unwrap_or_default();
    format!(
        "{identity}, {}{device}, script {}",
        engine.name(),
        Script::Draw.mark()
    )
}

impl Rendering<'_> {
    /// Returns who makes the pictures, for identities and manifests.
    #[must_use]
    pub fn provider(&self) -> String {
        provider(&self.blender.identity(), self.engine, self.device)
    }

    /// Does a render, sheet or plate job.
    ///
    /// # Errors
    /// Fails when an input is missing or broken, Blender fails, a file cannot be written, or on request.
    pub fn perform(&self, assignment: &Assignment<'_>) -> Result<Finished, Failure> {
        let order = Order::of(assignment.work)?;
        let folder = assignment.scratch.join("blender");
        std::fs::create_dir_all(&folder)
            .map_err(|error| Failure::io("make a folder for Blender", &error))?;
        let stages = order
            .scenes
            .iter()
            .map(|scene| Stage::new(&scene.staging, assignment.materials));
        let stages = stages.collect::<Result<Vec<_>, _>>()?;
        let shots = stages.iter().zip(&order.scenes);
        let shoots: Vec<Shoot<'_>> = shots
            .map(|(stage, scene)| stage.shoot(scene.total, scene.rate, order.size))
            .collect();
        let raws = raws(&order, &folder);
        let Some(first) = shoots.first() else {
            return Err(nothing());
        };
        let panorama = first.stage.panorama()?;
        let brief = self.brief(&order, &shoots, &raws, panorama.as_ref(), &folder)?;
        self.draw(&brief, &folder, raws.len(), assignment)?;
        let staging = first.stage.staging();
        let background = CpuBackground::new(
            &staging.environment,
            first.stage.key(),
            staging.haze,
            panorama,
        );
        let mut album = Album::new(&order, assignment);
        for raw in &raws {
            stop_if_halting(assignment)?;
            let shoot = &shoots[raw.shoot];
            let layers = layers(raw, order.size)?;
            let picture = self
                .finished(&layers, shoot, raw.index, &background)
                .ok_or_else(|| raw.lacks("picture"))?;
            let passes = passes::told(&order.passes, &layers, shoot, raw.index);
            album.keep(
                &raw.name,
                picture,
                &passes.map_err(|pass| raw.lacks(pass.id()))?,
            )?;
        }
        let warnings = shoots
            .iter()
            .flat_map(Shoot::warnings)
            .chain(self.warnings(&order))
            .collect();
        Ok(Finished {
            outputs: album.close()?,
            provider: self.provider(),
            mode: ExecutionMode::Real,
            warnings,
        })
    }

    fn warnings(&self, order: &Order) -> Option<String> {
        let noisy = *self.engine == Engine::Cycles && !self.blender.denoises() && !order.noisy;
        let (version, samples) = (self.blender.version(), order.samples);
        noisy.then(|| {
            format!("Blender {version} was built without a denoiser; {samples} samples a pixel leave noise")
        })
    }

    /// Returns what the script is told, after writing the picture of the light from all around.
    fn brief<'a>(
        &'a self,
        order: &'a Order,
        shoots: &'a [Shoot<'a>],
        raws: &[Raw],
        panorama: Option<&EquirectImage>,
        folder: &Path,
    ) -> Result<Brief<'a>, Failure> {
        let Some(first) = shoots.first() else {
            return Err(nothing());
        };
        let (stage, staging) = (first.stage, first.stage.staging());
        let light = EquirectImage::environment_map(&staging.environment, stage.key(), panorama);
        let falls = light.upward_irradiance()
            + stage
                .key()
                .map_or(glam::Vec3::ZERO, |key| key.colour * key.toward.y.max(0.0));
        let around = folder.join("around.exr");
        write_exr(
            &around,
            &LinearImage {
                size: light.size,
                pixels: light.pixels,
            },
        )?;
        Ok(Brief {
            engine: self.engine.name(),
            size: [order.size.width, order.size.height],
            samples: order.samples,
            threads: self.threads,
            denoise: self.blender.denoises() && !order.noisy,
            passes: &order.passes,
            device: self.device,
            opened: first.opened(),
            models: stage.models().iter().map(Modelled::of).collect(),
            things: first
                .moved(0)
                .iter()
                .map(|placed| Thing::of(placed, stage.models()))
                .collect(),
            pictures: raws
                .iter()
                .map(|raw| shown(raw, &shoots[raw.shoot], staging.camera.sensor_width))
                .collect(),
            key: stage.key().map(Sun::of),
            lamps: first.near_lamps().map(Bulb::of).collect(),
            light: around,
            ground: first.ground().map(|plane| Floor::of(&plane, falls)),
            haze: staging.haze,
        })
    }

    /// Runs Blender, and tells of the progress.
    fn draw(
        &self,
        brief: &Brief<'_>,
        folder: &Path,
        count: usize,
        assignment: &Assignment<'_>,
    ) -> Result<(), Failure> {
        let (script, asked) = Script::Draw.write(folder, brief)?;
        call(
            self.blender.run(&script, &asked),
            assignment.watch,
            &mut |heard| {
                (assignment.progress)(heard.saved.min(count), count);
            },
        )
    }

    /// Returns a picture as every renderer gives it: exposed, with what lies behind.
    fn finished(
        &self,
        layers: &ExrLayers,
        shoot: &Shoot<'_>,
        index: usize,
        background: &CpuBackground,
    ) -> Option<LinearImage> {
        let front = layers.layer_channels(&["Combined"], ["R", "G", "B", "A"])?;
        let exposure = shoot.stage.staging().exposure.exp2();
        let own = if *self.engine == Engine::Workbench {
            WORKBENCH
        } else {
            exposure
        };
        let over = |(at, behind): (usize, [f32; 3])| {
            let [r, g, b, a] = front.map(|values| values[at]);
            let open = (1.0 - a).clamp(0.0, 1.0) * exposure;
            let light =
                |front: f32, behind: f32| (front * own + behind * open).clamp(0.0, MOST_LIGHT);
            [
                light(r, behind[0]),
                light(g, behind[1]),
                light(b, behind[2]),
            ]
        };
        let behind = background.render_view(&shoot.lens(index), layers.size);
        Some(LinearImage {
            size: layers.size,
            pixels: behind.into_iter().enumerate().map(over).collect(),
        })
    }
}

impl Raw {
    fn bad(&self, why: &dyn std::fmt::Display) -> Failure {
        Failure::new(
            FailureClass::BadOutput,
            format!("find what Blender drew of {}: {why}", self.name),
        )
    }

    fn lacks(&self, what: &str) -> Failure {
        self.bad(&format_args!("it has no {what}"))
    }
}

/// Reads everything that Blender told of a picture.
fn layers(raw: &Raw, size: PixelSize) -> Result<ExrLayers, Failure> {
    let layers = ExrLayers::read(&raw.file).map_err(|error| raw.bad(&error))?;
    if layers.size == size {
        Ok(layers)
    } else {
        Err(raw.bad(&format_args!("it is {} and not {size}", layers.size)))
    }
}

fn nothing() -> Failure {
    Failure::new(
        FailureClass::BadOutput,
        "render: the job asks for no picture",
    )
}

fn raws(order: &Order, folder: &Path) -> Vec<Raw> {
    let scenes = order.scenes.iter().enumerate();
    let pictures =
        scenes.flat_map(|(shoot, scene)| scene.pictures.iter().map(move |one| (shoot, one)));
    let raw = |(at, (shoot, wanted)): (usize, (usize, &Wanted))| Raw {
        name: wanted.name.clone(),
        index: wanted.index,
        shoot,
        file: folder.join(format!("{at:05}.exr")),
    };
    pictures.enumerate().map(raw).collect()
}

fn shown(raw: &Raw, shoot: &Shoot<'_>, sensor: f32) -> Shown {
    let optics = shoot.stage.staging().camera.optics;
    let focus = optics.and_then(|optics| Some([shoot.focus(raw.index)?, optics.aperture]));
    Shown {
        file: raw.file.clone(),
        seed: raw.index,
        camera: Camera::of(&shoot.lens(raw.index), sensor, focus),
        seconds: shoot.seconds(raw.index),
        things: shoot.moved(raw.index).iter().map(Standing::of).collect(),
    }
}

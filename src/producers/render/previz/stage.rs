//! A staging brought to life: models on the device, everyone on their mark, lights lit, the camera set.

use super::blocking::{self, Standing};
use super::figure;
use super::framing::{self, Figure, Setup, Target};
use super::instance::{Assembly, Instance};
use super::lights;
use super::obstacles::{Obstacles, Person};
use super::travel::{self, Freedom};
use super::upload::Loaded;
use crate::gpu::{Canvas, Equirect, Frame, Gpu, Key, Lamp, Lens, Plane, Sphere, Surroundings};
use crate::media::Picture;
use crate::media::gltf::{Bounds, Model};
use crate::media::picture::read_picture;
use crate::model::staging::{Environment, Performer, Slot, Staging, Subject};
use crate::model::{FrameRate, Materials, Size};
use crate::producers::task::{Failure, FailureClass};
use glam::{Mat4, Vec3};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// Moments of the shot at which figures are measured.
const MEASURES: usize = 5;
/// Metres around the middle that count as the place.
const PLACE_RADIUS: f32 = 14.0;

/// Marks of a set between which its people stand.
const MARKS: [&str; 2] = ["mark_a", "mark_b"];
/// A set less wide than this, in metres, is a thing and not a place.
const SMALLEST_PLACE: f32 = 2.5;

/// A staging with its models on the device.
pub struct Stage<'g> {
    gpu: &'g Gpu,
    staging: Staging,
    set: Option<Arc<Loaded>>,
    cast: Vec<Arc<Loaded>>,
    props: Vec<Arc<Loaded>>,
    standings: Vec<Standing>,
    /// Metres that each performer is raised so that the feet touch the floor.
    lifts: Vec<f32>,
    key: Option<Key>,
    surroundings: Surroundings,
    warnings: Vec<String>,
}

/// A stage with its camera set for a shot of known length and size.
pub struct Shoot<'s> {
    stage: &'s Stage<'s>,
    total: usize,
    rate: FrameRate,
    samples: u32,
    canvas: Canvas,
    setup: Setup,
    freedom: Freedom,
    lamps: Vec<Lamp>,
    shadowed: Sphere,
    follows: bool,
    warning: Option<String>,
}

impl<'g> Stage<'g> {
    /// Loads and places everything in `staging`.
    ///
    /// # Errors
    /// Fails when a slot is empty, a model or picture cannot be read, or the device has no memory.
    pub fn new(gpu: &'g Gpu, staging: &Staging, materials: &Materials) -> Result<Self, Failure> {
        let mut loader = Loader { gpu, materials, loaded: HashMap::new() };
        let set = staging.set.as_ref().map(|slot| loader.model(slot)).transpose()?;
        let cast = staging.cast.iter().map(|one| loader.model(&one.model)).collect::<Result<Vec<_>, _>>()?;
        let props =
            staging.props.iter().map(|one| loader.model(&one.model)).collect::<Result<Vec<_>, _>>()?;
        let key = staging.key.as_ref().map(lights::key);
        let picture = loader.picture(&staging.environment)?;
        let surroundings = gpu.surroundings(&staging.environment, key, picture.as_ref());
        let standings = blocking::standings(&staging.cast, set.as_deref());
        let lifts = staging.cast.iter().zip(&cast).map(|(one, loaded)| lift(one, loaded)).collect();
        let warnings = warnings(staging, set.as_deref(), loader.loaded.values());
        Ok(Self {
            gpu,
            staging: staging.clone(),
            set,
            cast,
            props,
            standings,
            lifts,
            key,
            surroundings,
            warnings,
        })
    }

    /// Returns what is in the staging and is not drawn as asked.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Sets the camera for a shot of `total` frames.
    ///
    /// # Errors
    /// Fails when the device cannot draw pictures of this size.
    pub fn shoot(
        &self,
        total: usize,
        rate: FrameRate,
        size: Size,
        samples: u32,
    ) -> Result<Shoot<'_>, Failure> {
        let canvas = self.gpu.canvas(size).map_err(|error| gpu_failure(&error))?;
        let fixed: Vec<Instance<'_>> = self.fixed();
        let obstacles = Obstacles::of(fixed.iter(), self.bystanders());
        let end = seconds(total.saturating_sub(1), rate);
        let follows = !framing::is_wide(self.staging.camera.size);
        #[expect(clippy::cast_possible_truncation, reason = "aspects are small")]
        let aspect = size.aspect() as f32;
        let target = self.target(end, follows);
        let planned = framing::setup(&self.staging.camera, &target, aspect);
        let room = self.room(planned.subject, &obstacles);
        let kept = room.map_or(planned, |room| planned.inside(&room));
        let setup = cleared(kept, &obstacles);
        let warning = moved(&planned, &setup);
        let freedom = freedom(&setup, &obstacles, room);
        let lamps = lights::lamps(fixed.iter(), setup.subject);
        let shadowed = self.shadowed(&setup, end);
        Ok(Shoot {
            stage: self,
            total,
            rate,
            samples,
            canvas,
            setup,
            freedom,
            lamps,
            shadowed,
            follows,
            warning,
        })
    }

    /// Returns those the camera does not look at.
    fn bystanders(&self) -> Vec<Person> {
        let Subject::Performer(subject) = self.staging.subject else { return Vec::new() };
        let others = self.standings.iter().enumerate().filter(|(index, _)| *index != subject);
        others.map(|(_, standing)| Person { floor: standing.floor, height: 1.8 }).collect()
    }

    /// Returns the set's walls, when the subject stands between them.
    fn room(&self, subject: Vec3, obstacles: &Obstacles) -> Option<Bounds> {
        let set = self.set.as_ref().filter(|_| obstacles.surround(subject))?;
        Some(set.model.bounds(&set.model.pose(None, 0.0)))
    }

    /// Returns the set and the props, which stay where they are.
    fn fixed(&self) -> Vec<Instance<'_>> {
        let set = self.set.iter().map(|loaded| Instance { loaded, root: Mat4::IDENTITY });
        let place = |mark| blocking::place(mark, self.set.as_deref());
        let props = self.props.iter().zip(&self.staging.props);
        set.chain(props.map(|(loaded, prop)| Instance { loaded, root: place(&prop.mark) })).collect()
    }

    /// Returns what the camera frames, measured over the shot.
    fn target(&self, end: f32, follows: bool) -> Target {
        let figures = |indices: &mut dyn Iterator<Item = usize>| {
            indices
                .filter(|i| *i < self.cast.len())
                .flat_map(|i| self.figures(i, end, follows))
                .collect::<Vec<_>>()
        };
        match self.staging.subject {
            Subject::Performer(index) if index < self.cast.len() => {
                Target::Figures(figures(&mut std::iter::once(index)), self.place())
            }
            Subject::Prop(index) if index < self.props.len() => Target::Thing(self.prop_bounds(index)),
            Subject::Everyone | Subject::Performer(_) if !self.cast.is_empty() => {
                Target::Group(figures(&mut (0..self.cast.len())), self.place())
            }
            _ => self.bare_place(),
        }
    }

    /// Returns the place with no one to look at: composed as if someone of ordinary build stood where people would, or,
    /// for a model too small to stand in, as a thing.
    fn bare_place(&self) -> Target {
        let nothing = Bounds { min: Vec3::new(-3.0, 0.0, -3.0), max: Vec3::new(3.0, 2.5, 3.0) };
        let Some(set) = &self.set else { return Target::Thing(nothing) };
        let all = set.model.bounds(&set.model.pose(None, 0.0));
        let extent = all.size();
        if extent.x.max(extent.z) < SMALLEST_PLACE {
            return Target::Thing(all);
        }
        Target::Group(vec![Figure::ordinary(self.stage_floor(&set.model, &all))], self.place())
    }

    /// Returns the floor where people would stand: between the set's marks, else at the origin, else in the middle.
    fn stage_floor(&self, set: &Model, all: &Bounds) -> Vec3 {
        let marks: Vec<Vec3> =
            MARKS.iter().filter_map(|name| Some(set.node(name)?.w_axis.truncate())).collect();
        if marks.is_empty() {
            let origin = all.min.cmple(Vec3::ZERO).all() && all.max.cmpge(Vec3::ZERO).all();
            return if origin { Vec3::ZERO } else { all.centre().with_y(all.min.y) };
        }
        #[expect(clippy::cast_precision_loss, reason = "a handful of marks")]
        let count = marks.len() as f32;
        marks.iter().sum::<Vec3>() / count
    }

    /// Returns the measures of one performer: once at the mark, and where the camera does not follow also at the start.
    fn figures(&self, index: usize, end: f32, follows: bool) -> Vec<Figure> {
        let (one, standing) = (&self.staging.cast[index], self.standings[index]);
        #[expect(clippy::cast_precision_loss, reason = "a handful of moments")]
        let times: Vec<f32> =
            (0..MEASURES).map(|i| one.clip_start + end * i as f32 / (MEASURES - 1) as f32).collect();
        let at_mark = figure::measured(&self.cast[index], &one.clip, &times, self.lifts[index], standing);
        let start = standing.before(one.travel_speed, end).floor;
        if follows || start.distance(standing.floor) < 0.2 {
            return vec![at_mark];
        }
        vec![at_mark, Figure { floor: start, ..at_mark }]
    }

    fn prop_bounds(&self, index: usize) -> Bounds {
        let (loaded, prop) = (&self.props[index], &self.staging.props[index]);
        let pose = loaded.model.pose(None, 0.0);
        loaded.model.bounds(&pose).moved(blocking::place(&prop.mark, self.set.as_deref()))
    }

    /// Returns the part of the set that counts as the place.
    fn place(&self) -> Option<Bounds> {
        let set = &self.set.as_ref()?.model;
        let all = set.bounds(&set.pose(None, 0.0));
        let radius = Vec3::new(PLACE_RADIUS, 6.0, PLACE_RADIUS);
        let centre = if self.standings.is_empty() { self.stage_floor(set, &all) } else { self.middle() };
        let centre = centre.with_y(all.min.y.max(centre.y - 1.0) + 5.0);
        let clipped = Bounds { min: all.min.max(centre - radius), max: all.max.min(centre + radius) };
        (!clipped.is_empty()).then_some(clipped)
    }

    fn middle(&self) -> Vec3 {
        #[expect(clippy::cast_precision_loss, reason = "a handful of performers")]
        let count = self.standings.len().max(1) as f32;
        self.standings.iter().map(|standing| standing.floor).sum::<Vec3>() / count
    }

    /// Returns where shadows matter, the same for every frame so that they do not swim.
    fn shadowed(&self, setup: &Setup, end: f32) -> Sphere {
        let width = setup.tangents.x * setup.distance * 2.0;
        let travelled = self.staging.cast.iter().map(|one| one.travel_speed.abs() * end).fold(0.0, f32::max);
        let spread = self
            .standings
            .iter()
            .map(|s| s.floor.distance(setup.subject.with_y(s.floor.y)))
            .fold(0.0, f32::max);
        let radius = (width * 1.1 + 1.5).max(spread + 1.5).max(3.0) + travelled;
        Sphere { centre: setup.subject, radius: radius.min(45.0) }
    }
}

impl Shoot<'_> {
    /// Returns what is not drawn as asked: what the stage says, and where the camera could not stand.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        self.stage.warnings.iter().chain(&self.warning).cloned().collect()
    }

    /// Draws frame `index` of the shot, counted from 0.
    ///
    /// # Errors
    /// Fails when the device does.
    pub fn frame(&self, index: usize) -> Result<Picture, Failure> {
        let stage = self.stage;
        let (now, end) = (seconds(index, self.rate), seconds(self.total.saturating_sub(1), self.rate));
        let fixed = stage.fixed();
        let mut assembly = Assembly::default();
        for instance in &fixed {
            assembly.add(instance, &instance.loaded.model.pose(None, now));
        }
        for (who, one) in stage.staging.cast.iter().enumerate() {
            let standing = stage.standings[who].before(one.travel_speed, end - now);
            let lift = Mat4::from_translation(Vec3::Y * stage.lifts[who]);
            let instance = Instance { loaded: &stage.cast[who], root: standing.matrix() * lift };
            assembly.add(&instance, &instance.loaded.model.pose(Some(&one.clip), one.clip_start + now));
        }
        let frame = Frame {
            samples: self.samples,
            lens: self.lens(index),
            draws: &assembly.draws,
            transforms: &assembly.transforms,
            key: stage.key,
            shadowed: self.shadowed,
            lamps: &self.lamps,
            surroundings: &stage.surroundings,
            ground: self.ground(),
            haze: stage.staging.haze,
            exposure: stage.staging.exposure.exp2(),
        };
        let pixels = stage.gpu.render(&self.canvas, &frame).map_err(|error| gpu_failure(&error))?;
        Ok(Picture { size: self.canvas.size, pixels })
    }

    /// Returns the camera at frame `index`.
    #[must_use]
    pub fn lens(&self, index: usize) -> Lens {
        let last = self.total.saturating_sub(1);
        let (now, end) = (seconds(index, self.rate), seconds(last, self.rate));
        let progress = if last == 0 { 0.5 } else { now / end };
        let lens = travel::lens(&self.setup, &self.stage.staging.camera.travel, &self.freedom, progress, now);
        Lens { eye: lens.eye + self.way(end - now), ..lens }
    }

    /// Returns how far the subject still is from its mark; a camera that follows is as far from its own.
    fn way(&self, left: f32) -> Vec3 {
        let staging = &self.stage.staging;
        let followed = match staging.subject {
            Subject::Performer(index) => index..index + 1,
            Subject::Everyone => 0..staging.cast.len(),
            Subject::Prop(_) | Subject::Place => 0..0,
        };
        let one = |index: usize| {
            let standing = self.stage.standings.get(index)?;
            Some(standing.before(staging.cast[index].travel_speed, left).floor - standing.floor)
        };
        let ways: Vec<Vec3> = followed.filter_map(one).collect();
        #[expect(clippy::cast_precision_loss, reason = "a handful of performers")]
        let count = ways.len().max(1) as f32;
        if self.follows { ways.into_iter().sum::<Vec3>() / count } else { Vec3::ZERO }
    }

    fn ground(&self) -> Option<Plane> {
        let staging = &self.stage.staging;
        // A set brings its own floor; a plane through it would flicker.
        let ground = staging.ground.filter(|_| staging.set.is_none())?;
        let seamless = matches!(staging.environment, Environment::Studio { .. });
        let fade = if seamless { [4.0, 9.0] } else { [25.0, 90.0] };
        Some(Plane {
            colour: Vec3::from(ground.colour),
            roughness: ground.roughness,
            centre: self.setup.subject,
            fade,
            seamless,
        })
    }
}

/// Reads models once each.
struct Loader<'a> {
    gpu: &'a Gpu,
    materials: &'a Materials,
    loaded: HashMap<std::path::PathBuf, Arc<Loaded>>,
}

impl Loader<'_> {
    fn path(&self, slot: &Slot) -> Result<&Path, Failure> {
        let found = self.materials.one(slot).map(|material| material.path.as_path());
        found.ok_or_else(|| Failure::new(FailureClass::MissingInput, format!("find the input `{}`", slot.0)))
    }

    fn model(&mut self, slot: &Slot) -> Result<Arc<Loaded>, Failure> {
        let path = self.path(slot)?.to_owned();
        if let Some(loaded) = self.loaded.get(&path) {
            return Ok(Arc::clone(loaded));
        }
        let failure = |error: crate::media::gltf::ModelError| {
            Failure::new(FailureClass::MissingInput, error.to_string())
        };
        let model = Model::load(&path).map_err(failure)?;
        let loaded = Arc::new(Loaded::new(self.gpu, model));
        self.loaded.insert(path, Arc::clone(&loaded));
        Ok(loaded)
    }

    fn picture(&self, environment: &Environment) -> Result<Option<Equirect>, Failure> {
        let Environment::Picture { slot, .. } = environment else { return Ok(None) };
        let Picture { size, pixels } = read_picture(self.path(slot)?)?;
        Ok(Some(Equirect { size, pixels }))
    }
}

/// Returns how far to raise a performer so that the lowest point touches the floor in the first frame.
fn lift(one: &Performer, loaded: &Loaded) -> f32 {
    let bounds = loaded.model.bounds(&loaded.model.pose(Some(&one.clip), one.clip_start));
    if bounds.is_empty() { 0.0 } else { -bounds.min.y }
}

fn warnings<'a>(
    staging: &Staging,
    set: Option<&Loaded>,
    models: impl Iterator<Item = &'a Arc<Loaded>>,
) -> Vec<String> {
    let marks = staging.cast.iter().map(|one| &one.mark).chain(staging.props.iter().map(|prop| &prop.mark));
    let lost = |name: &&str| set.is_some_and(|set| set.model.node(name).is_none());
    let named = marks.filter_map(|mark| mark.node.as_deref()).filter(lost);
    let mut list: Vec<String> =
        named.map(|name| format!("the set has no mark `{name}`; its coordinates are used")).collect();
    list.extend(models.flat_map(|loaded| loaded.model.warnings.iter().cloned()));
    list.sort();
    list.dedup();
    list
}

/// Returns what to say of a camera that could not stand where its lens and framing put it.
fn moved(planned: &Setup, setup: &Setup) -> Option<String> {
    let wider = setup.tangents.x / planned.tangents.x;
    let far = setup.distance < 0.6 * planned.distance;
    far.then(|| {
        let (wanted, got) = (planned.distance, setup.distance);
        format!("the set leaves the camera {got:.1} m of {wanted:.1} m; a lens {wider:.1} times as wide keeps the framing")
    })
}

/// Returns the setup from a place where nothing is in the way: nearer with a shorter lens, or a little around.
fn cleared(setup: Setup, obstacles: &Obstacles) -> Setup {
    let free = |setup: &Setup| clear_distance(setup, obstacles) / setup.distance;
    let sides =
        [0.0, 15.0, -15.0, 30.0, -30.0, 50.0, -50.0_f32].map(|degrees| setup.turned(degrees.to_radians()));
    let open = sides.iter().find(|setup| free(setup) >= 0.75);
    let best = open
        .copied()
        .unwrap_or_else(|| sides.into_iter().max_by(|a, b| free(a).total_cmp(&free(b))).unwrap_or(setup));
    best.within(clear_distance(&best, obstacles))
}

/// Returns how far from the aim the camera can stand, a hand's width before what is in the way.
fn clear_distance(setup: &Setup, obstacles: &Obstacles) -> f32 {
    let most = setup.distance + 0.3;
    obstacles.clearance(setup.subject, setup.direction(), most, 0.12 * setup.height.min(2.0)) - 0.3
}

fn freedom(setup: &Setup, obstacles: &Obstacles, room: Option<Bounds>) -> Freedom {
    let eye = setup.eye();
    let right = (-setup.direction()).cross(Vec3::Y).normalize_or(Vec3::X);
    let from_eye = |dir: Vec3, most: f32| (obstacles.reach(eye, dir, most + 0.3) - 0.3).max(0.0);
    let far = setup.distance * 3.0;
    Freedom {
        // In a room the lens does what the camera has no space for.
        reach: setup.distance + if room.is_some() { 0.0 } else { from_eye(setup.direction(), far) },
        sideways: from_eye(right, far).min(from_eye(-right, far)),
        upward: from_eye(Vec3::Y, far).min(room.map_or(far, |room| (room.max.y - 0.3 - eye.y).max(0.0))),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "shots last minutes at most")]
fn seconds(frames: usize, rate: FrameRate) -> f32 {
    rate.seconds(frames) as f32
}

/// Returns the failure of a job for an error of the device.
pub(super) fn gpu_failure(error: &crate::gpu::GpuError) -> Failure {
    use crate::gpu::GpuError as E;
    let class = match error {
        E::NoAdapter | E::NoSuchAdapter { .. } | E::Device { .. } => FailureClass::MissingTool,
        E::OutOfMemory { .. } => FailureClass::OutOfMemory,
        E::Render { .. } | E::TooLarge { .. } => FailureClass::Crash,
    };
    Failure::new(class, error.to_string())
}

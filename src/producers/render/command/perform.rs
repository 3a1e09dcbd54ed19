//! Jobs: frames, reference sheets and plates, drawn by a command.

use super::hearing::{Heard, Hearing, Patterns};
use super::program::{Environment, Program};
use super::values::Values;
use crate::media::picture::{self, read_picture};
use crate::model::provider::CallFrequency;
use crate::model::{FailureClass, FrameList, InputFiles, Provider};
use crate::process::{CallError, CallOptions, ChildCommand, classify_failure};
use crate::producers::render::order::{Album, Order, Scene, stop_if_halting};
use crate::producers::render::staged::{Shoot, Stage};
use crate::producers::task::{Assignment, ExecutionMode, Failure, Finished};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// A command at work.
pub struct Commanded<'c> {
    /// How it is called.
    pub provider: &'c Provider,
    /// The program.
    pub program: &'c Program,
    /// The variables of this process.
    pub environment: &'c Environment,
    /// Threads that it may fill.
    pub threads: usize,
}

/// What the calls of one job share.
struct Room<'a> {
    assignment: &'a Assignment<'a>,
    order: &'a Order,
    folder: PathBuf,
    inputs: BTreeMap<String, PathBuf>,
    patterns: Patterns,
}

/// Returns who makes the pictures with a command of this name and version.
#[must_use]
pub fn provider(name: &str, version: &str) -> String {
    format!("{name}: {version}")
}

/// What the calls of one job tell those that follow.
#[derive(Default)]
struct Told {
    /// Variables; `None` takes one away.
    variables: BTreeMap<String, Option<String>>,
    /// Values that must be shown nowhere.
    secrets: Vec<String>,
}

impl Commanded<'_> {
    /// Returns who makes the pictures, for identities and manifests.
    #[must_use]
    pub fn provider(&self) -> String {
        provider(&self.provider.name, self.program.version())
    }

    /// Does a render, sheet or plate job.
    ///
    /// # Errors
    /// Fails when an input is missing or broken, the command fails or leaves no picture, or on request.
    pub fn perform(&self, assignment: &Assignment<'_>) -> Result<Finished, Failure> {
        let order = Order::of(assignment.work)?;
        let folder = folder(assignment.scratch)?;
        let inputs = named(assignment.materials, &folder)?;
        let patterns = Patterns::of(self.provider);
        let room = Room {
            assignment,
            order: &order,
            folder,
            inputs,
            patterns,
        };
        let mut album = Album::new(&order, assignment);
        let mut warnings = Vec::new();
        let mut told = Told::default();
        for scene in &order.scenes {
            let stage = Stage::new(&scene.staging, assignment.materials)?;
            let shoot = stage.shoot(scene.total, scene.rate, order.size);
            let brief = room.folder.join("scene.json");
            let json = serde_json::to_vec(&super::scene::scene(scene, &shoot, &room.inputs))
                .unwrap_or_default();
            std::fs::write(&brief, json)
                .map_err(|error| Failure::io("tell the command what to draw", &error))?;
            for frames in self.calls(scene) {
                stop_if_halting(assignment)?;
                let done = album.len();
                let values = self.values(&room, scene, &shoot, &frames, &brief);
                warnings.extend(self.call(&room, &values, &mut told, done)?);
                for wanted in scene
                    .pictures
                    .iter()
                    .filter(|wanted| frames.iter().any(|f| f == wanted.frame))
                {
                    let path = values.picture(self.provider, wanted.frame);
                    let picture = read_picture(&path).map_err(|error| {
                        Failure::new(FailureClass::BadOutput, error.to_string())
                    })?;
                    album.keep(&wanted.name, picture, &[])?;
                    let _ = std::fs::remove_file(path);
                }
                (assignment.progress)(album.len(), order.count());
            }
            warnings.extend(shoot.warnings());
        }
        warnings.sort();
        warnings.dedup();
        Ok(Finished {
            outputs: album.close()?,
            provider: self.provider(),
            mode: ExecutionMode::Real,
            warnings,
        })
    }

    /// Returns the frames of each call.
    fn calls(&self, scene: &Scene) -> Vec<FrameList> {
        match self.provider.per {
            CallFrequency::Chunk => vec![scene.frames.clone()],
            CallFrequency::Frame => scene.frames.chunks(1),
        }
    }

    fn values<'a>(
        &self,
        room: &'a Room<'_>,
        scene: &Scene,
        shoot: &Shoot<'_>,
        frames: &'a FrameList,
        brief: &'a Path,
    ) -> Values<'a> {
        let first = frames.first().unwrap_or(1);
        let index = scene
            .pictures
            .iter()
            .find(|wanted| wanted.frame == first)
            .map_or(0, |wanted| wanted.index);
        Values {
            frames,
            size: room.order.size,
            samples: room.order.samples,
            rate: scene.rate,
            threads: self.threads,
            lens: shoot.lens(index),
            sensor: scene.staging.camera.sensor_width,
            key: shoot.stage.key(),
            folder: &room.folder,
            scene: brief,
            inputs: &room.inputs,
        }
    }

    /// Makes one call; returns its warnings.
    fn call(
        &self,
        room: &Room<'_>,
        values: &Values<'_>,
        told: &mut Told,
        done: usize,
    ) -> Result<Vec<String>, Failure> {
        let provider = self.provider;
        let fill = |text: &String| {
            values
                .fill(text, provider)
                .map_err(|name| nothing_called(&name, provider))
        };
        for (name, text) in &provider.writes {
            let path = room.folder.join(name);
            std::fs::write(path, fill(text)?)
                .map_err(|error| Failure::io(&format!("write {name}"), &error))?;
        }
        let word = |text: &String| {
            values
                .word(text, provider)
                .map_err(|name| nothing_called(&name, provider))
        };
        let words = provider
            .command
            .iter()
            .map(word)
            .collect::<Result<Vec<_>, _>>()?;
        let mut command = self
            .program
            .call(provider, &words, self.environment, &room.folder);
        for (name, text) in &provider.set {
            command.env(name, fill(text)?);
        }
        command.envs(values.variables(provider));
        for (name, value) in &told.variables {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let (count, all) = (values.frames.len(), room.order.count());
        let progress = |share: f64| (room.assignment.progress)(done + whole(share, count), all);
        let hearing = Hearing {
            patterns: &room.patterns,
            progress: &progress,
            outer: room.assignment.watch.observer,
            heard: Mutex::new(Heard {
                secrets: told.secrets.clone(),
                ..Heard::default()
            }),
        };
        let ran = ChildCommand::new(command).stream_lines(
            CallOptions {
                observer: &hearing,
                ..room.assignment.watch
            },
            |_| true,
        );
        let heard = hearing.close();
        self.judge(ran, &heard)?;
        self.expect(values, &heard)?;
        told.variables.extend(heard.variables);
        told.secrets = heard.secrets;
        Ok(heard.warnings)
    }

    /// Decides by how it ended and what it said whether it failed.
    fn judge(&self, ran: Result<String, CallError>, heard: &Heard) -> Result<(), Failure> {
        let tail = heard.tail.join("\n");
        match ran {
            Ok(_) if heard.fail.is_none() => Ok(()),
            Ok(_) => Err(self
                .failed(heard, FailureClass::Crash, "it said so")
                .evidence(tail)),
            Err(CallError::Failed { ending, .. })
                if heard.fail.is_none()
                    && ending
                        .status
                        .is_some_and(|status| self.provider.success.contains(&status)) =>
            {
                Ok(())
            }
            Err(CallError::Failed { ending, .. }) => {
                let class = classify_failure(&ending, &tail);
                Err(self
                    .failed(heard, class, &format!("it {ending}"))
                    .evidence(tail))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Looks for every picture, whatever the command said of itself.
    fn expect(&self, values: &Values<'_>, heard: &Heard) -> Result<(), Failure> {
        let bad = |why: String| {
            self.failed(heard, FailureClass::BadOutput, &why)
                .evidence(heard.tail.join("\n"))
        };
        for frame in values.frames.iter() {
            let path = values.picture(self.provider, frame);
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if !path.is_file() {
                return Err(bad(format!(
                    "it left no {name}; it left {}",
                    left(values.folder)
                )));
            }
            let facts = picture::check_picture(&path).map_err(|error| bad(error.to_string()))?;
            if facts.size != values.size {
                return Err(bad(format!(
                    "its {name} is {} and not {}",
                    facts.size, values.size
                )));
            }
        }
        Ok(())
    }

    /// Returns the failure, by the cause that the command told, else of this class.
    fn failed(&self, heard: &Heard, class: FailureClass, why: &str) -> Failure {
        let name = &self.provider.name;
        let (class, said) = match (&heard.cause, &heard.fail) {
            (Some((cause, line)), _) => (cause.failure_class(), format!(" ({line})")),
            (None, Some(fail)) => (class, format!(" ({fail})")),
            (None, None) => (
                class,
                heard
                    .tail
                    .last()
                    .map(|line| format!(" ({line})"))
                    .unwrap_or_default(),
            ),
        };
        Failure::new(class, format!("draw with {name}: {why}{said}"))
    }
}

fn nothing_called(name: &str, provider: &Provider) -> Failure {
    let message = format!(
        "call {}: there is nothing called `{{{name}}}` in this job",
        provider.name
    );
    Failure::new(FailureClass::MissingInput, message)
}

/// Returns how many of `count` frames a share is.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a share"
)]
fn whole(share: f64, count: usize) -> usize {
    (share * count as f64).floor() as usize
}

/// Returns what lies in the folder, for a command that named its pictures otherwise.
fn left(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .take(12)
        .collect();
    names.sort();
    if names.is_empty() {
        "nothing".to_owned()
    } else {
        names.join(", ")
    }
}

/// Makes the folder that the command works in, and returns it from the root of the disk: the command stands in it.
fn folder(scratch: &Path) -> Result<PathBuf, Failure> {
    let made = std::path::absolute(scratch.join("command"))
        .and_then(|folder| std::fs::create_dir_all(&folder).map(|()| folder));
    made.map_err(|error| Failure::io("make a folder for the command", &error))
}

/// Gives every input a name with an extension, as programs expect; returns where each placeholder's file is.
fn named(materials: &InputFiles, folder: &Path) -> Result<BTreeMap<String, PathBuf>, Failure> {
    let mut inputs = BTreeMap::new();
    for (slot, files) in &materials.files {
        let Some(file) = files.first() else { continue };
        if slot.0.starts_with("file.") {
            let path = std::path::absolute(&file.path)
                .map_err(|error| Failure::io("find a file", &error))?;
            inputs.insert(slot.0.clone(), path);
            continue;
        }
        let path = folder.join(format!("{}.{}", slot.0, extension(&file.path)));
        link(&file.path, &path)
            .map_err(|error| Failure::io(&format!("bring {}", slot.0), &error))?;
        inputs.insert(format!("input.{}", slot.0), path);
    }
    Ok(inputs)
}

/// Returns the extension that a file's first bytes ask for: the store keeps no names.
fn extension(path: &Path) -> &'static str {
    use std::io::Read;
    let mut start = [0; 4];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut start));
    match (read.is_ok(), &start) {
        (true, b"glTF") => "glb",
        (true, [0x76, 0x2f, 0x31, 0x01]) => "exr",
        (true, b"#?RA" | b"#?RG") => "hdr",
        (true, [0x89, b'P', b'N', b'G']) => "png",
        (true, [0xff, 0xd8, ..]) => "jpg",
        _ => "bin",
    }
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(std::path::absolute(from)?, to)
}

#[cfg(not(unix))]
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::copy(from, to).map(|_| ())
}

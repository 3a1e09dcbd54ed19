//! Models and light that jobs have in common, cached on the device from one job to the next: those
//! of the chunks and the handles of a shot, and of shots in one place.
//!
//! A dissolve adds two short jobs. Each would read all models and prefilter the light again, for a
//! few frames.

use super::model_upload::UploadedModel;
use crate::gpu::{DirectionalKeyLight, EnvironmentLight, GpuDevice};
use crate::media::gltf::{GltfModel, GltfPrimitive};
use crate::model::shot_staging::SceneEnvironment;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

/// Bytes of one vertex, in memory and on the device, with what belongs to it.
const VERTEX_BYTES: u64 = 256;
/// Bytes of a prefiltered light without a panorama.
const LIGHT_BYTES: u64 = 4 << 20;
/// Bytes of one pixel of a panorama on the device.
const PANORAMA_PIXEL_BYTES: u64 = 8;

/// A file with this content. In a store it is named by its content; a file of a project may change.
#[derive(Debug, Clone, PartialEq, Eq)]
struct FileState {
    path: PathBuf,
    length: u64,
    // A file of a project may be saved again under its name.
    modified: Option<SystemTime>,
}

impl FileState {
    /// Returns the state of a file. `None`: it cannot be looked at, and is not cached.
    fn find(path: &Path) -> Option<Self> {
        let facts = std::fs::metadata(path).ok()?;
        Some(Self {
            path: path.to_owned(),
            length: facts.len(),
            modified: facts.modified().ok(),
        })
    }
}

/// What decides about the light of a scene.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LightSource {
    pub(super) environment: SceneEnvironment,
    pub(super) key: Option<DirectionalKeyLight>,
    pub(super) panorama: Option<PathBuf>,
}

/// A part of a scene that is cached.
enum HeldPart {
    Model {
        file: FileState,
        model: Arc<GltfModel>,
        uploaded: Arc<UploadedModel>,
    },
    Light {
        source: LightSource,
        panorama: Option<FileState>,
        light: Arc<EnvironmentLight>,
    },
}

/// How many parts were made, because none was cached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MadeParts {
    /// Models that were uploaded.
    pub models: usize,
    /// Lights that were prefiltered.
    pub lights: usize,
}

/// Parts of scenes on one device, up to a number of bytes. Those that were used last stay.
pub struct SceneParts {
    most_bytes: u64,
    state: Mutex<HeldParts>,
}

#[derive(Default)]
struct HeldParts {
    /// Parts with their bytes, the one that was used last at the end.
    parts: VecDeque<(HeldPart, u64)>,
    bytes: u64,
    made: MadeParts,
}

impl SceneParts {
    /// Returns a place for at most so many bytes. Larger parts are not cached.
    #[must_use]
    pub fn new(most_bytes: u64) -> Self {
        Self {
            most_bytes,
            state: Mutex::default(),
        }
    }

    /// Returns how many parts were made so far.
    #[must_use]
    pub fn made(&self) -> MadeParts {
        self.lock().made
    }

    /// Forgets all parts: a device that failed or is full needs them back.
    pub fn clear(&self) {
        let mut state = self.lock();
        state.parts.clear();
        state.bytes = 0;
    }

    /// Returns the model of a file, if it is cached.
    pub(super) fn known_model(&self, path: &Path) -> Option<Arc<GltfModel>> {
        // Size and time, and not the content: hashing a model takes longer than uploading it.
        let wanted = FileState::find(path)?;
        self.lock().find_last_used(|part| match part {
            HeldPart::Model { file, model, .. } if *file == wanted => Some(Arc::clone(model)),
            _ => None,
        })
    }

    /// Returns a model on the device; it is uploaded if it is not cached.
    pub(super) fn uploaded_model(
        &self,
        gpu: &GpuDevice,
        path: &Path,
        model: &Arc<GltfModel>,
    ) -> Arc<UploadedModel> {
        let held = self.lock().find_last_used(|part| match part {
            HeldPart::Model {
                model: own,
                uploaded,
                ..
            // By the model itself and not by its path: what is uploaded must be what was read.
            } if Arc::ptr_eq(own, model) => Some(Arc::clone(uploaded)),
            _ => None,
        });
        if let Some(held) = held {
            return held;
        }
        // Without the lock, since an upload takes long. Two jobs may do it at once, and one of the
        // results is dropped.
        let uploaded = Arc::new(UploadedModel::new(gpu, model));
        let mut state = self.lock();
        state.made.models += 1;
        if let Some(file) = FileState::find(path) {
            let part = HeldPart::Model {
                file,
                model: Arc::clone(model),
                uploaded: Arc::clone(&uploaded),
            };
            state.hold(part, model_bytes(model), self.most_bytes);
        }
        uploaded
    }

    /// Returns the light of a source; `make` is called if it is not cached, and returns the pixels
    /// of its panorama too.
    pub(super) fn light<E>(
        &self,
        source: &LightSource,
        make: impl FnOnce() -> Result<(EnvironmentLight, u64), E>,
    ) -> Result<Arc<EnvironmentLight>, E> {
        // Before the light is made, so that a file which changes meanwhile is found next time.
        let state_of = || source.panorama.as_deref().and_then(FileState::find);
        let now = state_of();
        let held = self.lock().find_last_used(|part| match part {
            HeldPart::Light {
                source: own,
                panorama,
                light,
            } if own == source && *panorama == now => Some(Arc::clone(light)),
            _ => None,
        });
        if let Some(held) = held {
            return Ok(held);
        }
        let (light, pixels) = make()?;
        let light = Arc::new(light);
        let mut state = self.lock();
        state.made.lights += 1;
        // A panorama that cannot be looked at may be another one next time.
        if source.panorama.is_none() || now.is_some() {
            let part = HeldPart::Light {
                source: source.clone(),
                panorama: now,
                light: Arc::clone(&light),
            };
            let bytes = LIGHT_BYTES + pixels * PANORAMA_PIXEL_BYTES;
            state.hold(part, bytes, self.most_bytes);
        }
        Ok(light)
    }

    fn lock(&self) -> MutexGuard<'_, HeldParts> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HeldParts {
    /// Returns what `find` finds in a part, which is now the one that was used last.
    fn find_last_used<T>(&mut self, find: impl Fn(&HeldPart) -> Option<T>) -> Option<T> {
        let mut parts = self.parts.iter().enumerate();
        let (index, found) = parts.find_map(|(index, (part, _))| Some((index, find(part)?)))?;
        // The last used is at the back, and what is at the front goes first.
        if let Some(used) = self.parts.remove(index) {
            self.parts.push_back(used);
        }
        Some(found)
    }

    fn hold(&mut self, part: HeldPart, bytes: u64, most_bytes: u64) {
        // It would push out everything else, and then itself.
        if bytes > most_bytes {
            return;
        }
        self.parts.push_back((part, bytes));
        self.bytes += bytes;
        while self.bytes > most_bytes
            && let Some((_, bytes)) = self.parts.pop_front()
        {
            // Estimates may differ by the time that they are taken away, and a sum below 0 would
            // stop every later job.
            self.bytes = self.bytes.saturating_sub(bytes);
        }
    }
}

/// Returns about how many bytes a model has, in memory and on the device.
fn model_bytes(model: &GltfModel) -> u64 {
    let pictures = model.images.iter().map(|image| image.rgba.len() as u64);
    let parts = model.meshes.iter().flat_map(|mesh| &mesh.primitives);
    let vertices: u64 = parts.map(primitive_vertices).sum();
    // The device has smaller copies of each picture too.
    pictures.sum::<u64>() * 3 + vertices * VERTEX_BYTES
}

fn primitive_vertices(part: &GltfPrimitive) -> u64 {
    // An index has a fraction of the bytes of a vertex.
    (part.positions.len() + part.indices.len() / 16) as u64
}

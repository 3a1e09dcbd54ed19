//! The values of placeholders in one call. Pure, except that it names files.

use crate::base::shell_quoting::shell_quoted;
use crate::gpu::{DirectionalKeyLight, ViewCamera};
use crate::model::frame_padding::FramePadding;
use crate::model::placeholder::{TemplatePiece, parse_pieces};
use crate::model::{FrameList, FrameRate, PixelSize, Provider};
use glam::Vec3;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What one call draws, and with what.
pub(super) struct PlaceholderValues<'a> {
    pub(super) frames: &'a FrameList,
    pub(super) size: PixelSize,
    pub(super) samples: u32,
    pub(super) rate: FrameRate,
    pub(super) threads: usize,
    /// The camera at the first of the frames.
    pub(super) lens: ViewCamera,
    pub(super) sensor: f32,
    pub(super) key: Option<DirectionalKeyLight>,
    pub(super) folder: &'a Path,
    pub(super) scene: &'a Path,
    /// Inputs of the job and files of the provider, by placeholder.
    pub(super) inputs: &'a BTreeMap<String, PathBuf>,
}

impl PlaceholderValues<'_> {
    /// Returns the text with every placeholder replaced, or as the error the name of one without a
    /// value.
    pub(super) fn fill_text(&self, text: &str, provider: &Provider) -> Result<String, String> {
        self.fill_placeholders(text, provider, |value| value)
    }

    /// Returns a word of the command, with values quoted if a shell reads them.
    pub(super) fn fill_command_word(
        &self,
        text: &str,
        provider: &Provider,
    ) -> Result<String, String> {
        self.fill_placeholders(text, provider, |value| {
            // A file may have any name. Unquoted, a space would split it and a semicolon would run
            // it.
            if provider.shell {
                shell_quoted(&value)
            } else {
                value
            }
        })
    }

    fn fill_placeholders(
        &self,
        text: &str,
        provider: &Provider,
        make: impl Fn(String) -> String,
    ) -> Result<String, String> {
        let Ok(pieces) = parse_pieces(text) else {
            return Err(text.to_owned());
        };
        pieces
            .iter()
            .map(|piece| match piece {
                TemplatePiece::Text(text) => Ok((*text).to_owned()),
                TemplatePiece::Placeholder(name, _) => self
                    .placeholder_value(name, provider)
                    .map(&make)
                    .ok_or_else(|| (*name).to_owned()),
            })
            .collect()
    }

    /// Returns the path of the picture of one frame.
    pub(super) fn picture_path(&self, provider: &Provider, frame: i32) -> PathBuf {
        let name = &provider.output;
        self.folder.join(
            FramePadding::find_last(name)
                .map_or_else(|| name.clone(), |padding| padding.insert_frame(name, frame)),
        )
    }

    fn placeholder_value(&self, name: &str, provider: &Provider) -> Option<String> {
        let shown = |path: &Path| path.to_string_lossy().into_owned();
        let first = self.first_frame();
        let last = self.frames.last().unwrap_or(1);
        let text = match name {
            "frame" | "chunk.start" => first.to_string(),
            "chunk.end" => last.to_string(),
            "chunk.size" => self.frames.len().to_string(),
            "frames" => self.frames.to_string(),
            "frames.list" => self
                .frames
                .iter()
                .map(|frame| frame.to_string())
                .collect::<Vec<_>>()
                .join(","),
            "output" => self.output_path(provider),
            "output.folder" | "scratch" => shown(self.folder),
            "scene" => shown(self.scene),
            // The seed is the number of the first frame. In calls for one frame the noise then does
            // not depend on the chunk.
            "seed" => first.unsigned_abs().to_string(),
            "width" => self.size.width.to_string(),
            "height" => self.size.height.to_string(),
            "samples" => self.samples.to_string(),
            "threads" => self.threads.to_string(),
            "rate" => self.rate.to_string(),
            "description" => provider.description.clone().unwrap_or_default(),
            name if name.starts_with("camera.") => self.camera_value(name)?,
            // A scene without a key light gets one that is black, so that a scene file needs no
            // condition.
            "key.toward" => format_vector(self.key.map_or(Vec3::Y, |key| key.toward)),
            "key.colour" => format_vector(self.key.map_or(Vec3::ZERO, |key| key.colour)),
            other => shown(self.inputs.get(other)?),
        };
        Some(text)
    }

    fn camera_value(&self, name: &str) -> Option<String> {
        let lens = &self.lens;
        Some(match name {
            "camera.eye" => format_vector(lens.eye),
            "camera.right" => format_vector(lens.right),
            "camera.up" => format_vector(lens.up),
            "camera.forward" => format_vector(lens.forward),
            "camera.angle" => format_number(2.0 * lens.tangents.x.atan().to_degrees()),
            "camera.lens" => format_number(self.sensor / (2.0 * lens.tangents.x)),
            "camera.sensor" => format_number(self.sensor),
            _ => return None,
        })
    }

    /// Returns the path of the picture if a call draws one frame; else the pattern that the command
    /// fills in.
    fn output_path(&self, provider: &Provider) -> String {
        let path = match provider.per {
            crate::model::provider::CallFrequency::Frame => {
                self.picture_path(provider, self.first_frame())
            }
            crate::model::provider::CallFrequency::Chunk => self.folder.join(&provider.output),
        };
        path.to_string_lossy().into_owned()
    }

    fn first_frame(&self) -> i32 {
        self.frames.first().unwrap_or(1)
    }

    /// Returns the variables with the facts of the call, such as `PRODUCTION_FRAME`.
    pub(super) fn environment_variables(&self, provider: &Provider) -> Vec<(String, String)> {
        let names = [
            ("FRAME", "frame"),
            ("FRAMES", "frames"),
            ("CHUNK_START", "chunk.start"),
            ("CHUNK_END", "chunk.end"),
            ("OUTPUT", "output"),
            ("SCENE", "scene"),
            ("WIDTH", "width"),
            ("HEIGHT", "height"),
            ("SAMPLES", "samples"),
            ("SEED", "seed"),
        ];
        names
            .into_iter()
            .filter_map(|(ours, name)| {
                Some((
                    format!("PRODUCTION_{ours}"),
                    self.placeholder_value(name, provider)?,
                ))
            })
            .collect()
    }
}

fn format_vector(v: Vec3) -> String {
    format!(
        "{}, {}, {}",
        format_number(v.x),
        format_number(v.y),
        format_number(v.z)
    )
}

/// Returns a number with six decimals and no exponent, which every program reads.
fn format_number(value: f32) -> String {
    format!("{value:.6}")
}

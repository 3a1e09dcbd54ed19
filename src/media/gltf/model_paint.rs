//! Other colours and labels for models of ours: the material `body` and the material `label`.

use super::glb_file::{glb_bytes, glb_parts};
use crate::media::tone::srgb_to_linear;
use crate::model::PixelSize;
use image::imageops::{self, FilterType};
use image::{Rgba, RgbaImage};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::Cursor;

/// The material with the main colour.
const BODY: &str = "body";
/// The material with the label, whose picture has the texture coordinates 0 to 1.
const LABEL: &str = "label";
/// The width to which the picture of a label is enlarged, in pixels. Letters need it.
const LABEL_WIDTH: u32 = 512;
/// Width of the label around a can, as a multiple of its height.
const WRAP_ASPECT: f64 = 2.59;

/// Returns the model with this colour, as screens show it, on its body. `None`: it has no body.
#[must_use]
pub fn with_body_colour(glb: &[u8], colour: [u8; 3]) -> Option<Vec<u8>> {
    let (mut json, binary) = glb_parts(glb)?;
    let index = material_index(&json, BODY)?;
    let surface = &mut json["materials"][index]["pbrMetallicRoughness"];
    let alpha = surface["baseColorFactor"][3].as_f64().unwrap_or(1.0);
    let [red, green, blue] = colour.map(|value| srgb_to_linear(f32::from(value) / 255.0));
    surface["baseColorFactor"] = json!([red, green, blue, alpha]);
    Some(glb_bytes(&json, binary))
}

/// The label of a model, with the place for a name.
#[derive(Debug, Clone)]
pub struct ModelLabel {
    picture: RgbaImage,
    /// Where the mark is, which is painted over.
    mark: LabelArea,
    /// Where the name goes.
    area: LabelArea,
    /// Whether only the letters are seen, on what is below the label.
    is_decal: bool,
    /// The shape of the area on the model, against its shape in the picture.
    stretch: f64,
}

/// A rectangle in pixels.
#[derive(Debug, Clone, Copy)]
struct LabelArea {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

impl ModelLabel {
    /// Reads the label of a model. `None`: it has none.
    #[must_use]
    pub fn read(glb: &[u8]) -> Option<Self> {
        let (json, binary) = glb_parts(glb)?;
        let picture = material_picture(&json, binary, LABEL)?;
        let picture = image::load_from_memory(picture).ok()?.into_rgba8();
        let (width, height) = picture.dimensions();
        let scale = f64::from(LABEL_WIDTH) / f64::from(width);
        let picture = imageops::resize(
            &picture,
            LABEL_WIDTH,
            scaled(height, scale),
            // A sharper filter would add colours beyond those of the picture.
            FilterType::Triangle,
        );
        let is_decal = picture.pixels().any(|pixel| pixel.0[3] < 64);
        let aspect = f64::from(width) / f64::from(height);
        let (mark, area, stretch) = match aspect {
            _ if is_decal => ([0.0, 0.0, 1.0, 1.0], [0.01, 0.06, 0.99, 0.94], 1.0),
            // A low label with a line below its mark.
            aspect if aspect > 3.0 => {
                let shares = [0.06, 0.10, 0.94, 0.78];
                (shares, shares, 1.0)
            }
            // A label around a can: its front is the middle, below a wave.
            aspect if aspect > 1.5 => (
                [0.43, 0.455, 0.57, 0.80],
                [0.36, 0.50, 0.64, 0.78],
                WRAP_ASPECT / aspect,
            ),
            // A label with a band below its mark.
            _ => {
                let shares = [0.08, 0.10, 0.92, 0.645];
                (shares, shares, 1.0)
            }
        };
        let size = picture.dimensions();
        Some(Self {
            mark: LabelArea::from_shares(mark, size),
            area: LabelArea::from_shares(area, size),
            picture,
            is_decal,
            stretch,
        })
    }

    /// Returns the size of the mask of a name.
    #[must_use]
    pub fn mask_size(&self) -> PixelSize {
        PixelSize::new(scaled(self.area.width, self.stretch), self.area.height)
    }

    /// Returns the model with a name in the place of the mark on its label. `mask` is the share of
    /// each pixel that the letters cover, of [`ModelLabel::mask_size`]. `None`: the mask has another
    /// size, or the model no label.
    #[must_use]
    pub fn with_name(mut self, glb: &[u8], mask: Vec<u8>) -> Option<Vec<u8>> {
        let size = self.mask_size();
        let mask = image::GrayImage::from_raw(size.width, size.height, mask)?;
        let LabelArea {
            left,
            top,
            width,
            height,
        } = self.area;
        let mask = imageops::resize(&mask, width, height, FilterType::Triangle);
        let (ground, ink) = self.colours();
        let bare = if self.is_decal {
            Rgba([ink.0[0], ink.0[1], ink.0[2], 0])
        } else {
            ground
        };
        for y in self.mark.top..self.mark.top + self.mark.height {
            for x in self.mark.left..self.mark.left + self.mark.width {
                self.picture.put_pixel(x, y, bare);
            }
        }
        for (x, y, coverage) in mask.enumerate_pixels() {
            let coverage = f64::from(coverage.0[0]) / 255.0;
            let pixel = if self.is_decal {
                let [red, green, blue, _] = ink.0;
                Rgba([red, green, blue, blended(0, 255, coverage)])
            } else {
                Rgba(std::array::from_fn(|channel| {
                    blended(ground.0[channel], ink.0[channel], coverage)
                }))
            };
            self.picture.put_pixel(left + x, top + y, pixel);
        }
        let mut png = Vec::new();
        self.picture
            .write_to(&mut Cursor::new(&mut png), image::ImageFormat::Png)
            .ok()?;
        with_picture(glb, LABEL, &png)
    }

    /// Returns the colour of the ground, and that of the mark: of what is seen in the area, the most
    /// frequent, and the one that differs most from it.
    fn colours(&self) -> (Rgba<u8>, Rgba<u8>) {
        let LabelArea {
            left,
            top,
            width,
            height,
        } = self.mark;
        let view = imageops::crop_imm(&self.picture, left, top, width, height).to_image();
        let seen = || view.pixels().filter(|pixel| pixel.0[3] > 200);
        let mut counts: HashMap<[u8; 4], usize> = HashMap::new();
        seen().for_each(|pixel| *counts.entry(pixel.0).or_default() += 1);
        let usual = counts
            .into_iter()
            // Of equals the higher colour, because the map has no order.
            .max_by_key(|(colour, count)| (*count, *colour));
        let ground = usual.map_or([255; 4], |(colour, _)| colour);
        let distance = |pixel: &Rgba<u8>| -> u32 {
            let parts = pixel.0.iter().zip(ground);
            parts
                .map(|(one, other)| u32::from(one.abs_diff(other)))
                .sum()
        };
        // The mark of a decal is all that is seen of it.
        let ink = if self.is_decal {
            Rgba(ground)
        } else {
            let farthest = seen().max_by_key(|pixel| distance(pixel));
            farthest.copied().unwrap_or(Rgba([0, 0, 0, 255]))
        };
        (Rgba(ground), ink)
    }
}

impl LabelArea {
    fn from_shares([left, top, right, bottom]: [f64; 4], (width, height): (u32, u32)) -> Self {
        // An edge at 0 stays there, although a length is one pixel at least.
        let edge = |length: u32, share: f64| scaled(length, share) * u32::from(share > 0.0);
        let from_x = edge(width, left);
        let from_y = edge(height, top);
        Self {
            left: from_x,
            top: from_y,
            width: edge(width, right).saturating_sub(from_x).max(1),
            height: edge(height, bottom).saturating_sub(from_y).max(1),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pictures of labels have a few hundred pixels"
)]
fn scaled(length: u32, factor: f64) -> u32 {
    (f64::from(length) * factor).round().max(1.0) as u32
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between two bytes"
)]
fn blended(from: u8, to: u8, share: f64) -> u8 {
    (f64::from(from) + (f64::from(to) - f64::from(from)) * share).round() as u8
}

fn material_index(json: &Value, name: &str) -> Option<usize> {
    let mut materials = json["materials"].as_array()?.iter();
    materials.position(|material| material["name"] == name)
}

/// Returns the number of the texture with the colours of a material.
fn colour_texture(json: &Value, material: &str) -> Option<usize> {
    let index = material_index(json, material)?;
    let texture = &json["materials"][index]["pbrMetallicRoughness"]["baseColorTexture"]["index"];
    usize::try_from(texture.as_u64()?).ok()
}

fn material_picture<'a>(json: &Value, binary: &'a [u8], material: &str) -> Option<&'a [u8]> {
    let number = |value: &Value| usize::try_from(value.as_u64()?).ok();
    let image = number(&json["textures"][colour_texture(json, material)?]["source"])?;
    let view = &json["bufferViews"][number(&json["images"][image]["bufferView"])?];
    let start = number(&view["byteOffset"]).unwrap_or(0);
    binary.get(start..start + number(&view["byteLength"])?)
}

/// Returns the model with another picture on a material.
fn with_picture(glb: &[u8], material: &str, png: &[u8]) -> Option<Vec<u8>> {
    let (mut json, binary) = glb_parts(glb)?;
    let texture = colour_texture(&json, material)?;
    let sampler = json["textures"][texture].get("sampler").cloned();
    let start = binary.len().next_multiple_of(4);
    let mut binary = binary.to_vec();
    binary.resize(start, 0);
    binary.extend_from_slice(png);
    let view = push(
        &mut json["bufferViews"],
        json!({ "buffer": 0, "byteOffset": start, "byteLength": png.len() }),
    )?;
    let image = push(
        &mut json["images"],
        json!({ "bufferView": view, "mimeType": "image/png" }),
    )?;
    let mut own = json!({ "source": image });
    if let Some(sampler) = sampler {
        own["sampler"] = sampler;
    }
    // A texture of its own: other materials may have the old one.
    let texture = push(&mut json["textures"], own)?;
    json["buffers"][0]["byteLength"] = binary.len().into();
    let index = material_index(&json, material)?;
    json["materials"][index]["pbrMetallicRoughness"]["baseColorTexture"]["index"] = texture.into();
    Some(glb_bytes(&json, &binary))
}

/// Adds an entry to a list, and returns its number.
fn push(list: &mut Value, entry: Value) -> Option<usize> {
    let list = list.as_array_mut()?;
    list.push(entry);
    Some(list.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::gltf::GltfModel;

    fn library_models() -> Vec<(String, Vec<u8>)> {
        let folder = std::path::Path::new("assets/library");
        let mut found: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "glb"))
            .filter(|path| path.to_string_lossy().contains("product_"))
            .map(|path| (path.display().to_string(), std::fs::read(&path).unwrap()))
            .collect();
        found.sort();
        found
    }

    #[test]
    fn every_label_takes_a_name_and_stays_a_model() {
        let folder = tempfile::tempdir().unwrap();
        let mut labels = 0;
        for (name, glb) in library_models() {
            let Some(label) = ModelLabel::read(&glb) else {
                continue;
            };
            labels += 1;
            let size = label.mask_size();
            let half = |index: u64| if index.is_multiple_of(2) { 255 } else { 0 };
            let mask = (0..size.pixel_count()).map(half).collect();
            let named = label.with_name(&glb, mask).unwrap();
            let file = folder.path().join("named.glb");
            std::fs::write(&file, named).unwrap();
            let model = GltfModel::load(&file).unwrap();
            assert!(model.images.len() > 1 || name.contains("phone"), "{name}");
        }
        assert_eq!(labels, 11);
    }

    #[test]
    fn every_product_takes_another_colour() {
        for (name, glb) in library_models() {
            let red = with_body_colour(&glb, [255, 0, 0]).unwrap_or_else(|| panic!("{name}"));
            let (json, _) = glb_parts(&red).unwrap();
            let index = material_index(&json, BODY).unwrap();
            let factor = &json["materials"][index]["pbrMetallicRoughness"]["baseColorFactor"];
            assert_eq!(factor[0], 1.0, "{name}");
            assert_eq!(factor[1], 0.0, "{name}");
        }
    }

    #[test]
    fn what_is_no_model_is_left() {
        assert!(ModelLabel::read(b"glTF").is_none());
        assert!(with_body_colour(b"", [0; 3]).is_none());
    }
}

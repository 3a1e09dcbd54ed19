//! Passes: what a renderer can output beside the picture of a frame, each in a file of its own.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One kind of value of every pixel. Passes are drawn and delivered in this order.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Pass")]
pub enum RenderPass {
    /// Metres from the camera's plane.
    Depth,
    /// The direction in which the surface faces in the world, y up.
    Normal,
    /// The position of the surface in the world, in metres, y up.
    Position,
    /// How open the surface is to its surroundings, 0 to 1.
    AmbientOcclusion,
    /// The colour of the surface without light.
    Albedo,
    /// Light scattered by the surface, of all lights.
    Diffuse,
    /// Light mirrored by the surface, of all lights.
    Specular,
    /// Light that comes through the surface.
    Transmission,
    /// Light that the surface gives by itself.
    Emission,
}

/// The meaning of a pass's values, which decides about its file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassDataKind {
    /// A measure: one 32-bit float, in the channel `Z`.
    Measure,
    /// A direction or place: three 32-bit floats, in the channels `X`, `Y` and `Z`.
    Vector,
    /// Light or colour: three 16-bit floats, in the channels `R`, `G` and `B`.
    Colour,
}

/// Depth in metres where the ray hits nothing.
// Finite, because infinity spreads in the filters of compositors. Renderers differ in what they
// write there, so it is set to one number.
pub const BACKGROUND_DEPTH: f32 = 1.0e10;

impl RenderPass {
    /// Every pass, in order.
    // The order is that of the enum. Passes are rendered and delivered in it, so it must not depend
    // on the document.
    pub const ALL: [Self; 9] = [
        Self::Depth,
        Self::Normal,
        Self::Position,
        Self::AmbientOcclusion,
        Self::Albedo,
        Self::Diffuse,
        Self::Specular,
        Self::Transmission,
        Self::Emission,
    ];

    /// Returns the name that documents and files use.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Depth => "depth",
            Self::Normal => "normal",
            Self::Position => "position",
            Self::AmbientOcclusion => "ambient_occlusion",
            Self::Albedo => "albedo",
            Self::Diffuse => "diffuse",
            Self::Specular => "specular",
            Self::Transmission => "transmission",
            Self::Emission => "emission",
        }
    }

    /// Returns what its values mean.
    #[must_use]
    pub const fn data_kind(self) -> PassDataKind {
        match self {
            Self::Depth => PassDataKind::Measure,
            Self::Normal | Self::Position => PassDataKind::Vector,
            _ => PassDataKind::Colour,
        }
    }

    /// Returns whether the exposure of a shot scales it.
    #[must_use]
    pub const fn is_light(self) -> bool {
        // Depth, normals and albedo are facts of the scene, and stay the same at any exposure.
        matches!(
            self,
            Self::Diffuse | Self::Specular | Self::Transmission | Self::Emission
        )
    }

    /// Returns the name of its file beside that of a frame: `depth.1001.exr` beside `1001.exr`.
    #[must_use]
    pub fn file_name_beside(self, frame: &str) -> String {
        format!("{}.{frame}", self.id())
    }

    /// Returns the pass of a file of a render job. `None`: the picture itself.
    #[must_use]
    pub fn from_file_name(name: &str) -> Option<Self> {
        // Pictures begin with the number of the frame, which is no pass.
        let (id, _) = name.split_once('.')?;
        Self::ALL.into_iter().find(|pass| pass.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pass_of_a_file_is_read_from_its_name() {
        for pass in RenderPass::ALL {
            assert_eq!(
                RenderPass::from_file_name(&pass.file_name_beside("-0005.exr")),
                Some(pass)
            );
        }
        assert_eq!(
            [
                RenderPass::from_file_name("1001.exr"),
                RenderPass::from_file_name("sheet.png"),
                RenderPass::from_file_name("asset")
            ],
            [None; 3]
        );
    }

    #[test]
    fn all_passes_are_in_the_order_in_which_they_are_drawn() {
        assert!(RenderPass::ALL.is_sorted());
    }
}

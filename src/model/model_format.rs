//! The formats of models, by the ending of a file's name.

use super::model_mend::{ModelMend, UpAxis};
use std::path::Path;

/// A format of models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelFormat {
    /// glTF 2.0, which VRM is too.
    Gltf,
    /// A Blender file.
    Blend,
    /// Wavefront OBJ, with its MTL beside.
    Obj,
    /// STL, as printers and CAD have it.
    Stl,
    /// PLY, as scanners have it.
    Ply,
    /// Autodesk FBX.
    Fbx,
    /// Universal Scene Description.
    Usd,
    /// Alembic.
    Alembic,
}

/// Every ending, in small letters. The first of a format is the usual one.
const EXTENSIONS: [(&str, ModelFormat); 13] = [
    ("glb", ModelFormat::Gltf),
    ("gltf", ModelFormat::Gltf),
    ("vrm", ModelFormat::Gltf),
    ("blend", ModelFormat::Blend),
    ("obj", ModelFormat::Obj),
    ("stl", ModelFormat::Stl),
    ("ply", ModelFormat::Ply),
    ("fbx", ModelFormat::Fbx),
    ("usd", ModelFormat::Usd),
    ("usda", ModelFormat::Usd),
    ("usdc", ModelFormat::Usd),
    ("usdz", ModelFormat::Usd),
    ("abc", ModelFormat::Alembic),
];

/// Every ending of a model, for messages.
pub const MODEL_ENDINGS: &str = ".glb, .gltf, .vrm, .obj, .stl, .ply, .blend, .fbx, .usd or .abc";

impl ModelFormat {
    /// Returns the format of a file by its ending, in any case. `None`: it is no model.
    #[must_use]
    pub fn from_path(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?;
        let mut known = EXTENSIONS.iter();
        let entry = known.find(|(known, _)| known.eq_ignore_ascii_case(ending));
        entry.map(|(_, format)| *format)
    }

    /// Returns whether Blender reads it, and this program does not.
    #[must_use]
    pub const fn needs_blender(self) -> bool {
        matches!(self, Self::Blend | Self::Fbx | Self::Usd | Self::Alembic)
    }

    /// Returns the unit and the axes of files that do not say them.
    #[must_use]
    pub fn usual_mend(self) -> ModelMend {
        match self {
            // Slicers and CAD mean millimetres, with the bed of the printer flat.
            Self::Stl => ModelMend {
                scale: Some(0.001),
                up: Some(UpAxis::Z),
                ..ModelMend::default()
            },
            // As Blender writes it.
            Self::Ply => ModelMend {
                up: Some(UpAxis::Z),
                ..ModelMend::default()
            },
            _ => ModelMend::default(),
        }
    }

    /// Returns the name for messages.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Gltf => "a glTF file",
            Self::Blend => "a Blender file",
            Self::Obj => "an OBJ file",
            Self::Stl => "an STL file",
            Self::Ply => "a PLY file",
            Self::Fbx => "an FBX file",
            Self::Usd => "a USD file",
            Self::Alembic => "an Alembic file",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_known_in_any_case_and_named_in_messages() {
        let format = |name: &str| ModelFormat::from_path(Path::new(name));
        assert_eq!(format("a/Ada.VRM"), Some(ModelFormat::Gltf));
        assert_eq!(format("a.usdz"), Some(ModelFormat::Usd));
        assert_eq!(format("a.3ds"), None);
        assert_eq!(format("glb"), None);
        for (ending, _) in EXTENSIONS {
            // One ending stands for all of USD.
            let shown = if ending.starts_with("usd") {
                "usd"
            } else {
                ending
            };
            assert!(MODEL_ENDINGS.contains(&format!(".{shown}")), "{ending}");
        }
    }
}

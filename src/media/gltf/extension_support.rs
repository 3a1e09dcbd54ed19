//! Which extensions of glTF are drawn, which change no picture, and what is left out of the others.
//!
//! Draco (`KHR_draco_mesh_compression`) and Basis (`KHR_texture_basisu`) are not decoded. The one
//! decoder of Draco in Rust, `draco-oxide`, has had pre-releases only; `basis-universal` builds the
//! C++ library, and `ktx2` reads the container and not the pictures in it.

use super::error::GltfFault;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// What becomes of an extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ExtensionSupport {
    /// It is drawn, or changes no picture.
    Whole,
    /// A preview draws less than the extension says: what is left out.
    LeftOut(&'static str),
    /// Its data replaces that of the format. A file that requires it has nothing to draw in its
    /// place.
    Replacing,
}

use ExtensionSupport::{LeftOut, Replacing, Whole};

/// Every extension that is known.
const EXTENSIONS: &[(&str, ExtensionSupport)] = &[
    (
        "ADOBE_materials_clearcoat_specular",
        LeftOut("the index of refraction of a clear coat"),
    ),
    (
        "ADOBE_materials_clearcoat_tint",
        LeftOut("the tint of a clear coat"),
    ),
    ("AGI_articulations", Whole),
    ("AGI_stk_metadata", Whole),
    ("EXT_instance_features", Whole),
    ("EXT_mesh_features", Whole),
    ("EXT_mesh_gpu_instancing", Whole),
    ("EXT_mesh_manifold", Whole),
    ("EXT_meshopt_compression", Whole),
    ("EXT_structural_metadata", Whole),
    // Light from all around comes from the location.
    ("EXT_lights_ies", LeftOut("the profile of a lamp")),
    (
        "EXT_lights_image_based",
        LeftOut("the light from all around that the file brings"),
    ),
    ("EXT_texture_avif", Whole),
    ("EXT_texture_webp", Whole),
    ("FB_geometry_metadata", Whole),
    (
        "KHR_accessor_float64",
        LeftOut("numbers of double precision"),
    ),
    (
        "KHR_animation_pointer",
        LeftOut("animation of what is no node, such as colours"),
    ),
    ("KHR_audio_emitter", Whole),
    ("KHR_draco_mesh_compression", Replacing),
    ("KHR_lights_punctual", Whole),
    (
        "KHR_materials_anisotropy",
        LeftOut("the stretched highlights of brushed surfaces"),
    ),
    ("KHR_materials_clearcoat", Whole),
    (
        "KHR_materials_diffuse_transmission",
        LeftOut("light that shines through thin surfaces"),
    ),
    (
        "KHR_materials_dispersion",
        LeftOut("the colours of dispersion in glass"),
    ),
    ("KHR_materials_emissive_strength", Whole),
    ("KHR_materials_ior", Whole),
    (
        "KHR_materials_iridescence",
        LeftOut("the colours of thin films"),
    ),
    ("KHR_materials_pbrSpecularGlossiness", Whole),
    ("KHR_materials_sheen", Whole),
    ("KHR_materials_specular", Whole),
    ("KHR_materials_transmission", Whole),
    ("KHR_materials_unlit", Whole),
    // The material that a primitive names is that of viewers that choose no variant.
    ("KHR_materials_variants", Whole),
    (
        "KHR_materials_volume",
        LeftOut("refraction and the colour of thick glass"),
    ),
    ("KHR_mesh_quantization", Whole),
    ("KHR_meshopt_compression", Whole),
    ("KHR_node_hoverability", Whole),
    ("KHR_node_selectability", Whole),
    ("KHR_node_visibility", Whole),
    ("KHR_physics_rigid_bodies", Whole),
    ("KHR_texture_basisu", Whole),
    ("KHR_texture_transform", Whole),
    ("KHR_xmp", Whole),
    ("KHR_xmp_json_ld", Whole),
    ("MSFT_lod", Whole),
    ("MSFT_packing_normalRoughnessMetallic", Whole),
    ("MSFT_packing_occlusionRoughnessMetallic", Whole),
    ("MSFT_texture_dds", Whole),
    ("OMI_collider", Whole),
    ("OMI_physics_body", Whole),
    ("OMI_physics_shape", Whole),
    ("VRM", LeftOut("the springs and the gaze of a VRM")),
    (
        "VRMC_materials_mtoon",
        LeftOut("the outlines and steps of toon shading"),
    ),
    ("VRMC_node_constraint", LeftOut("the constraints of a VRM")),
    ("VRMC_springBone", LeftOut("the springs of hair and cloth")),
    ("VRMC_vrm", LeftOut("the gaze of a VRM")),
];

/// Fails if the file requires an extension that replaces what could be drawn, and returns a warning
/// for each extension that is not drawn as it says.
pub(super) fn check_extensions(root: &Map<String, Value>) -> Result<Vec<String>, GltfFault> {
    let named = |key: &str| {
        let names = root.get(key).and_then(Value::as_array);
        names.into_iter().flatten().filter_map(Value::as_str)
    };
    if let Some(name) = named("extensionsRequired").find(|name| support(name) == Some(Replacing)) {
        return Err(GltfFault::Extension(name.to_owned()));
    }
    let mut found = BTreeSet::new();
    collect_of_object(root, &mut found);
    // What is required and nowhere used is still a promise that cannot be kept.
    found.extend(named("extensionsRequired").map(str::to_owned));
    Ok(found.iter().filter_map(|name| warning(name)).collect())
}

fn support(name: &str) -> Option<ExtensionSupport> {
    let entry = EXTENSIONS.iter().find(|(known, _)| *known == name);
    entry.map(|(_, support)| *support)
}

fn warning(name: &str) -> Option<String> {
    match support(name) {
        Some(Whole | Replacing) => None,
        Some(LeftOut(what)) => Some(format!("{name} is left out: {what}")),
        None => Some(format!("the extension {name} is unknown and left out")),
    }
}

/// Adds the name of every extension that some object of the tree has.
fn collect_extensions(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect_extensions(item, found)),
        Value::Object(fields) => collect_of_object(fields, found),
        _ => {}
    }
}

fn collect_of_object(fields: &Map<String, Value>, found: &mut BTreeSet<String>) {
    // Anything may be in `extras`, and nothing of it is drawn.
    for (key, field) in fields.iter().filter(|(key, _)| *key != "extras") {
        if let Some(extensions) = field.as_object().filter(|_| key == "extensions") {
            found.extend(extensions.keys().cloned());
        }
        collect_extensions(field, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn warnings(tree: &Value) -> Vec<String> {
        check_extensions(tree.as_object().unwrap()).unwrap()
    }

    #[test]
    fn the_table_is_in_order_and_names_each_extension_once() {
        let mut names: Vec<&str> = EXTENSIONS.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), EXTENSIONS.len());
    }

    #[test]
    fn what_is_used_and_not_drawn_is_named_and_nothing_else() {
        let tree = json!({
            "extensionsUsed": ["KHR_materials_iridescence", "KHR_materials_unlit"],
            "materials": [{ "extensions": {
                "KHR_materials_volume": {}, "KHR_materials_unlit": {}, "ACME_glitter": {}
            }, "extras": { "extensions": { "ACME_extra": {} } } }]
        });
        assert_eq!(
            warnings(&tree),
            [
                "the extension ACME_glitter is unknown and left out",
                "KHR_materials_volume is left out: refraction and the colour of thick glass"
            ]
        );
    }

    #[test]
    fn a_required_extension_is_refused_only_if_it_replaces_the_geometry() {
        for name in [
            "KHR_materials_variants",
            "KHR_animation_pointer",
            "ACME_glitter",
        ] {
            let tree = json!({ "extensionsRequired": [name] });
            assert!(
                check_extensions(tree.as_object().unwrap()).is_ok(),
                "{name}"
            );
        }
        let tree = json!({ "extensionsRequired": ["KHR_draco_mesh_compression"] });
        assert!(check_extensions(tree.as_object().unwrap()).is_err());
    }
}

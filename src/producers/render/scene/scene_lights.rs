//! The key light, from its angles and temperature; and lamps, from surfaces that glow.

use super::ModelInstance;
use crate::gpu::{DirectionalKeyLight, LightCone, SphereLight};
use crate::media::gltf::{GltfLight, GltfLightShape};
use crate::model::shot_staging::{KeyLight, MAX_LAMPS};
use glam::{Mat4, Vec3};

/// Triangles of one material that are closer than this, in metres, are one lamp.
const LAMP_REACH: f32 = 0.6;
/// The most lamps that are looked for in one model.
const MOST_CLUSTERS: usize = 64;
/// Gain of lamps. A lamp that a camera can look at is too dim to light a room; film crews replace
/// its bulb with a stronger one.
const PRACTICAL_GAIN: f32 = 8.0;
/// Lumens of a watt of light, by which a lamp of a model becomes one of ours: Blender reads and
/// writes them so.
const LUMENS_PER_WATT: f32 = 683.0;
/// Metres from which a directional light of a model shines. Its rays are parallel to a thousandth.
const SUN_DISTANCE: f32 = 1000.0;
/// Lamps dimmer than this, as irradiance at one metre, light nothing visibly.
const MIN_LAMP_STRENGTH: f32 = 0.004;

/// Returns the key light for drawing.
pub(in crate::producers::render) fn key_light(light: &KeyLight) -> DirectionalKeyLight {
    let azimuth = light.azimuth.to_radians();
    let elevation = light.elevation.to_radians();
    let toward = Vec3::new(
        azimuth.sin() * elevation.cos(),
        elevation.sin(),
        azimuth.cos() * elevation.cos(),
    );
    DirectionalKeyLight {
        toward: toward.normalize_or(Vec3::Y),
        colour: blackbody_rgb(light.temperature) * light.intensity.max(0.0),
        width: light.softness.clamp(0.0, 90.0).to_radians(),
    }
}

/// Returns linear RGB of a black body, with luminance 1, for 1500 to 15000 kelvin.
///
/// The locus is Krystek's rational fit in CIE 1960 u, v (1985).
#[must_use]
pub(super) fn blackbody_rgb(kelvin: f32) -> Vec3 {
    let t = kelvin.clamp(1500.0, 15_000.0);
    let u = (0.860_117_8 + 1.541_182_6e-4 * t + 1.286_412e-7 * t * t)
        / (1.0 + 8.424_202_4e-4 * t + 7.081_451_6e-7 * t * t);
    let v = (0.317_398_73 + 4.228_062_5e-5 * t + 4.204_817e-8 * t * t)
        / (1.0 - 2.897_418e-5 * t + 1.614_560_5e-7 * t * t);
    let scale = 2.0 * u - 8.0 * v + 4.0;
    let x = 3.0 * u / scale;
    let y = 2.0 * v / scale;
    let big_x = x / y;
    let big_z = (1.0 - x - y) / y;
    let rgb = Vec3::new(
        3.240_97 * big_x - 1.537_383 - 0.498_611 * big_z,
        -0.969_244 * big_x + 1.875_968 + 0.041_555 * big_z,
        0.055_63 * big_x - 0.203_977 + 1.056_972 * big_z,
    );
    // Warm colours are outside of what sRGB can show and have a negative blue.
    let rgb = rgb.max(Vec3::ZERO);
    // Luminance 1, so that temperature changes the hue and `intensity` alone the brightness.
    rgb / luminance(rgb).max(1e-4)
}

fn luminance(rgb: Vec3) -> f32 {
    rgb.dot(Vec3::new(0.2126, 0.7152, 0.0722))
}

/// Glowing triangles that are close together.
struct EmissiveCluster {
    weighted_position: Vec3,
    area: f32,
    emission: Vec3,
}

/// Returns a lamp for each surface of these models that glows.
pub(super) fn glowing_lamps<'a>(
    instances: impl Iterator<Item = &'a ModelInstance<'a>>,
) -> Vec<SphereLight> {
    instances
        .flat_map(emissive_clusters)
        .filter_map(|cluster| cluster_lamp(&cluster))
        .collect()
}

/// Returns the lights that these models bring themselves. `centre` is where they matter.
pub(super) fn model_lamps<'a>(
    instances: impl Iterator<Item = &'a ModelInstance<'a>>,
    centre: Vec3,
) -> Vec<SphereLight> {
    let mut lamps = Vec::new();
    for instance in instances.filter(|instance| !instance.model.lights.is_empty()) {
        // They stand still, as lamps of glowing surfaces do.
        let pose = instance.model.rest_pose();
        let lights = instance.model.lights.iter();
        let lights = lights.filter(|light| instance.model.nodes[light.node].drawn);
        lamps.extend(
            lights.map(|light| model_lamp(light, instance.root * pose.globals[light.node], centre)),
        );
    }
    lamps
}

/// Returns a light of a model as a lamp. `node` is the matrix of its node in the world.
fn model_lamp(light: &GltfLight, node: Mat4, centre: Vec3) -> SphereLight {
    let axis = node
        .transform_vector3(Vec3::NEG_Z)
        .normalize_or(Vec3::NEG_Y);
    let intensity = Vec3::from(light.intensity) / LUMENS_PER_WATT;
    let lamp = SphereLight {
        centre: node.w_axis.truncate(),
        radius: 0.01,
        intensity,
        range: light.range.unwrap_or(1e9),
        cone: None,
    };
    match light.shape {
        GltfLightShape::Point => lamp,
        GltfLightShape::Spot { inner, outer } => SphereLight {
            cone: Some(LightCone { axis, inner, outer }),
            ..lamp
        },
        GltfLightShape::Directional => SphereLight {
            centre: centre - axis * SUN_DISTANCE,
            intensity: intensity * (SUN_DISTANCE * SUN_DISTANCE),
            range: 1e9,
            ..lamp
        },
    }
}

/// Returns the strongest of these lamps near `centre`, strongest first.
pub(super) fn strongest_lamps(mut lamps: Vec<SphereLight>, centre: Vec3) -> Vec<SphereLight> {
    let effect = |lamp: &SphereLight| {
        luminance(lamp.intensity) / (1.0 + lamp.centre.distance_squared(centre))
    };
    // The device has room for a few lamps. Those that matter at the subject are chosen once for the
    // shot: a choice for each frame would make lamps go on and off.
    lamps.sort_by(|a, b| effect(b).total_cmp(&effect(a)));
    lamps.truncate(MAX_LAMPS);
    lamps
}

fn cluster_lamp(cluster: &EmissiveCluster) -> Option<SphereLight> {
    // A sphere of surface A that glows with radiance L has intensity L * A / 4.
    let intensity = cluster.emission * (cluster.area * 0.25 * PRACTICAL_GAIN);
    let strength = luminance(intensity);
    (strength > MIN_LAMP_STRENGTH).then(|| SphereLight {
        centre: cluster.weighted_position / cluster.area.max(1e-9),
        // A sphere of area A has the radius sqrt(A / 4 pi). The limits stop a spark from being a
        // point, and a glowing wall from being a sphere that fills the room.
        radius: (cluster.area * 0.08).sqrt().clamp(0.04, 1.5),
        intensity,
        // The light ends where it is too weak to see, so that a renderer can skip lamps that are
        // far away.
        range: (strength / 0.002).sqrt().clamp(2.0, 25.0),
        cone: None,
    })
}

fn emissive_clusters(instance: &ModelInstance<'_>) -> Vec<EmissiveCluster> {
    let model = instance.model;
    // Lamps stand still: light that follows an animation would have to be found anew for every
    // frame.
    let pose = model.rest_pose();
    let mut clusters = Vec::new();
    for (node, mesh) in model.drawn_meshes() {
        for part in &model.meshes[mesh].primitives {
            let emission = Vec3::from(model.materials[part.material].emissive);
            if luminance(emission) > 0.05 {
                let places: Vec<Vec3> = model.vertex_positions(&pose, node, part).collect();
                cluster_triangles(
                    &mut clusters,
                    &places,
                    &part.indices,
                    instance.root,
                    emission,
                );
            }
        }
    }
    clusters
}

fn cluster_triangles(
    clusters: &mut Vec<EmissiveCluster>,
    places: &[Vec3],
    indices: &[u32],
    root: Mat4,
    emission: Vec3,
) {
    let first = clusters.len();
    for corners in indices.chunks_exact(3) {
        let [a, b, c] =
            [0, 1, 2].map(|corner| root.transform_point3(places[corners[corner] as usize]));
        let area = (b - a).cross(c - a).length() * 0.5;
        let middle = (a + b + c) / 3.0;
        // Each triangle joins the first lamp nearby. That is not the best clustering, but its order
        // is that of the file, so it is the same for every renderer and machine.
        let near = |cluster: &&mut EmissiveCluster| {
            (cluster.weighted_position / cluster.area.max(1e-9)).distance(middle) < LAMP_REACH
        };
        // A wall of glowing windows could have thousands of lamps, and the search is quadratic.
        let full = clusters.len() >= first + MOST_CLUSTERS;
        if let Some(cluster) = clusters[first..].iter_mut().find(near) {
            cluster.weighted_position += middle * area;
            cluster.area += area;
        } else if !full && area > 0.0 {
            clusters.push(EmissiveCluster {
                weighted_position: middle * area,
                area,
                emission,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warm_light_is_red_and_cool_light_is_blue() {
        let warm = blackbody_rgb(2700.0);
        let cool = blackbody_rgb(10_000.0);
        assert!(warm.x > 1.4 && warm.z < 0.5, "{warm}");
        assert!(cool.z > 1.2 && cool.x < 1.0, "{cool}");
        let white = blackbody_rgb(6500.0);
        assert!((white - Vec3::ONE).abs().max_element() < 0.08, "{white}");
    }

    #[test]
    fn a_light_of_a_model_is_where_its_node_is_and_shines_along_it() {
        let light = |shape| GltfLight {
            node: 0,
            intensity: [683.0, 0.0, 0.0],
            range: None,
            shape,
        };
        // Turned so that -z of the node points down.
        let node = Mat4::from_translation(Vec3::new(1.0, 3.0, 0.0))
            * Mat4::from_rotation_x(-std::f32::consts::FRAC_PI_2);
        let point = model_lamp(&light(GltfLightShape::Point), node, Vec3::ZERO);
        assert_eq!((point.centre, point.cone), (Vec3::new(1.0, 3.0, 0.0), None));
        assert!((point.intensity - Vec3::X).length() < 1e-6);
        let spot = GltfLightShape::Spot {
            inner: 0.1,
            outer: 0.5,
        };
        let cone = model_lamp(&light(spot), node, Vec3::ZERO).cone.unwrap();
        assert!(cone.axis.abs_diff_eq(Vec3::NEG_Y, 1e-6), "{}", cone.axis);
        let sun = model_lamp(&light(GltfLightShape::Directional), node, Vec3::ZERO);
        assert!(sun.centre.y > 900.0);
        let arrives = sun.intensity.x / sun.centre.length_squared();
        assert!((arrives - 1.0).abs() < 1e-3, "{arrives}");
    }

    #[test]
    fn a_key_light_at_azimuth_90_comes_from_the_right() {
        let light = KeyLight {
            azimuth: 90.0,
            elevation: 0.0,
            temperature: 6500.0,
            intensity: 1.0,
            softness: 1.0,
        };
        assert!(key_light(&light).toward.x > 0.999);
    }
}

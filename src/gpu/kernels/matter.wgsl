// One material. Mirrors `material.rs`.

struct Factors {
    base_colour: vec4f,
    emissive: vec4f,    // rgb, alpha below which a mask has holes
    factors: vec4f,     // metallic, roughness, normal scale, occlusion
    reflectance: vec4f, // of what is no metal: rgb straight ahead, share at a grazing angle
    layers: vec4f,      // transmission, strength and roughness of the clear coat, roughness of the sheen
    sheen: vec4f,       // rgb, 0
    transforms: array<vec4f, 12>,
}

@group(1) @binding(0) var<uniform> matter: Factors;
@group(1) @binding(1) var base_colour_map: texture_2d<f32>;
@group(1) @binding(2) var metallic_roughness_map: texture_2d<f32>;
@group(1) @binding(3) var normal_map: texture_2d<f32>;
@group(1) @binding(4) var occlusion_texture: texture_2d<f32>;
@group(1) @binding(5) var emissive_map: texture_2d<f32>;
@group(1) @binding(6) var transmission_map: texture_2d<f32>;
@group(1) @binding(7) var base_colour_sampler: sampler;
@group(1) @binding(8) var metallic_roughness_sampler: sampler;
@group(1) @binding(9) var normal_sampler: sampler;
@group(1) @binding(10) var occlusion_sampler: sampler;
@group(1) @binding(11) var emissive_sampler: sampler;
@group(1) @binding(12) var transmission_sampler: sampler;

override BASE_COLOUR_MAP: bool = false;
override SECOND_UVS: bool = false;

// Each map has an affine transform (KHR_texture_transform), stored as two rows. The fourth value of
// the first row is 1 if the map uses the second texture coordinates.
fn mapped(map: i32, uvs: vec4f) -> vec2f {
    let across = matter.transforms[2 * map];
    var p = vec3f(uvs.xy, 1.0);
    if (SECOND_UVS) { p = vec3f(select(uvs.xy, uvs.zw, across.w > 0.5), 1.0); }
    return vec2f(dot(across.xyz, p), dot(matter.transforms[2 * map + 1].xyz, p));
}

fn base_colour_at(uvs: vec4f) -> vec4f {
    if (BASE_COLOUR_MAP) { return textureSample(base_colour_map, base_colour_sampler, mapped(0, uvs)); }
    return vec4f(1.0);
}

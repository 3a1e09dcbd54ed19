// One material. Mirrors `material.rs`.

struct Factors {
    base_colour: vec4f,
    emissive: vec4f, // rgb, alpha below which a mask has holes
    factors: vec4f,  // metallic, roughness, normal scale, occlusion
    transforms: array<vec4f, 10>,
}

@group(1) @binding(0) var<uniform> matter: Factors;
@group(1) @binding(1) var map_sampler: sampler;
@group(1) @binding(2) var base_colour_map: texture_2d<f32>;
@group(1) @binding(3) var metallic_roughness_map: texture_2d<f32>;
@group(1) @binding(4) var normal_map: texture_2d<f32>;
@group(1) @binding(5) var occlusion_texture: texture_2d<f32>;
@group(1) @binding(6) var emissive_map: texture_2d<f32>;

override BASE_COLOUR_MAP: bool = false;

// Each map has an affine transform (KHR_texture_transform), stored as two rows.
fn mapped(map: i32, uv: vec2f) -> vec2f {
    let p = vec3f(uv, 1.0);
    return vec2f(dot(matter.transforms[2 * map].xyz, p), dot(matter.transforms[2 * map + 1].xyz, p));
}

fn base_colour_at(uv: vec2f) -> vec4f {
    if (BASE_COLOUR_MAP) { return textureSample(base_colour_map, map_sampler, mapped(0, uv)); }
    return vec4f(1.0);
}

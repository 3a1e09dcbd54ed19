// Light on a surface: environment, key light with shadow, lamps. Needs `frame`.

@group(2) @binding(0) var surroundings: texture_2d<f32>;
@group(2) @binding(1) var panorama: texture_2d<f32>;
@group(2) @binding(2) var smooth_sampler: sampler;
@group(2) @binding(3) var around_sampler: sampler;
@group(2) @binding(4) var shadow_map: texture_depth_2d;
@group(2) @binding(5) var shadow_sampler: sampler_comparison;
@group(2) @binding(6) var occlusion_map: texture_2d<f32>;

struct Matter {
    diffuse: vec3f,
    f0: vec3f,
    alpha: f32, // GGX width: roughness squared
    rough: f32,
    grazing: f32, // what is reflected at a grazing angle
}

// Irradiance from the surroundings; spherical harmonics with the cosine already in.
fn irradiance(n: vec3f) -> vec3f {
    let flat_ = view.irradiance[0].rgb + view.irradiance[1].rgb * n.y + view.irradiance[2].rgb * n.z
        + view.irradiance[3].rgb * n.x;
    let curved = view.irradiance[4].rgb * (n.x * n.y) + view.irradiance[5].rgb * (n.y * n.z)
        + view.irradiance[6].rgb * (3.0 * n.z * n.z - 1.0) + view.irradiance[7].rgb * (n.x * n.z)
        + view.irradiance[8].rgb * (n.x * n.x - n.y * n.y);
    return max(flat_ + curved, vec3f(0.0));
}

// The inverse is `octahedral_direction` in `environment_light.rs`.
fn octahedral(dir: vec3f) -> vec2f {
    let d = dir / (abs(dir.x) + abs(dir.y) + abs(dir.z));
    let folded = (1.0 - abs(d.zx)) * select(vec2f(-1.0), vec2f(1.0), d.xz >= vec2f(0.0));
    return select(folded, d.xz, d.y >= 0.0) * 0.5 + 0.5;
}

fn mirrored_light(dir: vec3f, rough: f32) -> vec3f {
    // Five levels hold roughness 0 to 1, so the level is roughness times four.
    return textureSampleLevel(surroundings, smooth_sampler, octahedral(dir), rough * 4.0).rgb;
}

// Scale and bias of F0 for the surroundings (Karis 2014, analytic).
fn surroundings_response(rough: f32, nv: f32) -> vec2f {
    let r = rough * vec4f(-1.0, -0.0275, -0.572, 0.022) + vec4f(1.0, 0.0425, 1.04, -0.04);
    let a = min(r.x * r.x, exp2(-9.28 * nv)) * r.x + r.y;
    return vec2f(-1.04, 1.04) * a + r.zw;
}

// GGX with height-correlated visibility (Hammon's approximation) and Schlick's Fresnel.
fn reflected(matter: Matter, n: vec3f, v: vec3f, l: vec3f, nv: f32) -> vec3f {
    let h = normalize(v + l);
    let nl = max(dot(n, l), 0.0);
    let nh = max(dot(n, h), 0.0);
    let vh = max(dot(v, h), 0.0);
    let a2 = matter.alpha * matter.alpha;
    let f = nh * nh * (a2 - 1.0) + 1.0;
    let d = a2 / (PI * f * f);
    // The small constant avoids a division by zero at grazing angles.
    let visible = 0.5 / (mix(2.0 * nl * nv, nl + nv, matter.alpha) + 1e-4);
    let p = 1.0 - vh;
    let fresnel = matter.f0 + (matter.grazing - matter.f0) * (p * p * p * p * p);
    // The bound on the highlight keeps single bright samples from leaving specks after averaging.
    return (matter.diffuse * (1.0 / PI) + min(fresnel * (d * visible), vec3f(40.0))) * nl;
}

fn arrives(uv: vec2f, depth: f32, offset: vec2f) -> f32 {
    return textureSampleCompareLevel(shadow_map, shadow_sampler, uv + offset, depth);
}

// Share of the key light that arrives: a spiral of bilinear comparisons, rotated per pixel.
// Unrolled, because software adapters run constant offsets several times faster than a loop.
fn unshadowed(place: vec3f, n: vec3f, pixel: vec2f) -> f32 {
    // The lookup moves along the normal, more at grazing angles. A depth bias alone would detach
    // shadows.
    let slope = 1.0 - max(dot(n, view.key_toward.xyz), 0.0);
    let moved = place + n * (view.shadow.x * (0.8 + 2.2 * slope));
    let c = view.shadow_clip * vec4f(moved, 1.0);
    let uv = c.xy * vec2f(0.5, -0.5) + 0.5;
    let depth = c.z - 0.00006;
    let turn = gradient_noise(pixel) * 6.2831853;
    let across = vec2f(cos(turn), sin(turn)) * view.shadow.y;
    let over = vec2f(-across.y, across.x);
    var sum = 0.0;
    sum += arrives(uv, depth, across * 0.250000 + over * 0.000000);
    sum += arrives(uv, depth, across * -0.319290 + over * 0.292496);
    sum += arrives(uv, depth, across * 0.048872 + over * -0.556877);
    sum += arrives(uv, depth, across * 0.402445 + over * 0.524918);
    sum += arrives(uv, depth, across * -0.738535 + over * -0.130636);
    sum += arrives(uv, depth, across * 0.699605 + over * -0.445031);
    sum += arrives(uv, depth, across * -0.234004 + over * 0.870484);
    sum += arrives(uv, depth, across * -0.446271 + over * -0.859268);
    // What is outside the map, beside it or beyond it, is lit.
    let edge = max(smoothstep(0.42, 0.5, max(abs(uv.x - 0.5), abs(uv.y - 0.5))), step(1.0, depth));
    return mix(sum / 8.0, 1.0, edge);
}

override LAMPS: u32 = 0u;

// Adds one lamp's irradiance, and its direction weighted by its strength.
fn add_lamp(lamp: Lamp, place: vec3f, n: vec3f, sum: ptr<function, vec3f>, way: ptr<function, vec3f>) {
    let to = lamp.place.xyz - place;
    let d2 = dot(to, to);
    let near = d2 / (lamp.intensity.w * lamp.intensity.w);
    // The window brings the light to 0 at its range. Inverse square alone never ends.
    let window = max(1.0 - near * near, 0.0);
    let l = to * inverseSqrt(d2 + 1e-6);
    // Wraps around the terminator a little, as light from a wide source does.
    let facing = max((dot(n, l) + 0.1) / 1.1, 0.0);
    // The edge of a spot, as KHR_lights_punctual defines it.
    let edge = clamp(lamp.cone.w - dot(lamp.cone.xyz, l), 0.0, 1.0);
    let share = facing * window * window * edge * edge;
    let light = lamp.intensity.rgb * (share / (d2 + lamp.place.w * lamp.place.w));
    *sum += light;
    *way += l * dot(light, vec3f(0.3333));
}

// All lamps: diffuse light of each, and one highlight in the mean direction. A highlight for each
// lamp would cost eight evaluations of GGX.
fn lamplight(matter: Matter, place: vec3f, n: vec3f, v: vec3f, nv: f32) -> vec3f {
    if (LAMPS == 0u) { return vec3f(0.0); }
    var sum = vec3f(0.0);
    var way = vec3f(0.0);
    // Unrolled over a constant, so that unused lamps are compiled away.
    if (LAMPS > 0u) { add_lamp(view.lamps[0], place, n, &sum, &way); }
    if (LAMPS > 1u) { add_lamp(view.lamps[1], place, n, &sum, &way); }
    if (LAMPS > 2u) { add_lamp(view.lamps[2], place, n, &sum, &way); }
    if (LAMPS > 3u) { add_lamp(view.lamps[3], place, n, &sum, &way); }
    if (LAMPS > 4u) { add_lamp(view.lamps[4], place, n, &sum, &way); }
    if (LAMPS > 5u) { add_lamp(view.lamps[5], place, n, &sum, &way); }
    if (LAMPS > 6u) { add_lamp(view.lamps[6], place, n, &sum, &way); }
    if (LAMPS > 7u) { add_lamp(view.lamps[7], place, n, &sum, &way); }
    let l = normalize(way + n * 1e-4);
    let shine = Matter(vec3f(0.0), matter.f0, max(matter.alpha, 0.03), matter.rough, matter.grazing);
    // Lamps from all sides cancel in the mean, and their common highlight fades accordingly.
    let focus = length(way) / max(dot(sum, vec3f(0.3333)), 1e-5);
    return sum * (matter.diffuse * (1.0 / PI) + reflected(shine, n, v, l, nv) * (focus / max(dot(n, l), 0.2)));
}

fn hazed(light: vec3f, place: vec3f) -> vec3f {
    var away = distance(place, view.eye.xyz);
    if (view.eye.w > 0.0) { away = dot(place - view.eye.xyz, view.forward.xyz); }
    let clear = exp(-away * view.haze.w);
    return mix(view.haze.rgb, light, clear);
}

// Bilinear lookup: the occlusion map has half the size of the frame.
fn opening(pixel: vec2f) -> f32 {
    return textureSampleLevel(occlusion_map, smooth_sampler, pixel * view.pixels.zw, 0.0).r;
}

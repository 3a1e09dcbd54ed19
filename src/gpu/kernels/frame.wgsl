// Uniforms and functions that all kernels share. Mirrors `uniforms.rs`.

struct Lamp {
    place: vec4f,     // xyz, radius
    intensity: vec4f, // rgb at one metre, range
    cone: vec4f,      // axis times the scale of the edge, offset of the edge; 0, 0, 0, 1 shines to all sides
}

struct View {
    clip: mat4x4f,
    shadow_clip: mat4x4f,
    eye: vec4f,        // xyz, far plane of an orthographic camera or 0
    right: vec4f,      // unit right * tangent across (orthographic: 0), tangent across
    up: vec4f,         // unit up * tangent up (orthographic: 0), tangent up
    forward: vec4f,    // unit forward, near plane
    pixels: vec4f,     // width, height, 1 / width, 1 / height
    pass_: vec4f,      // jitter in clip units, phase of noise, 0
    key_toward: vec4f, // unit direction, 1 when there is a key light
    key_colour: vec4f, // rgb irradiance, cosine of the disc's radius
    shadow: vec4f,     // texel in metres, filter radius in map units, 1 / map size, 0
    haze: vec4f,       // rgb, 1 / distance or 0
    ground: vec4f,     // rgb, roughness
    ground_at: vec4f,  // centre x, centre z, fade start, fade end
    ground_kind: vec4f, // 1 when there is one, 1 when seamless, 0, 0
    zenith: vec4f,     // rgb, kind: 0 sky, 1 studio, 2 picture
    horizon: vec4f,    // rgb, glow
    nadir: vec4f,      // rgb, stars
    sky: vec4f,        // clouds, rotation, intensity, 0
    irradiance: array<vec4f, 9>,
    counts: vec4u,     // lamps
    lamps: array<Lamp, 8>,
}

struct Draw {
    base: u32,
    mirrored: u32,
    unused: vec2u,
}

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<storage, read> transforms: array<mat4x4f>;
@group(0) @binding(2) var<storage, read> draws: array<Draw>;

const PI: f32 = 3.14159265;

// Not normalised: callers that need only a point on the ray save the square root.
fn ray(ndc: vec2f) -> vec3f {
    return view.forward.xyz + ndc.x * view.right.xyz + ndc.y * view.up.xyz;
}

// Unit vector from a place towards the camera.
fn toward_camera(place: vec3f) -> vec3f {
    if (view.eye.w > 0.0) { return -view.forward.xyz; }
    return normalize(view.eye.xyz - place);
}

// Interleaved gradient noise (Jimenez 2014).
// Its error is spread evenly over neighbours, so few passes already look smooth.
fn gradient_noise(pixel: vec2f) -> f32 {
    return fract(52.9829189 * fract(dot(pixel, vec2f(0.06711056, 0.00583715))) + view.pass_.z);
}

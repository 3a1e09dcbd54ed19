// The background behind all meshes. Needs `frame`, `sky` and `light`. Twin: `cpu_background.rs`.

struct Point {
    @builtin(position) clip: vec4f,
    @location(0) ndc: vec2f,
}

// One triangle covers the frame. Two would shade the pixels along their diagonal twice.
@vertex fn background_vertex(@builtin(vertex_index) index: u32) -> Point {
    let corner = vec2f(f32((index << 1u) & 2u), f32(index & 2u)) * 2.0 - 1.0;
    // Depth 0 is infinitely far in reversed depth, so everything solid hides the background.
    return Point(vec4f(corner, 0.0, 1.0), corner);
}

fn panorama_at(dir: vec3f) -> vec3f {
    let u = atan2(dir.x, -dir.z) / (2.0 * PI) + 0.5 + view.sky.y;
    let v = acos(clamp(dir.y, -1.0, 1.0)) / PI;
    return textureSampleLevel(panorama, around_sampler, vec2f(u, v), 0.0).rgb * view.sky.z;
}

// Mixes haze into the background: all of it at the horizon, little overhead.
fn veiled(light: vec3f, dir: vec3f) -> vec3f {
    let thick = select(0.0, 1.0, view.haze.w > 0.0) * min(40.0 * view.haze.w, 1.0);
    return mix(light, view.haze.rgb, thick * (1.0 - smoothstep(-0.02, 0.30, dir.y)));
}

@fragment fn background(point: Point) -> @location(0) vec4f {
    // The jitter is taken out: it moves the sample, not the camera, so the sky must move with it.
    let dir = normalize(ray(point.ndc - view.pass_.xy));
    // The kinds are 0 sky, 1 studio, 2 picture, compared at the middle between them.
    if (view.zenith.w > 1.5) { return vec4f(veiled(panorama_at(dir), dir), 1.0); }
    if (view.zenith.w > 0.5) { return vec4f(view.horizon.rgb, 1.0); }
    let c = dot(dir, view.key_toward.xyz);
    let disc = smoothstep(view.key_colour.w, mix(view.key_colour.w, 1.0, 0.4), c) * view.key_toward.w * view.horizon.w;
    let light = sky(dir) + vec3f(stars(dir)) + min(view.key_colour.rgb * (disc * 12.0), vec3f(60.0));
    return vec4f(veiled(light, dir), 1.0);
}

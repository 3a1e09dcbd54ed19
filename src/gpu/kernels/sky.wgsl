// The sky in one direction. Twin: `sky.rs`; a change in one must be made in the other.

// An integer hash, bit for bit as on the CPU. `fract(sin(x))` differs between drivers.
fn hash(cell: vec3i) -> f32 {
    var n = u32(cell.x) * 0x8da6b343u ^ u32(cell.y) * 0xd8163841u ^ u32(cell.z) * 0xcb1ab31fu;
    n = (n ^ (n >> 16u)) * 0x7feb352du;
    n = (n ^ (n >> 15u)) * 0x846ca68bu;
    n = n ^ (n >> 16u);
    return f32(n >> 8u) / 16777216.0;
}

fn value_noise(p: vec2f) -> f32 {
    let cell = vec2i(floor(p));
    let f = fract(p);
    let w = f * f * (3.0 - 2.0 * f);
    let a = hash(vec3i(cell, 7));
    let b = hash(vec3i(cell + vec2i(1, 0), 7));
    let c = hash(vec3i(cell + vec2i(0, 1), 7));
    let d = hash(vec3i(cell + vec2i(1, 1), 7));
    return mix(mix(a, b, w.x), mix(c, d, w.x), w.y);
}

fn cloud_noise(p: vec2f) -> f32 {
    var sum = 0.0;
    var weight = 0.5;
    var at = p;
    for (var octave = 0; octave < 5; octave++) {
        sum += weight * value_noise(at);
        at = vec2f(1.6 * at.x - 1.2 * at.y, 1.2 * at.x + 1.6 * at.y) + vec2f(17.3, 9.1);
        weight *= 0.5;
    }
    return sum;
}

fn gradient(dir: vec3f) -> vec3f {
    let above = pow(clamp(dir.y, 0.0, 1.0), 0.5);
    let sky = mix(view.horizon.rgb, view.zenith.rgb, above);
    return mix(sky, view.nadir.rgb, smoothstep(0.0, 0.12, -dir.y));
}

fn glow(dir: vec3f) -> vec3f {
    let c = max(dot(dir, view.key_toward.xyz), 0.0);
    let wide = 0.10 * pow(c, 6.0) + 0.25 * pow(c, 48.0) + 0.5 * pow(c, 400.0);
    return view.key_colour.rgb * view.key_toward.w * view.horizon.w * wide * smoothstep(-0.15, 0.02, dir.y);
}

fn clouded(dir: vec3f, clear: vec3f, light: vec3f) -> vec3f {
    if (view.sky.x <= 0.0 || dir.y <= 0.01) { return clear; }
    let n = cloud_noise(dir.xz / (dir.y + 0.12) * 1.3 + vec2f(3.7, 1.9));
    let cover = view.sky.x;
    let density = smoothstep(0.95 - 0.75 * cover, 1.15 - 0.55 * cover, n + 0.15) * smoothstep(0.01, 0.2, dir.y);
    let lit = view.horizon.rgb * 0.9 + view.zenith.rgb * 0.35 + light * 1.2;
    let shade = mix(lit, lit * 0.55, smoothstep(0.35, 0.85, n));
    return mix(clear, shade, density * 0.85);
}

fn stars(dir: vec3f) -> f32 {
    if (view.nadir.w <= 0.0 || dir.y <= 0.0) { return 0.0; }
    let p = dir * 160.0;
    let cell = vec3i(floor(p));
    let chance = hash(cell);
    let place = vec3f(hash(cell + vec3i(11, 0, 0)), hash(cell + vec3i(0, 23, 0)), hash(cell + vec3i(0, 0, 37)));
    let away = length(fract(p) - (0.25 + 0.5 * place));
    let bright = smoothstep(0.16, 0.0, away) * step(0.93, chance) * (0.15 + 2.0 * pow(place.x, 6.0));
    return view.nadir.w * bright * smoothstep(0.02, 0.3, dir.y);
}

fn sky(dir: vec3f) -> vec3f {
    let light = glow(dir);
    return clouded(dir, gradient(dir) + light, light);
}

// Ambient occlusion from depth, at half size (after McGuire's scalable ambient obscurance). Needs `frame`.

@group(1) @binding(0) var depth_map: texture_depth_2d;
@group(1) @binding(1) var raw_map: texture_2d<f32>;

@vertex fn cover_vertex(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
    let corner = vec2f(f32((index << 1u) & 2u), f32(index & 2u)) * 2.0 - 1.0;
    return vec4f(corner, 0.0, 1.0);
}

const REACH: f32 = 0.55; // metres

// Reversed depth is near / distance. The lower bound stands for "nothing there".
fn depth_at(pixel: vec2i, most: vec2i) -> f32 {
    let d = textureLoad(depth_map, clamp(pixel, vec2i(0), most), 0);
    // Linear for an orthographic camera. Its background must be far away as well.
    if (view.eye.w > 0.0) {
        return select(view.eye.w - d * (view.eye.w - view.forward.w), 1e5, d <= 0.0);
    }
    return view.forward.w / max(d, 1e-6);
}

// How much wider the frame is at a distance than at one metre.
fn widening(away: f32) -> f32 {
    return select(away, 1.0, view.eye.w > 0.0);
}

// Position in front of the camera: right, up, away, in metres.
fn place_at(pixel: vec2i, most: vec2i) -> vec3f {
    let ndc = (vec2f(pixel) + 0.5) / vec2f(most + 1) * vec2f(2.0, -2.0) + vec2f(-1.0, 1.0);
    let away = depth_at(pixel, most);
    return vec3f(ndc * vec2f(view.right.w, view.up.w) * widening(away), away);
}

// The shorter difference stays on the same surface; the longer one may cross an edge.
fn shorter(a: vec3f, b: vec3f) -> vec3f {
    return select(b, a, abs(a.z) < abs(b.z));
}

// How much of the half sphere above `p` one neighbour hides.
fn hidden(p: vec3f, n: vec3f, pixel: vec2i, most: vec2i, offset: vec2f) -> f32 {
    let v = place_at(pixel + vec2i(offset), most) - p;
    let d2 = dot(v, v);
    let near = max(1.0 - d2 / (REACH * REACH), 0.0);
    // The bias grows with distance, as the error of depth does. The cube fades out at the reach.
    return near * near * near * max(dot(v, n) - 0.008 * p.z, 0.0) / (sqrt(d2) + 0.02);
}

@fragment fn occlusion(@builtin(position) at: vec4f) -> @location(0) f32 {
    let most = vec2i(textureDimensions(depth_map)) - 1;
    let pixel = vec2i(at.xy);
    let p = place_at(pixel, most);
    let dx = shorter(place_at(pixel + vec2i(1, 0), most) - p, p - place_at(pixel - vec2i(1, 0), most));
    let dy = shorter(place_at(pixel + vec2i(0, 1), most) - p, p - place_at(pixel - vec2i(0, 1), most));
    let n = normalize(cross(dx, dy)); // towards the camera
    // At least two pixels, or the taps fall on the pixel itself; at most a share of the frame,
    // since distant taps miss the cache.
    let radius = clamp(REACH / (view.up.w * widening(p.z)) * 0.5 * f32(most.y), 2.0, f32(most.y) * 0.16);
    // Sixteen rotations in blocks of 4x4 pixels, which `occlusion_smooth` averages away exactly.
    let turn = f32((pixel.x & 3) * 4 + (pixel.y & 3)) * (6.2831853 / 16.0) * 7.0 + view.pass_.z * 6.2831853;
    let across = vec2f(cos(turn), sin(turn)) * radius;
    let over = vec2f(-across.y, across.x);
    var sum = 0.0;
    sum += hidden(p, n, pixel, most, across * 0.250000 + over * 0.000000);
    sum += hidden(p, n, pixel, most, across * -0.319290 + over * 0.292496);
    sum += hidden(p, n, pixel, most, across * 0.048872 + over * -0.556877);
    sum += hidden(p, n, pixel, most, across * 0.402445 + over * 0.524918);
    sum += hidden(p, n, pixel, most, across * -0.738535 + over * -0.130636);
    sum += hidden(p, n, pixel, most, across * 0.699605 + over * -0.445031);
    sum += hidden(p, n, pixel, most, across * -0.234004 + over * 0.870484);
    sum += hidden(p, n, pixel, most, across * -0.446271 + over * -0.859268);
    return clamp(1.0 - sum * (2.6 / 8.0), 0.0, 1.0);
}

@fragment fn occlusion_smooth(@builtin(position) at: vec4f) -> @location(0) f32 {
    let most = vec2i(textureDimensions(depth_map)) - 1;
    let pixel = vec2i(at.xy);
    let here = depth_at(pixel, most);
    var sum = 0.0;
    var weight = 0.0;
    for (var y = -1; y <= 2; y++) {
        for (var x = -1; x <= 2; x++) {
            let near = clamp(pixel + vec2i(x, y), vec2i(0), most);
            // Neighbours at another depth count little, so occlusion does not bleed over edges.
            let w = 1.0 / (0.02 + abs(depth_at(near, most) - here) / here);
            sum += textureLoad(raw_map, near, 0).r * w;
            weight += w;
        }
    }
    return sum / weight;
}

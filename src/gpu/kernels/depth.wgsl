// Depth only: for the shadow map (LIGHT) and for occlusion. Needs `frame`, `place` and `matter`.

override LIGHT: bool = false;

struct Point {
    @builtin(position) clip: vec4f,
    @location(0) uv: vec4f,
    @location(1) alpha: f32,
}

@vertex fn depth_vertex(corner: Corner) -> Point {
    let place = placing(corner) * vec4f(corner.position, 1.0);
    var clip: vec4f;
    if (LIGHT) { clip = view.shadow_clip * place; } else { clip = view.clip * place; }
    return Point(clip, corner.uv, corner.colour.a);
}

// Used for masked materials only: a depth pass without a fragment stage is cheaper.
@fragment fn depth_masked(point: Point) {
    let alpha = matter.base_colour.a * point.alpha * base_colour_at(point.uv).a;
    if (alpha < matter.emissive.w) { discard; }
}

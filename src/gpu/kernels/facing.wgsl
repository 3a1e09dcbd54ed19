// Geometric normals, without normal maps. Needs `frame`, `place` and `matter`.

override MASKED: bool = false;
override TWO_SIDED: bool = false;

struct Point {
    @builtin(position) clip: vec4f,
    @location(0) normal: vec3f,
    @location(1) uv: vec4f,
    @location(2) alpha: f32,
    @location(3) @interpolate(flat) mirrored: u32,
}

@vertex fn facing_vertex(corner: Corner) -> Point {
    let m = placing(corner);
    // The cofactor matrix transforms normals under any scale; see `surface.wgsl`.
    let cofactor = mat3x3f(cross(m[1].xyz, m[2].xyz), cross(m[2].xyz, m[0].xyz), cross(m[0].xyz, m[1].xyz));
    let mirrored = draws[corner.draw].mirrored;
    let normal = normalize(cofactor * corner.normal) * select(1.0, -1.0, mirrored != 0u);
    return Point(view.clip * m * vec4f(corner.position, 1.0), normal, corner.uv, corner.colour.a, mirrored);
}

@fragment fn facing(point: Point, @builtin(front_facing) front: bool) -> @location(0) vec4f {
    if (MASKED) {
        let alpha = matter.base_colour.a * point.alpha * base_colour_at(point.uv).a;
        if (alpha < matter.emissive.w) { discard; }
    }
    var n = normalize(point.normal);
    if (TWO_SIDED && (front != (point.mirrored == 0u))) { n = -n; }
    return vec4f(n, 1.0);
}

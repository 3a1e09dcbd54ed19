// The ground plane, fading into the environment. Needs `frame` and `light`.

struct Point {
    @builtin(position) clip: vec4f,
    @location(0) place: vec3f,
}

@vertex fn ground_vertex(@builtin(vertex_index) index: u32) -> Point {
    let corner = vec2f(f32(index & 1u), f32(index >> 1u)) * 2.0 - 1.0;
    let xz = view.ground_at.xy + corner * view.ground_at.w;
    // 2 mm below zero, so that a floor or a foot at height 0 does not flicker with it.
    let place = vec3f(xz.x, -0.002, xz.y);
    return Point(view.clip * vec4f(place, 1.0), place);
}

@fragment fn ground(point: Point) -> @location(0) vec4f {
    let away = distance(point.place.xz, view.ground_at.xy);
    let cover = 1.0 - smoothstep(view.ground_at.z, view.ground_at.w, away);
    let n = vec3f(0.0, 1.0, 0.0);
    let v = toward_camera(point.place);
    let nv = max(v.y, 0.02);
    let open = opening(point.clip.xy);
    var arrives = 0.0;
    if (view.key_toward.w > 0.0) { arrives = unshadowed(point.place, n, point.clip.xy); }
    let key = view.key_colour.rgb * max(view.key_toward.y, 0.0) * view.key_toward.w;
    let around = irradiance(n);
    // Seamless: only the share of light that is missing is drawn, as black with alpha, over the
    // backdrop.
    if (view.ground_kind.y > 0.5) {
        let ratio = dot(around * open + key * arrives, vec3f(1.0)) / max(dot(around + key, vec3f(1.0)), 1e-4);
        return vec4f(0.0, 0.0, 0.0, (1.0 - ratio) * cover * 0.85);
    }
    let rough = view.ground.w;
    let m = Matter(view.ground.rgb, vec3f(0.04), rough * rough, rough, 1.0);
    let response = surroundings_response(rough, nv);
    let spec = mirrored_light(reflect(-v, n), rough) * (m.f0 * response.x + response.y) * open;
    var light = around * m.diffuse * (open / PI) + spec;
    light += reflected(m, n, v, view.key_toward.xyz, nv) * view.key_colour.rgb * (arrives * view.key_toward.w);
    light += lamplight(m, point.place, n, v, nv);
    light = hazed(light, point.place);
    // Premultiplied, as the blend mode expects.
    return vec4f(light * cover, cover);
}

@fragment fn ground_facing(point: Point) -> @location(0) vec4f {
    if (distance(point.place.xz, view.ground_at.xy) >= view.ground_at.w) { discard; }
    return vec4f(0.0, 1.0, 0.0, 1.0);
}

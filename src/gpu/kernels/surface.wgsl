// A lit surface with metallic-roughness GGX. Needs `frame`, `place`, `matter` and `light`.

override METALLIC_ROUGHNESS_MAP: bool = false;
override NORMAL_MAP: bool = false;
override OCCLUSION_MAP: bool = false;
override EMISSIVE_MAP: bool = false;
override MASKED: bool = false;
override BLENDED: bool = false;
override UNLIT: bool = false;
override TWO_SIDED: bool = false;

struct Point {
    @builtin(position) clip: vec4f,
    @location(0) place: vec3f,
    @location(1) normal: vec3f,
    @location(2) tangent: vec4f,
    @location(3) uv: vec2f,
    @location(4) colour: vec4f,
    @location(5) @interpolate(flat) mirrored: u32,
}

@vertex fn surface_vertex(corner: Corner) -> Point {
    let m = placing(corner);
    let place = m * vec4f(corner.position, 1.0);
    // The cofactor matrix transforms normals under any scale and needs no inverse.
    let cofactor = mat3x3f(cross(m[1].xyz, m[2].xyz), cross(m[2].xyz, m[0].xyz), cross(m[0].xyz, m[1].xyz));
    let mirrored = draws[corner.draw].mirrored;
    let normal = normalize(cofactor * corner.normal) * select(1.0, -1.0, mirrored != 0u);
    var tangent = vec4f(0.0);
    // Only a normal map reads the tangent.
    if (NORMAL_MAP) { tangent = vec4f((m * vec4f(corner.tangent.xyz, 0.0)).xyz, corner.tangent.w); }
    return Point(view.clip * place, place.xyz, normal, tangent, corner.uv, corner.colour, mirrored);
}

fn bent_normal(point: Point, front: bool) -> vec3f {
    var n = normalize(point.normal);
    if (NORMAL_MAP) {
        let slope = textureSample(normal_map, map_sampler, mapped(2, point.uv)).xyz * 2.0 - 1.0;
        let t = point.tangent.xyz;
        let b = cross(n, t) * point.tangent.w;
        n = normalize(t * (slope.x * matter.factors.z) + b * (slope.y * matter.factors.z) + n * slope.z);
    }
    // A mirroring matrix swaps front and back, so its flag is compared with the side.
    if (TWO_SIDED && (front != (point.mirrored == 0u))) { n = -n; }
    return n;
}

fn matter_at(point: Point, base: vec3f, n: vec3f) -> Matter {
    var metallic = matter.factors.x;
    var rough = matter.factors.y;
    if (METALLIC_ROUGHNESS_MAP) {
        let texel = textureSample(metallic_roughness_map, map_sampler, mapped(1, point.uv));
        metallic *= texel.b;
        // A roughness of 0 would make GGX divide by zero.
        rough = max(rough * texel.g, 0.045);
    }
    // Widens highlights where the normal turns within a pixel (Tokuyoshi and Kaplanyan 2019).
    // Otherwise fine geometry sparkles from frame to frame.
    let du = dpdx(n);
    let dv = dpdy(n);
    let alpha = rough * rough;
    let widened = sqrt(min(alpha * alpha + min(0.5 * (dot(du, du) + dot(dv, dv)), 0.18), 1.0));
    return Matter(base * (1.0 - metallic), mix(vec3f(0.04), base, metallic), widened, sqrt(widened));
}

fn ambient(m: Matter, n: vec3f, v: vec3f, nv: f32, open: f32) -> vec3f {
    let response = surroundings_response(m.rough, nv);
    let r = reflect(-v, n);
    let spec = mirrored_light(r, m.rough) * (m.f0 * response.x + response.y);
    // Specular occlusion after Lagarde and de Rousiers 2014.
    let spec_open = clamp(pow(nv + open, exp2(-16.0 * m.alpha - 1.0)) - 1.0 + open, 0.0, 1.0);
    return irradiance(n) * m.diffuse * (open / PI) + spec * spec_open;
}

fn lit(point: Point, base: vec3f, front: bool) -> vec3f {
    let n = bent_normal(point, front);
    let v = toward_camera(point.place);
    // Normal maps may turn away from the viewer; the bound keeps the visibility term finite.
    let nv = max(dot(n, v), 0.02);
    let m = matter_at(point, base, n);
    var open = opening(point.clip.xy);
    if (OCCLUSION_MAP) {
        let texel = textureSample(occlusion_texture, map_sampler, mapped(3, point.uv)).r;
        open *= mix(1.0, texel, matter.factors.w);
    }
    var light = ambient(m, n, v, nv, open);
    if (view.key_toward.w > 0.0) {
        let arrives = unshadowed(point.place, n, point.clip.xy);
        light += reflected(m, n, v, view.key_toward.xyz, nv) * view.key_colour.rgb * arrives;
    }
    // Lamps cast no shadows, so occlusion dims them as well, but less than the environment.
    return light + lamplight(m, point.place, n, v, nv) * mix(1.0, open, 0.7);
}

@fragment fn surface(point: Point, @builtin(front_facing) front: bool) -> @location(0) vec4f {
    let base = matter.base_colour * point.colour * base_colour_at(point.uv);
    if (MASKED && base.a < matter.emissive.w) { discard; }
    var emission = matter.emissive.rgb;
    if (EMISSIVE_MAP) { emission *= textureSample(emissive_map, map_sampler, mapped(4, point.uv)).rgb; }
    var light = base.rgb;
    if (!UNLIT) { light = lit(point, base.rgb, front); }
    // The bound keeps infinities out of half floats, where they would spread through every filter.
    light = min(hazed(light + emission, point.place), vec3f(4096.0));
    if (BLENDED) { return vec4f(light * base.a, base.a); }
    return vec4f(light, 1.0);
}

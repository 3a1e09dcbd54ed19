// A lit surface with metallic-roughness GGX. Needs `frame`, `place`, `matter`, `light` and `layers`.

override METALLIC_ROUGHNESS_MAP: bool = false;
override NORMAL_MAP: bool = false;
override OCCLUSION_MAP: bool = false;
override EMISSIVE_MAP: bool = false;
override BLENDED: bool = false;
override UNLIT: bool = false;
override TWO_SIDED: bool = false;
override SPECULAR_GLOSSINESS: bool = false;
override TRANSMISSIVE: bool = false;
override TRANSMISSION_MAP: bool = false;
override CLEARCOAT: bool = false;
override SHEEN: bool = false;

struct Point {
    @builtin(position) clip: vec4f,
    @location(0) place: vec3f,
    @location(1) normal: vec3f,
    @location(2) tangent: vec4f,
    @location(3) uv: vec4f,
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
    // Only a normal map reads the tangent. Of unit length, or the scale of a node would change slopes; and a mirror
    // image has its bitangent on the other side.
    if (NORMAL_MAP) {
        let along = (m * vec4f(corner.tangent.xyz, 0.0)).xyz;
        // A tangent of no length, which some files have, stays one.
        let unit = along * inverseSqrt(max(dot(along, along), 1e-30));
        tangent = vec4f(unit, corner.tangent.w * select(1.0, -1.0, mirrored != 0u));
    }
    return Point(view.clip * place, place.xyz, normal, tangent, corner.uv, corner.colour, mirrored);
}

fn bent_normal(point: Point, front: bool) -> vec3f {
    var n = normalize(point.normal);
    if (NORMAL_MAP) {
        let slope = textureSample(normal_map, normal_sampler, mapped(2, point.uv)).xyz * 2.0 - 1.0;
        let t = point.tangent.xyz;
        let b = cross(n, t) * point.tangent.w;
        n = normalize(t * (slope.x * matter.factors.z) + b * (slope.y * matter.factors.z) + n * slope.z);
    }
    // A mirroring matrix swaps front and back, so its flag is compared with the side.
    if (TWO_SIDED && (front != (point.mirrored == 0u))) { n = -n; }
    return n;
}

// Share of the light that goes through.
fn transmission_at(point: Point) -> f32 {
    var share = matter.layers.x;
    if (TRANSMISSION_MAP) {
        share *= textureSample(transmission_map, transmission_sampler, mapped(5, point.uv)).r;
    }
    return share;
}

fn matter_at(point: Point, base: vec3f, n: vec3f) -> Matter {
    var metallic = matter.factors.x;
    var rough = matter.factors.y;
    var straight = matter.reflectance.rgb;
    if (METALLIC_ROUGHNESS_MAP) {
        let texel = textureSample(metallic_roughness_map, metallic_roughness_sampler, mapped(1, point.uv));
        // A roughness of 0 would make GGX divide by zero.
        if (SPECULAR_GLOSSINESS) {
            straight *= texel.rgb;
            rough = max(1.0 - (1.0 - rough) * texel.a, 0.045);
        } else {
            metallic *= texel.b;
            rough = max(rough * texel.g, 0.045);
        }
    }
    var diffuse = base * (1.0 - metallic);
    if (SPECULAR_GLOSSINESS) { diffuse = base * (1.0 - strongest(straight)); }
    if (TRANSMISSIVE) { diffuse *= 1.0 - transmission_at(point); }
    // Widens highlights where the normal turns within a pixel (Tokuyoshi and Kaplanyan 2019).
    // Otherwise fine geometry sparkles from frame to frame.
    let du = dpdx(n);
    let dv = dpdy(n);
    let alpha = rough * rough;
    let widened = sqrt(min(alpha * alpha + min(0.5 * (dot(du, du) + dot(dv, dv)), 0.18), 1.0));
    let grazing = mix(matter.reflectance.w, 1.0, metallic);
    return Matter(diffuse, mix(straight, base, metallic), widened, sqrt(widened), grazing);
}

fn ambient(m: Matter, n: vec3f, v: vec3f, nv: f32, open: f32) -> vec3f {
    let response = surroundings_response(m.rough, nv);
    let r = reflect(-v, n);
    let spec = mirrored_light(r, m.rough) * (m.f0 * response.x + m.grazing * response.y);
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
        let texel = textureSample(occlusion_texture, occlusion_sampler, mapped(3, point.uv)).r;
        open *= mix(1.0, texel, matter.factors.w);
    }
    var light = ambient(m, n, v, nv, open);
    var arrives = 0.0;
    if (view.key_toward.w > 0.0) {
        arrives = unshadowed(point.place, n, point.clip.xy);
        light += reflected(m, n, v, view.key_toward.xyz, nv) * view.key_colour.rgb * arrives;
    }
    // Lamps cast no shadows, so occlusion dims them as well, but less than the environment.
    light += lamplight(m, point.place, n, v, nv) * mix(1.0, open, 0.7);
    if (SHEEN) {
        light = light * (1.0 - 0.157 * strongest(matter.sheen.rgb)) + fibres(n, v, nv, open, arrives);
    }
    // Varnish is smooth where what is below it has bumps.
    if (CLEARCOAT) {
        var smooth_n = normalize(point.normal);
        if (TWO_SIDED && (front != (point.mirrored == 0u))) { smooth_n = -smooth_n; }
        let smooth_nv = max(dot(smooth_n, v), 0.02);
        light = varnished(light, point.place, smooth_n, v, smooth_nv, open, arrives);
    }
    return light;
}

// The colour that is left of what is behind a transmissive surface, as if it were thin.
fn transmitted(point: Point, base: vec3f, front: bool) -> vec3f {
    let n = bent_normal(point, front);
    let nv = max(dot(n, toward_camera(point.place)), 0.02);
    let m = matter_at(point, base, n);
    let response = surroundings_response(m.rough, nv);
    let shine = clamp(m.f0 * response.x + m.grazing * response.y, vec3f(0.0), vec3f(1.0));
    // A metal lets nothing through: its share is what it lacks of a diffuse colour.
    var metallic = matter.factors.x;
    if (METALLIC_ROUGHNESS_MAP && !SPECULAR_GLOSSINESS) {
        metallic *= textureSample(metallic_roughness_map, metallic_roughness_sampler, mapped(1, point.uv)).b;
    }
    return base * (1.0 - shine) * (transmission_at(point) * (1.0 - metallic));
}

fn luminance(colour: vec3f) -> f32 {
    return dot(colour, vec3f(0.2126, 0.7152, 0.0722));
}

// The light of a fragment, with alpha where the blend mode reads it.
fn shaded(point: Point, base: vec4f, front: bool) -> vec4f {
    var emission = matter.emissive.rgb;
    if (EMISSIVE_MAP) { emission *= textureSample(emissive_map, emissive_sampler, mapped(4, point.uv)).rgb; }
    var light = base.rgb;
    if (!UNLIT) { light = lit(point, base.rgb, front); }
    // The bound keeps infinities out of half floats, where they would spread through every filter.
    light = min(hazed(light + emission, point.place), vec3f(4096.0));
    if (TRANSMISSIVE) {
        let through = luminance(transmitted(point, base.rgb, front));
        // Haze before the surface is already in what is behind it.
        return vec4f(light - hazed(vec3f(0.0), point.place) * through, 1.0 - through);
    }
    if (BLENDED) { return vec4f(light * base.a, base.a); }
    return vec4f(light, 1.0);
}

@fragment fn surface(point: Point, @builtin(front_facing) front: bool) -> @location(0) vec4f {
    let base = matter.base_colour * point.colour * base_colour_at(point.uv);
    return shaded(point, base, front);
}

struct MaskedFragment {
    @location(0) light: vec4f,
    @builtin(sample_mask) covered: u32,
}

// A mask covers samples and not whole pixels, so that its edges are as smooth as those of triangles.
@fragment fn surface_masked(point: Point, @builtin(front_facing) front: bool) -> MaskedFragment {
    let base = matter.base_colour * point.colour * base_colour_at(point.uv);
    // Alpha passes the cutoff within one pixel, at the same place as a test would.
    let share = (base.a - matter.emissive.w) / max(fwidth(base.a), 1e-4) + 0.5;
    let samples = u32(clamp(share * 4.0 + gradient_noise(point.clip.xy) - 0.5, 0.0, 4.0));
    if (samples == 0u) { discard; }
    let light = shaded(point, base, front);
    return MaskedFragment(light, (1u << samples) - 1u);
}

// What a transmissive surface leaves of the light behind it. Multiplied with the picture, before `surface` adds its own.
@fragment fn tint(point: Point, @builtin(front_facing) front: bool) -> @location(0) vec4f {
    let base = matter.base_colour * point.colour * base_colour_at(point.uv);
    let through = transmitted(point, base.rgb, front);
    return vec4f(through, luminance(through));
}

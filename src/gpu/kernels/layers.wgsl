// Layers over a surface: fibres (KHR_materials_sheen) and varnish (KHR_materials_clearcoat). Needs `frame`,
// `matter` and `light`.

fn strongest(colour: vec3f) -> f32 {
    return max(colour.r, max(colour.g, colour.b));
}

// The light that fibres add, under light from all around and from the key. Charlie's distribution (Estevez and
// Kulla 2017) with Neubelt's visibility; the mean over all directions is an analytic fit.
fn fibres(n: vec3f, v: vec3f, nv: f32, open: f32, arrives: f32) -> vec3f {
    let rough = matter.layers.w;
    let r2 = rough * rough;
    let fine = rough < 0.25;
    let a = select(-8.48 * r2 + 14.3 * rough - 9.95, -339.2 * r2 + 161.4 * rough - 25.9, fine);
    let b = select(1.97 * r2 - 3.27 * rough + 0.72, 44.0 * r2 - 23.7 * rough + 3.26, fine);
    let mean = clamp((exp(a * nv + b) + select(0.1 * (rough - 0.25), 0.0, fine)) / PI, 0.0, 1.0);
    var light = irradiance(n) * (mean * open);
    let l = view.key_toward.xyz;
    let h = normalize(v + l);
    let nl = max(dot(n, l), 0.0);
    let nh = max(dot(n, h), 0.0);
    let sharp = 1.0 / max(r2, 0.0049);
    let spread = (2.0 + sharp) * pow(max(1.0 - nh * nh, 0.0078125), sharp * 0.5) / (2.0 * PI);
    let visible = min(1.0 / (4.0 * (nl + nv - nl * nv) + 1e-4), 1.0);
    light += view.key_colour.rgb * (spread * visible * nl * arrives);
    return light * matter.sheen.rgb;
}

// The light of a surface under varnish, which mirrors its surroundings and dims what is below.
fn varnished(light: vec3f, place: vec3f, n: vec3f, v: vec3f, nv: f32, open: f32, arrives: f32) -> vec3f {
    let strength = matter.layers.y;
    let rough = max(matter.layers.z, 0.045);
    let coat = Matter(vec3f(0.0), vec3f(0.04), rough * rough, rough, 1.0);
    let p = 1.0 - nv;
    let fresnel = 0.04 + 0.96 * (p * p * p * p * p);
    let response = surroundings_response(rough, nv);
    var shine = mirrored_light(reflect(-v, n), rough) * ((0.04 * response.x + response.y) * open);
    shine += reflected(coat, n, v, view.key_toward.xyz, nv) * view.key_colour.rgb * arrives;
    shine += lamplight(coat, place, n, v, nv);
    return light * (1.0 - strength * fresnel) + shine * strength;
}

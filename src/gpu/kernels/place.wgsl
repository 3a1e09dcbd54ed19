// From a model's vertices to the world. Needs `frame.wgsl`.

override SKINNED: bool = false;

struct Corner {
    @location(0) position: vec3f,
    @location(1) normal: vec3f,
    @location(2) tangent: vec4f,
    @location(3) uv: vec4f, // two texture coordinates
    @location(4) colour: vec4f,
    @location(5) joints: vec4u,
    @location(6) weights: vec4f,
    @builtin(instance_index) draw: u32,
}

fn placing(corner: Corner) -> mat4x4f {
    let base = draws[corner.draw].base;
    // A constant branch: rigid meshes compile without the joints.
    if (!SKINNED) { return transforms[base]; }
    let j = corner.joints;
    let w = corner.weights;
    return transforms[base + j.x] * w.x + transforms[base + j.y] * w.y
        + transforms[base + j.z] * w.z + transforms[base + j.w] * w.w;
}

"""How it is drawn: size, samples, colour, and what each engine is told."""

import bpy
from mathutils import Vector
from talk import fail


def settings(ask, has_background):
    scene = bpy.context.scene
    render = scene.render
    render.resolution_x, render.resolution_y = ask["size"]
    render.resolution_percentage = 100
    render.pixel_aspect_x = render.pixel_aspect_y = 1.0
    render.use_border = render.use_multiview = render.use_sequencer = False
    render.use_compositing = render.use_motion_blur = False
    # What lies behind is put in later, the same for every renderer, unless a file that is the scene has it; Workbench
    # knows no world.
    render.film_transparent = not has_background or ask["engine"] == "workbench"
    only_layer(scene)
    tell(bpy.context.view_layer, ask["passes"])
    render.threads_mode, render.threads = "FIXED", ask["threads"]
    render.use_persistent_data = True
    linear(scene)
    unstamped(render)
    {"cycles": cycles, "eevee": eevee, "workbench": workbench}[ask["engine"]](scene, ask)


def only_layer(scene):
    """Draws the layer that the file was saved with; the others are for compositing."""
    for layer in scene.view_layers:
        layer.use = layer == bpy.context.view_layer


# What is told of a pixel, by the names of Blender's own settings.
PASSES = {
    "depth": ["z"], "position": ["z"], "normal": ["normal"], "ambient_occlusion": ["ambient_occlusion"],
    "albedo": ["diffuse_color"], "emission": ["emit"],
    "diffuse": ["diffuse_direct", "diffuse_indirect", "diffuse_color"],
    "specular": ["glossy_direct", "glossy_indirect", "glossy_color"],
    "transmission": ["transmission_direct", "transmission_indirect", "transmission_color"],
}


def tell(layer, passes):
    for name in layer.bl_rna.properties.keys():
        if name.startswith("use_pass_") and name != "use_pass_combined":
            setattr(layer, name, False)
    for name in passes:
        for own in PASSES[name]:
            setattr(layer, "use_pass_" + own, True)


def linear(scene):
    """The grade is put on later, the same for every renderer."""
    image = scene.render.image_settings
    if hasattr(image, "media_type"):
        image.media_type = "MULTI_LAYER_IMAGE"
    # All that is told of a picture in one file, in full: it is rounded once, when it is finished.
    image.file_format, image.color_depth, image.exr_codec = "OPEN_EXR_MULTILAYER", "32", "ZIP"
    if hasattr(image, "use_exr_interleave"):
        # Since Blender 5 each layer is a picture of its own unless this is said.
        image.use_exr_interleave = True
    scene.render.use_file_extension = False
    view = scene.view_settings
    view.view_transform, view.exposure, view.gamma = "Raw", 0.0, 1.0
    view.use_curve_mapping = False


def unstamped(render):
    for name in render.bl_rna.properties.keys():
        if name.startswith("use_stamp"):
            setattr(render, name, False)


def cycles(scene, ask):
    scene.render.engine = "CYCLES"
    own = scene.cycles
    own.samples, own.use_adaptive_sampling = ask["samples"], False
    own.use_denoising = ask["denoise"]
    own.sample_clamp_indirect = 10.0
    own.use_animated_seed = False
    own.device = "CPU"
    if ask["device"]:
        own.device = "GPU"
        choose_device(ask["device"])


def choose_device(kind):
    preferences = bpy.context.preferences.addons["cycles"].preferences
    try:
        preferences.compute_device_type = kind
    except TypeError:
        fail("find a device of the kind " + kind + ": this Blender has none")
    preferences.get_devices()
    devices = [device for device in preferences.devices if device.type == kind]
    if not devices:
        fail("find a device of the kind " + kind)
    for device in preferences.devices:
        device.use = device in devices


def eevee(scene, ask):
    engines = bpy.types.RenderSettings.bl_rna.properties["engine"].enum_items.keys()
    for name in ("BLENDER_EEVEE_NEXT", "BLENDER_EEVEE"):
        try:
            scene.render.engine = name
            break
        except TypeError:
            continue
    else:
        fail("find Eevee among " + ", ".join(engines))
    own = scene.eevee
    own.taa_render_samples = ask["samples"]
    for name, value in (("use_gtao", True), ("gtao_distance", 0.5), ("use_soft_shadows", True),
                        ("shadow_cascade_size", "2048"), ("light_threshold", 0.001)):
        if hasattr(own, name):
            setattr(own, name, value)


def workbench(scene, ask):
    scene.render.engine = "BLENDER_WORKBENCH"
    shading = scene.display.shading
    shading.light, shading.color_type = "STUDIO", "MATERIAL"
    shading.use_dof = True
    shading.show_shadows, shading.show_cavity = True, False
    if ask["key"]:
        scene.display.light_direction = Vector(ask["key"]["toward"])
    steps = ((1, "OFF"), (5, "5"), (8, "8"), (11, "11"), (16, "16"))
    scene.display.render_aa = next((name for most, name in steps if ask["samples"] <= most), "32")
    for material in bpy.data.materials:
        material.diffuse_color = plain_colour(material)


def plain_colour(material):
    """Returns the mean of what a material's base colour is made of: Workbench knows no nodes."""
    if not material.use_nodes or not material.node_tree:
        return material.diffuse_color
    for node in material.node_tree.nodes:
        if node.type in ("BSDF_PRINCIPLED", "EMISSION"):
            return mean_colour(node.inputs["Base Color" if node.type == "BSDF_PRINCIPLED" else "Color"])
    return material.diffuse_color


def mean_colour(socket):
    if not socket.links:
        value = socket.default_value
        return tuple(value) if hasattr(value, "__len__") else (value, value, value, 1.0)
    node = socket.links[0].from_node
    if node.type == "TEX_IMAGE" and node.image and len(node.image.pixels):
        return mean_of(node.image)
    product = (1.0, 1.0, 1.0, 1.0)
    if node.type in ("MIX_RGB", "MIX"):
        colours = [one for one in node.inputs if one.type == "RGBA" and one.enabled]
        for colour in map(mean_colour, colours):
            product = tuple(a * b for a, b in zip(product, colour))
    return product


def mean_of(image):
    import numpy
    pixels = numpy.empty(len(image.pixels), dtype=numpy.float32)
    image.pixels.foreach_get(pixels)
    mean = pixels.reshape(-1, 4).mean(axis=0)
    if image.colorspace_settings.name == "sRGB":
        mean[:3] **= 2.2
    return tuple(float(part) for part in mean)

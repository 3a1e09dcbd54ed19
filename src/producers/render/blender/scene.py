"""Draws the pictures that a JSON file asks for, in one Blender process.

Started as `blender ... --python scene.py -- scene.json`, or by a Python that has the module `bpy`. Where everything stands
at every picture was worked out before and comes in as matrices, already in Blender's axes; this script only builds, sets
and renders, so that framing is the same whoever draws. Understands Blender 3.4 and later.

It speaks on standard output in lines of the Open Job Description: `openjd_status:` for what it does, `openjd_fail:` before
it ends with status 4 because an input is missing.
"""

import json
import math
import os
import sys

MISSING_INPUT = 4


def shim_numpy():
    """Gives numpy back the names that the glTF importer of Blender 3.4 still uses."""
    try:
        import numpy
    except ImportError:
        fail("Blender's glTF importer needs numpy: install it for Blender's Python (Debian: python3-numpy)")
    for name, kind in (("bool", bool), ("object", object), ("int", int), ("float", float)):
        if name not in numpy.__dict__:
            setattr(numpy, name, kind)


def fail(text):
    print("openjd_fail: " + text, flush=True)
    # Blender turns SystemExit of a script into its own exit status, but only after it has torn everything down; a
    # status of our own must survive that.
    sys.stdout.flush()
    os._exit(MISSING_INPUT)


def status(text):
    print("openjd_status: " + text, flush=True)


def asked():
    words = sys.argv
    path = words[words.index("--") + 1] if "--" in words else words[1]
    with open(path, encoding="utf-8") as file:
        return json.load(file)


shim_numpy()
import bpy  # noqa: E402  (after the shim: the importer looks at numpy when it is loaded)
from mathutils import Matrix, Vector  # noqa: E402


# --- what there is to draw ---------------------------------------------------------------------------------------------

def empty_file():
    bpy.ops.wm.read_factory_settings(use_empty=True)
    if not hasattr(bpy.types, "IMPORT_SCENE_OT_gltf"):
        import addon_utils
        addon_utils.enable("io_scene_gltf2")


class Thing:
    """One model in the scene, under an empty that carries it to its place, with the clip that it plays."""

    def __init__(self, model, clip):
        before = set(bpy.data.objects)
        # Keys lie at time times rate; a high rate keeps those that lie close together apart.
        bpy.context.scene.render.fps, bpy.context.scene.render.fps_base = 240, 1.0
        bpy.ops.import_scene.gltf(filepath=model, loglevel=50)
        self.objects = [one for one in bpy.data.objects if one not in before]
        shapes = {bone.custom_shape for one in self.objects if one.pose for bone in one.pose.bones}
        for shape in shapes - {None}:
            shape.hide_render = True
        self.root = bpy.data.objects.new("thing", None)
        bpy.context.scene.collection.objects.link(self.root)
        for one in self.objects:
            if one.parent is None and one not in shapes:
                one.parent = self.root
        self.curves = [curve for one in self.objects for curve in curves_of(one, clip)]
        for one in self.objects:
            one.animation_data_clear()

    def stand(self, matrix, seconds):
        self.root.matrix_world = Matrix(matrix)
        for holder, path, index, curve in self.curves:
            value = curve.evaluate(seconds * 240.0)
            try:
                if is_array(holder, path):
                    holder.path_resolve(path)[index] = value
                else:
                    set_plain(holder, path, value)
            except (ValueError, TypeError, AttributeError):
                pass


def is_array(holder, path):
    try:
        return hasattr(holder.path_resolve(path), "__len__")
    except ValueError:
        return False


def set_plain(holder, path, value):
    owner, _, name = path.rpartition(".")
    setattr(holder.path_resolve(owner) if owner else holder, name, value)


def curves_of(one, clip):
    """Returns the curves that move an object, or its shape keys, in the clip of this name."""
    found = []
    for holder in (one, getattr(one.data, "shape_keys", None)):
        data = getattr(holder, "animation_data", None)
        for track in data.nla_tracks if data and clip is not None else ():
            if track.name == clip and track.strips:
                found += [(holder, c.data_path, c.array_index, c) for c in curves_in(track.strips[0])]
    return found


def curves_in(strip):
    action = strip.action
    if hasattr(action, "fcurves"):
        return list(action.fcurves)
    # Since Blender 5 an action holds the curves of several things; the strip says which of them is meant.
    slot = strip.action_slot or action.slots[0]
    bags = (part.channelbag(slot) for layer in action.layers for part in layer.strips)
    return [curve for bag in bags if bag for curve in bag.fcurves]


def need_all_pictures():
    """Blender draws what it cannot find in pink and says nothing."""
    def is_missing(image):
        return (image.source in ("FILE", "SEQUENCE", "MOVIE") and not image.packed_file and image.filepath
                and not os.path.exists(bpy.path.abspath(image.filepath, library=image.library)))
    missing = sorted({bpy.path.abspath(image.filepath, library=image.library)
                      for image in bpy.data.images if image.users and is_missing(image)})
    libraries = sorted({bpy.path.abspath(library.filepath) for library in bpy.data.libraries
                        if not os.path.exists(bpy.path.abspath(library.filepath))})
    if missing or libraries:
        fail("find " + ", ".join(libraries + missing))


# --- light, ground, haze -----------------------------------------------------------------------------------------------

def light_from_around(path):
    world = bpy.data.worlds.new("around")
    bpy.context.scene.world = world
    world.use_nodes = True
    nodes, links = world.node_tree.nodes, world.node_tree.links
    nodes.clear()
    place, turn = nodes.new("ShaderNodeTexCoord"), nodes.new("ShaderNodeMapping")
    # Our middle of the picture lies ahead, Blender's to the right.
    turn.inputs["Rotation"].default_value[2] = math.radians(-90.0)
    picture = nodes.new("ShaderNodeTexEnvironment")
    picture.image = bpy.data.images.load(path)
    set_linear(picture.image)
    shine, out = nodes.new("ShaderNodeBackground"), nodes.new("ShaderNodeOutputWorld")
    links.new(place.outputs["Generated"], turn.inputs["Vector"])
    links.new(turn.outputs["Vector"], picture.inputs["Vector"])
    links.new(picture.outputs["Color"], shine.inputs["Color"])
    links.new(shine.outputs["Background"], out.inputs["Surface"])
    if hasattr(world, "cycles"):
        world.cycles.sampling_method = "AUTOMATIC"


def set_linear(image):
    spaces = image.colorspace_settings.bl_rna.properties["name"].enum_items.keys()
    for name in ("Linear Rec.709", "Linear"):
        if name in spaces:
            image.colorspace_settings.name = name
            return


def key_light(key):
    light = bpy.data.lights.new("key", "SUN")
    light.color = [part / max(key["colour"]) if max(key["colour"]) > 0 else 1.0 for part in key["colour"]]
    light.energy = max(key["colour"])
    light.angle = key["angle"]
    if hasattr(light, "shadow_cascade_max_distance"):
        light.shadow_cascade_max_distance = 90.0
    sun = bpy.data.objects.new("key", light)
    bpy.context.scene.collection.objects.link(sun)
    sun.rotation_mode = "QUATERNION"
    sun.rotation_quaternion = Vector(key["toward"]).to_track_quat("Z", "Y")


def lamp(one):
    light = bpy.data.lights.new("lamp", "POINT")
    brightest = max(one["intensity"])
    light.color = [part / brightest for part in one["intensity"]]
    # A lamp of P watts puts P / 4 pi on what faces it a metre away.
    light.energy = brightest * 4.0 * math.pi
    light.shadow_soft_size = one["radius"]
    # It stands inside the thing that glows.
    if hasattr(light, "use_shadow"):
        light.use_shadow = False
    if hasattr(light, "cycles") and hasattr(light.cycles, "cast_shadow"):
        light.cycles.cast_shadow = False
    body = bpy.data.objects.new("lamp", light)
    body.location = one["centre"]
    bpy.context.scene.collection.objects.link(body)


def ground_plane(ground, engine):
    radius = ground["fade"][1]
    mesh = bpy.data.meshes.new("ground")
    x, y = ground["centre"][0], ground["centre"][1]
    corners = [(x + a * radius, y + b * radius, -0.002) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    mesh.from_pydata(corners, [], [(0, 1, 2, 3)])
    plane = bpy.data.objects.new("ground", mesh)
    bpy.context.scene.collection.objects.link(plane)
    material = bpy.data.materials.new("ground")
    material.use_nodes = True
    material.diffuse_color = [*ground["colour"], 1.0]
    mesh.materials.append(material)
    tree = material.node_tree
    body = tree.nodes["Principled BSDF"]
    body.inputs["Base Color"].default_value = [*ground["colour"], 1.0]
    body.inputs["Roughness"].default_value = ground["roughness"]
    if ground["seamless"] and engine == "cycles":
        plane.is_shadow_catcher = True
        return
    if ground["seamless"]:
        surface = only_shadow(tree, ground["unshadowed"])
    else:
        surface = body.outputs[0]
    faded(tree, surface, ground)
    if hasattr(material, "blend_method"):
        material.blend_method = "BLEND"


def only_shadow(tree, unshadowed):
    """Where there is no shadow catcher: black, as dense as light is missing that would be there without shadows."""
    nodes, links = tree.nodes, tree.links
    white, seen = nodes.new("ShaderNodeBsdfDiffuse"), nodes.new("ShaderNodeShaderToRGB")
    white.inputs["Color"].default_value = (1, 1, 1, 1)
    grey, dense = nodes.new("ShaderNodeRGBToBW"), nodes.new("ShaderNodeMath")
    dense.operation, dense.use_clamp = "MULTIPLY_ADD", True
    dense.inputs[1].default_value, dense.inputs[2].default_value = -0.85 / max(unshadowed, 1e-6), 0.85
    black, clear, mix = (nodes.new("ShaderNodeEmission"), nodes.new("ShaderNodeBsdfTransparent"),
                         nodes.new("ShaderNodeMixShader"))
    black.inputs["Color"].default_value = (0, 0, 0, 1)
    links.new(white.outputs[0], seen.inputs[0])
    links.new(seen.outputs["Color"], grey.inputs[0])
    links.new(grey.outputs[0], dense.inputs[0])
    links.new(dense.outputs[0], mix.inputs[0])
    links.new(clear.outputs[0], mix.inputs[1])
    links.new(black.outputs[0], mix.inputs[2])
    return mix.outputs[0]


def faded(tree, surface, ground):
    """Lets the ground end softly: what lies behind it is put in later."""
    nodes, links = tree.nodes, tree.links
    where, away, soft = (nodes.new("ShaderNodeNewGeometry"), nodes.new("ShaderNodeVectorMath"),
                         nodes.new("ShaderNodeMapRange"))
    away.operation = "DISTANCE"
    away.inputs[1].default_value = (ground["centre"][0], ground["centre"][1], -0.002)
    soft.interpolation_type = "SMOOTHSTEP"
    soft.inputs["From Min"].default_value, soft.inputs["From Max"].default_value = ground["fade"]
    clear, mix = nodes.new("ShaderNodeBsdfTransparent"), nodes.new("ShaderNodeMixShader")
    links.new(where.outputs["Position"], away.inputs[0])
    links.new(away.outputs["Value"], soft.inputs["Value"])
    links.new(soft.outputs["Result"], mix.inputs[0])
    links.new(surface, mix.inputs[1])
    links.new(clear.outputs[0], mix.inputs[2])
    links.new(mix.outputs[0], tree.nodes["Material Output"].inputs["Surface"])


def add_haze(haze):
    """Fades every surface, as the camera sees it, to the colour of the haze."""
    for material in bpy.data.materials:
        tree = material.node_tree if material.use_nodes else None
        out = tree.get_output_node("ALL") if tree else None
        if not out or not out.inputs["Surface"].links:
            continue
        nodes, links = tree.nodes, tree.links
        surface = out.inputs["Surface"].links[0].from_socket
        far, thin, thick, path, seen = (nodes.new("ShaderNodeCameraData"), nodes.new("ShaderNodeMath"),
                                        nodes.new("ShaderNodeMath"), nodes.new("ShaderNodeLightPath"),
                                        nodes.new("ShaderNodeMath"))
        thin.operation, thick.operation, seen.operation = "MULTIPLY", "POWER", "SUBTRACT"
        thin.inputs[1].default_value = -1.0 / haze["distance"]
        thick.inputs[0].default_value = math.e
        seen.inputs[0].default_value = 1.0
        share, veil, mix = (nodes.new("ShaderNodeMath"), nodes.new("ShaderNodeEmission"),
                            nodes.new("ShaderNodeMixShader"))
        share.operation = "MULTIPLY"
        veil.inputs["Color"].default_value = [*haze["colour"], 1.0]
        links.new(far.outputs["View Distance"], thin.inputs[0])
        links.new(thin.outputs[0], thick.inputs[1])
        links.new(thick.outputs[0], seen.inputs[1])
        links.new(seen.outputs[0], share.inputs[0])
        links.new(path.outputs["Is Camera Ray"], share.inputs[1])
        links.new(share.outputs[0], mix.inputs[0])
        links.new(surface, mix.inputs[1])
        links.new(veil.outputs[0], mix.inputs[2])
        links.new(mix.outputs[0], out.inputs["Surface"])


# --- how it is drawn ---------------------------------------------------------------------------------------------------

def settings(ask):
    scene = bpy.context.scene
    render = scene.render
    render.resolution_x, render.resolution_y = ask["size"]
    render.resolution_percentage = 100
    render.pixel_aspect_x = render.pixel_aspect_y = 1.0
    render.use_border = render.use_multiview = render.use_sequencer = False
    render.use_compositing = False
    # What lies behind is put in later, the same for every renderer.
    render.film_transparent = True
    render.threads_mode, render.threads = "FIXED", ask["threads"]
    render.use_persistent_data = True
    linear(scene)
    unstamped(render)
    {"cycles": cycles, "eevee": eevee, "workbench": workbench}[ask["engine"]](scene, ask)


def linear(scene):
    """The grade is put on later, the same for every renderer."""
    image = scene.render.image_settings
    if hasattr(image, "media_type"):
        image.media_type = "IMAGE"
    image.file_format, image.color_mode, image.color_depth, image.exr_codec = "OPEN_EXR", "RGBA", "16", "ZIP"
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
    if ask["device"] != "cpu":
        own.device = "GPU"
        choose_device(ask["device"].upper())


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


class Camera:
    def __init__(self):
        self.data = bpy.data.cameras.new("shot")
        self.body = bpy.data.objects.new("shot", self.data)
        bpy.context.scene.collection.objects.link(self.body)
        bpy.context.scene.camera = self.body

    def stand(self, ask):
        self.body.matrix_world = Matrix(ask["matrix"])
        self.data.sensor_fit, self.data.sensor_width = "HORIZONTAL", ask["sensor"]
        self.data.lens = ask["lens"]
        self.data.clip_start, self.data.clip_end = ask["near"], 10000.0


def main():
    ask = asked()
    empty_file()
    status("building the scene")
    things = [Thing(ask["models"][one["model"]], one["clip"]) for one in ask["things"]]
    light_from_around(ask["light"])
    if ask["key"]:
        key_light(ask["key"])
    for one in ask["lamps"]:
        lamp(one)
    if ask["ground"]:
        ground_plane(ask["ground"], ask["engine"])
    if ask["haze"] and ask["engine"] != "workbench":
        add_haze(ask["haze"])
    need_all_pictures()
    settings(ask)
    camera = Camera()
    for picture in ask["pictures"]:
        status("drawing " + os.path.basename(picture["file"]))
        camera.stand(picture["camera"])
        for thing, stand in zip(things, picture["things"]):
            thing.stand(stand["matrix"], stand["seconds"])
        scene = bpy.context.scene
        if ask["engine"] == "cycles":
            scene.cycles.seed = picture["seed"]
        scene.render.filepath = picture["file"]
        bpy.ops.render.render(write_still=True)


main()

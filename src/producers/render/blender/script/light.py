"""Light: from all around as a picture, from the key, from lamps."""

import math
import bpy
from mathutils import Vector


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

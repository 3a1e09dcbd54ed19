"""Makes the Blender files that tests work on: a place with a picture from outside, and a figure from a library."""

import os
import sys

import bpy

HERE = os.path.dirname(os.path.abspath(__file__))


def at(*parts):
    return os.path.join(HERE, *parts)


def fresh():
    bpy.ops.wm.read_factory_settings(use_empty=True)


def save(*parts, compress=False):
    bpy.ops.wm.save_as_mainfile(filepath=at(*parts), compress=compress)
    bpy.ops.file.make_paths_relative()
    bpy.ops.wm.save_mainfile(compress=compress)


def put(data, name, place=(0, 0, 0)):
    body = bpy.data.objects.new(name, data)
    body.location = place
    bpy.context.scene.collection.objects.link(body)
    return body


def picture():
    os.makedirs(at("textures"), exist_ok=True)
    image = bpy.data.images.new("wood", 8, 8)
    image.pixels = [0.1, 0.6, 0.1, 1.0] * 64
    image.filepath_raw, image.file_format = at("textures", "wood.png"), "PNG"
    image.save()


def plain(name, colour):
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    material.node_tree.nodes["Principled BSDF"].inputs["Base Color"].default_value = colour
    return material


def place():
    """A green floor, a lamp, a blue world, and a script that must never run."""
    fresh()
    bpy.ops.mesh.primitive_plane_add(size=4)
    wood = plain("wood", (1, 1, 1, 1))
    node = wood.node_tree.nodes.new("ShaderNodeTexImage")
    node.image = bpy.data.images.load(at("textures", "wood.png"))
    wood.node_tree.links.new(node.outputs[0], wood.node_tree.nodes["Principled BSDF"].inputs["Base Color"])
    bpy.context.object.data.materials.append(wood)
    lamp = bpy.data.lights.new("lamp", "POINT")
    lamp.energy = 500
    put(lamp, "lamp", (2, -3, 4))
    world = bpy.data.worlds.new("dusk")
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs[0].default_value = (0.02, 0.05, 0.6, 1)
    bpy.context.scene.world = world
    text = bpy.data.texts.new("startup.py")
    text.use_module = True
    text.write("open(%r, 'w').write('ran')\n" % at("ran"))
    os.makedirs(at("sets"), exist_ok=True)
    save("sets", "place.blend", compress=True)


def figure():
    """A red post that leans over, and stands beside a library."""
    fresh()
    bpy.ops.mesh.primitive_cube_add(size=1)
    body = bpy.context.object
    body.name, body.scale, body.location = "post", (0.2, 0.2, 0.9), (0, 0, 0.9)
    bpy.ops.object.transform_apply(location=True, rotation=True, scale=True)
    body.data.materials.append(plain("red", (0.8, 0.02, 0.02, 1)))
    body.rotation_mode = "XYZ"
    for name, angle in (("idle", 0.0), ("lean", 0.6)):
        action = bpy.data.actions.new(name)
        body.animation_data_create().action = action
        for frame, value in ((1, 0.0), (25, angle)):
            body.rotation_euler = (0, value, 0)
            body.keyframe_insert("rotation_euler", frame=frame)
        track = body.animation_data.nla_tracks.new()
        track.name = name
        track.strips.new(name, 1, action)
    body.animation_data.action = None
    save("library.blend")
    fresh()
    with bpy.data.libraries.load(at("library.blend"), link=True) as (there, here):
        here.objects = list(there.objects)
    for one in here.objects:
        bpy.context.scene.collection.objects.link(one)
    save("figure.blend")


picture()
place()
figure()

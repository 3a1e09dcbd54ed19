"""Makes an FBX file: a box of one by one by two metres on the ground."""

import os

import addon_utils
import bpy

HERE = os.path.dirname(os.path.abspath(__file__))
bpy.ops.wm.read_factory_settings(use_empty=True)
addon_utils.enable("io_scene_fbx")
bpy.ops.mesh.primitive_cube_add(size=1)
box = bpy.context.object
box.scale, box.location = (1, 1, 2), (0, 0, 1)
bpy.ops.export_scene.fbx(filepath=os.path.join(HERE, "box.fbx"))

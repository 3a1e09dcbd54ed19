"""Makes a Blender file of a model in another format, or of a Blender file that a document scales and turns.

Started as bring.py is, before it: what comes out is what bring.py then takes. Understands Blender 3.4 and later.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import talk  # noqa: E402
import bpy  # noqa: E402


def open_any(path, ending):
    if ending is None:
        talk.open_file(path)
        return
    talk.empty_file()
    if ending == "fbx":
        import_fbx(path)
    elif ending == "abc":
        bpy.ops.wm.alembic_import(filepath=path, as_background_job=False)
    else:
        bpy.ops.wm.usd_import(filepath=path)
    if not bpy.context.scene.objects:
        talk.fail("read " + os.path.basename(path) + ": Blender found nothing in it")


def import_fbx(path):
    if not hasattr(bpy.types, "IMPORT_SCENE_OT_fbx"):
        import addon_utils
        addon_utils.enable("io_scene_fbx")
    bpy.ops.import_scene.fbx(filepath=path)


def mend(scale, rotation):
    """Puts everything under one empty that scales and turns it."""
    roots = [one for one in bpy.context.scene.objects if one.parent is None]
    root = bpy.data.objects.new("mend", None)
    bpy.context.scene.collection.objects.link(root)
    root.scale = (scale, scale, scale)
    root.rotation_mode = "QUATERNION"
    root.rotation_quaternion = rotation
    for one in roots:
        # What comes from a library cannot be changed here.
        own = one.make_local() if one.library else one
        own.parent = root


def main():
    ask = talk.asked()
    talk.status("importing")
    open_any(ask["file"], ask.get("ending"))
    if "mend" in ask:
        mend(**ask["mend"])
    bpy.ops.wm.save_as_mainfile(filepath=ask["converted"], compress=True, copy=True, relative_remap=True)


main()

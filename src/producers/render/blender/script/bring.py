"""Makes one self-contained file of a Blender file, and a glTF copy of it beside.

Started as `blender ... --python bring.py -- ask.json`, or by a Python that has the module `bpy`. What comes out holds every
library and picture that the file used, has one scene, and is what pictures are drawn from; the copy is what framing is
measured by, and what renderers draw that read no Blender files. Understands Blender 3.4 and later.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import talk  # noqa: E402
import bpy  # noqa: E402


def only_known(known):
    """A picture that was not counted among the inputs could change unnoticed, and would be missing on another machine."""
    foreign = [path for path in talk.outside_files() if os.path.realpath(path) not in known]
    if foreign:
        talk.fail("take " + ", ".join(foreign) + ": it lies outside of the project's folder; copy it there, or pack it "
                  "into the file (File > External Data)")


def linked():
    groups = (getattr(bpy.data, name) for name in dir(bpy.data) if name != "libraries")
    return [one for group in groups if isinstance(group, bpy.types.bpy_prop_collection) for one in group
            if isinstance(one, bpy.types.ID) and one.library]


def make_local():
    """Makes what is linked from libraries the file's own, so that it can be packed."""
    # What only linked things use stays linked until those are the file's own.
    count, before = len(linked()), None
    while count and count != before:
        for one in linked():
            one.make_local()
        count, before = len(linked()), count
    if count:
        bpy.ops.file.pack_libraries()
    else:
        for library in list(bpy.data.libraries):
            bpy.data.libraries.remove(library)


def pack():
    bpy.ops.file.pack_all()
    # Films and caches stay where they are; Blender packs none.
    left = talk.outside_files()
    for path in left:
        talk.status("not packed: " + path)
    if left:
        bpy.ops.file.make_paths_absolute()


def keep_one_scene():
    keep = bpy.context.scene
    for scene in list(bpy.data.scenes):
        if scene != keep:
            bpy.data.scenes.remove(scene)
    leave_out(bpy.context.view_layer.layer_collection)


def leave_out(layer):
    """What the view layer leaves out is not in the scene; it may still be shown by instances."""
    for child in list(layer.children):
        if child.exclude:
            layer.collection.children.unlink(child.collection)
        else:
            leave_out(child)


def export(path):
    asked = {
        "filepath": path, "export_format": "GLB", "export_yup": True, "export_apply": True, "export_cameras": False,
        "export_lights": False, "use_renderable": True, "use_active_scene": True, "export_animations": True,
        "export_nla_strips": True, "export_animation_mode": "ACTIONS", "export_current_frame": False,
        "export_def_bones": False, "export_loglevel": -1,
    }
    known = bpy.ops.export_scene.gltf.get_rna_type().properties.keys()
    bpy.ops.export_scene.gltf(**{name: value for name, value in asked.items() if name in known})


def main():
    ask = talk.asked()
    talk.open_file(ask["file"])
    talk.need_all_files()
    only_known(set(ask["known"]))
    make_local()
    keep_one_scene()
    pack()
    talk.status("copying as glTF")
    export(ask["copy"])
    bpy.ops.wm.save_as_mainfile(filepath=ask["packed"], compress=True, copy=True, relative_remap=False)


main()

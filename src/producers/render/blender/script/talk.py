"""What every script of ours says and hears: the file that asks, lines for the program that listens, missing files.

The lines are those of the Open Job Description: `openjd_status:` for what is done, `openjd_fail:` before the end with status
4 because an input is missing. Importing this module mends numpy for Blender's glTF add-on, so it comes before `bpy`.
"""

import json
import os
import sys

MISSING_INPUT = 4


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


def shim_numpy():
    """Gives numpy back the names that the glTF add-on of Blender 3.4 still uses."""
    try:
        import numpy
    except ImportError:
        fail("find numpy, which Blender's glTF add-on needs: install it for Blender's Python (Debian: python3-numpy)")
    for name, kind in (("bool", bool), ("object", object), ("int", int), ("float", float)):
        if name not in numpy.__dict__:
            setattr(numpy, name, kind)


shim_numpy()
import bpy  # noqa: E402  (after the shim: the add-on looks at numpy when it is loaded)


def open_file(path):
    """Opens a file without running what is in it, whatever the user's preferences say of that."""
    bpy.ops.wm.open_mainfile(filepath=path, load_ui=False, use_scripts=False)
    enable_gltf()


def empty_file():
    bpy.ops.wm.read_factory_settings(use_empty=True)
    enable_gltf()


def enable_gltf():
    if not hasattr(bpy.types, "IMPORT_SCENE_OT_gltf"):
        import addon_utils
        addon_utils.enable("io_scene_gltf2")


def outside_files():
    """Returns every file that what is open needs besides itself, from the root of the disk, each once, in order."""
    found = {full(library.filepath, library.library) for library in bpy.data.libraries if not library.packed_file}
    for image in bpy.data.images:
        if image.source in ("FILE", "SEQUENCE", "MOVIE", "TILED") and image.users and image.filepath and not is_packed(image):
            found.update(tiles(image))
    for group in ("fonts", "volumes", "cache_files", "movieclips"):
        for one in getattr(bpy.data, group, ()):
            if one.users and one.filepath not in ("", "<builtin>") and not getattr(one, "packed_file", None):
                found.add(full(one.filepath, one.library))
    return sorted(found)


def is_packed(image):
    return bool(image.packed_file) or len(image.packed_files) > 0


def tiles(image):
    path = full(image.filepath, image.library)
    if image.source != "TILED":
        return [path]
    numbers = [tile.number for tile in image.tiles]
    udim = [path.replace("<UDIM>", str(number)) for number in numbers]
    return [one.replace("<UVTILE>", "u%d_v%d" % ((number - 1001) % 10 + 1, (number - 1001) // 10 + 1))
            for one, number in zip(udim, numbers)]


def full(path, library):
    return os.path.normpath(bpy.path.abspath(path, library=library))


def need_all_files():
    """Blender draws what it cannot find in pink and says nothing."""
    missing = [path for path in outside_files() if not os.path.exists(path)]
    if missing:
        fail("find " + ", ".join(missing))

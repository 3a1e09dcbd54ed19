"""Tells what this Blender is and has, in one line that begins with `production-facts`."""

import json

import bpy
import _cycles  # after bpy: the Python module brings it into being


def devices():
    """Returns the kinds of graphics device that Cycles can use here, the fastest first, each with its devices."""
    if "cycles" not in bpy.context.preferences.addons:
        return []
    preferences = bpy.context.preferences.addons["cycles"].preferences
    found = []
    for kind in ("OPTIX", "CUDA", "HIP", "ONEAPI", "METAL"):
        try:
            names = [device.name for device in preferences.get_devices_for_type(kind) if device.type == kind]
        except (TypeError, ValueError, AttributeError):
            continue
        if names:
            found.append({"kind": kind, "names": names})
    return found


print("production-facts " + json.dumps({
    "version": bpy.app.version_string,
    "denoiser": bool(getattr(_cycles, "with_openimagedenoise", False)),
    "devices": devices(),
}))

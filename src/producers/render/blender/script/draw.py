"""Draws the pictures that a JSON file asks for, in one Blender process.

Started as `blender ... --python draw.py -- ask.json`, or by a Python that has the module `bpy`. Where everything stands at
every picture was worked out before and comes in as matrices, already in Blender's axes; this script only builds, sets and
renders, so that framing is the same whoever draws. Understands Blender 3.4 and later.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import talk  # noqa: E402
import bpy  # noqa: E402
import ground  # noqa: E402
import light  # noqa: E402
import look  # noqa: E402
from things import FromBlend, thing  # noqa: E402
from mathutils import Matrix  # noqa: E402


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
        self.data.dof.use_dof = bool(ask["focus"])
        if ask["focus"]:
            self.data.dof.focus_distance, self.data.dof.aperture_fstop = ask["focus"]
        self.data.clip_start, self.data.clip_end = ask["near"], 10000.0


class Clock:
    """The time of what plays by itself: the animation of the file that is the scene, or of Blender files in it."""

    def __init__(self, opened, things):
        scene = bpy.context.scene
        rates = [scene.render.fps / scene.render.fps_base] if opened else []
        rates += [one.clock for one in things if isinstance(one, FromBlend)]
        self.rate = rates[0] if rates else None
        self.first = scene.frame_start if opened else 0

    def show(self, seconds):
        if self.rate is not None:
            frame = self.first + seconds * self.rate
            bpy.context.scene.frame_set(int(frame // 1), subframe=frame % 1)


def light_up(ask, file_world, file_lights):
    """What a file that is the scene has stands; what it lacks comes from the document."""
    if not file_world:
        light.light_from_around(ask["light"])
    if ask["key"] and not file_lights:
        light.key_light(ask["key"])
    for one in ask["lamps"]:
        light.lamp(one)


def build(ask):
    """Returns the things that are moved, and the clock."""
    opened = ask["opened"]
    if opened:
        talk.open_file(opened)
    else:
        talk.empty_file()
    talk.status("building the scene")
    scene = bpy.context.scene
    file_world = bool(opened and scene.world)
    file_lights = any(one.type == "LIGHT" for one in scene.objects)
    # New objects go into the scene's own collection, which nothing hides.
    bpy.context.view_layer.active_layer_collection = bpy.context.view_layer.layer_collection
    things = [thing(ask["models"][one["model"]], one["clip"]) for one in ask["things"]]
    clock = Clock(opened, things)
    light_up(ask, file_world, file_lights)
    if ask["ground"]:
        ground.ground_plane(ask["ground"], ask["engine"])
    if ask["haze"] and not file_world and ask["engine"] != "workbench":
        ground.add_haze(ask["haze"])
    talk.need_all_files()
    look.settings(ask, file_world)
    return things, clock


def main():
    ask = talk.asked()
    things, clock = build(ask)
    camera = Camera()
    for picture in ask["pictures"]:
        talk.status("drawing " + os.path.basename(picture["file"]))
        clock.show(picture["seconds"])
        camera.stand(picture["camera"])
        for one, stand in zip(things, picture["things"]):
            one.stand(stand["matrix"], stand["seconds"])
        scene = bpy.context.scene
        if ask["engine"] == "cycles":
            scene.cycles.seed = picture["seed"]
        scene.render.filepath = picture["file"]
        bpy.ops.render.render(write_still=True)


main()

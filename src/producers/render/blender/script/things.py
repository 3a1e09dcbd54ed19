"""The models in view: glTF and Blender files, each under an empty that carries it to its place, with what it plays."""

import bpy
from mathutils import Matrix

# Keys of glTF lie at time times rate; a high rate keeps those that lie close together apart.
GLTF_RATE = 240


def thing(model, clip):
    return FromBlend(model["path"], clip) if model["blend"] else FromGltf(model["path"], clip)


class Thing:
    """One model in the scene. What it plays is set by hand: two that play one clip are not in step."""

    def __init__(self, objects, curves, rate):
        self.root = bpy.data.objects.new("thing", None)
        bpy.context.scene.collection.objects.link(self.root)
        for one in objects:
            if one.parent is None:
                one.parent = self.root
        self.curves, self.rate = curves, rate

    def stand(self, matrix, seconds):
        self.root.matrix_world = Matrix(matrix)
        for holder, path, index, curve in self.curves:
            value = curve.evaluate(seconds * self.rate)
            try:
                if is_array(holder, path):
                    holder.path_resolve(path)[index] = value
                else:
                    set_plain(holder, path, value)
            except (ValueError, TypeError, AttributeError):
                pass


class FromGltf(Thing):
    def __init__(self, path, clip):
        before, painted = set(bpy.data.objects), set(bpy.data.materials)
        scene = bpy.context.scene
        kept = scene.render.fps, scene.render.fps_base
        scene.render.fps, scene.render.fps_base = GLTF_RATE, 1.0
        bpy.ops.import_scene.gltf(filepath=path, loglevel=50)
        scene.render.fps, scene.render.fps_base = kept
        objects = [one for one in bpy.data.objects if one not in before]
        shapes = {bone.custom_shape for one in objects if one.pose for bone in one.pose.bones} - {None}
        for shape in shapes:
            shape.hide_render = True
        curves = [curve for one in objects for curve in tracked(one, clip)]
        for one in objects:
            one.animation_data_clear()
        for material in set(bpy.data.materials) - painted:
            not_a_lamp(material)
        super().__init__([one for one in objects if one not in shapes], curves, GLTF_RATE)


class FromBlend(Thing):
    """Everything in the scene of a packed file. Without a clip its own animation goes on by the scene's clock."""

    def __init__(self, path, clip):
        with bpy.data.libraries.load(path, link=False) as (there, here):
            here.scenes, here.actions = list(there.scenes), list(there.actions)
            names = list(there.actions)
        scene, actions = here.scenes[0], dict(zip(names, here.actions))
        self.clock = scene.render.fps / scene.render.fps_base
        objects = list(scene.collection.all_objects)
        # Whole collections, so that what they hide stays hidden.
        ours = bpy.context.scene.collection
        for child in list(scene.collection.children):
            ours.children.link(child)
        for one in list(scene.collection.objects):
            ours.objects.link(one)
        bpy.data.scenes.remove(scene)
        curves = [curve for one in objects for curve in played(one, clip, actions)]
        if curves:
            for one in objects:
                quiet(one)
        super().__init__(objects, curves, self.clock)


def not_a_lamp(material):
    """What glows has lamps in its place; looking for light on each of its triangles too leaves few samples for the key."""
    own = getattr(material, "cycles", None)
    if hasattr(own, "emission_sampling"):
        own.emission_sampling = "NONE"
    elif hasattr(own, "sample_as_light"):
        own.sample_as_light = False


def is_array(holder, path):
    try:
        return hasattr(holder.path_resolve(path), "__len__")
    except ValueError:
        return False


def set_plain(holder, path, value):
    owner, _, name = path.rpartition(".")
    setattr(holder.path_resolve(owner) if owner else holder, name, value)


def holders(one):
    """Returns what of an object is animated by itself: the object, and its shape keys."""
    found = ((holder, getattr(holder, "animation_data", None)) for holder in (one, getattr(one.data, "shape_keys", None)))
    return [(holder, data) for holder, data in found if holder is not None]


def tracked(one, clip):
    """Returns the curves that move an object, or its shape keys, in the track of this name."""
    found = []
    for holder, data in holders(one):
        for track in data.nla_tracks if data and clip is not None else ():
            if track.name == clip and track.strips:
                strip = track.strips[0]
                found += curves_in(holder, strip.action, getattr(strip, "action_slot", None))
    return found


def played(one, clip, actions):
    """Returns the curves that move an object, or its shape keys, in the track or action of this name."""
    found = tracked(one, clip)
    action = actions.get(clip)
    if found or action is None:
        return found
    for holder, data in holders(one):
        strips = [strip.action for track in data.nla_tracks for strip in track.strips] if data else []
        is_its_own = data is not None and (data.action == action or action in strips)
        curves = curves_in(holder, action, getattr(data, "action_slot", None) if is_its_own else None)
        bones = [curve for curve in curves if curve[1].startswith("pose.bones") and resolves(holder, curve[1])]
        found += curves if is_its_own else bones
    return found


def resolves(holder, path):
    try:
        return holder.path_resolve(path) is not None
    except ValueError:
        return False


def curves_in(holder, action, slot):
    if hasattr(action, "fcurves"):
        curves = list(action.fcurves)
    else:
        # Since Blender 5 an action holds the curves of several things; the slot says which of them is meant.
        slot = slot or (action.slots[0] if action.slots else None)
        bags = (part.channelbag(slot) for layer in action.layers for part in layer.strips) if slot else ()
        curves = [curve for bag in bags if bag for curve in bag.fcurves]
    return [(holder, curve.data_path, curve.array_index, curve) for curve in curves]


def quiet(one):
    """Takes away what plays by itself; drivers stay."""
    for _, data in holders(one):
        if data is not None:
            data.action = None
            for track in data.nla_tracks:
                track.mute = True

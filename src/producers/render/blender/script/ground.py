"""The ground of places without a set, and haze."""

import math
import bpy


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

"""Small sound models and pictures, as bytes, to be spoilt."""
import json
import pathlib
import struct

from common import png

# A box of one metre that stands on the ground.
CORNERS = [(x, y, z) for x in (-0.5, 0.5) for y in (0.0, 1.0) for z in (-0.5, 0.5)]
FACES = [0, 1, 3, 0, 3, 2, 4, 6, 7, 4, 7, 5, 0, 4, 5, 0, 5, 1, 2, 3, 7, 2, 7, 6, 0, 2, 6, 0, 6, 4, 1, 5, 7, 1, 7, 3]
SEEDS = pathlib.Path(__file__).resolve().parents[3] / "fuzz/seeds"


def box_parts():
    """Returns the JSON of a box with a texture, a skin and an animation, as a value, and its binary part."""
    chunks, views = [], []

    def view(data):
        offset = sum(map(len, chunks))
        chunks.append(data + b"\0" * (-len(data) % 4))
        views.append({"buffer": 0, "byteOffset": offset, "byteLength": len(data)})
        return len(views) - 1

    corners = view(b"".join(struct.pack("<3f", *corner) for corner in CORNERS))
    faces = view(struct.pack(f"<{len(FACES)}H", *FACES))
    coordinates = view(struct.pack("<16f", *[corner[i] % 1.0 for corner in CORNERS for i in (0, 1)]))
    joints = view(bytes([0, 0, 0, 0] * 8))
    weights = view(struct.pack("<32f", *([1.0, 0.0, 0.0, 0.0] * 8)))
    inverse = view(struct.pack("<16f", *[1.0 if i % 5 == 0 else 0.0 for i in range(16)]))
    times = view(struct.pack("<2f", 0.0, 1.0))
    turns = view(struct.pack("<8f", 0, 0, 0, 1, 0, 1, 0, 0))
    picture = view(png(8, 60))

    def accessor(index, kind, component, count, **more):
        return dict({"bufferView": index, "componentType": component, "count": count, "type": kind}, **more)

    value = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"name": "root", "children": [1, 2]}, {"name": "body", "mesh": 0, "skin": 0}, {"name": "bone"}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0, "TEXCOORD_0": 2, "JOINTS_0": 3, "WEIGHTS_0": 4},
        "indices": 1, "material": 0}]}],
        "skins": [{"joints": [2], "inverseBindMatrices": 5}],
        "animations": [{"name": "idle", "channels": [{"sampler": 0, "target": {"node": 2, "path": "rotation"}}],
                        "samplers": [{"input": 6, "output": 7, "interpolation": "LINEAR"}]}],
        "materials": [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}, "roughnessFactor": 0.5}}],
        "textures": [{"source": 0, "sampler": 0}],
        "samplers": [{}],
        "images": [{"bufferView": picture, "mimeType": "image/png"}],
        "accessors": [
            accessor(corners, "VEC3", 5126, 8, min=[-0.5, 0, -0.5], max=[0.5, 1, 0.5]),
            accessor(faces, "SCALAR", 5123, len(FACES)),
            accessor(coordinates, "VEC2", 5126, 8),
            accessor(joints, "VEC4", 5121, 8),
            accessor(weights, "VEC4", 5126, 8),
            accessor(inverse, "MAT4", 5126, 1),
            accessor(times, "SCALAR", 5126, 2, min=[0], max=[1]),
            accessor(turns, "VEC4", 5126, 2),
        ],
        "bufferViews": views,
        "buffers": [{"byteLength": sum(map(len, chunks))}],
    }
    return value, b"".join(chunks)


def glb(text, binary):
    """Packs JSON text and a binary part."""
    text += b" " * (-len(text) % 4)
    binary += b"\0" * (-len(binary) % 4)
    body = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body


def box_glb():
    value, binary = box_parts()
    return glb(json.dumps(value).encode(), binary)


def sky_hdr():
    """Returns a small light from all around, of one grey."""
    return b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 4 +X 8\n" + bytes([128, 128, 128, 128]) * 32


def light_exr():
    return (SEEDS / "exr/zip1.exr").read_bytes()

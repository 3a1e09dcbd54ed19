#!/usr/bin/env python3
"""Write assets/library/stand_plinth.glb: a round plinth on which a small product stands beside a person.

Needs Python 3.11 and numpy. Run from anywhere; the output does not depend on time or chance. The plinth stands on y = 0
with its middle at the origin, in metres; its top is 0.95 m high.
"""
import json
import os
import struct

import numpy as np

HEIGHT, RADIUS, BEVEL, SIDES, ARC = .95, .19, .008, 48, 5


def profile():
    """Points (radius, y) and normals from the middle of the top down to the floor."""
    turn = np.linspace(np.pi / 2, 0, ARC)
    rows = [((0, HEIGHT), (0, 1)), ((RADIUS - BEVEL, HEIGHT), (0, 1))]
    for a in turn:
        c, s = np.cos(a), np.sin(a)
        rows.append(((RADIUS - BEVEL + BEVEL * c, HEIGHT - BEVEL + BEVEL * s), (c, s)))
    return rows + [((RADIUS, 0), (1, 0))]


def mesh():
    rows, angles = profile(), np.linspace(0, 2 * np.pi, SIDES + 1)
    position, normal, index = [], [], []
    for (r, y), (nr, ny) in rows:
        for a in angles:
            position.append((r * np.cos(a), y, r * np.sin(a)))
            normal.append((nr * np.cos(a), ny, nr * np.sin(a)))
    width = SIDES + 1
    for row in range(len(rows) - 1):
        for k in range(SIDES):
            a, b = row * width + k, row * width + k + 1
            c, d = a + width, b + width
            index += [a, b, d, a, d, c]
    return np.array(position, '<f4'), np.array(normal, '<f4'), np.array(index, '<u2')


def main():
    position, normal, index = mesh()
    parts = [position.tobytes(), normal.tobytes(), index.tobytes()]
    views, offset = [], 0
    for part in parts:
        views.append({'buffer': 0, 'byteOffset': offset, 'byteLength': len(part)})
        offset += len(part)
    binary = b''.join(parts)
    binary += b'\0' * (-len(binary) % 4)
    document = {
        'asset': {'version': '2.0', 'generator': 'make_plinth.py'},
        'scene': 0, 'scenes': [{'nodes': [0]}],
        'nodes': [{'name': 'plinth', 'mesh': 0}],
        'meshes': [{'primitives': [{'attributes': {'POSITION': 0, 'NORMAL': 1}, 'indices': 2, 'material': 0}]}],
        'materials': [{'name': 'plinth', 'pbrMetallicRoughness': {
            'baseColorFactor': [.62, .6, .57, 1], 'metallicFactor': 0, 'roughnessFactor': .55}}],
        'accessors': [
            {'bufferView': 0, 'componentType': 5126, 'count': len(position), 'type': 'VEC3',
             'min': position.min(0).tolist(), 'max': position.max(0).tolist()},
            {'bufferView': 1, 'componentType': 5126, 'count': len(normal), 'type': 'VEC3'},
            {'bufferView': 2, 'componentType': 5123, 'count': len(index), 'type': 'SCALAR'}],
        'bufferViews': views, 'buffers': [{'byteLength': len(binary)}],
    }
    text = json.dumps(document, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 4)
    size = 12 + 8 + len(text) + 8 + len(binary)
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'assets', 'library')
    with open(os.path.join(folder, 'stand_plinth.glb'), 'wb') as f:
        f.write(struct.pack('<4sII', b'glTF', 2, size))
        f.write(struct.pack('<I4s', len(text), b'JSON') + text)
        f.write(struct.pack('<I4s', len(binary), b'BIN\0') + binary)


if __name__ == '__main__':
    main()

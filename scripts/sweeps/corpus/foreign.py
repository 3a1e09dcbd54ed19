"""Files of other formats beside a sound document: tables, screenplays, models, pictures."""
import json
import struct

from . import models
from .case import SCRIPT, SHOTS, Case, document, production, with_shots
from .texts import ROOT, mutate

# A production that is its script.
SCRIPT_ONLY = """\
production: {title: A, author: A, description: D, script: script.fountain,
  outputs: [{codec: png, path: out/a, resolution: 64x36}]}
"""

CELLS = (",", ";", "\t", '"', '""', '"' * 3, "\n", "\r", "\0", "#", "=cmd|' /C calc'!A0", "TOTAL", "SCENE 2", "1001-",
"x" * 2_000, "sep=;", "|", "#1", "\ufeff", "é", "99999999999999999999", "-1", "${x}")


def table(text):
    return production(with_shots(document()), {"shots.csv": text})


def tables(dice):
    """Shot lists as tables: quotes, widths, lengths, separators, titles."""
    for name, text in {
        "an open quote": SHOTS + '"', "an open quote at the start": '"' + SHOTS,
        "1 MB behind an open quote": SHOTS + '"' + "a,\n" * 400_000, "quotes only": '"' * 100_001,
        "nothing": "", "one title": "Shot\n", "no titles": "\n\n\n", "equal titles": "Shot,Shot,Shot\na,b,c\n",
        "200,000 titles": ",".join(["Lens"] * 200_000) + "\n",
        "100,000 other titles": ",".join(f"t{n}" for n in range(100_000)) + "\n",
        "200,000 cells": SHOTS + "," * 200_000 + "\n",
        "20,000 rows": SHOTS + "".join(f"s{n},establishing_wide,1,pier,{n},{n},24,\n" for n in range(20_000)),
        "20,000 equal rows": SHOTS + "b,establishing_wide,1,pier,1,1,24,\n" * 20_000,
        "20,000 wrong rows": SHOTS + "b,no_such,1,nowhere,x,y,z,\n" * 20_000,
        "20,000 sums": SHOTS + "TOTAL,,48\n" * 20_000, "a cell of 2 MB": SHOTS + "c," + "a" * 2_000_000 + "\n",
        "separators": "sep=,\n" * 100_000, "separator of two": "sep=ab\n" + SHOTS,
        "separator is a quote": 'sep="\n' + SHOTS, "separator is a line end": "sep=\n\n" + SHOTS, "NUL": "\0" * 1000,
        "no end": SHOTS.rstrip("\n"), "a picture": models.png(8, 1), "a ZIP": b"PK\x03\x04" + b"\0" * 100,
        "JSON": '[{"name": "a"}]', "YAML": "shots: []\n",
    }.items():
        yield Case(f"table: {name}", table(text))
    for number in range(250):
        yield Case(f"table: mutation {number}", table(mutate(dice, SHOTS.encode(), CELLS)))
    for number in range(40):
        yield Case(f"table: cut {number}", table(SHOTS.encode()[: dice.randrange(len(SHOTS))]))


MARKS = ("/*", "*/", "[[", "]]", "**", "_", ">", "<", "~", "!", "@", "#", "##", "=", "===", ".", "(", ")", "^", "\n\n",
"INT. ", "EXT. ", " - DAY", "#1#", "#A#", "#" + "9" * 50 + "#", "OMITTED", "MARA\n", "CUT TO:", "Title:", "\t",
"x" * 3_000, "\0", "\ufeff", "\\")


def scripts(dice):
    """Screenplays: comments that never end, thousands of scenes, marks in each other, other formats under the name."""
    example = (ROOT / "examples/short_film/last_light.fountain").read_text(encoding="utf-8")
    for name, text in {
        "an open comment": SCRIPT + "/*", "an open note": SCRIPT + "[[", "100,000 open notes": SCRIPT + "[[" * 100_000,
        "100,000 open comments": "/*" * 100_000, "100,000 stars": "*" * 100_000 + "a" + "*" * 100_000,
        "underlines": "_a" * 100_000,
        "one line of 1 MB": "A" * (1 << 20), "20,000 scenes": "EXT. PIER - DAY\n\nA.\n\n" * 20_000,
        "20,000 numbered scenes": "".join(f"EXT. PIER - DAY #{n}#\n\n" for n in range(20_000)),
        "20,000 scenes of one number": "EXT. PIER - DAY #7#\n\n" * 20_000,
        "20,000 speakers": "".join(f"EXT. PIER - DAY\n\nP{n}\nWords.\n\n" for n in range(20_000)),
        "one speaker 20,000 times": "EXT. PIER - DAY\n\n" + "MARA\nWords.\n\n" * 20_000,
        "200,000 lines": "a\n" * 200_000, "200,000 empty lines": "\n" * 200_000,
        "only a title page": "Title: " + "a\n    " * 50_000, "nothing": "", "spaces": " " * 100_000,
        "RTF": "{\\rtf1\\ansi EXT. PIER}", "PDF": "%PDF-1.4\n", "FDX": "<?xml version='1.0'?><FinalDraft/>",
        "DOCX": b"PK\x03\x04" + b"\0" * 100,
        "numbers beyond any":
            "EXT. A - DAY #99999999999999999999999999999#\n\nEXT. B - DAY\n\nEXT. C - DAY #0#\n\nEXT. D - DAY\n",
        "counted between": "".join(f"EXT. A - DAY #{n}#\n\nEXT. B - DAY\n\n" * 3 for n in range(500)),
        "parentheses": "EXT. PIER - DAY\n\nMARA " + "(" * 50_000 + "\nWords.\n",
    }.items():
        yield Case(f"script: {name}", production(None, {"script.fountain": text}))
        yield Case(f"script alone: {name}", production(SCRIPT_ONLY, {"script.fountain": text}))
    for number in range(200):
        text = mutate(dice, dice.choice([SCRIPT, example]).encode(), MARKS)
        yield Case(f"script: mutation {number}", production(None, {"script.fountain": text}))


HUGE = (-1, 0, 1, 2, 3, 255, 65535, 65536, 1 << 20, (1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 << 32, (1 << 53),
(1 << 63) - 1, 1 << 63, (1 << 64) - 1, 1 << 64, 1.5, -1.5, 1e300, "5", None, [], {}, True)
URIS = (
    "../outside/secret.txt", "/etc/passwd", "file:///etc/passwd", "link/secret.txt", "http://127.0.0.1:1/x.png",
    "data:image/png;base64,", "data:image/png;base64,AAAA", "data:;base64,%%%", "data:",
    "data:application/octet-stream;base64," + "A" * 4_000, "a_pipe", "zero", "..", "", "\0", "a\nb",
    "%2e%2e/outside/secret.txt", "..%2foutside%2fsecret.txt", "~/x", "C:\\x", "x" * 300, "production.yaml", "box.glb",
    ".production/x", "\x1b[31m.png",
)


def paths_in(value, path=()):
    """Yields the path of every value in JSON."""
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths_in(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths_in(inner, (*path, index))


def replaced(path, new):
    """Returns the sound model's JSON with one value replaced."""
    value, _ = models.box_parts()
    if not path:
        return new
    at = value
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = new
    return value


def model_case(name, value, must_refuse=False, binary=None, more=None):
    from .case import Link, Special

    content = value if isinstance(value, bytes) else models.glb(json.dumps(value).encode(),
    models.box_parts()[1] if binary is None else binary)
    files = {"box.glb": content} | ({"link": Link("@"), "a_pipe": Special("pipe"), "zero": Special("zero")} if more
    else {})
    return Case(f"model: {name}", production(None, files), must_refuse)


def shaped(**parts):
    """Returns the sound model's JSON with other parts at its top."""
    return models.box_parts()[0] | parts


def gltf_models(dice):
    """Models: circles of nodes, counts and places past every address, files outside, headers that lie, cuts and flips."""
    sound, binary = models.box_parts()
    everywhere = [path for path in paths_in(sound) if path]
    for number in range(500):
        path, new = dice.choice(everywhere), dice.choice(HUGE)
        yield model_case(f"{'/'.join(map(str, path))} is {new!r}", replaced(path, new))
    chain = [{"children": [n + 1]} for n in range(50_000)] + [{"mesh": 0}]
    node = {"mesh": 0}
    for name, value, refuse in (
        ("a node in itself", shaped(nodes=[{"children": [0], "mesh": 0}]), True),
        ("two nodes in each other", shaped(nodes=[{"children": [1]}, {"children": [0], "mesh": 0}]), True),
        ("a node with two parents", shaped(nodes=[{"children": [1, 1, 1]}, node]), False),
        ("50,000 nodes deep", shaped(nodes=chain), False),
        ("nodes that double", shaped(nodes=[{"children": [n + 1, n + 1]} for n in range(40)] + [node]), False),
        ("200,000 nodes", shaped(nodes=[node] * 200_000, scenes=[{"nodes": list(range(200_000))}]), False),
        ("100,000 materials", shaped(materials=[{}] * 100_000), False),
        ("100,000 clips", shaped(animations=sound["animations"] * 100_000), False),
        ("100,000 parts", shaped(meshes=[{"primitives": sound["meshes"][0]["primitives"] * 100_000}]), False),
        ("a matrix that is no number", shaped(nodes=[{"mesh": 0, "matrix": [1e300] * 16}]), False),
        ("a matrix of zeroes", shaped(nodes=[{"mesh": 0, "matrix": [0] * 16}]), False),
        ("scale of zero", shaped(nodes=[{"mesh": 0, "scale": [0, 0, 0]}]), False),
        ("scale past a float", shaped(nodes=[{"mesh": 0, "scale": [1e38, 1e38, 1e38]}]), False),
        ("rotation of nothing", shaped(nodes=[{"mesh": 0, "rotation": [0, 0, 0, 0]}]), False),
        ("far away", shaped(nodes=[{"mesh": 0, "translation": [1e30, 0, 0]}]), False),
        ("a skin of itself", shaped(skins=[{"joints": [1] * 100_000}]), False),
        ("an extension that is required", shaped(extensionsRequired=["KHR_draco_mesh_compression", "X\x1b[31m"]), True),
        ("extras nested", shaped(extras=json.loads("[" * 500 + "]" * 500)), False),
        ("names of 1 MB", shaped(nodes=[{"mesh": 0, "name": "n" * (1 << 20)}]), False),
        ("names with escapes", shaped(animations=[sound["animations"][0] | {"name": "\x1b[2J\u202e"}]), False),
        ("asset of the future", shaped(asset={"version": "9.9", "minVersion": "9.0"}), True),
        ("no asset", {key: sound[key] for key in sound if key != "asset"}, True),
    ):
        yield model_case(name, value, refuse)
    for uri in URIS:
        out = uri.startswith(("../", "/etc", "link/")) or uri in ("a_pipe", "zero")
        yield model_case(f"picture {uri[:40]!r}", shaped(images=[{"uri": uri}]), out, more=True)
        yield model_case(f"buffer {uri[:40]!r}", shaped(buffers=[{"uri": uri, "byteLength": len(binary)}]), out,
            more=True)
    for name, text in (("deep JSON", b"[" * 200_000), ("no JSON", b"\xff\xfe\0"),
        ("keys twice", b'{"asset": {"version": "2.0"}, "asset": {"version": "1.0"}}'),
        ("number past all", b'{"asset": {"version": "2.0"}, "scene": 1e999}')):
        yield model_case(name, models.glb(text, b""), True)
    raw = models.box_glb()
    for name, at, new in (("length 0", 8, 0), ("length past all", 8, (1 << 32) - 1),
        ("chunk past all", 12, (1 << 32) - 1), ("chunk 0", 12, 0), ("version 1", 4, 1),
        ("version past all", 4, (1 << 32) - 1)):
        yield model_case(name, raw[:at] + struct.pack("<I", new) + raw[at + 4:], True)
    for number in range(60):
        at = dice.randrange(len(raw) - 4)
        yield model_case(f"cut at {at}", raw[:at], True)
    for number in range(250):
        yield model_case(f"mutation {number}", mutate(dice, raw))
    for number in range(150):
        changed = bytearray(raw)
        for _ in range(dice.randint(1, 8)):
            changed[dice.randrange(len(changed) - len(binary) - 8, len(changed))] = dice.randrange(256)
        yield model_case(f"numbers changed {number}", bytes(changed))
    bomb = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0)
    picture = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + bomb + b"\0" * 4
    yield model_case("a picture of 60,000 by 60,000",
        shaped(bufferViews=sound["bufferViews"] + [{"buffer": 0, "byteOffset": len(binary),
        "byteLength": len(picture)}], images=[{"bufferView": len(sound["bufferViews"]), "mimeType": "image/png"}],
        buffers=[{"byteLength": len(binary) + len(picture)}]), False, binary + picture)


def pictures(dice):
    """Pictures that light a place: sizes that lie, cuts, flips, other formats."""
    hdr, exr = models.sky_hdr(), models.light_exr()
    for name, content, refuse in (
        ("60,000 by 60,000", b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 60000 +X 60000\n", True),
        ("4 billion wide", b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 4294967295 +X 4294967295\n", True),
        ("no size", b"#?RADIANCE\n\n-Y 0 +X 0\n", True), ("negative", b"#?RADIANCE\n\n-Y -4 +X -8\n", True),
        ("endless header", b"#?RADIANCE\n" + b"A=" + b"x" * 3_000_000, True),
        ("many lines of header", b"#?RADIANCE\n" + b"A=1\n" * 500_000, True),
        ("runs past the end", b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 8\n\x02\x02\x00\x08" + b"\xff\x01" * 4,
        None), ("text", b"sky", True), ("nothing", b"", True),
        ("PNG", models.png(8, 3), None), ("GIF", b"GIF89a" + b"\0" * 30, None),
    ):
        yield Case(f"HDR: {name}", production(None, {"sky.hdr": content}), bool(refuse))
    for kind, raw, name in (("HDR", hdr, "sky.hdr"), ("EXR", exr, "sky.exr")):
        for number in range(120):
            yield Case(f"{kind}: mutation {number}", production(document(hdri=name), {name: mutate(dice, raw)}))
        for number in range(25):
            yield Case(f"{kind}: cut {number}", production(document(hdri=name),
                {name: raw[: dice.randrange(len(raw))]}), True)
    for number in range(80):
        changed = bytearray(exr)
        for _ in range(dice.randint(1, 4)):
            changed[dice.randrange(8, 320)] = dice.choice([0, 1, 127, 128, 254, 255])
        yield Case(f"EXR: header changed {number}", production(document(hdri="sky.exr"), {"sky.exr": bytes(changed)}))


KINDS = {"tables": tables, "scripts": scripts, "models": gltf_models, "pictures": pictures}

"""A case of the corpus, and the sound production that most cases spoil in one place."""
import dataclasses
import os
import pathlib
import re
import socket

from . import models


@dataclasses.dataclass(frozen=True)
class Link:
    """A symbolic link. `@` at the start of the target is the folder outside of the production."""

    target: str


@dataclasses.dataclass(frozen=True)
class Special:
    """A file that is none: `pipe`, `socket`, `folder`, or `zero`, a device that never ends."""

    kind: str


@dataclasses.dataclass
class Case:
    """A folder to try. `must_refuse` is set if `validate` would be wrong to accept it."""

    name: str
    files: dict
    must_refuse: bool = False


# The word between `@` and `=` names a place of a value; what follows is the sound value.
BASE = """\
production:
  title: @title=Base@
  version: '1.0'
  author: @author=A@
  description: @description=D@
  script: @script=script.fountain@
  style: {preset: @style=cinematic@, contrast: @contrast=medium@, grade: {exposure: @grade_exposure=0.5@, gamma: [@gamma=1@, 1, 1],
    saturation: @saturation=1@, grain: @grain=0@}}
  render_settings: {engine: @engine=previz@, resolution: @resolution=64x36@, frame_rate: @frame_rate=24@, samples: @samples=1@,
    chunk_size: @chunk_size=4@, sensor: @sensor=24.89@}
  budget: {time: @budget_time=800h@, disk: @budget_disk=200GB@}
  characters:
    - name: @character=mara@
      model: @model=box.glb@
      description: @character_description=One@
      wardrobe: {@wardrobe_key=scenes_1_2@: {costume: coat, model: box.glb}}
  props: [{name: @prop=lamp@, model: @prop_model=box.glb@}]
  locations:
    - name: @location=pier@
      preset: studio
      hdri: @hdri=sky.hdr@
      set: @set=box.glb@
      headings: [@heading=EXT. PIER - DAY@]
      exposure: @location_exposure=0@
      key: {azimuth: @key_azimuth=45@, elevation: @key_elevation=40@, temperature: @temperature=5500@, intensity: @intensity=2@}
      haze: {distance: @haze=100@}
  shots:
    - name: @shot=wide@
      template: @template=character_full@
      scene: @scene=1@
      characters: [{name: mara, mark: [@mark=0@, 0, 0], facing: @facing=10@, speed: @speed=0@}]
      props: [{name: lamp, mark: [1, 0, 0]}]
      location: @shot_location=pier@
      duration: @duration=4@
      lens: @lens=35@
      aperture: @aperture=4@
      focus: @focus=3@
      azimuth: @azimuth=10@
      move: {kind: dolly_in, amount: @amount=0.1@, easing: in_out}
    - {name: range, template: insert, scene: 1, props: [lamp], location: pier, frame_range: @frame_range=1001-1004@}
  outputs:
    - {name: @output=film@, codec: png, resolution: @output_resolution=64x36@, frame_rate: @output_rate=24@, path: @path=out/film@}
"""

SCRIPT = """\
Title: Base

EXT. PIER - DAY

Mara waits beside the lamp.

MARA
Nine boats. One way in.
"""

SHOTS = '''\
Shot,Template,Scene,Location,Frame In,Frame Out,Lens,Notes
a,establishing_wide,1,pier,1001,1004,24,
b,establishing_wide,1,pier,1005,1008,50,"she says ""now"""
'''


def document(**values):
    """Returns the sound document with other values in some places, as text."""
    return re.sub(r"@(\w+)=([^@]*)@", lambda found: str(values.pop(found[1], found[2])), BASE)


def slots():
    """Returns every place of a value in the sound document, with its sound value."""
    return dict(re.findall(r"@(\w+)=([^@]*)@", BASE))


def production(text=None, more=None):
    """Returns the files of a production, by path: the sound ones, or others in their place."""
    files = {
        "production.yaml": document() if text is None else text,
        "script.fountain": SCRIPT,
        "box.glb": models.box_glb(),
        "sky.hdr": models.sky_hdr(),
    }
    files.update(more or {})
    return {name: content for name, content in files.items() if content is not None}


def with_shots(text):
    """Returns a document whose shots are in a table beside it."""
    head, rest = text.split("  shots:\n", 1)
    return head + "  shot_list: shots.csv\n" + rest[rest.index("  outputs:\n"):]


def write_case(folder, outside, files):
    """Writes the files of a case into a new folder. In text, `@/` is the folder outside."""
    folder = pathlib.Path(folder)
    folder.mkdir()
    for name, content in files.items():
        path = os.fsencode(folder) + b"/" + (name if isinstance(name, bytes) else os.fsencode(name))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if isinstance(content, Link):
            os.symlink(content.target.replace("@", str(outside), 1), path)
        elif isinstance(content, Special):
            make_special(path, content.kind)
        else:
            if isinstance(content, str):
                content = content.replace("@/", f"{outside}/").encode("utf-8", "surrogatepass")
            with open(path, "wb") as file:
                file.write(content)


def make_special(path, kind):
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        os.mkdir(path)
    elif kind == "socket":
        short = os.open(os.path.dirname(path), os.O_PATH)
        try:
            # The path of a socket has at most 107 bytes, and temporary folders may be deep.
            with socket.socket(socket.AF_UNIX) as server:
                server.bind(f"/proc/self/fd/{short}/" + os.fsdecode(os.path.basename(path)))
        finally:
            os.close(short)
    elif kind == "zero":
        try:
            os.mknod(path, 0o020644, os.makedev(1, 5))
        except PermissionError:
            os.symlink("/dev/zero", path)

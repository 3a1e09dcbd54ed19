#!/bin/sh
# What the EDL adapter of OpenTimelineIO makes of a film that fades in from black.
#
# 1. It refuses the list: `Transitions can't be at the very beginning of a track`. CMX 3600 writes such
#    a fade as an event of two lines, black of no length and the source with its dissolve.
# 2. An event of black that lasts for no frame before it is enough: the list is read, with the fade as
#    a dissolve of the right length.
# 3. A source of black is a clip with the name of the shot beside it, and a generator as its media.
# 4. `* SOURCE FILE` is not read as the file of a clip.
#
# Seen with otio-cmx3600-adapter 1.0.0 and opentimelineio 0.18.1 on Python 3.11. Ends with an error if it
# behaves otherwise. Needs python3 and the network.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check opentimelineio==0.18.1 otio-cmx3600-adapter==1.0.0
cat > look.py <<'PYTHON'
import sys

import opentimelineio as otio

BLACK = "001  BL       V     C        00:00:00:00 00:00:00:00 01:00:00:00 01:00:00:00\n"
FADE = """{black}{number}  BL       V     C        00:00:00:00 00:00:00:00 01:00:00:00 01:00:00:00
{number}  SH010    V     D    012 00:00:41:17 00:00:43:17 01:00:00:00 01:00:02:00
* TO CLIP NAME: sh010
* SOURCE FILE: shots/sh010.mov
003  SH010    V     C        00:00:43:17 00:00:43:17 01:00:02:00 01:00:02:00
003  BL       V     D    008 00:00:00:00 00:00:00:08 01:00:02:00 01:00:02:08
* FROM CLIP NAME: sh010
"""


def read(black, number):
    text = "TITLE: Fade\nFCM: NON-DROP FRAME\n\n" + FADE.format(black=black, number=number)
    return otio.adapters.read_from_string(text, "cmx_3600", rate=24).tracks[0]


try:
    read("", "001")
    refused = ""
except Exception as error:
    refused = str(error)
print(f"a fade in at the start: {refused or 'read'}")
track = read(BLACK, "002")
items = [(type(item).__name__, item.name, item.duration().value) for item in track]
print(f"behind an event of black: {items}")
kinds = [type(track[index].media_reference).__name__ for index in (2, 4)]
print(f"media of the shot and of the black behind it: {kinds}")
expected = [
    "very beginning of a track" in refused,
    [item[0] for item in items] == ["Clip", "Transition", "Clip", "Transition", "Clip"],
    items[1][2] == 12 and items[4][1:] == ("sh010", 8),
    kinds == ["MissingReference", "GeneratorReference"],
]
sys.exit(0 if all(expected) else 1)
PYTHON
venv/bin/python look.py

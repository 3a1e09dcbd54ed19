#!/bin/sh
# What otio-fcpx-xml-adapter makes of times in Final Cut Pro XML.
#
# 1. It loses a frame: seconds are a float, times the rate, without rounding. At 25 frames a second a
#    clip of 29 frames (`29/25s`) has 28. At 24 none of the first 2,000 lengths is wrong.
# 2. 29.97 frames a second (`1001/30000s`) are 29: the rate is made an integer.
# 3. The start of the sequence (`tcStart="3600s"`) is no start: the first track begins with a gap of
#    an hour.
#
# Seen with 1.0.0 and opentimelineio 0.18.1 on Python 3.11. Ends with an error if it behaves otherwise.
# Needs python3 and the network.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check opentimelineio==0.18.1 otio-fcpx-xml-adapter==1.0.0
cat > look.py <<'PYTHON'
import sys

import opentimelineio as otio

XML = """<?xml version="1.0"?><!DOCTYPE fcpxml><fcpxml version="1.8"><resources>
<format id="r1" frameDuration="{frame}" width="16" height="16"/>
<asset id="r2" name="a" src="a.mov" start="0s" duration="{length}" hasVideo="1" format="r1"/></resources>
<project name="p"><sequence format="r1" duration="{length}" tcStart="{start}"><spine>
<asset-clip ref="r2" name="a" offset="{start}" start="0s" duration="{length}"/>
</spine></sequence></project></fcpxml>"""


def read(rate, frames, start="0s"):
    num, den = rate
    text = XML.format(frame=f"{den}/{num}s", length=f"{frames * den}/{num}s", start=start)
    return otio.adapters.read_from_string(text, "fcpx_xml").tracks[0]


def wrong(rate):
    return [n for n in range(1, 2001) if read(rate, n)[0].source_range.duration.value != n]


at_24, at_25 = wrong((24, 1)), wrong((25, 1))
print(f"lengths of 2,000 that are wrong: {len(at_24)} at 24, {len(at_25)} at 25, the first {at_25[:1]}")
rate = read((30000, 1001), 30)[0].source_range.duration.rate
print(f"the rate of 30000/1001 is {rate}")
first = read((24, 1), 48, "3600s")[0]
print(f"a sequence from 01:00:00:00 begins with a {type(first).__name__} of {first.duration().value} frames")
expected = not at_24 and at_25[:1] == [29] and rate == 29 and isinstance(first, otio.schema.Gap)
sys.exit(0 if expected else 1)
PYTHON
venv/bin/python look.py

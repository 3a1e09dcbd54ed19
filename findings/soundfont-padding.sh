#!/bin/sh
# How MuseScore General, a SoundFont with compressed samples, ends its chunk of samples.
#
# RIFF pads a chunk of an odd size with a byte that its size does not count. The chunk `smpl` of this font
# has an odd size and no padding: the list with the tables begins with the next byte. A reader that skips
# the padding, as the format demands, finds `ISTZ` in place of `LIST` and a size of 1.9 GB, and so no
# presets.
#
# Seen with 0.2.1-1 (Debian 12, package musescore-general-soundfont-small). Ends with an error if it
# behaves otherwise. Takes the package from apt.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q musescore-general-soundfont-small
dpkg-deb -f musescore-general-soundfont-small_*.deb Version
dpkg-deb -x musescore-general-soundfont-small_*.deb package
font=$(find package -name '*.sf3' -type f)
python3 - "$font" <<'SCRIPT'
import struct, sys

data = open(sys.argv[1], "rb").read()
# The samples are in the second list, after that with the name of the font.
place = 12 + 8 + struct.unpack("<I", data[16:20])[0]
assert data[place:place + 4] == b"LIST" and data[place + 8:place + 16] == b"sdtasmpl"
start, size = place + 20, struct.unpack("<I", data[place + 16:place + 20])[0]
found = [size % 2, data[start + size:start + size + 4], data[start + size + 1:start + size + 5]]
print("size of smpl: odd" if found[0] else "size of smpl: even")
print("after it:", found[1].decode("ascii", "replace"), "- after a padding byte:", ascii(found[2]))
if found[:2] != [1, b"LIST"]:
    sys.exit("expected an odd size, and LIST after it")
SCRIPT

#!/bin/sh
# How long ffmpeg says that the sound of an MP4 film is.
#
# A film of 25 frames at 30000/1001 lasts 40,040 samples at 48 kHz: 834.17 ms. The clock of the whole
# file counts milliseconds by default, and the edit list of AAC, which hides the samples that its
# encoder begins with, is counted by that clock. So the track is said to last 834 ms, 40,032 samples:
# players that keep to the list cut the last 8 samples, and up to 47 of other films. Sound without an
# edit list, such as FLAC, is exact. With `-movie_timescale 48000` AAC is exact too.
#
# Seen with 7.0.2 (PyPI, imageio-ffmpeg 0.6.0); 5.1 of Debian 12 is alike. Ends with an error if it
# behaves otherwise. Needs python3 with pip, unzip, and the network.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip download --quiet --no-deps --disable-pip-version-check -d wheel imageio-ffmpeg==0.6.0
unzip -qo wheel/*.whl
ffmpeg=$(ls "$folder"/imageio_ffmpeg/binaries/ffmpeg-*)
chmod +x "$ffmpeg"
"$ffmpeg" -version | head -1
head -c $((40040 * 4)) /dev/zero > raw

film() { # OPTIONS: makes film.mp4
  "$ffmpeg" -v error -y -f lavfi -i color=gray:size=64x64:rate=30000/1001 -f s16le -ar 48000 -ac 2 -i raw \
    -map 0:v -map 1:a -frames:v 25 -c:v mpeg4 $1 film.mp4
}
samples() { # prints the length of the sound by the clock of the film, in samples
  python3 - <<'END'
import struct
data = open("film.mp4", "rb").read()
scale = struct.unpack(">I", data[data.index(b"mvhd") + 16:][:4])[0]
track = data[data.rindex(b"tkhd"):]
list_at = track.index(b"elst")
length = struct.unpack(">I", track[list_at + 12:][:4])[0]
print(round(length * 48000 / scale))
END
}
expect() { # WHAT FOUND EXPECTED
  echo "$1: $2"
  [ "$2" = "$3" ] || { echo "expected $3" >&2; exit 1; }
}
film "-c:a aac"
expect "samples of AAC by default" "$(samples)" 40032
film "-c:a aac -movie_timescale 48000"
expect "samples of AAC with -movie_timescale 48000" "$(samples)" 40040

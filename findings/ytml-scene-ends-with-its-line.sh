#!/bin/sh
# How long a scene of ytml-toolkit is when its line is shorter than its frame.
#
# `<frame duration="6s">` with a `<voice start="0.5s" end="6s">` reads as a scene of six seconds, and a line that is longer
# than its frame does hold the last picture. A line that is shorter ends the scene: the step that joins picture and voice
# takes the shorter of the two, so six seconds of picture with a line of two seconds become 2.4 seconds. `end` of the voice
# changes nothing. Five scenes of 30 seconds in all became 22 seconds, and what was animated later was never seen.
#
# A film from it that must fit a slot needs lines that are padded with silence to the length of their scene, less `start`.
#
# Seen with ytml-toolkit 0.4.3 of PyPI and the ffmpeg 7.0.2 of imageio-ffmpeg 0.6.0. Ends with an error if it behaves
# otherwise. Needs python3 with pip, unzip, and the network.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip download --quiet --no-deps --disable-pip-version-check -d wheels ytml-toolkit==0.4.3 imageio-ffmpeg==0.6.0
for wheel in wheels/*.whl; do unzip -qo "$wheel"; done
mkdir bin
cp imageio_ffmpeg/binaries/ffmpeg-* bin/ffmpeg
chmod +x bin/ffmpeg
PATH=$folder/bin:$PATH
ffmpeg -version | head -1

ffmpeg -v error -f lavfi -i testsrc2=s=320x180:r=25:d=6 -pix_fmt yuv420p picture.mp4
ffmpeg -v error -f lavfi -i sine=f=220:d=2 short.mp3
ffmpeg -v error -i short.mp3 -af apad -t 5.5 padded.mp3

trial() { # NAME VOICE END EXPECTED: joins picture and voice, and counts the pictures
  rm -f scene.mp4
  PYTHONPATH=$folder python3 - "$2" "$3" > said 2>&1 <<'PYTHON'
import sys
from ytml.utils.ffmpeg_wizard import FFMpegWizard

times = [{"start": 0.5, "end": float(sys.argv[2])}]
FFMpegWizard.merge_audio_with_timing("picture.mp4", [sys.argv[1]], times, "scene.mp4")
PYTHON
  found=$(ffmpeg -v error -i scene.mp4 -map 0:v -f framecrc - | grep -vc '^#')
  echo "$1: $found pictures of 150"
  [ "$found" -ge "$4" ] && [ "$found" -le "$5" ] || { echo "expected $4 to $5" >&2; cat said >&2; exit 1; }
}
trial "a line of two seconds, end at 2.5 s" short.mp3 2.5 55 65
trial "a line of two seconds, end at 6 s" short.mp3 6 55 65
trial "the line padded with silence to 5.5 s" padded.mp3 6 148 150

#!/bin/sh
# How long the last picture lasts when `setpts` spreads pictures and `fps` fills the gaps.
#
# Four pictures at 25 a second are moved to the frames 0, 4, 8 and 12. One would expect 13 frames: the
# last picture is one frame long. 4.2.2 drops it (12); 7.0.2 and 9.0.2 hold it for as long as the gap
# before it (16). To hold the last picture on purpose, put `tpad=stop=5:stop_mode=clone` between the
# two: 4.2.2 adds 5 frames; in 9.0.2 each clone is as long as the gap before; 7.0.2 adds 3 of the 5,
# and none at all behind `setpts=N`, which changes no time.
#
# What is the same everywhere: to give the last picture once more, for the frame after the end, and to
# cut it off with `trim=end_frame`.
#
# Seen with 4.2.2, 7.0.2 and 9.0.2 (PyPI, imageio-ffmpeg 0.4.8, 0.6.0, 0.8.1); 5.1 of Debian 12 is as
# 9.0.2. Ends with an error if one of them behaves otherwise. Needs python3 with pip, unzip, and the
# network.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for version in 0.4.8 0.6.0 0.8.1; do
  python3 -m pip download --quiet --no-deps --disable-pip-version-check -d $version imageio-ffmpeg==$version
  unzip -qo $version/*.whl -d $version
done
for value in 1 2 3 4; do head -c 16 /dev/zero | tr '\000' "\\00$value"; done > four
head -c 32 four > two

frames() { # FILE FILTERS: prints the number of frames that come out
  bytes=$("$ffmpeg" -v error -f rawvideo -pix_fmt gray -s 4x4 -framerate 25 -i "$1" -vf "$2" -f rawvideo - | wc -c)
  echo $((bytes / 16))
}
expect() { # FILE FILTERS EXPECTED
  found=$(frames "$1" "$2")
  echo "$1 pictures, $2: $found"
  [ "$found" = "$3" ] || { echo "expected $3" >&2; exit 1; }
}
trial() { # VERSION SPREAD CLONED KEPT
  ffmpeg=$(ls "$folder/$1"/imageio_ffmpeg/binaries/ffmpeg-*)
  chmod +x "$ffmpeg"
  "$ffmpeg" -version | head -1
  expect four 'setpts=4*N,fps=25' "$2"
  expect two 'setpts=4*N,tpad=stop=5:stop_mode=clone,fps=25' "$3"
  expect two 'setpts=N,tpad=stop=5:stop_mode=clone,fps=25' "$4"
  expect two 'tpad=stop=5:stop_mode=clone,fps=25' 7
  expect four 'setpts=4*N,fps=25,trim=end_frame=12' 12
}
trial 0.4.8 12 7 7
trial 0.6.0 16 8 2
trial 0.8.1 16 13 7

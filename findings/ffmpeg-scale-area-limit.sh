#!/bin/sh
# How far ffmpeg's `scale` shrinks a picture before the means that it takes are of other pixels.
#
# `flags=area` promises the mean of the pixels that become one. A picture of 16384 grey values that rise from 0 to 255,
# shrunk to 128 values, is 1, 3, 5 ... 255, as it should be. Shrunk to 64 values and fewer, its ends are 0 and 255 and
# everything between them is moved outwards: eight values are 0, 37, 74 ... 255 in place of 16, 48, 80 ... 240. A filter of
# the scaler has at most 256 taps, and the rest is cut off without a word: the exit code is 0, and nothing is printed at
# the level of warnings. `bilinear`, `bicubic` and `lanczos` do the same; `neighbor` takes no means and is right.
#
# So thumbnails, scopes and comparisons of very wide or very high pictures (panoramas, slit scans, LED walls) are of
# another picture. To shrink in two steps of at most 128 avoids it.
#
# Seen with 7.0.2 (PyPI, imageio-ffmpeg 0.6.0); 5.1 of Debian 12 is the same. Ends with an error if it behaves
# otherwise. Needs python3 with pip, unzip, and the network.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip download --quiet --no-deps --disable-pip-version-check -d wheel imageio-ffmpeg==0.6.0
unzip -qo wheel/*.whl
ffmpeg=$(ls "$folder"/imageio_ffmpeg/binaries/ffmpeg-*)
chmod +x "$ffmpeg"
"$ffmpeg" -version | head -1

values() { # FILTER COUNT: prints the first row of the ramp behind the filter
  "$ffmpeg" -v warning -f lavfi -i "color=c=black:s=16384x2,format=gray,geq=lum='floor(X/64)'" \
    -vf "$1,setsar=1,format=gray" -frames:v 1 -f rawvideo - 2>warnings | head -c "$2" | od -An -tu1 -w"$2" | xargs
  [ ! -s warnings ] || { cat warnings >&2; exit 1; }
}
trial() { # NAME EXPECTED FOUND
  echo "$1: $3"
  [ "$3" = "$2" ] || { echo "expected $2" >&2; exit 1; }
}
whole=$(values "scale=128x2:flags=area" 128)
trial "128 values, first and last" "1 255" "${whole%% *} ${whole##* }"
trial "8 values by area" "0 37 74 111 148 186 223 255" "$(values "scale=8x2:flags=area" 8)"
trial "8 values by neighbor" "16 48 80 112 144 176 208 240" "$(values "scale=8x2:flags=neighbor" 8)"
trial "8 values in two steps" "16 48 80 112 144 176 208 240" "$(values "scale=128x2:flags=area,scale=8x2:flags=area" 8)"

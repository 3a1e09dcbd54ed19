#!/bin/sh
# What ffmpeg makes of FFV1 with more slices than a small picture has room for.
#
# FFV1 is without loss. Encoded with `-level 3 -slices 16`, a picture of 4x4 pixels of RGB with 16 bits
# comes back as another one, and neither the encoder nor the decoder reports anything: both end with 0.
# With 8x8 and more pixels every value is the same.
#
# Seen with 7.0.2 (PyPI, imageio-ffmpeg 0.6.0); 5.1 of Debian 12 is the same. Ends with an error if it
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

trial() { # SIDE WORD: encodes and decodes noise of SIDE x SIDE pixels
  python3 -c "import random, sys
random.seed(7); sys.stdout.buffer.write(random.randbytes($1 * $1 * 6))" > raw
  "$ffmpeg" -v error -y -f rawvideo -pix_fmt rgb48le -s "$1x$1" -i raw -c:v ffv1 -level 3 -coder 1 -slices 16 \
    -slicecrc 1 -pix_fmt gbrp16le film.mov
  "$ffmpeg" -v error -y -i film.mov -pix_fmt rgb48le -f rawvideo back
  found=differs
  cmp -s raw back && found=same
  echo "$1x$1: $found"
  [ "$found" = "$2" ] || { echo "expected $2" >&2; exit 1; }
}
trial 4 differs
trial 8 same
trial 16 same

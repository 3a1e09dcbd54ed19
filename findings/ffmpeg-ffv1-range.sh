#!/bin/sh
# What becomes of the colour range of FFV1 on its way through QuickTime.
#
# FFV1 does not say in its stream whether values are limited or full. Matroska says it for the track; the `colr` atom
# that ffmpeg writes into QuickTime has no place for it. So a film that is encoded into .mov with `-color_range tv` and
# copied into .mkv has no range there, although both steps end with 0 and the rest of the colour tags arrives. With
# `-color_range tv` at the copy too, the range is there: the option works without an encoder.
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

tags() { # FILE: prints what ffmpeg says of its pixels
  "$ffmpeg" -hide_banner -i "$1" 2>&1 | sed -n 's/.*Video: ffv1[^,]*, \(yuv422p10le([^)]*)\).*/\1/p'
}
trial() { # FILE WORD: whether the tags begin with the range
  found=none
  case $(tags "$1") in "yuv422p10le(tv, bt709"*) found=tv ;; esac
  echo "$1: $(tags "$1") -> $found"
  [ "$found" = "$2" ] || { echo "expected $2" >&2; exit 1; }
}
for file in direct.mkv direct.mov; do
  "$ffmpeg" -v error -f lavfi -i testsrc2=size=64x48:rate=24:duration=0.2 \
    -vf "scale=out_range=tv:out_color_matrix=bt709,format=yuv422p10le" -c:v ffv1 -level 3 \
    -color_range tv -colorspace bt709 -color_primaries bt709 -color_trc bt709 "$file"
done
"$ffmpeg" -v error -i direct.mov -c copy copied.mkv
"$ffmpeg" -v error -i direct.mov -c copy -color_range tv told.mkv
trial direct.mkv tv
trial direct.mov none
trial copied.mkv none
trial told.mkv tv

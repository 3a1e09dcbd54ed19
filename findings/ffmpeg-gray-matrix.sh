#!/usr/bin/env bash
# ffmpeg: `scale=out_color_matrix=bt709,format=gray` does not give the luma of BT.709 any more.
#
# A red film of BT.709 has the luma 0.2126, which is 54 of 255. Versions 4 and 5 give it for every film. Version 7 takes the
# matrix of BT.601 (76 of 255) for films of RGB, and version 9 for films of YUV too, though their luma could be copied. The
# option `out_color_matrix` says nothing about it. A conversion to yuv444p, of which one plane is taken, obeys it in all.
#
# Versions: ffmpeg 4.2.2, 7.0.2 and 9.0.2 in imageio-ffmpeg 0.4.9, 0.6.0 and 0.8.1 of PyPI.
# Seen: 4.2.2 gives 55 and 54, 7.0.2 gives 55 and 76, 9.0.2 gives 76 and 76; by the plane of luma, all give 55 and 54.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

grey() { # PROGRAM FILM FILTER: prints the first grey value
    "$1" -nostdin -v error -i "$2" -map 0:v:0 -frames:v 1 -vf "$3" -pix_fmt gray -f rawvideo - | od -An -tu1 -N1 | tr -d ' \n'
}

failed=0
check() { # WHAT FOUND EXPECTED
    printf '%-44s %s\n' "$1" "$2"
    [ "$2" = "$3" ] || { echo "expected $3" >&2; failed=1; }
}

for pair in "0.4.9 55,54" "0.6.0 55,76" "0.8.1 76,76"; do
    read -r package gray <<<"$pair"
    python3 -m venv "venv-$package"
    "venv-$package/bin/pip" install --quiet --disable-pip-version-check --no-deps "imageio-ffmpeg==$package"
    program=$(find "venv-$package" -name 'ffmpeg-*' -type f | head -n 1)
    chmod +x "$program"
    version=$("$program" -version | sed -n '1s/^ffmpeg version n\?\([0-9.]*\).*/\1/p')
    red=(-nostdin -v error -y -f lavfi -i "color=red:s=64x36:r=24:d=1,format=gbrp")
    "$program" "${red[@]}" -vf scale=out_color_matrix=bt709:out_range=tv,format=yuv420p -c:v libx264 -crf 1 \
        -colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv yuv.mp4
    "$program" "${red[@]}" -c:v ffv1 -pix_fmt gbrp rgb.mkv
    both() { printf '%s,%s' "$(grey "$program" yuv.mp4 "$1")" "$(grey "$program" rgb.mkv "$1")"; }
    check "ffmpeg $version, format=gray" "$(both scale=out_color_matrix=bt709:out_range=pc,format=gray)" "$gray"
    check "ffmpeg $version, the plane of luma" "$(both scale=out_color_matrix=bt709:out_range=pc,format=yuv444p,extractplanes=y)" 55,54
done
exit "$failed"

#!/bin/sh
# What ffmpeg makes of frame rates that it does not know, and of the last picture of a slow film.
#
# 1. A raw stream with `-framerate 120000/1001` is encoded at 120, and 240000/1001 at 240: ffmpeg
#    replaces a rate within 1 % of one in its list. Of 3,000 frames it makes 3,003. With `-r` for the
#    output all is exact. 24000/1001 and 60000/1001 are in the list and need no `-r`. Versions 8 and 9
#    take the rate as it is.
# 2. From version 8, `settb=1/25,setpts=N -r 25` holds the last picture for as long as it lasted in
#    the film: 24 pictures of a film at 12 a second come out as 25. With `settb=1/1,setpts=N -r 1`
#    they are 24.
#
# Seen with 4.2.2 (PyPI, imageio-ffmpeg 0.4.8) and 9.0.2 (imageio-ffmpeg 0.8.1); 5.1 of Debian 12 is as
# the former, 8.0 as the latter. Ends with an error if one of them behaves otherwise. Needs python3
# with pip, unzip, and the network.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for version in 0.4.8 0.8.1; do
  python3 -m pip download --quiet --no-deps --disable-pip-version-check -d $version imageio-ffmpeg==$version
  unzip -qo $version/*.whl -d $version
done
head -c $((16 * 16 * 3000)) /dev/zero > raw

encode() { # RATE OPTIONS: prints the number of frames in the film
  "$ffmpeg" -v error -y -f rawvideo -pix_fmt gray -s 16x16 -framerate "$1" -i raw -c:v mpeg4 $2 film.mp4
  "$ffmpeg" -v info -i film.mp4 -c copy -f null - 2>&1 | tr '\r' '\n' | sed -n 's/.*frame= *\([0-9]*\).*/\1/p' | tail -1
}
slow() { # TICKS: prints the number of pictures that 24 frames at 12 a second become
  "$ffmpeg" -v error -y -f rawvideo -pix_fmt gray -s 16x16 -framerate 12 -i raw -frames:v 24 -c:v mpeg4 slow.mp4
  bytes=$("$ffmpeg" -v error -i slow.mp4 -vf "scale=4:4,format=gray,settb=1/$1,setpts=N" -r "$1" -f rawvideo - | wc -c)
  echo $((bytes / 16))
}
expect() { # WHAT FOUND EXPECTED
  echo "$1: $2"
  [ "$2" = "$3" ] || { echo "expected $3" >&2; exit 1; }
}
trial() { # VERSION FRAMES PICTURES: what is made of 3,000 frames at 120000/1001, and of 24 at 12
  ffmpeg=$(ls "$folder/$1"/imageio_ffmpeg/binaries/ffmpeg-*)
  chmod +x "$ffmpeg"
  "$ffmpeg" -version | head -1
  expect '3000 frames at 120000/1001 are' "$(encode 120000/1001 '')" "$2"
  expect '3000 frames at 240000/1001 are' "$(encode 240000/1001 '')" "$2"
  expect '3000 frames at 120000/1001 with -r are' "$(encode 120000/1001 '-r 120000/1001')" 3000
  expect '3000 frames at 60000/1001 are' "$(encode 60000/1001 '')" 3000
  expect '24 slow pictures at 25 a second are' "$(slow 25)" "$3"
  expect '24 slow pictures at 1 a second are' "$(slow 1)" 24
}
trial 0.4.8 3003 24
trial 0.8.1 3000 25

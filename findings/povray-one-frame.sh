#!/bin/sh
# What POV-Ray makes of an animation of one frame, as a renderer of chunks asks for it.
#
# `+KFI4 +KFF4` gives the clock NaN, whatever `+KI` and `+KF` say: POV-Ray divides by the length of the
# range. `+KFI1 +KFF1` is no animation to it, so that the picture gets no number. A longer range of
# which one frame is drawn (`+SF4 +EF4`) has the right clock and name. The exit code is always 0.
#
# Seen with 3.7.0.10 (Debian 12, package povray). Ends with an error if it behaves otherwise. Takes the
# package from apt if it is not installed; its libraries must be there.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
povray=$(command -v povray || true)
if [ -z "$povray" ]; then
  apt-get download -q povray
  dpkg-deb -x povray_*.deb package
  povray=$folder/package/usr/bin/povray
fi
"$povray" --version 2>&1 | sed -n 's/^POV-Ray \([0-9.]*\).*/POV-Ray \1/p' | head -1
cat > scene.pov <<'SCENE'
#debug concat("clock ", str(clock, 0, 1), "\n")
camera { location -3*z }
SCENE
call() { "$povray" +Iscene.pov +Oframe.png +W8 +H8 -D "$@" 2>&1; }
clock() { call "$@" | sed -n 's/^clock //p'; }
expect() { # WHAT FOUND EXPECTED
  echo "$1: $2"
  [ "$2" = "$3" ] || { echo "expected $3" >&2; exit 1; }
}
expect 'clock of +KFI4 +KFF4 +KI4 +KF4' "$(clock +KFI4 +KFF4 +KI4 +KF4)" -nan
expect 'clock of +KFI3 +KFF4 +SF4 +EF4 +KI4 +KF4' "$(clock +KFI3 +KFF4 +SF4 +EF4 +KI4 +KF4)" 4.0
rm -f frame*.png
call +KFI1 +KFF1 >/dev/null
expect 'picture of +KFI1 +KFF1' "$(ls frame*.png)" frame.png
rm -f frame*.png
call +KFI0 +KFF1 +SF1 +EF1 >/dev/null
expect 'picture of +KFI0 +KFF1 +SF1 +EF1' "$(ls frame*.png)" frame1.png

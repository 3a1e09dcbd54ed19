#!/bin/sh
# What espeak-ng leaves behind when it only lists its voices or writes a file.
#
# It opens its sound output at every start, also for `--version`, `--voices` and `-w`, where nothing
# is played. On Debian the output is PulseAudio's library. That makes a folder `.config/pulse` in the home and
# `pulse-*` in the temporary folder, whether or not a server runs. With PULSE_SERVER set to an address that nobody
# can answer, such as `unix:/dev/null`, it makes neither, and the file has the same bytes.
#
# Seen with 1.51 (Debian 12). Ends with an error if it behaves otherwise. Needs apt-get, dpkg-deb, and the network.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -q download espeak-ng=1.51+dfsg-10+deb12u2 espeak-ng-data=1.51+dfsg-10+deb12u2 \
  libespeak-ng1=1.51+dfsg-10+deb12u2 libpcaudio0 libsonic0 libpulse0 libasyncns0 libdbus-1-3 libsndfile1 \
  libflac12 libogg0 libvorbis0a libvorbisenc2 libopus0 libmp3lame0 libmpg123-0 libasound2 libx11-xcb1 >/dev/null
for package in *.deb; do dpkg-deb -x "$package" root; done
libraries=$(find "$folder/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
data=$(find "$folder/root/usr/lib" -type d -name espeak-ng-data)
expect() { # WHAT FOUND EXPECTED
  echo "$1: $2"
  [ "$2" = "$3" ] || { echo "expected $3" >&2; exit 1; }
}
left() { # VARIABLE=VALUE... -- OPTIONS...: calls espeak-ng in an empty home; prints whether it left folders
  rm -rf home tmp && mkdir home tmp
  variables=
  while [ "$1" != -- ]; do variables="$variables $1" && shift; done
  shift
  # shellcheck disable=SC2086 # no value has a space
  env -i PATH="$PATH" HOME="$folder/home" TMPDIR="$folder/tmp" LD_LIBRARY_PATH="$libraries" ESPEAK_DATA_PATH="$data" \
    $variables "$folder/root/usr/bin/espeak-ng" "$@" >/dev/null 2>&1
  [ -n "$(find home tmp -name '*pulse*')" ] && echo yes || echo no
}
expect 'folders after --version' "$(left -- --version)" yes
expect 'folders after --voices' "$(left -- --voices)" yes
expect 'folders after -w' "$(left -- -w plain.wav hello)" yes
expect 'folders after --voices, no server' "$(left PULSE_SERVER=unix:/dev/null -- --voices)" no
expect 'folders after -w, no server' "$(left PULSE_SERVER=unix:/dev/null -- -w quiet.wav hello)" no
cmp plain.wav quiet.wav

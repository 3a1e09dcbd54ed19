#!/bin/sh
# What espeak-ng makes of a voice that it does not have, of plain text, and of its pitch.
#
# 1. `-v en-us+nobody`, a variant that is not there, is no error: it speaks with the plain voice and
#    exits with 0. An unknown language is an error (exit 1).
# 2. `[[h@l@U]]` in a text is read as phonemes and says "hello", also without `-m`, which alone is
#    said to turn markup on. With a space between the brackets it is read as it is written.
# 3. `-p` from 0 to 99 with 50 in the middle is no octave down and up: it is about 6.5 semitones down
#    and 8.6 up, in a curve.
#
# Seen with 1.51 (Debian 12). Ends with an error if it behaves otherwise. Needs apt-get, dpkg-deb,
# python3, and the network.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -q download espeak-ng=1.51+dfsg-10+deb12u2 espeak-ng-data=1.51+dfsg-10+deb12u2 \
  libespeak-ng1=1.51+dfsg-10+deb12u2 libpcaudio0 libsonic0 >/dev/null
for package in *.deb; do dpkg-deb -x "$package" root; done
libraries=$(dirname "$(find "$folder/root" -name 'libespeak-ng.so.1')")
data=$(find "$folder/root/usr/lib" -type d -name espeak-ng-data)
export LD_LIBRARY_PATH="$libraries" ESPEAK_DATA_PATH="$data"
speak() { # OUT OPTIONS...
  out=$1
  shift
  "$folder/root/usr/bin/espeak-ng" -w "$out" "$@" 2>/dev/null
}
expect() { # WHAT FOUND EXPECTED
  echo "$1: $2"
  [ "$2" = "$3" ] || { echo "expected $3" >&2; exit 1; }
}
code() { "$@" && echo 0 || echo $?; }
same() { cmp -s "$1" "$2" && echo yes || echo no; }
root/usr/bin/espeak-ng --version

expect 'exit code of an unknown variant' "$(code speak variant.wav -v en-us+nobody 'hello there')" 0
speak plain.wav -v en-us 'hello there'
speak other.wav -v en-us+f3 'hello there'
expect 'an unknown variant is the plain voice' "$(same variant.wav plain.wav)" yes
expect 'a known variant is the plain voice' "$(same other.wav plain.wav)" no
expect 'exit code of an unknown language' "$(code speak none.wav -v xx-yy 'hello there')" 1

printf '[[h@l@U]]\n' > phonemes.txt
printf '[ [h@l@U] ]\n' > text.txt
speak phonemes.wav -v en-us -f phonemes.txt
speak text.wav -v en-us -f text.txt
size() { wc -c < "$1" | tr -d ' '; }
longer=$([ "$(size text.wav)" -gt $((2 * $(size phonemes.wav))) ] && echo yes || echo no)
expect 'with a space the same signs take twice as long' "$longer" yes

for pitch in 0 50 99; do speak pitch$pitch.wav -v en-us -p $pitch 'All our yellow umbrellas roll away in a mellow rainy lull.'; done
semitones() { # PITCH: prints the semitones above that of 50, rounded
  python3 - "$1" <<'PYTHON'
import array, math, sys, wave
def pitch(name):
    file = wave.open(name)
    samples = array.array('h', file.readframes(file.getnframes()))
    rate, window, found = file.getframerate(), 882, []
    for start in range(0, len(samples) - window, window):
        part = samples[start:start + window]
        power = sum(sample * sample for sample in part)
        if power / window < 1e6:
            continue
        alike = {lag: sum(a * b for a, b in zip(part, part[lag:])) for lag in range(rate // 400, rate // 60)}
        lag = max(alike, key=alike.get)
        if alike[lag] > power / 2:
            found.append(rate / lag)
    return sorted(found)[len(found) // 2]
print(round(12 * math.log2(pitch(f'pitch{sys.argv[1]}.wav') / pitch('pitch50.wav'))))
PYTHON
}
expect 'semitones of -p 0' "$(semitones 0)" -6
expect 'semitones of -p 99' "$(semitones 99)" 9

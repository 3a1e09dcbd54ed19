#!/bin/sh
# What the `stl_io` crate of Rust makes of a binary STL file whose header begins with `solid`.
#
# A binary STL has 80 bytes of any text before the number of its triangles. Exporters write their name there, and some
# begin it with `solid` and a name, as a text STL begins. The length of the file tells the two apart: 84 bytes and 50 for
# each triangle. `numpy-stl` reads such a file. `stl_io` looks at the first line: where it ends within the header, it
# takes the file for text, and fails. Where it does not, the file is read.
#
# A reader must compare the length first, and give the crate a header without the word.
#
# Seen with stl_io 0.11.0 (crates.io) and numpy-stl 3.2.0 (PyPI). Ends with an error if they behave otherwise. Needs cargo,
# python3 with venv, and the network.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cargo init --quiet --vcs none --name trial --edition 2021
cargo add --quiet "stl_io@=0.11.0"
cat > src/main.rs <<'RUST'
fn main() {
    for name in std::env::args().skip(1) {
        let mut file = std::fs::File::open(&name).unwrap();
        match stl_io::read_stl(&mut file) {
            Ok(mesh) => println!("{name}: {} triangles", mesh.faces.len()),
            Err(error) => println!("{name}: refused ({error})"),
        }
    }
}
RUST
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check numpy-stl==3.2.0
cat > write.py <<'PY'
import struct
for name, header in (("plain.stl", b"solid exported by a program"), ("solid.stl", b"solid exported by a program\n")):
    with open(name, "wb") as file:
        file.write(header.ljust(80, b" "))
        file.write(struct.pack("<I12fH", 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0))
PY
cat > read.py <<'PY'
from stl import mesh
for name in ("plain.stl", "solid.stl"):
    print(f"{name}: {len(mesh.Mesh.from_file(name).vectors)} triangles by numpy-stl")
PY
python3 write.py
env/bin/python read.py | tee theirs
grep -q "solid.stl: 1 triangles" theirs
cargo run --quiet -- plain.stl solid.stl | tee found
grep -q "plain.stl: 1 triangles" found
grep -q "solid.stl: refused" found || { echo "solid.stl is read now" >&2; exit 1; }

#!/bin/sh
# Which map of an MTL file the `tobj` crate of Rust calls the normal map.
#
# In MTL, `bump` and `map_Bump` name a picture of heights; `norm` is the extension for normal maps that exporters of today
# write. three.js keeps them apart. `tobj` puts the picture of heights into `normal_texture`, and `norm` among the unknown
# parameters. Read as normals, a grey picture of heights turns every surface aside. Options such as `-bm 0.2` stay part of
# the name of the picture.
#
# Seen with tobj 4.0.5 (crates.io) and three 0.185.1 (npm). Ends with an error if they behave otherwise. Needs cargo, node
# with npm, and the network.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cargo init --quiet --vcs none --name trial --edition 2021
cargo add --quiet "tobj@=4.0.5"
cat > src/main.rs <<'RUST'
fn main() {
    let text = std::fs::read("surface.mtl").unwrap();
    let (materials, _) = tobj::load_mtl_buf(&mut text.as_slice()).unwrap();
    for material in materials {
        let normal = material.normal_texture.unwrap_or_else(|| "none".to_owned());
        let unknown: Vec<_> = material.unknown_param.iter().collect();
        println!("{}: normal_texture {normal}, unknown {unknown:?}", material.name);
    }
}
RUST
cat > surface.mtl <<'MTL'
newmtl heights
map_Bump heights.png
newmtl options
map_Bump -bm 0.2 heights.png
newmtl normals
norm normals.png
MTL
npm install --silent --no-fund --no-audit three@0.185.1 >/dev/null
cat > read.mjs <<'JS'
import { readFileSync } from "fs";
import { MTLLoader } from "three/examples/jsm/loaders/MTLLoader.js";
const loader = new MTLLoader();
const creator = loader.parse(readFileSync("surface.mtl", "utf8"), "");
// Pictures are not loaded; only the slot into which each would go is of interest.
creator.loadTexture = () => ({ repeat: { copy() {} }, offset: { copy() {} } });
for (const name of ["heights", "options", "normals"]) {
  const material = creator.create(name);
  console.log(`${name}: bumpMap ${!!material.bumpMap}, normalMap ${!!material.normalMap}`);
}
JS
node read.mjs | tee theirs
grep -q "heights: bumpMap true, normalMap false" theirs
grep -q "normals: bumpMap false, normalMap true" theirs
cargo run --quiet | tee found
grep -q "heights: normal_texture heights.png" found
grep -q "options: normal_texture -bm 0.2 heights.png" found
grep -q 'normals: normal_texture none, unknown \[("norm", "normals.png")\]' found

#!/bin/sh
# What the `gltf` crate of Rust refuses of files that the format's own validator calls right.
#
# glTF 2.0 lets an animation channel leave out `target.node` (an extension says what moves), and a texture leave out
# `source` (an extension brings the picture). Both come from today's exporters: the first with KHR_animation_pointer, the
# second with KHR_texture_basisu and EXT_texture_webp. The Khronos validator finds no error in them. The crate cannot even
# parse the first, and refuses the second in its validation, so every other animation and every other texture of the file
# is lost too. It also refuses a whole file that requires an extension which it does not implement, also where a preview
# could draw everything without it (KHR_materials_variants: the materials of the meshes themselves are the default).
#
# A reader that must draw what people have parses the document with records of its own, all of whose fields are optional
# where the format has them so, and names what it leaves out.
#
# Seen with gltf 1.4.1 (crates.io) and gltf-validator 2.0.0-dev.3.10 (npm). Ends with an error if they behave otherwise.
# Needs cargo, node with npm, and the network.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir models
geometry='"buffers":[{"byteLength":36,"uri":"data:application/octet-stream;base64,AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAA"}],"bufferViews":[{"buffer":0,"byteLength":36}],"accessors":[{"bufferView":0,"componentType":5126,"count":3,"type":"VEC3","min":[0,0,0],"max":[1,1,0]}]'
mesh='"meshes":[{"primitives":[{"attributes":{"POSITION":0}}]}],"nodes":[{"mesh":0}],"scenes":[{"nodes":[0]}],"scene":0'
echo "{\"asset\":{\"version\":\"2.0\"},$geometry,$mesh}" > models/plain.gltf
times='"buffers":[{"byteLength":36,"uri":"data:application/octet-stream;base64,AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAA"},{"byteLength":16,"uri":"data:application/octet-stream;base64,AAAAAAAAgD8AAAAAAACAPw=="}],"bufferViews":[{"buffer":0,"byteLength":36},{"buffer":1,"byteLength":8},{"buffer":1,"byteOffset":8,"byteLength":8}],"accessors":[{"bufferView":0,"componentType":5126,"count":3,"type":"VEC3","min":[0,0,0],"max":[1,1,0]},{"bufferView":1,"componentType":5126,"count":2,"type":"SCALAR","min":[0],"max":[1]},{"bufferView":2,"componentType":5126,"count":2,"type":"SCALAR"}]'
echo "{\"asset\":{\"version\":\"2.0\"},\"extensionsUsed\":[\"KHR_animation_pointer\"],$times,$mesh,\"materials\":[{}],\"animations\":[{\"channels\":[{\"sampler\":0,\"target\":{\"path\":\"pointer\",\"extensions\":{\"KHR_animation_pointer\":{\"pointer\":\"/materials/0/pbrMetallicRoughness/metallicFactor\"}}}}],\"samplers\":[{\"input\":1,\"output\":2}]}]}" > models/channel-without-node.gltf
echo "{\"asset\":{\"version\":\"2.0\"},$geometry,$mesh,\"textures\":[{}],\"materials\":[{\"pbrMetallicRoughness\":{\"baseColorTexture\":{\"index\":0,\"texCoord\":0}}}]}" > models/texture-without-source.gltf
echo "{\"asset\":{\"version\":\"2.0\"},\"extensionsUsed\":[\"KHR_materials_variants\"],\"extensionsRequired\":[\"KHR_materials_variants\"],\"extensions\":{\"KHR_materials_variants\":{\"variants\":[{\"name\":\"red\"}]}},$geometry,\"materials\":[{}],\"meshes\":[{\"primitives\":[{\"attributes\":{\"POSITION\":0},\"material\":0,\"extensions\":{\"KHR_materials_variants\":{\"mappings\":[{\"material\":0,\"variants\":[0]}]}}}]}],\"nodes\":[{\"mesh\":0}],\"scenes\":[{\"nodes\":[0]}],\"scene\":0}" > models/variants-required.gltf

cargo init --quiet --vcs none --name trial --edition 2021
cargo add --quiet "gltf@=1.4.1"
cat > src/main.rs <<'RUST'
fn main() {
    for name in std::env::args().skip(1) {
        let bytes = std::fs::read(&name).unwrap();
        match gltf::Gltf::from_slice(&bytes) {
            Ok(_) => println!("{name}: read"),
            Err(error) => println!("{name}: refused ({error})"),
        }
    }
}
RUST
npm install --silent --no-fund --no-audit gltf-validator@2.0.0-dev.3.10 >/dev/null
cat > validate.js <<'JS'
const validator = require("gltf-validator"), fs = require("fs");
(async () => {
  for (const name of process.argv.slice(2)) {
    const report = await validator.validateBytes(new Uint8Array(fs.readFileSync(name)));
    const errors = report.issues.messages.filter((message) => message.severity === 0);
    console.log(`${name}: ${errors.length} errors by the validator`);
    if (errors.length) { console.log(errors); process.exitCode = 1; }
  }
})();
JS
node validate.js models/*.gltf
cargo run --quiet -- models/plain.gltf models/channel-without-node.gltf models/texture-without-source.gltf models/variants-required.gltf > found
cat found
grep -q "plain.gltf: read" found
for name in channel-without-node texture-without-source variants-required; do
  grep -q "$name.gltf: refused" found || { echo "$name is read now" >&2; exit 1; }
done

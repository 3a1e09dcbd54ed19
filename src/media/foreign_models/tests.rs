//! Tests of models of other formats, through the reader that every caller uses.

use crate::media::gltf::{GltfModel, model_facts, model_file_references, pack_glb};
use crate::model::ModelMend;
use crate::model::model_format::ModelFormat;
use crate::model::model_mend::UpAxis;
use glam::Vec3;
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder with one model.
struct ModelFolder {
    folder: TempDir,
    name: &'static str,
}

impl ModelFolder {
    fn with(name: &'static str, bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), bytes).unwrap();
        Self { folder, name }
    }

    fn add(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.folder.path().join(name), bytes).unwrap();
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join(self.name)
    }

    fn load(&self) -> GltfModel {
        GltfModel::load(&self.path()).unwrap()
    }

    fn error(&self) -> String {
        GltfModel::load(&self.path()).unwrap_err().to_string()
    }

    /// Returns the model as it is imported.
    fn imported(&self, mend: &ModelMend) -> GltfModel {
        let format = ModelFormat::from_path(Path::new(self.name)).unwrap();
        let bytes = pack_glb(&self.path(), format, mend).unwrap();
        GltfModel::from_bytes(&bytes, Path::new("asset")).unwrap()
    }
}

fn size(model: &GltfModel) -> Vec3 {
    model.bounds_in_pose(&model.rest_pose()).size()
}

const SQUARE: &str = "\
mtllib paint.mtl
o card
v 0 0 0
v 2 0 0
v 2 1 0
v 0 1 0
vt 0 0
vt 1 0
vt 1 1
vt 0 1
usemtl red
f 1/1 2/2 3/3 4/4
l 1 2
";
const PAINT: &str = "\
newmtl red
Kd 0.5 0.1 0.1
Ke 0.2 0 0
Ns 98
d 0.5
map_Kd -s 1 1 1 C:\\Users\\ada\\red.png
map_Bump heights.png
";

fn red_png() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbaImage::from_pixel(2, 2, image::Rgba([255, 0, 0, 255]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

#[test]
fn an_obj_has_the_materials_and_pictures_of_its_mtl() {
    let folder = ModelFolder::with("card.obj", SQUARE.as_bytes());
    folder.add("paint.mtl", PAINT.as_bytes());
    folder.add("red.png", &red_png());
    let model = folder.load();
    assert_eq!(model.triangle_count(), 2);
    let part = &model.meshes[0].primitives[0];
    assert_eq!(model.nodes[0].name, "card");
    // Pictures begin at the top.
    let lowest = part
        .positions
        .iter()
        .position(|place| *place == [0.0, 0.0, 0.0]);
    assert_eq!(part.uvs[lowest.unwrap()], [0.0, 1.0]);
    let material = &model.materials[part.material];
    assert_eq!(material.name, "red");
    assert_eq!(material.base_colour, [0.5, 0.1, 0.1, 0.5]);
    assert!((material.roughness - 0.02_f32.sqrt()).abs() < 1e-6);
    assert_eq!(material.emissive, [0.2, 0.0, 0.0]);
    assert!(material.double_sided && material.base_colour_map.is_some());
    assert_eq!(
        model.warnings,
        ["a height map (`bump`) of an OBJ file is left out"]
    );
    // The imported model has its picture inside, and what it refers to is an input.
    assert_eq!(folder.imported(&ModelMend::default()).images[0].width, 2);
    let names: Vec<String> = model_file_references(&folder.path())
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names, ["paint.mtl", "red.png"]);
}

#[test]
fn an_obj_without_its_materials_is_drawn_and_says_so() {
    let model = ModelFolder::with("card.obj", SQUARE.as_bytes()).load();
    assert_eq!(model.triangle_count(), 2);
    assert_eq!(model.warnings, ["the materials `paint.mtl` are not there"]);
    let folder = ModelFolder::with("card.obj", SQUARE.as_bytes());
    folder.add("paint.mtl", PAINT.as_bytes());
    let model = folder.load();
    assert!(
        model.warnings[1].contains("red.png` is left out"),
        "{:?}",
        model.warnings
    );
    // Files outside of the folder are not read.
    folder.add(
        "card.obj",
        b"mtllib ../paint.mtl\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n",
    );
    let outside = folder.load();
    assert_eq!(outside.materials[0].name, "red");
    assert!(model_file_references(&folder.path())[0].ends_with("paint.mtl"));
}

/// Returns a binary STL of one triangle, 20 by 30 millimetres, standing.
fn binary_stl(first_words: &[u8]) -> Vec<u8> {
    let mut bytes = first_words.to_vec();
    bytes.resize(80, b' ');
    bytes.extend(1_u32.to_le_bytes());
    let numbers: [f32; 12] = [
        0.0, -1.0, 0.0, 0.0, 0.0, 0.0, 20.0, 0.0, 0.0, 0.0, 0.0, 30.0,
    ];
    numbers
        .iter()
        .for_each(|value| bytes.extend(value.to_le_bytes()));
    bytes.extend([0, 0]);
    bytes
}

#[test]
fn an_stl_is_in_millimetres_with_z_upwards_unless_the_document_says_else() {
    let text = b"solid a\nfacet normal 0 -1 0\nouter loop\nvertex 0 0 0\nvertex 20 0 0\nvertex 0 0 30\nendloop\nendfacet\nendsolid a\n";
    for bytes in [
        binary_stl(b"made by a printer"),
        binary_stl(b"solid as binary files begin too"),
        text.to_vec(),
    ] {
        let folder = ModelFolder::with("part.STL", &bytes);
        let usual = size(&folder.imported(&ModelMend::default()));
        assert!(
            usual.abs_diff_eq(Vec3::new(0.02, 0.03, 0.0), 1e-6),
            "{usual}"
        );
        let side = model_facts(&folder.path()).unwrap().longest_side.unwrap();
        assert!((side - 0.03).abs() < 1e-6);
        let inches = size(&folder.imported(&ModelMend {
            scale: Some(0.0254),
            up: Some(UpAxis::Y),
            ..ModelMend::default()
        }));
        assert!(
            inches.abs_diff_eq(Vec3::new(0.508, 0.0, 0.762), 1e-5),
            "{inches}"
        );
    }
}

const PLY: &str = "\
ply
format ascii 1.0
element vertex 4
property float x
property float y
property float z
property uchar red
property uchar green
property uchar blue
element face 1
property list uchar int vertex_indices
end_header
0 0 0 255 0 0
1 0 0 255 0 0
1 0 2 0 255 0
0 0 2 0 255 128
4 0 1 2 3
";

#[test]
fn a_ply_has_colours_and_polygons() {
    let folder = ModelFolder::with("scan.ply", PLY.as_bytes());
    let model = folder.imported(&ModelMend::default());
    assert_eq!(model.triangle_count(), 2);
    assert!(size(&model).abs_diff_eq(Vec3::new(1.0, 2.0, 0.0), 1e-5));
    let part = &model.meshes[0].primitives[0];
    let colours = &part.colours;
    assert!(colours.contains(&[1.0, 0.0, 0.0, 1.0]));
    let mixed = colours.iter().find(|colour| colour[2] > 0.0).unwrap();
    // 128 of sRGB as linear light.
    assert!((mixed[2] - 0.2158).abs() < 1e-3, "{mixed:?}");
}

#[test]
fn binary_ply_files_of_either_order_are_read() {
    for (order, big) in [("little", false), ("big", true)] {
        let mut bytes = format!(
            "ply\nformat binary_{order}_endian 1.0\nelement vertex 3\nproperty double x\nproperty \
             float y\nproperty float z\nelement face 1\nproperty list uchar uint \
             vertex_index\nend_header\n"
        )
        .into_bytes();
        let mut push = |little: &[u8]| {
            let mut word = little.to_vec();
            if big {
                word.reverse();
            }
            bytes.extend(word);
        };
        for place in [[0.0_f32, 0.0, 0.0], [3.0, 0.0, 0.0], [0.0, 0.0, 4.0]] {
            push(&f64::from(place[0]).to_le_bytes());
            push(&place[1].to_le_bytes());
            push(&place[2].to_le_bytes());
        }
        push(&[3]);
        for corner in 0..3_u32 {
            push(&corner.to_le_bytes());
        }
        let model = ModelFolder::with("scan.ply", &bytes).load();
        assert_eq!(size(&model), Vec3::new(3.0, 0.0, 4.0), "{order}");
    }
}

#[test]
fn points_alone_have_nothing_to_draw() {
    let points = PLY
        .replace("element face 1", "element face 0")
        .replace("4 0 1 2 3\n", "");
    let folder = ModelFolder::with("scan.ply", points.as_bytes());
    let facts = model_facts(&folder.path()).unwrap();
    assert_eq!(facts.nothing_drawn.as_deref(), Some("it has no triangles"));
    assert_eq!(facts.left_out, ["points and lines are not drawn"]);
}

#[test]
fn damaged_files_say_what_they_are_not() {
    let error = |name, bytes: &[u8]| ModelFolder::with(name, bytes).error();
    assert!(error("a.obj", b"v 1 2\nf 1 2 3\n").contains("not a valid OBJ file"));
    assert!(error("a.stl", b"PK\x03\x04").contains("not a valid STL file"));
    assert!(error("a.ply", b"no ply").contains("not a valid PLY file"));
    let beyond = PLY.replace("4 0 1 2 3", "3 0 1 9");
    assert!(error("a.ply", beyond.as_bytes()).contains("vertex 9 of 4"));
    // A small header asks for elements without end, which take no bytes.
    let endless = "ply\nformat binary_little_endian 1.0\nelement vertex 99999999999\nend_header\n";
    let facts = ModelFolder::with("a.ply", endless.as_bytes()).load();
    assert_eq!(facts.triangle_count(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn damaged_bytes_never_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in 0usize..64,
        which in 0usize..4,
    ) {
        let (name, mut bytes) = [
            ("a.obj", SQUARE.as_bytes().to_vec()),
            ("a.ply", PLY.as_bytes().to_vec()),
            ("a.stl", binary_stl(b"solid")),
            ("a.stl", binary_stl(b"made by hand")),
        ][which].clone();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        bytes.truncate(bytes.len() - cut.min(bytes.len()));
        let folder = ModelFolder::with(name, &bytes);
        let _ = (GltfModel::load(&folder.path()), model_file_references(&folder.path()));
    }
}

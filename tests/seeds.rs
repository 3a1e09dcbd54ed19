//! Inputs that once caused a failure, or that fuzzing starts with. Each is read without a panic,
//! and every diagnostic has a position inside the input.

#![expect(clippy::unwrap_used, reason = "a test stops at what it cannot read")]

#[path = "../fuzz/src/targets.rs"]
#[expect(unreachable_pub, reason = "a module of the fuzz targets")]
mod targets;

/// Runs every seed of a target, of which there must be at least one.
fn run(target: &str, read: fn(&[u8])) {
    let seeds = std::fs::read_dir(format!("fuzz/seeds/{target}")).unwrap();
    let count = seeds
        .map(|seed| read(&std::fs::read(seed.unwrap().path()).unwrap()))
        .count();
    assert!(count > 0, "fuzz/seeds/{target} is empty");
}

#[test]
fn every_document_seed_is_answered() {
    run("document", targets::document);
}

#[test]
fn every_table_seed_is_answered() {
    run("table", targets::table);
}

#[test]
fn every_timeline_seed_is_answered() {
    run("timeline", targets::timeline);
}

#[test]
fn every_caption_table_seed_is_answered() {
    run("captions", targets::captions);
}

#[test]
fn every_screenplay_seed_is_answered() {
    run("fountain", targets::fountain);
    run("fdx", targets::fdx);
}

#[test]
fn every_treatment_seed_is_answered() {
    run("treatment", targets::treatment);
}

#[test]
fn every_model_seed_is_answered() {
    run("gltf", targets::gltf);
}

#[test]
fn every_exr_seed_is_answered() {
    run("exr", targets::exr);
}

#[test]
fn every_radiance_seed_is_answered() {
    run("hdr", targets::hdr);
}

#[test]
fn every_blender_seed_is_answered() {
    run("blend", targets::blend);
}

#[test]
fn every_frame_range_seed_is_answered() {
    run("frames", targets::frames);
}

#[test]
fn every_file_of_a_store_is_answered() {
    run("journal", targets::journal);
    run("manifest", targets::manifest);
    run("fold", targets::fold);
    run("store", targets::store);
}

//! Baselines: what this machine can do with as little code as possible.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

/// Starts `/bin/true` `count` times, at most two alive, by `posix_spawn`; nothing is captured or
/// written.
pub(super) fn spawn(count: usize) {
    let mut alive = 0;
    for _ in 0..count {
        if alive == 2 {
            rustix::process::wait(rustix::process::WaitOptions::empty()).unwrap();
            alive -= 1;
        }
        drop(
            Command::new("/bin/true")
                .stdin(Stdio::null())
                .spawn()
                .unwrap(),
        );
        alive += 1;
    }
    while alive > 0 {
        rustix::process::wait(rustix::process::WaitOptions::empty()).unwrap();
        alive -= 1;
    }
}

/// Hashes every file of a folder on two threads.
pub(super) fn hash(folder: &Path) {
    let files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let labour = || {
        let mut buffer = vec![0; 1 << 20];
        while let Some(path) = files.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
            let mut file = File::open(path).unwrap();
            let mut hasher = blake3::Hasher::new();
            loop {
                match file.read(&mut buffer).unwrap() {
                    0 => break,
                    count => drop(hasher.update(&buffer[..count])),
                }
            }
            std::hint::black_box(hasher.finalize());
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(labour);
        labour();
    });
}

/// Writes a picture `count` times with the `png` crate's fast level.
pub(super) fn png(folder: &Path, count: usize) {
    let shown = super::media::frame();
    for at in 0..count {
        let values: Vec<u16> = shown
            .pixels
            .as_flattened()
            .iter()
            .map(|value| value.to_be())
            .collect();
        let bytes = bytemuck::cast_slice(&values);
        let file = std::io::BufWriter::new(
            File::create(folder.join(format!("baseline{at}.png"))).unwrap(),
        );
        let mut encoder = png::Encoder::new(file, shown.size.width, shown.size.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Sixteen);
        encoder.set_compression(png::Compression::Fast);
        encoder
            .write_header()
            .unwrap()
            .write_image_data(bytes)
            .unwrap();
    }
}

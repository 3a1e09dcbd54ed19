//! Kills the whole process group of small real runs at random instants, and checks every guarantee
//! afterwards: the bytes are those of a run that was not killed, no finished job is made twice, no
//! line that was spoken is spoken again, no partial file counts as whole, and no process or
//! temporary file is left.
//!
//! `scripts/kill-runs COUNT SEED PROGRAM` sets the number of kills, the seed and the program. The
//! ordinary tests kill ten times, with one seed.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test stops at the first surprise and says what it passes over; its instants are in real time"
)]

#[path = "support/film.rs"]
#[expect(dead_code, reason = "other tests ask for more of it")]
mod film;
#[path = "support/machine.rs"]
mod machine;
#[path = "support/skip.rs"]
mod skip;

use production::event::{Event, JobSucceeded};
use production::store::verify_store::{StoreFault, verify_store};
use production::store::{SpokenLine, StoreLayout, journal};
use rustix::process::{Pid, Signal, kill_process_group};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// The program that cargo built for the tests.
const BUILT_PROGRAM: &str = env!("CARGO_BIN_EXE_production");
/// The shortest film with every phase in it.
const DOCUMENT: &str = "\
production:
  title: Tiny
  author: Tests
  description: Two tiny shots, with a line, an effect, an ambience and a piece of music.
  sound: {speech: murmur, music: energetic}
  render_settings: {resolution: 64x36, samples: 1, frame_rate: 24, chunk_size: 6}
  characters: [{name: mara, model: mara.glb}]
  props: [{name: lantern, model: lantern.glb}]
  locations: [{name: studio, preset: studio, ambience: rain, room: room}]
  shots:
    - {name: one, template: character_cu, character: mara, location: studio, duration: 12, lens: LENS, lines: ['mara: WORD']}
    - {name: two, template: insert, props: [{name: lantern, mark: [0, 0, 0]}], location: studio, duration: 6, effects: click}
  outputs:
    - {name: film, format: streaming_1080p, resolution: 64x36, path: out/film.mp4, stems: true}
    - {name: game, format: 16bit_game, path: out/game}
";
/// Lenses of the first shot, each with what is said in it.
const CUTS: [[&str; 2]; 2] = [["85", "Now."], ["60", "Where?"]];

type Files = BTreeMap<PathBuf, Vec<u8>>;

struct Film {
    folder: tempfile::TempDir,
    /// How long it took to speak each line, by its identity. A line that is spoken again takes
    /// another time.
    spoken: RefCell<BTreeMap<String, f64>>,
}

impl Film {
    fn new() -> Self {
        let film = Self {
            folder: tempfile::tempdir().unwrap(),
            spoken: RefCell::default(),
        };
        film::copy_model("mara.glb", &film.path().join("mara.glb"));
        film::copy_model("lantern_lit.glb", &film.path().join("lantern.glb"));
        std::fs::create_dir(film.path().join("tmp")).unwrap();
        film
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn layout(&self) -> StoreLayout {
        StoreLayout::new(self.path().join(".production"))
    }

    fn shoot(&self, [lens, word]: [&str; 2]) {
        let document = DOCUMENT.replace("LENS", lens).replace("WORD", word);
        std::fs::write(self.path().join("production.yaml"), document).unwrap();
    }

    fn start(&self, workers: u64) -> Child {
        // A release build ends a run four times as fast, so that a kill more often meets two steps.
        let program = std::env::var_os("PRODUCTION_PROGRAM");
        let mut command = Command::new(program.as_deref().unwrap_or(BUILT_PROGRAM.as_ref()));
        command
            .arg("run")
            .arg(self.path())
            .args(["-j", &workers.to_string()]);
        command
            .env("TMPDIR", self.path().join("tmp"))
            .process_group(0);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// Runs the film, and kills the whole group after `patience`. Returns whether the run ended
    /// before that.
    fn run(&self, workers: u64, patience: Duration) -> bool {
        let mut child = self.start(workers);
        let group = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
        let (tell, ended) = channel();
        let waiting = std::thread::spawn(move || {
            let status = child.wait().unwrap();
            let _ = tell.send(status);
        });
        let status = ended.recv_timeout(patience);
        if status == Err(RecvTimeoutError::Timeout) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        waiting.join().unwrap();
        assert!(
            status.is_err() || status.unwrap().success(),
            "a run failed by itself"
        );
        status.is_ok()
    }

    /// Returns processes that still have the film's folder among their arguments.
    fn left_behind(&self) -> Vec<String> {
        let folder = self.path().to_string_lossy().into_owned();
        let Ok(processes) = std::fs::read_dir("/proc") else {
            return Vec::new();
        };
        let lines = processes
            .filter_map(|entry| std::fs::read_to_string(entry.ok()?.path().join("cmdline")).ok())
            .map(|line| line.replace('\0', " "));
        lines.filter(|line| line.contains(&folder)).collect()
    }

    /// Checks what must hold at any time, also right after a kill.
    fn assert_whole(&self, context: &str) {
        let deadline = Instant::now() + Duration::from_secs(10);
        while !self.left_behind().is_empty() {
            assert!(
                Instant::now() < deadline,
                "{context}: still there {:?}",
                self.left_behind()
            );
            std::thread::yield_now();
        }
        let found = verify_store(&self.layout(), self.path(), false).unwrap();
        let damage = |fault: &&StoreFault| {
            !matches!(fault, StoreFault::Lost { .. } | StoreFault::Pointer { .. })
        };
        assert!(
            !found.faults.iter().any(|fault| damage(&fault)),
            "{context}: {found:?}"
        );
        let mut made = BTreeMap::new();
        for path in journal::list_journals(&self.layout()).unwrap() {
            for event in journal::read_events(&self.layout(), &path).unwrap() {
                if let Event::JobSucceeded(made_job) = event {
                    self.assert_spoken_once(&made_job, context);
                    let JobSucceeded { job, digest, .. } = made_job;
                    *made.entry((job, digest)).or_insert(0) += 1;
                }
            }
        }
        for line in self.unrecorded_lines() {
            self.assert_spoken_once(&line, context);
        }
        let twice: Vec<_> = made.into_iter().filter(|(_, times)| *times > 1).collect();
        assert!(twice.is_empty(), "{context}: made again {twice:?}");
    }

    /// Returns lines that were spoken and that no journal has yet.
    fn unrecorded_lines(&self) -> Vec<JobSucceeded> {
        let Ok(bytes) = std::fs::read(self.layout().speech_cache_path()) else {
            return Vec::new();
        };
        let lines: Vec<SpokenLine> = serde_json::from_slice(&bytes).unwrap();
        lines.into_iter().filter_map(|line| line.made).collect()
    }

    fn assert_spoken_once(&self, made: &JobSucceeded, context: &str) {
        if made.job.starts_with("audio.speech/") {
            let mut spoken = self.spoken.borrow_mut();
            let first = *spoken
                .entry(made.digest.to_string())
                .or_insert(made.seconds);
            assert_eq!(
                first, made.seconds,
                "{context}: {} is spoken again",
                made.job
            );
        }
    }

    /// Checks what must hold after a run has ended.
    fn assert_finished(&self, wanted: &Files, context: &str) {
        self.assert_whole(context);
        let found = verify_store(&self.layout(), self.path(), false).unwrap();
        assert!(
            found.faults.is_empty() && found.edited.is_empty(),
            "{context}: {found:?}"
        );
        assert!(
            self.deliverables() == *wanted,
            "{context}: other bytes than of a run that nobody killed"
        );
        let litter: Vec<PathBuf> = files(self.path())
            .into_iter()
            .filter(|path| is_litter(path))
            .collect();
        assert!(litter.is_empty(), "{context}: {litter:?}");
        assert_eq!(
            std::fs::read_dir(self.path().join("tmp")).unwrap().count(),
            0,
            "{context}: temporary files"
        );
    }

    fn deliverables(&self) -> Files {
        let out = self.path().join("out");
        let is_made = |path: &PathBuf| !path.to_string_lossy().contains("report.");
        let read = |path: PathBuf| {
            (
                path.strip_prefix(&out).unwrap().to_owned(),
                std::fs::read(&path).unwrap(),
            )
        };
        files(&out).into_iter().filter(is_made).map(read).collect()
    }
}

fn is_litter(path: &Path) -> bool {
    let name = path.file_name().unwrap().to_string_lossy();
    let hidden = name.starts_with('.') && (name.ends_with(".partial") || name.ends_with(".old"));
    hidden
        || name == "publishing.json"
        || path.components().any(|part| part.as_os_str() == "scratch")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// A splitmix generator of numbers from a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % most.max(1)
    }
}

fn env_number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

#[test]
fn runs_killed_at_random_instants_end_in_the_same_bytes_and_leave_nothing_behind() {
    if !machine::makes_films() {
        return;
    }
    let count = env_number("PRODUCTION_KILLS", 10);
    let seed = env_number("PRODUCTION_SEED", 1);
    let mut dice = Dice(seed);
    let whole = Film::new();
    let begun = Instant::now();
    let wanted: Vec<Files> = CUTS
        .iter()
        .map(|cut| {
            whole.shoot(*cut);
            assert!(whole.run(2, Duration::from_secs(600)));
            whole.deliverables()
        })
        .collect();
    let is_heard = |files: &Files| files.contains_key(Path::new("film.stems/dialogue.wav"));
    assert!(wanted.iter().all(is_heard), "{:?}", wanted[0].keys());
    assert!(wanted[0] != wanted[1]);
    let longest = u64::try_from(begun.elapsed().as_millis()).unwrap() / 2;
    let mut kills = 0;
    let mut finished = 0;
    let mut film = Film::new();
    film.shoot(CUTS[0]);
    while kills < count {
        let patience = Duration::from_millis(dice.roll(longest));
        let context = format!("seed {seed}, kill {kills}, after {patience:?}, film {finished}");
        if film.run(1 + dice.roll(4), patience) {
            film.assert_finished(&wanted[finished % 2], &context);
            finished += 1;
            // Every fourth film is a new one. The others are published over the deliverables of the
            // one before.
            if finished % 4 == 0 {
                film = Film::new();
            }
            film.shoot(CUTS[finished % 2]);
        } else {
            kills += 1;
            film.assert_whole(&context);
        }
    }
    assert!(film.run(2, Duration::from_secs(600)));
    film.assert_finished(&wanted[finished % 2], &format!("seed {seed}, at the end"));
    eprintln!(
        "seed {seed}: {kills} kills, {} runs ended by themselves, all of them whole",
        finished + 1
    );
}

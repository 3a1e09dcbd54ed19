//! Our side of every goal in `scripts/bench-goals`, and the baselines. Each is a subcommand, so
//! that the script measures CPU time, wall time and peak memory of whole processes, for other
//! programs and ours alike.
//!
//! Usage: goals WHAT FOLDER COUNT

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::disallowed_methods,
    reason = "a bench stops at the first surprise, says what it measured, and reads the clock and the environment"
)]

mod baselines;
mod engine;
mod farm;
mod forgetful;
mod media;
mod mixing;
mod music;
mod screenplays;
mod titling;
mod treatments;
mod watching;

use std::path::Path;

fn main() {
    let given: Vec<String> = std::env::args()
        .skip(1)
        .filter(|given| given != "--bench")
        .collect();
    let [what, folder, count] = given.as_slice() else {
        return;
    };
    let folder = Path::new(folder);
    let count = count.parse().unwrap();
    match what.as_str() {
        "spawn-baseline" => baselines::spawn(count),
        "spawn" => engine::spawn(folder, count),
        "spawn-unwritten" => engine::spawn_unwritten(folder, count),
        "shells" => engine::shells(folder, count),
        "resume" => engine::resume(folder, count),
        "noop" => engine::noop(folder, count),
        "rehearse" => engine::rehearsed(count),
        "first-spawn" => engine::first_spawn(folder),
        "fill-store" => engine::fill_store(folder, count),
        "nothing-to-do" => engine::nothing_to_do(folder, count),
        "plan" => engine::plan_document(folder, count),
        "plan-jobs" => engine::plan_jobs(count),
        "follow" => farm::follow_run(folder, count),
        "hash-baseline" => baselines::hash(folder),
        "watched-run" => watching::write_run(folder, count, true),
        "killed-run" => watching::write_run(folder, count, false),
        "ingest" => media::ingest(folder),
        "stitch" => media::stitch(folder),
        "encode" => media::encode(folder),
        "encode-arguments" => media::encode_arguments(),
        "write-score" => music::write_score(folder),
        "write-buses" => mixing::write_buses(folder, count),
        "mix" => mixing::mix(folder, -23.0),
        "mix-limited" => mixing::mix(folder, -12.0),
        "titles" => titling::draw(count),
        "cover-fountain" => screenplays::cover(folder, count, "fountain"),
        "cover-fdx" => screenplays::cover(folder, count, "fdx"),
        "treatment" => treatments::plan(count),
        "play-score" => music::play_score(folder),
        "png-baseline" => baselines::png(folder, count),
        "png" => media::png(folder, count),
        "dither-ordered" | "dither-diffused" => {
            media::dither(folder, count, what == "dither-ordered");
        }
        _ => panic!("no `{what}`"),
    }
}

//! Reports beside deliverables: one that cannot be written costs no film, and none replaces that of
//! another document.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise, and says what it passes over"
)]

#[path = "support/copied_film.rs"]
#[expect(dead_code, reason = "other tests ask for more of it")]
mod copied_film;

use copied_film::{CopiedFilm, stderr_text};
use std::fs;
use std::process::Output;

/// Returns a film whose renderer makes the folder `blocked` of the film's, and then does `rest`.
fn film_that_makes(blocked: &str, rest: &str) -> CopiedFilm {
    let film = CopiedFilm::with_provider_fields("");
    let folder = film.path("film").join(blocked);
    let provider = format!(
        "copy:\n  command: [\"mkdir -p '{}'; {rest}\"]\n  shell: true\n  per: frame\n  output: \
         frame.####.png\n  files: {{picture: picture.png}}\n",
        folder.display()
    );
    film.write("film/presets/providers.yaml", &provider);
    film
}

/// Returns everything that a command printed.
fn printed_text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &stderr_text(output)
}

fn assert_ended_with_0(output: &Output) {
    let text = stderr_text(output);
    assert_eq!(output.status.code(), Some(0), "{text}");
}

#[test]
fn a_folder_in_place_of_a_report_costs_no_film_and_no_exit_code() {
    for (blocked, other) in [
        ("out/report.html", ".production/runs/rev-0001/report.html"),
        ("out/report.json", "out/report.html"),
        (".production/runs/rev-0001/report.html", "out/report.html"),
        (".production/runs/rev-0001/report.json", "out/report.html"),
    ] {
        let film = film_that_makes(blocked, "cp {file.picture} {output}");
        let output = film.output(&["run", "film"]);
        assert_ended_with_0(&output);
        let message = stderr_text(&output);
        assert!(
            message.contains("a file of the report is missing"),
            "{message}"
        );
        assert!(message.contains(blocked), "{message}");
        assert!(message.contains(&format!("film/{other}")), "{message}");
        assert!(film.path(&format!("film/{blocked}")).is_dir());
        assert!(film.path("film/out/game/000030.png").is_file());
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            printed.contains(&format!("report  film/{other}")),
            "{printed}"
        );
        // The revision is complete, so nothing is left to do.
        fs::remove_dir(film.path(&format!("film/{blocked}"))).unwrap();
        let again = film.output(&["run", "film"]);
        assert_ended_with_0(&again);
        assert!(String::from_utf8_lossy(&again.stdout).contains("up to date"));
    }
}

#[test]
fn a_failed_run_keeps_its_code_when_its_report_cannot_be_written() {
    let blocked = ".production/runs/rev-0001/report.html";
    let film = film_that_makes(blocked, "false {file.picture}");
    let output = film.output(&["run", "film"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr_text(&output));
    assert!(stderr_text(&output).contains("a file of the report is missing"));
}

#[test]
fn documents_that_deliver_into_one_folder_keep_their_reports_apart() {
    let film = CopiedFilm::with_provider_fields("");
    let document = fs::read_to_string(film.path("film/production.yaml")).unwrap();
    let trailer = document
        .replace("out/game", "out/trailer")
        .replace("Copies", "Trailer");
    film.write("film/trailer.yaml", &trailer);
    assert_ended_with_0(&film.output(&["run", "film"]));
    assert_ended_with_0(&film.output(&["run", "film/trailer.yaml"]));
    let title = |name: &str| {
        let text = fs::read_to_string(film.path(&format!("film/out/{name}"))).unwrap();
        let report: serde_json::Value = serde_json::from_str(&text).unwrap();
        report["production"]["title"].as_str().unwrap().to_owned()
    };
    let assert_apart = || {
        assert_eq!(title("report.json"), "Copies");
        assert_eq!(title("trailer.report.json"), "Trailer");
        for page in ["report.html", "trailer.report.html"] {
            assert!(film.path(&format!("film/out/{page}")).is_file());
        }
    };
    assert_apart();
    // Each again, with something new to say.
    for (name, text) in [("production.yaml", &document), ("trailer.yaml", &trailer)] {
        film.write(
            &format!("film/{name}"),
            &text.replace("duration: 30", "duration: 28"),
        );
        assert_ended_with_0(&film.output(&["run", &format!("film/{name}")]));
        assert_apart();
    }
    // Without their stores, each knows what is its own.
    fs::remove_dir_all(film.path("film/.production")).unwrap();
    for (name, text) in [("trailer.yaml", &trailer), ("production.yaml", &document)] {
        film.write(&format!("film/{name}"), text);
        assert_ended_with_0(&film.output(&["run", &format!("film/{name}")]));
        assert_apart();
    }
    assert!(!film.path("film/out/production.report.html").exists());
}

#[test]
fn two_documents_never_deliver_to_one_path() {
    let film = CopiedFilm::with_provider_fields("");
    let document = fs::read_to_string(film.path("film/production.yaml")).unwrap();
    film.write("film/other.yaml", &document.replace("Copies", "Other"));
    assert_ended_with_0(&film.output(&["run", "film"]));
    let before = fs::read(film.path("film/out/report.json")).unwrap();
    for args in [
        &["validate", "film/other.yaml"][..],
        &["run", "film/other.yaml"],
    ] {
        let output = film.output(args);
        let text = printed_text(&output);
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(
            text.contains("another document of this folder delivered `out/game/000001.png`"),
            "{text}"
        );
    }
    assert_eq!(fs::read(film.path("film/out/report.json")).unwrap(), before);
    assert_ended_with_0(&film.output(&["run", "film", "--regen", "one"]));
}

#[test]
fn a_report_of_the_users_own_is_still_refused_before_anything_is_made() {
    let film = CopiedFilm::with_provider_fields("");
    fs::create_dir(film.path("film/out")).unwrap();
    film.write("film/out/report.html", "<!DOCTYPE html><p>My own.");
    let output = film.output(&["run", "film"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr_text(&output));
    assert!(!film.path("film/.production/events").exists());
}

#[test]
fn a_file_of_the_users_that_a_longer_film_needs_is_found_by_validate() {
    let film = CopiedFilm::with_provider_fields("");
    assert_ended_with_0(&film.output(&["run", "film"]));
    film.write("film/out/game/000031.png", "mine");
    film.write("film/out/game/000099.png", "mine");
    assert_ended_with_0(&film.output(&["validate", "film"]));
    let document = fs::read_to_string(film.path("film/production.yaml")).unwrap();
    film.write(
        "film/production.yaml",
        &document.replace("duration: 30", "duration: 40"),
    );
    for args in [&["validate", "film"][..], &["run", "film"]] {
        let output = film.output(args);
        let text = printed_text(&output);
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(
            text.contains("no run put `out/game/000031.png` there"),
            "{text}"
        );
    }
}

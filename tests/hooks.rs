//! Hooks tell others how a run ended: programs, webhooks, mails. A hook never changes how it ended,
//! and one of a folder is a program of the folder.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise, and says what it passes over"
)]

#[path = "support/copied_film.rs"]
mod copied_film;
#[path = "support/skip.rs"]
mod skip;

use copied_film::{CopiedFilm, stderr_text, write_program};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::Output;

/// Returns a film, and writes the hooks of its user.
fn film_with_hooks(hooks: &str) -> CopiedFilm {
    let film = CopiedFilm::with_provider_fields("");
    std::fs::create_dir_all(film.path("home/.config/production")).unwrap();
    film.write("home/.config/production/hooks.yaml", hooks);
    film
}

fn run_with_secret(film: &CopiedFilm) -> Output {
    let mut command = film.command(&["run", "film"]);
    command.env("API_TOKEN", "hunter2hunter2").output().unwrap()
}

#[test]
fn a_hook_gets_status_title_revision_and_report_and_no_secrets() {
    let film = film_with_hooks(
        "on_success: [{command: [sh, -c, 'env | sort > noted; pwd >> noted']}]\non_failure: [{command: [touch, failed]}]\n",
    );
    let output = run_with_secret(&film);
    assert!(output.status.success(), "{}", stderr_text(&output));
    let noted = std::fs::read_to_string(film.path("film/noted")).unwrap();
    for line in [
        "PRODUCTION_STATUS=succeeded",
        "PRODUCTION_TITLE=Copies",
        "PRODUCTION_REVISION=rev-0001",
        "PRODUCTION_FAILED=0",
    ] {
        assert!(noted.lines().any(|noted| noted == line), "{line}: {noted}");
    }
    let report = noted
        .lines()
        .find_map(|line| line.strip_prefix("PRODUCTION_REPORT="))
        .unwrap();
    assert!(report.starts_with('/'), "{report}");
    assert!(std::path::Path::new(report).is_file(), "{report}");
    assert!(
        !noted.contains("hunter2") && !noted.contains("API_TOKEN"),
        "{noted}"
    );
    assert!(noted.ends_with("/film\n"), "{noted}");
    assert!(!film.path("film/failed").exists());
    // No hook starts for a run that had nothing to do.
    std::fs::remove_file(film.path("film/noted")).unwrap();
    assert!(run_with_secret(&film).status.success());
    assert!(!film.path("film/noted").exists());
}

#[test]
fn a_hook_that_fails_hangs_or_is_not_there_is_reported_and_changes_nothing() {
    let film = film_with_hooks(
        "on_success:\n  - command: [sh, -c, 'exit 3']\n  - {command: [sleep, '1000'], time_limit: 1s}\n  - command: [no-such-program]\n  - command: [touch, last]\n",
    );
    let output = run_with_secret(&film);
    assert!(output.status.success(), "{}", stderr_text(&output));
    let text = stderr_text(&output);
    assert!(
        text.contains("(sh -c exit 3) failed to run sh: it ended with status 3"),
        "{text}"
    );
    assert!(
        text.contains("(sleep 1000) failed to run sleep: it did not end within 1 s"),
        "{text}"
    );
    assert!(
        text.contains("failed to find the program `no-such-program`"),
        "{text}"
    );
    assert!(film.path("film/last").exists(), "the hooks behind it run");
}

#[test]
fn a_failed_run_and_one_that_cannot_start_are_failures_for_hooks() {
    let film = film_with_hooks(
        "on_failure: [{command: [sh, -c, 'echo \"$PRODUCTION_STATUS $PRODUCTION_ERROR\" >> noted']}]\n",
    );
    let providers = std::fs::read_to_string(film.path("film/presets/providers.yaml")).unwrap();
    film.write(
        "film/presets/providers.yaml",
        &providers.replace("[cp,", "[false,"),
    );
    let failed = run_with_secret(&film);
    assert_eq!(failed.status.code(), Some(1));
    let noted = || std::fs::read_to_string(film.path("film/noted")).unwrap();
    assert!(
        noted().starts_with("failed render.shot/one/"),
        "{}",
        noted()
    );
    let document = std::fs::read_to_string(film.path("film/production.yaml")).unwrap();
    film.write(
        "film/production.yaml",
        &document.replace("studio, duration", "stdio, duration"),
    );
    assert_eq!(run_with_secret(&film).status.code(), Some(2));
    assert!(
        noted().ends_with("not_started the document has mistakes\n"),
        "{}",
        noted()
    );
    let lines = noted().lines().count();
    for look in [
        &["run", "film", "--dry-run"],
        &["run", "film", "--validate-only"],
    ] {
        film.output(look);
        assert_eq!(noted().lines().count(), lines, "{look:?}");
    }
}

#[test]
fn a_webhook_gets_json_by_post() {
    let curl = std::path::Path::new("/usr/bin/curl");
    if skip::require_or_skip(curl.is_file().then_some(()), "no curl").is_none() {
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let film = film_with_hooks(&format!(
        "on_success: [{{webhook: 'http://{address}/hook/s3cret'}}]\n"
    ));
    let server = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(&stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            reader.read_line(&mut head).unwrap();
        }
        let length = head
            .lines()
            .find_map(|line| {
                line.to_lowercase()
                    .strip_prefix("content-length: ")?
                    .parse()
                    .ok()
            })
            .unwrap();
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        (&stream)
            .write_all(b"HTTP/1.1 204 No Content\r\n\r\n")
            .unwrap();
        (head, body)
    });
    let output = run_with_secret(&film);
    assert!(output.status.success(), "{}", stderr_text(&output));
    let (head, body) = server.join().unwrap();
    assert!(head.starts_with("POST /hook/s3cret HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("application/json"), "{head}");
    let message: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(message["status"], "succeeded");
    assert_eq!(message["title"], "Copies");
    assert_eq!(message["revision"], "rev-0001");
    assert_eq!(message["deliverables"][0], "out/game");
    // Nobody listens any more. The address is not in the warning, because it is a secret.
    std::fs::remove_dir_all(film.path("film/.production")).unwrap();
    std::fs::remove_dir_all(film.path("film/out")).unwrap();
    let output = run_with_secret(&film);
    let text = stderr_text(&output);
    assert!(output.status.success(), "{text}");
    assert!(
        text.contains(&format!("(webhook http://{address}) failed to run curl")),
        "{text}"
    );
    assert!(!text.contains("s3cret"), "{text}");
}

#[test]
fn a_mail_is_handed_to_sendmail_with_its_header() {
    let film = film_with_hooks("on_success: [{mail: td@example.com}]\n");
    let sendmail = format!(
        "echo \"$@\" > {0}/args; cat > {0}/mail\n",
        film.path("").display()
    );
    write_program(&film.path("bin/sendmail"), &sendmail);
    let path = format!("{}:/usr/bin:/bin", film.path("bin").display());
    let mut command = film.command(&["run", "film"]);
    let output = command.env("PATH", path).output().unwrap();
    assert!(output.status.success(), "{}", stderr_text(&output));
    let read = |name: &str| std::fs::read_to_string(film.path(name)).unwrap();
    assert_eq!(read("args"), "-i -t\n");
    let mail = read("mail");
    assert!(
        mail.starts_with("To: td@example.com\nSubject: Copies rev-0001 succeeded\n"),
        "{mail}"
    );
}

#[test]
fn a_hook_of_the_folder_is_a_program_of_the_folder() {
    let film = CopiedFilm::with_provider_fields("");
    film.write(
        "film/hooks.yaml",
        "on_success: [{command: [touch, noted]}]\non_failure: [{command: [touch, noted]}]\n",
    );
    let printed = film.output(&["trust", "film"]);
    let text = String::from_utf8_lossy(&printed.stdout).into_owned();
    assert!(text.contains("hook `on_success`: touch noted"), "{text}");
    // Trusted, so a run that cannot start tells too.
    let document = std::fs::read_to_string(film.path("film/production.yaml")).unwrap();
    film.write("film/production.yaml", "production: {}\n");
    assert_eq!(film.output(&["run", "film"]).status.code(), Some(2));
    assert!(film.path("film/noted").exists());
    std::fs::remove_file(film.path("film/noted")).unwrap();
    // Changed, so it is not trusted any more, and no question was asked.
    film.write(
        "film/hooks.yaml",
        "on_success: [{command: [touch, noted, more]}]\non_failure: [{command: [touch, noted]}]\n",
    );
    assert_eq!(film.output(&["run", "film"]).status.code(), Some(2));
    assert!(!film.path("film/noted").exists());
    film.write("film/production.yaml", &document);
    let looked = film.output(&["plan", "film"]);
    assert!(looked.status.success(), "{}", stderr_text(&looked));
    assert!(!film.path("film/noted").exists());
    let ran = film.output(&["run", "film"]);
    let text = stderr_text(&ran);
    assert!(
        text.contains("hook `on_success`: touch noted more"),
        "{text}"
    );
    assert!(film.path("film/noted").exists());
}

#[test]
fn a_mistake_in_hooks_is_reported_before_anything_runs() {
    let film = film_with_hooks("on_sucess: [{command: [touch, noted]}]\n");
    let output = run_with_secret(&film);
    assert_eq!(output.status.code(), Some(2));
    let text = stderr_text(&output);
    assert!(
        text.contains("on_success") && text.contains("hooks.yaml"),
        "{text}"
    );
    assert!(!film.path("film/.production/events").exists());
}

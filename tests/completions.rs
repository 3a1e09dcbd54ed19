//! Completion in real shells. Bash completes with the script that a user would load, and every
//! other installed shell reads its script without an error.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "support/skip.rs"]
mod skip;

use std::path::Path;
use std::process::{Command, Output};

const BINARY: &str = env!("CARGO_BIN_EXE_production");

fn script(shell: &str) -> String {
    let output = Command::new(BINARY)
        .args(["completions", shell])
        .output()
        .unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// Returns the candidates of bash for the last of these words, by the function that is registered
/// for `production`.
fn bash_candidates(words: &[&str], folder: &Path) -> Vec<String> {
    let program = r#"
        eval "$1"; shift
        registered=$(complete -p production)
        [[ $registered == *"-F _production production" ]] || exit 9
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
        _production production "${@: -1}" "${@: -2:1}"
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    let mut bash = Command::new("bash");
    bash.args(["--norc", "-c", program, "bash", &script("bash"), BINARY])
        .args(words)
        .current_dir(folder);
    let Output {
        status,
        stdout,
        stderr,
    } = bash.output().unwrap();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout)
        .unwrap()
        .lines()
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

fn here(words: &[&str]) -> Vec<String> {
    bash_candidates(words, Path::new(env!("CARGO_MANIFEST_DIR")))
}

#[test]
fn bash_completes_commands_options_and_fixed_words() {
    assert_eq!(here(&["va"]), ["validate"]);
    assert!(
        !here(&[""]).contains(&"complete".to_owned()),
        "the hidden command stays hidden"
    );
    assert_eq!(here(&["run", "film", "--keep"]), ["--keep-going"]);
    assert_eq!(here(&["validate", "film", "--format", "sh"]), ["short"]);
    // Bash splits `--format=sh` at the equals sign.
    assert_eq!(
        here(&["validate", "film", "--format", "=", "sh"]),
        ["short"]
    );
    assert_eq!(here(&["completions", "z"]), ["zsh"]);
}

#[test]
fn bash_completes_presets_tiers_phases_and_templates() {
    assert_eq!(here(&["library", "shots", "hero"]), ["hero_cu"]);
    assert_eq!(here(&["library", "le"]), ["lenses"]);
    assert_eq!(here(&["run", "film", "--quality", "arch"]), ["archive"]);
    assert_eq!(here(&["run", "film", "--phase", "post"]), ["post_process"]);
    assert_eq!(here(&["create", "film", "-t", "prod"]), ["product_spin"]);
    assert_eq!(here(&["schema", "par"]), ["part"]);
}

#[test]
fn bash_completes_the_shots_of_the_production_that_was_typed() {
    let film = "examples/short_film";
    assert_eq!(
        here(&["run", film, "--only", "s2_l"]),
        ["s2_lantern", "s2_lit", "s2_last"]
    );
    assert_eq!(
        here(&["run", film, "--only", "s2_lit,s2_la"]),
        ["s2_lit,s2_lantern", "s2_lit,s2_last"]
    );
    assert_eq!(here(&["run", "no/such/film", "--only", ""]), [""; 0]);
}

#[test]
fn bash_completes_what_can_be_explained() {
    assert_eq!(here(&["explain", "jump"]), ["jump_cut"]);
    assert_eq!(
        here(&["explain", "shots", "::", "jump"]),
        ["shots::jump_cut"]
    );
    assert_eq!(
        here(&["explain", "jump_cut", "wrong_ti"]),
        here(&["explain", "wrong_ti"])
    );
    assert!(
        here(&["explain", "exam"]).contains(&"examples".to_owned()),
        "a production can be explained too"
    );
    assert_eq!(
        here(&["explain", "examples/short_film", "s2_li"]),
        ["s2_lit"]
    );
    assert_eq!(
        here(&["explain", "examples/short_film", "s2_lit", "post"]),
        ["post_process"]
    );
}

#[test]
fn bash_completes_paths_itself() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("films")).unwrap();
    std::fs::write(folder.path().join("film.yaml"), "").unwrap();
    let mut files = bash_candidates(&["run", "fil"], folder.path());
    files.sort();
    assert_eq!(files, ["film.yaml", "films"]);
    assert_eq!(
        bash_candidates(&["create", "x", "--output", "fil"], folder.path()),
        ["films"]
    );
}

#[test]
fn every_shell_that_is_installed_reads_its_script() {
    let folder = tempfile::tempdir().unwrap();
    for (shell, program, check) in [
        ("bash", "bash", &["-n"][..]),
        ("zsh", "zsh", &["-n"]),
        ("fish", "fish", &["--no-execute"]),
        ("elvish", "elvish", &["-compileonly"]),
    ] {
        let path = folder.path().join(shell);
        std::fs::write(&path, script(shell)).unwrap();
        match Command::new(program).args(check).arg(&path).output() {
            Err(_) => {
                let reason = format!("{shell} is not installed; scripts/setup tests brings it");
                skip::require_or_skip(None::<()>, &reason);
            }
            Ok(output) if shell == "elvish" => {
                // Outside a terminal elvish has no `edit:`. Any other error is ours.
                let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
                let ours = stderr
                    .lines()
                    .filter(|line| line.contains("error") && !line.contains("edit:"));
                assert_eq!(ours.count(), 0, "{stderr}");
            }
            Ok(output) => {
                assert!(
                    output.status.success(),
                    "{shell}: {}",
                    String::from_utf8_lossy(&output.stderr)
                );
            }
        }
    }
    assert!(script("powershell").contains("Register-ArgumentCompleter"));
}

#[test]
fn every_command_has_a_manual_page_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let made = Command::new(BINARY)
        .args(["man", "--output"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(made.status.success());
    let help = Command::new(BINARY).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let commands = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty());
    let names: Vec<&str> = commands
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(names.len() > 9, "{names:?}");
    for name in names.into_iter().filter(|name| *name != "help") {
        let page =
            std::fs::read_to_string(folder.path().join(format!("production-{name}.1"))).unwrap();
        assert!(
            page.contains(&format!(".TH {name} 1"))
                || page.contains(&format!(".TH production-{name} 1")),
            "{page}"
        );
    }
    assert!(!folder.path().join("production-complete.1").exists());
    match Command::new("man")
        .args(["-l", "--warnings"])
        .arg(folder.path().join("production-run.1"))
        .output()
    {
        Err(_) => {
            let reason = "man is not installed; scripts/setup tests brings it";
            skip::require_or_skip(None::<()>, reason);
        }
        Ok(shown) => assert!(
            shown.status.success() && shown.stderr.is_empty(),
            "{shown:?}"
        ),
    }
}

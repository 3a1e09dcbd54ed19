//! Every path of a deliverable is one that a file system can take.

use crate::base::paths::{MAX_NAME_BYTES, MAX_PATH_BYTES};
use crate::base::{Severity, Spanned};
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::path::{Path, PathBuf};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::outputs::unusable_path",
    // An error: the run would fail at its end, after all frames are rendered.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every output has a path that a file system can take",
    explanation: "A name of a file or folder has at most 255 bytes, a whole path 4096, and neither \
        has control characters such as line breaks. A letter with an accent takes two bytes or \
        more.",
    wrong: "\
outputs:
  - {name: film, format: streaming_1080p, path: \"out/the\\tfilm.mp4\"}
",
    right: "\
outputs:
  - {name: film, format: streaming_1080p, path: out/the film.mp4}
",
    check: report_unusable_paths,
};

/// Bytes of the names that are put below a path: of a numbered picture, and of the folder in which
/// a delivery is prepared.
const ADDED_BYTES: usize = 300;

fn report_unusable_paths(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let outputs = production
        .outputs
        .iter()
        .map(|output| (format!("output `{}`", output.name.value), &output.path));
    let passes = (
        "the folder of passes".to_owned(),
        &production.render.passes_path,
    );
    let exports = production
        .exports
        .iter()
        .map(|export| (format!("output `{}`", export.name.value), &export.path));
    let games = production
        .game_files()
        .map(|files| (format!("output `{}`", files.name.value), files.path));
    for (what, path) in outputs.chain(exports).chain(games).chain([passes]) {
        report_unusable_path(&what, path, &production.root, findings);
    }
}

fn report_unusable_path(
    what: &str,
    path: &Spanned<PathBuf>,
    root: &Path,
    findings: &mut RuleFindings,
) {
    let text = path.value.to_string_lossy();
    let longest = path
        .value
        .components()
        .map(|part| part.as_os_str().len())
        .max();
    let longest = longest.unwrap_or_default();
    let whole = root.as_os_str().len() + 1 + text.len() + ADDED_BYTES;
    let (problem, help) = if let Some(control) = text.chars().find(|c| c.is_control()) {
        (
            format!(
                "contains `{}`, which no name should",
                control.escape_default()
            ),
            "write a path of letters, digits, `_`, `-` and `.`".to_owned(),
        )
    } else if longest > MAX_NAME_BYTES {
        (
            format!("has a name of {longest} bytes, and file systems take {MAX_NAME_BYTES}"),
            "write a shorter name".to_owned(),
        )
    } else if whole > MAX_PATH_BYTES {
        (
            format!(
                "is too long: paths of deliverables come to {whole} bytes, and systems take {MAX_PATH_BYTES}"
            ),
            "write a shorter path, or move the production to a folder nearer to the root"
                .to_owned(),
        )
    } else {
        return;
    };
    if path.is_placeholder {
        return;
    }
    let finding = findings
        .finding_at(path.origin, format!("the path of {what} {problem}"))
        .with_label("no file can have it");
    findings.push(finding.with_help(help));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::sample;

    fn is_reported(path: &str) -> bool {
        let mut production = sample::sample_production();
        production.outputs[0].path.value = PathBuf::from(path);
        let mut findings = RuleFindings::for_rule(&RULE);
        report_unusable_paths(&production, &ExternalFacts::default(), &mut findings);
        !findings.into_diagnostics().is_empty()
    }

    #[test]
    fn paths_that_no_file_system_takes_are_reported() {
        let name = |bytes: usize| "n".repeat(bytes);
        let deep = |parts: usize| vec!["folder"; parts].join("/");
        for path in [
            format!("out/{}/film.mp4", name(256)),
            format!("{}é.mp4", name(250)),
            "out/a\0b.mp4".to_owned(),
            "out/a\nb.mp4".to_owned(),
            "out/a\tb.mp4".to_owned(),
            "out/\u{1b}[31m.mp4".to_owned(),
            format!("{}/film.mp4", deep(700)),
        ] {
            assert!(is_reported(&path), "{path:?}");
        }
        for path in [
            format!("out/{}.mp4", name(251)),
            format!("{}/film.mp4", deep(100)),
            "out/Fête d'été.mp4".to_owned(),
        ] {
            assert!(!is_reported(&path), "{path:?}");
        }
    }

    #[test]
    fn the_folder_of_passes_is_a_path_too() {
        let finding = sample::only_finding(&RULE, |production, _| {
            production.render.passes_path.value = PathBuf::from("out/a\u{7}b");
        });
        assert!(
            finding
                .message
                .contains("the folder of passes contains `\\u{7}`"),
            "{}",
            finding.message
        );
    }
}

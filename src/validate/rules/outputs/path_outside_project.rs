//! Every output is in the production's folder, so that no document can write elsewhere.

use crate::base::foreign_path::{ForeignPath, last_name};
use crate::base::{Diagnostic, Severity};
use crate::model::Production;
use crate::model::defaults::DELIVERABLES_PATH;
use crate::validate::OutputPathState;
use crate::validate::output_queries::{WrittenOutput, written_outputs};
use crate::validate::project_paths::{normalized_path, quoted_path};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::path::Path;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::outputs::path_outside_project",
    // An error, also for a path that could be written: documents come from elsewhere, and must not
    // write outside their folder.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every output is in the project's folder",
    explanation: "Deliverables stay in the production's folder, so that no document can write to \
        the rest of the disk. Absolute paths, paths over `..` and links out of the folder are \
        refused, and so is what only a shell, Windows or a storage service understands: `~/`, \
        `$HOME`, `%USERPROFILE%`, `C:\\`, `s3://`. An output without a path is delivered to \
        `deliverables` under its name, and a name that leads out of there is refused too. Deliver \
        inside, and copy the result.",
    wrong: "\
outputs:
  - {name: film, format: streaming_1080p, path: ../film.mp4}
",
    right: "\
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
",
    check: report_outputs_outside_project,
};

fn report_outputs_outside_project(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    for output in written_outputs(production).filter(|output| !output.path.is_placeholder) {
        let path = &output.path.value;
        // Without a path, the name is what leads out.
        if output.has_path_of_name() && leaves_deliverables(path) {
            let finding = outside_name_finding(&output, findings);
            findings.push(finding);
            continue;
        }
        if let Some(foreign) = path.to_str().and_then(ForeignPath::find) {
            let message = format!(
                "output `{}` has the path `{}`, outside the production's folder",
                output.name.value,
                path.display()
            );
            let finding = findings
                .finding_at(output.path.origin, message)
                .with_label(foreign.describe_notation());
            let name = format!("film.{}", output.extension.unwrap_or("png"));
            findings.push(finding.with_help(format!(
                "write a path inside the folder, such as `out/{}`, and copy the result where it is wanted",
                last_name(path, &name)
            )));
            continue;
        }
        // The text of a path shows `..` and absolute paths; only the disk shows a link out of the
        // folder.
        if normalized_path(path).is_none()
            || facts.outputs.get(path) == Some(&OutputPathState::Outside)
        {
            let message = format!(
                "output `{}` has the path {}, outside the production's folder",
                output.name.value,
                quoted_path(path)
            );
            let finding = findings
                .finding_at(output.path.origin, message)
                .with_label("absolute, above the folder, or behind a link");
            findings.push(finding.with_help(
                "write a path inside the folder, and copy the result where it is wanted",
            ));
        }
    }
}

/// Returns whether a path that follows from a name is not in the folder of deliverables.
fn leaves_deliverables(path: &Path) -> bool {
    normalized_path(path).is_none_or(|place| !place.starts_with(DELIVERABLES_PATH))
}

fn outside_name_finding(output: &WrittenOutput<'_>, findings: &RuleFindings) -> Diagnostic {
    let name = &output.name.value;
    let message =
        format!("output `{name}` would be delivered outside the folder `{DELIVERABLES_PATH}`");
    let last = Path::new(name).file_name().and_then(|name| name.to_str());
    let name = last.unwrap_or("film");
    findings
        .finding_at(output.name.origin, message)
        .with_label("as a name of a file, it leads out of the folder")
        .with_help(format!(
            "write a name such as `{name}`, and `path` where the file has another name"
        ))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::OutputPathState;
    use crate::validate::sample::{only_finding, sample_origin};
    use std::path::PathBuf;

    #[test]
    fn a_path_that_climbs_out_is_refused() {
        let found = only_finding(&RULE, |production, _| {
            production.outputs[0].path.value = PathBuf::from("out/../../film.mp4");
        });
        assert_eq!(found.origin, sample_origin(61));
    }

    #[test]
    fn a_path_that_only_a_shell_or_windows_understands_is_refused() {
        for (path, better) in [
            ("~/films/night.mp4", "out/night.mp4"),
            ("$HOME/night.mp4", "out/night.mp4"),
            ("s3://bucket/night.mp4", "out/night.mp4"),
            ("C:\\films\\night.mp4", "out/night.mp4"),
            ("~mara", "out/film.mp4"),
        ] {
            let found = only_finding(&RULE, |production, _| {
                production.outputs[0].path.value = PathBuf::from(path);
            });
            assert_eq!(
                found.message,
                format!("output `film` has the path `{path}`, outside the production's folder")
            );
            assert!(
                found.help.unwrap().contains(&format!("`{better}`")),
                "{path}"
            );
        }
    }

    #[test]
    fn a_name_that_leads_out_of_the_folder_is_refused_where_no_path_is_written() {
        for name in ["../x", "a/../../x", "/abs"] {
            let found = only_finding(&RULE, |production, _| {
                let output = &mut production.outputs[0];
                output.name.value = name.to_owned();
                output.path.value = PathBuf::from("deliverables").join(format!("{name}.mp4"));
                output.path.origin = output.name.origin;
            });
            assert_eq!(found.origin, sample_origin(60), "{name}");
        }
    }

    #[test]
    fn a_link_that_leads_out_is_refused() {
        let found = only_finding(&RULE, |_, facts| {
            facts
                .outputs
                .insert(PathBuf::from("out/film.mp4"), OutputPathState::Outside);
        });
        assert_eq!(found.origin, sample_origin(61));
    }
}

//! Every file is in the production's folder, so that a copy of the folder is a copy of the
//! production, on a farm too.

use crate::base::Severity;
use crate::base::foreign_path::{ForeignPath, last_name};
use crate::model::Production;
use crate::validate::file_mentions::mentions_by_file;
use crate::validate::file_problems::{FileProblem, report_file_problems};
use crate::validate::{ExternalFacts, FileFact, RuleFindings, ValidationRule};
use std::path::Path;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::files::outside_project",
    // An error, also for a file that exists: documents are shared, and one from elsewhere must not
    // be able to read the rest of the disk.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every file that the document names is in the project's folder",
    explanation: "Everything that a production is made from is in its folder, so that a copy of \
        the folder is a copy of the production, on a render farm too, and no document can read the \
        rest of the disk. Absolute paths, paths over `..` and links out of the folder are refused, \
        and so is what only a shell, Windows or a storage service understands: `~/`, `$HOME`, \
        `C:\\`, `s3://`. Copy the file into the folder.",
    wrong: "\
characters:
  - {name: mara, model: ../models/mara.glb}
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
",
    check: report_files_outside_project,
};

fn report_files_outside_project(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let problem = FileProblem::new(
        "is outside the production's folder",
        "absolute, above the folder, or behind a link",
    );
    let problem =
        problem.with_help("copy the file into the folder and name it from there".to_owned());
    report_file_problems(mentions_by_file(production), findings, |file| {
        match facts.file_fact(file.asset)? {
            FileFact::Outside => Some(problem.clone()),
            // A file that is there has this name, however odd.
            FileFact::Missing { .. } => foreign_problem(&file.asset.path),
            _ => None,
        }
    });
}

/// Returns the problem of a path that only a shell, Windows or a storage service understands.
fn foreign_problem(path: &Path) -> Option<FileProblem> {
    let foreign = ForeignPath::find(path.to_str()?)?;
    let name = last_name(path, "FILE");
    let problem = FileProblem::new(
        "is outside the production's folder",
        foreign.describe_notation(),
    );
    Some(problem.with_help(format!(
        "copy the file into the folder and name it from there, such as `assets/{name}`"
    )))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::file_kind::FileKind;
    use crate::validate::FileFact;
    use crate::validate::sample::{assert_no_findings, only_finding, sample_asset, set_file_fact};

    #[test]
    fn a_file_from_elsewhere_is_refused() {
        let found = only_finding(&RULE, |production, facts| {
            production.props[0].model = Some(sample_asset("../lantern.glb", 26));
            set_file_fact(facts, "../lantern.glb", FileFact::Outside);
        });
        assert_eq!(
            found.message,
            "model `../lantern.glb` of prop `lantern` is outside the production's folder"
        );
    }

    #[test]
    fn a_path_that_only_a_shell_or_windows_understands_is_refused_unless_it_exists() {
        for path in [
            "~/models/lantern.glb",
            "${HOME}/lantern.glb",
            "file:///srv/lantern.glb",
        ] {
            let missing = || FileFact::Missing { neighbours: None };
            let found = only_finding(&RULE, |production, facts| {
                production.props[0].model = Some(sample_asset(path, 26));
                set_file_fact(facts, path, missing());
            });
            let help = found.help.unwrap();
            assert!(help.ends_with("such as `assets/lantern.glb`"), "{help}");
        }
        assert_no_findings(|production, facts| {
            production.props[0].model = Some(sample_asset("~/models/lantern.glb", 26));
            set_file_fact(
                facts,
                "~/models/lantern.glb",
                FileFact::Holds(FileKind::Glb),
            );
        });
    }
}

//! A folder of footage has one run of pictures.

use super::footage_shots;
use crate::base::Severity;
use crate::model::Production;
use crate::model::footage::{FootageFacts, FootageProblem};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::footage::several_runs",
    // An error: any choice could be the wrong one, and nobody would notice.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "a folder of footage has one run of numbered pictures",
    explanation: "The folder has pictures under more than one name or extension, such as \
        renders and their previews. Name the run by its pattern.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: assets/two_runs}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: assets/two_runs/beauty.%02d.png}
",
    check: report_several_runs,
};

/// Most runs that a message lists.
const MOST_LISTED: usize = 4;

fn report_several_runs(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for (shot, footage) in footage_shots(production) {
        let FootageFacts::Unusable(FootageProblem::SeveralRuns { patterns }) = &*footage.facts
        else {
            continue;
        };
        let folder = footage.source.path.display().to_string();
        let folder = folder.trim_end_matches('/');
        let message = format!(
            "folder `{folder}` of shot `{}` has {} runs of pictures",
            shot.name.value,
            patterns.len()
        );
        let listed: Vec<String> = patterns
            .iter()
            .take(MOST_LISTED)
            .map(|pattern| format!("`{folder}/{pattern}`"))
            .collect();
        let finding = findings
            .finding_at(footage.source.origin, message)
            .with_label("which of them?");
        findings.push(finding.with_help(format!("write one of {}", listed.join(", "))));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::footage::FootageProblem;
    use crate::validate::rules::footage::sample::{set_pictures, set_problem};
    use crate::validate::sample::{assert_no_findings, only_finding};

    #[test]
    fn a_folder_of_two_runs_lists_them() {
        let found = only_finding(&RULE, |production, _| {
            let patterns = vec!["a.####.exr".to_owned(), "a.####.jpg".to_owned()];
            set_problem(production, FootageProblem::SeveralRuns { patterns });
        });
        let help = found.help.unwrap();
        assert!(
            help.ends_with("/a.####.exr`, `plates/sh010.%04d.exr/a.####.jpg`"),
            "{help}"
        );
    }

    #[test]
    fn one_run_passes() {
        assert_no_findings(|production, _| set_pictures(production, 1..=48));
    }
}

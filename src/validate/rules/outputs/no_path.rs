//! Every output has a path of its own, not the folder of the document.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::output_queries::written_outputs;
use crate::validate::project_paths::normalized_path;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::outputs::no_path",
    // An error: delivering to the project's folder would replace the document itself.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every output's path names a file or a folder inside the project",
    explanation: "An output is a file or a folder of pictures, and the path names it. The \
        production's folder itself cannot be the output.",
    wrong: "\
outputs:
  - {name: film, format: streaming_1080p, path: \".\"}
",
    right: "\
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
",
    check: report_outputs_without_path,
};

fn report_outputs_without_path(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    for output in written_outputs(production).filter(|output| !output.path.is_placeholder) {
        // `out/..` and `.` are the project's folder as well, hence the normalised path.
        if normalized_path(&output.path.value).is_some_and(|path| path.as_os_str().is_empty()) {
            let message = format!(
                "the path of output `{}` is the production's own folder",
                output.name.value
            );
            let finding = findings
                .finding_at(output.path.origin, message)
                .with_label("no name of its own");
            // The example in the help must itself be valid for the codec.
            let name = match output.extension {
                None => String::new(),
                Some(extension) => format!(".{extension}"),
            };
            findings.push(finding.with_help(format!(
                "write a path such as `out/{}{name}`",
                output.name.value
            )));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::only_finding;
    use std::path::PathBuf;

    #[test]
    fn an_empty_path_offers_one() {
        let found = only_finding(&RULE, |production, _| {
            production.outputs[0].path.value = PathBuf::new();
        });
        assert_eq!(
            found.help.as_deref(),
            Some("write a path such as `out/film.mp4`")
        );
    }
}

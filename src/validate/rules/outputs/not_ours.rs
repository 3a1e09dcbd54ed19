//! No deliverable replaces files that no run put there.

use crate::base::{FileSpan, Severity};
use crate::model::{PlaceProblem, Production};
use crate::validate::output_queries::{passes_path, places_inside_project};
use crate::validate::project_paths::quoted_path;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::path::Path;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::outputs::not_ours",
    // An error: publishing would refuse at the end of the run, after everything is rendered.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "no deliverable replaces files that no run put there",
    explanation: "At the path of an output, of the passes or of the report lie files that no run \
        of this store delivered, or that were changed since. They are never replaced unasked. Move \
        them away, choose another path, or allow it for this run with `--replace PATH`, or for \
        every run with `replace: true` in the output. In a folder that was delivered before, files \
        that you add beside the delivered ones stay, and are no reason for this error.",
    wrong: "\
outputs:
  - {name: frames, codec: png, resolution: 1920x1080, frame_rate: 24, path: my_pictures}
",
    right: "\
outputs:
  - {name: frames, codec: png, resolution: 1920x1080, frame_rate: 24, path: out/frames}
",
    check: report_foreign_files,
};

fn report_foreign_files(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    for place in places_inside_project(production) {
        let origin = place.origin;
        let field = " or `replace: true` in this output";
        report_place(
            findings,
            facts,
            (&place.path, origin),
            &place.subject(),
            field,
        );
    }
    if let Some(path) = passes_path(production) {
        let place = (&*path.value, passes_origin(production));
        report_place(findings, facts, place, "the passes", "");
    }
    let origin = production
        .outputs
        .first()
        .map_or_else(|| passes_origin(production), |output| output.path.origin);
    for path in facts.report_paths(production) {
        let subject = "the report, which goes beside the first deliverable,";
        report_place(findings, facts, (&path, origin), subject, "");
    }
}

fn report_place(
    findings: &mut RuleFindings,
    facts: &ExternalFacts,
    (path, origin): (&Path, FileSpan),
    subject: &str,
    field: &str,
) {
    let Some(problem @ PlaceProblem::NotOurs(_)) = facts.places.get(path) else {
        return;
    };
    // A folder in place of a film has a rule of its own.
    if !problem.can_be_allowed() && facts.outputs.contains_key(path) {
        return;
    }
    let message = format!("{subject} would replace what is at {}", quoted_path(path));
    let shown = path.display().to_string().replace('\\', "/");
    let help = if problem.can_be_allowed() {
        format!("move it away, choose another path, or allow it with `--replace {shown}`{field}")
    } else {
        "move it away, or choose another path".to_owned()
    };
    findings.push(
        findings
            .finding_at(origin, message)
            .with_label(problem.to_string())
            .with_help(help),
    );
}

/// Returns the place of the path of passes; if it is the default, that of the first pass.
fn passes_origin(production: &Production) -> FileSpan {
    let written = production.render.passes_path.origin;
    let first = production
        .shots
        .iter()
        .find_map(|shot| shot.passes.first())
        .map_or(written, |pass| pass.origin);
    if written.is_empty() { first } else { written }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::base::Spanned;
    use crate::model::{ForeignEntry, ForeignKind, PlaceProblem, RenderPass};
    use crate::validate::sample::{only_finding, sample_origin};
    use std::path::PathBuf;

    fn foreign(path: &str, kind: ForeignKind) -> (PathBuf, PlaceProblem) {
        let entry = ForeignEntry {
            path: path.into(),
            kind,
        };
        (path.into(), PlaceProblem::NotOurs(vec![entry]))
    }

    #[test]
    fn a_foreign_film_is_named_with_both_ways_to_allow_it() {
        let found = only_finding(&RULE, |_, facts| {
            facts
                .places
                .extend([foreign("out/film.mp4", ForeignKind::File)]);
        });
        assert_eq!(
            found.message,
            "output `film` would replace what is at `out/film.mp4`"
        );
        assert_eq!(
            found.help.as_deref(),
            Some(
                "move it away, choose another path, or allow it with `--replace out/film.mp4` or \
                 `replace: true` in this output"
            )
        );
        assert_eq!(found.origin, sample_origin(61));
    }

    #[test]
    fn foreign_passes_and_reports_are_found_at_the_fields_that_lead_there() {
        let found = only_finding(&RULE, |production, facts| {
            production.shots[0].passes = vec![Spanned::new(RenderPass::Depth, sample_origin(6))];
            production.render.passes_path = Spanned::new(PathBuf::from("refs"), sample_origin(8));
            facts.places.extend([foreign("refs", ForeignKind::Changed)]);
        });
        assert_eq!(found.origin, sample_origin(8));
        let found = only_finding(&RULE, |_, facts| {
            facts
                .places
                .extend([foreign("out/report.html", ForeignKind::Changed)]);
        });
        assert_eq!(
            found.message,
            "the report, which goes beside the first deliverable, would replace what is at \
             `out/report.html`"
        );
    }
}

//! The credits are long enough to be read.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

/// The share of the time at ease in which a quick reader still reads them: a line of a roll crosses
/// the picture in under three seconds then.
const SHORTEST_SHARE: usize = 3;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::titles::hurried_credits",
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "the credits are long enough to be read",
    explanation: "`for` of the credits is so short that nobody can read them: a line of a roll \
        crosses the picture in under three seconds, or a page is seen for a third of the time that \
        its lines take. Without `for`, credits last as long as they take to read.",
    wrong: "\
credits: {for: 5, sections: [{heading: Cast, names: [Ada Berg, Ole Dahl, Kim Ness]}]}
",
    right: "\
credits: {sections: [{heading: Cast, names: [Ada Berg, Ole Dahl, Kim Ness]}]}
",
    check: report_hurried_credits,
};

fn report_hurried_credits(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let Some(credits) = &production.titles.credits else {
        return;
    };
    let shortest = credits.reading.div_ceil(SHORTEST_SHARE);
    if credits.length >= shortest {
        return;
    }
    let message = format!(
        "the credits last {} frames, in which nobody can read them",
        credits.length
    );
    let help = format!(
        "remove `for`: they last {} frames then; {shortest} are the fewest for a quick reader",
        credits.reading
    );
    let finding = findings.finding_at(credits.origin, message);
    findings.push(finding.with_label("too short to read").with_help(help));
}

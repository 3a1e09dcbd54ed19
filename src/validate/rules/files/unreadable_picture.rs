//! Every picture for light can be decoded. One that is cut short has a rule of its own.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::file_mentions::mentions_by_file;
use crate::validate::file_problems::{FileProblem, report_file_problems};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::files::unreadable_picture",
    // An error: the reader here is the one of the run, so the run would fail as well.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every picture for light can be read",
    explanation: "The picture was opened, and is damaged, too large, or without red, green and \
        blue; the words beside the caret say which. Pictures of up to 16 MiB are decoded whole, of \
        larger ones the header is read. Save it again as Radiance HDR with 32-bit_rle_rgbe, or as \
        OpenEXR with the channels R, G and B.",
    wrong: "\
locations:
  - {name: pier, hdri: assets/grey.exr}
",
    right: "\
locations:
  - {name: pier, hdri: assets/sky.hdr}
",
    check: report_unreadable_pictures,
};

fn report_unreadable_pictures(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    report_file_problems(mentions_by_file(production), findings, |file| {
        let path = &file.asset.path;
        // A picture that ends too soon cannot be decoded either, and that is the better word.
        let why = facts
            .unreadable_pictures
            .get(path)
            .filter(|_| !facts.truncated.contains_key(path))?;
        Some(
            FileProblem::new("cannot be read", why).with_help(
                "save it again as Radiance HDR, or as OpenEXR with R, G and B".to_owned(),
            ),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::file_kind::FileKind;
    use crate::validate::FileFact;
    use crate::validate::sample::{only_finding, sample_asset, set_file_fact};
    use std::path::PathBuf;

    #[test]
    fn a_picture_without_colours_says_so() {
        let found = only_finding(&RULE, |production, facts| {
            production.locations[0].hdri = Some(sample_asset("assets/sky.exr", 21));
            set_file_fact(facts, "assets/sky.exr", FileFact::Holds(FileKind::Exr));
            facts.unreadable_pictures.insert(
                PathBuf::from("assets/sky.exr"),
                "it has no layer with R, G and B".to_owned(),
            );
        });
        assert_eq!(
            found.message,
            "hdri `assets/sky.exr` of location `pier` cannot be read"
        );
        assert_eq!(found.label, "it has no layer with R, G and B");
    }
}

//! Every picture and Blender file is all there. Models are read whole by `unreadable_model`.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::sources::{Problem, by_file, report};
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::files::truncated",
    severity: Severity::Error,
    needs_whole: false,
    summary: "no file that the document names is cut short",
    explanation: "The file begins well and ends too soon, as after an interrupted copy or a render that was \
        stopped. Pictures for light are followed line by line and Blender files block by block, \
        without decoding them. Copy the file again from where it came.",
    wrong: "\
locations:
  - {name: pier, hdri: assets/cut_short.hdr}
",
    right: "\
locations:
  - {name: pier, hdri: assets/sky.hdr}
",
    check,
};

fn check(production: &Production, facts: &Facts, findings: &mut Findings) {
    report(by_file(production), findings, |file| {
        let why = facts.cut.get(&file.asset.path)?;
        Some(
            Problem::new("is cut short", why)
                .help("copy the file again from where it came".to_owned()),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{asset, holds, only};
    use crate::validate::{FileFact, Kind};
    use std::path::PathBuf;

    #[test]
    fn a_picture_that_ends_too_soon_says_where() {
        let found = only(&RULE, |production, facts| {
            production.locations[0].hdri = Some(asset("assets/sky.hdr", 21));
            holds(facts, "assets/sky.hdr", FileFact::Holds(Kind::Hdr));
            facts.cut.insert(
                PathBuf::from("assets/sky.hdr"),
                "ends in line 3 of 9".to_owned(),
            );
        });
        assert_eq!(
            found.message,
            "hdri `assets/sky.hdr` of location `pier` is cut short"
        );
        assert_eq!(found.label, "ends in line 3 of 9");
    }
}

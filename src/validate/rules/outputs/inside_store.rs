//! The store's folder belongs to the store.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::outputs::placed;
use crate::validate::paths::{clash, shown};
use crate::validate::{Facts, Findings, Rule};
use std::path::Path;

pub(super) const RULE: Rule = Rule {
    code: "production::outputs::inside_store",
    severity: Severity::Error,
    needs_whole: false,
    summary: "no output lies in the store",
    explanation: "The folder `.production` belongs to the program, which keeps finished work there and clears \
        it away. Deliver to another folder.",
    wrong: "\
outputs:
  - {name: film, format: streaming_1080p, path: .production/film.mp4}
",
    right: "\
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    for output in placed(production) {
        let path = &output.path.value;
        if clash(path, Path::new(".production")) {
            let message = format!(
                "output `{}` goes to {}, inside the store",
                output.name.value,
                shown(path)
            );
            let found = findings
                .at(output.path.origin, message)
                .with_label("the store keeps its own files there");
            findings.push(found.with_help("deliver to a folder of its own, such as `out`"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::only;
    use std::path::PathBuf;

    #[test]
    fn a_deliverable_in_the_store_is_refused() {
        let found = only(&RULE, |production, _| {
            production.outputs[0].path.value = PathBuf::from(".production/film.mp4");
        });
        assert_eq!(
            found.message,
            "output `film` goes to `.production/film.mp4`, inside the store"
        );
    }
}

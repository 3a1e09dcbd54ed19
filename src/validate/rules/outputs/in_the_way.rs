//! What an output replaces is what it makes: a film replaces a film, a folder of pictures a folder.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::outputs::placed;
use crate::validate::paths::shown;
use crate::validate::{Facts, Findings, Rule, Standing};

pub(super) const RULE: Rule = Rule {
    code: "production::outputs::in_the_way",
    severity: Severity::Error,
    needs_whole: false,
    summary: "no folder lies where a film goes, and no file where pictures go",
    explanation: "Where the film should go there is a folder, or a file where the folder of pictures should \
        go. It is not deleted. Move it away, or choose another path.",
    wrong: "\
outputs:
  - {name: film, format: streaming_1080p, path: folder.mp4}
",
    right: "\
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
",
    check,
};

fn check(production: &Production, facts: &Facts, findings: &mut Findings) {
    for output in placed(production) {
        let path = &output.path.value;
        let (there, wanted) = match (facts.outputs.get(path), output.format.codec.is_sequence()) {
            (Some(Standing::Folder), false) => ("folder", "file"),
            (Some(Standing::File), true) => ("file", "folder"),
            _ => continue,
        };
        let message = format!(
            "a {there} lies at {}, where output `{}` goes",
            shown(path),
            output.name.value
        );
        let found = findings
            .at(output.path.origin, message)
            .with_label(format!("must become a {wanted}"));
        findings.push(found.with_help(format!("move the {there} away, or choose another path")));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::Standing;
    use crate::validate::sample::{nothing, only};
    use std::path::PathBuf;

    #[test]
    fn a_folder_in_the_way_of_a_film_is_told() {
        let found = only(&RULE, |_, facts| {
            facts
                .outputs
                .insert(PathBuf::from("out/film.mp4"), Standing::Folder);
        });
        assert_eq!(
            found.message,
            "a folder lies at `out/film.mp4`, where output `film` goes"
        );
    }

    #[test]
    fn a_film_may_replace_a_film() {
        nothing(|_, facts| {
            facts
                .outputs
                .insert(PathBuf::from("out/film.mp4"), Standing::File);
        });
    }
}

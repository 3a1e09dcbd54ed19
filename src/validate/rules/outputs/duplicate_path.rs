//! Each output has a place to itself: not the same as another's, and not inside a folder that is replaced as a whole.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::outputs::placed;
use crate::validate::paths::{clash, normalized_path, shown};
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::outputs::duplicate_path",
    severity: Severity::Error,
    needs_whole: false,
    summary: "no two outputs share a path, and none lies inside another",
    explanation: "Two outputs would write the same file, or one into the folder of the other, and the last one \
        would win. Give each a path of its own.",
    wrong: "\
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: again, format: streaming_1080p, path: out/film.mp4}
",
    right: "\
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: again, format: streaming_1080p, path: out/again.mp4}
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    let outputs: Vec<_> = placed(production).collect();
    for (at, second) in outputs.iter().enumerate() {
        let path = &second.path.value;
        let Some(first) = outputs[..at]
            .iter()
            .find(|first| clash(&first.path.value, path))
        else {
            continue;
        };
        let (one, other) = (&first.name.value, &second.name.value);
        let message = match normalized_path(&first.path.value) == normalized_path(path) {
            true => format!("outputs `{one}` and `{other}` both go to {}", shown(path)),
            false => format!("of outputs `{one}` and `{other}` one lies inside the other"),
        };
        let found = findings
            .at(second.path.origin, message)
            .with_label("taken")
            .with_related(first.path.origin, format!("by output `{one}`"));
        findings.push(found.with_help("give each output a place beside the others"));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::Codec;
    use crate::validate::sample::{only, origin, output};

    #[test]
    fn two_outputs_in_one_place_are_refused() {
        let found = only(&RULE, |production, _| {
            production
                .outputs
                .push(output("again", "./out/film.mp4", 70))
        });
        assert_eq!(
            found.message,
            "outputs `film` and `again` both go to `./out/film.mp4`"
        );
        assert_eq!(found.related[0].0, origin(61));
    }

    #[test]
    fn an_output_inside_another_is_refused() {
        let found = only(&RULE, |production, _| {
            let mut frames = output("frames", "out", 70);
            frames.format.codec = Codec::Png;
            production.outputs.push(frames);
        });
        assert_eq!(
            found.message,
            "of outputs `film` and `frames` one lies inside the other"
        );
    }
}

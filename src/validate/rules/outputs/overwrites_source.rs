//! Nothing that a production is made from is replaced by what it makes. A picture sequence replaces its whole folder.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::outputs::placed;
use crate::validate::paths::{clash, shown};
use crate::validate::sources::all;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::outputs::overwrites_source",
    severity: Severity::Error,
    needs_whole: false,
    summary: "no output's path is, or holds, a file that the document names",
    explanation: "The output would replace a file that the production is made from, or the folder that holds \
        it. A sequence of pictures replaces its whole folder. Deliver to a folder of its own.",
    wrong: "\
outputs:
  - {name: frames, codec: png, resolution: 1920x1080, frame_rate: 24, path: assets}
",
    right: "\
outputs:
  - {name: frames, codec: png, resolution: 1920x1080, frame_rate: 24, path: out/frames}
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    let sources = all(production);
    for output in placed(production) {
        let path = &output.path.value;
        let Some(source) = sources
            .iter()
            .find(|source| clash(path, &source.asset.path))
        else {
            continue;
        };
        let message = format!(
            "output `{}` would replace {}",
            output.name.value,
            source.words()
        );
        let found = findings
            .at(output.path.origin, message)
            .with_label(format!("{} is not free", shown(path)));
        findings.push(
            found
                .with_related(source.asset.origin, "needed here")
                .with_help("deliver to a folder of its own, such as `out`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::Codec;
    use crate::validate::sample::only;
    use std::path::PathBuf;

    #[test]
    fn a_sequence_into_the_assets_is_refused() {
        let found = only(&RULE, |production, _| {
            production.outputs[0].format.codec = Codec::Png;
            production.outputs[0].path.value = PathBuf::from("assets");
        });
        assert_eq!(
            found.message,
            "output `film` would replace model `assets/mara.glb` of character `mara`"
        );
    }
}

//! Every glTF model can be read.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::sources::by_file;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::files::unreadable_model",
    severity: Severity::Error,
    summary: "every glTF model can be read",
    check,
};

fn check(production: &Production, facts: &Facts, findings: &mut Findings) {
    for file in by_file(production).into_iter().filter(|file| file.first.usage.is_model()) {
        if let Some(Err(why)) = facts.clips.get(&file.first.asset.path) {
            let found =
                findings.at(file.first.asset.origin, format!("{} cannot be read: {why}", file.first.words()));
            findings.push(
                file.mark(
                    found
                        .label("not a usable model")
                        .help("export the model again, with its buffers in one .glb"),
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::only;

    #[test]
    fn a_model_that_cannot_be_read_says_why() {
        let found = only(&RULE, |_, facts| {
            facts.clips.insert("assets/mara.glb".into(), Err("buffer 0 is cut short".to_owned()));
        });
        assert_eq!(
            found.message,
            "model `assets/mara.glb` of character `mara` cannot be read: buffer 0 is cut short"
        );
    }
}

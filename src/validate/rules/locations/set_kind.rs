//! A location's set is of a kind that can be rendered.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::models::report_kinds;
use crate::validate::sources::Use;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::locations::set_kind",
    severity: Severity::Error,
    needs_whole: false,
    summary: "sets are .glb, .gltf or .blend files",
    explanation: "",
    wrong: "",
    right: "",
    check,
};

fn check(production: &Production, facts: &Facts, findings: &mut Findings) {
    report_kinds(Use::Set, production, facts, findings);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{asset, only};

    #[test]
    fn an_obj_set_is_refused() {
        let found =
            only(&RULE, |production, _| production.locations[0].set = Some(asset("assets/pier.obj", 21)));
        assert_eq!(found.message, "set `assets/pier.obj` of location `pier` is of an unsupported kind");
    }
}

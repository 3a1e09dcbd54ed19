//! Passes go to a folder of their own in the project's folder.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::outputs::placed;
use crate::validate::paths::{clash, normalized_path, shown};
use crate::validate::sources::all;
use crate::validate::{Facts, Findings, Rule, Standing};
use std::path::Path;

pub(super) const RULE: Rule = Rule {
    code: "production::render::passes_path",
    severity: Severity::Error,
    needs_whole: false,
    summary: "passes go to a folder of their own in the project's folder",
    explanation: "The folder of passes is replaced as a whole whenever it is delivered. So it lies in the \
        production's folder, outside of the store, and neither holds an output or an asset nor lies in one.",
    wrong: "\
render_settings:
  passes: [depth]
  passes_path: ../passes
",
    right: "\
render_settings:
  passes: [depth]
  passes_path: out/passes
",
    check,
};

fn check(production: &Production, facts: &Facts, findings: &mut Findings) {
    let path = &production.render.passes_path;
    let Some(asked) = production.shots.iter().find_map(|shot| shot.passes.first()) else {
        return;
    };
    if path.is_placeholder {
        return;
    }
    // A path that nobody wrote is told where passes are asked for.
    let place = if path.origin.is_empty() {
        asked.origin
    } else {
        path.origin
    };
    if let Some((message, label)) = fault(production, facts, &path.value) {
        let found = findings.at(place, message).with_label(label);
        findings
            .push(found.with_help("give `passes_path` a folder of its own, such as `out/passes`"));
    }
}

fn fault(production: &Production, facts: &Facts, path: &Path) -> Option<(String, &'static str)> {
    let at = shown(path);
    let standing = facts.outputs.get(path);
    let is_outside = normalized_path(path).is_none_or(|place| place.as_os_str().is_empty());
    if is_outside || standing == Some(&Standing::Outside) {
        return Some((
            format!("passes go to {at}, which is no folder inside the production's"),
            "must lie inside",
        ));
    }
    if clash(path, Path::new(".production")) {
        return Some((
            format!("passes go to {at}, inside the store"),
            "the store keeps its own files there",
        ));
    }
    if standing == Some(&Standing::File) {
        return Some((
            format!("a file lies at {at}, where passes go"),
            "must become a folder",
        ));
    }
    if let Some(output) = placed(production).find(|output| clash(path, &output.path.value)) {
        let message = format!(
            "passes and output `{}` go to the same place, {at}",
            output.name.value
        );
        return Some((message, "taken by an output"));
    }
    let source = all(production)
        .into_iter()
        .find(|source| clash(path, &source.asset.path))?;
    Some((
        format!("passes would replace {}", source.words()),
        "not free",
    ))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::base::Spanned;
    use crate::model::{Production, RenderPass};
    use crate::validate::Standing;
    use crate::validate::sample::{nothing, only, origin};
    use std::path::PathBuf;

    fn ask(production: &mut Production, path: &str) {
        production.shots[0].passes = vec![Spanned::new(RenderPass::Depth, origin(6))];
        production.render.passes_path = Spanned::new(PathBuf::from(path), origin(8));
    }

    #[test]
    fn passes_lie_in_a_folder_of_their_own() {
        for (path, message) in [
            (
                "../passes",
                "passes go to `../passes`, which is no folder inside the production's",
            ),
            (
                ".production/passes",
                "passes go to `.production/passes`, inside the store",
            ),
            (
                "out",
                "passes and output `film` go to the same place, `out`",
            ),
            (
                "assets",
                "passes would replace model `assets/mara.glb` of character `mara`",
            ),
        ] {
            let found = only(&RULE, |production, _| ask(production, path));
            assert_eq!((found.message.as_str(), found.origin), (message, origin(8)));
        }
    }

    #[test]
    fn a_file_in_the_way_is_told_where_passes_are_asked_for_when_no_path_is_written() {
        let found = only(&RULE, |production, facts| {
            ask(production, "deliverables/passes");
            production.render.passes_path.origin = crate::base::FileSpan::default();
            facts
                .outputs
                .insert(PathBuf::from("deliverables/passes"), Standing::File);
        });
        assert_eq!(found.origin, origin(6));
    }

    #[test]
    fn a_path_without_passes_is_not_looked_at() {
        nothing(|production, _| production.render.passes_path.value = PathBuf::from("../passes"));
    }
}

//! Every file is what its extension says.

use crate::base::Severity;
use crate::model::Production;
use crate::model::production::AssetRef;
use crate::validate::sources::{Problem, by_file, report};
use crate::validate::{Facts, FileFact, Findings, Kind, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::files::unreadable_kind",
    severity: Severity::Error,
    needs_whole: false,
    summary: "every file begins as files of its extension do",
    explanation: "The first bytes of a file say what it is, and they do not agree with its extension. It may \
        be renamed, be a web page that says the download failed, or be the stand-in that Git LFS \
        leaves for a file that was not fetched.",
    wrong: "\
characters:
  - {name: mara, model: assets/text.glb}
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
",
    check,
};

fn check(production: &Production, facts: &Facts, findings: &mut Findings) {
    report(by_file(production), findings, |file| {
        let FileFact::Holds(kind) = *facts.of(file.asset)? else {
            return None;
        };
        let (problem, help) = match (kind, expected(file.asset)) {
            (Kind::LfsPointer, _) => (
                "was not fetched from Git LFS",
                "run `git lfs pull`".to_owned(),
            ),
            (_, Some((wanted, problem))) if kind != wanted => (problem, advice(kind)),
            _ => return None,
        };
        Some(Problem::new(problem, "not what its name says").help(help))
    });
}

/// Returns the kind that a file's extension promises, and the words for a broken promise.
fn expected(asset: &AssetRef) -> Option<(Kind, &'static str)> {
    let kinds = [
        ("glb", Kind::Glb, "is not a binary glTF file"),
        ("gltf", Kind::Json, "is not a glTF file in JSON"),
        ("hdr", Kind::Hdr, "is not a Radiance HDR picture"),
        ("exr", Kind::Exr, "is not an OpenEXR picture"),
        ("blend", Kind::Blend, "is not a Blender file"),
    ];
    let known = kinds
        .into_iter()
        .find(|(extension, _, _)| asset.has_extension(extension));
    known.map(|(_, kind, problem)| (kind, problem))
}

/// Says what the file is instead, or how to get the right one.
fn advice(kind: Kind) -> String {
    let actual = match kind {
        Kind::Glb => "a binary glTF file: call it .glb",
        Kind::Json => "a JSON file: glTF in JSON is called .gltf",
        Kind::Hdr => "a Radiance HDR picture: call it .hdr",
        Kind::Exr => "an OpenEXR picture: call it .exr",
        Kind::Blend => "a Blender or compressed file",
        Kind::LfsPointer | Kind::Other => return "export or download the file again".to_owned(),
    };
    format!("it is {actual}")
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::FileFact;
    use crate::validate::Kind;
    use crate::validate::sample::{holds, only};

    #[test]
    fn a_model_of_another_kind_is_named() {
        let found = only(&RULE, |_, facts| {
            holds(facts, "assets/mara.glb", FileFact::Holds(Kind::Json))
        });
        assert_eq!(
            found.message,
            "model `assets/mara.glb` of character `mara` is not a binary glTF file"
        );
        assert_eq!(
            found.help.as_deref(),
            Some("it is a JSON file: glTF in JSON is called .gltf")
        );
    }

    #[test]
    fn a_pointer_of_git_lfs_is_to_be_fetched() {
        let found = only(&RULE, |_, facts| {
            holds(facts, "assets/mara.glb", FileFact::Holds(Kind::LfsPointer))
        });
        assert_eq!(found.help.as_deref(), Some("run `git lfs pull`"));
    }
}

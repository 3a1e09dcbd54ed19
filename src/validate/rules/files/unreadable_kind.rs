//! Every file is what its extension says.

use crate::base::Severity;
use crate::model::Production;
use crate::model::production::Asset;
use crate::validate::sources::by_file;
use crate::validate::{Facts, Findings, Rule};
use crate::validate::{FileFact, Kind};

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
    for file in by_file(production) {
        let asset = file.first.asset;
        let Some(FileFact::Holds(kind)) = facts.files.get(&asset.path) else { continue };
        let (problem, help) = match (kind, expected(asset)) {
            (Kind::LfsPointer, _) => ("was not fetched from Git LFS", "run `git lfs pull`".to_owned()),
            (kind, Some((wanted, name))) if *kind != wanted => {
                let help = actual(*kind).map_or("export or download the file again".to_owned(), |actual| {
                    format!("it is {actual}")
                });
                (name, help)
            }
            _ => continue,
        };
        let found = findings.at(asset.origin, format!("{} {problem}", file.first.words()));
        findings.push(file.mark(found.label("not what its name says").help(help)));
    }
}

/// Returns the kind that a file's extension promises, and the words for a broken promise.
fn expected(asset: &Asset) -> Option<(Kind, &'static str)> {
    let kinds = [
        ("glb", Kind::Glb, "is not a binary glTF file"),
        ("gltf", Kind::Json, "is not a glTF file in JSON"),
        ("hdr", Kind::Hdr, "is not a Radiance HDR picture"),
        ("exr", Kind::Exr, "is not an OpenEXR picture"),
        ("blend", Kind::Blend, "is not a Blender file"),
    ];
    let known = kinds.into_iter().find(|(extension, _, _)| asset.has_extension(extension));
    known.map(|(_, kind, problem)| (kind, problem))
}

fn actual(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Glb => Some("a binary glTF file: call it .glb"),
        Kind::Json => Some("a JSON file: glTF in JSON is called .gltf"),
        Kind::Hdr => Some("a Radiance HDR picture: call it .hdr"),
        Kind::Exr => Some("an OpenEXR picture: call it .exr"),
        Kind::Blend => Some("a Blender or compressed file"),
        Kind::LfsPointer | Kind::Other => None,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::FileFact;
    use crate::validate::Kind;
    use crate::validate::sample::{holds, only};

    #[test]
    fn a_model_of_another_kind_is_named() {
        let found = only(&RULE, |_, facts| holds(facts, "assets/mara.glb", FileFact::Holds(Kind::Json)));
        assert_eq!(found.message, "model `assets/mara.glb` of character `mara` is not a binary glTF file");
        assert_eq!(found.help.as_deref(), Some("it is a JSON file: glTF in JSON is called .gltf"));
    }

    #[test]
    fn a_pointer_of_git_lfs_is_to_be_fetched() {
        let found =
            only(&RULE, |_, facts| holds(facts, "assets/mara.glb", FileFact::Holds(Kind::LfsPointer)));
        assert_eq!(found.help.as_deref(), Some("run `git lfs pull`"));
    }
}

//! Every file begins as its extension promises.

use crate::base::Severity;
use crate::model::Production;
use crate::model::file_kind::FileKind;
use crate::model::production::AssetRef;
use crate::validate::file_mentions::mentions_by_file;
use crate::validate::file_problems::{FileProblem, report_file_problems};
use crate::validate::{ExternalFacts, FileFact, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::files::unreadable_kind",
    // An error: readers choose the format by the extension.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every file begins as files of its extension do",
    explanation: "The first bytes of a file say what it is, and they do not agree with its \
        extension. It may be renamed, be a web page that says the download failed, or be the \
        stand-in that Git LFS leaves for a file that was not fetched.",
    wrong: "\
characters:
  - {name: mara, model: assets/text.glb}
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
",
    check: report_mismatched_kinds,
};

fn report_mismatched_kinds(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    report_file_problems(mentions_by_file(production), findings, |file| {
        let FileFact::Holds(kind) = *facts.file_fact(file.asset)? else {
            return None;
        };
        let (problem, help) = match (kind, expected_kind(file.asset)) {
            // Git LFS comes first: the stand-in is text, and any other advice would send the author
            // to the wrong remedy.
            (FileKind::LfsPointer, _) => (
                "was not fetched from Git LFS",
                "run `git lfs pull`".to_owned(),
            ),
            (_, Some((wanted, problem))) if kind != wanted => (problem, kind_advice(kind)),
            _ => return None,
        };
        Some(FileProblem::new(problem, "not what its name says").with_help(help))
    });
}

/// Returns the kind that the extension promises, and the message for a file of another kind.
fn expected_kind(asset: &AssetRef) -> Option<(FileKind, &'static str)> {
    // Extensions that are not listed have no signature, such as .fountain, or a rule of their own.
    let kinds = [
        ("glb", FileKind::Glb, "is not a binary glTF file"),
        (
            "vrm",
            FileKind::Glb,
            "is not a VRM file, which is a binary glTF file",
        ),
        ("gltf", FileKind::Json, "is not a glTF file in JSON"),
        ("hdr", FileKind::Hdr, "is not a Radiance HDR picture"),
        ("exr", FileKind::Exr, "is not an OpenEXR picture"),
        ("blend", FileKind::Blend, "is not a Blender file"),
    ];
    let known = kinds
        .into_iter()
        .find(|(extension, _, _)| asset.has_extension(extension));
    known.map(|(_, kind, problem)| (kind, problem))
}

/// Returns what the file is instead, or how to get the right one.
fn kind_advice(kind: FileKind) -> String {
    let actual = match kind {
        FileKind::Glb => "a binary glTF file: call it .glb",
        FileKind::Json => "a JSON file: glTF in JSON is called .gltf",
        FileKind::Hdr => "a Radiance HDR picture: call it .hdr",
        FileKind::Exr => "an OpenEXR picture: call it .exr",
        FileKind::Blend => "a Blender or compressed file",
        FileKind::Office(format) => format.noun(),
        FileKind::Png
        | FileKind::Jpeg
        | FileKind::Tiff
        | FileKind::LfsPointer
        | FileKind::Other => {
            return "export or download the file again".to_owned();
        }
    };
    format!("it is {actual}")
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::file_kind::FileKind;
    use crate::validate::FileFact;
    use crate::validate::sample::{only_finding, set_file_fact};

    #[test]
    fn a_model_of_another_kind_is_named() {
        let found = only_finding(&RULE, |_, facts| {
            set_file_fact(facts, "assets/mara.glb", FileFact::Holds(FileKind::Json));
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
        let found = only_finding(&RULE, |_, facts| {
            set_file_fact(
                facts,
                "assets/mara.glb",
                FileFact::Holds(FileKind::LfsPointer),
            );
        });
        assert_eq!(found.help.as_deref(), Some("run `git lfs pull`"));
    }
}

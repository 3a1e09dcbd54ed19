//! Every file that the document names exists.

use crate::base::Severity;
use crate::base::foreign_path::ForeignPath;
use crate::base::suggestions::{SearchAllowance, nearest_match};
use crate::model::Production;
use crate::validate::file_mentions::mentions_by_file;
use crate::validate::file_problems::{FileProblem, report_file_problems};
use crate::validate::{ExternalFacts, FileFact, RuleFindings, ValidationRule};
use std::path::Path;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::files::missing",
    // An error before the run: a job that needs the file would fail in the middle of the night.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every file that the document names exists",
    explanation: "Paths start at the folder of the document, and use forward slashes on every \
        system. Capitals count on most machines that render, so `Mara.glb` and `mara.glb` are two \
        files.",
    wrong: "\
characters:
  - {name: mara, model: assets/mraa.glb}
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
",
    check: report_missing_files,
};

fn report_missing_files(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let allowance = SearchAllowance::default();
    report_file_problems(mentions_by_file(production), findings, |file| {
        let FileFact::Missing { neighbours } = facts.file_fact(file.asset)? else {
            return None;
        };
        // `files::outside_project` says what is wrong with `~/mara.glb`.
        if file
            .asset
            .path
            .to_str()
            .and_then(ForeignPath::find)
            .is_some()
        {
            return None;
        }
        let neighbours = neighbours.as_deref().map(Vec::as_slice);
        let help = missing_file_help(&file.asset.path, neighbours, &allowance);
        Some(FileProblem::new("does not exist", "no such file").with_help(help))
    });
}

/// Returns the nearest name in the folder, else the names in the folder, else that there is no
/// folder.
fn missing_file_help(
    path: &Path,
    neighbours: Option<&[String]>,
    allowance: &SearchAllowance,
) -> Option<String> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let place = folder.map_or_else(
        || "the production's folder".to_owned(),
        |folder| format!("`{}`", folder.display()),
    );
    let Some(neighbours) = neighbours else {
        return Some(format!("there is no folder {place}"));
    };
    let wanted = path.file_name()?.to_string_lossy();
    // A likely spelling comes first: the full list buries it.
    let near = allowance.search(|| nearest_match(&wanted, neighbours.iter().map(String::as_str)));
    if let Some(near) = near {
        let near = folder.map_or_else(|| near.into(), |folder| folder.join(near));
        return Some(format!("did you mean `{}`?", near.display()));
    }
    match neighbours.len() {
        0 => Some(format!("{place} is empty")),
        // Twelve names fit on a line or two. A longer list helps nobody.
        1..=12 => Some(format!("{place} has {}", neighbours.join(", "))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::FileFact;
    use crate::validate::sample::{only_finding, sample_asset, sample_origin, set_file_fact};

    #[test]
    fn a_missing_file_offers_the_nearest_in_its_folder() {
        let found = only_finding(&RULE, |_, facts| {
            let neighbours = Some(std::sync::Arc::new(vec![
                "ilya.glb".to_owned(),
                "mara2.glb".to_owned(),
            ]));
            set_file_fact(facts, "assets/mara.glb", FileFact::Missing { neighbours });
        });
        assert_eq!(
            found.message,
            "model `assets/mara.glb` of character `mara` does not exist"
        );
        assert_eq!(
            found.help.as_deref(),
            Some("did you mean `assets/mara2.glb`?")
        );
    }

    #[test]
    fn a_missing_folder_is_named() {
        let found = only_finding(&RULE, |_, facts| {
            set_file_fact(
                facts,
                "assets/mara.glb",
                FileFact::Missing { neighbours: None },
            );
        });
        assert_eq!(found.help.as_deref(), Some("there is no folder `assets`"));
    }

    #[test]
    fn a_file_named_twice_is_reported_once() {
        let found = only_finding(&RULE, |production, facts| {
            production.locations[0].set = Some(sample_asset("assets/mara.glb", 22));
            set_file_fact(
                facts,
                "assets/mara.glb",
                FileFact::Missing {
                    neighbours: Some(std::sync::Arc::default()),
                },
            );
        });
        assert_eq!(found.related[0].0, sample_origin(22));
        assert_eq!(found.help.as_deref(), Some("`assets` is empty"));
    }
}

//! No two outputs share a path, and none is inside another.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::output_queries::{OutputPlace, places_inside_project};
use crate::validate::path_tree::PathTree;
use crate::validate::project_paths::{merged_path, normalized_path, paths_overlap, quoted_path};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::BTreeSet;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::outputs::duplicate_path",
    // An error: the last output would overwrite the others without a trace.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "no two outputs share a path, and none is inside another",
    explanation: "Two outputs would write the same file, or one into the folder of the other, and \
        the last one would win. Give each a path of its own. Paths that differ only in the case of \
        letters, such as `out/Harbour.mov` and `out/harbour.mov`, are one file on many disks, and a \
        production is moved between disks.",
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
    check: report_duplicate_output_paths,
};

fn report_duplicate_output_paths(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let places = places_inside_project(production);
    let mut earlier = PathTree::default();
    let mut merged = BTreeSet::new();
    for (index, second) in places.iter().enumerate() {
        // On many disks `Film.mp4` and `film.mp4` are one file.
        let path = merged_path(&second.path);
        // A sequence replaces its whole folder when it is published, so a film inside that folder
        // would be lost.
        let overlap = earlier.first_overlap(&path);
        earlier.insert(&path, index);
        let Some(first) = overlap.and_then(|first| places.get(first)) else {
            continue;
        };
        if first.entry == second.entry && paths_overlap(&first.path, &second.path) {
            report_one_path_for_all(first, production, &mut merged, findings);
            continue;
        }
        let finding = findings
            .finding_at(second.origin, overlap_message(first, second))
            .with_label("taken")
            .with_related(first.origin, format!("by {}", first.subject()));
        findings.push(finding.with_help("give each output a place beside the others"));
    }
}

fn overlap_message(first: &OutputPlace<'_>, second: &OutputPlace<'_>) -> String {
    let path = quoted_path(&second.path);
    if !paths_overlap(&first.path, &second.path) {
        return format!(
            "{} and {} have paths that are one on many disks, where capital and small letters are \
             alike: {} and {path}",
            second.subject(),
            first.subject(),
            quoted_path(&first.path)
        );
    }
    let is_same = normalized_path(&first.path) == normalized_path(&second.path);
    if first.is_sound() || second.is_sound() {
        let relation = if is_same {
            format!("have the same path {path}")
        } else {
            "are one inside the other".to_owned()
        };
        return format!("{} and {} {relation}", second.subject(), first.subject());
    }
    let first_name = first.name;
    let second_name = second.name;
    if is_same {
        format!("outputs `{first_name}` and `{second_name}` have the same path {path}")
    } else {
        format!("one of the outputs `{first_name}` and `{second_name}` is inside the other")
    }
}

/// Reports that the shots of one entry have one path, once for the entry.
fn report_one_path_for_all(
    place: &OutputPlace<'_>,
    production: &Production,
    merged: &mut BTreeSet<usize>,
    findings: &mut RuleFindings,
) {
    if !merged.insert(place.entry) {
        return;
    }
    let siblings = production.outputs.iter();
    let count = siblings.filter(|other| other.entry == place.entry).count();
    let message = format!(
        "{count} shots would be written to the one path {}",
        quoted_path(&place.path)
    );
    let finding = findings
        .finding_at(place.origin, message)
        .with_label("the same for every shot");
    findings.push(finding.with_help("write `${shot}` in the path, or a folder that ends with `/`"));
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::Codec;
    use crate::model::production::Output;
    use crate::model::sound::OutputSound;
    use crate::validate::sample::{
        only_finding, sample_origin, sample_output, sample_output_sound,
    };

    #[test]
    fn two_outputs_in_one_place_are_refused() {
        let found = only_finding(&RULE, |production, _| {
            production
                .outputs
                .push(sample_output("again", "./out/film.mp4", 70));
        });
        assert_eq!(
            found.message,
            "outputs `film` and `again` have the same path `./out/film.mp4`"
        );
        assert_eq!(found.related[0].0, sample_origin(61));
    }

    #[test]
    fn shots_whose_names_differ_only_in_case_need_other_paths() {
        let found = only_finding(&RULE, |production, _| {
            let shot = |name: &str, path: &str| Output {
                entry: 0,
                ..sample_output(name, path, 61)
            };
            production.outputs = vec![
                shot("film_lamp", "out/lamp.mp4"),
                shot("film_Lamp", "out/Lamp.mp4"),
            ];
        });
        assert_eq!(
            found.message,
            "output `film_Lamp` and output `film_lamp` have paths that are one on many disks, where \
             capital and small letters are alike: `out/lamp.mp4` and `out/Lamp.mp4`"
        );
    }

    fn with_sound(mut output: Output) -> Output {
        output.sound = Some(OutputSound {
            stems: true,
            wav: true,
            ..sample_output_sound()
        });
        output
    }

    #[test]
    fn sound_beside_two_outputs_in_one_place_is_refused() {
        let found = only_finding(&RULE, |production, _| {
            let first = with_sound(production.outputs[0].clone());
            production.outputs[0] = first;
            let mut master = with_sound(sample_output("master", "out/film.mov", 70));
            master.format.codec = Codec::Prores422;
            if let Some(sound) = &mut master.sound {
                sound.stems = false;
            }
            production.outputs.push(master);
        });
        assert_eq!(
            found.message,
            "the WAV file of output `master` and the WAV file of output `film` have the same path `out/film.wav`"
        );
        assert_eq!(found.related[0].0, sample_origin(61));
    }

    #[test]
    fn an_output_inside_another_is_refused() {
        let found = only_finding(&RULE, |production, _| {
            let mut frames = sample_output("frames", "out", 70);
            frames.format.codec = Codec::Png;
            production.outputs.push(frames);
        });
        assert_eq!(
            found.message,
            "one of the outputs `film` and `frames` is inside the other"
        );
    }
}

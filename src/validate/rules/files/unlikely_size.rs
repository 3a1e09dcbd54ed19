//! Models of characters and props have a size that such things have.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::file_mentions::{FileUsage, mentions_by_import};
use crate::validate::file_problems::{FileProblem, report_file_problems};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::files::unlikely_size",
    // A warning: a film may be about a giant.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "models of characters and props have a size that such things have",
    explanation: "glTF is in metres. A file that a program wrote in centimetres or millimetres is \
        100 or 1000 times too large, and one that was scaled on the way may be as much too small. \
        Beside such a model everyone else is a dot, or it is. A character is between 5 cm and \
        20 m, a prop between 3 mm and 200 m. `scale: 0.01` in the entry makes metres of \
        centimetres, `scale: 0.001` of millimetres. Or set the unit of the program that exports to \
        metres.",
    wrong: "\
characters:
  - {name: mara, model: assets/centimetres.gltf}
",
    right: "\
characters:
  - {name: mara, model: assets/centimetres.gltf, scale: 0.01}
",
    check: report_unlikely_sizes,
};

const METRE: u64 = 1_000_000;

fn report_unlikely_sizes(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    // A file may be another size in each of its entries, so each import of it has its own finding.
    report_file_problems(mentions_by_import(production), findings, |file| {
        let side = *facts.longest_sides.get(&file.asset.path)?;
        let side = scaled(side, file.asset.size_factor());
        let likely = match file.usage {
            FileUsage::Character => METRE / 20..=20 * METRE,
            FileUsage::Prop => METRE * 3 / 1000..=200 * METRE,
            // A set may be a table or a country.
            _ => return None,
        };
        // A model without a size has its own finding.
        if side == 0 || likely.contains(&side) {
            return None;
        }
        let message = format!("is {} long on its longest side", length_text(side));
        let (label, help) = match file.asset.mend.scale {
            Some(scale) => {
                let label = format!("with `scale: {scale}`");
                (label, "change `scale`, or leave it out".to_owned())
            }
            None if side > METRE => (
                "its file may be in centimetres or millimetres".to_owned(),
                unit_help(side, likely.contains(&(side / 100))),
            ),
            None => (
                "it may have been scaled down when it was exported".to_owned(),
                "glTF is in metres; write `scale: 100` or another factor in this entry, or export \
                 it to its size"
                    .to_owned(),
            ),
        };
        Some(FileProblem::new(message, label).with_help(help))
    });
}

/// Returns what mends a model that is too large. In centimetres it may be as large as it should be.
fn unit_help(side: u64, fits_centimetres: bool) -> String {
    let (factor, unit) = if fits_centimetres {
        (100, "centimetres")
    } else {
        (1000, "millimetres")
    };
    let size = length_text(side / factor);
    let scale = if factor == 100 { "0.01" } else { "0.001" };
    format!("write `scale: {scale}` in this entry if it is in {unit}; it is then {size} long")
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates"
)]
fn scaled(micrometres: u64, factor: f32) -> u64 {
    (micrometres as f64 * f64::from(factor)) as u64
}

/// Returns a length of micrometres in a unit that suits it, with one digit behind the point.
fn length_text(micrometres: u64) -> String {
    let (unit, name) = match micrometres {
        METRE.. => (METRE, "m"),
        10_000.. => (10_000, "cm"),
        _ => (1000, "mm"),
    };
    let tenths = micrometres * 10 / unit;
    format!("{}.{} {name}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::{RULE, length_text};
    use crate::validate::sample::{assert_no_findings, only_finding};

    #[test]
    fn a_giant_is_reported_with_the_likely_cause() {
        let found = only_finding(&RULE, |_, facts| {
            let size = 175_000_000;
            facts.longest_sides.insert("assets/mara.glb".into(), size);
        });
        assert_eq!(
            found.message,
            "model `assets/mara.glb` of character `mara` is 175.0 m long on its longest side"
        );
        assert_eq!(found.label, "its file may be in centimetres or millimetres");
    }

    #[test]
    fn the_size_after_the_mend_is_what_counts() {
        let found = only_finding(&RULE, |production, facts| {
            facts
                .longest_sides
                .insert("assets/mara.glb".into(), 175_000_000);
            let model = production.characters[0].model.as_mut().unwrap();
            model.mend.scale = Some(0.0001);
        });
        assert_eq!(found.label, "with `scale: 0.0001`");
        assert!(found.message.contains("1.7 cm long"), "{}", found.message);
        assert_no_findings(|production, facts| {
            facts
                .longest_sides
                .insert("assets/mara.glb".into(), 175_000_000);
            let model = production.characters[0].model.as_mut().unwrap();
            model.mend.scale = Some(0.01);
        });
    }

    #[test]
    fn the_help_names_the_scale_that_fits() {
        let help = |side: u64| {
            let found = only_finding(&RULE, |_, facts| {
                facts.longest_sides.insert("assets/mara.glb".into(), side);
            });
            found.help.unwrap()
        };
        let centimetres = help(175_000_000);
        assert!(centimetres.contains("`scale: 0.01`") && centimetres.contains("1.7 m long"));
        assert!(help(5_000_000_000).contains("`scale: 0.001`"));
    }

    #[test]
    fn people_of_every_size_are_likely() {
        for size in [50_000, 1_750_000, 20_000_000] {
            assert_no_findings(|_, facts| {
                facts.longest_sides.insert("assets/mara.glb".into(), size);
            });
        }
    }

    #[test]
    fn lengths_have_a_unit_that_suits_them() {
        assert_eq!(length_text(1_900), "1.9 mm");
        assert_eq!(length_text(45_000), "4.5 cm");
        assert_eq!(length_text(2_340_000), "2.3 m");
    }
}

//! A frame of a sprite sheet has a size that a figure can be drawn in.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

/// A figure in fewer pixels is a dot.
const SMALLEST_SIDE: u32 = 8;
/// All frames of a sheet are in memory while it is packed.
const LARGEST_SIDE: u32 = 2048;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::sprites::bad_cell",
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "the cell of a sprite sheet is from 8 to 2048 pixels wide and tall",
    explanation: "The cell is the size of one frame before it is trimmed. In fewer than 8 pixels \
        nothing can be told apart, and larger pictures than 2048 are no sprites: deliver them as a \
        sequence. Whether a figure fits into the cell at a given `pixels_per_metre` is known when \
        its model is read.",
    wrong: "\
outputs:
  - {name: sheet, format: sprite_sheet, path: out/sheet.png, sprites: {character: mara, clips: walk, cell: 4x4}}
",
    right: "\
outputs:
  - {name: sheet, format: sprite_sheet, path: out/sheet.png, sprites: {character: mara, clips: walk, cell: 48x64}}
",
    check: report_bad_cells,
};

fn report_bad_cells(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for sheet in &production.sprites {
        let cell = sheet.cell.value;
        let range = SMALLEST_SIDE..=LARGEST_SIDE;
        if range.contains(&cell.width) && range.contains(&cell.height) {
            continue;
        }
        let message = format!(
            "a cell of {cell} is too {} for sprites",
            if cell.width.min(cell.height) < SMALLEST_SIDE {
                "small"
            } else {
                "large"
            }
        );
        let finding = findings
            .finding_at(sheet.cell.origin, message)
            .with_label("not a size of sprites");
        let help = format!("write sides from {SMALLEST_SIDE} to {LARGEST_SIDE}, such as `64x64`");
        findings.push(finding.with_help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::PixelSize;
    use crate::validate::sample::{assert_no_findings, only_finding, sample_sheet};

    #[test]
    fn cells_that_are_too_small_or_too_large_are_refused() {
        for (size, word) in [([7, 64], "small"), ([64, 2049], "large")] {
            let found = only_finding(&RULE, |production, _| {
                let mut sheet = sample_sheet("sheet", 70);
                sheet.cell.value = PixelSize::new(size[0], size[1]);
                production.sprites.push(sheet);
            });
            assert!(found.message.contains(word), "{}", found.message);
        }
    }

    #[test]
    fn the_ends_of_the_range_are_sizes_of_sprites() {
        assert_no_findings(|production, _| {
            let mut sheet = sample_sheet("sheet", 70);
            sheet.cell.value = PixelSize::new(8, 2048);
            production.sprites.push(sheet);
        });
    }
}

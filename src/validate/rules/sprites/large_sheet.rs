//! A grid of sprites is not larger than graphics devices take.

use crate::base::Severity;
use crate::model::Production;
use crate::model::sprites::MAX_SHEET_SIDE;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::sprites::large_sheet",
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "no side of a sprite sheet is longer than 8192 pixels",
    explanation: "Graphics devices of phones take textures of at most 8192 pixels. A sheet that is \
        not trimmed is a grid with a column for each frame of its longest clip, and a row for each \
        clip and direction. A trimmed one is smaller, and its size is known when it is packed.",
    wrong: "\
outputs:
  - name: sheet
    format: sprite_sheet
    path: out/sheet.png
    sprites: {character: mara, clips: [{clip: walk, frames: 40}], cell: 256x256, trim: false}
",
    right: "\
outputs:
  - name: sheet
    format: sprite_sheet
    path: out/sheet.png
    sprites: {character: mara, clips: [{clip: walk, frames: 8}], cell: 256x256, trim: false}
",
    check: report_large_sheets,
};

fn report_large_sheets(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for sheet in production.sprites.iter().filter(|sheet| !sheet.trim) {
        let Some(size) = sheet.grid_size() else {
            continue;
        };
        if size.width.max(size.height) <= MAX_SHEET_SIDE {
            continue;
        }
        let message = format!(
            "sprite sheet `{}` would be {size}, and {MAX_SHEET_SIDE} pixels is the longest side",
            sheet.name.value
        );
        let finding = findings
            .finding_at(sheet.cell.origin, message)
            .with_label("too large for a texture");
        findings.push(finding.with_help(
            "write a smaller `cell`, fewer frames or directions, or leave `trim: false` out",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::PixelSize;
    use crate::model::sprites::ClipSampling;
    use crate::validate::sample::{assert_no_findings, only_finding, sample_sheet};

    #[test]
    fn a_grid_larger_than_a_texture_is_refused() {
        let found = only_finding(&RULE, |production, _| {
            let mut sheet = sample_sheet("sheet", 70);
            sheet.trim = false;
            sheet.cell.value = PixelSize::new(512, 512);
            sheet.clips[0].drawn.sampling = ClipSampling::Frames(17);
            production.sprites.push(sheet);
        });
        assert!(found.message.contains("8736x512"), "{}", found.message);
    }

    #[test]
    fn what_is_trimmed_is_measured_when_it_is_packed() {
        assert_no_findings(|production, _| {
            let mut sheet = sample_sheet("sheet", 70);
            sheet.cell.value = PixelSize::new(512, 512);
            sheet.clips[0].drawn.sampling = ClipSampling::Frames(1000);
            production.sprites.push(sheet);
        });
    }
}

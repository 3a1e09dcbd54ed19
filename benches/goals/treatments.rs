//! Treatments: a long one is read and planned.

use production::base::{Diagnostics, SourceMap};
use production::document::draft::ProfileDraft;
use production::treatment::{
    ProfileFacts, TreatmentFormat, TreatmentOptions, parse_treatment, plan_treatment,
    treatment_text, write_production,
};
use std::fmt::Write as _;
use std::path::Path;

/// Reads and plans a treatment of so many pages, writes the document, and prints how large it is. A
/// page has 3,000 characters.
pub(crate) fn plan(pages: usize) {
    let text = long_treatment(pages);
    let mut sources = SourceMap::default();
    let mut found = Diagnostics::default();
    let path = Path::new("long.md");
    let format = TreatmentFormat::Markdown;
    let text = treatment_text(path, text.as_bytes(), format, &mut sources, &mut found).unwrap();
    let treatment = parse_treatment(&text, &mut found);
    let profile = ProfileFacts::from_draft("usual", &ProfileDraft::default());
    let plan = plan_treatment(
        &treatment,
        &profile,
        &TreatmentOptions::default(),
        &mut found,
    )
    .unwrap();
    let icons = production::model::graphics::IconWords::default();
    let document = write_production(&plan, "long.md", None, &icons, &mut found);
    println!(
        "{} {} {}",
        plan.scenes.len(),
        plan.jobs.len(),
        document.text.len()
    );
}

fn long_treatment(pages: usize) -> String {
    let mut text = "# A long film\n\nPlatform: YouTube\n\n".to_owned();
    let mut scene = 0;
    while text.len() < pages * 3000 {
        scene += 1;
        write!(
            text,
            "## Scene {scene}: Part {scene} of the story\n\n**Narration:** The bees of hive {scene} dance in the \
             dark, and the others read the dance with their feelers until they know where the flowers are.\n\
             **Visual:** Close-up of a bee in hive {scene}, slow pan\n**Effect:** crossfade\n\n\
             | Year | Honey |\n|---|---|\n| 2019 | {scene} kg |\n| 2020 | 14 kg |\n\n- One point\n- Another point\n\n"
        )
        .unwrap();
    }
    text
}

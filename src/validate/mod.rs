//! Proof that a production can run: rules over the resolved production and over what is known of the outside.
//!
//! Owns the rules, one a file, and [`CheckedProduction`], which only this room can make. A rule reads plain data: the outside is
//! asked once, in [`ExternalFacts`], so rules do no I/O and every rule can be shown in a test without a disk. A new rule is a
//! file under `rules/<area>/` named like the last part of its code, and a line in that area's table. Knows nothing of
//! YAML or of how a finding is drawn.

mod checked_production;
mod cuts;
mod external_facts;
mod file_facts;
mod file_mentions;
mod file_problems;
mod inspect;
mod model_files;
mod name_checks;
mod output_queries;
mod picture_limits;
mod project_paths;
mod rule;
mod rules;
#[cfg(test)]
mod sample;
mod scene_index;
mod shot_queries;
mod speakers;
mod spoken_words;
mod wardrobe_gaps;

pub use checked_production::{CheckedProduction, validate_production};
pub use external_facts::ExternalFacts;
pub use file_facts::{FileFact, OutputPathState, ToolAvailability};
pub use rule::{RuleFindings, ValidationRule};
pub use rules::{RULES_BY_AREA, all_rules};

//! Validation: rules over the resolved production and over facts about the outside.
//!
//! Owns the rules, one a file, and [`CheckedProduction`], which only this module can create. A rule
//! reads plain data. The disk is read once, into [`ExternalFacts`], so rules do no I/O and each can
//! be tested without a disk. A new rule is a file under `rules/<area>/`, named like the last part
//! of its code, and a line in that area's table. This module knows nothing of YAML or of how a
//! finding is printed.

mod caption_queries;
mod checked_production;
mod cuts;
mod external_facts;
mod file_facts;
mod file_mentions;
mod file_problems;
#[cfg(test)]
mod graphic_sample;
mod inspect;
mod model_files;
mod name_checks;
mod output_queries;
mod path_tree;
mod picture_limits;
mod project_paths;
mod reading_gaps;
mod rule;
mod rules;
#[cfg(test)]
pub(crate) mod sample;
mod scene_index;
mod shot_queries;
mod speakers;
#[cfg(test)]
mod title_sample;
mod wardrobe_gaps;

pub use checked_production::{CheckedProduction, ValidationOutcome, validate_production};
pub use external_facts::{ExternalFacts, PlaceProbe, ProbedPlaces, TightText};
pub use file_facts::{
    ContentFault, FileFact, ModelFileFact, OutputPathState, SoundFileFact, ToolAvailability,
};
pub use file_mentions::named_files;
pub use output_queries::{passes_path, report_paths};
pub use reading_gaps::{ReadingGap, UncheckedRules};
pub use rule::{RuleFindings, ValidationRule};
pub use rules::rule_bases::{rested_fields, rested_sections};
pub use rules::{RULES_BY_AREA, all_rules};

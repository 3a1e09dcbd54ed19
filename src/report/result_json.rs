//! The result of a run for programs: one JSON object. `docs/json.md` describes its fields.

use super::report_facts::{ErrorFacts, ReportFacts, ShotState};
use serde_json::{Value, json};
use std::path::Path;

/// Returns `{success, shots_completed, shots_failed, total_time, expected, output_paths, errors,
/// warnings, jobs, pinned, revision, report}`, and `costs` if a provider has a price.
///
/// `total_time` is in seconds. `report` is the path of the HTML report, null if none was written.
#[must_use]
pub fn result_json(facts: &ReportFacts, report: Option<&Path>) -> Value {
    let paths: Vec<String> = facts
        .delivered_paths()
        .map(|path| path.display().to_string())
        .collect();
    let errors: Vec<Value> = facts.errors.iter().map(error_json).collect();
    // Scripts read these names, so they are written out here and not derived: a renamed field of
    // `ReportFacts` must not rename a key.
    let mut result = json!({
        "success": facts.success,
        "shots_completed": facts.count_shots_in(ShotState::Complete),
        "shots_failed": facts.count_shots_in(ShotState::Failed),
        "total_time": facts.seconds,
        "expected": facts.run.expected,
        "output_paths": paths,
        "errors": errors,
        "warnings": facts.warnings,
        "jobs": facts.jobs,
        "pinned": facts.pinned,
        "revision": facts.run.revision,
        "tier": facts.production.tier,
        "report": report.map(|path| path.display().to_string()),
    });
    // Only runs that left sound out have the key, as manifests and plans do.
    if facts.production.no_sound {
        result["no_sound"] = true.into();
    }
    // Only providers with a price have costs. A production without one keeps the object that it had
    // before prices existed.
    if !facts.costs.is_empty() {
        result["costs"] = json!(facts.costs);
    }
    result
}

fn error_json(error: &ErrorFacts) -> Value {
    // Inside the program an unknown place is an empty text. For readers of JSON it is null, so that
    // nobody takes it for a file without a name.
    let place = (!error.place.is_empty()).then_some(&error.place);
    json!({
        "job": error.job,
        "class": error.class,
        "message": error.message,
        "evidence": error.evidence,
        "place": place,
        "log": error.log.as_ref().map(|path| path.display().to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::test_plan;

    #[test]
    fn the_result_of_a_run_with_a_failure_is_one_object() {
        let lost = [
            "grade.frames/sh020/1049-1072",
            "export.encode/web/sh020",
            "export.stitch/web",
            "finalize.verify/web",
        ];
        let result = result_json(
            &test_plan::sample_report_facts(&lost),
            Some(Path::new("out/report.html")),
        );
        insta::assert_snapshot!(format!("{result:#}"));
    }

    #[test]
    fn the_result_of_a_whole_run_names_what_was_made() {
        let result = result_json(&test_plan::sample_report_facts(&[]), None);
        assert_eq!(
            (&result["success"], &result["output_paths"][0]),
            (&json!(true), &json!("out/web.mp4"))
        );
        assert_eq!(
            (&result["shots_completed"], &result["shots_failed"]),
            (&json!(2), &json!(0))
        );
    }

    #[test]
    fn a_deliverable_in_the_stored_report_has_its_agreed_keys_first() {
        let report = serde_json::to_value(test_plan::sample_report_facts(&[])).unwrap();
        let keys: Vec<&String> = report["deliverables"][0]
            .as_object()
            .unwrap()
            .keys()
            .collect();
        let agreed = [
            "output", "path", "codec", "width", "height", "fps", "frames", "duration", "digest",
        ];
        assert_eq!(keys[..agreed.len()], agreed);
    }

    #[test]
    fn the_kept_report_is_stable() {
        insta::assert_snapshot!(
            serde_json::to_string_pretty(&test_plan::sample_report_facts(&[])).unwrap()
        );
    }
}

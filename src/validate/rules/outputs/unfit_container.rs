//! The file of a film holds the rate of its frames and of its sound.

use crate::base::Severity;
use crate::model::codec::FilmContainerSpec;
use crate::model::production::Output;
use crate::model::{FrameRate, Production};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::outputs::unfit_container",
    // An error: the file would be refused after all frames are rendered and encoded.
    severity: Severity::Error,
    skip_if_partial: true,
    summary: "the file of a film holds the rates of its frames and of its sound",
    explanation: "MXF knows only the rates of broadcasting: 23.976, 24, 25, 29.97, 30, 50, 59.94 and \
        60 frames a second, and sound of 48,000 samples a second. Other files hold every rate.",
    wrong: "\
outputs:
  - {name: film, codec: dnxhr, resolution: 1920x1080, frame_rate: 12, path: out/film.mxf}
",
    right: "\
outputs:
  - {name: film, codec: dnxhr, resolution: 1920x1080, frame_rate: 24, path: out/film.mxf}
",
    check: report_unfit_containers,
};

fn report_unfit_containers(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    for output in production.distinct_outputs() {
        let Some(container) = output.format.container().map(|kind| kind.spec()) else {
            continue;
        };
        report_frame_rate(output, container, findings);
        report_sample_rate(production, output, container, findings);
    }
}

fn report_frame_rate(output: &Output, container: &FilmContainerSpec, findings: &mut RuleFindings) {
    let rate = output.format.rate;
    // A rate that the codec has not either is reported by another rule.
    if container.has_rate(rate) || !output.format.codec.spec().has_rate(rate) {
        return;
    }
    let name = &output.name.value;
    let file = container.display_name;
    let message = format!("output `{name}` has {rate} frames a second, which {file} does not hold");
    let known: Vec<String> = container
        .frame_rates
        .iter()
        .map(FrameRate::to_string)
        .collect();
    let help = format!("it holds {}", known.join(", "));
    findings.push(
        findings
            .finding_at(output.name.origin, message)
            .with_label("no such rate in this kind of file")
            .with_help(help),
    );
}

fn report_sample_rate(
    production: &Production,
    output: &Output,
    container: &FilmContainerSpec,
    findings: &mut RuleFindings,
) {
    let has_sound = output.sound.as_ref().is_some_and(|own| own.codec.is_some());
    let Some(sound) = production.sound.as_ref().filter(|_| has_sound) else {
        return;
    };
    if container.has_sample_rate(sound.sample_rate) {
        return;
    }
    let name = &output.name.value;
    let file = container.display_name;
    let rate = sound.sample_rate;
    let message =
        format!("output `{name}` has {rate} samples of sound a second, which {file} does not hold");
    let known: Vec<String> = container
        .sample_rates
        .iter()
        .map(ToString::to_string)
        .collect();
    let help = format!(
        "write `sample_rate: {}` under `sound`, or `sound: off` for this output",
        known.join(" or ")
    );
    findings.push(
        findings
            .finding_at(output.name.origin, message)
            .with_label("no such sound in this kind of file")
            .with_help(help),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::codec::FilmContainer;
    use crate::model::{Codec, FrameRate, Production};
    use crate::validate::sample::{assert_no_findings, only_finding};
    use std::path::PathBuf;

    fn deliver_mxf(production: &mut Production, rate: u32) {
        production.render.rate = FrameRate::from_fps(rate);
        let output = &mut production.outputs[0];
        output.format.codec = Codec::Dnxhr;
        output.format.rate = FrameRate::from_fps(rate);
        output.format.encoding.container = Some(FilmContainer::Mxf);
        output.path.value = PathBuf::from("out/film.mxf");
    }

    #[test]
    fn a_rate_that_mxf_does_not_hold_is_reported_with_those_that_it_does() {
        let found = only_finding(&RULE, |production, _| deliver_mxf(production, 12));
        assert_eq!(
            found.message,
            "output `film` has 12 frames a second, which MXF OP1a does not hold"
        );
        let help = found.help.unwrap_or_default();
        assert!(help.contains("24000/1001, 24, 25"), "{help}");
    }

    #[test]
    fn a_rate_of_broadcasting_fits() {
        assert_no_findings(|production, _| deliver_mxf(production, 24));
    }
}

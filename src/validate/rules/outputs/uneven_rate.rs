//! The rate of an output divides the production's, or is a multiple of it. Otherwise single frames
//! are dropped or repeated, and movement stutters.

use crate::base::Severity;
use crate::model::FrameRate;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::outputs::uneven_rate",
    // A warning: 24 to 30 frames a second is a usual delivery, and the stutter is visible but
    // accepted.
    severity: Severity::Warning,
    skip_if_partial: true,
    summary: "an output's rate divides the production's, or is a multiple of it",
    explanation: "Frames are rendered at one rate, and an output at another drops or repeats some \
        of them. When one rate is a multiple of the other, every frame is treated alike; otherwise \
        single frames are, and movement stutters. Choose the production's rate or one that divides \
        it, or write `frame_rate` under `render_settings`.",
    wrong: "\
render_settings:
  frame_rate: 24
outputs:
  - {name: film, format: streaming_1080p, frame_rate: 30, path: out/film.mp4}
",
    right: "\
render_settings:
  frame_rate: 24
outputs:
  - {name: film, format: streaming_1080p, frame_rate: 12, path: out/film.mp4}
",
    check: report_uneven_frame_rates,
};

fn report_uneven_frame_rates(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let source = production.render.rate;
    for output in production.distinct_outputs() {
        let rate = output.format.rate;
        let codec = output.format.codec;
        // A single picture has no rate.
        if !codec.spec().has_rate(rate) || codec.still_format().is_some() {
            continue;
        }
        let Some(stutter) = describe_stutter(rate, source) else {
            continue;
        };
        let message = format!(
            "output `{}` at {rate} frames a second {stutter}",
            output.name.value
        );
        let finding = findings
            .finding_at(output.name.origin, message)
            .with_label(format!("the production has {source} frames a second"));
        findings.push(finding.with_help(format!("choose {source}, or a rate that divides it")));
    }
}

/// Returns which frames are dropped or repeated. `None`: all frames are treated alike.
fn describe_stutter(rate: FrameRate, source: FrameRate) -> Option<String> {
    let (shown, total) = rate.ratio_to(source);
    // One rate is a multiple of the other.
    if shown == 1 || total == 1 {
        return None;
    }
    // The actual frames, and not only a ratio: authors check a stutter by looking at a frame
    // number.
    let times = times_shown(
        rate,
        source,
        usize::try_from(shown).ok()?,
        usize::try_from(total).ok()?,
    );
    let (verb, uneven) = match shown < total {
        true => ("drops", frame_numbers(&times, |times| times == 0)),
        false => (
            "repeats",
            frame_numbers(&times, |times| times as u64 > shown / total),
        ),
    };
    Some(match uneven.len() {
        // More than six numbers are no longer readable; the count is then enough.
        0..=6 => format!("{verb} frame {} of every {total}", uneven.join(", ")),
        count => format!("{verb} {count} of every {total} frames"),
    })
}

/// Returns how often each of `total` frames is shown while `shown` frames play.
fn times_shown(rate: FrameRate, source: FrameRate, shown: usize, total: usize) -> Vec<usize> {
    // Rates such as 24000/1001 against 25 repeat only after many thousand frames. The start of a
    // cycle is enough for a message.
    let mut times = vec![0; total.min(100_000)];
    for frame in (0..shown.min(100_000)).map(|index| rate.source_index(index, source)) {
        if let Some(times) = times.get_mut(frame) {
            *times += 1;
        }
    }
    times
}

/// Returns the numbers, from 1, of the frames for which `is_uneven` holds.
fn frame_numbers(times: &[usize], is_uneven: impl Fn(usize) -> bool) -> Vec<String> {
    (1..)
        .zip(times)
        .filter(|(_, times)| is_uneven(**times))
        .map(|(frame, _): (usize, _)| frame.to_string())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::FrameRate;
    use crate::validate::sample::{assert_no_findings, only_finding};

    #[test]
    fn a_slightly_higher_rate_repeats_a_frame() {
        let found = only_finding(&RULE, |production, _| {
            production.outputs[0].format.rate = FrameRate::from_fps(30);
        });
        assert_eq!(
            found.message,
            "output `film` at 30 frames a second repeats frame 1 of every 4"
        );
    }

    #[test]
    fn a_slightly_lower_rate_drops_frames() {
        let found = only_finding(&RULE, |production, _| {
            production.outputs[0].format.rate = FrameRate::from_fps(15);
        });
        assert_eq!(
            found.message,
            "output `film` at 15 frames a second drops frame 3, 6, 8 of every 8"
        );
    }

    #[test]
    fn half_the_rate_keeps_every_second_frame() {
        assert_no_findings(|production, _| {
            production.outputs[0].format.rate = FrameRate::from_fps(12);
        });
    }
}

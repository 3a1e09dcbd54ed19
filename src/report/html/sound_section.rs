//! The sound of the deliverables: figures, and pictures of waveform and loudness.

use crate::model::sound::{MixFacts, MixReasonKind};
use crate::report::report_facts::{DeliverableFacts, ReportFacts};
use crate::report::text_format::{format_duration, identifier_words};
use maud::{Markup, html};
use std::fmt::Write;

/// Width of the pictures in their own units.
const WIDTH: f64 = 1000.0;
/// Height of the waveform.
const WAVE_HEIGHT: f64 = 96.0;
/// Height of the loudness curve.
const CURVE_HEIGHT: f64 = 132.0;
/// Loudness at the top of the curve, in LUFS.
const CURVE_TOP: f64 = 0.0;
/// Loudness at its bottom.
const CURVE_BOTTOM: f64 = -50.0;

/// Returns what was measured of each mix. Outputs that share one are shown together.
pub(super) fn sound_section(facts: &ReportFacts) -> Markup {
    let mixes = facts.mixes();
    html! {
        @if !mixes.is_empty() {
            section.sound {
                h2 { "Sound" }
                @for (sound, sharing) in &mixes { (mix_article(&sound.mix, sharing)) }
            }
        }
    }
}

fn mix_article(mix: &MixFacts, sharing: &[&DeliverableFacts]) -> Markup {
    let names: Vec<String> = sharing
        .iter()
        .map(|made| identifier_words(&made.output))
        .collect();
    let seconds = mix.length as f64 / f64::from(mix.sample_rate.max(1));
    // Of all outputs: the text about stems concerns only those that deliver them.
    let sounds = sharing.iter().filter_map(|made| made.sound.as_ref());
    let mut reasons: Vec<&str> = sounds
        .flat_map(|sound| &sound.mix.reasons)
        .map(|reason| &*reason.text)
        .collect();
    reasons.sort_unstable();
    reasons.dedup();
    html! {
        article {
            h3 { (names.join(", ")) }
            dl.key { @for (name, value, aside) in &mix_figures(mix) { div { dt { (name) } dd { (value) small { (aside) } } } } }
            @if !mix.reasons.iter().any(|reason| reason.kind == MixReasonKind::Silent) {
                figure {
                    (waveform_picture(mix))
                    (loudness_picture(mix))
                    div.ruler { @for part in 0..=4 { span { (format_duration(seconds * f64::from(part) / 4.0)) } } }
                }
                p.aside { "Waveform, and momentary loudness in LUFS; the dashed line is the " (mix.target) " LUFS asked for." }
            }
            @for reason in &reasons { p.aside { (reason) } }
        }
    }
}

fn mix_figures(mix: &MixFacts) -> Vec<(&'static str, String, String)> {
    let target = match &mix.target_name {
        // As the document has it: these names are those of standards, not words.
        Some(name) => format!("{} LUFS asked for, {name}", mix.target),
        None => format!("{} LUFS asked for", mix.target),
    };
    let level = |value: Option<f64>, unit: &str| {
        value.map_or_else(|| "–".to_owned(), |value| format!("{value:.1} {unit}"))
    };
    let limited = if mix.limited > 0.0 {
        format!("limiter takes off {:.1} dB at most", mix.limited)
    } else {
        "limiter did nothing".to_owned()
    };
    vec![
        ("Loudness", level(mix.integrated, "LUFS"), target),
        (
            "True peak",
            level(mix.true_peak, "dBTP"),
            format!("{} dBTP allowed; {limited}", mix.ceiling),
        ),
        (
            "Range",
            level(mix.range, "LU"),
            format!("of dialogue {}", level(mix.dialogue_range, "LU")),
        ),
        (
            "Loudest moment",
            level(mix.loudest_moment, "LUFS"),
            format!("dialogue {}", level(mix.dialogue, "LUFS")),
        ),
        (
            "Format",
            format!("{:.1} kHz", f64::from(mix.sample_rate) / 1000.0),
            format!("stereo, {}", gain_text(mix.gain)),
        ),
    ]
}

/// Returns what was done to the level of a mix.
fn gain_text(gain: f64) -> String {
    // A tenth is what is shown: less is nothing.
    match (gain * 10.0).round() {
        0.0 => "level unchanged".to_owned(),
        tenths if tenths > 0.0 => format!("raised by {gain:.1} dB"),
        _ => format!("lowered by {:.1} dB", -gain),
    }
}

fn waveform_picture(mix: &MixFacts) -> Markup {
    let middle = WAVE_HEIGHT / 2.0;
    let bins = mix.waveform.low.len().max(1) as f64;
    let place = |index: usize| (index as f64 + 0.5) * WIDTH / bins;
    let height = |sample: f64| middle - sample.clamp(-1.0, 1.0) * middle;
    // One outline: along the highest samples, and back along the lowest.
    let mut outline = String::new();
    for (index, high) in mix.waveform.high.iter().enumerate() {
        let _ = write!(outline, "{:.1},{:.1} ", place(index), height(*high) - 0.3);
    }
    for (index, low) in mix.waveform.low.iter().enumerate().rev() {
        let _ = write!(outline, "{:.1},{:.1} ", place(index), height(*low) + 0.3);
    }
    let box_of = format!("0 0 {WIDTH} {WAVE_HEIGHT}");
    html! {
        svg.wave viewBox=(box_of) preserveAspectRatio="none" role="img" aria-label="Waveform" {
            line.rule x1="0" x2=(WIDTH) y1=(middle) y2=(middle) {}
            polygon points=(outline.trim_end()) {}
        }
    }
}

fn loudness_picture(mix: &MixFacts) -> Markup {
    let height = |level: f64| {
        let share = (CURVE_TOP - level) / (CURVE_TOP - CURVE_BOTTOM);
        share.clamp(0.0, 1.0) * CURVE_HEIGHT
    };
    let seconds = mix.length as f64 / f64::from(mix.sample_rate.max(1));
    let lines = curve_lines(mix, seconds, &height);
    let rules = [0.0, -10.0, -20.0, -30.0, -40.0, -50.0];
    let target = height(mix.target);
    let box_of = format!("0 0 {WIDTH} {CURVE_HEIGHT}");
    html! {
        div.levels {
            svg.curve viewBox=(box_of) preserveAspectRatio="none" role="img" aria-label="Momentary loudness" {
                @for level in &rules { line.rule x1="0" x2=(WIDTH) y1=(height(*level)) y2=(height(*level)) {} }
                @for points in &lines { polyline points=(points) {} }
                line.target x1="0" x2=(WIDTH) y1=(target) y2=(target) {}
            }
            @for level in &rules {
                span style={ "top:" (format!("{:.1}", 100.0 * height(*level) / CURVE_HEIGHT)) "%" } { (level) }
            }
        }
    }
}

/// Returns the points of each part of the curve without a gap.
fn curve_lines(mix: &MixFacts, seconds: f64, height: &dyn Fn(f64) -> f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut is_open = false;
    for (index, level) in mix.curve.values.iter().enumerate() {
        let Some(level) = level else {
            is_open = false;
            continue;
        };
        if !is_open {
            lines.push(String::new());
            is_open = true;
        }
        // A value is that of the step that ends there.
        let time = (index as f64 + 1.0) * mix.curve.step;
        let place = (time / seconds.max(1e-9)).min(1.0) * WIDTH;
        if let Some(line) = lines.last_mut() {
            let _ = write!(line, "{place:.1},{:.1} ", height(*level));
        }
    }
    lines
        .into_iter()
        .map(|line| line.trim_end().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sound::{LoudnessCurve, MixReason, SoundCodec, WaveformBins};
    use crate::report::report_facts::SoundReport;
    use crate::report::test_plan;

    fn mix(seconds: u64) -> MixFacts {
        let bins: Vec<f64> = (0..400)
            .map(|index| 0.4 * f64::from(index % 60) / 60.0)
            .collect();
        MixFacts {
            sample_rate: 48_000,
            length: seconds * 48_000,
            target: -23.0,
            target_name: Some("ebu_r128".to_owned()),
            ceiling: -1.0,
            integrated: Some(-23.02),
            ungated: Some(-24.5),
            range: Some(6.3),
            loudest_moment: Some(-17.2),
            true_peak: Some(-2.4),
            dialogue: Some(-24.1),
            dialogue_range: None,
            gain: 4.5,
            limited: 0.0,
            reasons: Vec::new(),
            curve: LoudnessCurve {
                step: 0.1,
                values: (0..seconds * 10)
                    .map(|index| (index > 3 && index != 20).then_some(-30.0 + (index % 13) as f64))
                    .collect(),
            },
            waveform: WaveformBins {
                step: 0.02,
                low: bins.iter().map(|bin| -bin).collect(),
                high: bins,
            },
        }
    }

    fn facts_with(mix: &MixFacts) -> ReportFacts {
        let mut facts = test_plan::sample_report_facts(&[]);
        let mut shared = facts.deliverables[0].clone();
        "other".clone_into(&mut shared.output);
        facts.deliverables.push(shared);
        for made in &mut facts.deliverables {
            made.sound = Some(SoundReport {
                codec: Some(SoundCodec::Aac),
                beside: Vec::new(),
                mix_job: "audio.mix/film".to_owned(),
                mix: mix.clone(),
            });
        }
        facts
    }

    #[test]
    fn a_mix_is_shown_once_with_its_figures_and_pictures() {
        let facts = facts_with(&mix(8));
        assert!(facts.deliverables.len() > 1);
        let text = sound_section(&facts).into_string();
        for part in [
            "-23.0 LUFS",
            "-2.4 dBTP",
            "6.3 LU",
            "of dialogue –",
            "limiter did nothing",
            "-23 LUFS asked for, ebu_r128",
            "raised by 4.5 dB",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert_eq!(text.matches("<article>").count(), 1);
        // The gap at two seconds.
        assert_eq!(text.matches("<polyline").count(), 2);
        assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
    }

    #[test]
    fn a_level_that_stays_is_not_raised() {
        assert_eq!(gain_text(0.04), "level unchanged");
        assert_eq!(gain_text(-0.04), "level unchanged");
        assert_eq!(gain_text(0.06), "raised by 0.1 dB");
        assert_eq!(gain_text(-2.0), "lowered by 2.0 dB");
    }

    #[test]
    fn the_text_about_stems_appears_once_for_the_outputs_that_share_a_mix() {
        let mut facts = facts_with(&mix(8));
        let clipped = MixReason {
            kind: MixReasonKind::StemClipped,
            text: "do not add up".to_owned(),
        };
        let last = facts.deliverables.last_mut().unwrap();
        last.sound.as_mut().unwrap().mix.reasons.push(clipped);
        let text = sound_section(&facts).into_string();
        assert_eq!(text.matches("<article>").count(), 1);
        assert_eq!(text.matches("do not add up").count(), 1);
    }

    #[test]
    fn silence_has_its_reason_and_no_picture() {
        let mut silent = mix(2);
        silent.integrated = None;
        silent.reasons.push(MixReason {
            kind: MixReasonKind::Silent,
            text: "the mix is silent".to_owned(),
        });
        let text = sound_section(&facts_with(&silent)).into_string();
        assert!(text.contains("the mix is silent") && !text.contains("<svg"));
        let mut empty = mix(0);
        empty.waveform = WaveformBins::default();
        let text = sound_section(&facts_with(&empty)).into_string();
        assert!(!text.contains("NaN"), "{text}");
    }

    #[test]
    fn a_silent_production_has_no_section() {
        let facts = test_plan::sample_report_facts(&[]);
        assert_eq!(sound_section(&facts).into_string(), "");
    }
}

//! Tables of the page: deliverables and times.

use crate::report::report_facts::{
    DeliverableFacts, KindFacts, OtherFileFacts, PassesFacts, PhaseFacts, ReportFacts,
    SoundBesideFacts, SoundReport,
};
use crate::report::text_format::{
    format_bytes, format_count, format_duration, format_frame_rate, format_number, identifier_words,
};
use maud::{Markup, html};
use std::path::Path;

/// Returns the table of deliverables, with links. `to_root` leads from the page to the production's
/// folder.
pub(super) fn deliverables_section(facts: &ReportFacts, to_root: &str) -> Markup {
    html! {
        section {
            h2 { "Deliverables" }
            @if facts.delivered_paths().next().is_none() {
                p.aside { "None were made in this run." }
            } @else {
                div.wide { table.deliverables {
                    thead { tr { @for name in ["File", "Picture", "Codec", "Length", "Size"] { th scope="col" { (name) } } } }
                    tbody {
                        @for made in &facts.deliverables { (deliverable_row(made, to_root)) }
                        @if let Some(made) = &facts.passes { (passes_row(made, to_root)) }
                        @for (made, beside) in facts.sounds_beside() { (sound_row(made, beside, to_root)) }
                        @for made in &facts.files { (other_row(made, to_root)) }
                    }
                } }
            }
        }
    }
}

fn deliverable_row(made: &DeliverableFacts, to_root: &str) -> Markup {
    html! {
        tr {
            th scope="row" { a href=(file_link(&made.path, to_root)) { (made.path.display()) } small { (identifier_words(&made.output)) } }
            td data-label="Picture" {
                (made.width) " × " (made.height)
                @if !made.is_still() { small { (format_frame_rate(made.rate)) " fps" } }
            }
            td data-label="Codec" { (made.codec_name) }
            td data-label="Length" {
                @if made.is_still() { "1 picture" } @else {
                    (format_duration(made.duration)) small { (format_count(made.frames, "frame")) }
                }
                @if let Some(timing) = &made.timing { small { (timing) } }
            }
            td data-label="Size" { (format_bytes(made.bytes)) }
        }
    }
}

fn passes_row(made: &PassesFacts, to_root: &str) -> Markup {
    html! {
        tr {
            th scope="row" { a href=(file_link(&made.path, to_root)) { (made.path.display()) } small { "passes" } }
            td data-label="Picture" { (made.width) " × " (made.height) }
            td data-label="Codec" { "EXR" small { (made.pass_names()) } }
            td data-label="Length" { (format_count(made.frames, "frame")) small { (format_count(made.shots, "shot")) } }
            td data-label="Size" { (format_bytes(made.bytes)) }
        }
    }
}

fn sound_row(made: &DeliverableFacts, beside: &SoundBesideFacts, to_root: &str) -> Markup {
    let rate = made.sound.as_ref().map(SoundReport::rate_text);
    html! {
        tr {
            th scope="row" { a href=(file_link(&beside.path, to_root)) { (beside.path.display()) } small { (identifier_words(&made.output)) } }
            td data-label="Picture" {}
            td data-label="Codec" { (beside.kind_name()) @if let Some(rate) = &rate { small { (rate) } } }
            td data-label="Length" { (format_duration(made.duration)) }
            td data-label="Size" { (format_bytes(beside.bytes)) }
        }
    }
}

fn other_row(made: &OtherFileFacts, to_root: &str) -> Markup {
    html! {
        tr {
            th scope="row" { a href=(file_link(&made.path, to_root)) { (made.path.display()) } small { (identifier_words(&made.output)) } }
            td data-label="Picture" {}
            td data-label="Codec" { (made.kind_name) }
            td data-label="Length" {}
            td data-label="Size" { (format_bytes(made.bytes)) }
        }
    }
}

/// Returns the address of a deliverable relative to the page, percent-encoded.
fn file_link(path: &Path, to_root: &str) -> String {
    // Each part is encoded by itself: a slash between parts must stay, one inside of a name cannot
    // exist.
    let parts: Vec<String> = path
        .components()
        .map(|part| percent_encoded(&part.as_os_str().to_string_lossy()))
        .collect();
    // Without `./` a first part such as `javascript:x` could be read as a scheme.
    let root = if to_root.is_empty() { "./" } else { to_root };
    format!("{root}{}", parts.join("/"))
}

fn percent_encoded(part: &str) -> String {
    // The unreserved characters of RFC 3986.
    let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    part.bytes()
        .map(|byte| {
            if is_safe(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

/// Returns seconds of work: by phase as bars, by kind of job as a table.
pub(super) fn timings_section(facts: &ReportFacts) -> Markup {
    // Bars are relative to the longest phase. Relative to the total they would all be short.
    let longest = facts
        .phases
        .iter()
        .map(|phase| phase.seconds)
        .fold(0.0, f64::max);
    html! {
        @if !facts.phases.is_empty() {
            section {
                h2 { "Time" }
                p.aside { "Work by phase, over all jobs of this run; " (format_duration(facts.seconds)) " from start to end." }
                dl.bars { @for phase in &facts.phases { (phase_bar(phase, longest)) } }
                (kinds_table(&facts.kinds))
            }
        }
    }
}

fn phase_bar(phase: &PhaseFacts, longest: f64) -> Markup {
    // A run that reused everything worked for 0 seconds.
    let percent = if longest > 0.0 {
        100.0 * phase.seconds / longest
    } else {
        0.0
    };
    let reused =
        (phase.reused > 0).then(|| format!(", {} already made", format_number(phase.reused)));
    html! {
        dt { (identifier_words(phase.phase.name())) }
        dd { span.track { span style={ "width:" (format!("{percent:.1}")) "%" } {} } }
        dd.value { span { (format_duration(phase.seconds)) } small { (format_count(phase.jobs, "job")) (reused.unwrap_or_default()) } }
    }
}

fn kinds_table(kinds: &[KindFacts]) -> Markup {
    html! {
        @if !kinds.is_empty() {
            details {
                summary { "By kind of job" }
                div.wide { table.kinds {
                    thead { tr { @for name in ["Kind", "Jobs", "Units", "Work", "Each unit"] { th scope="col" { (name) } } } }
                    tbody { @for kind in kinds { (kind_row(kind)) } }
                } }
            }
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "unit counts stay far below 2^52"
)]
fn kind_row(kind: &KindFacts) -> Markup {
    // Milliseconds: grading or copying a frame takes less than a tenth of a second. Kinds without
    // units show their total.
    let each = format!("{:.3}s", kind.seconds / kind.units.max(1) as f64);
    html! {
        tr {
            th scope="row" { code { (kind.producer) } }
            td { (format_number(kind.jobs)) }
            td { (format_number(kind.units)) }
            td { (format_duration(kind.seconds)) }
            td { (each) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_relative_and_encoded_for_any_file_name() {
        assert_eq!(
            file_link(Path::new("out/été 1.mp4"), "../"),
            "../out/%C3%A9t%C3%A9%201.mp4"
        );
        assert_eq!(file_link(Path::new("javascript:x"), ""), "./javascript%3Ax");
    }
}

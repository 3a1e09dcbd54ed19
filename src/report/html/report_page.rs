//! The whole page: header, order of sections, provenance, footer.

use super::embedded_image::{EmbeddedImage, ReportImages};
use super::{report_tables, shot_sections, sound_section};
use crate::report::plan_results::is_simulated;
use crate::report::report_facts::{ErrorFacts, ReportFacts, ShotState};
use crate::report::text_format::{
    compare_with_estimate, failure_class_label, format_count, format_duration, format_frame_rate,
    format_money, identifier_words, mode_label,
};
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLESHEET: &str = include_str!("style.css");
/// Forbids scripts and all requests, even if escaping failed somewhere.
// Titles and descriptions come from the document, which may be from a stranger. Reports are opened
// from disk, where a script could read other files.
const CONTENT_SECURITY_POLICY: &str =
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/// Returns the page as HTML. `to_root` leads from the page's folder to the production's, such as
/// `../`; empty if they are the same.
#[must_use]
pub fn report_page(facts: &ReportFacts, pictures: &ReportImages, to_root: &str) -> String {
    // The stylesheet needs the shape of pictures before they load, or the page would jump.
    let aspect = format!(
        "--aspect:{}/{}",
        facts.production.width.max(1),
        facts.production.height.max(1)
    );
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            (page_head(&format!("{} – production report", facts.production.title)))
            body style=(aspect) {
                (page_header(facts, pictures.poster.as_ref()))
                main {
                    (failures_section(&facts.errors))
                    (report_tables::deliverables_section(facts, to_root))
                    (sound_section::sound_section(facts))
                    (shot_sections::timeline_section(facts))
                    (shot_sections::contact_sheet(facts, pictures))
                    (image_gallery("Characters", "sheets", "Reference sheet of", &pictures.characters))
                    (image_gallery("Locations", "plates", "Plate of", &pictures.locations))
                    (report_tables::timings_section(facts))
                    (warnings_section(&facts.warnings))
                    (provenance_section(facts))
                }
                (page_footer(facts))
            }
        }
    };
    page.into_string()
}

/// Returns the head that every self-contained page has.
pub(super) fn page_head(title: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(CONTENT_SECURITY_POLICY);
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            title { (title) }
            style { (PreEscaped(STYLESHEET)) }
        }
    }
}

fn page_header(facts: &ReportFacts, poster: Option<&EmbeddedImage>) -> Markup {
    let production = &facts.production;
    let byline = [
        production.author.clone(),
        production
            .version
            .as_ref()
            .map(|version| format!("Version {version}")),
    ];
    let byline: Vec<String> = byline
        .into_iter()
        .flatten()
        .chain([format_timestamp(facts.run.ended, "%-d %B %Y")])
        .collect();
    html! {
        header {
            @if let Some(poster) = poster { img.poster src=(poster.data_uri()) alt={ "Key frame of " (production.title) }; }
            p.eyebrow { "Production report" span.revision { (facts.run.revision) } (status_badge(facts)) }
            h1 { (production.title) }
            @if !production.description.is_empty() { p.lead { (production.description) } }
            p.byline { @for part in &byline { span { (part) } } }
            (key_facts(facts))
        }
    }
}

fn status_badge(facts: &ReportFacts) -> Markup {
    // A stopped run is not a failed one: its user knows why it is incomplete.
    let (kind, text) = match (facts.success, facts.cancelled) {
        (true, _) => ("good", "Complete"),
        (false, true) => ("odd", "Stopped"),
        (false, false) => ("bad", "Incomplete"),
    };
    html! {
        span class={ "status " (kind) } { (text) }
        @if is_simulated(facts) { span.status.odd { "Not all real" } }
    }
}

fn key_facts(facts: &ReportFacts) -> Markup {
    let production = &facts.production;
    let complete = facts.count_shots_in(ShotState::Complete);
    let pairs = [
        (
            "Running time",
            format_duration(production.duration),
            format_count(production.frames, "frame"),
        ),
        (
            "Picture",
            format!("{} × {}", production.width, production.height),
            format!("{} fps", format_frame_rate(production.rate)),
        ),
        (
            "Shots",
            format!("{complete} of {}", facts.shots.len()),
            format_count(scene_count(facts), "scene"),
        ),
        (
            "Deliverables",
            facts.delivered_paths().count().to_string(),
            codec_names(facts),
        ),
        ("Made in", format_duration(facts.seconds), made_in(facts)),
    ];
    html! {
        dl.key {
            @for (name, value, aside) in &pairs { div { dt { (name) } dd { (value) small { (aside) } } } }
        }
    }
}

/// Returns the job counts and the comparison with the estimate.
fn made_in(facts: &ReportFacts) -> String {
    let text = format!("{} run, {} already made", facts.jobs.run, facts.jobs.reused);
    match &facts.run.expected {
        Some(expected) => format!(
            "{text}; {} ({})",
            compare_with_estimate(expected),
            format_duration(expected.middle)
        ),
        None => text,
    }
}

fn scene_count(facts: &ReportFacts) -> usize {
    facts
        .shots
        .iter()
        .map(|shot| &shot.scene)
        .collect::<std::collections::BTreeSet<_>>()
        .len()
}

fn codec_names(facts: &ReportFacts) -> String {
    let mut names: Vec<&str> = facts
        .deliverables
        .iter()
        .map(|deliverable| deliverable.codec_name)
        .chain(facts.files.iter().map(|made| made.kind_name))
        .collect();
    // Only neighbours are merged, so the names stay in the order of the outputs.
    names.dedup();
    names.join(", ")
}

fn failures_section(errors: &[ErrorFacts]) -> Markup {
    html! {
        @if !errors.is_empty() {
            section.failures {
                h2 { "What failed" }
                @for error in errors { (failure_article(error)) }
            }
        }
    }
}

fn failure_article(error: &ErrorFacts) -> Markup {
    html! {
        article {
            h3 { code { (error.job) } span.status.bad { (failure_class_label(error.class)) } }
            p { (error.message) }
            @if !error.place.is_empty() { p.aside { "Asked for at " code { (error.place) } } }
            @if !error.evidence.trim().is_empty() { pre { (crate::report::text_format::last_lines(&error.evidence, 40).join("\n")) } }
        }
    }
}

fn image_gallery(
    title: &str,
    kind: &str,
    alt: &str,
    pictures: &[(String, EmbeddedImage)],
) -> Markup {
    html! {
        @if !pictures.is_empty() {
            section {
                h2 { (title) }
                div class={ "gallery " (kind) } {
                    @for (name, picture) in pictures {
                        figure { img src=(picture.data_uri()) alt={ (alt) " " (name) }; figcaption { (name) } }
                    }
                }
            }
        }
    }
}

fn warnings_section(warnings: &[String]) -> Markup {
    html! {
        @if !warnings.is_empty() {
            section { h2 { "Warnings" } ul.warnings { @for warning in warnings { li { (warning) } } } }
        }
    }
}

fn provenance_section(facts: &ReportFacts) -> Markup {
    html! {
        section.provenance {
            h2 { "Provenance" }
            div.columns {
                div { h3 { "Made by" } (provider_list(facts)) }
                div { h3 { "Made from" } (pair_list(&source_pairs(facts))) }
                div { h3 { "Made on" } (pair_list(&machine_pairs(facts))) }
            }
            h3 { "Digests" }
            dl.digests {
                @if let Some(document) = &facts.run.document { dt { "Document" } dd { code { (document) } } }
                @for made in &facts.deliverables { dt { (made.path.display()) } dd { code { (made.digest) } } }
                @for made in &facts.files { dt { (made.path.display()) } dd { code { (made.digest) } } }
            }
        }
    }
}

fn provider_list(facts: &ReportFacts) -> Markup {
    html! {
        dl.pairs {
            @for provider in &facts.providers {
                dt { (provider.provider) }
                dd { (format_count(provider.jobs, "job")) ", " (mode_label(provider.mode)) }
            }
            @for (currency, amount) in facts.costs.amounts() { dt { "Cost" } dd { (format_money(amount, currency)) } }
        }
    }
}

fn pair_list(pairs: &[(&str, String)]) -> Markup {
    html! { dl.pairs { @for (name, value) in pairs { @if !value.is_empty() { dt { (name) } dd { (value) } } } } }
}

fn source_pairs(facts: &ReportFacts) -> Vec<(&'static str, String)> {
    let production = &facts.production;
    let script = production
        .script
        .as_ref()
        .map(|path| path.display().to_string());
    vec![
        ("Script", script.unwrap_or_default()),
        ("Style", identifier_words(&production.style)),
        ("Renderer", production.engine.clone()),
        (
            "Quality",
            format!(
                "{}, {} a pixel{}",
                identifier_words(&production.tier),
                format_count(production.samples as usize, "sample"),
                if production.no_sound {
                    ", no sound"
                } else {
                    ""
                }
            ),
        ),
        // The dates of the document are what its author wrote; when the run took place is under
        // "Made on".
        ("Dated", production.created.clone().unwrap_or_default()),
    ]
}

fn machine_pairs(facts: &ReportFacts) -> Vec<(&'static str, String)> {
    let machine = &facts.run.machine;
    // A software adapter explains both slow frames and small differences of pictures.
    let kind = if machine.software { " (software)" } else { "" };
    let adapter = machine
        .adapter
        .as_ref()
        .map(|adapter| format!("{adapter}{kind}"));
    let tools: Vec<String> = machine
        .tools
        .iter()
        .map(|(name, version)| format!("{name} {version}"))
        .collect();
    vec![
        ("Adapter", adapter.unwrap_or_default()),
        (
            "System",
            format!(
                "{}, {}",
                machine.system,
                format_count(machine.cores, "core")
            ),
        ),
        ("Tools", tools.join(", ")),
        (
            "Began",
            format_timestamp(facts.run.started, "%Y-%m-%d %H:%M:%S UTC"),
        ),
        (
            "Ended",
            format_timestamp(facts.run.ended, "%Y-%m-%d %H:%M:%S UTC"),
        ),
    ]
}

fn page_footer(facts: &ReportFacts) -> Markup {
    html! {
        footer {
            span { "production " (facts.run.machine.program) }
            span { (facts.run.revision) ", " (format_timestamp(facts.run.ended, "%-d %B %Y, %H:%M UTC")) }
        }
    }
}

fn format_timestamp(timestamp: jiff::Timestamp, form: &str) -> String {
    // UTC, and the page says so where it shows a time: a report is read on other machines.
    timestamp.strftime(form).to_string()
}

#[cfg(test)]
mod tests {
    use super::super::embedded_image::ShotImages;
    use super::*;
    use crate::report::test_plan;

    fn pictures() -> ReportImages {
        let picture = |bytes: &[u8]| EmbeddedImage {
            mime: "image/png".to_owned(),
            bytes: bytes.to_vec(),
        };
        let shot = ShotImages {
            first: Some(picture(b"a")),
            middle: Some(picture(b"b")),
            last: Some(picture(b"c")),
        };
        ReportImages {
            poster: Some(picture(b"poster")),
            shots: [("sh010".to_owned(), shot)].into(),
            characters: vec![("Hero".to_owned(), picture(b"hero"))],
            locations: vec![("Archive".to_owned(), picture(b"archive"))],
        }
    }

    /// The page without its style, one tag a line.
    fn readable(page: &str) -> String {
        page.replace(STYLESHEET, "")
            .replace('<', "\n<")
            .trim_start()
            .to_owned()
    }

    #[test]
    fn the_page_of_a_whole_run_is_stable() {
        insta::assert_snapshot!(readable(&report_page(
            &test_plan::sample_report_facts(&[]),
            &pictures(),
            "../"
        )));
    }

    #[test]
    fn the_page_of_a_failed_run_names_failures_and_places() {
        let lost = [
            "grade.frames/sh020/1049-1072",
            "export.encode/web/sh020",
            "export.stitch/web",
            "finalize.verify/web",
        ];
        let page = report_page(
            &test_plan::sample_report_facts(&lost),
            &ReportImages::default(),
            "",
        );
        for part in [
            "Incomplete",
            "What failed",
            "production.yaml:5:7",
            "bad output",
            "1 of 2",
            "vulkan: device lost\npanic",
        ] {
            assert!(page.contains(part), "{part}");
        }
    }

    #[test]
    fn text_from_the_document_cannot_become_markup() {
        let page = report_page(
            &test_plan::sample_report_facts(&[]),
            &ReportImages::default(),
            "",
        );
        assert!(page.contains("never recorded") || page.contains("&lt;never&gt;"));
        assert!(!page.contains("<never>"));
    }

    #[test]
    fn the_page_fetches_nothing() {
        let page = report_page(&test_plan::sample_report_facts(&[]), &pictures(), "");
        assert!(
            !page.contains("http:")
                && !page.contains("https:")
                && !page.contains("<script")
                && !page.contains("@import")
        );
        assert!(page.contains("default-src 'none'"));
    }
}

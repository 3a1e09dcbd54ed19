//! The page as a whole: head, order of sections, provenance, foot.

use super::picture::{Picture, Pictures};
use super::{shots, tables};
use crate::report::facts::{ErrorFacts, ReportFacts, ShotState};
use crate::report::figures::{beside, class, count, mode, money, rate, span, words};
use crate::report::gather::is_simulated;
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("style.css");
/// Nothing is fetched and nothing runs, whatever the facts hold.
const POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/// Returns the page. `to_root` leads from the page's folder to the production's, such as `../`, or is empty.
#[must_use]
pub fn page(facts: &ReportFacts, pictures: &Pictures, to_root: &str) -> String {
    let aspect = format!(
        "--aspect:{}/{}",
        facts.production.width.max(1),
        facts.production.height.max(1)
    );
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            (head(&format!("{} – production report", facts.production.title)))
            body style=(aspect) {
                (header(facts, pictures.poster.as_ref()))
                main {
                    (failures(&facts.errors))
                    (tables::deliverables(facts, to_root))
                    (shots::timeline(facts))
                    (shots::contact_sheet(facts, pictures))
                    (gallery("Characters", "sheets", "Reference sheet of", &pictures.characters))
                    (gallery("Locations", "plates", "Plate of", &pictures.locations))
                    (tables::timings(facts))
                    (warnings(&facts.warnings))
                    (provenance(facts))
                }
                (footer(facts))
            }
        }
    };
    page.into_string()
}

/// Returns the head of a page that stands alone.
pub(super) fn head(title: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(POLICY);
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            title { (title) }
            style { (PreEscaped(STYLE)) }
        }
    }
}

fn header(facts: &ReportFacts, poster: Option<&Picture>) -> Markup {
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
        .chain([date(facts.run.ended, "%-d %B %Y")])
        .collect();
    html! {
        header {
            @if let Some(poster) = poster { img.poster src=(poster.address()) alt={ "Key frame of " (production.title) }; }
            p.eyebrow { "Production report" span.revision { (facts.run.revision) } (status(facts)) }
            h1 { (production.title) }
            @if !production.description.is_empty() { p.lead { (production.description) } }
            p.byline { @for part in &byline { span { (part) } } }
            (key_facts(facts))
        }
    }
}

fn status(facts: &ReportFacts) -> Markup {
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
    let complete = facts.shots_in(ShotState::Complete);
    let pairs = [
        (
            "Running time",
            span(production.duration),
            count(production.frames, "frame"),
        ),
        (
            "Picture",
            format!("{} × {}", production.width, production.height),
            format!("{} fps", rate(production.rate)),
        ),
        (
            "Shots",
            format!("{complete} of {}", facts.shots.len()),
            count(scenes(facts), "scene"),
        ),
        (
            "Deliverables",
            facts.deliverables.len().to_string(),
            codecs(facts),
        ),
        ("Made in", span(facts.seconds), made_in(facts)),
    ];
    html! {
        dl.key {
            @for (name, value, aside) in &pairs { div { dt { (name) } dd { (value) small { (aside) } } } }
        }
    }
}

/// Returns how much was made, and how that compares with the estimate.
fn made_in(facts: &ReportFacts) -> String {
    let made = format!("{} run, {} already made", facts.jobs.run, facts.jobs.reused);
    match &facts.run.expected {
        Some(expected) => format!("{made}; {} ({})", beside(expected), span(expected.middle)),
        None => made,
    }
}

fn scenes(facts: &ReportFacts) -> usize {
    facts
        .shots
        .iter()
        .map(|shot| shot.scene)
        .collect::<std::collections::BTreeSet<_>>()
        .len()
}

fn codecs(facts: &ReportFacts) -> String {
    let mut names: Vec<&str> = facts
        .deliverables
        .iter()
        .map(|made| crate::report::figures::codec(made.codec))
        .collect();
    names.dedup();
    names.join(", ")
}

fn failures(errors: &[ErrorFacts]) -> Markup {
    html! {
        @if !errors.is_empty() {
            section.failures {
                h2 { "What failed" }
                @for error in errors { (failure(error)) }
            }
        }
    }
}

fn failure(error: &ErrorFacts) -> Markup {
    html! {
        article {
            h3 { code { (error.job) } span.status.bad { (class(error.class)) } }
            p { (error.message) }
            @if !error.place.is_empty() { p.aside { "Asked for at " code { (error.place) } } }
            @if !error.evidence.trim().is_empty() { pre { (crate::report::figures::tail(&error.evidence, 40).join("\n")) } }
        }
    }
}

fn gallery(title: &str, kind: &str, alt: &str, pictures: &[(String, Picture)]) -> Markup {
    html! {
        @if !pictures.is_empty() {
            section {
                h2 { (title) }
                div class={ "gallery " (kind) } {
                    @for (name, picture) in pictures {
                        figure { img src=(picture.address()) alt={ (alt) " " (name) }; figcaption { (name) } }
                    }
                }
            }
        }
    }
}

fn warnings(warnings: &[String]) -> Markup {
    html! {
        @if !warnings.is_empty() {
            section { h2 { "Warnings" } ul.warnings { @for warning in warnings { li { (warning) } } } }
        }
    }
}

fn provenance(facts: &ReportFacts) -> Markup {
    html! {
        section.provenance {
            h2 { "Provenance" }
            div.columns {
                div { h3 { "Made by" } (providers(facts)) }
                div { h3 { "Made from" } (pairs(&source(facts))) }
                div { h3 { "Made on" } (pairs(&machine(facts))) }
            }
            h3 { "Digests" }
            dl.digests {
                @if let Some(document) = &facts.run.document { dt { "Document" } dd { code { (document) } } }
                @for made in &facts.deliverables { dt { (made.path.display()) } dd { code { (made.digest) } } }
            }
        }
    }
}

fn providers(facts: &ReportFacts) -> Markup {
    html! {
        dl.pairs {
            @for provider in &facts.providers {
                dt { (provider.provider) }
                dd { (count(provider.jobs, "job")) ", " (mode(provider.mode)) }
            }
            @for (currency, amount) in facts.costs.amounts() { dt { "Cost" } dd { (money(amount, currency)) } }
        }
    }
}

fn pairs(pairs: &[(&str, String)]) -> Markup {
    html! { dl.pairs { @for (name, value) in pairs { @if !value.is_empty() { dt { (name) } dd { (value) } } } } }
}

fn source(facts: &ReportFacts) -> Vec<(&'static str, String)> {
    let production = &facts.production;
    let script = production
        .script
        .as_ref()
        .map(|path| path.display().to_string());
    vec![
        ("Script", script.unwrap_or_default()),
        ("Style", words(&production.style)),
        ("Renderer", production.engine.clone()),
        (
            "Quality",
            format!(
                "{}, {} a pixel",
                words(&production.tier),
                count(production.samples as usize, "sample")
            ),
        ),
        ("Dated", production.created.clone().unwrap_or_default()),
    ]
}

fn machine(facts: &ReportFacts) -> Vec<(&'static str, String)> {
    let machine = &facts.run.machine;
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
            format!("{}, {}", machine.system, count(machine.cores, "core")),
        ),
        ("Tools", tools.join(", ")),
        ("Began", date(facts.run.started, "%Y-%m-%d %H:%M:%S UTC")),
        ("Ended", date(facts.run.ended, "%Y-%m-%d %H:%M:%S UTC")),
    ]
}

fn footer(facts: &ReportFacts) -> Markup {
    html! {
        footer {
            span { "production " (facts.run.machine.program) }
            span { (facts.run.revision) ", " (date(facts.run.ended, "%-d %B %Y, %H:%M UTC")) }
        }
    }
}

fn date(at: jiff::Timestamp, form: &str) -> String {
    at.strftime(form).to_string()
}

#[cfg(test)]
mod tests {
    use super::super::picture::ShotPictures;
    use super::*;
    use crate::report::fixture;

    fn pictures() -> Pictures {
        let picture = |bytes: &[u8]| Picture {
            mime: "image/png".to_owned(),
            bytes: bytes.to_vec(),
        };
        let shot = ShotPictures {
            first: Some(picture(b"a")),
            middle: Some(picture(b"b")),
            last: Some(picture(b"c")),
        };
        Pictures {
            poster: Some(picture(b"poster")),
            shots: [("sh010".to_owned(), shot)].into(),
            characters: vec![("Hero".to_owned(), picture(b"hero"))],
            locations: vec![("Archive".to_owned(), picture(b"archive"))],
        }
    }

    /// The page without its style, one tag a line.
    fn readable(page: &str) -> String {
        page.replace(STYLE, "")
            .replace('<', "\n<")
            .trim_start()
            .to_owned()
    }

    #[test]
    fn the_page_of_a_whole_run_is_stable() {
        insta::assert_snapshot!(readable(&page(&fixture::facts(&[]), &pictures(), "../")));
    }

    #[test]
    fn the_page_of_a_failed_run_says_what_failed_and_where() {
        let lost = [
            "grade.frames/sh020/1049-1072",
            "export.encode/web/sh020",
            "export.stitch/web",
            "finalize.verify/web",
        ];
        let page = page(&fixture::facts(&lost), &Pictures::default(), "");
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
        let page = page(&fixture::facts(&[]), &Pictures::default(), "");
        assert!(page.contains("never recorded") || page.contains("&lt;never&gt;"));
        assert!(!page.contains("<never>"));
    }

    #[test]
    fn the_page_fetches_nothing() {
        let page = page(&fixture::facts(&[]), &pictures(), "");
        assert!(
            !page.contains("http:")
                && !page.contains("https:")
                && !page.contains("<script")
                && !page.contains("@import")
        );
        assert!(page.contains("default-src 'none'"));
    }
}

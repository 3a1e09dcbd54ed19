//! Shots on the page: the timeline in proportion, and the contact sheet.

use super::picture::{Picture, Pictures};
use crate::report::facts::{ReportFacts, ShotFacts, ShotState};
use crate::report::figures::{count, span, timecode, words};
use maud::{Markup, html};

/// Returns the strip of scenes and shots, each as wide as it is long.
pub(super) fn timeline(facts: &ReportFacts) -> Markup {
    html! {
        @if facts.production.frames > 0 {
            section {
                h2 { "Timeline" }
                div.timeline {
                    ol.strip {
                        @for scene in scenes(&facts.shots) { (scene_segment(scene)) }
                    }
                    (ruler(facts))
                }
            }
        }
    }
}

/// Returns runs of consecutive shots of one scene.
fn scenes(shots: &[ShotFacts]) -> impl Iterator<Item = &[ShotFacts]> {
    shots.chunk_by(|one, next| one.scene == next.scene)
}

fn scene_segment(shots: &[ShotFacts]) -> Markup {
    let frames: usize = shots.iter().map(|shot| shot.frames).sum();
    html! {
        @if let Some(shot) = shots.first() {
            li style={ "flex-grow:" (frames) } {
                p title={ (title(shot)) ", " (count(shots.len(), "shot")) } { span { (shot.scene) } (heading(shot)) }
                ol.cuts { @for shot in shots { (cut(shot)) } }
            }
        }
    }
}

fn heading(shot: &ShotFacts) -> &str {
    shot.heading.as_deref().unwrap_or_default()
}

fn cut(shot: &ShotFacts) -> Markup {
    let title = format!(
        "{}, {}, {} to {}",
        shot.name,
        count(shot.frames, "frame"),
        shot.timecode_in,
        shot.timecode_out
    );
    html! {
        li class=(state(shot.state)) style={ "flex-grow:" (shot.frames) } {
            a href={ "#" (anchor(shot)) } title=(title) aria-label=(title) { span { (shot.name) } }
        }
    }
}

/// Returns timecode at the quarters of the cut.
fn ruler(facts: &ReportFacts) -> Markup {
    let at =
        |quarter: usize| timecode(facts.production.frames * quarter / 4, facts.production.rate);
    html! { div.ruler aria-hidden="true" { @for quarter in 0..=4 { span { (at(quarter)) } } } }
}

/// Returns every shot with its pictures, scene by scene.
pub(super) fn contact_sheet(facts: &ReportFacts, pictures: &Pictures) -> Markup {
    html! {
        @if !facts.shots.is_empty() {
            section {
                h2 { "Shots" }
                @for scene in scenes(&facts.shots) { (scene_sheet(scene, pictures)) }
            }
        }
    }
}

fn scene_sheet(shots: &[ShotFacts], pictures: &Pictures) -> Markup {
    let seconds: f64 = shots.iter().map(|shot| shot.duration).sum();
    html! {
        @if let Some(first) = shots.first() {
            h3.scene { span { (title(first)) } small { (count(shots.len(), "shot")) ", " (span(seconds)) } }
        }
        div.sheet { @for shot in shots { (card(shot, pictures)) } }
    }
}

fn title(shot: &ShotFacts) -> String {
    let heading = shot.heading.as_ref().map(|heading| format!("  {heading}"));
    format!("Scene {}{}", shot.scene, heading.unwrap_or_default())
}

fn card(shot: &ShotFacts, pictures: &Pictures) -> Markup {
    html! {
        article id=(anchor(shot)) class={ "shot " (state(shot.state)) } {
            (frames(shot, pictures))
            h4 { (shot.name) span { (shot.timecode_in) " – " (shot.timecode_out) } }
            p { (framing(shot)) }
            p.aside { (staging(shot)) }
        }
    }
}

/// Returns the middle frame large, with the first and the last below it; a word in its place when there is none.
fn frames(shot: &ShotFacts, pictures: &Pictures) -> Markup {
    let Some(taken) = pictures.shots.get(&shot.name) else {
        return empty(shot.state);
    };
    let main = taken
        .middle
        .as_ref()
        .or(taken.first.as_ref())
        .or(taken.last.as_ref());
    let Some(main) = main else {
        return empty(shot.state);
    };
    let ends = taken
        .middle
        .as_ref()
        .and_then(|_| taken.first.as_ref().zip(taken.last.as_ref()));
    html! {
        div.frames {
            (frame(shot, main, "middle", None))
            @if let Some((first, last)) = ends {
                (frame(shot, first, "first", shot.first))
                (frame(shot, last, "last", shot.last))
            }
        }
    }
}

fn frame(shot: &ShotFacts, picture: &Picture, which: &str, number: Option<i32>) -> Markup {
    let alt = format!("Shot {}, {which} frame", shot.name);
    html! {
        div class={ "frame " (which) } {
            img src=(picture.address()) alt=(alt);
            @if let Some(number) = number { span { (number) } }
        }
    }
}

fn empty(state: ShotState) -> Markup {
    let word = match state {
        ShotState::Complete => "No picture",
        ShotState::Failed => "Failed",
        ShotState::Pending => "Not made",
    };
    html! { div.frames { div.frame.empty { (word) } } }
}

/// Returns how the shot is framed: `Wide, 24 mm, push in`.
fn framing(shot: &ShotFacts) -> String {
    let lens = format!("{} mm", (f64::from(shot.lens_mm) * 10.0).round() / 10.0);
    let mut parts = vec![words(&shot.size), lens];
    parts.extend(
        [words(&shot.angle)]
            .into_iter()
            .filter(|angle| angle != "eye"),
    );
    parts.extend(
        [words(&shot.travel)]
            .into_iter()
            .filter(|travel| travel != "static"),
    );
    parts.join(", ")
}

/// Returns what is in the shot, from which template, and how long it is.
fn staging(shot: &ShotFacts) -> String {
    let who = (!shot.cast.is_empty()).then(|| shot.cast.join(", "));
    let template = shot.template.as_ref().map(words);
    let parts = [
        who,
        shot.location.clone(),
        template,
        Some(count(shot.frames, "frame")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn state(state: ShotState) -> &'static str {
    match state {
        ShotState::Complete => "complete",
        ShotState::Failed => "failed",
        ShotState::Pending => "pending",
    }
}

fn anchor(shot: &ShotFacts) -> String {
    format!("shot-{}", shot.starts)
}

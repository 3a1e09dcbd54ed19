//! Shots on the page: timeline and contact sheet.

use super::embedded_image::{EmbeddedImage, ReportImages};
use crate::report::report_facts::{ReportFacts, ShotFacts, ShotState};
use crate::report::text_format::{format_count, format_duration, identifier_words};
use maud::{Markup, html};

/// Returns the timeline: scenes and shots as wide as they are long.
pub(super) fn timeline_section(facts: &ReportFacts) -> Markup {
    html! {
        @if facts.production.frames > 0 {
            section {
                h2 { "Timeline" }
                div.timeline {
                    ol.strip {
                        @for scene in group_by_scene(&facts.shots) { (scene_segment(scene)) }
                    }
                    (timecode_ruler(facts))
                }
            }
        }
    }
}

/// Returns groups of consecutive shots of one scene.
fn group_by_scene(shots: &[ShotFacts]) -> impl Iterator<Item = &[ShotFacts]> {
    // By neighbours and not by number: a scene that is cut to twice appears twice in the film.
    shots.chunk_by(|shot, next| shot.scene == next.scene)
}

fn scene_segment(shots: &[ShotFacts]) -> Markup {
    let frames: usize = shots.iter().map(|shot| shot.frames).sum();
    html! {
        @if let Some(shot) = shots.first() {
            li style={ "flex-grow:" (frames) } {
                p title={ (scene_title(shot)) ", " (format_count(shots.len(), "shot")) } { span { (shot.scene) } (scene_heading(shot)) }
                ol.cuts { @for shot in shots { (timeline_cut(shot)) } }
            }
        }
    }
}

fn scene_heading(shot: &ShotFacts) -> &str {
    shot.heading.as_deref().unwrap_or_default()
}

fn timeline_cut(shot: &ShotFacts) -> Markup {
    // Short shots are too narrow for their name, so it is also in the tooltip and for screen
    // readers.
    let title = format!(
        "{}, {}, {} to {}",
        shot.name,
        format_count(shot.frames, "frame"),
        shot.timecode_in,
        shot.timecode_out
    );
    html! {
        li class=(state_class(shot.state)) style={ "flex-grow:" (shot.frames) } {
            a href={ "#" (shot_anchor(shot)) } title=(title) aria-label=(title) { span { (shot.name) } }
        }
    }
}

/// Returns the timecodes at the quarters of the shots.
fn timecode_ruler(facts: &ReportFacts) -> Markup {
    // Hidden from screen readers: five times without their positions mean nothing, and every shot
    // names its own.
    html! { div.ruler aria-hidden="true" { @for code in &facts.production.ruler { span { (code) } } } }
}

/// Returns the contact sheet: every shot with its pictures, by scene.
pub(super) fn contact_sheet(facts: &ReportFacts, pictures: &ReportImages) -> Markup {
    html! {
        @if !facts.shots.is_empty() {
            section {
                h2 { "Shots" }
                @for scene in group_by_scene(&facts.shots) { (scene_sheet(scene, pictures)) }
            }
        }
    }
}

fn scene_sheet(shots: &[ShotFacts], pictures: &ReportImages) -> Markup {
    let seconds: f64 = shots.iter().map(|shot| shot.duration).sum();
    html! {
        @if let Some(first) = shots.first() {
            h3.scene { span { (scene_title(first)) } small { (format_count(shots.len(), "shot")) ", " (format_duration(seconds)) } }
        }
        div.sheet { @for shot in shots { (shot_card(shot, pictures)) } }
    }
}

fn scene_title(shot: &ShotFacts) -> String {
    let heading = shot.heading.as_ref().map(|heading| format!("  {heading}"));
    format!("Scene {}{}", shot.scene, heading.unwrap_or_default())
}

fn shot_card(shot: &ShotFacts, pictures: &ReportImages) -> Markup {
    html! {
        article id=(shot_anchor(shot)) class={ "shot " (state_class(shot.state)) } {
            (shot_frames(shot, pictures))
            h4 { (shot.name) span { (shot.timecode_in) " – " (shot.timecode_out) } }
            p { (framing_text(shot)) }
            p.aside { (staging_text(shot)) }
        }
    }
}

/// Returns the middle frame large, with the first and the last one below it; a word if there is no
/// picture.
fn shot_frames(shot: &ShotFacts, pictures: &ReportImages) -> Markup {
    let Some(images) = pictures.shots.get(&shot.name) else {
        return missing_frame(shot.state);
    };
    // A failed chunk can leave a shot without its middle frame. It then shows what it has.
    let main = images
        .middle
        .as_ref()
        .or(images.first.as_ref())
        .or(images.last.as_ref());
    let Some(main) = main else {
        return missing_frame(shot.state);
    };
    // Both ends or none: one alone would be taken for the other. Without a middle frame one of them
    // is already shown large.
    let ends = images
        .middle
        .as_ref()
        .and_then(|_| images.first.as_ref().zip(images.last.as_ref()));
    html! {
        div.frames {
            (frame_image(shot, main, "middle", None))
            @if let Some((first, last)) = ends {
                (frame_image(shot, first, "first", shot.first))
                (frame_image(shot, last, "last", shot.last))
            }
        }
    }
}

fn frame_image(
    shot: &ShotFacts,
    picture: &EmbeddedImage,
    which: &str,
    number: Option<i32>,
) -> Markup {
    let alt = format!("Shot {}, {which} frame", shot.name);
    html! {
        div class={ "frame " (which) } {
            img src=(picture.data_uri()) alt=(alt);
            @if let Some(number) = number { span { (number) } }
        }
    }
}

fn missing_frame(state: ShotState) -> Markup {
    // Shots without a picture keep their frame, so that the grid shows how much of the film is
    // missing.
    let word = match state {
        ShotState::Complete => "No picture",
        ShotState::Failed => "Failed",
        ShotState::Pending => "Not made",
    };
    html! { div.frames { div.frame.empty { (word) } } }
}

/// Returns the framing, such as `Wide, 24 mm, push in`.
fn framing_text(shot: &ShotFacts) -> String {
    // Through `f64` and rounded, because 0.1 in `f32` is printed with all its digits.
    let lens = format!("{} mm", (f64::from(shot.lens_mm) * 10.0).round() / 10.0);
    // Eye level and a static camera are the usual case and are not named.
    let mut parts = vec![identifier_words(&shot.size), lens];
    parts.extend(
        [identifier_words(&shot.angle)]
            .into_iter()
            .filter(|angle| angle != "eye"),
    );
    parts.extend(
        [identifier_words(&shot.travel)]
            .into_iter()
            .filter(|travel| travel != "static"),
    );
    parts.join(", ")
}

/// Returns characters, location, template and length.
fn staging_text(shot: &ShotFacts) -> String {
    let who = (!shot.cast.is_empty()).then(|| shot.cast.join(", "));
    let template = shot.template.as_ref().map(identifier_words);
    let parts = [
        who,
        shot.location.clone(),
        template,
        Some(format_count(shot.frames, "frame")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn state_class(state: ShotState) -> &'static str {
    match state {
        ShotState::Complete => "complete",
        ShotState::Failed => "failed",
        ShotState::Pending => "pending",
    }
}

fn shot_anchor(shot: &ShotFacts) -> String {
    // The position and not the name: an anchor needs no escaping, and every shot begins at another
    // frame.
    format!("shot-{}", shot.starts)
}

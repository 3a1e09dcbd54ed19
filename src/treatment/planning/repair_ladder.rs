//! Plans a treatment: builds the plan, checks it, repairs it, checks it again, and falls back to
//! the smallest film if an error is left.

use super::asset_checks::{check_pictures, check_voice, repair_pictures, repair_voice};
use super::card_timing::{least_reading_milliseconds, reading_milliseconds};
use super::fallback::fall_back;
use super::film_fonts::FilmFonts;
use super::film_settings::{film_settings, warn_unknown_profile};
use super::look_checks::check_look;
use super::narration_timing::{narration_milliseconds, narrator_rate};
use super::plan_draft::{
    MusicPlan, PlanStatus, ScenePlan, TreatmentOptions, TreatmentPlan, time_frames,
};
use super::plan_finding::{PlanFinding, report_repairs};
use super::planner_job::{check_jobs, list_assets, list_jobs};
use super::profile_facts::ProfileFacts;
use super::timing_checks::{
    check_lengths, check_starts, fewest_frames, fill_estimates, repair_lengths, repair_starts,
};
use crate::base::count_text::format_count;
use crate::base::{Diagnostic, Diagnostics, Digest, Spanned};
use crate::document::quote::quote_value;
use crate::treatment::treatment_value::{ScenePurpose, Treatment, TreatmentScene, TreatmentTime};
use crate::treatment::words::music_mood;

/// Plans a treatment that has at least one scene. `None` if it has none.
pub fn plan_treatment(
    treatment: &Treatment,
    profile: &ProfileFacts,
    options: &TreatmentOptions,
    diagnostics: &mut Diagnostics,
) -> Option<TreatmentPlan> {
    if treatment.scenes.is_empty() {
        return None;
    }
    warn_unknown_profile(treatment, profile, diagnostics);
    let mut plan = draft_plan(treatment, profile, options, diagnostics);
    climb_ladder(&mut plan, options, diagnostics);
    plan.music = if plan.status == PlanStatus::Degraded {
        Vec::new()
    } else {
        plan_music(&plan, treatment.brief.music.as_ref(), diagnostics)
    };
    // From the repaired scenes, so that no job makes what was replaced.
    plan.assets = list_assets(&plan);
    plan.manifest_id = manifest_id(&plan);
    plan.jobs = list_jobs(&plan);
    let missing = check_jobs(&plan);
    if let Some(first) = missing.first() {
        // Jobs are made from the needs, so this is a mistake of ours; the small film has neither.
        fall_back(&mut plan, &first.message, diagnostics);
        plan.assets = list_assets(&plan);
        plan.jobs = list_jobs(&plan);
    }
    report_repairs(&plan.repairs, diagnostics);
    check_look(&plan, diagnostics);
    Some(plan)
}

/// Checks, repairs, checks again, and falls back.
fn climb_ladder(
    plan: &mut TreatmentPlan,
    options: &TreatmentOptions,
    diagnostics: &mut Diagnostics,
) {
    // Before the first check: an estimate that gives way is no mistake of the treatment.
    fill_estimates(plan);
    if check_plan(plan, options).is_empty() {
        return;
    }
    // Places first, because they change lengths; lengths next, so that the sum is right in the end.
    repair_starts(plan);
    let fits = repair_lengths(plan);
    repair_pictures(plan, options);
    repair_voice(plan);
    if !plan.repairs.is_empty() {
        plan.status = PlanStatus::Repaired;
    }
    // By the same checks as before: a repair that breaks something else is found.
    let left = check_plan(plan, options);
    if !fits {
        let least = fewest_frames(plan) * i64::try_from(plan.scenes.len()).unwrap_or(i64::MAX);
        let reason = format!(
            "{} of a tenth of a second {} {:.1} s, more than is asked for",
            format_count(plan.scenes.len(), "scene"),
            if plan.scenes.len() == 1 {
                "takes"
            } else {
                "take"
            },
            plan.seconds(least)
        );
        fall_back(plan, &reason, diagnostics);
    } else if let Some(first) = left.first() {
        let reason = first.message.clone();
        fall_back(plan, &reason, diagnostics);
    }
}

/// Returns everything that a plan must not have.
fn check_plan(plan: &TreatmentPlan, options: &TreatmentOptions) -> Vec<PlanFinding> {
    let mut findings = check_starts(plan);
    findings.extend(check_lengths(plan));
    findings.extend(check_pictures(plan, options));
    findings.extend(check_voice(plan));
    findings
}

/// Makes a plan of what is written, with estimates where nothing is.
fn draft_plan(
    treatment: &Treatment,
    profile: &ProfileFacts,
    options: &TreatmentOptions,
    diagnostics: &mut Diagnostics,
) -> TreatmentPlan {
    let settings = film_settings(treatment, profile, options, diagnostics);
    let rate = settings.rate;
    let brief = &treatment.brief;
    let text = |value: &Option<Spanned<String>>| value.as_ref().map(|value| value.value.clone());
    let scenes = treatment.scenes.iter().enumerate();
    let voice = brief.voice.as_ref();
    let words_per_minute = narrator_rate(voice.map_or("", |voice| voice.value.as_str()));
    TreatmentPlan {
        manifest_id: String::new(),
        settings,
        scenes: scenes
            .map(|(index, scene)| scene_plan(scene, index, rate, words_per_minute))
            .collect(),
        assets: Vec::new(),
        music: Vec::new(),
        references: brief.references.clone(),
        notes: brief.notes.iter().map(|note| note.value.clone()).collect(),
        faces_locked: brief.faces_locked.map(|locked| locked.value),
        voice_consistent: brief.voice_consistent.map(|same| same.value),
        tone: text(&brief.tone),
        voice: text(&brief.voice),
        voice_id: text(&brief.voice_id),
        logo: text(&brief.logo),
        font: text(&brief.font),
        fonts: FilmFonts::default(),
        subtitles: brief.subtitles.map(|on| on.value),
        jobs: Vec::new(),
        repairs: Vec::new(),
        status: PlanStatus::Clean,
    }
}

fn scene_plan(scene: &TreatmentScene, index: usize, rate: u32, words_per_minute: u32) -> ScenePlan {
    let frames = |milliseconds: i64| {
        // Rounded up: no word and no text may be cut off.
        (milliseconds * i64::from(rate) + 999) / 1000
    };
    let narration_frames = frames(narration_milliseconds(scene, words_per_minute));
    let reading_frames = frames(reading_milliseconds(scene));
    let written = scene
        .timing
        .map(|timing| time_frames(timing.value.length, rate));
    let start = scene.timing.and_then(|timing| timing.value.start);
    // A beginning and an end are rounded each, so that scenes that touch still touch.
    let written = match (start, scene.timing) {
        (Some(start), Some(timing)) => {
            let end = TreatmentTime(start.0 + timing.value.length.0);
            Some(time_frames(end, rate) - time_frames(start, rate))
        }
        _ => written,
    };
    ScenePlan {
        id: format!("s{}", index + 1),
        purpose: scene
            .purpose
            .map_or(ScenePurpose::Body, |purpose| purpose.value),
        written_start: start.map(|start| time_frames(start, rate)),
        frames: written.unwrap_or(narration_frames.max(reading_frames)),
        is_length_written: written.is_some(),
        narration_frames,
        reading_frames,
        least_reading_frames: frames(least_reading_milliseconds(scene)),
        scene: scene.clone(),
    }
}

/// Plans the music: each scene keeps that of the scene before unless it names its own.
fn plan_music(
    plan: &TreatmentPlan,
    film: Option<&Spanned<String>>,
    diagnostics: &mut Diagnostics,
) -> Vec<MusicPlan> {
    let profile = &plan.settings.profile;
    let mut mood = match film {
        Some(words) => read_mood(words, &profile.music, diagnostics),
        None => plan
            .tone
            .as_deref()
            .and_then(music_mood)
            .map_or_else(|| profile.music.clone(), |(mood, _)| mood.to_owned()),
    };
    let mut cues: Vec<MusicPlan> = Vec::new();
    for (index, scene) in plan.scenes.iter().enumerate() {
        if let Some(words) = &scene.scene.music {
            mood = read_mood(words, &profile.music, diagnostics);
        }
        // One piece over the cut, in place of the same music that begins again.
        match cues.last_mut().filter(|cue| cue.mood == mood) {
            Some(cue) => {
                cue.last = index;
                cue.frames += scene.frames;
            }
            None => cues.push(MusicPlan {
                id: format!("m{}", cues.len() + 1),
                mood: mood.clone(),
                first: index,
                last: index,
                frames: scene.frames,
            }),
        }
    }
    cues
}

fn read_mood(words: &Spanned<String>, usual: &str, diagnostics: &mut Diagnostics) -> String {
    let code = "production::treatment::guess";
    match music_mood(&words.value) {
        // A mood by its own name is no guess, and needs no note.
        Some((mood, word)) if mood == words.value.to_lowercase() || mood == word => mood.to_owned(),
        Some((mood, word)) => {
            let note = Diagnostic::info(code, words.origin, format!("the music is `{mood}`"));
            diagnostics.push(note.with_label(format!("by the word {}", quote_value(word))));
            mood.to_owned()
        }
        None => {
            let note = Diagnostic::info(code, words.origin, format!("the music is `{usual}`"));
            diagnostics.push(note.with_label("no word of it is a mood; the profile decides"));
            usual.to_owned()
        }
    }
}

/// Returns an id that is the same for the same plan.
fn manifest_id(plan: &TreatmentPlan) -> String {
    let mut text = format!("{:?}\n{:?}\n", plan.settings, plan.music);
    for planned in &plan.scenes {
        let scene = &planned.scene;
        let spoken = scene.narration.iter().map(|line| &line.text.value);
        let seen = scene.visuals.iter().map(|visual| &visual.description.value);
        let shown = scene.overlays.iter().flat_map(|overlay| &overlay.lines);
        let shown = shown.map(|line| &line.value);
        let rows = scene.charts.iter().flat_map(|chart| &chart.rows);
        let cells = rows.flat_map(|row| [&row.label].into_iter().chain(&row.cells));
        let cells = cells.map(|cell| &cell.value);
        text.push_str(&format!("\n{} {}", scene.slug, planned.frames));
        for part in spoken.chain(seen).chain(shown).chain(cells) {
            text.push('\n');
            text.push_str(part);
        }
    }
    Digest::hash_bytes(text.as_bytes()).short_hex()
}

//! The jobs of a planned film, each with what its worker must know, and the check that every need
//! of a scene has exactly one.

use super::plan_draft::{AssetPlan, ScenePlan, TreatmentPlan};
use super::plan_finding::PlanFinding;
use crate::base::DiagnosticCode;
use crate::treatment::treatment_value::{SceneChart, VisualSource};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

const MISSING_GEN_JOB: DiagnosticCode = "production::treatment::missing_gen_job";

/// One row of the data of a chart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChartDatum {
    /// What the row is about.
    pub label: String,
    /// Its number. `None` in a table of words.
    pub value: Option<f64>,
    /// Its cells as written.
    pub cells: Vec<String>,
    /// What is behind the number.
    pub unit: String,
}

/// What a job works on.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum PlannerPayload {
    /// Speaks a line.
    Tts {
        /// The scene.
        scene_id: String,
        /// The words.
        text: String,
        /// The program that speaks.
        provider: String,
        /// Its name of the voice.
        voice_id: String,
        /// The kind of file.
        format: &'static str,
    },
    /// Draws a picture.
    GenerateImage {
        /// The scene.
        scene_id: String,
        /// What is drawn.
        prompt: String,
        /// What draws it.
        model: &'static str,
        /// The picture that it makes.
        result_asset_id: String,
    },
    /// Draws a chart from the data.
    GenerateChart {
        /// The scene.
        scene_id: String,
        /// The kind of chart.
        chart_type: &'static str,
        /// Its title.
        title: Option<String>,
        /// The names of its columns.
        columns: Vec<String>,
        /// The rows.
        data: Vec<ChartDatum>,
        /// What draws it.
        provider: &'static str,
        /// The picture that it makes.
        result_asset_id: String,
    },
    /// Composes music.
    GenerateMusic {
        /// The cue.
        cue_id: String,
        /// Its mood.
        mood: String,
        /// What composes it.
        provider: &'static str,
        /// How long it is.
        duration_sec: f64,
    },
    /// Puts everything together.
    RenderShotstack {
        /// The manifest.
        manifest_id: String,
        /// The clips of the film.
        timeline: serde_json::Value,
        /// The address that gets events. `None` unless the client gives one.
        callback_url: Option<String>,
        /// The jobs that must be done before.
        depends_on: Vec<String>,
    },
}

/// One job.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannerJob {
    /// Its id.
    pub id: String,
    /// Its kind: `tts`, `generate_image`, `generate_chart`, `generate_music`, `render_shotstack`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Its state.
    pub status: &'static str,
    /// Higher goes first.
    pub priority: u8,
    /// The jobs that must be done before.
    pub depends_on: Vec<String>,
    /// How often it is tried.
    pub max_attempts: u8,
    /// Seconds before it is tried again.
    pub backoff_sec: u32,
    /// Seconds that it takes, roughly.
    pub estimate_sec: u32,
    /// What it works on.
    pub payload: PlannerPayload,
}

/// Kinds of jobs: name, priority, attempts, seconds before the next, seconds that they take. The
/// numbers are those in common use among planners of short films.
const KINDS: [(&str, u8, u8, u32, u32); 5] = [
    ("tts", 10, 3, 30, 30),
    ("generate_chart", 10, 2, 30, 20),
    ("generate_image", 8, 3, 60, 45),
    ("generate_music", 5, 2, 60, 60),
    ("render_shotstack", 1, 2, 120, 120),
];

fn new_job(kind: usize, id: String, payload: PlannerPayload) -> PlannerJob {
    let (name, priority, max_attempts, backoff_sec, estimate_sec) = KINDS[kind];
    PlannerJob {
        id,
        kind: name,
        status: "pending",
        priority,
        depends_on: Vec::new(),
        max_attempts,
        backoff_sec,
        estimate_sec,
        payload,
    }
}

/// Returns the pictures that the scenes need.
pub(super) fn list_assets(plan: &TreatmentPlan) -> Vec<AssetPlan> {
    let mut assets = Vec::new();
    for scene in &plan.scenes {
        for (index, visual) in scene.scene.visuals.iter().enumerate() {
            let (is_generated, content) = match &visual.source {
                VisualSource::User(path) => (false, path.clone()),
                _ => (true, visual.description.value.clone()),
            };
            assets.push(AssetPlan {
                id: format!("{}_v{}", scene.id, index + 1),
                scene_id: scene.id.clone(),
                is_generated,
                content,
                is_chart: false,
            });
        }
        for (index, chart) in scene.scene.charts.iter().enumerate() {
            let title = chart.title.as_ref().map(|title| title.value.clone());
            assets.push(AssetPlan {
                id: format!("{}_c{}", scene.id, index + 1),
                scene_id: scene.id.clone(),
                is_generated: true,
                content: title.unwrap_or_else(|| format!("{} chart", chart.kind.name())),
                is_chart: true,
            });
        }
    }
    assets
}

/// The pictures of each scene, by its id.
type SceneAssets<'a> = BTreeMap<&'a str, Vec<&'a AssetPlan>>;

fn assets_by_scene(plan: &TreatmentPlan) -> SceneAssets<'_> {
    let mut assets = SceneAssets::new();
    for asset in &plan.assets {
        assets
            .entry(asset.scene_id.as_str())
            .or_default()
            .push(asset);
    }
    assets
}

/// Returns the jobs of a plan, the render last.
pub(super) fn list_jobs(plan: &TreatmentPlan) -> Vec<PlannerJob> {
    let assets = assets_by_scene(plan);
    let mut jobs = Vec::new();
    for scene in &plan.scenes {
        jobs.extend(speech_jobs(plan, scene));
        // Found by scene: a walk over all pictures for each scene would cost their product.
        let pictures = assets.get(scene.id.as_str()).map_or(&[][..], Vec::as_slice);
        jobs.extend(picture_jobs(scene, pictures));
    }
    for cue in plan.music.iter().filter(|cue| cue.mood != "off") {
        let payload = PlannerPayload::GenerateMusic {
            cue_id: cue.id.clone(),
            mood: cue.mood.clone(),
            provider: "built-in",
            duration_sec: plan.seconds(cue.frames),
        };
        jobs.push(new_job(3, format!("music_{}", cue.id), payload));
    }
    // The render is done last, and no job depends on it.
    let depends_on: Vec<String> = jobs.iter().map(|job| job.id.clone()).collect();
    let payload = PlannerPayload::RenderShotstack {
        manifest_id: plan.manifest_id.clone(),
        timeline: timeline_json(plan, &assets),
        callback_url: None,
        depends_on: depends_on.clone(),
    };
    let mut render = new_job(4, "render".to_owned(), payload);
    render.depends_on = depends_on;
    jobs.push(render);
    jobs
}

fn speech_jobs(plan: &TreatmentPlan, scene: &ScenePlan) -> Vec<PlannerJob> {
    let lines = scene.scene.narration.iter().enumerate();
    let job = |(index, line): (usize, &crate::treatment::treatment_value::SceneNarration)| {
        let payload = PlannerPayload::Tts {
            scene_id: scene.id.clone(),
            text: line.text.value.clone(),
            provider: plan.settings.speech_provider.clone(),
            voice_id: plan
                .voice_id
                .clone()
                .unwrap_or_else(|| plan.settings.language.clone()),
            format: "mp3",
        };
        new_job(0, speech_job_id(scene, index), payload)
    };
    lines.map(job).collect()
}

fn speech_job_id(scene: &ScenePlan, index: usize) -> String {
    match index {
        0 => format!("tts_{}", scene.id),
        _ => format!("tts_{}_{}", scene.id, index + 1),
    }
}

fn picture_jobs(scene: &ScenePlan, assets: &[&AssetPlan]) -> Vec<PlannerJob> {
    let mut charts = scene.scene.charts.iter();
    let mut jobs = Vec::new();
    for asset in assets.iter().filter(|asset| asset.is_generated) {
        // Pictures of charts were listed in the order of the charts.
        let chart = asset.is_chart.then(|| charts.next()).flatten();
        jobs.push(match chart {
            Some(chart) => chart_job(scene, asset, chart),
            None => {
                let payload = PlannerPayload::GenerateImage {
                    scene_id: scene.id.clone(),
                    prompt: asset.content.clone(),
                    model: "previz",
                    result_asset_id: asset.id.clone(),
                };
                new_job(2, format!("image_{}", asset.id), payload)
            }
        });
    }
    jobs
}

fn chart_job(scene: &ScenePlan, asset: &AssetPlan, chart: &SceneChart) -> PlannerJob {
    let data = chart.rows.iter().map(|row| ChartDatum {
        label: row.label.value.clone(),
        value: row.value,
        cells: row.cells.iter().map(|cell| cell.value.clone()).collect(),
        unit: row.unit.clone(),
    });
    let payload = PlannerPayload::GenerateChart {
        scene_id: scene.id.clone(),
        chart_type: chart.kind.name(),
        title: chart.title.as_ref().map(|title| title.value.clone()),
        columns: chart
            .columns
            .iter()
            .map(|column| column.value.clone())
            .collect(),
        data: data.collect(),
        provider: "built-in",
        result_asset_id: asset.id.clone(),
    };
    new_job(1, format!("chart_{}", asset.id), payload)
}

/// Returns the clips of the film on their tracks.
fn timeline_json(plan: &TreatmentPlan, assets: &SceneAssets<'_>) -> serde_json::Value {
    let starts = plan.scene_starts();
    let clips = plan.scenes.iter().zip(&starts).map(|(scene, start)| {
        let assets = assets.get(scene.id.as_str()).into_iter().flatten();
        serde_json::json!({
            "sceneId": scene.id,
            "start": plan.seconds(*start),
            "length": plan.seconds(scene.frames),
            "assets": assets.map(|asset| asset.id.as_str()).collect::<Vec<_>>(),
        })
    });
    let music = plan
        .music
        .iter()
        .filter(|cue| cue.mood != "off")
        .map(|cue| {
            serde_json::json!({
                "cueId": cue.id,
                "start": plan.seconds(starts.get(cue.first).copied().unwrap_or(0)),
                "length": plan.seconds(cue.frames),
            })
        });
    serde_json::json!({
        "tracks": [
            {"type": "visual", "clips": clips.collect::<Vec<_>>()},
            {"type": "music", "clips": music.collect::<Vec<_>>()},
        ],
    })
}

/// Returns a finding for every need of a scene that has no job, or more than one, and for jobs that
/// wait for each other.
pub(super) fn check_jobs(plan: &TreatmentPlan) -> Vec<PlanFinding> {
    let assets = assets_by_scene(plan);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for job in &plan.jobs {
        *counts.entry(job.id.as_str()).or_default() += 1;
    }
    let mut findings = Vec::new();
    for scene in &plan.scenes {
        let pictures = assets.get(scene.id.as_str()).into_iter().flatten();
        for need in scene_needs(scene, pictures.copied()) {
            let count = counts.get(need.as_str()).copied().unwrap_or(0);
            if count != 1 {
                let message = format!("{count} jobs make `{need}`");
                let origin = scene.scene.origin;
                findings.push(PlanFinding {
                    code: MISSING_GEN_JOB,
                    origin,
                    message,
                });
            }
        }
    }
    if !is_acyclic(&plan.jobs) {
        let message = "jobs wait for each other".to_owned();
        let first = plan.scenes.first();
        let origin = first.map(|scene| scene.scene.origin).unwrap_or_default();
        findings.push(PlanFinding {
            code: MISSING_GEN_JOB,
            origin,
            message,
        });
    }
    findings
}

/// Returns the ids of the jobs that a scene needs.
fn scene_needs<'a>(
    scene: &ScenePlan,
    pictures: impl Iterator<Item = &'a AssetPlan>,
) -> Vec<String> {
    let lines = 0..scene.scene.narration.len();
    let spoken = lines.map(|index| speech_job_id(scene, index));
    let drawn = pictures.filter(|asset| asset.is_generated).map(|asset| {
        let kind = if asset.is_chart { "chart" } else { "image" };
        format!("{kind}_{}", asset.id)
    });
    spoken.chain(drawn).collect()
}

/// Whether every job can begin once those before it in the list are done.
fn is_acyclic(jobs: &[PlannerJob]) -> bool {
    let mut done = BTreeSet::new();
    jobs.iter().all(|job| {
        let can_begin = job
            .depends_on
            .iter()
            .all(|before| done.contains(before.as_str()));
        can_begin && done.insert(job.id.as_str())
    })
}

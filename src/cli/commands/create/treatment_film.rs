//! `production create --from FILE.md`: a film from a treatment. The treatment is read and planned by
//! `treatment`; this file reads the disk, prints the findings, and writes the folder.

use super::check_name;
use super::created_production::{CreatedFile, CreatedProduction};
use super::creation_record::CreationKind;
use super::creation_target::CreationTarget;
use super::input_file::read_input_file;
use super::next_steps;
use super::production_answers::{MODELINE, title_from_name, with_author};
use super::renewal_text::print_outcome;
use crate::base::paths::escapes_root;
use crate::base::{Clock, Diagnostics, Severity, SourceMap, SystemClock};
use crate::cli::args::{CreateArgs, ResultFormat};
use crate::cli::catalog::folder_presets;
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::{CliError, INVALID_INPUT};
use crate::cli::library_models::{PERSON_MODEL, library_model};
use crate::lettering::{SystemFonts, built_in_coverage};
use crate::library::Library;
use crate::media::footage_files::survey_footage;
use crate::media::picture::check_picture;
use crate::model::footage::{FootageFacts, FootageProblem};
use crate::model::graphics::IconWords;
use crate::report::diagnostic::{DiagnosticStyle, render_diagnostics};
use crate::report::text_format::format_count;
use crate::report::text_table::fit_columns;
use crate::treatment::{
    CreatedDocument, FilmFonts, PlanStatus, ProfileFacts, Treatment, TreatmentFormat,
    TreatmentOptions, TreatmentPlan, USUAL_PROFILE, VisualSource, is_pictograph, parse_treatment,
    plan_treatment, planner_json, profile_name, treatment_text, write_production,
};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The largest file that is read at all. What is larger than a treatment is reported by its reader.
const MAX_READ: u64 = 64 * 1024 * 1024;

/// Most notes that are drawn with their lines.
const MAX_NOTES: usize = 30;

/// A treatment as it was planned, with everything that was found.
struct PlannedTreatment {
    plan: TreatmentPlan,
    document: CreatedDocument,
    /// Whether the text has something that may be a secret.
    has_secret: bool,
    diagnostics: Diagnostics,
    sources: SourceMap,
    milliseconds: u64,
}

/// What a film is called beside what its treatment says.
#[derive(Clone, Copy, Default)]
struct TreatmentTitles<'a> {
    title: Option<&'a str>,
    /// The name of the production, from which the title is made if there is no other.
    name: Option<&'a str>,
}

impl<'a> TreatmentTitles<'a> {
    fn from_args(args: &'a CreateArgs) -> Self {
        Self {
            title: args.title.as_deref(),
            name: args.name.as_deref(),
        }
    }
}

/// Prints the plan of a treatment: `production plan FILE.md`.
pub(in crate::cli::commands) fn show_treatment_plan(
    path: &Path,
    format: TreatmentFormat,
    output: ResultFormat,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    let bytes = read_input_file(path, "a treatment", MAX_READ)?;
    let search_path = &settings.session.search_path;
    match plan_file(
        TreatmentTitles::default(),
        path,
        &bytes,
        format,
        search_path,
    ) {
        Ok(planned) => {
            print_plan(&planned, output, settings);
            Ok(ExitCode::SUCCESS)
        }
        Err((diagnostics, sources)) => {
            print_findings(diagnostics, &sources, settings);
            Ok(ExitCode::from(INVALID_INPUT))
        }
    }
}

/// Returns the file of `--from` if it is a treatment.
pub(super) fn treatment_source(args: &CreateArgs) -> Option<(&Path, TreatmentFormat)> {
    let path = args.from.as_deref()?;
    Some((path, TreatmentFormat::from_path(path)?))
}

/// Makes a production from a treatment, or prints its plan.
pub(super) fn create_from_treatment(
    args: &CreateArgs,
    path: &Path,
    format: TreatmentFormat,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    let target = creation_target(args)?;
    let args = &target
        .as_ref()
        .map_or_else(|| args.clone(), |target| target.fill_args(args));
    let bytes = read_input_file(path, "a treatment", MAX_READ)?;
    let titles = TreatmentTitles::from_args(args);
    let search_path = &settings.session.search_path;
    let planned = match plan_file(titles, path, &bytes, format, search_path) {
        Ok(planned) => planned,
        Err((diagnostics, sources)) => {
            print_findings(diagnostics, &sources, settings);
            return Ok(ExitCode::from(INVALID_INPUT));
        }
    };
    let Some(target) = target else {
        print_plan(&planned, args.format, settings);
        return Ok(ExitCode::SUCCESS);
    };
    print_findings(planned.diagnostics.clone(), &planned.sources, settings);
    if planned.plan.status == PlanStatus::Degraded && !args.accept_degraded {
        let message = "create a film: little of the treatment is left; correct it, or accept a film of one \
             scene with `--accept-degraded`";
        return Err(CliError::Usage(message.to_owned()));
    }
    let made = made_film(args, path, bytes, &planned)?;
    let outcome = target.write(args, &made, settings)?;
    print_outcome(
        &target.folder,
        &path.display().to_string(),
        &outcome,
        settings,
        || created_text(&target.folder, path, &planned.plan),
    );
    Ok(outcome.exit_code)
}

/// Returns where the film is written. `None`: the caller wants its plan alone.
fn creation_target(args: &CreateArgs) -> Result<Option<CreationTarget>, CliError> {
    if args.dry_run {
        return match &args.name {
            Some(name) => check_name(name).map(|()| None).map_err(CliError::Usage),
            None => Ok(None),
        };
    }
    CreationTarget::find(args, CreationKind::Treatment).map(Some)
}

/// Returns the icons of the library with their words.
fn icon_words(library: &Library) -> IconWords {
    let named = library.icons.preset_names();
    let icons = named.filter_map(|name| {
        let words = library.icons.get(name)?.words.iter().flatten();
        Some((
            name.to_owned(),
            words.map(|word| word.value.clone()).collect(),
        ))
    });
    IconWords {
        icons: icons.collect(),
    }
}

/// Reads and plans a treatment. The error has what was found in one that cannot be planned.
fn plan_file(
    titles: TreatmentTitles<'_>,
    path: &Path,
    bytes: &[u8],
    format: TreatmentFormat,
    search_path: &OsStr,
) -> Result<PlannedTreatment, (Diagnostics, SourceMap)> {
    let clock = SystemClock::default();
    let start = clock.now();
    let mut sources = SourceMap::default();
    let mut diagnostics = Diagnostics::default();
    let Some(text) = treatment_text(path, bytes, format, &mut sources, &mut diagnostics) else {
        return Err((diagnostics, sources));
    };
    let mut treatment = parse_treatment(&text, &mut diagnostics);
    let secrets = treatment.redactions.iter().filter(|one| one.is_secret);
    // Findings show lines of the text, and those with a secret must not show it.
    sources.hide_spans(secrets.map(|one| one.origin));
    if let Some(title) = titles.title {
        let origin = treatment.brief.title.as_ref().map(|title| title.origin);
        let title = crate::base::Spanned::new(title.to_owned(), origin.unwrap_or_default());
        treatment.brief.title = Some(title);
    }
    let presets = folder_presets(Path::new("."));
    let profiles = &presets.library.profiles;
    let is_known = |name: &str| profiles.get(name).is_some();
    let profile = find_profile(
        &presets.library,
        &profile_name(&treatment, is_known, &mut diagnostics),
    );
    let shown = shown_files(path, &treatment, search_path);
    let options = TreatmentOptions {
        files: shown.usable,
        unusable: shown.unusable,
        usual_title: usual_title(titles, path),
    };
    let Some(mut plan) = plan_treatment(&treatment, &profile, &options, &mut diagnostics) else {
        return Err((diagnostics, sources));
    };
    plan.fonts = film_fonts(&plan.unusual_characters());
    let day = clock.now().strftime("%Y-%m-%d").to_string();
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let icons = icon_words(&presets.library);
    let document = write_production(&plan, &file, Some(&day), &icons, &mut diagnostics);
    let milliseconds = clock.now().duration_since(start).as_millis();
    Ok(PlannedTreatment {
        plan,
        document,
        has_secret: treatment.redactions.iter().any(|one| one.is_secret),
        diagnostics,
        sources,
        milliseconds: u64::try_from(milliseconds).unwrap_or(0),
    })
}

/// Returns what draws these characters: the font of the program, and fonts of this machine for what it
/// lacks.
fn film_fonts(characters: &BTreeSet<char>) -> FilmFonts {
    let covered = built_in_coverage();
    let lacks = |each: &&char| covered.binary_search(&u32::from(**each)).is_err();
    let missing: BTreeSet<char> = characters.iter().filter(lacks).copied().collect();
    let mut characters = characters.clone();
    // A film does without a pictograph, and a font of its own would tie it to this machine.
    let letters = missing.iter().filter(|each| !is_pictograph(**each));
    let letters: BTreeSet<char> = letters.copied().collect();
    let families = match letters.is_empty() {
        true => Vec::new(),
        false => {
            let (families, undrawn) = SystemFonts::list().families_for(&letters);
            characters.retain(|each| !undrawn.contains(each));
            families
        }
    };
    // What no font draws is left out of the texts, with a warning.
    characters.retain(|each| !missing.contains(each) || letters.contains(each));
    FilmFonts {
        families,
        characters,
    }
}

fn usual_title(titles: TreatmentTitles<'_>, path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    title_from_name(titles.name.unwrap_or(&stem))
}

/// Returns the profile of this name, else the usual one.
fn find_profile(library: &Library, name: &str) -> ProfileFacts {
    let name = library.profiles.get(name).map_or(USUAL_PROFILE, |_| name);
    let profile = library.profiles.get(name).cloned().unwrap_or_default();
    ProfileFacts::from_draft(name, &profile)
}

/// Files that scenes show.
#[derive(Default)]
struct ShownFiles {
    usable: BTreeSet<String>,
    /// Each with the reason.
    unusable: BTreeMap<String, String>,
}

/// Returns the files that scenes show and that exist beside the treatment. A path that leads out of
/// its folder counts as missing, because the file could not be copied to the same place.
fn shown_files(path: &Path, treatment: &Treatment, search_path: &OsStr) -> ShownFiles {
    let folder = treatment_folder(path);
    let visuals = treatment.scenes.iter().flat_map(|scene| &scene.visuals);
    let wanted = visuals.filter_map(|visual| match &visual.source {
        VisualSource::User(path) => Some(path),
        _ => None,
    });
    let wanted: BTreeSet<String> = wanted
        .filter(|file| !escapes_root(&folder, Path::new(file)) && folder.join(file).is_file())
        .cloned()
        .collect();
    // Looked at here and not in the film, whose errors would be about a copy.
    let survey = survey_footage(wanted.clone(), &folder, search_path, None);
    let mut shown = ShownFiles::default();
    for file in wanted {
        let facts = survey.facts_at(&file);
        match facts.and_then(|facts| footage_fault(facts, &folder)) {
            Some(why) => {
                shown.unusable.insert(file, why);
            }
            None => {
                shown.usable.insert(file);
            }
        }
    }
    shown
}

/// Returns why a file cannot be shown.
fn footage_fault(facts: &FootageFacts, folder: &Path) -> Option<String> {
    match facts {
        FootageFacts::Unusable(FootageProblem::NoProbe) => {
            Some("it is no picture, and `ffprobe`, which measures films, was not found".to_owned())
        }
        FootageFacts::Unusable(FootageProblem::Unreadable { why }) => Some(why.clone()),
        FootageFacts::Unusable(_) => Some("it cannot be read".to_owned()),
        FootageFacts::Film(film) => film.cut_short.clone(),
        FootageFacts::Pictures(run) => {
            let damaged = run.damaged.first().map(|(_, why)| why.clone());
            // The header of a picture says nothing about the pixels behind it.
            let undecoded = || {
                let mut files = run.files.values();
                let failed = files.find_map(|file| check_picture(&folder.join(file)).err())?;
                Some(failed.to_string())
            };
            damaged.or_else(undecoded)
        }
    }
}

fn treatment_folder(path: &Path) -> PathBuf {
    let parent = path.parent().unwrap_or(Path::new(""));
    if parent.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        parent.to_path_buf()
    }
}

/// Prints the findings to standard error. Of many notes the first are drawn, because a long
/// treatment has hundreds.
fn print_findings(diagnostics: Diagnostics, sources: &SourceMap, settings: &CliSettings) {
    let mut shown = Diagnostics::default();
    let mut notes = 0;
    for found in diagnostics.into_sorted() {
        let is_note = found.severity == Severity::Info;
        notes += usize::from(is_note);
        let is_shown = match settings.is_quiet() {
            // `--quiet` leaves what stops the command.
            true => found.severity == Severity::Error,
            false => !is_note || notes <= MAX_NOTES,
        };
        if is_shown {
            shown.push(found);
        }
    }
    if !shown.is_empty() {
        let style: DiagnosticStyle = settings.diagnostic_style();
        settings.print_stderr(&render_diagnostics(&shown, sources, style));
    }
    if notes > MAX_NOTES {
        let more = format_count(notes - MAX_NOTES, "more note");
        settings.print_notice(&format!("and {more}"));
    }
}

fn print_plan(planned: &PlannedTreatment, format: ResultFormat, settings: &CliSettings) {
    let PlannedTreatment {
        plan,
        diagnostics,
        sources,
        ..
    } = planned;
    match format {
        ResultFormat::Json => {
            let answer = planner_json(plan, diagnostics, sources, Some(planned.milliseconds));
            settings.print_json(&answer);
        }
        ResultFormat::Short => {
            let jobs = plan.jobs.iter().map(|job| format!("{}\n", job.id));
            settings.print_stdout(&jobs.collect::<String>());
        }
        ResultFormat::Text => {
            print_findings(diagnostics.clone(), sources, settings);
            settings.print_stdout(&plan_text(plan, settings.width));
        }
    }
}

/// Returns the plan for people: the film in a line, a row for each scene, and the jobs by kind.
fn plan_text(plan: &TreatmentPlan, width: usize) -> String {
    let starts = plan.scene_starts();
    let mut rows = vec![
        ["scene", "from", "seconds", "purpose", "said", "shown"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for (planned, start) in plan.scenes.iter().zip(&starts) {
        let scene = &planned.scene;
        let words: usize = scene
            .narration
            .iter()
            .map(|line| line.text.value.split_whitespace().count())
            .sum();
        let charts = scene
            .charts
            .iter()
            .map(|chart| format!("{} chart", chart.kind.name()));
        let overlays = scene
            .overlays
            .iter()
            .map(|overlay| overlay.kind.name().to_owned());
        let pictures = scene
            .visuals
            .iter()
            .map(|visual| visual.description.value.clone());
        rows.push(vec![
            scene.slug.clone(),
            format!("{:.2}", plan.seconds(*start)),
            format!("{:.2}", plan.seconds(planned.frames)),
            planned.purpose.word().to_owned(),
            format_count(words, "word"),
            charts
                .chain(overlays)
                .chain(pictures)
                .collect::<Vec<_>>()
                .join(", "),
        ]);
    }
    let kinds = [
        "tts",
        "generate_image",
        "generate_chart",
        "generate_music",
        "render_shotstack",
    ];
    let counts = kinds.iter().filter_map(|kind| {
        let count = plan.jobs.iter().filter(|job| job.kind == *kind).count();
        (count > 0).then(|| format!("{count} {kind}"))
    });
    format!(
        "{}\n\n{}\njobs: {}",
        film_line(plan),
        fit_columns(&rows, width),
        counts.collect::<Vec<_>>().join(", ")
    )
}

fn film_line(plan: &TreatmentPlan) -> String {
    let settings = &plan.settings;
    format!(
        "{}: {}, {:.2} s at {} frames a second, {}:{}, {}, {}, {}",
        settings.title,
        format_count(plan.scenes.len(), "scene"),
        plan.seconds(plan.frame_count()),
        settings.rate,
        settings.aspect.0,
        settings.aspect.1,
        settings.language,
        settings.profile.name,
        status_word(plan.status)
    )
}

const fn status_word(status: PlanStatus) -> &'static str {
    match status {
        PlanStatus::Clean => "clean",
        PlanStatus::Repaired => "repaired",
        PlanStatus::Degraded => "degraded",
    }
}

fn made_film(
    args: &CreateArgs,
    path: &Path,
    bytes: Vec<u8>,
    planned: &PlannedTreatment,
) -> Result<CreatedProduction, CliError> {
    let document = &planned.document;
    let text = format!("{MODELINE}{}", document.text);
    let mut made = CreatedProduction {
        document: with_author(text, args.author.as_deref()),
        ..CreatedProduction::default()
    };
    // The treatment stays beside the film, so that the film can be made from it again. One with a
    // secret stays where it is: a production is copied and sent.
    if !planned.has_secret {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        made.source = Some(CreatedFile {
            path: name.into_owned(),
            bytes,
        });
    }
    if document.has_person {
        let model = library_model(PERSON_MODEL).unwrap_or_default();
        made.add_file(format!("models/{PERSON_MODEL}"), model);
    }
    for file in &document.files {
        let from = treatment_folder(path).join(file);
        let content = read_input_file(&from, "a picture", MAX_READ)?;
        made.add_file(file.clone(), content);
    }
    Ok(made)
}

fn created_text(folder: &Path, path: &Path, plan: &TreatmentPlan) -> String {
    format!(
        "made {} from {}\n{}{}",
        folder.display(),
        path.display(),
        film_line(plan),
        next_steps(folder)
    )
}

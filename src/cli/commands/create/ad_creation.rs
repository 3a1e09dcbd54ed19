//! `production create NAME --prompt "..."`: plans an ad, and writes it with its models.

use super::created_production::CreatedProduction;
use super::creation_day;
use super::creation_record::CreationKind;
use super::creation_target::CreationTarget;
use super::input_file::read_input_file;
use super::next_steps;
use super::production_answers::ProductionAnswers;
use super::renewal_text::print_outcome;
use super::secret_message;
use crate::base::json::to_pretty_json;
use crate::base::printable::character_label;
use crate::base::{Diagnostics, SourceMap};
use crate::beats::{
    ANY_KIND, AdFiles, AdLibrary, AdNeeds, AdPlan, AdRequest, AdSpec, BOX_MODEL,
    DEFAULT_CREATIVITY, ad_document, check_prompt_size, needs_plinth, parse_seconds, plan_ad,
    plan_setting, plan_stage, plan_text, product_colour,
};
use crate::cli::args::{CreateArgs, ResultFormat};
use crate::cli::cli_settings::{CliSettings, environment_variable};
use crate::cli::exit_codes::CliError;
use crate::cli::library_models::{PERSON_MODEL, STAND_MODEL, library_model, product_model};
use crate::document::draft::LocationDraft;
use crate::lettering::{SystemFonts, built_in_coverage, text_mask};
use crate::library::Library;
use crate::media::gltf::{GltfModel, ModelLabel, picture_card, with_body_colour};
use crate::report::text_format::format_count;
use crate::treatment::may_have_secret;
use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

/// The environment variable with the usual creativity.
const CREATIVITY_VARIABLE: &str = "BEAT_COMPOSITION_CREATIVITY";
/// The most bytes of a file with a prompt that are read: enough to say that it is too long.
const MOST_FILE_BYTES: u64 = 1 << 24;
/// The most bytes of a model or a logo.
const MOST_MODEL_BYTES: u64 = 1 << 31;
/// Most characters that a message lists.
const MOST_CHARACTERS: usize = 8;

/// Plans the ad of the arguments, and prints the plan or writes the production.
pub(super) fn create_ad(args: &CreateArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let mut sources = SourceMap::default();
    let mut diagnostics = Diagnostics::default();
    // Built-in presets alone: the new production has no others yet.
    let library = Library::read(Path::new(""), &mut sources, &mut diagnostics);
    if args.dry_run {
        let mut plan = planned_ad(args, &library)?;
        check_own_files(args)?;
        // A dry run fails as the command would, so that a plan that is shown can be made.
        check_letters(args, &mut plan, &library, settings)?;
        print_plan(&plan, args.format, settings);
        return Ok(ExitCode::SUCCESS);
    }
    let target = CreationTarget::find(args, CreationKind::Ad)?;
    let args = &target.fill_args(args);
    let mut plan = planned_ad(args, &library)?;
    let made = made_ad(args, &mut plan, &library)?;
    let outcome = target.write(args, &made, settings)?;
    print_outcome(&target.folder, "these words", &outcome, settings, || {
        created_text(&target.folder, &plan)
    });
    for assumption in &plan.assumptions {
        settings.print_notice(&format!("assumed: {assumption}"));
    }
    if let Some(note) = plan.unknown_words_note() {
        settings.print_notice(&format!("note: {note}"));
    }
    Ok(outcome.exit_code)
}

/// Fails if the words have letters with which `create` would make nothing.
fn check_letters(
    args: &CreateArgs,
    plan: &mut AdPlan,
    library: &Library,
    settings: &CliSettings,
) -> Result<(), CliError> {
    let title = args.title.as_deref().unwrap_or_default();
    // Usual letters are drawn and spoken everywhere, and a plan of them needs no files.
    if undrawn_characters(&shown_texts(plan, title)).is_empty() {
        return Ok(());
    }
    let made = made_ad(args, plan, library)?;
    CreationTarget::unwritten(args, CreationKind::Ad).check_production(&made, settings)
}

/// Returns the texts of an ad that are drawn.
fn shown_texts<'a>(plan: &'a AdPlan, title: &'a str) -> [&'a str; 5] {
    let words = &plan.words;
    [
        title,
        &words.product_name,
        &words.brand_name,
        &words.key_message,
        &words.call_to_action,
    ]
}

fn print_plan(plan: &AdPlan, format: ResultFormat, settings: &CliSettings) {
    settings.print_stdout(&match format {
        ResultFormat::Json => to_pretty_json(&AdSpec::from_plan(plan)),
        ResultFormat::Short => short_plan(plan),
        ResultFormat::Text => plan_text(plan),
    });
}

fn created_text(folder: &Path, plan: &AdPlan) -> String {
    format!(
        "made {0}: {1} s of {2}, {3}, {4}{5}",
        folder.display(),
        plan.intent.seconds,
        plan.words.product_name,
        format_count(plan.beats.len(), "beat"),
        plan.archetype.title().to_lowercase(),
        next_steps(folder),
    )
}

fn planned_ad(args: &CreateArgs, library: &Library) -> Result<AdPlan, CliError> {
    let prompt = prompt_text(args)?;
    // Before anything looks at all of it.
    check_prompt_size(&prompt).map_err(|error| CliError::Usage(error.to_string()))?;
    // The prompt is written into the document, which is copied and sent.
    if may_have_secret(&prompt) {
        return Err(CliError::Usage(secret_message("plan an ad: the prompt")));
    }
    let seconds = args
        .duration
        .as_ref()
        .map(|text| {
            parse_seconds(text).ok_or_else(|| {
                CliError::Usage(format!(
                    "use `--duration {text}`: write whole seconds, such as `30s`"
                ))
            })
        })
        .transpose()?;
    let request = AdRequest {
        prompt: &prompt,
        seconds,
        creativity: creativity(args)?,
        seed: args.seed.unwrap_or(0),
    };
    let mut plan = plan_ad(&request, &AdLibrary::from_library(library))
        .map_err(|error| CliError::Usage(error.to_string()))?;
    if args.product.is_some() {
        // These lines advise the option that was given.
        plan.assumptions
            .retain(|assumption| !assumption.contains("--product"));
        plan.assumptions.extend(own_model_note(&plan));
    }
    Ok(plan)
}

fn prompt_text(args: &CreateArgs) -> Result<String, CliError> {
    let Some(path) = &args.prompt_file else {
        return Ok(args.prompt.clone().unwrap_or_default());
    };
    let text = if path.as_os_str() == "-" {
        let mut text = Vec::new();
        let input = std::io::stdin().lock();
        input
            .take(MOST_FILE_BYTES)
            .read_to_end(&mut text)
            .map_err(|source| CliError::io_error("read the standard input", source))?;
        text
    } else {
        read_input_file(path, "a prompt", MOST_FILE_BYTES)?
    };
    String::from_utf8(text).map_err(|_| {
        CliError::Usage(format!(
            "read {}: the prompt is not UTF-8 text",
            path.display()
        ))
    })
}

/// Returns the creativity of the option, else that of the environment, else the usual one.
fn creativity(args: &CreateArgs) -> Result<f32, CliError> {
    if let Some(creativity) = args.creativity {
        return Ok(creativity);
    }
    let Some(text) = environment_variable(CREATIVITY_VARIABLE).filter(|text| !text.is_empty())
    else {
        return Ok(DEFAULT_CREATIVITY);
    };
    text.trim().parse().map_err(|_| {
        CliError::Usage(format!(
            "use {CREATIVITY_VARIABLE}=`{text}`: it is a number from 0 to 1"
        ))
    })
}

/// Returns a note that a model of the user's own has no brand put on it.
fn own_model_note(plan: &AdPlan) -> Option<String> {
    let brand = plan.intent.product.brand.as_ref()?;
    Some(format!(
        "Your model is shown as it is, so “{brand}” is in the titles and on no label."
    ))
}

fn short_plan(plan: &AdPlan) -> String {
    let beats = plan.beats.iter();
    beats
        .map(|beat| format!("{} {} {}\n", beat.start, beat.beat.seconds, beat.beat.name))
        .collect()
}

fn made_ad(
    args: &CreateArgs,
    plan: &mut AdPlan,
    library: &Library,
) -> Result<CreatedProduction, CliError> {
    let mut made = CreatedProduction::default();
    let title = args
        .title
        .clone()
        .unwrap_or_else(|| plan.words.product_name.clone());
    let fonts = needed_fonts(plan, &title)?;
    let files = AdFiles {
        fonts,
        ..add_models(&mut made, args, plan, library)?
    };
    let text = ad_document(plan, &title, &files, library);
    let answers = ProductionAnswers {
        title,
        author: args.author.clone(),
        created: creation_day(args),
        ..ProductionAnswers::default()
    };
    made.document = answers.fill_document(&text, None)?;
    Ok(made)
}

fn add_models(
    made: &mut CreatedProduction,
    args: &CreateArgs,
    plan: &AdPlan,
    library: &Library,
) -> Result<AdFiles, CliError> {
    let needs = AdNeeds::from_plan(plan, library);
    let person = format!("models/{PERSON_MODEL}");
    if needs.person {
        made.add_file(
            person.clone(),
            library_model(PERSON_MODEL).unwrap_or_default(),
        );
    }
    let stage = plan_stage(plan);
    let setting = plan_setting(plan, library);
    Ok(AdFiles {
        product: add_product(made, args, plan, library)?,
        person,
        stand: add_stand(made, needs.setting && needs_plinth(plan, library)),
        logo: add_logo(made, args)?,
        stage_set: add_set(made, &stage, needs.stage),
        setting_set: add_set(made, &setting, needs.setting),
        fonts: Vec::new(),
    })
}

/// Returns the installed fonts that the words of an ad need beside that of the program, which is
/// then an assumption.
fn needed_fonts(plan: &mut AdPlan, title: &str) -> Result<Vec<String>, CliError> {
    let characters = undrawn_characters(&shown_texts(plan, title));
    if characters.is_empty() {
        return Ok(Vec::new());
    }
    let listed: Vec<String> = characters
        .iter()
        .take(MOST_CHARACTERS)
        .map(|each| character_label(*each))
        .collect();
    let listed = listed.join(", ");
    let Some(fonts) = SystemFonts::list().families_with(&characters) else {
        return Err(CliError::Usage(format!(
            "draw the words of the ad: neither the font of the program nor one of this machine has {listed}. Install a \
             font that has them, such as a `Noto Sans` of the script, and type the command again: the production \
             names it under `fonts:`. Or say what is drawn in Latin, Greek or Cyrillic letters"
        )));
    };
    plan.assumptions.push(format!(
        "The font of the program lacks {listed}, so `fonts: [{}]` of this machine draws them.",
        fonts.join(", ")
    ));
    Ok(fonts)
}

/// Returns the characters of some texts that the font of the program lacks.
fn undrawn_characters(texts: &[&str]) -> BTreeSet<char> {
    let covered = built_in_coverage();
    let characters = texts.iter().flat_map(|text| text.chars());
    characters
        .filter(|each| !each.is_whitespace() && !each.is_control())
        .filter(|each| covered.binary_search(&u32::from(*each)).is_err())
        .collect()
}

fn add_product(
    made: &mut CreatedProduction,
    args: &CreateArgs,
    plan: &AdPlan,
    library: &Library,
) -> Result<String, CliError> {
    if let Some(own) = &args.product {
        return add_own_model(made, own, "product");
    }
    let kind = library.products.get(&plan.intent.product.category);
    let kind = kind.or_else(|| library.products.get(ANY_KIND));
    let name = kind.and_then(|kind| kind.model.as_ref());
    let name = name.map_or("", |name| name.value.as_str());
    let (name, bytes) = product_model(name)
        .ok_or_else(|| CliError::Usage(format!("find the model `{name}` in this build")))?;
    let path = format!("models/{name}");
    made.add_file(path.clone(), painted_model(name, bytes, plan));
    Ok(path)
}

/// Returns a built-in model in the colour of the prompt, with the brand on its label, or the name of
/// a product without a model of its own. What cannot be painted stays as it is.
fn painted_model(model_name: &str, model: &[u8], plan: &AdPlan) -> Vec<u8> {
    let product = &plan.intent.product;
    let mut model = model.to_vec();
    let colour = product.colour.as_deref().and_then(product_colour);
    if let Some(painted) = colour.and_then(|colour| with_body_colour(&model, colour)) {
        model = painted;
    }
    // A box stands for many products, so its label says which.
    let is_box = model_name == BOX_MODEL;
    let own = product.brand.as_ref();
    let label_text = own.or_else(|| is_box.then_some(&product.name));
    // A label is drawn with the font of the program alone.
    let label_text = label_text.filter(|text| undrawn_characters(&[text.as_str()]).is_empty());
    let named = label_text.and_then(|text| {
        let label = ModelLabel::read(&model)?;
        let mask = text_mask(text, label.mask_size()).ok()?;
        label.with_name(&model, mask)
    });
    named.unwrap_or(model)
}

fn add_stand(made: &mut CreatedProduction, is_needed: bool) -> Option<String> {
    let bytes = library_model(STAND_MODEL).filter(|_| is_needed)?;
    let path = format!("models/{STAND_MODEL}");
    made.add_file(path.clone(), bytes);
    Some(path)
}

/// Fails if a file of the user's own cannot be used.
fn check_own_files(args: &CreateArgs) -> Result<(), CliError> {
    let mut unwritten = CreatedProduction::default();
    if let Some(own) = &args.product {
        add_own_model(&mut unwritten, own, "product")?;
    }
    add_logo(&mut unwritten, args).map(|_| ())
}

fn add_logo(made: &mut CreatedProduction, args: &CreateArgs) -> Result<Option<String>, CliError> {
    let Some(own) = &args.logo else {
        return Ok(None);
    };
    if is_model(own) {
        return add_own_model(made, own, "logo").map(Some);
    }
    read_input_file(own, "a logo", MOST_MODEL_BYTES)?;
    let card = picture_card(own)
        .map_err(|error| CliError::Usage(format!("use the logo {}: {error}", own.display())))?;
    let path = "models/logo.glb";
    made.add_file(path, card);
    Ok(Some(path.to_owned()))
}

fn is_model(path: &Path) -> bool {
    let extension = path.extension();
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("glb"))
}

/// Adds a model of the user's own.
fn add_own_model(made: &mut CreatedProduction, own: &Path, name: &str) -> Result<String, CliError> {
    let bytes = read_input_file(own, "a model", MOST_MODEL_BYTES)?;
    if !is_model(own) {
        let why = "a model is one `.glb` file; `gltf-transform` and Blender write it";
        return Err(CliError::Usage(format!(
            "use the {name} {}: {why}",
            own.display()
        )));
    }
    // A mistake in it would otherwise be reported of the copy, in a folder that is removed again.
    GltfModel::load(own)
        .map_err(|error| CliError::Usage(format!("use the {name} {}: {error}", own.display())))?;
    let path = format!("models/{name}.glb");
    made.add_file(path.clone(), bytes);
    Ok(path)
}

/// Adds the set of a location, if it is seen and part of this build.
fn add_set(
    made: &mut CreatedProduction,
    location: &LocationDraft,
    is_seen: bool,
) -> Option<String> {
    let name = location.set.as_ref().filter(|_| is_seen)?;
    let bytes = library_model(&name.value)?;
    let path = format!("sets/{}", name.value);
    made.add_file(path.clone(), bytes);
    Some(path)
}

//! Writes the plan of an ad as a document: commented, complete, and to be edited by people.

use super::ad_plan::{AdPlan, PlannedBeat};
use super::ad_spec::SPEC_RATE;
use super::library_beat::text_of;
use super::prompt_intent::LeftOutSound;
use super::prompt_shape::AdShape;
use super::spoken_line::speaking_beat;
use crate::document::ScalarOrList;
use crate::document::beat_draft::{BeatDraft, BeatNeed, BeatShotDraft};
use crate::document::draft::{LocationDraft, ShotDraft};
use crate::document::yaml_edit::{yaml_inline_list, yaml_inline_scalar};
use crate::library::Library;
use std::fmt::Write;

/// The longest line of a comment.
const COMMENT_WIDTH: usize = 110;

/// The top of the built-in plinth, as a mark.
const PLINTH_TOP: &str = "[0, 0.95, 0]";
/// Built-in sets that have a table at `mark_prop`.
const SETS_WITH_TABLES: &[&str] = &["set_kitchen.glb"];

/// The files of an ad, as paths in its production.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AdFiles {
    /// The model of the product.
    pub product: String,
    /// The model of the person.
    pub person: String,
    /// The model on which the product stands beside a person.
    pub stand: Option<String>,
    /// The model with the logo.
    pub logo: Option<String>,
    /// The set of the place where the product is shown alone.
    pub stage_set: Option<String>,
    /// The set of the place where people are seen with it.
    pub setting_set: Option<String>,
    /// Installed fonts that draw what the font of the program lacks.
    pub fonts: Vec<String>,
}

/// What the beats of a plan show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AdNeeds {
    /// A person is seen.
    pub person: bool,
    /// The place where the product is shown alone is seen.
    pub stage: bool,
    /// The place where people are seen is seen.
    pub setting: bool,
}

impl AdNeeds {
    /// Returns what the beats of a plan show, by their shots in the library.
    #[must_use]
    pub fn from_plan(plan: &AdPlan, library: &Library) -> Self {
        let mut needs = Self::default();
        for shot in plan
            .beats
            .iter()
            .flat_map(|beat| recipe_drafts(beat, library))
        {
            let place = shot.location.as_ref().map_or("stage", |place| &place.value);
            // A film without people needs no model of one: its beats show the product in their
            // place.
            needs.person |= has_person(shot) && !plan.intent.without_people;
            needs.setting |= place == "setting";
            needs.stage |= place == "stage";
        }
        needs
    }
}

const fn has_person(shot: &ShotDraft) -> bool {
    shot.character.is_some() || shot.characters.is_some()
}

fn recipe_drafts<'a>(
    beat: &PlannedBeat,
    library: &'a Library,
) -> impl Iterator<Item = &'a ShotDraft> {
    recipe_shots(beat, library, false).filter_map(|written| written.shot.as_ref())
}

/// Returns the shots that a beat becomes, with or without a logo.
fn recipe_shots<'a>(
    beat: &PlannedBeat,
    library: &'a Library,
    has_logo: bool,
) -> impl Iterator<Item = &'a BeatShotDraft> {
    let draft: Option<&BeatDraft> = library.beats.get(&beat.beat.name);
    let shots = draft
        .into_iter()
        .flat_map(|draft| draft.shots.iter().flatten());
    shots.filter(move |shot| match shot.needs.map(|need| need.value) {
        Some(BeatNeed::Logo) => has_logo,
        Some(BeatNeed::NoLogo) => !has_logo,
        Some(BeatNeed::Person) | None => true,
    })
}

/// Returns the location of a plan where the product is shown alone.
#[must_use]
pub fn plan_stage(plan: &AdPlan) -> LocationDraft {
    plan.archetype.fields.stage.clone().unwrap_or_default()
}

/// Returns the location of a plan where people are seen: that of its kind of product, else that of
/// its archetype.
#[must_use]
pub fn plan_setting(plan: &AdPlan, library: &Library) -> LocationDraft {
    let kind = library.products.get(&plan.intent.product.category);
    kind.and_then(|kind| kind.setting.clone())
        .or_else(|| plan.archetype.fields.setting.clone())
        .unwrap_or_default()
}

/// Returns whether the product stands on a plinth beside a person: a small one, in a place without
/// a table for it.
#[must_use]
pub fn needs_plinth(plan: &AdPlan, library: &Library) -> bool {
    let kind = library.products.get(&plan.intent.product.category);
    let is_small = kind
        .and_then(|kind| kind.on_plinth)
        .is_some_and(|on| on.value);
    let setting = plan_setting(plan, library).set;
    let has_table = setting.is_some_and(|set| SETS_WITH_TABLES.contains(&set.value.as_str()));
    is_small && !has_table
}

/// Returns the document of a plan.
#[must_use]
pub fn ad_document(plan: &AdPlan, title: &str, files: &AdFiles, library: &Library) -> String {
    let needs = AdNeeds::from_plan(plan, library);
    let mut text = heading_comment(plan);
    text.push_str("production:\n");
    let mut field = |name: &str, value: &str| {
        // The words are those of the prompt, and some of them would be a number or a list in YAML.
        let _ = writeln!(text, "  {name}: {}", yaml_inline_scalar(value));
    };
    field("title", title);
    field("version", "0.1");
    field(
        "description",
        &format!(
            "An ad of {} s for {}",
            plan.intent.seconds, plan.words.product_name
        ),
    );
    text.push_str(&look_fields(plan));
    text.push_str(&font_fields(&files.fonts));
    text.push_str(&sound_fields(plan));
    text.push_str(&cast_fields(plan, files, needs));
    text.push_str(&place_fields(plan, files, needs, library));
    text.push_str(&ad_fields(plan, files, needs, library));
    text.push_str(&beat_fields(plan, files, library));
    text.push_str(&output_fields(plan, files, library));
    text
}

fn heading_comment(plan: &AdPlan) -> String {
    let mut text = String::new();
    let mut say = |words: &str| push_comment(&mut text, "", words);
    say(&format!(
        "An ad of {} s, planned from these words:",
        plan.intent.seconds
    ));
    say(&format!("    {}", one_line(&plan.prompt)));
    say("");
    say(&format!("Archetype: {}", plan.archetype_why));
    say(&format!(
        "Look: {}; mood {}; {}; {}.",
        plan.words.aesthetic,
        plan.words.mood,
        plan.words.palette.join(", "),
        plan.words.lighting
    ));
    say("Beats:");
    for beat in &plan.beats {
        say(&format!(
            "    {:>3} s  {:<26} {}",
            beat.start, beat.beat.name, beat.why
        ));
    }
    for assumption in &plan.assumptions {
        say(&format!("Assumed: {assumption}"));
    }
    if let Some(note) = plan.unknown_words_note() {
        say(&format!("Note: {note}"));
    }
    say("");
    say(
        "It runs as it is: `production run .` Every line may be changed; docs/beats.md has the fields.",
    );
    text.push('\n');
    text
}

/// Adds a comment, wrapped. Lines that begin with spaces are not wrapped.
fn push_comment(text: &mut String, indent: &str, words: &str) {
    if words.is_empty() {
        let _ = writeln!(text, "{indent}#");
        return;
    }
    if words.starts_with(' ') {
        let _ = writeln!(text, "{indent}# {words}");
        return;
    }
    let mut line = String::new();
    for word in words.split_whitespace() {
        if !line.is_empty() && line.len() + word.len() + 1 > COMMENT_WIDTH {
            let _ = writeln!(text, "{indent}# {line}");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let _ = writeln!(text, "{indent}# {line}");
}

/// Returns a prompt on one line, without characters that would end a comment.
fn one_line(prompt: &str) -> String {
    let words: Vec<&str> = prompt.split_whitespace().collect();
    let line = words.join(" ");
    // A prompt may have ten thousand bytes, and this is one line that people read.
    line.chars().filter(|c| !c.is_control()).take(400).collect()
}

fn look_fields(plan: &AdPlan) -> String {
    let style = text_of(&plan.archetype.fields.style, "product_clean");
    format!(
        "\n  # The look. `production library styles` and `moods` have others.\n  style: {{preset: {}, mood: {}}}\n\n  \
         render_settings:\n    frame_rate: {SPEC_RATE}\n    \
         quality_tier: preview # `production` for delivery; the size of the film stays the same\n",
        yaml_inline_scalar(&style),
        yaml_inline_scalar(&plan.words.mood)
    )
}

fn font_fields(fonts: &[String]) -> String {
    if fonts.is_empty() {
        return String::new();
    }
    format!(
        "\n  # Fonts of this machine, for letters that the font of the program lacks. A file such as `fonts/Title.otf` works\n  \
         # on every machine.\n  fonts: {}\n",
        yaml_inline_list(fonts.iter().map(String::as_str))
    )
}

fn sound_fields(plan: &AdPlan) -> String {
    let language = plan
        .language
        .map_or_else(String::new, |tag| format!("    language: {tag}\n"));
    match plan.intent.left_out_sound {
        LeftOutSound::Nothing => {}
        LeftOutSound::Music => {
            return format!(
                "\n  # Without music, as the prompt asks. `music: {mood}` composes some.\n  \
                 sound:\n{language}    loudness: streaming\n    music: \"off\"\n",
                mood = yaml_inline_scalar(&plan.words.mood)
            );
        }
        LeftOutSound::All => {
            return "\n  # Silent, as the prompt asks.\n  sound: \"off\"\n".to_owned();
        }
    }
    format!(
        "\n  # Music is composed for the mood and the cuts. Another `seed` is another piece; a file of your own works too.\n  \
         sound:\n{language}    loudness: streaming\n    music: {{mood: {}, seed: {}}}\n",
        yaml_inline_scalar(&plan.words.mood),
        plan.seed % 1_000_000
    )
}

fn cast_fields(plan: &AdPlan, files: &AdFiles, needs: AdNeeds) -> String {
    let mut text = format!(
        "\n  # The product. Put your own model here; its front is towards +Z.\n  props:\n    - name: product\n      \
         display_name: {}\n      model: {}\n",
        yaml_inline_scalar(&plan.words.product_name),
        yaml_inline_scalar(&files.product)
    );
    if let Some(logo) = &files.logo {
        let _ = write!(
            text,
            "    - name: logo\n      model: {}\n",
            yaml_inline_scalar(logo)
        );
    }
    if let Some(stand) = &files.stand {
        let _ = write!(
            text,
            "    # What it stands on beside a person.\n    - name: plinth\n      model: {}\n",
            yaml_inline_scalar(stand)
        );
    }
    if needs.person {
        let _ = write!(
            text,
            "\n  # Somebody who is seen with it.\n  characters:\n    - name: person\n      model: {}\n",
            yaml_inline_scalar(&files.person)
        );
    }
    text
}

fn place_fields(plan: &AdPlan, files: &AdFiles, needs: AdNeeds, library: &Library) -> String {
    let mut text = String::from(
        "\n  # Where the product is shown alone, and where people are seen with it.\n  locations:\n",
    );
    // One of them is always there: `locations:` with nothing behind it would be no list.
    if needs.stage || !needs.setting {
        text.push_str(&location_entry(
            "stage",
            &plan_stage(plan),
            files.stage_set.as_deref(),
        ));
    }
    if needs.setting {
        let setting = plan_setting(plan, library);
        text.push_str(&location_entry(
            "setting",
            &setting,
            files.setting_set.as_deref(),
        ));
    }
    text
}

fn location_entry(name: &str, location: &LocationDraft, set: Option<&str>) -> String {
    let preset = text_of(&location.preset, "studio");
    let mut text = format!(
        "    - name: {name}\n      preset: {}\n",
        yaml_inline_scalar(&preset)
    );
    if let Some(set) = set {
        let _ = writeln!(text, "      set: {}", yaml_inline_scalar(set));
    }
    text
}

fn ad_fields(plan: &AdPlan, files: &AdFiles, needs: AdNeeds, library: &Library) -> String {
    let words = &plan.words;
    let mut text = String::from(
        "\n  # What the beats are about: whom and what they show, and the words of their titles.\n  ad:\n",
    );
    let mut field = |name: &str, value: &str| {
        // A name with nothing behind it would be `null`.
        if !value.is_empty() {
            let _ = writeln!(text, "    {name}: {value}");
        }
    };
    field("prompt", &yaml_inline_scalar(&one_line(&plan.prompt)));
    field("duration", &format!("{}s", plan.intent.seconds));
    field("archetype", &yaml_inline_scalar(&plan.archetype.id));
    field("product", "product");
    field("product_name", &yaml_inline_scalar(&words.product_name));
    if !words.brand_name.is_empty() {
        field("brand_name", &yaml_inline_scalar(&words.brand_name));
    }
    if needs.setting {
        let on_plinth = files.stand.as_ref().map(|_| PLINTH_TOP.to_owned());
        let mark = on_plinth.or_else(|| product_mark(plan, library));
        field("product_mark", &mark.unwrap_or_default());
        field("stand", files.stand.as_ref().map_or("", |_| "plinth"));
    }
    if files.logo.is_some() {
        field("logo", "logo");
    }
    if needs.person {
        field("person", "person");
    }
    field("aesthetic", &yaml_inline_scalar(&words.aesthetic));
    field("mood", &yaml_inline_scalar(&words.mood));
    let palette: Vec<String> = words
        .palette
        .iter()
        .map(|colour| yaml_inline_scalar(colour))
        .collect();
    field("palette", &format!("[{}]", palette.join(", ")));
    field("lighting", &yaml_inline_scalar(&words.lighting));
    field("key_message", &yaml_inline_scalar(&words.key_message));
    field("call_to_action", &yaml_inline_scalar(&words.call_to_action));
    text
}

/// Returns where large products are beside a person, as YAML.
fn product_mark(plan: &AdPlan, library: &Library) -> Option<String> {
    let kind = library.products.get(&plan.intent.product.category)?;
    Some(match kind.mark.as_ref()? {
        ScalarOrList::One(name) => yaml_inline_scalar(&name.value),
        ScalarOrList::List(list) => {
            let numbers: Vec<&str> = list.value.iter().map(|each| each.value.as_str()).collect();
            format!("[{}]", numbers.join(", "))
        }
    })
}

fn beat_fields(plan: &AdPlan, files: &AdFiles, library: &Library) -> String {
    let mut text = String::from(
        "\n  # The beats, in order, with the length of the ad together. `production library beats` has all of them, and\n  \
         # `production info .` the shots that these become. To change one of those shots, write it under `shots:` by its\n  \
         # name, with what differs: `shots: [{name: hero_shot_2, lens: 50}]`\n  beats:\n",
    );
    let speaking = narrated_beat(plan, library, files.logo.is_some());
    for (index, beat) in plan.beats.iter().enumerate() {
        let _ = writeln!(text, "    # {:>3} s: {}", beat.start, beat.beat.description);
        let words = plan.intent.quoted.as_ref().filter(|_| index == speaking);
        match words {
            Some(words) => {
                let _ = write!(
                    text,
                    "    - beat: {}\n      id: {}\n      duration: {}s\n      voice_over: {}\n",
                    yaml_inline_scalar(&beat.beat.name),
                    yaml_inline_scalar(&beat.id),
                    beat.beat.seconds,
                    yaml_inline_scalar(words)
                );
            }
            None => {
                let _ = writeln!(
                    text,
                    "    - {{beat: {}, id: {}, duration: {}s}}",
                    yaml_inline_scalar(&beat.beat.name),
                    yaml_inline_scalar(&beat.id),
                    beat.beat.seconds
                );
            }
        }
    }
    text
}

/// Returns the beat in which the narrator begins to speak.
fn narrated_beat(plan: &AdPlan, library: &Library, has_logo: bool) -> usize {
    let seconds: Vec<Vec<f64>> = plan
        .beats
        .iter()
        .map(|beat| shot_seconds(beat, library, has_logo))
        .collect();
    let line = plan.intent.quoted.as_deref().unwrap_or_default();
    speaking_beat(&seconds, line)
}

/// Returns the seconds of each shot of a beat.
fn shot_seconds(beat: &PlannedBeat, library: &Library, has_logo: bool) -> Vec<f64> {
    let shares: Vec<f64> = recipe_shots(beat, library, has_logo)
        .map(|shot| f64::from(shot.share.map_or(1.0, |share| share.value)))
        .collect();
    // A recipe whose shares are all zero must not divide by zero.
    let whole = shares.iter().sum::<f64>().max(0.01);
    let beat_seconds = f64::from(beat.beat.seconds);
    if shares.is_empty() {
        return vec![beat_seconds];
    }
    let shares = shares.into_iter();
    shares.map(|share| beat_seconds * share / whole).collect()
}

fn output_fields(plan: &AdPlan, files: &AdFiles, library: &Library) -> String {
    let [width, height] = plan.intent.shape.size;
    let (format, other) = output_presets(plan.intent.shape);
    let shots: Vec<String> = plan
        .beats
        .iter()
        .map(|beat| key_shot(beat, library, files.logo.is_some()))
        .collect();
    format!(
        "\n  outputs:\n    - name: ad\n      format: {format}\n      resolution: {width}x{height}\n      \
         path: deliverables/ad.mp4\n    # The storyboard: one still for each beat.\n    - name: storyboard\n      \
         codec: poster\n      resolution: {width}x{height}\n      \
         shots: [{}]\n      path: \"deliverables/storyboard/${{shot}}.jpg\"\n    {other}\n",
        shots.join(", ")
    )
}

/// Returns the preset of outputs that suits a shape, and a comment with one of another shape.
const fn output_presets(shape: AdShape) -> (&'static str, &'static str) {
    let (width, height) = shape.aspect;
    if width > height {
        let other = "# For phones: the shots are framed anew.\n    \
             # - {name: upright, format: social_vertical, fit: reframe, path: deliverables/upright.mp4}";
        return ("youtube_1080p", other);
    }
    let other = "# For wide screens: the shots are framed anew.\n    \
         # - {name: wide, format: youtube_1080p, fit: reframe, path: deliverables/wide.mp4}";
    let format = if width == height {
        "social_square"
    } else {
        "social_vertical"
    };
    (format, other)
}

/// Returns the name of the longest shot of a beat, the last of equals: it stands for the beat.
fn key_shot(beat: &PlannedBeat, library: &Library, has_logo: bool) -> String {
    let shares: Vec<f32> = recipe_shots(beat, library, has_logo)
        .map(|shot| shot.share.map_or(1.0, |share| share.value))
        .collect();
    let longest = shares.iter().enumerate();
    let longest = longest.max_by(|left, right| left.1.total_cmp(right.1));
    match longest {
        // A beat of one shot gives it its name; the shots of others are numbered.
        Some((index, _)) if shares.len() > 1 => format!("{}_{}", beat.id, index + 1),
        _ => beat.id.clone(),
    }
}

//! Mistakes that an earlier draft of the reader made, and rules that are easily broken.

use super::film::{
    SampleCommand, SampleEngine, SampleFilm, SampleOutput, read, read_short, read_with,
};
use crate::base::{FileSpan, Spanned};
use crate::document::{InputLimits, NamedList, OrderedMap, ScalarOrList, UntypedValue};
use serde::Deserialize;
use std::num::NonZeroU32;

#[test]
fn a_merge_override_is_no_duplicate_and_own_keys_win() {
    let text = "x-base: &base {fps: 24, gain: 2}\nsettings: {<<: *base, fps: 30}\n";
    let (film, report) = read_short::<SampleFilm>(text);
    assert_eq!(report, "");
    let settings = film.unwrap().settings;
    assert_eq!(
        (settings.fps.unwrap().value, settings.gain),
        (30, Some(2.0))
    );
}

#[test]
fn the_first_of_several_merge_sources_wins() {
    let text = "x-a: &a {fps: 1}\nx-b: &b {fps: 2, gain: 3}\nsettings: {<<: [*a, *b]}\n";
    let (film, report) = read_short::<SampleFilm>(text);
    assert_eq!(report, "");
    assert_eq!(film.unwrap().settings.fps.unwrap().value, 1);
}

#[test]
fn a_foreign_key_from_a_merge_is_no_mistake_but_an_own_one_is() {
    let text = "x-base: &base {format: png, fps: 24}\noutputs: {<<: *base}\nsettings: {<<: *base, format: png}\n";
    let (_, report) = read_short::<SampleFilm>(text);
    assert_eq!(
        report,
        "film.yaml:3:23: error[production::document::unknown_field]: unknown field `format`\n"
    );
}

#[test]
fn a_merge_of_a_scalar_is_a_mistake() {
    let (_, report) = read_short::<SampleFilm>("settings: {<<: 3}\n");
    assert_eq!(
        report,
        "film.yaml:1:16: error[production::yaml::bad_merge]: `<<` must name a map\n"
    );
}

#[test]
fn a_mistake_in_an_anchored_value_is_reported_once() {
    let (_, found, sources) = read_with::<SampleFilm>(
        "x-b: &b {fps: loud}\nsettings: *b\n",
        &InputLimits::default(),
    );
    let [only] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(
        (
            sources.span_text(only.origin),
            sources.span_text(only.related[0].0)
        ),
        ("loud", "*b")
    );
    assert_eq!(only.path, "/settings/fps");
}

#[test]
fn a_misspelt_required_field_is_reported_once() {
    let (_, report) = read::<SampleFilm>("shots:\n  - name: a\n    promt: b\n  - name: c\n");
    insta::assert_snapshot!(report);
}

#[test]
fn a_suggestion_never_names_a_field_that_is_there() {
    let (_, found, _) =
        read_with::<SampleFilm>("settings: {fps: 1, fpss: 2}\n", &InputLimits::default());
    assert!(
        found.as_slice()[0]
            .help
            .as_deref()
            .unwrap()
            .starts_with("known:")
    );
}

#[test]
fn keys_that_begin_with_x_are_free() {
    assert_eq!(
        read_short::<SampleFilm>("x-note: 1\nsettings: {x-y: [1]}\ncharacters: {x-base: {}}\n").1,
        ""
    );
}

#[test]
fn a_hole_marks_every_spanned_around_it() {
    let (film, _) = read::<SampleFilm>(
        "shots:\n  - {name: a, prompt: b, range: [1, x]}\n  - {name: c, prompt: d}\n",
    );
    let shots = film.unwrap().shots;
    assert_eq!(
        (shots[0].is_placeholder, shots[1].is_placeholder),
        (true, false)
    );
    let first = &shots[0].value;
    assert_eq!(
        (
            first.range.as_ref().unwrap().is_placeholder,
            first.name.is_placeholder
        ),
        (true, false)
    );
}

#[test]
fn a_required_field_that_is_missing_everywhere_costs_one_pass_not_one_each() {
    let limits = InputLimits {
        passes: 3,
        ..InputLimits::default()
    };
    let text = format!("shots:\n{}", "  - {template: a}\n".repeat(500));
    let (film, found, _) = read_with::<SampleFilm>(&text, &limits);
    assert!(film.is_some());
    assert_eq!(found.as_slice().len(), 1000);
}

#[test]
fn pointers_escape_tilde_and_slash() {
    let (_, found, _) = read_with::<OrderedMap<u8>>("{a/b~c: x}", &InputLimits::default());
    assert_eq!(found.as_slice()[0].path, "/a~1b~0c");
}

#[test]
fn a_list_and_a_map_of_names_are_the_same() {
    let list = "characters:\n  - {name: mira, model: m.blend}\n";
    let map = "characters:\n  mira: {model: m.blend}\n";
    for text in [list, map] {
        let (film, report) = read_short::<SampleFilm>(text);
        assert_eq!(report, "");
        let name = film.unwrap().characters[0].name.clone();
        let start = u32::try_from(text.find("mira").unwrap()).unwrap();
        assert_eq!(
            name,
            Spanned::new(
                "mira".to_owned(),
                FileSpan {
                    start,
                    end: start + 4,
                    ..name.origin
                }
            )
        );
    }
}

#[test]
fn a_map_of_names_finds_mistakes_under_the_name() {
    let (film, found, _) = read_with::<SampleFilm>(
        "characters: {mira: {modle: x}, otto: , ida: {name: ada, model: y}}\n",
        &InputLimits::default(),
    );
    assert_eq!(film.unwrap().characters.len(), 3);
    let messages: Vec<_> = found
        .as_slice()
        .iter()
        .map(|found| (found.code.rsplit("::").next().unwrap(), found.path.as_str()))
        .collect();
    let unknown = ("unknown_field", "/characters/mira/modle");
    let missing = ("missing_field", "/characters/otto/model");
    assert_eq!(
        messages,
        [unknown, missing, ("name_mismatch", "/characters/ida/name")]
    );
}

#[test]
fn one_or_many_takes_both() {
    for (text, count) in [
        ("outputs: {format: a}", 1),
        ("outputs: [{format: a}, {format: b}]", 2),
        ("outputs:", 0),
    ] {
        let (film, report) = read_short::<SampleFilm>(text);
        assert_eq!((film.unwrap().outputs.len(), report.as_str()), (count, ""));
    }
}

#[test]
fn an_empty_section_is_an_absent_one() {
    assert_eq!(
        read_short::<SampleFilm>("settings:\ncharacters:\nshots:\n").1,
        ""
    );
}

#[test]
fn numbers_may_be_scalars_lists_or_maps_where_the_field_allows() {
    let (film, report) =
        read_short::<SampleFilm>("settings: {resolution: 1920x1080, rate: 23.976}\n");
    assert_eq!(report, "");
    let settings = film.unwrap().settings;
    assert!(
        matches!(settings.resolution, Some(UntypedValue::Scalar(size)) if size.value == "1920x1080")
    );
    assert!(matches!(settings.rate, Some(ScalarOrList::One(rate)) if rate.value == "23.976"));
    let (film, _) =
        read_short::<SampleFilm>("settings: {resolution: {width: 1}, rate: [30000, 1001]}\n");
    let settings = film.unwrap().settings;
    assert!(
        matches!(settings.resolution, Some(UntypedValue::Map(size)) if size.get("width").is_some())
    );
    assert!(
        matches!(settings.rate, Some(ScalarOrList::List(rate)) if rate.value[1].value == "1001")
    );
}

#[test]
fn a_list_of_one_is_a_list() {
    let (rate, _) = read_short::<ScalarOrList>("[24]");
    assert!(matches!(rate, Some(ScalarOrList::List(_))));
}

#[test]
fn a_variant_is_a_name_or_a_map_of_one_key() {
    let engine = |text: &str| {
        read_short::<Vec<SampleEngine>>(&format!("- {text}"))
            .0
            .unwrap()
            .remove(0)
    };
    assert_eq!(engine("blender"), SampleEngine::Blender);
    assert_eq!(
        engine("command"),
        SampleEngine::Command(SampleCommand::default())
    );
    assert_eq!(
        engine("command: {program: a}"),
        SampleEngine::Command(SampleCommand {
            program: "a".to_owned()
        })
    );
}

#[test]
fn unknown_variants_are_reported_with_the_nearest() {
    let (_, report) =
        read::<Vec<SampleEngine>>("- blendr\n- [blender]\n- {blender: 1}\n- {a: 1, b: 2}\n- 3\n");
    insta::assert_snapshot!(report);
}

#[derive(Debug, Deserialize)]
struct NonZeroFrames {
    frames: NonZeroU32,
    #[serde(default, alias = "colour")]
    color: String,
}

#[test]
fn a_type_that_refuses_a_value_costs_a_pass_and_not_the_document() {
    let (values, report) = read_short::<Vec<NonZeroFrames>>("- frames: 0\n- frames: 2\n");
    assert_eq!(values.unwrap()[1].frames.get(), 2);
    assert!(
        report.starts_with("film.yaml:1:11: error[production::document::refused]: `frames`: "),
        "{report}"
    );
    assert_eq!(report.lines().count(), 1);
}

#[test]
fn a_field_given_by_two_names_is_a_mistake() {
    let (values, report) =
        read_short::<Vec<NonZeroFrames>>("- {frames: 1, color: red, colour: blue}\n");
    assert_eq!(values.unwrap()[0].color, "blue");
    assert_eq!(
        report,
        "film.yaml:1:15: error[production::document::duplicate_field]: `color` is given a second time under another name\n"
    );
}

#[test]
fn a_type_that_refuses_a_placeholder_ends_decoding_with_an_error() {
    #[derive(Debug, Deserialize)]
    #[serde(try_from = "String")]
    struct RefusedText;
    impl TryFrom<String> for RefusedText {
        type Error = String;
        fn try_from(_: String) -> Result<Self, String> {
            Err("never".to_owned())
        }
    }
    #[derive(Debug, Deserialize)]
    struct RefusedField {
        #[serde(rename = "inner")]
        _inner: RefusedText,
    }
    let (value, report) = read_short::<RefusedField>("inner: x\n");
    assert!(value.is_none());
    assert!(report.contains("`inner`: never"), "{report}");
    let (values, report) = read_short::<Vec<RefusedText>>("[x, y]\n");
    assert_eq!(
        (values.map(|values| values.len()), report.lines().count()),
        (Some(0), 2)
    );
}

#[test]
fn the_schema_of_a_named_list_shows_both_forms_and_drops_the_name_from_the_map() {
    let schema = schemars::schema_for!(NamedList<super::film::SampleCharacter>);
    assert_eq!(
        schema.get("type"),
        Some(&serde_json::json!(["array", "object"]))
    );
    let by_name = &schema.get("additionalProperties").unwrap()["anyOf"][0];
    assert_eq!(by_name["required"], serde_json::json!(["model"]));
    assert_eq!(
        schema.get("items").unwrap()["$ref"],
        "#/$defs/SampleCharacter"
    );
}

#[test]
fn the_schema_of_the_whole_film_can_be_made() {
    let schema = serde_json::to_value(schemars::schema_for!(SampleFilm)).unwrap();
    assert!(schema["properties"]["outputs"].is_object());
    assert_eq!(
        schema["$defs"]["SampleOutput"],
        serde_json::to_value(schemars::schema_for!(SampleOutput)).unwrap()["$defs"]
            .get("SampleOutput")
            .cloned()
            .unwrap_or(schema["$defs"]["SampleOutput"].clone())
    );
}
